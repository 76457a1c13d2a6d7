/* estimate.c - metrics with their intervals and notes. */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/estimate.h"
#include "stats/interval.h"
#include "stats/proportion.h"
#include "stats/resample.h"

/* Where coverage holds, by simulation; see the manual of mc-bootstrap. */
#define ENOUGH_UNITS		50
#define ENOUGH_CLASS_UNITS	30
#define EXTREME			0.05

/* Replicates that differ by rounding only are equal. */
#define SAME			1e-12

/* How many units there are of each kind. */
struct units {
	size_t *labelled;	/* [class]: with an image of the class */
	size_t *all_labelled;	/* [class]: with no other image */
	size_t *predicted;	/* [class]: with an image predicted as it */
};

/* What the notes and intervals of all measures of a sample share. */
struct context {
	const struct mc_sample *s;
	const struct mc_plan *plan;
	struct mc_tally *tally;
	struct units units;
};

/* --- Units ---------------------------------------------------------------- */

static int
compare_u64(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

/*
 * Count the units with an image of each class and, unless ONLY is NULL, those
 * with no other.
 */
static void
count_units(const struct mc_sample *s, const int *class_of, size_t **some,
    size_t **only)
{
	uint64_t *pairs = mc_xcalloc(s->n, sizeof(*pairs));
	size_t i, n = 0;

	*some = mc_xcalloc(s->n_classes, sizeof(**some));
	if (only != NULL)
		*only = mc_xcalloc(s->n_classes, sizeof(**only));
	for (i = 0; i < s->n; i++)
		pairs[i] = (uint64_t)s->unit[i] << 32 | (uint32_t)class_of[i];
	qsort(pairs, s->n, sizeof(*pairs), compare_u64);
	for (i = 0; i < s->n; i++) {
		if (i == 0 || pairs[i] != pairs[i - 1])
			pairs[n++] = pairs[i];
	}
	for (i = 0; i < n; i++) {
		(*some)[(uint32_t)pairs[i]]++;
		if (only != NULL &&
		    (i == 0 || pairs[i - 1] >> 32 != pairs[i] >> 32) &&
		    (i + 1 == n || pairs[i + 1] >> 32 != pairs[i] >> 32))
			(*only)[(uint32_t)pairs[i]]++;
	}
	free(pairs);
}

/* --- Notes ---------------------------------------------------------------- */

static void
add_note(struct mc_buf *note, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mc_buf_printf(note, "%s%s", note->len > 0 ? "; " : "", text);
}

/* Weighted recall is accuracy, and so is a metric of no class. */
static bool
is_accuracy(const struct mc_measure *m)
{
	return m->metric->base == MC_OF_ALL ||
	    (m->metric->base == MC_OF_LABEL && m->average == MC_WEIGHTED);
}

/* Whether the value of M depends on how class K fares. */
static bool
uses_class(const struct mc_measure *m, const struct mc_tally *t, size_t k)
{
	if (is_accuracy(m))
		return false;
	if (m->average == MC_EACH_CLASS)
		return (size_t)m->class_index == k;
	return m->average != MC_WEIGHTED || t->support[k] > 0 ||
	    m->metric->needs_p;
}

static bool
has_no_images(const struct mc_tally *t, const struct mc_measure *m, size_t k)
{
	(void)m;
	return t->support[k] == 0;
}

static bool
has_no_rest(const struct mc_tally *t, const struct mc_measure *m, size_t k)
{
	(void)m;
	return t->support[k] == t->total;
}

static bool
has_no_denominator(const struct mc_tally *t, const struct mc_measure *m,
    size_t k)
{
	return m->metric->denominator != NULL &&
	    m->metric->denominator(t, k) == 0;
}

/* Add "TEXT "a", "b"" for the classes that M uses and of which IS is true. */
static void
note_classes(const struct context *c, const struct mc_measure *m,
    bool (*is)(const struct mc_tally *, const struct mc_measure *, size_t),
    const char *text, struct mc_buf *note)
{
	bool first = true;
	size_t k;

	for (k = 0; k < c->s->n_classes; k++) {
		if (!uses_class(m, c->tally, k) || !is(c->tally, m, k))
			continue;
		if (first)
			add_note(note, "%s", text);
		mc_buf_printf(note, "%s\"%s\"", first ? " " : ", ",
		    c->s->classes[k]);
		first = false;
	}
}

static void
note_undefined(const struct context *c, const struct mc_measure *m,
    struct mc_buf *note)
{
	if (c->s->p == NULL) {
		add_note(note, "undefined: it needs probabilities, and there "
		    "are no p: columns");
		return;
	}
	note_classes(c, m, has_no_images, "undefined: no images of class",
	    note);
	note_classes(c, m, has_no_rest, "undefined: all images are of class",
	    note);
}

static void
note_value(const struct context *c, const struct mc_measure *m,
    struct mc_buf *note)
{
	if (is_accuracy(m)) {
		if (m->average == MC_WEIGHTED)
			add_note(note, "weighted recall equals accuracy");
		return;
	}
	note_classes(c, m, has_no_images, "no images of class", note);
	note_classes(c, m, has_no_denominator, "0/0 taken as 0 for class",
	    note);
}

/* Whether a simulation found that such an interval covers what it says. */
static bool
few_units(const struct context *c, const struct mc_estimate *e)
{
	const struct units *u = &c->units;
	size_t k;

	if (c->s->n_units < ENOUGH_UNITS ||
	    e->estimate < EXTREME || e->estimate > 1 - EXTREME)
		return true;
	for (k = 0; k < c->s->n_classes; k++) {
		if (!uses_class(&e->measure, c->tally, k))
			continue;
		if (u->labelled[k] < ENOUGH_CLASS_UNITS)
			return true;
		if (e->measure.metric->needs_p &&
		    c->s->n_units - u->all_labelled[k] < ENOUGH_CLASS_UNITS)
			return true;
	}
	return false;
}

/* --- Intervals ------------------------------------------------------------ */

/* The units that a proportion is of; 0 where M is no proportion. */
static size_t
units_of_proportion(const struct context *c, const struct mc_measure *m)
{
	if (is_accuracy(m))
		return c->s->n_units;
	if (m->average != MC_EACH_CLASS)
		return 0;
	if (m->metric->base == MC_OF_LABEL)
		return c->units.labelled[m->class_index];
	if (m->metric->base == MC_OF_PREDICTED)
		return c->units.predicted[m->class_index];
	return 0;
}

/* All replicates are equal: a percentile interval would have no width. */
static void
degenerate_interval(const struct context *c, struct mc_estimate *e)
{
	size_t n = units_of_proportion(c, &e->measure);

	if (n == 0) {
		add_note(&e->note, "no interval: all replicates are equal");
		return;
	}
	mc_clopper_pearson(e->estimate * (double)n, (double)n, c->plan->level,
	    &e->lo, &e->hi);
	e->method = "clopper-pearson";
	add_note(&e->note, "all replicates are equal: Clopper-Pearson on "
	    "%zu unit%s", n, n == 1 ? "" : "s");
}

static void
original_interval(const struct context *c, struct mc_estimate *e,
    double *values, size_t n)
{
	double mean;

	mc_original(values, n, c->plan->level, c->plan->seed, &mean, &e->lo,
	    &e->hi);
	e->method = "original";
	add_note(&e->note, "not an interval of the metric: it is one of the "
	    "mean of the replicates (%.6g), too narrow by about the square "
	    "root of their number", mean);
}

static void
percentile_interval(const struct context *c, struct mc_estimate *e,
    double *values, size_t n)
{
	double tail = (1 - c->plan->level) / 2;

	e->lo = mc_quantile(values, n, tail);
	e->hi = mc_quantile(values, n, 1 - tail);
	e->method = "percentile";
}

/* The interval of E, whose replicates are VALUES. */
static void
set_interval(const struct context *c, struct mc_estimate *e, double *values)
{
	size_t all = (size_t)c->plan->replicates, n = 0, i;
	double min, max;

	for (i = 0; i < all; i++) {
		if (!isnan(values[i]))
			values[n++] = values[i];
	}
	if (n < all)
		add_note(&e->note, "undefined in %zu of %zu replicates",
		    all - n, all);
	if ((int64_t)n < mc_replicates_needed(c->plan->level)) {
		add_note(&e->note, "no interval: too few replicates remain");
		return;
	}
	gsl_stats_minmax(&min, &max, values, 1, n);
	if (c->plan->method == MC_ORIGINAL)
		original_interval(c, e, values, n);
	else if (max - min <= SAME)
		degenerate_interval(c, e);
	else
		percentile_interval(c, e, values, n);
	if (strcmp(e->method, "percentile") == 0 && few_units(c, e))
		add_note(&e->note, "few units: interval may undercover");
}

/* --- All of it ------------------------------------------------------------ */

/* The value of the whole sample; false where there is none. */
static bool
set_value(const struct context *c, const struct mc_measure *m,
    struct mc_estimate *e)
{
	e->measure = *m;
	e->lo = e->hi = NAN;
	e->method = "none";
	e->estimate = m->metric->needs_p && c->s->p == NULL ? NAN :
	    mc_measure_value(m, c->tally);
	if (isnan(e->estimate)) {
		note_undefined(c, m, &e->note);
		return false;
	}
	note_value(c, m, &e->note);
	return true;
}

struct mc_estimate *
mc_estimates(const struct mc_sample *s, const struct mc_measure *measures,
    size_t n, const struct mc_plan *plan)
{
	struct context c = { .s = s, .plan = plan };
	struct mc_estimate *e = mc_xcalloc(n, sizeof(*e));
	struct mc_measure *defined = mc_xcalloc(n, sizeof(*defined));
	size_t b = (size_t)plan->replicates, n_defined = 0, i, j;
	bool with_auroc = false;
	double *values;

	for (i = 0; i < n; i++)
		with_auroc = with_auroc || measures[i].metric->needs_p;
	c.tally = mc_tally_alloc(s->n_classes);
	mc_tally_sample(c.tally, s);
	if (with_auroc && s->p != NULL)
		mc_tally_auroc(c.tally, s);
	count_units(s, s->label, &c.units.labelled, &c.units.all_labelled);
	count_units(s, s->predicted, &c.units.predicted, NULL);
	for (i = 0; i < n; i++) {
		if (set_value(&c, &measures[i], &e[i]))
			defined[n_defined++] = measures[i];
	}
	values = mc_xreallocarray(NULL, n_defined * b, sizeof(*values));
	mc_bootstrap(s, defined, n_defined, b, plan->seed, plan->threads,
	    values);
	for (i = j = 0; i < n; i++) {
		if (!isnan(e[i].estimate))
			set_interval(&c, &e[i], values + j++ * b);
	}
	free(values);
	free(defined);
	free(c.units.labelled);
	free(c.units.all_labelled);
	free(c.units.predicted);
	mc_tally_free(c.tally);
	return e;
}

void
mc_estimates_free(struct mc_estimate *e, size_t n)
{
	size_t i;

	for (i = 0; e != NULL && i < n; i++)
		mc_buf_free(&e[i].note);
	free(e);
}
