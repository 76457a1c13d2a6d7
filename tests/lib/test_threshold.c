/* test_threshold.c - choosing thresholds, and predicting by them. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/estimate.h"
#include "stats/metric.h"
#include "stats/threshold.h"
#include "stats/reweighted.h"
#include "tap.h"

#define MOST 400

static const char *const classes[] = { "pos", "neg" };

/* Images of two classes; class 0 is the one that is looked for. */
struct images {
	int label[MOST], predicted[MOST];
	double p[2 * MOST];
	uint32_t unit[MOST];
	struct mc_threshold threshold;
	struct mc_sample s;
};

static struct images *
images_alloc(void)
{
	struct images *x = mc_xcalloc(1, sizeof(*x));

	x->s = (struct mc_sample){ .n_classes = 2, .classes = classes,
	    .label = x->label, .predicted = x->predicted, .p = x->p,
	    .unit = x->unit };
	return x;
}

/* Add an image that is a unit of its own, predicted by the threshold 0.5. */
static void
add(struct images *x, bool positive, double p)
{
	size_t i = x->s.n++;

	x->label[i] = positive ? 0 : 1;
	x->predicted[i] = p >= 0.5 ? 0 : 1;
	x->p[2 * i] = p;
	x->p[2 * i + 1] = 1 - p;
	x->unit[i] = (uint32_t)x->s.n_units++;
}

/* 60 patients of 1 to 4 images. */
static struct images *
patients(uint64_t index)
{
	gsl_rng *rng = mc_stream_alloc(5, "patients", index);
	struct images *x = images_alloc();
	uint32_t u;

	for (u = 0; u < 60; u++) {
		bool positive = u % 3 == 0;
		size_t i;

		for (i = 0; i <= u % 4; i++) {
			add(x, positive, floor(100 * (gsl_rng_uniform(rng) +
			    (positive ? 0.3 : 0))) / 130);
			x->unit[x->s.n - 1] = u;
		}
	}
	x->s.n_units = 60;
	gsl_rng_free(rng);
	return x;
}

static struct mc_operating_point
choose(const struct images *x, const uint32_t *times,
    const struct mc_criterion *c)
{
	struct mc_ranking *r = mc_ranking_alloc(&x->s, 0);
	struct mc_threshold_counts points[MOST];
	struct mc_operating_point o = mc_threshold_choose(r, times, c, points);

	mc_ranking_free(r);
	return o;
}

/* --- By hand -------------------------------------------------------------- */

static const struct mc_criterion youden = { .aim = MC_YOUDEN };

static struct mc_criterion
at(enum mc_aim aim, double share)
{
	return (struct mc_criterion){ .aim = aim, .at = share };
}

static struct mc_criterion
cost(double fp, double fn, double prevalence)
{
	return (struct mc_criterion){ .aim = MC_LEAST_COST, .cost_fp = fp,
	    .cost_fn = fn, .prevalence = prevalence };
}

static void
check(const struct images *x, const char *name, struct mc_criterion c,
    double threshold, double sensitivity, double specificity)
{
	struct mc_operating_point o = choose(x, NULL, &c);

	tap_near(o.threshold, threshold, 1e-15, "%s: threshold", name);
	tap_near(o.sensitivity, sensitivity, 1e-15, "%s: sensitivity", name);
	tap_near(o.specificity, specificity, 1e-15, "%s: specificity", name);
}

static void
test_by_hand(void)
{
	struct images *x = images_alloc();

	/* Above 0.85: one of two, no false one.  Above 0.65: both, one. */
	add(x, true, 0.9);
	add(x, false, 0.8);
	add(x, true, 0.7);
	add(x, false, 0.6);
	check(x, "youden, a tie: the more sensitive", youden, 0.65, 1, 0.5);
	check(x, "sensitivity 0.5", at(MC_AT_SENSITIVITY, 0.5), 0.85, 0.5, 1);
	check(x, "sensitivity 0.6", at(MC_AT_SENSITIVITY, 0.6), 0.65, 1, 0.5);
	check(x, "sensitivity 0: what costs no specificity",
	    at(MC_AT_SENSITIVITY, 0), 0.85, 0.5, 1);
	check(x, "specificity 1", at(MC_AT_SPECIFICITY, 1), 0.85, 0.5, 1);
	check(x, "specificity 0.5", at(MC_AT_SPECIFICITY, 0.5), 0.65, 1, 0.5);
	check(x, "specificity 0: what costs no sensitivity",
	    at(MC_AT_SPECIFICITY, 0), 0.65, 1, 0.5);
	check(x, "costs 1:1, a tie", cost(1, 1, NAN), 0.65, 1, 0.5);
	check(x, "costs 0.3:0.1", cost(0.3, 0.1, NAN), 0.85, 0.5, 1);
	check(x, "costs 1:3", cost(1, 3, NAN), 0.65, 1, 0.5);
	check(x, "costs 1:3 where few are ill", cost(1, 3, 0.2), 0.85, 0.5, 1);
	free(x);
}

/* The best is above or below all scores. */
static void
test_ends(void)
{
	struct images *x = images_alloc();

	add(x, false, 0.8);
	add(x, true, 0.4);
	check(x, "worse than chance: all", youden, 0.2, 1, 0);
	check(x, "no false one: none", at(MC_AT_SPECIFICITY, 1), 0.9, 0, 1);
	x->p[0] = 1;
	check(x, "none, beside a score of 1", at(MC_AT_SPECIFICITY, 1),
	    1 + DBL_EPSILON, 0, 1);
	TEST(choose(x, NULL, &(struct mc_criterion){ .aim = MC_AT_SPECIFICITY,
	    .at = 1 }).threshold > 1);
	x->p[2] = 0;
	check(x, "all, beside a score of 0", youden, 0, 1, 0);
	free(x);
}

static void
test_rounding(void)
{
	struct mc_criterion c = at(MC_AT_SENSITIVITY, 0.55);
	struct images *x = images_alloc();
	struct mc_operating_point o;
	size_t i;

	/* Between neighbouring numbers there is no middle. */
	add(x, true, nextafter(0.3, 1));
	add(x, false, 0.3);
	o = choose(x, NULL, &youden);
	TEST(o.threshold == nextafter(0.3, 1) && o.specificity == 1);
	free(x);
	/* 0.55 * 100 is 55.00000000000001. */
	x = images_alloc();
	for (i = 0; i < 200; i++)
		add(x, i % 2 == 0, (double)i / 200);
	o = choose(x, NULL, &c);
	tap_near(o.sensitivity, 0.55, 1e-15, "55 of 100 are a share of 0.55");
	free(x);
}

/* --- Replicates ----------------------------------------------------------- */

/* A unit that stands twice is two units; one that stands never is none. */
static void
test_times(void)
{
	const struct mc_criterion criteria[] = { youden,
	    at(MC_AT_SENSITIVITY, 0.9), at(MC_AT_SPECIFICITY, 0.9),
	    cost(1, 5, NAN), cost(1, 5, 0.1) };
	struct images *x = patients(0), *y;
	gsl_rng *rng = mc_stream_alloc(1, "test", 0);
	size_t same = 0, all = 0, i, t, k;
	uint32_t times[60];

	for (i = 0; i < 40; i++) {
		mc_stream_tally(rng, 60, 60, times);
		y = images_alloc();
		for (k = 0; k < x->s.n; k++) {
			for (t = times[x->unit[k]]; t > 0; t--)
				add(y, x->label[k] == 0, x->p[2 * k]);
		}
		for (k = 0; k < 5; k++, all++) {
			struct mc_operating_point a, b;

			a = choose(x, times, &criteria[k]);
			b = choose(y, NULL, &criteria[k]);
			same += a.threshold == b.threshold &&
			    a.sensitivity == b.sensitivity &&
			    a.specificity == b.specificity &&
			    a.of_class == b.of_class && a.rest == b.rest;
		}
		free(y);
	}
	tap_int((long long)same, (long long)all, "as if rows were copied");
	memset(times, 0, sizeof(times));
	times[1] = 1;
	TEST(isnan(choose(x, times, &youden).threshold));
	TEST(choose(x, times, &youden).of_class == 0);
	gsl_rng_free(rng);
	free(x);
}

/*
 * With sensitivity 1 the threshold is below the lowest positive drawn: all of k
 * units are left out of 60 draws with a chance of (1 - k / 60)^60.
 */
static void
test_distribution(void)
{
	enum { B = 20000 };
	const struct mc_criterion c = at(MC_AT_SENSITIVITY, 1);
	struct mc_operating_point *one = mc_xcalloc(B, sizeof(*one));
	struct mc_operating_point *seven = mc_xcalloc(B, sizeof(*seven));
	struct mc_resampling how = { .replicates = B, .seed = 3, .threads = 1 };
	struct images *x = images_alloc();
	struct mc_ranking *r;
	size_t i, k, above;
	double chance;

	/* Each so far above the next that no middle is below that one. */
	for (i = 0; i < 30; i++)
		add(x, true, ldexp(1, -2 * (int)(i + 1)));
	for (i = 0; i < 30; i++)
		add(x, false, 1);
	r = mc_ranking_alloc(&x->s, 0);
	mc_threshold_bootstrap(r, 60, &c, &how, one);
	how.threads = 7;
	mc_threshold_bootstrap(r, 60, &c, &how, seven);
	TEST(memcmp(one, seven, B * sizeof(*one)) == 0);
	for (k = 1; k <= 3; k++) {
		chance = pow(1 - (double)k / 60, 60);
		for (above = i = 0; i < B; i++)
			above += one[i].threshold > x->p[2 * (30 - k)];
		tap_near((double)above / B, chance,
		    5 * sqrt(chance * (1 - chance) / B),
		    "the lowest %zu positives are left out", k);
	}
	how.seed = 4;
	mc_threshold_bootstrap(r, 60, &c, &how, seven);
	TEST(memcmp(one, seven, B * sizeof(*one)) != 0);
	mc_ranking_free(r);
	free(one);
	free(seven);
	free(x);
}

/* --- Predicting by a threshold -------------------------------------------- */

/* Recall of class 0 in replicate B, row by row. */
static double
recall(const struct images *x, const uint32_t *times, double threshold)
{
	double right = 0, all = 0;
	size_t i;

	for (i = 0; i < x->s.n; i++) {
		if (x->label[i] != 0)
			continue;
		all += times[x->unit[i]];
		if (x->p[2 * i] >= threshold)
			right += times[x->unit[i]];
	}
	return right / all;
}

static void
test_replicates(void)
{
	enum { B = 500 };
	const struct mc_metric_spec m[2] = {
		{ .metric = mc_metric_find("recall"),
		    .average = MC_EACH_CLASS, .at = NAN },
		{ .metric = mc_metric_find("auroc"),
		    .average = MC_EACH_CLASS, .at = NAN }
	};
	struct mc_resampling how = { .replicates = B, .seed = 9, .threads = 2 };
	double thresholds[B], cut[2 * B], plain[2 * B], worst = 0;
	struct images *x = patients(1);
	const struct mc_sample *s = &x->s;
	gsl_rng *rng = mc_stream_alloc(0, "bootstrap", 0);
	uint32_t times[60];
	size_t b;

	for (b = 0; b < B; b++)
		thresholds[b] = 0.3 + 0.4 * (double)(b * 37 % B) / B;
	thresholds[7] = NAN;
	mc_bootstrap(&s, 1, m, 2, &how, plain, NULL);
	x->threshold = (struct mc_threshold){ 0, 0.5, thresholds };
	x->s.threshold = &x->threshold;
	mc_bootstrap(&s, 1, m, 2, &how, cut, NULL);
	TEST(isnan(cut[7]));
	for (b = 0; b < B; b++) {
		mc_draw(&how, 60, rng, b, times);
		if (b != 7)
			worst = fmax(worst, fabs(cut[b] - recall(x, times,
			    thresholds[b])));
	}
	tap_near(worst, 0, 1e-15, "replicate b is predicted by threshold b");
	TEST(memcmp(cut + B, plain + B, B * sizeof(*cut)) == 0);
	gsl_rng_free(rng);
	free(x);
}

static void
check_estimate(const struct images *x, const char *name,
    const char *wanted, const char *note)
{
	const struct mc_metric_spec m = { .metric = mc_metric_find("recall"),
	    .average = MC_EACH_CLASS, .at = NAN };
	const struct mc_interval_method *const method =
	    mc_interval_method_find(name);
	const struct mc_estimate_options plan = { .methods = &method,
	    .n_methods = 1, .asked = true, .level = 0.95,
	    .how = { .replicates = 999, .seed = 1, .threads = 2 } };
	const struct mc_sample *s = &x->s;
	struct mc_estimate *e = mc_estimates(&s, 1, &m, 1, &plan);

	tap_str(e->method, wanted, "%s: method", name);
	tap_str(e->note.data, note, "%s: note", name);
	mc_estimates_free(e, 1);
}

static void
test_notes(void)
{
	struct images *x = patients(2);
	double thresholds[999];
	size_t b;

	for (b = 0; b < 999; b++)
		thresholds[b] = 0.4 + 0.2 * (double)b / 999;
	x->threshold = (struct mc_threshold){ 0, 0.5, NULL };
	x->s.threshold = &x->threshold;
	check_estimate(x, "percentile", "percentile", "few units: interval "
	    "may be too narrow; threshold treated as fixed");
	x->threshold.replicates = thresholds;
	check_estimate(x, "percentile", "percentile", "few units: interval "
	    "may be too narrow; interval includes the uncertainty of the "
	    "threshold");
	check_estimate(x, "wilson", "wilson", "few units: interval may "
	    "be too narrow; threshold treated as fixed");
	check_estimate(x, "bootstrap-t", "none",
	    "no interval: the variance of this metric is not known");
	free(x);
}

/* How sure the most probable class is has nothing to do with a threshold. */
static void
test_confidence(void)
{
	const struct mc_metric_spec m = { .metric = mc_metric_find("ece"),
	    .average = MC_NO_AVERAGE, .at = NAN };
	const struct mc_sample *s;
	struct images *x = patients(3);
	double before, after;
	size_t i;

	s = &x->s;
	mc_metric_values(s, &m, 1, &before);
	for (i = 0; i < x->s.n; i++)
		x->predicted[i] = x->p[2 * i] >= 0.2 ? 0 : 1;
	x->threshold = (struct mc_threshold){ 0, 0.2, NULL };
	x->s.threshold = &x->threshold;
	mc_metric_values(s, &m, 1, &after);
	TEST(before > 0 && before == after);
	free(x);
}

int
main(void)
{
	gsl_set_error_handler_off();
	test_by_hand();
	test_ends();
	test_rounding();
	test_times();
	test_distribution();
	test_replicates();
	test_notes();
	test_confidence();
	return tap_done();
}
