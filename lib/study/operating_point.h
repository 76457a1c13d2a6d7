/*
 * operating_point.h - find the threshold that each run is predicted by.
 */
#ifndef MC_OPERATING_POINT_H
#define MC_OPERATING_POINT_H

#include "stats/sample.h"
#include "table/predictions.h"

/* The threshold of a run, for a sample of its rows. */
struct mc_run_point {
	struct mc_threshold threshold;
	size_t class_index;	/* in the run: the class of the threshold */
	const char *classes[2];	/* the sample's, where the run has more than
				   two: that class, and "not" it; threshold.of
				   is 0 */
	double *at;		/* what threshold and classes[1] point to */
	char *rest;
};

struct mc_operating_points;

/*
 * Read the thresholds table at PATH ("-": standard input) and find in it the
 * runs of P, which must outlive *O: by their keys, of which those that are
 * MC_KEY_OPTIONAL must agree where both have one.  POSITIVE is the declared
 * positive class, or NULL; the thresholds must be of that class.  *O is freed
 * with mc_operating_points_free and is NULL on error.
 *
 * Returns MC_EDATA if PATH is another table of mctools; if a run has no p: columns, no row, two rows of one
 * replicate or one missing among the replicates, rows of two classes, or rows
 * that were chosen on its own split; if runs differ in the number of
 * replicates, or those of one task in the class.  Returns MC_EUSAGE if the
 * class is not POSITIVE.
 */
enum mc_status	 mc_operating_points_read(struct mc_operating_points **o,
		    const char *path, const char *positive,
		    const struct mc_predictions *p, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_operating_points_free(struct mc_operating_points *o);

/* Return the number of replicates of every run; 0: none, or O is NULL. */
size_t		 mc_operating_points_replicates(
		    const struct mc_operating_points *o);

/* Return the threshold of run RUN of P; NULL where O is NULL. */
const struct mc_run_point *mc_operating_points_at(
		    const struct mc_operating_points *o, size_t run);

#endif
