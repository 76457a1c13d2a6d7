/*
 * metrics.h - the metrics table: one number a row, and what it stands on.
 */
#ifndef MC_METRICS_H
#define MC_METRICS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "table/predictions.h"

/* No text is NULL: a missing one is "".  A missing number is NAN or -1. */
struct mc_metrics_row {
	const char *key[MC_KEYS];
	const char *subgroup;
	const char *metric;
	const char *average;	/* weighted, macro, ... or "" */
	const char *class_name;	/* "" where the metric is not of one class */
	double estimate;	/* NAN: undefined, and note says why */
	double lo, hi;		/* NAN: no interval, and note says why */
	double level;
	const char *method;	/* of the interval; "none" where there is none */
	const char *unit;	/* group or image */
	int64_t replicates;
	int64_t resample_seed;
	const char *threshold;
	int64_t n_images, n_units;
	int64_t seeds;		/* training seeds that estimate is the mean of */
	double seed_sd;		/* its standard deviation over them */
	const char *note;	/* remarks, joined by "; " */
};

/* The header, and one row, as TSV; numbers so that they read back the same. */
void		 mc_metrics_write_header(FILE *f);
void		 mc_metrics_write_row(FILE *f, const struct mc_metrics_row *row);

struct mc_metrics;

/*
 * Read the N files at PATHS ("-": standard input), each with a header of its
 * own.  Required are the columns metric and estimate; another that is absent
 * is missing in every row.  *M is freed with mc_metrics_free and owns the texts
 * of its rows, which keep the order of the files; it is NULL on error.
 */
enum mc_status	 mc_metrics_read(struct mc_metrics **m, char *const *paths,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;
void		 mc_metrics_free(struct mc_metrics *m);
size_t		 mc_metrics_rows(const struct mc_metrics *m);
const struct mc_metrics_row *mc_metrics_get(const struct mc_metrics *m,
		    size_t row);

/* "FILE:LINE" of a row, for messages; lives until the next call. */
const char	*mc_metrics_place(struct mc_metrics *m, size_t row);

#endif
