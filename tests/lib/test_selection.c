/* test_selection.c - lib/base/braces, lib/base/part and lib/table/row_filter. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/braces.h"
#include "base/mem.h"
#include "base/part.h"
#include "table/row_filter.h"
#include "tap.h"

/* PATTERN stands for WANTED, names with blanks between them. */
static void
expands(const char *pattern, const char *wanted)
{
	struct mc_buf all = { 0 };
	struct mc_err err = { 0 };
	char **names;
	size_t n, i;

	if (mc_braces_expand(pattern, &names, &n, &err) != MC_OK) {
		tap_str(err.text, wanted, "%s", pattern);
		return;
	}
	for (i = 0; i < n; i++) {
		mc_buf_printf(&all, "%s%s", i > 0 ? " " : "", names[i]);
		free(names[i]);
	}
	free(names);
	tap_str(all.data, wanted, "%s", pattern);
	mc_buf_free(&all);
}

/* What bash prints for echo PATTERN, but for negative numbers. */
static void
test_braces(void)
{
	struct mc_err err;
	char **names = NULL;
	size_t n;

	expands("plain.tar", "plain.tar");
	expands("a{b,c}d", "abd acd");
	expands("{1..3}", "1 2 3");
	expands("{3..1}", "3 2 1");
	expands("s-{08..11}.tar", "s-08.tar s-09.tar s-10.tar s-11.tar");
	expands("{1..2}{a,b}", "1a 1b 2a 2b");
	expands("a{,b}", "a ab");
	expands("a{b}c", "a{b}c");
	expands("a{b", "a{b");
	expands("{-1..1}", "{-1..1}");
	TEST(mc_braces_expand("{a,{b,c}}", &names, &n, &err) == MC_EDATA &&
	    names == NULL);
	TEST(mc_braces_expand("{0..1000000}", &names, &n, &err) == MC_EDATA);
	TEST(mc_braces_expand("{0..999}{0..999}{0..1}", &names, &n, &err) ==
	    MC_EDATA);
}

/* All parts of all small lists, one behind the other and nearly equal. */
static void
test_parts(void)
{
	static const char *const bad[] = { "", "3", "/3", "3/", "0/3", "4/3",
	    "1/0", "-1/3", "1/3/3", "1.0/3", "one/3" };
	size_t items, first, count, next, i;
	int64_t part, parts, wrong = 0;
	struct mc_err err;

	for (items = 1; items < 40; items++) {
		for (parts = 1; parts <= (int64_t)items; parts++) {
			size_t least = items / (size_t)parts;

			for (part = 1, next = 0; part <= parts; part++) {
				mc_part_range(part, parts, items, &first,
				    &count);
				wrong += first != next || count < least ||
				    count > least + 1 || count == 0;
				next += count;
			}
			wrong += next != items;
		}
	}
	tap_int(wrong, 0, "parts are ranges that follow one another");
	TEST(mc_part_parse("3/64", &part, &parts, &err) == MC_OK &&
	    part == 3 && parts == 64);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		tap_ok(mc_part_parse(bad[i], &part, &parts, &err) == MC_EDATA,
		    "\"%s\" is no part", bad[i]);
}

static const char *
file_of(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		abort();
	return path;
}

/* FILTER selects WANTED of the rows of m.tsv, or the error is WANTED. */
static void
selects(struct mc_row_filter filter, const char *wanted, size_t unknown,
    const char *name)
{
	struct mc_selected s = { 0 };
	struct mc_buf ids = { 0 };
	struct mc_manifest m;
	struct mc_err err;
	size_t i;

	if (mc_manifest_read(&m, "m.tsv", 0, &err) != MC_OK)
		abort();
	if (mc_filter_rows(&s, &m, &filter, &err) != MC_OK) {
		tap_str(err.text, wanted, "%s", name);
	} else {
		for (i = 0; i < s.n; i++)
			mc_buf_puts(&ids, mc_manifest_get(&m, s.row[i], m.id));
		tap_str(ids.data, wanted, "%s", name);
		tap_int((long long)s.unknown, (long long)unknown,
		    "%s: ids that no row has", name);
	}
	mc_buf_free(&ids);
	mc_selected_clear(&s);
	mc_manifest_clear(&m);
}

static void
test_rows(void)
{
	file_of("m.tsv", "id\tsplit\tlabel\na\ttrain\tx\nb\tval\tx|y\n"
	    "c\ttrain\ty\nd\t\t\n");
	selects((struct mc_row_filter){ 0 }, "abcd", 0, "everything");
	selects((struct mc_row_filter){ "val,train", NULL, NULL }, "abc", 0,
	    "two splits, in the order of the manifest");
	selects((struct mc_row_filter){ "train", "y", NULL }, "c", 0,
	    "a split and a label, which is compared whole");
	selects((struct mc_row_filter){ NULL, "x|y", NULL }, "b", 0,
	    "a label of two findings");
	selects((struct mc_row_filter){ NULL, NULL, file_of("ids.tsv",
	    "n\tid\n1\tc\n2\tz\n3\ta\n") }, "ac", 1, "a table of ids");
	selects((struct mc_row_filter){ NULL, NULL, file_of("lines",
	    "c\nd\n") }, "cd", 0, "one id per line, the first one also");
	selects((struct mc_row_filter){ "test", NULL, NULL },
	    "m.tsv: no row has the split \"test\"", 0, "an unknown split");
	selects((struct mc_row_filter){ "val", "y", NULL },
	    "m.tsv: of its 4 rows, none is selected", 0, "no row");
	selects((struct mc_row_filter){ NULL, NULL, file_of("twice",
	    "c\nd\nc\n") }, "twice:3: the id \"c\" is given twice", 0,
	    "an id that is given twice");
	file_of("m.tsv", "id\na\n");
	selects((struct mc_row_filter){ NULL, "x", NULL },
	    "m.tsv:1: no column \"label\" to select rows by", 0,
	    "a column that is not there");
}

int
main(void)
{
	test_braces();
	test_parts();
	test_rows();
	return tap_done();
}
