/*
 * draws.h - what the programs that resample share: their options.
 */
#ifndef MC_DRAWS_H
#define MC_DRAWS_H

#include "stats/resample.h"
#include "tool.h"

struct draws_opts {
	double level;
	int64_t replicates, seed, threads;
};

#define DRAWS_REPLICATES	4999
#define DRAWS_DEFAULTS		{ 0.95, DRAWS_REPLICATES, 1, 0 }

/* Entries of an option table for the member DRAWS of the struct O. */
#define DRAWS_LEVEL(o, draws) \
	{ "level", 0, "X", "confidence level of the intervals (default 0.95)", \
	    MC_REAL, offsetof(o, draws.level), 0.5, 0.9999, NULL }
#define DRAWS_REPLICATES_OPT(o, draws) \
	{ "replicates", 0, "N", "bootstrap replicates (default 4999)", \
	    MC_INTEGER, offsetof(o, draws.replicates), 1, 10000000, NULL }
#define DRAWS_SEED(o, draws) \
	{ "seed", 0, "N", "seed of the resampling (default 1)", \
	    MC_INTEGER, offsetof(o, draws.seed), 0, 9223372036854775807.0, \
	    NULL }
#define DRAWS_THREADS(o, draws) \
	{ "threads", 0, "N", "threads (default: the CPUs it may use)", \
	    MC_INTEGER, offsetof(o, draws.threads), 1, 1024, NULL }

/*
 * Make HOW of the options, without strata.  Fewer replicates than the level
 * needs are a usage error.
 */
enum mc_status	draws_check(const struct draws_opts *opts,
		    struct mc_resampling *how, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
