/* estimate.c - metrics with their intervals and notes. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/estimate.h"
#include "stats/interval.h"
#include "stats/proportion.h"
#include "stats/ranking.h"
#include "stats/remarks.h"
#include "stats/roc.h"
#include "stats/reweighted.h"

const char *const mc_method_names[MC_METHODS] = {
	[MC_PERCENTILE] = "percentile", [MC_BASIC] = "basic",
	[MC_NORMAL] = "normal", [MC_BCA] = "bca",
	[MC_BOOTSTRAP_T] = "bootstrap-t", [MC_WILSON] = "wilson",
	[MC_CLOPPER_PEARSON] = "clopper-pearson", [MC_DELONG] = "delong",
	[MC_ORIGINAL] = "original"
};

/* What the intervals of all metrics share. */
struct context {
	const struct mc_sample *const *samples;
	size_t n_samples;
	const struct mc_estimate_options *plan;
	struct mc_remarks **remarks;	/* [sample] */
	double *variance;	/* [metric]: of the value; NULL: not asked */
};

/* The replicates of one metric, undefined ones taken out. */
struct replicates {
	double *values;
	size_t n;
	size_t partial;		/* means over fewer classes than the estimate */
	/* Replicates of their own for bootstrap-t; NULL: not asked for. */
	const double *t_values, *t_variances;
	size_t t_n;
	const double *jackknife;	/* NULL: not asked for */
	size_t n_units;
};

/* --- Intervals on units ---------------------------------------------------- */

/* The units that M is a proportion of, in the sample that has the fewest. */
static size_t
units_of(const struct context *c, const struct mc_metric_spec *m)
{
	size_t fewest = mc_remarks_units_of(c->remarks[0], m), s, n;

	for (s = 1; s < c->n_samples; s++) {
		n = mc_remarks_units_of(c->remarks[s], m);
		fewest = n < fewest ? n : fewest;
	}
	return fewest;
}

/* E's interval would have no width, WHY says why.  A proportion takes another. */
static bool
on_units(const struct context *c, struct mc_estimate *e, const char **why)
{
	const struct mc_metric_spec *m = &e->spec;
	bool pairs = mc_remarks_is_of_pairs(c->remarks[0], m);
	size_t n = units_of(c, m);

	if (n == 0 || (pairs && e->estimate > 0 && e->estimate < 1))
		return false;
	mc_clopper_pearson(e->estimate * (double)n, (double)n, c->plan->level,
	    &e->lo, &e->hi);
	e->method = mc_method_names[MC_CLOPPER_PEARSON];
	mc_remark(&e->note, "%s: Clopper-Pearson on %zu %s%s", *why, n,
	    pairs ? "pair" : "unit", n == 1 ? "" : "s");
	if (pairs)
		mc_buf_puts(&e->note, " of units");
	return true;
}

/* --- Intervals by a formula ----------------------------------------------- */

static bool
wilson(const struct context *c, struct mc_estimate *e, bool exact,
    const char **why)
{
	const struct mc_sample *s = c->samples[0];
	double *hits = mc_xcalloc(s->n_units, sizeof(*hits));
	double *size = mc_xcalloc(s->n_units, sizeof(*size));
	struct mc_ratio r;

	mc_metric_spec_sums(s, &e->spec, hits, size);
	r = mc_ratio_of(hits, size, s->n_units);
	free(hits);
	free(size);
	if (exact)
		mc_ratio_clopper_pearson(&r, c->plan->level, &e->lo, &e->hi);
	else
		mc_ratio_wilson(&r, c->plan->level, &e->lo, &e->hi);
	*why = "all images are of one unit";
	return !isnan(e->lo);
}

static bool
has_grouped_images(const struct mc_placement *p, size_t n_units)
{
	size_t u;

	for (u = 0; u < n_units; u++) {
		if (p[u].n_class + p[u].n_rest > 1)
			return true;
	}
	return false;
}

/*
 * The interval is on the scale of the log odds with Student's quantile, which
 * covers what it says with few units (doc/coverage.md).
 */
static bool
delong(const struct context *c, struct mc_estimate *e, const char **why)
{
	const struct mc_sample *s = c->samples[0];
	size_t k = e->spec.average == MC_EACH_CLASS ?
	    (size_t)e->spec.class_index : s->n_classes - 1;
	struct mc_ranking *r = mc_ranking_alloc(s, k);
	struct mc_auroc a;
	double df, variance;

	a.placement = mc_xcalloc(s->n_units, sizeof(*a.placement));
	a.value = mc_ranking_placements(r, NULL, a.placement);
	mc_ranking_free(r);
	variance = mc_auroc_covariance(&a, &a, s->n_units, NULL);
	df = mc_auroc_df(a.placement, s->n_units);
	if (has_grouped_images(a.placement, s->n_units))
		e->method = "obuchowski";
	free(a.placement);
	*why = "the class or the rest has fewer than two units";
	if (isnan(variance))
		return false;
	*why = "the variance is 0";
	return mc_wald(e->estimate, variance,
	    gsl_cdf_tdist_Qinv((1 - c->plan->level) / 2, df), true, &e->lo,
	    &e->hi) || on_units(c, e, why);
}

/* --- Intervals from replicates -------------------------------------------- */

static void
original(const struct context *c, struct mc_estimate *e,
    const struct replicates *r)
{
	double mean;

	mc_original(r->values, r->n, c->plan->level, c->plan->how.seed, &mean,
	    &e->lo, &e->hi);
	mc_remark(&e->note, "not an interval of the metric: it is one of the "
	    "mean of the replicates (%.6g), too narrow by about the square "
	    "root of their number", mean);
}

static bool
bca(const struct context *c, struct mc_estimate *e, const struct replicates *r,
    const char **why)
{
	double low, high, beyond;

	*why = "BCa has none: leaving out a unit is undefined or changes "
	    "nothing, or all replicates are on one side";
	if (!mc_bca_levels(e->estimate, r->values, r->n, r->jackknife,
	    r->n_units, c->plan->level, &low, &high))
		return false;
	e->lo = mc_quantile(r->values, r->n, low);
	e->hi = mc_quantile(r->values, r->n, high);
	beyond = fmin(fmin(low, 1 - low), fmin(high, 1 - high)) *
	    (double)(r->n + 1);
	if (beyond < MC_TAIL_REPLICATES)
		mc_remark(&e->note, "%.1f replicates beyond a limit: give "
		    "more", beyond);
	return true;
}

static bool
student(const struct context *c, struct mc_estimate *e,
    const struct replicates *r, double variance, const char **why)
{
	const struct mc_metric *m = e->spec.metric;
	size_t used;
	bool found = mc_bootstrap_t(e->estimate, variance, r->t_values,
	    r->t_variances, r->t_n, m->least == 0 && m->most == 1,
	    c->plan->level, &used, &e->lo, &e->hi);

	*why = "the value or too many replicates have no variance";
	if (found && used < r->t_n)
		mc_remark(&e->note, "no variance in %zu of %zu replicates",
		    r->t_n - used, r->t_n);
	return found;
}

/* An interval does not leave the metric's range. */
static void
hold(const struct mc_metric *m, struct mc_estimate *e)
{
	e->lo = fmax(e->lo, m->least);
	e->hi = fmin(e->hi, m->most);
}

/*
 * Try METHOD on R, whose middle is of some width.  It is asked of each method:
 * what most replicates have in common, and not the few that chance made
 * different, says how much there is to know.
 */
static bool
by_method(const struct context *c, struct mc_estimate *e,
    enum mc_method method, const struct replicates *r, double variance,
    const char **why)
{
	double level = c->plan->level;

	switch (method) {
	case MC_PERCENTILE:
		mc_percentile(r->values, r->n, level, &e->lo, &e->hi);
		return true;
	case MC_BASIC:
		mc_basic(e->estimate, r->values, r->n, level, &e->lo, &e->hi);
		hold(e->spec.metric, e);
		return true;
	case MC_NORMAL:
		mc_normal(e->estimate, r->values, r->n, level, &e->lo, &e->hi);
		hold(e->spec.metric, e);
		return true;
	case MC_BCA:
		return bca(c, e, r, why);
	case MC_BOOTSTRAP_T:
		return student(c, e, r, variance, why);
	case MC_ORIGINAL:
		original(c, e, r);
		return true;
	case MC_WILSON:
	case MC_CLOPPER_PEARSON:
	case MC_DELONG:
	case MC_METHODS:
		break;
	}
	return false;
}

/* Try METHOD on E's replicates. */
static bool
from_replicates(const struct context *c, struct mc_estimate *e,
    enum mc_method method, const struct replicates *r, double variance,
    const char **why)
{
	double min, max, lo, hi;

	if ((int64_t)r->n < mc_replicates_needed(c->plan->level)) {
		*why = r->n > 0 ? "too few replicates remain" :
		    "undefined in every replicate";
		return false;
	}
	if (method == MC_ORIGINAL)
		return by_method(c, e, method, r, variance, why);
	gsl_stats_minmax(&min, &max, r->values, 1, r->n);
	mc_percentile(r->values, r->n, c->plan->level, &lo, &hi);
	if (mc_has_width(lo, hi)) {
		if (!by_method(c, e, method, r, variance, why))
			return false;
		if (mc_has_width(e->lo, e->hi))
			return true;
	}
	*why = mc_has_width(min, max) ? "nearly all replicates are equal" :
	    "all replicates are equal";
	return on_units(c, e, why);
}

/* --- Choosing ------------------------------------------------------------- */

static bool
is_formula(enum mc_method method)
{
	return method == MC_WILSON || method == MC_CLOPPER_PEARSON ||
	    method == MC_DELONG;
}

/* Whether a threshold makes the values of M, and in replicates another one. */
static bool
is_cut(const struct context *c, const struct mc_metric_spec *m)
{
	return m->metric->source == MC_FROM_COUNTS &&
	    c->samples[0]->cut != NULL;
}

static bool
cut_varies(const struct context *c, const struct mc_metric_spec *m)
{
	return is_cut(c, m) && c->samples[0]->cut->replicates != NULL;
}

/* Whether METHOD has intervals of such metrics; else *WHY says of which. */
static bool
applies(const struct context *c, const struct mc_metric_spec *m,
    enum mc_method method, const char **why)
{
	bool variance = mc_metric_spec_has_variance(m, c->samples[0]);
	bool proportion = mc_denominator_is_proportion(mc_metric_spec_denominator(m));

	if (is_formula(method) && c->n_samples > 1) {
		*why = "a mean over seeds has none by a formula";
		return false;
	}
	switch (method) {
	case MC_WILSON:
	case MC_CLOPPER_PEARSON:
		*why = "it is no proportion";
		return proportion;
	case MC_DELONG:
		*why = "it is not the AUROC of a class";
		return variance && mc_metric_spec_denominator(m) == MC_NO_RATIO;
	case MC_BOOTSTRAP_T:
		*why = "its variance is not known";
		return variance && c->n_samples == 1 && !cut_varies(c, m);
	case MC_PERCENTILE:
	case MC_BASIC:
	case MC_NORMAL:
	case MC_BCA:
	case MC_ORIGINAL:
	case MC_METHODS:
		break;
	}
	return true;
}

/* Make E's interval; R is NULL while there are no replicates. */
static bool
try_method(const struct context *c, struct mc_estimate *e,
    enum mc_method method, const struct replicates *r, double variance,
    const char **why)
{
	bool found;

	if (!applies(c, &e->spec, method, why))
		return false;
	e->method = mc_method_names[method];
	if (method == MC_DELONG)
		found = delong(c, e, why);
	else if (is_formula(method))
		found = wilson(c, e, method == MC_CLOPPER_PEARSON, why);
	else
		found = from_replicates(c, e, method, r, variance, why);
	e->resampled = found && !is_formula(method);
	if (!found) {
		e->method = "none";
		e->lo = e->hi = NAN;
	}
	return found;
}

/* Whether E's interval is to be looked for at all. */
static bool
wants_interval(const struct context *c, const struct mc_estimate *e)
{
	return !isnan(e->estimate) &&
	    (c->plan->asked || !e->spec.metric->biased);
}

/* Whether replicates of E are needed: no formula stands before and gives one. */
static bool
needs_replicates(const struct context *c, struct mc_estimate *e)
{
	const char *why;
	size_t i;

	for (i = 0; i < c->plan->n_methods; i++) {
		enum mc_method method = c->plan->methods[i];

		if (!is_formula(method) && applies(c, &e->spec, method,
		    &why))
			return true;
		if (is_formula(method) && try_method(c, e, method, NULL, NAN,
		    &why))
			return false;
	}
	return false;
}

static void
set_interval(const struct context *c, struct mc_estimate *e,
    const struct replicates *r, double variance)
{
	size_t all = (size_t)c->plan->how.replicates, i;
	const char *why = "no method was named";
	bool found = false;

	if (r->n < all && r->n > 0)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    all - r->n, all);
	if (r->partial > 0)
		mc_remark(&e->note, "a class has no value in %zu of %zu "
		    "replicates: mean over the others there", r->partial, all);
	for (i = 0; i < c->plan->n_methods && !found; i++)
		found = try_method(c, e, c->plan->methods[i], r, variance,
		    &why);
	if (!found)
		mc_remark(&e->note, "no interval: %s", why);
}

/* Remark on E's interval, which one of the methods made. */
static void
remark_interval(const struct context *c, struct mc_estimate *e)
{
	bool few = false;
	size_t s;

	/* Clopper and Pearson's covers what it says, whatever the units. */
	if (strcmp(e->method, "none") == 0 ||
	    e->method == mc_method_names[MC_ORIGINAL] ||
	    e->method == mc_method_names[MC_CLOPPER_PEARSON])
		return;
	/* Formulas are made for the ends of the scale. */
	for (s = 0; s < c->n_samples && !few; s++)
		few = mc_remarks_few_units(c->remarks[s], &e->spec,
		    e->resampled ? e->estimate : NAN);
	if (few)
		mc_remark(&e->note, "few units: interval may undercover");
	if (e->resampled && c->plan->how.strata != NULL)
		mc_remark(&e->note, "resampled within classes: the interval "
		    "holds for this prevalence");
}

/* --- Replicates ----------------------------------------------------------- */

static bool
has_method(const struct mc_estimate_options *plan, enum mc_method method)
{
	size_t i;

	for (i = 0; i < plan->n_methods; i++) {
		if (plan->methods[i] == method)
			return true;
	}
	return false;
}

/*
 * The mean over samples into the first one's place; VALUES[(s * n + i) * each],
 * as mc_bootstrap and mc_jackknife leave them.
 */
static void
average_samples(double *values, size_t n_samples, size_t count)
{
	size_t s, i;

	for (s = 1; s < n_samples; s++) {
		for (i = 0; i < count; i++)
			values[i] += values[s * count + i];
	}
	for (i = 0; n_samples > 1 && i < count; i++)
		values[i] /= (double)n_samples;
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
 * The replicates for bootstrap-t, of N metrics: VALUES and VARIANCES.  They
 * are drawn by unit, those of other methods by type (resample.h), which are the
 * same whether bootstrap-t is asked for or not.
 */
static void
resample_t(const struct context *c, const struct mc_metric_spec *m, size_t n,
    double **values, double **variances)
{
	size_t b = (size_t)c->plan->how.replicates;

	*values = mc_xreallocarray(NULL, n * b, sizeof(**values));
	*variances = mc_xreallocarray(NULL, n * b, sizeof(**variances));
	mc_bootstrap(c->samples, 1, m, n, &c->plan->how, *values, *variances);
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

/* The intervals of the N estimates at E, all of which want replicates. */
static void
resample(const struct context *c, struct mc_estimate *const *e, size_t n)
{
	const struct mc_estimate_options *plan = c->plan;
	size_t b = (size_t)plan->how.replicates, i;
	size_t units = c->samples[0]->n_units, all = n * c->n_samples;
	struct mc_metric_spec *m = mc_xcalloc(n, sizeof(*m));
	double *variance = mc_xcalloc(n, sizeof(*variance));
	bool *partial = mc_xcalloc(all * b, sizeof(*partial));
	double *values, *jackknife = NULL;
	double *t_values = NULL, *t_variances = NULL;

	for (i = 0; i < n; i++)
		m[i] = e[i]->spec;
	values = mc_xreallocarray(NULL, all * b, sizeof(*values));
	mc_bootstrap_partial(c->samples, c->n_samples, m, n, &plan->how,
	    values, NULL, partial);
	average_samples(values, c->n_samples, n * b);
	if (has_method(plan, MC_BCA)) {
		jackknife = mc_xreallocarray(NULL, all * units,
		    sizeof(*jackknife));
		mc_jackknife(c->samples, c->n_samples, m, n, plan->how.threads,
		    jackknife);
		average_samples(jackknife, c->n_samples, n * units);
	}
	if (has_method(plan, MC_BOOTSTRAP_T) && c->n_samples == 1) {
		resample_t(c, m, n, &t_values, &t_variances);
		mc_metric_variances(c->samples[0], m, n, variance);
	}
	for (i = 0; i < n; i++) {
		struct replicates r = { .values = values + i * b,
		    .partial = count_partial(partial + i * b, c->n_samples,
		    n * b, values + i * b, b), .n_units = units };

		r.n = drop_undefined(r.values, NULL, b);
		if (jackknife != NULL)
			r.jackknife = jackknife + i * units;
		if (t_values != NULL) {
			r.t_values = t_values + i * b;
			r.t_variances = t_variances + i * b;
			r.t_n = drop_undefined(t_values + i * b,
			    t_variances + i * b, b);
		}
		set_interval(c, e[i], &r, variance[i]);
	}
	free(m);
	free(variance);
	free(partial);
	free(values);
	free(t_values);
	free(t_variances);
	free(jackknife);
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
		mc_remark(&e->note, "mean over training seeds, whose spread "
		    "the interval leaves out");
	}
	if (!isnan(e->estimate) && e->spec.metric->biased &&
	    !c->plan->asked)
		mc_remark(&e->note, "no interval: replicates of it are biased "
		    "upwards");
}

static void
remark_cut(const struct context *c, struct mc_estimate *e)
{
	if (!is_cut(c, &e->spec) || strcmp(e->method, "none") == 0)
		return;
	mc_remark(&e->note, cut_varies(c, &e->spec) && e->resampled &&
	    strcmp(e->method, "clopper-pearson") != 0 ?
	    "with the uncertainty of the threshold" :
	    "threshold taken as fixed");
}

struct mc_estimate *
mc_estimates(const struct mc_sample *const *samples, size_t n_samples,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_estimate_options *plan)
{
	struct context c = { .samples = samples, .n_samples = n_samples,
	    .plan = plan };
	struct mc_estimate *e = mc_xcalloc(n, sizeof(*e));
	struct mc_estimate **wanting = mc_xcalloc(n, sizeof(*wanting));
	struct replicates none = { .n = (size_t)plan->how.replicates };
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
		else if (strcmp(e[i].method, "none") == 0)
			set_interval(&c, &e[i], &none, NAN);
	}
	if (n_wanting > 0)
		resample(&c, wanting, n_wanting);
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
