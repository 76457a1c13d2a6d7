/*
 * pass.h - pass through the training images once: their order, and the batches
 * that they are in.
 *
 * Image i of a pass is counted from 0 in its order; the batches are of so many
 * images each, the last of what is left.  All is a function of the training and
 * of the number of the epoch, so that a pass can be entered at any batch.
 */
#ifndef MC_PASS_H
#define MC_PASS_H

#include <stddef.h>
#include <stdint.h>

#include "learn/training.h"

struct mc_pass {
	const struct mc_training *g;	/* borrowed */
	size_t batch;			/* images per batch */
	int64_t epoch;			/* from 1 */
	size_t *order;			/* the images, by their index in data */
	uint64_t *key;			/* by which each is augmented */
	int64_t *label;			/* batch x labels */
	int64_t *other;			/* likewise: those mixed with these */
};

/* Make P of batches of BATCH images.  mc_pass_clear frees it. */
void		 mc_pass_init(struct mc_pass *p, const struct mc_training *g,
		    size_t batch);
void		 mc_pass_clear(struct mc_pass *p);

/* Order the images as those of EPOCH, from 1. */
void		 mc_pass_start(struct mc_pass *p, int64_t epoch);

/* What the loss of the N images from AT on, whole batches, is divided by. */
double		 mc_pass_divisor(const struct mc_pass *p, size_t at, size_t n);

/* Seed the masks of the batch that begins with image AT: see train.h. */
void		 mc_pass_seed(const struct mc_pass *p, size_t at);

/*
 * Mix the images X of the batch of N that begins with image AT, and complete its
 * TARGETS, whose labels are set.  They hold until the next call.
 */
struct mc_tensor *mc_pass_mix(struct mc_pass *p, size_t at, size_t n,
		    struct mc_tensor *x, struct mc_targets *targets);

/*
 * The targets of the batch that begins with image AT, complete, and its number of
 * images in *N.  They hold until the next call.
 */
struct mc_targets mc_pass_targets(const struct mc_pass *p, size_t at,
		    size_t *n);

/*
 * Set LABEL, N x labels, to what the first N images count as where they are
 * mixed: mc_walk_add.
 */
void		 mc_pass_labels(const struct mc_pass *p, size_t n, int *label);

#endif
