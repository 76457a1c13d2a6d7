/*
 * interval.h - confidence intervals.
 */
#ifndef MC_INTERVAL_H
#define MC_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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
 * two replicates; where NULL_VALUE lies between the same two, the interval may
 * leave it out though p is more than 1 - level, never the other way round.
 */
double	mc_bootstrap_p(const double *replicates, size_t n, double null_value);

/*
 * What the original study's program printed: the mean of N replicates, and the
 * percentile interval of *that mean* under a second bootstrap of as many
 * rounds.  It narrows as 1 / sqrt(N) whatever the data, and is offered only so
 * that published numbers can be understood.
 */
void	mc_original(const double *values, size_t n, double level,
	    uint64_t seed, double *mean, double *lo, double *hi);

#ifdef __cplusplus
}
#endif

#endif
