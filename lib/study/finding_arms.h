/*
 * finding_arms.h - make arms whose values are means over the findings of
 * multi-label data.
 */
#ifndef MC_FINDING_ARMS_H
#define MC_FINDING_ARMS_H

#include "study/arms.h"
#include "study/finding_set.h"

struct mc_finding_arms {
	struct mc_arms arms;	/* of all findings: see below */
	struct mc_run_sample *first;	/* behind arms.first: [group] */
	struct mc_arms *of;	/* [finding] */
	size_t n;
};

/*
 * Make X of the runs of SET, which has the same arms and training seeds in each
 * finding.  It is ended with mc_finding_arms_clear, before SET and R, also on
 * error.
 *
 * X->arms has the task of SET, the findings as `tasks`, and the groups of all
 * findings, each once, in the order in which they come.  Its sides have the
 * samples of all findings, NULL where a subgroup has no image, and share their
 * units.  It has no samples of its own: X->of has them.
 *
 * Returns the errors of mc_arms_make: the arms must have the same images in
 * each finding, which may differ between findings.
 */
enum mc_status	 mc_finding_arms_make(struct mc_finding_arms *x,
		    const struct mc_runs *r, const struct mc_finding_set *set,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_finding_arms_clear(struct mc_finding_arms *x);

#endif
