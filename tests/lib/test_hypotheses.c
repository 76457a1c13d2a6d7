/*
 * test_hypotheses.c - lib/stats: proportions, tests and multiplicity, against
 * published examples, closed forms and degenerate cases.  tests/stats has the
 * comparisons with other programs.
 */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/friedman.h"
#include "stats/interval.h"
#include "stats/mcnemar.h"
#include "stats/multiplicity.h"
#include "stats/proportion.h"
#include "stats/root.h"
#include "stats/seed_variance.h"
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

/* --- Two arms on the same images ------------------------------------------ */

/*
 * Fagerland, Lydersen & Laake, BMC Medical Research Methodology 13 (2013) 91:
 * airway hyper-responsiveness (1 and 7 discordant of 21), complete response to
 * a therapy (6 and 16 of 161).
 */
static void
test_mcnemar(void)
{
	tap_near(mc_mcnemar(1, 7), 0.0703, 5e-5, "1 and 7: published");
	tap_near(mc_mcnemar(6, 16), 0.0525, 5e-5, "6 and 16: published");
	tap_near(mc_mcnemar(7, 1), 2 * 9 / 256., 1e-15, "7 and 1: by hand");
	tap_near(mc_mcnemar(0, 10), pow(2, -9), 1e-15, "0 and 10: by hand");
	tap_near(mc_mcnemar(0, 0), 1, 0, "none discordant: 1");
	tap_near(mc_mcnemar(5, 5), 1, 0, "as many: 1");
	TEST(mc_mcnemar(2, 3) <= 1);
}

static void
test_tango(void)
{
	double z = gsl_cdf_ugaussian_Pinv(0.975), square = z * z, lo, hi;
	double other_lo, other_hi, lower, upper;
	unsigned b, c, failures = 0;

	/*
	 * Fagerland, Lydersen & Laake, "Statistical Analysis of Contingency
	 * Tables" (2017), chapter 8; their program gives -0.1240 to -0.0054.
	 */
	mc_tango(6, 16, 161, 0.95, &lo, &hi);
	tap_near(lo, -0.1240, 5e-5, "6 and 16 of 161: published, lo");
	tap_near(hi, -0.0054, 5e-5, "6 and 16 of 161: published, hi");
	/* Without discordant images, and with no others: Wilson's limits. */
	mc_tango(0, 0, 40, 0.95, &lo, &hi);
	tap_near(lo, -square / (40 + square), 1e-14, "none discordant: lo");
	tap_near(hi, square / (40 + square), 1e-14, "none discordant: hi");
	mc_tango(9, 0, 9, 0.95, &lo, &hi);
	tap_near(lo, (9 - square) / (9 + square), 1e-14, "9 of 9: lo");
	tap_near(hi, 1, 0, "9 of 9: to 1");
	mc_tango(0, 9, 9, 0.95, &lo, &hi);
	tap_near(lo, -1, 0, "0 of 9: from -1");
	/* At 0 the score test is McNemar's without correction. */
	tap_near(mc_tango_p(16, 6, 161, 0),
	    gsl_cdf_ugaussian_Q(10 / sqrt(22)), 1e-15, "at 0: McNemar's");
	tap_near(mc_tango_p(0, 0, 9, 0), 0.5, 0, "none discordant, at 0: 1/2");
	for (b = 0; b <= 12; b++) {
		for (c = 0; b + c <= 12; c++) {
			mc_tango(b, c, 12, 0.9, &lo, &hi);
			mc_tango(c, b, 12, 0.9, &other_lo, &other_hi);
			failures += fabs(lo + other_hi) > 1e-13;
			lower = lo > -1 ? mc_tango_p(b, c, 12, lo) : 0.05;
			upper = hi < 1 ? mc_tango_p(c, b, 12, -hi) : 0.05;
			failures += fabs(lower - 0.05) > 1e-9 ||
			    fabs(upper - 0.05) > 1e-9;
		}
	}
	tap_int(failures, 0, "91 tables: symmetric, and p 0.05 at each limit");
}

/* --- Multiplicity --------------------------------------------------------- */

/* Benjamini & Hochberg (1995), section 3.2: four rejected, three by Holm. */
static void
test_adjust(void)
{
	static const double p[] = { 0.4262, 0.0001, 0.0004, 0.0459, 0.0019,
	    0.0095, 0.0201, 0.0278, NAN, 0.0298, 0.0344, 0.3240, 0.5719,
	    0.6528, 0.7590, 1.0000 };
	double adjusted[16], in_place[3] = { 0.02, 0.04, 0.03 };
	size_t i, n;
	int rejected;

	n = mc_adjust(MC_ADJUST_BH, p, 16, adjusted);
	for (rejected = 0, i = 0; i < 16; i++)
		rejected += adjusted[i] <= 0.05;
	tap_int((long long)n, 15, "15 tests, and one that was none");
	TEST(isnan(adjusted[8]));
	tap_int(rejected, 4, "Benjamini & Hochberg's example: four");
	tap_near(adjusted[5], 0.0095 * 15 / 4, 1e-15, "the fourth, adjusted");
	mc_adjust(MC_ADJUST_HOLM, p, 16, adjusted);
	for (rejected = 0, i = 0; i < 16; i++)
		rejected += adjusted[i] <= 0.05;
	tap_int(rejected, 3, "by Holm: three");
	TEST(adjusted[15] == 1);
	mc_adjust(MC_ADJUST_NONE, p, 16, adjusted);
	TEST(adjusted[0] == p[0] && isnan(adjusted[8]) && adjusted[15] == 1);
	mc_adjust(MC_ADJUST_HOLM, in_place, 3, in_place);
	tap_near(in_place[0], 0.06, 1e-15, "Holm by hand: 3 x 0.02");
	tap_near(in_place[2], 0.06, 1e-15, "Holm by hand: 2 x 0.03");
	tap_near(in_place[1], 0.06, 1e-15, "Holm by hand: no less");
	tap_int((long long)mc_adjust(MC_ADJUST_BH, adjusted + 8, 1, adjusted),
	    0, "no test");
}

static void
test_max_t(void)
{
	/* Largest by replicate: 3, 1, 2, 5; of the smaller two 3, 1, 2, 1. */
	static const double t[] = { -4, 1.5, NAN, 3 };
	static const double replicates[] = {
		1, 0.5, -2, 5,
		-3, 1, 0, 0,
		9, 9, NAN, 9,
		0, 0, 1, -1,
	};
	double adjusted[4];

	mc_max_t(t, replicates, 4, 4, adjusted);
	tap_near(adjusted[0], 2 / 5., 1e-15, "max-T: 5 of 3 1 2 5 reaches 4");
	tap_near(adjusted[3], 2 / 5., 1e-15, "max-T: of 3 1 1 1, one");
	tap_near(adjusted[1], 2 / 5., 1e-15, "max-T: of 3 1 0 0, one");
	TEST(isnan(adjusted[2]));
}

/* Ties that rounding hides, and replicates that are undefined. */
static void
test_max_t_replicates(void)
{
	static const double t[] = { 0.3, 0.1 };
	static const double replicates[] = {
		0.1 + 0.2, NAN, 0.7 - 0.4, 0.2,
		0, 7, 0, 0,
	};
	double adjusted[2];

	mc_max_t(t, replicates, 2, 4, adjusted);
	TEST(replicates[0] > 0.3 && replicates[2] < 0.3);
	tap_near(adjusted[0], 3 / 4., 1e-15,
	    "two of three reach 0.3, rounded up and down");
	mc_max_t(t, replicates, 2, 0, adjusted);
	tap_near(adjusted[0], 1, 0, "no replicate: 1");
}

/* --- Several tasks -------------------------------------------------------- */

/*
 * Demsar (2006), table 6: AUC of four classifiers on 14 data sets.  0.9751 is
 * 0.975 in print, but not ranked as a tie there.
 */
static const double demsar[14 * 4] = {
	0.763, 0.768, 0.771, 0.798,
	0.599, 0.591, 0.590, 0.569,
	0.954, 0.971, 0.968, 0.967,
	0.628, 0.661, 0.654, 0.657,
	0.882, 0.888, 0.886, 0.898,
	0.936, 0.931, 0.916, 0.931,
	0.661, 0.668, 0.609, 0.685,
	0.583, 0.583, 0.563, 0.625,
	0.775, 0.838, 0.866, 0.875,
	1.000, 1.000, 1.000, 1.000,
	0.940, 0.962, 0.965, 0.962,
	0.619, 0.666, 0.614, 0.669,
	0.972, 0.981, 0.9751, 0.975,
	0.957, 0.978, 0.946, 0.970,
};

/* Hollander & Wolfe (1973), page 140: R prints 11.143 for these times. */
static const double bases[22 * 3] = {
	5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40,
	5.90, 5.85, 5.70, 5.45, 5.55, 5.60, 5.40, 5.40, 5.35, 5.45, 5.50, 5.35,
	5.25, 5.15, 5.00, 5.85, 5.80, 5.70, 5.25, 5.20, 5.10, 5.65, 5.55, 5.45,
	5.60, 5.35, 5.45, 5.05, 5.00, 4.95, 5.50, 5.50, 5.40, 5.45, 5.55, 5.50,
	5.55, 5.55, 5.35, 5.45, 5.50, 5.55, 5.50, 5.45, 5.25, 5.65, 5.60, 5.40,
	5.70, 5.65, 5.55, 6.30, 6.30, 6.25,
};

static void
test_friedman(void)
{
	static const double ranks_wanted[] = { 3.143, 2.000, 2.893, 1.964 };
	struct mc_friedman f;
	double ranks[4];
	int i;

	TEST(mc_friedman(demsar, 14, 4, &f, ranks) == MC_OK);
	for (i = 0; i < 4; i++)
		tap_near(ranks[i], ranks_wanted[i], 2e-4,
		    "Demsar's average rank %d", i + 1);
	TEST(f.df == 3 && f.df_error == 39);
	TEST(mc_friedman(bases, 22, 3, &f, ranks) == MC_OK);
	tap_near(f.chi_squared, 11.143, 5e-5, "first base: as R prints");
	tap_near(f.f, 21 * f.chi_squared / (22 * 2 - f.chi_squared), 1e-12,
	    "first base: Iman & Davenport's form");
}

static void
test_friedman_ends(void)
{
	double v[18], ranks[3];
	struct mc_friedman f;
	int i;

	for (i = 0; i < 18; i++)
		v[i] = i % 3 - i / 3;
	TEST(mc_friedman(v, 6, 3, &f, ranks) == MC_OK);
	TEST(f.chi_squared == 12 && f.f == DBL_MAX && f.p == 0);
	TEST(ranks[0] == 3 && ranks[1] == 2 && ranks[2] == 1);
	for (i = 0; i < 18; i++)
		v[i] = 0.5;
	TEST(mc_friedman(v, 6, 3, &f, ranks) == MC_OK);
	TEST(f.chi_squared == 0 && f.f == 0 && f.p == 1);
	TEST(ranks[0] == 2 && ranks[1] == 2 && ranks[2] == 2);
	/* A mean of three seeds, summed in two orders. */
	for (i = 0; i < 18; i++)
		v[i] = i % 3 == 0 ? (0.1 + 0.2) + 0.3 : i % 3 == 1 ?
		    0.1 + (0.2 + 0.3) : 0.9;
	TEST(v[0] != v[1]);
	TEST(mc_friedman(v, 6, 3, &f, ranks) == MC_OK);
	TEST(f.f == DBL_MAX && ranks[0] == 2.5 && ranks[1] == 2.5);
	TEST(mc_friedman(v, 5, 3, &f, ranks) == MC_EDATA);
	TEST(mc_friedman(v, 9, 2, &f, ranks) == MC_EDATA);
}

/* Demsar (2006), table 5 and section 3.2.2. */
static void
test_nemenyi(void)
{
	static const double q05[] = { 1.960, 2.343, 2.569, 2.728, 2.850,
	    2.949, 3.031, 3.102, 3.164 };
	static const double q10[] = { 1.645, 2.052, 2.291, 2.459, 2.589,
	    2.693, 2.780, 2.855, 2.920 };
	size_t k;

	for (k = 2; k <= 10; k++) {
		double scale = sqrt((double)(k * (k + 1)) / (6 * 14));

		tap_near(mc_nemenyi_critical(0.05, 14, k) / scale,
		    q05[k - 2], 5e-4, "q of %zu at 0.05", k);
		tap_near(mc_nemenyi_critical(0.1, 14, k) / scale,
		    q10[k - 2], 5e-4, "q of %zu at 0.10", k);
	}
	tap_near(mc_nemenyi_critical(0.05, 14, 4), 1.25, 5e-3,
	    "critical difference of 4 on 14");
	tap_near(mc_nemenyi_p(-1.1, 14, 2),
	    2 * gsl_cdf_ugaussian_Q(1.1 * sqrt(14)), 1e-14,
	    "two arms: the normal distribution");
	tap_near(mc_nemenyi_p(0, 14, 4), 1, 1e-12, "no difference: 1");
	/* Far out each of the 6 pairs counts for itself. */
	tap_near(mc_nemenyi_p(2, 300, 4) / 12 /
	    gsl_cdf_ugaussian_Q(2 * sqrt(6 * 300. / 20)), 1, 1e-9,
	    "a small p keeps its digits");
}

/* --- Seeds, splits and replicates ----------------------------------------- */

static void
test_seeds(void)
{
	static const double a[] = { 4, 6, 8 }, b[] = { 1, 1, 1, 1 };
	struct mc_t_interval t;

	/* s^2 / n: 4/3 and 0; with 2 of the patients 10/3. */
	t = mc_seeds_difference(a, 3, b, 4, 2, 4, 0.95);
	tap_near(t.difference, 5, 1e-15, "seeds: the difference of means");
	tap_near(t.variance, 10 / 3., 1e-15, "seeds: the sum of the parts");
	/* (10/3)^2 / (4 / 4 + (4/3)^2 / 2) */
	tap_near(t.df, 100 / 9. / (1 + 8 / 9.), 1e-14,
	    "seeds: Satterthwaite by hand");
	tap_near((t.hi - t.lo) / 2, sqrt(10 / 3.) *
	    gsl_cdf_tdist_Pinv(0.975, t.df), 1e-14, "seeds: the interval");
	tap_near(2 * gsl_cdf_tdist_Q(5 / sqrt(10 / 3.), t.df), t.p, 1e-14,
	    "seeds: p");
	t = mc_seeds_difference(b, 4, b, 4, 0, 4, 0.95);
	TEST(t.difference == 0 && isnan(t.lo) && isnan(t.hi) && isnan(t.p));
	t = mc_seeds_difference(a, 1, b, 4, 2, 4, 0.95);
	tap_ok(t.difference == 3 && t.variance == 2 && t.df == 4,
	    "seeds: one seed, and seeds alike, add nothing");
	t = mc_seeds_difference(a, 3, b, 4, 2, 0, 0.95);
	TEST(t.difference == 5 && isnan(t.df) && isnan(t.lo));
}

static void
test_resampled(void)
{
	static const double d[] = { 1, 2, 3, 4 }, same[] = { 2, 2, 2, 2 };
	struct mc_t_interval t = mc_resampled_difference(d, 4, 0.25, 0.9);

	tap_near(t.variance, (0.25 + 0.25) * 5 / 3, 1e-15, "splits: variance");
	tap_near(t.df, 3, 0, "splits: degrees of freedom");
	tap_near(t.lo, 2.5 - gsl_cdf_tdist_Pinv(0.95, 3) * sqrt(5 / 6.), 1e-14,
	    "splits: the interval");
	t = mc_resampled_difference(same, 4, 0.25, 0.9);
	TEST(t.difference == 2 && isnan(t.lo) && isnan(t.hi) && isnan(t.p));
	t = mc_resampled_difference(d, 1, 0.25, 0.9);
	TEST(t.difference == 1 && isnan(t.lo) && isnan(t.p));
}

/*
 * N replicates about a null value: KIND 0 distinct, 1 on a grid that has the
 * null value, 2 such with what rounding makes of them.
 */
static void
draw_replicates(gsl_rng *rng, int kind, double null_value, double *d, size_t n)
{
	double shift = gsl_ran_gaussian(rng, 2.5);
	size_t i;

	for (i = 0; i < n; i++) {
		d[i] = shift + gsl_ran_gaussian(rng, 1);
		if (kind > 0)
			d[i] = round(2 * d[i]) / 2;
		d[i] += null_value;
		if (kind > 1)
			d[i] += 1e-14 * gsl_ran_flat(rng, -1, 1);
	}
}

/*
 * p <= 1 - level exactly where the interval leaves the null value out; N such
 * that a limit is one replicate or, with BETWEEN, lies between two.
 */
static void
test_bootstrap_p(size_t n, double level, bool between)
{
	gsl_rng *rng = mc_stream_alloc(n, "agreement", 0);
	double *d = mc_xcalloc(n, sizeof(*d));
	int both = 0, p_alone = 0, interval_alone = 0, i;

	for (i = 0; i < 1500; i++) {
		double null_value = -0.1 * (i / 3 % 3), p, lo, hi;
		bool out, rejected;

		draw_replicates(rng, i % 3, null_value, d, n);
		p = mc_bootstrap_p(d, n, null_value);
		lo = mc_quantile(d, n, (1 - level) / 2);
		hi = mc_quantile(d, n, (1 + level) / 2);
		out = lo > null_value + 1e-12 || hi < null_value - 1e-12;
		/* 1 - level is not quite the decimal fraction. */
		rejected = p <= (1 - level) * (1 + 1e-12);
		both += out && rejected;
		p_alone += rejected && !out;
		interval_alone += out && !rejected;
	}
	tap_ok(both > 150 && both < 1350, "%zu at %g: both reject in %d of "
	    "1500", n, level, both);
	tap_int(p_alone, 0, "%zu at %g: p never alone", n, level);
	if (between)
		tap_ok(interval_alone < 15, "%zu at %g: the interval alone "
		    "in %d", n, level, interval_alone);
	else
		tap_int(interval_alone, 0, "%zu at %g: nor the interval", n,
		    level);
	free(d);
	gsl_rng_free(rng);
}

static void
test_bootstrap_p_values(void)
{
	static const double d[] = { 1, 2, 0, 3, -1, 0.1 + 0.2 - 0.3, 4, 5, 6 };

	/* At most 0: 0, -1 and the rounded one. */
	tap_near(mc_bootstrap_p(d, 9, 0), 2 * 4 / 10., 1e-15,
	    "p by hand, ties on both sides");
	tap_near(mc_bootstrap_p(d, 9, 7), 2 * 1 / 10., 1e-15,
	    "p by hand: beyond all");
	tap_near(mc_bootstrap_p(d, 1, 1), 1, 0, "p is at most 1");
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
	test_mcnemar();
	test_tango();
	test_adjust();
	test_max_t();
	test_max_t_replicates();
	test_friedman();
	test_friedman_ends();
	test_nemenyi();
	test_seeds();
	test_resampled();
	test_bootstrap_p_values();
	test_bootstrap_p(399, 0.95, false);
	test_bootstrap_p(1999, 0.99, false);
	test_bootstrap_p(199, 0.9, false);
	test_bootstrap_p(4999, 0.95, false);
	test_bootstrap_p(500, 0.95, true);
	test_root();
	return tap_done();
}
