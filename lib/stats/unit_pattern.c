/* unit_pattern.c - group units by their confusion counts, and draw them so. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/unit_pattern.h"

/*
 * COUNT images of a unit lie in CELL of the confusion matrices, which are
 * numbered one after the other.
 */
struct count {
	uint32_t cell, count;
};

/* A unit's counts, by rising cell. */
struct unit {
	size_t n;
	struct count *counts;
};

struct pattern {
	uint32_t units;		/* how many units are of it */
	uint32_t rank;		/* among the patterns by their counts */
	size_t n;
	const struct count *counts;
};

struct mc_unit_patterns {
	size_t n, n_samples, n_cells;	/* cells of one sample */
	uint32_t n_units;
	struct pattern *patterns;	/* commonest first */
	struct count *counts;
	uint32_t *of_unit;	/* [unit]: its pattern */
};

/*
 * A binomial number costs about as much as this many uniform ones (GSL's on
 * our Philox, measured): where fewer units than that are left for each pattern
 * that is left, it is cheaper to draw the units themselves.
 */
#define BINOMIAL_COST 6

/* The counts of every unit; COUNTS has room for one each of ALL images. */
static struct unit *
count_units(const struct mc_sample *const *samples, size_t n_samples,
    size_t all, struct count *counts)
{
	size_t k = samples[0]->n_classes, n_units = samples[0]->n_units;
	struct unit *units = mc_xcalloc(n_units, sizeof(*units));
	uint64_t *images = mc_xcalloc(all, sizeof(*images));
	size_t s, i, n = 0;

	for (s = 0; s < n_samples; s++) {
		const struct mc_sample *x = samples[s];

		for (i = 0; i < x->n; i++)
			images[n++] = mc_unit_key(x->unit[i], s * k * k +
			    (size_t)x->label[i] * k + (size_t)x->predicted[i]);
	}
	mc_unit_keys_sort(images, all);
	for (i = n = 0; i < all; i++) {
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
compare_units(const struct unit *a, const struct unit *b)
{
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
compare_numbers(const void *va, const void *vb, void *units)
{
	const uint32_t *a = va, *b = vb;
	const struct unit *unit = units;
	int c = compare_units(&unit[*a], &unit[*b]);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

static int
compare_patterns(const void *va, const void *vb)
{
	const struct pattern *a = va, *b = vb;

	if (a->units != b->units)
		return a->units > b->units ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Sort the units into patterns, and number each one's. */
static void
find_patterns(struct mc_unit_patterns *t, struct unit *units)
{
	uint32_t *order = mc_xcalloc(t->n_units, sizeof(*order)), *place;
	size_t i;

	for (i = 0; i < t->n_units; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, t->n_units, sizeof(*order), compare_numbers, units);
	for (i = 0; i < t->n_units; i++) {
		const struct unit *u = &units[order[i]];

		if (i == 0 || compare_units(u, &units[order[i - 1]]) != 0) {
			t->patterns[t->n].rank = (uint32_t)t->n;
			t->patterns[t->n].n = u->n;
			t->patterns[t->n].counts = u->counts;
			t->n++;
		}
		t->patterns[t->n - 1].units++;
		t->of_unit[order[i]] = (uint32_t)(t->n - 1);
	}
	free(order);
	qsort(t->patterns, t->n, sizeof(*t->patterns), compare_patterns);
	place = mc_xcalloc(t->n, sizeof(*place));
	for (i = 0; i < t->n; i++)
		place[t->patterns[i].rank] = (uint32_t)i;
	for (i = 0; i < t->n_units; i++)
		t->of_unit[i] = place[t->of_unit[i]];
	free(place);
}

struct mc_unit_patterns *
mc_unit_patterns_alloc(const struct mc_sample *const *samples, size_t n)
{
	struct mc_unit_patterns *t = mc_xcalloc(1, sizeof(*t));
	struct unit *units;
	size_t s, all = 0;

	for (s = 0; s < n; s++)
		all += samples[s]->n;
	t->n_samples = n;
	t->n_cells = samples[0]->n_classes * samples[0]->n_classes;
	t->n_units = (uint32_t)samples[0]->n_units;
	t->counts = mc_xcalloc(all, sizeof(*t->counts));
	t->patterns = mc_xcalloc(t->n_units, sizeof(*t->patterns));
	t->of_unit = mc_xcalloc(t->n_units, sizeof(*t->of_unit));
	units = count_units(samples, n, all, t->counts);
	find_patterns(t, units);
	free(units);
	return t;
}

void
mc_unit_patterns_free(struct mc_unit_patterns *t)
{
	if (t == NULL)
		return;
	free(t->patterns);
	free(t->counts);
	free(t->of_unit);
	free(t);
}

size_t
mc_unit_patterns_room(const struct mc_unit_patterns *t)
{
	return t->n + t->n_units;
}

/*
 * Draw LEFT of the UNITS units of the patterns from FIRST on, each by itself;
 * UNIT_TIMES has room for them.
 */
static void
draw_units(const struct mc_unit_patterns *t, size_t first, gsl_rng *rng,
    uint32_t units, uint32_t left, uint32_t *times, uint32_t *unit_times)
{
	size_t i;
	uint32_t u;

	mc_stream_tally(rng, units, left, unit_times);
	for (i = first; i < t->n; i++) {
		for (u = 0; u < t->patterns[i].units; u++)
			times[i] += *unit_times++;
	}
}

/* The multinomial, pattern by pattern: each is binomial among what is left. */
static void
draw_patterns(const struct mc_unit_patterns *t, gsl_rng *rng, uint32_t draws,
    uint32_t *times, uint32_t *unit_times)
{
	uint32_t left = draws, units = t->n_units;
	size_t i;

	memset(times, 0, t->n * sizeof(*times));
	for (i = 0; left > 0; i++) {
		const struct pattern *pattern = &t->patterns[i];

		if (i + 1 == t->n) {
			times[i] = left;
			break;
		}
		if (left < (t->n - i) * BINOMIAL_COST) {
			draw_units(t, i, rng, units, left, times, unit_times);
			break;
		}
		times[i] = gsl_ran_binomial(rng, (double)pattern->units / units,
		    left);
		left -= times[i];
		units -= pattern->units;
	}
}

/* Add TIMES units of a pattern. */
static void
add_pattern(const struct mc_unit_patterns *t, const struct pattern *pattern,
    double times, double *const *confusion)
{
	size_t j;

	for (j = 0; j < pattern->n; j++) {
		size_t cell = pattern->counts[j].cell;

		confusion[cell / t->n_cells][cell % t->n_cells] +=
		    times * pattern->counts[j].count;
	}
}

static void
clear(const struct mc_unit_patterns *t, double *const *confusion)
{
	size_t s;

	for (s = 0; s < t->n_samples; s++)
		memset(confusion[s], 0, t->n_cells * sizeof(**confusion));
}

void
mc_unit_patterns_draw(const struct mc_unit_patterns *t, gsl_rng *rng,
    uint32_t draws, uint32_t *scratch, double *const *confusion)
{
	size_t i;

	draw_patterns(t, rng, draws, scratch, scratch + t->n);
	clear(t, confusion);
	for (i = 0; i < t->n; i++)
		add_pattern(t, &t->patterns[i], scratch[i], confusion);
}

void
mc_unit_patterns_leave_out(const struct mc_unit_patterns *t, size_t left_out,
    double *const *confusion)
{
	size_t i;

	clear(t, confusion);
	for (i = 0; i < t->n; i++)
		add_pattern(t, &t->patterns[i], (double)t->patterns[i].units -
		    (i == left_out ? 1 : 0), confusion);
}

size_t
mc_unit_pattern_of(const struct mc_unit_patterns *t, size_t unit)
{
	return t->of_unit[unit];
}

void
mc_units_draw(gsl_rng *rng, uint32_t n, uint32_t draws, uint32_t *times)
{
	uint32_t left = draws, rest = n, size, some;

	for (; rest > 0; rest -= size) {
		size = rest < 256 ? rest : 256;
		some = size == rest ? left : gsl_ran_binomial(rng,
		    (double)size / rest, left);
		mc_stream_tally(rng, size, some, times);
		times += size;
		left -= some;
	}
}
