/*
 * division.h - divide the images of a manifest into splits, folds and shares,
 * groups whole, or check that it was done so.
 *
 * A unit is what is never divided: the images of one group, and of every other
 * group that shares an image's bytes with it.  Where that says more than the
 * column group, it is written into a column unit, so that the programs that
 * resample treat the same as independent.
 */
#ifndef MC_DIVISION_H
#define MC_DIVISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

/* The options of mc-split by their names; NULL or 0: not given. */
struct mc_division_options {
	bool check;		/* write the audit; else divide */
	int64_t near;		/* with check: write the pairs of images at this
				   distance at most; -1: the audit */
	const char *against;	/* with check: another manifest, which must hold
				   none of the images and groups */
	int64_t folds, seed;
	int64_t outer;		/* read only what trains on the other folds */
	const char *group, *keep;
	const char *stratify;	/* columns, separated by commas */
	const char *leave_out;	/* a column, each value of which is a fold */
	bool multilabel;		/* read findings (findings.h) */
	const char *no_finding;
	const char **name;	/* the splits to divide into */
	double *share;		/* and their shares, above 0 */
	bool counts;		/* the shares are numbers of images, and one
				   is 0: it takes the rest */
	size_t parts;		/* of them; 0: the splits stay */
	/*
	 * Shares of the training rows in percent, increasing, the last 100:
	 * each includes those before it.
	 */
	const double *shares;
	size_t n_shares;
	/* Lines for the user: what must be known, and details. */
	void (*warn)(const char *line);
	void (*detail)(const char *line);
};

struct mc_division;

/*
 * Read the manifest at PATH, standard input where it is NULL.  O must outlive
 * *D, which is ended with mc_division_free, also after an error.
 */
enum mc_status	 mc_division_read(struct mc_division **d, const char *path,
		    const struct mc_division_options *o, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_division_free(struct mc_division *d);

/*
 * Divide, and write the manifest with its new columns; or check, and write the
 * audit or pairs.  MC_EDATA: a group, a unit or identical images in
 * two splits or folds that are there already; fewer units than parts; a label
 * that is missing in some rows; shares where no row is one to train on; in an
 * audit, labels that hold "|" and are not read as findings.
 */
enum mc_status	 mc_division_write(struct mc_division *d, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Divide row by row instead, by a hash of (o->seed, unit): the unit, the group or
 * the id of the row.  Uses the members seed, group, parts, name, share, folds,
 * warn and detail of O.  Memory does not grow with the rows, and the split of a unit
 * does not depend on other rows; sizes are as close to the shares as chance makes
 * them, and neither classes nor copies count.  MC_EDATA: also a split or a fold
 * without an image.
 */
enum mc_status	 mc_division_hash(const char *path,
		    const struct mc_division_options *o, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
