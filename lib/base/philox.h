/*
 * philox.h - compute Philox 4x32 with ten rounds (Salmon, Moraes, Dror & Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC11).
 *
 * A block is four random words, a function of a counter and a key.
 */
#ifndef MC_PHILOX_H
#define MC_PHILOX_H

#include <stdint.h>

/* OUT is the block of COUNTER under KEY. */
void	 mc_philox(const uint32_t counter[4], const uint32_t key[2],
	    uint32_t out[4]);

/* How many blocks mc_philox_blocks computes side by side. */
#define MC_PHILOX_BLOCKS 8

/*
 * OUT is the blocks FIRST, FIRST + 1, ... one after another.  Block b's counter
 * has b in its low half and INDEX in its high half, low words first.
 */
void	 mc_philox_blocks(uint64_t first, uint64_t index,
	    const uint32_t key[2], uint32_t out[4 * MC_PHILOX_BLOCKS]);

#endif
