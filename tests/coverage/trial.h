/*
 * trial.h - the same question put to many simulated test sets, by way of the
 * functions that mc-bootstrap and mc-compare call.
 *
 * Simulation i draws from the stream (seed, "coverage", i) and from nothing
 * else; designs share these streams, so that two rows differ by less than their
 * standard errors say.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "simulate.h"
#include "stats/compare.h"
#include "stats/estimate.h"

struct trial {
	uint64_t seed;
	size_t simulations;
	int64_t replicates;
	int threads;
};

/* --- Intervals ------------------------------------------------------------ */

struct trial_interval {
	size_t none;		/* no interval, or no value */
	size_t covered;		/* lo <= truth <= hi */
	size_t below, above;	/* where else the truth lay */
	double width;		/* mean */
	size_t plain;		/* without the note "few units" */
	size_t plain_covered;
};

/*
 * The 95 % intervals of N metrics by METHOD, which is suitable for all of
 * them, into ROWS.
 */
void	trial_intervals(const struct trial *t, const struct sim_design *d,
	    const struct sim_file *file,
	    const struct mc_interval_method *method,
	    const struct mc_metric_spec *specs, size_t n, const double *truth,
	    struct trial_interval *rows);

/* --- Tests ---------------------------------------------------------------- */

#define TRIAL_SEEDS	5

/* Two arms, and how they are told apart. */
struct trial_arms {
	struct sim_file arms[2];
	size_t seeds;		/* of an arm, at most TRIAL_SEEDS */
	double spread;		/* standard deviation of the separation over
				   seeds */
	const struct mc_test *test;
};

struct trial_test {
	size_t none;		/* no p */
	size_t rejected;	/* p <= 0.05 */
	size_t intervals;
	size_t covered;		/* lo <= true difference <= hi */
	double width;		/* mean */
};

/* The same of the tests of N metrics, whose DIFFERENCE is known. */
void	trial_tests(const struct trial *t, const struct sim_design *d,
	    const struct trial_arms *arms, const struct mc_metric_spec *specs,
	    size_t n, const double *difference, struct trial_test *rows);

#endif
