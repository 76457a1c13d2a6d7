/* mc-bootstrap - compute metrics of predictions, with intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "options.h"
#include "stats/estimate.h"
#include "stats/metric.h"
#include "stats/metric_list.h"
#include "stats/task_mean.h"
#include "study/finding_set.h"
#include "study/run_sample.h"
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
	if (status == MC_OK && opts->mean_over_findings)
		status = check_mean(program, err);
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

/* --- Means over findings -------------------------------------------------- */

/* The samples of the findings in which a subgroup has images. */
struct means {
	const struct mc_finding_set *set;
	struct mc_run_sample **x;	/* [finding * n_runs + seed]: [group] */
	size_t *n_groups;		/* likewise */
	const struct mc_run_sample **with;	/* those of the subgroup */
	size_t n;			/* findings of it */
};

/* The sample of run I whose subgroup is called NAME, or NULL. */
static const struct mc_run_sample *
find_group(const struct means *m, size_t i, const char *name)
{
	size_t g;

	for (g = 0; g < m->n_groups[i]; g++) {
		if (strcmp(m->x[i][g].subgroup, name) == 0)
			return &m->x[i][g];
	}
	return NULL;
}

/* Write the row of E, a mean over the findings of M. */
static void
write_mean_row(FILE *f, const struct program *program, const struct means *m,
    const struct mc_sample *const *samples, struct mc_estimate *e)
{
	size_t n_seeds = m->set->n_runs, n = m->n * n_seeds, i, u, units = 0;
	bool *seen = mc_xcalloc(samples[0]->n_units, sizeof(*seen));
	struct mc_run_sample x = *m->with[0];
	const struct mc_run_sample **same = mc_xcalloc(n_seeds, sizeof(*same));
	struct mc_run run = *x.run;

	for (i = 0; i < n; i++) {
		const struct mc_sample *s = samples[i];

		x.s.n = s->n > x.s.n ? s->n : x.s.n;
		for (u = 0; u < s->n; u++) {
			units += !seen[s->unit[u]];
			seen[s->unit[u]] = true;
		}
	}
	run.key[MC_KEY_TASK] = m->set->task;
	x.run = &run;
	x.s.threshold = NULL;	/* each finding has its own */
	for (i = 0; i < n_seeds; i++)
		same[i] = &x;
	write_row(f, program, same, n_seeds, (int64_t)units, e);
	free(same);
	free(seen);
}

/* Write the means of the subgroup NAME over the findings that have it. */
static enum mc_status
write_mean(FILE *f, const struct program *program, struct means *m,
    const char *name, struct mc_err *err)
{
	size_t n_seeds = m->set->n_runs, n = 0, n_specs, i;
	struct mc_task_samples *tasks = mc_xcalloc(m->set->n, sizeof(*tasks));
	const struct mc_sample **samples = mc_xcalloc(m->set->n * n_seeds,
	    sizeof(*samples));
	struct mc_metric_spec *specs = NULL;
	struct mc_estimate *e;
	enum mc_status status;

	for (i = 0, m->n = 0; i < m->set->n * n_seeds; i++) {
		const struct mc_run_sample *x = find_group(m, i, name);

		if (x == NULL)
			continue;
		m->with[n] = x;
		samples[n] = &x->s;
		if (i % n_seeds == 0) {
			tasks[m->n].name = m->set->name[i / n_seeds];
			tasks[m->n++].samples = &samples[n];
		}
		n++;
	}
	status = mc_metric_specs_expand(program->specs, program->n_specs,
	    samples[0]->n_classes, samples[0]->ordered, m->with[0]->positive,
	    &specs, &n_specs, err);
	if (status == MC_OK) {
		e = mc_task_means(tasks, m->n, n_seeds, specs, n_specs,
		    &program->plan);
		for (i = 0; i < n_specs; i++) {
			if (m->with[0]->remark != NULL)
				mc_buf_printf(&e[i].note, "; %s",
				    m->with[0]->remark);
			write_mean_row(f, program, m, samples, &e[i]);
		}
		mc_estimates_free(e, n_specs);
	}
	free(specs);
	free(samples);
	free(tasks);
	return status;
}

/* Write the means of each subgroup, in the order of the first findings. */
static enum mc_status
write_groups(FILE *f, const struct program *program, struct means *m,
    struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	enum mc_status status = MC_OK;
	size_t i, g;

	for (i = 0; i < m->set->n * m->set->n_runs; i++) {
		for (g = 0; g < m->n_groups[i]; g++)
			mc_names_add(names, m->x[i][g].subgroup);
	}
	for (g = 0; g < mc_names_count(names) && status == MC_OK; g++)
		status = write_mean(f, program, m, mc_names_at(names, g), err);
	mc_names_free(names);
	return status;
}

static enum mc_status
write_findings(FILE *f, const struct program *program,
    const struct mc_finding_set *set, struct mc_err *err)
{
	size_t n = set->n * set->n_runs, made = 0, i;
	struct means m = { .set = set };
	enum mc_status status = MC_OK;

	m.x = mc_xcalloc(n, sizeof(*m.x));
	m.n_groups = mc_xcalloc(n, sizeof(*m.n_groups));
	m.with = mc_xcalloc(n, sizeof(*m.with));
	for (i = 0; i < n && status == MC_OK; i++) {
		if (i % set->n_runs > 0)
			status = mc_runs_check_same(program->runs,
			    set->run[i - 1], set->run[i], err);
		if (status == MC_OK)
			status = mc_run_samples(program->runs, set->run[i],
			    &m.x[i], &m.n_groups[i], err);
		made += status == MC_OK;
	}
	if (status == MC_OK) {
		mc_run_samples_share_units(m.x, m.n_groups, n);
		status = write_groups(f, program, &m, err);
	}
	for (i = 0; i < made; i++)
		mc_run_samples_free(m.x[i], m.n_groups[i]);
	free(m.x);
	free(m.n_groups);
	free(m.with);
	return status;
}

/* Write the means over the findings of each task, after all other rows. */
static enum mc_status
write_means(FILE *f, const struct program *program, unsigned except,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, n_findings, written = 0, i, k;

	sets = mc_runs_sets(program->runs, except | 1u << MC_KEY_TASK, &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		struct mc_finding_set *findings;

		status = mc_finding_sets_make(&findings, &n_findings,
		    program->runs, &sets[i], except, err);
		if (status != MC_OK)
			break;
		for (k = 0; k < n_findings && status == MC_OK; k++)
			status = write_findings(f, program, &findings[k], err);
		written += n_findings;
		mc_finding_sets_free(findings, n_findings);
	}
	free(sets);
	if (status == MC_OK && written == 0)
		return mc_err_set(err, MC_EDATA, "--mean-over-findings: no two "
		    "tasks with the classes no and yes are findings of one "
		    "task, as in chest:Mass and chest:Nodule");
	return status;
}

static enum mc_status
write_runs(FILE *f, const struct program *program, struct mc_err *err)
{
	unsigned except = program->train_seeds == SEEDS_MEAN ?
	    1u << MC_KEY_TRAIN_SEED : 0;
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, i;

	sets = mc_runs_sets(program->runs, except, &n);
	mc_rows_write_header(f, &mc_metrics_schema);
	for (i = 0; i < n && status == MC_OK; i++) {
		status = write_set(f, program, &sets[i], err);
		tool_progress("runs", (int64_t)i + 1, (int64_t)n);
	}
	free(sets);
	if (status == MC_OK && program->opts->mean_over_findings)
		status = write_means(f, program, except, err);
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
