/*
 * differences.h - the differences table: two arms compared by one number a row.
 *
 * Two kinds of rows compare no two arms.  A gap between subgroups of one arm
 * has "sex=F - sex=M" as its subgroup and no arm_b.  A test of all arms at
 * once, as Friedman's, has neither arm and its statistic as difference.
 */
#ifndef MC_DIFFERENCES_H
#define MC_DIFFERENCES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

/* No text is NULL: a missing one is "".  A missing number is NAN or -1. */
struct mc_differences_row {
	const char *task, *split;
	const char *subgroup;
	const char *metric;
	const char *average;	/* weighted, macro, ... or "" */
	const char *class_name;	/* "" where the metric is not of one class */
	const char *arm_a, *arm_b;
	double difference;	/* arm_a minus arm_b; NAN: undefined, and note
				   says why */
	double lo, hi;		/* NAN: no interval, and note says so */
	double level;
	const char *method;	/* of the interval; "none" if there is none */
	const char *test;	/* of p: bootstrap, permutation, ... */
	double p;		/* in [0, 1] */
	double p_adjusted;	/* for the n_tests of the family, in [0, 1] */
	const char *adjustment;	/* holm, bh, max-t or none */
	int64_t n_tests;
	double margin;		/* of non-inferiority or equivalence, on the
				   scale of the difference */
	const char *unit;	/* group or image */
	int64_t replicates;
	int64_t resample_seed;
	int64_t n_images, n_units;
	int64_t seeds;		/* training seeds of each arm, the fewer */
	double seed_sd_a, seed_sd_b;	/* standard deviation over them */
	const char *note;	/* remarks, joined by "; " */
};

/* The header, and one row, as TSV; numbers so that they read back the same. */
void		 mc_differences_write_header(FILE *f);
void		 mc_differences_write_row(FILE *f,
		    const struct mc_differences_row *row);

struct mc_differences;

/*
 * Read the N files at PATHS ("-": standard input), each with a header of its
 * own.  Required are the columns metric, arm_a, arm_b and difference; another
 * that is absent is missing in every row.  *D is freed with mc_differences_free
 * and owns the texts of its rows, which keep the order of the files; it is NULL
 * on error.
 */
enum mc_status	 mc_differences_read(struct mc_differences **d,
		    char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_differences_free(struct mc_differences *d);
size_t		 mc_differences_rows(const struct mc_differences *d);
const struct mc_differences_row *mc_differences_get(
		    const struct mc_differences *d, size_t row);

/* "FILE:LINE" of a row, for messages; lives until the next call. */
const char	*mc_differences_place(struct mc_differences *d, size_t row);

#endif
