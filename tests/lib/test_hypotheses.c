/*
 * test_hypotheses.c - lib/stats: proportions, tests and multiplicity, against
 * published examples, closed forms and degenerate cases.
 */
#include "config.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include "stats/proportion.h"
#include "stats/root.h"
#include "tap.h"

#define N_OF(a) (sizeof(a) / sizeof(*(a)))

/* --- Proportions ---------------------------------------------------------- */

/* Newcombe, Statistics in Medicine 17 (1998) 857-872, table I. */
static void
test_proportion(void)
{
	static const struct {
		double x, n, wilson[2], clopper_pearson[2];
	} wanted[] = {
		{ 81, 263, { 0.2553, 0.3662 }, { 0.2527, 0.3676 } },
		{ 15, 148, { 0.0624, 0.1605 }, { 0.0578, 0.1617 } },
		{ 0, 20, { 0, 0.1611 }, { 0, 0.1684 } },
		{ 1, 29, { 0.0061, 0.1718 }, { 0.0009, 0.1776 } },
	};
	double lo, hi;
	size_t i;

	for (i = 0; i < N_OF(wanted); i++) {
		double x = wanted[i].x, n = wanted[i].n;

		mc_wilson(x, n, gsl_cdf_ugaussian_Pinv(0.975), &lo, &hi);
		tap_near(lo, wanted[i].wilson[0], 5e-5, "%g of %g: Wilson, lo",
		    x, n);
		tap_near(hi, wanted[i].wilson[1], 5e-5, "%g of %g: Wilson, hi",
		    x, n);
		mc_clopper_pearson(x, n, 0.95, &lo, &hi);
		tap_near(lo, wanted[i].clopper_pearson[0], 5e-5,
		    "%g of %g: Clopper-Pearson, lo", x, n);
		tap_near(hi, wanted[i].clopper_pearson[1], 5e-5,
		    "%g of %g: Clopper-Pearson, hi", x, n);
	}
	mc_clopper_pearson(0, 20, 0.95, &lo, &hi);
	tap_near(lo, 0, 0, "0 of 20: from 0");
	tap_near(hi, 1 - pow(0.025, 1 / 20.), 1e-15, "0 of 20: closed form");
	mc_clopper_pearson(20, 20, 0.95, &lo, &hi);
	tap_near(lo, pow(0.025, 1 / 20.), 1e-15, "20 of 20: closed form");
	tap_near(hi, 1, 0, "20 of 20: to 1");
	mc_wilson(0, 7, 2, &lo, &hi);
	tap_near(lo, 0, 0, "0 of 7: Wilson begins at 0");
	mc_wilson(7, 7, 2, &lo, &hi);
	tap_near(hi, 1, 0, "7 of 7: Wilson ends at 1");
}

/* By definition: P(X >= x | lo) = P(X <= x | hi) = tail. */
static void
test_tails(unsigned x, unsigned n, double level)
{
	double tail = (1 - level) / 2, lo, hi;

	mc_clopper_pearson(x, n, level, &lo, &hi);
	tap_near(gsl_cdf_binomial_Q(x - 1, lo, n), tail, 1e-9,
	    "%u of %u at %g: lower limit", x, n, level);
	tap_near(gsl_cdf_binomial_P(x, hi, n), tail, 1e-9,
	    "%u of %u at %g: upper limit", x, n, level);
}

/* Units of one image each: the plain intervals, to the last bit. */
static void
test_ratio_plain(void)
{
	double hits[51] = { [7] = 1 }, size[51] = { 0 };
	double tail = (1 - 0.9) / 2, lo, hi, plain_lo, plain_hi;
	struct mc_ratio r;
	size_t u;

	for (u = 1; u < 50; u++)
		size[u] = 1;
	r = mc_ratio_of(hits, size, 51);
	TEST(r.independent && r.units == 49 && r.images == 49);
	tap_ok(r.value * 49 < 1, "1 of 49, where 1 / 49 x 49 is not 1");
	tap_near(r.variance, 48. / 49 / 49 / 48, 1e-15,
	    "variance of independent images");
	tap_near(r.effective, 49, 0, "as many as there are");
	mc_wilson(1, 49, gsl_cdf_ugaussian_Qinv(tail), &plain_lo, &plain_hi);
	mc_ratio_wilson(&r, 0.9, &lo, &hi);
	TEST(lo == plain_lo && hi == plain_hi);
	mc_clopper_pearson(1, 49, 0.9, &plain_lo, &plain_hi);
	mc_ratio_clopper_pearson(&r, 0.9, &lo, &hi);
	TEST(lo == plain_lo && hi == plain_hi);
}

/*
 * Of 15 patients all 4 images are right, or all wrong: the variance is that of
 * 15 independent ones, value (1 - value) / 14.
 */
static void
test_ratio_alike(void)
{
	double hits[15] = { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0 };
	double size[15], t, lo, hi, plain_lo, plain_hi, n;
	struct mc_ratio r;
	size_t u;

	for (u = 0; u < 15; u++)
		size[u] = 4;
	r = mc_ratio_of(hits, size, 15);
	tap_near(r.effective, 14, 1e-12, "images that agree are one");
	t = gsl_cdf_tdist_Pinv(0.975, 14);
	mc_ratio_wilson(&r, 0.95, &lo, &hi);
	mc_wilson(14 * 10 / 15., 14, t, &plain_lo, &plain_hi);
	tap_near(lo, plain_lo, 1e-12, "Wilson on 14, lo");
	tap_near(hi, plain_hi, 1e-12, "Wilson on 14, hi");
	n = 14 * pow(gsl_cdf_tdist_Pinv(0.975, 59) / t, 2);
	mc_ratio_clopper_pearson(&r, 0.95, &lo, &hi);
	mc_clopper_pearson(n * 10 / 15, n, 0.95, &plain_lo, &plain_hi);
	tap_near(lo, plain_lo, 1e-12, "Clopper-Pearson on fewer, lo");
	tap_near(hi, plain_hi, 1e-12, "Clopper-Pearson on fewer, hi");
}

static void
test_ratio_ends(void)
{
	double right[] = { 3, 0, 1, 2 }, size[] = { 3, 0, 1, 2 };
	double half[] = { 1, 2, 3 }, even[] = { 2, 4, 6 };
	double lo, hi;
	struct mc_ratio r = mc_ratio_of(right, size, 4);

	tap_near(r.effective, 3, 0, "all right: as many as units");
	mc_ratio_clopper_pearson(&r, 0.95, &lo, &hi);
	tap_near(lo, pow(0.025, 1 / 3.), 1e-15, "all right: on the units");
	tap_near(hi, 1, 0, "all right: to 1");
	mc_ratio_wilson(&r, 0.95, &lo, &hi);
	TEST(lo > 0 && lo < 1 && hi == 1);
	r = mc_ratio_of(half, even, 3);
	tap_near(r.effective, 12, 0, "units all alike: never more than images");
	r = mc_ratio_of(right, size, 1);
	TEST(r.value == 1 && isnan(r.variance) && isnan(r.effective));
	mc_ratio_wilson(&r, 0.95, &lo, &hi);
	tap_ok(isnan(lo) && isnan(hi), "one unit of 3: no Wilson");
	mc_ratio_clopper_pearson(&r, 0.95, &lo, &hi);
	tap_ok(isnan(lo) && isnan(hi), "one unit of 3: no Clopper-Pearson");
	r = mc_ratio_of(right + 2, size + 2, 1);
	mc_ratio_clopper_pearson(&r, 0.95, &lo, &hi);
	tap_near(lo, 0.025, 1e-15, "one unit of one image has an interval");
	r = mc_ratio_of(right + 1, size + 1, 1);
	mc_ratio_wilson(&r, 0.95, &lo, &hi);
	tap_ok(isnan(r.value) && isnan(lo) && isnan(hi), "no images: no Wilson");
	mc_ratio_clopper_pearson(&r, 0.95, &lo, &hi);
	tap_ok(isnan(lo) && isnan(hi), "no images: no Clopper-Pearson");
}

/* --- Roots ---------------------------------------------------------------- */

static double
cube_less(double x, void *params)
{
	return x * x * x - *(const double *)params;
}

static void
test_root(void)
{
	double two = 2, zero = 0, nine = 9;

	tap_near(mc_root(cube_less, &two, 0, 2), cbrt(2), 1e-15, "a root");
	tap_near(mc_root(cube_less, &zero, -1, 3), 0, 1e-15, "a root at 0");
	tap_near(mc_root(cube_less, &zero, 0, 3), 0, 0, "a root at an end");
	TEST(isnan(mc_root(cube_less, &nine, 0, 2)));
}

int
main(void)
{
	gsl_set_error_handler_off();
	test_proportion();
	test_tails(7, 20, 0.95);
	test_tails(1, 624, 0.8);
	test_tails(3338, 10015, 0.95);
	test_tails(500000, 1000000, 0.99);
	test_ratio_plain();
	test_ratio_alike();
	test_ratio_ends();
	test_root();
	return tap_done();
}
