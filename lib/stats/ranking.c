/*
 * ranking.c - what follows from the order of the images by the probability of
 * one class.
 *
 * An image is one number: its unit, whether it is the last of those that share
 * its score (probability and log odds), and whether it is of the class; so that
 * a replicate reads one short array from end to end.  Among images of the same
 * score those of the class come first: counting the rest before each then
 * leaves out the pairs of a tie, which are counted apart, since most tables
 * have few.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/ranking.h"

#define OF_CLASS	1u
#define ENDS_TIE	2u
#define UNIT_SHIFT	2

/* Images first to end - 1 have one score and are of both kinds. */
struct tie {
	size_t first, end;
};

struct mc_ranking {
	size_t n, n_units;
	uint32_t *image;	/* n, by rising score */
	size_t n_ties, ties_cap;
	struct tie *ties;
	size_t n_distinct;	/* scores */
	double *p;		/* n_distinct, their probabilities, rising */
	size_t n_classes, class_index;
	uint16_t *label;	/* n, in the order of image */
};

/* --- Sorting -------------------------------------------------------------- */

struct scored {
	double p, o;		/* o is 0 where the sample has none */
	uint32_t image;		/* as in mc_ranking */
	uint16_t label;
};

static int
compare_scored(const void *va, const void *vb)
{
	const struct scored *a = va, *b = vb;
	uint32_t a_class = a->image & OF_CLASS, b_class = b->image & OF_CLASS;

	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	if (a->o != b->o)
		return a->o < b->o ? -1 : 1;
	if (a_class != b_class)
		return a_class > b_class ? -1 : 1;
	if (a->image != b->image)
		return a->image < b->image ? -1 : 1;
	return (a->label > b->label) - (a->label < b->label);
}

static void
find_ties(struct mc_ranking *r, struct scored *order)
{
	size_t first, end;

	for (first = 0; first < r->n; first = end) {
		for (end = first + 1; end < r->n &&
		    order[end].p == order[first].p &&
		    order[end].o == order[first].o; end++)
			;
		r->p[r->n_distinct++] = order[first].p;
		/* Of both kinds: the class is first, the rest last. */
		if (((order[first].image ^ order[end - 1].image) & OF_CLASS) !=
		    0) {
			r->ties = mc_xgrow(r->ties, r->n_ties, &r->ties_cap,
			    sizeof(*r->ties));
			r->ties[r->n_ties++] = (struct tie){ first, end };
		}
		order[end - 1].image |= ENDS_TIE;
	}
}

struct mc_ranking *
mc_ranking_alloc(const struct mc_sample *s, size_t class_index)
{
	struct mc_ranking *r = mc_xcalloc(1, sizeof(*r));
	struct scored *order = mc_xcalloc(s->n, sizeof(*order));
	size_t i;

	r->n = s->n;
	r->n_units = s->n_units;
	r->n_classes = s->n_classes;
	r->class_index = class_index;
	r->image = mc_xcalloc(s->n, sizeof(*r->image));
	r->label = mc_xcalloc(s->n, sizeof(*r->label));
	r->p = mc_xcalloc(s->n, sizeof(*r->p));
	for (i = 0; i < s->n; i++) {
		order[i].p = s->p[i * s->n_classes + class_index];
		if (s->o != NULL)
			order[i].o = s->o[i * s->n_classes + class_index];
		order[i].image = s->unit[i] << UNIT_SHIFT;
		order[i].label = (uint16_t)s->label[i];
		if ((size_t)s->label[i] == class_index)
			order[i].image |= OF_CLASS;
	}
	qsort(order, s->n, sizeof(*order), compare_scored);
	find_ties(r, order);
	for (i = 0; i < s->n; i++) {
		r->image[i] = order[i].image;
		r->label[i] = order[i].label;
	}
	free(order);
	return r;
}

void
mc_ranking_free(struct mc_ranking *r)
{
	if (r == NULL)
		return;
	free(r->image);
	free(r->ties);
	free(r->p);
	free(r->label);
	free(r);
}

static inline uint64_t
weight(uint32_t image, const uint32_t *times)
{
	return times != NULL ? times[image >> UNIT_SHIFT] : 1;
}

/* --- AUROC ---------------------------------------------------------------- */

/* Sums of weights, over images and over pairs of them. */
struct pairs {
	uint64_t of_class, rest;
	uint64_t ordered;	/* one of the rest before one of the class */
};

static struct pairs
count_pairs(const struct mc_ranking *r, size_t first, size_t end,
    const uint32_t *times)
{
	struct pairs c = { 0, 0, 0 };
	size_t i;

	for (i = first; i < end; i++) {
		uint32_t image = r->image[i];
		uint64_t w = weight(image, times);
		/* No branch on the class, which would be mispredicted. */
		uint64_t w_class = w & -(uint64_t)(image & OF_CLASS);

		c.ordered += w_class * c.rest;
		c.of_class += w_class;
		c.rest += w - w_class;
	}
	return c;
}

double
mc_ranking_auroc(const struct mc_ranking *r, const uint32_t *times,
    double *positives)
{
	struct pairs all = count_pairs(r, 0, r->n, times);
	uint64_t twice = 2 * all.ordered;	/* a tied pair counts half */
	size_t i;

	for (i = 0; i < r->n_ties; i++) {
		struct pairs tie = count_pairs(r, r->ties[i].first,
		    r->ties[i].end, times);

		twice += tie.of_class * tie.rest;
	}
	*positives = (double)all.of_class;
	if (all.of_class == 0 || all.rest == 0)
		return NAN;
	return (double)twice /
	    (2.0 * (double)all.of_class * (double)all.rest);
}

void
mc_ranking_pairwise_auc(const struct mc_ranking *r, const uint32_t *times,
    double *a)
{
	/* Twice the pairs in which the class is below j, a tie counted once. */
	uint64_t *below = mc_xcalloc(r->n_classes, sizeof(*below));
	uint64_t *n = mc_xcalloc(r->n_classes, sizeof(*n));
	uint64_t of_class = 0, in_tie;
	size_t first, end, i, k;

	for (first = 0; first < r->n; first = end) {
		in_tie = 0;
		for (end = first; ; end++) {
			if ((r->image[end] & OF_CLASS) != 0)
				in_tie += weight(r->image[end], times);
			if ((r->image[end] & ENDS_TIE) != 0)
				break;
		}
		end++;
		for (i = first; i < end; i++) {
			uint64_t w = weight(r->image[i], times);

			n[r->label[i]] += w;
			below[r->label[i]] += w * (2 * of_class + in_tie);
		}
		of_class += in_tie;
	}
	for (k = 0; k < r->n_classes; k++) {
		a[k] = NAN;
		if (k != r->class_index && n[k] > 0 && of_class > 0)
			a[k] = 1 - (double)below[k] / (2.0 * (double)n[k] *
			    (double)of_class);
	}
	free(below);
	free(n);
}

double
mc_ranking_placements(const struct mc_ranking *r, const uint32_t *times,
    struct mc_placement *placement)
{
	struct pairs all = count_pairs(r, 0, r->n, times), done = { 0, 0, 0 };
	double positives, auroc = mc_ranking_auroc(r, times, &positives);
	double per_class = 1 / (2.0 * (double)all.of_class);
	double per_rest = 1 / (2.0 * (double)all.rest);
	size_t first, end, i;

	memset(placement, 0, r->n_units * sizeof(*placement));
	for (first = 0; first < r->n; first = end) {
		struct pairs tie;

		for (end = first; (r->image[end] & ENDS_TIE) == 0; end++)
			;
		end++;
		tie = count_pairs(r, first, end, times);
		for (i = first; i < end; i++) {
			uint32_t image = r->image[i];
			struct mc_placement *u =
			    &placement[image >> UNIT_SHIFT];

			if ((image & OF_CLASS) != 0) {
				u->of_class += per_rest *
				    (double)(2 * done.rest + tie.rest);
				u->n_class++;
			} else {
				u->rest += per_class * (double)(2 *
				    (all.of_class - done.of_class) -
				    tie.of_class);
				u->n_rest++;
			}
		}
		done.of_class += tie.of_class;
		done.rest += tie.rest;
	}
	return auroc;
}

/* --- Thresholds ----------------------------------------------------------- */

double
mc_ranking_average_precision(const struct mc_ranking *r,
    const uint32_t *times)
{
	uint64_t of_class = 0, seen = 0, step = 0;
	double sum = 0;
	size_t i;

	/* From the top; a tie is over where the next image below ends one. */
	for (i = r->n; i-- > 0;) {
		uint32_t image = r->image[i];
		uint64_t w = weight(image, times);

		seen += w;
		if ((image & OF_CLASS) != 0)
			step += w;
		if (i > 0 && (r->image[i - 1] & ENDS_TIE) == 0)
			continue;
		if (step > 0) {
			of_class += step;
			sum += (double)step * (double)of_class / (double)seen;
			step = 0;
		}
	}
	return of_class > 0 ? sum / (double)of_class : NAN;
}

bool
mc_reaches_share(uint64_t count, uint64_t n, double share)
{
	return (double)count >= share * (double)n - 1e-9;
}

double
mc_ranking_sensitivity(const struct mc_ranking *r, const uint32_t *times,
    double specificity)
{
	struct pairs all = count_pairs(r, 0, r->n, times);
	uint64_t of_class = 0, rest = 0, best = 0;
	size_t i;

	if (all.of_class == 0 || all.rest == 0)
		return NAN;
	for (i = r->n; i-- > 0;) {
		uint32_t image = r->image[i];

		if ((image & OF_CLASS) != 0)
			of_class += weight(image, times);
		else
			rest += weight(image, times);
		if (!mc_reaches_share(all.rest - rest, all.rest, specificity))
			break;
		if (i == 0 || (r->image[i - 1] & ENDS_TIE) != 0)
			best = of_class;
	}
	return (double)best / (double)all.of_class;
}

double
mc_ranking_specificity(const struct mc_ranking *r, const uint32_t *times,
    double sensitivity)
{
	struct pairs all = count_pairs(r, 0, r->n, times);
	uint64_t of_class = 0, rest = 0;
	size_t i;

	if (all.of_class == 0 || all.rest == 0)
		return NAN;
	if (mc_reaches_share(0, all.of_class, sensitivity))
		return 1;	/* the threshold above all p */
	for (i = r->n; i-- > 0;) {
		uint32_t image = r->image[i];

		if ((image & OF_CLASS) != 0)
			of_class += weight(image, times);
		else
			rest += weight(image, times);
		if (mc_reaches_share(of_class, all.of_class, sensitivity) &&
		    (i == 0 || (r->image[i - 1] & ENDS_TIE) != 0))
			break;
	}
	return (double)(all.rest - rest) / (double)all.rest;
}

size_t
mc_ranking_thresholds(const struct mc_ranking *r)
{
	return r->n_distinct;
}

void
mc_ranking_counts(const struct mc_ranking *r, const uint32_t *times,
    struct mc_threshold_counts *points)
{
	struct mc_threshold_counts now = { 0, 0, 0 };
	size_t i, d = 0;

	for (i = r->n; i-- > 0;) {
		uint32_t image = r->image[i];

		if ((image & OF_CLASS) != 0)
			now.of_class += weight(image, times);
		else
			now.rest += weight(image, times);
		if (i == 0 || (r->image[i - 1] & ENDS_TIE) != 0) {
			now.p = r->p[r->n_distinct - 1 - d];
			points[d++] = now;
		}
	}
}
