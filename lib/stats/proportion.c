/* proportion.c - compute intervals of a proportion. */
#include "config.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "stats/proportion.h"
#include "stats/root.h"

struct limit {
	double x, n;
	double tail;
};

static double
tail_excess(double q, void *params)
{
	const struct limit *l = params;

	return gsl_cdf_beta_P(q, l->x, l->n - l->x + 1) - l->tail;
}

/* By bisection: GSL's inverse finds no root of 1 of 624, or 3338 of 10015. */
static double
lower_limit(double x, double n, double tail)
{
	struct limit l = { x, n, tail };

	/* At the ends the beta distribution has a closed form. */
	return x <= 0 ? 0 : x >= n ? pow(tail, 1 / n) :
	    mc_root(tail_excess, &l, 0, 1);
}

void
mc_clopper_pearson(double x, double n, double level, double *lo, double *hi)
{
	double tail = (1 - level) / 2;

	*lo = lower_limit(x, n, tail);
	*hi = 1 - lower_limit(n - x, n, tail);
}

void
mc_wilson(double x, double n, double quantile, double *lo, double *hi)
{
	double square = quantile * quantile;
	double middle = x + square / 2;
	double half = quantile * sqrt(x * (n - x) / n + square / 4);

	/* From the product of the roots: 0 of N begins at 0, not near it. */
	*lo = x * x / (n * (middle + half));
	*hi = 1 - (n - x) * (n - x) / (n * (n - x + square / 2 + half));
}

struct mc_ratio
mc_ratio_of(const double *hits, const double *size, size_t n_units)
{
	struct mc_ratio r = { .independent = true };
	double squares = 0, g;
	size_t u;

	for (u = 0; u < n_units; u++) {
		r.hits += hits[u];
		r.images += size[u];
		r.units += size[u] > 0;
		if (size[u] > 0 && size[u] != 1)
			r.independent = false;
	}
	g = (double)r.units;
	r.value = r.units > 0 ? r.hits / r.images : NAN;
	for (u = 0; u < n_units; u++)
		squares += pow((hits[u] - r.value * size[u]) / r.images, 2);
	r.variance = r.units > 1 ? g / (g - 1) * squares : NAN;
	if (r.independent)
		r.effective = r.images;
	else if (r.units < 2)
		r.effective = NAN;
	else if (r.value == 0 || r.value == 1)
		r.effective = g;
	else
		r.effective = fmin(r.images,
		    r.value * (1 - r.value) / r.variance);
	return r;
}

/* The hits among the effective images. */
static double
effective_hits(const struct mc_ratio *r)
{
	return r->independent ? r->hits : r->value * r->effective;
}

void
mc_ratio_wilson(const struct mc_ratio *r, double level, double *lo, double *hi)
{
	double tail = (1 - level) / 2;

	*lo = *hi = NAN;
	if (r->units == 0 || isnan(r->effective))
		return;
	mc_wilson(effective_hits(r), r->effective,
	    r->independent ? gsl_cdf_ugaussian_Qinv(tail) :
	    gsl_cdf_tdist_Qinv(tail, (double)r->units - 1), lo, hi);
}

void
mc_ratio_clopper_pearson(const struct mc_ratio *r, double level, double *lo,
    double *hi)
{
	double tail = (1 - level) / 2, allowance = 1;

	*lo = *hi = NAN;
	if (r->units == 0 || isnan(r->effective))
		return;
	if (!r->independent && r->value > 0 && r->value < 1)
		allowance = pow(gsl_cdf_tdist_Qinv(tail, r->images - 1) /
		    gsl_cdf_tdist_Qinv(tail, (double)r->units - 1), 2);
	mc_clopper_pearson(effective_hits(r) * allowance,
	    r->effective * allowance, level, lo, hi);
}
