/* cuts.h - the thresholds of --threshold, one for each run of predictions. */
#ifndef MC_CUTS_H
#define MC_CUTS_H

#include "runs.h"

struct cuts;

/*
 * Read the table at PATH for the runs of P, which must outlive it.  POSITIVE
 * is the argument of --positive, or NULL; the thresholds must be of that class.
 */
enum mc_status	 cuts_read(struct cuts **c, const char *path,
		    const char *positive, const struct mc_predictions *p,
		    struct mc_err *err) MC_MUST_CHECK;
void		 cuts_free(struct cuts *c);

/* The number of replicates, the same for all runs; 0: none. */
size_t		 cuts_replicates(const struct cuts *c);

/*
 * Predict X, which was made of a run, by the run's threshold.  X then points
 * into C.
 */
void		 cuts_apply(const struct cuts *c, size_t run,
		    struct run_sample *x);

#endif
