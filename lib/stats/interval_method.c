/* interval_method.c - make intervals of metrics by one of several methods. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "base/num.h"
#include "stats/auroc.h"
#include "stats/interval.h"
#include "stats/interval_method.h"
#include "stats/proportion.h"
#include "stats/ranking.h"
#include "stats/reweighted.h"

/* --- On units ------------------------------------------------------------- */

/* The units that X is a proportion of, in the sample that has the fewest. */
static size_t
units_of(const struct mc_interval_source *x)
{
	size_t fewest = mc_remarks_units_of(x->remarks[0], x->spec), s, n;

	for (s = 1; s < x->n_samples; s++) {
		n = mc_remarks_units_of(x->remarks[s], x->spec);
		fewest = n < fewest ? n : fewest;
	}
	return fewest;
}

/*
 * Make X's interval by Clopper and Pearson on its units, since a method's own
 * has no width: WHY says why.  Returns NULL, or WHY.
 */
static const char *
on_units(const struct mc_interval_source *x, const char *why,
    struct mc_interval *i)
{
	size_t n = x->n_samples > 0 ? units_of(x) : 0;
	bool pairs = n > 0 && mc_remarks_is_of_pairs(x->remarks[0], x->spec);

	if (n == 0 || (pairs && x->estimate > 0 && x->estimate < 1))
		return why;
	mc_clopper_pearson(x->estimate * (double)n, (double)n, x->level,
	    &i->lo, &i->hi);
	i->method = "clopper-pearson";
	mc_remark(i->note, "%s: Clopper-Pearson on %zu %s%s", why, n,
	    pairs ? "pair" : "unit", MC_PLURAL(n));
	if (pairs)
		mc_buf_puts(i->note, " of units");
	return NULL;
}

/* --- By a formula --------------------------------------------------------- */

static const char *
is_no_proportion(const struct mc_metric_spec *m, const struct mc_sample *s)
{
	(void)s;
	return mc_denominator_is_proportion(mc_metric_spec_denominator(m)) ?
	    NULL : "the metric is not a proportion";
}

static struct mc_ratio
ratio_of(const struct mc_interval_source *x)
{
	const struct mc_sample *s = x->samples[0];
	double *hits = mc_xcalloc(s->n_units, sizeof(*hits));
	double *size = mc_xcalloc(s->n_units, sizeof(*size));
	struct mc_ratio r;

	mc_metric_spec_sums(s, x->spec, hits, size);
	r = mc_ratio_of(hits, size, s->n_units);
	free(hits);
	free(size);
	return r;
}

static const char *
wilson(const struct mc_interval_source *x, struct mc_interval *i)
{
	struct mc_ratio r = ratio_of(x);

	mc_ratio_wilson(&r, x->level, &i->lo, &i->hi);
	return isnan(i->lo) ? "all images are from one unit" : NULL;
}

static const char *
clopper_pearson(const struct mc_interval_source *x, struct mc_interval *i)
{
	struct mc_ratio r = ratio_of(x);

	mc_ratio_clopper_pearson(&r, x->level, &i->lo, &i->hi);
	return isnan(i->lo) ? "all images are from one unit" : NULL;
}

static const char *
is_no_auroc(const struct mc_metric_spec *m, const struct mc_sample *s)
{
	return mc_metric_spec_has_variance(m, s) &&
	    mc_metric_spec_denominator(m) == MC_NO_RATIO ? NULL :
	    "the metric is not the AUROC of a class";
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
static const char *
delong(const struct mc_interval_source *x, struct mc_interval *i)
{
	const struct mc_sample *s = x->samples[0];
	size_t k = x->spec->average == MC_EACH_CLASS ?
	    (size_t)x->spec->class_index : s->n_classes - 1;
	struct mc_ranking *r = mc_ranking_alloc(s, k);
	struct mc_auroc a;
	double df, variance;

	a.placement = mc_xcalloc(s->n_units, sizeof(*a.placement));
	a.value = mc_ranking_placements(r, NULL, a.placement);
	mc_ranking_free(r);
	variance = mc_auroc_covariance(&a, &a, s->n_units, NULL);
	df = mc_auroc_df(a.placement, s->n_units);
	if (has_grouped_images(a.placement, s->n_units))
		i->method = "obuchowski";
	free(a.placement);
	if (isnan(variance))
		return "the class or the rest has fewer than two units";
	return mc_wald(x->estimate, variance,
	    gsl_cdf_tdist_Qinv((1 - x->level) / 2, df), true, &i->lo,
	    &i->hi) ? NULL : on_units(x, "the variance is 0", i);
}

/* --- From replicates ------------------------------------------------------ */

/* An interval does not leave the metric's range. */
static void
hold(const struct mc_metric *m, struct mc_interval *i)
{
	i->lo = fmax(i->lo, m->least);
	i->hi = fmin(i->hi, m->most);
}

static const char *
percentile(const struct mc_interval_source *x, struct mc_interval *i)
{
	mc_percentile(x->values, x->n, x->level, &i->lo, &i->hi);
	return NULL;
}

static const char *
basic(const struct mc_interval_source *x, struct mc_interval *i)
{
	mc_basic(x->estimate, x->values, x->n, x->level, &i->lo, &i->hi);
	hold(x->spec->metric, i);
	return NULL;
}

static const char *
normal(const struct mc_interval_source *x, struct mc_interval *i)
{
	mc_normal(x->estimate, x->values, x->n, x->level, &i->lo, &i->hi);
	hold(x->spec->metric, i);
	return NULL;
}

static const char *
bca(const struct mc_interval_source *x, struct mc_interval *i)
{
	double low, high, beyond;

	if (!mc_bca_levels(x->estimate, x->values, x->n, x->jackknife,
	    x->n_units, x->level, &low, &high))
		return "BCa is undefined: leaving out a unit has no value or "
		    "changes nothing, or all replicates are on one side of the "
		    "estimate";
	i->lo = mc_quantile(x->values, x->n, low);
	i->hi = mc_quantile(x->values, x->n, high);
	beyond = fmin(fmin(low, 1 - low), fmin(high, 1 - high)) *
	    (double)(x->n + 1);
	if (beyond < MC_TAIL_REPLICATES)
		mc_remark(i->note, "%.1f replicates beyond a limit: more "
		    "are needed",
		    beyond);
	return NULL;
}

static const char *
has_no_variance(const struct mc_metric_spec *m, const struct mc_sample *s)
{
	bool varies = m->metric->source == MC_FROM_COUNTS &&
	    s->threshold != NULL && s->threshold->replicates != NULL;

	return mc_metric_spec_has_variance(m, s) && !varies ? NULL :
	    "the variance of this metric is not known";
}

static const char *
bootstrap_t(const struct mc_interval_source *x, struct mc_interval *i)
{
	const struct mc_metric *m = x->spec->metric;
	size_t used;

	if (!mc_bootstrap_t(x->estimate, x->variance, x->t_values,
	    x->t_variances, x->t_n, m->least == 0 && m->most == 1, x->level,
	    &used, &i->lo, &i->hi))
		return "the value or too many replicates have no variance";
	if (used < x->t_n)
		mc_remark(i->note, "no variance in %zu of %zu replicates",
		    x->t_n - used, x->t_n);
	return NULL;
}

static const char *
original(const struct mc_interval_source *x, struct mc_interval *i)
{
	double mean;

	mc_original(x->values, x->n, x->level, x->seed, &mean, &i->lo, &i->hi);
	mc_remark(i->note, "not an interval of the metric but of the mean of "
	    "the replicates (%.6g): too narrow by about the square root of "
	    "their number", mean);
	return NULL;
}

/* --- The table ------------------------------------------------------------ */

const struct mc_interval_method mc_interval_methods[] = {
	{ "percentile", "percentile", MC_NEED_REPLICATES, .undercovers = true,
	    .make = percentile },
	{ "basic", "basic", MC_NEED_REPLICATES, .undercovers = true,
	    .make = basic },
	{ "normal", "normal", MC_NEED_REPLICATES, .undercovers = true,
	    .make = normal },
	{ "bca", "BCa", MC_NEED_REPLICATES | MC_NEED_JACKKNIFE,
	    .undercovers = true, .make = bca },
	{ "bootstrap-t", "bootstrap-t", MC_NEED_REPLICATES | MC_NEED_VARIANCES,
	    .undercovers = true, .unsuitable = has_no_variance,
	    .make = bootstrap_t },
	{ "wilson", "Wilson", .undercovers = true,
	    .unsuitable = is_no_proportion, .make = wilson },
	{ "clopper-pearson", "Clopper-Pearson",
	    .unsuitable = is_no_proportion, .make = clopper_pearson },
	{ "delong", "DeLong", .undercovers = true, .unsuitable = is_no_auroc,
	    .make = delong },
	{ "original", "original", MC_NEED_REPLICATES, .any_width = true,
	    .make = original },
	{ .name = NULL }
};

const struct mc_interval_method *
mc_interval_method_find(const char *name)
{
	const struct mc_interval_method *m = mc_interval_methods;

	while (m->name != NULL && strcmp(m->name, name) != 0)
		m++;
	return m->name != NULL ? m : NULL;
}

/* Append the method called NAME to the N rows at METHODS. */
static enum mc_status
parse_method(const char *name, const struct mc_interval_method **methods,
    size_t n, struct mc_err *err)
{
	const struct mc_interval_method *m;
	struct mc_buf names = { 0 };
	size_t i;

	methods[n] = mc_interval_method_find(name);
	if (methods[n] == NULL) {
		for (m = mc_interval_methods; m->name != NULL; m++)
			mc_buf_printf(&names, "%s%s", names.len > 0 ? ", " :
			    "", m->name);
		mc_err_set(err, MC_EUSAGE, "--method: \"%s\" is not one of "
		    "%s", name, names.data);
		mc_buf_free(&names);
		return MC_EUSAGE;
	}
	for (i = 0; i < n; i++) {
		if (methods[i] == methods[n])
			return mc_err_set(err, MC_EUSAGE,
			    "--method: \"%s\" is given twice", name);
	}
	return MC_OK;
}

enum mc_status
mc_interval_methods_parse(const char *list,
    const struct mc_interval_method ***methods, size_t *n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **items;
	size_t i;

	*n = mc_split_commas(list, &items);
	*methods = mc_xcalloc(*n, sizeof(**methods));
	for (i = 0; i < *n && status == MC_OK; i++)
		status = parse_method(items[i], *methods, i, err);
	free(items);
	if (status != MC_OK) {
		free(*methods);
		*methods = NULL;
		*n = 0;
	}
	return status;
}

const char *
mc_interval_unsuitable(const struct mc_interval_method *method,
    const struct mc_metric_spec *m, const struct mc_sample *const *samples,
    size_t n)
{
	if (method->needs == 0 && n > 1)
		return "there is no formula for a mean over seeds";
	if ((method->needs & MC_NEED_VARIANCES) != 0 && n > 1)
		return "the variance of this metric is not known";
	return method->unsuitable == NULL ? NULL :
	    method->unsuitable(m, samples[0]);
}

/*
 * Make X's interval by METHOD from replicates, whose middle must be of some
 * width for any method: what most replicates have in common, and not the few
 * that chance made different, says how much there is to know.
 */
static const char *
from_replicates(const struct mc_interval_method *method,
    const struct mc_interval_source *x, struct mc_interval *i)
{
	double min, max, lo, hi;
	const char *why;

	if ((int64_t)x->n < mc_replicates_needed(x->level))
		return x->n > 0 ? "too few replicates remain" :
		    "undefined in every replicate";
	if (method->any_width)
		return method->make(x, i);
	gsl_stats_minmax(&min, &max, x->values, 1, x->n);
	mc_percentile(x->values, x->n, x->level, &lo, &hi);
	if (mc_has_width(lo, hi)) {
		if ((why = method->make(x, i)) != NULL)
			return why;
		if (mc_has_width(i->lo, i->hi))
			return NULL;
	}
	return on_units(x, mc_has_width(min, max) ?
	    "nearly all replicates are equal" : "all replicates are equal", i);
}

bool
mc_interval_of_mean(const struct mc_interval_method *method)
{
	return (method->needs & MC_NEED_REPLICATES) != 0 &&
	    (method->needs & MC_NEED_VARIANCES) == 0 && !method->any_width;
}

const char *
mc_interval_make(const struct mc_interval_method *method,
    const struct mc_interval_source *x, struct mc_interval *i)
{
	const char *why = x->n_samples == 0 ? NULL :
	    mc_interval_unsuitable(method, x->spec, x->samples, x->n_samples);

	i->method = method->name;
	i->resampled = (method->needs & MC_NEED_REPLICATES) != 0;
	if (why == NULL)
		why = i->resampled ? from_replicates(method, x, i) :
		    method->make(x, i);
	if (why != NULL) {
		i->lo = i->hi = NAN;
		i->method = "none";
		i->resampled = false;
	}
	return why;
}
