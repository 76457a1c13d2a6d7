/* reweighted.c - compute metrics of a sample under multiplicities. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/auroc.h"
#include "stats/calibration.h"
#include "stats/ranking.h"
#include "stats/reweighted.h"

/* A ratio's sums over the images of each unit. */
struct sums {
	double *numerator, *denominator;
};

struct mc_scorer {
	const struct mc_sample *s;
	size_t n;
	struct mc_metric_spec *specs;
	struct mc_ranking **ranking;	/* [class]; NULL: not needed */
	struct mc_logits **logits;	/* [class]; NULL: not needed */
	struct mc_confidence *confidence;	/* NULL: not needed */
	struct sums *sums;		/* [metric]: of losses */
	bool *no_value;			/* [metric * n_classes + class]: the
					   mean's class has none in s */
	size_t n_folds;			/* 0: all images are of one */
	struct part *folds;		/* [fold] */
	size_t *in_fold;		/* [metric]: its number in the folds'
					   scorers */
};

/* The images of one fold, and a scorer of the metrics that are folded. */
struct part {
	struct mc_owned_sample images;
	struct mc_scorer *scorer;
};

/* What has been computed of the present multiplicities. */
struct mc_reweighted {
	const struct mc_scorer *scorer;
	const uint32_t *times;
	bool has_threshold;		/* predicted is by threshold */
	double threshold;
	bool is_estimate;		/* 0/0 is 0 */
	bool is_partial;		/* the last value is */
	bool has_tally;
	struct mc_tally tally;
	bool *has_auroc, *has_precision, *has_against;	/* [class] */
	double *auroc, *precision;
	double *against;			/* [class][class] */
	struct mc_placement *placement;		/* NULL until needed */
	struct sums *sums;	/* [metric]: where the scorer has none */
	struct mc_reweighted **folds;	/* [fold] */
};

/* --- The scorer ----------------------------------------------------------- */

static bool
needs_class(const struct mc_metric_spec *m, size_t k)
{
	return m->average != MC_EACH_CLASS || (size_t)m->class_index == k;
}

static void
make_ready(struct mc_scorer *r, size_t i)
{
	const struct mc_metric_spec *m = &r->specs[i];
	const struct mc_sample *s = r->s;
	size_t k;

	for (k = 0; k < s->n_classes; k++) {
		if (!needs_class(m, k))
			continue;
		if (m->metric->source == MC_FROM_RANKING &&
		    r->ranking[k] == NULL)
			r->ranking[k] = mc_ranking_alloc(s, k);
		if (m->metric->source == MC_FROM_LOGITS &&
		    r->logits[k] == NULL)
			r->logits[k] = mc_logits_alloc(s, k);
	}
	if (m->metric->source == MC_FROM_CONFIDENCE && r->confidence == NULL)
		r->confidence = mc_confidence_alloc(s);
	if (m->metric->source == MC_FROM_LOSSES) {
		r->sums[i].numerator = mc_xcalloc(s->n_units, sizeof(double));
		r->sums[i].denominator = mc_xcalloc(s->n_units, sizeof(double));
		mc_metric_spec_sums(s, m, r->sums[i].numerator,
		    r->sums[i].denominator);
	}
}

/* Whether M on S is the mean over folds. */
static bool
is_folded(const struct mc_metric_spec *m, const struct mc_sample *s)
{
	return s->fold != NULL && mc_metric_spec_possible(s, m, NULL) &&
	    m->metric->source != MC_FROM_COUNTS &&
	    m->metric->source != MC_FROM_LOSSES;
}

/* Take the images of fold F of S. */
static void
take_part(struct part *part, const struct mc_sample *s, size_t f)
{
	size_t *rows = mc_xcalloc(s->n, sizeof(*rows)), n = 0, i;

	for (i = 0; i < s->n; i++) {
		if (s->fold[i] == f)
			rows[n++] = i;
	}
	mc_sample_take(&part->images, s, rows, n);
	part->images.s.fold = NULL;
	free(rows);
}

static void
make_folds(struct mc_scorer *r)
{
	struct mc_metric_spec *folded = mc_xcalloc(r->n, sizeof(*folded));
	size_t n = 0, i, f;

	r->in_fold = mc_xcalloc(r->n, sizeof(*r->in_fold));
	for (i = 0; i < r->n; i++) {
		r->in_fold[i] = n;
		if (is_folded(&r->specs[i], r->s))
			folded[n++] = r->specs[i];
	}
	if (n > 0) {
		r->n_folds = r->s->n_folds;
		r->folds = mc_xcalloc(r->n_folds, sizeof(*r->folds));
	}
	for (f = 0; f < r->n_folds; f++) {
		take_part(&r->folds[f], r->s, f);
		r->folds[f].scorer = mc_scorer_alloc(&r->folds[f].images.s,
		    folded, n);
	}
	free(folded);
}

/* Whether M is a mean over classes, or over pairs of them. */
static bool
is_mean(const struct mc_metric_spec *m)
{
	return m->average == MC_MACRO || m->average == MC_WEIGHTED ||
	    m->average == MC_OVO;
}

/* Find the classes without a value in the sample: no replicate has one. */
static void
find_no_value(struct mc_scorer *r)
{
	struct mc_reweighted *w = NULL;
	size_t classes = r->s->n_classes, i, k;

	r->no_value = mc_xcalloc(r->n * classes, sizeof(*r->no_value));
	for (i = 0; i < r->n; i++) {
		const struct mc_metric_spec *m = &r->specs[i];

		if (!is_mean(m) || is_folded(m, r->s) ||
		    !mc_metric_spec_possible(r->s, m, NULL))
			continue;
		if (w == NULL)
			w = mc_reweighted_alloc(r);
		for (k = 0; k < classes; k++)
			r->no_value[i * classes + k] = m->average == MC_OVO ?
			    mc_reweighted_tally(w)->support[k] == 0 :
			    isnan(m->metric->value(w, m, k));
	}
	mc_reweighted_free(w);
}

struct mc_scorer *
mc_scorer_alloc(const struct mc_sample *s, const struct mc_metric_spec *specs,
    size_t n)
{
	struct mc_scorer *r = mc_xcalloc(1, sizeof(*r));
	size_t i;

	r->s = s;
	r->n = n;
	r->specs = mc_xcalloc(n, sizeof(*r->specs));
	r->ranking = mc_xcalloc(s->n_classes, sizeof(*r->ranking));
	r->logits = mc_xcalloc(s->n_classes, sizeof(*r->logits));
	r->sums = mc_xcalloc(n, sizeof(*r->sums));
	for (i = 0; i < n; i++) {
		r->specs[i] = specs[i];
		if (mc_metric_spec_possible(s, &specs[i], NULL) &&
		    !is_folded(&specs[i], s))
			make_ready(r, i);
	}
	if (s->fold != NULL)
		make_folds(r);
	find_no_value(r);
	return r;
}

static void
free_sums(struct sums *sums, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(sums[i].numerator);
		free(sums[i].denominator);
	}
	free(sums);
}

void
mc_scorer_free(struct mc_scorer *r)
{
	size_t k;

	if (r == NULL)
		return;
	for (k = 0; k < r->s->n_classes; k++) {
		mc_ranking_free(r->ranking[k]);
		mc_logits_free(r->logits[k]);
	}
	for (k = 0; k < r->n_folds; k++) {
		mc_scorer_free(r->folds[k].scorer);
		mc_owned_sample_clear(&r->folds[k].images);
	}
	free(r->folds);
	free(r->in_fold);
	free(r->no_value);
	free_sums(r->sums, r->n);
	mc_confidence_free(r->confidence);
	free(r->ranking);
	free(r->logits);
	free(r->specs);
	free(r);
}

/* --- The reweighted sample ------------------------------------------------ */

struct mc_reweighted *
mc_reweighted_alloc(const struct mc_scorer *scorer)
{
	struct mc_reweighted *w = mc_xcalloc(1, sizeof(*w));
	size_t k = scorer->s->n_classes, f;

	w->scorer = scorer;
	w->tally.n_classes = k;
	w->tally.confusion = mc_xcalloc(k * k, sizeof(double));
	w->tally.support = mc_xcalloc(k, sizeof(double));
	w->tally.predicted = mc_xcalloc(k, sizeof(double));
	w->has_auroc = mc_xcalloc(k, sizeof(bool));
	w->has_precision = mc_xcalloc(k, sizeof(bool));
	w->has_against = mc_xcalloc(k, sizeof(bool));
	w->auroc = mc_xcalloc(k, sizeof(double));
	w->precision = mc_xcalloc(k, sizeof(double));
	w->against = mc_xcalloc(k * k, sizeof(double));
	w->sums = mc_xcalloc(scorer->n, sizeof(*w->sums));
	w->folds = mc_xcalloc(scorer->n_folds, sizeof(*w->folds));
	for (f = 0; f < scorer->n_folds; f++)
		w->folds[f] = mc_reweighted_alloc(scorer->folds[f].scorer);
	return w;
}

void
mc_reweighted_free(struct mc_reweighted *w)
{
	size_t f;

	if (w == NULL)
		return;
	for (f = 0; f < w->scorer->n_folds; f++)
		mc_reweighted_free(w->folds[f]);
	free(w->folds);
	free(w->tally.confusion);
	free(w->tally.support);
	free(w->tally.predicted);
	free(w->has_auroc);
	free(w->has_precision);
	free(w->has_against);
	free(w->auroc);
	free(w->precision);
	free(w->against);
	free(w->placement);
	free_sums(w->sums, w->scorer->n);
	free(w);
}

void
mc_reweighted_units(struct mc_reweighted *w, const uint32_t *times)
{
	size_t k = w->scorer->s->n_classes, f;

	for (f = 0; f < w->scorer->n_folds; f++)
		mc_reweighted_units(w->folds[f], times);
	w->times = times;
	w->has_threshold = false;
	w->has_tally = false;
	memset(w->has_auroc, 0, k * sizeof(bool));
	memset(w->has_precision, 0, k * sizeof(bool));
	memset(w->has_against, 0, k * sizeof(bool));
}

void
mc_reweighted_threshold(struct mc_reweighted *w, double threshold)
{
	w->has_threshold = true;
	w->threshold = threshold;
	w->has_tally = false;
}

double *
mc_reweighted_confusion(struct mc_reweighted *w)
{
	return w->tally.confusion;
}

void
mc_reweighted_counted(struct mc_reweighted *w)
{
	struct mc_tally *t = &w->tally;
	size_t k = t->n_classes, i, j;

	t->total = 0;
	memset(t->predicted, 0, k * sizeof(*t->predicted));
	for (i = 0; i < k; i++) {
		t->support[i] = 0;
		for (j = 0; j < k; j++) {
			t->support[i] += t->confusion[i * k + j];
			t->predicted[j] += t->confusion[i * k + j];
		}
		t->total += t->support[i];
	}
	w->has_tally = true;
}

static size_t
predicted_by(const struct mc_reweighted *w, size_t i)
{
	const struct mc_sample *s = w->scorer->s;
	int of = s->threshold->of;

	return (size_t)(s->p[2 * i + (size_t)of] >= w->threshold ? of :
	    1 - of);
}

const struct mc_tally *
mc_reweighted_tally(struct mc_reweighted *w)
{
	const struct mc_sample *s = w->scorer->s;
	size_t k = s->n_classes, i;

	if (w->has_tally)
		return &w->tally;
	memset(w->tally.confusion, 0, k * k * sizeof(double));
	for (i = 0; i < s->n; i++) {
		size_t predicted = w->has_threshold ? predicted_by(w, i) :
		    (size_t)s->predicted[i];

		w->tally.confusion[(size_t)s->label[i] * k + predicted] +=
		    w->times != NULL ? w->times[s->unit[i]] : 1;
	}
	mc_reweighted_counted(w);
	return &w->tally;
}

double
mc_reweighted_auroc(struct mc_reweighted *w, size_t k)
{
	double positives;

	if (!w->has_auroc[k])
		w->auroc[k] = mc_ranking_auroc(w->scorer->ranking[k],
		    w->times, &positives);
	w->has_auroc[k] = true;
	return w->auroc[k];
}

const double *
mc_reweighted_pairwise_auc(struct mc_reweighted *w, size_t k)
{
	double *row = w->against + k * w->scorer->s->n_classes;

	if (!w->has_against[k])
		mc_ranking_pairwise_auc(w->scorer->ranking[k], w->times, row);
	w->has_against[k] = true;
	return row;
}

double
mc_reweighted_average_precision(struct mc_reweighted *w, size_t k)
{
	if (!w->has_precision[k])
		w->precision[k] = mc_ranking_average_precision(
		    w->scorer->ranking[k], w->times);
	w->has_precision[k] = true;
	return w->precision[k];
}

const struct mc_ranking *
mc_reweighted_ranking(const struct mc_reweighted *w, size_t k)
{
	return w->scorer->ranking[k];
}

const struct mc_confidence *
mc_reweighted_confidence(const struct mc_reweighted *w)
{
	return w->scorer->confidence;
}

const struct mc_logits *
mc_reweighted_logits(const struct mc_reweighted *w, size_t k)
{
	return w->scorer->logits[k];
}

const uint32_t *
mc_reweighted_times(const struct mc_reweighted *w)
{
	return w->times;
}

/* --- Values --------------------------------------------------------------- */

double
mc_reweighted_no_ratio(const struct mc_reweighted *w)
{
	return w->is_estimate ? 0 : NAN;
}

/*
 * The mean over classes of metric I: over those that have a value.  One that
 * has none in the sample makes it NAN; but a ratio is 0 there.
 */
static double
mean_over_classes(struct mc_reweighted *w, size_t i)
{
	const struct mc_metric_spec *m = &w->scorer->specs[i];
	size_t classes = w->scorer->s->n_classes, k;
	double sum = 0, total = 0, weight, value;

	for (k = 0; k < classes; k++) {
		weight = m->average == MC_MACRO ? 1 :
		    mc_reweighted_tally(w)->support[k];
		value = m->metric->value(w, m, k);
		if (isnan(value) && w->scorer->no_value[i * classes + k]) {
			if (m->metric->divisor == NULL)
				return NAN;
			value = 0;
		}
		if (isnan(value)) {
			w->is_partial = w->is_partial || weight > 0;
			continue;
		}
		sum += weight * value;
		total += weight;
	}
	return total > 0 ? sum / total : NAN;
}

/* The same over pairs of classes. */
static double
mean_over_pairs(struct mc_reweighted *w, size_t i)
{
	const struct mc_metric_spec *m = &w->scorer->specs[i];
	size_t classes = w->scorer->s->n_classes, k;

	for (k = 0; k < classes; k++) {
		if (w->scorer->no_value[i * classes + k])
			return NAN;
		if (mc_reweighted_tally(w)->support[k] == 0)
			w->is_partial = true;
	}
	return m->metric->ovo(w);
}

/* NAN where a fold has it. */
static double
mean_over_folds(struct mc_reweighted *w, size_t i)
{
	size_t n = w->scorer->n_folds, f;
	double sum = 0;

	for (f = 0; f < n; f++) {
		sum += mc_reweighted_value(w->folds[f], w->scorer->in_fold[i]);
		w->is_partial = w->is_partial || w->folds[f]->is_partial;
	}
	return sum / (double)n;
}

double
mc_reweighted_value(struct mc_reweighted *w, size_t i)
{
	const struct mc_metric_spec *m = &w->scorer->specs[i];

	w->is_partial = false;
	if (!mc_metric_spec_possible(w->scorer->s, m, NULL))
		return NAN;
	if (is_folded(m, w->scorer->s))
		return mean_over_folds(w, i);
	if (m->metric->source == MC_FROM_COUNTS && w->has_threshold &&
	    isnan(w->threshold))
		return NAN;
	/* No image at all: else its ratios would be 0/0 and taken as 0. */
	if (m->metric->source == MC_FROM_COUNTS &&
	    mc_reweighted_tally(w)->total == 0)
		return NAN;
	switch (m->average) {
	case MC_NO_AVERAGE:
		return m->metric->value(w, m, 0);
	case MC_EACH_CLASS:
		return m->metric->value(w, m, (size_t)m->class_index);
	case MC_OVO:
		return mean_over_pairs(w, i);
	case MC_WEIGHTED:
	case MC_MACRO:
		break;
	}
	return mean_over_classes(w, i);
}

bool
mc_reweighted_is_partial(const struct mc_reweighted *w)
{
	return w->is_partial;
}

double
mc_reweighted_estimate(struct mc_reweighted *w, size_t i)
{
	double value;

	w->is_estimate = true;
	value = mc_reweighted_value(w, i);
	w->is_estimate = false;
	return value;
}

/* ASK about each metric on S as it is. */
static void
ask_each(const struct mc_sample *s, const struct mc_metric_spec *specs,
    size_t n, double (*ask)(struct mc_reweighted *, size_t), double *answers)
{
	struct mc_scorer *scorer = mc_scorer_alloc(s, specs, n);
	struct mc_reweighted *w = mc_reweighted_alloc(scorer);
	size_t i;

	for (i = 0; i < n; i++)
		answers[i] = ask(w, i);
	mc_reweighted_free(w);
	mc_scorer_free(scorer);
}

void
mc_metric_values(const struct mc_sample *s, const struct mc_metric_spec *specs,
    size_t n, double *values)
{
	ask_each(s, specs, n, mc_reweighted_estimate, values);
}

void
mc_metric_variances(const struct mc_sample *s,
    const struct mc_metric_spec *specs, size_t n, double *variances)
{
	ask_each(s, specs, n, mc_reweighted_variance, variances);
}

/* --- Ratios --------------------------------------------------------------- */

/* What image I adds above and below the line. */
static void
image_ratio(const struct mc_sample *s, size_t i, const struct mc_metric_spec *m,
    double *numerator, double *denominator)
{
	bool of_class = s->label[i] == m->class_index;
	bool chosen = s->predicted[i] == m->class_index;

	*numerator = *denominator = 0;
	switch (mc_metric_spec_denominator(m)) {
	case MC_OF_ALL:
		*numerator = s->label[i] == s->predicted[i];
		*denominator = 1;
		break;
	case MC_OF_LABEL:
		*numerator = of_class && chosen;
		*denominator = of_class;
		break;
	case MC_OF_PREDICTED:
		*numerator = of_class && chosen;
		*denominator = chosen;
		break;
	case MC_OF_OTHERS:
		*numerator = !of_class && !chosen;
		*denominator = !of_class;
		break;
	case MC_OF_PREDICTED_OTHERS:
		*numerator = !of_class && !chosen;
		*denominator = !chosen;
		break;
	case MC_OF_EITHER:
		*numerator = of_class && chosen ? 2 : 0;
		*denominator = of_class + chosen;
		break;
	case MC_MEAN_LOSS:
		*numerator = m->metric->loss(s, i, m);
		*denominator = 1;
		break;
	case MC_NO_RATIO:
		break;
	}
}

void
mc_metric_spec_sums(const struct mc_sample *s, const struct mc_metric_spec *m,
    double *numerator, double *denominator)
{
	double above, below;
	size_t i;

	memset(numerator, 0, s->n_units * sizeof(*numerator));
	memset(denominator, 0, s->n_units * sizeof(*denominator));
	for (i = 0; i < s->n; i++) {
		image_ratio(s, i, m, &above, &below);
		numerator[s->unit[i]] += above;
		denominator[s->unit[i]] += below;
	}
}

double
mc_reweighted_loss(struct mc_reweighted *w, const struct mc_metric_spec *m)
{
	const struct sums *sums = &w->scorer->sums[m - w->scorer->specs];
	double numerator = 0, denominator = 0;
	size_t u;

	for (u = 0; u < w->scorer->s->n_units; u++) {
		double times = w->times != NULL ? w->times[u] : 1;

		numerator += times * sums->numerator[u];
		denominator += times * sums->denominator[u];
	}
	return numerator / denominator;
}

/* --- Variance ------------------------------------------------------------- */

bool
mc_metric_spec_has_variance(const struct mc_metric_spec *m,
    const struct mc_sample *s)
{
	if (mc_metric_spec_denominator(m) != MC_NO_RATIO)
		return true;
	return strcmp(m->metric->name, "auroc") == 0 && s->fold == NULL &&
	    (m->average == MC_EACH_CLASS || s->n_classes == 2);
}

/* The sums of ratio I; made now where the scorer does not have them. */
static const struct sums *
sums_of(struct mc_reweighted *w, size_t i)
{
	const struct mc_sample *s = w->scorer->s;

	if (w->scorer->sums[i].numerator != NULL)
		return &w->scorer->sums[i];
	if (w->sums[i].numerator == NULL) {
		w->sums[i].numerator = mc_xcalloc(s->n_units, sizeof(double));
		w->sums[i].denominator = mc_xcalloc(s->n_units, sizeof(double));
		mc_metric_spec_sums(s, &w->scorer->specs[i],
		    w->sums[i].numerator, w->sums[i].denominator);
	}
	return &w->sums[i];
}

static double
ratio_variance(struct mc_reweighted *w, size_t i)
{
	const struct sums *sums = sums_of(w, i);
	double numerator = 0, denominator = 0, units = 0, squares = 0;
	double ratio, off, times;
	size_t n = w->scorer->s->n_units, u;

	for (u = 0; u < n; u++) {
		times = w->times != NULL ? w->times[u] : 1;
		numerator += times * sums->numerator[u];
		denominator += times * sums->denominator[u];
		units += sums->denominator[u] > 0 ? times : 0;
	}
	if (units < 2)
		return NAN;
	ratio = numerator / denominator;
	for (u = 0; u < n; u++) {
		times = w->times != NULL ? w->times[u] : 1;
		off = sums->numerator[u] - ratio * sums->denominator[u];
		squares += times * off * off;
	}
	return units / (units - 1) * squares / (denominator * denominator);
}

/*
 * The AUROC of two classes is the same for either, but for ties that rounding
 * made of one: the mean over classes takes the last one's variance.
 */
static double
auroc_variance(struct mc_reweighted *w, const struct mc_metric_spec *m)
{
	const struct mc_sample *s = w->scorer->s;
	size_t k = m->average == MC_EACH_CLASS ? (size_t)m->class_index :
	    s->n_classes - 1;
	struct mc_auroc a;

	if (w->placement == NULL)
		w->placement = mc_xcalloc(s->n_units, sizeof(*w->placement));
	a.placement = w->placement;
	a.value = mc_ranking_placements(w->scorer->ranking[k], w->times,
	    w->placement);
	return isnan(a.value) ? NAN :
	    mc_auroc_covariance(&a, &a, s->n_units, w->times);
}

double
mc_reweighted_variance(struct mc_reweighted *w, size_t i)
{
	const struct mc_metric_spec *m = &w->scorer->specs[i];

	if (!mc_metric_spec_possible(w->scorer->s, m, NULL))
		return NAN;
	if (mc_metric_spec_denominator(m) != MC_NO_RATIO)
		return ratio_variance(w, i);
	if (mc_metric_spec_has_variance(m, w->scorer->s))
		return auroc_variance(w, m);
	return NAN;
}
