/*
 * resample.h - the bootstrap over units (Field & Welsh 2007: the cluster
 * bootstrap; where each image is a unit, Efron's).
 *
 * A replicate draws n_units units with replacement: a vector of multiplicities.
 * For metrics of counts, units with the same confusion counts are one type, and
 * the multiplicities of the types are drawn from their multinomial: the same
 * distribution at the cost of the types.  Replicate b draws from the stream
 * (seed, "bootstrap", b) and from nothing else, so the number of threads does
 * not matter.
 */
#ifndef MC_RESAMPLE_H
#define MC_RESAMPLE_H

#include <gsl/gsl_rng.h>

#include "stats/metric.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The units of a sample by their confusion counts. */
struct mc_types;

struct mc_types	*mc_types_alloc(const struct mc_sample *s);
void		 mc_types_free(struct mc_types *t);
size_t		 mc_types_count(const struct mc_types *t);

/*
 * Draw a replicate's confusion matrix (n_classes x n_classes).  SCRATCH has
 * room for mc_types_room numbers.  Units of rare types are drawn one by one,
 * which is then cheaper.
 */
size_t		 mc_types_room(const struct mc_types *t);
void		 mc_types_draw(const struct mc_types *t, gsl_rng *rng,
		    uint32_t *scratch, double *confusion);

/*
 * The values of N measures in B replicates: VALUES[i * B + b], NAN where
 * measure i is undefined in replicate b.  A measure that needs probabilities
 * must not be asked of a sample without them.
 */
void		 mc_bootstrap(const struct mc_sample *s,
		    const struct mc_measure *measures, size_t n, size_t b,
		    uint64_t seed, int threads, double *values);

#ifdef __cplusplus
}
#endif

#endif
