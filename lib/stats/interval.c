/* interval.c - compute confidence intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/interval.h"

bool
mc_has_width(double lo, double hi)
{
	return hi - lo > MC_ROUNDING;
}

int64_t
mc_replicates_needed(double level)
{
	/* The rank of the lower limit is (N + 1) (1 - level) / 2. */
	double n = MC_TAIL_REPLICATES * 2 / (1 - level) - 1;

	/* A level such as 0.95 is not a binary fraction. */
	return n < 1e15 ? (int64_t)ceil(n - 1e-9 * n) : INT64_MAX;
}

double
mc_quantile(double *values, size_t n, double probability)
{
	double rank = (double)(n + 1) * probability, low, high;
	double whole = floor(rank + 1e-9);	/* 0.025 is not one either */
	double rest = rank - whole > 1e-9 ? rank - whole : 0;
	size_t k = whole < 1 ? 0 : (size_t)whole - 1;

	if (whole < 1)
		return gsl_stats_min(values, 1, n);
	if (k + 1 >= n)
		return gsl_stats_max(values, 1, n);
	low = gsl_stats_select(values, 1, n, k);
	if (rest == 0)
		return low;
	high = gsl_stats_select(values, 1, n, k + 1);
	return low + rest * (high - low);
}

double
mc_bootstrap_p(const double *replicates, size_t n, double null_value)
{
	size_t below = 0, above = 0, i;

	for (i = 0; i < n; i++) {
		below += replicates[i] <= null_value + MC_ROUNDING;
		above += replicates[i] >= null_value - MC_ROUNDING;
	}
	return fmin(1, 2 * (1 + fmin((double)below, (double)above)) /
	    (double)(n + 1));
}

void
mc_percentile(double *values, size_t n, double level, double *lo, double *hi)
{
	double tail = (1 - level) / 2;

	*lo = mc_quantile(values, n, tail);
	*hi = mc_quantile(values, n, 1 - tail);
}

void
mc_basic(double estimate, double *values, size_t n, double level, double *lo,
    double *hi)
{
	double low, high;

	mc_percentile(values, n, level, &low, &high);
	*lo = 2 * estimate - high;
	*hi = 2 * estimate - low;
}

void
mc_normal(double estimate, const double *values, size_t n, double level,
    double *lo, double *hi)
{
	double half = gsl_cdf_ugaussian_Qinv((1 - level) / 2) *
	    gsl_stats_sd(values, 1, n);

	*lo = estimate - half;
	*hi = estimate + half;
}

/* --- BCa ------------------------------------------------------------------ */

/*
 * Efron & Tibshirani (1993), equation 14.15: a sixth of the skewness of the
 * jackknife values.
 */
static double
acceleration(const double *jackknife, size_t n)
{
	double mean = gsl_stats_mean(jackknife, 1, n), squares = 0, cubes = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		double off = mean - jackknife[i];

		squares += off * off;
		cubes += off * off * off;
	}
	return cubes / (6 * pow(squares, 1.5));
}

/* The probability that stands for that of the normal quantile Z. */
static double
corrected(double z0, double a, double z)
{
	double rate = 1 - a * (z0 + z);

	return rate > 0 ? gsl_cdf_ugaussian_P(z0 + (z0 + z) / rate) : NAN;
}

bool
mc_bca_levels(double estimate, const double *values, size_t n,
    const double *jackknife, size_t n_units, double level, double *low,
    double *high)
{
	double below = 0, z0, a, z = gsl_cdf_ugaussian_Pinv((1 - level) / 2);
	size_t i;

	for (i = 0; i < n; i++)
		below += fabs(values[i] - estimate) <= MC_ROUNDING ? 0.5 :
		    values[i] < estimate ? 1 : 0;
	if (below == 0 || below == (double)n)
		return false;
	z0 = gsl_cdf_ugaussian_Pinv(below / (double)n);
	a = acceleration(jackknife, n_units);
	*low = corrected(z0, a, z);
	*high = corrected(z0, a, -z);
	return !isnan(*low) && !isnan(*high);
}

/* --- Standard errors ------------------------------------------------------ */

/* A value on the scale that a standard error is of, and back. */
static double
to_scale(double x, bool logit)
{
	return logit ? log(x / (1 - x)) : x;
}

static double
from_scale(double x, bool logit)
{
	return logit ? 1 / (1 + exp(-x)) : x;
}

/* The standard error on that scale; NAN where there is none. */
static double
error_on_scale(double x, double variance, bool logit)
{
	if (isnan(variance) || variance <= 0 || (logit && (x <= 0 || x >= 1)))
		return NAN;
	return logit ? sqrt(variance) / (x * (1 - x)) : sqrt(variance);
}

bool
mc_wald(double estimate, double variance, double quantile, bool logit,
    double *lo, double *hi)
{
	double error = error_on_scale(estimate, variance, logit);

	if (isnan(error))
		return false;
	*lo = from_scale(to_scale(estimate, logit) - quantile * error, logit);
	*hi = from_scale(to_scale(estimate, logit) + quantile * error, logit);
	return true;
}

bool
mc_bootstrap_t(double estimate, double variance, const double *values,
    const double *variances, size_t n, bool logit, double level,
    size_t *n_used, double *lo, double *hi)
{
	double error = error_on_scale(estimate, variance, logit), at, off;
	double *t = mc_xcalloc(n, sizeof(*t)), low, high;
	double tail = (1 - level) / 2;
	bool enough;
	size_t i;

	at = isnan(error) ? NAN : to_scale(estimate, logit);
	*n_used = 0;
	for (i = 0; i < n; i++) {
		off = error_on_scale(values[i], variances[i], logit);
		if (!isnan(off))
			t[(*n_used)++] = (to_scale(values[i], logit) - at) /
			    off;
	}
	/* Those left out lie at the ends, where the limits come from. */
	enough = !isnan(error) &&
	    (int64_t)*n_used >= mc_replicates_needed(level) &&
	    (double)(n - *n_used) <= tail * (double)n;
	if (enough) {
		mc_percentile(t, *n_used, level, &low, &high);
		*lo = from_scale(at - high * error, logit);
		*hi = from_scale(at - low * error, logit);
	}
	free(t);
	return enough;
}

void
mc_original(const double *values, size_t n, double level, uint64_t seed,
    double *mean, double *lo, double *hi)
{
	gsl_rng *rng = mc_stream_alloc(seed, "original", 0);
	double *means = mc_xcalloc(n, sizeof(*means));
	uint32_t *times = mc_xcalloc(n, sizeof(*times));
	size_t i, round;

	for (round = 0; round < n; round++) {
		double sum = 0;

		mc_stream_set(rng, seed, "original", round);
		mc_stream_tally(rng, (uint32_t)n, n, times);
		for (i = 0; i < n; i++)
			sum += times[i] * values[i];
		means[round] = sum / (double)n;
	}
	*mean = gsl_stats_mean(values, 1, n);
	*lo = mc_quantile(means, n, (1 - level) / 2);
	*hi = mc_quantile(means, n, (1 + level) / 2);
	gsl_rng_free(rng);
	free(means);
	free(times);
}
