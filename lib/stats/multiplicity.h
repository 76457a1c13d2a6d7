/*
 * multiplicity.h - adjust the p-values of a family of tests for their number.
 *
 * Adjusted p-values can be compared with one level.  A p or statistic that is
 * NAN was no test: its adjusted p is NAN and it does not count.
 */
#ifndef MC_MULTIPLICITY_H
#define MC_MULTIPLICITY_H

#include <stddef.h>

enum mc_adjustment {
	MC_ADJUST_NONE,
	MC_ADJUST_HOLM,		/* Holm (1979): the family-wise error rate */
	MC_ADJUST_BH		/* Benjamini & Hochberg (1995): the rate of
				   false discoveries */
};

/*
 * Adjust the N p-values P into ADJUSTED, which may be P itself.  Returns the
 * number of tests.
 */
size_t	mc_adjust(enum mc_adjustment how, const double *p, size_t n,
	    double *adjusted);

/*
 * Adjust M tests by Westfall & Young's (1993) step-down max-T, algorithm 4.1,
 * which controls the family-wise error rate: from the observed statistics T and
 * their replicates under the null hypothesis, REPLICATES[i * B + b] of T[i] in
 * replicate b: resampled jointly, centred, on the scale of T, all two-sided.
 *
 *	(1 + #{b: max of |T*[j][b]| over the j with |T[j]| <= |T[i]| is at least
 *	|T[i]|}) / (B + 1),
 *
 * and no less than the adjusted p of a larger statistic.
 *
 * A replicate that falls short of |T[i]| by a share of 1e-12 alone, as rounding
 * makes it, is as large.  A replicate in which a statistic is NAN is left out,
 * and B is then the number of the others.
 */
void	mc_max_t(const double *t, const double *replicates, size_t m, size_t b,
	    double *adjusted);

#endif
