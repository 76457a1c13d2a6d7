/* metric.c - define the table of metrics, and compute them. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "stats/calibration.h"
#include "stats/metric.h"
#include "stats/ranking.h"
#include "stats/reweighted.h"

/* --- Counts of one class against the rest --------------------------------- */

static double
ratio(const struct mc_reweighted *w, double a, double b)
{
	return b > 0 ? a / b : mc_reweighted_no_ratio(w);
}

static double
hits(const struct mc_tally *t, size_t k)
{
	return t->confusion[k * t->n_classes + k];
}

/* Images that neither are of class K nor are predicted as it. */
static double
right_of_rest(const struct mc_tally *t, size_t k)
{
	return t->total - t->support[k] - t->predicted[k] + hits(t, k);
}

static double
support(struct mc_reweighted *w, size_t k)
{
	return mc_reweighted_tally(w)->support[k];
}

static double
predicted(struct mc_reweighted *w, size_t k)
{
	return mc_reweighted_tally(w)->predicted[k];
}

static double
either(struct mc_reweighted *w, size_t k)
{
	return support(w, k) + predicted(w, k);
}

static double
of_rest(struct mc_reweighted *w, size_t k)
{
	return mc_reweighted_tally(w)->total - support(w, k);
}

static double
not_predicted(struct mc_reweighted *w, size_t k)
{
	return mc_reweighted_tally(w)->total - predicted(w, k);
}

static double
precision(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)m;
	return ratio(w, hits(mc_reweighted_tally(w), k), predicted(w, k));
}

static double
recall(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)m;
	return ratio(w, hits(mc_reweighted_tally(w), k), support(w, k));
}

static double
f1(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)m;
	return ratio(w, 2 * hits(mc_reweighted_tally(w), k), either(w, k));
}

static double
specificity(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)m;
	return ratio(w, right_of_rest(mc_reweighted_tally(w), k),
	    of_rest(w, k));
}

static double
npv(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)m;
	return ratio(w, right_of_rest(mc_reweighted_tally(w), k),
	    not_predicted(w, k));
}

/* --- Counts of all classes ------------------------------------------------ */

static double
accuracy(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	const struct mc_tally *t = mc_reweighted_tally(w);
	double sum = 0;
	size_t k;

	(void)m;
	(void)class_index;
	for (k = 0; k < t->n_classes; k++)
		sum += hits(t, k);
	return sum / t->total;
}

static double
balanced_accuracy(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	const struct mc_tally *t = mc_reweighted_tally(w);
	double sum = 0;
	size_t k, n = 0;

	(void)class_index;
	for (k = 0; k < t->n_classes; k++) {
		if (t->support[k] > 0) {
			sum += recall(w, m, k);
			n++;
		}
	}
	return sum / (double)n;
}

/*
 * Gorodkin's (2004) correlation of labels and predictions; for two classes it
 * is Matthews's (1975).
 */
static double
mcc(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t class_index)
{
	const struct mc_tally *t = mc_reweighted_tally(w);
	double right = 0, both = 0, labels = 0, guesses = 0, n = t->total;
	size_t k;

	(void)m;
	(void)class_index;
	for (k = 0; k < t->n_classes; k++) {
		right += hits(t, k);
		both += t->support[k] * t->predicted[k];
		labels += t->support[k] * t->support[k];
		guesses += t->predicted[k] * t->predicted[k];
	}
	/* The root of a square is exact, and so is a correlation of 1. */
	return ratio(w, right * n - both,
	    sqrt((n * n - labels) * (n * n - guesses)));
}

/*
 * Cohen's (1960, 1968) kappa: one less the disagreement seen over that of
 * chance, where confusing classes i and j counts |i - j|^POWER; 0: 1.
 */
static double
kappa_of_power(struct mc_reweighted *w, int power)
{
	const struct mc_tally *t = mc_reweighted_tally(w);
	double seen = 0, by_chance = 0;
	size_t i, j, k = t->n_classes;

	for (i = 0; i < k; i++) {
		for (j = 0; j < k; j++) {
			double apart = i > j ? (double)(i - j) :
			    (double)(j - i);
			double weight = i == j ? 0 : power == 0 ? 1 :
			    power == 1 ? apart : apart * apart;

			seen += weight * t->confusion[i * k + j];
			by_chance += weight * t->support[i] * t->predicted[j];
		}
	}
	return by_chance > 0 ? 1 - seen * t->total / by_chance : NAN;
}

static double
kappa(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	(void)m;
	(void)class_index;
	return kappa_of_power(w, 0);
}

static double
kappa_linear(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	(void)m;
	(void)class_index;
	return kappa_of_power(w, 1);
}

static double
kappa_quadratic(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	(void)m;
	(void)class_index;
	return kappa_of_power(w, 2);
}

/* --- Ranking -------------------------------------------------------------- */

static double
auroc(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)m;
	return mc_reweighted_auroc(w, k);
}

/*
 * Hand & Till (2001), equation 7: the mean of A(i | j) and A(j | i), over the
 * pairs that have images.
 */
static double
auroc_ovo(struct mc_reweighted *w)
{
	size_t classes = mc_reweighted_tally(w)->n_classes, n = 0, i, j;
	double sum = 0;

	for (i = 0; i < classes; i++) {
		const double *against = mc_reweighted_pairwise_auc(w, i);

		for (j = 0; j < classes; j++) {
			if (isnan(against[j]))
				continue;
			sum += against[j];
			n++;
		}
	}
	return n > 0 ? sum / (double)n : NAN;
}

static double
average_precision(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t k)
{
	(void)m;
	return mc_reweighted_average_precision(w, k);
}

static double
sensitivity_at_specificity(struct mc_reweighted *w,
    const struct mc_metric_spec *m, size_t k)
{
	return mc_ranking_sensitivity(mc_reweighted_ranking(w, k),
	    mc_reweighted_times(w), m->at);
}

static double
specificity_at_sensitivity(struct mc_reweighted *w,
    const struct mc_metric_spec *m, size_t k)
{
	return mc_ranking_specificity(mc_reweighted_ranking(w, k),
	    mc_reweighted_times(w), m->at);
}

/* --- Losses --------------------------------------------------------------- */

static double
mean_loss(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t k)
{
	(void)k;
	return mc_reweighted_loss(w, m);
}

/* Brier (1950): the sum over classes; half of it for two, and for one class. */
static double
brier(const struct mc_sample *s, size_t image, const struct mc_metric_spec *m)
{
	const double *p = s->p + image * s->n_classes;
	double sum = 0, off;
	size_t k;

	for (k = 0; k < s->n_classes; k++) {
		off = p[k] - ((size_t)s->label[image] == k ? 1 : 0);
		if (m->average == MC_EACH_CLASS) {
			if ((size_t)m->class_index == k)
				return off * off;
		} else
			sum += off * off;
	}
	return s->n_classes == 2 ? sum / 2 : sum;
}

/* Probabilities are held within DBL_EPSILON of 0 and 1, and add up again. */
static double
log_loss(const struct mc_sample *s, size_t image,
    const struct mc_metric_spec *m)
{
	const double *p = s->p + image * s->n_classes;
	double sum = 0, right = 0;
	size_t k;

	(void)m;
	for (k = 0; k < s->n_classes; k++) {
		double held = fmin(fmax(p[k], DBL_EPSILON), 1 - DBL_EPSILON);

		sum += held;
		if ((size_t)s->label[image] == k)
			right = held;
	}
	return -log(right / sum);
}

/* --- Calibration ---------------------------------------------------------- */

static double
ece(struct mc_reweighted *w, const struct mc_metric_spec *m, size_t class_index)
{
	(void)m;
	(void)class_index;
	return mc_confidence_ece(mc_reweighted_confidence(w),
	    mc_reweighted_times(w));
}

static double
ece_debiased(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	(void)m;
	(void)class_index;
	return mc_confidence_ece_debiased(mc_reweighted_confidence(w),
	    mc_reweighted_times(w));
}

static double
ece_mass(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t class_index)
{
	(void)m;
	(void)class_index;
	return mc_confidence_ece_mass(mc_reweighted_confidence(w),
	    mc_reweighted_times(w));
}

static double
calibration_slope(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t k)
{
	(void)m;
	return mc_logits_slope(mc_reweighted_logits(w, k),
	    mc_reweighted_times(w));
}

static double
calibration_intercept(struct mc_reweighted *w, const struct mc_metric_spec *m,
    size_t k)
{
	(void)m;
	return mc_logits_intercept(mc_reweighted_logits(w, k),
	    mc_reweighted_times(w));
}

/* --- The table ------------------------------------------------------------ */

#define WHOLE		MC_NO_AVERAGE, MC_NO_AVERAGE
#define BY_CLASS	MC_WEIGHTED | MC_MACRO | MC_EACH_CLASS
#define SHARE		.least = 0, .most = 1
#define ANY		.least = -INFINITY, .most = INFINITY
/* How a metric is printed, and which end is the better one. */
#define PER_CENT	.factor = 100, .decimals = 2, .better = 1
#define AGREEMENT	.factor = 1, .decimals = 3, .better = 1
#define LOSS		.factor = 1, .decimals = 3, .better = -1
#define NO_BEST		.factor = 1, .decimals = 3, .better = 0

const struct mc_metric mc_metric_table[] = {
	{ "accuracy", WHOLE, 0, MC_FROM_COUNTS, MC_OF_ALL, SHARE, .at = NAN,
	    .value = accuracy,
	    .definition = "share of the images that are predicted right",
	    .reference = "sklearn.metrics.accuracy_score",
	    .heading = "Accuracy", PER_CENT },
	{ "balanced_accuracy", WHOLE, 0, MC_FROM_COUNTS, MC_NO_RATIO, SHARE,
	    .at = NAN, .value = balanced_accuracy,
	    .definition = "mean recall of the classes that have images",
	    .reference = "sklearn.metrics.balanced_accuracy_score",
	    .heading = "Balanced accuracy", PER_CENT },
	{ "precision", BY_CLASS, MC_WEIGHTED, 0, MC_FROM_COUNTS,
	    MC_OF_PREDICTED, SHARE, .at = NAN, .value = precision,
	    .divisor = predicted, .definition =
	    "of the images predicted as a class, the share that are of it",
	    .reference = "sklearn.metrics.precision_score",
	    .heading = "Precision", PER_CENT },
	{ "recall", BY_CLASS, MC_WEIGHTED, 0, MC_FROM_COUNTS, MC_OF_LABEL,
	    SHARE, .at = NAN, .value = recall, .divisor = support,
	    .definition =
	    "of the images of a class, the share predicted as it",
	    .reference = "sklearn.metrics.recall_score",
	    .heading = "Recall", PER_CENT },
	{ "f1", BY_CLASS, MC_WEIGHTED, 0, MC_FROM_COUNTS, MC_OF_EITHER, SHARE,
	    .at = NAN, .value = f1, .divisor = either,
	    .definition = "harmonic mean of precision and recall",
	    .reference = "sklearn.metrics.f1_score",
	    .heading = "F1", PER_CENT },
	{ "specificity", BY_CLASS, MC_WEIGHTED, 0, MC_FROM_COUNTS, MC_OF_OTHERS,
	    SHARE, .at = NAN, .value = specificity, .divisor = of_rest,
	    .definition = "of the images of other classes, the share that are "
	    "not predicted as the class",
	    .reference = "sklearn.metrics.recall_score of the rest",
	    .heading = "Specificity", PER_CENT },
	{ "npv", BY_CLASS, MC_WEIGHTED, 0, MC_FROM_COUNTS,
	    MC_OF_PREDICTED_OTHERS, SHARE, .at = NAN, .value = npv,
	    .divisor = not_predicted, .definition = "of the images not "
	    "predicted as a class, the share that are not of it",
	    .reference = "sklearn.metrics.precision_score of the rest",
	    .heading = "NPV", PER_CENT },
	{ "mcc", WHOLE, 0, MC_FROM_COUNTS, MC_NO_RATIO, .least = -1,
	    .most = 1, .at = NAN, .value = mcc,
	    .definition = "Matthews's correlation of labels and predictions",
	    .reference = "sklearn.metrics.matthews_corrcoef",
	    .heading = "MCC", AGREEMENT },
	{ "kappa", WHOLE, 0, MC_FROM_COUNTS, MC_NO_RATIO, .least = -1,
	    .most = 1, .at = NAN, .value = kappa,
	    .undefined = "agreement by chance is complete",
	    .definition = "Cohen's agreement beyond chance",
	    .reference = "sklearn.metrics.cohen_kappa_score",
	    .heading = "Kappa", AGREEMENT },
	{ "kappa_linear", WHOLE, MC_NEED_ORDER, MC_FROM_COUNTS, MC_NO_RATIO,
	    .least = -1, .most = 1, .at = NAN, .value = kappa_linear,
	    .undefined = "agreement by chance is complete",
	    .definition = "the same, an error counting by how many classes "
	    "it is off",
	    .reference = "sklearn.metrics.cohen_kappa_score, linear",
	    .heading = "Linear kappa", AGREEMENT },
	{ "kappa_quadratic", WHOLE, MC_NEED_ORDER, MC_FROM_COUNTS,
	    MC_NO_RATIO, .least = -1, .most = 1, .at = NAN,
	    .value = kappa_quadratic,
	    .undefined = "agreement by chance is complete",
	    .definition = "the same, by the square of that",
	    .reference = "sklearn.metrics.cohen_kappa_score, quadratic",
	    .heading = "Quadratic kappa", AGREEMENT },
	{ "auroc", BY_CLASS | MC_OVO, MC_MACRO, MC_NEED_P, MC_FROM_RANKING,
	    MC_NO_RATIO, SHARE, .at = NAN, .value = auroc, .ovo = auroc_ovo,
	    .definition = "area under the ROC curve, a class against the rest; "
	    "ovo: mean over pairs of classes",
	    .reference = "sklearn.metrics.roc_auc_score",
	    .heading = "AUROC", PER_CENT },
	{ "average_precision", BY_CLASS, MC_MACRO,
	    MC_NEED_P | MC_NEED_POSITIVE, MC_FROM_RANKING, MC_NO_RATIO, SHARE,
	    .at = NAN, .value = average_precision, .definition =
	    "area under the precision-recall curve, a class against the rest",
	    .reference = "sklearn.metrics.average_precision_score",
	    .heading = "Average precision", PER_CENT },
	{ "brier", MC_NO_AVERAGE | MC_EACH_CLASS, MC_NO_AVERAGE, MC_NEED_P,
	    MC_FROM_LOSSES, MC_MEAN_LOSS, .least = 0, .most = 2, .at = NAN,
	    .value = mean_loss, .loss = brier,
	    .definition = "mean squared error of the probabilities: two "
	    "classes, or one, on [0, 1]; several the sum, on [0, 2]",
	    .reference = "sklearn.metrics.brier_score_loss",
	    .heading = "Brier score", LOSS },
	{ "log_loss", WHOLE, MC_NEED_P, MC_FROM_LOSSES, MC_MEAN_LOSS,
	    .least = 0, .most = INFINITY, .at = NAN, .value = mean_loss,
	    .loss = log_loss, .definition =
	    "mean negative logarithm of the probability of the true class",
	    .reference = "sklearn.metrics.log_loss",
	    .heading = "Log loss", LOSS },
	{ "ece", WHOLE, MC_NEED_P, MC_FROM_CONFIDENCE, MC_NO_RATIO, SHARE,
	    .at = NAN, .value = ece, .biased = true,
	    .definition = "expected calibration error of the predicted class, "
	    "15 bins of equal width",
	    .reference = "Guo et al. 2017",
	    .heading = "ECE", LOSS },
	{ "ece_debiased", WHOLE, MC_NEED_P, MC_FROM_CONFIDENCE, MC_NO_RATIO,
	    .least = -1, .most = 1, .at = NAN, .value = ece_debiased,
	    .biased = true,
	    .definition = "the same, less what chance alone would add to it",
	    .reference = "Kumar, Liang & Ma 2019",
	    .heading = "Debiased ECE", LOSS },
	{ "ece_mass", WHOLE, MC_NEED_P, MC_FROM_CONFIDENCE, MC_NO_RATIO, SHARE,
	    .at = NAN, .value = ece_mass, .biased = true,
	    .definition = "expected calibration error of the predicted class, "
	    "15 bins of as many images",
	    .reference = "Nixon et al. 2019",
	    .heading = "Equal-mass ECE", LOSS },
	{ "calibration_slope", MC_EACH_CLASS, MC_EACH_CLASS,
	    MC_NEED_P | MC_NEED_POSITIVE, MC_FROM_LOGITS, MC_NO_RATIO, ANY,
	    .at = NAN, .value = calibration_slope,
	    .undefined = "the probabilities separate the class from the rest",
	    .definition = "slope of a logistic regression on the predicted log "
	    "odds of a class; 1 is right, less is overconfident",
	    .reference = "statsmodels.api.GLM, binomial",
	    .heading = "Calibration slope", NO_BEST },
	{ "calibration_intercept", MC_EACH_CLASS, MC_EACH_CLASS,
	    MC_NEED_P | MC_NEED_POSITIVE, MC_FROM_LOGITS, MC_NO_RATIO, ANY,
	    .at = NAN, .value = calibration_intercept,
	    .undefined = "the logistic regression has no maximum",
	    .definition = "its intercept where the slope is held at 1; 0 is "
	    "right, more says that the class is more frequent than predicted",
	    .reference = "statsmodels.api.GLM, binomial, with an offset",
	    .heading = "Calibration intercept", NO_BEST },
	{ "sensitivity_at_specificity", MC_MACRO | MC_EACH_CLASS, MC_MACRO,
	    MC_NEED_P | MC_NEED_POSITIVE, MC_FROM_RANKING, MC_NO_RATIO, SHARE,
	    .at = 0.95, .value = sensitivity_at_specificity,
	    .definition = "greatest sensitivity of the thresholds whose "
	    "specificity is at least X (@X, 0.95)",
	    .reference = "sklearn.metrics.roc_curve",
	    .heading = "Sensitivity at specificity", PER_CENT },
	{ "specificity_at_sensitivity", MC_MACRO | MC_EACH_CLASS, MC_MACRO,
	    MC_NEED_P | MC_NEED_POSITIVE, MC_FROM_RANKING, MC_NO_RATIO, SHARE,
	    .at = 0.95, .value = specificity_at_sensitivity,
	    .definition = "greatest specificity of the thresholds whose "
	    "sensitivity is at least X (@X, 0.95)",
	    .reference = "sklearn.metrics.roc_curve",
	    .heading = "Specificity at sensitivity", PER_CENT },
	{ .name = NULL }
};

const struct mc_metric *
mc_metric_find(const char *name)
{
	size_t n = strcspn(name, "@");
	const struct mc_metric *m;

	for (m = mc_metric_table; m->name != NULL; m++) {
		if (strlen(m->name) == n && strncmp(m->name, name, n) == 0 &&
		    (name[n] == '\0' || !isnan(m->at)))
			return m;
	}
	return NULL;
}
