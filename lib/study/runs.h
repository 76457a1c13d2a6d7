/*
 * runs.h - read the runs of predictions that a study works on, pool their
 * folds, and find those that belong together.
 */
#ifndef MC_RUNS_H
#define MC_RUNS_H

#include "table/predictions.h"

/* The folds of a cross-validation: each by itself (the default), or pooled. */
enum mc_folds { MC_FOLDS_DEFAULT = -1, MC_FOLDS_EACH, MC_FOLDS_POOL };

/* The options that bear these names; a text is NULL where it is not given. */
struct mc_runs_options {
	const char *by, *classes, *join, *key, *positive, *threshold;
	enum mc_folds folds;
	enum mc_unit_kind unit;
};
#define MC_RUNS_DEFAULTS \
	{ .folds = MC_FOLDS_DEFAULT, .unit = MC_UNIT_DEFAULT }

/* What has been read; its runs are in byte order of their keys. */
struct mc_runs;

/*
 * Read the N files at PATHS, standard input where N is 0.  OPTIONS must outlive
 * *R, which is freed with mc_runs_free and is NULL on error.
 *
 * With MC_FOLDS_POOL, runs that differ in the fold alone are one (pool.h).
 * With a threshold, every run must have one (operating_point.h), and folds
 * cannot be pooled, since each has its own.
 *
 * Returns MC_EUSAGE for that, for join without by, and for key without join;
 * else the status of what failed.
 */
enum mc_status	 mc_runs_read(struct mc_runs **r,
		    const struct mc_runs_options *options, char *const *paths,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;
void		 mc_runs_free(struct mc_runs *r);
size_t		 mc_runs_count(const struct mc_runs *r);
const struct mc_run *mc_runs_at(const struct mc_runs *r, size_t run);

/*
 * Return line I of what a user must know of the runs, or NULL if there are no
 * more: how the join was read, and how many rows the subgroups of `by` leave out.
 */
const char	*mc_runs_remark(const struct mc_runs *r, size_t i);

/* Return whether RUN is of a finding: its classes are no and yes. */
bool		 mc_run_is_finding(const struct mc_run *run);

/* Return whether folds were pooled. */
bool		 mc_runs_pooled(const struct mc_runs *r);

/* Return whether a positive class is declared, by itself or by a threshold. */
bool		 mc_runs_have_positive(const struct mc_runs_options *options);

/*
 * Check that a bootstrap has no more REPLICATES than the thresholds, where
 * these have replicates; else return MC_EUSAGE.
 */
enum mc_status	 mc_runs_check_replicates(const struct mc_runs *r,
		    int64_t replicates, struct mc_err *err) MC_MUST_CHECK;

/* Runs that agree in some keys. */
struct mc_run_set {
	const size_t *run;	/* their numbers, ascending */
	size_t n;
};

/*
 * Divide all runs into *N sets that agree in every key but those in EXCEPT, an
 * or of 1 << MC_KEY_...  The sets are in byte order of the other keys.  One
 * free() frees them and their numbers.
 */
struct mc_run_set *mc_runs_sets(const struct mc_runs *r, unsigned except,
		    size_t *n);

/*
 * Check that runs A and B have the same images, with the same labels, groups,
 * units and values in the columns of `by`.  Else return MC_EDATA; the error
 * names the first image that only one has, or that differs.
 */
enum mc_status	 mc_runs_check_same(const struct mc_runs *r, size_t a, size_t b,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Count the images that runs A and B share, in *SHARED.  Returns MC_EDATA if
 * one of these differs in what mc_runs_check_same names.
 */
enum mc_status	 mc_runs_shared(const struct mc_runs *r, size_t a, size_t b,
		    size_t *shared, struct mc_err *err) MC_MUST_CHECK;

#endif
