/* power.c - plan the size of a study: precision and power by patients. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/interval.h"
#include "stats/power.h"
#include "stats/remarks.h"
#include "stats/seed_variance.h"
#include "stats/sides.h"

/* A pilot of fewer units says little of its own spread. */
#define ENOUGH_PILOT	30

/* How many times a goal must be missed to be given up without a simulation. */
#define FAR_AWAY	2

/* Where a search begins that has no pilot. */
#define FIRST_UNITS	128

struct context {
	const struct mc_power_source *source;
	const struct mc_power_options *options;
	struct mc_side_values *values;	/* NULL: assumed */
	double **spread;	/* [side]: variance of metric i between seeds,
				   without what the pilot's units make of it;
				   NULL: fewer than MC_ENOUGH_SEEDS */
};

/* --- The pilot ------------------------------------------------------------ */

static size_t
n_seeds(const struct context *c, size_t side)
{
	return c->values == NULL ? 1 : c->source->sides[side].n;
}

static double
side_value(const struct context *c, size_t side, size_t i)
{
	return c->values == NULL ? c->source->assumed->value[side] :
	    mc_side_mean(c->values, side, i);
}

/*
 * The part of the variance between the N seeds of a side that chance in the
 * pilot's units explains: in replicate k of B the seeds' values are off from
 * OWN, those in the pilot, and the mean variance of that between seeds is what
 * units add to it.  VALUES[s * step + k] are the replicates of seed s.
 */
static double
explained(const double *own, size_t n, const double *values, size_t step,
    size_t b)
{
	double *off = mc_xcalloc(n, sizeof(*off)), sum = 0, here;
	size_t used = 0, k, s;

	for (k = 0; k < b; k++) {
		for (s = 0; s < n; s++)
			off[s] = values[s * step + k] - own[s];
		here = gsl_stats_variance(off, 1, n);
		if (isnan(here))
			continue;
		sum += here;
		used++;
	}
	free(off);
	return used > 0 ? sum / (double)used : 0;
}

/*
 * The variance between the seeds of SIDE that more units leave as it is: what
 * is seen less what is explained, and not less than 0.
 */
static void
find_spread(struct context *c, size_t side)
{
	const struct mc_power_source *source = c->source;
	const struct mc_side *x = &source->sides[side];
	struct mc_resampling how = c->options->how;
	size_t b = (size_t)how.replicates, i;
	double *all = mc_xreallocarray(NULL, x->n * source->n * b,
	    sizeof(*all));

	how.strata = NULL;
	how.draws = 0;
	how.by_unit = true;
	mc_bootstrap(x->seeds, x->n, source->specs, source->n, &how, all,
	    NULL);
	c->spread[side] = mc_xcalloc(source->n, sizeof(double));
	for (i = 0; i < source->n; i++) {
		const double *own = c->values->seeds[side] + i * x->n;

		c->spread[side][i] = fmax(0, gsl_stats_variance(own, 1, x->n) -
		    explained(own, x->n, all + i * b, source->n * b, b));
	}
	free(all);
}

static struct context *
context_alloc(const struct mc_power_source *source,
    const struct mc_power_options *options)
{
	struct context *c = mc_xcalloc(1, sizeof(*c));
	size_t side;

	c->source = source;
	c->options = options;
	c->spread = mc_xcalloc(source->n_sides, sizeof(*c->spread));
	if (source->assumed != NULL)
		return c;
	c->values = mc_side_values_alloc(source->sides, source->n_sides,
	    source->specs, source->n);
	for (side = 0; side < source->n_sides; side++) {
		if (source->n_sides > 1 && n_seeds(c, side) >= MC_ENOUGH_SEEDS)
			find_spread(c, side);
	}
	return c;
}

static void
context_free(struct context *c)
{
	size_t side;

	for (side = 0; side < c->source->n_sides; side++)
		free(c->spread[side]);
	free(c->spread);
	mc_side_values_free(c->values);
	free(c);
}

/* The units of the pilot; 0 without one. */
static size_t
pilot_units(const struct context *c)
{
	return c->values == NULL ? 0 :
	    mc_remarks_units(c->values->remarks[0][0]);
}

/* --- Studies -------------------------------------------------------------- */

/*
 * Simulate studies of N_UNITS units: the values of SIDE go to VALUES[i *
 * replicates + b], NAN where metric i is undefined.  With PAIRED, the values of
 * all sides are of the same studies.
 */
static void
simulate(const struct context *c, size_t side, size_t n_units, bool paired,
    double *values)
{
	struct mc_resampling how = c->options->how;

	how.strata = NULL;
	how.draws = (uint32_t)n_units;
	how.by_unit = paired;
	if (c->values == NULL)
		mc_parametric_studies(c->source->assumed, side, &how, values);
	else
		mc_side_replicates(c->values, side, 1, &how, values);
}

/* --- Remarks -------------------------------------------------------------- */

static bool
few_units(const struct context *c, size_t side, size_t i, size_t n_units)
{
	const struct mc_parametric *a = c->source->assumed;
	double rarer;

	if (a == NULL)
		return mc_side_few_units(c->values, side, i,
		    side_value(c, side, i), n_units);
	rarer = fmin(a->prevalence, 1 - a->prevalence);
	return mc_few_units((double)n_units, a->auroc ?
	    rarer * (double)n_units : INFINITY, a->value[side]);
}

/* On the values that P is based on, and why one of them is undefined. */
static void
remark_values(const struct context *c, const struct mc_contrast *x, size_t i,
    struct mc_planned_result *p)
{
	const struct mc_metric_spec *m = &c->source->specs[i];
	size_t side = x->b != MC_ALONE && !isnan(side_value(c, x->a, i)) ?
	    x->b : x->a;
	double value = side_value(c, side, i);

	if (c->source->assumed == NULL && (x->b == MC_ALONE || isnan(value)))
		mc_remarks_value(c->values->remarks[side][0], m, value,
		    &p->note);
	if (c->source->assumed == NULL && pilot_units(c) < ENOUGH_PILOT)
		mc_remark(&p->note,
		    "a pilot of %zu unit%s is too small to be reliable",
		    pilot_units(c), MC_PLURAL(pilot_units(c)));
	if (few_units(c, x->a, i, p->n_units) || (x->b != MC_ALONE &&
	    few_units(c, x->b, i, p->n_units)))
		mc_remark(&p->note, "few units: interval may be too narrow");
}

/* Whether the spread between the seeds of a side of X, or of both, counts. */
static bool
counts_seeds(const struct context *c, const struct mc_contrast *x)
{
	return x->b != MC_ALONE && (c->spread[x->a] != NULL ||
	    c->spread[x->b] != NULL);
}

/* What is known of the spread between the seeds of SIDE. */
static double
spread_of(const struct context *c, size_t side, size_t i)
{
	return c->spread[side] != NULL ? c->spread[side][i] : 0;
}

static void
remark_seeds(const struct context *c, const struct mc_contrast *x, size_t i,
    struct mc_planned_result *p)
{
	size_t n_a = n_seeds(c, x->a), n_b;
	char *name;

	if (x->b == MC_ALONE) {
		if (n_a > 1)
			mc_remark(&p->note, "mean over %zu training seeds: the "
			    "interval does not include seed-to-seed variation",
			    n_a);
		return;
	}
	n_b = n_seeds(c, x->b);
	if (counts_seeds(c, x) && spread_of(c, x->a, i) +
	    spread_of(c, x->b, i) == 0)
		mc_remark(&p->note, "the %zu and %zu training seeds differ by "
		    "no more than the pilot's units explain", n_a, n_b);
	else if (counts_seeds(c, x))
		mc_remark(&p->note, "includes seed-to-seed variation over %zu "
		    "and %zu training seeds, which more units do not reduce",
		    n_a, n_b);
	else if (n_a > 1 || n_b > 1)
		mc_remark(&p->note, "fewer than %d training seeds per arm: "
		    "seed-to-seed variation is not included", MC_ENOUGH_SEEDS);
	if (counts_seeds(c, x) && (c->spread[x->a] == NULL ||
	    c->spread[x->b] == NULL)) {
		name = mc_remark_name(c->source->sides[c->spread[x->a] ==
		    NULL ? x->a : x->b].name);
		mc_remark(&p->note, "fewer than %d training seeds of %s: its "
		    "seed-to-seed variation is not included",
		    MC_ENOUGH_SEEDS, name);
		free(name);
	}
}

/* --- Results -------------------------------------------------------------- */

/* The quantile beyond which lies TAIL; DF INFINITY: the normal one. */
static double
quantile(double tail, double df)
{
	return isinf(df) ? gsl_cdf_ugaussian_Qinv(tail) :
	    gsl_cdf_tdist_Qinv(tail, df);
}

static double
beyond(double x, double df)
{
	return isinf(df) ? gsl_cdf_ugaussian_Q(x) : gsl_cdf_tdist_Q(x, df);
}

/* A standard error, and its degrees of freedom. */
struct error {
	double se, df;
};

/* What follows from the standard error of a difference. */
static void
set_power(const struct context *c, struct mc_planned_result *p,
    const struct error *e)
{
	double z = quantile((1 - c->options->level) / 2, e->df);
	double off = fabs(p->estimate) / e->se;

	p->detectable = (z + quantile(1 - c->options->power, e->df)) * e->se;
	p->power = beyond(z - off, e->df) + beyond(z + off, e->df);
}

/*
 * The degrees of freedom of what units do in a study of N_UNITS: of those that
 * decide on metric I, on the side of X that has fewer, one less.
 */
static double
units_df(const struct context *c, const struct mc_contrast *x, size_t i,
    double n_units)
{
	size_t a = mc_side_deciding_units(c->values, x->a, i);
	size_t b = mc_side_deciding_units(c->values, x->b, i);

	return fmax(1, (double)(a < b ? a : b) * n_units /
	    (double)pilot_units(c) - 1);
}

/* Add a part of a variance, and its share of the sum below Satterthwaite's. */
static void
add_part(double part, double df, double *variance, double *divisor)
{
	*variance += part;
	*divisor += part * part / df;
}

/*
 * The error of metric I with the spread between seeds, in a study of N_UNITS
 * whose units make a variance of UNITS of it.
 */
static struct error
with_seeds(const struct context *c, const struct mc_contrast *x, size_t i,
    double units, double n_units)
{
	size_t sides[2] = { x->a, x->b }, k;
	double variance = 0, divisor = 0;

	add_part(units, units_df(c, x, i, n_units), &variance, &divisor);
	for (k = 0; k < 2; k++) {
		double n = (double)n_seeds(c, sides[k]);

		if (c->spread[sides[k]] != NULL)
			add_part(spread_of(c, sides[k], i) / n, n - 1,
			    &variance, &divisor);
	}
	return (struct error){ sqrt(variance), variance * variance / divisor };
}

/*
 * The same of the size up to P's that detects most.  As the units' part of a
 * variance shrinks so do Satterthwaite's degrees of freedom, and the last units
 * would seem to do harm; but a study may be read as one of fewer units.
 */
static struct error
best_with_seeds(const struct context *c, const struct mc_contrast *x,
    size_t i, const struct mc_planned_result *p)
{
	double least = INFINITY, n = (double)p->n_units, m, here;
	struct error best = { NAN, NAN }, e;

	for (m = n; m >= MC_LEAST_UNITS; m /= 1.02) {
		e = with_seeds(c, x, i, p->se * p->se * n / m, m);
		here = (quantile((1 - c->options->level) / 2, e.df) +
		    quantile(1 - c->options->power, e.df)) * e.se;
		if (here < least) {
			least = here;
			best = e;
		}
	}
	return best;
}

/* Put the spread between seeds into P's error and interval. */
static struct error
add_seeds(const struct context *c, const struct mc_contrast *x, size_t i,
    struct mc_planned_result *p)
{
	struct error e = best_with_seeds(c, x, i, p);
	double half = quantile((1 - c->options->level) / 2, e.df) * e.se;

	p->se = with_seeds(c, x, i, p->se * p->se, (double)p->n_units).se;
	p->lo = p->estimate - half;
	p->hi = p->estimate + half;
	return e;
}

/* Fill P from the values D of its studies, which are reordered. */
static void
set_result(const struct context *c, const struct mc_contrast *x, size_t i,
    double *d, struct mc_planned_result *p)
{
	size_t all = (size_t)c->options->how.replicates, n = 0, k;
	struct error e;

	for (k = 0; k < all; k++) {
		if (!isnan(d[k]))
			d[n++] = d[k];
	}
	if (n < all)
		mc_remark(&p->note, "undefined in %zu of %zu studies",
		    all - n, all);
	if ((int64_t)n < mc_replicates_needed(c->options->level)) {
		mc_remark(&p->note, "too few studies remain");
		return;
	}
	mc_percentile(d, n, c->options->level, &p->lo, &p->hi);
	if (!mc_has_width(p->lo, p->hi)) {
		p->lo = p->hi = NAN;
		mc_remark(&p->note, "(nearly) all studies are equal");
		return;
	}
	p->se = gsl_stats_sd(d, 1, n);
	e = (struct error){ p->se, INFINITY };
	if (counts_seeds(c, x))
		e = add_seeds(c, x, i, p);
	if (x->b != MC_ALONE)
		set_power(c, p, &e);
	remark_seeds(c, x, i, p);
}

/*
 * Plan for metric I; A and B are the values of the sides of X in all studies.
 *  D has room for as many.
 */
static void
plan_metric(const struct context *c, const struct mc_contrast *x, size_t i,
    size_t n_units, const double *a, const double *b, double *d,
    struct mc_planned_result *p)
{
	const struct mc_power_source *source = c->source;
	double images = source->assumed != NULL ? source->assumed->images :
	    (double)source->sides[x->a].seeds[0]->n / (double)pilot_units(c);
	size_t k;

	*p = (struct mc_planned_result){ .n_units = n_units,
	    .n_images = images * (double)n_units, .se = NAN, .lo = NAN,
	    .hi = NAN, .detectable = NAN, .power = NAN };
	p->estimate = side_value(c, x->a, i) -
	    (x->b != MC_ALONE ? side_value(c, x->b, i) : 0);
	remark_values(c, x, i, p);
	if (isnan(p->estimate))
		return;
	if (source->specs[i].metric->biased) {
		mc_remark(&p->note, "no interval: bootstrap replicates of this "
		    "metric are biased upwards");
		return;
	}
	for (k = 0; k < (size_t)c->options->how.replicates; k++)
		d[k] = x->b != MC_ALONE ? a[k] - b[k] : a[k];
	set_result(c, x, i, d, p);
}

/*
 * Values of the sides of CONTRASTS: of those that stand alone, or else of the
 * paired ones.  [side]: NULL where none is asked for.
 */
static double **
simulate_sides(const struct context *c, const struct mc_contrast *contrasts,
    size_t n, size_t n_units, bool paired)
{
	size_t b = (size_t)c->options->how.replicates, x, s;
	double **values = mc_xcalloc(c->source->n_sides, sizeof(*values));

	for (x = 0; x < n; x++) {
		size_t sides[2] = { contrasts[x].a, contrasts[x].b };

		if ((contrasts[x].b != MC_ALONE) != paired)
			continue;
		for (s = 0; s < (paired ? 2 : 1); s++) {
			if (values[sides[s]] != NULL)
				continue;
			values[sides[s]] = mc_xreallocarray(NULL,
			    c->source->n * b, sizeof(double));
			simulate(c, sides[s], n_units, paired,
			    values[sides[s]]);
		}
	}
	return values;
}

/* Fill the results of the contrasts that are PAIRED or not. */
static void
set_contrasts(const struct context *c, const struct mc_contrast *contrasts,
    size_t n, size_t n_units, bool paired, struct mc_planned_result *p)
{
	double **values = simulate_sides(c, contrasts, n, n_units, paired);
	size_t b = (size_t)c->options->how.replicates, x, i;
	double *d = mc_xreallocarray(NULL, b, sizeof(*d));

	for (x = 0; x < n; x++) {
		const struct mc_contrast *own = &contrasts[x];

		if ((own->b != MC_ALONE) != paired)
			continue;
		for (i = 0; i < c->source->n; i++)
			plan_metric(c, own, i, n_units, values[own->a] + i * b,
			    paired ? values[own->b] + i * b : NULL, d,
			    &p[x * c->source->n + i]);
	}
	for (x = 0; x < c->source->n_sides; x++)
		free(values[x]);
	free(values);
	free(d);
}

static struct mc_planned_result *
all_results(const struct context *c, const struct mc_contrast *contrasts,
    size_t n, size_t n_units)
{
	struct mc_planned_result *p = mc_xcalloc(n * c->source->n, sizeof(*p));

	set_contrasts(c, contrasts, n, n_units, false, p);
	set_contrasts(c, contrasts, n, n_units, true, p);
	return p;
}

struct mc_planned_result *
mc_planned_results(const struct mc_power_source *source,
    const struct mc_contrast *contrasts, size_t n_contrasts, size_t n_units,
    const struct mc_power_options *options)
{
	struct context *c = context_alloc(source, options);
	struct mc_planned_result *p = all_results(c, contrasts, n_contrasts,
	    n_units);

	context_free(c);
	return p;
}

void
mc_planned_results_free(struct mc_planned_result *p, size_t n)
{
	size_t i;

	for (i = 0; p != NULL && i < n; i++)
		mc_buf_free(&p[i].note);
	free(p);
}

/* --- Searching ------------------------------------------------------------ */

/* What studies of N_UNITS find: the width, or the detectable difference. */
static double
found(const struct context *c, const struct mc_contrast *x, size_t n_units)
{
	struct mc_planned_result *p = all_results(c, x, 1, n_units);
	double value = x->b == MC_ALONE ? p->hi - p->lo : p->detectable;

	mc_planned_results_free(p, 1);
	return value;
}

static bool
reaches(const struct context *c, const struct mc_contrast *x, double goal,
    size_t n_units)
{
	return found(c, x, n_units) <= goal;
}

/*
 * Whether no study reaches GOAL if N_UNITS find VALUE, which falls with the
 * square root of the units, or more slowly because of training seeds: studies
 * of MC_MOST_UNITS would then miss the goal FAR_AWAY times over.
 */
static bool
is_out_of_reach(double value, size_t n_units, double goal)
{
	return n_units >= ENOUGH_PILOT && value * sqrt((double)n_units /
	    MC_MOST_UNITS) > FAR_AWAY * goal;
}

/* Whether the one metric has a value on the sides of X, and an interval. */
static bool
known(const struct context *c, const struct mc_contrast *x)
{
	return !c->source->specs[0].metric->biased &&
	    !isnan(side_value(c, x->a, 0)) &&
	    (x->b == MC_ALONE || !isnan(side_value(c, x->b, 0)));
}

/*
 * The smallest number of units that reaches GOAL, downwards from the pilot's,
 * or upwards where that is too few; more than MC_MOST_UNITS: none does.
 */
static size_t
search(const struct context *c, const struct mc_contrast *x, double goal)
{
	size_t start = pilot_units(c) > 0 ? pilot_units(c) : FIRST_UNITS;
	double value;
	size_t low, high, middle;

	start = start < MC_LEAST_UNITS ? MC_LEAST_UNITS :
	    start > MC_MOST_UNITS ? MC_MOST_UNITS : start;
	/* LOW does not reach it, HIGH does. */
	high = start;
	value = found(c, x, start);
	if (value <= goal) {
		for (; high / 2 >= MC_LEAST_UNITS &&
		    reaches(c, x, goal, high / 2); high /= 2)
			;
		low = high / 2;
	} else {
		for (low = start; low < MC_MOST_UNITS; low = high) {
			if (is_out_of_reach(value, low, goal))
				return MC_MOST_UNITS + 1;
			high = low > MC_MOST_UNITS / 2 ? MC_MOST_UNITS :
			    2 * low;
			value = found(c, x, high);
			if (value <= goal)
				break;
		}
		if (low == MC_MOST_UNITS)
			return MC_MOST_UNITS + 1;
	}
	while (high - low > 1 + high / 100) {
		middle = low + (high - low) / 2;
		if (reaches(c, x, goal, middle))
			high = middle;
		else
			low = middle;
	}
	return high;
}

struct mc_planned_result *
mc_planned_result_reaching(const struct mc_power_source *source,
    const struct mc_contrast *contrast, size_t spec, double goal,
    const struct mc_power_options *options, bool *reached)
{
	struct mc_power_source own = *source;
	struct mc_planned_result *p;
	struct context *c;
	size_t n;

	own.specs += spec;
	own.n = 1;
	c = context_alloc(&own, options);
	n = known(c, contrast) ? search(c, contrast, goal) :
	    MC_MOST_UNITS + 1;
	*reached = n <= MC_MOST_UNITS;
	p = all_results(c, contrast, 1, *reached ? n : MC_MOST_UNITS);
	context_free(c);
	return p;
}
