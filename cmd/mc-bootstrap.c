/* mc-bootstrap - compute metrics of predictions, with intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "options.h"
#include "stats/estimate.h"
#include "stats/metric.h"
#include "stats/metric_list.h"
#include "study/metric_rows.h"
#include "table/schemas.h"
#include "table/tsv.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	const char *method, *metrics;
	int train_seeds, seeds;	/* enum seeds; the latter is a former name */
	bool list_metrics, mean_over_findings, stratify;
};
enum seeds { SEEDS_EACH, SEEDS_MEAN };
static const char *const seeds[] = { "each", "mean", NULL };

#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	RUNS_BY(struct options, runs),
	RUNS_CLASSES(struct options, runs),
	RUNS_FOLDS(struct options, runs),
	RUNS_JOIN(struct options, runs),
	RUNS_KEY(struct options, runs),
	DRAWS_LEVEL(struct options, draws),
	{ "list-metrics", 0, NULL, "print the table of metrics and exit",
	    MC_FLAG, AT(list_metrics), 0, 0, NULL },
	{ "mean-over-findings", 0, NULL, "add the mean over the tasks "
	    "TASK:FINDING of multi-label data", MC_FLAG,
	    AT(mean_over_findings), 0, 0, NULL },
	{ "method", 0, "LIST", "interval methods, in order of preference "
	    "(default percentile)", MC_STRING, AT(method), 0, 0,
	    NULL },
	{ "metrics", 0, "LIST",
	    "metrics to compute (default accuracy,precision,recall,f1)",
	    MC_STRING, AT(metrics), 0, 0, NULL },
	RUNS_POSITIVE(struct options, runs),
	DRAWS_REPLICATES_OPT(struct options, draws),
	DRAWS_SEED(struct options, draws),
	{ "seeds", 0, NULL, "former name of --train-seeds", MC_CHOICE,
	    AT(seeds), 0, 0, seeds },
	{ "stratify", 0, NULL, "resample within the classes of the units",
	    MC_FLAG, AT(stratify), 0, 0, NULL },
	DRAWS_THREADS(struct options, draws),
	RUNS_THRESHOLD(struct options, runs),
	{ "train-seeds", 0, NULL, "training seeds: each one, or their mean "
	    "(default each)", MC_CHOICE, AT(train_seeds), 0, 0, seeds },
	RUNS_UNIT(struct options, runs),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-bootstrap",
	"[OPTION]... [PREDICTIONS]...\n--list-metrics",
	"Compute metrics of predictions, with intervals over patients.",
	option_table, true
};

/* What run_program() works with. */
struct program {
	const struct options *opts;
	enum seeds train_seeds;
	const struct mc_interval_method **methods;
	struct mc_estimate_options plan;
	struct mc_metric_spec *specs;
	size_t n_specs;
	struct mc_runs *runs;
};

/* --- Arguments ------------------------------------------------------------ */

/* The mean over findings needs a method, and units without strata. */
static enum mc_status
check_mean(const struct program *program, struct mc_err *err)
{
	size_t i;

	if (program->opts->stratify)
		return mc_err_set(err, MC_EUSAGE, "--stratify draws within the "
		    "classes of one task: it cannot be given with "
		    "--mean-over-findings");
	for (i = 0; i < program->plan.n_methods; i++) {
		if (mc_interval_of_mean(program->methods[i]))
			return MC_OK;
	}
	return mc_err_set(err, MC_EUSAGE, "--mean-over-findings: %s has no "
	    "interval of a mean over findings: also give percentile, basic, "
	    "normal or bca to --method", program->methods[0]->name);
}

static enum mc_status
check_args(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	enum mc_status status;
	int choice;

	status = choice_renamed("train-seeds", opts->train_seeds, "seeds",
	    opts->seeds, seeds, &choice, err);
	if (status != MC_OK)
		return status;
	program->train_seeds = (enum seeds)choice;
	program->plan.level = opts->draws.level;
	program->plan.asked = opts->method != NULL;
	status = mc_interval_methods_parse(opts->method != NULL ?
	    opts->method : "percentile", &program->methods,
	    &program->plan.n_methods, err);
	program->plan.methods = program->methods;
	if (status == MC_OK && opts->mean_over_findings)
		status = check_mean(program, err);
	if (status != MC_OK ||
	    (status = draws_check(&opts->draws, &program->plan.how, err)) !=
	    MC_OK)
		return status;
	return metrics_parse(opts->metrics, "accuracy,precision,recall,f1",
	    mc_runs_have_positive(&opts->runs), &program->specs,
	    &program->n_specs, err);
}

/* --- The table ------------------------------------------------------------ */

static enum mc_status
write_runs(FILE *f, const struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	const struct mc_metric_rows m = {
		.runs = program->runs, .specs = program->specs,
		.n_specs = program->n_specs, .plan = program->plan,
		.resample_seed = opts->draws.seed, .stratify = opts->stratify
	};
	unsigned except = program->train_seeds == SEEDS_MEAN ?
	    1u << MC_KEY_TRAIN_SEED : 0;
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, i;

	sets = mc_runs_sets(program->runs, except, &n);
	mc_rows_write_header(f, &mc_metrics_schema);
	for (i = 0; i < n && status == MC_OK; i++) {
		status = mc_metric_rows_write(f, &m, &sets[i], err);
		tool_progress("runs", (int64_t)i + 1, (int64_t)n);
	}
	free(sets);
	if (status == MC_OK && opts->mean_over_findings)
		status = mc_finding_means_write(f, &m, except, err);
	return status;
}

/* --- The program ---------------------------------------------------------- */

/* The forms that METRIC has, as --metrics takes them. */
static void
list_forms(const struct mc_metric *m, struct mc_buf *forms)
{
	if (!isnan(m->at))
		mc_buf_puts(forms, "@X ");
	if ((m->averages & MC_WEIGHTED) != 0)
		mc_buf_puts(forms, ":weighted ");
	if ((m->averages & MC_MACRO) != 0)
		mc_buf_puts(forms, ":macro ");
	if ((m->averages & MC_OVO) != 0)
		mc_buf_puts(forms, ":ovo ");
	if ((m->averages & MC_EACH_CLASS) != 0)
		mc_buf_puts(forms, ":class :positive ");
	if (forms->len > 0)
		forms->data[--forms->len] = '\0';
}

static void
list_metrics(FILE *f)
{
	static const char *const header[] = {
		"metric", "forms", "needs", "definition", "reference"
	};
	const struct mc_metric *m;

	mc_tsv_write(f, header, 5);
	for (m = mc_metric_table; m->name != NULL; m++) {
		struct mc_buf forms = { 0 };
		const char *fields[5] = { m->name, "",
		    (m->needs & MC_NEED_P) != 0 ? "p:" :
		    (m->needs & MC_NEED_ORDER) != 0 ? "predicted, --classes" :
		    "predicted", m->definition, m->reference };

		list_forms(m, &forms);
		if (forms.len > 0)
			fields[1] = forms.data;
		mc_tsv_write(f, fields, 5);
		mc_buf_free(&forms);
	}
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	const struct program *program = arg;

	if (!program->opts->list_metrics)
		return write_runs(f, program, err);
	list_metrics(f);
	return MC_OK;
}

static enum mc_status
run_program(struct program *program, char *const *paths, size_t n,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;

	if (!program->opts->list_metrics) {
		if ((status = check_args(program, err)) != MC_OK)
			return status;
		status = runs_read(&program->runs, &program->opts->runs, paths,
		    n, err);
		if (status == MC_OK)
			status = mc_runs_check_replicates(program->runs,
			    program->opts->draws.replicates, err);
	}
	return status != MC_OK ? status : tool_write(
	    program->opts->common.output, write_output, program, err);
}

int
main(int argc, char **argv)
{
	struct options opts = { .runs = MC_RUNS_DEFAULTS,
	    .draws = DRAWS_DEFAULTS, .train_seeds = MC_NOT_GIVEN,
	    .seeds = MC_NOT_GIVEN };
	struct program program = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	operands = tool_start(&prog, argc, argv, &opts);
	status = run_program(&program, argv + operands,
	    (size_t)(argc - operands), &err);
	mc_runs_free(program.runs);
	free(program.methods);
	free(program.specs);
	return tool_end(status, &err);
}
