/*
 * attention.h - map the attention of a transformer, from which its features come.
 */
#ifndef MC_ATTENTION_H
#define MC_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>

#include "backbone/watch.h"
#include "torch/shim.h"

/*
 * Set MAP, IMAGES x places, to the shares of the places in the features of the
 * images whose attention W has, in T: by ROLLOUT through all blocks, else by the
 * last block, or by the pool, where features are taken from one.  The shares of
 * class and register tokens are left out, so a map adds up to less than 1.
 */
void	mc_attention_maps(struct mc_torch *t, const struct mc_watch *w,
	    size_t images, bool rollout, float *map);

#endif
