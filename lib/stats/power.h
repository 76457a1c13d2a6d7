/*
 * power.h - what a study of so many patients would find: how wide its intervals
 * would be, which difference between two arms it would detect.
 *
 * Studies are simulated: from a pilot, whose units stand for the population, by
 * drawing as many units as the study will have from them with replacement (the
 * bootstrap with another number of draws: Bickel & Freedman 1981; Efron &
 * Tibshirani 1993, chapter 25), or from a model (parametric.h).  The spread of
 * their values is the standard error that the study would have, and their
 * quantiles are, on average and but for terms of the order of one over the
 * number of units, the limits of the percentile interval that it would report.
 *
 * A pilot's own spread is known to about 1 in sqrt(2 G) for G units, and its
 * values are off by as much as its intervals say.
 */
#ifndef MC_POWER_H
#define MC_POWER_H

#include "base/mem.h"
#include "stats/parametric.h"
#include "stats/compare.h"

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
 * interval hold the spread between them, as they do in mc_compare (repeats.h),
 * and the quantiles are Student's.  The seeds of a pilot differ by chance in its
 * units too, which more units narrow: that part, the mean over replicates of the
 * variance between seeds of what each is off by, is taken from their variance,
 * which is held at 0 or above.
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
 * Studies of N_UNITS units, MC_LEAST_UNITS to MC_MOST_UNITS.  Returns a
 * prospect for contrast x and metric i at [x * n + i], freed with
 * mc_planned_results_free.  The replicates of a study as large as the pilot are those
 * of mc_estimates for one side, and those of mc_compare for two.
 */
struct mc_planned_result *mc_planned_results(const struct mc_power_source *basis,
		    const struct mc_contrast *contrasts, size_t n_contrasts,
		    size_t n_units, const struct mc_power_options *plan);
void		 mc_planned_results_free(struct mc_planned_result *p, size_t n);

/*
 * The smallest study that reaches GOAL: an interval of a side that is no wider,
 * a detectable difference that is no greater.  It is found by bisection to
 * within 1 in 100, downwards from the pilot's size, so that intervals which
 * are narrow because a handful of patients shows no variation are not
 * mistaken for good ones.  Where MC_MOST_UNITS do not reach it, the prospect is
 * theirs, and *REACHED is false.  Freed with mc_planned_results_free.
 */
struct mc_planned_result *mc_planned_result_reaching(const struct mc_power_source *basis,
		    const struct mc_contrast *contrast, size_t spec,
		    double goal, const struct mc_power_options *plan,
		    bool *reached);

#endif
