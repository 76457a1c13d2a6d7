/*
 * averages.h - what a mean over classes is in a replicate that lacks a class:
 * three answers, put to the same test sets.
 */
#ifndef AVERAGES_H
#define AVERAGES_H

#include "trial.h"

enum averages_way {
	AVERAGES_LEFT_OUT,	/* it has no value */
	AVERAGES_THERE,		/* the mean over the classes that are there,
				   which is what mc_reweighted_value takes */
	AVERAGES_WITHIN,	/* no replicate lacks one: units are drawn
				   within classes (mc_strata_alloc) */
	AVERAGES_WAYS
};

/* "left out", ...: for tables. */
extern const char *const averages_names[AVERAGES_WAYS];

/*
 * The 95 % percentile intervals of N metrics, means over classes all of them,
 * by WAY into ROWS.  A class whose ratio is 0/0 in the test set counts 0 in all
 * replicates, as in the estimate; row->plain are the intervals of test sets
 * without such a class.
 */
void	averages_intervals(const struct trial *t, const struct sim_design *d,
	    const struct sim_file *file, enum averages_way way,
	    const struct mc_metric_spec *specs, size_t n, const double *truth,
	    struct trial_interval *rows);

#endif
