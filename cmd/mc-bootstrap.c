/* mc-bootstrap - metrics of predictions, with bootstrap intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "stats/estimate.h"
#include "stats/interval.h"
#include "table/metrics.h"
#include "table/predictions.h"
#include "table/tsv.h"
#include "tool.h"

#define MAX_REPLICATES	10000000
#define MAX_THREADS	1024

struct options {
	struct mc_common common;
	const char *classes;
	const char *method;
	const char *metrics;
	const char *positive;
	const char *unit;
	double level;
	int64_t replicates, seed, threads;
	bool list_metrics;
};
#define AT(member) offsetof(struct options, member)

static const struct mc_opt option_table[] = {
	{ "classes", 0, "A,B,...",
	    "the classes and their order (default: as the p: columns)",
	    MC_STRING, AT(classes), 0, 0, NULL },
	{ "level", 0, "X", "confidence level of the intervals (default 0.95)",
	    MC_REAL, AT(level), 0.5, 0.9999, NULL },
	{ "list-metrics", 0, NULL, "print the table of metrics and exit",
	    MC_FLAG, AT(list_metrics), 0, 0, NULL },
	{ "method", 0, "NAME",
	    "how the interval is made (default percentile)",
	    MC_CHOICE, AT(method), 0, 0, "percentile|original" },
	{ "metrics", 0, "LIST",
	    "what to compute (default accuracy,precision,recall,f1)",
	    MC_STRING, AT(metrics), 0, 0, NULL },
	{ "positive", 0, "CLASS",
	    "the positive class, for auroc and NAME:positive",
	    MC_STRING, AT(positive), 0, 0, NULL },
	{ "replicates", 0, "N", "bootstrap replicates (default 4999)",
	    MC_INTEGER, AT(replicates), 1, MAX_REPLICATES, NULL },
	{ "seed", 0, "N", "seed of the resampling (default 1)",
	    MC_INTEGER, AT(seed), 0, 9223372036854775807.0, NULL },
	{ "threads", 0, "N", "threads (default: the CPUs it may use)",
	    MC_INTEGER, AT(threads), 1, MAX_THREADS, NULL },
	{ "unit", 0, "NAME",
	    "what is resampled (default group, where there is one)",
	    MC_CHOICE, AT(unit), 0, 0, "group|image" },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-bootstrap",
	"[OPTION]... [PREDICTIONS]...\n--list-metrics",
	"Compute metrics of predictions, with bootstrap intervals over "
	"patients.",
	option_table, true
};

/* What run() works with. */
struct run {
	const struct options *opts;
	struct mc_plan plan;
	struct mc_measure *measures;
	size_t n_measures;
	char **classes;		/* NULL: none declared */
};

/* --- Cells ---------------------------------------------------------------- */

static enum mc_status
find_positive(const struct mc_cell *cell, const char *name, int *positive,
    struct mc_err *err)
{
	size_t k;

	*positive = -1;
	if (name == NULL)
		return MC_OK;
	for (k = 0; k < cell->n_classes; k++) {
		if (strcmp(cell->classes[k], name) == 0) {
			*positive = (int)k;
			return MC_OK;
		}
	}
	return mc_err_set(err, MC_EUSAGE,
	    "--positive: \"%s\" is no class of task \"%s\"", name,
	    cell->key[MC_KEY_TASK]);
}

static void
write_row(FILE *f, const struct run *run, const struct mc_cell *cell,
    const struct mc_sample *s, const char *unit, struct mc_estimate *e)
{
	struct mc_metrics_row row = {
		.subgroup = "", .threshold = "",
		.metric = e->measure.metric->name,
		.average = mc_average_name(e->measure.average),
		.class_name = e->measure.average == MC_EACH_CLASS ?
		    s->classes[e->measure.class_index] : "",
		.estimate = e->estimate, .lo = e->lo, .hi = e->hi,
		.level = run->plan.level, .method = e->method, .unit = unit,
		.replicates = run->plan.replicates,
		.resample_seed = run->opts->seed,
		.n_images = (int64_t)s->n, .n_units = (int64_t)s->n_units,
		.note = e->note.data != NULL ? e->note.data : ""
	};

	memcpy(row.key, cell->key, sizeof(row.key));
	mc_metrics_write_row(f, &row);
}

/* The rows of S, whose units have been numbered. */
static void
write_sample(FILE *f, const struct run *run, const struct mc_cell *cell,
    const struct mc_sample *s, int positive, const char *unit,
    const char *remark)
{
	struct mc_measure *measures = NULL;
	struct mc_estimate *e;
	size_t n, i;

	mc_measures_expand(run->measures, run->n_measures, s, positive,
	    &measures, &n);
	e = mc_estimates(s, measures, n, &run->plan);
	for (i = 0; i < n; i++) {
		if (remark != NULL)
			mc_buf_printf(&e[i].note, "%s%s",
			    e[i].note.len > 0 ? "; " : "", remark);
		write_row(f, run, cell, s, unit, &e[i]);
	}
	mc_estimates_free(e, n);
	free(measures);
}

/* Write the rows of CELL or, where F is NULL, see only whether they can be. */
static enum mc_status
write_cell(FILE *f, const struct run *run, const struct mc_cell *cell,
    struct mc_err *err)
{
	int *label = mc_xcalloc(cell->n, sizeof(*label));
	int *predicted = mc_xcalloc(cell->n, sizeof(*predicted));
	uint32_t *unit = mc_xcalloc(cell->n, sizeof(*unit));
	struct mc_sample s = { .n = cell->n, .n_classes = cell->n_classes,
	    .classes = cell->classes, .label = label, .predicted = predicted,
	    .p = cell->p, .unit = unit };
	const char *unit_name = NULL, *remark = NULL;
	enum mc_status status;
	int positive;
	size_t i;

	for (i = 0; i < cell->n; i++) {
		label[i] = cell->rows[i].label;
		predicted[i] = cell->rows[i].predicted;
	}
	status = mc_cell_units(cell, run->opts->unit, unit, &s.n_units,
	    &unit_name, &remark, err);
	if (status == MC_OK)
		status = find_positive(cell, run->opts->positive, &positive,
		    err);
	if (status == MC_OK && f != NULL)
		write_sample(f, run, cell, &s, positive, unit_name, remark);
	free(label);
	free(predicted);
	free(unit);
	return status;
}

/* --- The program ---------------------------------------------------------- */

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
		    m->needs_p ? "p:" : "predicted", m->definition,
		    m->reference };

		if ((m->averages & MC_WEIGHTED) != 0)
			mc_buf_puts(&forms, ":weighted ");
		if ((m->averages & MC_MACRO) != 0)
			mc_buf_puts(&forms, ":macro ");
		if ((m->averages & MC_EACH_CLASS) != 0)
			mc_buf_puts(&forms, ":class :positive");
		if (forms.data != NULL)
			fields[1] = forms.data;
		mc_tsv_write(f, fields, 5);
		mc_buf_free(&forms);
	}
}

static enum mc_status
check_args(struct run *run, struct mc_err *err)
{
	const struct options *opts = run->opts;
	int64_t needed = mc_replicates_needed(opts->level);
	const char *list = opts->metrics != NULL ? opts->metrics :
	    "accuracy,precision,recall,f1";

	if (opts->replicates < needed)
		return mc_err_set(err, MC_EUSAGE, "--replicates: %lld are too "
		    "few for level %g: give %lld or more",
		    (long long)opts->replicates, opts->level,
		    (long long)needed);
	if (opts->classes != NULL)
		mc_split_commas(opts->classes, &run->classes);
	run->plan = (struct mc_plan){
		.method = opts->method != NULL &&
		    strcmp(opts->method, "original") == 0 ? MC_ORIGINAL :
		    MC_PERCENTILE,
		.level = opts->level, .replicates = opts->replicates,
		.seed = (uint64_t)opts->seed, .threads = (int)opts->threads
	};
	return mc_measures_parse(list, opts->positive != NULL, &run->measures,
	    &run->n_measures, err);
}

static enum mc_status
write_cells(FILE *f, const struct run *run, const struct mc_predictions *p,
    struct mc_err *err)
{
	int64_t n = (int64_t)mc_predictions_cells(p), i;
	enum mc_status status = MC_OK;

	for (i = 0; i < n && status == MC_OK; i++)
		status = write_cell(NULL, run, mc_predictions_cell(p,
		    (size_t)i), err);
	if (status == MC_OK)
		mc_metrics_write_header(f);
	for (i = 0; i < n && status == MC_OK; i++) {
		status = write_cell(f, run, mc_predictions_cell(p, (size_t)i),
		    err);
		tool_progress("cells", i + 1, n);
	}
	return status;
}

static enum mc_status
run_program(struct run *run, char *const *paths, size_t n, struct mc_err *err)
{
	static char standard_input[] = "-";
	char *const standard_paths[] = { standard_input };
	struct mc_predictions_options input = { 0 };
	struct mc_predictions *p = NULL;
	struct mc_out *out = NULL;
	enum mc_status status = MC_OK;

	if (!run->opts->list_metrics) {
		if ((status = check_args(run, err)) != MC_OK)
			return status;
		input.classes = run->classes;
		status = mc_predictions_read(&p,
		    n > 0 ? paths : standard_paths, n > 0 ? n : 1, &input, err);
	}
	if (status == MC_OK)
		status = mc_out_open(&out, run->opts->common.output, err);
	if (status == MC_OK && run->opts->list_metrics)
		list_metrics(mc_out_file(out));
	else if (status == MC_OK)
		status = write_cells(mc_out_file(out), run, p, err);
	if (status == MC_OK)
		status = mc_out_commit(out, err);
	else
		mc_out_abandon(out);
	mc_predictions_free(p);
	return status;
}

int
main(int argc, char **argv)
{
	struct options opts = { .level = 0.95, .replicates = 4999, .seed = 1 };
	struct run run = { .opts = &opts };
	enum mc_status status;
	struct mc_err err;
	int operands;

	opts.threads = mc_cpus();
	operands = tool_start(&prog, argc, argv, &opts);
	tool_say("%lld replicates, seed %lld", (long long)opts.replicates,
	    (long long)opts.seed);
	status = run_program(&run, argv + operands, (size_t)(argc - operands),
	    &err);
	free(run.measures);
	free(run.classes);
	return tool_end(status, &err);
}
