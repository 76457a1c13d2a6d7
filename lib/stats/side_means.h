/*
 * side_means.h - average metrics of the sides of a comparison over tasks, such
 * as the findings of multi-label data (task_values.h).
 *
 * A task that is left out of a metric's mean on one side of a pair is left out
 * on the other also, and so is one that has no value in a replicate of one
 * side: the difference of a pair is a mean of differences, and does not depend
 * on other pairs.
 */
#ifndef MC_SIDE_MEANS_H
#define MC_SIDE_MEANS_H

#include "stats/difference_test.h"

/* The tasks of the sides; each side has the samples of all (sides.h). */
struct mc_tasks {
	const char *const *name;
	size_t n;
};

/* Each pair has two sides of its own, 2 * p and 2 * p + 1. */
struct mc_side_means {
	struct mc_side *sides;
	struct mc_side_values *values;
	struct mc_pair *pairs;
	double *replicates;	/* as in struct mc_test_data */
	bool *hidden;		/* [pair * n + i]: a task hides its spread
				   (mc_task_values_hidden) */
	struct mc_buf *notes;	/* [pair * n + i]: of which tasks, in how many
				   replicates of fewer, and which are hidden */
};

/*
 * Average N metrics of the N_SIDES sides over TASKS, for each of N_PAIRS pairs,
 * in replicates also.  LEVEL is that of the intervals.  Freed with
 * mc_side_means_free, before what it is given.
 */
struct mc_side_means *mc_side_means_alloc(const struct mc_side *sides,
		    size_t n_sides, const struct mc_tasks *tasks,
		    const struct mc_pair *pairs, size_t n_pairs,
		    const struct mc_metric_spec *specs, size_t n,
		    const struct mc_resampling *how, double level);
void		 mc_side_means_free(struct mc_side_means *m);

#endif
