/*
 * proportion.h - compute intervals of a proportion, of independent images and
 * of images that come in units.
 *
 * LEVEL is the confidence level, between 0 and 1.  A limit is NAN where there
 * is no interval; else 0 <= *LO <= *HI <= 1.
 */
#ifndef MC_PROPORTION_H
#define MC_PROPORTION_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Clopper & Pearson's (1934) interval of a proportion of X among N, with
 * 0 <= X <= N and N > 0.  X and N need not be whole: an effective sample size
 * is not.  NAN where GSL's beta distribution does not converge; it does up to
 * N = 10^6.
 */
void	mc_clopper_pearson(double x, double n, double level, double *lo,
	    double *hi);

/*
 * Wilson's (1927) interval of X among N: the proportions q for which
 * |X / N - q| <= QUANTILE sqrt(q (1 - q) / N).  QUANTILE is the normal one, or
 * Student's where a variance was estimated.
 */
void	mc_wilson(double x, double n, double quantile, double *lo, double *hi);

/*
 * A ratio of sums over units, such as accuracy over patients with several
 * images each, or the recall of a class.
 */
struct mc_ratio {
	double value;		/* hits / images; NAN: no images */
	double hits;		/* their sum */
	double images;		/* sum of size */
	size_t units;		/* G, those with size > 0 */
	bool independent;	/* each of these has size 1 */
	/*
	 * The linearised variance between units (Cochran 1977, section 6.3),
	 * G / (G - 1) * sum of (hits - value * size)^2 / images^2;
	 * NAN where G < 2.
	 */
	double variance;
	/*
	 * The number of independent images that would know as much (Korn &
	 * Graubard 1998): value (1 - value) / variance, never more than
	 * images; images where these are independent.  A value of 0 or 1 has
	 * no variance to estimate it from: G.  NAN where the images are not
	 * independent and G < 2.
	 */
	double effective;
};

/*
 * The ratio of N_UNITS units, of which unit u has HITS[u] in SIZE[u] images:
 * whole numbers, 0 <= HITS[u] <= SIZE[u].
 */
struct mc_ratio	mc_ratio_of(const double *hits, const double *size,
		    size_t n_units);

/*
 * Wilson's interval on the effective sample size with the quantile of t with
 * G - 1 degrees of freedom; the plain one, with the normal quantile, where the
 * images are independent.  NAN where the effective size is.
 */
void	mc_ratio_wilson(const struct mc_ratio *r, double level, double *lo,
	    double *hi);

/*
 * Clopper & Pearson's interval on the effective sample size times
 * (t(images - 1) / t(G - 1))^2, quantiles of level (1 + LEVEL) / 2: Korn &
 * Graubard's (1998) allowance for the degrees of freedom of the variance.  The
 * plain one on the images where they are independent, and on the units where
 * the value is 0 or 1 and no variance was estimated.  NAN where the effective
 * size is.
 *
 * E. L. Korn & B. I. Graubard, "Confidence intervals for proportions with small
 * expected number of positive counts estimated from survey data", Survey
 * Methodology 24 (1998) 193-201.
 */
void	mc_ratio_clopper_pearson(const struct mc_ratio *r, double level,
	    double *lo, double *hi);

#endif
