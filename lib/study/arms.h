/*
 * arms.h - group the runs of one task and split into arms and their seeds.
 */
#ifndef MC_ARMS_H
#define MC_ARMS_H

#include "stats/compare.h"
#include "study/run_sample.h"
#include "study/test_sets.h"

/*
 * All arms have the same images, or the same test sets.  Side a is arm a on all
 * of them; side g * n + a is arm a in subgroup g, counted from 1.
 */
struct mc_arms {
	const char *task, *split;
	struct mc_tasks tasks;		/* over which values are means; n is 0:
					   of one task (finding_arms.h) */
	size_t n;			/* arms, in byte order of their names */
	char **name;			/* [arm] */
	const char **share;		/* [arm]: its train_share, or "" */
	size_t n_groups;		/* 1, and the subgroups */
	size_t n_images, n_units;	/* of all test sets, each once; 0: the
					   images are the same */
	struct mc_side *side;		/* [group * n + arm] */
	const struct mc_run_sample *first;	/* of arm 0; [group] */
	struct mc_run_sample **samples;	/* [run of the set]: [group] */
	size_t n_samples;		/* runs of the set */
	const struct mc_sample **pointers;	/* behind the sides */
};

/*
 * Make ARMS of the runs of SET, which agree in task, fold and split.  An arm is
 * called by the column arm or, where it is empty, by model and regime; behind
 * this comes @SHARE if it was trained on a share.  ARMS is ended with
 * mc_arms_clear, before R, also on error.
 *
 * With SETS, those of SET, the runs may have other images in each test set, and
 * other folds; each arm must have each test set, equally often, and say how many
 * images its models were trained on.  Without it, NULL, all runs have the same
 * images.
 *
 * Returns MC_EDATA for a single arm (unless ALONE, when it needs no name), an
 * arm without a name, two runs of one arm that differ in more than the seed,
 * and arms that do not have the same images or test sets; else the errors of
 * mc_run_samples.
 */
enum mc_status	 mc_arms_make(struct mc_arms *arms, const struct mc_runs *r,
		    const struct mc_run_set *set,
		    const struct mc_test_sets *sets, bool alone,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_arms_clear(struct mc_arms *arms);

/* Return whether an arm of the runs of SET has several of its test SETS. */
bool		 mc_arms_over_sets(const struct mc_runs *r,
		    const struct mc_run_set *set,
		    const struct mc_test_sets *sets);

/* Return the number of the arm NAME, or arms->n if there is none. */
size_t		 mc_arms_find(const struct mc_arms *arms, const char *name);

/*
 * Return whether arms A and B are of the same share of the training images, or
 * one of them is not known to be of a share.
 */
bool		 mc_arms_same_share(const struct mc_arms *arms, size_t a,
		    size_t b);

/*
 * Find what --reference NAME is for each arm: OF[a], of arms->n elements,
 * becomes the arm NAME, else NAME@SHARE with the share of arm a, and arms->n
 * where there is neither or NAME is NULL.  Returns MC_EUSAGE if no arm has a
 * reference that NAME asks for.
 */
enum mc_status	 mc_arms_reference(const struct mc_arms *arms,
		    const char *name, size_t *of, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Check that each task and split has one fold.  The differences table has no
 * column for folds: those of a task would be counted as so many tests, and as
 * so many tasks.  Else returns MC_EDATA; the error depends on whether folds
 * were pooled.
 */
enum mc_status	 mc_arms_check_folds(const struct mc_runs *r,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
