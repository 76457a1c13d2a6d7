/*
 * friedman.h - compare several arms over several tasks by their ranks within
 * each task, as Demsar (2006) recommends for classifiers on data sets.
 *
 * J. Demsar, "Statistical comparisons of classifiers over multiple data sets",
 * Journal of Machine Learning Research 7 (2006) 1-30.
 */
#ifndef MC_FRIEDMAN_H
#define MC_FRIEDMAN_H

#include <stddef.h>

#include "base/err.h"

/* With less of either the F distribution does not approximate well. */
#define MC_FRIEDMAN_TASKS	6
#define MC_FRIEDMAN_ARMS	3

struct mc_friedman {
	double chi_squared;	/* Friedman's, corrected for ties */
	double f;		/* in Iman & Davenport's (1980) form, */
	double df, df_error;	/* with arms - 1 and (arms - 1) (tasks - 1)
				   degrees of freedom */
	double p;		/* of f */
};

/*
 * Apply Friedman's test to VALUES[task * arms + arm], none of them NAN, of
 * which more is better.  RANKS[arm] becomes the average rank of the arm over
 * the tasks: 1 is the best, and equal values share the mean of their ranks;
 * values that differ by rounding alone (1e-12) are equal.
 *
 *	chi_squared = tasks (arms - 1) (S - C) / (A - C)
 *	f = (tasks - 1) (S - C) / (A - S)
 *
 * with A the sum of all squared ranks, S that of the squared rank sums of the
 * arms, divided by tasks, and C = tasks arms (arms + 1)^2 / 4 (Conover 1999,
 * section 5.8).  Where all tasks rank the arms alike f is infinite: it is then
 * DBL_MAX, and p is 0.  Where every task has all arms equal both statistics are
 * 0 and p is 1.
 *
 * Returns MC_EDATA, and touches nothing, where there are fewer tasks than
 * MC_FRIEDMAN_TASKS or fewer arms than MC_FRIEDMAN_ARMS.
 */
enum mc_status	mc_friedman(const double *values, size_t tasks, size_t arms,
		    struct mc_friedman *result, double *ranks) MC_MUST_CHECK;

/*
 * Return the p of Nemenyi's (1963) test of two arms whose average ranks differ
 * by DIFFERENCE, adjusted for all pairs of ARMS >= 2: the probability that the
 * range of ARMS standard normal variables exceeds |DIFFERENCE| sqrt(12 TASKS /
 * (ARMS (ARMS + 1))).  NAN where the integral did not converge.
 */
double	mc_nemenyi_p(double difference, size_t tasks, size_t arms);

/* Return the least difference of average ranks that has a p up to ALPHA. */
double	mc_nemenyi_critical(double alpha, size_t tasks, size_t arms);

#endif
