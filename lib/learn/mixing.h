/*
 * mixing.h - mix the images of a batch with each other: mixup and cutmix.
 *
 * Image i of a batch of n is mixed with image i - 1, the first with the last, as
 * torchvision's transforms.v2.MixUp and CutMix do.  The share s of its own class
 * is drawn once per batch, from the beta distribution of ALPHA and ALPHA; the
 * rest of its target is the class of the other.
 *
 *	mixup (Zhang and others, 2018): s x[i] + (1 - s) x[i - 1]
 *	cutmix (Yun and others, 2019): x[i], but x[i - 1] in a box of the share
 *	    1 - s of the area, as high as wide, its centre uniform in the image;
 *	    what of it is in the image gives the new s, exactly
 *
 * With both, a batch takes either with probability 1/2.  What is drawn for a
 * batch depends on seed, epoch and the number of the batch alone.
 */
#ifndef MC_MIXING_H
#define MC_MIXING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "torch/shim.h"

/* The ALPHA of each; 0: the batches are not mixed by it. */
struct mc_mixing {
	double mixup, cutmix;
};

/* How a batch is mixed. */
struct mc_mix {
	double share;		/* of each image's own class; 1: not mixed */
	bool cut;		/* by cutmix: the box, in pixels */
	int64_t left, top, width, height;
};

bool		 mc_mixing_any(const struct mc_mixing *m);

/*
 * Draw how the batch BATCH of EPOCH, both from 1, is mixed, whose images have
 * SIDE x SIDE pixels.
 */
struct mc_mix	 mc_mixing_draw(const struct mc_mixing *m, uint64_t seed,
		    int64_t epoch, int64_t batch, int64_t side);

/* Which of N images image I is mixed with. */
size_t		 mc_mix_other(size_t i, size_t n);

/* The images X, N x 3 x SIDE x SIDE, mixed: a temporary of T. */
struct mc_tensor *mc_mix_images(struct mc_torch *t, struct mc_tensor *x,
		    const struct mc_mix *mix);

#endif
