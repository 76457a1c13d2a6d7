/* threshold.c - choose a threshold. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/threshold.h"
#include "stats/unit_pattern.h"

/* Losses that differ by rounding only are equal; a share of the greatest. */
#define SAME	1e-12

/* What a false positive and a false negative count. */
struct loss {
	double fp, fn;
};

static struct loss
loss_of(const struct mc_criterion *c, double of_class, double rest)
{
	switch (c->aim) {
	case MC_AT_SENSITIVITY:
		return (struct loss){ 1, 0 };
	case MC_AT_SPECIFICITY:
		return (struct loss){ 0, 1 };
	case MC_LEAST_COST:
		if (isnan(c->prevalence))
			return (struct loss){ c->cost_fp, c->cost_fn };
		return (struct loss){
		    c->cost_fp * (1 - c->prevalence) / rest,
		    c->cost_fn * c->prevalence / of_class };
	case MC_YOUDEN:
		break;
	}
	return (struct loss){ 1 / rest, 1 / of_class };
}

static bool
is_allowed(const struct mc_criterion *c, const struct mc_threshold_counts *at,
    const struct mc_threshold_counts *all)
{
	if (c->aim == MC_AT_SENSITIVITY)
		return mc_reaches_share(at->of_class, all->of_class, c->at);
	if (c->aim == MC_AT_SPECIFICITY)
		return mc_reaches_share(all->rest - at->rest, all->rest,
		    c->at);
	return true;
}

/*
 * How many of the N scores at POINTS, falling, are to be at or above the
 * threshold.  Further down sensitivity rises, so of equals the last is taken,
 * but where the specificity is to be the greater one.
 */
static size_t
choose(const struct mc_threshold_counts *points, size_t n,
    const struct mc_criterion *c)
{
	const struct mc_threshold_counts *all = &points[n - 1];
	double of_class = (double)all->of_class, rest = (double)all->rest;
	struct loss loss = loss_of(c, of_class, rest);
	double same = SAME * (loss.fp * rest + loss.fn * of_class);
	double least = INFINITY, here;
	bool last = c->aim != MC_AT_SPECIFICITY;
	size_t best = n, i;

	for (i = 0; i <= n; i++) {
		struct mc_threshold_counts at = { 0, 0, 0 };

		if (i > 0)
			at = points[i - 1];
		if (!is_allowed(c, &at, all))
			continue;
		here = loss.fp * (double)at.rest +
		    loss.fn * (double)(all->of_class - at.of_class);
		if (here < least - same || (last && here <= least + same))
			best = i;
		least = fmin(least, here);
	}
	return best;
}

/*
 * The middle between the lowest score that is taken and the highest that is
 * not; above the latter whatever rounding does.
 */
static double
between(const struct mc_threshold_counts *points, size_t n, size_t taken)
{
	double lower = taken < n ? points[taken].p : 0;
	double upper = taken > 0 ? points[taken - 1].p : 1, middle;

	if (lower >= 1)
		return nextafter(lower, 2);
	middle = (lower + upper) / 2;
	return middle > lower ? middle : upper;
}

/*
 * Keep only the points at which the sample has images, and of those with one
 * probability the last, since a threshold takes all or none of them; returns
 * how many.
 */
static size_t
drop_empty(struct mc_threshold_counts *points, size_t n)
{
	uint64_t before = 0;
	size_t kept = 0, i;

	for (i = 0; i < n; i++) {
		uint64_t images = points[i].of_class + points[i].rest;

		if (images > before && kept > 0 &&
		    points[kept - 1].p == points[i].p)
			kept--;
		if (images > before)
			points[kept++] = points[i];
		before = images;
	}
	return kept;
}

struct mc_operating_point
mc_threshold_choose(const struct mc_ranking *r, const uint32_t *times,
    const struct mc_criterion *c, struct mc_threshold_counts *points)
{
	struct mc_operating_point o = { NAN, NAN, NAN, 0, 0 };
	size_t n = mc_ranking_thresholds(r), taken;

	mc_ranking_counts(r, times, points);
	o.of_class = points[n - 1].of_class;
	o.rest = points[n - 1].rest;
	if (o.of_class == 0 || o.rest == 0)
		return o;
	n = drop_empty(points, n);
	taken = choose(points, n, c);
	o.threshold = between(points, n, taken);
	o.sensitivity = 0;
	o.specificity = 1;
	if (taken > 0) {
		const struct mc_threshold_counts *at = &points[taken - 1];

		o.sensitivity = (double)at->of_class / (double)o.of_class;
		o.specificity = (double)(o.rest - at->rest) / (double)o.rest;
	}
	return o;
}

/* --- Replicates ----------------------------------------------------------- */

/* Replicates that a thread takes at a time. */
#define CHUNK 128

struct job {
	const struct mc_ranking *r;
	size_t n_units;
	const struct mc_criterion *criterion;
	const struct mc_resampling *how;
	struct mc_operating_point *chosen;
};

static void
run_chunk(void *arg, size_t chunk)
{
	const struct job *job = arg;
	size_t b = chunk * CHUNK, end = b + CHUNK;
	gsl_rng *rng = mc_stream_alloc(0, "threshold", 0);
	uint32_t *times = mc_xcalloc(job->n_units, sizeof(*times));
	struct mc_threshold_counts *points = mc_xcalloc(
	    mc_ranking_thresholds(job->r), sizeof(*points));

	for (; b < end && b < (size_t)job->how->replicates; b++) {
		mc_stream_set(rng, job->how->seed, "threshold", b);
		mc_units_draw(rng, (uint32_t)job->n_units,
		    (uint32_t)job->n_units, times);
		job->chosen[b] = mc_threshold_choose(job->r, times,
		    job->criterion, points);
	}
	gsl_rng_free(rng);
	free(times);
	free(points);
}

void
mc_threshold_bootstrap(const struct mc_ranking *r, size_t n_units,
    const struct mc_criterion *c, const struct mc_resampling *how,
    struct mc_operating_point *chosen)
{
	struct job job = { r, n_units, c, how, chosen };

	mc_parallel(((size_t)how->replicates + CHUNK - 1) / CHUNK,
	    how->threads, run_chunk, &job);
}
