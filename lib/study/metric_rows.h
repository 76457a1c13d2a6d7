/*
 * metric_rows.h - estimate metrics of runs, and write them as rows of the
 * metrics table.
 */
#ifndef MC_METRIC_ROWS_H
#define MC_METRIC_ROWS_H

#include <stdio.h>

#include "stats/estimate.h"
#include "study/runs.h"

/* Runs, and what to estimate of them; all is borrowed. */
struct mc_metric_rows {
	const struct mc_runs *runs;
	const struct mc_metric_spec *specs;	/* not yet expanded */
	size_t n_specs;
	struct mc_estimate_options plan;	/* without strata */
	int64_t resample_seed;	/* that plan.how was made from */
	bool stratify;		/* resample within the classes of the units */
};

/*
 * Write to F the rows of the runs SET: of all images, then of each subgroup.
 * Several runs are training seeds of one arm, and their rows are means over
 * these.
 *
 * Returns MC_EDATA if the runs do not have the same images, and the errors of
 * mc_metric_specs_expand and mc_run_samples.
 */
enum mc_status	 mc_metric_rows_write(FILE *f, const struct mc_metric_rows *m,
		    const struct mc_run_set *set, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Write to F the means over the findings of each task (finding_set.h): of all
 * images, then of each subgroup, over the findings that have it.  Runs that
 * differ only in the keys EXCEPT, an or of 1 << MC_KEY_..., are training seeds
 * of one arm.  M does not stratify.
 *
 * The row of a mean has the task without its finding, and no threshold.
 * n_images is the largest of the findings; n_units counts the units of all of
 * them, each once.
 *
 * Returns MC_EDATA if no task has two findings, and the errors of
 * mc_finding_sets_make and mc_metric_rows_write.
 */
enum mc_status	 mc_finding_means_write(FILE *f,
		    const struct mc_metric_rows *m, unsigned except,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
