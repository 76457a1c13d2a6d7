/* task_mean.c - estimate the mean of metrics over tasks. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/remarks.h"
#include "stats/reweighted.h"
#include "stats/task_mean.h"

/* So many of the tasks that are left out are named. */
#define MOST_NAMED 3

/* --- The tasks of a metric ------------------------------------------------ */

/* Which tasks count. */
struct use {
	bool *used;		/* [task] */
	bool *zero;		/* [task * n_seeds + seed]: it has no value, which
				   counts as 0 */
	size_t n;		/* of those used */
};

/* Whether a class that M is about has no image in S. */
static bool
lacks_class(const struct mc_sample *s, const struct mc_metric_spec *m,
    bool undefined)
{
	bool *has = mc_xcalloc(s->n_classes, sizeof(*has)), lacks;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		n += !has[s->label[i]];
		has[s->label[i]] = true;
	}
	lacks = n < s->n_classes && (undefined || m->average == MC_MACRO ||
	    m->average == MC_OVO);
	if (m->average == MC_EACH_CLASS &&
	    mc_metric_spec_denominator(m) != MC_OF_OTHERS)
		lacks = lacks || !has[m->class_index];
	free(has);
	return lacks;
}

/*
 * The values of metric M on the tasks, VALUES[task * n_seeds + seed]; and which
 * of them count, in USE, freed with clear_use.
 */
static void
task_values(const struct mc_task_samples *tasks, size_t n_tasks,
    size_t n_seeds, const struct mc_metric_spec *m, double *values,
    struct use *use)
{
	size_t t, s;

	use->used = mc_xcalloc(n_tasks, sizeof(*use->used));
	use->zero = mc_xcalloc(n_tasks * n_seeds, sizeof(*use->zero));
	use->n = 0;
	for (t = 0; t < n_tasks; t++) {
		use->used[t] = true;
		for (s = 0; s < n_seeds; s++) {
			const struct mc_sample *x = tasks[t].samples[s];
			struct mc_scorer *scorer = mc_scorer_alloc(x, m, 1);
			struct mc_reweighted *w = mc_reweighted_alloc(scorer);
			bool none = isnan(mc_reweighted_value(w, 0));
			double v = mc_reweighted_estimate(w, 0);

			values[t * n_seeds + s] = v;
			use->zero[t * n_seeds + s] = none;
			if (isnan(v) || lacks_class(x, m, none))
				use->used[t] = false;
			mc_reweighted_free(w);
			mc_scorer_free(scorer);
		}
		use->n += use->used[t];
	}
}

static void
clear_use(struct use *use)
{
	free(use->used);
	free(use->zero);
}

/* The mean over the seeds of task T; NAN where one has no value. */
static double
mean_over_seeds(const struct use *use, size_t t, size_t n_seeds,
    const double *values, size_t stride)
{
	double sum = 0;
	size_t s;

	for (s = 0; s < n_seeds; s++) {
		double v = values[(t * n_seeds + s) * stride];

		sum += isnan(v) && use->zero[t * n_seeds + s] ? 0 : v;
	}
	return sum / (double)n_seeds;
}

/*
 * The mean over tasks and seeds of B numbers each: MEAN[b] of
 * VALUES[(task * n_seeds + seed) * STRIDE + b], NAN where none has a value.
 * Returns how many of those that have one are of fewer tasks than USE.
 */
static size_t
mean_over_tasks(const struct use *use, size_t n_tasks, size_t n_seeds,
    const double *values, size_t stride, size_t b, double *mean)
{
	size_t partial = 0, i, t, n;

	for (i = 0; i < b; i++) {
		double sum = 0;

		for (t = n = 0; t < n_tasks; t++) {
			double v = use->used[t] ? mean_over_seeds(use, t,
			    n_seeds, values + i, stride) : NAN;

			if (isnan(v))
				continue;
			sum += v;
			n++;
		}
		mean[i] = n > 0 ? sum / (double)n : NAN;
		partial += n > 0 && n < use->n;
	}
	return partial;
}

/* Append "mean of 13 findings ..." to NOTE. */
static void
remark_tasks(const struct mc_task_samples *tasks, size_t n_tasks,
    const struct use *use, struct mc_buf *note)
{
	size_t out = n_tasks - use->n, named = 0, t;

	if (use->n > 0)
		mc_remark(note, "mean of %zu finding%s", use->n,
		    use->n == 1 ? "" : "s");
	if (out == 0)
		return;
	mc_remark(note, "left out, since undefined there: ");
	for (t = 0; t < n_tasks && named < MOST_NAMED; t++) {
		if (!use->used[t])
			mc_buf_printf(note, "%s\"%s\"", named++ > 0 ? ", " :
			    "", tasks[t].name);
	}
	if (out > named)
		mc_buf_printf(note, " and %zu other%s", out - named,
		    out - named == 1 ? "" : "s");
}

/* --- Estimates ------------------------------------------------------------ */

/* What the means of all metrics share. */
struct context {
	const struct mc_task_samples *tasks;
	size_t n_tasks, n_seeds;
	const struct mc_sample **samples;	/* [task * n_seeds + seed] */
	const struct mc_estimate_options *options;
	struct mc_resampling how;
	double *replicates;	/* [(sample * n + metric) * replicates + b] */
	double *jackknife;	/* [(sample * n + metric) * units + u], or NULL */
};

/* The estimate of E, and its spread over seeds, from VALUES. */
static void
set_value(const struct context *c, const struct use *use,
    const double *values, struct mc_estimate *e)
{
	double *seed = mc_xcalloc(c->n_seeds, sizeof(*seed));
	size_t t, s;

	e->lo = e->hi = e->seed_sd = NAN;
	e->method = "none";
	mean_over_tasks(use, c->n_tasks, c->n_seeds, values, 1, 1, &e->estimate);
	remark_tasks(c->tasks, c->n_tasks, use, &e->note);
	for (s = 0; s < c->n_seeds; s++) {
		for (t = 0; t < c->n_tasks; t++)
			seed[s] += use->used[t] ?
			    values[t * c->n_seeds + s] / (double)use->n : 0;
	}
	if (c->n_seeds > 1 && use->n > 0) {
		e->seed_sd = gsl_stats_sd(seed, 1, c->n_seeds);
		mc_remark(&e->note, "mean over %zu training seeds: the "
		    "interval does not include seed-to-seed variation",
		    c->n_seeds);
	}
	free(seed);
}

/* Whether the units of a task that counts are few. */
static bool
few_units(const struct context *c, const struct use *use,
    const struct mc_estimate *e)
{
	bool few = false;
	size_t t;

	for (t = 0; t < c->n_tasks && !few; t++) {
		struct mc_remarks *r;

		if (!use->used[t])
			continue;
		r = mc_remarks_alloc(c->samples[t * c->n_seeds]);
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

/* Whether the threshold of a task was chosen again in each replicate. */
static bool
threshold_varies(const struct context *c)
{
	return c->samples[0]->threshold->replicates != NULL;
}

static void
remark_interval(const struct context *c, const struct use *use,
    struct mc_estimate *e)
{
	if (strcmp(e->method, "none") == 0)
		return;
	if (few_units(c, use, e))
		mc_remark(&e->note, "few units: interval may undercover");
	if (e->spec.metric->source == MC_FROM_COUNTS &&
	    c->samples[0]->threshold != NULL)
		mc_remark(&e->note, threshold_varies(c) ?
		    "interval includes the uncertainty of the threshold" :
		    "threshold treated as fixed");
}

/* The interval of E, metric I of N, over the tasks in USE. */
static void
set_interval(const struct context *c, const struct use *use, size_t i,
    size_t n, struct mc_estimate *e)
{
	size_t b = (size_t)c->how.replicates, units = c->samples[0]->n_units;
	double *values = mc_xcalloc(b, sizeof(*values));
	double *without = NULL;
	struct mc_interval_source x = { .spec = &e->spec,
	    .estimate = e->estimate, .level = c->options->level,
	    .seed = c->how.seed, .variance = NAN, .values = values,
	    .n_units = units };
	size_t partial = mean_over_tasks(use, c->n_tasks, c->n_seeds,
	    c->replicates + i * b, n * b, b, values), k;

	for (k = 0; k < b; k++) {
		if (!isnan(values[k]))
			values[x.n++] = values[k];
	}
	if (c->jackknife != NULL) {
		x.jackknife = without = mc_xcalloc(units, sizeof(*without));
		mean_over_tasks(use, c->n_tasks, c->n_seeds, c->jackknife +
		    i * units, n * units, units, without);
	}
	if (x.n < b && x.n > 0)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    b - x.n, b);
	if (partial > 0)
		mc_remark(&e->note, "a finding has no value in %zu of %zu "
		    "replicates, where the mean is over the others", partial,
		    b);
	make_interval(c, &x, e);
	remark_interval(c, use, e);
	free(values);
	free(without);
}

static void
resample(struct context *c, const struct mc_metric_spec *specs, size_t n)
{
	const struct mc_estimate_options *o = c->options;
	size_t all = c->n_tasks * c->n_seeds, i;

	c->replicates = mc_xreallocarray(NULL, all * n *
	    (size_t)c->how.replicates, sizeof(*c->replicates));
	mc_bootstrap(c->samples, all, specs, n, &c->how, c->replicates, NULL);
	for (i = 0; i < o->n_methods; i++) {
		if (c->jackknife != NULL ||
		    (o->methods[i]->needs & MC_NEED_JACKKNIFE) == 0)
			continue;
		c->jackknife = mc_xreallocarray(NULL, all * n *
		    c->samples[0]->n_units, sizeof(*c->jackknife));
		mc_jackknife(c->samples, all, specs, n, c->how.threads,
		    c->jackknife);
	}
}

struct mc_estimate *
mc_task_means(const struct mc_task_samples *tasks, size_t n_tasks,
    size_t n_seeds, const struct mc_metric_spec *specs, size_t n,
    const struct mc_estimate_options *options)
{
	struct context c = { tasks, n_tasks, n_seeds, NULL, options,
	    options->how, NULL, NULL };
	struct mc_estimate *e = mc_xcalloc(n, sizeof(*e));
	double *values = mc_xcalloc(n_tasks * n_seeds, sizeof(*values));
	size_t i, t;

	c.how.by_unit = true;	/* so that metrics do not change each other */
	c.samples = mc_xcalloc(n_tasks * n_seeds, sizeof(*c.samples));
	for (t = 0; t < n_tasks; t++)
		memcpy(c.samples + t * n_seeds, tasks[t].samples,
		    n_seeds * sizeof(*c.samples));
	resample(&c, specs, n);
	for (i = 0; i < n; i++) {
		struct use use;

		e[i].spec = specs[i];
		task_values(tasks, n_tasks, n_seeds, &specs[i], values,
		    &use);
		set_value(&c, &use, values, &e[i]);
		if (!isnan(e[i].estimate) && e[i].spec.metric->biased &&
		    !options->asked)
			mc_remark(&e[i].note, "no interval: bootstrap "
			    "replicates of this metric are biased upwards");
		else if (!isnan(e[i].estimate))
			set_interval(&c, &use, i, n, &e[i]);
		clear_use(&use);
	}
	free(c.samples);
	free(c.replicates);
	free(c.jackknife);
	free(values);
	return e;
}
