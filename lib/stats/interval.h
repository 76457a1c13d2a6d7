/*
 * interval.h - compute confidence intervals from bootstrap replicates.
 *
 * VALUES are the N replicates of a statistic, at least one, none of them NAN;
 * the functions may reorder them.
 */
#ifndef MC_INTERVAL_H
#define MC_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values that are no farther apart differ by rounding only: they are equal. */
#define MC_ROUNDING 1e-12

/*
 * Whether LO to HI is an interval: limits that meet are none, by whatever way
 * they were found, since they say that the value is known for sure.  All
 * programs ask here.
 */
bool	mc_has_width(double lo, double hi);

/* Fewer replicates than this beyond a limit make the limit a guess. */
#define MC_TAIL_REPLICATES 10

/* The least number of replicates whose tails at LEVEL hold that many. */
int64_t	mc_replicates_needed(double level);

/*
 * Quantile PROBABILITY of N values by Hyndman & Fan's (1996) sixth definition:
 * the value of rank (N + 1) PROBABILITY, with linear interpolation, which makes
 * a percentile interval agree with the p-value (1 + #) / (N + 1).  Reorders
 * VALUES; N is at least 1 and no value is NAN.
 */
double	mc_quantile(double *values, size_t n, double probability);

/*
 * The two-sided p of the hypothesis that a difference is NULL_VALUE, from N
 * bootstrap replicates of the difference, none of them NAN:
 *
 *	min(1, 2 (1 + min(#{d <= null}, #{d >= null})) / (N + 1))
 *
 * A replicate on NULL_VALUE, or off it by rounding alone (1e-12), counts on
 * both sides.  This inverts the percentile interval: p <= 1 - level exactly
 * where mc_quantile at (1 - level) / 2 and (1 + level) / 2 leaves NULL_VALUE
 * out by more than that rounding, if (N + 1) (1 - level) / 2 is whole, as it is
 * for 4999 replicates and the usual levels.  If it is not, a limit lies between
 * two replicates; where NULL_VALUE lies between the same two, p may be more
 * than 1 - level though the interval leaves it out, never less where it does
 * not.
 */
double	mc_bootstrap_p(const double *replicates, size_t n, double null_value);

/* Efron's (1979) percentile interval. */
void	mc_percentile(double *values, size_t n, double level, double *lo,
	    double *hi);

/* The basic interval: the percentile interval reflected at ESTIMATE. */
void	mc_basic(double estimate, double *values, size_t n, double level,
	    double *lo, double *hi);

/* ESTIMATE and normal quantiles of the replicates' standard deviation. */
void	mc_normal(double estimate, const double *values, size_t n,
	    double level, double *lo, double *hi);

/*
 * Efron's (1987) bias-corrected and accelerated interval: the probabilities of
 * its two quantiles.  JACKKNIFE is the statistic with each of N_UNITS units
 * left out in turn.  Replicates equal to ESTIMATE count half below it.  False
 * where there is none: the estimate is beyond all replicates, leaving out a
 * unit is undefined or changes nothing, or the correction has no bound.
 */
bool	mc_bca_levels(double estimate, const double *values, size_t n,
	    const double *jackknife, size_t n_units, double level, double *low,
	    double *high);

/*
 * The bootstrap-t interval (Efron 1982; Davison & Hinkley 1997, section 5.2.1):
 * the replicates' distances from ESTIMATE in units of their own standard
 * errors.  VARIANCE belongs to ESTIMATE, VARIANCES[b] to VALUES[b].  With LOGIT
 * all this is of log(x / (1 - x)), which keeps the limits in (0, 1).
 * Replicates without a positive variance, or at an end of the scale, have no
 * such distance; *N_USED is how many have one.  False where ESTIMATE has none,
 * where fewer than mc_replicates_needed(LEVEL) replicates do, and where a share
 * of them more than a tail does not: the limits would be those of the middle.
 */
bool	mc_bootstrap_t(double estimate, double variance, const double *values,
	    const double *variances, size_t n, bool logit, double level,
	    size_t *n_used, double *lo, double *hi);

/*
 * ESTIMATE and QUANTILE standard errors to either side, on the scale of
 * log(x / (1 - x)) with LOGIT.  False where VARIANCE is not positive, or
 * ESTIMATE is at an end of that scale.
 */
bool	mc_wald(double estimate, double variance, double quantile, bool logit,
	    double *lo, double *hi);

/*
 * What the original study's program printed: the mean of N replicates, and the
 * percentile interval of *that mean* under a second bootstrap of as many
 * rounds.  It narrows as 1 / sqrt(N) whatever the data, and is offered only so
 * that published numbers can be understood.
 */
void	mc_original(const double *values, size_t n, double level,
	    uint64_t seed, double *mean, double *lo, double *hi);

#endif
