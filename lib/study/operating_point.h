/* operating_point.h - find the threshold of each run, and predict by it. */
#ifndef MC_OPERATING_POINT_H
#define MC_OPERATING_POINT_H

#include "study/runs.h"

struct mc_operating_points;

/*
 * Read the table at PATH for the runs of P, which must outlive it.  POSITIVE
 * is the argument of --positive, or NULL; the thresholds must be of that class.
 */
enum mc_status	 mc_operating_points_read(struct mc_operating_points **c, const char *path,
		    const char *positive, const struct mc_predictions *p,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_operating_points_free(struct mc_operating_points *c);

/* The number of replicates, the same for all runs; 0: none. */
size_t		 mc_operating_points_replicates(const struct mc_operating_points *c);

/*
 * Predict X, which was made of a run, by the run's threshold.  X then points
 * into C.
 */
void		 mc_operating_points_apply(const struct mc_operating_points *c, size_t run,
		    struct mc_run_sample *x);

#endif
