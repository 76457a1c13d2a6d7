/* test_stats.c - lib/stats: closed forms, hand cases, degenerate cases. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/estimate.h"
#include "stats/interval.h"
#include "stats/resample.h"
#include "tap.h"

static const char *const two[] = { "neg", "pos" };
static const char *const three[] = { "a", "b", "c" };

/* A sample of hard labels in which each image is a unit. */
struct sample {
	int label[4096], predicted[4096];
	double p[4096 * 2];
	uint32_t unit[4096];
	struct mc_sample s;
};

static struct sample *
sample_alloc(const char *const *classes, size_t n_classes)
{
	struct sample *x = mc_xcalloc(1, sizeof(*x));

	x->s.classes = classes;
	x->s.n_classes = n_classes;
	x->s.label = x->label;
	x->s.predicted = x->predicted;
	x->s.unit = x->unit;
	return x;
}

/* Add N images, each a unit of its own. */
static void
add(struct sample *x, int label, int predicted, size_t n)
{
	for (; n > 0; n--) {
		x->label[x->s.n] = label;
		x->predicted[x->s.n] = predicted;
		x->unit[x->s.n++] = (uint32_t)x->s.n_units++;
	}
}

static struct mc_estimate *
estimates(const struct sample *x, const char *list, size_t *n,
    const struct mc_plan *plan)
{
	struct mc_measure *asked, *measures;
	struct mc_estimate *e;
	size_t n_asked;

	if (mc_measures_parse(list, true, &asked, &n_asked, NULL) != MC_OK)
		abort();
	mc_measures_expand(asked, n_asked, &x->s, 1, &measures, n);
	e = mc_estimates(&x->s, measures, *n, plan);
	free(asked);
	free(measures);
	return e;
}

static const struct mc_plan quick = { MC_PERCENTILE, 0.95, 999, 1, 2 };

static const char *
note_of(const struct mc_estimate *e)
{
	return e->note.data != NULL ? e->note.data : "";
}

/* --- Values --------------------------------------------------------------- */

static void
test_values(void)
{
	/* [label][predicted]: a 5 1 0, b 2 3 1, c 0 0 0. */
	static const struct {
		const char *measure;
		double value;
	} wanted[] = {
		{ "accuracy", 8 / 12. },
		{ "balanced_accuracy", (5 / 6. + 3 / 6.) / 2 },
		{ "precision", (6 * 5 / 7. + 6 * 3 / 4.) / 12 },
		{ "precision:macro", (5 / 7. + 3 / 4. + 0) / 3 },
		{ "recall", 8 / 12. },
		{ "recall:macro", (5 / 6. + 3 / 6. + 0) / 3 },
		{ "f1", (6 * 10 / 13. + 6 * 6 / 10.) / 12 },
		{ "f1:macro", (10 / 13. + 6 / 10. + 0) / 3 },
		{ "recall:positive", 3 / 6. },
	};
	struct sample *x = sample_alloc(three, 3);
	size_t i, n;

	add(x, 0, 0, 5);
	add(x, 0, 1, 1);
	add(x, 1, 0, 2);
	add(x, 1, 1, 3);
	add(x, 1, 2, 1);
	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		struct mc_estimate *e = estimates(x, wanted[i].measure, &n,
		    &quick);

		tap_near(e->estimate, wanted[i].value, 1e-15, "%s by hand",
		    wanted[i].measure);
		mc_estimates_free(e, n);
	}
	free(x);
}

static void
test_auroc(void)
{
	/* Hanley & McNeil by hand: 3 x 2 pairs, 4 right, one tie. */
	static const double p[] = { 0.1, 0.4, 0.8, 0.4, 0.9 };
	static const int label[] = { 0, 0, 0, 1, 1 };
	static const uint32_t times[] = { 2, 0, 1, 1, 3 };
	struct sample *x = sample_alloc(two, 2);
	struct mc_ranking *r;
	double positives;
	size_t i;

	for (i = 0; i < 5; i++) {
		add(x, label[i], 0, 1);
		x->p[2 * i] = 1 - p[i];
		x->p[2 * i + 1] = p[i];
	}
	x->s.p = x->p;
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
test_parse(void)
{
	static const struct {
		const char *list, *message;
		bool positive;
	} bad[] = {
		{ "speed", "--metrics: no metric \"speed\": --list-metrics "
		    "shows them", false },
		{ "accuracy,", "--metrics: no metric \"\": --list-metrics "
		    "shows them", false },
		{ "accuracy:macro", "--metrics: \"accuracy\" has no \"macro\": "
		    "--list-metrics shows what it has", false },
		{ "f1:best", "--metrics: \"f1\" has no \"best\": "
		    "--list-metrics shows what it has", false },
		{ "f1:positive", "--metrics: \"f1:positive\" needs "
		    "--positive CLASS", false },
	};
	struct mc_measure *m;
	struct mc_err err;
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		TEST(mc_measures_parse(bad[i].list, bad[i].positive, &m, &n,
		    &err) == MC_EUSAGE);
		tap_str(err.text, bad[i].message, "%s", bad[i].list);
	}
	TEST(mc_measures_parse("auroc", true, &m, &n, &err) == MC_OK);
	TEST(n == 1 && m->class_index == MC_POSITIVE);
	free(m);
	TEST(mc_measures_parse("auroc", false, &m, &n, &err) == MC_OK);
	TEST(n == 1 && m->average == MC_MACRO);
	free(m);
}

/* --- Intervals ------------------------------------------------------------ */

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

static void
test_degenerate(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *e;
	size_t n;

	add(x, 0, 0, 30);
	add(x, 1, 1, 10);
	e = estimates(x, "accuracy,f1,recall:class", &n, &quick);
	tap_int((long long)n, 4, "four estimates");
	tap_str(e[0].method, "clopper-pearson", "accuracy 1: method");
	tap_near(e[0].lo, pow(0.025, 1 / 40.), 1e-15, "accuracy 1: lo");
	tap_str(note_of(&e[0]), "all replicates are equal: Clopper-Pearson on "
	    "40 units", "accuracy 1: note");
	tap_str(e[1].method, "none", "F1 of 1: no interval");
	TEST(isnan(e[1].lo) && isnan(e[1].hi));
	tap_str(note_of(&e[1]), "no interval: all replicates are equal",
	    "F1 of 1: note");
	tap_near(e[3].lo, pow(0.025, 1 / 10.), 1e-15,
	    "recall of a class: on its own units");
	mc_estimates_free(e, n);
	free(x);
}

static void
test_notes(void)
{
	struct sample *x = sample_alloc(three, 3);
	struct mc_estimate *e;
	size_t n;

	add(x, 0, 0, 40);
	add(x, 1, 0, 20);
	e = estimates(x, "accuracy,precision,precision:macro,recall:macro,"
	    "balanced_accuracy,f1:class,auroc", &n, &quick);
	tap_int((long long)n, 9, "nine estimates");
	tap_str(note_of(&e[0]), "", "accuracy: 60 units are enough");
	tap_str(note_of(&e[1]), "0/0 taken as 0 for class \"b\"; few units: "
	    "interval may undercover", "weighted precision names the class");
	tap_str(note_of(&e[2]), "no images of class \"c\"; 0/0 taken as 0 for "
	    "class \"b\", \"c\"; few units: interval may undercover",
	    "macro precision names both");
	tap_str(note_of(&e[3]), "no images of class \"c\"; 0/0 taken as 0 for "
	    "class \"c\"; no interval: all replicates are equal",
	    "macro recall 1/3 in every replicate");
	tap_str(note_of(&e[4]), "no images of class \"c\"; no interval: all "
	    "replicates are equal", "balanced accuracy leaves the class out");
	tap_str(note_of(&e[6]), "no interval: all replicates are equal",
	    "F1 of b: always 0, and no 0/0");
	tap_str(note_of(&e[7]), "no images of class \"c\"; 0/0 taken as 0 for "
	    "class \"c\"; no interval: all replicates are equal", "F1 of c");
	TEST(isnan(e[8].estimate));
	tap_str(note_of(&e[8]), "undefined: it needs probabilities, and there "
	    "are no p: columns", "AUROC of hard labels");
	mc_estimates_free(e, n);
	free(x);
}

/* A replicate without positives has no AUROC: counted, and said. */
static void
test_undefined_replicates(void)
{
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *e;
	size_t i, n;
	int missing;

	add(x, 0, 0, 19);
	add(x, 1, 1, 1);
	for (i = 0; i < 20; i++) {
		x->p[2 * i + 1] = i == 5 || i == 6 ? 0.9 : i == 19 ? 0.8 : 0.1;
		x->p[2 * i] = 1 - x->p[2 * i + 1];
	}
	x->s.p = x->p;
	e = estimates(x, "auroc", &n, &quick);
	tap_near(e->estimate, 17 / 19., 1e-15, "AUROC of one positive");
	/* (19/20)^20 = 0.358 of 999, give or take 5 standard deviations. */
	TEST(sscanf(note_of(e), "undefined in %d of 999", &missing) == 1);
	tap_near(missing / 999., 0.3585, 0.076, "replicates without it");
	mc_estimates_free(e, n);
	x->label[19] = 0;
	e = estimates(x, "auroc,auroc:macro", &n, &quick);
	tap_str(note_of(&e[0]), "undefined: no images of class \"pos\"",
	    "AUROC without a positive");
	tap_str(note_of(&e[1]), "undefined: no images of class \"pos\"; "
	    "undefined: all images are of class \"neg\"",
	    "macro AUROC of one class");
	mc_estimates_free(e, n);
	free(x);
}

/*
 * The original study's fault: 562 of 624 right.  Its interval is 1/71 as wide
 * as the right one.
 */
static void
test_original(void)
{
	struct mc_plan plan = { MC_PERCENTILE, 0.95, 4999, 1, 2 };
	struct sample *x = sample_alloc(two, 2);
	struct mc_estimate *right, *original;
	size_t n;

	add(x, 0, 0, 562);
	add(x, 0, 1, 62);
	right = estimates(x, "accuracy", &n, &plan);
	plan.method = MC_ORIGINAL;
	original = estimates(x, "accuracy", &n, &plan);
	tap_near(right->lo, 0.8766, 0.004, "right: lo");
	tap_near(right->hi, 0.9247, 0.004, "right: hi");
	tap_near(original->lo, 0.9006, 0.001, "original: lo");
	tap_near(original->hi, 0.9009, 0.001, "original: hi");
	tap_near((right->hi - right->lo) / (original->hi - original->lo),
	    sqrt(4999), 0.05, "original: narrower by the root of replicates");
	TEST(original->estimate == right->estimate);
	tap_str(original->method, "original", "original says what it is");
	TEST(strncmp(note_of(original), "not an interval of the metric", 29) ==
	    0);
	mc_estimates_free(right, n);
	mc_estimates_free(original, n);
	free(x);
}

/* --- Resampling ----------------------------------------------------------- */

/* Bootstrap accuracy of images is binomial: compare the whole distribution. */
static void
test_binomial(bool grouped)
{
	enum { B = 20000, N = 60 };
	struct mc_measure m = { &mc_metric_table[0], MC_NO_AVERAGE, 0 };
	double *values = mc_xcalloc(B, sizeof(*values)), worst = 0;
	struct sample *x = sample_alloc(two, 2);
	size_t i, k, below;
	struct mc_types *t;

	add(x, 0, 0, 30);
	add(x, 0, 1, 20);
	add(x, 1, 1, 10);
	/* Pairs of equal images: 30 units, binomial again, of 30. */
	for (i = 0; grouped && i < N; i++)
		x->unit[i] = (uint32_t)(i / 2);
	if (grouped)
		x->s.n_units = N / 2;
	t = mc_types_alloc(&x->s);
	tap_int((long long)mc_types_count(t), 3, "three types of %zu units",
	    x->s.n_units);
	mc_types_free(t);
	mc_bootstrap(&x->s, &m, 1, B, 7, 2, values);
	for (k = 0; k <= x->s.n_units; k++) {
		double wanted = gsl_cdf_binomial_P((unsigned)k, 40. / 60,
		    (unsigned)x->s.n_units);

		for (below = i = 0; i < B; i++)
			below += values[i] * (double)x->s.n_units <
			    (double)k + 0.5;
		worst = fmax(worst, fabs((double)below / B - wanted));
	}
	/* Kolmogorov's 1e-6 point is 2.69 / sqrt(B). */
	tap_near(worst, 0, 2.69 / sqrt(B), "distance from the binomial");
	free(values);
	free(x);
}

/* Drawing types and drawing units is the same distribution. */
static void
test_types_and_units(void)
{
	enum { B = 20000 };
	struct mc_measure m = { &mc_metric_table[0], MC_NO_AVERAGE, 0 };
	struct sample *x = sample_alloc(two, 2);
	double *values = mc_xcalloc(B, sizeof(*values));
	double mean = 0, square = 0, wanted = 0;
	size_t i, u, right[40] = { 0 }, size[40] = { 0 };

	/* 40 units of 1 to 8 images, all of another type. */
	for (u = 0; u < 40; u++) {
		for (i = 0; i <= u % 8; i++) {
			x->label[x->s.n] = (int)(u / 8 % 2);
			x->predicted[x->s.n] = (int)((u * 7 + i * i) % 3 > 0);
			right[u] += x->label[x->s.n] ==
			    x->predicted[x->s.n];
			size[u]++;
			x->unit[x->s.n++] = (uint32_t)u;
		}
	}
	x->s.n_units = 40;
	mc_bootstrap(&x->s, &m, 1, B, 3, 1, values);
	for (i = 0; i < B; i++)
		mean += values[i] / B;
	for (i = 0; i < B; i++)
		square += (values[i] - mean) * (values[i] - mean) / (B - 1);
	/* The ratio estimator's variance, linearised. */
	for (u = 0, i = x->s.n; u < 40; u++)
		wanted += pow(((double)right[u] - mean * (double)size[u]) /
		    (double)i, 2);
	tap_near(sqrt(square / wanted), 1, 0.05,
	    "cluster bootstrap: the standard error of a ratio");
	free(values);
	free(x);
}

static void
test_threads(void)
{
	struct mc_measure m[2] = {
		{ &mc_metric_table[0], MC_NO_AVERAGE, 0 },
		{ &mc_metric_table[5], MC_MACRO, 0 }
	};
	struct sample *x = sample_alloc(two, 2);
	double *one = mc_xcalloc(2000, sizeof(*one));
	double *seven = mc_xcalloc(2000, sizeof(*seven));
	size_t i;

	add(x, 0, 0, 40);
	add(x, 1, 0, 7);
	add(x, 1, 1, 30);
	for (i = 0; i < x->s.n; i++) {
		x->p[2 * i] = (double)(i * 37 % 77) / 77;
		x->p[2 * i + 1] = 1 - x->p[2 * i];
	}
	x->s.p = x->p;
	mc_bootstrap(&x->s, m, 2, 1000, 9, 1, one);
	mc_bootstrap(&x->s, m, 2, 1000, 9, 7, seven);
	TEST(memcmp(one, seven, 2000 * sizeof(*one)) == 0);
	free(one);
	free(seven);
	free(x);
}

/*
 * Coverage: 60 patients of 1 to 4 images whose outcomes are correlated, true
 * accuracy 0.8.  Percentile intervals over patients cover about 95 % (500
 * studies: 0.01 standard error); over images they would cover far less.
 */
static void
test_coverage(void)
{
	enum { STUDIES = 500 };
	struct mc_plan plan = { MC_PERCENTILE, 0.95, 499, 1, 2 };
	gsl_rng *rng = mc_stream_alloc(11, "coverage", 0);
	int by_group = 0, by_image = 0, study;
	size_t u, i, n;

	for (study = 0; study < STUDIES; study++) {
		struct sample *x = sample_alloc(two, 2);
		struct mc_estimate *e;

		for (u = 0; u < 60; u++) {
			double q = gsl_ran_beta(rng, 0.8, 0.2);

			for (i = 0; i <= u % 4; i++) {
				x->predicted[x->s.n] = gsl_rng_uniform(rng) > q;
				x->unit[x->s.n++] = (uint32_t)u;
			}
		}
		x->s.n_units = 60;
		plan.seed = (uint64_t)study;
		e = estimates(x, "accuracy", &n, &plan);
		by_group += e->lo <= 0.8 && 0.8 <= e->hi;
		mc_estimates_free(e, n);
		for (i = 0; i < x->s.n; i++)
			x->unit[i] = (uint32_t)i;
		x->s.n_units = x->s.n;
		e = estimates(x, "accuracy", &n, &plan);
		by_image += e->lo <= 0.8 && 0.8 <= e->hi;
		mc_estimates_free(e, n);
		free(x);
	}
	tap_near((double)by_group / STUDIES, 0.94, 0.03,
	    "intervals over patients cover");
	tap_ok((double)by_image / STUDIES < 0.88,
	    "intervals over images would not: %d of %d", by_image, STUDIES);
	gsl_rng_free(rng);
}

int
main(void)
{
	gsl_set_error_handler_off();
	test_values();
	test_auroc();
	test_parse();
	test_quantile();
	test_degenerate();
	test_notes();
	test_undefined_replicates();
	test_original();
	test_binomial(false);
	test_binomial(true);
	test_types_and_units();
	test_threads();
	test_coverage();
	return tap_done();
}
