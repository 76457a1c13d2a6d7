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
	tap_str(details.data, "60 images in 30 units, seed 1\n", "the detail");
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
	struct mc_division_options o = { .check = true, .seed = 1,
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

int
main(void)
{
	test_split();
	test_check();
	mc_buf_free(&warnings);
	mc_buf_free(&details);
	return tap_done();
}
