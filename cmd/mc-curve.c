/* mc-curve - compute ROC and other curves of predictions, ready to plot. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "stats/curve.h"
#include "stats/remarks.h"
#include "study/run_sample.h"
#include "table/schemas.h"

#define BINS	15	/* as of the calibration errors of mc-bootstrap */
#define GRID	100

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	int bins_of;		/* enum bins_of */
	int curve;		/* enum mc_curve_kind */
	int64_t bins, grid;		/* 0: not given */
	bool points;
};
enum bins_of { BINS_OF_WIDTH, BINS_OF_MASS };

#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "bins", 0, "N", "number of bins of calibration and distribution (default 15)",
	    MC_INTEGER, AT(bins), 1, 1000, NULL },
	{ "bins-of", 0, NULL, "calibration: bins of equal width or equal "
	    "numbers of images (default width)", MC_CHOICE, AT(bins_of), 0, 0,
	    MC_WORDS("width", "mass") },
	RUNS_BY(struct options, runs),
	RUNS_CLASSES(struct options, runs),
	{ "curve", 0, NULL, "curve (default roc)", MC_CHOICE, AT(curve),
	    0, 0, mc_curve_names },
	{ "grid", 0, "N", "number of parts of the x axis (default 100)",
	    MC_INTEGER, AT(grid), 2, 1000, NULL },
	RUNS_JOIN(struct options, runs),
	RUNS_KEY(struct options, runs),
	DRAWS_LEVEL(struct options, draws),
	{ "points", 0, NULL, "roc, pr: also write a point per threshold",
	    MC_FLAG, AT(points), 0, 0, NULL },
	RUNS_POSITIVE(struct options, runs),
	DRAWS_REPLICATES_OPT(struct options, draws),
	DRAWS_SEED(struct options, draws),
	DRAWS_THREADS(struct options, draws),
	RUNS_UNIT(struct options, runs),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-curve",
	"[OPTION]... [PREDICTIONS]...",
	"Compute ROC, precision-recall, calibration and other curves.",
	option_table, true
};

/* What run_program() works with. */
struct program {
	const struct options *opts;
	struct mc_curve_options plan;
	struct mc_runs *runs;
};

/* --- Arguments ------------------------------------------------------------ */

static enum mc_status
check_args(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	enum mc_curve_kind kind = (enum mc_curve_kind)opts->curve;
	bool binned = kind == MC_CALIBRATION || kind == MC_DISTRIBUTION;
	bool stepped = kind == MC_ROC || kind == MC_PRECISION_RECALL;
	int64_t n = binned ? BINS : GRID;

	if (!binned && opts->bins > 0)
		return mc_err_set(err, MC_EUSAGE, "--bins applies only to "
		    "--curve calibration and --curve distribution");
	if (kind != MC_CALIBRATION && opts->bins_of != MC_NOT_GIVEN)
		return mc_err_set(err, MC_EUSAGE,
		    "--bins-of applies only to --curve calibration");
	if (binned && opts->grid > 0)
		return mc_err_set(err, MC_EUSAGE, "--grid does not apply to "
		    "--curve %s: give --bins", mc_curve_names[kind]);
	if (opts->points && !stepped)
		return mc_err_set(err, MC_EUSAGE,
		    "--points applies only to --curve roc and --curve pr");
	if (opts->bins > 0)
		n = opts->bins;
	if (opts->grid > 0)
		n = opts->grid;
	program->plan = (struct mc_curve_options){ .kind = kind, .n = (size_t)n,
	    .mass = opts->bins_of == BINS_OF_MASS,
	    .points = opts->points, .level = opts->draws.level };
	return draws_check(&opts->draws, &program->plan.how, err);
}

/* --- Rows ----------------------------------------------------------------- */

static void
write_point(FILE *f, const struct program *program,
    const struct mc_run_sample *x, size_t k, int64_t n_units,
    const struct mc_curve_point *p)
{
	bool resampled = strcmp(p->method, "percentile") == 0;
	struct mc_curves_row row = { .subgroup = x->subgroup,
	    .class_name = x->s.classes[k], .curve = p->curve, .x = p->x,
	    .y = p->y, .lo = p->lo, .hi = p->hi, .threshold = p->threshold,
	    .n = p->n, .level = program->plan.level, .method = p->method,
	    .unit = x->unit,
	    .replicates = resampled ? program->plan.how.replicates : -1,
	    .resample_seed = resampled ? program->opts->draws.seed : -1,
	    .n_images = (int64_t)x->s.n, .n_units = n_units,
	    .note = p->note.data };

	memcpy(row.key, x->run->key, sizeof(row.key));
	mc_rows_write(f, &mc_curves_schema, &row);
}

/* The curves of the sample X: of one class, or of each. */
static void
write_sample(FILE *f, const struct program *program,
    const struct mc_run_sample *x)
{
	int64_t n_units = (int64_t)mc_sample_units(&x->s);
	size_t k, i, n;

	for (k = 0; k < x->s.n_classes; k++) {
		struct mc_curve_point *points;

		if (x->positive >= 0 && k != (size_t)x->positive)
			continue;
		points = mc_curve(&x->s, k, &program->plan, &n);
		if (x->remark != NULL)
			mc_remark(&points[0].note, "%s", x->remark);
		for (i = 0; i < n; i++)
			write_point(f, program, x, k, n_units, &points[i]);
		mc_curve_free(points, n);
	}
}

/* --- Runs ---------------------------------------------------------------- */

/* Whether the curves of RUN can be drawn. */
static enum mc_status
check_run(const struct program *program, const struct mc_run *run,
    struct mc_err *err)
{
	if (run->p == NULL)
		return mc_err_at(err, MC_EDATA, mc_run_file(run, 0), 1,
		    "no p: columns: a curve needs probabilities");
	if (run->n_classes == 2 && program->opts->runs.positive == NULL)
		return mc_err_set(err, MC_EUSAGE, "--positive: each of the two "
		    "classes of task \"%s\" has its own curve: give \"%s\" or "
		    "\"%s\"", run->key[MC_KEY_TASK], run->classes[0],
		    run->classes[1]);
	return MC_OK;
}

static enum mc_status
write_run(FILE *f, const struct program *program, size_t number,
    struct mc_err *err)
{
	struct mc_run_sample *x = NULL;
	enum mc_status status;
	size_t n = 0, i;

	status = check_run(program, mc_runs_at(program->runs, number), err);
	if (status == MC_OK)
		status = mc_run_samples(program->runs, number, &x, &n, err);
	for (i = 0; i < n; i++)
		write_sample(f, program, &x[i]);
	mc_run_samples_free(x, n);
	return status;
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct program *program = arg;
	size_t n = mc_runs_count(program->runs), i;
	enum mc_status status = MC_OK;

	mc_rows_write_header(f, &mc_curves_schema);
	for (i = 0; i < n && status == MC_OK; i++) {
		status = write_run(f, program, i, err);
		tool_progress("runs", (int64_t)i + 1, (int64_t)n);
	}
	return status;
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
run_program(struct program *program, char *const *paths, size_t n,
    struct mc_err *err)
{
	enum mc_status status;

	if ((status = check_args(program, err)) != MC_OK ||
	    (status = runs_read(&program->runs, &program->opts->runs, paths, n,
	    err)) != MC_OK)
		return status;
	return tool_write(program->opts->common.output, write_output, program,
	    err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = MC_RUNS_DEFAULTS,
	    .draws = DRAWS_DEFAULTS, .bins_of = MC_NOT_GIVEN };
	struct program program = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&program, argv + operands,
	    (size_t)(argc - operands), &err);
	mc_runs_free(program.runs);
	return tool_end(status, &err);
}
