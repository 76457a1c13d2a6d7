/*
 * rollout.h - follow attention back through the blocks of a transformer (Abnar
 * & Zuidema 2020).
 */
#ifndef MC_ROLLOUT_H
#define MC_ROLLOUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * READOUT has, for each of N tokens after a block, the share of the features that
 * is taken from it.  Replace it by the shares of the tokens before the block, whose
 * ATTENTION A is N x N, with queries as rows that add up to 1: READOUT A, or with
 * RESIDUAL, for the residual connection, READOUT (A + I) / 2.  Attention rollout
 * does the latter from the last block to the first.
 */
void	mc_attend(const float *attention, size_t n, bool residual,
	    double *readout);

#endif
