/*
 * runs_internal.h - what runs.c has read, for run_sample.c.
 */
#ifndef MC_RUNS_INTERNAL_H
#define MC_RUNS_INTERNAL_H

#include "study/operating_point.h"
#include "study/pool.h"
#include "study/runs.h"
#include "study/subgroup.h"

struct mc_runs {
	const struct mc_runs_options *options;
	struct mc_predictions *predictions;
	char **classes;		/* NULL: none declared */
	struct mc_grouping *grouping;	/* NULL: no `by` */
	size_t n;
	struct mc_pooled *run;	/* n */
	struct mc_operating_points *points;	/* NULL: no threshold; then the
						   runs are the predictions' */
	size_t n_remarks;
	char **remarks;
};

#endif
