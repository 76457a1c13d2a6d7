/* interval.c - confidence intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/interval.h"

/* Replicates that differ by rounding only are equal. */
#define SAME 1e-12

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
		below += replicates[i] <= null_value + SAME;
		above += replicates[i] >= null_value - SAME;
	}
	return fmin(1, 2 * (1 + fmin((double)below, (double)above)) /
	    (double)(n + 1));
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
