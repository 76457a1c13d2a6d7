/* compare.c - compare arms with intervals, tests and notes. */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/compare.h"
#include "stats/interval.h"
#include "stats/multiplicity.h"
#include "stats/remarks.h"
#include "stats/seed_variance.h"

struct context {
	const struct mc_compare_options *options;
	const struct mc_side_values *values;
	const struct mc_side_means *means;	/* NULL: of one task */
	struct mc_test_data test;
};

/* Whether replicates of few units make metric I, whatever its value. */
static bool
few_units(const struct context *c, const struct mc_pair *pair, size_t i,
    double a, double b)
{
	return mc_side_few_units(c->values, pair->a, i, a, 0) ||
	    mc_side_few_units(c->values, pair->b, i, b, 0);
}

/* --- Remarks -------------------------------------------------------------- */

/* The first sample of SIDE in which metric I is undefined; 0: there is none. */
static size_t
first_undefined(const struct mc_side_values *v, size_t side, size_t i)
{
	size_t n = v->sides[side].n, s = 0;

	while (s < n && !isnan(v->seeds[side][i * n + s]))
		s++;
	return s < n ? s : 0;
}

static void
remark_values(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_buf *note)
{
	const struct mc_side_values *v = c->values;
	size_t sides[2] = { pair->a, pair->b }, k, s;
	struct mc_buf text[2] = { { 0 }, { 0 } };
	char *name;

	for (k = 0; k < 2; k++) {
		s = first_undefined(v, sides[k], i);
		mc_remarks_value(v->remarks[sides[k]][s], &v->specs[i],
		    mc_side_mean(v, sides[k], i), &text[k]);
	}
	if (text[0].len > 0 && text[1].len > 0 &&
	    strcmp(text[0].data, text[1].data) == 0)
		mc_remark(note, "%s", text[0].data);
	else for (k = 0; k < 2; k++) {
		if (text[k].len == 0)
			continue;
		name = mc_remark_name(v->sides[sides[k]].name);
		mc_remark(note, "%s: %s", name, text[k].data);
		free(name);
	}
	mc_buf_free(&text[0]);
	mc_buf_free(&text[1]);
}

static void
remark_seeds(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e)
{
	const struct mc_side_values *v = c->values;
	size_t n_a = v->sides[pair->a].n, n_b = v->sides[pair->b].n;
	char *name;

	if (c->options->test->sets)
		return;		/* the spread between test sets has it all */
	if (n_a == 1 && n_b == 1) {
		mc_remark(&e->note, "one training seed: the result is about "
		    "these trained models, not about how they were trained");
		return;
	}
	if (n_a > 1)
		e->seed_sd_a = gsl_stats_sd(v->seeds[pair->a] + i * n_a, 1,
		    n_a);
	if (n_b > 1)
		e->seed_sd_b = gsl_stats_sd(v->seeds[pair->b] + i * n_b, 1,
		    n_b);
	if (n_a != n_b)
		mc_remark(&e->note, "%zu and %zu training seeds", n_a, n_b);
	if (!mc_counts_seeds(v, pair))
		mc_remark(&e->note, "fewer than %d training seeds per arm: "
		    "seed-to-seed variation is not included", MC_ENOUGH_SEEDS);
	else if (!mc_has_enough_seeds(v, pair->a) ||
	    !mc_has_enough_seeds(v, pair->b)) {
		name = mc_remark_name(v->sides[mc_has_enough_seeds(v,
		    pair->a) ? pair->b : pair->a].name);
		mc_remark(&e->note, "fewer than %d training seeds of %s: its "
		    "seed-to-seed variation is not included, so the result is "
		    "about its trained models", MC_ENOUGH_SEEDS, name);
		free(name);
	}
}

/* What few units do to interval and p of E, whose pair has them. */
static const char *
effect_of_few(const struct mc_difference *e)
{
	if (!e->resampled)
		return "few units: interval and p are approximate";
	if (isnan(e->lo))
		return "few units";
	return strstr(e->test, "permutation") != NULL ?
	    "few units: interval may be too narrow" :
	    "few units: interval may be too narrow, and p may be too small";
}

static void
remark_units(const struct context *c, const struct mc_pair *pair, size_t i,
    struct mc_difference *e)
{
	bool wald = strcmp(e->method, "delong") == 0 ||
	    strcmp(e->method, "obuchowski") == 0;

	/* Formulas are made for the ends of the scale. */
	if ((e->resampled || wald) && few_units(c, pair, i,
	    wald ? NAN : mc_side_mean(c->values, pair->a, i),
	    wald ? NAN : mc_side_mean(c->values, pair->b, i)))
		mc_remark(&e->note, "%s", effect_of_few(e));
	if (c->options->how.strata != NULL && e->resampled)
		mc_remark(&e->note, "resampled within classes: the interval "
		    "holds for this prevalence");
	if (!(isnan(e->lo) && isnan(e->p)) &&
	    (c->values->sides[pair->a].seeds[0]->fold != NULL ||
	    c->values->sides[pair->b].seeds[0]->fold != NULL))
		mc_remark(&e->note, "cross-validation: interval and p do not "
		    "account for overlapping training sets");
}

/* --- Rows ----------------------------------------------------------------- */

/* The row of the difference itself; T is what its claims are tested by. */
static void
compare_pair(const struct context *c, size_t p, size_t i,
    struct mc_difference *e, double *d, struct mc_theory *t)
{
	const struct mc_pair *pair = &c->test.pairs[p];

	e->difference = mc_side_mean(c->values, pair->a, i) -
	    mc_side_mean(c->values, pair->b, i);
	if (c->means != NULL)
		mc_buf_puts(&e->note, c->means->notes[p * c->values->n +
		    i].data);
	else
		remark_values(c, pair, i, &e->note);
	if (isnan(e->difference))
		return;
	remark_seeds(c, pair, i, e);
	if (c->values->no_ratio[pair->a * c->values->n + i] ||
	    c->values->no_ratio[pair->b * c->values->n + i]) {
		mc_remark(&e->note, "no interval: 0/0 is undefined");
		return;
	}
	c->options->test->compare(&c->test, p, i, e, d, t);
	if (isnan(e->p) && !c->options->test->sets)
		mc_permutation_test(&c->test, p, i, e);
	if (isnan(e->p)) {
		e->test = "";	/* none has a p to name */
		e->resampled = e->resampled && !isnan(e->lo);
	}
	remark_units(c, pair, i, e);
}

/* The row of a claim about the margin, from the row of the difference. */
static void
claim(const struct context *c, size_t i, const struct mc_difference *different,
    enum mc_claim what, const struct mc_theory *t, struct mc_difference *e)
{
	double margin = c->options->margin, p_up, p_down;
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
	if (t->resampled && few_units(c, &c->test.pairs[different->pair], i,
	    NAN, NAN)) {
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
	int sign = c->values->specs[i].metric->better;

	for (p = 0; p < c->test.n_pairs; p++) {
		struct mc_difference *row = &e[rows++];
		struct mc_theory t = { 0 };

		*row = (struct mc_difference){ .spec = c->values->specs[i],
		    .pair = p, .difference = NAN, .lo = NAN, .hi = NAN,
		    .method = "none", .test = "", .p = NAN, .p_max_t = NAN,
		    .seed_sd_a = NAN, .seed_sd_b = NAN };
		compare_pair(c, p, i, row, d, &t);
		if (isnan(c->options->margin))
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
	    c->test.pairs[a->pair].family == c->test.pairs[b->pair].family;
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
	const struct mc_pair *pair = &c->test.pairs[e->pair];
	size_t b = (size_t)c->options->how.replicates, n, k;
	const double *x = c->test.replicates +
	    (pair->a * c->values->n + spec) * b;
	const double *y = c->test.replicates +
	    (pair->b * c->values->n + spec) * b;
	int sign = e->spec.metric->better;
	double margin = c->options->margin, sd;

	n = mc_difference_replicates(&c->test, pair, spec, own);
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
	size_t b = (size_t)c->options->how.replicates, r;
	double *t = mc_xcalloc(m, sizeof(*t));
	double *adjusted = mc_xcalloc(m, sizeof(*adjusted));
	double *values = mc_xreallocarray(NULL, m * b, sizeof(*values));

	for (r = 0; r < m; r++)
		t[r] = statistic(c, member[r], spec[r], values + r * b);
	mc_max_t(t, values, m, b, adjusted);
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

/* All rows of all metrics; returns how many. */
static size_t
compare_all(const struct context *c, struct mc_difference *e)
{
	size_t most = 3 * c->values->n * c->test.n_pairs, count = 0, i, rows;
	size_t *spec = mc_xcalloc(most, sizeof(*spec));
	double *d = mc_xcalloc((size_t)c->options->how.replicates, sizeof(*d));

	for (i = 0; i < c->values->n; i++) {
		for (rows = compare_spec(c, i, e + count, d); rows > 0; rows--)
			spec[count++] = i;
	}
	if (c->options->max_t)
		adjust_max_t(c, e, spec, count);
	free(spec);
	free(d);
	return count;
}

/* Compare the pairs of C, which is prepared. */
static void
compare(const struct context *c, struct mc_difference **differences,
    size_t *count)
{
	*differences = mc_xcalloc(3 * c->values->n * c->test.n_pairs,
	    sizeof(**differences));
	*count = compare_all(c, *differences);
}

/* Compare the pairs of C in means over tasks. */
static void
compare_means(struct context *c, const struct mc_side *sides, size_t n_sides,
    const struct mc_metric_spec *specs, size_t n,
    struct mc_difference **differences, size_t *count)
{
	struct mc_side_means *means = mc_side_means_alloc(sides, n_sides,
	    &c->options->tasks, c->test.pairs, c->test.n_pairs, specs, n,
	    c->test.how, c->options->level);

	assert(c->options->test->means);
	c->means = means;
	c->values = c->test.values = means->values;
	c->test.pairs = means->pairs;
	c->test.replicates = means->replicates;
	c->test.hidden = means->hidden;
	compare(c, differences, count);
	mc_side_means_free(means);
}

/* Compare the pairs of C in one task. */
static enum mc_status
compare_task(struct context *c, const struct mc_side *sides, size_t n_sides,
    const struct mc_metric_spec *specs, size_t n,
    struct mc_difference **differences, size_t *count, struct mc_err *err)
{
	struct mc_side_values *values = mc_side_values_alloc(sides, n_sides,
	    specs, n);
	enum mc_status status;
	size_t i;

	c->values = c->test.values = values;
	c->test.independent = true;
	for (i = 0; i < n_sides && c->test.independent; i++)
		c->test.independent = mc_grouped_unit(sides[i].seeds[0]) ==
		    sides[i].seeds[0]->n_units;
	status = mc_test_prepare(c->options->test, &c->test, err);
	if (status == MC_OK) {
		compare(c, differences, count);
		mc_test_data_clear(&c->test);
	}
	mc_side_values_free(values);
	return status;
}

enum mc_status
mc_compare(const struct mc_side *sides, size_t n_sides,
    const struct mc_pair *pairs, size_t n_pairs,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_compare_options *options,
    struct mc_difference **differences, size_t *count, struct mc_err *err)
{
	struct context c = { .options = options, .test = { .pairs = pairs,
	    .n_pairs = n_pairs, .level = options->level,
	    .how = &options->how } };

	*differences = NULL;
	*count = 0;
	if (options->tasks.n == 0)
		return compare_task(&c, sides, n_sides, specs, n, differences,
		    count, err);
	compare_means(&c, sides, n_sides, specs, n, differences, count);
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
