/*
 * test_sets.h - find the test sets of runs that were tested on different images,
 * as those of repeated random splits and of the folds of a cross-validation are.
 */
#ifndef MC_TEST_SETS_H
#define MC_TEST_SETS_H

#include "study/runs.h"

struct mc_test_sets {
	size_t n;		/* numbered in the order of their first runs */
	size_t *of;		/* [run of the set]: its test set */
	size_t *first;		/* [test set]: its first run, among all runs */
	size_t n_images;	/* of all, each once */
};

/*
 * Find the test sets of the runs of SET: runs that have the same images, with
 * the same labels and groups, are of one.  X is ended with mc_test_sets_clear,
 * also on error.
 *
 * Returns MC_EDATA for an image that has two labels, groups or units, and for
 * two test sets that share more than nine tenths of the images of the smaller:
 * one of them lacks images of the other.
 */
enum mc_status	 mc_test_sets_find(struct mc_test_sets *x,
		    const struct mc_runs *r, const struct mc_run_set *set,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_test_sets_clear(struct mc_test_sets *x);

#endif
