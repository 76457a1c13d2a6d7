/* delong.c - test and compare areas under the ROC curve. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/mem.h"
#include "stats/delong.h"
#include "stats/reweighted.h"
#include "stats/seed_variance.h"

/* --- Differences ---------------------------------------------------------- */

bool
mc_delong_applies(const struct mc_metric_spec *m, const struct mc_sample *s)
{
	return mc_metric_spec_denominator(m) == MC_NO_RATIO &&
	    mc_metric_spec_has_variance(m, s);
}

static struct mc_auroc
auroc_of(const struct mc_sample *s, const struct mc_metric_spec *m)
{
	size_t k = m->average == MC_EACH_CLASS ? (size_t)m->class_index :
	    s->n_classes - 1;
	struct mc_ranking *r = mc_ranking_alloc(s, k);
	struct mc_auroc a;

	a.placement = mc_xcalloc(s->n_units, sizeof(*a.placement));
	a.value = mc_ranking_placements(r, NULL, a.placement);
	mc_ranking_free(r);
	return a;
}

struct mc_wald_test
mc_delong(const struct mc_sample *a, const struct mc_sample *b,
    const struct mc_metric_spec *m)
{
	struct mc_auroc x = auroc_of(a, m), y = auroc_of(b, m);
	size_t units = a->n_units;
	struct mc_wald_test t = {
		.difference = x.value - y.value,
		.variance = mc_auroc_covariance(&x, &x, units, NULL) +
		    mc_auroc_covariance(&y, &y, units, NULL) -
		    2 * mc_auroc_covariance(&x, &y, units, NULL),
		.df = mc_grouped_unit(a) < units ?
		    mc_auroc_df(x.placement, units) : INFINITY
	};

	/* Of arms that rank alike it is 0, but for rounding. */
	if (t.variance < 1e-15)
		t.variance = 0;
	free(x.placement);
	free(y.placement);
	return t;
}

/*
 * The covariance of the AUROCs of two subgroups, from what each of the SHARED
 * units adds to either (linearised, with SHARED / (SHARED - 1)).
 */
static double
covariance_of_groups(const struct mc_auroc *x, const struct mc_auroc *y,
    size_t units, size_t shared)
{
	const struct mc_placement *p = x->placement, *q = y->placement;
	double n_class[2] = { 0, 0 }, n_rest[2] = { 0, 0 }, sum = 0;
	size_t u;

	for (u = 0; u < units; u++) {
		n_class[0] += p[u].n_class;
		n_class[1] += q[u].n_class;
		n_rest[0] += p[u].n_rest;
		n_rest[1] += q[u].n_rest;
	}
	for (u = 0; u < units; u++)
		sum += ((p[u].of_class - p[u].n_class * x->value) /
		    n_class[0] + (p[u].rest - p[u].n_rest * x->value) /
		    n_rest[0]) * ((q[u].of_class - q[u].n_class * y->value) /
		    n_class[1] + (q[u].rest - q[u].n_rest * y->value) /
		    n_rest[1]);
	return shared > 1 ? sum * (double)shared / (double)(shared - 1) : sum;
}

struct mc_wald_test
mc_delong_groups(const struct mc_sample *a, const struct mc_sample *b,
    const struct mc_metric_spec *m)
{
	struct mc_auroc x = auroc_of(a, m), y = auroc_of(b, m);
	size_t units = a->n_units, shared = mc_shared_units(a, b);
	double v = mc_auroc_covariance(&x, &x, units, NULL);
	double w = mc_auroc_covariance(&y, &y, units, NULL);
	double df_a = mc_auroc_df(x.placement, units);
	double df_b = mc_auroc_df(y.placement, units);
	struct mc_wald_test t = { .difference = x.value - y.value,
	    .variance = v + w - 2 * covariance_of_groups(&x, &y, units,
	    shared), .df = shared > 0 ? fmin(df_a, df_b) :
	    mc_welch_df(v, df_a, w, df_b) };

	/* A subgroup that is ranked without a fault has none. */
	if (v < 1e-15 || w < 1e-15 || t.variance < 1e-15)
		t.variance = 0;
	free(x.placement);
	free(y.placement);
	return t;
}

double
mc_wald_quantile(const struct mc_wald_test *t, double tail)
{
	return isinf(t->df) ? gsl_cdf_ugaussian_Qinv(tail) :
	    gsl_cdf_tdist_Qinv(tail, t->df);
}

double
mc_wald_p_above(const struct mc_wald_test *t, double bound)
{
	double off = t->difference - bound, z;

	if (isnan(t->variance) || t->variance == 0)
		return NAN;
	z = off / sqrt(t->variance);
	return isinf(t->df) ? gsl_cdf_ugaussian_Q(z) :
	    gsl_cdf_tdist_Q(z, t->df);
}

double
mc_wald_p(const struct mc_wald_test *t)
{
	struct mc_wald_test upright = *t;

	if (t->variance == 0 && t->difference == 0)
		return 1;
	upright.difference = fabs(t->difference);
	return 2 * mc_wald_p_above(&upright, 0);
}
