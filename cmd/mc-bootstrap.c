/* mc-bootstrap - compute metrics of predictions, with intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "options.h"
#include "stats/estimate.h"
#include "stats/metric.h"
#include "stats/metric_list.h"
#include "study/run_sample.h"
#include "table/schemas.h"
#include "table/tsv.h"

struct options {
	struct mc_common common;
	struct mc_runs_options runs;
	struct draws_opts draws;
	const char *method, *metrics;
	int train_seeds, seeds;	/* enum seeds; the latter is a former name */
	bool list_metrics, stratify;
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

static enum mc_status
check_args(struct program *program, struct mc_err *err)
{
	const struct options *opts = program->opts;
	const char *list = opts->metrics != NULL ? opts->metrics :
	    "accuracy,precision,recall,f1";
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
	if (status != MC_OK ||
	    (status = draws_check(&opts->draws, &program->plan.how, err)) !=
	    MC_OK)
		return status;
	return mc_metric_specs_parse(list, mc_runs_have_positive(&opts->runs),
	    &program->specs, &program->n_specs, err);
}

/* --- Rows ----------------------------------------------------------------- */

/* The thresholds of the N samples at X, in their order; one that all share. */
static void
thresholds_text(const struct mc_run_sample *const *x, size_t n,
    struct mc_buf *text)
{
	char number[MC_NUM_SIZE];
	bool same = true;
	size_t i;

	for (i = 1; i < n; i++)
		same = same && x[i]->s.threshold->at == x[0]->s.threshold->at;
	for (i = 0; i < (same ? 1 : n); i++)
		mc_buf_printf(text, "%s%s", i > 0 ? "," : "",
		    mc_format_f64(number, x[i]->s.threshold->at));
}

static void
write_row(FILE *f, const struct program *program,
    const struct mc_run_sample *const *x, size_t n, int64_t n_units,
    struct mc_estimate *e)
{
	struct mc_buf name = { 0 }, threshold = { 0 };
	struct mc_metrics_row row = {
		.subgroup = x[0]->subgroup, .threshold = "",
		.average = mc_average_name(e->spec.average),
		.class_name = e->spec.average == MC_EACH_CLASS ?
		    x[0]->s.classes[e->spec.class_index] : "",
		.estimate = e->estimate, .lo = e->lo, .hi = e->hi,
		.level = program->plan.level, .method = e->method,
		.unit = x[0]->unit,
		.replicates = e->resampled ? program->plan.how.replicates : -1,
		.resample_seed = e->resampled ? program->opts->draws.seed : -1,
		.n_images = (int64_t)x[0]->s.n, .n_units = n_units,
		.seeds = (int64_t)n, .seed_sd = e->seed_sd,
		.note = e->note.data != NULL ? e->note.data : ""
	};

	mc_metric_spec_name(&e->spec, &name);
	row.metric = name.data;
	if (x[0]->s.threshold != NULL &&
	    e->spec.metric->source == MC_FROM_COUNTS) {
		thresholds_text(x, n, &threshold);
		row.threshold = threshold.data;
	}
	memcpy(row.key, x[0]->run->key, sizeof(row.key));
	if (n > 1)
		row.key[MC_KEY_TRAIN_SEED] = "";
	mc_rows_write(f, &mc_metrics_schema, &row);
	mc_buf_free(&name);
	mc_buf_free(&threshold);
}

/*
 * The rows of the N samples at X, of one run, or one for each seed; STRATA, or
 * NULL, are those of all its images.
 */
static enum mc_status
write_samples(FILE *f, const struct program *program,
    const struct mc_run_sample *const *x, size_t n,
    const struct mc_strata *strata, struct mc_err *err)
{
	const struct mc_sample **samples = mc_xcalloc(n, sizeof(*samples));
	struct mc_metric_spec *specs;
	struct mc_estimate_options plan = program->plan;
	struct mc_estimate *e;
	enum mc_status status;
	size_t n_specs, units, i;

	for (i = 0; i < n; i++)
		samples[i] = &x[i]->s;
	status = mc_metric_specs_expand(program->specs, program->n_specs,
	    x[0]->s.n_classes, x[0]->s.ordered, x[0]->positive, &specs,
	    &n_specs, err);
	if (status == MC_OK) {
		plan.how.strata = strata;
		units = mc_sample_units(samples[0]);
		e = mc_estimates(samples, n, specs, n_specs, &plan);
		for (i = 0; i < n_specs; i++) {
			if (x[0]->remark != NULL)
				mc_buf_printf(&e[i].note, "%s%s",
				    e[i].note.len > 0 ? "; " : "",
				    x[0]->remark);
			write_row(f, program, x, n, (int64_t)units, &e[i]);
		}
		mc_estimates_free(e, n_specs);
	}
	free(specs);
	free(samples);
	return status;
}

/* Write the rows of a set of runs: of all images, then of each subgroup. */
static enum mc_status
write_set(FILE *f, const struct program *program,
    const struct mc_run_set *set, struct mc_err *err)
{
	struct mc_run_sample **x = mc_xcalloc(set->n, sizeof(*x));
	const struct mc_run_sample **same = mc_xcalloc(set->n, sizeof(*same));
	struct mc_strata *strata = NULL;
	enum mc_status status = MC_OK;
	size_t n_groups = 0, made = 0, g, i;

	for (i = 0; i < set->n && status == MC_OK; i++) {
		if (i > 0)
			status = mc_runs_check_same(program->runs,
			    set->run[0], set->run[i], err);
		if (status == MC_OK)
			status = mc_run_samples(program->runs, set->run[i],
			    &x[i], &n_groups, err);
		made += status == MC_OK;
	}
	if (status == MC_OK && program->opts->stratify)
		strata = mc_strata_alloc(&x[0]->s);
	for (g = 0; g < n_groups && status == MC_OK; g++) {
		for (i = 0; i < set->n; i++)
			same[i] = &x[i][g];
		status = write_samples(f, program, same, set->n, strata, err);
	}
	mc_strata_free(strata);
	for (i = 0; i < made; i++)
		mc_run_samples_free(x[i], n_groups);
	free(same);
	free(x);
	return status;
}

static enum mc_status
write_runs(FILE *f, const struct program *program, struct mc_err *err)
{
	bool mean = program->train_seeds == SEEDS_MEAN;
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, i;

	sets = mc_runs_sets(program->runs,
	    mean ? 1u << MC_KEY_TRAIN_SEED : 0, &n);
	mc_rows_write_header(f, &mc_metrics_schema);
	for (i = 0; i < n && status == MC_OK; i++) {
		status = write_set(f, program, &sets[i], err);
		tool_progress("runs", (int64_t)i + 1, (int64_t)n);
	}
	free(sets);
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
