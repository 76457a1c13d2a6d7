/*
 * mcnemar.h - compare proportions of two arms on the same independent images.
 *
 * Of N images B are right in the first arm alone and C in the second alone; the
 * difference of the two proportions is (B - C) / N.  N > 0 and B + C <= N <
 * 2^31.  Images of one patient are not independent.
 */
#ifndef MC_MCNEMAR_H
#define MC_MCNEMAR_H

#include "stats/metric_spec.h"

/*
 * McNemar's (1947) exact test: the two-sided p of B among B + C with
 * probability 1/2, twice the smaller tail and at most 1; 1 where both are 0.
 * NAN where GSL's binomial distribution does not converge; it does up to
 * B + C = 10^6.
 */
double	mc_mcnemar(unsigned b, unsigned c);

/*
 * Tango's (1998) score interval: the differences D in [-1, 1] for which
 *
 *	|B - C - N D| <= z sqrt(N (2 q + D (1 - D)))
 *
 * with q the maximum likelihood estimate, given D, of the probability of an
 * image of C.  NAN where no root was found.
 *
 * T. Tango, "Equivalence test and confidence interval for the difference in
 * proportions for the paired-sample design", Statistics in Medicine 17 (1998)
 * 891-908.
 */
void	mc_tango(unsigned b, unsigned c, unsigned n, double level, double *lo,
	    double *hi);

/*
 * The p of his one-sided test of "the difference is at most BOUND" against "it
 * is more"; -1 < BOUND < 1.  It is below (1 - level) / 2 exactly where the
 * lower limit is above BOUND.  For "at least BOUND" exchange B and C and negate
 * BOUND.
 */
double	mc_tango_p(unsigned b, unsigned c, unsigned n, double bound);

/* Images that one arm alone has right, among those a proportion is of. */
struct mc_discordant {
	unsigned a_alone, b_alone, n;
};

/*
 * Count them for M, whose denominator is MC_OF_ALL, MC_OF_LABEL or
 * MC_OF_OTHERS: the other proportions of two arms are not of the same images.
 */
struct mc_discordant	mc_count_discordant(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_metric_spec *m);

/* Whether M is such a proportion. */
bool	mc_mcnemar_applies(const struct mc_metric_spec *m);

#endif
