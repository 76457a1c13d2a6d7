/*
 * threshold.h - choose the threshold at or above which a class is predicted.
 *
 * All thresholds between two neighbouring scores predict the same.  The one
 * that is chosen is the middle of such a gap: at either end the next image of
 * another sample would more often fall on the wrong side.  Neighbours of the
 * lowest and the highest score are 0 and 1.
 */
#ifndef MC_THRESHOLD_H
#define MC_THRESHOLD_H

#include "stats/ranking.h"
#include "stats/resample.h"

enum mc_aim {
	/*
	 * The greatest sensitivity + specificity - 1 (Youden 1950); of several
	 * the one with the greater sensitivity.
	 */
	MC_YOUDEN,
	/*
	 * The greatest specificity where the sensitivity is at least so much,
	 * then the greatest sensitivity; and the other way round.
	 */
	MC_AT_SENSITIVITY, MC_AT_SPECIFICITY,
	/*
	 * The least mean cost of an image, cost_fp (1 - prevalence) (1 -
	 * specificity) + cost_fn prevalence (1 - sensitivity) (Zweig & Campbell
	 * 1993); of several the one with the greater sensitivity.
	 */
	MC_LEAST_COST
};

struct mc_criterion {
	enum mc_aim aim;
	double at;		/* MC_AT_...: 0 to 1 */
	double cost_fp, cost_fn;	/* MC_LEAST_COST: above 0 */
	double prevalence;	/* MC_LEAST_COST; NAN: that of the images */
};

struct mc_operating_point {
	double threshold;	/* NAN: the class or the rest has no image */
	double sensitivity, specificity;	/* NAN with it */
	uint64_t of_class, rest;	/* the images of either */
};

/*
 * Choose for the class that R is of, where unit u has multiplicity TIMES[u]; 1
 * where TIMES is NULL.  A threshold above all scores and one below them
 * are among those to choose from.  POINTS has room for
 * mc_ranking_thresholds(R).
 */
struct mc_operating_point mc_threshold_choose(const struct mc_ranking *r,
		    const uint32_t *times, const struct mc_criterion *c,
		    struct mc_threshold_counts *points);

/*
 * Choose in each replicate of the N_UNITS units, without strata, into CHOSEN.
 * Replicate b draws from the stream (seed, "threshold", b): were it that of
 * mc_bootstrap, units with the same number in two samples would be drawn
 * equally often, as if they were the same patients.
 */
void		 mc_threshold_bootstrap(const struct mc_ranking *r,
		    size_t n_units, const struct mc_criterion *c,
		    const struct mc_resampling *how,
		    struct mc_operating_point *chosen);

#endif
