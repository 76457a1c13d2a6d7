/*
 * options.h - define the options that several programs share: how predictions
 * are read, and how they are resampled.
 */
#ifndef MC_OPTIONS_H
#define MC_OPTIONS_H

#include "stats/metric_spec.h"
#include "stats/resample.h"
#include "study/runs.h"
#include "tool.h"

/* --- Reading predictions -------------------------------------------------- */

/* Entries of an option table for the member RUNS of the struct O. */
#define RUNS_BY(o, runs) \
	{ "by", 0, "A,B+C,...", \
	    "also report subgroups: by A, and by B and C combined", MC_STRING, \
	    offsetof(o, runs.by), 0, 0, NULL }
#define RUNS_CLASSES(o, runs) \
	{ "classes", 0, "A,B,...", \
	    "classes and their order (default: those of the p: columns)", \
	    MC_STRING, offsetof(o, runs.classes), 0, 0, NULL }
#define RUNS_FOLDS(o, runs) \
	{ "folds", 0, NULL, "folds of a cross-validation: each one, or all " \
	    "pooled (default each)", MC_CHOICE, offsetof(o, runs.folds), \
	    0, 0, MC_WORDS("each", "pool") }
#define RUNS_JOIN(o, runs) \
	{ "join", 0, "FILE", "read further columns for --by from FILE", \
	    MC_INPUT, offsetof(o, runs.join), 0, 0, NULL }
#define RUNS_KEY(o, runs) \
	{ "key", 0, "COLUMN[=OTHER]", \
	    "join on COLUMN (called OTHER in FILE; default: id)", \
	    MC_STRING, offsetof(o, runs.key), 0, 0, NULL }
#define RUNS_POSITIVE(o, runs) \
	{ "positive", 0, "CLASS", "positive class", MC_STRING, \
	    offsetof(o, runs.positive), 0, 0, NULL }
#define RUNS_THRESHOLD(o, runs) \
	{ "threshold", 0, "FILE", \
	    "predict classes by the thresholds of mc-threshold", MC_INPUT, \
	    offsetof(o, runs.threshold), 0, 0, NULL }
#define RUNS_UNIT(o, runs) \
	{ "unit", 0, "NAME", \
	    "resampling unit (default: group if present)", \
	    MC_CHOICE, offsetof(o, runs.unit), 0, 0, \
	    MC_WORDS("group", "image") }

/* Call mc_runs_read, say how much was read, and warn of each of its remarks. */
enum mc_status	runs_read(struct mc_runs **runs,
		    const struct mc_runs_options *opts, char *const *paths,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;

/*
 * Parse GIVEN, the value of --metrics, as mc_metric_specs_parse does, or USUAL
 * where it is NULL.  HAS_POSITIVE: a positive class is declared; then warn of
 * given metrics that it leaves to be weighted means.
 */
enum mc_status	metrics_parse(const char *given, const char *usual,
		    bool has_positive, struct mc_metric_spec **specs, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/* --- Resampling ----------------------------------------------------------- */

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
	{ "replicates", 0, "N", "number of bootstrap replicates (default " \
	    "4999)", \
	    MC_INTEGER, offsetof(o, draws.replicates), 1, 10000000, NULL }
#define DRAWS_SEED(o, draws) \
	{ "seed", 0, "N", "seed of the resampling (default 1)", \
	    MC_INTEGER, offsetof(o, draws.seed), 0, 9223372036854775807.0, \
	    NULL }
#define DRAWS_THREADS(o, draws) \
	{ "threads", 0, "N", "number of threads (default: all available " \
	    "CPUs)", \
	    MC_INTEGER, offsetof(o, draws.threads), 1, 1024, NULL }

/*
 * Make HOW of the options, without strata.  Fewer replicates than the level
 * needs are a usage error.
 */
enum mc_status	draws_check(const struct draws_opts *opts,
		    struct mc_resampling *how, struct mc_err *err)
		    MC_MUST_CHECK;

/* --- Former names --------------------------------------------------------- */

/*
 * Set *CHOICE to the choice among WORDS that option NAME, or with a warning its
 * FORMER name, was given; without either, to the first.  Both are a usage
 * error.
 */
enum mc_status	choice_renamed(const char *name, int given, const char *former,
		    int former_given, const char *const *words, int *choice,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
