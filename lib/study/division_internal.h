/*
 * division_internal.h - share a division among its sources; for
 * lib/study/division*.c alone.
 */
#ifndef MC_DIVISION_INTERNAL_H
#define MC_DIVISION_INTERNAL_H

#include "base/names.h"
#include "base/num.h"
#include "stats/split.h"
#include "study/division.h"
#include "table/labels.h"
#include "table/units.h"

/* A manifest and what is known of its rows.  Numbers count from 0. */
struct mc_division {
	const struct mc_division_options *o;
	struct mc_manifest m;
	struct mc_table *t;	/* m.table */
	size_t rows;
	int stratify;		/* a column, the first of strata; -1: none */
	int *strata;		/* the columns, where there are several */
	size_t n_strata;
	struct mc_unit_columns columns;	/* what is not torn apart */
	struct mc_units units;
	struct mc_labels labels;	/* in the columns to stratify by */
	struct mc_units named;	/* what is independent, which may be units; and
				   its names; */
	struct mc_names *names;	/* NULL where the group says it all */
	bool *kept;
	uint32_t *part;		/* of each row: the split; NO_PART: kept */
	uint32_t *fold;
	uint32_t *within;	/* the number of its share; NO_PART: none */
};

#define NO_PART UINT32_MAX

/* The text of COLUMN in ROW, "" where there is no such column. */
const char	*div_field(const struct mc_division *s, size_t row, int column);

/* The split and the fold of ROW, as they are written. */
const char	*div_split_of(const struct mc_division *s, size_t row);
const char	*div_fold_of(const struct mc_division *s, size_t row,
		    char number[MC_NUM_SIZE]);

/* The rows in which COLUMN is empty. */
size_t		 div_empty(const struct mc_division *s, int column);

/*
 * Refuse a group, a unit or identical bytes in more than one of PART, whose
 * names are in COLUMN; or of the texts of COLUMN itself, which may be -1.
 */
enum mc_status	 div_apart(const struct mc_division *s, const uint32_t *part,
		    int column, const char *remedy, struct mc_err *err)
		    MC_MUST_CHECK;
/*
 * Refuse a group, or an image, that is also in the manifest o->against: images of
 * the same bytes, or of one id where one of the two has no digests.  Each case is a
 * detail.  MC_EDATA also: that manifest cannot be read.
 */
enum mc_status	 div_against(const struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 div_check_column(const struct mc_division *s, int column,
		    const char *remedy, struct mc_err *err) MC_MUST_CHECK;

/* The fields of a column, an element per row; the caller frees the array. */
const char	**div_texts(const struct mc_division *s, int column);

/* Fill s->labels from the column that is stratified by. */
enum mc_status	 div_read_labels(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Check that the classes count: that no column to stratify by is empty in a row.
 * A single one may be empty in all; then nothing is stratified.
 */
enum mc_status	 div_check_labels(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/* The parts of a division, as the user is told of them. */
struct div_parts {
	size_t n;
	bool nested;		/* each also has the images of those before */
	const char *kind;	/* "split" */
	const char *const *names;	/* NULL: numbers from 1 */
};

/* Say which classes have no image in one of the parts P; PART is each row's. */
void		 div_warn_classes(const struct mc_division *s,
		    const uint32_t *part, const struct div_parts *p);

/* What is to be divided, and how. */
struct div_job {
	const bool *left;	/* the rows that are not */
	struct mc_split how;	/* strata, of every row, and shares */
	const char *purpose;	/* what a part is, and the random stream */
};

/* Divide the units: RESULT is the part of each row, NO_PART of those left. */
enum mc_status	 div_divide(const struct mc_division *s,
		    const struct div_job *job, uint32_t *result,
		    struct mc_err *err) MC_MUST_CHECK;

/* Divide the rows that are not kept into the splits asked for: s->part. */
enum mc_status	 div_splits(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Divide them into folds: s->fold.  Where the rows have just been split, each
 * fold has equal shares of every split also: a stratum is a class in a split.
 */
enum mc_status	 div_folds(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Leave only the rows that mc-train --fold trains on if its fold is o->outer:
 * those of the other folds, without the split test.  Lines of rows stay those of
 * the file.  MC_EDATA: no such fold, nothing but it, a row without a fold, or a
 * group, a unit or identical bytes in two folds.
 */
enum mc_status	 div_outer(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Make a fold of each value of the column o->leave_out in the rows that are not
 * kept, numbered in byte order: s->fold.  MC_EDATA: a group, a unit or identical
 * bytes with two values, an empty field, or less than 2 or more than 1000 values.
 */
enum mc_status	 div_leave_out(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Give each training row the smallest share that it is within: s->within.
 * Where these rows have several splits or folds, each of those is a stratum
 * also, beside the classes: a class in a fold may be too small to be divided.
 */
enum mc_status	 div_shares(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/* Warn of two spellings of a class, and of identical images with two labels. */
void		 div_warn_labels(const struct mc_division *s);

/*
 * Write the audit of s->units and s->labels: a table of mc_audit_schema, without
 * split or fold where the manifest has no such column.  Parts are sorted by bytes,
 * folds as numbers; each has a row per label, also where it has no image of it.
 */
void		 div_audit(const struct mc_division *s, FILE *f);

/*
 * Say how many images of each split but train share a group or a unit with split
 * train (where there is none, with another split), and how many of the folds with
 * another fold; as a detail if none does.  Identical bytes do not count.
 */
void		 div_say_leaks(const struct mc_division *s);

/*
 * Write the pairs of images in two splits or folds whose hashes, in the column
 * phash, differ in at most o->near bits: a table of mc_pairs_schema, sorted by
 * distance and ids.  The time is that of comparing the images that agree in one
 * of near + 1 bands of the hash: of n images with even hashes, about
 * (near + 1) n^2 / 2^(1 + 64 / (near + 1)) pairs.  MC_EDATA: no such column, or a
 * field that is no hash.
 */
enum mc_status	 div_near(const struct mc_division *s, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

/* Check, and write the audit, or the pairs, to F. */
enum mc_status	 div_check(struct mc_division *s, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
