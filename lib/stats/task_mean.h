/*
 * task_mean.h - estimate the mean of metrics over the tasks of the same images,
 * such as the findings of multi-label data, with intervals over their units.
 *
 * A replicate draws the units once for all tasks, so that the interval knows
 * that a patient has several findings.  task_values.h says which tasks count.
 */
#ifndef MC_TASK_MEAN_H
#define MC_TASK_MEAN_H

#include "stats/estimate.h"

/*
 * Estimate N metrics as means over N_TASKS tasks, called TASKS, each with
 * N_SEEDS samples, SAMPLES[task * N_SEEDS + seed], all of which share their
 * units; the specs are those of every task.  Returns N estimates, as
 * mc_estimates does.  OPTIONS has no strata.  The methods that are not for a
 * mean (mc_interval_of_mean) are passed over.
 *
 * Where a task's spread is hidden (mc_task_values_hidden) there is no interval.
 * The note says of how many tasks it is the mean, which are left out, and which
 * of them hide their spread.
 */
struct mc_estimate *mc_task_means(const char *const *tasks,
		    const struct mc_sample *const *samples, size_t n_tasks,
		    size_t n_seeds, const struct mc_metric_spec *specs,
		    size_t n, const struct mc_estimate_options *options);

#endif
