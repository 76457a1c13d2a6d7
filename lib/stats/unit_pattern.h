/*
 * unit_pattern.h - group units by their confusion counts, and draw them so.
 */
#ifndef MC_UNIT_PATTERN_H
#define MC_UNIT_PATTERN_H

#include <gsl/gsl_rng.h>

#include "stats/sample.h"

/*
 * The patterns of the units of N samples, which share units and classes: two
 * units are of one pattern where they have the same counts in every sample.
 */
struct mc_unit_patterns;

struct mc_unit_patterns	*mc_unit_patterns_alloc(
		    const struct mc_sample *const *samples, size_t n);
void		 mc_unit_patterns_free(struct mc_unit_patterns *t);

/*
 * Draw the confusion matrices of DRAWS units: CONFUSION[sample] is n_classes x
 * n_classes.  SCRATCH has room for mc_unit_patterns_room numbers.  Units of
 * rare patterns are drawn one by one, which is then cheaper.
 */
size_t		 mc_unit_patterns_room(const struct mc_unit_patterns *t);
void		 mc_unit_patterns_draw(const struct mc_unit_patterns *t,
		    gsl_rng *rng, uint32_t draws, uint32_t *scratch,
		    double *const *confusion);

/* Count every unit once, except one of pattern LEFT_OUT. */
void		 mc_unit_patterns_leave_out(const struct mc_unit_patterns *t,
		    size_t left_out, double *const *confusion);
/* Return the pattern of a unit. */
size_t		 mc_unit_pattern_of(const struct mc_unit_patterns *t,
		    size_t unit);

/*
 * Draw the multiplicities of N units in DRAWS draws into TIMES.  How many fall
 * to each 256 of them comes first, so that a unit among these costs a byte of
 * the stream.
 */
void		 mc_units_draw(gsl_rng *rng, uint32_t n, uint32_t draws,
		    uint32_t *times);

#endif
