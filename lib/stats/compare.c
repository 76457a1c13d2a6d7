/* compare.c - differences with their intervals, tests and remarks. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/compare.h"
#include "stats/interval.h"
#include "stats/mcnemar.h"
#include "stats/multiplicity.h"
#include "stats/paired.h"
#include "stats/permutation.h"
#include "stats/remarks.h"
#include "stats/repeats.h"
#include "stats/reweighted.h"

/*
 * With fewer units in a subgroup that decide on a metric a t test of a gap
 * rejects too often (doc/coverage.md): the permutation test takes its place.
 */
#define GAP_UNITS	10
static const char few_for_gap[] = "fewer than 10 units of a subgroup decide";

struct context {
	const struct mc_side *sides;
	size_t n_sides;
	const struct mc_pair *pairs;
	size_t n_pairs;
	const struct mc_metric_spec *specs;
	size_t n;
	const struct mc_compare_options *plan;
	struct mc_remarks ***remarks;	/* [side][seed] */
	bool independent;	/* each unit is one image */
	double **seeds;		/* [side]: value of metric i and seed s at
				   [i * seeds of the side + s]; NAN where it is
				   not possible */
	bool *no_ratio;		/* [side * n + i]: some of these are 0/0 */
	double *replicates;	/* [(side * n + i) * replicates + b]: the mean
				   over seeds; NULL: not asked */
	double *permuted;	/* [pair * n + i]: p; NULL: not asked */
	bool exact;		/* these are of all permutations */
};

/* --- Sides ---------------------------------------------------------------- */

static double
side_value(const struct context *c, size_t side, size_t i)
{
	size_t n = c->sides[side].n;

	return gsl_stats_mean(c->seeds[side] + i * n, 1, n);
}

static void
find_values(struct context *c, size_t side)
{
	const struct mc_side *x = &c->sides[side];
	size_t s, i;

	c->seeds[side] = mc_xcalloc(c->n * x->n, sizeof(double));
	for (s = 0; s < x->n; s++) {
		struct mc_scorer *scorer = mc_scorer_alloc(x->seeds[s],
		    c->specs, c->n);
		struct mc_reweighted *w = mc_reweighted_alloc(scorer);

		for (i = 0; i < c->n; i++) {
			double value = mc_reweighted_estimate(w, i);

			c->seeds[side][i * x->n + s] = value;
			c->no_ratio[side * c->n + i] |= !isnan(value) &&
			    isnan(mc_reweighted_value(w, i));
		}
		mc_reweighted_free(w);
		mc_scorer_free(scorer);
	}
}

/* --- Replicates ----------------------------------------------------------- */

/* The mean over the SEEDS rows of B numbers at VALUES, STEP apart, into MEAN. */
static void
mean_over_seeds(const double *values, size_t step, size_t seeds, size_t b,
    double *mean)
{
	size_t s, i;

	for (i = 0; i < b; i++) {
		mean[i] = 0;
		for (s = 0; s < seeds; s++)
			mean[i] += values[s * step + i];
		mean[i] /= (double)seeds;
	}
}

/* Draw replicates of all sides together, so that differences are paired. */
static void
find_replicates(struct context *c)
{
	size_t b = (size_t)c->plan->how.replicates, all = 0, side, s, i;
	const struct mc_sample **samples;
	double *values;

	for (side = 0; side < c->n_sides; side++)
		all += c->sides[side].n;
	samples = mc_xcalloc(all, sizeof(*samples));
	for (side = all = 0; side < c->n_sides; side++) {
		for (s = 0; s < c->sides[side].n; s++)
			samples[all++] = c->sides[side].seeds[s];
	}
	values = mc_xreallocarray(NULL, all * c->n * b, sizeof(*values));
	mc_bootstrap(samples, all, c->specs, c->n, &c->plan->how, values,
	    NULL);
	c->replicates = mc_xreallocarray(NULL, c->n_sides * c->n * b,
	    sizeof(*c->replicates));
	for (side = all = 0; side < c->n_sides; all += c->sides[side++].n) {
		for (i = 0; i < c->n; i++)
			mean_over_seeds(values + (all * c->n + i) * b,
			    c->n * b, c->sides[side].n, b,
			    c->replicates + (side * c->n + i) * b);
	}
	free(values);
	free(samples);
}

/* The defined replicates of a difference into D; returns how many. */
static size_t
difference_replicates(const struct context *c, const struct mc_pair *pair,
    size_t i, double *d)
{
	size_t b = (size_t)c->plan->how.replicates, n = 0, k;
	const double *a = c->replicates + (pair->a * c->n + i) * b;
	const double *of_b = c->replicates + (pair->b * c->n + i) * b;

	for (k = 0; k < b; k++) {
		if (!isnan(a[k] - of_b[k]))
			d[n++] = a[k] - of_b[k];
	}
	return n;
}

/* --- Permutations --------------------------------------------------------- */

static bool
same_folds(const struct mc_sample *a, const struct mc_sample *b)
{
	if (a->fold == NULL || b->fold == NULL)
		return a->fold == b->fold;
	return memcmp(a->fold, b->fold, a->n * sizeof(*a->fold)) == 0;
}

/* Whether two arms' folds are in the way of exchanging what M is made of. */
static bool
folds_differ(const struct context *c, const struct mc_pair *pair,
    const struct mc_metric_spec *m)
{
	return !pair->same_arm && m->metric->source != MC_FROM_COUNTS &&
	    m->metric->source != MC_FROM_LOSSES &&
	    !same_folds(c->sides[pair->a].seeds[0],
	    c->sides[pair->b].seeds[0]);
}

/* The p of the N SPECS of a pair into P; *EXACT is touched by arms alone. */
static void
permute(const struct context *c, const struct mc_pair *pair,
    const struct mc_metric_spec *specs, size_t n, double *p, bool *exact)
{
	const struct mc_sample *a = c->sides[pair->a].seeds[0];
	const struct mc_sample *b = c->sides[pair->b].seeds[0];

	if (pair->same_arm)
		mc_permutation_groups(a, b, specs, n, &c->plan->how, p);
	else
		mc_permutation(a, b, specs, n, &c->plan->how, p, exact);
}

static void
find_permutations(struct context *c)
{
	size_t p;

	c->permuted = mc_xcalloc(c->n_pairs * c->n, sizeof(*c->permuted));
	for (p = 0; p < c->n_pairs; p++)
		permute(c, &c->pairs[p], c->specs, c->n,
		    c->permuted + p * c->n, &c->exact);
}

/* --- A comparison and its claims ------------------------------------------ */

/*
 * The p of "at most BOUND" against "more", and of "at least BOUND" against
 * "less", by whatever theory.
 */
struct theory {
	const char *test;	/* its name */
	bool resampled;		/* it is from replicates */
	double (*above)(const struct theory *t, double bound);
	double (*below)(const struct theory *t, double bound);
	const double *d;	/* bootstrap: the replicates */
	size_t n;
	struct mc_wald_test wald;	/* DeLong, seeds */
	struct mc_discordant discordant;	/* McNemar */
};

static double
bootstrap_above(const struct theory *t, double bound)
{
	size_t i, n = 1;

	for (i = 0; i < t->n; i++)
		n += t->d[i] <= bound + MC_ROUNDING;
	return (double)n / (double)(t->n + 1);
}

static double
bootstrap_below(const struct theory *t, double bound)
{
	size_t i, n = 1;

	for (i = 0; i < t->n; i++)
		n += t->d[i] >= bound - MC_ROUNDING;
	return (double)n / (double)(t->n + 1);
}

static double
wald_above(const struct theory *t, double bound)
{
	return mc_wald_p_above(&t->wald, bound);
}

static double
wald_below(const struct theory *t, double bound)
{
	struct mc_wald_test mirrored = t->wald;

	mirrored.difference = -mirrored.difference;
	return mc_wald_p_above(&mirrored, -bound);
}

static double
tango_above(const struct theory *t, double bound)
{
	const struct mc_discordant *d = &t->discordant;

	return mc_tango_p(d->a_alone, d->b_alone, d->n, bound);
}

static double
tango_below(const struct theory *t, double bound)
{
	const struct mc_discordant *d = &t->discordant;

	return mc_tango_p(d->b_alone, d->a_alone, d->n, -bound);
}

/* --- Seeds and units ------------------------------------------------------ */

static bool
enough_seeds(const struct context *c, size_t side)
{
	return c->sides[side].n >= MC_ENOUGH_SEEDS;
}

/* Whether the spread between the seeds of a side, or of both, counts. */
static bool
counts_seeds(const struct context *c, const struct mc_pair *pair)
{
	return enough_seeds(c, pair->a) || enough_seeds(c, pair->b);
}

static bool
one_seed(const struct context *c, const struct mc_pair *pair)
{
	return c->sides[pair->a].n == 1 && c->sides[pair->b].n == 1;
}

/* Of the seeds of SIDE, those of the one that has fewest. */
static size_t
deciding_units(const struct context *c, size_t side, size_t i)
{
	size_t fewest = SIZE_MAX, s, n;

	for (s = 0; s < c->sides[side].n; s++) {
		n = mc_remarks_deciding_units(c->remarks[side][s],
		    &c->specs[i]);
		fewest = n < fewest ? n : fewest;
	}
	return fewest;
}

/* Of the sides of PAIR, those of the one that has fewer. */
static size_t
fewer_units(const struct context *c, const struct mc_pair *pair, size_t i)
{
	size_t a = deciding_units(c, pair->a, i);
	size_t b = deciding_units(c, pair->b, i);

	return a < b ? a : b;
}

static bool
few_units_of(const struct context *c, size_t side, size_t i, double value)
{
	size_t s;

	for (s = 0; s < c->sides[side].n; s++) {
		if (mc_remarks_few_units(c->remarks[side][s], &c->specs[i],
		    value))
			return true;
	}
	return false;
}

/* Whether replicates of few units make metric I, whatever its value. */
static bool
few_units(const struct context *c, const struct mc_pair *pair, size_t i,
    double a, double b)
{
	return few_units_of(c, pair->a, i, a) || few_units_of(c, pair->b, i, b);
}

/* --- Tests ---------------------------------------------------------------- */

static void
by_delong(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, struct theory *t)
{
	struct mc_wald_test (*test)(const struct mc_sample *,
	    const struct mc_sample *, const struct mc_metric_spec *) =
	    pair->same_arm ? mc_delong_groups : mc_delong;
	double half;

	t->wald = test(c->sides[pair->a].seeds[0],
	    c->sides[pair->b].seeds[0], &c->specs[i]);
	e->test = t->test = c->independent ? "delong" : "obuchowski";
	if (pair->same_arm && fewer_units(c, pair, i) < GAP_UNITS) {
		mc_remark(&e->note, "no interval: %s", few_for_gap);
		return;
	}
	e->p = mc_wald_p(&t->wald);
	if (isnan(t->wald.variance))
		mc_remark(&e->note, "no interval: the class or the rest has "
		    "fewer than two units");
	else if (t->wald.variance == 0)
		mc_remark(&e->note, "no interval: the variance is 0");
	if (isnan(t->wald.variance) || t->wald.variance == 0)
		return;
	t->above = wald_above;
	t->below = wald_below;
	half = mc_wald_quantile(&t->wald, (1 - c->plan->level) / 2) *
	    sqrt(t->wald.variance);
	e->lo = e->difference - half;
	e->hi = e->difference + half;
	e->method = e->test;
}

static void
by_mcnemar(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, struct theory *t)
{
	struct mc_discordant d = mc_count_discordant(
	    c->sides[pair->a].seeds[0], c->sides[pair->b].seeds[0],
	    &c->specs[i]);

	e->test = t->test = "mcnemar";
	if (d.n == 0)
		return;
	t->discordant = d;
	t->above = tango_above;
	t->below = tango_below;
	e->p = mc_mcnemar(d.a_alone, d.b_alone);
	mc_tango(d.a_alone, d.b_alone, d.n, c->plan->level, &e->lo, &e->hi);
	e->method = "tango";
	mc_remark(&e->note, "discordant images: %u right in the first arm "
	    "alone, %u in the second alone",
	    d.a_alone, d.b_alone);
}

/* Arms whose replicates make no interval: the exact test of independent images. */
static void
without_width(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, struct theory *t)
{
	bool tango = c->independent && one_seed(c, pair) &&
	    mc_mcnemar_applies(&c->specs[i]);

	mc_remark(&e->note, "%s: the bootstrap interval has no width",
	    tango ? "Tango's interval" : "no interval");
	if (!tango)
		return;
	e->resampled = false;
	by_mcnemar(c, pair, i, e, t);
}

static void
by_percentile(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, double *d, size_t n, struct theory *t)
{
	double lo, hi;

	mc_percentile(d, n, c->plan->level, &lo, &hi);
	if (hi - lo <= MC_ROUNDING) {
		without_width(c, pair, i, e, t);
		return;
	}
	e->lo = lo;
	e->hi = hi;
	e->method = "percentile";
	e->p = mc_bootstrap_p(d, n, 0);
	*t = (struct theory){ .test = "bootstrap", .resampled = true,
	    .above = bootstrap_above, .below = bootstrap_below, .d = d,
	    .n = n };
}

/* The variance of the replicates of a side, undefined ones left out. */
static double
side_variance(const struct context *c, size_t side, size_t i)
{
	size_t b = (size_t)c->plan->how.replicates, n = 0, k;
	const double *values = c->replicates + (side * c->n + i) * b;
	double *own = mc_xcalloc(b, sizeof(*own)), variance;

	for (k = 0; k < b; k++) {
		if (!isnan(values[k]))
			own[n++] = values[k];
	}
	variance = n > 1 ? gsl_stats_variance(own, 1, n) : NAN;
	free(own);
	return variance;
}

/* What chance in patients does to a difference. */
struct chance {
	double variance, df;
	const char *none;	/* why they are not known; NULL: they are */
};

/*
 * Of arms, whose patients are the same: the variance VARIANCE of the replicates,
 * and the degrees of freedom of the side that fewer units decide.
 */
static struct chance
chance_of_arms(const struct context *c, const struct mc_pair *pair, size_t i,
    double variance)
{
	struct chance x = { variance, (double)fewer_units(c, pair, i) - 1,
	    NULL };

	if (x.df < 1)
		x.none = "fewer than two units decide";
	return x;
}

/*
 * Of subgroups.  A bootstrap's variance of N units is (N - 1) / N of what it
 * should be, which matters where they are few.
 */
static struct chance
chance_of_gap(const struct context *c, const struct mc_pair *pair, size_t i,
    double variance)
{
	double fewer = (double)fewer_units(c, pair, i);
	double n = (double)deciding_units(c, pair->a, i);
	double m = (double)deciding_units(c, pair->b, i);
	double v = side_variance(c, pair->a, i) * n / (n - 1);
	double w = side_variance(c, pair->b, i) * m / (m - 1);
	struct chance x = { variance * fewer / (fewer - 1), fewer - 1, NULL };

	if (fewer < GAP_UNITS)
		x.none = few_for_gap;
	else if (!(fmin(v, w) > MC_ROUNDING * MC_ROUNDING))
		x.none = "all replicates of a subgroup are equal";
	else if (mc_shared_units(c->sides[pair->a].seeds[0],
	    c->sides[pair->b].seeds[0]) == 0)
		x = (struct chance){ v + w, mc_welch_df(v, n - 1, w, m - 1),
		    NULL };
	return x;
}

/*
 * What the spread between seeds is taken from: the N_A values of A and N_B of B,
 * or their mean alone where these are too few to count; for subgroups of one
 * arm, whose seeds are paired, their differences and nothing.
 */
static void
spread(const struct context *c, const struct mc_pair *pair, size_t i,
    double *a, size_t *n_a, double *b, size_t *n_b)
{
	size_t s;

	*n_a = c->sides[pair->a].n;
	*n_b = c->sides[pair->b].n;
	memcpy(a, c->seeds[pair->a] + i * *n_a, *n_a * sizeof(*a));
	memcpy(b, c->seeds[pair->b] + i * *n_b, *n_b * sizeof(*b));
	for (s = 0; pair->same_arm && s < *n_a; s++) {
		a[s] -= b[s];
		b[s] = 0;
	}
	if (!enough_seeds(c, pair->a)) {
		a[0] = gsl_stats_mean(a, 1, *n_a);
		*n_a = 1;
	}
	if (!enough_seeds(c, pair->b)) {
		b[0] = gsl_stats_mean(b, 1, *n_b);
		*n_b = 1;
	}
}

/*
 * Student's t: of subgroups, as Welch's, and with several seeds on both sources
 * of variance.
 */
static void
by_t(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, const double *d, size_t n, struct theory *t)
{
	size_t n_a = c->sides[pair->a].n, n_b = c->sides[pair->b].n;
	double *a = mc_xcalloc(n_a, sizeof(*a));
	double *b = mc_xcalloc(n_b, sizeof(*b));
	double variance = gsl_stats_variance(d, 1, n);
	struct chance x = pair->same_arm ?
	    chance_of_gap(c, pair, i, variance) :
	    chance_of_arms(c, pair, i, variance);
	struct mc_t_interval s;

	spread(c, pair, i, a, &n_a, b, &n_b);
	s = mc_seeds_difference(a, n_a, b, n_b, x.variance, x.df,
	    c->plan->level);
	free(a);
	free(b);
	e->test = counts_seeds(c, pair) ? "seeds" : "welch";
	if (x.none != NULL || !(s.hi - s.lo > MC_ROUNDING)) {
		mc_remark(&e->note, "no interval: %s", x.none != NULL ?
		    x.none : "the variance is 0");
		return;
	}
	e->p = s.p;
	e->lo = s.lo;
	e->hi = s.hi;
	e->method = e->test;
	*t = (struct theory){ .test = e->test, .resampled = true,
	    .above = wald_above, .below = wald_below,
	    .wald = { s.difference, s.variance, s.df } };
}

static void
by_bootstrap(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, double *d, struct theory *t)
{
	size_t all = (size_t)c->plan->how.replicates;
	size_t n = difference_replicates(c, pair, i, d);

	e->resampled = true;
	e->test = "bootstrap";
	if (n < all)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    all - n, all);
	if ((int64_t)n < mc_replicates_needed(c->plan->level))
		mc_remark(&e->note,
		    "no interval: too few replicates remain");
	else if (c->specs[i].metric->biased)
		mc_remark(&e->note, "no interval: bootstrap replicates of this "
		    "metric are biased");
	else if (pair->same_arm || counts_seeds(c, pair))
		by_t(c, pair, i, e, d, n, t);
	else
		by_percentile(c, pair, i, e, d, n, t);
}

/* The exact test, which needs no interval. */
static void
by_permutation(const struct context *c, size_t p, size_t i,
    struct mc_difference *e)
{
	const struct mc_pair *pair = &c->pairs[p];
	bool exact = c->exact;

	if (!one_seed(c, pair) || folds_differ(c, pair, &c->specs[i]))
		return;
	if (c->permuted != NULL)
		e->p = c->permuted[p * c->n + i];
	else
		permute(c, pair, &c->specs[i], 1, &e->p, &exact);
	e->resampled = true;
	e->test = exact && !pair->same_arm ? "exact permutation" :
	    "permutation";
}

/* --- Remarks -------------------------------------------------------------- */

static void
remark_values(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_buf *note)
{
	size_t sides[2] = { pair->a, pair->b }, k;
	struct mc_buf text[2] = { { 0 }, { 0 } };

	for (k = 0; k < 2; k++)
		mc_remarks_value(c->remarks[sides[k]][0], &c->specs[i],
		    side_value(c, sides[k], i), &text[k]);
	if (text[0].len > 0 && text[1].len > 0 &&
	    strcmp(text[0].data, text[1].data) == 0)
		mc_remark(note, "%s", text[0].data);
	else for (k = 0; k < 2; k++) {
		if (text[k].len > 0)
			mc_remark(note, "%s: %s", c->sides[sides[k]].name,
			    text[k].data);
	}
	mc_buf_free(&text[0]);
	mc_buf_free(&text[1]);
}

static void
remark_seeds(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e)
{
	size_t n_a = c->sides[pair->a].n, n_b = c->sides[pair->b].n;

	if (n_a == 1 && n_b == 1) {
		mc_remark(&e->note, "one training seed: the result is about "
		    "these trained models, not about how they were trained");
		return;
	}
	if (n_a > 1)
		e->seed_sd_a = gsl_stats_sd(c->seeds[pair->a] + i * n_a, 1,
		    n_a);
	if (n_b > 1)
		e->seed_sd_b = gsl_stats_sd(c->seeds[pair->b] + i * n_b, 1,
		    n_b);
	if (n_a != n_b)
		mc_remark(&e->note, "%zu and %zu training seeds", n_a, n_b);
	if (!counts_seeds(c, pair))
		mc_remark(&e->note, "fewer than %d training seeds per arm: "
		    "seed-to-seed variation is not included", MC_ENOUGH_SEEDS);
	else if (!enough_seeds(c, pair->a) || !enough_seeds(c, pair->b))
		mc_remark(&e->note, "fewer than %d training seeds of %s: its "
		    "seed-to-seed variation is not included, so the result is "
		    "about its trained models",
		    MC_ENOUGH_SEEDS, c->sides[enough_seeds(c, pair->a) ?
		    pair->b : pair->a].name);
}

static void
remark_units(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e)
{
	if (e->resampled && few_units(c, pair, i, side_value(c, pair->a, i),
	    side_value(c, pair->b, i)))
		mc_remark(&e->note, isnan(e->lo) ? "few units" :
		    "few units: interval may undercover");
	if (c->plan->how.strata != NULL && e->resampled)
		mc_remark(&e->note, "resampled within classes: the interval "
		    "holds for this prevalence");
	if (c->sides[pair->a].seeds[0]->fold != NULL ||
	    c->sides[pair->b].seeds[0]->fold != NULL)
		mc_remark(&e->note, "cross-validation: interval and p do not "
		    "account for overlapping training sets");
}

/* --- Rows ----------------------------------------------------------------- */

/* The row of the difference itself; T is what its claims are tested by. */
static void
compare_pair(const struct context *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct theory *t)
{
	const struct mc_pair *pair = &c->pairs[p];

	e->difference = side_value(c, pair->a, i) - side_value(c, pair->b, i);
	remark_values(c, pair, i, &e->note);
	if (isnan(e->difference))
		return;
	remark_seeds(c, pair, i, e);
	if (c->no_ratio[pair->a * c->n + i] ||
	    c->no_ratio[pair->b * c->n + i]) {
		mc_remark(&e->note, "no interval: 0/0 is undefined");
		return;
	}
	if (c->plan->test == MC_TEST_MCNEMAR)
		by_mcnemar(c, pair, i, e, t);
	else if (c->plan->test == MC_TEST_DELONG)
		by_delong(c, pair, i, e, t);
	else
		by_bootstrap(c, pair, i, e, d, t);
	if (c->plan->test == MC_TEST_PERMUTATION || isnan(e->p))
		by_permutation(c, p, i, e);
	remark_units(c, pair, i, e);
}

/* The row of a claim about the margin, from the row of the difference. */
static void
claim(const struct context *c, size_t i, const struct mc_difference *different,
    enum mc_claim what, const struct theory *t, struct mc_difference *e)
{
	double margin = c->plan->margin, p_up, p_down;
	int sign = different->spec.metric->better;

	*e = *different;
	e->claim = what;
	e->note = (struct mc_buf){ 0 };
	if (different->note.len > 0)
		mc_remark(&e->note, "%s", different->note.data);
	e->p = NAN;
	e->test = t->test != NULL ? t->test : "bootstrap";
	if (t->above == NULL)
		return;
	if (t->resampled && few_units(c, &c->pairs[different->pair], i, NAN,
	    NAN)) {
		mc_remark(&e->note, "no p: too few units for a claim about the "
		    "margin");
		return;
	}
	p_up = t->above(t, -margin);
	p_down = t->below(t, margin);
	e->p = what == MC_EQUIVALENT ? fmax(p_up, p_down) :
	    sign > 0 ? p_up : p_down;
	mc_remark(&e->note, what == MC_EQUIVALENT ?
	    "p is the larger of two one-sided p-values" : "p is one-sided");
}

/* All rows of metric I, at E; returns how many. */
static size_t
compare_spec(const struct context *c, size_t i, struct mc_difference *e,
    double *d)
{
	size_t rows = 0, p;
	int sign = c->specs[i].metric->better;

	for (p = 0; p < c->n_pairs; p++) {
		struct mc_difference *row = &e[rows++];
		struct theory t = { 0 };

		*row = (struct mc_difference){ .spec = c->specs[i],
		    .pair = p, .difference = NAN, .lo = NAN, .hi = NAN,
		    .method = "none", .test = "", .p = NAN, .p_max_t = NAN,
		    .seed_sd_a = NAN, .seed_sd_b = NAN };
		compare_pair(c, p, i, row, d, &t);
		if (isnan(c->plan->margin))
			continue;
		if (sign != 0)
			claim(c, i, row, MC_NOT_INFERIOR, &t, &e[rows++]);
		claim(c, i, row, MC_EQUIVALENT, &t, &e[rows++]);
	}
	return rows;
}

/* --- max-T ---------------------------------------------------------------- */

/* Whether the rows A and B count together. */
static bool
one_family(const struct context *c, const struct mc_difference *a,
    const struct mc_difference *b)
{
	const struct mc_metric_spec *x = &a->spec, *y = &b->spec;

	return x->metric == y->metric && x->average == y->average &&
	    (x->at == y->at || (isnan(x->at) && isnan(y->at))) &&
	    a->claim == b->claim &&
	    c->pairs[a->pair].family == c->pairs[b->pair].family;
}

/* Whether the p of E is from replicates, as max-T is. */
static bool
from_replicates(const struct mc_difference *e)
{
	return e->resampled && !isnan(e->lo) && !isnan(e->p);
}

/*
 * The statistic of E, the distance of its difference from what its claim denies
 * over the standard deviation of the replicates; and its replicates into OWN,
 * NAN where undefined: centred, which makes them those of the border.  What
 * would be negative in a one-sided test is 0.
 */
static double
statistic(const struct context *c, const struct mc_difference *e,
    size_t spec, double *own)
{
	const struct mc_pair *pair = &c->pairs[e->pair];
	size_t b = (size_t)c->plan->how.replicates, n, k;
	const double *x = c->replicates + (pair->a * c->n + spec) * b;
	const double *y = c->replicates + (pair->b * c->n + spec) * b;
	int sign = e->spec.metric->better;
	double margin = c->plan->margin, sd;

	n = difference_replicates(c, pair, spec, own);
	sd = gsl_stats_sd(own, 1, n);
	for (k = 0; k < b; k++) {
		own[k] = (x[k] - y[k] - e->difference) / sd;
		if (e->claim == MC_NOT_INFERIOR && !isnan(own[k]))
			own[k] = fmax(0, sign * own[k]);
	}
	switch (e->claim) {
	case MC_NOT_INFERIOR:
		return fmax(0, (sign * e->difference + margin) / sd);
	case MC_EQUIVALENT:
		return fmax(0, (margin - fabs(e->difference)) / sd);
	case MC_DIFFERENT:
		break;
	}
	return e->difference / sd;
}

/* Adjust the M rows at MEMBER, which are of the metrics SPEC. */
static void
adjust_family(const struct context *c, struct mc_difference **member,
    const size_t *spec, size_t m)
{
	size_t b = (size_t)c->plan->how.replicates, r;
	double *t = mc_xcalloc(m, sizeof(*t));
	double *adjusted = mc_xcalloc(m, sizeof(*adjusted));
	double *values = mc_xreallocarray(NULL, m * b, sizeof(*values));

	for (r = 0; r < m; r++)
		t[r] = statistic(c, member[r], spec[r], values + r * b);
	mc_max_t_step_down(t, values, m, b, adjusted);
	/* The two are made of other tails; adjusting takes nothing away. */
	for (r = 0; r < m; r++)
		member[r]->p_max_t = fmax(adjusted[r], member[r]->p);
	free(t);
	free(adjusted);
	free(values);
}

/* Adjusted p of max-T for the N rows at E, of which row r is of SPEC[r]. */
static void
adjust_max_t(const struct context *c, struct mc_difference *e,
    const size_t *spec, size_t n)
{
	struct mc_difference **member = mc_xcalloc(n, sizeof(*member));
	size_t *of = mc_xcalloc(n, sizeof(*of)), i, j, m;

	for (i = 0; i < n; i++) {
		if (!from_replicates(&e[i]) || !isnan(e[i].p_max_t))
			continue;
		for (j = i, m = 0; j < n; j++) {
			if (!from_replicates(&e[j]) ||
			    !one_family(c, &e[i], &e[j]))
				continue;
			of[m] = spec[j];
			member[m++] = &e[j];
		}
		adjust_family(c, member, of, m);
	}
	free(member);
	free(of);
}

/* --- All of it ------------------------------------------------------------ */

static enum mc_status
check_pairs(const struct context *c, struct mc_err *err)
{
	enum mc_test test = c->plan->test;
	size_t p, i;

	for (p = 0; p < c->n_pairs; p++) {
		const struct mc_pair *pair = &c->pairs[p];

		if (test == MC_TEST_MCNEMAR && pair->same_arm)
			return mc_err_set(err, MC_EUSAGE, "--gaps: subgroups "
			    "are of other images, which --method mcnemar "
			    "cannot compare: take permutation");
		for (i = 0; test == MC_TEST_PERMUTATION && i < c->n; i++) {
			if (folds_differ(c, pair, &c->specs[i]))
				return mc_err_set(err, MC_EUSAGE, "--method "
				    "permutation exchanges arms within folds, "
				    "and \"%s\" and \"%s\" have other ones: "
				    "take bootstrap", c->sides[pair->a].name,
				    c->sides[pair->b].name);
		}
	}
	return MC_OK;
}

/* Whether DeLong's is for M on each side: one of folds has no one ranking. */
static enum mc_status
check_delong(const struct context *c, const struct mc_metric_spec *m,
    struct mc_err *err)
{
	size_t side;

	for (side = 0; side < c->n_sides; side++) {
		const struct mc_sample *s = c->sides[side].seeds[0];

		if (mc_delong_applies(m, s))
			continue;
		if (s->fold != NULL && strcmp(m->metric->name, "auroc") == 0)
			return mc_err_set(err, MC_EUSAGE, "--method delong is "
			    "for one ranking of all images, and the AUROC of "
			    "\"%s\" is the mean over folds: take bootstrap",
			    c->sides[side].name);
		return mc_err_set(err, MC_EUSAGE, "--method delong is for the "
		    "auroc of a class, not for \"%s%s%s\"", m->metric->name,
		    m->average == MC_NO_AVERAGE ||
		    m->average == MC_EACH_CLASS ? "" : ":",
		    mc_average_name(m->average));
	}
	return MC_OK;
}

static enum mc_status
check(const struct context *c, struct mc_err *err)
{
	static const char *const names[] = { "bootstrap", "permutation",
	    "mcnemar", "delong" };
	enum mc_test test = c->plan->test;
	size_t side, i;

	for (side = 0; side < c->n_sides && test != MC_TEST_BOOTSTRAP; side++) {
		if (c->sides[side].n > 1)
			return mc_err_set(err, MC_EUSAGE, "--method %s "
			    "compares trained files, and \"%s\" has %zu "
			    "training seeds: take bootstrap", names[test],
			    c->sides[side].name, c->sides[side].n);
	}
	for (i = 0; i < c->n; i++) {
		const struct mc_metric_spec *m = &c->specs[i];

		if (test == MC_TEST_MCNEMAR && !mc_mcnemar_applies(m))
			return mc_err_set(err, MC_EUSAGE, "--method mcnemar "
			    "is for accuracy, and recall and specificity of a "
			    "class, not for \"%s\"", m->metric->name);
		if (test == MC_TEST_DELONG &&
		    check_delong(c, m, err) != MC_OK)
			return MC_EUSAGE;
	}
	if (test == MC_TEST_MCNEMAR && !c->independent)
		return mc_err_set(err, MC_EUSAGE, "--method mcnemar is for "
		    "independent images, and some are of one group: take "
		    "permutation");
	return check_pairs(c, err);
}

static void
prepare(struct context *c)
{
	size_t side;

	c->remarks = mc_xcalloc(c->n_sides, sizeof(*c->remarks));
	c->seeds = mc_xcalloc(c->n_sides, sizeof(*c->seeds));
	c->no_ratio = mc_xcalloc(c->n_sides * c->n, sizeof(*c->no_ratio));
	for (side = 0; side < c->n_sides; side++) {
		size_t n = c->sides[side].n, s;

		c->remarks[side] = mc_xcalloc(n, sizeof(**c->remarks));
		for (s = 0; s < n; s++)
			c->remarks[side][s] = mc_remarks_alloc(
			    c->sides[side].seeds[s]);
		find_values(c, side);
	}
	if (c->plan->test == MC_TEST_BOOTSTRAP ||
	    c->plan->test == MC_TEST_PERMUTATION)
		find_replicates(c);
	if (c->plan->test == MC_TEST_PERMUTATION)
		find_permutations(c);
}

static void
release(struct context *c)
{
	size_t side, s;

	for (side = 0; side < c->n_sides; side++) {
		for (s = 0; s < c->sides[side].n; s++)
			mc_remarks_free(c->remarks[side][s]);
		free(c->remarks[side]);
		free(c->seeds[side]);
	}
	free(c->remarks);
	free(c->seeds);
	free(c->no_ratio);
	free(c->replicates);
	free(c->permuted);
}

enum mc_status
mc_compare(const struct mc_side *sides, size_t n_sides,
    const struct mc_pair *pairs, size_t n_pairs,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_compare_options *plan, struct mc_difference **differences,
    size_t *count, struct mc_err *err)
{
	struct context c = { .sides = sides, .n_sides = n_sides,
	    .pairs = pairs, .n_pairs = n_pairs, .specs = specs, .n = n,
	    .plan = plan };
	enum mc_status status;
	size_t *spec, i, rows;
	double *d;

	*differences = NULL;
	*count = 0;
	c.independent = true;
	for (i = 0; i < n_sides && c.independent; i++)
		c.independent = mc_grouped_unit(sides[i].seeds[0]) ==
		    sides[i].seeds[0]->n_units;
	status = check(&c, err);
	if (status != MC_OK)
		return status;
	prepare(&c);
	*differences = mc_xcalloc(3 * n * n_pairs, sizeof(**differences));
	spec = mc_xcalloc(3 * n * n_pairs, sizeof(*spec));
	d = mc_xcalloc((size_t)plan->how.replicates, sizeof(*d));
	for (i = 0; i < n; i++) {
		for (rows = compare_spec(&c, i, *differences + *count, d);
		    rows > 0; rows--)
			spec[(*count)++] = i;
	}
	if (plan->max_t)
		adjust_max_t(&c, *differences, spec, *count);
	free(spec);
	free(d);
	release(&c);
	return MC_OK;
}

void
mc_compare_free(struct mc_difference *differences, size_t count)
{
	size_t i;

	for (i = 0; differences != NULL && i < count; i++)
		mc_buf_free(&differences[i].note);
	free(differences);
}
