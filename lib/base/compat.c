/* compat.c - stand in for extensions of the GNU C library. */
#include "config.h"

#include <stdbool.h>

#define DIGITS "0123456789"

/* What the qsort of this thread compares with. */
struct comparison {
	int (*compare)(const void *, const void *, void *);
	void *arg;
};

static _Thread_local struct comparison comparison;

static int
compare_with_arg(const void *a, const void *b)
{
	return comparison.compare(a, b, comparison.arg);
}

void
mc_qsort_r(void *base, size_t n, size_t size,
    int (*compare)(const void *, const void *, void *), void *arg)
{
	struct comparison outer = comparison;

	comparison = (struct comparison){ compare, arg };
	qsort(base, n, size, compare_with_arg);
	comparison = outer;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int
mc_strverscmp(const char *a, const char *b)
{
	size_t at = 0, start;	/* of the difference, of its number */
	size_t n, m;

	while (a[at] == b[at] && a[at] != '\0')
		at++;
	for (start = at; start > 0 && is_digit(a[start - 1]); start--)
		;
	n = strspn(a + start, DIGITS);
	m = strspn(b + start, DIGITS);
	if (n > 0 && m > 0 && a[start] != '0' && b[start] != '0') {
		if (n != m)
			return n < m ? -1 : 1;
	} else if (at > start && strspn(a + start, "0") >= at - start &&
	    is_digit(a[at]) != is_digit(b[at])) {
		return is_digit(a[at]) ? -1 : 1;
	}
	return (unsigned char)a[at] - (unsigned char)b[at];
}
