/*
 * thresholds.h - the thresholds table: from which probability on an image is
 * predicted as a class, chosen for one run of predictions on other rows.
 */
#ifndef MC_THRESHOLDS_H
#define MC_THRESHOLDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "table/predictions.h"

/* No text is NULL: a missing one is "".  A missing number is NAN or -1. */
struct mc_thresholds_row {
	const char *key[MC_KEYS];	/* the split is that of the rows on
					   which it was chosen */
	const char *class_name;
	double threshold;	/* predicted as the class from it on; NAN: a
				   replicate in which none could be chosen */
	const char *criterion;
	double sensitivity, specificity;	/* there, on those same rows */
	const char *unit;	/* group or image */
	int64_t n_images, n_units;
	int64_t replicate;	/* 0, as -1: of all rows; else of a bootstrap
				   replicate of them */
	const char *note;	/* remarks, joined by "; " */
};

/* The header, and one row, as TSV; numbers so that they read back the same. */
void		 mc_thresholds_write_header(FILE *f);
void		 mc_thresholds_write_row(FILE *f,
		    const struct mc_thresholds_row *row);

struct mc_thresholds;

/*
 * Read the file at PATH ("-": standard input).  Required are the columns split,
 * class and threshold; another that is absent is missing in every row.  *T is
 * freed with mc_thresholds_free; it is NULL on error.
 *
 * Refused: a split that is empty or "test", since a threshold that was chosen
 * on test rows makes the test's results too good; no class; a threshold below 0
 * or above the next number after 1, or none at all but in a replicate.
 */
enum mc_status	 mc_thresholds_read(struct mc_thresholds **t, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_thresholds_free(struct mc_thresholds *t);

/* The name of the file, for messages. */
const char	*mc_thresholds_name(const struct mc_thresholds *t);

/* What the table says of a run; the texts are the table's. */
struct mc_run_threshold {
	const char *class_name;
	size_t n_replicates;
	double *at;		/* that of all rows, then those of n_replicates
				   replicates, NAN where there is none; freed
				   with free() */
};

/*
 * Look up RUN by its task, arm, train_seed and fold, and by model, regime and
 * features where both it and the table's row have one.  Refused: no row; two
 * for one replicate; one missing among the replicates; rows of two classes; a
 * row that was chosen on the split of RUN.
 */
enum mc_status	 mc_thresholds_find(struct mc_thresholds *t,
		    const struct mc_run *run,
		    struct mc_run_threshold *found, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
