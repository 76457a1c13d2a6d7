/* task_mean.c - estimate the mean of metrics over tasks. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/remarks.h"
#include "stats/task_mean.h"
#include "stats/task_values.h"

/* What the means of all metrics share. */
struct context {
	const char *const *tasks;
	const struct mc_task_values *values;
	const struct mc_estimate_options *options;
	double *replicates;	/* mc_task_values_bootstrap */
	double *jackknife;	/* mc_task_values_jackknife; NULL: not needed */
};

/* Average B numbers of metric I into MEAN; returns how many are partial. */
static size_t
average(const struct context *c, const double *values, size_t i, size_t b,
    double *mean)
{
	return mc_task_values_average(&c->values, &values, 1,
	    c->values->used + i * c->values->n_tasks, i, b, &mean);
}

/* The estimate of E, metric I, and its spread over seeds. */
static void
set_value(const struct context *c, size_t i, struct mc_estimate *e)
{
	const struct mc_task_values *v = c->values;
	const bool *used = v->used + i * v->n_tasks;
	double *seed = mc_xcalloc(v->n_seeds, sizeof(*seed));
	size_t n, t, s;

	e->lo = e->hi = e->seed_sd = NAN;
	e->method = "none";
	average(c, v->value, i, 1, &e->estimate);
	n = mc_task_values_remark(c->tasks, v->n_tasks, used, &e->note);
	for (s = 0; s < v->n_seeds; s++) {
		for (t = 0; t < v->n_tasks; t++)
			seed[s] += used[t] ? v->value[(t * v->n_seeds + s) *
			    v->n + i] / (double)n : 0;
	}
	if (v->n_seeds > 1 && n > 0) {
		e->seed_sd = gsl_stats_sd(seed, 1, v->n_seeds);
		mc_remark(&e->note, "mean over %zu training seeds: the "
		    "interval does not include seed-to-seed variation",
		    v->n_seeds);
	}
	free(seed);
}

/* Whether the units of a task that counts in metric I are few. */
static bool
few_units(const struct context *c, size_t i, const struct mc_estimate *e)
{
	const struct mc_task_values *v = c->values;
	bool few = false;
	size_t t;

	for (t = 0; t < v->n_tasks && !few; t++) {
		struct mc_remarks *r;

		if (!v->used[i * v->n_tasks + t])
			continue;
		r = mc_remarks_alloc(v->samples[t * v->n_seeds]);
		few = mc_remarks_few_units(r, &e->spec, e->estimate);
		mc_remarks_free(r);
	}
	return few;
}

/* Make E's interval from the replicates VALUES, B of which are defined. */
static void
make_interval(const struct context *c, struct mc_interval_source *x,
    struct mc_estimate *e)
{
	const struct mc_estimate_options *o = c->options;
	const char *why = "no method is for a mean over findings";
	struct mc_interval made = { .lo = NAN, .hi = NAN, .method = "none",
	    .note = &e->note };
	size_t i;

	for (i = 0; i < o->n_methods && why != NULL; i++) {
		if (mc_interval_of_mean(o->methods[i]))
			why = mc_interval_make(o->methods[i], x, &made);
	}
	e->lo = made.lo;
	e->hi = made.hi;
	e->method = made.method;
	e->resampled = made.resampled;
	if (why != NULL)
		mc_remark(&e->note, "no interval: %s", why);
}

/* The threshold of the tasks; NULL: none. */
static const struct mc_threshold *
threshold(const struct context *c)
{
	return c->values->samples[0]->threshold;
}

static void
remark_interval(const struct context *c, size_t i, struct mc_estimate *e)
{
	if (strcmp(e->method, "none") == 0)
		return;
	if (c->values->samples[0]->fold != NULL)
		mc_remark(&e->note, MC_REMARK_FOLDS);
	if (few_units(c, i, e))
		mc_remark(&e->note, "few units: interval may be too narrow");
	if (e->spec.metric->source == MC_FROM_COUNTS && threshold(c) != NULL)
		mc_remark(&e->note, threshold(c)->replicates != NULL ?
		    "interval includes the uncertainty of the threshold" :
		    "threshold treated as fixed");
}

/* Whether replicates of E, metric I, hide how well a task is known. */
static bool
hides_spread(const struct context *c, size_t i, struct mc_estimate *e)
{
	const struct mc_task_values *v = c->values;
	bool *hidden = mc_xcalloc(v->n_tasks, sizeof(*hidden));
	size_t n = mc_task_values_hidden(&v, (const double *const[]){
	    c->replicates }, 1, v->used + i * v->n_tasks, i,
	    (size_t)c->options->how.replicates, c->options->level, hidden);

	if (n > 0)
		mc_task_values_remark_hidden(c->tasks, v->n_tasks, hidden,
		    &e->note);
	free(hidden);
	return n > 0;
}

/* The interval of E, metric I. */
static void
set_interval(const struct context *c, size_t i, struct mc_estimate *e)
{
	size_t b = (size_t)c->options->how.replicates, partial, k;
	size_t units = c->values->samples[0]->n_units;
	double *values = mc_xcalloc(b, sizeof(*values));
	double *without = NULL;
	struct mc_interval_source x = { .spec = &e->spec,
	    .estimate = e->estimate, .level = c->options->level,
	    .seed = c->options->how.seed, .variance = NAN, .values = values,
	    .n_units = units };

	partial = average(c, c->replicates, i, b, values);
	for (k = 0; k < b; k++) {
		if (!isnan(values[k]))
			values[x.n++] = values[k];
	}
	if (c->jackknife != NULL) {
		x.jackknife = without = mc_xcalloc(units, sizeof(*without));
		average(c, c->jackknife, i, units, without);
	}
	if (x.n < b && x.n > 0)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    b - x.n, b);
	if (partial > 0)
		mc_remark(&e->note, "a finding has no value in %zu of %zu "
		    "replicates, where the mean is over the others", partial,
		    b);
	if (!hides_spread(c, i, e)) {
		make_interval(c, &x, e);
		remark_interval(c, i, e);
	}
	free(values);
	free(without);
}

static void
resample(struct context *c)
{
	const struct mc_estimate_options *o = c->options;
	size_t i;

	c->replicates = mc_task_values_bootstrap(c->values, &o->how);
	for (i = 0; i < o->n_methods && c->jackknife == NULL; i++) {
		if ((o->methods[i]->needs & MC_NEED_JACKKNIFE) != 0)
			c->jackknife = mc_task_values_jackknife(c->values,
			    o->how.threads);
	}
}

struct mc_estimate *
mc_task_means(const char *const *tasks,
    const struct mc_sample *const *samples, size_t n_tasks, size_t n_seeds,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_estimate_options *options)
{
	struct mc_task_values *values = mc_task_values_alloc(samples, n_tasks,
	    n_seeds, specs, n);
	struct context c = { .tasks = tasks, .values = values,
	    .options = options };
	struct mc_estimate *e = mc_xcalloc(n, sizeof(*e));
	size_t i;

	resample(&c);
	for (i = 0; i < n; i++) {
		e[i].spec = specs[i];
		set_value(&c, i, &e[i]);
		if (!isnan(e[i].estimate) && e[i].spec.metric->biased &&
		    !options->asked)
			mc_remark(&e[i].note, "no interval: bootstrap "
			    "replicates of this metric are biased upwards");
		else if (!isnan(e[i].estimate))
			set_interval(&c, i, &e[i]);
	}
	mc_task_values_free(values);
	free(c.replicates);
	free(c.jackknife);
	return e;
}
