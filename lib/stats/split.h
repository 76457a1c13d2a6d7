/*
 * split.h - divide units among parts, stratified and grouped.
 *
 * A unit (a patient, a lesion) goes into one part whole.  Of all divisions
 * that this allows, one is looked for that makes the objective
 *
 *	Q = sum over p of ( (n[p] / N - s[p])^2
 *	    + sum over c of (n[p][c] / N[c] - s[p])^2 ) / s[p]
 *
 * small, and leaves no part empty where there are as many units as parts.
 * n[p][c] are the images of class c in part p, N[c] those of class c, n[p] and N
 * all images, and s[p] the share that was asked for, scaled to the sum 1.  Each
 * term is Pearson's chi-squared of the counts against the shares, divided by
 * N[c], so every class has the same weight.  The division by s[p] makes deviations
 * relative: what one huge unit takes too much, the other parts lack in proportion
 * to their shares.  Parts of equal shares have the least sum of squares.
 *
 * An image of several findings counts in the class of each.  Sechidis, Tsoumakas
 * & Vlahavas (2011) divide such images by iterative stratification, which places
 * those of the rarest finding first; the tests show that this division is at
 * least as close to the shares.
 */
#ifndef MC_SPLIT_H
#define MC_SPLIT_H

#include <stddef.h>
#include <stdint.h>

struct mc_split {
	size_t rows;		/* images, at least 1 */
	const uint32_t *unit;	/* of each row: below units; none is empty */
	/* Row i is in the classes stratum[first[i]] to stratum[first[i + 1]],
	   each below strata and once; there may be none. */
	const size_t *first;
	const uint32_t *stratum;
	size_t units, strata;
	size_t parts;
	const double *share;	/* of each part, above 0 */
};

/*
 * Divide the units: PART[u] becomes the part of unit u, below parts.  Returns Q;
 * an empty part adds at least 1e6.
 *
 * Units are taken in random order, those that weigh most in their classes
 * first, each to the part where it helps most; then units are moved, and where
 * there are few also swapped, as long as that helps.  Few units are divided
 * from several beginnings.  The result depends on SEED, PURPOSE and the
 * counts of each unit alone: number units and strata in an order that does not
 * depend on that of the rows.
 */
double	mc_split_units(const struct mc_split *in, uint64_t seed,
	    const char *purpose, uint32_t *part);

#endif
