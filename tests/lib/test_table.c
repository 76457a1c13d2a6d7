/* test_table.c - lib/table. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/csv.h"
#include "table/grey_levels.h"
#include "table/schemas.h"
#include "table/manifest.h"
#include "table/tsv.h"
#include "tap.h"

/* Read the N bytes at TEXT whole, from a stream called "x.tsv". */
static enum mc_status
read_text(struct mc_table **table, const char *text, size_t n,
    struct mc_err *err)
{
	enum mc_status status;
	struct mc_tsv *tsv;
	FILE *f = tmpfile();

	if (f == NULL || fwrite(text, 1, n, f) != n)
		abort();
	rewind(f);
	*table = NULL;
	status = mc_tsv_from_stream(&tsv, f, "x.tsv", err);
	if (status == MC_OK)
		status = mc_table_from_tsv(table, tsv, err);
	mc_tsv_close(tsv);
	fclose(f);
	return status;
}

static void
test_refusals(void)
{
	static const struct {
		const char *text;
		size_t n;
		const char *message;
	} bad[] = {
		{ "", 0, "x.tsv: empty: not even a header line" },
		{ "a\tb\n1\n", 6, "x.tsv:2: 1 field, but the header has 2" },
		{ "a\n1\t2\n", 6, "x.tsv:2: 2 fields, but the header has 1" },
		{ "a\ta\n", 4, "x.tsv:1: column \"a\" is given twice" },
		{ "a\t\n", 3, "x.tsv:1: column 2 has no name" },
		{ "\n", 1, "x.tsv:1: column 1 has no name" },
		{ "a\r\n", 3, "x.tsv:1: a carriage return: convert the file "
		    "with dos2unix" },
		{ "a\n\0\n", 4, "x.tsv:2: a NUL byte: not a TSV" },
		{ "\xEF\xBB\xBF" "a\n", 5, "x.tsv:1: a byte order mark: save "
		    "the file without it" },
		{ "a\n1", 3, "x.tsv:2: the last line has no line feed: was "
		    "the file cut?" },
		{ "a\n\xFF\n", 4,
		    "x.tsv:2: not UTF-8: convert the file with iconv" },
		{ "a\nabcdefgh\xC0\x80\n", 13,
		    "x.tsv:2: not UTF-8: convert the file with iconv" },
		{ "a\n\xED\xA0\x80\n", 6,
		    "x.tsv:2: not UTF-8: convert the file with iconv" },
	};
	struct mc_table *t;
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tap_int(read_text(&t, bad[i].text, bad[i].n, &err), MC_EDATA,
		    "case %zu is refused", i);
		tap_str(err.text, bad[i].message, "case %zu says why", i);
		mc_table_free(t);
	}
}

static void
test_reading(void)
{
	static const char text[] = "id\tlabel\tp\na\t\t0.5\n"
	    "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80  \"q\"\tx\tno\n";
	static const char *const names[] = { "p", "id", "fold", "nope" };
	struct mc_table *t;
	struct mc_err err;
	char *copy = NULL;
	size_t size;
	int index[4];
	double v = 0;
	FILE *f;

	TEST(read_text(&t, text, sizeof(text) - 1, &err) == MC_OK);
	tap_int((long long)mc_table_rows(t), 2, "two rows");
	tap_str(mc_table_get(t, 0, 1), "", "an empty field");
	TEST(mc_table_bind(t, names, 3, 2, index, &err) == MC_OK);
	TEST(index[0] == 2 && index[1] == 0 && index[2] == -1);
	TEST(mc_table_bind(t, names, 4, 4, index, &err) == MC_EDATA);
	tap_str(err.text, "x.tsv:1: no column \"fold\", \"nope\"; columns are: "
	    "id, label, p", "all that is missing is said at once");
	TEST(mc_table_f64(t, 0, 2, 0, 1, &v, &err) == MC_OK && v == 0.5);
	TEST(mc_table_f64(t, 1, 2, 0, 1, &v, &err) == MC_EDATA);
	tap_str(err.text, "x.tsv:3: column \"p\": \"no\" is not a number",
	    "a bad number is said with its place");
	f = open_memstream(&copy, &size);
	mc_table_write(t, f);
	fclose(f);
	tap_str(copy, text, "what is written is what was read");
	free(copy);
	mc_table_free(t);
	TEST(mc_tsv_field_ok("a b\xC3\xA9") && !mc_tsv_field_ok("a\tb") &&
	    !mc_tsv_field_ok("a\rb") && !mc_tsv_field_ok("\xFF"));
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static void
test_manifest(void)
{
	struct mc_manifest m;
	struct mc_err err;

	write_file("m.tsv", "label\tid\nx\ta\n\tb\n");
	TEST(mc_manifest_read(&m, "m.tsv", MC_NEED_LABEL, &err) == MC_OK);
	tap_str(mc_manifest_get(&m, 1, m.id), "b", "an id");
	tap_str(mc_manifest_get(&m, 1, m.split), "", "no such column");
	mc_manifest_clear(&m);
	TEST(mc_manifest_read(&m, "m.tsv", MC_NEED_PATH | MC_NEED_SPLIT,
	    &err) == MC_EDATA);
	tap_str(err.text, "m.tsv:1: no column \"path\", \"split\"; columns "
	    "are: label, id", "what is needed and missing");
	write_file("m.tsv", "id\na\nb\na\n");
	TEST(mc_manifest_read(&m, "m.tsv", 0, &err) == MC_EDATA);
	tap_str(err.text, "m.tsv:4: duplicate key: id \"a\" is also in line 2",
	    "an id twice");
	write_file("m.tsv", "id\na\n\n");
	TEST(mc_manifest_read(&m, "m.tsv", 0, &err) == MC_EDATA);
	tap_str(err.text, "m.tsv:3: column \"id\": empty", "an empty id");
	write_file("m.tsv", "id\n");
	TEST(mc_manifest_read(&m, "m.tsv", 0, &err) == MC_EDATA);
	tap_str(err.text, "m.tsv: a header, but no rows", "no row");
}

static void
test_by_hand(void)
{
	static const char *const names[] = { "a", "b" };
	static const char *const twice[] = { "a", "a" };
	static const char *const row[] = { "1", "" }, *const bad[] =
	    { "1", "x\ty" };
	struct mc_table *t;
	struct mc_err err;

	TEST(mc_table_alloc(&t, "x", twice, 2, &err) == MC_EDATA && t == NULL);
	tap_str(err.text, "x:1: column \"a\" is given twice",
	    "a repeated name is refused");
	TEST(mc_table_alloc(&t, "x", names, 2, &err) == MC_OK);
	TEST(mc_table_add(t, row, &err) == MC_OK);
	TEST(mc_table_add(t, bad, &err) == MC_EDATA);
	tap_str(err.text, "x:3: column \"b\": a TAB, a line break or bytes "
	    "that are not UTF-8 are not allowed in a table: \"x\\x09y\"",
	    "a field that no TSV holds is refused");
	TEST(mc_table_add(t, row, &err) == MC_OK);
	TEST(mc_table_rows(t) == 2 && *mc_table_get(t, 1, 0) == '1' &&
	    *mc_table_get(t, 1, 1) == '\0');
	mc_table_free(t);
}

/*
 * What READ makes of the N bytes at CSV: a TSV, or its complaint.  The caller
 * frees it.
 */
static char *
import(const char *csv, size_t n, enum mc_status (*read)(struct mc_table **,
    const char *, struct mc_err *))
{
	FILE *f = fopen("x.csv", "wb");
	struct mc_table *t;
	struct mc_err err;
	char *text = NULL;
	size_t size;

	if (f == NULL || fwrite(csv, 1, n, f) != n || fclose(f) != 0)
		abort();
	if (read(&t, "x.csv", &err) != MC_OK)
		return mc_xstrdup(err.text);
	f = open_memstream(&text, &size);
	mc_table_write(t, f);
	fclose(f);
	mc_table_free(t);
	return text;
}

static void
test_csv(void)
{
	static const struct {
		const char *what, *csv, *wanted;
	} cases[] = {
		{ "quotes, CR LF, a byte order mark, no last line feed",
		    "\xEF\xBB\xBF" "a,\"b c\"\r\n\"x,\"\"y\"\"\", z \r\n,\"\"",
		    "a\tb c\nx,\"y\"\t z \n\t\n" },
		{ "the rows decide", "a;b,c\n1,2\n", "a;b\tc\n1\t2\n" },
		{ "a semicolon file", "a;b;c\n1,x;2;\n", "a\tb\tc\n1,x\t2\t\n" },
		{ "Excel's own first line", "sep=;\r\na,b;c\r\n1;2\r\n",
		    "a,b\tc\n1\t2\n" },
		{ "the same with a mark and another delimiter",
		    "\xEF\xBB\xBFsep=,\na,b;c;d\n1,2\n3\n",
		    "x.csv:4: 1 field, but the header has 2" },
		{ "a column called so", "sep=a;b\n1;2\n", "sep=a\tb\n1\t2\n" },
		{ "one with commas within its names", "id;size[w,h];x[a,b,c]\n"
		    "1;2,3;4\n5;6;7\n",
		    "id\tsize[w,h]\tx[a,b,c]\n1\t2,3\t4\n5\t6\t7\n" },
		{ "a tie is the semicolon's", "id;size[w,h]\n1;2,3\n",
		    "id\tsize[w,h]\n1\t2,3\n" },
		{ "delimiters within quotes", "\"a;b;c\",d\n\"1;2\n\",3\n",
		    "a;b;c\td\n1;2\n\t3\n" },
		{ "a line break within quotes ends no row",
		    "a;b,c,d\n\"1\n2\";3\n", "a\tb,c,d\n1\n2\t3\n" },
		{ "commas in a header alone", "a;b,c;d",
		    "a\tb,c\td\n" },
		{ "the last row, without its line feed", "a,b;c\n1,2;3\n4,",
		    "a\tb;c\n1\t2;3\n4\t\n" },
		{ "TAB: no quoting", "a\tb\n5\"\t\"x\n", "a\tb\n5\"\t\"x\n" },
		{ "old line ends", "a,b\r1,2\r", "a\tb\n1\t2\n" },
		{ "a header alone", "a,b\n", "a\tb\n" },
		{ "one column", "a\nx\n", "a\nx\n" },
		{ "empty", "", "x.csv: empty: not even a header line" },
		{ "ragged", "a,b\n1,2\n3\n",
		    "x.csv:3: 1 field, but the header has 2" },
		{ "a blank line", "a,b\r\n\r\n1,2\r\n",
		    "x.csv:2: a blank line: remove it" },
		{ "blank lines at the end", "a\n1\n\n",
		    "x.csv:3: a blank line: remove it" },
		{ "a repeated name", "a,a\n", "a\ta\n" },
		{ "no names", ",a,\n0,1,2\n", "unnamed1\ta\tunnamed3\n"
		    "0\t1\t2\n" },
		{ "a place's name taken", ",unnamed1\n",
		    "unnamed1\tunnamed1\n" },
		{ "names that no TSV can hold", "\"a\nb\",\xE9,\"\xC3\xA9\"\n",
		    "a b\t?\t\xC3\xA9\n" },
		{ "an open quote", "a,b\n1,2\n3,\"4\n5,6\n",
		    "x.csv:3: a quote that opens here is never closed" },
		{ "a stray quote", "a,b\n1,2\"2\n",
		    "x.csv:2: a quote that is neither around a field nor "
		    "doubled" },
		{ "an open quote behind a field of lines", "a,b\n1,\"2\n3\"\n"
		    "4,\"5\n", "x.csv:4: a quote that opens here is never "
		    "closed" },
	};
	char *found;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		found = import(cases[i].csv, strlen(cases[i].csv),
		    mc_csv_read);
		tap_str(found, cases[i].wanted, "CSV: %s", cases[i].what);
		free(found);
	}
	found = import("a\0\n", 3, mc_csv_read);
	tap_str(found, "x.csv: a NUL byte: not CSV, or not UTF-8: "
	    "convert it with iconv", "CSV: NUL");
	free(found);
	found = import("PK\3\4\24\0\6\0", 8, mc_csv_read);
	tap_str(found, "x.csv: a ZIP archive, such as an Excel workbook: save "
	    "the sheet as CSV", "CSV: a workbook");
	free(found);
}

/* The note on column a, whose first field is COMMA, and its second DOUBT. */
#define LEFT(comma, doubt) \
	"x.csv: commas are left in column a: \"" comma "\" in line 2 may be a " \
	"decimal comma, but \"" doubt "\" in line 3 is no such number"

/* Decimal commas between semicolons become points; commas that separate do not. */
static void
test_decimal_commas(void)
{
	static const struct {
		const char *what, *csv, *wanted, *note;
	} cases[] = {
		{ "numbers, whole ones and words beside them",
		    "id;age;dose\na;63,5;-0,5E-3\nb;7;\nc;NA;+1,25e2\n",
		    "id\tage\tdose\na\t63.5\t-0.5E-3\nb\t7\t\nc\tNA\t+1.25e2\n",
		    "x.csv: decimal commas are read as points in columns age, "
		    "dose: \"63,5\" in line 2 is 63.5" },
		{ "a quoted one", "a;b\n\"1\n2\";x\ny;\"0,5\"\n",
		    "a\tb\n1\n2\tx\ny\t0.5\n", "x.csv: decimal commas are read "
		    "as points in column b: \"0,5\" in line 4 is 0.5" },
		{ "a list of three in another row", "a;b\n1,2;x\n1,2,3;y\n",
		    "a\tb\n1,2\tx\n1,2,3\ty\n", LEFT("1,2", "1,2,3") },
		{ "a thousand's point", "a;b\n1,5;x\n1.234,5;y\n",
		    "a\tb\n1,5\tx\n1.234,5\ty\n", LEFT("1,5", "1.234,5") },
		{ "a point elsewhere in the column", "a;b\n1,5;2.5\n1.5;2\n",
		    "a\tb\n1,5\t2.5\n1.5\t2\n", LEFT("1,5", "1.5") },
		{ "a column of pairs", "a;size[w,h];c\n1;2,3;4\n",
		    "a\tsize[w,h]\tc\n1\t2,3\t4\n", NULL },
		{ "no numbers", "a;b;c;d\n,5;1,;1,5e;1,5x\n",
		    "a\tb\tc\td\n,5\t1,\t1,5e\t1,5x\n", NULL },
		{ "between TABs", "a\tb\n1,5\tx\n", "a\tb\n1,5\tx\n", NULL },
		{ "between commas", "a,b\n\"1,5\",x\n", "a\tb\n1,5\tx\n", NULL },
	};
	struct mc_table *t;
	struct mc_err err;
	char *found;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		found = import(cases[i].csv, strlen(cases[i].csv),
		    mc_csv_read);
		tap_str(found, cases[i].wanted, "decimal commas: %s",
		    cases[i].what);
		free(found);
		TEST(mc_csv_read(&t, "x.csv", &err) == MC_OK);
		tap_str(mc_table_note(t) != NULL ? mc_table_note(t) : "none",
		    cases[i].note != NULL ? cases[i].note : "none",
		    "the note: %s", cases[i].what);
		mc_table_free(t);
	}
}

static void
test_headless(void)
{
	static const struct {
		const char *what, *csv, *wanted;
	} cases[] = {
		{ "rows from the first line on", "0;.5;\n1;.25;x\n",
		    "1\t2\t3\n0\t.5\t\n1\t.25\tx\n" },
		{ "equal fields in the first row", "1,1", "1\t2\n1\t1\n" },
		{ "empty", "", "x.csv: empty" },
		{ "ragged", "1,2\n3\n",
		    "x.csv:2: 1 field, but the first row has 2" },
	};
	struct mc_table *t;
	struct mc_err err;
	char *found;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		found = import(cases[i].csv, strlen(cases[i].csv),
		    mc_csv_read_headless);
		tap_str(found, cases[i].wanted, "no header: %s",
		    cases[i].what);
		free(found);
	}
	free(import("1\n2\n", 4, mc_csv_read_headless));
	TEST(mc_csv_read_headless(&t, "x.csv", &err) == MC_OK);
	tap_int(mc_table_line(t, 1), 2, "no header: the second row's line");
	mc_table_free(t);
}

/* What nobody asks for is not checked; what is asked for is. */
static void
test_foreign(void)
{
	static const struct {
		const char *name, *message;	/* NULL: it can be used */
	} cases[] = {
		{ "id", NULL },
		{ "twice", "x.csv:1: column \"twice\" occurs twice: rename "
		    "one of the two" },
		{ "report", "x.csv:2: column \"report\": a TAB or a line break "
		    "within the field: replace it with a blank" },
		{ "tab", "x.csv:5: column \"tab\": a TAB or a line break "
		    "within the field: replace it with a blank" },
		{ "latin", "x.csv:6: column \"latin\": bytes that are not "
		    "UTF-8: convert the file, as with iconv -f latin1 -t utf8" },
	};
	static const char csv[] = "id,twice,twice,report,tab,latin\r\n"
	    "1,,,\"one\r\ntwo\rthree\",,\r\n"	/* lines 2 to 4 */
	    "2,,,,\"\t\",\r\n3,,,,,\xE9\r\n";
	struct mc_table *t;
	struct mc_err err;
	int column;
	size_t i;

	free(import(csv, sizeof(csv) - 1, mc_csv_read));
	TEST(mc_csv_read(&t, "x.csv", &err) == MC_OK);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool usable = cases[i].message == NULL;

		err.text[0] = '\0';
		tap_ok((mc_table_bind(t, &cases[i].name, 1, 1, &column, &err) ==
		    MC_OK) == usable, "a foreign table: %s", cases[i].name);
		tap_str(err.text, usable ? "" : cases[i].message,
		    "and what is said");
	}
	tap_int(mc_table_line(t, 2), 6, "a row's first line in the file");
	mc_table_free(t);
}

static void
test_clean(void)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{ "a\tb\r\nc", "a b  c" }, { "\xE9t\xE9", "?t?" },
		{ "\xC3\xA9", "\xC3\xA9" }, { "\xC3", "?" }, { "", "" },
		{ "\xE2\x82x\xF0\x9F\x98\x80\xFF",
		    "??x\xF0\x9F\x98\x80?" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = mc_xstrdup(cases[i].text);
		bool changed = mc_tsv_clean(text) != 0;

		tap_str(text, cases[i].clean, "made fit for a field");
		tap_ok(changed == (strcmp(text, cases[i].text) != 0) &&
		    mc_tsv_field_ok(text), "and known to be");
		free(text);
	}
}

/* One row with every member its own, and one as empty as may be. */
static const struct mc_differences_row differences[] = {
	{ "chest", "test", "sex=F", "f1", "macro", "sick", "a/b", "c/d",
	    -0.1, -0.25, 1.0 / 3, 0.95, "percentile", "permutation", 0.0125,
	    0.025, "holm", 2, 0.02, "group", 4999, INT64_MAX, 624, 301, 3,
	    0.5, 0.25, "one; two" },
	{ "", "", "", "auroc", "", "", "", "", NAN, NAN, NAN, NAN, "", "", NAN,
	    NAN, "", -1, NAN, "", -1, -1, -1, -1, -1, NAN, NAN, "" },
};

static bool
same_real(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b;
}

static void
test_differences(void)
{
	static const char text[] = "task\tsplit\tsubgroup\tmetric\taverage\t"
	    "class\tarm_a\tarm_b\tdifference\tlo\thi\tlevel\tmethod\ttest\tp\t"
	    "p_adjusted\tadjustment\tn_tests\tmargin\tunit\treplicates\t"
	    "resample_seed\tn_images\tn_units\tseeds\t"
	    "seed_sd_a\tseed_sd_b\tnote\n"
	    "chest\ttest\tsex=F\tf1\tmacro\tsick\ta/b\tc/d\t-0.1\t-0.25\t"
	    "0.3333333333333333\t0.95\tpercentile\tpermutation\t0.0125\t"
	    "0.025\tholm\t2\t0.02\tgroup\t4999\t9223372036854775807\t624\t301\t"
	    "3\t0.5\t0.25\tone; two\n"
	    "\t\t\tauroc\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n";
	char path[] = "d.tsv", *const paths[] = { path }, *copy = NULL;
	const struct mc_differences_row *r;
	struct mc_rows *d;
	struct mc_err err;
	size_t size, i;
	FILE *f = open_memstream(&copy, &size);

	mc_rows_write_header(f, &mc_differences_schema);
	for (i = 0; i < 2; i++)
		mc_rows_write(f, &mc_differences_schema, &differences[i]);
	fclose(f);
	tap_str(copy, text, "differences are written");
	write_file(path, copy);
	free(copy);
	if (!tap_ok(mc_rows_read(&d, &mc_differences_schema, paths, 1, &err) ==
	    MC_OK, "and read"))
		return;
	tap_int((long long)mc_rows_count(d), 2, "both of them");
	tap_str(mc_rows_place(d, 1), "d.tsv:3", "with their places");
	for (i = 0; i < 2; i++) {
		const struct mc_differences_row *w = &differences[i];

		r = mc_rows_get(d, i);
		tap_str(r->arm_b, w->arm_b, "row %zu: arm_b", i);
		tap_str(r->note, w->note, "row %zu: note", i);
		TEST(same_real(r->difference, w->difference));
		TEST(same_real(r->hi, w->hi));
		TEST(same_real(r->p_adjusted, w->p_adjusted));
		TEST(same_real(r->margin, w->margin));
		tap_int(r->resample_seed, w->resample_seed, "row %zu: seed", i);
		tap_int(r->seeds, w->seeds, "row %zu: seeds", i);
		TEST(same_real(r->seed_sd_b, w->seed_sd_b));
	}
	mc_rows_free(d);
}

static void
test_bad_differences(void)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "metric\tarm_a\n", "d.tsv:1: no column \"arm_b\", "
		    "\"difference\"; columns are: metric, arm_a" },
		{ "metric\tarm_a\tarm_b\tdifference\n\ta\tb\t0\n",
		    "d.tsv:2: column \"metric\": empty" },
		{ "metric\tarm_a\tarm_b\tdifference\nf1\t\tb\t0\n",
		    "d.tsv:2: column \"arm_a\": empty, but arm_b is not" },
		{ "metric\tarm_a\tarm_b\tdifference\nf1\ta\tb\tinf\n",
		    "d.tsv:2: column \"difference\": \"inf\" is not a "
		    "number" },
		{ "metric\tarm_a\tarm_b\tdifference\tlo\nf1\ta\tb\t0\t0\n",
		    "d.tsv:2: lo and hi are not an interval" },
		{ "metric\tarm_a\tarm_b\tdifference\tp\nf1\ta\tb\t0\t1.5\n",
		    "d.tsv:2: column \"p\": not in [0, 1]" },
		{ "metric\tarm_a\tarm_b\tdifference\tp_adjusted\n"
		    "f1\ta\tb\t0\t-1\n",
		    "d.tsv:2: column \"p_adjusted\": not in [0, 1]" },
		{ "metric\tarm_a\tarm_b\tdifference\tseeds\n"
		    "f1\ta\tb\t0\t1.5\n",
		    "d.tsv:2: column \"seeds\": \"1.5\" is not a whole "
		    "number" },
	};
	char path[] = "d.tsv", *const paths[] = { path };
	struct mc_rows *d;
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_file(path, bad[i].text);
		TEST(mc_rows_read(&d, &mc_differences_schema, paths, 1, &err) ==
		    MC_EDATA && d == NULL);
		tap_str(err.text, bad[i].message, "case %zu says why", i);
	}
}

/* A schema need not find faults, and a text that is NULL is written as "". */
static void
test_plain_schema(void)
{
	struct row {
		const char *name;
		int64_t n;
	};
	static const struct mc_schema_column columns[] = {
		{ "name", MC_COLUMN_TEXT, offsetof(struct row, name), true },
		{ "n", MC_COLUMN_COUNT, offsetof(struct row, n), false },
	};
	static const struct mc_schema schema = { columns, 2,
	    sizeof(struct row), NULL };
	char path[] = "d.tsv", *const paths[] = { path };
	const struct row none = { NULL, -1 }, *r;
	struct mc_rows *rows;
	struct mc_err err;
	FILE *f = fopen(path, "w");

	mc_rows_write_header(f, &schema);
	mc_rows_write(f, &schema, &none);
	fclose(f);
	if (!tap_ok(mc_rows_read(&rows, &schema, paths, 1, &err) == MC_OK,
	    "a schema without faults is read"))
		return;
	r = mc_rows_get(rows, 0);
	tap_str(r->name, "", "a missing text");
	tap_int(r->n, -1, "a missing count");
	tap_str(mc_rows_name(rows, 0), "d.tsv", "the file's name");
	mc_rows_free(rows);
}

/* A printed table shows each key once. */
static void
test_keys(void)
{
	unsigned printed = 0;
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		tap_ok((printed & 1u << mc_keys_printed[k]) == 0,
		    "%s is printed once", mc_keys[mc_keys_printed[k]].name);
		printed |= 1u << mc_keys_printed[k];
		TEST(mc_key_find(mc_keys[k].name) == (enum mc_key)k);
	}
}

static void
test_schema_names(void)
{
	const struct mc_schema *s = &mc_predictions_schema;

	TEST(mc_schema_has(s, "label") && mc_schema_has(s, "weights"));
	TEST(mc_schema_has(s, "p:x") && mc_schema_has(s, "o:"));
	TEST(!mc_schema_has(s, "p") && !mc_schema_has(s, "patient"));
	TEST(!mc_schema_has(s, "labels") && !mc_schema_has(s, "lab"));
}

/* --- Grey levels ------------------------------------------------------------ */

/* Values that are equal, that differ, and that are none. */
static void
test_grey_levels(void)
{
	static const struct {
		const char *field, *other, *what;
		bool is, has;
	} cases[] = {
		{ "window:40,400", "window:auto", "a window", true, true },
		{ "window:40.0,400.00", "window:auto", "other spellings", true,
		    true },
		{ "window:auto", "window:40,400", "a word", true, true },
		{ "window:40,80", "window:40,400", "another window", true,
		    false },
		{ "window:40", "window:40,400", "a part of it", true, false },
		{ "depth:16", "window:40,400", "of DICOM", true, false },
		{ "percentiles:1,99", NULL, "all of NIfTI are so", true,
		    true },
		{ "percentiles:2,98", "percentiles:1,99", "of NIfTI", true,
		    false },
		{ "window:", NULL, "no value", false, false },
		{ "window", NULL, "no colon", false, false },
		{ "Window:40,400", NULL, "capitals", false, false },
		{ "my window:40,400", NULL, "other text before", false,
		    false },
		{ "", NULL, "empty", false, false },
	};
	struct mc_grey g = { 0 };
	struct mc_buf text = { 0 };
	const char *other;
	size_t i;

	mc_grey_add(&g, "window:auto");
	mc_grey_add(&g, "percentiles:1,99.0");
	mc_grey_add(&g, "window:40.0,400");
	mc_grey_add(&g, "window:40,400.00");
	mc_grey_add(&g, "window:auto");
	tap_ok(!g.none, "grey levels: all images have a value");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		other = mc_grey_other(&g, cases[i].field);
		tap_ok(mc_grey_is(cases[i].field) == cases[i].is &&
		    mc_grey_has(&g, cases[i].field) == cases[i].has,
		    "grey levels: %s", cases[i].what);
		tap_str(other != NULL ? other : "none", cases[i].other != NULL ?
		    cases[i].other : "none", "and what differs");
	}
	mc_grey_add(&g, "scanner A");
	tap_ok(g.none, "a column of the user's own is no value");
	mc_grey_print(&g, &text);
	tap_str(text.data, "percentiles:1,99, window:40,400, window:auto",
	    "each value once, in order");
	text.len = 0;
	mc_grey_option("percentiles:1,99", &text);
	tap_str(text.data, "--percentiles=1,99", "the option of mc-pack");
	mc_buf_free(&text);
	mc_grey_clear(&g);
	tap_ok(g.n == 0 && !g.none, "nothing is left");
}

int
main(void)
{
	struct mc_table *t;
	struct mc_err err;

	test_refusals();
	test_reading();
	test_manifest();
	test_by_hand();
	test_csv();
	test_foreign();
	test_clean();
	test_decimal_commas();
	test_headless();
	test_differences();
	test_bad_differences();
	test_plain_schema();
	test_keys();
	test_schema_names();
	test_grey_levels();
	TEST(mc_table_read(&t, "missing.tsv", &err) == MC_EIO && t == NULL);
	tap_str(err.text, "missing.tsv: No such file or directory",
	    "a missing file is named");
	return tap_done();
}
