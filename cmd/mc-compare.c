/* mc-compare - compare arms, with intervals and tests. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "options.h"
#include "stats/difference_test.h"
#include "stats/metric_list.h"
#include "study/arms.h"
#include "study/contrast_table.h"
#include "study/finding_arms.h"
#include "study/pairs.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	const char *metrics, *reference;
	int adjust;		/* enum mc_contrast_adjust */
	int family;		/* enum family */
	int pairs;		/* not given, or 0: all */
	int test, method;	/* indices of mc_tests; the former name */
	double margin;
	bool friedman, gaps, mean_over_findings, stratify;
	const char *of_draws;	/* an option that was given and is of replicates
				   alone, or NULL */
};
enum family { FAMILY_METRIC, FAMILY_ALL };

#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "adjust", 0, NULL, "multiple-testing correction (default holm)",
	    MC_CHOICE, AT(adjust), 0, 0, mc_contrast_adjust_names },
	RUNS_BY(struct options, runs),
	RUNS_CLASSES(struct options, runs),
	{ "family", 0, NULL, "scope of the correction: one task, split and "
	    "metric, or all (default metric)", MC_CHOICE,
	    AT(family), 0, 0, MC_WORDS("metric", "all") },
	RUNS_FOLDS(struct options, runs),
	{ "friedman", 0, NULL,
	    "also rank the arms over all tasks (Friedman, Nemenyi)",
	    MC_FLAG, AT(friedman), 0, 0, NULL },
	{ "gaps", 0, NULL, "also compare subgroups of --by with each other",
	    MC_FLAG, AT(gaps), 0, 0, NULL },
	RUNS_JOIN(struct options, runs),
	RUNS_KEY(struct options, runs),
	DRAWS_LEVEL(struct options, draws),
	{ "margin", 0, "X", "also test non-inferiority and equivalence with "
	    "margin X",
	    MC_REAL, AT(margin), 1e-9, 1e9, NULL },
	{ "mean-over-findings", 0, NULL, "also compare the means over the "
	    "tasks TASK:FINDING of multi-label data", MC_FLAG,
	    AT(mean_over_findings), 0, 0, NULL },
	{ "method", 0, NULL, "former name of --test", MC_CHOICE, AT(method),
	    0, 0, mc_test_names },
	{ "metrics", 0, "LIST", "metrics to compare (default accuracy)",
	    MC_STRING, AT(metrics), 0, 0, NULL },
	{ "pairs", 0, NULL, "compare all pairs of arms (the default)",
	    MC_CHOICE, AT(pairs), 0, 0, MC_WORDS("all") },
	RUNS_POSITIVE(struct options, runs),
	{ "reference", 0, "ARM", "compare every other arm with this one",
	    MC_STRING, AT(reference), 0, 0, NULL },
	DRAWS_REPLICATES_OPT(struct options, draws),
	DRAWS_SEED(struct options, draws),
	{ "stratify", 0, NULL, "resample within the classes of the units",
	    MC_FLAG, AT(stratify), 0, 0, NULL },
	{ "test", 0, NULL, "test (default bootstrap, or corrected-t where the "
	    "seeds of an arm have other test images)", MC_CHOICE, AT(test),
	    0, 0, mc_test_names },
	DRAWS_THREADS(struct options, draws),
	RUNS_UNIT(struct options, runs),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-compare",
	"[OPTION]... [PREDICTIONS]...",
	"Compare arms on the same images: differences, intervals and tests.",
	option_table, true
};

/* What run_program() works with. */
struct program {
	const struct options *opts;
	struct mc_compare_options plan;
	struct mc_metric_spec *specs;
	size_t n_specs;
	struct mc_runs *runs;
	bool chooses;		/* the test, which is not given, by the runs */
	struct mc_contrast_table *result;
};

/* --- Arguments ------------------------------------------------------------ */

/* What --mean-over-findings cannot be given with. */
static enum mc_status
check_mean(const struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;

	if (!program->plan.test->means)
		return mc_err_set(err, MC_EUSAGE, "--test %s has no mean over "
		    "findings: with --mean-over-findings use bootstrap "
		    "or permutation",
		    program->plan.test->name);
	if (opts->stratify)
		return mc_err_set(err, MC_EUSAGE, "--stratify draws within the "
		    "classes of one task: it cannot be given with "
		    "--mean-over-findings");
	if (opts->gaps)
		return mc_err_set(err, MC_EUSAGE, "--gaps compares subgroups "
		    "within one task: it cannot be given with "
		    "--mean-over-findings");
	return MC_OK;
}

/*
 * --stratify and others are of replicates, which not every test T draws.  The
 * numbers of replicates and seeds do no harm to a test that nobody named.
 */
static enum mc_status
check_draws(const struct program *program, const struct mc_test *t,
    struct mc_err *err)
{
	const char *option = program->opts->of_draws;

	if (t != program->plan.test && !program->opts->stratify)
		return MC_OK;
	return option == NULL || t->replicates ? MC_OK :
	    mc_err_set(err, MC_EUSAGE, "--%s: --test %s draws no replicates: "
	    "leave it out", option, t->name);
}

/* Note which options of replicates were given, and set the others. */
static void
take_draws(struct options *opts)
{
	struct draws_opts defaults = DRAWS_DEFAULTS;

	opts->of_draws = opts->stratify ? "stratify" : opts->draws.replicates !=
	    MC_NOT_GIVEN ? "replicates" : opts->draws.seed != MC_NOT_GIVEN ?
	    "seed" : NULL;
	if (opts->draws.replicates == MC_NOT_GIVEN)
		opts->draws.replicates = defaults.replicates;
	if (opts->draws.seed == MC_NOT_GIVEN)
		opts->draws.seed = defaults.seed;
}

static enum mc_status
check_args(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	enum mc_status status;
	int test;

	status = choice_renamed("test", opts->test, "method", opts->method,
	    mc_test_names, &test, err);
	if (status != MC_OK)
		return status;
	program->plan.test = &mc_tests[test];
	program->chooses = opts->test == MC_NOT_GIVEN &&
	    opts->method == MC_NOT_GIVEN && opts->runs.folds != MC_FOLDS_POOL;
	if (program->plan.test->sets && opts->runs.folds == MC_FOLDS_POOL)
		return mc_err_set(err, MC_EUSAGE, "--test %s takes each fold "
		    "as a test set: leave out --folds pool",
		    program->plan.test->name);
	program->plan.level = opts->draws.level;
	program->plan.margin = opts->margin;
	program->plan.max_t = opts->adjust == MC_CONTRAST_MAX_T;
	if (opts->pairs != MC_NOT_GIVEN && opts->reference != NULL)
		return mc_err_set(err, MC_EUSAGE, "--pairs and --reference: "
		    "give one of them");
	if (opts->gaps && opts->runs.by == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--gaps compares the subgroups of --by");
	if (program->plan.max_t && (!program->plan.test->max_t ||
	    opts->family == FAMILY_ALL))
		return mc_err_set(err, MC_EUSAGE, "--adjust max-t needs "
		    "--test bootstrap and --family metric");
	status = check_draws(program, program->plan.test, err);
	if (status == MC_OK && opts->mean_over_findings)
		status = check_mean(program, err);
	if (status == MC_OK)
		status = draws_check(&opts->draws, &program->plan.how, err);
	if (status != MC_OK)
		return status;
	return metrics_parse(opts->metrics, "accuracy",
	    opts->runs.positive != NULL, &program->specs, &program->n_specs,
	    err);
}

/* --- A task and split ----------------------------------------------------- */

/* max-T resamples patients, and has no place for what seeds add. */
static enum mc_status
check_seeds(const struct program *program, const struct mc_arms *arms,
    struct mc_err *err)
{
	size_t a;

	for (a = 0; program->plan.max_t && a < arms->n; a++) {
		if (arms->side[a].n > 1)
			return mc_err_set(err, MC_EUSAGE, "--adjust max-t "
			    "ignores the spread between training seeds, and "
			    "\"%s\" has %zu: use holm", arms->name[a],
			    arms->side[a].n);
	}
	return MC_OK;
}

/* The test for arms over several test sets. */
static const struct mc_test *
test_of_sets(void)
{
	const struct mc_test *t = mc_tests;

	while (!t->sets)
		t++;
	return t;
}

static enum mc_status
compare_arms(struct program *program, const struct mc_arms *arms,
    struct mc_err *err)
{
	const struct mc_run_sample *x = arms->first;
	struct mc_compare_options plan = program->plan;
	struct mc_difference *d = NULL;
	struct mc_strata *strata = NULL;
	struct mc_metric_spec *specs = NULL;
	struct mc_pair *pairs = NULL;
	enum mc_status status;
	size_t n = 0, n_pairs = 0, n_specs;

	plan.tasks = arms->tasks;
	if (arms->n_images > 0)
		plan.test = test_of_sets();
	status = check_draws(program, plan.test, err);
	if (status == MC_OK)
		status = mc_metric_specs_expand(program->specs,
		    program->n_specs, x->s.n_classes, x->s.ordered, x->positive,
		    &specs, &n_specs, err);
	if (status == MC_OK)
		status = mc_pairs_make(arms, program->opts->reference,
		    program->opts->gaps, &pairs, &n_pairs, err);
	if (status == MC_OK)
		status = check_seeds(program, arms, err);
	if (status == MC_OK && program->opts->stratify)
		plan.how.strata = strata = mc_strata_alloc(&x->s);
	if (status == MC_OK)
		status = mc_compare(arms->side, arms->n * arms->n_groups,
		    pairs, n_pairs, specs, n_specs, &plan, &d, &n, err);
	if (status == MC_OK)
		mc_contrast_table_add(program->result, arms, pairs, d, n);
	if (status == MC_OK && program->opts->friedman && arms->tasks.n == 0)
		status = mc_contrast_table_add_task(program->result, arms,
		    specs, n_specs, err);
	mc_compare_free(d, n);
	mc_strata_free(strata);
	free(pairs);
	free(specs);
	return status;
}

/*
 * Refuse runs of SET that were tested on different images, where the user names a
 * test for one test set; other faults of the runs are found later.
 */
static enum mc_status
check_one_set(const struct program *program, const struct mc_run_set *set,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_test_sets x;
	struct mc_err later;

	if (program->opts->runs.folds == MC_FOLDS_POOL)
		return MC_OK;
	if (mc_test_sets_find(&x, program->runs, set, &later) == MC_OK &&
	    mc_arms_over_sets(program->runs, set, &x))
		status = mc_err_set(err, MC_EUSAGE, "--test %s is for one test "
		    "set, and the training seeds of an arm were tested on "
		    "different images: use --test %s", program->plan.test->name,
		    test_of_sets()->name);
	mc_test_sets_clear(&x);
	return status;
}

/*
 * Find the test sets of the runs of SET, and whether they are compared over
 * them: where the user says so or, if the user names no test, where an arm has
 * several.
 */
static enum mc_status
find_test_sets(const struct program *program, const struct mc_run_set *set,
    struct mc_test_sets *x, bool *over, struct mc_err *err)
{
	enum mc_status status;

	*over = program->plan.test->sets;
	memset(x, 0, sizeof(*x));
	if (!*over && !program->chooses)
		return check_one_set(program, set, err);
	status = mc_test_sets_find(x, program->runs, set, err);
	if (status == MC_OK && !*over)
		*over = mc_arms_over_sets(program->runs, set, x);
	if (status == MC_OK && *over && program->opts->runs.by != NULL)
		status = mc_err_set(err, MC_EUSAGE, "--by: subgroups are not "
		    "compared over several test sets: leave it out, and give "
		    "the rows of one train_seed (or fold), or of one subgroup");
	return status;
}

/* Compare the arms of the runs of SET. */
static enum mc_status
compare_set(struct program *program, const struct mc_run_set *set,
    struct mc_err *err)
{
	struct mc_test_sets x;
	struct mc_arms arms = { 0 };
	bool over;
	enum mc_status status = find_test_sets(program, set, &x, &over, err);

	if (status == MC_OK)
		status = mc_arms_make(&arms, program->runs, set,
		    over ? &x : NULL, program->opts->gaps, err);
	if (status == MC_OK)
		status = compare_arms(program, &arms, err);
	mc_arms_clear(&arms);
	mc_test_sets_clear(&x);
	return status;
}

static enum mc_status
compare_all(struct program *program, struct mc_err *err)
{
	bool over = program->plan.test->sets;
	unsigned fold = over ? 1u << MC_KEY_FOLD : 0;
	enum mc_status status = over ? MC_OK :
	    mc_arms_check_folds(program->runs, err);
	struct mc_run_set *sets;
	size_t n, i;

	sets = mc_runs_sets(program->runs, mc_keys_with(MC_KEY_OF_ARM) | fold,
	    &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		status = compare_set(program, &sets[i], err);
		tool_progress("tasks", (int64_t)i + 1, (int64_t)n);
	}
	free(sets);
	return status;
}

/* --- Means over findings --------------------------------------------------- */

/* Compare the means over the findings of the runs of SET, adding to *FOUND. */
static enum mc_status
compare_findings(struct program *program, const struct mc_run_set *set,
    size_t *found, struct mc_err *err)
{
	struct mc_finding_set *findings;
	enum mc_status status;
	size_t n, i;

	status = mc_finding_sets_make(&findings, &n, program->runs, set,
	    mc_keys_with(MC_KEY_OF_ARM), err);
	for (i = 0; i < n && status == MC_OK; i++) {
		struct mc_finding_arms x;

		status = mc_finding_arms_make(&x, program->runs, &findings[i],
		    err);
		if (status == MC_OK)
			status = compare_arms(program, &x.arms, err);
		mc_finding_arms_clear(&x);
	}
	*found += n;
	mc_finding_sets_free(findings, n);
	return status;
}

static enum mc_status
compare_means(struct program *program, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, found = 0, i;

	sets = mc_runs_sets(program->runs, mc_keys_with(MC_KEY_OF_ARM) |
	    1u << MC_KEY_TASK, &n);
	for (i = 0; i < n && status == MC_OK; i++)
		status = compare_findings(program, &sets[i], &found, err);
	free(sets);
	return status != MC_OK || found > 0 ? status :
	    mc_finding_sets_none(err);
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct program *program = arg;

	(void)err;
	mc_contrast_table_write(program->result, f);
	return MC_OK;
}

static enum mc_status
run_program(struct program *program, char *const *paths, size_t n,
    struct mc_err *err)
{
	const struct options *opts = program->opts;
	enum mc_status status;

	if ((status = check_args(program, err)) != MC_OK)
		return status;
	program->result = mc_contrast_table_alloc(&program->plan,
	    opts->draws.seed, (enum mc_contrast_adjust)opts->adjust,
	    opts->family == FAMILY_ALL);
	status = runs_read(&program->runs, &opts->runs, paths, n, err);
	if (status == MC_OK)
		status = compare_all(program, err);
	if (status == MC_OK && opts->mean_over_findings)
		status = compare_means(program, err);
	if (status == MC_OK && opts->friedman)
		status = mc_contrast_table_rank(program->result, err);
	return status != MC_OK ? status : tool_write(opts->common.output,
	    write_output, program, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = MC_RUNS_DEFAULTS,
	    .draws = DRAWS_DEFAULTS, .margin = NAN, .pairs = MC_NOT_GIVEN,
	    .test = MC_NOT_GIVEN, .method = MC_NOT_GIVEN };
	struct program program = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	opts.draws.replicates = opts.draws.seed = MC_NOT_GIVEN;
	operands = tool_start(&prog, argc, argv, &opts);
	take_draws(&opts);
	status = run_program(&program, argv + operands,
	    (size_t)(argc - operands), &err);
	mc_contrast_table_free(program.result);
	mc_runs_free(program.runs);
	free(program.specs);
	return tool_end(status, &err);
}
