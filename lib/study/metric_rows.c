/* metric_rows.c - estimate metrics of runs and write them as rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "stats/metric.h"
#include "stats/metric_list.h"
#include "stats/task_mean.h"
#include "study/finding_set.h"
#include "study/metric_rows.h"
#include "study/run_sample.h"
#include "table/schemas.h"

/* --- Runs ----------------------------------------------------------------- */

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

/*
 * Write the row of E, an estimate of the N samples at X: one, or one for each
 * seed.
 */
static void
write_row(FILE *f, const struct mc_metric_rows *m,
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
		.level = m->plan.level, .method = e->method,
		.unit = x[0]->unit,
		.replicates = e->resampled ? m->plan.how.replicates : -1,
		.resample_seed = e->resampled ? m->resample_seed : -1,
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
 * Write the rows of the N samples at X: one, or one for each seed.  STRATA, or
 * NULL, are those of all images of the run.
 */
static enum mc_status
write_samples(FILE *f, const struct mc_metric_rows *m,
    const struct mc_run_sample *const *x, size_t n,
    const struct mc_strata *strata, struct mc_err *err)
{
	const struct mc_sample **samples = mc_xcalloc(n, sizeof(*samples));
	struct mc_metric_spec *specs;
	struct mc_estimate_options plan = m->plan;
	struct mc_estimate *e;
	enum mc_status status;
	size_t n_specs, units, i;

	for (i = 0; i < n; i++)
		samples[i] = &x[i]->s;
	status = mc_metric_specs_expand(m->specs, m->n_specs,
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
			write_row(f, m, x, n, (int64_t)units, &e[i]);
		}
		mc_estimates_free(e, n_specs);
	}
	free(specs);
	free(samples);
	return status;
}

enum mc_status
mc_metric_rows_write(FILE *f, const struct mc_metric_rows *m,
    const struct mc_run_set *set, struct mc_err *err)
{
	struct mc_run_sample **x = mc_xcalloc(set->n, sizeof(*x));
	const struct mc_run_sample **same = mc_xcalloc(set->n, sizeof(*same));
	struct mc_strata *strata = NULL;
	enum mc_status status = MC_OK;
	size_t n_groups = 0, made = 0, g, i;

	for (i = 0; i < set->n && status == MC_OK; i++) {
		if (i > 0)
			status = mc_runs_check_same(m->runs, set->run[0],
			    set->run[i], err);
		if (status == MC_OK)
			status = mc_run_samples(m->runs, set->run[i], &x[i],
			    &n_groups, err);
		made += status == MC_OK;
	}
	if (status == MC_OK && m->stratify)
		strata = mc_strata_alloc(&x[0]->s);
	for (g = 0; g < n_groups && status == MC_OK; g++) {
		for (i = 0; i < set->n; i++)
			same[i] = &x[i][g];
		status = write_samples(f, m, same, set->n, strata, err);
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
find_group(const struct means *over, size_t i, const char *name)
{
	size_t g;

	for (g = 0; g < over->n_groups[i]; g++) {
		if (strcmp(over->x[i][g].subgroup, name) == 0)
			return &over->x[i][g];
	}
	return NULL;
}

/* Write the row of E, the mean over the findings of OVER. */
static void
write_mean_row(FILE *f, const struct mc_metric_rows *m,
    const struct means *over, const struct mc_sample *const *samples,
    struct mc_estimate *e)
{
	size_t n_seeds = over->set->n_runs, n = over->n * n_seeds, i;
	struct mc_run_sample x = *over->with[0];
	const struct mc_run_sample **same = mc_xcalloc(n_seeds, sizeof(*same));
	struct mc_run run = *x.run;

	for (i = 0; i < n; i++)
		x.s.n = samples[i]->n > x.s.n ? samples[i]->n : x.s.n;
	run.key[MC_KEY_TASK] = over->set->task;
	x.run = &run;
	x.s.threshold = NULL;	/* each finding has its own */
	for (i = 0; i < n_seeds; i++)
		same[i] = &x;
	write_row(f, m, same, n_seeds, (int64_t)mc_samples_units(samples, n),
	    e);
	free(same);
}

/* Write the means of the subgroup NAME over the findings that have it. */
static enum mc_status
write_mean(FILE *f, const struct mc_metric_rows *m, struct means *over,
    const char *name, struct mc_err *err)
{
	size_t n_seeds = over->set->n_runs, n = 0, n_specs, i;
	const char **tasks = mc_xcalloc(over->set->n, sizeof(*tasks));
	const struct mc_sample **samples = mc_xcalloc(over->set->n * n_seeds,
	    sizeof(*samples));
	struct mc_metric_spec *specs = NULL;
	struct mc_estimate *e;
	enum mc_status status;

	for (i = 0, over->n = 0; i < over->set->n * n_seeds; i++) {
		const struct mc_run_sample *x = find_group(over, i, name);

		if (x == NULL)
			continue;
		over->with[n] = x;
		samples[n] = &x->s;
		if (i % n_seeds == 0)
			tasks[over->n++] = over->set->name[i / n_seeds];
		n++;
	}
	status = mc_metric_specs_expand(m->specs, m->n_specs,
	    samples[0]->n_classes, samples[0]->ordered, over->with[0]->positive,
	    &specs, &n_specs, err);
	if (status == MC_OK) {
		e = mc_task_means(tasks, samples, over->n, n_seeds, specs,
		    n_specs, &m->plan);
		for (i = 0; i < n_specs; i++) {
			if (over->with[0]->remark != NULL)
				mc_buf_printf(&e[i].note, "; %s",
				    over->with[0]->remark);
			write_mean_row(f, m, over, samples, &e[i]);
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
write_groups(FILE *f, const struct mc_metric_rows *m, struct means *over,
    struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	enum mc_status status = MC_OK;
	size_t i, g;

	for (i = 0; i < over->set->n * over->set->n_runs; i++) {
		for (g = 0; g < over->n_groups[i]; g++)
			mc_names_add(names, over->x[i][g].subgroup);
	}
	for (g = 0; g < mc_names_count(names) && status == MC_OK; g++)
		status = write_mean(f, m, over, mc_names_at(names, g), err);
	mc_names_free(names);
	return status;
}

/* Write the means over the findings of SET. */
static enum mc_status
write_findings(FILE *f, const struct mc_metric_rows *m,
    const struct mc_finding_set *set, struct mc_err *err)
{
	size_t n = set->n * set->n_runs, made = 0, i;
	struct means over = { .set = set };
	enum mc_status status = MC_OK;

	over.x = mc_xcalloc(n, sizeof(*over.x));
	over.n_groups = mc_xcalloc(n, sizeof(*over.n_groups));
	over.with = mc_xcalloc(n, sizeof(*over.with));
	for (i = 0; i < n && status == MC_OK; i++) {
		if (i % set->n_runs > 0)
			status = mc_runs_check_same(m->runs,
			    set->run[i - 1], set->run[i], err);
		if (status == MC_OK)
			status = mc_run_samples(m->runs, set->run[i],
			    &over.x[i], &over.n_groups[i], err);
		made += status == MC_OK;
	}
	if (status == MC_OK) {
		mc_run_samples_share_units(over.x, over.n_groups, n);
		status = write_groups(f, m, &over, err);
	}
	for (i = 0; i < made; i++)
		mc_run_samples_free(over.x[i], over.n_groups[i]);
	free(over.x);
	free(over.n_groups);
	free(over.with);
	return status;
}

enum mc_status
mc_finding_means_write(FILE *f, const struct mc_metric_rows *m,
    unsigned except, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_run_set *sets;
	size_t n, n_findings, written = 0, i, k;

	sets = mc_runs_sets(m->runs, except | 1u << MC_KEY_TASK, &n);
	for (i = 0; i < n && status == MC_OK; i++) {
		struct mc_finding_set *findings;

		status = mc_finding_sets_make(&findings, &n_findings,
		    m->runs, &sets[i], except, err);
		if (status != MC_OK)
			break;
		for (k = 0; k < n_findings && status == MC_OK; k++)
			status = write_findings(f, m, &findings[k], err);
		written += n_findings;
		mc_finding_sets_free(findings, n_findings);
	}
	free(sets);
	return status != MC_OK || written > 0 ? status :
	    mc_finding_sets_none(err);
}
