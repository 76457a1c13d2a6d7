/*
 * split.c - dividing units among parts: greedy, then local search.
 *
 * The deviation of part p in stratum c, d[p][c] = n[p][c] - share[p] N[c], is
 * kept up to date, with all images as one more stratum; moving k images of c
 * from p to q changes the objective by
 *
 *	k ( (k + 2 d[q][c]) / share[q] + (k - 2 d[p][c]) / share[p] ) / N[c]^2
 *
 * so a unit is tried in a part in as many steps as it has classes.
 */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/split.h"

/*
 * Up to so many units, a pass tries to swap each with all others; of more, with
 * so many that come next in the order, which are of about the same weight.
 */
#define SWAP_UNITS 1000
#define SWAP_NEXT 100
/* Units times beginnings, and the most beginnings. */
#define START_UNITS 4000
#define MOST_STARTS 200
/* Times 1 / the least share: far more than any deviation can gain. */
#define EMPTY_PENALTY 1e6
#define EPSILON 1e-12

struct count {
	uint32_t stratum, n;
};

struct state {
	const struct mc_split *in;
	size_t *start;		/* units + 1: the counts of unit u are */
	struct count *count;	/* count[start[u]] to count[start[u + 1]] */
	double *images;		/* units: of each */
	size_t width;		/* strata + 1: all images are the last */
	double *scale;		/* width: 1 / N[c]^2 */
	double *weight;		/* parts: 1 / share[p] */
	double empty;		/* the penalty of an empty part */
	double *target;		/* parts x width: share[p] N[c] */
	double *d;		/* parts x width: the deviations */
	size_t *members;	/* parts: units in each */
	uint32_t *part;		/* units */
};

/* --- The counts ----------------------------------------------------------- */

/*
 * Sort the N entries ORDER by KEY, stably, into SORTED; FIRST, of KEYS + 1
 * elements, receives where each key begins.  An entry is a row in one stratum.
 */
static void
sort_by_key(const uint32_t *order, size_t n, const uint32_t *key, size_t keys,
    size_t *first, uint32_t *sorted)
{
	size_t i;

	memset(first, 0, (keys + 1) * sizeof(*first));
	for (i = 0; i < n; i++)
		first[key[order[i]] + 1]++;
	for (i = 0; i < keys; i++)
		first[i + 1] += first[i];
	for (i = 0; i < n; i++)
		sorted[first[key[order[i]]]++] = order[i];
	for (i = keys; i > 0; i--)
		first[i] = first[i - 1];
	first[0] = 0;
}

/* Merge the entries of each unit, sorted by stratum, into counts. */
static void
count_entries(struct state *s, const uint32_t *sorted)
{
	const struct mc_split *in = s->in;
	size_t u, i, n = 0, begin = 0, end;
	uint32_t stratum;

	s->count = mc_xreallocarray(NULL, in->first[in->rows] + 1,
	    sizeof(*s->count));
	for (u = 0; u < in->units; u++) {
		end = s->start[u + 1];
		s->start[u] = n;
		for (i = begin; i < end; i++) {
			stratum = in->stratum[sorted[i]];
			if (i > begin && s->count[n - 1].stratum == stratum)
				s->count[n - 1].n++;
			else
				s->count[n++] = (struct count){ stratum, 1 };
		}
		begin = end;
	}
	s->start[u] = n;
}

/* Whether each row is in one stratum: entry i is row i. */
static bool
entries_are_rows(const struct mc_split *in)
{
	size_t row = 0;

	while (row <= in->rows && in->first[row] == row)
		row++;
	return row > in->rows;
}

static void
build_counts(struct state *s)
{
	const struct mc_split *in = s->in;
	size_t n = in->first[in->rows], row, i;
	uint32_t *order = mc_xreallocarray(NULL, n + 1, sizeof(*order));
	uint32_t *sorted = mc_xreallocarray(NULL, n + 1, sizeof(*sorted));
	uint32_t *own = entries_are_rows(in) ? NULL :
	    mc_xreallocarray(NULL, n + 1, sizeof(*own));
	const uint32_t *unit = own != NULL ? own : in->unit;
	size_t *first = mc_xreallocarray(NULL, in->strata + 1, sizeof(*first));

	s->images = mc_xcalloc(in->units, sizeof(*s->images));
	for (row = 0; row < in->rows; row++) {
		s->images[in->unit[row]]++;
		for (i = in->first[row]; i < in->first[row + 1]; i++) {
			order[i] = (uint32_t)i;
			if (own != NULL)
				own[i] = in->unit[row];
		}
	}
	sort_by_key(order, n, in->stratum, in->strata, first, sorted);
	s->start = mc_xreallocarray(NULL, in->units + 1, sizeof(*s->start));
	sort_by_key(sorted, n, unit, in->units, s->start, order);
	count_entries(s, order);
	free(order);
	free(sorted);
	free(own);
	free(first);
}

static void
build_targets(struct state *s)
{
	const struct mc_split *in = s->in;
	double *n = mc_xcalloc(s->width, sizeof(*n)), sum = 0;
	size_t i, p, c;

	for (i = 0; i < in->first[in->rows]; i++)
		n[in->stratum[i]]++;
	n[in->strata] = (double)in->rows;
	for (p = 0; p < in->parts; p++)
		sum += in->share[p];
	s->scale = mc_xcalloc(s->width, sizeof(*s->scale));
	s->target = mc_xcalloc(in->parts * s->width, sizeof(*s->target));
	s->weight = mc_xcalloc(in->parts, sizeof(*s->weight));
	for (p = 0; p < in->parts; p++) {
		s->weight[p] = sum / in->share[p];
		s->empty = fmax(s->empty, EMPTY_PENALTY * s->weight[p]);
	}
	for (c = 0; c < s->width; c++) {
		if (n[c] > 0)
			s->scale[c] = 1 / (n[c] * n[c]);
		for (p = 0; p < in->parts; p++)
			s->target[p * s->width + c] = in->share[p] / sum * n[c];
	}
	free(n);
}

/* --- Moving units --------------------------------------------------------- */

/* Add unit U to part P (SIGN 1), or take it out (-1). */
static void
put(struct state *s, size_t u, size_t p, double sign)
{
	double *d = s->d + p * s->width;
	size_t i;

	for (i = s->start[u]; i < s->start[u + 1]; i++)
		d[s->count[i].stratum] += sign * s->count[i].n;
	d[s->in->strata] += sign * s->images[u];
	s->members[p] += sign > 0 ? 1 : (size_t)-1;
	s->part[u] = (uint32_t)p;
}

static void
move(struct state *s, size_t u, size_t q)
{
	put(s, u, s->part[u], -1);
	put(s, u, q, 1);
}

/* What the objective changes by when unit U moves to part Q. */
static double
change(const struct state *s, size_t u, size_t q)
{
	size_t p = s->part[u], all = s->in->strata, i;
	const double *dp = s->d + p * s->width, *dq = s->d + q * s->width;
	double wp = s->weight[p], wq = s->weight[q], k = s->images[u], sum;

	sum = k * ((k + 2 * dq[all]) * wq + (k - 2 * dp[all]) * wp) *
	    s->scale[all];
	for (i = s->start[u]; i < s->start[u + 1]; i++) {
		size_t c = s->count[i].stratum;

		k = s->count[i].n;
		sum += k * ((k + 2 * dq[c]) * wq + (k - 2 * dp[c]) * wp) *
		    s->scale[c];
	}
	return sum;
}

/* The same, and what it changes in how many parts are empty. */
static double
change_of_move(const struct state *s, size_t u, size_t q)
{
	double sum = change(s, u, q);

	if (s->members[s->part[u]] == 1)
		sum += s->empty;
	if (s->members[q] == 0)
		sum -= s->empty;
	return sum;
}

/* The part to begin with for unit U, which is in none. */
static size_t
best_part(const struct state *s, size_t u)
{
	double k = s->images[u], sum, least = 0;
	size_t all = s->in->strata, best = 0, p, i;

	for (p = 0; p < s->in->parts; p++) {
		const double *d = s->d + p * s->width;

		sum = k * (2 * d[all] + k) * s->scale[all];
		for (i = s->start[u]; i < s->start[u + 1]; i++) {
			size_t c = s->count[i].stratum;
			double n = s->count[i].n;

			sum += n * (2 * d[c] + n) * s->scale[c];
		}
		sum *= s->weight[p];
		if (p == 0 || sum < least) {
			least = sum;
			best = p;
		}
	}
	return best;
}

/* Move each unit to where it helps most.  Returns whether any was moved. */
static bool
move_pass(struct state *s, const uint32_t *order)
{
	bool moved = false;
	size_t i, q;

	for (i = 0; i < s->in->units; i++) {
		size_t u = order[i], best = s->part[u];
		double least = -EPSILON, c;

		for (q = 0; q < s->in->parts; q++) {
			if (q == s->part[u])
				continue;
			c = change_of_move(s, u, q);
			if (c < least) {
				least = c;
				best = q;
			}
		}
		if (best != s->part[u]) {
			move(s, u, best);
			moved = true;
		}
	}
	return moved;
}

/* How many units the one at a place in the order is tried with. */
static size_t
partners(const struct state *s)
{
	return s->in->units <= SWAP_UNITS ? s->in->units : SWAP_NEXT;
}

/* The unit number K that the one at place I of ORDER is tried with. */
static size_t
partner(const struct state *s, const uint32_t *order, size_t i, size_t k)
{
	size_t n = s->in->units;

	return n <= SWAP_UNITS ? k : order[(i + 1 + k) % n];
}

/*
 * Swap the unit at place I of ORDER with the one that helps most.  Returns
 * whether there is one.
 */
static bool
swap_unit(struct state *s, const uint32_t *order, size_t i)
{
	size_t u = order[i], p = s->part[u], best = s->in->units, q, v, k;
	double least = -EPSILON, c, first;

	for (q = 0; q < s->in->parts; q++) {
		if (q == p)
			continue;
		first = change(s, u, q);
		move(s, u, q);
		for (k = 0; k < partners(s); k++) {
			v = partner(s, order, i, k);
			if (s->part[v] != q || v == u)
				continue;
			c = first + change(s, v, p);
			if (c < least) {
				least = c;
				best = v;
			}
		}
		move(s, u, p);
	}
	if (best == s->in->units)
		return false;
	move(s, u, s->part[best]);
	move(s, best, p);
	return true;
}

static bool
swap_pass(struct state *s, const uint32_t *order)
{
	bool swapped = false;
	size_t i;

	for (i = 0; i < s->in->units; i++)
		swapped |= swap_unit(s, order, i);
	return swapped;
}

static double
objective(const struct state *s)
{
	double sum = 0;
	size_t p, c;

	for (p = 0; p < s->in->parts; p++) {
		for (c = 0; c < s->width; c++) {
			double d = s->d[p * s->width + c];

			sum += d * d * s->scale[c] * s->weight[p];
		}
		if (s->members[p] == 0)
			sum += s->empty;
	}
	return sum;
}

/* --- The search ----------------------------------------------------------- */

struct weighed {
	double weight;
	uint32_t unit, rank;	/* its place in the random order */
};

static int
compare_weights(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->rank < y->rank ? -1 : 1;
}

/* Sort ORDER by what each unit weighs in its classes, the heaviest first. */
static void
sort_by_weight(const struct state *s, uint32_t *order)
{
	size_t n = s->in->units, i, j;
	struct weighed *w = mc_xreallocarray(NULL, n, sizeof(*w));

	for (i = 0; i < n; i++) {
		w[i] = (struct weighed){ 0, order[i], (uint32_t)i };
		for (j = s->start[order[i]]; j < s->start[order[i] + 1]; j++)
			w[i].weight += (double)s->count[j].n * s->count[j].n *
			    s->scale[s->count[j].stratum];
	}
	qsort(w, n, sizeof(*w), compare_weights);
	for (i = 0; i < n; i++)
		order[i] = w[i].unit;
	free(w);
}

/* One division from the beginning ORDER, into s->part. */
static double
search(struct state *s, const uint32_t *order)
{
	size_t n = s->in->parts * s->width, i;

	for (i = 0; i < n; i++)
		s->d[i] = -s->target[i];
	memset(s->members, 0, s->in->parts * sizeof(*s->members));
	for (i = 0; i < s->in->units; i++)
		put(s, order[i], best_part(s, order[i]), 1);
	while (move_pass(s, order) || swap_pass(s, order))
		;
	return objective(s);
}

/*
 * The first beginning is sorted by weight, which suffices for many units; the
 * others are as the shuffle left them.
 */
static double
search_all(struct state *s, gsl_rng *rng, uint32_t *part)
{
	size_t n = s->in->units, starts = START_UNITS / n, i, u;
	uint32_t *order = mc_xreallocarray(NULL, n, sizeof(*order));
	double least = 0, sum;

	starts = starts < 1 ? 1 : starts > MOST_STARTS ? MOST_STARTS : starts;
	for (u = 0; u < n; u++)
		order[u] = (uint32_t)u;
	for (i = 0; i < starts; i++) {
		gsl_ran_shuffle(rng, order, n, sizeof(*order));
		if (i == 0)
			sort_by_weight(s, order);
		sum = search(s, order);
		if (i > 0 && sum > least - EPSILON)
			continue;
		least = sum;
		memcpy(part, s->part, n * sizeof(*part));
	}
	free(order);
	return least;
}

double
mc_split_units(const struct mc_split *in, uint64_t seed, const char *purpose,
    uint32_t *part)
{
	struct state s = { .in = in, .width = in->strata + 1 };
	gsl_rng *rng = mc_stream_alloc(seed, purpose, 0);
	double least;

	build_counts(&s);
	build_targets(&s);
	s.d = mc_xcalloc(in->parts * s.width, sizeof(*s.d));
	s.members = mc_xcalloc(in->parts, sizeof(*s.members));
	s.part = mc_xcalloc(in->units, sizeof(*s.part));
	least = search_all(&s, rng, part);
	gsl_rng_free(rng);
	free(s.start);
	free(s.count);
	free(s.images);
	free(s.scale);
	free(s.target);
	free(s.weight);
	free(s.d);
	free(s.members);
	free(s.part);
	return least;
}
