/* test_resample.c - lib/stats: multiplicities, replicates, the jackknife. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sample.h"
#include "stats/metric_list.h"
#include "stats/resample.h"
#include "stats/unit_pattern.h"
#include "stats/reweighted.h"
#include "tap.h"

static struct mc_metric_spec *
specs_of(const struct sample *x, const char *list, size_t *n)
{
	struct mc_metric_spec *asked, *specs;
	size_t n_asked;

	if (mc_metric_specs_parse(list, true, &asked, &n_asked, NULL) != MC_OK ||
	    mc_metric_specs_expand(asked, n_asked, x->s.n_classes, x->s.ordered,
	    1, &specs, n, NULL) != MC_OK)
		abort();
	free(asked);
	return specs;
}

/* The replicates of LIST on the samples X and, unless NULL, Y. */
static double *
bootstrap(const struct sample *x, const struct sample *y, const char *list,
    const struct mc_resampling *how, double *variances)
{
	const struct mc_sample *const samples[] = { &x->s,
	    y != NULL ? &y->s : NULL };
	size_t n_samples = y != NULL ? 2 : 1, n;
	struct mc_metric_spec *m = specs_of(x, list, &n);
	double *values = mc_xcalloc(n * n_samples * (size_t)how->replicates,
	    sizeof(*values));

	mc_bootstrap(samples, n_samples, m, n, how, values, variances);
	free(m);
	return values;
}

/* Whether A and B are both undefined, or differ by rounding. */
static bool
same(double a, double b)
{
	return isnan(a) ? isnan(b) : fabs(a - b) <= 1e-12 * fmax(1, fabs(b));
}

/* --- Multiplicities ------------------------------------------------------- */

/*
 * Every metric, and its variance, on units in their multiplicities: as if the
 * rows of each unit stood there so many times, every time as another unit.
 */
static void
test_multiplicities(void)
{
	enum { UNITS = 40 };
	gsl_rng *rng = mc_stream_alloc(5, "test", 0);
	struct sample *x = sample_alloc(three, 3), *y;
	uint32_t times[UNITS];
	struct mc_scorer *scorer;
	struct mc_reweighted *w;
	struct mc_metric_spec *m;
	double *values, *variances;
	size_t n, i, round, off = 0, none = 0;

	sample_random(x, UNITS, 1);
	x->s.ordered = true;
	m = specs_of(x, "all", &n);
	values = mc_xcalloc(n, sizeof(*values));
	variances = mc_xcalloc(n, sizeof(*variances));
	scorer = mc_scorer_alloc(&x->s, m, n);
	w = mc_reweighted_alloc(scorer);
	for (round = 0; round < 20; round++) {
		mc_units_draw(rng, UNITS, UNITS, times);
		y = sample_repeat(x, times);
		mc_metric_values(&y->s, m, n, values);
		mc_metric_variances(&y->s, m, n, variances);
		mc_reweighted_units(w, times);
		for (i = 0; i < n; i++) {
			off += !same(mc_reweighted_estimate(w, i), values[i]);
			off += !same(mc_reweighted_variance(w, i),
			    variances[i]);
			none += isnan(values[i]) != 0;
		}
		free(y);
	}
	tap_ok(n > 50, "all measures of three classes: %zu", n);
	tap_int((long long)off, 0, "units in their multiplicities are rows "
	    "that stand there so many times");
	tap_int((long long)none, 0, "all of them are defined");
	mc_reweighted_free(w);
	mc_scorer_free(scorer);
	gsl_rng_free(rng);
	free(m);
	free(values);
	free(variances);
	free(x);
}

/* The multiplicities of 600 units, 256 of which are drawn together. */
static void
test_draw(void)
{
	enum { UNITS = 600, B = 4000 };
	static const size_t others[] = { 1, 300, 599 };
	struct mc_resampling how = { .replicates = B, .seed = 4 };
	gsl_rng *rng = mc_stream_alloc(0, "test", 0);
	uint32_t times[UNITS], again[UNITS];
	double first[B], other[3][B];
	size_t b, i, u, sum, wrong = 0;

	for (b = 0; b < B; b++) {
		mc_draw(&how, UNITS, rng, b, times);
		for (sum = u = 0; u < UNITS; u++)
			sum += times[u];
		wrong += sum != UNITS;
		first[b] = times[0];
		for (i = 0; i < 3; i++)
			other[i][b] = times[others[i]];
	}
	tap_int((long long)wrong, 0, "as many draws as units");
	/* Multinomial: variance 1 - 1/600; a Poisson's kurtosis; 5 errors. */
	tap_near(gsl_stats_mean(first, 1, B), 1, 0.08, "one draw a unit");
	tap_near(gsl_stats_variance(first, 1, B), 1, 0.14, "its variance");
	for (i = 0; i < 3; i++)
		tap_near(gsl_stats_covariance(first, 1, other[i], 1, B),
		    -1. / UNITS, 0.08, "its covariance with unit %zu",
		    others[i]);
	mc_draw(&how, UNITS, rng, 0, again);
	mc_draw(&how, UNITS, rng, B - 1, again);
	TEST(memcmp(times, again, sizeof(times)) == 0);
	gsl_rng_free(rng);
}

/* --- Replicates ----------------------------------------------------------- */

/*
 * Bootstrap accuracy of units of equal size is binomial: compare the whole
 * distribution, by types of units and by units.
 */
static void
test_binomial(size_t pairs, bool by_unit)
{
	enum { B = 20000 };
	struct mc_resampling how = { .replicates = B, .seed = 7,
	    .threads = 2 };
	double *variances = by_unit ? mc_xcalloc(B, sizeof(double)) : NULL;
	struct sample *x = sample_alloc(two, 2);
	double *values, worst = 0;
	size_t i, k, below;

	sample_add(x, 0, 0, pairs);
	sample_add(x, 0, 1, 2 * pairs / 3);
	sample_add(x, 1, 1, pairs / 3);
	for (i = 0; i < x->s.n; i++)
		x->unit[i] = (uint32_t)(i / 2);
	x->s.n_units = pairs;
	values = bootstrap(x, NULL, "accuracy", &how, variances);
	for (k = 0; k <= pairs; k++) {
		double wanted = gsl_cdf_binomial_P((unsigned)k, 2 / 3.,
		    (unsigned)pairs);

		for (below = i = 0; i < B; i++)
			below += values[i] * (double)pairs < (double)k + 0.5;
		worst = fmax(worst, fabs((double)below / B - wanted));
	}
	/* Kolmogorov's 1e-6 point is 2.69 / sqrt(B). */
	tap_near(worst, 0, 2.69 / sqrt(B), "%zu units by %s: distance from "
	    "the binomial", pairs, by_unit ? "unit" : "type");
	free(values);
	free(variances);
	free(x);
}

/* Where each unit is a type of its own, too. */
static void
test_ratio(void)
{
	enum { B = 20000 };
	struct mc_resampling how = { .replicates = B, .seed = 3,
	    .threads = 1 };
	struct sample *x = sample_alloc(two, 2);
	struct mc_metric_spec *m;
	double *values, variance;
	size_t i, u, n;

	/* 40 units of 1 to 8 images. */
	for (u = 0; u < 40; u++) {
		for (i = 0; i <= u % 8; i++) {
			x->label[x->s.n] = (int)(u / 8 % 2);
			x->predicted[x->s.n] = (int)((u * 7 + i * i) % 3 > 0);
			x->unit[x->s.n++] = (uint32_t)u;
		}
	}
	x->s.n_units = 40;
	m = specs_of(x, "accuracy", &n);
	mc_metric_variances(&x->s, m, n, &variance);
	values = bootstrap(x, NULL, "accuracy", &how, NULL);
	/* The linearised variance has G / (G - 1), the bootstrap has not. */
	tap_near(sqrt(gsl_stats_variance(values, 1, B) / (variance * 39 / 40)),
	    1, 0.05, "cluster bootstrap: the standard error of a ratio");
	free(values);
	free(m);
	free(x);
}

/* Whatever x says, y says the reverse: every replicate must agree in that. */
static void
test_paired(void)
{
	enum { B = 500 };
	struct mc_resampling how = { .replicates = B, .seed = 2,
	    .threads = 2 };
	struct sample *x = sample_alloc(two, 2), *y;
	const struct mc_sample *samples[2];
	uint32_t once[30];
	struct mc_unit_patterns *t;
	double *values;
	size_t i, b, off = 0, moved = 0;

	sample_random(x, 30, 3);
	for (i = 0; i < 30; i++)
		once[i] = 1;
	y = sample_repeat(x, once);
	for (i = 0; i < y->s.n; i++) {
		y->predicted[i] = 1 - x->predicted[i];
		y->p[2 * i] = x->p[2 * i + 1];
		y->p[2 * i + 1] = x->p[2 * i];
	}
	values = bootstrap(x, y, "accuracy,auroc", &how, NULL);
	for (b = 0; b < B; b++) {
		off += !same(values[b], 1 - values[2 * B + b]);
		off += !same(values[B + b], 1 - values[3 * B + b]);
		moved += values[b] != values[0];
	}
	tap_int((long long)off, 0, "two samples: the same multiplicities");
	tap_ok(moved > B / 2, "which differ between replicates");
	/* Two units that x does not tell apart, but y does. */
	x->s.n = y->s.n = 0;
	x->s.n_units = y->s.n_units = 0;
	sample_add(x, 0, 0, 5);
	sample_add(y, 0, 0, 4);
	sample_add(y, 0, 1, 1);
	samples[0] = &x->s;
	samples[1] = &y->s;
	t = mc_unit_patterns_alloc(samples, 1);
	tap_ok(mc_unit_pattern_of(t, 4) == mc_unit_pattern_of(t, 0),
	    "one sample: one pattern");
	mc_unit_patterns_free(t);
	t = mc_unit_patterns_alloc(samples, 2);
	tap_ok(mc_unit_pattern_of(t, 4) != mc_unit_pattern_of(t, 0),
	    "two samples: two patterns");
	mc_unit_patterns_free(t);
	free(values);
	free(x);
	free(y);
}

static void
test_threads(void)
{
	struct mc_resampling how = { .replicates = 1000, .seed = 9,
	    .threads = 1 };
	static const char list[] = "accuracy,f1:macro,auroc,ece";
	struct sample *x = sample_alloc(two, 2);
	double *variances[2], *values[2];
	size_t i;

	sample_random(x, 50, 2);
	for (i = 0; i < 2; i++) {
		variances[i] = mc_xcalloc(4000, sizeof(double));
		values[i] = bootstrap(x, NULL, list, &how, variances[i]);
		how.threads = 7;
	}
	TEST(memcmp(values[0], values[1], 4000 * sizeof(double)) == 0);
	TEST(memcmp(variances[0], variances[1], 1000 * sizeof(double)) == 0);
	for (i = 0; i < 2; i++) {
		free(values[i]);
		free(variances[i]);
	}
	free(x);
}

/* Each unit left out in turn: as if its rows were not there. */
static void
test_jackknife(void)
{
	enum { UNITS = 25 };
	struct sample *x = sample_alloc(three, 3), *y;
	const struct mc_sample *const samples[] = { &x->s };
	double *values, *wanted;
	uint32_t times[UNITS];
	struct mc_metric_spec *m;
	size_t n, i, u, off = 0;

	sample_random(x, UNITS, 4);
	x->s.ordered = true;
	m = specs_of(x, "all", &n);
	values = mc_xcalloc(n * UNITS, sizeof(*values));
	wanted = mc_xcalloc(n, sizeof(*wanted));
	mc_jackknife(samples, 1, m, n, 2, values);
	for (u = 0; u < UNITS; u++) {
		for (i = 0; i < UNITS; i++)
			times[i] = i != u;
		y = sample_repeat(x, times);
		mc_metric_values(&y->s, m, n, wanted);
		for (i = 0; i < n; i++)
			off += !same(values[i * UNITS + u], wanted[i]);
		free(y);
	}
	tap_int((long long)off, 0,
	    "the jackknife leaves out the rows of a unit");
	free(m);
	free(values);
	free(wanted);
	free(x);
}

/* Only one of 20 units has images: a replicate without it has no value. */
static void
test_empty(void)
{
	enum { B = 2000 };
	struct mc_resampling how = { .replicates = B, .seed = 6,
	    .threads = 2 };
	struct sample *x = sample_alloc(two, 2);
	double *values;
	size_t i, b, none = 0, wrong = 0;

	sample_random(x, 1, 5);
	x->s.n_units = 20;
	values = bootstrap(x, NULL, "accuracy,precision,recall:macro,f1:class,"
	    "balanced_accuracy,mcc,kappa", &how, NULL);
	for (b = 0; b < B; b++) {
		none += isnan(values[b]) != 0;
		for (i = 1; i < 8; i++)
			wrong += isnan(values[b]) && !isnan(values[i * B + b]);
	}
	/* Give or take 5 standard deviations. */
	tap_near((double)none / B, pow(0.95, 20), 0.054,
	    "replicates without an image");
	tap_int((long long)wrong, 0, "no metric has a value there");
	free(values);
	free(x);
}

/* The value of NAME where the units of X stand TIMES, and its estimate. */
static double
value_of(const struct sample *x, const char *name, const uint32_t *times,
    double *estimate)
{
	size_t n;
	struct mc_metric_spec *m = specs_of(x, name, &n);
	struct mc_scorer *scorer = mc_scorer_alloc(&x->s, m, n);
	struct mc_reweighted *w = mc_reweighted_alloc(scorer);
	double value;

	mc_reweighted_units(w, times);
	value = mc_reweighted_value(w, n - 1);
	*estimate = mc_reweighted_estimate(w, n - 1);
	mc_reweighted_free(w);
	mc_scorer_free(scorer);
	free(m);
	return value;
}

/*
 * Labels a b c, predicted a b a, of which c does not stand, so that nothing is
 * left above or below the line of its recall.
 */
static void
test_no_ratio(void)
{
	static const uint32_t times[] = { 2, 1, 0 }, first[] = { 3, 0, 0 };
	static const struct {
		const char *name;
		const uint32_t *times;
		double value, estimate;
	} cases[] = {
		{ "recall:class", times, NAN, 0 },	/* of c, the last */
		{ "f1:class", times, NAN, 0 },
		{ "recall:macro", times, 1, 2 / 3. },
		{ "balanced_accuracy", times, 1, 1 },
		{ "f1:macro", times, 1, 2 / 3. },
		/* c is never predicted: in the sample, too, it counts 0. */
		{ "precision:class", times, NAN, 0 },
		{ "precision:macro", times, 2 / 3., 2 / 3. },
		/* b is predicted in the sample, and not here. */
		{ "precision:macro", first, 0.5, 1 / 3. },
		{ "precision:weighted", first, 1, 1 },
		{ "specificity:macro", first, 1, 2 / 3. },
		{ "mcc", first, NAN, 0 },
		{ "accuracy", first, 1, 1 }
	};
	struct sample *x = sample_alloc(three, 3);
	double value, estimate;
	size_t i;

	sample_add(x, 0, 0, 1);
	sample_add(x, 1, 1, 1);
	sample_add(x, 2, 0, 1);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		value = value_of(x, cases[i].name, cases[i].times, &estimate);
		tap_ok(same(value, cases[i].value), "%s, 0/0 left out: %g",
		    cases[i].name, value);
		tap_ok(same(estimate, cases[i].estimate),
		    "%s, 0/0 treated as 0: %g", cases[i].name, estimate);
	}
	free(x);
}

/* A table without an error has a correlation of 1, and of no more. */
static void
test_perfect_mcc(void)
{
	size_t n, k, off = 0;
	double value, estimate;

	for (n = 2; n < 120; n += 7) {
		for (k = 1; k < n; k += 3) {
			struct sample *x = sample_alloc(two, 2);

			sample_add(x, 0, 0, k);
			sample_add(x, 1, 1, n - k);
			value = value_of(x, "mcc", NULL, &estimate);
			off += value != 1 || estimate != 1;
			free(x);
		}
	}
	tap_int((long long)off, 0, "a perfect MCC is exactly 1");
}

/* --- Strata --------------------------------------------------------------- */

static void
test_strata(void)
{
	/* The classes of seven units: two pairs of equals, and three alone. */
	static const char *const classes[] = { "a", "bb", "ab", "b", "aa",
	    "c", "cb" };
	static const uint32_t unit[] = { 0, 4, 1, 3, 5, 2, 6 };
	struct sample *x = sample_alloc(three, 3);
	struct mc_resampling how = { .replicates = 1, .seed = 1 };
	gsl_rng *rng = mc_stream_alloc(0, "test", 0);
	struct mc_strata *strata;
	uint32_t times[7];
	size_t u, b, wrong = 0, most = 0;
	const char *k;

	for (u = 0; u < 7; u++) {
		for (k = classes[u]; *k != '\0'; k++) {
			sample_add(x, *k - 'a', 0, 1);
			x->unit[x->s.n - 1] = (uint32_t)u;
		}
	}
	x->s.n_units = 7;
	how.strata = strata = mc_strata_alloc(&x->s);
	tap_int((long long)strata->n, 3, "three strata");
	TEST(strata->size[0] == 2 && strata->size[1] == 2 &&
	    strata->size[2] == 3);
	TEST(memcmp(strata->unit, unit, sizeof(unit)) == 0);
	for (b = 0; b < 5000; b++) {
		mc_draw(&how, 7, rng, b, times);
		wrong += times[0] + times[4] != 2;
		wrong += times[1] + times[3] != 2;
		wrong += times[2] + times[5] + times[6] != 3;
		most += times[2] == 3;
	}
	tap_int((long long)wrong, 0, "a draw keeps the size of every stratum");
	/* One in 27, give or take 5 standard deviations. */
	tap_near((double)most / 5000, 1 / 27., 0.0134, "and draws within it");
	mc_strata_free(strata);
	gsl_rng_free(rng);
	free(x);
}

int
main(void)
{
	test_multiplicities();
	test_draw();
	test_binomial(30, false);
	test_binomial(30, true);
	test_binomial(600, true);
	test_ratio();
	test_paired();
	test_threads();
	test_jackknife();
	test_empty();
	test_no_ratio();
	test_perfect_mcc();
	test_strata();
	return tap_done();
}
