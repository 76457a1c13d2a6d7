/*
 * power.h - plan the size of a study: precision and power by number of units.
 *
 * Studies are simulated.  From a pilot, whose units represent the population,
 * as many units as the study will have are drawn with replacement: the
 * bootstrap with another number of draws (Bickel & Freedman 1981; Efron &
 * Tibshirani 1993, chapter 25).  Or they come from a parametric model
 * (parametric.h).  The standard deviation of their values is the standard error
 * that the study would have.  Their quantiles are, on average and up to terms
 * of the order of one over the number of units, the limits of the percentile
 * interval that it would report.
 *
 * The spread in a pilot of G units is known to about 1 in sqrt(2 G), and its
 * values are as uncertain as their intervals say.
 */
#ifndef MC_POWER_H
#define MC_POWER_H

#include "base/mem.h"
#include "stats/parametric.h"
#include "stats/sides.h"

/* What studies are simulated from. */
struct mc_power_source {
	const struct mc_side *sides;	/* the arms of a pilot; NULL: assumed */
	size_t n_sides;
	const struct mc_metric_spec *specs;
	size_t n;		/* metrics, none of them MC_ALL_CLASSES or
				   MC_POSITIVE */
	const struct mc_parametric *assumed;	/* its arms are the sides, and
				   its one metric is the metric */
};

struct mc_power_options {
	double level;		/* of the intervals and two-sided tests */
	double power;		/* wanted, in (0, 1) */
	struct mc_resampling how;	/* strata, draws and by_unit are not
				   read; replicates: at least
				   mc_replicates_needed(level) */
};

/* The value of side a, or that minus the value of side b. */
struct mc_contrast {
	size_t a, b;
};
#define MC_ALONE ((size_t)-1)	/* as b: of a alone */

/* The numbers of units that can be asked about. */
#define MC_LEAST_UNITS	2
#define MC_MOST_UNITS	100000

/*
 * What a study would find.  The power is that of the test which inverts the
 * interval, by the normal approximation: with standard error SE and quantiles z
 * a true difference D is detected with probability
 *
 *	P(|D / SE + Z| > z(1 - (1 - level) / 2)),
 *
 * and DETECTABLE = (z(1 - (1 - level) / 2) + z(power)) SE.
 *
 * With MC_ENOUGH_SEEDS training seeds on a side of a contrast, SE and the
 * interval include the spread between them, as they do in mc_compare
 * (seed_variance.h), and the quantiles are Student's.  The seeds of a pilot
 * also differ by chance in its units, which more units reduce: that part is the
 * mean, over replicates, of the variance between seeds of their deviations, and
 * is subtracted from the variance between seeds, down to 0.
 */
struct mc_planned_result {
	size_t n_units;
	double n_images;	/* expected */
	double estimate;	/* the pilot's, or what was assumed; NAN:
				   undefined */
	double se;		/* the others: NAN where they are not known, and
				   the note says why */
	double lo, hi;
	double detectable;	/* contrasts of two sides */
	double power;		/* likewise: to detect a true difference of
				   ESTIMATE */
	struct mc_buf note;	/* remarks joined by "; "; data NULL: none */
};

/*
 * Plan studies of N_UNITS units, MC_LEAST_UNITS to MC_MOST_UNITS.  Returns the
 * result for contrast x and metric i at [x * n + i], freed with
 * mc_planned_results_free.  The replicates of a study as large as the pilot are
 * those of mc_estimates for one side, and those of mc_compare for two.
 */
struct mc_planned_result *mc_planned_results(
		    const struct mc_power_source *source,
		    const struct mc_contrast *contrasts, size_t n_contrasts,
		    size_t n_units, const struct mc_power_options *options);
void		 mc_planned_results_free(struct mc_planned_result *p, size_t n);

/*
 * Find the smallest study that reaches GOAL for metric SPEC: for one side an
 * interval that is no wider, for two a detectable difference that is no larger.
 * It is found by bisection to within 1 in 100, starting from the pilot's size
 * downwards, so that an interval that is narrow because a handful of patients
 * shows no variation is not mistaken for a good one.  Where MC_MOST_UNITS do
 * not reach the goal, the result is theirs, and *REACHED is false; where by the
 * square root of the units they would miss it twice over, no study in between is
 * simulated.  Freed with
 * mc_planned_results_free(result, 1).
 */
struct mc_planned_result *mc_planned_result_reaching(
		    const struct mc_power_source *source,
		    const struct mc_contrast *contrast, size_t spec,
		    double goal, const struct mc_power_options *options,
		    bool *reached);

#endif
