/* resample.c - bootstrap and jackknife metrics over units. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/resample.h"
#include "stats/unit_pattern.h"
#include "stats/reweighted.h"

/* --- Strata --------------------------------------------------------------- */

/* A unit's classes, by rising index. */
struct set {
	size_t n;
	const int *class_of;
};

/* The set of every unit; CLASSES has room for one per image. */
static struct set *
find_sets(const struct mc_sample *s, int *classes)
{
	struct set *sets = mc_xcalloc(s->n_units, sizeof(*sets));
	uint64_t *pairs = mc_xcalloc(s->n, sizeof(*pairs));
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		pairs[i] = mc_unit_key(s->unit[i], (size_t)s->label[i]);
	mc_unit_keys_sort(pairs, s->n);
	for (i = 0; i < s->n; i++) {
		struct set *set = &sets[pairs[i] >> 32];

		if (i > 0 && pairs[i] == pairs[i - 1])
			continue;
		classes[n] = (int)(uint32_t)pairs[i];
		if (set->n++ == 0)
			set->class_of = &classes[n];
		n++;
	}
	free(pairs);
	return sets;
}

static int
compare_sets(const struct set *a, const struct set *b)
{
	size_t i;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (i = 0; i < a->n; i++) {
		if (a->class_of[i] != b->class_of[i])
			return a->class_of[i] < b->class_of[i] ? -1 : 1;
	}
	return 0;
}

static int
compare_units(const void *va, const void *vb, void *sets)
{
	const uint32_t *a = va, *b = vb;
	const struct set *set = sets;
	int c = compare_sets(&set[*a], &set[*b]);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

/* Divide the units in ORDER, which stand by their sets; lone ones go last. */
static void
divide(struct mc_strata *strata, const struct set *sets,
    const uint32_t *order)
{
	uint32_t *lone = mc_xcalloc(strata->n_units, sizeof(*lone));
	size_t first, end, n = 0, n_lone = 0;

	for (first = 0; first < strata->n_units; first = end) {
		for (end = first + 1; end < strata->n_units && compare_sets(
		    &sets[order[end]], &sets[order[first]]) == 0; end++)
			;
		if (end == first + 1) {
			lone[n_lone++] = order[first];
			continue;
		}
		strata->size[strata->n++] = (uint32_t)(end - first);
		memcpy(strata->unit + n, order + first,
		    (end - first) * sizeof(*order));
		n += end - first;
	}
	if (n_lone > 0)
		strata->size[strata->n++] = (uint32_t)n_lone;
	memcpy(strata->unit + n, lone, n_lone * sizeof(*lone));
	free(lone);
}

struct mc_strata *
mc_strata_alloc(const struct mc_sample *s)
{
	struct mc_strata *strata = mc_xcalloc(1, sizeof(*strata));
	int *classes = mc_xcalloc(s->n, sizeof(*classes));
	struct set *sets = find_sets(s, classes);
	uint32_t *order = mc_xcalloc(s->n_units, sizeof(*order));
	size_t u;

	strata->n_units = s->n_units;
	strata->size = mc_xcalloc(s->n_units, sizeof(*strata->size));
	strata->unit = mc_xcalloc(s->n_units, sizeof(*strata->unit));
	for (u = 0; u < s->n_units; u++)
		order[u] = (uint32_t)u;
	qsort_r(order, s->n_units, sizeof(*order), compare_units, sets);
	divide(strata, sets, order);
	free(order);
	free(sets);
	free(classes);
	return strata;
}

void
mc_strata_free(struct mc_strata *strata)
{
	if (strata == NULL)
		return;
	free(strata->size);
	free(strata->unit);
	free(strata);
}

/* --- Drawing -------------------------------------------------------------- */

static void
draw_strata(const struct mc_strata *strata, gsl_rng *rng, uint32_t *times)
{
	uint32_t *own = mc_xcalloc(strata->n_units, sizeof(*own));
	const uint32_t *unit = strata->unit;
	size_t i;
	uint32_t u;

	for (i = 0; i < strata->n; i++) {
		mc_units_draw(rng, strata->size[i], strata->size[i], own);
		for (u = 0; u < strata->size[i]; u++)
			times[*unit++] = own[u];
	}
	free(own);
}

/* How many units of N_UNITS a replicate draws. */
static uint32_t
draws(const struct mc_resampling *how, size_t n_units)
{
	return how->draws > 0 ? how->draws : (uint32_t)n_units;
}

void
mc_draw(const struct mc_resampling *how, size_t n_units, gsl_rng *rng,
    size_t b, uint32_t *times)
{
	mc_stream_set(rng, how->seed, "bootstrap", b);
	if (how->strata != NULL)
		draw_strata(how->strata, rng, times);
	else
		mc_units_draw(rng, (uint32_t)n_units, draws(how, n_units),
		    times);
}

/* --- Replicates ----------------------------------------------------------- */

/* Replicates, or units left out, that a thread takes at a time. */
#define CHUNK 128

struct job {
	const struct mc_sample *const *samples;
	size_t n_samples;
	size_t n;			/* metrics */
	size_t rounds;			/* replicates, or units left out */
	const struct mc_resampling *how;	/* NULL: leave units out */
	double *values, *variances;
	bool *partial;			/* NULL: not asked for */
	struct mc_scorer **scorers;	/* [sample] */
	bool *by_pattern;			/* [metric] */
	bool any_by_unit;
	struct mc_unit_patterns *patterns;		/* NULL: not needed */
};

/* What a thread needs of its own. */
struct scratch {
	gsl_rng *rng;
	struct mc_reweighted **w;		/* [sample] */
	double **confusion;		/* [sample]: of w */
	uint32_t *patterns;
	uint32_t *units;
};

/* Compute the metrics whose by_pattern is BY_PATTERN, in all samples. */
static void
evaluate(const struct job *job, struct scratch *own, size_t round,
    bool by_pattern)
{
	size_t s, i;

	for (s = 0; s < job->n_samples; s++) {
		for (i = 0; i < job->n; i++) {
			size_t at = (s * job->n + i) * job->rounds + round;

			if (job->by_pattern[i] != by_pattern)
				continue;
			job->values[at] = mc_reweighted_value(own->w[s], i);
			if (job->partial != NULL)
				job->partial[at] = mc_reweighted_is_partial(
				    own->w[s]);
			if (job->variances != NULL)
				job->variances[at] = mc_reweighted_variance(
				    own->w[s], i);
		}
	}
}

static void
one_round(const struct job *job, struct scratch *own, size_t round)
{
	size_t s;

	if (job->patterns != NULL) {
		if (job->how != NULL) {
			mc_stream_set(own->rng, job->how->seed, "bootstrap",
			    round);
			mc_unit_patterns_draw(job->patterns, own->rng,
			    draws(job->how, job->samples[0]->n_units),
			    own->patterns, own->confusion);
		} else
			mc_unit_patterns_leave_out(job->patterns,
			    mc_unit_pattern_of(job->patterns, round),
			    own->confusion);
		for (s = 0; s < job->n_samples; s++)
			mc_reweighted_counted(own->w[s]);
		evaluate(job, own, round, true);
	}
	if (!job->any_by_unit)
		return;
	if (job->how != NULL)
		mc_draw(job->how, job->samples[0]->n_units, own->rng, round,
		    own->units);
	else
		own->units[round] = 0;
	for (s = 0; s < job->n_samples; s++) {
		const struct mc_threshold *t = job->samples[s]->threshold;

		mc_reweighted_units(own->w[s], own->units);
		if (job->how != NULL && t != NULL && t->replicates != NULL)
			mc_reweighted_threshold(own->w[s],
			    t->replicates[round]);
	}
	evaluate(job, own, round, false);
	if (job->how == NULL)
		own->units[round] = 1;
}

static void
run_chunk(void *arg, size_t chunk)
{
	const struct job *job = arg;
	size_t round = chunk * CHUNK, end = round + CHUNK, s, u;
	size_t n_units = job->samples[0]->n_units;
	struct scratch own = {
		.rng = mc_stream_alloc(0, "bootstrap", 0),
		.w = mc_xcalloc(job->n_samples, sizeof(*own.w)),
		.confusion = mc_xcalloc(job->n_samples,
		    sizeof(*own.confusion)),
		.patterns = job->patterns == NULL ? NULL : mc_xcalloc(
		    mc_unit_patterns_room(job->patterns),
		    sizeof(*own.patterns)),
		.units = mc_xcalloc(n_units, sizeof(*own.units))
	};

	for (u = 0; u < n_units; u++)
		own.units[u] = 1;
	for (s = 0; s < job->n_samples; s++) {
		own.w[s] = mc_reweighted_alloc(job->scorers[s]);
		own.confusion[s] = mc_reweighted_confusion(own.w[s]);
	}
	for (; round < end && round < job->rounds; round++)
		one_round(job, &own, round);
	for (s = 0; s < job->n_samples; s++)
		mc_reweighted_free(own.w[s]);
	gsl_rng_free(own.rng);
	free(own.w);
	free(own.confusion);
	free(own.patterns);
	free(own.units);
}

/* Whether predictions are others in each replicate. */
static bool
cut_varies(const struct job *job)
{
	size_t s;

	for (s = 0; job->how != NULL && s < job->n_samples; s++) {
		if (job->samples[s]->threshold != NULL &&
		    job->samples[s]->threshold->replicates != NULL)
			return true;
	}
	return false;
}

/* Which metrics can do with patterns, and whether some cannot. */
static void
choose_ways(struct job *job, const struct mc_metric_spec *specs)
{
	bool patterns = job->how == NULL || (job->n_samples == 1 &&
	    job->variances == NULL && job->how->strata == NULL &&
	    !job->how->by_unit);
	bool any_by_pattern = false;
	size_t i;

	job->by_pattern = mc_xcalloc(job->n, sizeof(*job->by_pattern));
	for (i = 0; i < job->n; i++) {
		job->by_pattern[i] = patterns && !cut_varies(job) &&
		    specs[i].metric->source == MC_FROM_COUNTS;
		any_by_pattern = any_by_pattern || job->by_pattern[i];
		job->any_by_unit = job->any_by_unit || !job->by_pattern[i];
	}
	if (any_by_pattern)
		job->patterns = mc_unit_patterns_alloc(job->samples,
		    job->n_samples);
}

static void
run_job(struct job *job, const struct mc_metric_spec *specs, int threads)
{
	size_t s;

	job->scorers = mc_xcalloc(job->n_samples, sizeof(*job->scorers));
	for (s = 0; s < job->n_samples; s++)
		job->scorers[s] = mc_scorer_alloc(job->samples[s], specs,
		    job->n);
	choose_ways(job, specs);
	mc_parallel((job->rounds + CHUNK - 1) / CHUNK, threads, run_chunk,
	    job);
	mc_unit_patterns_free(job->patterns);
	for (s = 0; s < job->n_samples; s++)
		mc_scorer_free(job->scorers[s]);
	free(job->scorers);
	free(job->by_pattern);
}

void
mc_bootstrap_partial(const struct mc_sample *const *samples, size_t n_samples,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_resampling *how, double *values, double *variances,
    bool *partial)
{
	struct job job = { .samples = samples, .n_samples = n_samples, .n = n,
	    .rounds = (size_t)how->replicates, .how = how, .values = values,
	    .variances = variances, .partial = partial };

	run_job(&job, specs, how->threads);
}

void
mc_bootstrap(const struct mc_sample *const *samples, size_t n_samples,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_resampling *how, double *values, double *variances)
{
	mc_bootstrap_partial(samples, n_samples, specs, n, how, values,
	    variances, NULL);
}

void
mc_jackknife(const struct mc_sample *const *samples, size_t n_samples,
    const struct mc_metric_spec *specs, size_t n, int threads, double *values)
{
	struct job job = { .samples = samples, .n_samples = n_samples, .n = n,
	    .rounds = samples[0]->n_units, .values = values };

	run_job(&job, specs, threads);
}
