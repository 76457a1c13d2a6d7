/*
 * seed_variance.h - compare arms that were trained or split more than once,
 * with the variance between training seeds added to that between patients.
 */
#ifndef MC_SEED_VARIANCE_H
#define MC_SEED_VARIANCE_H

#include <stddef.h>

/* With fewer training seeds of an arm their spread is a guess. */
#define MC_ENOUGH_SEEDS	3

/* All but difference are NAN where the variance cannot be had, or is 0. */
struct mc_t_interval {
	double difference;
	double variance;	/* of difference */
	double df;		/* degrees of freedom of the variance */
	double lo, hi;		/* difference -+ t(df) sqrt(variance) */
	double p;		/* two-sided, of a difference of 0 */
};

/*
 * Compare the mean values of a metric over N_A >= 1 training seeds of
 * arm A and N_B >= 1 of arm B.  PATIENT_VARIANCE is the variance of that
 * difference under a bootstrap of patients with the trained models held fixed,
 * and PATIENT_DF its degrees of freedom.
 *
 *	variance = PATIENT_VARIANCE + s_a^2 / N_A + s_b^2 / N_B
 *
 * with s^2 the variance between seeds, and Satterthwaite's (1946) degrees of
 * freedom, variance^2 / sum of part^2 / df(part), where the parts have
 * PATIENT_DF, N_A - 1 and N_B - 1.  An arm with one seed adds no part.  The
 * variance cannot be had with PATIENT_DF below 1.
 */
struct mc_t_interval	mc_seeds_difference(const double *a, size_t n_a,
			    const double *b, size_t n_b,
			    double patient_variance, double patient_df,
			    double level);

/*
 * Test the mean of the DIFFERENCES of two arms in N >= 1 repeated random
 * splits, with Nadeau & Bengio's (2003) corrected variance
 *
 *	(1 / N + TEST_OVER_TRAIN) s^2
 *
 * and N - 1 degrees of freedom; TEST_OVER_TRAIN is the number of test images
 * over that of training images.  The variance cannot be had with fewer than 2.
 *
 * C. Nadeau & Y. Bengio, "Inference for the generalization error", Machine
 * Learning 52 (2003) 239-281.
 */
struct mc_t_interval	mc_resampled_difference(const double *differences,
			    size_t n, double test_over_train, double level);

/*
 * Return the degrees of freedom of the sum of two variances (Welch 1947,
 * Satterthwaite 1946).
 */
double	mc_welch_df(double variance_a, double df_a, double variance_b,
	    double df_b);

#endif
