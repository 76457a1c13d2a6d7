/*
 * reweighted.h - compute metrics of a sample under bootstrap multiplicities.
 *
 * A scorer is the sample made ready: sorted and counted once for the metrics
 * asked for; threads share it.  A reweighted sample is the sample under one
 * vector of multiplicities, with what has been computed from it so far; each
 * thread has its own.
 */
#ifndef MC_REWEIGHTED_H
#define MC_REWEIGHTED_H

#include "stats/metric_spec.h"

struct mc_scorer;

/*
 * Make S, which must outlive the scorer, ready for the N SPECS, which are
 * copied and none of which is MC_ALL_CLASSES or MC_POSITIVE.  One that S cannot
 * be asked for (mc_metric_spec_possible) is undefined there.
 */
struct mc_scorer *mc_scorer_alloc(const struct mc_sample *s,
		    const struct mc_metric_spec *specs, size_t n);
void		 mc_scorer_free(struct mc_scorer *scorer);

struct mc_reweighted *mc_reweighted_alloc(const struct mc_scorer *scorer);
void		 mc_reweighted_free(struct mc_reweighted *w);

/*
 * Give unit u the multiplicity TIMES[u] from here on, or 1 where TIMES is NULL,
 * which is how a reweighted sample begins.  TIMES must live until the next
 * call.
 */
void		 mc_reweighted_units(struct mc_reweighted *w,
		    const uint32_t *times);

/*
 * Until the next call of mc_reweighted_units, predict the images of a sample
 * that has a threshold by THRESHOLD; with NAN, metrics from MC_FROM_COUNTS are
 * undefined.
 */
void		 mc_reweighted_threshold(struct mc_reweighted *w,
		    double threshold);

/*
 * Where only metrics from MC_FROM_COUNTS are asked for, the confusion matrix
 * is enough: write n_classes x n_classes counts, by label, then predicted,
 * where the first points to, then call the second.
 */
double		*mc_reweighted_confusion(struct mc_reweighted *w);
void		 mc_reweighted_counted(struct mc_reweighted *w);

/*
 * The value of metric I under the multiplicities; NAN where it is undefined,
 * or all multiplicities are 0.  A ratio whose denominator is 0 is undefined.
 *
 * A mean over classes, or over pairs of them, is one over those that have a
 * value under the multiplicities, and partial where one has none (of the three
 * ways to treat such a replicate it covers best, doc/coverage.md).  A class
 * without a value in the sample itself makes the mean NAN, but for ratios of
 * counts: there it counts 0, as it does in mc_reweighted_estimate.
 */
double		 mc_reweighted_value(struct mc_reweighted *w, size_t i);
/* Whether the value asked for last is a partial mean. */
bool		 mc_reweighted_is_partial(const struct mc_reweighted *w);

/*
 * The same as a number to be printed: as scikit-learn does, a ratio of counts
 * whose denominator is 0 is taken as 0 (mc_remarks_value says so).  It is for
 * the estimate and for the statistic of a permutation test, and never for a
 * replicate, where that 0 would be an observation that nobody made.
 */
double		 mc_reweighted_estimate(struct mc_reweighted *w, size_t i);

/*
 * The variance of that value over units, by linearisation: of a ratio (Field &
 * Welsh 2007, section 3; with G / (G - 1), where G units are in the
 * denominator), or of an AUROC (auroc.h).  NAN where none is known, or there
 * are too few units for one.  It knows nothing of mc_reweighted_threshold.
 */
double		 mc_reweighted_variance(struct mc_reweighted *w, size_t i);

/* Whether mc_reweighted_variance knows a formula for M on S. */
bool		 mc_metric_spec_has_variance(const struct mc_metric_spec *m,
		    const struct mc_sample *s);

/* The estimates of N metrics on S as it is, and their variances. */
void		 mc_metric_values(const struct mc_sample *s,
		    const struct mc_metric_spec *specs, size_t n,
		    double *values);
void		 mc_metric_variances(const struct mc_sample *s,
		    const struct mc_metric_spec *specs, size_t n,
		    double *variances);

/* --- What metrics are computed from --------------------------------------- */

/* Sums over weighted images. */
struct mc_tally {
	size_t n_classes;
	double *confusion;	/* [label][predicted] */
	double total;		/* sum of confusion */
	double *support;	/* [label]: row sums */
	double *predicted;	/* [predicted]: column sums */
};

const struct mc_tally *mc_reweighted_tally(struct mc_reweighted *w);
/* What 0/0 is: 0 in an estimate, else NAN. */
double		 mc_reweighted_no_ratio(const struct mc_reweighted *w);
double		 mc_reweighted_auroc(struct mc_reweighted *w,
		    size_t class_index);
/* mc_ranking_pairwise_auc of the class: n_classes elements. */
const double	*mc_reweighted_pairwise_auc(struct mc_reweighted *w,
		    size_t class_index);
double		 mc_reweighted_average_precision(struct mc_reweighted *w,
		    size_t class_index);
/* The mean loss of M, which is one of the scorer's own metrics. */
double		 mc_reweighted_loss(struct mc_reweighted *w,
		    const struct mc_metric_spec *m);

struct mc_ranking;
struct mc_confidence;
struct mc_logits;
const struct mc_ranking *mc_reweighted_ranking(const struct mc_reweighted *w,
		    size_t class_index);
const struct mc_confidence *mc_reweighted_confidence(
		    const struct mc_reweighted *w);
const struct mc_logits *mc_reweighted_logits(const struct mc_reweighted *w,
		    size_t class_index);
const uint32_t	*mc_reweighted_times(const struct mc_reweighted *w);

/*
 * Sum the numerator and the denominator of M over each unit's images, in the
 * sample as it is.  M is a ratio (mc_metric_spec_denominator); NUMERATOR and
 * DENOMINATOR have n_units elements.
 */
void		 mc_metric_spec_sums(const struct mc_sample *s,
		    const struct mc_metric_spec *m, double *numerator,
		    double *denominator);

#endif
