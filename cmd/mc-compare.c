/* mc-compare - differences between arms, with their tests. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "options.h"
#include "stats/metric_list.h"
#include "study/arms.h"
#include "study/contrast_table.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	const char *metrics, *reference;
	int adjust;		/* enum mc_contrast_adjust */
	int family;		/* enum family */
	int method;		/* enum mc_test */
	int pairs;		/* not given, or 0: all */
	double margin;
	bool friedman, gaps, stratify;
};
enum family { FAMILY_METRIC, FAMILY_ALL };

#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "adjust", 0, NULL, "for the number of tests (default holm)",
	    MC_CHOICE, AT(adjust), 0, 0, mc_contrast_adjust_names },
	RUNS_BY(struct options, runs),
	RUNS_CLASSES(struct options, runs),
	{ "family", 0, NULL, "the tests that count together: of one task, "
	    "split and metric, or all (default metric)", MC_CHOICE,
	    AT(family), 0, 0, MC_WORDS("metric", "all") },
	{ "friedman", 0, NULL,
	    "rank the arms over all tasks too: Friedman and Nemenyi",
	    MC_FLAG, AT(friedman), 0, 0, NULL },
	{ "gaps", 0, NULL, "differences between the subgroups of --by too",
	    MC_FLAG, AT(gaps), 0, 0, NULL },
	RUNS_FOLDS(struct options, runs),
	RUNS_JOIN(struct options, runs),
	RUNS_KEY(struct options, runs),
	DRAWS_LEVEL(struct options, draws),
	{ "margin", 0, "X", "test non-inferiority and equivalence by X too",
	    MC_REAL, AT(margin), 1e-9, 1e9, NULL },
	{ "method", 0, NULL, "the test (default bootstrap)", MC_CHOICE,
	    AT(method), 0, 0,
	    MC_WORDS("bootstrap", "permutation", "mcnemar", "delong") },
	{ "metrics", 0, "LIST", "what to compare (default accuracy)",
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
	struct mc_contrast_table *result;
};

/* --- Arguments ------------------------------------------------------------ */

static enum mc_status
check_args(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	enum mc_status status;

	program->plan.level = opts->draws.level;
	program->plan.margin = opts->margin;
	program->plan.max_t = opts->adjust == MC_CONTRAST_MAX_T;
	program->plan.test = (enum mc_test)opts->method;
	if (opts->pairs != MC_NOT_GIVEN && opts->reference != NULL)
		return mc_err_set(err, MC_EUSAGE, "--pairs and --reference: "
		    "give one of them");
	if (opts->gaps && opts->runs.by == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--gaps are between the subgroups of --by");
	if (program->plan.max_t && (program->plan.test != MC_TEST_BOOTSTRAP ||
	    opts->family == FAMILY_ALL))
		return mc_err_set(err, MC_EUSAGE, "--adjust max-t goes with "
		    "--method bootstrap and --family metric");
	if ((status = draws_check(&opts->draws, &program->plan.how, err)) != MC_OK)
		return status;
	return mc_metric_specs_parse(opts->metrics != NULL ? opts->metrics :
	    "accuracy", opts->runs.positive != NULL, &program->specs,
	    &program->n_specs, err);
}

/* --- Pairs ---------------------------------------------------------------- */

struct pairs {
	size_t n, cap;
	struct mc_pair *pair;
};

static void
add_pair(struct pairs *p, size_t a, size_t b, bool same_arm, size_t family)
{
	p->pair = mc_xgrow(p->pair, p->n, &p->cap, sizeof(*p->pair));
	p->pair[p->n++] = (struct mc_pair){ a, b, same_arm, family };
}

/* The pairs of subgroups of one term, arm by arm; each arm is a family. */
static void
add_gaps(const struct mc_arms *arms, struct pairs *p)
{
	size_t g, h, a;

	for (a = 0; a < arms->n; a++) {
		for (g = 1; g < arms->n_groups; g++) {
			for (h = g + 1; h < arms->n_groups &&
			    arms->term[h] == arms->term[g]; h++)
				add_pair(p, g * arms->n + a,
				    h * arms->n + a, true,
				    MC_CONTRASTS_GAPS + a);
		}
	}
}

static enum mc_status
make_pairs(const struct program *program, const struct mc_arms *arms, struct pairs *p,
    struct mc_err *err)
{
	const char *name = program->opts->reference;
	size_t reference = name != NULL ? mc_arms_find(arms, name) : arms->n;
	size_t g, a, b;

	if (name != NULL && reference == arms->n)
		return mc_err_set(err, MC_EUSAGE, "--reference: task \"%s\" "
		    "has no arm \"%s\"", arms->task, name);
	for (g = 0; g < arms->n_groups; g++) {
		size_t at = g * arms->n, family = g == 0 ? MC_CONTRASTS_ALL :
		    MC_CONTRASTS_SUBGROUPS;

		for (a = 0; a < arms->n; a++) {
			if (name != NULL && a != reference)
				add_pair(p, at + a, at + reference, false,
				    family);
			for (b = a + 1; name == NULL && b < arms->n; b++)
				add_pair(p, at + a, at + b, false, family);
		}
	}
	if (program->opts->gaps)
		add_gaps(arms, p);
	return MC_OK;
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
			    "holds no spread between training seeds, and "
			    "\"%s\" has %zu: take holm", arms->name[a],
			    arms->side[a].n);
	}
	return MC_OK;
}

static enum mc_status
compare_arms(struct program *program, const struct mc_arms *arms, struct mc_err *err)
{
	const struct mc_run_sample *x = arms->first;
	struct mc_compare_options plan = program->plan;
	struct mc_difference *d = NULL;
	struct mc_strata *strata = NULL;
	struct mc_metric_spec *specs = NULL;
	struct pairs pairs = { 0 };
	enum mc_status status;
	size_t n = 0, n_specs;

	status = mc_metric_specs_expand(program->specs, program->n_specs,
	    x->s.n_classes, x->s.ordered, x->positive, &specs, &n_specs,
	    err);
	if (status == MC_OK)
		status = make_pairs(program, arms, &pairs, err);
	if (status == MC_OK)
		status = check_seeds(program, arms, err);
	if (status == MC_OK && program->opts->stratify)
		plan.how.strata = strata = mc_strata_alloc(&x->s);
	if (status == MC_OK)
		status = mc_compare(arms->side, arms->n * arms->n_groups,
		    pairs.pair, pairs.n, specs, n_specs, &plan, &d, &n,
		    err);
	if (status == MC_OK)
		mc_contrast_table_add(program->result, arms, pairs.pair, d, n);
	if (status == MC_OK && program->opts->friedman)
		status = mc_contrast_table_add_task(program->result, arms, specs,
		    n_specs, err);
	mc_compare_free(d, n);
	mc_strata_free(strata);
	free(pairs.pair);
	free(specs);
	return status;
}

/* The first of the N runs at SET that is of another fold than SET's first. */
static const struct mc_run *
other_fold(const struct mc_runs *c, const size_t *set, size_t n)
{
	const char *fold = mc_runs_at(c, set[0])->key[MC_KEY_FOLD];
	size_t i;

	for (i = 1; i < n; i++) {
		if (strcmp(mc_runs_at(c, set[i])->key[MC_KEY_FOLD], fold) != 0)
			return mc_runs_at(c, set[i]);
	}
	return NULL;
}

/* A, which is not of the fold of B, in the same task and split. */
static enum mc_status
wrong_fold(const struct mc_run *a, const struct mc_run *b, bool pooled,
    struct mc_err *err)
{
	const char *x = a->key[MC_KEY_FOLD], *y = b->key[MC_KEY_FOLD];

	if (pooled)
		return mc_err_at(err, MC_EDATA, mc_run_file(b, 0),
		    b->rows[0].line, "task \"%s\", split \"%s\": --folds pool "
		    "joins no other fold to \"%s\": the folds of an arm must "
		    "agree in model, regime, features, train_seed and weights",
		    a->key[MC_KEY_TASK], a->key[MC_KEY_SPLIT],
		    *y != '\0' ? y : x);
	return mc_err_at(err, MC_EDATA, mc_run_file(b, 0), b->rows[0].line,
	    "task \"%s\", split \"%s\" has folds \"%s\" and \"%s\": give "
	    "--folds pool, or compare one at a time", a->key[MC_KEY_TASK],
	    a->key[MC_KEY_SPLIT], x, y);
}

/*
 * Folds have no place in the table of differences: those of a task and split
 * would be counted as so many tests, and so many tasks.
 */
static enum mc_status
check_folds(const struct mc_runs *c, bool pooled, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t *order, *first, n, i;

	mc_runs_sets(c, mc_keys_with(MC_KEY_OF_ARM) | 1u << MC_KEY_FOLD,
	    &order, &first, &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		const size_t *set = order + first[i];
		const struct mc_run *a = mc_runs_at(c, set[0]), *b =
		    other_fold(c, set, first[i + 1] - first[i]);

		if (b != NULL)
			status = wrong_fold(a, b, pooled, err);
	}
	free(order);
	free(first);
	return status;
}

static enum mc_status
compare_all(struct program *program, struct mc_err *err)
{
	enum mc_status status = check_folds(program->runs,
	    program->opts->runs.folds == MC_FOLDS_POOL, err);
	size_t *order, *first, n, i;

	mc_runs_sets(program->runs, mc_keys_with(MC_KEY_OF_ARM), &order,
	    &first, &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		struct mc_arms arms;

		status = mc_arms_make(&arms, program->runs, order + first[i],
		    first[i + 1] - first[i], program->opts->gaps, err);
		if (status == MC_OK)
			status = compare_arms(program, &arms, err);
		mc_arms_clear(&arms);
		tool_progress("tasks", (int64_t)i + 1, (int64_t)n);
	}
	free(order);
	free(first);
	return status;
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
run_program(struct program *program, char *const *paths, size_t n, struct mc_err *err)
{
	const struct options *opts = program->opts;
	struct mc_out *out = NULL;
	enum mc_status status;

	if ((status = check_args(program, err)) != MC_OK)
		return status;
	program->result = mc_contrast_table_alloc(&program->plan,
	    opts->draws.seed, (enum mc_contrast_adjust)opts->adjust,
	    opts->family == FAMILY_ALL);
	status = runs_read(&program->runs, &opts->runs, paths, n, err);
	if (status == MC_OK)
		status = compare_all(program, err);
	if (status == MC_OK && opts->friedman)
		status = mc_contrast_table_rank(program->result, err);
	if (status == MC_OK)
		status = mc_out_open(&out, opts->common.output, err);
	if (status != MC_OK)
		return status;
	mc_contrast_table_write(program->result, mc_out_file(out));
	return mc_out_commit(out, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = RUNS_DEFAULTS,
	    .draws = DRAWS_DEFAULTS, .margin = NAN, .pairs = MC_NOT_GIVEN };
	struct program program = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&program, argv + operands, (size_t)(argc - operands),
	    &err);
	mc_contrast_table_free(program.result);
	mc_runs_free(program.runs);
	free(program.specs);
	return tool_end(status, &err);
}
