/* test_study.c - lib/study: runs, samples, arms and what is made of them. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/metric.h"
#include "study/contrast_table.h"
#include "study/finding_set.h"
#include "study/operating_point.h"
#include "study/pairs.h"
#include "study/pool.h"
#include "study/run_sample.h"
#include "study/subgroup.h"
#include "table/schemas.h"
#include "tap.h"

#define ARM_HEADER	"task\tarm\ttrain_seed\tfold\tsplit\tid\tgroup\t" \
			"label\tpredicted\n"

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* Read TEXT; the program ends where that fails. */
static struct mc_runs *
read_text(const char *text, const struct mc_runs_options *options)
{
	static char path[] = "p.tsv";
	char *const paths[] = { path };
	struct mc_runs *r;
	struct mc_err err;

	write_file(path, text);
	if (mc_runs_read(&r, options, paths, 1, &err) != MC_OK) {
		printf("# %s\n", err.text);
		abort();
	}
	return r;
}

/* TEXT cannot be read so: the error is WANTED. */
static void
is_refused(const char *text, const struct mc_runs_options *options,
    enum mc_status status, const char *wanted)
{
	static char path[] = "p.tsv";
	char *const paths[] = { path };
	struct mc_runs *r;
	struct mc_err err = { .text = "" };

	write_file(path, text);
	tap_int(mc_runs_read(&r, options, paths, 1, &err), status, "refused");
	tap_str(err.text, wanted, "with this message");
	TEST(r == NULL);
}

static struct mc_run_sample
sample_of(const struct mc_runs *r, size_t run)
{
	struct mc_run_sample x;
	struct mc_err err;

	if (mc_run_sample_make(r, run, &x, &err) != MC_OK) {
		printf("# %s\n", err.text);
		abort();
	}
	return x;
}

/* N numbers as a text, for comparison by eye. */
static void
is_list(const int *found, size_t n, const char *wanted, const char *what)
{
	struct mc_buf text = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		mc_buf_printf(&text, "%s%d", i > 0 ? " " : "", found[i]);
	tap_str(text.data, wanted, "%s", what);
	mc_buf_free(&text);
}

static void
is_list_u32(const uint32_t *found, size_t n, const char *wanted,
    const char *what)
{
	int *numbers = mc_xcalloc(n, sizeof(*numbers));
	size_t i;

	for (i = 0; i < n; i++)
		numbers[i] = (int)found[i];
	is_list(numbers, n, wanted, what);
	free(numbers);
}

/* --- Folds ---------------------------------------------------------------- */

static const char two_folds[] = "fold\tid\tlabel\tsex\tp:x\tp:y\to:x\to:y\n"
    "1\td\tx\tF\t0.75\t0.25\t1.0986122886681098\t-1.0986122886681098\n"
    "1\tb\ty\tF\t0.5\t0.5\t0\t0\n"
    "2\ta\tx\tM\t0.25\t0.75\t-1.0986122886681098\t1.0986122886681098\n"
    "2\tc\ty\tM\t0.75\t0.25\t1.0986122886681098\t-1.0986122886681098\n";

static void
test_pool(void)
{
	struct mc_runs_options pool = MC_RUNS_DEFAULTS;
	struct mc_runs_options each = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_buf ids = { 0 };
	struct mc_runs *r;
	const struct mc_run *run;
	size_t i;

	pool.folds = MC_FOLDS_POOL;
	pool.by = "sex";
	r = read_text(two_folds, &pool);
	tap_int((long long)mc_runs_count(r), 1, "two folds are one run");
	run = mc_runs_at(r, 0);
	tap_str(run->key[MC_KEY_FOLD], "", "whose fold is empty");
	for (i = 0; i < run->n; i++)
		mc_buf_printf(&ids, "%s%s ", mc_run_id(run, i),
		    mc_run_further(run, i, 0));
	tap_str(ids.data, "aM bF cM dF ", "rows by id, with their values");
	mc_buf_free(&ids);
	TEST(run->p[0] == 0.25 && run->p[2] == 0.5 && run->p[4] == 0.75 &&
	    run->p[6] == 0.75);
	TEST(run->o[0] < 0 && run->o[2] == 0 && run->o[4] > 1);
	x = sample_of(r, 0);
	tap_int((long long)x.s.n_folds, 2, "a sample knows its folds");
	is_list_u32(x.s.fold, x.s.n, "1 0 1 0", "and that of each row");
	is_list(x.s.label, x.s.n, "0 1 1 0", "labels");
	mc_run_sample_clear(&x);
	mc_runs_free(r);

	r = read_text(two_folds, &each);
	tap_int((long long)mc_runs_count(r), 2, "each by itself");
	x = sample_of(r, 1);
	TEST(x.s.fold == NULL);
	mc_run_sample_clear(&x);
	mc_runs_free(r);
}

/* Log odds of one fold alone are zeros in the other. */
static void
test_pool_without_o(void)
{
	struct mc_runs_options pool = MC_RUNS_DEFAULTS;
	static char one[] = "one.tsv", two[] = "two.tsv";
	char *const paths[] = { one, two };
	const struct mc_run *run;
	struct mc_runs *r;
	struct mc_err err;

	pool.folds = MC_FOLDS_POOL;
	write_file(one, "fold\tid\tlabel\tp:x\tp:y\to:x\to:y\n"
	    "1\ta\tx\t0.75\t0.25\t1.0986122886681098\t-1.0986122886681098\n");
	write_file(two, "fold\tid\tlabel\tp:x\tp:y\n2\tb\ty\t0.5\t0.5\n");
	tap_int(mc_runs_read(&r, &pool, paths, 2, &err), MC_OK, "read");
	run = mc_runs_at(r, 0);
	TEST(run->o[0] > 1 && run->o[1] < -1 && run->o[2] == 0 &&
	    run->o[3] == 0);
	mc_runs_free(r);

	write_file(two, "fold\tid\tlabel\tpredicted\n2\tb\ty\tx\n");
	tap_int(mc_runs_read(&r, &pool, paths, 2, &err), MC_EDATA, "no p");
	tap_str(err.text, "two.tsv:2: fold \"2\" has no p: columns, unlike "
	    "another of the same arm", "in one fold alone");
}

/* Folds that were trained from other weights are not of one arm. */
static void
test_pool_keys(void)
{
	struct mc_runs_options pool = MC_RUNS_DEFAULTS;
	struct mc_runs *r;

	pool.folds = MC_FOLDS_POOL;
	r = read_text("fold\tid\tlabel\tpredicted\tweights\n"
	    "1\ta\tx\ty\tv\n2\tb\ty\ty\tw\n", &pool);
	tap_int((long long)mc_runs_count(r), 2, "other weights, other runs");
	mc_runs_free(r);
}

static void
test_pool_errors(void)
{
	struct mc_runs_options pool = MC_RUNS_DEFAULTS;

	pool.folds = MC_FOLDS_POOL;
	is_refused("fold\tid\tlabel\tpredicted\n1\ta\tx\ty\n1\tb\ty\tx\n"
	    "2\tb\ty\ty\n", &pool, MC_EDATA, "p.tsv:4: id \"b\" is in folds "
	    "\"1\" and \"2\": repeated splits are not a cross-validation and "
	    "cannot be pooled");
	pool.threshold = "t.tsv";
	is_refused(two_folds, &pool, MC_EUSAGE, "--threshold: each fold has "
	    "its own threshold, so folds cannot be pooled");
}

/* --- Subgroups ------------------------------------------------------------ */

static const char people[] = "id\tgroup\tlabel\tpredicted\tsex\tsite\n"
    "1\tA\tx\ty\tM\ta\n"
    "2\tA\tx\tx\tF\tb\n"
    "3\tB\ty\ty\t\ta\n"
    "4\tC\ty\tx\tF\ta\n"
    "5\tC\ty\ty\tM\ta\n"
    "6\tD\tx\tx\tM\t\n";

static void
test_subgroups(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample *x;
	struct mc_buf text = { 0 };
	struct mc_runs *r;
	struct mc_err err;
	size_t n, g, i;

	options.by = "sex,sex+site";
	r = read_text(people, &options);
	tap_int(mc_run_samples(r, 0, &x, &n, &err), MC_OK, "samples");
	for (g = 0; g < n; g++) {
		mc_buf_printf(&text, "%s[%zu]", x[g].subgroup, x[g].term);
		for (i = 0; i < x[g].s.n; i++)
			mc_buf_printf(&text, " %d%d%u", x[g].s.label[i],
			    x[g].s.predicted[i], x[g].s.unit[i]);
		mc_buf_puts(&text, "\n");
	}
	/* Label, prediction and unit of each row: A to D are 0 to 3. */
	tap_str(text.data, "[0] 010 000 111 102 112 003\n"
	    "sex=F[0] 000 102\n"
	    "sex=M[0] 010 112 003\n"
	    "sex=F, site=a[1] 102\n"
	    "sex=F, site=b[1] 000\n"
	    "sex=M, site=a[1] 010 112\n", "by enumeration");
	mc_buf_free(&text);
	tap_int((long long)x[1].s.n_units, 4, "the units of all");
	tap_int((long long)mc_sample_units(&x[1].s), 2, "of which two "
	    "have an image");
	tap_int((long long)mc_sample_units(&x[0].s), 4, "all have one");
	tap_str(mc_runs_remark(r, 0), "--by: 1 of 6 rows have an empty \"sex\""
	    ", and are in no subgroup", "a row without a value");
	tap_str(mc_runs_remark(r, 1), "--by: 2 of 6 rows have an empty \"sex\""
	    " or another of its columns, and are in no subgroup", "of two");
	TEST(mc_runs_remark(r, 2) == NULL);
	mc_run_samples_free(x, n);
	mc_runs_free(r);
}

/* Probabilities, log odds and folds go with their rows. */
static void
test_subgroup_rows(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample *x;
	struct mc_runs *r;
	struct mc_err err;
	size_t n;

	options.by = "sex";
	options.folds = MC_FOLDS_POOL;
	r = read_text(two_folds, &options);
	tap_int(mc_run_samples(r, 0, &x, &n, &err), MC_OK, "samples");
	tap_int((long long)n, 3, "all, F and M");
	/* F is b and d, M is a and c. */
	TEST(x[1].s.p[0] == 0.5 && x[1].s.p[2] == 0.75);
	TEST(x[2].s.p[0] == 0.25 && x[2].s.p[2] == 0.75);
	TEST(x[1].s.o[0] == 0 && x[1].s.o[2] > 1 && x[2].s.o[0] < -1);
	is_list_u32(x[1].s.fold, 2, "0 0", "folds of a subgroup");
	tap_int((long long)x[1].s.n_folds, 2, "of as many");
	mc_run_samples_free(x, n);
	mc_runs_free(r);
}

/* What holds of a run holds of its subgroups. */
static void
test_subgroup_run(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample *x;
	struct mc_runs *r;
	struct mc_err err;
	size_t n;

	options.by = "sex";
	options.unit = MC_UNIT_IMAGE;
	options.positive = "y";
	r = read_text(people, &options);
	tap_int(mc_run_samples(r, 0, &x, &n, &err), MC_OK, "samples");
	tap_int(x[1].positive, 1, "the positive class of a subgroup");
	tap_str(x[1].unit, "image", "its units");
	TEST(x[1].run == mc_runs_at(r, 0) && x[0].remark != NULL &&
	    x[1].remark == x[0].remark);
	mc_run_samples_free(x, n);
	mc_runs_free(r);
}

static void
test_grouping(void)
{
	struct mc_grouping *g;
	struct mc_err err;
	size_t n;

	tap_int(mc_grouping_parse(&g, "a,b+a", &err), MC_OK, "two terms");
	tap_int((long long)mc_grouping_terms(g), 2, "are two");
	tap_int((long long)mc_grouping_width(g), 2, "of two columns");
	tap_str(mc_grouping_columns(g)[0], "a", "in the order");
	tap_str(mc_grouping_columns(g)[1], "b", "that they are named in");
	TEST(mc_grouping_columns(g)[2] == NULL);
	tap_str(mc_grouping_term(g, 1, &n), "b", "the second begins with b");
	tap_int((long long)n, 2, "and has two");
	mc_grouping_free(g);
	tap_int(mc_grouping_parse(&g, "a,,b", &err), MC_EUSAGE, "empty term");
	TEST(g == NULL);
	tap_int(mc_grouping_parse(&g, "a+", &err), MC_EUSAGE, "empty name");
	tap_str(err.text, "--by: an empty name", "which is said");
}

static void
test_options(void)
{
	struct mc_runs_options join = MC_RUNS_DEFAULTS;
	struct mc_runs_options key = MC_RUNS_DEFAULTS;

	join.join = "j.tsv";
	is_refused(people, &join, MC_EUSAGE,
	    "--join adds columns for --by, which is not given");
	key.key = "id";
	is_refused(people, &key, MC_EUSAGE,
	    "--key joins the table of --join, which is not given");
}

/* --- Units ---------------------------------------------------------------- */

static void
test_units(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_runs *r;

	r = read_text(people, &options);
	x = sample_of(r, 0);
	is_list_u32(x.s.unit, x.s.n, "0 0 1 2 2 3", "groups are units");
	tap_str(x.unit, "group", "by default");
	tap_int((long long)x.s.n_units, 4, "four of them");
	TEST(x.remark == NULL && x.positive == -1 && !x.s.ordered);
	mc_run_sample_clear(&x);
	mc_runs_free(r);

	options.unit = MC_UNIT_IMAGE;
	options.positive = "y";
	options.classes = "y,x";
	r = read_text(people, &options);
	x = sample_of(r, 0);
	is_list_u32(x.s.unit, x.s.n, "0 1 2 3 4 5", "images are units");
	tap_str(x.unit, "image", "where it is asked for");
	TEST(x.remark != NULL);
	tap_int(x.positive, 0, "the positive class in the declared order");
	TEST(x.s.ordered);
	mc_run_sample_clear(&x);
	mc_runs_free(r);
}

static void
test_positive(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_runs *r;
	struct mc_err err;

	TEST(!mc_runs_have_positive(&options));
	options.threshold = "t.tsv";
	TEST(mc_runs_have_positive(&options));
	options.threshold = NULL;
	options.positive = "z";
	TEST(mc_runs_have_positive(&options));
	r = read_text(people, &options);
	tap_int(mc_run_sample_make(r, 0, &x, &err), MC_EUSAGE, "no class z");
	TEST(x.s.label == NULL && x.subgroup == NULL);
	mc_runs_free(r);
}

/* --- Same images ---------------------------------------------------------- */

static void
check_same(const char *first, const char *second, const char *wanted,
    const char *what)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_err err = { .text = "" };
	enum mc_status status;
	struct mc_runs *r;
	char *text;

	options.by = "sex";
	text = mc_xasprintf("arm\tid\tgroup\tunit\tlabel\tpredicted\tsex\n"
	    "a\t1\tA\tA\tx\ty\tF\n%s\n"
	    "b\t1\tA\tA\tx\tx\tF\n%s\n", first, second);
	r = read_text(text, &options);
	status = mc_runs_check_same(r, 0, 1, &err);
	tap_int(status, *wanted == '\0' ? MC_OK : MC_EDATA, "%s", what);
	if (*wanted != '\0')
		tap_str(strstr(err.text, wanted) != NULL ? wanted : err.text,
		    wanted, "%s: the message", what);
	mc_runs_free(r);
	free(text);
}

static void
test_same(void)
{
	static const char row[] = "a\t2\tB\tB\ty\ty\tM";

	check_same(row, "b\t2\tB\tB\ty\tx\tM", "", "the same images");
	check_same(row, "b\t3\tB\tB\ty\ty\tM", "p.tsv:3: arm \"b\" "
	    "lacks 1 of the 2 images of arm \"a\", such as id \"2\"",
	    "another image");
	check_same("a\t4\tB\tB\ty\ty\tM", "b\t3\tB\tB\ty\ty\tM",
	    "p.tsv:5: arm \"a\" lacks 1 of the 2 images of arm \"b\", such "
	    "as id \"3\"", "the first in byte order is named");
	check_same("a\t2\tB\tB\ty\ty\tM\na\t3\tB\tB\ty\ty\tM",
	    "b\t2\tB\tB\ty\ty\tM", "p.tsv:4: arm \"b\" lacks 1 of the 3",
	    "one more in the first");
	check_same(row, "b\t2\tB\tB\ty\ty\tM\nb\t3\tB\tB\ty\ty\tM",
	    "p.tsv:6: arm \"a\" lacks 1 of the 3", "one more in the second");
	check_same(row, "b\t2\tB\tB\tx\ty\tM", "p.tsv:5: column \"label\": "
	    "\"x\", but \"y\" at p.tsv:3 for the same image \"2\"", "a label");
	check_same(row, "b\t2\tC\tB\ty\ty\tM", "column \"group\": \"C\", but "
	    "\"B\"", "a group");
	check_same(row, "b\t2\tB\tC\ty\ty\tM", "column \"unit\": \"C\", but "
	    "\"B\"", "a unit");
	check_same(row, "b\t2\tB\tB\ty\ty\tF", "column \"sex\": \"F\", but "
	    "\"M\"", "a value of --by");
}

/* --- Sets ----------------------------------------------------------------- */

static void
test_sets(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_buf text = { 0 };
	struct mc_run_set *sets;
	struct mc_runs *r;
	size_t n, i, k;

	/* Runs 0 to 4 in byte order of task, arm and seed. */
	r = read_text(ARM_HEADER
	    "t\ta\t1\t\ttest\t1\t\tx\ty\nt\ta\t2\t\ttest\t1\t\tx\ty\n"
	    "t\tb\t1\t\ttest\t1\t\tx\ty\ns\ta\t1\t\ttest\t1\t\tx\ty\n"
	    "s\tb\t2\t\ttest\t1\t\tx\ty\n", &options);
	sets = mc_runs_sets(r, 1u << MC_KEY_ARM | 1u << MC_KEY_TRAIN_SEED, &n);
	for (i = 0; i < n; i++) {
		for (k = 0; k < sets[i].n; k++)
			mc_buf_printf(&text, "%zu", sets[i].run[k]);
		mc_buf_puts(&text, " ");
	}
	tap_str(text.data, "01 234 ", "by task");
	free(sets);
	mc_buf_free(&text);
	sets = mc_runs_sets(r, 1u << MC_KEY_TASK | 1u << MC_KEY_ARM, &n);
	for (i = 0; i < n; i++) {
		for (k = 0; k < sets[i].n; k++)
			mc_buf_printf(&text, "%zu", sets[i].run[k]);
		mc_buf_puts(&text, " ");
	}
	tap_str(text.data, "024 13 ", "by seed");
	free(sets);
	mc_buf_free(&text);
	mc_runs_free(r);
}

/* --- Sets of findings ----------------------------------------------------- */

#define BY_ARM	(1u << MC_KEY_ARM | 1u << MC_KEY_TRAIN_SEED)

/* The sets of all runs of TEXT as a text, or the error. */
static void
are_finding_sets(const char *text, const char *wanted, const char *what)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_runs *r = read_text(text, &options);
	struct mc_finding_set *sets;
	struct mc_buf found = { 0 };
	struct mc_run_set *all;
	struct mc_err err;
	size_t n, i, k;

	all = mc_runs_sets(r, 1u << MC_KEY_TASK | BY_ARM, &n);
	if (n != 1)
		abort();
	if (mc_finding_sets_make(&sets, &n, r, all, BY_ARM, &err) != MC_OK)
		mc_buf_puts(&found, err.text);
	for (i = 0; i < n; i++) {
		mc_buf_printf(&found, "%s(", sets[i].task);
		for (k = 0; k < sets[i].n; k++)
			mc_buf_printf(&found, "%s ", sets[i].name[k]);
		for (k = 0; k < sets[i].n * sets[i].n_runs; k++)
			mc_buf_printf(&found, "%s",
			    mc_runs_at(r, sets[i].run[k])->key[MC_KEY_ARM]);
		mc_buf_puts(&found, ") ");
	}
	tap_str(found.data != NULL ? found.data : "", wanted, "%s", what);
	mc_buf_free(&found);
	mc_finding_sets_free(sets, n);
	free(all);
	mc_runs_free(r);
}

#define RUN(task, arm, seed) task "\t" arm "\t" seed "\t\ttest\t1\t\tno\t" \
	"yes\n"

static void
test_finding_sets(void)
{
	are_finding_sets(ARM_HEADER RUN(":P", "c", "1") RUN("Q", "c", "1")
	    RUN("a:b:X", "a", "1") RUN("a:b:Y", "a", "1")
	    RUN("a:c:X", "d", "1") RUN("chest:Edema", "a", "1")
	    RUN("chest:Edema", "b", "1") RUN("chest:Mass", "a", "1")
	    RUN("chest:Mass", "b", "1") RUN("lone:Z", "e", "1")
	    "chest:Size\ta\t1\t\ttest\t1\t\tbig\tsmall\n",
	    "(P Q cc) a:b(X Y aa) chest(Edema Mass abab) ",
	    "findings of one task, of which there are several");
	are_finding_sets(ARM_HEADER RUN("t:A", "a", "1") RUN("t:B", "a", "1")
	    RUN("y", "b", "1") RUN("z", "b", "1"), "t(A B aa) (y z bb) ",
	    "with and without a name before the colon");
	are_finding_sets(ARM_HEADER RUN("t:A", "a", "1") RUN("t:A", "a", "2")
	    RUN("t:B", "a", "1") RUN("t:B", "a", "3"),
	    "p.tsv: task \"t:B\" does not have the same arms and training "
	    "seeds as task \"t:A\": give predictions of all findings, or "
	    "leave out --mean-over-findings", "other seeds");
	are_finding_sets(ARM_HEADER RUN("t:A", "a", "1") RUN("t:B", "a", "1")
	    RUN("t:B", "b", "1"),
	    "p.tsv: task \"t:B\" does not have the same arms and training "
	    "seeds as task \"t:A\": give predictions of all findings, or "
	    "leave out --mean-over-findings", "an arm more");
}

/* --- Operating points ----------------------------------------------------- */

static const char scores[] = "task\tarm\tmodel\tsplit\tid\tlabel\tp:x\tp:y\t"
    "p:z\n"
    "t\ta\tm\ttest\t1\tx\t0.25\t0.5\t0.25\n"
    "t\ta\tm\ttest\t2\ty\t0.125\t0.75\t0.125\n"
    "t\ta\tm\ttest\t3\tz\t0.5\t0.25\t0.25\n"
    "t\ta\tm\ttest\t4\tx\t0.0625\t0.5\t0.4375\n";

/* Of three classes, that of the threshold and the others are left. */
static void
test_threshold_of_three(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_runs *r;
	struct mc_err err;

	options.threshold = "t.tsv";
	write_file("t.tsv", "task\tarm\tmodel\tsplit\tclass\tthreshold\t"
	    "replicate\nt\ta\t\tval\tx\t0.3\t2\nt\ta\t\tval\tx\t0.25\t0\n"
	    "t\ta\t\tval\tx\t\t1\n");
	r = read_text(scores, &options);
	x = sample_of(r, 0);
	tap_int((long long)x.s.n_classes, 2, "two classes are left");
	tap_str(x.s.classes[0], "x", "that of the threshold");
	tap_str(x.s.classes[1], "not x", "and the others");
	is_list(x.s.label, 4, "0 1 1 0", "labels");
	is_list(x.s.predicted, 4, "0 1 0 1", "at or above the threshold");
	TEST(x.s.p[0] == 0.25 && x.s.p[1] == 0.75 && x.s.p[7] == 0.9375);
	tap_int(x.positive, 0, "it is the positive one");
	TEST(x.s.threshold->at == 0.25 && x.s.threshold->of == 0);
	TEST(isnan(x.s.threshold->replicates[0]) && x.s.threshold->replicates[1] == 0.3);
	mc_run_sample_clear(&x);
	tap_int(mc_runs_check_replicates(r, 2, &err), MC_OK, "as many");
	tap_int(mc_runs_check_replicates(r, 3, &err), MC_EUSAGE, "too many");
	mc_runs_free(r);
}

/* The log odds of the others are those of the class turned round. */
static void
test_threshold_odds(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_runs *r;

	options.threshold = "t.tsv";
	write_file("t.tsv", "split\tclass\tthreshold\nval\tz\t0.3\n");
	r = read_text("id\tlabel\tp:x\tp:y\tp:z\to:x\to:y\to:z\n"
	    "1\tx\t0.25\t0.5\t0.25\t-1.0986122886681098\t0\t"
	    "-1.0986122886681098\n"
	    "2\tz\t0.125\t0.125\t0.75\t-1.9459101490553132\t"
	    "-1.9459101490553132\t1.0986122886681098\n", &options);
	x = sample_of(r, 0);
	TEST(x.s.o[0] < -1 && x.s.o[1] == -x.s.o[0]);
	TEST(x.s.o[2] > 1 && x.s.o[3] == -x.s.o[2]);
	mc_run_sample_clear(&x);
	mc_runs_free(r);
}

/* A threshold of any model is for one model, and the other way round. */
static void
test_threshold_optional(void)
{
	static const char *const tables[] = {
		"arm\tmodel\tfeatures\tsplit\tclass\tthreshold\n"
		    "a\tm\tf\tval\ty\t0.25\n",
		"arm\tmodel\tfeatures\tsplit\tclass\tthreshold\n"
		    "a\t\t\tval\ty\t0.25\n"
	};
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_runs *r;
	size_t i;

	options.threshold = "t.tsv";
	for (i = 0; i < 2; i++) {
		write_file("t.tsv", tables[i]);
		r = read_text(i == 0 ? "arm\tid\tlabel\tp:x\tp:y\n"
		    "a\t1\tx\t0.75\t0.25\na\t2\ty\t0.5\t0.5\n" :
		    "arm\tmodel\tfeatures\tid\tlabel\tp:x\tp:y\n"
		    "a\tm\tf\t1\tx\t0.75\t0.25\n"
		    "a\tm\tf\t2\ty\t0.5\t0.5\n", &options);
		x = sample_of(r, 0);
		TEST(x.s.threshold->at == 0.25);
		mc_run_sample_clear(&x);
		mc_runs_free(r);
	}
}

static void
test_threshold_of_two(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_run_sample x;
	struct mc_runs *r;
	struct mc_err err;

	options.threshold = "t.tsv";
	write_file("t.tsv", "split\tclass\tthreshold\nval\ty\t0.25\n");
	r = read_text("id\tlabel\tp:x\tp:y\n1\tx\t0.75\t0.25\n"
	    "2\ty\t0.875\t0.125\n3\ty\t0.5\t0.5\n", &options);
	x = sample_of(r, 0);
	is_list(x.s.label, 3, "0 1 1", "labels as they are");
	is_list(x.s.predicted, 3, "1 0 1", "by the threshold of y");
	tap_int(x.positive, 1, "y is positive");
	TEST(x.s.threshold->replicates == NULL && x.own.p == NULL);
	mc_run_sample_clear(&x);
	tap_int(mc_runs_check_replicates(r, 3, &err), MC_OK, "no replicates");
	mc_runs_free(r);
}

static void
test_threshold_errors(void)
{
	static const struct {
		const char *rows, *wanted;
		enum mc_status status;
	} bad[] = {
		{ "t\tb\t\tval\tx\t0.5\t\n", "t.tsv: no threshold for task "
		    "\"t\", arm \"a\": choose it with mc-threshold", MC_EDATA },
		{ "t\ta\tn\tval\tx\t0.5\t\n", "t.tsv: no threshold for task "
		    "\"t\", arm \"a\": choose it with mc-threshold", MC_EDATA },
		{ "t\ta\t\tval\tq\t0.5\t\n", "t.tsv: \"q\" is not a class of "
		    "task \"t\"", MC_EDATA },
		{ "t\ta\t\tval\tx\t0.5\t0\nt\ta\t\tval\tx\t0.5\t2\n",
		    "t.tsv:3: replicate 2 among 2 rows of the same arm: some "
		    "are missing", MC_EDATA },
		{ "t\ta\t\tval\tx\t0.5\t\nt\ta\t\tval\ty\t0.5\t1\n",
		    "t.tsv:3: column \"class\": \"y\", but another row of the "
		    "same arm has \"x\"", MC_EDATA },
		{ "t\ta\t\tval\tx\t0.5\t\nt\ta\t\tval\tx\t0.5\t0\n",
		    "t.tsv:3: the threshold of task \"t\", arm \"a\", "
		    "replicate 0, is also at t.tsv:2", MC_EDATA },
	};
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	size_t i;

	options.threshold = "t.tsv";
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char *text = mc_xasprintf("task\tarm\tmodel\tsplit\tclass\t"
		    "threshold\treplicate\n%s", bad[i].rows);

		write_file("t.tsv", text);
		free(text);
		is_refused(scores, &options, bad[i].status, bad[i].wanted);
	}
	options.positive = "y";
	write_file("t.tsv", "task\tarm\tsplit\tclass\tthreshold\n"
	    "t\ta\tval\tx\t0.5\n");
	is_refused(scores, &options, MC_EUSAGE, "--positive: \"y\", but the "
	    "thresholds of t.tsv are of class \"x\"");
	options.positive = NULL;
	is_refused(people, &options, MC_EDATA,
	    "p.tsv:2: no p: columns, which --threshold needs");
	write_file("t.tsv", "task\tarm\tsplit\tclass\tthreshold\treplicate\n"
	    "t\ta\tval\tx\t0.5\t\nt\tb\tval\tx\t0.5\t\nt\tb\tval\tx\t0.5\t1\n");
	is_refused("task\tarm\tsplit\tid\tlabel\tp:x\tp:y\n"
	    "t\ta\ttest\t1\tx\t0.5\t0.5\nt\tb\ttest\t1\tx\t0.5\t0.5\n",
	    &options, MC_EDATA, "t.tsv: 1 replicates for arm \"b\", but 0 for "
	    "another: give each arm as many");
	write_file("t.tsv", "split\tclass\tthreshold\nval\tx\t0.5\n");
	is_refused("split\tid\tlabel\tp:x\tp:y\nval\t1\tx\t0.5\t0.5\n",
	    &options, MC_EDATA, "t.tsv:2: chosen on the rows of split \"val\", "
	    "and not for use on them: give only predictions of another split");
	write_file("t.tsv", "task\tarm\tsplit\tclass\tthreshold\n"
	    "t\ta\tval\tx\t0.5\nt\tb\tval\ty\t0.5\n");
	is_refused("task\tarm\tsplit\tid\tlabel\tp:x\tp:y\n"
	    "t\ta\ttest\t1\tx\t0.5\t0.5\nt\tb\ttest\t1\tx\t0.5\t0.5\n",
	    &options, MC_EDATA, "t.tsv: of task \"t\" some thresholds are of "
	    "class \"x\", others of \"y\"");
}

/* --- Arms ----------------------------------------------------------------- */

/* Make the arms of the first set of TEXT; the error's text goes to ERR. */
static enum mc_status
make_arms(const char *text, const struct mc_runs_options *options, bool alone,
    struct mc_runs **r, struct mc_arms *arms, struct mc_err *err)
{
	enum mc_status status;
	struct mc_run_set *sets;
	size_t n;

	*r = read_text(text, options);
	sets = mc_runs_sets(*r, mc_keys_with(MC_KEY_OF_ARM), &n);
	status = mc_arms_make(arms, *r, &sets[0], NULL, alone, err);
	free(sets);
	return status;
}

static void
arms_refused(const char *text, const char *wanted)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err = { .text = "" };

	tap_int(make_arms(text, &options, false, &r, &arms, &err), MC_EDATA,
	    "refused");
	tap_str(err.text, wanted, "with this message");
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

static void
test_arms(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;
	size_t of[3];

	options.by = "sex";
	tap_int(make_arms("arm\tmodel\tregime\ttrain_seed\tid\tlabel\t"
	    "predicted\tsex\n"
	    "b\tm\tr\t1\t1\tx\ty\tF\nb\tm\tr\t1\t2\ty\ty\tM\n"
	    "b\tm\tr\t2\t1\tx\tx\tF\nb\tm\tr\t2\t2\ty\tx\tM\n"
	    "\tm\tr\t\t1\tx\tx\tF\n\tm\tr\t\t2\ty\ty\tM\n"
	    "\tm\t\t\t1\tx\tx\tF\n\tm\t\t\t2\ty\ty\tM\n", &options, false,
	    &r, &arms, &err), MC_OK, "three arms");
	tap_int((long long)arms.n, 3, "are three");
	tap_str(arms.name[0], "b", "by their column,");
	tap_str(arms.name[1], "m", "their model");
	tap_str(arms.name[2], "m/r", "or model and regime");
	tap_int((long long)arms.n_groups, 3, "all, F and M");
	tap_int((long long)arms.side[0].n, 2, "two seeds of b");
	tap_int((long long)arms.side[2].n, 1, "one of m/r");
	TEST(arms.side[0].seeds[0]->predicted[0] == 1 &&
	    arms.side[0].seeds[1]->predicted[0] == 0);
	/* Arm b on M, its second seed: one image, y, predicted as x. */
	TEST(arms.side[6].n == 2 && arms.side[6].seeds[1]->n == 1 &&
	    arms.side[6].seeds[1]->label[0] == 1 &&
	    arms.side[6].seeds[1]->predicted[0] == 0);
	tap_str(arms.first[2].subgroup, "sex=M", "the second subgroup");
	tap_int((long long)mc_arms_find(&arms, "m/r"), 2, "found");
	tap_int((long long)mc_arms_find(&arms, "q"), 3, "not found");
	tap_int(mc_arms_reference(&arms, NULL, of, &err), MC_OK, "none");
	TEST(of[0] == 3 && of[1] == 3 && of[2] == 3);
	tap_int(mc_arms_reference(&arms, "m", of, &err), MC_OK, "a reference");
	TEST(of[0] == 1 && of[1] == 1 && of[2] == 1);
	tap_int(mc_arms_reference(&arms, "q", of, &err), MC_EUSAGE,
	    "an unknown reference");
	TEST(mc_arms_same_share(&arms, 0, 2));
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

static void
test_arms_errors(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;

	arms_refused("task\tarm\tid\tlabel\tpredicted\nt\ta\t1\tx\ty\n",
	    "p.tsv: task \"t\" has only one arm, \"a\": also give the "
	    "predictions of another");
	arms_refused("arm\tid\tlabel\tpredicted\n\t1\tx\ty\na\t1\tx\ty\n",
	    "p.tsv:2: column \"arm\": empty, and so are model and regime: "
	    "name what is compared");
	arms_refused("task\tarm\tmodel\tid\tlabel\tpredicted\n"
	    "t\ta\tm\t1\tx\ty\nt\ta\tn\t1\tx\ty\nt\tb\tn\t1\tx\ty\n",
	    "p.tsv:3: arm \"a\" of task \"t\" has model \"n\", but \"m\" at "
	    "p.tsv:2: give each a name of its own in the column arm "
	    "(mc-train --arm)");
	arms_refused("task\tarm\tmodel\tregime\ttrain_seed\tid\tlabel\t"
	    "predicted\nt\t\tm\tr\t1\t1\tx\ty\nt\tm/r\tm\tr\t2\t1\tx\ty\n"
	    "t\tz\tm\tr\t1\t1\tx\ty\n", "p.tsv:3: arm \"m/r\" of task "
	    "\"t\" has arm \"m/r\", but \"\" at p.tsv:2: give each a name of "
	    "its own in the column arm (mc-train --arm)");
	arms_refused("arm\tid\tlabel\tpredicted\na\t1\tx\ty\nb\t2\tx\ty\n",
	    "p.tsv:2: arm \"b\" lacks 1 of the 1 images of arm \"a\", such as "
	    "id \"1\": arms must have the same images");
	tap_int(make_arms("id\tlabel\tpredicted\n1\tx\ty\n", &options, true,
	    &r, &arms, &err), MC_OK, "one alone needs no name");
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

static void
test_folds(void)
{
	static const char text[] = ARM_HEADER
	    "t\ta\t1\t1\ttest\t1\t\tx\ty\nt\ta\t1\t2\ttest\t2\t\tx\ty\n";
	static const char other_seed[] = ARM_HEADER
	    "t\ta\t1\t1\ttest\t1\t\tx\ty\nt\ta\t2\t2\ttest\t2\t\tx\ty\n";
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_runs *r;
	struct mc_err err;

	r = read_text(text, &options);
	tap_int(mc_arms_check_folds(r, &err), MC_EDATA, "two folds");
	tap_str(err.text, "p.tsv:3: task \"t\", split \"test\" has folds "
	    "\"1\" and \"2\": give --folds pool or --test corrected-t, or "
	    "compare one at a time",
	    "of one task");
	mc_runs_free(r);
	options.folds = MC_FOLDS_POOL;
	r = read_text(text, &options);
	tap_int(mc_arms_check_folds(r, &err), MC_OK, "pooled");
	mc_runs_free(r);
	r = read_text(other_seed, &options);
	tap_int(mc_arms_check_folds(r, &err), MC_EDATA, "seeds are no folds");
	tap_str(err.text, "p.tsv:3: task \"t\", split \"test\": --folds pool "
	    "finds no other fold to pool with \"2\": the folds of an arm must "
	    "agree in "
	    "model, regime, features, train_seed, weights and train_share",
	    "of an arm");
	mc_runs_free(r);
	r = read_text(ARM_HEADER "t\ta\t\t1\ttest\t1\t\tx\ty\n"
	    "t\tb\t\t\ttest\t1\t\tx\ty\n", &options);
	tap_int(mc_arms_check_folds(r, &err), MC_EDATA, "an arm without folds");
	tap_ok(strstr(err.text, "no other fold to pool with \"1\"") != NULL,
	    "the fold that there is is named");
	mc_runs_free(r);
}

/* --- Pairs ---------------------------------------------------------------- */

static const char three_arms[] = "arm\tid\tlabel\tpredicted\tsex\tage\n"
    "a\t1\tx\ty\tF\told\na\t2\ty\ty\tM\told\na\t3\ty\ty\tF\tyoung\n"
    "b\t1\tx\tx\tF\told\nb\t2\ty\tx\tM\told\nb\t3\ty\ty\tF\tyoung\n"
    "c\t1\tx\tx\tF\told\nc\t2\ty\ty\tM\told\nc\t3\ty\ty\tF\tyoung\n";

static void
is_pairs(const struct mc_arms *arms, const char *reference, bool gaps,
    const char *wanted, const char *what)
{
	struct mc_buf text = { 0 };
	struct mc_pair *pairs;
	struct mc_err err;
	size_t n, i;

	tap_int(mc_pairs_make(arms, reference, gaps, &pairs, &n, &err), MC_OK,
	    "%s", what);
	for (i = 0; i < n; i++)
		mc_buf_printf(&text, "%zu-%zu:%zu%s ", pairs[i].a, pairs[i].b,
		    pairs[i].family, pairs[i].same_arm ? "g" : "");
	tap_str(text.data, wanted, "%s", what);
	mc_buf_free(&text);
	free(pairs);
}

static void
test_pairs(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_pair *pairs;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;
	size_t n;

	/* Groups 1 and 2 are F and M, 3 and 4 old and young. */
	options.by = "sex,age";
	if (make_arms(three_arms, &options, false, &r, &arms, &err) != MC_OK)
		abort();
	is_pairs(&arms, NULL, false, "0-1:0 0-2:0 1-2:0 3-4:1 3-5:1 4-5:1 "
	    "6-7:1 6-8:1 7-8:1 9-10:1 9-11:1 10-11:1 12-13:1 12-14:1 13-14:1 ",
	    "every two arms in every group");
	is_pairs(&arms, "b", true, "0-1:0 2-1:0 3-4:1 5-4:1 6-7:1 8-7:1 "
	    "9-10:1 11-10:1 12-13:1 14-13:1 "
	    "3-6:2g 9-12:2g 4-7:3g 10-13:3g 5-8:4g 11-14:4g ",
	    "every other arm, and gaps within a term");
	tap_int(mc_pairs_make(&arms, "q", false, &pairs, &n, &err), MC_EUSAGE,
	    "an unknown reference");
	TEST(pairs == NULL);
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

/* Arms of shares are compared within a share, or with one that is named. */
static void
test_share_pairs(void)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_pair *pairs;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;
	size_t n;

	if (make_arms("arm\ttrain_share\tid\tlabel\tpredicted\n"
	    "a\t10\t1\tx\ty\na\t50.0\t1\tx\tx\nb\t10\t1\tx\tx\n"
	    "b\t50\t1\tx\ty\nc\t\t1\tx\ty\n", &options, false, &r, &arms,
	    &err) != MC_OK)
		abort();
	tap_str(arms.name[1], "a@50", "the share is part of the name");
	tap_str(arms.name[4], "c", "where there is one");
	TEST(strcmp(arms.share[1], "50") == 0 && *arms.share[4] == '\0');
	is_pairs(&arms, NULL, false, "0-2:0 0-4:0 1-3:0 1-4:0 2-4:0 3-4:0 ",
	    "every two arms of a share, and one without a share with all");
	is_pairs(&arms, "b", false, "0-2:0 1-3:0 ",
	    "a reference of each share");
	is_pairs(&arms, "b@50", false, "0-3:0 1-3:0 2-3:0 4-3:0 ",
	    "a reference with its share");
	mc_arms_clear(&arms);
	mc_runs_free(r);
	if (make_arms("arm\ttrain_share\tid\tlabel\tpredicted\n"
	    "a\t10\t1\tx\ty\na\t50\t1\tx\tx\n", &options, false, &r, &arms,
	    &err) != MC_OK)
		abort();
	tap_int(mc_pairs_make(&arms, NULL, false, &pairs, &n, &err), MC_EUSAGE,
	    "one arm of two shares");
	tap_str(err.text, "task \"\": no two arms are of one train_share: "
	    "compare the others with one arm, as with --reference a@10",
	    "is compared with a reference");
	TEST(pairs == NULL);
	is_pairs(&arms, "a@50", false, "0-1:0 ", "that is done");
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

/* --- Families of tests ---------------------------------------------------- */

/* A difference of the first two arms in all images, with this p. */
static struct mc_difference
difference_of(const char *metric, size_t pair, enum mc_claim claim, double p)
{
	struct mc_metric_spec spec = { .metric = mc_metric_table,
	    .average = MC_NO_AVERAGE, .at = NAN };

	while (strcmp(spec.metric->name, metric) != 0)
		spec.metric++;
	return (struct mc_difference){ .spec = spec, .pair = pair,
	    .claim = claim, .difference = 0.25, .lo = 0, .hi = 0.5,
	    .method = "percentile", .test = "bootstrap", .p = p,
	    .p_max_t = p * 2, .resampled = true, .seed_sd_a = NAN,
	    .seed_sd_b = NAN };
}

/* The table, read back. */
static struct mc_rows *
written(struct mc_contrast_table *t)
{
	static char path[] = "d.tsv";
	char *const paths[] = { path };
	FILE *f = fopen(path, "w");
	struct mc_rows *rows;
	struct mc_err err;

	if (f == NULL)
		abort();
	mc_contrast_table_write(t, f);
	if (fclose(f) != 0 || mc_rows_read(&rows, &mc_differences_schema,
	    paths, 1, &err) != MC_OK)
		abort();
	return rows;
}

/* Adjust three p on all images, one of a subgroup and one that is NAN. */
static void
is_adjusted(enum mc_contrast_adjust adjust, bool one_family,
    const double wanted[5], int64_t tests, const char *what)
{
	const struct mc_compare_options plan = { .level = 0.95,
	    .margin = NAN, .how = { .replicates = 99 } };
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_contrast_table *t;
	const struct mc_differences_row *row;
	struct mc_difference d[5];
	struct mc_pair *pairs;
	struct mc_rows *rows;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;
	size_t n, i;

	options.by = "sex";
	if (make_arms(three_arms, &options, false, &r, &arms, &err) != MC_OK ||
	    mc_pairs_make(&arms, NULL, false, &pairs, &n, &err) != MC_OK)
		abort();
	d[0] = difference_of("accuracy", 0, MC_DIFFERENT, 0.01);
	d[1] = difference_of("accuracy", 1, MC_DIFFERENT, 0.04);
	d[2] = difference_of("accuracy", 2, MC_DIFFERENT, 0.03);
	d[3] = difference_of("accuracy", 3, MC_DIFFERENT, 0.02);
	d[4] = difference_of("accuracy", 2, MC_DIFFERENT, NAN);
	t = mc_contrast_table_alloc(&plan, 1, adjust, one_family);
	mc_contrast_table_add(t, &arms, pairs, d, 5);
	rows = written(t);
	for (i = 0; i < 5; i++) {
		row = mc_rows_get(rows, i);
		if (isnan(wanted[i]))
			tap_ok(isnan(row->p_adjusted), "%s: none", what);
		else
			tap_near(row->p_adjusted, wanted[i], 1e-12, "%s: %zu",
			    what, i);
	}
	row = mc_rows_get(rows, 0);
	tap_int(row->n_tests, tests, "%s: tests", what);
	row = mc_rows_get(rows, 4);
	tap_int(row->n_tests, -1, "%s: no p, no test", what);
	mc_rows_free(rows);
	mc_contrast_table_free(t);
	free(pairs);
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

static void
test_families(void)
{
	/* Holm: 3 x 0.01, 2 x 0.03, and no less for 0.04. */
	static const double holm[] = { 0.03, 0.06, 0.06, 0.02, NAN };
	/* All four: 4 x 0.01, 3 x 0.02, 2 x 0.03, 0.04. */
	static const double all[] = { 0.04, 0.06, 0.06, 0.06, NAN };
	/* Benjamini and Hochberg: 3 x 0.01, and 0.04 for 3/2 x 0.03. */
	static const double bh[] = { 0.03, 0.04, 0.04, 0.02, NAN };
	static const double max_t[] = { 0.02, 0.08, 0.06, 0.04, NAN };
	static const double none[] = { 0.01, 0.04, 0.03, 0.02, NAN };

	is_adjusted(MC_CONTRAST_HOLM, false, holm, 3, "holm");
	is_adjusted(MC_CONTRAST_HOLM, true, all, 4, "holm over all");
	is_adjusted(MC_CONTRAST_BH, false, bh, 3, "bh");
	is_adjusted(MC_CONTRAST_MAX_T, false, max_t, 3, "max-t");
	is_adjusted(MC_CONTRAST_NONE, false, none, 3, "none");
}

/* A metric is a family unless all are one; a claim always is. */
static void
test_family_keys(void)
{
	const struct mc_compare_options plan = { .level = 0.95,
	    .margin = 0.1, .how = { .replicates = 99 } };
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_contrast_table *t;
	struct mc_difference d[3];
	struct mc_pair *pairs;
	struct mc_rows *rows;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;
	int one_family;
	size_t n;

	if (make_arms(three_arms, &options, false, &r, &arms, &err) != MC_OK ||
	    mc_pairs_make(&arms, NULL, false, &pairs, &n, &err) != MC_OK)
		abort();
	d[0] = difference_of("accuracy", 0, MC_DIFFERENT, 0.01);
	d[1] = difference_of("kappa", 0, MC_DIFFERENT, 0.02);
	d[2] = difference_of("accuracy", 0, MC_NOT_INFERIOR, 0.03);
	for (one_family = 0; one_family < 2; one_family++) {
		const struct mc_differences_row *row;

		t = mc_contrast_table_alloc(&plan, 1, MC_CONTRAST_HOLM,
		    one_family != 0);
		mc_contrast_table_add(t, &arms, pairs, d, 3);
		rows = written(t);
		row = mc_rows_get(rows, 0);
		tap_int(row->n_tests, 1 + one_family, "metrics");
		row = mc_rows_get(rows, 2);
		tap_int(row->n_tests, 1, "a claim is a family");
		tap_str(row->test, "noninferiority bootstrap", "its test");
		tap_near(row->margin, 0.1, 0, "its margin");
		tap_near(row->p_adjusted, 0.03, 0, "its p");
		mc_rows_free(rows);
		mc_contrast_table_free(t);
	}
	free(pairs);
	mc_arms_clear(&arms);
	mc_runs_free(r);
}

/* Patient B has images of both sexes, and three seeds stand against two. */
static void
test_counts(void)
{
	const struct mc_compare_options plan = { .level = 0.95,
	    .margin = NAN, .how = { .replicates = 99 } };
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	const struct mc_differences_row *row;
	struct mc_contrast_table *t;
	struct mc_buf text = { 0 };
	struct mc_difference d[4];
	struct mc_pair *pairs;
	struct mc_rows *rows;
	struct mc_runs *r;
	struct mc_arms arms;
	struct mc_err err;
	size_t n, i;

	mc_buf_puts(&text, "arm\ttrain_seed\tid\tgroup\tlabel\tpredicted\t"
	    "sex\n");
	for (i = 0; i < 5; i++) {
		const char *arm = i < 2 ? "a" : "b";

		mc_buf_printf(&text, "%s\t%zu\t1\tA\tx\ty\tF\n", arm, i);
		mc_buf_printf(&text, "%s\t%zu\t2\tB\ty\ty\tF\n", arm, i);
		mc_buf_printf(&text, "%s\t%zu\t3\tB\ty\ty\tM\n", arm, i);
		mc_buf_printf(&text, "%s\t%zu\t4\tB\tx\ty\tM\n", arm, i);
		mc_buf_printf(&text, "%s\t%zu\t5\tC\tx\ty\tM\n", arm, i);
	}
	options.by = "sex";
	if (make_arms(text.data, &options, false, &r, &arms, &err) != MC_OK ||
	    mc_pairs_make(&arms, NULL, true, &pairs, &n, &err) != MC_OK)
		abort();
	tap_int((long long)n, 5, "all, F, M and a gap of each arm");
	for (i = 0; i < 4; i++)
		d[i] = difference_of("accuracy", i, MC_DIFFERENT, 0.5);
	t = mc_contrast_table_alloc(&plan, 1, MC_CONTRAST_NONE, false);
	mc_contrast_table_add(t, &arms, pairs, d, 4);
	rows = written(t);
	row = mc_rows_get(rows, 0);
	TEST(row->n_images == 5 && row->n_units == 3);
	tap_int(row->seeds, 2, "the fewer seeds of two arms");
	row = mc_rows_get(rows, 2);
	tap_str(row->subgroup, "sex=M", "a subgroup");
	TEST(row->n_images == 3 && row->n_units == 2);
	row = mc_rows_get(rows, 3);
	tap_str(row->subgroup, "sex=F - sex=M", "a gap");
	TEST(row->n_images == 5 && row->n_units == 3);
	mc_rows_free(rows);
	mc_contrast_table_free(t);
	free(pairs);
	mc_arms_clear(&arms);
	mc_runs_free(r);
	mc_buf_free(&text);
}

/* --- Ranks over tasks ----------------------------------------------------- */

/*
 * Add N tasks in which arm a is right on all three images, b on two and c on
 * one; where THIRD is not NULL, the last task calls c so.
 */
static enum mc_status
add_tasks(struct mc_contrast_table *t, size_t n, const char *third,
    struct mc_err *err)
{
	struct mc_runs_options options = MC_RUNS_DEFAULTS;
	const struct mc_metric_spec specs[] = {
		difference_of("accuracy", 0, MC_DIFFERENT, 0.5).spec,
		difference_of("brier", 0, MC_DIFFERENT, 0.5).spec
	};
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++) {
		const char *c = third != NULL && i == n - 1 ? third : "c";
		struct mc_runs *r;
		struct mc_arms arms;
		char *text;

		text = mc_xasprintf("task\tarm\tid\tlabel\tp:x\tp:y\n"
		    "%zu\ta\t1\tx\t0.75\t0.25\n%zu\ta\t2\ty\t0.25\t0.75\n"
		    "%zu\ta\t3\ty\t0.25\t0.75\n%zu\tb\t1\tx\t0.75\t0.25\n"
		    "%zu\tb\t2\ty\t0.75\t0.25\n%zu\tb\t3\ty\t0.25\t0.75\n"
		    "%zu\t%s\t1\tx\t0.75\t0.25\n%zu\t%s\t2\ty\t0.75\t0.25\n"
		    "%zu\t%s\t3\ty\t0.75\t0.25\n",
		    i, i, i, i, i, i, i, c, i, c, i, c);
		if (make_arms(text, &options, false, &r, &arms, err) != MC_OK)
			abort();
		status = mc_contrast_table_add_task(t, &arms, specs, 2, err);
		mc_arms_clear(&arms);
		mc_runs_free(r);
		free(text);
	}
	return status;
}

static void
test_ranks(void)
{
	const struct mc_compare_options plan = { .level = 0.95,
	    .margin = NAN };
	struct mc_contrast_table *t;
	const struct mc_differences_row *row;
	struct mc_rows *rows;
	struct mc_err err;

	t = mc_contrast_table_alloc(&plan, 1, MC_CONTRAST_HOLM, false);
	tap_int(add_tasks(t, 6, NULL, &err), MC_OK, "six tasks");
	tap_int(mc_contrast_table_rank(t, &err), MC_OK, "are ranked");
	rows = written(t);
	tap_int((long long)mc_rows_count(rows), 8, "a test and 3 pairs each");
	row = mc_rows_get(rows, 0);
	tap_str(row->test, "friedman", "Friedman's");
	TEST(isnan(row->difference) && row->p == 0 && row->p_adjusted == 0);
	/* All tasks rank a, b, c as 1, 2, 3. */
	row = mc_rows_get(rows, 1);
	tap_near(row->difference, -1, 0, "a is one rank ahead of b");
	row = mc_rows_get(rows, 2);
	tap_near(row->difference, -2, 0, "and two of c");
	tap_str(row->test, "nemenyi", "Nemenyi's");
	tap_int(row->n_tests, 3, "among three");
	/* Demsar (2006), table 5: q = 2.343 of three arms; exactly so wide. */
	tap_near(row->hi - row->difference, 2.343 * sqrt(3 * 4 / (6. * 6)),
	    5e-4, "the critical difference");
	row = mc_rows_get(rows, 5);
	tap_str(row->metric, "rank of brier", "a loss");
	tap_near(row->difference, -1, 0, "is the better the lower it is");
	mc_rows_free(rows);
	mc_contrast_table_free(t);
}

static void
test_ranks_errors(void)
{
	const struct mc_compare_options plan = { .level = 0.95,
	    .margin = NAN };
	struct mc_contrast_table *t;
	struct mc_err err;

	t = mc_contrast_table_alloc(&plan, 1, MC_CONTRAST_HOLM, false);
	tap_int(add_tasks(t, 5, NULL, &err), MC_OK, "five tasks");
	tap_int(mc_contrast_table_rank(t, &err), MC_EDATA, "are too few");
	tap_str(err.text, "--friedman needs 6 tasks and 3 arms, not 5 and 3",
	    "which is said");
	mc_contrast_table_free(t);
	t = mc_contrast_table_alloc(&plan, 1, MC_CONTRAST_HOLM, false);
	tap_int(add_tasks(t, 2, "d", &err), MC_EDATA, "another arm");
	tap_str(err.text, "--friedman ranks the same arms in every task, and "
	    "task \"1\" has no \"c\"", "is named");
	mc_contrast_table_free(t);
}

int
main(void)
{
	test_pool();
	test_pool_without_o();
	test_pool_keys();
	test_pool_errors();
	test_subgroups();
	test_subgroup_rows();
	test_subgroup_run();
	test_grouping();
	test_options();
	test_units();
	test_positive();
	test_same();
	test_sets();
	test_finding_sets();
	test_threshold_of_three();
	test_threshold_odds();
	test_threshold_optional();
	test_threshold_of_two();
	test_threshold_errors();
	test_arms();
	test_arms_errors();
	test_folds();
	test_pairs();
	test_share_pairs();
	test_families();
	test_family_keys();
	test_counts();
	test_ranks();
	test_ranks_errors();
	return tap_done();
}
