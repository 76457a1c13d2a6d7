/*
 * arms.h - the arms of one task and split, side by side.
 */
#ifndef MC_ARMS_H
#define MC_ARMS_H

#include "stats/compare.h"
#include "study/runs.h"

/*
 * All arms stand on the same images.  Side 0 * n is arm 0 on all of them; side
 * g * n + a is arm a in subgroup g, from 1 on.
 */
struct mc_arms {
	const char *task, *split;
	size_t n;			/* arms, in byte order of their names */
	char **name;			/* [arm] */
	size_t n_groups;		/* 1, and the subgroups of --by */
	size_t *term;			/* [group]: which term of --by */
	struct mc_side *side;		/* [group * n + arm] */
	const struct mc_run_sample *first;	/* of arm 0; [group] */
	struct mc_run_sample **samples;	/* [run of the set]: [group] */
	size_t n_samples;		/* runs of the set */
	const struct mc_sample **pointers;	/* behind the sides */
};

/*
 * Make ARMS of the N runs at SET, which agree in task, fold and split.  An arm
 * is called by the column arm or, where it is empty, by model and regime.
 * Refused: a single arm (but where ALONE, when it needs no name), an arm without
 * a name, two runs of one arm that differ in model, regime, features or another
 * column that makes an arm, arms on other images.
 */
enum mc_status	mc_arms_make(struct mc_arms *arms, const struct mc_runs *c,
		    const size_t *set, size_t n, bool alone,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_arms_clear(struct mc_arms *arms);

/* The number of the arm NAME, or arms->n. */
size_t		mc_arms_find(const struct mc_arms *arms, const char *name);

#endif
