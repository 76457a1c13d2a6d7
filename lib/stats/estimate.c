/* estimate.c - estimate metrics, with intervals and notes. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/estimate.h"
#include "stats/remarks.h"
#include "stats/reweighted.h"
#include "stats/sides.h"

/* What the intervals of all metrics share. */
struct context {
	const struct mc_sample *const *samples;
	size_t n_samples;
	const struct mc_estimate_options *options;
	struct mc_remarks **remarks;	/* [sample] */
};

/* --- Choosing ------------------------------------------------------------- */

/* Whether a threshold makes the values of M, and in replicates another one. */
static bool
has_threshold(const struct context *c, const struct mc_metric_spec *m)
{
	return m->metric->source == MC_FROM_COUNTS &&
	    c->samples[0]->threshold != NULL;
}

static bool
threshold_varies(const struct context *c, const struct mc_metric_spec *m)
{
	return has_threshold(c, m) &&
	    c->samples[0]->threshold->replicates != NULL;
}

static struct mc_interval_source
source_of(const struct context *c, const struct mc_estimate *e)
{
	return (struct mc_interval_source){ .samples = c->samples,
	    .remarks = c->remarks, .n_samples = c->n_samples,
	    .spec = &e->spec, .estimate = e->estimate,
	    .level = c->options->level, .seed = c->options->how.seed,
	    .variance = NAN };
}

/* Make E's interval of X by METHOD; return NULL, or why there is none. */
static const char *
make(const struct mc_interval_method *method,
    const struct mc_interval_source *x, struct mc_estimate *e)
{
	struct mc_interval i = { .note = &e->note };
	const char *why = mc_interval_make(method, x, &i);

	e->lo = i.lo;
	e->hi = i.hi;
	e->method = i.method;
	e->resampled = i.resampled;
	return why;
}

/* Whether E's interval is to be looked for at all. */
static bool
wants_interval(const struct context *c, const struct mc_estimate *e)
{
	return !isnan(e->estimate) &&
	    (c->options->asked || !e->spec.metric->biased);
}

/* Whether E needs replicates: no formula before them makes its interval. */
static bool
needs_replicates(const struct context *c, struct mc_estimate *e)
{
	const struct mc_interval_source x = source_of(c, e);
	size_t i;

	for (i = 0; i < c->options->n_methods; i++) {
		const struct mc_interval_method *m = c->options->methods[i];

		if (mc_interval_unsuitable(m, &e->spec, c->samples,
		    c->n_samples) != NULL)
			continue;
		if ((m->needs & MC_NEED_REPLICATES) != 0)
			return true;
		if (make(m, &x, e) == NULL)
			return false;
	}
	return false;
}

/* Make E's interval by the first method that has one. */
static void
set_interval(const struct context *c, const struct mc_interval_source *x,
    struct mc_estimate *e)
{
	const char *why = "no method was named";
	size_t i;

	for (i = 0; i < c->options->n_methods && why != NULL; i++)
		why = make(c->options->methods[i], x, e);
	if (why != NULL)
		mc_remark(&e->note, "no interval: %s", why);
}

/* Remark on E's interval, which one of the methods made. */
static void
remark_interval(const struct context *c, struct mc_estimate *e)
{
	const struct mc_interval_method *method =
	    mc_interval_method_find(e->method);
	bool few = false;
	size_t s;

	if (strcmp(e->method, "none") == 0)
		return;
	if (c->samples[0]->fold != NULL)
		mc_remark(&e->note, MC_REMARK_FOLDS);
	if (method != NULL && !method->undercovers)
		return;
	/* Formulas are made for the ends of the scale. */
	for (s = 0; s < c->n_samples && !few; s++)
		few = mc_remarks_few_units(c->remarks[s], &e->spec,
		    e->resampled ? e->estimate : NAN);
	if (few)
		mc_remark(&e->note, "few units: interval may be too narrow");
	if (e->resampled && c->options->how.strata != NULL)
		mc_remark(&e->note, "resampled within classes: the interval "
		    "holds for this prevalence");
}

/* --- Replicates ----------------------------------------------------------- */

/* Whether one of the methods has NEED. */
static bool
any_needs(const struct context *c, enum mc_interval_need need)
{
	size_t i;

	for (i = 0; i < c->options->n_methods; i++) {
		if ((c->options->methods[i]->needs & need) != 0)
			return true;
	}
	return false;
}

/*
 * Take the undefined ones of N VALUES out, and their VARIANCES unless that is
 * NULL.  Returns how many remain.
 */
static size_t
drop_undefined(double *values, double *variances, size_t n)
{
	size_t kept = 0, i;

	for (i = 0; i < n; i++) {
		if (isnan(values[i]))
			continue;
		values[kept] = values[i];
		if (variances != NULL)
			variances[kept] = variances[i];
		kept++;
	}
	return kept;
}

/*
 * The replicates for bootstrap-t, of N metrics: VALUES and VARIANCES.  They are
 * drawn by unit, those of other methods by pattern (resample.h), which are the
 * same whether bootstrap-t is asked for or not.
 */
static void
resample_t(const struct context *c, const struct mc_metric_spec *m, size_t n,
    double **values, double **variances)
{
	size_t b = (size_t)c->options->how.replicates;

	*values = mc_xreallocarray(NULL, n * b, sizeof(**values));
	*variances = mc_xreallocarray(NULL, n * b, sizeof(**variances));
	mc_bootstrap(c->samples, 1, m, n, &c->options->how, *values,
	    *variances);
}

/*
 * Of N_SAMPLES samples' replicates, those of one metric that are partial, and
 * whose mean over samples, in VALUES, is defined.
 */
static size_t
count_partial(const bool *partial, size_t n_samples, size_t each,
    const double *values, size_t b)
{
	size_t n = 0, i, s;

	for (i = 0; i < b; i++) {
		bool any = false;

		for (s = 0; s < n_samples; s++)
			any = any || partial[s * each + i];
		n += any && !isnan(values[i]);
	}
	return n;
}

/* What is resampled of N metrics. */
struct resampled {
	size_t b, units;		/* replicates, and units left out */
	double *values;			/* [metric * b + replicate] */
	bool *partial;			/* [(sample * n + metric) * b + ...] */
	double *jackknife;		/* [metric * units + unit], or NULL */
	double *variance;		/* [metric], or NULL */
	double *t_values, *t_variances;	/* as values, or NULL */
};

static struct resampled
resample(const struct context *c, const struct mc_metric_spec *m, size_t n)
{
	const struct mc_resampling *how = &c->options->how;
	struct resampled r = { .b = (size_t)how->replicates,
	    .units = c->samples[0]->n_units };
	size_t all = n * c->n_samples;

	r.values = mc_xreallocarray(NULL, all * r.b, sizeof(*r.values));
	r.partial = mc_xcalloc(all * r.b, sizeof(*r.partial));
	mc_bootstrap_partial(c->samples, c->n_samples, m, n, how, r.values,
	    NULL, r.partial);
	mc_mean_over_seeds(r.values, c->n_samples, n * r.b, n * r.b, r.values);
	if (any_needs(c, MC_NEED_JACKKNIFE)) {
		r.jackknife = mc_xreallocarray(NULL, all * r.units,
		    sizeof(*r.jackknife));
		mc_jackknife(c->samples, c->n_samples, m, n, how->threads,
		    r.jackknife);
		mc_mean_over_seeds(r.jackknife, c->n_samples, n * r.units,
		    n * r.units, r.jackknife);
	}
	if (any_needs(c, MC_NEED_VARIANCES) && c->n_samples == 1) {
		r.variance = mc_xcalloc(n, sizeof(*r.variance));
		resample_t(c, m, n, &r.t_values, &r.t_variances);
		mc_metric_variances(c->samples[0], m, n, r.variance);
	}
	return r;
}

static void
free_resampled(struct resampled *r)
{
	free(r->values);
	free(r->partial);
	free(r->jackknife);
	free(r->variance);
	free(r->t_values);
	free(r->t_variances);
}

/* Make the interval of E, metric I of the N in R. */
static void
interval_of(const struct context *c, const struct resampled *r, size_t i,
    size_t n, struct mc_estimate *e)
{
	struct mc_interval_source x = source_of(c, e);
	size_t partial = count_partial(r->partial + i * r->b, c->n_samples,
	    n * r->b, r->values + i * r->b, r->b);

	x.values = r->values + i * r->b;
	x.n = drop_undefined(x.values, NULL, r->b);
	x.n_units = r->units;
	if (r->jackknife != NULL)
		x.jackknife = r->jackknife + i * r->units;
	if (r->variance != NULL) {
		x.variance = r->variance[i];
		x.t_values = r->t_values + i * r->b;
		x.t_variances = r->t_variances + i * r->b;
		x.t_n = drop_undefined(r->t_values + i * r->b,
		    r->t_variances + i * r->b, r->b);
	}
	if (x.n < r->b && x.n > 0)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    r->b - x.n, r->b);
	if (partial > 0)
		mc_remark(&e->note, "a class has no value in %zu of %zu "
		    "replicates, where the mean is over the others", partial,
		    r->b);
	set_interval(c, &x, e);
}

/* Make the intervals of the N estimates at E, all of which need replicates. */
static void
resampled_intervals(const struct context *c, struct mc_estimate *const *e,
    size_t n)
{
	struct mc_metric_spec *m = mc_xcalloc(n, sizeof(*m));
	struct resampled r;
	size_t i;

	for (i = 0; i < n; i++)
		m[i] = e[i]->spec;
	r = resample(c, m, n);
	for (i = 0; i < n; i++)
		interval_of(c, &r, i, n, e[i]);
	free_resampled(&r);
	free(m);
}

/* --- All of it ------------------------------------------------------------ */

/*
 * The remarks on E's value: those of the first seed, and of any other what
 * differs from them.
 */
static void
remark_value(const struct context *c, struct mc_estimate *e)
{
	struct mc_buf first = { 0 };
	size_t s;

	mc_remarks_value(c->remarks[0], &e->spec, e->estimate, &first);
	if (first.len > 0)
		mc_remark(&e->note, "%s", first.data);
	for (s = 1; s < c->n_samples; s++) {
		struct mc_buf text = { 0 };

		mc_remarks_value(c->remarks[s], &e->spec, e->estimate,
		    &text);
		if (text.len > 0 && (first.len == 0 ||
		    strcmp(text.data, first.data) != 0))
			mc_remark(&e->note, "training seed %zu of %zu: %s",
			    s + 1, c->n_samples, text.data);
		mc_buf_free(&text);
	}
	mc_buf_free(&first);
}

/* The mean of E over samples, VALUES[s * n], and its remarks. */
static void
set_value(const struct context *c, const double *values, size_t n,
    struct mc_estimate *e)
{
	size_t s;

	e->lo = e->hi = e->seed_sd = NAN;
	e->method = "none";
	e->estimate = 0;
	for (s = 0; s < c->n_samples; s++)
		e->estimate += values[s * n];
	e->estimate /= (double)c->n_samples;
	remark_value(c, e);
	if (c->n_samples > 1 && !isnan(e->estimate)) {
		e->seed_sd = gsl_stats_sd(values, n, c->n_samples);
		mc_remark(&e->note, "mean over %zu training seeds: the "
		    "interval does not include seed-to-seed variation",
		    c->n_samples);
	}
	if (!isnan(e->estimate) && e->spec.metric->biased &&
	    !c->options->asked)
		mc_remark(&e->note, "no interval: bootstrap replicates of this "
		    "metric are biased upwards");
}

static void
remark_cut(const struct context *c, struct mc_estimate *e)
{
	if (!has_threshold(c, &e->spec) || strcmp(e->method, "none") == 0)
		return;
	mc_remark(&e->note, threshold_varies(c, &e->spec) && e->resampled &&
	    strcmp(e->method, "clopper-pearson") != 0 ?
	    "interval includes the uncertainty of the threshold" :
	    "threshold treated as fixed");
}

struct mc_estimate *
mc_estimates(const struct mc_sample *const *samples, size_t n_samples,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_estimate_options *options)
{
	struct context c = { .samples = samples, .n_samples = n_samples,
	    .options = options };
	struct mc_estimate *e = mc_xcalloc(n, sizeof(*e));
	struct mc_estimate **wanting = mc_xcalloc(n, sizeof(*wanting));
	double *values = mc_xcalloc(n_samples * n, sizeof(*values));
	size_t n_wanting = 0, i;

	c.remarks = mc_xcalloc(n_samples, sizeof(*c.remarks));
	for (i = 0; i < n_samples; i++) {
		c.remarks[i] = mc_remarks_alloc(samples[i]);
		mc_metric_values(samples[i], specs, n, values + i * n);
	}
	for (i = 0; i < n; i++) {
		e[i].spec = specs[i];
		set_value(&c, values + i, n, &e[i]);
		if (!wants_interval(&c, &e[i]))
			continue;
		if (needs_replicates(&c, &e[i]))
			wanting[n_wanting++] = &e[i];
		else if (strcmp(e[i].method, "none") == 0) {
			const struct mc_interval_source x = source_of(&c,
			    &e[i]);

			set_interval(&c, &x, &e[i]);
		}
	}
	if (n_wanting > 0)
		resampled_intervals(&c, wanting, n_wanting);
	for (i = 0; i < n; i++) {
		remark_interval(&c, &e[i]);
		remark_cut(&c, &e[i]);
	}
	free(values);
	free(wanting);
	for (i = 0; i < n_samples; i++)
		mc_remarks_free(c.remarks[i]);
	free(c.remarks);
	return e;
}

void
mc_estimates_free(struct mc_estimate *e, size_t n)
{
	size_t i;

	for (i = 0; e != NULL && i < n; i++)
		mc_buf_free(&e[i].note);
	free(e);
}
