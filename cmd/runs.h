/*
 * runs.h - what the programs that read predictions share: their options, and
 * how the rows of a run become a sample.
 */
#ifndef MC_RUNS_H
#define MC_RUNS_H

#include "stats/sample.h"
#include "table/predictions.h"
#include "tool.h"

struct runs_opts {
	const char *by, *classes, *folds, *join, *key, *positive, *threshold;
	const char *unit;
};

/* Entries of an option table for the member RUNS of the struct O. */
#define RUNS_BY(o, runs) \
	{ "by", 0, "A,B+C,...", \
	    "subgroups too: by column A, by columns B and C", MC_STRING, \
	    offsetof(o, runs.by), 0, 0, NULL }
#define RUNS_CLASSES(o, runs) \
	{ "classes", 0, "A,B,...", \
	    "the classes and their order (default: as the p: columns)", \
	    MC_STRING, offsetof(o, runs.classes), 0, 0, NULL }
#define RUNS_FOLDS(o, runs) \
	{ "folds", 0, NULL, "folds of a cross-validation: each by itself, or " \
	    "pooled (default each)", MC_CHOICE, offsetof(o, runs.folds), \
	    0, 0, "each|pool" }
#define RUNS_JOIN(o, runs) \
	{ "join", 0, "FILE", "a table of further columns, for --by", \
	    MC_INPUT, offsetof(o, runs.join), 0, 0, NULL }
#define RUNS_KEY(o, runs) \
	{ "key", 0, "COLUMN[=OTHER]", \
	    "what joins it, perhaps called OTHER there (default: id)", \
	    MC_STRING, offsetof(o, runs.key), 0, 0, NULL }
#define RUNS_POSITIVE(o, runs) \
	{ "positive", 0, "CLASS", "the positive class", MC_STRING, \
	    offsetof(o, runs.positive), 0, 0, NULL }
#define RUNS_THRESHOLD(o, runs) \
	{ "threshold", 0, "FILE", \
	    "predict by the thresholds that mc-threshold chose", MC_INPUT, \
	    offsetof(o, runs.threshold), 0, 0, NULL }
#define RUNS_UNIT(o, runs) \
	{ "unit", 0, "NAME", \
	    "what is independent (default: group, where there is one)", \
	    MC_CHOICE, offsetof(o, runs.unit), 0, 0, "group|image" }

/* What has been read; its runs stand in byte order of their keys. */
struct runs;

/*
 * Read the N files at PATHS, standard input where N is 0.  *C is freed with
 * runs_free.  With --folds pool, runs that differ in the fold alone are one,
 * whose fold is "" and whose rows stand in byte order of their ids; an image in
 * two of them is an error.  With --threshold every run must have a threshold
 * (thresholds.h), all as many replicates, all of a task of one class; folds that
 * each have their own cannot be pooled.  --join without --by is a usage error,
 * and so is --key alone.
 */
enum mc_status	 runs_read(struct runs **c, const struct runs_opts *opts,
		    char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 runs_free(struct runs *c);
size_t		 runs_count(const struct runs *c);
const struct mc_run *runs_at(const struct runs *c, size_t run);

/* Whether a positive class is declared: by --positive or by --threshold. */
bool		 runs_have_positive(const struct runs_opts *opts);

/*
 * MC_EUSAGE where the thresholds have replicates, but fewer than REPLICATES.
 */
enum mc_status	 runs_check_replicates(const struct runs *c,
		    int64_t replicates, struct mc_err *err) MC_MUST_CHECK;

/* --- Samples -------------------------------------------------------------- */

/* The rows of a run, or a subgroup of them, as a sample. */
struct run_sample {
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
 * Make X of a run.  On error it is empty.  End it with run_sample_clear,
 * before C.
 *
 * With --threshold it has two classes: where the task has more, they are the
 * threshold's and "not" it.  That class is the positive one.
 */
enum mc_status	 runs_sample(const struct runs *c, size_t run,
		    struct run_sample *x, struct mc_err *err) MC_MUST_CHECK;
void		 run_sample_clear(struct run_sample *x);

/*
 * The subgroups of X that --by asks for, term by term, in byte order of their
 * values, but for rows with an empty one, of which runs_read has warned; into *SUBGROUPS, which has *N; *TERM, unless NULL, says of which term
 * each is.  They share X's numbering of units, so that units are drawn before
 * they are restricted.  Each is ended with run_sample_clear, the arrays with
 * free.
 */
void		 runs_subgroups(const struct runs *c,
		    const struct run_sample *x,
		    struct run_sample **subgroups, size_t **term, size_t *n);

/* The units of S that have an image. */
size_t		 run_sample_units(const struct mc_sample *s);

/* --- Runs that belong together ------------------------------------------- */

/*
 * Sort the numbers of all runs so that those that agree in every key but the
 * ones in EXCEPT (of 1 << MC_KEY_...) stand together; equal ones keep their
 * order.  *FIRST has *N + 1 elements: set i is ORDER[FIRST[i]] up to, without,
 * ORDER[FIRST[i + 1]].  Both are freed with free().
 */
void		 runs_sets(const struct runs *c, unsigned except,
		    size_t **order, size_t **first, size_t *n);

/*
 * Whether runs A and B stand on the same images, with the same labels, groups
 * and values in the columns of --by; else the error names the first image that
 * they do not share, or share so.
 */
enum mc_status	 runs_check_same(const struct runs *c, size_t a, size_t b,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
