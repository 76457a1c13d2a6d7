/* cases.c - choose images of a run for somebody to look at. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"
#include "study/cases.h"

/* An image and what it is ordered by: `key`, then `tie`, then its number. */
struct candidate {
	size_t image;
	double margin;
	double key, tie;	/* the smaller ones come first */
	uint64_t order;		/* likewise, before key */
};

uint64_t
mc_case_order(uint64_t seed, const char *id)
{
	return mc_stream_hash(seed, "montage", 0, mc_fnv1a64(id, strlen(id)));
}

static double
margin_of_threshold(const struct mc_threshold *t, double p)
{
	if (p < t->at)
		return (t->at - p) / t->at;
	return p > t->at ? (p - t->at) / (1 - t->at) : 0;
}

/* The margin of IMAGE of S; NAN: S has no probabilities. */
static double
margin_of(const struct mc_sample *s, size_t image)
{
	size_t predicted = (size_t)s->predicted[image], k;
	const double *p;
	double other = 0;

	if (s->p == NULL)
		return NAN;
	p = s->p + image * s->n_classes;
	if (s->threshold != NULL)
		return margin_of_threshold(s->threshold, p[s->threshold->of]);
	for (k = 0; k < s->n_classes; k++) {
		if (k != predicted && p[k] > other)
			other = p[k];
	}
	return p[predicted] - other;
}

static int
compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->tie != y->tie)
		return x->tie < y->tie ? -1 : 1;
	return x->image < y->image ? -1 : x->image > y->image;
}

/* Image I of X as a candidate of KIND. */
static struct candidate
make_candidate(const struct mc_run_sample *x, size_t i, enum mc_case_kind kind,
    uint64_t seed)
{
	const struct mc_sample *s = &x->s;
	struct candidate c = { .image = i, .margin = margin_of(s, i) };
	double sign = kind == MC_CASES_MISTAKES ? -1 : 1;

	if (kind == MC_CASES_RANDOM) {
		c.order = mc_case_order(seed, mc_run_id(x->run, i));
		return c;
	}
	c.key = sign * c.margin;
	if (s->o != NULL)
		c.tie = sign * s->o[i * s->n_classes +
		    (size_t)s->predicted[i]];
	return c;
}

/* Add the first of the images of LABEL, or of all where it is -1. */
static void
add_group(struct mc_cases *cases, const struct mc_run_sample *x, int label,
    enum mc_case_kind kind, size_t most, uint64_t seed)
{
	const struct mc_sample *s = &x->s;
	struct candidate *all = mc_xcalloc(s->n, sizeof(*all));
	struct mc_case_group g = { .label = label, .first = cases->n };
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (label >= 0 && s->label[i] != label)
			continue;
		g.images++;
		if (kind != MC_CASES_MISTAKES ||
		    s->predicted[i] != s->label[i])
			all[g.of++] = make_candidate(x, i, kind, seed);
	}
	qsort(all, g.of, sizeof(*all), compare_candidates);
	g.n = g.of < most ? g.of : most;
	cases->cases = mc_xreallocarray(cases->cases, cases->n + g.n + 1,
	    sizeof(*cases->cases));
	for (i = 0; i < g.n; i++)
		cases->cases[cases->n++] = (struct mc_case){ all[i].image,
		    all[i].margin };
	cases->of += g.of;
	cases->images += g.images;
	if (g.images > 0)
		cases->groups[cases->n_groups++] = g;
	free(all);
}

enum mc_status
mc_cases_choose(struct mc_cases *cases, const struct mc_run_sample *x,
    enum mc_case_kind kind, struct mc_case_number number, uint64_t seed,
    struct mc_err *err)
{
	size_t k;

	memset(cases, 0, sizeof(*cases));
	if (kind != MC_CASES_RANDOM && x->s.p == NULL)
		return mc_err_set(err, MC_EDATA, "%s: has no p: columns, so "
		    "no prediction is more confident than another: only "
		    "random images can be shown", mc_run_file(x->run, 0));
	cases->groups = mc_xcalloc(x->s.n_classes, sizeof(*cases->groups));
	if (!number.per_class)
		add_group(cases, x, -1, kind, number.n, seed);
	for (k = 0; number.per_class && k < x->s.n_classes; k++)
		add_group(cases, x, (int)k, kind, number.n, seed);
	return MC_OK;
}

void
mc_cases_clear(struct mc_cases *cases)
{
	free(cases->cases);
	free(cases->groups);
	memset(cases, 0, sizeof(*cases));
}
