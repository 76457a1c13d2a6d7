/*
 * ranking.h - compute AUROC, average precision and operating points of one
 * class from the order of the images by its probability, then its log odds.
 *
 * The images are sorted once; then each metric costs one pass over them, for
 * the sample as it is and for every bootstrap replicate of it.  In all
 * functions unit u has multiplicity TIMES[u]; 1 where TIMES is NULL; "class"
 * is the class that the ranking is of, "rest" all others; NAN is returned where
 * the class or the rest has no image.
 */
#ifndef MC_RANKING_H
#define MC_RANKING_H

#include "stats/sample.h"

struct mc_ranking;

/* S must have p.  S's units, labels, p and o are copied as far as needed. */
struct mc_ranking *mc_ranking_alloc(const struct mc_sample *s,
		    size_t class_index);
void		 mc_ranking_free(struct mc_ranking *r);

/*
 * Return the area under the ROC curve of the class against the rest, ties
 * counted half (Mann & Whitney 1947; Hanley & McNeil 1982).  *POSITIVES is the
 * number of images of the class.
 */
double		 mc_ranking_auroc(const struct mc_ranking *r,
		    const uint32_t *times, double *positives);

/*
 * Compute Hand & Till's (2001) A(class | j) for every class j into A, which has
 * n_classes elements: the chance that an image of the class has a greater
 * probability of it than one of j.  NAN where either has no image, and for the
 * class itself.
 */
void		 mc_ranking_pairwise_auc(const struct mc_ranking *r,
		    const uint32_t *times, double *a);

/*
 * Return the average precision: the sum over falling thresholds of precision
 * times the step in recall, without interpolation.  It is defined where the
 * rest has no image (and is 1 there).
 */
double		 mc_ranking_average_precision(const struct mc_ranking *r,
		    const uint32_t *times);

/*
 * Return the greatest sensitivity of all thresholds whose specificity is at
 * least SPECIFICITY, and the other way round.  A threshold is a score, and
 * predicts the class from there up; one above all scores is among them.
 */
double		 mc_ranking_sensitivity(const struct mc_ranking *r,
		    const uint32_t *times, double specificity);
double		 mc_ranking_specificity(const struct mc_ranking *r,
		    const uint32_t *times, double sensitivity);

/*
 * Whether COUNT of N is a share of at least SHARE, which as a decimal fraction
 * is not exact.
 */
bool		 mc_reaches_share(uint64_t count, uint64_t n, double share);

/* Counts of the images at or above one threshold. */
struct mc_threshold_counts {
	double p;		/* the threshold */
	uint64_t of_class, rest;
};

/*
 * Count at every distinct score of the sample, falling, whatever TIMES is;
 * POINTS has room for mc_ranking_thresholds of them.  Where log odds tell
 * scores of one probability apart, that probability is there for each.
 */
size_t		 mc_ranking_thresholds(const struct mc_ranking *r);
void		 mc_ranking_counts(const struct mc_ranking *r,
		    const uint32_t *times,
		    struct mc_threshold_counts *points);

/* What one unit adds to the AUROC: DeLong's structural components, summed. */
struct mc_placement {
	double of_class;	/* sum over its images of the class: the share
				   of the rest below each, ties half */
	double rest;		/* sum over its other images: the share of the
				   class above each, ties half */
	uint32_t n_class, n_rest;	/* how many images these are */
};

/*
 * Fill in PLACEMENT, one element per unit; the shares are of images in their
 * multiplicities, the sums over a unit's own images once.  Returns the AUROC.
 */
double		 mc_ranking_placements(const struct mc_ranking *r,
		    const uint32_t *times, struct mc_placement *placement);

#endif
