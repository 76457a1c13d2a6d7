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
#include "stats/weighing.h"

/* Replicates that differ by rounding only are equal. */
#define SAME		1e-12

struct context {
	const struct mc_side *sides;
	size_t n_sides;
	const struct mc_pair *pairs;
	size_t n_pairs;
	const struct mc_measure *measures;
	size_t n;
	const struct mc_comparing *plan;
	struct mc_remarks **remarks;	/* [side]: on its first seed */
	double **seeds;		/* [side]: value of measure i and seed s at
				   [i * seeds of the side + s]; NAN where it is
				   not possible */
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
	double *own = mc_xcalloc(c->n, sizeof(*own));
	size_t s, i;

	c->seeds[side] = mc_xcalloc(c->n * x->n, sizeof(double));
	for (s = 0; s < x->n; s++) {
		mc_measures_value(x->seeds[s], c->measures, c->n, own);
		for (i = 0; i < c->n; i++)
			c->seeds[side][i * x->n + s] = own[i];
	}
	free(own);
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
	mc_bootstrap(samples, all, c->measures, c->n, &c->plan->how, values,
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

static void
find_permutations(struct context *c)
{
	size_t p;

	c->permuted = mc_xcalloc(c->n_pairs * c->n, sizeof(*c->permuted));
	for (p = 0; p < c->n_pairs; p++)
		mc_permutation(c->sides[c->pairs[p].a].seeds[0],
		    c->sides[c->pairs[p].b].seeds[0], c->measures, c->n,
		    &c->plan->how, c->permuted + p * c->n, &c->exact);
}

/* --- A comparison and its claims ------------------------------------------ */

/*
 * The p of "at most BOUND" against "more", and of "at least BOUND" against
 * "less", by whatever theory.
 */
struct theory {
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
		n += t->d[i] <= bound + SAME;
	return (double)n / (double)(t->n + 1);
}

static double
bootstrap_below(const struct theory *t, double bound)
{
	size_t i, n = 1;

	for (i = 0; i < t->n; i++)
		n += t->d[i] >= bound - SAME;
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

/* --- Tests ---------------------------------------------------------------- */

static void
by_bootstrap(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, double *d, struct theory *t)
{
	size_t all = (size_t)c->plan->how.replicates;
	size_t n = difference_replicates(c, pair, i, d);
	double min, max;

	e->resampled = true;
	e->test = "bootstrap";
	if (n < all)
		mc_remark(&e->note, "undefined in %zu of %zu replicates",
		    all - n, all);
	if ((int64_t)n < mc_replicates_needed(c->plan->level)) {
		mc_remark(&e->note,
		    "no interval: too few replicates remain");
		return;
	}
	*t = (struct theory){ .above = bootstrap_above,
	    .below = bootstrap_below, .d = d, .n = n };
	e->p = mc_bootstrap_p(d, n, 0);
	gsl_stats_minmax(&min, &max, d, 1, n);
	if (max - min <= SAME) {
		mc_remark(&e->note, "no interval: all replicates are equal");
		return;
	}
	mc_percentile(d, n, c->plan->level, &e->lo, &e->hi);
	e->method = "percentile";
}

/*
 * What the spread between seeds is taken from: the values of A and of B; for
 * subgroups of one arm, whose seeds are paired, their differences and nothing.
 */
static void
spread(const struct context *c, const struct mc_pair *pair, size_t i,
    double *a, double *b)
{
	size_t n_a = c->sides[pair->a].n, n_b = c->sides[pair->b].n, s;

	memcpy(a, c->seeds[pair->a] + i * n_a, n_a * sizeof(*a));
	memcpy(b, c->seeds[pair->b] + i * n_b, n_b * sizeof(*b));
	for (s = 0; pair->same_arm && s < n_a; s++) {
		a[s] -= b[s];
		b[s] = 0;
	}
}

/* With several seeds: Student's t on both sources of variance. */
static void
by_seeds(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, const double *d, struct theory *t)
{
	size_t n_a = c->sides[pair->a].n, n_b = c->sides[pair->b].n;
	double *a = mc_xcalloc(n_a, sizeof(*a));
	double *b = mc_xcalloc(n_b, sizeof(*b));
	struct mc_t_interval s;

	spread(c, pair, i, a, b);
	s = mc_seeds_difference(a, n_a, b, n_b,
	    gsl_stats_variance(d, 1, t->n),
	    mc_remarks_units(c->remarks[pair->a]), c->plan->level);
	free(a);
	free(b);
	e->test = "seeds";
	e->p = s.p;
	e->lo = s.lo;
	e->hi = s.hi;
	e->method = isnan(s.lo) ? "none" : "seeds";
	*t = (struct theory){ .above = wald_above, .below = wald_below,
	    .wald = { s.difference, s.variance, s.df } };
	if (isnan(s.lo))
		mc_remark(&e->note, "no interval: the variance is 0");
}

static void
by_delong(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e, struct theory *t)
{
	double half;

	t->wald = mc_delong(c->sides[pair->a].seeds[0],
	    c->sides[pair->b].seeds[0], &c->measures[i]);
	t->above = wald_above;
	t->below = wald_below;
	e->test = isinf(t->wald.df) ? "delong" : "obuchowski";
	e->p = mc_wald_p(&t->wald);
	if (isnan(t->wald.variance))
		mc_remark(&e->note, "no interval: the class or the rest has "
		    "fewer than two units");
	else if (t->wald.variance == 0)
		mc_remark(&e->note, "no interval: the variance is 0");
	if (isnan(t->wald.variance) || t->wald.variance == 0)
		return;
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
	    &c->measures[i]);

	t->discordant = d;
	t->above = tango_above;
	t->below = tango_below;
	e->test = "mcnemar";
	if (d.n == 0)
		return;
	e->p = mc_mcnemar(d.a_alone, d.b_alone);
	mc_tango(d.a_alone, d.b_alone, d.n, c->plan->level, &e->lo, &e->hi);
	e->method = "tango";
	mc_remark(&e->note, "%u right in one arm alone, %u in the other",
	    d.a_alone, d.b_alone);
}

/* --- Remarks -------------------------------------------------------------- */

static void
remark_values(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_buf *note)
{
	size_t sides[2] = { pair->a, pair->b }, k;
	struct mc_buf text[2] = { { 0 }, { 0 } };

	for (k = 0; k < 2; k++)
		mc_remarks_value(c->remarks[sides[k]], &c->measures[i],
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

static bool
enough_seeds(const struct context *c, const struct mc_pair *pair)
{
	return c->sides[pair->a].n >= MC_ENOUGH_SEEDS &&
	    c->sides[pair->b].n >= MC_ENOUGH_SEEDS;
}

static void
remark_seeds(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e)
{
	size_t n_a = c->sides[pair->a].n, n_b = c->sides[pair->b].n;

	if (n_a == 1 && n_b == 1) {
		mc_remark(&e->note, "one training seed: this is about these "
		    "trained files, not about how they were trained");
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
	if (!enough_seeds(c, pair))
		mc_remark(&e->note, "fewer than %d training seeds of an arm: "
		    "their spread is left out", MC_ENOUGH_SEEDS);
}

static void
remark_units(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e)
{
	if (e->resampled && !isnan(e->lo) &&
	    (mc_remarks_few_units(c->remarks[pair->a], &c->measures[i],
	    side_value(c, pair->a, i)) ||
	    mc_remarks_few_units(c->remarks[pair->b], &c->measures[i],
	    side_value(c, pair->b, i))))
		mc_remark(&e->note, "few units: interval may undercover");
	if (c->plan->how.strata != NULL && e->resampled)
		mc_remark(&e->note, "resampled within classes: the interval "
		    "holds for this prevalence");
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
	if (c->plan->test == MC_TEST_MCNEMAR)
		by_mcnemar(c, pair, i, e, t);
	else if (c->plan->test == MC_TEST_DELONG)
		by_delong(c, pair, i, e, t);
	else
		by_bootstrap(c, pair, i, e, d, t);
	if (t->d != NULL && enough_seeds(c, pair))
		by_seeds(c, pair, i, e, d, t);
	remark_units(c, pair, i, e);
	if (c->plan->test == MC_TEST_PERMUTATION) {
		e->p = c->permuted[p * c->n + i];
		e->test = c->exact ? "exact permutation" : "permutation";
	}
}

/* The row of a claim about the margin, from the row of the difference. */
static void
claim(const struct context *c, const struct mc_difference *different,
    enum mc_claim what, const struct theory *t, struct mc_difference *e)
{
	double margin = c->plan->margin, p_up, p_down;
	int sign = mc_metric_better(different->measure.metric);

	*e = *different;
	e->claim = what;
	e->note = (struct mc_buf){ 0 };
	if (different->note.len > 0)
		mc_remark(&e->note, "%s", different->note.data);
	e->p = NAN;
	if (c->plan->test == MC_TEST_PERMUTATION)
		e->test = "bootstrap";
	if (t->above == NULL)
		return;
	p_up = t->above(t, -margin);
	p_down = t->below(t, margin);
	e->p = what == MC_EQUIVALENT ? fmax(p_up, p_down) :
	    sign > 0 ? p_up : p_down;
	mc_remark(&e->note, what == MC_EQUIVALENT ?
	    "p: the greater of two one-sided ones" : "p is one-sided");
}

/*
 * Adjusted p of max-T for the ROWS of measure I at E, family by family.
 * Statistics are differences over their standard deviations in the bootstrap;
 * replicates are centred, which makes them those of no difference.
 */
static void
adjust_max_t(const struct context *c, size_t i, struct mc_difference *e,
    size_t rows, size_t family)
{
	size_t b = (size_t)c->plan->how.replicates, m = 0, r, k;
	double *t = mc_xcalloc(rows, sizeof(*t));
	double *adjusted = mc_xcalloc(rows, sizeof(*adjusted));
	double *values = mc_xreallocarray(NULL, rows * b, sizeof(*values));
	struct mc_difference **member = mc_xcalloc(rows, sizeof(*member));

	for (r = 0; r < rows; r++) {
		const struct mc_pair *pair = &c->pairs[e[r].pair];
		double *own = values + m * b, sd;

		if (pair->family != family || e[r].claim != MC_DIFFERENT ||
		    isnan(e[r].lo) || difference_replicates(c, pair, i, own) <
		    b)
			continue;
		sd = gsl_stats_sd(own, 1, b);
		for (k = 0; k < b; k++)
			own[k] = (own[k] - e[r].difference) / sd;
		t[m] = e[r].difference / sd;
		member[m++] = &e[r];
	}
	mc_max_t_step_down(t, values, m, b, adjusted);
	/* The two are made of other tails; adjusting takes nothing away. */
	for (r = 0; r < m; r++)
		member[r]->p_max_t = fmax(adjusted[r], member[r]->p);
	free(t);
	free(adjusted);
	free(values);
	free(member);
}

/* All rows of measure I, at E; returns how many. */
static size_t
compare_measure(const struct context *c, size_t i, struct mc_difference *e,
    double *d)
{
	size_t rows = 0, families = 0, p;
	int sign = mc_metric_better(c->measures[i].metric);

	for (p = 0; p < c->n_pairs; p++) {
		struct mc_difference *row = &e[rows++];
		struct theory t = { 0 };

		*row = (struct mc_difference){ .measure = c->measures[i],
		    .pair = p, .difference = NAN, .lo = NAN, .hi = NAN,
		    .method = "none", .test = "", .p = NAN, .p_max_t = NAN,
		    .seed_sd_a = NAN, .seed_sd_b = NAN };
		compare_pair(c, p, i, row, d, &t);
		if (c->pairs[p].family >= families)
			families = c->pairs[p].family + 1;
		if (isnan(c->plan->margin))
			continue;
		if (sign != 0)
			claim(c, row, MC_NOT_INFERIOR, &t, &e[rows++]);
		claim(c, row, MC_EQUIVALENT, &t, &e[rows++]);
	}
	for (p = 0; c->plan->max_t && p < families; p++)
		adjust_max_t(c, i, e, rows, p);
	return rows;
}

/* --- All of it ------------------------------------------------------------ */

static enum mc_status
check(const struct context *c, struct mc_err *err)
{
	static const char *const names[] = { "bootstrap", "permutation",
	    "mcnemar", "delong" };
	enum mc_test test = c->plan->test;
	const struct mc_sample *s = c->sides[0].seeds[0];
	size_t side, i;

	for (side = 0; side < c->n_sides && test != MC_TEST_BOOTSTRAP; side++) {
		if (c->sides[side].n > 1)
			return mc_err_set(err, MC_EUSAGE, "--method %s "
			    "compares trained files, and \"%s\" has %zu "
			    "training seeds: take bootstrap", names[test],
			    c->sides[side].name, c->sides[side].n);
	}
	for (i = 0; i < c->n; i++) {
		const struct mc_measure *m = &c->measures[i];

		if (test == MC_TEST_MCNEMAR && !mc_mcnemar_applies(m))
			return mc_err_set(err, MC_EUSAGE, "--method mcnemar "
			    "is for accuracy, and recall and specificity of a "
			    "class, not for \"%s\"", m->metric->name);
		if (test == MC_TEST_DELONG && !mc_delong_applies(m, s))
			return mc_err_set(err, MC_EUSAGE, "--method delong is "
			    "for the auroc of a class, not for \"%s%s%s\"",
			    m->metric->name, m->average == MC_NO_AVERAGE ||
			    m->average == MC_EACH_CLASS ? "" : ":",
			    mc_average_name(m->average));
	}
	if (test == MC_TEST_MCNEMAR && mc_grouped_unit(s) < s->n_units)
		return mc_err_set(err, MC_EUSAGE, "--method mcnemar is for "
		    "independent images, and some are of one group: take "
		    "permutation");
	return MC_OK;
}

static void
prepare(struct context *c)
{
	size_t side;

	c->remarks = mc_xcalloc(c->n_sides, sizeof(*c->remarks));
	c->seeds = mc_xcalloc(c->n_sides, sizeof(*c->seeds));
	for (side = 0; side < c->n_sides; side++) {
		c->remarks[side] = mc_remarks_alloc(c->sides[side].seeds[0]);
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
	size_t side;

	for (side = 0; side < c->n_sides; side++) {
		mc_remarks_free(c->remarks[side]);
		free(c->seeds[side]);
	}
	free(c->remarks);
	free(c->seeds);
	free(c->replicates);
	free(c->permuted);
}

enum mc_status
mc_compare(const struct mc_side *sides, size_t n_sides,
    const struct mc_pair *pairs, size_t n_pairs,
    const struct mc_measure *measures, size_t n,
    const struct mc_comparing *plan, struct mc_difference **differences,
    size_t *count, struct mc_err *err)
{
	struct context c = { .sides = sides, .n_sides = n_sides,
	    .pairs = pairs, .n_pairs = n_pairs, .measures = measures, .n = n,
	    .plan = plan };
	enum mc_status status;
	double *d;
	size_t i;

	*differences = NULL;
	*count = 0;
	status = check(&c, err);
	if (status != MC_OK)
		return status;
	prepare(&c);
	*differences = mc_xcalloc(3 * n * n_pairs, sizeof(**differences));
	d = mc_xcalloc((size_t)plan->how.replicates, sizeof(*d));
	for (i = 0; i < n; i++)
		*count += compare_measure(&c, i, *differences + *count, d);
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
