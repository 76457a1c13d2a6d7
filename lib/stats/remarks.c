/* remarks.c - note what limits the value of a metric or its interval. */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/calibration.h"
#include "stats/metric.h"
#include "stats/remarks.h"
#include "stats/reweighted.h"

/* Where coverage holds: doc/coverage.md. */
#define ENOUGH_UNITS		50
#define ENOUGH_CLASS_UNITS	30
#define EXTREME			0.05

/* More ties at 0 and 1 than this share of the images are worth a remark. */
#define MANY_TIES		0.1

struct mc_remarks {
	const struct mc_sample *s;
	struct mc_scorer *scorer;	/* of no metric: it counts */
	struct mc_reweighted *w;
	size_t units;		/* with an image */
	size_t *labelled;	/* [class]: with an image of the class */
	size_t *unlabelled;	/* [class]: with one of another */
	size_t *predicted;	/* [class]: with an image predicted as it */
	size_t *unpredicted;	/* [class]: with one predicted otherwise */
};

void
mc_remark(struct mc_buf *note, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mc_xvasprintf(fmt, ap);
	va_end(ap);
	mc_buf_printf(note, "%s%s", note->len > 0 ? "; " : "", text);
	free(text);
}

char *
mc_remark_name(const char *name)
{
	struct mc_buf text = { 0 };

	mc_buf_puts(&text, "\"");
	for (; *name != '\0'; name++) {
		mc_buf_add(&text, name, 1);
		if (*name == '"')
			mc_buf_add(&text, name, 1);
	}
	mc_buf_puts(&text, "\"");
	return text.data;
}

const char *
mc_remark_quoted(const char *s, char **name)
{
	struct mc_buf text = { 0 };
	const char *from = s;

	*name = NULL;
	if (*s != '"' || strchr(s + 1, '"') == NULL)
		return s + 1 + strcspn(s + 1, "\"");
	mc_buf_puts(&text, "");
	for (s++; *s != '\0' && (*s != '"' || s[1] == '"'); s++) {
		s += *s == '"';
		mc_buf_add(&text, s, 1);
	}
	if (*s == '\0') {	/* of another's: marks that are not doubled */
		mc_buf_free(&text);
		return from + 1 + strcspn(from + 1, "\"");
	}
	*name = text.data;
	return s + 1;
}

/* The first of WORDS in S that is outside of names, or the end of S.  A quotation
   mark without a second one begins no name. */
static const char *
outside(const char *s, const char *words)
{
	const char *end;

	while (*s != '\0' && strncmp(s, words, strlen(words)) != 0) {
		end = *s == '"' ? strchr(s + 1, '"') : NULL;
		s = end != NULL ? end + 1 : s + 1;
	}
	return s;
}

size_t
mc_remark_length(const char *note)
{
	return (size_t)(outside(note, "; ") - note);
}

bool
mc_remark_has(const char *remark, const char *words)
{
	return *outside(remark, words) != '\0';
}

bool
mc_remarks_are_of_mean(const char *note)
{
	size_t n = strlen(MC_REMARK_MEAN_OF);

	if (strncmp(note, MC_REMARK_MEAN_OF, n) == 0) {
		n += strspn(note + n, "0123456789");
		return strncmp(note + n, " finding", 8) == 0;
	}
	return strncmp(note, MC_REMARK_LEFT_OUT,
	    strlen(MC_REMARK_LEFT_OUT)) == 0;
}

/* --- Units ---------------------------------------------------------------- */

/*
 * Count the units with an image of each class, and those with one of another.
 * Returns how many units have an image.
 */
static size_t
count_units(const struct mc_sample *s, const int *class_of, size_t *some,
    size_t *others)
{
	uint64_t *pairs = mc_xcalloc(s->n, sizeof(*pairs));
	size_t i, n = 0, units = 0, k;

	for (i = 0; i < s->n; i++)
		pairs[i] = mc_unit_key(s->unit[i], (size_t)class_of[i]);
	mc_unit_keys_sort(pairs, s->n);
	for (i = 0; i < s->n; i++) {
		if (i == 0 || pairs[i] != pairs[i - 1])
			pairs[n++] = pairs[i];
	}
	for (i = 0; i < n; i++) {
		bool first = i == 0 || pairs[i - 1] >> 32 != pairs[i] >> 32;
		bool last = i + 1 == n || pairs[i + 1] >> 32 != pairs[i] >> 32;

		units += first;
		some[(uint32_t)pairs[i]]++;
		/* For now: the units with no image of another class. */
		if (first && last)
			others[(uint32_t)pairs[i]]++;
	}
	for (k = 0; k < s->n_classes; k++)
		others[k] = units - others[k];
	free(pairs);
	return units;
}

struct mc_remarks *
mc_remarks_alloc(const struct mc_sample *s)
{
	struct mc_remarks *r = mc_xcalloc(1, sizeof(*r));

	r->s = s;
	r->scorer = mc_scorer_alloc(s, NULL, 0);
	r->w = mc_reweighted_alloc(r->scorer);
	r->labelled = mc_xcalloc(s->n_classes, sizeof(size_t));
	r->unlabelled = mc_xcalloc(s->n_classes, sizeof(size_t));
	r->predicted = mc_xcalloc(s->n_classes, sizeof(size_t));
	r->unpredicted = mc_xcalloc(s->n_classes, sizeof(size_t));
	r->units = count_units(s, s->label, r->labelled, r->unlabelled);
	count_units(s, s->predicted, r->predicted, r->unpredicted);
	return r;
}

void
mc_remarks_free(struct mc_remarks *r)
{
	if (r == NULL)
		return;
	mc_reweighted_free(r->w);
	mc_scorer_free(r->scorer);
	free(r->labelled);
	free(r->unlabelled);
	free(r->predicted);
	free(r->unpredicted);
	free(r);
}

size_t
mc_remarks_units(const struct mc_remarks *r)
{
	return r->units;
}

bool
mc_remarks_is_of_pairs(const struct mc_remarks *r,
    const struct mc_metric_spec *m)
{
	return mc_metric_spec_denominator(m) == MC_NO_RATIO &&
	    mc_metric_spec_has_variance(m, r->s);
}

/* Count the disjoint pairs of a unit with the class and one with the rest. */
static size_t
disjoint_pairs(const struct mc_remarks *r, const struct mc_metric_spec *m)
{
	size_t k = m->average == MC_EACH_CLASS ? (size_t)m->class_index : 0;
	size_t n = r->units / 2;

	n = r->labelled[k] < n ? r->labelled[k] : n;
	return r->unlabelled[k] < n ? r->unlabelled[k] : n;
}

size_t
mc_remarks_units_of(const struct mc_remarks *r, const struct mc_metric_spec *m)
{
	switch (mc_metric_spec_denominator(m)) {
	case MC_OF_ALL:
		return r->units;
	case MC_OF_LABEL:
		return r->labelled[m->class_index];
	case MC_OF_PREDICTED:
		return r->predicted[m->class_index];
	case MC_OF_OTHERS:
		return r->unlabelled[m->class_index];
	case MC_OF_PREDICTED_OTHERS:
		return r->unpredicted[m->class_index];
	case MC_NO_RATIO:
		return mc_remarks_is_of_pairs(r, m) ? disjoint_pairs(r, m) :
		    0;
	case MC_OF_EITHER:
	case MC_MEAN_LOSS:
		break;
	}
	return 0;
}

/* --- Remarks -------------------------------------------------------------- */

/* Whether each class is held against the rest, both of which it needs. */
static bool
against_rest(const struct mc_metric_spec *m)
{
	return m->metric->source == MC_FROM_RANKING ||
	    m->metric->source == MC_FROM_LOGITS;
}

/* Whether the value of M depends on how class K fares. */
static bool
uses_class(const struct mc_remarks *r, const struct mc_metric_spec *m, size_t k)
{
	if (mc_metric_spec_is_accuracy(m) ||
	    m->metric->source == MC_FROM_CONFIDENCE ||
	    (m->metric->source == MC_FROM_LOSSES &&
	    m->average == MC_NO_AVERAGE))
		return false;
	if (m->average == MC_EACH_CLASS)
		return (size_t)m->class_index == k;
	return m->average != MC_WEIGHTED || against_rest(m) ||
	    mc_reweighted_tally(r->w)->support[k] > 0;
}

static bool
has_no_images(const struct mc_remarks *r, const struct mc_metric_spec *m,
    size_t k)
{
	(void)m;
	return mc_reweighted_tally(r->w)->support[k] == 0;
}

static bool
has_no_rest(const struct mc_remarks *r, const struct mc_metric_spec *m,
    size_t k)
{
	const struct mc_tally *t = mc_reweighted_tally(r->w);

	(void)m;
	return t->support[k] == t->total;
}

static bool
has_no_denominator(const struct mc_remarks *r, const struct mc_metric_spec *m,
    size_t k)
{
	return m->metric->divisor != NULL &&
	    m->metric->divisor(r->w, k) == 0;
}

/*
 * Remark "TEXT "a", "b"" on the classes that M uses and of which IS is true.
 * Returns how many these are.
 */
static size_t
remark_classes(const struct mc_remarks *r, const struct mc_metric_spec *m,
    bool (*is)(const struct mc_remarks *, const struct mc_metric_spec *,
    size_t),
    const char *text, struct mc_buf *note)
{
	size_t n = 0, k;
	char *name;

	for (k = 0; k < r->s->n_classes; k++) {
		if (!uses_class(r, m, k) || !is(r, m, k))
			continue;
		if (n++ == 0)
			mc_remark(note, "%s", text);
		name = mc_remark_name(r->s->classes[k]);
		mc_buf_printf(note, "%s%s", n == 1 ? " " : ", ", name);
		free(name);
	}
	return n;
}

/* Whether M is a slope on probabilities that are all the same. */
static bool
has_constant_p(const struct mc_remarks *r, const struct mc_metric_spec *m)
{
	const struct mc_sample *s = r->s;
	const double *p = s->p + m->class_index;
	size_t i;

	if (m->metric->source != MC_FROM_LOGITS)
		return false;
	for (i = 1; i < s->n; i++) {
		if (p[i * s->n_classes] != p[0])
			return false;
	}
	return true;
}

static void
remark_undefined(const struct mc_remarks *r, const struct mc_metric_spec *m,
    struct mc_buf *note)
{
	const char *why;
	size_t n = 0;

	if (!mc_metric_spec_possible(r->s, m, &why)) {
		mc_remark(note, "undefined: %s", why);
		return;
	}
	if (against_rest(m)) {
		n += remark_classes(r, m, has_no_images,
		    "undefined: no images of class", note);
		n += remark_classes(r, m, has_no_rest,
		    "undefined: all images are of class", note);
	}
	if (n == 0 && r->s->fold != NULL)
		mc_remark(note, "undefined in a fold");
	else if (n == 0 && has_constant_p(r, m))
		mc_remark(note, "undefined: all probabilities of the class "
		    "are equal");
	else if (n == 0 && m->metric->undefined != NULL)
		mc_remark(note, "undefined: %s", m->metric->undefined);
}

/* Probabilities whose log odds were cut. */
static void
remark_cut(const struct mc_remarks *r, const struct mc_metric_spec *m,
    struct mc_buf *note)
{
	const struct mc_sample *s = r->s;
	size_t n = 0, i;

	for (i = 0; i < s->n; i++) {
		double p = s->p[i * s->n_classes + (size_t)m->class_index];

		n += p < MC_LOGIT_MARGIN || p > 1 - MC_LOGIT_MARGIN;
	}
	if (n > 0)
		mc_remark(note, "%zu probabilit%s clipped at a distance of "
		    "1.2e-07 from 0 and 1", n, n == 1 ? "y" : "ies");
}

/* Images of class K and of the rest that have P of it. */
static size_t
tied_at(const struct mc_sample *s, size_t k, double p)
{
	size_t of_class = 0, rest = 0, i;

	for (i = 0; i < s->n; i++) {
		if (s->p[i * s->n_classes + k] != p)
			continue;
		if ((size_t)s->label[i] == k)
			of_class++;
		else
			rest++;
	}
	return of_class > 0 && rest > 0 ? of_class + rest : 0;
}

/* Ties that scores without bounds might not have, where they are many. */
static void
remark_ties(const struct mc_remarks *r, const struct mc_metric_spec *m,
    struct mc_buf *note)
{
	const struct mc_sample *s = r->s;
	size_t most = 0, worst = 0, k;
	char *name;

	for (k = 0; k < s->n_classes && s->o == NULL; k++) {
		size_t n = uses_class(r, m, k) ?
		    tied_at(s, k, 0) + tied_at(s, k, 1) : 0;

		if (n > most) {
			most = n;
			worst = k;
		}
	}
	if ((double)most <= MANY_TIES * (double)s->n)
		return;
	name = mc_remark_name(s->classes[worst]);
	mc_remark(note, "%zu of %zu images are tied at p = 0 or 1 of class %s",
	    most, s->n, name);
	free(name);
}

/* Whether M is a ratio of all counts, and 0/0. */
static bool
is_no_ratio(const struct mc_remarks *r, const struct mc_metric_spec *m)
{
	return m->metric->source == MC_FROM_COUNTS &&
	    m->average == MC_NO_AVERAGE &&
	    isnan(m->metric->value(r->w, m, 0));
}

void
mc_remarks_value(const struct mc_remarks *r, const struct mc_metric_spec *m,
    double value, struct mc_buf *note)
{
	if (isnan(value)) {
		remark_undefined(r, m, note);
		return;
	}
	if (m->metric->source == MC_FROM_LOGITS)
		remark_cut(r, m, note);
	if (m->metric->source == MC_FROM_RANKING)
		remark_ties(r, m, note);
	if (r->s->fold != NULL)
		mc_remark(note, m->metric->source == MC_FROM_COUNTS ||
		    m->metric->source == MC_FROM_LOSSES ?
		    "pooled over %zu folds" : "mean over %zu folds",
		    r->s->n_folds);
	if (mc_metric_spec_is_accuracy(m)) {
		if (m->average == MC_WEIGHTED)
			mc_remark(note, "weighted recall equals accuracy");
		return;
	}
	remark_classes(r, m, has_no_images, "no images of class", note);
	remark_classes(r, m, has_no_denominator, MC_REMARK_NO_RATIO
	    " for class", note);
	if (is_no_ratio(r, m))
		mc_remark(note, MC_REMARK_NO_RATIO);
}

/* Those that decide on M, which is no plain mean over classes. */
static size_t
deciding_units(const struct mc_remarks *r, const struct mc_metric_spec *m)
{
	/* Pairs are of an interval, not of a variance. */
	size_t n = mc_remarks_is_of_pairs(r, m) ? 0 :
	    mc_remarks_units_of(r, m), k;
	bool one = m->average == MC_EACH_CLASS &&
	    m->metric->source != MC_FROM_LOSSES;

	if (n > 0)
		return n;
	/* Of two classes each is the other's rest, whatever the mean. */
	if (!one && !(against_rest(m) && r->s->n_classes == 2))
		return r->units;
	k = one ? (size_t)m->class_index : 0;
	return against_rest(m) && r->unlabelled[k] < r->labelled[k] ?
	    r->unlabelled[k] : r->labelled[k];
}

static bool
is_balanced_accuracy(const struct mc_metric_spec *m)
{
	return strcmp(m->metric->name, "balanced_accuracy") == 0;
}

/* What M is the plain mean of: its form for class K. */
static struct mc_metric_spec
form_of_class(const struct mc_metric_spec *m, size_t k)
{
	struct mc_metric_spec own = *m;

	if (is_balanced_accuracy(m))
		own.metric = mc_metric_find("recall");
	own.average = MC_EACH_CLASS;
	own.class_index = (int)k;
	return own;
}

size_t
mc_remarks_deciding_units(const struct mc_remarks *r,
    const struct mc_metric_spec *m)
{
	size_t fewest = 0, k;

	if (m->average != MC_MACRO && m->average != MC_OVO &&
	    !is_balanced_accuracy(m))
		return deciding_units(r, m);
	for (k = 0; k < r->s->n_classes; k++) {
		struct mc_metric_spec own = form_of_class(m, k);
		size_t n = deciding_units(r, &own);

		if (n > 0 && (fewest == 0 || n < fewest))
			fewest = n;
	}
	return fewest;
}

bool
mc_few_units(double units, double class_units, double share)
{
	return units < ENOUGH_UNITS || class_units < ENOUGH_CLASS_UNITS ||
	    share < EXTREME || share > 1 - EXTREME;
}

bool
mc_remarks_few_of(const struct mc_remarks *r, const struct mc_metric_spec *m,
    double value, size_t n_units)
{
	bool share = m->metric->least == 0 && m->metric->most == 1;
	bool proportion = mc_denominator_is_proportion(
	    mc_metric_spec_denominator(m));
	double fewest = proportion ? (double)mc_remarks_units_of(r, m) :
	    INFINITY;
	size_t k;

	for (k = 0; k < r->s->n_classes && !proportion; k++) {
		if (!uses_class(r, m, k))
			continue;
		fewest = fmin(fewest, (double)r->labelled[k]);
		if (against_rest(m))
			fewest = fmin(fewest, (double)r->unlabelled[k]);
	}
	return mc_few_units((double)n_units, fewest * (double)n_units /
	    (double)r->units, share ? value : NAN);
}

bool
mc_remarks_few_units(const struct mc_remarks *r, const struct mc_metric_spec *m,
    double value)
{
	return mc_remarks_few_of(r, m, value, r->units);
}
