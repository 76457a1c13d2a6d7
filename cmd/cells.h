/*
 * cells.h - what the programs that read predictions share: their options, and
 * how the rows of a cell become a sample.
 */
#ifndef MC_CELLS_H
#define MC_CELLS_H

#include "stats/sample.h"
#include "table/predictions.h"
#include "tool.h"

struct cells_opts {
	const char *by, *classes, *folds, *join, *key, *positive, *threshold;
	const char *unit;
};

/* Entries of an option table for the member CELLS of the struct O. */
#define CELLS_BY(o, cells) \
	{ "by", 0, "A,B+C,...", \
	    "subgroups too: by column A, by columns B and C", MC_STRING, \
	    offsetof(o, cells.by), 0, 0, NULL }
#define CELLS_CLASSES(o, cells) \
	{ "classes", 0, "A,B,...", \
	    "the classes and their order (default: as the p: columns)", \
	    MC_STRING, offsetof(o, cells.classes), 0, 0, NULL }
#define CELLS_FOLDS(o, cells) \
	{ "folds", 0, NULL, "folds of a cross-validation: each by itself, or " \
	    "pooled (default each)", MC_CHOICE, offsetof(o, cells.folds), \
	    0, 0, "each|pool" }
#define CELLS_JOIN(o, cells) \
	{ "join", 0, "FILE", "a table of further columns, for --by", \
	    MC_INPUT, offsetof(o, cells.join), 0, 0, NULL }
#define CELLS_KEY(o, cells) \
	{ "key", 0, "COLUMN[=OTHER]", \
	    "what joins it, perhaps called OTHER there (default: id)", \
	    MC_STRING, offsetof(o, cells.key), 0, 0, NULL }
#define CELLS_POSITIVE(o, cells) \
	{ "positive", 0, "CLASS", "the positive class", MC_STRING, \
	    offsetof(o, cells.positive), 0, 0, NULL }
#define CELLS_THRESHOLD(o, cells) \
	{ "threshold", 0, "FILE", \
	    "predict by the thresholds that mc-threshold chose", MC_INPUT, \
	    offsetof(o, cells.threshold), 0, 0, NULL }
#define CELLS_UNIT(o, cells) \
	{ "unit", 0, "NAME", \
	    "what is independent (default: group, where there is one)", \
	    MC_CHOICE, offsetof(o, cells.unit), 0, 0, "group|image" }

/* What has been read; its cells stand in byte order of their keys. */
struct cells;

/*
 * Read the N files at PATHS, standard input where N is 0.  *C is freed with
 * cells_free.  With --folds pool, cells that differ in the fold alone are one,
 * whose fold is "" and whose rows stand in byte order of their ids; an image in
 * two of them is an error.  With --threshold every cell must have a threshold
 * (thresholds.h), all as many replicates, all of a task of one class; folds that
 * each have their own cannot be pooled.  --join without --by is a usage error,
 * and so is --key alone.
 */
enum mc_status	 cells_read(struct cells **c, const struct cells_opts *opts,
		    char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 cells_free(struct cells *c);
size_t		 cells_count(const struct cells *c);
const struct mc_cell *cells_at(const struct cells *c, size_t cell);

/* Whether a positive class is declared: by --positive or by --threshold. */
bool		 cells_have_positive(const struct cells_opts *opts);

/*
 * MC_EUSAGE where the thresholds have replicates, but fewer than REPLICATES.
 */
enum mc_status	 cells_check_replicates(const struct cells *c,
		    int64_t replicates, struct mc_err *err) MC_MUST_CHECK;

/* --- Samples -------------------------------------------------------------- */

/* The rows of a cell, or a subgroup of them, as a sample. */
struct cell_sample {
	struct mc_sample s;
	const struct mc_cell *cell;
	char *subgroup;		/* "" for all, else "sex=F" */
	const char *unit;	/* "group" or "image" */
	const char *remark;	/* on the unit; NULL: none */
	int positive;		/* index of the positive class; -1: none */
	int *label, *predicted;	/* these three are the sample's own */
	uint32_t *unit_of;
	double *p, *o;		/* its own, where they are not the cell's */
	uint32_t *fold;		/* of a subgroup: its own; else NULL */
};

/*
 * Make X of a cell.  On error it is empty.  End it with cell_sample_clear,
 * before C.
 *
 * With --threshold it has two classes: where the task has more, they are the
 * threshold's and "not" it.  That class is the positive one.
 */
enum mc_status	 cells_sample(const struct cells *c, size_t cell,
		    struct cell_sample *x, struct mc_err *err) MC_MUST_CHECK;
void		 cell_sample_clear(struct cell_sample *x);

/*
 * The subgroups of X that --by asks for, term by term, in byte order of their
 * values, but for rows with an empty one, of which cells_read has warned; into *SUBGROUPS, which has *N; *TERM, unless NULL, says of which term
 * each is.  They share X's numbering of units, so that units are drawn before
 * they are restricted.  Each is ended with cell_sample_clear, the arrays with
 * free.
 */
void		 cells_subgroups(const struct cells *c,
		    const struct cell_sample *x,
		    struct cell_sample **subgroups, size_t **term, size_t *n);

/* The units of S that have an image. */
size_t		 cell_sample_units(const struct mc_sample *s);

/* --- Cells that belong together ------------------------------------------- */

/*
 * Sort the numbers of all cells so that those that agree in every key but the
 * ones in EXCEPT (of 1 << MC_KEY_...) stand together; equal ones keep their
 * order.  *FIRST has *N + 1 elements: set i is ORDER[FIRST[i]] up to, without,
 * ORDER[FIRST[i + 1]].  Both are freed with free().
 */
void		 cells_sets(const struct cells *c, unsigned except,
		    size_t **order, size_t **first, size_t *n);

/*
 * Whether cells A and B stand on the same images, with the same labels, groups
 * and values in the columns of --by; else the error names the first image that
 * they do not share, or share so.
 */
enum mc_status	 cells_check_same(const struct cells *c, size_t a, size_t b,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
