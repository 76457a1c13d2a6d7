/*
 * run_sample.h - make samples of the rows of a run and of its subgroups.
 */
#ifndef MC_RUN_SAMPLE_H
#define MC_RUN_SAMPLE_H

#include "stats/sample.h"
#include "study/runs.h"

struct mc_run_sample {
	struct mc_sample s;
	const struct mc_run *run;
	char *subgroup;		/* "" for all rows, else "sex=F" */
	size_t term;		/* of `by`, whose subgroup it is */
	const char *unit;	/* "group" or "image" */
	const char *remark;	/* on the unit; NULL: none */
	int positive;		/* index of the positive class; -1: none */
	struct mc_owned_sample own;	/* holds those arrays of s that are not
					   the run's */
};

/*
 * Make X of all rows of run RUN of R.  It is ended with mc_run_sample_clear,
 * before R; on error it is empty.
 *
 * With a threshold it has two classes: where the task has more, they are the
 * threshold's and "not" it.  That class is the positive one.
 *
 * Returns MC_EUSAGE if the positive class is not one of the task, and the
 * errors of mc_run_units.
 */
enum mc_status	 mc_run_sample_make(const struct mc_runs *r, size_t run,
		    struct mc_run_sample *x, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_run_sample_clear(struct mc_run_sample *x);

/*
 * Make *N samples of run RUN: of all its rows, as above, then of each subgroup
 * (subgroup.h).  They share one numbering of units, so that units are drawn
 * before they are restricted.  Freed with mc_run_samples_free, before R; on
 * error *SAMPLES is NULL and *N as it was.
 */
enum mc_status	 mc_run_samples(const struct mc_runs *r, size_t run,
		    struct mc_run_sample **samples, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_run_samples_free(struct mc_run_sample *samples, size_t n);

/*
 * Let the samples of N runs, X[i] of which are N_GROUPS[i], share one numbering
 * of their units, in byte order, so that they can be resampled together.  The
 * runs may have different images.
 */
void		 mc_run_samples_share_units(struct mc_run_sample *const *x,
		    const size_t *n_groups, size_t n);

#endif
