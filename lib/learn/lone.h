/*
 * lone.h - see whether a backbone can be trained on a batch of one image.
 */
#ifndef MC_LONE_H
#define MC_LONE_H

#include <stddef.h>

#include "learn/feed.h"
#include "learn/training.h"

/*
 * Where the last batch of an epoch of G, in batches of BATCH, holds one image,
 * see whether the backbone can be trained on it: a batch norm cannot on one
 * value per channel.  F feeds the images of G; P has the rows of its backbone,
 * which are afterwards what they were.  MC_EDATA: it cannot.
 */
enum mc_status	mc_lone_check(const struct mc_training *g, size_t batch,
		    struct mc_feed *f, struct mc_params *p, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
