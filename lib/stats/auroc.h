/*
 * auroc.h - estimate the variance of an area under the ROC curve, and the
 * covariance of two on the same images.
 *
 * Where each unit is one image these are DeLong, DeLong & Clarke-Pearson's
 * (1988); where units have several, Obuchowski's (1997), with the term for
 * units that have images both of the class and of the rest.
 */
#ifndef MC_AUROC_H
#define MC_AUROC_H

#include "stats/ranking.h"

/* An arm's AUROC, and the placements that it is made of, one per unit. */
struct mc_auroc {
	double value;
	struct mc_placement *placement;
};

/*
 * Return the covariance of A and B, which rank the same images of the same
 * N_UNITS units for the same class; the variance, where A is B.  Unit u has
 * multiplicity TIMES[u], as when the placements were made; NULL: 1.  NAN where
 * fewer than two units have an image of the class, or of the rest.
 */
double	mc_auroc_covariance(const struct mc_auroc *a, const struct mc_auroc *b,
	    size_t n_units, const uint32_t *times);

/*
 * Return the degrees of freedom of that variance: one less than the units with
 * an image of the class, or of the rest, whichever are fewer.
 */
double	mc_auroc_df(const struct mc_placement *placement, size_t n_units);

#endif
