/* test_ranking.c - lib/stats: ranking, ROC, calibration, by hand. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "sample.h"
#include "stats/auroc.h"
#include "stats/calibration.h"
#include "stats/ranking.h"
#include "tap.h"

/*
 * Four images of the class, at 0.9, 0.8, 0.6 and 0.3, and four others, at 0.8,
 * 0.5, 0.5 and 0.1.
 */
static struct sample *
eight(void)
{
	static const double p[] = { 0.9, 0.8, 0.6, 0.3, 0.8, 0.5, 0.5, 0.1 };
	struct sample *x = sample_alloc(two, 2);
	uint32_t i;

	for (i = 0; i < 8; i++)
		sample_score(x, i, i < 4, p[i]);
	return x;
}

/* --- Ranking -------------------------------------------------------------- */

/* Log odds order images of one probability, and no others. */
static void
test_log_odds(void)
{
	static const double p[] = { 1, 1, 1, 0.5 }, o[] = { 40, 90, 50, 99 };
	static const int label[] = { 0, 1, 1, 0 };
	struct mc_threshold_counts points[4];
	double positives, two_columns[8];
	struct sample *x = sample_alloc(two, 2);
	struct mc_ranking *r;
	uint32_t i;

	for (i = 0; i < 4; i++) {
		sample_score(x, i, label[i], p[i]);
		two_columns[2 * i] = -o[i];
		two_columns[2 * i + 1] = o[i];
	}
	r = mc_ranking_alloc(&x->s, 1);
	tap_near(mc_ranking_auroc(r, NULL, &positives), 3. / 4, 1e-15,
	    "AUROC, three tied at 1");
	mc_ranking_free(r);
	x->s.o = two_columns;
	r = mc_ranking_alloc(&x->s, 1);
	tap_near(mc_ranking_auroc(r, NULL, &positives), 1, 1e-15,
	    "AUROC, ordered by log odds");
	tap_near(mc_ranking_sensitivity(r, NULL, 1), 1, 1e-15,
	    "so a sensitivity");
	tap_int((long long)mc_ranking_thresholds(r), 4, "four scores");
	mc_ranking_counts(r, NULL, points);
	tap_ok(points[1].of_class == 2 && points[1].rest == 0 &&
	    points[1].p == 1 && points[2].rest == 1 && points[3].p == 0.5,
	    "counts at each score");
	mc_ranking_free(r);
	free(x);
}

static void
test_auroc(void)
{
	/* Hanley & McNeil by hand: 3 x 2 pairs, 4 right, one tie. */
	static const double p[] = { 0.1, 0.4, 0.8, 0.4, 0.9 };
	static const uint32_t times[] = { 2, 0, 1, 1, 3 };
	struct sample *x = sample_alloc(two, 2);
	struct mc_ranking *r;
	double positives;
	uint32_t i;

	for (i = 0; i < 5; i++)
		sample_score(x, i, i > 2, p[i]);
	r = mc_ranking_alloc(&x->s, 1);
	tap_near(mc_ranking_auroc(r, NULL, &positives), 4.5 / 6, 1e-15,
	    "AUROC by hand, with a tie");
	tap_near(positives, 2, 0, "two images of the class");
	/* Negatives .1 .1 .8, positives .4 .9 .9 .9: 2 + 9 of 12. */
	tap_near(mc_ranking_auroc(r, times, &positives), 11 / 12., 1e-15,
	    "AUROC with multiplicities");
	mc_ranking_free(r);
	x->label[3] = x->label[4] = 0;
	r = mc_ranking_alloc(&x->s, 1);
	TEST(isnan(mc_ranking_auroc(r, NULL, &positives)));
	mc_ranking_free(r);
	free(x);
}

static void
test_average_precision(void)
{
	struct sample *x = eight();
	struct mc_ranking *r = mc_ranking_alloc(&x->s, 1);
	static const uint32_t rest_only[] = { 0, 0, 0, 0, 1, 1, 1, 1 };
	static const uint32_t class_only[] = { 1, 1, 1, 1, 0, 0, 0, 0 };

	/* Precision 1, 2/3, 3/4 and 4/7 at steps of 1/4. */
	tap_near(mc_ranking_average_precision(r, NULL),
	    (1 + 2 / 3. + 3 / 4. + 4 / 7.) / 4, 1e-15,
	    "average precision by hand");
	TEST(isnan(mc_ranking_average_precision(r, rest_only)));
	TEST(mc_ranking_average_precision(r, class_only) == 1);
	mc_ranking_free(r);
	free(x);
}

static void
test_operating_points(void)
{
	static const struct {
		double at, sensitivity, specificity;
	} wanted[] = {
		{ 0.75, 3 / 4., 3 / 4. }, { 0.8, 1 / 4., 1 / 4. },
		{ 0.5, 3 / 4., 3 / 4. }, { 0.25, 1, 1 },
	};
	static const uint32_t class_only[] = { 1, 1, 1, 1, 0, 0, 0, 0 };
	struct sample *x = eight();
	struct mc_ranking *r = mc_ranking_alloc(&x->s, 1);
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		tap_near(mc_ranking_sensitivity(r, NULL, wanted[i].at),
		    wanted[i].sensitivity, 0, "sensitivity at specificity %g",
		    wanted[i].at);
		tap_near(mc_ranking_specificity(r, NULL, wanted[i].at),
		    wanted[i].specificity, 0, "specificity at sensitivity %g",
		    wanted[i].at);
	}
	TEST(isnan(mc_ranking_sensitivity(r, class_only, 0.5)));
	TEST(isnan(mc_ranking_specificity(r, class_only, 0.5)));
	mc_ranking_free(r);
	free(x);
}

static void
test_thresholds(void)
{
	static const struct mc_threshold_counts wanted[] = {
		{ 0.9, 1, 0 }, { 0.8, 2, 1 }, { 0.6, 3, 1 }, { 0.5, 3, 3 },
		{ 0.3, 4, 3 }, { 0.1, 4, 4 }
	};
	struct mc_threshold_counts found[8];
	struct sample *x = eight();
	struct mc_ranking *r = mc_ranking_alloc(&x->s, 1);
	bool same = true;
	size_t i;

	tap_int((long long)mc_ranking_thresholds(r), 6, "six thresholds");
	mc_ranking_counts(r, NULL, found);
	for (i = 0; i < 6; i++)
		same = same && found[i].p == wanted[i].p &&
		    found[i].of_class == wanted[i].of_class &&
		    found[i].rest == wanted[i].rest;
	tap_ok(same, "the counts at each threshold");
	mc_ranking_free(r);
	free(x);
}

/* Hand & Till's A(class | j): a at .9 and .5, b at .5 and .2, c at .7. */
static void
test_against(void)
{
	static const double p[] = { 0.9, 0.5, 0.5, 0.2, 0.7 };
	static const int label[] = { 0, 0, 1, 1, 2 };
	static const uint32_t times[] = { 3, 1, 2, 1, 0 };
	struct sample *x = sample_alloc(three, 3);
	struct mc_ranking *r;
	double a[3];
	size_t i;

	for (i = 0; i < 5; i++) {
		sample_add(x, label[i], 0, 1);
		x->p[3 * i] = p[i];
		x->p[3 * i + 1] = x->p[3 * i + 2] = (1 - p[i]) / 2;
	}
	x->s.p = x->p;
	r = mc_ranking_alloc(&x->s, 0);
	mc_ranking_pairwise_auc(r, NULL, a);
	TEST(isnan(a[0]));
	tap_near(a[1], 3.5 / 4, 1e-15, "A(a | b), with a tie");
	tap_near(a[2], 1 / 2., 1e-15, "A(a | c)");
	mc_ranking_pairwise_auc(r, times, a);
	/* a at .9 .9 .9 .5, b at .5 .5 .2: 9 + 2 / 2 + 1 of 12. */
	tap_near(a[1], 11 / 12., 1e-15, "A(a | b) with multiplicities");
	TEST(isnan(a[2]));
	mc_ranking_free(r);
	free(x);
}

/* --- The variance of an AUROC --------------------------------------------- */

static void
test_placements(void)
{
	static const double of_class[] = { 1, 3.5 / 4, 3 / 4., 1 / 4. };
	static const double rest[] = { 1.5 / 4, 3 / 4., 3 / 4., 1 };
	struct sample *x = eight();
	struct mc_ranking *r = mc_ranking_alloc(&x->s, 1);
	struct mc_placement found[8];
	size_t i;

	tap_near(mc_ranking_placements(r, NULL, found), 11.5 / 16, 1e-15,
	    "placements: the AUROC");
	for (i = 0; i < 4; i++) {
		tap_near(found[i].of_class, of_class[i], 1e-15,
		    "placement %zu of the class", i);
		tap_near(found[4 + i].rest, rest[i], 1e-15,
		    "placement %zu of the rest", i);
	}
	TEST(found[0].n_class == 1 && found[0].n_rest == 0);
	TEST(found[7].n_class == 0 && found[7].n_rest == 1);
	mc_ranking_free(r);
	free(x);
}

/* The variance of X's AUROC, and that of a second arm Y, and their covariance. */
static double
covariance(const struct sample *x, const struct sample *y)
{
	struct mc_auroc a[2];
	const struct sample *of[2] = { x, y };
	double found;
	size_t i;

	for (i = 0; i < 2; i++) {
		struct mc_ranking *r = mc_ranking_alloc(&of[i]->s, 1);

		a[i].placement = mc_xcalloc(of[i]->s.n_units,
		    sizeof(*a[i].placement));
		a[i].value = mc_ranking_placements(r, NULL, a[i].placement);
		mc_ranking_free(r);
	}
	found = mc_auroc_covariance(&a[0], &a[1], x->s.n_units, NULL);
	free(a[0].placement);
	free(a[1].placement);
	return found;
}

static void
test_delong(void)
{
	struct sample *x = eight(), *y = eight();
	size_t i;

	/*
	 * The placements' squares about 11.5 / 16 sum to 0.32421875 for the
	 * class and 0.19921875 for the rest: each over 3, then over 4.
	 */
	tap_near(covariance(x, x), 0.5234375 / 12, 1e-15,
	    "DeLong's variance by hand");
	/* The reverse ranking is wrong where the other is right. */
	for (i = 0; i < 8; i++)
		y->p[2 * i + 1] = 1 - y->p[2 * i + 1];
	tap_near(covariance(x, y), -0.5234375 / 12, 1e-15,
	    "DeLong's covariance with the reverse");
	tap_near(covariance(y, x), covariance(x, y), 1e-15,
	    "it is symmetric");
	x->label[1] = x->label[2] = x->label[3] = 0;
	TEST(isnan(covariance(x, x)));
	free(x);
	free(y);
}

/*
 * Obuchowski by hand.  Unit 0 has the class at .9 and the rest at .2, unit 1
 * the class at .4 and the rest at .6, unit 2 the rest at .5 alone; theta 4/6.
 * V10 is 1 and 1/3, V01 1, 1/2 and 1/2; hence the units' sums less theta:
 * class 1/3, -1/3, 0; rest 1/3, -1/6, -1/6.
 */
static void
test_obuchowski(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_placement placement[3];
	struct mc_ranking *r;
	double s10 = 2 / (1. * 2) * (2 / 9.);
	double s01 = 3 / (2. * 3) * (1 / 9. + 1 / 36. + 1 / 36.);
	double s11 = 3 / 2. * (1 / 9. + 1 / 18.);

	sample_score(x, 0, 1, 0.9);
	sample_score(x, 0, 0, 0.2);
	sample_score(x, 1, 1, 0.4);
	sample_score(x, 1, 0, 0.6);
	sample_score(x, 2, 0, 0.5);
	tap_near(covariance(x, x), s10 / 2 + s01 / 3 + 2 * s11 / 6, 1e-15,
	    "Obuchowski's variance by hand");
	r = mc_ranking_alloc(&x->s, 1);
	tap_near(mc_ranking_placements(r, NULL, placement), 4 / 6., 1e-15,
	    "its AUROC");
	tap_near(mc_auroc_df(placement, 3), 1, 0,
	    "two units with the class: one degree of freedom");
	mc_ranking_free(r);
	free(x);
}

/* --- Calibration ---------------------------------------------------------- */

/* Images of two classes, the last one predicted with probability P, or not. */
static struct mc_confidence *
confidence(const double *p, const int *label, size_t n)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_confidence *c;
	uint32_t i;

	for (i = 0; i < n; i++)
		sample_score(x, i, label[i], p[i]);
	c = mc_confidence_alloc(&x->s);
	free(x);
	return c;
}

static void
test_ece(void)
{
	static const double p[] = { 0.95, 0.95, 0.65, 0.55 };
	static const int label[] = { 1, 0, 1, 0 };
	static const double edge[] = { 0.6, 0.55 };
	static const double close[] = { 0.55, 0.56 };
	static const int second[] = { 0, 1 };
	static const uint32_t times[] = { 1, 3, 0, 0 };
	struct mc_confidence *c = confidence(p, label, 4);
	/* A bin that is right half of the time, by binomial error. */
	double sd = sqrt(0.25 / 2), off = 0.5 - 0.95, folded;

	tap_near(mc_confidence_ece(c, NULL), (0.9 + 0.35 + 0.55) / 4, 1e-15,
	    "ECE by hand");
	tap_near(mc_confidence_ece_mass(c, NULL), (0.9 + 0.35 + 0.55) / 4,
	    1e-15, "ECE of equal mass by hand");
	/* E|X| where X is normal about OFF. */
	folded = 2 * sd * sd * gsl_ran_gaussian_pdf(off, sd) +
	    off * (1 - 2 * gsl_cdf_gaussian_P(-off, sd));
	tap_near(mc_confidence_ece_debiased(c, NULL), 2 * 1.8 / 4 -
	    (2 * folded + 0.35 + 0.55) / 4, 1e-14, "debiased ECE by hand");
	/* One right and three wrong at .95. */
	tap_near(mc_confidence_ece(c, times), 0.95 - 1 / 4., 1e-15,
	    "ECE with multiplicities");
	mc_confidence_free(c);
	/* 0.6 is 9/15, the upper end of the bin that 0.55 is in. */
	c = confidence(edge, label, 2);
	tap_near(mc_confidence_ece(c, NULL), fabs(1 - 1.15) / 2,
	    1e-15, "a bin holds its upper end");
	mc_confidence_free(c);
	c = confidence(close, second, 2);
	tap_near(mc_confidence_ece(c, NULL), fabs(1 - 1.11) / 2, 1e-15,
	    "one bin of equal width");
	tap_near(mc_confidence_ece_mass(c, NULL), (0.55 + 0.44) / 2, 1e-15,
	    "two bins of equal mass");
	mc_confidence_free(c);
}

/* N images of log odds X, of which RIGHT are of the class. */
static void
add_logits(struct sample *x, double odds, int n, int right)
{
	int i;

	for (i = 0; i < n; i++)
		sample_score(x, (uint32_t)x->s.n_units, i < right,
		    odds / (1 + odds));
}

static void
test_logits(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_logits *l;
	uint32_t times[8] = { 1, 0, 0, 0, 1, 0, 0, 0 };

	/* Log odds -1 and 1, seen with odds 1/3 and 3: a line through both. */
	add_logits(x, exp(-1), 4, 1);
	add_logits(x, exp(1), 4, 3);
	l = mc_logits_alloc(&x->s, 1);
	tap_near(mc_logits_slope(l, NULL), log(3), 1e-14,
	    "calibration slope in closed form");
	tap_near(mc_logits_intercept(l, NULL), 0, 1e-14,
	    "calibration intercept by symmetry");
	TEST(isnan(mc_logits_slope(l, times)));
	TEST(isnan(mc_logits_intercept(l, times)));
	/* The rest at -1 and the class at 1 are separated; not in the large. */
	times[0] = 0;
	times[1] = 1;
	TEST(isnan(mc_logits_slope(l, times)));
	tap_near(mc_logits_intercept(l, times), 0, 1e-14,
	    "separated: the intercept is there");
	mc_logits_free(l);
	free(x);
	/* Half of what was predicted with odds 1/3. */
	x = sample_alloc(two, 2);
	add_logits(x, 1 / 3., 10, 5);
	l = mc_logits_alloc(&x->s, 1);
	tap_near(mc_logits_intercept(l, NULL), log(3), 1e-14,
	    "calibration intercept in closed form");
	mc_logits_free(l);
	free(x);
	/* Probabilities 0 and 1 are held within 2^-23. */
	x = sample_alloc(two, 2);
	sample_score(x, 0, 0, 0);
	sample_score(x, 1, 1, 0);
	l = mc_logits_alloc(&x->s, 1);
	tap_near(mc_logits_intercept(l, NULL), log((1 - exp2(-23)) /
	    exp2(-23)), 1e-8, "an impossible image has finite log odds");
	mc_logits_free(l);
	free(x);
}

int
main(void)
{
	test_auroc();
	test_log_odds();
	test_average_precision();
	test_operating_points();
	test_thresholds();
	test_against();
	test_placements();
	test_delong();
	test_obuchowski();
	test_ece();
	test_logits();
	return tap_done();
}
