/*
 * arms.h - the arms of one task and split, side by side.
 */
#ifndef MC_ARMS_H
#define MC_ARMS_H

#include "runs.h"
#include "stats/compare.h"

/*
 * All arms stand on the same images.  Side 0 * n is arm 0 on all of them; side
 * g * n + a is arm a in subgroup g, from 1 on.
 */
struct arms {
	const char *task, *split;
	size_t n;			/* arms, in byte order of their names */
	char **name;			/* [arm] */
	size_t n_groups;		/* 1, and the subgroups of --by */
	size_t *term;			/* [group]: which term of --by */
	struct mc_side *side;		/* [group * n + arm] */
	const struct run_sample *first;	/* of arm 0; [group] */
	struct run_sample **samples;	/* [run of the set]: [group] */
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
enum mc_status	arms_make(struct arms *arms, const struct runs *c,
		    const size_t *set, size_t n, bool alone,
		    struct mc_err *err) MC_MUST_CHECK;
void		arms_clear(struct arms *arms);

/* The number of the arm NAME, or arms->n. */
size_t		arms_find(const struct arms *arms, const char *name);

#endif
