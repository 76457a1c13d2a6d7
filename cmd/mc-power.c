/* mc-power - compute how many patients a study needs. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "options.h"
#include "stats/metric_list.h"
#include "study/arms.h"
#include "study/planned_study.h"
#include "table/schemas.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	const char *assume, *metrics, *patients, *reference;
	double correlation, detect, icc, images, power, prevalence, width;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "assume", 0, "METRIC=X[,X]", "assume accuracy or auroc of one or "
	    "two arms, without predictions",
	    MC_STRING, AT(assume), 0, 0, NULL },
	RUNS_CLASSES(struct options, runs),
	{ "correlation", 0, "X", "--assume: correlation of the two arms' "
	    "scores on the same image (default 0)",
	    MC_REAL, AT(correlation), 0, 1, NULL },
	{ "detect", 0, "X", "sample size needed to detect a difference of X",
	    MC_REAL, AT(detect), 1e-9, 1e9, NULL },
	RUNS_FOLDS(struct options, runs),
	{ "icc", 0, "X", "--assume: correlation of the scores of a patient's "
	    "images (default 0)", MC_REAL, AT(icc), 0, 1, NULL },
	{ "images", 0, "X", "--assume: expected number of images per patient "
	    "(default 1)", MC_REAL, AT(images), 1, 1000, NULL },
	DRAWS_LEVEL(struct options, draws),
	{ "metrics", 0, "LIST", "metrics (default accuracy)",
	    MC_STRING, AT(metrics), 0, 0, NULL },
	{ "patients", 0, "N,N,...", "numbers of patients (default "
	    "50,100,200,500,1000)", MC_STRING, AT(patients), 0, 0, NULL },
	RUNS_POSITIVE(struct options, runs),
	{ "power", 0, "X", "required power (default 0.8)", MC_REAL,
	    AT(power), 0.5, 0.9999, NULL },
	{ "prevalence", 0, "X", "--assume auroc: share of positive patients "
	    "(default 0.5)", MC_REAL, AT(prevalence), 1e-6, 1 - 1e-6, NULL },
	{ "reference", 0, "ARM", "compare every other arm with this one "
	    "(default: all pairs)", MC_STRING, AT(reference), 0, 0, NULL },
	DRAWS_REPLICATES_OPT(struct options, draws),
	DRAWS_SEED(struct options, draws),
	DRAWS_THREADS(struct options, draws),
	RUNS_UNIT(struct options, runs),
	{ "width", 0, "X", "sample size needed for an interval no wider than "
	    "X", MC_REAL, AT(width), 1e-9, 1e9, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-power",
	"[OPTION]... [PREDICTIONS]...\n"
	"--assume METRIC=X[,X] [OPTION]...",
	"Estimate precision and power by number of patients.",
	option_table, true
};

/* What run_program() works with. */
struct program {
	const struct options *opts;
	struct mc_planned_study_options plan;
	struct mc_parametric assumed;
	struct mc_metric_spec *specs;
	size_t n_specs;
	struct mc_runs *runs;
};

/* --- From predictions ----------------------------------------------------- */

/* The one reference of all arms that have one. */
static enum mc_status
find_reference(const struct program *program, const struct mc_arms *arms,
    size_t *reference, struct mc_err *err)
{
	const char *name = program->opts->reference;
	size_t *of = mc_xcalloc(arms->n, sizeof(*of)), a;
	enum mc_status status = mc_arms_reference(arms, name, of, err);

	*reference = arms->n;
	for (a = 0; a < arms->n && status == MC_OK; a++) {
		if (*reference < arms->n && of[a] < arms->n &&
		    of[a] != *reference)
			status = mc_err_set(err, MC_EUSAGE, "--reference: task "
			    "\"%s\" has \"%s\" and \"%s\": give one of them",
			    arms->task, arms->name[*reference],
			    arms->name[of[a]]);
		else if (of[a] < arms->n)
			*reference = of[a];
	}
	free(of);
	if (status == MC_OK && arms->n == 1 &&
	    (name != NULL || !isnan(program->opts->detect)))
		status = mc_err_set(err, MC_EUSAGE, "--%s: task \"%s\" has "
		    "only one arm, \"%s\": also give the predictions of another",
		    name != NULL ? "reference" : "detect", arms->task,
		    arms->name[0]);
	return status;
}

static enum mc_status
write_arms(FILE *f, const struct program *program, const struct mc_arms *arms,
    const char *fold, struct mc_err *err)
{
	const struct mc_run_sample *x = arms->first;
	struct mc_metric_spec *specs = NULL;
	struct mc_planned_study s = {
	    .task = arms->task, .fold = fold, .split = arms->split,
	    .unit = x->unit, .arm = (const char *const *)arms->name,
	    .classes = x->s.classes,
	    .source = { .sides = arms->side, .n_sides = arms->n } };
	enum mc_status status;

	status = mc_metric_specs_expand(program->specs, program->n_specs,
	    x->s.n_classes, x->s.ordered, x->positive, &specs, &s.source.n,
	    err);
	s.source.specs = specs;
	if (status == MC_OK)
		status = find_reference(program, arms, &s.reference, err);
	if (status == MC_OK)
		mc_planned_study_write(&s, &program->plan, f);
	free(specs);
	return status;
}

static enum mc_status
from_predictions(FILE *f, const struct program *program, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, i;

	sets = mc_runs_sets(program->runs, mc_keys_with(MC_KEY_OF_ARM), &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_run *run = mc_runs_at(program->runs,
		    sets[i].run[0]);
		struct mc_arms arms;

		status = mc_arms_make(&arms, program->runs, &sets[i], NULL, true,
		    err);
		if (status == MC_OK)
			status = write_arms(f, program, &arms,
			    run->key[MC_KEY_FOLD], err);
		mc_arms_clear(&arms);
		tool_progress("tasks", (int64_t)i + 1, (int64_t)n);
	}
	free(sets);
	return status;
}

/* --- From assumed values -------------------------------------------------- */

static void
from_assumed(FILE *f, const struct program *program)
{
	static const char *const names[] = { "a", "b" };
	const struct mc_parametric *assumed = &program->assumed;
	const struct mc_metric_spec spec = mc_parametric_metric(assumed);
	const struct mc_planned_study s = { .task = "", .fold = "",
	    .split = "", .unit = "group", .arm = names,
	    .classes = mc_parametric_classes, .reference = assumed->n,
	    .source = { .assumed = assumed, .n_sides = assumed->n,
	    .specs = &spec, .n = 1 } };

	mc_planned_study_write(&s, &program->plan, f);
}

/* What is assumed must have a use for each of the options. */
static enum mc_status
check_assumed(const struct options *opts, const struct mc_parametric *a,
    struct mc_err *err)
{
	if (a->n == 1 && !isnan(opts->detect))
		return mc_err_set(err, MC_EUSAGE, "--detect compares two "
		    "arms, and --assume has one: give METRIC=X,X");
	if (a->n == 1 && opts->correlation > 0)
		return mc_err_set(err, MC_EUSAGE, "--correlation is between "
		    "two arms, and --assume has one: give METRIC=X,X");
	if (opts->correlation == 1 && a->value[0] == a->value[1])
		return mc_err_set(err, MC_EUSAGE, "--correlation 1 makes two "
		    "arms of the same value one: give a smaller one");
	if (opts->icc > 0 && opts->images == 1)
		return mc_err_set(err, MC_EUSAGE, "--icc is between the "
		    "images of a patient, who has one: also give --images");
	if (!a->auroc && !isnan(opts->prevalence))
		return mc_err_set(err, MC_EUSAGE, "--prevalence applies only "
		    "to --assume auroc=X");
	return MC_OK;
}

static enum mc_status
parse_assumed(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	struct mc_parametric *a = &program->assumed;
	const char *values = strchr(opts->assume, '=');
	enum mc_status status = MC_OK;
	struct mc_err own;
	char **items;
	size_t i;

	*a = (struct mc_parametric){ .images = opts->images, .icc = opts->icc,
	    .rho = opts->correlation, .prevalence =
	    isnan(opts->prevalence) ? 0.5 : opts->prevalence };
	a->auroc = strncmp(opts->assume, "auroc=", 6) == 0;
	if (!a->auroc && strncmp(opts->assume, "accuracy=", 9) != 0)
		return mc_err_set(err, MC_EUSAGE, "--assume: \"%s\": give "
		    "accuracy=X or auroc=X", opts->assume);
	a->n = mc_split_commas(values + 1, &items);
	if (a->n > 2)
		status = mc_err_set(err, MC_EUSAGE,
		    "--assume: %zu values: give one or two arms", a->n);
	for (i = 0; i < a->n && status == MC_OK; i++) {
		status = mc_parse_f64(items[i], 0.001, 0.999, &a->value[i],
		    &own);
		if (status != MC_OK)
			status = mc_err_set(err, MC_EUSAGE, "--assume: %s",
			    own.text);
	}
	free(items);
	return status == MC_OK ? check_assumed(opts, a, err) : status;
}

/* --- Arguments ------------------------------------------------------------ */

static enum mc_status
parse_patients(const struct options *opts,
    struct mc_planned_study_options *plan, struct mc_err *err)
{
	const char *list = opts->patients;
	enum mc_status status = MC_OK;
	struct mc_err own;
	char **items;
	int64_t v;
	size_t i;

	if (list == NULL && (!isnan(opts->width) || !isnan(opts->detect)))
		return MC_OK;
	plan->n_patients = mc_split_commas(list != NULL ? list :
	    "50,100,200,500,1000", &items);
	plan->patients = mc_xcalloc(plan->n_patients, sizeof(*plan->patients));
	for (i = 0; i < plan->n_patients && status == MC_OK; i++) {
		status = mc_parse_i64(items[i], MC_LEAST_UNITS, MC_MOST_UNITS,
		    &v, &own);
		if (status == MC_OK)
			plan->patients[i] = (size_t)v;
		else
			status = mc_err_set(err, MC_EUSAGE, "--patients: %s",
			    own.text);
	}
	free(items);
	return status;
}

/* --assume and predictions have options of their own. */
static enum mc_status
check_way(const struct options *opts, size_t n_paths, struct mc_err *err)
{
	if (opts->assume == NULL)
		return opts->correlation > 0 || opts->icc > 0 ||
		    opts->images > 1 || !isnan(opts->prevalence) ?
		    mc_err_set(err, MC_EUSAGE, "--correlation, --icc, --images "
		    "and --prevalence need --assume") : MC_OK;
	if (n_paths > 0 || opts->metrics != NULL || opts->reference != NULL ||
	    opts->runs.classes != NULL ||
	    opts->runs.folds != MC_FOLDS_DEFAULT ||
	    opts->runs.positive != NULL || opts->runs.unit != MC_UNIT_DEFAULT)
		return mc_err_set(err, MC_EUSAGE, "--assume takes neither "
		    "predictions nor their options");
	return MC_OK;
}

static enum mc_status
check_args(struct program *program, size_t n_paths, struct mc_err *err)
{
	const struct options *opts = program->opts;
	struct mc_planned_study_options *plan = &program->plan;
	enum mc_status status = check_way(opts, n_paths, err);

	plan->power.level = opts->draws.level;
	plan->power.power = opts->power;
	plan->seed = opts->draws.seed;
	plan->width = opts->width;
	plan->detect = opts->detect;
	if (status == MC_OK)
		status = draws_check(&opts->draws, &plan->power.how, err);
	if (status == MC_OK)
		status = parse_patients(opts, plan, err);
	if (status == MC_OK && opts->assume != NULL)
		status = parse_assumed(program, err);
	else if (status == MC_OK)
		status = metrics_parse(opts->metrics, "accuracy",
		    opts->runs.positive != NULL,
		    &program->specs, &program->n_specs, err);
	return status;
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct program *program = arg;

	mc_rows_write_header(f, &mc_power_schema);
	if (program->opts->assume == NULL)
		return from_predictions(f, program, err);
	from_assumed(f, program);
	return MC_OK;
}

static enum mc_status
run_program(struct program *program, char *const *paths, size_t n,
    struct mc_err *err)
{
	const struct options *opts = program->opts;
	enum mc_status status;

	if ((status = check_args(program, n, err)) != MC_OK)
		return status;
	if (opts->assume == NULL)
		status = runs_read(&program->runs, &opts->runs, paths, n, err);
	return status != MC_OK ? status : tool_write(opts->common.output,
	    write_output, program, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = MC_RUNS_DEFAULTS,
	    .draws = DRAWS_DEFAULTS, .detect = NAN,
	    .width = NAN, .images = 1, .power = 0.8, .prevalence = NAN };
	struct program program = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&program, argv + operands,
	    (size_t)(argc - operands), &err);
	mc_runs_free(program.runs);
	free(program.specs);
	free(program.plan.patients);
	return tool_end(status, &err);
}
