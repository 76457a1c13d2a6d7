/* test_compat.c - the stand-ins of lib/base/compat.h against the originals. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>

#include "tap.h"

#define LETTERS "019a."
#define LONGEST 4

static int
sign(int x)
{
	return (x > 0) - (x < 0);
}

/* The order that strverscmp(3) gives as its example, and what studies hold. */
static void
test_order(void)
{
	static const char *const words[] = { "000", "00", "01", "010", "09",
	    "0", "1", "9", "10", "resnet9", "resnet18", "resnet50" };
	size_t n = sizeof(words) / sizeof(*words), i, j;
	unsigned wrong = 0;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			wrong += sign(mc_strverscmp(words[i], words[j])) !=
			    (i > j) - (i < j);
	tap_int(wrong, 0, "mc_strverscmp: the order of the manual page");
}

#ifdef HAVE_STRVERSCMP
/* Every word of up to LONGEST letters has a number; WORD becomes the Nth. */
static void
word_at(unsigned n, char word[LONGEST + 1])
{
	size_t i;

	for (i = 0; n > 0; n = (n - 1) / (sizeof(LETTERS) - 1))
		word[i++] = LETTERS[(n - 1) % (sizeof(LETTERS) - 1)];
	word[i] = '\0';
}

static void
test_strverscmp(void)
{
	unsigned n = 781, i, j, wrong = 0;	/* 1 + 5 + 25 + 125 + 625 */
	char a[LONGEST + 1], b[LONGEST + 1];

	for (i = 0; i < n; i++) {
		word_at(i, a);
		for (j = 0; j < n; j++) {
			word_at(j, b);
			wrong += sign(mc_strverscmp(a, b)) !=
			    sign(strverscmp(a, b));
		}
	}
	tap_int(wrong, 0, "mc_strverscmp: the system's order of all words");
}
#endif

struct inner {
	unsigned *order, calls;
};

static int
compare_numbers(const void *a, const void *b, void *arg)
{
	const unsigned *x = a, *y = b, *key = arg;

	return (key[*x] > key[*y]) - (key[*x] < key[*y]);
}

/* Sorts something else in between. */
static int
compare_reversed(const void *a, const void *b, void *arg)
{
	unsigned order[] = { 0, 1, 2 }, key[] = { 2, 1, 0 };
	const unsigned *x = a, *y = b;
	struct inner *inner = arg;

	mc_qsort_r(order, 3, sizeof(*order), compare_numbers, key);
	inner->calls += order[0] == 2 && order[2] == 0;
	return compare_numbers(y, x, inner->order);
}

static void
test_qsort_r(void)
{
	unsigned order[50], key[50], i, wrong = 0;
	struct inner inner = { key, 0 };

	for (i = 0; i < 50; i++) {
		order[i] = i;
		key[i] = i * 37 % 50;
	}
	mc_qsort_r(order, 50, sizeof(*order), compare_numbers, key);
	for (i = 0; i < 50; i++)
		wrong += key[order[i]] != i;
	tap_int(wrong, 0, "mc_qsort_r sorts by its argument");
	mc_qsort_r(order, 50, sizeof(*order), compare_reversed, &inner);
	for (i = 0; i < 50; i++)
		wrong += key[order[i]] != 49 - i;
	tap_int(wrong, 0, "and by that of each call where it calls itself");
	tap_ok(inner.calls >= 49, "which it did");
}

int
main(void)
{
	test_order();
#ifdef HAVE_STRVERSCMP
	test_strverscmp();
#endif
	test_qsort_r();
	return tap_done();
}
