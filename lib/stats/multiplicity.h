/*
 * multiplicity.h - p-values of a family of tests, adjusted so that they can be
 * compared with one level.  A p or statistic that is NAN was no test: its
 * adjusted p is NAN and it does not count.
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
 * The adjusted form of each of the N values P goes to ADJUSTED, which may be P
 * itself.  Returns the number of tests.
 */
size_t	mc_adjust(enum mc_adjustment how, const double *p, size_t n,
	    double *adjusted);

/*
 * Westfall & Young's (1993) max-T from M observed statistics T and their
 * replicates under the null hypothesis, REPLICATES[i * B + b] of T[i] in
 * replicate b: resampled jointly, centred, on the scale of T.  Both are
 * two-sided, and control the family-wise error rate.
 *
 * Single step:
 *
 *	(1 + #{b: max over j of |T*[j][b]| >= |T[i]|}) / (B + 1)
 *
 * Step down (their algorithm 4.1) is never larger: the maximum is over the j
 * with |T[j]| <= |T[i]| alone, and an adjusted p is no less than that of a
 * larger statistic.
 *
 * A replicate that falls short of |T[i]| by a share of 1e-12 alone, as rounding
 * makes it, is as large.  A replicate in which a statistic is NAN is left out,
 * and B is then the number of the others.
 */
void	mc_max_t(const double *t, const double *replicates, size_t m, size_t b,
	    double *adjusted);
void	mc_max_t_step_down(const double *t, const double *replicates, size_t m,
	    size_t b, double *adjusted);

#endif
