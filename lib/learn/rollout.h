/*
 * rollout.h - follow attention back through the blocks of a transformer (Abnar
 * & Zuidema 2020).
 */
#ifndef MC_ROLLOUT_H
#define MC_ROLLOUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * READOUT: for each of N tokens behind a block, the share of the features that
 * is taken from it.  Overwrite it with the shares of the tokens before the
 * block, by its ATTENTION A, N x N, whose rows are the queries and add up to 1:
 * READOUT A, or with RESIDUAL, the residual connection, READOUT (A + I) / 2.
 * Attention rollout does the latter from the last block to the first.
 */
void	mc_attend(const float *attention, size_t n, bool residual,
	    double *readout);

#endif
