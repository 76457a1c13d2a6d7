/*
 * sides.h - evaluate metrics on the sides of a comparison, over training seeds.
 */
#ifndef MC_SIDES_H
#define MC_SIDES_H

#include "stats/remarks.h"
#include "stats/resample.h"

/*
 * What is compared: an arm, or a subgroup of its images; one sample per
 * training seed.  All sides of one comparison share units and classes; the
 * seeds of a side, and the arms of a subgroup, have the same images in the same
 * order.  Where means over several tasks are compared, this is so within each
 * task, and the samples are SEEDS[task * n + seed], NULL where the subgroup has
 * no image in the task.
 *
 * Or the samples are of several test sets, the same for all sides, and have
 * other images and units in each.  They are in the order of the test sets, and
 * each of these has as many of them.
 */
struct mc_side {
	const struct mc_sample *const *seeds;
	size_t n;
	const char *name;	/* for the note */
	size_t n_sets;		/* test sets; 0: the images are the same */
	double test_over_train;	/* where there are test sets: the number of
				   test images over that of training images,
				   in the mean over them */
};

/* The metrics of several sides, and the remarks on their samples. */
struct mc_side_values {
	const struct mc_side *sides;
	size_t n_sides;
	const struct mc_metric_spec *specs;
	size_t n;			/* metrics */
	size_t n_tasks;			/* whose mean a value is; or 1 */
	bool *used;			/* [(side * n + i) * n_tasks + task]:
					   the task counts */
	const struct mc_sample *const **samples;	/* [side]: those of
					   the remarks */
	struct mc_remarks ***remarks;	/* [side][task * seeds + seed]; NULL:
					   no image */
	double **seeds;			/* [side]: of metric i and seed s at
					   [i * seeds of the side + s]; NAN:
					   undefined */
	bool *no_ratio;			/* [side * n + i]: 0/0 for a seed */
};

/*
 * Evaluate N metrics on the N_SIDES sides, which must outlive the values, as
 * SPECS must.  Freed with mc_side_values_free.
 */
struct mc_side_values *mc_side_values_alloc(const struct mc_side *sides,
		    size_t n_sides, const struct mc_metric_spec *specs,
		    size_t n);
void		 mc_side_values_free(struct mc_side_values *v);

/*
 * The parts of that, for values that are found elsewhere: make values of
 * N_TASKS tasks without numbers and remarks, where SEEDS[side] is NULL and no
 * task counts; make the remarks of SIDE on SAMPLES, [task * seeds + seed].
 */
struct mc_side_values *mc_side_values_empty(const struct mc_side *sides,
		    size_t n_sides, size_t n_tasks,
		    const struct mc_metric_spec *specs, size_t n);
void		 mc_side_values_remark(struct mc_side_values *v, size_t side,
		    const struct mc_sample *const *samples);

/* Return the mean of metric I over the seeds of SIDE; NAN: undefined. */
double		 mc_side_mean(const struct mc_side_values *v, size_t side,
		    size_t i);

/* Return the mean of metric I over the samples of SIDE in test set SET. */
double		 mc_side_set_mean(const struct mc_side_values *v, size_t side,
		    size_t i, size_t set);

/*
 * Draw bootstrap replicates of N_SIDES sides from FIRST on, all from the same
 * multiplicities, so that differences are paired.  The mean over seeds of
 * metric i in replicate b goes to VALUES[(side * n + i) * replicates + b], side
 * counted from FIRST; NAN where it is undefined for a seed.
 */
void		 mc_side_replicates(const struct mc_side_values *v,
		    size_t first, size_t n_sides,
		    const struct mc_resampling *how, double *values);

/*
 * Return the units that decide on metric I (mc_remarks_deciding_units), those
 * of the task and seed of SIDE that has the fewest.
 */
size_t		 mc_side_deciding_units(const struct mc_side_values *v,
		    size_t side, size_t i);

/*
 * Whether N_UNITS units like those of SIDE are too few for an interval of
 * metric I, whose value is VALUE, for any task and seed (mc_remarks_few_of); 0:
 * as many as there are.
 */
bool		 mc_side_few_units(const struct mc_side_values *v, size_t side,
		    size_t i, double value, size_t n_units);

/*
 * Average COUNT numbers over SEEDS rows, which are STEP apart at VALUES, into
 * MEAN, which may be VALUES.
 */
void		 mc_mean_over_seeds(const double *values, size_t seeds,
		    size_t step, size_t count, double *mean);

#endif
