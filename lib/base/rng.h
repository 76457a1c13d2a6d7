/*
 * rng.h - draw random numbers as a function of (seed, purpose, index).
 *
 * The generator is Philox (philox.h), offered as a GSL generator so that GSL's
 * distributions run on it.  It is counter based: a
 * stream is chosen, not reached, so replicate b of a bootstrap depends on the
 * seed and on b alone, whatever the number of threads.
 */
#ifndef MC_RNG_H
#define MC_RNG_H

#include <stddef.h>
#include <stdint.h>

#include <gsl/gsl_rng.h>

/*
 * A generator, freed with gsl_rng_free, that stands at the start of the stream
 * (SEED, PURPOSE, INDEX).  PURPOSE is a short word that keeps the uses of one
 * seed apart ("split", "shuffle", "bootstrap").  gsl_rng_get gives 32 bits,
 * gsl_rng_uniform 53.
 */
gsl_rng	*mc_stream_alloc(uint64_t seed, const char *purpose, uint64_t index);

/* Move RNG, made by mc_stream_alloc, to the start of another stream. */
void	 mc_stream_set(gsl_rng *rng, uint64_t seed, const char *purpose,
	    uint64_t index);

/*
 * 64 bits for ITEM: the first two numbers of the block ITEM of the stream
 * (SEED, PURPOSE, INDEX).  Items in the order of these numbers are in random
 * order, and where each stands depends on no other item.
 */
uint64_t mc_stream_hash(uint64_t seed, const char *purpose, uint64_t index,
	    uint64_t item);

/*
 * Draw DRAWS numbers, uniform on 0 .. N - 1 (N > 0), from RNG, made by
 * mc_stream_alloc, and count in TIMES, which has N elements, how often each
 * came.
 */
void	 mc_stream_tally(gsl_rng *rng, uint32_t n, size_t draws,
	    uint32_t *times);

#endif
