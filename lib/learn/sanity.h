/*
 * sanity.h - check maps by models whose weights are random (Adebayo et al.
 * 2018, "Sanity checks for saliency maps").
 *
 * A map that stays the same when what the model has learnt is taken away does
 * not show what it has learnt.  Weights are made random from the head
 * downwards, in steps: each keeps what the last one has drawn.
 */
#ifndef MC_SANITY_H
#define MC_SANITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "learn/trained.h"

/*
 * The head; then also the last quarter of the blocks of the backbone and what
 * is behind them, the last half, the last three quarters; then everything.
 */
#define MC_SANITY_STEPS 5

/* The names of these: head, blocks, blocks, blocks, all. */
extern const char *const mc_sanity_names[MC_SANITY_STEPS];

/* MC_EUSAGE: nobody knows how the weights of TR start. */
enum mc_status	mc_sanity_check(const struct mc_trained *tr,
		    struct mc_err *err) MC_MUST_CHECK;

/* The number of blocks of TR's backbone that are random in STEP. */
int		mc_sanity_blocks(const struct mc_trained *tr, int step);

/*
 * Draw the weights of STEP, 0 the first, from the distributions with which
 * training starts: a function of SEED and their names, and others than those
 * that any training draws.
 */
enum mc_status	mc_sanity_randomise(const struct mc_trained *tr, int step,
		    uint64_t seed, struct mc_err *err) MC_MUST_CHECK;

/*
 * Spearman's rank correlation of the N values of A and B; NAN where those of
 * one are all equal or not all finite.
 */
double		mc_rank_correlation(const float *a, const float *b, size_t n);

#endif
