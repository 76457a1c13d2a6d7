/*
 * sanity.h - check maps by models whose weights are random (Adebayo et al.
 * 2018, "Sanity checks for saliency maps").
 *
 * A map that does not change when the weights are made random does not show what
 * the model has learnt.  Weights are made random from the head downwards in steps,
 * each of which keeps the weights that the steps before it have drawn.
 */
#ifndef MC_SANITY_H
#define MC_SANITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "learn/trained.h"

/*
 * The steps: the head; then also the last quarter, half and three quarters of the
 * backbone's blocks, with the layers after them; then everything.
 */
#define MC_SANITY_STEPS 5

/* The names of these: head, blocks, blocks, blocks, all. */
extern const char *const mc_sanity_names[MC_SANITY_STEPS];

/* MC_EUSAGE: the distribution of TR's initial weights is not known. */
enum mc_status	mc_sanity_check(const struct mc_trained *tr,
		    struct mc_err *err) MC_MUST_CHECK;

/* The number of blocks of TR's backbone that are random in STEP. */
int		mc_sanity_blocks(const struct mc_trained *tr, int step);

/*
 * Draw the weights of STEP, from 0, from the distributions from which training
 * starts: a function of SEED and of their names, and never those that a training
 * draws.
 */
enum mc_status	mc_sanity_randomise(const struct mc_trained *tr, int step,
		    uint64_t seed, struct mc_err *err) MC_MUST_CHECK;

/*
 * Spearman's rank correlation of the N values of A and B; NAN where those of
 * one are all equal or not all finite.
 */
double		mc_rank_correlation(const float *a, const float *b, size_t n);

#endif
