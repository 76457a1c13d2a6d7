/*
 * weighing.h - the values of measures on a sample whose units stand so many
 * times each.
 *
 * A scorer is the sample made ready: sorted and counted once for the measures
 * asked for; threads share it.  A weighing is the sample under one vector of
 * multiplicities, with what has been computed of it so far; each thread has its
 * own.
 */
#ifndef MC_WEIGHING_H
#define MC_WEIGHING_H

#include "stats/measure.h"

struct mc_scorer;

/*
 * Make S, which must outlive the scorer, ready for the N MEASURES, which are
 * copied and none of which is MC_ALL_CLASSES or MC_POSITIVE.  One that S cannot
 * be asked for (mc_measure_possible) is undefined there.
 */
struct mc_scorer *mc_scorer_alloc(const struct mc_sample *s,
		    const struct mc_measure *measures, size_t n);
void		 mc_scorer_free(struct mc_scorer *scorer);

struct mc_weighing *mc_weighing_alloc(const struct mc_scorer *scorer);
void		 mc_weighing_free(struct mc_weighing *w);

/*
 * Unit u stands TIMES[u] times from here on, or once where TIMES is NULL, which
 * is how a weighing begins.  TIMES must live until the next call.
 */
void		 mc_weighing_units(struct mc_weighing *w,
		    const uint32_t *times);

/*
 * From here until the next call of mc_weighing_units the images of a sample
 * with a cut are predicted by THRESHOLD; with NAN, measures from MC_FROM_COUNTS
 * are undefined.
 */
void		 mc_weighing_cut(struct mc_weighing *w, double threshold);

/*
 * Where only measures from MC_FROM_COUNTS are asked for, the confusion matrix
 * is enough: write n_classes x n_classes counts, by label, then predicted,
 * where the first points to, then call the second.
 */
double		*mc_weighing_confusion(struct mc_weighing *w);
void		 mc_weighing_counted(struct mc_weighing *w);

/*
 * The value of measure I under the multiplicities; NAN where it is undefined,
 * or no image stands.  A ratio whose denominator is 0 is undefined.
 *
 * A mean over classes, or over pairs of them, is one over those that have a
 * value under the multiplicities, and partial where one has none (of the three
 * ways to treat such a replicate it covers best, doc/coverage.md).  A class
 * without a value in the sample itself makes the mean NAN, but for ratios of
 * counts: there it counts 0, as it does in mc_weighing_estimate.
 */
double		 mc_weighing_value(struct mc_weighing *w, size_t i);
/* Whether the value asked for last is a partial mean. */
bool		 mc_weighing_is_partial(const struct mc_weighing *w);

/*
 * The same as a number to be printed: as scikit-learn does, a ratio of counts
 * whose denominator is 0 is taken as 0 (mc_remarks_value says so).  It is for
 * the estimate and for the statistic of a permutation test, and never for a
 * replicate, where that 0 would be an observation that nobody made.
 */
double		 mc_weighing_estimate(struct mc_weighing *w, size_t i);

/*
 * The variance of that value over units, by linearisation: of a ratio (Field &
 * Welsh 2007, section 3; with G / (G - 1), where G units are in the
 * denominator), or of an AUROC (roc.h).  NAN where none is known, or there are
 * too few units for one.  It knows nothing of mc_weighing_cut.
 */
double		 mc_weighing_variance(struct mc_weighing *w, size_t i);

/* Whether mc_weighing_variance knows a formula for M on S. */
bool		 mc_measure_has_variance(const struct mc_measure *m,
		    const struct mc_sample *s);

/* The estimates of N measures on S as it is, and their variances. */
void		 mc_measures_value(const struct mc_sample *s,
		    const struct mc_measure *measures, size_t n,
		    double *values);
void		 mc_measures_variance(const struct mc_sample *s,
		    const struct mc_measure *measures, size_t n,
		    double *variances);

/* --- What metrics are computed from ---------------------------------------- */

/* Sums over weighted images. */
struct mc_tally {
	size_t n_classes;
	double *confusion;	/* [label][predicted] */
	double total;		/* sum of confusion */
	double *support;	/* [label]: row sums */
	double *chosen;		/* [predicted]: column sums */
};

const struct mc_tally *mc_weighing_tally(struct mc_weighing *w);
/* What 0/0 is: 0 in an estimate, else NAN. */
double		 mc_weighing_no_ratio(const struct mc_weighing *w);
double		 mc_weighing_auroc(struct mc_weighing *w, size_t class_index);
/* mc_ranking_against of the class: n_classes elements. */
const double	*mc_weighing_against(struct mc_weighing *w,
		    size_t class_index);
double		 mc_weighing_average_precision(struct mc_weighing *w,
		    size_t class_index);
/* The mean loss of M, which is one of the scorer's own measures. */
double		 mc_weighing_loss(struct mc_weighing *w,
		    const struct mc_measure *m);

struct mc_ranking;
struct mc_confidence;
struct mc_logits;
const struct mc_ranking *mc_weighing_ranking(const struct mc_weighing *w,
		    size_t class_index);
const struct mc_confidence *mc_weighing_confidence(
		    const struct mc_weighing *w);
const struct mc_logits *mc_weighing_logits(const struct mc_weighing *w,
		    size_t class_index);
const uint32_t	*mc_weighing_times(const struct mc_weighing *w);

/*
 * The sums of M over each unit's images, once: what stands above and below the
 * ratio's line.  M is a ratio (mc_measure_base); HITS and SIZE have n_units
 * elements.
 */
void		 mc_measure_sums(const struct mc_sample *s,
		    const struct mc_measure *m, double *hits, double *size);

#endif
