/*
 * curve.h - compute ROC, precision-recall, calibration and decision curves of
 * one class against the rest, and the distributions of its probability in both,
 * with bootstrap bands.
 *
 * A threshold t predicts the class where its probability p >= t.  What lies at
 * or above each distinct probability is counted in one walk over the images,
 * and every curve here follows from these counts, for the sample as it is and
 * for each replicate.  A replicate leaves a value at each point and no more, so
 * that memory grows with points x replicates, not with images x replicates.
 *
 * A band is pointwise: a percentile interval at each point, which holds there
 * and not for the whole curve at once.  Bins have intervals of their own.
 */
#ifndef MC_CURVE_H
#define MC_CURVE_H

#include "base/mem.h"
#include "stats/resample.h"
#include "stats/sample.h"

enum mc_curve_kind {
	/*
	 * Sensitivity at fixed 1 - specificity: 0, 1/N, ..., 1.  Between two
	 * thresholds it is interpolated, and of several values at one place it
	 * is the greatest (Fawcett 2006, vertical averaging), so that the area
	 * below it is the AUROC.
	 *
	 * T. Fawcett, "An introduction to ROC analysis", Pattern Recognition
	 * Letters 27 (2006) 861-874.
	 */
	MC_ROC,
	/*
	 * Precision at fixed recall: 1/N, ..., 1, at the highest threshold that
	 * reaches it.  There is nothing between two thresholds to interpolate
	 * (Davis & Goadrich 2006); the area below these steps is the average
	 * precision.
	 *
	 * J. Davis & M. Goadrich, "The relationship between precision-recall
	 * and ROC curves", ICML 2006.
	 */
	MC_PRECISION_RECALL,
	/*
	 * The share of the class among the images of each bin of probability,
	 * by the bin's mean.  Bins are as in calibration.h: i holds the p in
	 * (i / N, (i + 1) / N], or those whose ranks have their middle m with
	 * floor(N m / n) = i.  Replicates keep the bins of the sample.
	 */
	MC_CALIBRATION,
	/*
	 * Net benefit at the threshold probabilities t = 1/N, ..., 1 - 1/N:
	 * (true positives - false positives x t / (1 - t)) / images (Vickers &
	 * Elkin 2006), of the model, then of treating all.
	 *
	 * A. J. Vickers & E. B. Elkin, "Decision curve analysis", Medical
	 * Decision Making 26 (2006) 565-574.
	 */
	MC_DECISION,
	/*
	 * The share of the class's images whose probability is in each of N bins
	 * of equal width, which are those of MC_CALIBRATION, then that of the
	 * rest's images.  The place of a bin is its middle.
	 */
	MC_DISTRIBUTION,
	MC_CURVE_KINDS
};

/* "roc", "pr", "calibration", "decision", "distribution". */
extern const char *const mc_curve_names[];

struct mc_curve_options {
	enum mc_curve_kind kind;
	size_t n;		/* N above; at least 2 for MC_DECISION */
	bool mass;		/* MC_CALIBRATION: bins of equal mass */
	bool points;		/* MC_ROC, MC_PRECISION_RECALL: a point for
				   each threshold of the sample also */
	double level;
	struct mc_resampling how;	/* replicates: at least
					   mc_replicates_needed(level) */
};

struct mc_curve_point {
	const char *curve;	/* the kind's name; "decision:all";
				   "distribution:rest"; "roc:points" and
				   "pr:points", which have no band */
	double x, y;		/* NAN: undefined */
	double lo, hi;		/* NAN: no interval */
	double threshold;	/* a bin's lower end; NAN: none */
	int64_t n;		/* images at or above the threshold, or in the
				   bin, of a distribution those that the share
				   is of; -1: no threshold */
	const char *method;	/* "percentile", "none", or "clopper-pearson"
				   where a bin's replicates do not differ */
	struct mc_buf note;	/* remarks joined by "; "; data NULL: none;
				   those on a whole curve are at its first
				   point */
};

/*
 * Compute the curve of class K of S, which must have p.  Returns *N points,
 * curve after curve, each by rising x, but bins by rising probability; they are
 * freed with mc_curve_free.
 */
struct mc_curve_point *mc_curve(const struct mc_sample *s, size_t k,
		    const struct mc_curve_options *options, size_t *n);
void		 mc_curve_free(struct mc_curve_point *points, size_t n);

/* Whether REMARK, one of a note, is about its point, not about the whole curve. */
bool		 mc_curve_remark_is_of_point(const char *remark);

#endif
