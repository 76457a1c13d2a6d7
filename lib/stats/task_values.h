/*
 * task_values.h - evaluate metrics on tasks of the same images, such as the
 * findings of multi-label data, and average them over the tasks.
 *
 * A task in which a metric is undefined, or a class that it is about has no
 * image, is left out of the metric's mean.  In a replicate the mean is over
 * those of the others that have a value there, as for classes
 * (mc_reweighted_value).  A ratio whose denominator is 0 though all classes
 * have images, as the precision of what is never predicted, counts as 0 in
 * both.
 */
#ifndef MC_TASK_VALUES_H
#define MC_TASK_VALUES_H

#include "base/mem.h"
#include "stats/resample.h"

/* The values of N metrics on the tasks, for each training seed of one arm. */
struct mc_task_values {
	const struct mc_sample *const *samples;	/* [task * n_seeds + seed];
				   NULL: the task has no images */
	size_t n_tasks, n_seeds, n;
	const struct mc_metric_spec *specs;
	double *value;		/* [(task * n_seeds + seed) * n + i] */
	bool *zero;		/* likewise: 0/0, which counts as 0 */
	bool *used;		/* [i * n_tasks + task]: it is not left out */
};

/*
 * Evaluate N metrics on SAMPLES, which share their units; these, SPECS and the
 * samples must outlive the values.  Freed with mc_task_values_free.
 */
struct mc_task_values *mc_task_values_alloc(
		    const struct mc_sample *const *samples, size_t n_tasks,
		    size_t n_seeds, const struct mc_metric_spec *specs,
		    size_t n);
void		 mc_task_values_free(struct mc_task_values *v);

/*
 * Return bootstrap replicates, [((task * n_seeds + seed) * n + i] *
 * replicates + b], all from the same multiplicities; or the values with each
 * unit left out in turn, likewise.  NAN where a metric is undefined there.
 * Freed with free().
 */
double		*mc_task_values_bootstrap(const struct mc_task_values *v,
		    const struct mc_resampling *how);
double		*mc_task_values_jackknife(const struct mc_task_values *v,
		    int threads);

/*
 * Average B numbers of metric I over the tasks USED, then over the seeds, for
 * N_ARMS arms: MEAN[arm][k] of VALUES[arm][((task * n_seeds + seed) * n + i) *
 * B + k].  A task without a value in one of the arms counts in none; NAN where
 * no task has one.  Returns how many of those that have one are of fewer tasks
 * than USED.
 */
size_t		 mc_task_values_average(
		    const struct mc_task_values *const *arms,
		    const double *const *values, size_t n_arms,
		    const bool *used, size_t i, size_t b,
		    double *const *mean);

/*
 * Find the tasks whose spread the replicates do not show: those of USED of
 * which all B numbers of metric I, or all differences of two arms, lie between
 * limits without width at LEVEL, though few units decide on them in one of the
 * N_ARMS arms (remarks.h).  Few units that all agree may do so by chance, and a
 * mean that holds their value for certain has too narrow an interval.  Where
 * many agree, the spread is small in truth.  0/0 is 0 by convention, and
 * certain.  Marks them in HIDDEN[task]; returns how many they are.
 */
size_t		 mc_task_values_hidden(
		    const struct mc_task_values *const *arms,
		    const double *const *values, size_t n_arms,
		    const bool *used, size_t i, size_t b, double level,
		    bool *hidden);

/* Append to NOTE that a mean has no interval, since N tasks are HIDDEN. */
void		 mc_task_values_remark_hidden(const char *const *tasks,
		    size_t n_tasks, const bool *hidden, struct mc_buf *note);

/*
 * Append to NOTE of how many of the N_TASKS tasks, called TASKS, a value is the
 * mean, and which are left out; returns how many are used.
 */
size_t		 mc_task_values_remark(const char *const *tasks,
		    size_t n_tasks, const bool *used, struct mc_buf *note);

#endif
