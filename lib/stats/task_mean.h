/*
 * task_mean.h - estimate the mean of metrics over the tasks of the same images,
 * such as the findings of multi-label data, with intervals over their units.
 *
 * A replicate draws the units once for all tasks, so that the interval knows
 * that a patient has several findings.
 *
 * A task in which a metric is undefined, or a class that it is about has no
 * image, is left out of the metric's mean.  In a replicate the mean is over
 * those of the others that have a value there, as for classes
 * (mc_reweighted_value).  A ratio whose denominator is 0 though all classes
 * have images, as the precision of what is never predicted, counts as 0 in
 * both.
 */
#ifndef MC_TASK_MEAN_H
#define MC_TASK_MEAN_H

#include "stats/estimate.h"

/* A task: one sample per training seed. */
struct mc_task_samples {
	const char *name;
	const struct mc_sample *const *samples;
};

/*
 * Estimate N metrics as means over N_TASKS tasks, each of N_SEEDS samples, all
 * of which share their units; the specs are those of every task.  Returns N
 * estimates, as mc_estimates does.  OPTIONS has no strata.  The methods that
 * are not for a mean (mc_interval_of_mean) are passed over.
 *
 * The note says of how many tasks it is the mean, and which are left out.
 */
struct mc_estimate *mc_task_means(const struct mc_task_samples *tasks,
		    size_t n_tasks, size_t n_seeds,
		    const struct mc_metric_spec *specs, size_t n,
		    const struct mc_estimate_options *options);

#endif
