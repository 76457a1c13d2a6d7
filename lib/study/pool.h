/*
 * pool.h - pool the folds of a cross-validation into one run.
 */
#ifndef MC_POOL_H
#define MC_POOL_H

#include "table/predictions.h"

/* A run, or several folds as one. */
struct mc_pooled {
	struct mc_run run;
	size_t n_folds;		/* 1: RUN is as it was read; else ... */
	struct mc_prediction *rows;	/* ... these are its own */
	double *p, *o;
	uint32_t *further;
	uint32_t *fold;		/* of each row: 0 .. n_folds - 1 */
};

/*
 * Pool the N runs at FOLDS, which differ in their fold alone and were read with
 * WIDTH further columns, into X: its fold is "", and its rows stand in byte
 * order of their ids.  The number of its training images is not known, since
 * it has several models.  A fold without log odds has zeros where another has
 * them: images are ranked within their fold.  X is ended with mc_pooled_clear,
 * before the predictions, also on error.
 *
 * Returns MC_EDATA with the place if an image is in two folds, or if only some
 * folds have probabilities.
 */
enum mc_status	 mc_pool(const struct mc_run *const *folds, size_t n,
		    size_t width, struct mc_pooled *x, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_pooled_clear(struct mc_pooled *x);

#endif
