/* mc-compare - differences between arms, with their tests. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arms.h"
#include "base/mem.h"
#include "base/out.h"
#include "comparison.h"
#include "draws.h"

struct options {
	struct mc_common common;
	struct cells_opts cells;
	struct draws_opts draws;
	const char *adjust, *family, *method, *metrics, *pairs, *reference;
	double margin;
	bool friedman, gaps, stratify;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "adjust", 0, NULL, "for the number of tests (default holm)",
	    MC_CHOICE, AT(adjust), 0, 0, "holm|bh|max-t|none" },
	CELLS_BY(struct options, cells),
	CELLS_CLASSES(struct options, cells),
	{ "family", 0, NULL, "the tests that count together: of one task, "
	    "split and metric, or all (default metric)", MC_CHOICE,
	    AT(family), 0, 0, "metric|all" },
	{ "friedman", 0, NULL,
	    "rank the arms over all tasks too: Friedman and Nemenyi",
	    MC_FLAG, AT(friedman), 0, 0, NULL },
	{ "gaps", 0, NULL, "differences between the subgroups of --by too",
	    MC_FLAG, AT(gaps), 0, 0, NULL },
	CELLS_FOLDS(struct options, cells),
	CELLS_JOIN(struct options, cells),
	CELLS_KEY(struct options, cells),
	DRAWS_LEVEL(struct options, draws),
	{ "margin", 0, "X", "test non-inferiority and equivalence by X too",
	    MC_REAL, AT(margin), 1e-9, 1e9, NULL },
	{ "method", 0, NULL, "the test (default bootstrap)", MC_CHOICE,
	    AT(method), 0, 0, "bootstrap|permutation|mcnemar|delong" },
	{ "metrics", 0, "LIST", "what to compare (default accuracy)",
	    MC_STRING, AT(metrics), 0, 0, NULL },
	{ "pairs", 0, NULL, "compare all pairs of arms (the default)",
	    MC_CHOICE, AT(pairs), 0, 0, "all" },
	CELLS_POSITIVE(struct options, cells),
	{ "reference", 0, "ARM", "compare every other arm with this one",
	    MC_STRING, AT(reference), 0, 0, NULL },
	DRAWS_REPLICATES_OPT(struct options, draws),
	DRAWS_SEED(struct options, draws),
	{ "stratify", 0, NULL, "resample within the classes of the units",
	    MC_FLAG, AT(stratify), 0, 0, NULL },
	DRAWS_THREADS(struct options, draws),
	CELLS_UNIT(struct options, cells),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-compare",
	"[OPTION]... [PREDICTIONS]...",
	"Compare arms on the same images: differences, intervals and tests.",
	option_table, true
};

/* What run_program() works with. */
struct run {
	const struct options *opts;
	struct mc_comparing plan;
	struct mc_measure *measures;
	size_t n_measures;
	struct cells *cells;
	struct comparison *result;
};

/* --- Arguments ------------------------------------------------------------ */

static enum mc_status
check_args(struct run *run, struct mc_err *err)
{
	static const char *const tests[] = {
		[MC_TEST_BOOTSTRAP] = "bootstrap",
		[MC_TEST_PERMUTATION] = "permutation",
		[MC_TEST_MCNEMAR] = "mcnemar", [MC_TEST_DELONG] = "delong"
	};
	const struct options *opts = run->opts;
	enum mc_status status;
	int t;

	run->plan.level = opts->draws.level;
	run->plan.margin = opts->margin;
	run->plan.max_t = opts->adjust != NULL &&
	    strcmp(opts->adjust, "max-t") == 0;
	for (t = 0; opts->method != NULL &&
	    strcmp(opts->method, tests[t]) != 0; t++)
		;
	run->plan.test = (enum mc_test)t;
	if (opts->pairs != NULL && opts->reference != NULL)
		return mc_err_set(err, MC_EUSAGE, "--pairs and --reference: "
		    "give one of them");
	if (opts->gaps && opts->cells.by == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--gaps are between the subgroups of --by");
	if (run->plan.max_t && (run->plan.test != MC_TEST_BOOTSTRAP ||
	    (opts->family != NULL && strcmp(opts->family, "all") == 0)))
		return mc_err_set(err, MC_EUSAGE, "--adjust max-t goes with "
		    "--method bootstrap and --family metric");
	if ((status = draws_check(&opts->draws, &run->plan.how, err)) != MC_OK)
		return status;
	return mc_measures_parse(opts->metrics != NULL ? opts->metrics :
	    "accuracy", opts->cells.positive != NULL, &run->measures,
	    &run->n_measures, err);
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
add_gaps(const struct arms *arms, struct pairs *p)
{
	size_t g, h, a;

	for (a = 0; a < arms->n; a++) {
		for (g = 1; g < arms->n_groups; g++) {
			for (h = g + 1; h < arms->n_groups &&
			    arms->term[h] == arms->term[g]; h++)
				add_pair(p, g * arms->n + a,
				    h * arms->n + a, true,
				    COMPARISON_GAPS + a);
		}
	}
}

static enum mc_status
make_pairs(const struct run *run, const struct arms *arms, struct pairs *p,
    struct mc_err *err)
{
	const char *name = run->opts->reference;
	size_t reference = name != NULL ? arms_find(arms, name) : arms->n;
	size_t g, a, b;

	if (name != NULL && reference == arms->n)
		return mc_err_set(err, MC_EUSAGE, "--reference: task \"%s\" "
		    "has no arm \"%s\"", arms->task, name);
	for (g = 0; g < arms->n_groups; g++) {
		size_t at = g * arms->n, family = g == 0 ? COMPARISON_ALL :
		    COMPARISON_SUBGROUPS;

		for (a = 0; a < arms->n; a++) {
			if (name != NULL && a != reference)
				add_pair(p, at + a, at + reference, false,
				    family);
			for (b = a + 1; name == NULL && b < arms->n; b++)
				add_pair(p, at + a, at + b, false, family);
		}
	}
	if (run->opts->gaps)
		add_gaps(arms, p);
	return MC_OK;
}

/* --- A task and split ----------------------------------------------------- */

/* max-T resamples patients, and has no place for what seeds add. */
static enum mc_status
check_seeds(const struct run *run, const struct arms *arms,
    struct mc_err *err)
{
	size_t a;

	for (a = 0; run->plan.max_t && a < arms->n; a++) {
		if (arms->side[a].n > 1)
			return mc_err_set(err, MC_EUSAGE, "--adjust max-t "
			    "holds no spread between training seeds, and "
			    "\"%s\" has %zu: take holm", arms->name[a],
			    arms->side[a].n);
	}
	return MC_OK;
}

static enum mc_status
compare_arms(struct run *run, const struct arms *arms, struct mc_err *err)
{
	const struct cell_sample *x = arms->first;
	struct mc_comparing plan = run->plan;
	struct mc_difference *d = NULL;
	struct mc_strata *strata = NULL;
	struct mc_measure *measures = NULL;
	struct pairs pairs = { 0 };
	enum mc_status status;
	size_t n = 0, n_measures;

	status = mc_measures_expand(run->measures, run->n_measures,
	    x->s.n_classes, x->s.ordered, x->positive, &measures, &n_measures,
	    err);
	if (status == MC_OK)
		status = make_pairs(run, arms, &pairs, err);
	if (status == MC_OK)
		status = check_seeds(run, arms, err);
	if (status == MC_OK && run->opts->stratify)
		plan.how.strata = strata = mc_strata_alloc(&x->s);
	if (status == MC_OK)
		status = mc_compare(arms->side, arms->n * arms->n_groups,
		    pairs.pair, pairs.n, measures, n_measures, &plan, &d, &n,
		    err);
	if (status == MC_OK)
		comparison_add(run->result, arms, pairs.pair, d, n);
	if (status == MC_OK && run->opts->friedman)
		status = comparison_add_task(run->result, arms, measures,
		    n_measures, err);
	mc_compare_free(d, n);
	mc_strata_free(strata);
	free(pairs.pair);
	free(measures);
	return status;
}

/* What tells arms and their seeds apart, and not what they are compared on. */
#define ARM_KEYS	(((1u << MC_KEYS) - 1) & ~(1u << MC_KEY_TASK | \
			    1u << MC_KEY_FOLD | 1u << MC_KEY_SPLIT))

/* The first of the N cells at SET that is of another fold than SET's first. */
static const struct mc_cell *
other_fold(const struct cells *c, const size_t *set, size_t n)
{
	const char *fold = cells_at(c, set[0])->key[MC_KEY_FOLD];
	size_t i;

	for (i = 1; i < n; i++) {
		if (strcmp(cells_at(c, set[i])->key[MC_KEY_FOLD], fold) != 0)
			return cells_at(c, set[i]);
	}
	return NULL;
}

/* A, which is not of the fold of B, in the same task and split. */
static enum mc_status
wrong_fold(const struct mc_cell *a, const struct mc_cell *b, bool pooled,
    struct mc_err *err)
{
	const char *x = a->key[MC_KEY_FOLD], *y = b->key[MC_KEY_FOLD];

	if (pooled)
		return mc_err_at(err, MC_EDATA, mc_cell_file(b, 0),
		    b->rows[0].line, "task \"%s\", split \"%s\": --folds pool "
		    "joins no other fold to \"%s\": the folds of an arm must "
		    "agree in model, regime, features, train_seed and weights",
		    a->key[MC_KEY_TASK], a->key[MC_KEY_SPLIT],
		    *y != '\0' ? y : x);
	return mc_err_at(err, MC_EDATA, mc_cell_file(b, 0), b->rows[0].line,
	    "task \"%s\", split \"%s\" has folds \"%s\" and \"%s\": give "
	    "--folds pool, or compare one at a time", a->key[MC_KEY_TASK],
	    a->key[MC_KEY_SPLIT], x, y);
}

/*
 * Folds have no place in the table of differences: those of a task and split
 * would be counted as so many tests, and so many tasks.
 */
static enum mc_status
check_folds(const struct cells *c, bool pooled, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t *order, *first, n, i;

	cells_sets(c, ARM_KEYS | 1u << MC_KEY_FOLD, &order, &first, &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		const size_t *set = order + first[i];
		const struct mc_cell *a = cells_at(c, set[0]), *b =
		    other_fold(c, set, first[i + 1] - first[i]);

		if (b != NULL)
			status = wrong_fold(a, b, pooled, err);
	}
	free(order);
	free(first);
	return status;
}

static enum mc_status
compare_all(struct run *run, struct mc_err *err)
{
	const char *folds = run->opts->cells.folds;
	enum mc_status status = check_folds(run->cells, folds != NULL &&
	    strcmp(folds, "pool") == 0, err);
	size_t *order, *first, n, i;

	cells_sets(run->cells, ARM_KEYS, &order, &first, &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		struct arms arms;

		status = arms_make(&arms, run->cells, order + first[i],
		    first[i + 1] - first[i], run->opts->gaps, err);
		if (status == MC_OK)
			status = compare_arms(run, &arms, err);
		arms_clear(&arms);
		tool_progress("tasks", (int64_t)i + 1, (int64_t)n);
	}
	free(order);
	free(first);
	return status;
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
run_program(struct run *run, char *const *paths, size_t n, struct mc_err *err)
{
	const struct options *opts = run->opts;
	struct mc_out *out = NULL;
	enum mc_status status;

	if ((status = check_args(run, err)) != MC_OK)
		return status;
	run->result = comparison_alloc(&run->plan, opts->draws.seed,
	    opts->adjust != NULL ? opts->adjust : "holm",
	    opts->family != NULL && strcmp(opts->family, "all") == 0);
	status = cells_read(&run->cells, &opts->cells, paths, n, err);
	if (status == MC_OK)
		status = compare_all(run, err);
	if (status == MC_OK && opts->friedman)
		status = comparison_rank(run->result, err);
	if (status == MC_OK)
		status = mc_out_open(&out, opts->common.output, err);
	if (status != MC_OK)
		return status;
	comparison_write(run->result, mc_out_file(out));
	return mc_out_commit(out, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .draws = DRAWS_DEFAULTS, .margin = NAN };
	struct run run = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&run, argv + operands, (size_t)(argc - operands),
	    &err);
	comparison_free(run.result);
	cells_free(run.cells);
	free(run.measures);
	return tool_end(status, &err);
}
