/* test_interval.c - lib/stats: intervals, in closed form and by hand. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include "stats/interval.h"
#include "tap.h"

#define N 399

/* FIRST + STEP k for k = 1 to N, in an order that is not theirs. */
static void
fill(double *values, double first, double step)
{
	size_t i;

	for (i = 0; i < N; i++)
		values[i] = first + step * (double)(i * 100 % N + 1);
}

static void
test_quantile(void)
{
	double v[] = { 9, 1, 5, 3, 7, 2, 8, 4, 6 };	/* rank k holds k */
	double one = 4;

	tap_near(mc_quantile(v, 9, 0.5), 5, 0, "type 6: the median");
	tap_near(mc_quantile(v, 9, 0.25), 2.5, 1e-12, "type 6: between ranks");
	tap_near(mc_quantile(v, 9, 0.1), 1, 0, "type 6: the first rank");
	tap_near(mc_quantile(v, 9, 0.01), 1, 0, "type 6: below the first");
	tap_near(mc_quantile(v, 9, 0.99), 9, 0, "type 6: above the last");
	tap_near(mc_quantile(&one, 1, 0.3), 4, 0, "type 6: one value");
	tap_int(mc_replicates_needed(0.95), 399, "10 in each tail at 0.95");
	tap_int(mc_replicates_needed(0.99), 1999, "10 in each tail at 0.99");
	tap_int(mc_replicates_needed(0.9), 199, "10 in each tail at 0.90");
}

/* Ranks 10 and 390 of 399. */
static void
test_percentile(void)
{
	double values[N], lo, hi;

	fill(values, 0, 1);
	mc_percentile(values, N, 0.95, &lo, &hi);
	TEST(lo == 10 && hi == 390);
	mc_basic(150, values, N, 0.95, &lo, &hi);
	TEST(lo == 300 - 390 && hi == 300 - 10);
	/* The variance of 1 to N is N (N + 1) / 12. */
	mc_normal(150, values, N, 0.95, &lo, &hi);
	tap_near(hi - 150, 1.959963984540054 * sqrt(N * (N + 1) / 12.), 1e-14,
	    "normal: half its width");
	tap_near(150 - lo, hi - 150, 1e-14, "normal: symmetric");
}

/* --- BCa ------------------------------------------------------------------ */

static void
test_bca(void)
{
	static const double even[] = { 1, 2, 3 }, skewed[] = { 0, 0, 3 };
	static const double nothing[] = { 2, 2, 2 }, none[] = { 1, NAN, 3 };
	const double z = gsl_cdf_ugaussian_Pinv(0.025);
	/* Off the mean by 1, 1 and -2: cubes -6, squares 6. */
	const double a = -6 / (6 * pow(6, 1.5));
	double values[N], outlier[100] = { 0 }, low, high, z0;

	fill(values, 0, 1);
	TEST(mc_bca_levels(200, values, N, even, 3, 0.95, &low, &high));
	tap_near(low, 0.025, 1e-12, "BCa without bias or skewness: low");
	tap_near(high, 0.975, 1e-12, "BCa without bias or skewness: high");
	TEST(mc_bca_levels(200, values, N, skewed, 3, 0.95, &low, &high));
	tap_near(low, gsl_cdf_ugaussian_P(z / (1 - a * z)), 1e-12,
	    "BCa, accelerated: low");
	tap_near(high, gsl_cdf_ugaussian_P(-z / (1 + a * z)), 1e-12,
	    "BCa, accelerated: high");
	/* 100 below and one equal, which counts half. */
	TEST(mc_bca_levels(101, values, N, even, 3, 0.95, &low, &high));
	z0 = gsl_cdf_ugaussian_Pinv(100.5 / N);
	tap_near(low, gsl_cdf_ugaussian_P(2 * z0 + z), 1e-12,
	    "BCa, bias corrected: low");
	tap_near(high, gsl_cdf_ugaussian_P(2 * z0 - z), 1e-12,
	    "BCa, bias corrected: high");
	TEST(mc_bca_levels(101 * (1 + 2e-16), values, N, even, 3, 0.95, &low,
	    &high));
	tap_near(low, gsl_cdf_ugaussian_P(2 * z0 + z), 1e-12,
	    "BCa: equal but for rounding counts half");
	TEST(!mc_bca_levels(0, values, N, even, 3, 0.95, &low, &high));
	TEST(!mc_bca_levels(400, values, N, even, 3, 0.95, &low, &high));
	TEST(!mc_bca_levels(200, values, N, nothing, 3, 0.95, &low, &high));
	TEST(!mc_bca_levels(200, values, N, none, 3, 0.95, &low, &high));
	/* One unit is all: a is near -1/6, z0 + z -6.9, and 1 - a (z0 + z) < 0. */
	outlier[7] = 1;
	TEST(!mc_bca_levels(1, values, N, outlier, 100, 0.9999, &low, &high));
	TEST(mc_bca_levels(1, values, N, outlier, 100, 0.95, &low, &high));
}

/* --- Standard errors ------------------------------------------------------ */

static void
test_wald(void)
{
	double lo, hi, error = 0.05 / (0.9 * 0.1);

	TEST(mc_wald(0.9, 0.0025, 2, false, &lo, &hi));
	tap_near(lo, 0.8, 1e-15, "Wald: lo");
	tap_near(hi, 1, 1e-15, "Wald: hi");
	TEST(mc_wald(0.9, 0.0025, 2, true, &lo, &hi));
	tap_near(log(lo / (1 - lo)), log(9) - 2 * error, 1e-14,
	    "Wald of log odds: lo");
	tap_near(log(hi / (1 - hi)), log(9) + 2 * error, 1e-13,
	    "Wald of log odds: hi");
	TEST(!mc_wald(0.9, 0, 2, false, &lo, &hi));
	TEST(!mc_wald(0.9, NAN, 2, false, &lo, &hi));
	TEST(!mc_wald(1, 0.0025, 2, true, &lo, &hi));
	TEST(!mc_wald(0, 0.0025, 2, true, &lo, &hi));
}

static void
test_bootstrap_t(void)
{
	double values[N], variances[N], lo, hi, at = log(0.8 / 0.2);
	size_t used, i;

	/* Distances of k / 2 own standard errors, k = 1 to 399. */
	fill(values, 0.5, 1);
	for (i = 0; i < N; i++)
		variances[i] = 4;
	TEST(mc_bootstrap_t(0.5, 9, values, variances, N, false, 0.95, &used,
	    &lo, &hi));
	tap_int((long long)used, N, "bootstrap-t: all are used");
	tap_near(lo, 0.5 - 3 * 195, 1e-13, "bootstrap-t: lo");
	tap_near(hi, 0.5 - 3 * 5, 1e-13, "bootstrap-t: hi");
	/* Log odds k / 100 above those of 0.8, each with a standard error of 1. */
	fill(values, at, 0.01);
	for (i = 0; i < N; i++) {
		values[i] = 1 / (1 + exp(-values[i]));
		variances[i] = pow(values[i] * (1 - values[i]), 2);
	}
	TEST(mc_bootstrap_t(0.8, pow(0.5 * 0.16, 2), values, variances, N,
	    true, 0.95, &used, &lo, &hi));
	tap_near(lo, 1 / (1 + exp(-(at - 0.5 * 3.9))), 1e-12,
	    "bootstrap-t of log odds: lo");
	tap_near(hi, 1 / (1 + exp(-(at - 0.5 * 0.1))), 1e-12,
	    "bootstrap-t of log odds: hi");
	variances[17] = 0;
	TEST(!mc_bootstrap_t(0.8, 0.01, values, variances, N, true, 0.95,
	    &used, &lo, &hi));
	tap_int((long long)used, N - 1, "one has no standard error");
	TEST(mc_bootstrap_t(0.8, 0.01, values, variances, N, true, 0.9, &used,
	    &lo, &hi));
	TEST(!mc_bootstrap_t(0.8, NAN, values, variances, N, true, 0.9, &used,
	    &lo, &hi));
	TEST(!mc_bootstrap_t(1, 0.01, values, variances, N, true, 0.9, &used,
	    &lo, &hi));
}

/*
 * A second bootstrap of the mean: its limits are those of a mean of N numbers,
 * normal, but for the noise of its own N rounds: 5 standard errors of a 2.5 %
 * quantile, each 2.68 standard deviations by the root of N.
 */
static void
test_original(void)
{
	double values[N], mean, lo, hi;
	double error = sqrt(N * (N + 1) / 12.) / sqrt(N);

	fill(values, 0, 1);
	mc_original(values, N, 0.95, 1, &mean, &lo, &hi);
	tap_near(mean, 200, 1e-12, "original: the mean of the replicates");
	tap_near((mean - lo) / error, 1.96, 0.35, "original: lo");
	tap_near((hi - mean) / error, 1.96, 0.35, "original: hi");
}

int
main(void)
{
	gsl_set_error_handler_off();
	test_quantile();
	test_percentile();
	test_bca();
	test_wald();
	test_bootstrap_t();
	test_original();
	return tap_done();
}
