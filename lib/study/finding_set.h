/*
 * finding_set.h - gather the runs of the findings of multi-label data.
 *
 * Each finding is a task TASK:FINDING, or FINDING where TASK is empty, with the
 * classes no and yes (mctools(5)).
 */
#ifndef MC_FINDING_SET_H
#define MC_FINDING_SET_H

#include "study/run_sample.h"

/* The runs of several findings of one task. */
struct mc_finding_set {
	char *task;		/* what precedes the last ":", or "" */
	size_t n;		/* findings, at least two, in byte order */
	const char **name;	/* [finding] */
	size_t *run;		/* [finding * n_runs + i] */
	size_t n_runs;		/* of each finding */
};

/*
 * Divide the runs of SET, which agree in all keys but the task and EXCEPT, an
 * or of 1 << MC_KEY_..., into *N sets of findings, freed with
 * mc_finding_sets_free.  Tasks with other classes, and a finding that is alone,
 * are left out.
 *
 * Returns MC_EDATA if the findings of a task differ in the number of runs, or
 * in the keys EXCEPT of these.
 */
enum mc_status	 mc_finding_sets_make(struct mc_finding_set **sets, size_t *n,
		    const struct mc_runs *r, const struct mc_run_set *set,
		    unsigned except, struct mc_err *err) MC_MUST_CHECK;
void		 mc_finding_sets_free(struct mc_finding_set *sets, size_t n);

/* Set the error that --mean-over-findings found no set; returns MC_EDATA. */
enum mc_status	 mc_finding_sets_none(struct mc_err *err);

#endif
