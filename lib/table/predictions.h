/*
 * predictions.h - read predictions tables as runs.
 *
 * The columns are those of mctools(5).  Only id, label, and predicted or the p:
 * columns are required; a key column (keys.h) that is absent counts as one value,
 * the empty one.  Rows that agree in all key columns are a run: what one arm
 * predicts, from one training seed, for one part of one task.  Runs, and the
 * rows of a run, are held in byte order of their keys, so that neither the order
 * of the files nor that of the rows matters.
 *
 * Files are read row by row.  A text is kept once, whatever the number of rows
 * and runs that have it, and a row holds its number: equal numbers are equal
 * texts, and the order of the numbers is the byte order of the texts.  Besides
 * the texts and room to grow, a row costs 28 bytes, 8 for each class where
 * there are probabilities, 8 more where there are log odds, and 4 for each
 * further column.
 */
#ifndef MC_PREDICTIONS_H
#define MC_PREDICTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "table/keys.h"
#include "table/units.h"

struct mc_prediction {
	uint32_t id;		/* the number of the text; see mc_run_id */
	uint32_t group;		/* likewise, among the groups and units */
	uint32_t unit;		/* that of the column unit; where it is empty
				   or missing, that of the group */
	int32_t label;		/* index into the run's classes */
	int32_t predicted;
	uint32_t file;		/* index in PATHS; see mc_run_file */
	uint32_t line;		/* in that file; the header is line 1 */
};

struct mc_predictions;

struct mc_run {
	const char *key[MC_KEYS];
	const char *const *classes;	/* those of the run's task, in order */
	size_t n_classes;
	bool classes_declared;	/* by p: columns or by the caller; else their
				   order is the byte order and means nothing */
	size_t n;		/* rows, at least 1 */
	const struct mc_prediction *rows;	/* in byte order of id */
	const double *p;	/* n x n_classes, as they stand there; or NULL:
				   the run has no p: columns */
	const double *o;	/* n x n_classes log odds, which order what p
				   ties; or NULL: it has no o: columns */
	const uint32_t *further;	/* n x columns asked for: the numbers
				   of their texts, among all of them */
	int64_t train_images;	/* that its model was trained on, by the column
				   of that name; 0: it has none, or not the same
				   whole number in all of the run's rows */
	const struct mc_predictions *table;	/* whose run it is */
};

/* What mc_predictions_read may be told; { 0 } is nothing. */
struct mc_predictions_options {
	char *const *classes;	/* NULL-terminated: their order, or NULL */
	char *const *columns;	/* NULL-terminated: further columns to keep, or
				   NULL */
	const char *join;	/* a file of further columns, or NULL */
	const char *key;	/* the column whose value is looked up in JOIN,
				   "COLUMN", or "COLUMN=COLUMN OF JOIN" where
				   the names differ; NULL: "id" */
};

/*
 * Read the N files at PATHS ("-": standard input), each with a header of its
 * own; some of them, but not all, may have no rows, which a note says.  Without options.classes each task takes the order of its p: columns,
 * and where it has none the byte order of the labels and predictions seen.
 *
 * Where there are p: columns, they are the classes; each row must be one of
 * probabilities (probability.h), printed with as many decimals as any in its
 * run.  o: columns must be their log odds.  `predicted`, where it is given, must
 * be a class of the greatest probability, and where it is not, it is the first
 * such class.
 *
 * Numbers are kept in one spelling, 55 for 55.0 (mc_plain_number), in further
 * columns and in the keys that are MC_KEY_NUMBER.
 *
 * A further column is in every file (any column may be one) or in JOIN
 * (see join.h), whose row is the one with the row's key.
 *
 * *P is freed with mc_predictions_free and owns all that its runs point to;
 * it is NULL on error, and keeps nothing of OPTIONS.  Refused, each with its
 * place: an empty label, a label or prediction that is not one of the classes, two
 * spellings of one class (spelling.h), without p: columns and options.classes a
 * run of whose predictions not one is a label (but for a task of fewer than 10
 * rows and one label), a bad probability, two rows of one key, files of one
 * task whose p: columns differ, a run with p: or o: columns in some rows only, a
 * task with fewer than two classes or more than 1000, a further column that is
 * in a file and in JOIN or in neither, a row whose key is not in JOIN, more than
 * 2^30 rows or texts.
 */
enum mc_status	 mc_predictions_read(struct mc_predictions **p,
		    char *const *paths, size_t n,
		    const struct mc_predictions_options *options,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_predictions_free(struct mc_predictions *p);

/*
 * Return what the user should know of how JOIN was read and of files without
 * rows; NULL: nothing.
 */
const char	*mc_predictions_note(const struct mc_predictions *p);
size_t		 mc_predictions_runs(const struct mc_predictions *p);
const struct mc_run *mc_predictions_run(const struct mc_predictions *p,
		    size_t run);

/* --- What is asked of a run ---------------------------------------------- */

/* Texts of its row ROW; an unknown group or unit is "". */
const char	*mc_run_id(const struct mc_run *c, size_t row);
const char	*mc_run_group(const struct mc_run *c, size_t row);
const char	*mc_run_unit(const struct mc_run *c, size_t row);
/* COLUMN is an index into options.columns. */
const char	*mc_run_further(const struct mc_run *c, size_t row,
		    size_t column);
/* The name of its file, for messages. */
const char	*mc_run_file(const struct mc_run *c, size_t row);

/*
 * Choose what is independent in C.  ASKED by default: groups where every row
 * has a unit (see struct mc_prediction), images where none has.
 * UNIT has an element for each row and gets its unit, 0 .. *N_UNITS - 1;
 * groups are numbered in byte order.  *NAME is "group" or "image", and *REMARK
 * what the reader of a result must know, or NULL; both are constant.
 *
 * Where rows have units and none has a group, a unit is an image with its
 * copies: *NAME is "image".  It is an error, with the place, that rows without
 * a unit are among others, or that groups are asked for and no row has one.
 */
enum mc_status	 mc_run_units(const struct mc_run *c,
		    enum mc_unit_kind asked, uint32_t *unit, size_t *n_units,
		    const char **name, const char **remark,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
