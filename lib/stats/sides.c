/* sides.c - evaluate metrics on the sides of a comparison. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/reweighted.h"
#include "stats/sides.h"

static void
find_values(struct mc_side_values *v, size_t side)
{
	const struct mc_side *x = &v->sides[side];
	size_t s, i;

	mc_side_values_remark(v, side, x->seeds);
	v->seeds[side] = mc_xcalloc(v->n * x->n, sizeof(double));
	for (s = 0; s < x->n; s++) {
		struct mc_scorer *scorer = mc_scorer_alloc(x->seeds[s],
		    v->specs, v->n);
		struct mc_reweighted *w = mc_reweighted_alloc(scorer);

		for (i = 0; i < v->n; i++) {
			double value = mc_reweighted_estimate(w, i);

			v->seeds[side][i * x->n + s] = value;
			v->no_ratio[side * v->n + i] |= !isnan(value) &&
			    isnan(mc_reweighted_value(w, i));
		}
		mc_reweighted_free(w);
		mc_scorer_free(scorer);
	}
}

struct mc_side_values *
mc_side_values_alloc(const struct mc_side *sides, size_t n_sides,
    const struct mc_metric_spec *specs, size_t n)
{
	struct mc_side_values *v = mc_side_values_empty(sides, n_sides, 1,
	    specs, n);
	size_t side, i;

	for (side = 0; side < n_sides; side++)
		find_values(v, side);
	for (i = 0; i < n_sides * n; i++)
		v->used[i] = true;
	return v;
}

struct mc_side_values *
mc_side_values_empty(const struct mc_side *sides, size_t n_sides,
    size_t n_tasks, const struct mc_metric_spec *specs, size_t n)
{
	struct mc_side_values *v = mc_xcalloc(1, sizeof(*v));

	v->sides = sides;
	v->n_sides = n_sides;
	v->specs = specs;
	v->n = n;
	v->n_tasks = n_tasks;
	v->used = mc_xcalloc(n_sides * n * n_tasks, sizeof(*v->used));
	v->samples = mc_xcalloc(n_sides, sizeof(*v->samples));
	v->remarks = mc_xcalloc(n_sides, sizeof(*v->remarks));
	v->seeds = mc_xcalloc(n_sides, sizeof(*v->seeds));
	v->no_ratio = mc_xcalloc(n_sides * n, sizeof(*v->no_ratio));
	return v;
}

void
mc_side_values_remark(struct mc_side_values *v, size_t side,
    const struct mc_sample *const *samples)
{
	size_t all = v->n_tasks * v->sides[side].n, k;

	v->samples[side] = samples;
	v->remarks[side] = mc_xcalloc(all, sizeof(**v->remarks));
	for (k = 0; k < all; k++) {
		if (samples[k] != NULL)
			v->remarks[side][k] = mc_remarks_alloc(samples[k]);
	}
}

void
mc_side_values_free(struct mc_side_values *v)
{
	size_t side, k;

	if (v == NULL)
		return;
	for (side = 0; side < v->n_sides; side++) {
		for (k = 0; k < v->n_tasks * v->sides[side].n; k++)
			mc_remarks_free(v->remarks[side][k]);
		free(v->remarks[side]);
		free(v->seeds[side]);
	}
	free(v->used);
	free(v->samples);
	free(v->remarks);
	free(v->seeds);
	free(v->no_ratio);
	free(v);
}

double
mc_side_mean(const struct mc_side_values *v, size_t side, size_t i)
{
	size_t n = v->sides[side].n;

	return gsl_stats_mean(v->seeds[side] + i * n, 1, n);
}

double
mc_side_set_mean(const struct mc_side_values *v, size_t side, size_t i,
    size_t set)
{
	const struct mc_side *x = &v->sides[side];
	size_t each = x->n / x->n_sets;

	return gsl_stats_mean(v->seeds[side] + i * x->n + set * each, 1, each);
}

void
mc_mean_over_seeds(const double *values, size_t seeds, size_t step,
    size_t count, double *mean)
{
	double sum;
	size_t s, i;

	for (i = 0; i < count; i++) {
		sum = values[i];
		for (s = 1; s < seeds; s++)
			sum += values[s * step + i];
		mean[i] = sum / (double)seeds;
	}
}

void
mc_side_replicates(const struct mc_side_values *v, size_t first,
    size_t n_sides, const struct mc_resampling *how, double *values)
{
	size_t each = v->n * (size_t)how->replicates, all = 0, side, s;
	const struct mc_side *sides = v->sides + first;
	const struct mc_sample **samples;
	double *own;

	for (side = 0; side < n_sides; side++)
		all += sides[side].n;
	samples = mc_xcalloc(all, sizeof(*samples));
	own = mc_xreallocarray(NULL, all * each, sizeof(*own));
	for (side = all = 0; side < n_sides; side++) {
		for (s = 0; s < sides[side].n; s++)
			samples[all++] = sides[side].seeds[s];
	}
	mc_bootstrap(samples, all, v->specs, v->n, how, own, NULL);
	for (side = all = 0; side < n_sides; all += sides[side++].n)
		mc_mean_over_seeds(own + all * each, sides[side].n, each, each,
		    values + side * each);
	free(own);
	free(samples);
}

/* The remarks on sample K of SIDE, if its task counts in metric I; or NULL. */
static const struct mc_remarks *
remarks_of(const struct mc_side_values *v, size_t side, size_t i, size_t k)
{
	const bool *used = v->used + (side * v->n + i) * v->n_tasks;

	return used[k / v->sides[side].n] ? v->remarks[side][k] : NULL;
}

size_t
mc_side_deciding_units(const struct mc_side_values *v, size_t side, size_t i)
{
	size_t fewest = SIZE_MAX, k, n;

	for (k = 0; k < v->n_tasks * v->sides[side].n; k++) {
		const struct mc_remarks *r = remarks_of(v, side, i, k);

		if (r == NULL)
			continue;
		n = mc_remarks_deciding_units(r, &v->specs[i]);
		fewest = n < fewest ? n : fewest;
	}
	return fewest;
}

bool
mc_side_few_units(const struct mc_side_values *v, size_t side, size_t i,
    double value, size_t n_units)
{
	size_t k;

	for (k = 0; k < v->n_tasks * v->sides[side].n; k++) {
		const struct mc_remarks *r = remarks_of(v, side, i, k);

		if (r != NULL && mc_remarks_few_of(r, &v->specs[i], value,
		    n_units > 0 ? n_units : mc_remarks_units(r)))
			return true;
	}
	return false;
}
