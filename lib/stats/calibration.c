/* calibration.c - measure the calibration of probabilities. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/calibration.h"
#include "stats/root.h"

/* --- Confidence ----------------------------------------------------------- */

struct guess {
	double confidence;
	uint32_t unit;
	bool right;
};

struct mc_confidence {
	size_t n;
	struct guess *guess;	/* n, by rising confidence */
};

static int
compare_guesses(const void *va, const void *vb)
{
	const struct guess *a = va, *b = vb;

	if (a->confidence != b->confidence)
		return a->confidence < b->confidence ? -1 : 1;
	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return a->right - b->right;
}

struct mc_confidence *
mc_confidence_alloc(const struct mc_sample *s)
{
	struct mc_confidence *c = mc_xcalloc(1, sizeof(*c));
	size_t i;

	c->n = s->n;
	c->guess = mc_xcalloc(s->n, sizeof(*c->guess));
	for (i = 0; i < s->n; i++) {
		const double *p = s->p + i * s->n_classes;
		size_t most = (size_t)s->predicted[i], k;

		/* Less than another where a threshold has predicted it. */
		for (k = 0; k < s->n_classes; k++)
			most = p[k] > p[most] ? k : most;
		c->guess[i] = (struct guess){ p[most], s->unit[i],
		    (size_t)s->label[i] == most };
	}
	qsort(c->guess, c->n, sizeof(*c->guess), compare_guesses);
	return c;
}

void
mc_confidence_free(struct mc_confidence *c)
{
	if (c == NULL)
		return;
	free(c->guess);
	free(c);
}

struct bin {
	double n, confidence, right;	/* sums of weights */
};

static double
weight(const uint32_t *times, uint32_t unit)
{
	return times != NULL ? times[unit] : 1;
}

static void
add_guess(struct bin *bin, const struct guess *g, const uint32_t *times)
{
	double w = weight(times, g->unit);

	bin->n += w;
	bin->confidence += w * g->confidence;
	bin->right += g->right ? w : 0;
}

static void
fill_width(const struct mc_confidence *c, const uint32_t *times,
    struct bin bins[MC_BINS])
{
	size_t i, b = 0;

	memset(bins, 0, MC_BINS * sizeof(*bins));
	for (i = 0; i < c->n; i++) {
		while (b + 1 < MC_BINS &&
		    c->guess[i].confidence > (double)(b + 1) / MC_BINS)
			b++;
		add_guess(&bins[b], &c->guess[i], times);
	}
}

static double
error_of_bins(const struct bin bins[MC_BINS])
{
	double sum = 0, n = 0;
	size_t b;

	for (b = 0; b < MC_BINS; b++) {
		sum += fabs(bins[b].right - bins[b].confidence);
		n += bins[b].n;
	}
	return sum / n;
}

double
mc_confidence_ece(const struct mc_confidence *c, const uint32_t *times)
{
	struct bin bins[MC_BINS];

	fill_width(c, times, bins);
	return error_of_bins(bins);
}

/* The mean of |X| where X is normal about MEAN: the folded normal's. */
static double
mean_distance(double mean, double sd)
{
	if (sd == 0)
		return fabs(mean);
	return sd * sqrt(2 / M_PI) * exp(-mean * mean / (2 * sd * sd)) +
	    mean * erf(mean / (sd * M_SQRT2));
}

double
mc_confidence_ece_debiased(const struct mc_confidence *c,
    const uint32_t *times)
{
	struct bin bins[MC_BINS];
	double by_chance = 0, n = 0;
	size_t b;

	fill_width(c, times, bins);
	for (b = 0; b < MC_BINS; b++) {
		double share, sd;

		if (bins[b].n == 0)
			continue;
		share = bins[b].right / bins[b].n;
		sd = sqrt(share * (1 - share) / bins[b].n);
		by_chance += bins[b].n * mean_distance(share -
		    bins[b].confidence / bins[b].n, sd);
		n += bins[b].n;
	}
	return 2 * error_of_bins(bins) - by_chance / n;
}

double
mc_confidence_ece_mass(const struct mc_confidence *c, const uint32_t *times)
{
	struct bin bins[MC_BINS];
	double n = 0, rank = 0;
	size_t first, end, i;

	memset(bins, 0, sizeof(bins));
	for (i = 0; i < c->n; i++)
		n += weight(times, c->guess[i].unit);
	for (first = 0; first < c->n; first = end) {
		double mass = 0;
		size_t b;

		for (end = first; end < c->n && c->guess[end].confidence ==
		    c->guess[first].confidence; end++)
			mass += weight(times, c->guess[end].unit);
		if (mass == 0)
			continue;
		/* Ranks rank to rank + mass - 1, whose middle is below n. */
		b = (size_t)(MC_BINS * (2 * rank + mass - 1) / (2 * n));
		for (i = first; i < end; i++)
			add_guess(&bins[b], &c->guess[i], times);
		rank += mass;
	}
	return error_of_bins(bins);
}

/* --- Logistic calibration ------------------------------------------------- */

struct mc_logits {
	size_t n;
	double *x;
	uint32_t *unit;
	bool *of_class;
};

struct mc_logits *
mc_logits_alloc(const struct mc_sample *s, size_t class_index)
{
	struct mc_logits *l = mc_xcalloc(1, sizeof(*l));
	size_t i;

	l->n = s->n;
	l->x = mc_xcalloc(s->n, sizeof(*l->x));
	l->unit = mc_xcalloc(s->n, sizeof(*l->unit));
	l->of_class = mc_xcalloc(s->n, sizeof(*l->of_class));
	for (i = 0; i < s->n; i++) {
		double p = s->p[i * s->n_classes + class_index];

		p = fmin(fmax(p, MC_LOGIT_MARGIN), 1 - MC_LOGIT_MARGIN);
		l->x[i] = log(p / (1 - p));
		l->unit[i] = s->unit[i];
		l->of_class[i] = (size_t)s->label[i] == class_index;
	}
	return l;
}

void
mc_logits_free(struct mc_logits *l)
{
	if (l == NULL)
		return;
	free(l->x);
	free(l->unit);
	free(l->of_class);
	free(l);
}

/* The log likelihood of a + b x, its gradient, and minus its curvature. */
struct likelihood {
	double log, da, db, daa, dab, dbb;
};

static struct likelihood
likelihood_at(const struct mc_logits *l, const uint32_t *times, double a,
    double b)
{
	struct likelihood f = { 0, 0, 0, 0, 0, 0 };
	size_t i;

	for (i = 0; i < l->n; i++) {
		double w = weight(times, l->unit[i]), x = l->x[i], e, p, v;

		if (w == 0)
			continue;
		e = a + b * x;
		/* log(1 + exp(e)) without overflow. */
		f.log += w * ((l->of_class[i] ? e : 0) -
		    (e > 0 ? e + log1p(exp(-e)) : log1p(exp(e))));
		p = 1 / (1 + exp(-e));
		v = w * p * (1 - p);
		p = w * ((l->of_class[i] ? 1 : 0) - p);
		f.da += p;
		f.db += p * x;
		f.daa += v;
		f.dab += v * x;
		f.dbb += v * x * x;
	}
	return f;
}

/* The images in their multiplicities, and where their log odds lie. */
struct reach {
	double n, min, max;
};

static void
find_reach(const struct mc_logits *l, const uint32_t *times,
    struct reach *of_class, struct reach *rest)
{
	size_t i;

	*of_class = *rest = (struct reach){ 0, INFINITY, -INFINITY };
	for (i = 0; i < l->n; i++) {
		struct reach *r = l->of_class[i] ? of_class : rest;
		double w = weight(times, l->unit[i]);

		if (w == 0)
			continue;
		r->n += w;
		r->min = fmin(r->min, l->x[i]);
		r->max = fmax(r->max, l->x[i]);
	}
}

#define MAX_STEPS	100
#define CONVERGED	1e-13

/* Maximize by Newton's method over A and, with SLOPE, B, halving bad steps. */
static bool
fit(const struct mc_logits *l, const uint32_t *times, bool slope, double *a,
    double *b)
{
	struct likelihood f = likelihood_at(l, times, *a, *b), next;
	int step, halving;

	for (step = 0; step < MAX_STEPS; step++) {
		double det = f.daa * f.dbb - f.dab * f.dab;
		double step_a = slope ? (f.dbb * f.da - f.dab * f.db) / det :
		    f.da / f.daa;
		double step_b = slope ? (f.daa * f.db - f.dab * f.da) / det : 0;

		if (!isfinite(step_a) || !isfinite(step_b))
			return false;
		for (halving = 0; halving < 60; halving++) {
			next = likelihood_at(l, times, *a + step_a,
			    *b + step_b);
			if (next.log >= f.log - 1e-12 * fabs(f.log))
				break;
			step_a /= 2;
			step_b /= 2;
		}
		*a += step_a;
		*b += step_b;
		f = next;
		if (fabs(step_a) <= CONVERGED * (1 + fabs(*a)) &&
		    fabs(step_b) <= CONVERGED * (1 + fabs(*b)))
			return true;
	}
	return false;
}

double
mc_logits_slope(const struct mc_logits *l, const uint32_t *times)
{
	struct reach of_class, rest;
	double a = 0, b = 1;

	find_reach(l, times, &of_class, &rest);
	if (of_class.n == 0 || rest.n == 0 || of_class.max <= rest.min ||
	    rest.max <= of_class.min)
		return NAN;
	return fit(l, times, true, &a, &b) ? b : NAN;
}

struct weighted {
	const struct mc_logits *l;
	const uint32_t *times;
};

/* The slope of the likelihood in the intercept A, which falls all the way. */
static double
slope_at(double a, void *params)
{
	const struct weighted *w = params;

	return likelihood_at(w->l, w->times, a, 1).da;
}

double
mc_logits_intercept(const struct mc_logits *l, const uint32_t *times)
{
	struct weighted w = { l, times };
	struct reach of_class, rest;
	double a = 0, b = 1;

	find_reach(l, times, &of_class, &rest);
	if (of_class.n == 0 || rest.n == 0)
		return NAN;
	if (fit(l, times, false, &a, &b))
		return a;
	/*
	 * Newton's steps run away where probabilities are near 0 and 1.  The
	 * maximum is there: 40 past the log odds, all are 0, or all are 1.
	 */
	return mc_root(slope_at, &w, -fmax(of_class.max, rest.max) - 40,
	    -fmin(of_class.min, rest.min) + 40);
}
