/*
 * runs.h - read the runs of predictions that a study works on, pool their
 * folds, and make samples of their rows.
 */
#ifndef MC_RUNS_H
#define MC_RUNS_H

#include "stats/sample.h"
#include "table/predictions.h"

/* The folds of a cross-validation: each by itself (the default), or pooled. */
enum mc_folds { MC_FOLDS_DEFAULT = -1, MC_FOLDS_EACH, MC_FOLDS_POOL };

/* The options that bear these names; a text is NULL where it is not given. */
struct mc_runs_options {
	const char *by, *classes, *join, *key, *positive, *threshold;
	enum mc_folds folds;
	enum mc_unit_kind unit;
};

/* What has been read; its runs stand in byte order of their keys. */
struct mc_runs;

/*
 * Read the N files at PATHS, standard input where N is 0.  *C is freed with
 * mc_runs_free.  With --folds pool, runs that differ in the fold alone are one,
 * whose fold is "" and whose rows stand in byte order of their ids; an image in
 * two of them is an error.  With --threshold every run must have a threshold
 * (thresholds.h), all as many replicates, all of a task of one class; folds that
 * each have their own cannot be pooled.  --join without --by is a usage error,
 * and so is --key alone.
 */
enum mc_status	 mc_runs_read(struct mc_runs **c, const struct mc_runs_options *opts,
		    char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_runs_free(struct mc_runs *c);
size_t		 mc_runs_count(const struct mc_runs *c);
const struct mc_run *mc_runs_at(const struct mc_runs *c, size_t run);

/*
 * What a user must know of what has been read, a line each: element I, or NULL
 * where there are no more.
 */
const char	*mc_runs_remark(const struct mc_runs *c, size_t i);

/* Whether a positive class is declared: by --positive or by --threshold. */
bool		 mc_runs_have_positive(const struct mc_runs_options *opts);

/*
 * MC_EUSAGE where the thresholds have replicates, but fewer than REPLICATES.
 */
enum mc_status	 mc_runs_check_replicates(const struct mc_runs *c,
		    int64_t replicates, struct mc_err *err) MC_MUST_CHECK;

/* --- Samples -------------------------------------------------------------- */

/* The rows of a run, or a subgroup of them, as a sample. */
struct mc_run_sample {
	struct mc_sample s;
	const struct mc_run *run;
	char *subgroup;		/* "" for all, else "sex=F" */
	const char *unit;	/* "group" or "image" */
	const char *remark;	/* on the unit; NULL: none */
	int positive;		/* index of the positive class; -1: none */
	int *label, *predicted;	/* these three are the sample's own */
	uint32_t *unit_of;
	double *p, *o;		/* its own, where they are not the run's */
	uint32_t *fold;		/* of a subgroup: its own; else NULL */
};

/*
 * Make X of a run.  On error it is empty.  End it with mc_run_sample_clear,
 * before C.
 *
 * With --threshold it has two classes: where the task has more, they are the
 * threshold's and "not" it.  That class is the positive one.
 */
enum mc_status	 mc_run_sample_make(const struct mc_runs *c, size_t run,
		    struct mc_run_sample *x, struct mc_err *err) MC_MUST_CHECK;
void		 mc_run_sample_clear(struct mc_run_sample *x);

/*
 * The subgroups of X that --by asks for, term by term, in byte order of their
 * values, but for rows with an empty one, of which there is a
 * remark; into *SUBGROUPS, which has *N; *TERM, unless NULL, says of which term
 * each is.  They share X's numbering of units, so that units are drawn before
 * they are restricted.  Each is ended with mc_run_sample_clear, the arrays with
 * free.
 */
void		 mc_run_sample_subgroups(const struct mc_runs *c,
		    const struct mc_run_sample *x,
		    struct mc_run_sample **subgroups, size_t **term, size_t *n);

/* The units of S that have an image. */
size_t		 mc_run_sample_units(const struct mc_sample *s);

/* --- Runs that belong together ------------------------------------------- */

/*
 * Sort the numbers of all runs so that those that agree in every key but the
 * ones in EXCEPT (of 1 << MC_KEY_...) stand together; equal ones keep their
 * order.  *FIRST has *N + 1 elements: set i is ORDER[FIRST[i]] up to, without,
 * ORDER[FIRST[i + 1]].  Both are freed with free().
 */
void		 mc_runs_sets(const struct mc_runs *c, unsigned except,
		    size_t **order, size_t **first, size_t *n);

/*
 * Whether runs A and B stand on the same images, with the same labels, groups
 * and values in the columns of --by; else the error names the first image that
 * they do not share, or share so.
 */
enum mc_status	 mc_runs_check_same(const struct mc_runs *c, size_t a, size_t b,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
