/* lbfgs.c - minimise a convex function of many variables. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/lbfgs.h"

#define PAIRS 20		/* steps that are remembered */
#define TRIES 60		/* of one line search */

/* Hager and Zhang's delta, sigma and the relative error of a value. */
#define DELTA 0.1
#define SIGMA 0.9
#define VALUE_ERROR 1e-8

struct point {
	double *x, *g, *mg;	/* mg: M^-1 g */
	double value;
};

struct search {
	const struct mc_objective *o;
	struct point here, next;
	double *direction, *q;
	double *s[PAIRS], *y[PAIRS];	/* a ring of steps, and of changes of g */
	double sy[PAIRS];		/* their products */
	size_t taken;			/* pairs so far */
	double scale;			/* of H0 */
	int64_t evaluations;
};

static double
dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Y += a X */
static void
add(double *y, double a, const double *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		y[i] += a * x[i];
}

static void
evaluate(struct search *k, struct point *p)
{
	p->value = k->o->value(p->x, p->g, k->o->arg);
	k->evaluations++;
}

/* The square root of g' M^-1 g at P. */
static double
decrement(const struct search *k, struct point *p)
{
	k->o->precondition(p->g, p->mg, k->o->arg);
	return sqrt(dot(p->g, p->mg, k->o->n));
}

/* The direction from here: -H g, by the two loops of algorithm 7.4. */
static void
find_direction(struct search *k)
{
	size_t n = k->o->n, i, j, stored = k->taken < PAIRS ? k->taken : PAIRS;
	double *q = k->q, *r = k->direction, alpha[PAIRS];

	memcpy(q, k->here.g, n * sizeof(*q));
	for (i = 0; i < stored; i++) {
		j = (k->taken - 1 - i) % PAIRS;
		alpha[j] = dot(k->s[j], q, n) / k->sy[j];
		add(q, -alpha[j], k->y[j], n);
	}
	k->o->precondition(q, r, k->o->arg);
	for (i = 0; i < n; i++)
		r[i] *= k->scale;
	for (i = stored; i-- > 0;) {
		j = (k->taken - 1 - i) % PAIRS;
		add(r, alpha[j] - dot(k->y[j], r, n) / k->sy[j], k->s[j], n);
	}
	for (i = 0; i < n; i++)
		r[i] = -r[i];
}

/* Go to the next point, STEP times the direction away; return the slope. */
static double
try_step(struct search *k, double step)
{
	size_t n = k->o->n;

	memcpy(k->next.x, k->here.x, n * sizeof(*k->next.x));
	add(k->next.x, step, k->direction, n);
	evaluate(k, &k->next);
	return dot(k->next.g, k->direction, n);
}

/* A step between LOW and HIGH, by their slopes, but not near either. */
static double
between(double low, double low_slope, double high, double high_slope)
{
	double part = low_slope / (low_slope - high_slope);

	if (!(part >= 0.1))
		part = 0.1;
	return low + (high - low) * (part > 0.9 ? 0.9 : part);
}

/* Find the next point along the direction; false: there is none. */
static bool
search_line(struct search *k)
{
	double start = dot(k->here.g, k->direction, k->o->n);
	double most = k->here.value + VALUE_ERROR * fabs(k->here.value);
	double low = 0, high = INFINITY, step = 1, slope;
	double low_slope = start, high_slope = NAN;
	int i;

	if (!(start < 0))
		return false;
	for (i = 0; i < TRIES; i++) {
		slope = try_step(k, step);
		if (!(k->next.value <= most) ||
		    slope > (2 * DELTA - 1) * start) {
			high = step;
			high_slope = slope > 0 ? slope : NAN;
		} else if (slope < SIGMA * start) {
			low = step;
			low_slope = slope;
		} else {
			return true;
		}
		step = isinf(high) ? 4 * step :
		    between(low, low_slope, high, high_slope);
	}
	return false;
}

/*
 * Remember the step from here to the next point, whose mg is known, and go
 * there.
 */
static void
take_step(struct search *k)
{
	size_t n = k->o->n, j = k->taken % PAIRS, i;
	struct point old = k->here;
	double square = 0;		/* y' M^-1 y */

	for (i = 0; i < n; i++) {
		k->s[j][i] = k->next.x[i] - old.x[i];
		k->y[j][i] = k->next.g[i] - old.g[i];
		square += k->y[j][i] * (k->next.mg[i] - old.mg[i]);
	}
	k->sy[j] = dot(k->s[j], k->y[j], n);
	if (k->sy[j] > 0 && square > 0) {
		k->scale = k->sy[j] / square;
		k->taken++;
	}
	k->here = k->next;
	k->next = old;
}

static void
alloc_point(struct point *p, size_t n)
{
	p->x = mc_xcalloc(n, sizeof(*p->x));
	p->g = mc_xcalloc(n, sizeof(*p->g));
	p->mg = mc_xcalloc(n, sizeof(*p->mg));
}

static void
free_point(struct point *p)
{
	free(p->x);
	free(p->g);
	free(p->mg);
}

static void
start_search(struct search *k, const struct mc_objective *o, const double *x)
{
	size_t n = o->n, i;

	memset(k, 0, sizeof(*k));
	k->o = o;
	k->scale = 1;
	alloc_point(&k->here, n);
	alloc_point(&k->next, n);
	k->direction = mc_xcalloc(n, sizeof(double));
	k->q = mc_xcalloc(n, sizeof(double));
	for (i = 0; i < PAIRS; i++) {
		k->s[i] = mc_xcalloc(n, sizeof(double));
		k->y[i] = mc_xcalloc(n, sizeof(double));
	}
	memcpy(k->here.x, x, n * sizeof(*x));
	evaluate(k, &k->here);
}

static void
end_search(struct search *k)
{
	size_t i;

	free_point(&k->here);
	free_point(&k->next);
	free(k->direction);
	free(k->q);
	for (i = 0; i < PAIRS; i++) {
		free(k->s[i]);
		free(k->y[i]);
	}
}

void
mc_lbfgs(const struct mc_objective *o, double tolerance, int64_t most,
    double *x, struct mc_minimum *minimum)
{
	struct search k;
	double left;

	start_search(&k, o, x);
	left = decrement(&k, &k.here);
	while (left > tolerance && k.evaluations < most) {
		find_direction(&k);
		if (!search_line(&k))
			break;
		left = decrement(&k, &k.next);
		take_step(&k);
	}
	memcpy(x, k.here.x, o->n * sizeof(*x));
	*minimum = (struct mc_minimum){ .value = k.here.value,
	    .decrement = left, .evaluations = k.evaluations,
	    .converged = left <= tolerance };
	end_search(&k);
}
