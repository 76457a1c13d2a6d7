/* test_division.c - lib/study/division: splits and folds, groups whole. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/division.h"
#include "tap.h"

#define ROWS 60

static struct mc_buf warnings, details;

static void
warn(const char *line)
{
	mc_buf_printf(&warnings, "%s\n", line);
}

static void
detail(const char *line)
{
	mc_buf_printf(&details, "%s\n", line);
}

static void
write_file(const char *text)
{
	FILE *f = fopen("m.tsv", "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* What the division of m.tsv writes; on error its text. */
static char *
divide(const struct mc_division_options *o, enum mc_status *status)
{
	struct mc_err err = { .text = "" };
	struct mc_buf text = { 0 };
	struct mc_division *d;
	FILE *f = tmpfile();
	int c;

	if (f == NULL)
		abort();
	mc_buf_free(&warnings);
	mc_buf_free(&details);
	*status = mc_division_read(&d, "m.tsv", o, &err);
	if (*status == MC_OK)
		*status = mc_division_write(d, f, &err);
	mc_division_free(d);
	rewind(f);
	while ((c = getc(f)) != EOF)
		mc_buf_printf(&text, "%c", c);
	fclose(f);
	if (*status == MC_OK && text.data != NULL)
		return text.data;
	mc_buf_free(&text);
	return mc_xstrdup(err.text);
}

/* Two images of each of 30 groups, in the class A or B. */
static void
write_groups(void)
{
	struct mc_buf text = { 0 };
	int i;

	mc_buf_puts(&text, "id\tlabel\tgroup\n");
	for (i = 0; i < ROWS; i++)
		mc_buf_printf(&text, "%d\t%c\tg%d\n", i, i / 2 % 3 == 0 ? 'A' :
		    'B', i / 2);
	write_file(text.data);
	mc_buf_free(&text);
}

/* Read the columns split of TEXT, into PART, one letter per row. */
static bool
read_splits(const char *text, char *part)
{
	const char *line = strchr(text, '\n');
	int i;

	for (i = 0; i < ROWS && line != NULL; i++) {
		const char *end = strchr(line + 1, '\n'), *field = end;

		while (field > line && field[-1] != '\t')
			field--;
		part[i] = *field;
		line = end;
	}
	return i == ROWS;
}

static void
test_split(void)
{
	const char *names[] = { "train", "val" };
	double shares[] = { 2, 1 };
	struct mc_division_options o = { .seed = 1, .name = names,
	    .share = shares, .parts = 2, .warn = warn, .detail = detail };
	char part[ROWS], again[ROWS];
	enum mc_status status;
	int i, torn = 0, n[2] = { 0, 0 }, a[2] = { 0, 0 };
	char *text;

	write_groups();
	text = divide(&o, &status);
	tap_int(status, MC_OK, "divided: %s", text);
	TEST(strncmp(text, "id\tlabel\tgroup\tsplit\n", 21) == 0);
	TEST(read_splits(text, part));
	free(text);
	for (i = 0; i < ROWS; i++) {
		torn += part[i] != part[i & ~1];
		n[part[i] == 'v']++;
		a[part[i] == 'v'] += i / 2 % 3 == 0;
	}
	tap_int(torn, 0, "no group is in two splits");
	tap_int(n[1], ROWS / 3, "a third of the images is in val");
	tap_ok(a[0] >= 12 && a[0] <= 14 && a[0] + a[1] == 20,
	    "with a third of the images of A, give or take a group");
	tap_str(details.data, "60 images in 30 units, seed 1\n"
	    "splits: objective 0.00625\n", "the details");
	TEST(warnings.len == 0);
	o.seed = 2;
	text = divide(&o, &status);
	tap_ok(read_splits(text, again) && memcmp(part, again, ROWS) != 0,
	    "another seed divides otherwise");
	free(text);
}

static void
test_check(void)
{
	struct mc_division_options o = { .check = true, .near = -1, .seed = 1,
	    .warn = warn, .detail = detail };
	enum mc_status status;
	char *text;

	write_file("id\tlabel\tgroup\tsplit\n1\tA\tg\ttrain\n2\tA\tg\ttest\n"
	    "3\tB\th\ttest\n");
	text = divide(&o, &status);
	tap_int(status, MC_EDATA, "a group in two splits is refused");
	tap_ok(strstr(text, "\"g\"") != NULL, "by name: %s", text);
	free(text);
	write_file("id\tlabel\tsplit\n1\tA\ttrain\n2\ta\ttest\n");
	text = divide(&o, &status);
	tap_int(status, MC_OK, "without groups nothing is torn");
	tap_ok(warnings.len > 0 && strstr(warnings.data, "no column \"group\": "
	    "every image is treated as independent") != NULL,
	    "but that is said");
	tap_ok(warnings.len > 0 && strstr(warnings.data, "are two ") != NULL,
	    "and two spellings of a class");
	free(text);
}

/* --- Shares and folds ----------------------------------------------------- */

/* Column C, from 0, of row ROW, from 0, below the heading of TEXT. */
static char *
field_of(const char *text, int row, int c)
{
	const char *p = text;

	for (row++; row > 0 && p != NULL; row--) {
		p = strchr(p, '\n');
		p = p != NULL ? p + 1 : NULL;
	}
	for (; c > 0 && p != NULL; c--)
		p = strchr(p, '\t') + 1;
	return p == NULL ? mc_xstrdup("none") :
	    mc_xstrndup(p, strcspn(p, "\t\n"));
}

/* How many of ROWS rows have A in the column COL_A, and B in COL_B. */
static int
count_rows(const char *text, int rows, int col_a, const char *a, int col_b,
    const char *b)
{
	int row, n = 0;

	for (row = 0; row < rows; row++) {
		char *x = field_of(text, row, col_a);
		char *y = field_of(text, row, col_b);

		n += strcmp(x, a) == 0 && strcmp(y, b) == 0;
		free(x);
		free(y);
	}
	return n;
}

/*
 * 80 images, two of each group, a quarter in the class A: 60 to train, of which
 * 32 are in the first fold, and 20 to test.
 */
static void
write_training(const char *heading, bool fold)
{
	struct mc_buf text = { 0 };
	int i;

	mc_buf_printf(&text, "id\tlabel\tgroup\tsplit\t%s\n", heading);
	for (i = 0; i < 80; i++)
		mc_buf_printf(&text, "%d\t%c\tg%d\t%s\t%s\n", i,
		    i / 2 % 4 == 0 ? 'A' : 'B', i / 2, i < 60 ? "train" :
		    "test", !fold ? "" : i < 32 || i >= 70 ? "1" : "2");
	write_file(text.data);
	mc_buf_free(&text);
}

static void
test_shares(void)
{
	static const double shares[] = { 20, 50, 100 };
	struct mc_division_options o = { .seed = 1, .shares = shares,
	    .n_shares = 3, .warn = warn, .detail = detail };
	enum mc_status status;
	char *text;

	write_training("site", false);
	text = divide(&o, &status);
	tap_int(status, MC_OK, "divided: %.40s", text);
	tap_int(count_rows(text, 80, 3, "train", 5, "20"), 12, "a fifth of 60");
	tap_int(count_rows(text, 80, 3, "train", 5, "50"), 18, "then half");
	tap_int(count_rows(text, 80, 3, "train", 5, "100"), 30, "and all");
	tap_int(count_rows(text, 80, 3, "test", 5, ""), 20, "none to test");
	tap_int(count_rows(text, 80, 1, "A", 5, "50"), 4, "of each class");
	free(text);
}

/* Each fold has its part of a share; a test row has none, whatever its fold. */
static void
test_shares_of_folds(int64_t seed)
{
	static const double shares[] = { 50, 100 };
	struct mc_division_options o = { .seed = seed, .shares = shares,
	    .n_shares = 2, .warn = warn, .detail = detail };
	enum mc_status status;
	char *text;

	write_training("fold", true);
	text = divide(&o, &status);
	tap_int(status, MC_OK, "divided: %.40s", text);
	tap_int(count_rows(text, 60, 4, "1", 5, "50"), 16,
	    "half of the first fold");
	tap_int(count_rows(text, 60, 4, "2", 5, "50"), 14, "and of the other");
	tap_int(count_rows(text, 80, 3, "test", 5, ""), 20, "none to test");
	free(text);
}

/* A class of one group is not in every share, nor in every fold. */
static void
test_rare_class(void)
{
	static const double shares[] = { 20, 100 };
	struct mc_division_options o = { .seed = 1, .shares = shares,
	    .n_shares = 2, .warn = warn, .detail = detail };
	struct mc_buf text = { 0 };
	enum mc_status status;
	char *found;
	int i;

	mc_buf_puts(&text, "id\tlabel\tgroup\tsplit\n");
	for (i = 0; i < 40; i++)
		mc_buf_printf(&text, "%d\t%c\t%d\ttrain\n", i, i == 7 ? 'B' :
		    'A', i);
	write_file(text.data);
	free(divide(&o, &status));
	tap_str(warnings.data, "m.tsv: class \"B\" has 1 group, and none in "
	    "share 20\n", "what is in the first share is in the second");
	o.shares = NULL;
	o.n_shares = 0;
	o.folds = 2;
	found = divide(&o, &status);
	tap_int(count_rows(found, 40, 1, "A", 4, "1"), count_rows(found, 40, 1,
	    "B", 4, "1") != 0 ? 19 : 20, "half of the images");
	tap_str(warnings.data, count_rows(found, 40, 1, "B", 4, "1") != 0 ?
	    "m.tsv: class \"B\" has 1 group, and none in fold 2\n" :
	    "m.tsv: class \"B\" has 1 group, and none in fold 1\n",
	    "folds are counted from 1");
	free(found);
	mc_buf_free(&text);
}

/* Folds divide each new split, and each class in it. */
static void
test_split_and_folds(int64_t seed)
{
	const char *names[] = { "train", "val" };
	double shares[] = { 2, 1 };
	struct mc_division_options o = { .seed = seed, .name = names,
	    .share = shares, .parts = 2, .folds = 2, .warn = warn,
	    .detail = detail };
	struct mc_buf manifest = { 0 };
	enum mc_status status;
	char *text;
	int i;

	mc_buf_puts(&manifest, "id\tlabel\tgroup\n");
	for (i = 0; i < ROWS; i++)
		mc_buf_printf(&manifest, "%d\t%c\tg%d\n", i,
		    i / 2 % 5 < 2 ? 'A' : 'B', i / 2);
	write_file(manifest.data);
	text = divide(&o, &status);
	tap_int(status, MC_OK, "divided: %.40s", text);
	tap_int(count_rows(text, ROWS, 3, "train", 4, "1"), 20,
	    "half of the training images");
	tap_int(count_rows(text, ROWS, 3, "val", 4, "1"), 10,
	    "half of the others");
	tap_int(count_rows(text, ROWS, 1, "A", 4, "1"), 12, "half of a class");
	mc_buf_free(&manifest);
	free(text);
}

int
main(void)
{
	test_split();
	test_check();
	test_shares();
	test_shares_of_folds(1);
	test_shares_of_folds(2);
	test_shares_of_folds(3);
	test_rare_class();
	test_split_and_folds(1);
	test_split_and_folds(2);
	test_split_and_folds(3);
	mc_buf_free(&warnings);
	mc_buf_free(&details);
	return tap_done();
}
