/* difference_test.c - test differences of two sides by one of several tests. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/delong.h"
#include "stats/difference_test.h"
#include "stats/interval.h"
#include "stats/mcnemar.h"
#include "stats/permutation.h"
#include "stats/seed_variance.h"

/*
 * With fewer units in a subgroup that decide on a metric a t test of a gap
 * rejects too often (doc/coverage.md): the permutation test takes its place.
 */
#define GAP_UNITS	10
static const char few_for_gap[] = "fewer than 10 units of a subgroup decide";

/* --- Seeds and units ------------------------------------------------------ */

bool
mc_has_enough_seeds(const struct mc_side_values *v, size_t side)
{
	return v->sides[side].n >= MC_ENOUGH_SEEDS;
}

bool
mc_counts_seeds(const struct mc_side_values *v, const struct mc_pair *pair)
{
	return mc_has_enough_seeds(v, pair->a) ||
	    mc_has_enough_seeds(v, pair->b);
}

static bool
has_one_seed(const struct mc_side_values *v, const struct mc_pair *pair)
{
	return v->sides[pair->a].n == 1 && v->sides[pair->b].n == 1;
}

/* Of the sides of PAIR, those of the one that has fewer. */
static size_t
fewer_units(const struct mc_test_data *c, const struct mc_pair *pair, size_t i)
{
	size_t a = mc_side_deciding_units(c->values, pair->a, i);
	size_t b = mc_side_deciding_units(c->values, pair->b, i);

	return a < b ? a : b;
}

/* --- Theories ------------------------------------------------------------- */

static double
bootstrap_above(const struct mc_theory *t, double bound)
{
	size_t i, n = 1;

	for (i = 0; i < t->n; i++)
		n += t->d[i] <= bound + MC_ROUNDING;
	return (double)n / (double)(t->n + 1);
}

static double
bootstrap_below(const struct mc_theory *t, double bound)
{
	size_t i, n = 1;

	for (i = 0; i < t->n; i++)
		n += t->d[i] >= bound - MC_ROUNDING;
	return (double)n / (double)(t->n + 1);
}

static double
wald_above(const struct mc_theory *t, double bound)
{
	return mc_wald_p_above(&t->wald, bound);
}

static double
wald_below(const struct mc_theory *t, double bound)
{
	struct mc_wald_test mirrored = t->wald;

	mirrored.difference = -mirrored.difference;
	return mc_wald_p_above(&mirrored, -bound);
}

static double
tango_above(const struct mc_theory *t, double bound)
{
	const struct mc_discordant *d = &t->discordant;

	return mc_tango_p(d->a_alone, d->b_alone, d->n, bound);
}

static double
tango_below(const struct mc_theory *t, double bound)
{
	const struct mc_discordant *d = &t->discordant;

	return mc_tango_p(d->b_alone, d->a_alone, d->n, -bound);
}

/* --- DeLong --------------------------------------------------------------- */

/* Whether DeLong's is for M on each side: one of folds has no one ranking. */
static enum mc_status
check_delong_of(const struct mc_test_data *c, const struct mc_metric_spec *m,
    struct mc_err *err)
{
	size_t side;

	for (side = 0; side < c->values->n_sides; side++) {
		const struct mc_sample *s = c->values->sides[side].seeds[0];

		if (mc_delong_applies(m, s))
			continue;
		if (s->fold != NULL && strcmp(m->metric->name, "auroc") == 0)
			return mc_err_set(err, MC_EUSAGE, "--test delong is "
			    "for one ranking of all images, and the AUROC of "
			    "\"%s\" is the mean over folds: use bootstrap",
			    c->values->sides[side].name);
		return mc_err_set(err, MC_EUSAGE, "--test delong is for the "
		    "auroc of a class, not for \"%s%s%s\"", m->metric->name,
		    m->average == MC_NO_AVERAGE ||
		    m->average == MC_EACH_CLASS ? "" : ":",
		    mc_average_name(m->average));
	}
	return MC_OK;
}

static enum mc_status
check_delong(const struct mc_test_data *c, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < c->values->n && status == MC_OK; i++)
		status = check_delong_of(c, &c->values->specs[i], err);
	return status;
}

static void
by_delong(const struct mc_test_data *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, struct mc_theory *t)
{
	struct mc_wald_test (*test)(const struct mc_sample *,
	    const struct mc_sample *, const struct mc_metric_spec *) =
	    pair->same_arm ? mc_delong_groups : mc_delong;
	double half;

	t->wald = test(c->values->sides[pair->a].seeds[0],
	    c->values->sides[pair->b].seeds[0], &c->values->specs[i]);
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
	half = mc_wald_quantile(&t->wald, (1 - c->level) / 2) *
	    sqrt(t->wald.variance);
	e->lo = e->difference - half;
	e->hi = e->difference + half;
	e->method = e->test;
}

/* --- McNemar -------------------------------------------------------------- */

static enum mc_status
check_mcnemar(const struct mc_test_data *c, struct mc_err *err)
{
	size_t i, p;

	for (i = 0; i < c->values->n; i++) {
		if (!mc_mcnemar_applies(&c->values->specs[i]))
			return mc_err_set(err, MC_EUSAGE, "--test mcnemar "
			    "is for accuracy, and recall and specificity of a "
			    "class, not for \"%s\"",
			    c->values->specs[i].metric->name);
	}
	if (!c->independent)
		return mc_err_set(err, MC_EUSAGE, "--test mcnemar is for "
		    "independent images, and some are of one group: use "
		    "permutation");
	for (p = 0; p < c->n_pairs; p++) {
		if (c->pairs[p].same_arm)
			return mc_err_set(err, MC_EUSAGE, "--gaps: subgroups "
			    "have different images, which --test mcnemar "
			    "cannot compare: use permutation");
	}
	return MC_OK;
}

static void
by_mcnemar(const struct mc_test_data *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, struct mc_theory *t)
{
	struct mc_discordant d = mc_count_discordant(
	    c->values->sides[pair->a].seeds[0],
	    c->values->sides[pair->b].seeds[0], &c->values->specs[i]);

	e->test = t->test = "mcnemar";
	if (d.n == 0)
		return;
	t->discordant = d;
	t->above = tango_above;
	t->below = tango_below;
	e->p = mc_mcnemar(d.a_alone, d.b_alone);
	mc_tango(d.a_alone, d.b_alone, d.n, c->level, &e->lo, &e->hi);
	e->method = "tango";
	mc_remark(&e->note, "discordant images: %u right in the first arm "
	    "alone, %u in the second alone",
	    d.a_alone, d.b_alone);
}

/* --- Bootstrap ------------------------------------------------------------ */

size_t
mc_difference_replicates(const struct mc_test_data *c,
    const struct mc_pair *pair, size_t i, double *d)
{
	size_t b = (size_t)c->how->replicates, n = 0, k;
	const double *a = c->replicates + (pair->a * c->values->n + i) * b;
	const double *of_b = c->replicates + (pair->b * c->values->n + i) * b;

	for (k = 0; k < b; k++) {
		if (!isnan(a[k] - of_b[k]))
			d[n++] = a[k] - of_b[k];
	}
	return n;
}

/* Test arms whose replicates make no interval, exactly if images are units. */
static void
without_width(const struct mc_test_data *c, const struct mc_pair *pair,
    size_t i, struct mc_difference *e, struct mc_theory *t)
{
	bool tango = c->independent && has_one_seed(c->values, pair) &&
	    mc_mcnemar_applies(&c->values->specs[i]);

	mc_remark(&e->note, "%s: the bootstrap interval has no width",
	    tango ? "Tango's interval" : "no interval");
	if (!tango)
		return;
	e->resampled = false;
	by_mcnemar(c, pair, i, e, t);
}

static void
by_percentile(const struct mc_test_data *c, const struct mc_pair *pair,
    size_t i, struct mc_difference *e, double *d, size_t n, struct mc_theory *t)
{
	double lo, hi;

	mc_percentile(d, n, c->level, &lo, &hi);
	if (hi - lo <= MC_ROUNDING) {
		without_width(c, pair, i, e, t);
		return;
	}
	e->lo = lo;
	e->hi = hi;
	e->method = "percentile";
	e->p = mc_bootstrap_p(d, n, 0);
	*t = (struct mc_theory){ .test = "bootstrap", .resampled = true,
	    .above = bootstrap_above, .below = bootstrap_below, .d = d,
	    .n = n };
}

/* The variance of the replicates of a side, undefined ones left out. */
static double
side_variance(const struct mc_test_data *c, size_t side, size_t i)
{
	size_t b = (size_t)c->how->replicates, n = 0, k;
	const double *values = c->replicates + (side * c->values->n + i) * b;
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
 * Of arms, whose patients are the same: VARIANCE, that of the replicates, and
 * the degrees of freedom of the side that fewer units decide.
 */
static struct chance
chance_of_arms(const struct mc_test_data *c, const struct mc_pair *pair,
    size_t i, double variance)
{
	struct chance x = { variance, (double)fewer_units(c, pair, i) - 1,
	    NULL };

	if (x.df < 1)
		x.none = "fewer than two units decide";
	else if (!(variance > MC_ROUNDING * MC_ROUNDING))
		x.none = "all replicates are equal";
	return x;
}

/*
 * Of subgroups.  A bootstrap's variance of N units is (N - 1) / N of what it
 * should be, which matters where they are few.
 */
static struct chance
chance_of_gap(const struct mc_test_data *c, const struct mc_pair *pair,
    size_t i, double variance)
{
	double fewer = (double)fewer_units(c, pair, i);
	double n = (double)mc_side_deciding_units(c->values, pair->a, i);
	double m = (double)mc_side_deciding_units(c->values, pair->b, i);
	double v = side_variance(c, pair->a, i) * n / (n - 1);
	double w = side_variance(c, pair->b, i) * m / (m - 1);
	struct chance x = { variance * fewer / (fewer - 1), fewer - 1, NULL };

	if (fewer < GAP_UNITS)
		x.none = few_for_gap;
	else if (!(fmin(v, w) > MC_ROUNDING * MC_ROUNDING))
		x.none = "all replicates of a subgroup are equal";
	else if (mc_shared_units(c->values->sides[pair->a].seeds[0],
	    c->values->sides[pair->b].seeds[0]) == 0)
		x = (struct chance){ v + w, mc_welch_df(v, n - 1, w, m - 1),
		    NULL };
	return x;
}

/*
 * Collect what the spread between seeds is taken from: the N_A values of A and
 * N_B of B, or their mean alone where these are too few to count; for subgroups
 * of one arm, whose seeds are paired, their differences in A and zeros in B.
 */
static void
spread(const struct mc_test_data *c, const struct mc_pair *pair, size_t i,
    double *a, size_t *n_a, double *b, size_t *n_b)
{
	size_t s;

	*n_a = c->values->sides[pair->a].n;
	*n_b = c->values->sides[pair->b].n;
	memcpy(a, c->values->seeds[pair->a] + i * *n_a, *n_a * sizeof(*a));
	memcpy(b, c->values->seeds[pair->b] + i * *n_b, *n_b * sizeof(*b));
	for (s = 0; pair->same_arm && s < *n_a; s++) {
		a[s] -= b[s];
		b[s] = 0;
	}
	if (!mc_has_enough_seeds(c->values, pair->a)) {
		a[0] = gsl_stats_mean(a, 1, *n_a);
		*n_a = 1;
	}
	if (!mc_has_enough_seeds(c->values, pair->b)) {
		b[0] = gsl_stats_mean(b, 1, *n_b);
		*n_b = 1;
	}
}

/*
 * Student's t: of subgroups, as Welch's, and with several seeds on both sources
 * of variance.
 */
static void
by_t(const struct mc_test_data *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, const double *d, size_t n, struct mc_theory *t)
{
	size_t n_a = c->values->sides[pair->a].n;
	size_t n_b = c->values->sides[pair->b].n;
	double *a = mc_xcalloc(n_a, sizeof(*a));
	double *b = mc_xcalloc(n_b, sizeof(*b));
	double variance = gsl_stats_variance(d, 1, n);
	struct chance x = pair->same_arm ?
	    chance_of_gap(c, pair, i, variance) :
	    chance_of_arms(c, pair, i, variance);
	struct mc_t_interval s;

	spread(c, pair, i, a, &n_a, b, &n_b);
	s = mc_seeds_difference(a, n_a, b, n_b, x.variance, x.df,
	    c->level);
	free(a);
	free(b);
	e->test = mc_counts_seeds(c->values, pair) ? "seeds" : "welch";
	if (x.none != NULL || !(s.hi - s.lo > MC_ROUNDING)) {
		mc_remark(&e->note, "no interval: %s", x.none != NULL ?
		    x.none : "the variance is 0");
		return;
	}
	e->p = s.p;
	e->lo = s.lo;
	e->hi = s.hi;
	e->method = e->test;
	*t = (struct mc_theory){ .test = e->test, .resampled = true,
	    .above = wald_above, .below = wald_below,
	    .wald = { s.difference, s.variance, s.df } };
}

static void
by_bootstrap(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	const struct mc_pair *pair = &c->pairs[p];
	size_t all = (size_t)c->how->replicates;
	size_t n = mc_difference_replicates(c, pair, i, d);

	e->resampled = true;
	e->test = "bootstrap";
	if (n < all)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    all - n, all);
	if (c->hidden != NULL && c->hidden[p * c->values->n + i])
		return;		/* the note of the mean says why */
	if ((int64_t)n < mc_replicates_needed(c->level))
		mc_remark(&e->note,
		    "no interval: too few replicates remain");
	else if (c->values->specs[i].metric->biased)
		mc_remark(&e->note, "no interval: bootstrap replicates of this "
		    "metric are biased");
	else if (pair->same_arm || mc_counts_seeds(c->values, pair))
		by_t(c, pair, i, e, d, n, t);
	else
		by_percentile(c, pair, i, e, d, n, t);
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
folds_differ(const struct mc_test_data *c, const struct mc_pair *pair,
    const struct mc_metric_spec *m)
{
	const struct mc_side_values *v = c->values;
	bool differ = false;
	size_t t;

	if (pair->same_arm || m->metric->source == MC_FROM_COUNTS ||
	    m->metric->source == MC_FROM_LOSSES)
		return false;
	for (t = 0; t < v->n_tasks && !differ; t++) {
		const struct mc_sample *a =
		    v->samples[pair->a][t * v->sides[pair->a].n];
		const struct mc_sample *b =
		    v->samples[pair->b][t * v->sides[pair->b].n];

		differ = a != NULL && !same_folds(a, b);
	}
	return differ;
}

/* The p of the N SPECS of a pair into P; *EXACT is touched by arms alone. */
static void
permute(const struct mc_test_data *c, const struct mc_pair *pair,
    const struct mc_metric_spec *specs, size_t n, double *p, bool *exact)
{
	const struct mc_sample *a = c->values->sides[pair->a].seeds[0];
	const struct mc_sample *b = c->values->sides[pair->b].seeds[0];

	if (pair->same_arm)
		mc_permutation_groups(a, b, specs, n, c->how, p);
	else
		mc_permutation(a, b, specs, n, c->how, p, exact);
}

static enum mc_status
check_permutation(const struct mc_test_data *c, struct mc_err *err)
{
	const struct mc_side *sides = c->values->sides;
	size_t p, i;

	for (p = 0; p < c->n_pairs; p++) {
		const struct mc_pair *pair = &c->pairs[p];

		for (i = 0; i < c->values->n; i++) {
			if (folds_differ(c, pair, &c->values->specs[i]))
				return mc_err_set(err, MC_EUSAGE, "--test "
				    "permutation exchanges arms within folds, "
				    "and \"%s\" and \"%s\" have different "
				    "folds: use bootstrap", sides[pair->a].name,
				    sides[pair->b].name);
		}
	}
	return MC_OK;
}

static void
prepare_permutation(struct mc_test_data *c)
{
	const struct mc_side_values *v = c->values;
	size_t p;

	c->permuted = mc_xcalloc(c->n_pairs * v->n, sizeof(*c->permuted));
	for (p = 0; p < c->n_pairs; p++)
		permute(c, &c->pairs[p], v->specs, v->n,
		    c->permuted + p * v->n, &c->exact);
}

void
mc_permutation_test(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e)
{
	const struct mc_side_values *v = c->values;
	const struct mc_pair *pair = &c->pairs[p];
	bool exact = c->exact;

	if (!has_one_seed(v, pair)) {
		mc_remark(&e->note, "no p: the permutation test is for one "
		    "training seed of each arm");
		return;
	}
	if (folds_differ(c, pair, &v->specs[i])) {
		mc_remark(&e->note, "no p: arms with different folds cannot "
		    "be exchanged");
		return;
	}
	if (c->permuted != NULL)
		e->p = c->permuted[p * v->n + i];
	else if (v->n_tasks > 1)
		e->p = mc_permutation_mean(v->samples[pair->a],
		    v->samples[pair->b], v->used + (pair->a * v->n + i) *
		    v->n_tasks, v->n_tasks, &v->specs[i], c->how, &exact);
	else
		permute(c, pair, &v->specs[i], 1, &e->p, &exact);
	e->resampled = true;
	e->test = exact && !pair->same_arm ? "exact permutation" :
	    "permutation";
}

/* --- Several test sets ---------------------------------------------------- */

static enum mc_status
check_corrected_t(const struct mc_test_data *c, struct mc_err *err)
{
	size_t side;

	for (side = 0; side < c->values->n_sides; side++) {
		if (c->values->sides[side].n_sets < 2)
			return mc_err_set(err, MC_EUSAGE, "--test corrected-t "
			    "compares arms over several test sets, and \"%s\" "
			    "has one: use bootstrap",
			    c->values->sides[side].name);
	}
	return MC_OK;
}

/* The mean and the spread of the differences in each of N test sets. */
static void
corrected_t(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	const struct mc_side_values *v = c->values;
	size_t a = c->pairs[p].a, b = c->pairs[p].b, n = v->sides[a].n_sets, k;
	double *of_a = mc_xcalloc(n, sizeof(*of_a));
	double *of_b = mc_xcalloc(n, sizeof(*of_b));
	double ratio = fmax(v->sides[a].test_over_train,
	    v->sides[b].test_over_train);
	struct mc_t_interval s;

	(void)d;
	for (k = 0; k < n; k++) {
		of_a[k] = mc_side_set_mean(v, a, i, k);
		of_b[k] = mc_side_set_mean(v, b, i, k);
	}
	e->seed_sd_a = gsl_stats_sd(of_a, 1, n);
	e->seed_sd_b = gsl_stats_sd(of_b, 1, n);
	for (k = 0; k < n; k++)
		of_a[k] -= of_b[k];
	s = mc_resampled_difference(of_a, n, ratio, c->level);
	free(of_a);
	free(of_b);
	e->test = t->test = "corrected-t";
	mc_remark(&e->note, "mean over %zu test sets, corrected for training "
	    "sets that overlap: %.3g test images per training image", n,
	    ratio);
	if (!(s.hi - s.lo > MC_ROUNDING)) {
		mc_remark(&e->note, "no interval: the difference is the same "
		    "in all test sets");
		return;
	}
	e->p = s.p;
	e->lo = s.lo;
	e->hi = s.hi;
	e->method = e->test;
	*t = (struct mc_theory){ .test = e->test, .above = wald_above,
	    .below = wald_below, .wald = { s.difference, s.variance, s.df } };
}

/* --- The table ------------------------------------------------------------ */

static void
delong(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	(void)d;
	by_delong(c, &c->pairs[p], i, e, t);
}

static void
mcnemar(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	(void)d;
	by_mcnemar(c, &c->pairs[p], i, e, t);
}

static void
bootstrap(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	by_bootstrap(c, p, i, e, d, t);
}

/* Permutations have no interval: it is the bootstrap's. */
static void
permutation(const struct mc_test_data *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	by_bootstrap(c, p, i, e, d, t);
	mc_permutation_test(c, p, i, e);
}

/* Each test by its name, its name in print and its other members. */
#define TESTS(X) \
	X("bootstrap", "bootstrap", .replicates = true, .seeds = true, \
	    .max_t = true, .means = true, .compare = bootstrap) \
	X("permutation", "permutation", .replicates = true, .means = true, \
	    .check = check_permutation, .prepare = prepare_permutation, \
	    .compare = permutation) \
	X("mcnemar", "McNemar", .check = check_mcnemar, .compare = mcnemar) \
	X("delong", "DeLong", .check = check_delong, .compare = delong) \
	X("corrected-t", "corrected resampled t", .seeds = true, \
	    .sets = true, .check = check_corrected_t, .compare = corrected_t)
#define ROW(name, ...)	{ name, __VA_ARGS__ },
#define NAME(name, ...)	name,

const struct mc_test mc_tests[] = { TESTS(ROW) { .name = NULL } };
const char *const mc_test_names[] = { TESTS(NAME) NULL };

const struct mc_test *
mc_test_find(const char *name)
{
	const struct mc_test *t = mc_tests;

	while (t->name != NULL && strcmp(t->name, name) != 0)
		t++;
	return t->name != NULL ? t : NULL;
}

/* --- Preparing ------------------------------------------------------------ */

static enum mc_status
check_seeds(const struct mc_test_data *c, const struct mc_test *test,
    struct mc_err *err)
{
	const struct mc_side_values *v = c->values;
	size_t side;

	for (side = 0; side < v->n_sides && !test->seeds; side++) {
		if (v->sides[side].n > 1)
			return mc_err_set(err, MC_EUSAGE, "--test %s "
			    "compares single training runs, and \"%s\" has %zu "
			    "training seeds: use bootstrap", test->name,
			    v->sides[side].name, v->sides[side].n);
	}
	return MC_OK;
}

enum mc_status
mc_test_prepare(const struct mc_test *test, struct mc_test_data *c,
    struct mc_err *err)
{
	const struct mc_side_values *v = c->values;
	enum mc_status status = check_seeds(c, test, err);

	if (status == MC_OK && test->check != NULL)
		status = test->check(c, err);
	if (status != MC_OK)
		return status;
	if (test->replicates) {
		c->replicates = mc_xreallocarray(NULL, v->n_sides * v->n *
		    (size_t)c->how->replicates, sizeof(*c->replicates));
		mc_side_replicates(v, 0, v->n_sides, c->how, c->replicates);
	}
	if (test->prepare != NULL)
		test->prepare(c);
	return MC_OK;
}

void
mc_test_data_clear(struct mc_test_data *c)
{
	free(c->replicates);
	free(c->permuted);
}
