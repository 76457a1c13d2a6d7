/* curve.c - compute curves of one class, with bands. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/rng.h"
#include "stats/curve.h"
#include "stats/interval.h"
#include "stats/metric.h"
#include "stats/proportion.h"
#include "stats/ranking.h"
#include "stats/remarks.h"

/* Replicates that a thread takes at a time. */
#define CHUNK	128

const char *const mc_curve_names[] = {
	[MC_ROC] = "roc", [MC_PRECISION_RECALL] = "pr",
	[MC_CALIBRATION] = "calibration", [MC_DECISION] = "decision",
	[MC_DISTRIBUTION] = "distribution", [MC_CURVE_KINDS] = NULL
};

/*
 * Counts stand in an array of n_thresholds + 1: element 0 is a threshold above
 * all p, the others are the sample's, falling; the last one holds all images.
 */
struct curve {
	const struct mc_sample *s;
	size_t k;			/* the class */
	const struct mc_curve_options *options;
	struct mc_ranking *ranking;
	size_t n_thresholds;
	struct mc_threshold_counts *counts;	/* of the sample */
	size_t *above;			/* of bins: [bin], the thresholds in it
					   and higher ones, with a 0 behind;
					   MC_DECISION: [t], those at or above
					   it */
	size_t n;			/* values */
	double *values;			/* [value * replicates + b] */
};

static uint64_t
images(const struct mc_threshold_counts *c)
{
	return c->of_class + c->rest;
}

static const struct mc_threshold_counts *
all_of(const struct curve *c, const struct mc_threshold_counts *counts)
{
	return &counts[c->n_thresholds];
}

/* A / B; NAN where B is 0. */
static double
share(uint64_t a, uint64_t b)
{
	return b > 0 ? (double)a / (double)b : NAN;
}

/* What of COUNTS is in bin I. */
static struct mc_threshold_counts
in_bin(const struct curve *c, const struct mc_threshold_counts *counts,
    size_t i)
{
	const struct mc_threshold_counts *low = &counts[c->above[i]];
	const struct mc_threshold_counts *high = &counts[c->above[i + 1]];

	return (struct mc_threshold_counts){ .p = NAN,
	    .of_class = low->of_class - high->of_class,
	    .rest = low->rest - high->rest };
}

/* --- Values --------------------------------------------------------------- */

/*
 * Each fills Y, which has c->n elements, from the COUNTS of the sample or of a
 * replicate.  Shares of counts are compared as whole numbers.
 */

static void
roc_values(const struct curve *c, const struct mc_threshold_counts *counts,
    double *y)
{
	const struct mc_threshold_counts *all = all_of(c, counts), *low, *high;
	uint64_t n = c->options->n, j, wanted;

	for (low = counts, j = 0; j <= n; j++) {
		if (all->of_class == 0 || all->rest == 0) {
			y[j] = NAN;
			continue;
		}
		wanted = j * all->rest;
		while (low < all && low[1].rest * n <= wanted)
			low++;
		y[j] = (double)low->of_class;
		high = low + 1;
		if (low->rest * n < wanted)
			y[j] += (double)(high->of_class - low->of_class) *
			    (double)(wanted - low->rest * n) /
			    (double)((high->rest - low->rest) * n);
		y[j] /= (double)all->of_class;
	}
}

/* The first threshold from D on whose recall is J / N of ALL or more. */
static size_t
reach(const struct mc_threshold_counts *counts, size_t d, uint64_t j,
    uint64_t n, uint64_t all)
{
	while (counts[d].of_class * n < j * all)
		d++;
	return d;
}

static void
pr_values(const struct curve *c, const struct mc_threshold_counts *counts,
    double *y)
{
	uint64_t n = c->options->n, all = all_of(c, counts)->of_class, j;
	size_t d = 0;

	for (j = 1; j <= n; j++) {
		d = reach(counts, d, j, n, all);
		y[j - 1] = all == 0 ? NAN : (double)counts[d].of_class /
		    (double)images(&counts[d]);
	}
}

static void
calibration_values(const struct curve *c,
    const struct mc_threshold_counts *counts, double *y)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		struct mc_threshold_counts bin = in_bin(c, counts, i);

		y[i] = share(bin.of_class, images(&bin));
	}
}

static double
net_benefit(const struct mc_threshold_counts *c, double odds, uint64_t n)
{
	return n == 0 ? NAN :
	    ((double)c->of_class - (double)c->rest * odds) / (double)n;
}

static void
decision_values(const struct curve *c,
    const struct mc_threshold_counts *counts, double *y)
{
	const struct mc_threshold_counts *all = all_of(c, counts);
	size_t half = c->n / 2, i;

	for (i = 0; i < half; i++) {
		double odds = (double)(i + 1) / (double)(half - i);

		y[i] = net_benefit(&counts[c->above[i]], odds, images(all));
		y[half + i] = net_benefit(all, odds, images(all));
	}
}

static void
distribution_values(const struct curve *c,
    const struct mc_threshold_counts *counts, double *y)
{
	const struct mc_threshold_counts *all = all_of(c, counts);
	size_t half = c->n / 2, i;

	for (i = 0; i < half; i++) {
		struct mc_threshold_counts bin = in_bin(c, counts, i);

		y[i] = share(bin.of_class, all->of_class);
		y[half + i] = share(bin.rest, all->rest);
	}
}

/* --- Getting ready -------------------------------------------------------- */

/* Whether threshold D lies in bin I or above it. */
static bool
reaches_bin(const struct curve *c, size_t d, size_t i)
{
	uint64_t n = images(all_of(c, c->counts)), below, own;

	if (!c->options->mass)
		return i == 0 ||
		    c->counts[d].p > (double)i / (double)c->options->n;
	below = n - images(&c->counts[d]);
	own = images(&c->counts[d]) - images(&c->counts[d - 1]);
	return c->options->n * (2 * below + own - 1) / (2 * n) >= i;
}

static void
find_bins(struct curve *c)
{
	size_t d = 0, i;

	c->above = mc_xcalloc(c->options->n + 1, sizeof(*c->above));
	for (i = c->options->n; i-- > 0;) {
		while (d < c->n_thresholds && reaches_bin(c, d + 1, i))
			d++;
		c->above[i] = d;
	}
}

static double
threshold_probability(const struct curve *c, size_t i)
{
	return (double)(i + 1) / (double)c->options->n;
}

static void
find_decisions(struct curve *c)
{
	size_t d = 0, i;

	c->above = mc_xcalloc(c->n / 2, sizeof(*c->above));
	for (i = c->n / 2; i-- > 0;) {
		while (d < c->n_thresholds &&
		    c->counts[d + 1].p >= threshold_probability(c, i))
			d++;
		c->above[i] = d;
	}
}

static size_t
count_values(const struct mc_curve_options *options)
{
	switch (options->kind) {
	case MC_ROC:
		return options->n + 1;
	case MC_DECISION:
		return 2 * (options->n - 1);
	case MC_DISTRIBUTION:
		return 2 * options->n;
	case MC_PRECISION_RECALL:
	case MC_CALIBRATION:
	case MC_CURVE_KINDS:
		break;
	}
	return options->n;
}

/* The counts under TIMES, in room for n_thresholds + 1. */
static void
count(const struct curve *c, const uint32_t *times,
    struct mc_threshold_counts *counts)
{
	counts[0] = (struct mc_threshold_counts){ INFINITY, 0, 0 };
	mc_ranking_counts(c->ranking, times, counts + 1);
}

static struct curve
make_ready(const struct mc_sample *s, size_t k,
    const struct mc_curve_options *options)
{
	struct curve c = { .s = s, .k = k, .options = options,
	    .n = count_values(options) };
	struct mc_sample by_p = *s;

	/* The others are of probabilities, and not of the images' order. */
	if (options->kind != MC_ROC && options->kind != MC_PRECISION_RECALL)
		by_p.o = NULL;
	c.ranking = mc_ranking_alloc(&by_p, k);
	c.n_thresholds = mc_ranking_thresholds(c.ranking);
	c.counts = mc_xcalloc(c.n_thresholds + 1, sizeof(*c.counts));
	count(&c, NULL, c.counts);
	if (options->kind == MC_CALIBRATION || options->kind ==
	    MC_DISTRIBUTION)
		find_bins(&c);
	if (options->kind == MC_DECISION)
		find_decisions(&c);
	return c;
}

/* --- Places --------------------------------------------------------------- */

/* The mean probability of the images in bin I. */
static double
mean_of_bin(const struct curve *c, size_t i)
{
	double sum = 0, n = 0;
	size_t d;

	for (d = c->above[i + 1] + 1; d <= c->above[i]; d++) {
		double own = (double)(images(&c->counts[d]) -
		    images(&c->counts[d - 1]));

		sum += own * c->counts[d].p;
		n += own;
	}
	return n > 0 ? sum / n : NAN;
}

/*
 * Each fills in what the first c->n POINTS, blank as yet, have besides y and
 * its band.
 */

static void
place_on_roc(const struct curve *c, struct mc_curve_point *points)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		points[i].x = (double)i / (double)c->options->n;
}

static void
place_on_pr(const struct curve *c, struct mc_curve_point *points)
{
	uint64_t all = all_of(c, c->counts)->of_class;
	size_t d = 0, i;

	for (i = 0; i < c->n; i++) {
		points[i].x = (double)(i + 1) / (double)c->options->n;
		if (all == 0)
			continue;
		d = reach(c->counts, d, i + 1, c->options->n, all);
		points[i].threshold = c->counts[d].p;
		points[i].n = (int64_t)images(&c->counts[d]);
	}
}

static void
place_in_bins(const struct curve *c, struct mc_curve_point *points)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		struct mc_threshold_counts bin = in_bin(c, c->counts, i);

		points[i].x = mean_of_bin(c, i);
		points[i].n = (int64_t)images(&bin);
		if (!c->options->mass)
			points[i].threshold = (double)i / (double)c->options->n;
		else if (points[i].n > 0)
			points[i].threshold = c->counts[c->above[i]].p;
	}
}

static void
place_decisions(const struct curve *c, struct mc_curve_point *points)
{
	size_t half = c->n / 2, i;

	for (i = 0; i < half; i++) {
		points[i].x = threshold_probability(c, i);
		points[i].threshold = points[i].x;
		points[i].n = (int64_t)images(&c->counts[c->above[i]]);
		points[half + i].curve = "decision:all";
		points[half + i].x = points[i].x;
		points[half + i].n = (int64_t)c->s->n;
	}
}

static void
place_distributions(const struct curve *c, struct mc_curve_point *points)
{
	size_t half = c->n / 2, i;

	for (i = 0; i < half; i++) {
		struct mc_threshold_counts bin = in_bin(c, c->counts, i);
		struct mc_curve_point *rest = &points[half + i];

		points[i].x = ((double)i + 0.5) / (double)half;
		points[i].threshold = (double)i / (double)half;
		points[i].n = (int64_t)bin.of_class;
		rest->curve = "distribution:rest";
		rest->x = points[i].x;
		rest->threshold = points[i].threshold;
		rest->n = (int64_t)bin.rest;
	}
}

static const struct {
	void (*evaluate)(const struct curve *c,
	    const struct mc_threshold_counts *counts, double *y);
	void (*place)(const struct curve *c, struct mc_curve_point *points);
} kinds[MC_CURVE_KINDS] = {
	[MC_ROC] = { roc_values, place_on_roc },
	[MC_PRECISION_RECALL] = { pr_values, place_on_pr },
	[MC_CALIBRATION] = { calibration_values, place_in_bins },
	[MC_DECISION] = { decision_values, place_decisions },
	[MC_DISTRIBUTION] = { distribution_values, place_distributions }
};

/* --- Replicates ----------------------------------------------------------- */

static void
run_chunk(void *arg, size_t chunk)
{
	const struct curve *c = arg;
	const struct mc_resampling *how = &c->options->how;
	size_t all = (size_t)how->replicates, b = chunk * CHUNK;
	size_t end = b + CHUNK < all ? b + CHUNK : all, i;
	gsl_rng *rng = mc_stream_alloc(0, "bootstrap", 0);
	uint32_t *times = mc_xcalloc(c->s->n_units, sizeof(*times));
	struct mc_threshold_counts *counts = mc_xcalloc(c->n_thresholds + 1,
	    sizeof(*counts));
	double *y = mc_xcalloc(c->n, sizeof(*y));

	for (; b < end; b++) {
		mc_draw(how, c->s->n_units, rng, b, times);
		count(c, times, counts);
		kinds[c->options->kind].evaluate(c, counts, y);
		for (i = 0; i < c->n; i++)
			c->values[i * all + b] = y[i];
	}
	gsl_rng_free(rng);
	free(times);
	free(counts);
	free(y);
}

/* Move the undefined ones of N values behind the others; how many these are. */
static size_t
gather_defined(double *values, size_t n)
{
	size_t defined = 0, i;

	for (i = 0; i < n; i++) {
		if (!isnan(values[i]))
			values[defined++] = values[i];
	}
	return defined;
}

/* --- Bands ---------------------------------------------------------------- */

/* The units with an image in bin I. */
static size_t
units_in_bin(const struct curve *c, size_t i)
{
	const struct mc_sample *s = c->s;
	double least = c->counts[c->above[i]].p;
	double most = c->counts[c->above[i + 1] + 1].p;
	bool *seen = mc_xcalloc(s->n_units, sizeof(*seen));
	size_t n = 0, image;

	for (image = 0; image < s->n; image++) {
		double p = s->p[image * s->n_classes + c->k];

		if (p < least || p > most)
			continue;
		n += !seen[s->unit[image]];
		seen[s->unit[image]] = true;
	}
	free(seen);
	return n;
}

/* The interval of value I's replicates has no width: it would cover nothing. */
static void
degenerate(const struct curve *c, size_t i, struct mc_curve_point *point)
{
	size_t n;

	if (c->options->kind != MC_CALIBRATION) {
		mc_remark(&point->note, "no interval: (nearly) all replicates "
		    "are equal");
		return;
	}
	n = units_in_bin(c, i);
	mc_clopper_pearson(point->y * (double)n, (double)n, c->options->level,
	    &point->lo, &point->hi);
	point->method = "clopper-pearson";
	mc_remark(&point->note, "(nearly) all replicates are equal: "
	    "Clopper-Pearson on %zu unit%s", n, MC_PLURAL(n));
}

/* What a curve asks of the classes is what the AUROC does. */
static struct mc_metric_spec
auroc_of(size_t k)
{
	return (struct mc_metric_spec){ .metric = mc_metric_find("auroc"),
	    .average = MC_EACH_CLASS, .class_index = (int)k, .at = NAN };
}

static bool
has_few_units(const struct curve *c, const struct mc_remarks *remarks,
    size_t i, double y)
{
	struct mc_metric_spec auroc = auroc_of(c->k);

	if (c->options->kind == MC_CALIBRATION)
		return mc_few_units((double)units_in_bin(c, i), INFINITY, y);
	/* A net benefit is not a proportion. */
	return mc_remarks_few_units(remarks, &auroc,
	    c->options->kind == MC_DECISION ? NAN : y);
}

static void
set_band(const struct curve *c, const struct mc_remarks *remarks, size_t i,
    struct mc_curve_point *point)
{
	size_t all = (size_t)c->options->how.replicates, n;
	double *values = c->values + i * all, lo, hi;

	if (isnan(point->y))
		return;
	n = gather_defined(values, all);
	if (n < all)
		mc_remark(&point->note, "undefined in %zu of %zu replicates",
		    all - n, all);
	if ((int64_t)n < mc_replicates_needed(c->options->level)) {
		mc_remark(&point->note,
		    "no interval: too few replicates remain");
		return;
	}
	mc_percentile(values, n, c->options->level, &lo, &hi);
	if (!mc_has_width(lo, hi)) {
		degenerate(c, i, point);
		return;
	}
	point->lo = lo;
	point->hi = hi;
	point->method = "percentile";
	if (has_few_units(c, remarks, i, point->y))
		mc_remark(&point->note, "few units: interval may be too narrow");
}

/* --- Points --------------------------------------------------------------- */

/* The first threshold that is a point: one above all p has no precision. */
static size_t
first_threshold(const struct curve *c)
{
	return c->options->kind == MC_ROC ? 0 : 1;
}

/* A point for each threshold of the sample. */
static void
place_thresholds(const struct curve *c, struct mc_curve_point *points)
{
	const struct mc_threshold_counts *all = all_of(c, c->counts);
	size_t d, first = first_threshold(c);

	for (d = first; d <= c->n_thresholds; d++) {
		const struct mc_threshold_counts *at = &c->counts[d];
		struct mc_curve_point *point = &points[d - first];
		double sensitivity = share(at->of_class, all->of_class);

		if (c->options->kind == MC_ROC) {
			point->curve = "roc:points";
			point->x = share(at->rest, all->rest);
			point->y = sensitivity;
		} else {
			point->curve = "pr:points";
			point->x = sensitivity;
			point->y = share(at->of_class, images(at));
		}
		point->threshold = d > 0 ? at->p : NAN;
		point->n = (int64_t)images(at);
	}
}

static struct mc_curve_point *
blank_points(const struct curve *c, size_t n)
{
	struct mc_curve_point *points = mc_xcalloc(n, sizeof(*points));
	size_t i;

	for (i = 0; i < n; i++)
		points[i] = (struct mc_curve_point){
		    .curve = mc_curve_names[c->options->kind], .x = NAN,
		    .y = NAN,
		    .lo = NAN, .hi = NAN, .threshold = NAN, .n = -1,
		    .method = "none" };
	return points;
}

/* --- All of it ------------------------------------------------------------ */

/* Remark on the curves as wholes, at their first points. */
static void
remark_curves(const struct curve *c, const struct mc_remarks *remarks,
    struct mc_curve_point *points)
{
	struct mc_metric_spec auroc = auroc_of(c->k);
	bool of_bins = c->options->kind == MC_CALIBRATION ||
	    c->options->kind == MC_DISTRIBUTION;
	bool defined = false;
	size_t i;

	for (i = 0; i < c->n; i++)
		defined = defined || !isnan(points[i].y);
	for (i = 0; i < c->n; i++) {
		if (i > 0 && strcmp(points[i].curve, points[i - 1].curve) == 0)
			continue;
		mc_remarks_value(remarks, &auroc, defined ? 0 : NAN,
		    &points[i].note);
		if (defined)
			mc_remark(&points[i].note, "%s", of_bins ?
			    "the interval of a bin holds for that bin, not for "
			    "all bins at once" :
			    "the band is pointwise: it holds at each x, not "
			    "for the whole curve");
	}
}

/* The values and the bands of POINTS, the first c->n. */
static void
set_values(struct curve *c, struct mc_curve_point *points)
{
	struct mc_remarks *remarks = mc_remarks_alloc(c->s);
	size_t all = (size_t)c->options->how.replicates, i;
	double *y = mc_xcalloc(c->n, sizeof(*y));

	kinds[c->options->kind].evaluate(c, c->counts, y);
	for (i = 0; i < c->n; i++)
		points[i].y = y[i];
	free(y);
	remark_curves(c, remarks, points);
	c->values = mc_xreallocarray(NULL, c->n * all, sizeof(*c->values));
	mc_parallel((all + CHUNK - 1) / CHUNK, c->options->how.threads,
	    run_chunk, c);
	for (i = 0; i < c->n; i++)
		set_band(c, remarks, i, &points[i]);
	free(c->values);
	mc_remarks_free(remarks);
}

struct mc_curve_point *
mc_curve(const struct mc_sample *s, size_t k,
    const struct mc_curve_options *options, size_t *n)
{
	struct curve c = make_ready(s, k, options);
	struct mc_curve_point *points;

	*n = c.n;
	if (options->points)
		*n += c.n_thresholds + 1 - first_threshold(&c);
	points = blank_points(&c, *n);
	kinds[options->kind].place(&c, points);
	set_values(&c, points);
	if (options->points)
		place_thresholds(&c, points + c.n);
	mc_ranking_free(c.ranking);
	free(c.counts);
	free(c.above);
	return points;
}

void
mc_curve_free(struct mc_curve_point *points, size_t n)
{
	size_t i;

	for (i = 0; points != NULL && i < n; i++)
		mc_buf_free(&points[i].note);
	free(points);
}

bool
mc_curve_remark_is_of_point(const char *remark)
{
	/* How the remarks of set_band and degenerate begin. */
	static const char *const words[] = { "undefined in ", "no interval: ",
	    "(nearly) all replicates ", "few units: " };
	size_t i, n = sizeof(words) / sizeof(*words);

	for (i = 0; i < n && strncmp(remark, words[i], strlen(words[i])) != 0;
	    i++)
		;
	return i < n;
}
