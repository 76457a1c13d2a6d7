/* test_predictions.c - lib/table/predictions.h and join.h. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/join.h"
#include "table/predictions.h"
#include "tap.h"

static char a_tsv[] = "a.tsv", b_tsv[] = "b.tsv", c_tsv[] = "c.tsv";
static char sex[] = "sex", age[] = "age", label[] = "label", id[] = "id";
static char split[] = "split", p_x[] = "p:x", site[] = "site";
static char x[] = "x", y[] = "y", z[] = "z";

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* a.tsv and, where TWO is not NULL, b.tsv. */
static void
write_files(const char *one, const char *two)
{
	write_file(a_tsv, one);
	remove(b_tsv);
	if (two != NULL)
		write_file(b_tsv, two);
}

/* Read what write_files has written; the program ends where that fails. */
static struct mc_predictions *
read_files(const struct mc_predictions_options *options)
{
	char *const paths[] = { a_tsv, b_tsv };
	FILE *f = fopen(b_tsv, "r");
	struct mc_predictions *p;
	struct mc_err err;
	size_t n = f != NULL ? 2 : 1;

	if (f != NULL)
		fclose(f);
	if (mc_predictions_read(&p, paths, n, options, &err) != MC_OK) {
		printf("# %s\n", err.text);
		abort();
	}
	return p;
}

/* All that is held, a line for each run and each row; the caller frees it. */
static char *
dump(const struct mc_predictions *p, size_t n_further)
{
	struct mc_buf out = { 0 };
	size_t c, i, k;

	for (c = 0; c < mc_predictions_runs(p); c++) {
		const struct mc_run *run = mc_predictions_run(p, c);

		mc_buf_printf(&out, "%s,%s,%s:", run->key[MC_KEY_TASK],
		    run->key[MC_KEY_ARM], run->key[MC_KEY_SPLIT]);
		for (k = 0; k < run->n_classes; k++)
			mc_buf_printf(&out, " %s", run->classes[k]);
		mc_buf_printf(&out, "%s\n",
		    run->classes_declared ? "" : " seen");
		for (i = 0; i < run->n; i++) {
			const struct mc_prediction *r = &run->rows[i];

			mc_buf_printf(&out, "%s %s %d %d",
			    mc_run_id(run, i), mc_run_group(run, i),
			    (int)r->label, (int)r->predicted);
			for (k = 0; run->p != NULL && k < run->n_classes; k++)
				mc_buf_printf(&out, " %g",
				    run->p[i * run->n_classes + k]);
			for (k = 0; k < n_further; k++)
				mc_buf_printf(&out, " %s",
				    mc_run_further(run, i, k));
			mc_buf_printf(&out, " %s:%d\n", mc_run_file(run, i),
			    (int)r->line);
		}
	}
	return out.data;
}

static void
is_held(const struct mc_predictions_options *options, size_t n_further,
    const char *wanted, const char *what)
{
	struct mc_predictions *p = read_files(options);
	char *found = dump(p, n_further);

	tap_str(found, wanted, "%s", what);
	free(found);
	mc_predictions_free(p);
}

/* --- Order ---------------------------------------------------------------- */

static void
test_order(void)
{
	static const struct mc_predictions_options nothing = { 0 };

	write_files("task\tid\tlabel\tpredicted\tgroup\n"
	    "t\t10\tx\ty\tB\n"
	    "s\t1\tz\ty\t\n"
	    "s\t2\ty\tz\t\n"
	    "t\t9\ty\tx\tA\n",
	    "id\tlabel\ttask\tp:y\tp:x\tarm\tgroup\n"
	    "b\tx\tt\t0.25\t0.75\tm\tA\n"
	    "a\ty\tt\t0.5\t0.5\tm\tB\n");
	is_held(&nothing, 0, "s,,: y z seen\n"
	    "1  1 0 a.tsv:3\n"
	    "2  0 1 a.tsv:4\n"
	    "t,,: y x\n"
	    "10 B 1 0 a.tsv:2\n"
	    "9 A 0 1 a.tsv:5\n"
	    "t,m,: y x\n"
	    "a B 0 0 0.5 0.5 b.tsv:3\n"
	    "b A 1 1 0.25 0.75 b.tsv:2\n", "cells, rows and classes in order");
}

/* The number of the I-th of N rows when they come in a scattered order. */
static size_t
scattered(size_t i, size_t n)
{
	return i * 7919 % n;
}

/* Equal numbers are equal texts, in all runs of a table. */
static bool
same_ids(const struct mc_run *a, const struct mc_run *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		if (a->rows[i].id != b->rows[i].id)
			return false;
	}
	return true;
}

/* Rows take their probabilities and further columns with them when sorted. */
static void
test_sorting(void)
{
	enum { N = 5000, RUNS = 3 };
	char *const columns[] = { site, id, NULL };
	const struct mc_predictions_options options = { .columns = columns };
	FILE *f = fopen(a_tsv, "w");
	struct mc_predictions *p;
	size_t c, i, wrong = 0;

	if (f == NULL)
		abort();
	fputs("arm\tid\tlabel\tsite\tp:x\tp:y\n", f);
	for (i = 0; i < (size_t)N * RUNS; i++) {
		size_t row = scattered(i / RUNS, N);

		fprintf(f, "arm %zu\t%05zu\tx\ts%zu\t%.4f\t%.4f\n", i % RUNS,
		    row, row, (double)row / N, 1 - (double)row / N);
	}
	if (fclose(f) != 0)
		abort();
	remove(b_tsv);
	p = read_files(&options);
	TEST(mc_predictions_runs(p) == RUNS);
	for (c = 0; c < RUNS; c++) {
		const struct mc_run *run = mc_predictions_run(p, c);

		wrong += run->n != N;
		for (i = 0; i < run->n; i++) {
			const char *text = mc_run_id(run, i);

			wrong += strtoul(text, NULL, 10) != i;
			wrong += strcmp(mc_run_further(run, i, 1), text) != 0;
			wrong += strtoul(mc_run_further(run, i, 0) + 1, NULL,
			    10) != i;
			wrong += run->p[2 * i] != (double)i / N;
			wrong += scattered((run->rows[i].line - 2) / RUNS,
			    N) != i;
		}
		wrong += !same_ids(run, mc_predictions_run(p, 0));
	}
	tap_int((long long)wrong, 0, "every value stays with its id");
	mc_predictions_free(p);
}

static void
test_same_ids(void)
{
	static const struct mc_predictions_options nothing = { 0 };
	struct mc_predictions *p;

	write_files("arm\tid\tlabel\tpredicted\n"
	    "a\t1\tx\ty\na\t2\tx\ty\n"
	    "b\t2\tx\ty\nb\t1\tx\ty\n"
	    "c\t1\tx\ty\nc\t3\tx\ty\n"
	    "d\t1\ty\ty\n", NULL);
	p = read_files(&nothing);
	TEST(same_ids(mc_predictions_run(p, 0),
	    mc_predictions_run(p, 1)));
	TEST(!same_ids(mc_predictions_run(p, 0),
	    mc_predictions_run(p, 2)));
	TEST(!same_ids(mc_predictions_run(p, 0),
	    mc_predictions_run(p, 3)));
	mc_predictions_free(p);
}

/* --- Further columns ------------------------------------------------------ */

static const char three_rows[] = "id\tgroup\tlabel\tpredicted\tp:x\tp:y\tage\n"
    "i2\tA\tx\tx\t1\t0\t70\n"
    "i3\tB\ty\ty\t0\t1\t\n"
    "i1\tB\tx\tx\t1\t0\t7\n";

static void
test_further(void)
{
	char *const own[] = { age, label, split, p_x, NULL };
	char *const joined[] = { sex, age, NULL };
	char *const key[] = { id, NULL };
	const struct mc_predictions_options from_file = { .columns = own };
	const struct mc_predictions_options from_csv = { .columns = joined,
	    .join = "m.csv" };
	const struct mc_predictions_options by_group = { .columns = joined,
	    .join = "m.tsv", .key = "group=patient" };
	const struct mc_predictions_options the_key = { .columns = key,
	    .join = "m.csv" };
	struct mc_predictions *p;
	const struct mc_run *c;

	write_files("id\tgroup\tlabel\tsplit\tp:x\tp:y\tage\n"
	    "i2\tA\tx\ttest\t1\t0\t70\n"
	    "i3\tB\ty\ttest\t0\t1\t\n"
	    "i1\tB\tx\ttest\t1\t0\t7\n", NULL);
	is_held(&from_file, 4, ",,test: x y\n"
	    "i1 B 0 0 1 0 7 x test 1 a.tsv:4\n"
	    "i2 A 0 0 1 0 70 x test 1 a.tsv:2\n"
	    "i3 B 1 1 0 1  y test 0 a.tsv:3\n", "any column is a further one");
	p = read_files(&from_file);
	c = mc_predictions_run(p, 0);
	TEST(c->further[2 * 4] < c->further[0] &&
	    c->further[0] < c->further[4]);
	TEST(c->further[1] == c->further[4 + 1]);
	mc_predictions_free(p);

	write_files(three_rows, NULL);
	write_file("m.csv", "id,sex\r\ni9,f\r\ni1,\"m, f\"\r\ni3,f\r\ni2,\r\n");
	is_held(&from_csv, 2, ",,: x y\n"
	    "i1 B 0 0 1 0 m, f 7 a.tsv:4\n"
	    "i2 A 0 0 1 0  70 a.tsv:2\n"
	    "i3 B 1 1 0 1 f  a.tsv:3\n", "one from a CSV, one from the file");
	is_held(&the_key, 1, ",,: x y\n"
	    "i1 B 0 0 1 0 i1 a.tsv:4\n"
	    "i2 A 0 0 1 0 i2 a.tsv:2\n"
	    "i3 B 1 1 0 1 i3 a.tsv:3\n", "the key stands in both, and may");
	write_files("id\tgroup\tlabel\tpredicted\n1\tB\tx\ty\n2\tA\ty\tx\n",
	    "id\tgroup\tlabel\tpredicted\n3\tB\tx\ty\n");
	write_file("m.tsv", "sex\tpatient\tage\nf\tB\t1\nm\tA\t2\n");
	is_held(&by_group, 2, ",,: x y seen\n"
	    "1 B 0 1 f 1 a.tsv:2\n"
	    "2 A 1 0 m 2 a.tsv:3\n"
	    "3 B 0 1 f 1 b.tsv:2\n", "joined by group");
}

static void
test_join(void)
{
	struct mc_join *j;
	struct mc_err err;
	char *names;
	int column;

	write_file("m.tsv", "id\tpatient\tage\n1\tA\t7\n2\tB\t8\n");
	TEST(mc_join_read(&j, "m.tsv", "group=patient", &err) == MC_OK);
	tap_str(mc_join_key(j), "group", "the other table's column");
	TEST(mc_join_bind(j, "patient", &column, &err) == MC_OK && column == 1);
	TEST(mc_join_bind(j, "no", &column, &err) == MC_OK && column == -1);
	TEST(mc_join_row(j, "B") == 1 && mc_join_row(j, "2") == MC_NO_NAME);
	tap_str(mc_join_get(j, 1, 2), "8", "a value");
	names = mc_join_columns(j, "none");
	tap_str(names, "id, patient, age", "the names");
	free(names);
	mc_join_free(j);
	TEST(mc_join_read(&j, "m.tsv", "id", &err) == MC_OK);
	TEST(mc_join_bind(j, "id", &column, &err) == MC_OK && column == -1);
	mc_join_free(j);

	/* Any name, other columns bad, rows that agree in what is asked for. */
	write_file("m.txt", "id,note,x,sex\na,\"1\n2\",1,f\nb,,2,m\na,,3,f\n");
	TEST(mc_join_read(&j, "m.txt", "id", &err) == MC_OK);
	TEST(mc_join_bind(j, "sex", &column, &err) == MC_OK && column == 3);
	TEST(mc_join_row(j, "a") == 0 && mc_join_row(j, "b") == 1);
	TEST(mc_join_bind(j, "note", &column, &err) == MC_EDATA);
	TEST(mc_join_bind(j, "x", &column, &err) == MC_EDATA);
	tap_str(err.text, "m.txt:5: column \"x\": \"3\", but \"1\" in line 2 for "
	    "the same \"id\", \"a\": keep one row per key", "rows that differ");
	mc_join_free(j);

	/* Rows of one key stand before those of the others. */
	write_file("m.txt", "id,sex\na,f\na,f\na,f\nb,m\nc,x\n");
	TEST(mc_join_read(&j, "m.txt", "id", &err) == MC_OK);
	TEST(mc_join_row(j, "a") == 0 && mc_join_row(j, "b") == 3 &&
	    mc_join_row(j, "c") == 4);
	mc_join_free(j);
}

/* --- Refusals ------------------------------------------------------------- */

#define HEADER	"id\tlabel\tpredicted\n"

static const struct {
	const char *one, *two, *join, *key;	/* the join is m.tsv */
	char *columns[3];
	enum mc_status status;
	const char *message;
} refusals[] = {
	{ HEADER "1\tx\ty\n", NULL, NULL, NULL, { sex }, MC_EDATA,
	    "a.tsv:1: no column \"sex\"; columns are: id, label, predicted" },
	{ HEADER "1\tx\ty\n", NULL, "id\tage\n1\t7\n", NULL, { age, sex },
	    MC_EDATA, "a.tsv:1: no column \"sex\"; columns are: id, label, "
	    "predicted; in m.tsv: id, age" },
	{ "sex\t" HEADER "f\t1\tx\ty\n", HEADER "2\tx\ty\n", NULL, NULL,
	    { sex }, MC_EDATA,
	    "b.tsv:1: no column \"sex\"; columns are: id, label, predicted" },
	{ HEADER "1\tx\ty\n", "sex\t" HEADER "f\t2\tx\ty\n",
	    "id\tsex\n1\tf\n2\tf\n", NULL, { sex }, MC_EDATA,
	    "b.tsv:1: column \"sex\" is also in m.tsv: rename one of the "
	    "two" },
	{ HEADER "1\tx\ty\n2\tx\ty\n", HEADER "3\tx\ty\n", "id\tsex\n1\tf\n",
	    NULL, { sex }, MC_EDATA, "a.tsv:3: column \"id\": \"2\" is not in "
	    "m.tsv; rows without their key there: 2" },
	{ HEADER "1\tx\ty\n", NULL, "id\tsex\n1\tf\n2\tm\n1\tm\n", NULL,
	    { sex }, MC_EDATA, "m.tsv:4: column \"sex\": \"m\", but \"f\" in "
	    "line 2 for the same \"id\", \"1\": keep one row per key" },
	{ HEADER "1\tx\ty\n", NULL, "id\tsex\n\tf\n1\tf\n", NULL, { sex },
	    MC_EDATA, "m.tsv:2: column \"id\": empty: every row needs its "
	    "key" },
	{ HEADER "1\tx\ty\n", NULL, "id\tsex\n1\tf\n", "id=image", { sex },
	    MC_EDATA, "m.tsv:1: no column \"image\"; columns are: id, sex" },
	{ HEADER "1\tx\ty\n", NULL, "id\tsex\n1\tf\n", "group=id", { sex },
	    MC_EDATA, "a.tsv:1: no column \"group\"; columns are: id, label, "
	    "predicted" },
	{ HEADER "1\tx\ty\n", NULL, "id\tsex\n1\tf\n", "=id", { sex },
	    MC_EUSAGE, "--key: give COLUMN, or COLUMN=COLUMN OF THE JOINED "
	    "FILE" },
	{ HEADER "1\tx\ty\n", NULL, "id\tsex\n1\n", NULL, { sex }, MC_EDATA,
	    "m.tsv:2: 1 field, but the header has 2" },
	{ HEADER "1\tx\ty\n2\tx\t\n", NULL, NULL, NULL, { NULL }, MC_EDATA,
	    "a.tsv:3: column \"predicted\": \"\" is not one of the classes: x, "
	    "y" },
	{ HEADER "1\tx\ty\n", "id\tlabel\tp:x\tp:z\n2\tx\t1\t0\n", NULL, NULL,
	    { NULL }, MC_EDATA, "b.tsv:2: has p: columns, unlike a.tsv:2 of "
	    "the same task, arm and split" },
};

static void
test_refusals(void)
{
	char *const paths[] = { a_tsv, b_tsv };
	struct mc_predictions *p;
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct mc_predictions_options options = {
			.columns = refusals[i].columns,
			.join = refusals[i].join != NULL ? "m.tsv" : NULL,
			.key = refusals[i].key
		};

		write_files(refusals[i].one, refusals[i].two);
		if (refusals[i].join != NULL)
			write_file("m.tsv", refusals[i].join);
		tap_int(mc_predictions_read(&p, paths,
		    refusals[i].two != NULL ? 2 : 1, &options, &err),
		    refusals[i].status, "case %zu is refused", i);
		tap_str(err.text, refusals[i].message, "case %zu says why", i);
	}
}

/* --- Spellings ------------------------------------------------------------ */

#define TWO	"are two spellings of one class: write one of them"

static const struct {
	const char *text, *message;
} spelled[] = {
	{ HEADER "1\t1.0\t1\n2\t0.0\t0\n", "a.tsv:3: \"0.0\" here and \"0\" at "
	    "a.tsv:3 " TWO },
	{ HEADER "1\tTrue\ttrue\n2\tx\tx\n", "a.tsv:2: \"true\" here and "
	    "\"True\" at a.tsv:2 " TWO },
	{ HEADER "1\tmel\tx\n2\tx\tmel \n", "a.tsv:3: \"mel \" here and \"mel\" "
	    "at a.tsv:2 " TWO },
	{ "id\tlabel\tp:x\tp:X\n1\tx\t1\t0\n",
	    "a.tsv: \"x\" and \"X\" " TWO },
	{ "arm\t" HEADER "a\t1\tx\tx\na\t2\ty\tz\nb\t1\tx\tX\nb\t2\ty\ty\n",
	    "a.tsv:2: \"x\" here and \"X\" at a.tsv:4 " TWO },
	{ "arm\t" HEADER "a\t1\tx\tx\na\t2\ty\ty\nb\t1\tx\t0\nb\t2\ty\t1\n",
	    "a.tsv:5: column \"predicted\": \"1\", and no prediction of the "
	    "arm is a label of the task, such as \"y\": spell both the same "
	    "way, or declare the classes with --classes" },
};

static void
test_spellings(void)
{
	static const struct mc_predictions_options nothing = { 0 };
	static char zero[] = "0", one[] = "1";
	char *const classes[] = { x, y, zero, one, NULL };
	char *const columns[] = { age, NULL };
	const struct mc_predictions_options declared = { .classes = classes };
	const struct mc_predictions_options by_age = { .columns = columns };
	char *const paths[] = { a_tsv };
	struct mc_predictions *p;
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(spelled) / sizeof(spelled[0]); i++) {
		write_files(spelled[i].text, NULL);
		tap_int(mc_predictions_read(&p, paths, 1, &nothing, &err),
		    MC_EDATA, "spelling %zu", i);
		tap_str(err.text, spelled[i].message, "spelling %zu says why",
		    i);
	}
	TEST(mc_predictions_read(&p, paths, 1, &declared, &err) == MC_OK);
	mc_predictions_free(p);
	write_files("fold\ttrain_seed\tage\t" HEADER "1\t3\t55\t1\tx\tx\n"
	    "1.0\t3.0\t55.0\t2\ty\ty\n", NULL);
	p = read_files(&by_age);
	tap_int((long long)mc_predictions_runs(p), 1,
	    "one fold and seed, spelled in two ways");
	tap_str(mc_run_further(mc_predictions_run(p, 0), 1, 0), "55",
	    "one age");
	mc_predictions_free(p);
}

/* A thousand classes are allowed, and one more is not. */
static void
test_many_classes(void)
{
	static const struct mc_predictions_options nothing = { 0 };
	char *const paths[] = { a_tsv };
	struct mc_predictions *p;
	struct mc_err err;
	int n, i;

	for (n = 1000; n <= 1001; n++) {
		FILE *f = fopen(a_tsv, "w");

		if (f == NULL)
			abort();
		fputs(HEADER, f);
		for (i = 0; i < n; i++)
			fprintf(f, "%d\tc%d\tc0\n", i, i);
		if (fclose(f) != 0)
			abort();
		TEST(mc_predictions_read(&p, paths, 1, &nothing, &err) ==
		    (n == 1000 ? MC_OK : MC_EDATA));
		mc_predictions_free(p);
	}
	tap_str(err.text, "a.tsv: task \"\" has 1001 classes, more than 1000: "
	    "is \"label\" the right column?", "too many classes");
}

/* --- Probabilities -------------------------------------------------------- */

#define SCORES	"id\tlabel\tp:x\tp:y\tp:z"
#define ODDS	"\to:z\to:x\to:y\n"

static const struct {
	const char *text, *message;	/* NULL: it is read */
} scores[] = {
	{ SCORES "\n1\tx\t0.334\t0.333\t0.334\n", NULL },
	{ SCORES "\n1\tx\t.333\t.333\t.333\n", NULL },
	{ SCORES "\n1\tx\t0.33\t0.33\t0.33\n", NULL },
	{ SCORES "\n1\tx\t3.3e-1\t0.33\t0.33\n", NULL },
	{ SCORES "\n1\tx\t1.0000001\t0\t0\n", NULL },
	/* The decimals of one run count together, in any order of rows. */
	{ SCORES "\n1\tx\t0.33\t0.33\t0.33\n2\tx\t0.333\t0.333\t0.334\n",
	    "a.tsv:2: the probabilities sum to 0.99, not to 1: if they were "
	    "rounded, write more decimals; if these are logits, mc-import "
	    "--logit makes probabilities of them" },
	{ SCORES "\n1\tx\t1\t0\t0.002\n", "a.tsv:2: the probabilities sum to "
	    "1.002, not to 1: if they were rounded, write more decimals; if "
	    "these are logits, mc-import --logit makes probabilities of "
	    "them" },
	{ SCORES "\n1\tx\t9\t0\t0\n", "a.tsv:2: column \"p:x\": 9 is not a "
	    "probability: if these are logits, mc-import --logit makes "
	    "probabilities of them" },
	{ SCORES ODDS "1\tx\t0.25\t0.25\t0.5\t0\t-1.0986\t-1.0986\n", NULL },
	{ SCORES ODDS "1\tx\t0.25\t0.25\t0.5\t-1.0986\t0\t-1.0986\n",
	    "a.tsv:2: column \"o:x\": 0 is not the log odds of 0.25 in column "
	    "\"p:x\": correct the o: columns, or leave them out" },
	/* Of 0.6, 0.0001234 and 0.3998766: p is rounded, however finely. */
	{ SCORES ODDS "1\tx\t0.000123\t0.399877\t0.600000\t0.405465108\t"
	    "-8.999956039\t-0.405979301\n", NULL },
	{ SCORES ODDS "1\tx\t0.000123\t0.399877\t0.600000\t0.405465108\t"
	    "-8.99\t-0.405979301\n", "a.tsv:2: column \"o:x\": -8.99 is not "
	    "the log odds of 0.000123 in column \"p:x\": correct the o: "
	    "columns, or leave them out" },
	{ SCORES "\to:x\n1\tx\t0.25\t0.25\t0.5\t0\n", "a.tsv:1: o: columns, "
	    "but no \"o:y\" beside \"p:y\"" },
	{ "id\tlabel\tpredicted\to:x\n1\tx\tx\t0\n",
	    "a.tsv:1: 1 o: columns, but 0 p: columns" },
};

static void
test_scores(void)
{
	static const struct mc_predictions_options nothing = { 0 };
	char *const paths[] = { a_tsv };
	struct mc_predictions *p;
	const struct mc_run *c;
	struct mc_err err;
	size_t i;

	for (i = 0; i < sizeof(scores) / sizeof(scores[0]); i++) {
		write_files(scores[i].text, NULL);
		err.text[0] = '\0';
		tap_int(mc_predictions_read(&p, paths, 1, &nothing, &err),
		    scores[i].message == NULL ? MC_OK : MC_EDATA,
		    "scores %zu", i);
		tap_str(err.text, scores[i].message == NULL ? "" :
		    scores[i].message, "scores %zu: what is wrong", i);
		mc_predictions_free(p);
	}
	write_files("id\tlabel\tp:x\tp:y\to:y\to:x\n"
	    "2\tx\t1\t0\t-90\t90\n1\tx\t0.7\t0.299\t-0.8521\t0.8473\n", NULL);
	p = read_files(&nothing);
	c = mc_predictions_run(p, 0);
	tap_ok(c->p[0] == 0.7 && c->p[1] == 0.299, "p as it stands");
	tap_ok(c->o[0] == 0.8473 && c->o[1] == -0.8521 && c->o[2] == 90 &&
	    c->o[3] == -90, "log odds are sorted with their rows");
	mc_predictions_free(p);
	write_files("id\tlabel\tp:x\tp:y\n1\tx\t1\t0\n",
	    "id\tlabel\tp:x\tp:y\to:x\to:y\n2\tx\t1\t0\t90\t-90\n");
	TEST(mc_predictions_read(&p, (char *const[]){ a_tsv, b_tsv }, 2,
	    &nothing, &err) == MC_EDATA);
	tap_str(err.text, "b.tsv:2: has o: columns (log odds), unlike a.tsv:2 "
	    "of the same task, arm and split", "log odds in some rows");
}

/* --- Units ---------------------------------------------------------------- */

static void
test_units(void)
{
	static const struct mc_predictions_options nothing = { 0 };
	const char *name = NULL, *remark = NULL;
	struct mc_predictions *p;
	const struct mc_run *c;
	uint32_t unit[3];
	struct mc_err err;
	size_t n = 0;

	write_files(three_rows, NULL);
	p = read_files(&nothing);
	c = mc_predictions_run(p, 0);
	TEST(mc_run_units(c, MC_UNIT_DEFAULT, unit, &n, &name, &remark,
	    &err) == MC_OK);
	TEST(n == 2 && unit[0] == 1 && unit[1] == 0 && unit[2] == 1);
	tap_str(name, "group", "the unit is the group");
	TEST(remark == NULL);
	TEST(mc_run_units(c, MC_UNIT_IMAGE, unit, &n, &name, &remark, &err) ==
	    MC_OK);
	TEST(n == 3 && unit[0] == 0 && unit[1] == 1 && unit[2] == 2);
	tap_str(name, "image", "the unit is the image, as asked");
	tap_str(remark, "images treated as independent, though some are "
	    "of one group", "which has its remark");
	mc_predictions_free(p);

	write_files("id\tgroup\tlabel\tpredicted\n1\tA\tx\ty\n2\tB\ty\ty\n",
	    NULL);
	p = read_files(&nothing);
	TEST(mc_run_units(mc_predictions_run(p, 0), MC_UNIT_IMAGE, unit, &n,
	    &name, &remark, &err) == MC_OK);
	tap_ok(n == 2 && remark == NULL, "an image a group: no remark");
	mc_predictions_free(p);

	write_files(HEADER "1\tx\ty\n2\ty\ty\n", NULL);
	p = read_files(&nothing);
	c = mc_predictions_run(p, 0);
	TEST(mc_run_units(c, MC_UNIT_DEFAULT, unit, &n, &name, &remark,
	    &err) == MC_OK);
	tap_str(remark, "no group: images treated as independent",
	    "no group has its remark");
	TEST(mc_run_units(c, MC_UNIT_GROUP, unit, &n, &name, &remark, &err) ==
	    MC_EDATA);
	tap_str(err.text, "a.tsv:2: column \"group\": there is none: name the "
	    "patient of every image, or give --unit image", "nor can it be "
	    "asked for");
	mc_predictions_free(p);

	/* Units before groups; an empty one is the group, whatever its name. */
	write_files("id\tgroup\tunit\tlabel\tpredicted\n1\tB\tA\tx\ty\n"
	    "2\tC\t\tx\ty\n3\tA\t\tx\ty\n", NULL);
	p = read_files(&nothing);
	c = mc_predictions_run(p, 0);
	TEST(mc_run_units(c, MC_UNIT_DEFAULT, unit, &n, &name, &remark,
	    &err) == MC_OK);
	tap_ok(n == 2 && unit[0] == 0 && unit[1] == 1 && unit[2] == 0,
	    "the column unit comes before the group");
	tap_ok(strcmp(name, "group") == 0 && remark == NULL,
	    "and is called so where there are groups");
	tap_ok(strcmp(mc_run_unit(c, 0), "A") == 0 &&
	    strcmp(mc_run_unit(c, 1), "C") == 0, "its texts");
	TEST(mc_run_units(c, MC_UNIT_IMAGE, unit, &n, &name, &remark, &err) ==
	    MC_OK);
	tap_str(remark, "images treated as independent, though some are "
	    "of one group", "units that --unit image passes over");
	mc_predictions_free(p);

	write_files("id\tgroup\tunit\tlabel\tpredicted\n1\t\t1\tx\ty\n"
	    "2\t\t1\tx\ty\n3\tA\tA\tx\ty\n", NULL);
	p = read_files(&nothing);
	c = mc_predictions_run(p, 0);
	TEST(mc_run_units(c, MC_UNIT_GROUP, unit, &n, &name, &remark, &err) ==
	    MC_OK);
	tap_ok(n == 2 && unit[0] == 0 && unit[1] == 0 && unit[2] == 1,
	    "an image without a group may have a unit");
	tap_str(remark, "images without a group treated as independent",
	    "which has its remark");
	mc_predictions_free(p);

	write_files("id\tgroup\tunit\tlabel\tpredicted\n1\t\t1\tx\ty\n"
	    "2\tB\t\tx\ty\n3\t\t\tx\ty\n", NULL);
	p = read_files(&nothing);
	c = mc_predictions_run(p, 0);
	TEST(mc_run_units(c, MC_UNIT_DEFAULT, unit, &n, &name, &remark, &err) ==
	    MC_EDATA);
	tap_str(err.text, "a.tsv:4: column \"group\": empty: name the patient "
	    "of every image (its id, where nothing else belongs to it), or "
	    "give --unit image", "neither unit nor group among others");
	mc_predictions_free(p);
}

/* --- Classes -------------------------------------------------------------- */

static void
test_classes(void)
{
	char *const classes[] = { z, y, x, NULL };
	char *const twice[] = { x, y, x, NULL };
	char *const paths[] = { a_tsv, b_tsv, c_tsv };
	const struct mc_predictions_options declared = { .classes = classes };
	const struct mc_predictions_options repeated = { .classes = twice };
	struct mc_predictions *p;
	struct mc_err err;

	write_files("arm\tid\tlabel\tp:x\tp:y\tp:z\n"
	    "a\t1\tx\t0.2\t0.3\t0.5\n",
	    "arm\tid\tlabel\tp:z\tp:x\tp:y\n"
	    "b\t1\tx\t0.5\t0.2\t0.3\n");
	is_held(&declared, 0, ",a,: z y x\n"
	    "1  2 0 0.5 0.3 0.2 a.tsv:2\n"
	    ",b,: z y x\n"
	    "1  2 0 0.5 0.3 0.2 b.tsv:2\n", "columns of files in any order");
	TEST(mc_predictions_read(&p, paths, 1, &repeated, &err) == MC_EUSAGE);
	tap_str(err.text, "--classes: \"x\" is given twice",
	    "a class twice");
	/* The third file, of another task, does not hide the second's fault. */
	write_file(c_tsv, "task\tid\tlabel\tp:x\tp:w\nu\t1\tx\t0.5\t0.5\n"
	    "u\t2\tx\t0.5\t0.5\n\t2\tx\t0.5\t0.5\n");
	TEST(mc_predictions_read(&p, paths, 3,
	    &(struct mc_predictions_options){ 0 }, &err) == MC_EDATA);
	tap_str(err.text, "b.tsv:1: the p: columns come in another order than "
	    "in another file of the task: give the order with --classes",
	    "two orders");
	write_file(b_tsv, "arm\tid\tlabel\tp:x\tp:y\tp:z\n"
	    "b\t1\tx\t0.2\t0.3\t0.5\n");
	TEST(mc_predictions_read(&p, paths, 3,
	    &(struct mc_predictions_options){ 0 }, &err) == MC_EDATA);
	tap_str(err.text, "c.tsv:1: column \"p:w\": not one of the task's "
	    "classes", "two tasks in one file, one of which has other classes");
}

int
main(void)
{
	test_order();
	test_sorting();
	test_same_ids();
	test_further();
	test_join();
	test_refusals();
	test_many_classes();
	test_scores();
	test_spellings();
	test_units();
	test_classes();
	return tap_done();
}
