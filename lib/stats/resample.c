/* resample.c - the bootstrap over units. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/resample.h"

/* --- Types ---------------------------------------------------------------- */

/* COUNT images of a unit lie in CELL of the confusion matrix. */
struct count {
	uint32_t cell, count;
};

/* A unit's counts, by rising cell. */
struct unit {
	size_t n;
	struct count *counts;
};

struct type {
	uint32_t units;		/* how many units are of it */
	uint32_t rank;		/* among the types by their counts */
	size_t n;
	const struct count *counts;
};

struct mc_types {
	size_t n, n_cells;
	uint32_t n_units;
	struct type *types;	/* commonest first */
	struct count *counts;
};

/*
 * A binomial number costs about as much as this many uniform ones (GSL's on
 * our Philox, measured): where fewer units than that are left for each type
 * that is left, it is cheaper to draw the units themselves.
 */
#define BINOMIAL_COST 6

/* An image's unit and cell, as one number that sorts by both. */
static int
compare_u64(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

/* The counts of every unit; COUNTS has room for one an image. */
static struct unit *
count_units(const struct mc_sample *s, struct count *counts)
{
	struct unit *units = mc_xcalloc(s->n_units, sizeof(*units));
	uint64_t *images = mc_xcalloc(s->n, sizeof(*images));
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		images[i] = (uint64_t)s->unit[i] << 32 |
		    ((uint64_t)s->label[i] * s->n_classes +
		    (uint64_t)s->predicted[i]);
	qsort(images, s->n, sizeof(*images), compare_u64);
	for (i = 0; i < s->n; i++) {
		struct unit *u = &units[images[i] >> 32];

		if (i > 0 && images[i] == images[i - 1]) {
			counts[n - 1].count++;
			continue;
		}
		counts[n] = (struct count){ (uint32_t)images[i], 1 };
		if (u->n++ == 0)
			u->counts = &counts[n];
		n++;
	}
	free(images);
	return units;
}

static int
compare_units(const void *va, const void *vb)
{
	const struct unit *a = va, *b = vb;
	size_t i;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (i = 0; i < a->n; i++) {
		const struct count *x = &a->counts[i], *y = &b->counts[i];

		if (x->cell != y->cell)
			return x->cell < y->cell ? -1 : 1;
		if (x->count != y->count)
			return x->count < y->count ? -1 : 1;
	}
	return 0;
}

static int
compare_types(const void *va, const void *vb)
{
	const struct type *a = va, *b = vb;

	if (a->units != b->units)
		return a->units > b->units ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

struct mc_types *
mc_types_alloc(const struct mc_sample *s)
{
	struct mc_types *t = mc_xcalloc(1, sizeof(*t));
	struct unit *units;
	size_t i;

	t->n_cells = s->n_classes * s->n_classes;
	t->n_units = (uint32_t)s->n_units;
	t->counts = mc_xcalloc(s->n, sizeof(*t->counts));
	t->types = mc_xcalloc(s->n_units, sizeof(*t->types));
	units = count_units(s, t->counts);
	qsort(units, s->n_units, sizeof(*units), compare_units);
	for (i = 0; i < s->n_units; i++) {
		if (i == 0 || compare_units(&units[i], &units[i - 1]) != 0) {
			t->types[t->n].rank = (uint32_t)t->n;
			t->types[t->n].n = units[i].n;
			t->types[t->n].counts = units[i].counts;
			t->n++;
		}
		t->types[t->n - 1].units++;
	}
	qsort(t->types, t->n, sizeof(*t->types), compare_types);
	free(units);
	return t;
}

void
mc_types_free(struct mc_types *t)
{
	if (t == NULL)
		return;
	free(t->types);
	free(t->counts);
	free(t);
}

size_t
mc_types_count(const struct mc_types *t)
{
	return t->n;
}

size_t
mc_types_room(const struct mc_types *t)
{
	return t->n + t->n_units;
}

/*
 * Draw LEFT of the UNITS units of the types from FIRST on, each by itself;
 * UNIT_TIMES has room for them.
 */
static void
draw_units(const struct mc_types *t, size_t first, gsl_rng *rng,
    uint32_t units, uint32_t left, uint32_t *times, uint32_t *unit_times)
{
	size_t i;
	uint32_t u;

	mc_stream_tally(rng, units, left, unit_times);
	for (i = first; i < t->n; i++) {
		for (u = 0; u < t->types[i].units; u++)
			times[i] += *unit_times++;
	}
}

/* The multinomial, type by type: each is binomial among what is left. */
static void
draw_types(const struct mc_types *t, gsl_rng *rng, uint32_t *times,
    uint32_t *unit_times)
{
	uint32_t left = t->n_units, units = t->n_units;
	size_t i;

	memset(times, 0, t->n * sizeof(*times));
	for (i = 0; left > 0; i++) {
		const struct type *type = &t->types[i];

		if (i + 1 == t->n) {
			times[i] = left;
			break;
		}
		if (left < (t->n - i) * BINOMIAL_COST) {
			draw_units(t, i, rng, units, left, times, unit_times);
			break;
		}
		times[i] = gsl_ran_binomial(rng, (double)type->units / units,
		    left);
		left -= times[i];
		units -= type->units;
	}
}

void
mc_types_draw(const struct mc_types *t, gsl_rng *rng, uint32_t *scratch,
    double *confusion)
{
	size_t i, j;

	draw_types(t, rng, scratch, scratch + t->n);
	memset(confusion, 0, t->n_cells * sizeof(*confusion));
	for (i = 0; i < t->n; i++) {
		const struct type *type = &t->types[i];

		for (j = 0; j < type->n; j++)
			confusion[type->counts[j].cell] +=
			    (double)scratch[i] * type->counts[j].count;
	}
}

/*
 * The multiplicities of N units.  How many fall to each 256 of them comes
 * first, so that a unit among these costs a byte of the stream.
 */
static void
draw_all_units(gsl_rng *rng, uint32_t n, uint32_t *times)
{
	uint32_t left = n, rest = n, size, some;

	for (; rest > 0; rest -= size) {
		size = rest < 256 ? rest : 256;
		some = size == rest ? left : gsl_ran_binomial(rng,
		    (double)size / rest, left);
		mc_stream_tally(rng, size, some, times);
		times += size;
		left -= some;
	}
}

/* --- Replicates ----------------------------------------------------------- */

/* Replicates that a thread takes at a time. */
#define CHUNK 128

struct job {
	const struct mc_sample *s;
	const struct mc_measure *measures;
	size_t n, b;
	uint64_t seed;
	double *values;
	struct mc_types *types;		/* NULL: not needed */
	struct mc_ranking **rankings;	/* [class]; NULL: not needed */
};

/* What a thread needs of its own. */
struct scratch {
	gsl_rng *rng;
	struct mc_tally *tally;
	uint32_t *types;
	uint32_t *units;
};

static void
replicate(const struct job *job, size_t b, struct scratch *own)
{
	const struct mc_sample *s = job->s;
	bool drawn = false;
	size_t k, i;

	mc_stream_set(own->rng, job->seed, "bootstrap", b);
	if (job->types != NULL) {
		mc_types_draw(job->types, own->rng, own->types,
		    own->tally->confusion);
		mc_tally_margins(own->tally);
	}
	for (k = 0; k < s->n_classes; k++) {
		if (job->rankings[k] == NULL)
			continue;
		if (!drawn) {
			mc_stream_set(own->rng, job->seed, "bootstrap", b);
			draw_all_units(own->rng, (uint32_t)s->n_units,
			    own->units);
			drawn = true;
		}
		own->tally->auroc[k] = mc_ranking_auroc(job->rankings[k],
		    own->units, &own->tally->positives[k]);
	}
	for (i = 0; i < job->n; i++)
		job->values[i * job->b + b] =
		    mc_measure_value(&job->measures[i], own->tally);
}

static void
replicate_chunk(void *arg, size_t chunk)
{
	const struct job *job = arg;
	size_t b = chunk * CHUNK, end = b + CHUNK;
	struct scratch own = {
		mc_stream_alloc(job->seed, "bootstrap", b),
		mc_tally_alloc(job->s->n_classes),
		job->types != NULL ? mc_xcalloc(mc_types_room(job->types),
		    sizeof(*own.types)) : NULL,
		mc_xcalloc(job->s->n_units, sizeof(*own.units))
	};

	for (; b < end && b < job->b; b++)
		replicate(job, b, &own);
	gsl_rng_free(own.rng);
	mc_tally_free(own.tally);
	free(own.types);
	free(own.units);
}

/* Sort and count only what some measure needs. */
static void
prepare(struct job *job)
{
	size_t i, k;

	job->rankings = mc_xcalloc(job->s->n_classes, sizeof(*job->rankings));
	for (i = 0; i < job->n; i++) {
		const struct mc_measure *m = &job->measures[i];

		if (!m->metric->needs_p) {
			if (job->types == NULL)
				job->types = mc_types_alloc(job->s);
			continue;
		}
		for (k = 0; k < job->s->n_classes; k++) {
			if (job->rankings[k] == NULL &&
			    (m->average != MC_EACH_CLASS ||
			    (size_t)m->class_index == k))
				job->rankings[k] = mc_ranking_alloc(job->s, k);
		}
	}
}

void
mc_bootstrap(const struct mc_sample *s, const struct mc_measure *measures,
    size_t n, size_t b, uint64_t seed, int threads, double *values)
{
	struct job job = { .s = s, .measures = measures, .n = n, .b = b,
	    .seed = seed, .values = values };
	size_t k;

	prepare(&job);
	mc_parallel((b + CHUNK - 1) / CHUNK, threads, replicate_chunk, &job);
	mc_types_free(job.types);
	for (k = 0; k < s->n_classes; k++)
		mc_ranking_free(job.rankings[k]);
	free(job.rankings);
}
