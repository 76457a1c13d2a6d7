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
