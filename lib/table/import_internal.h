/*
 * import_internal.h - open the files of an import and find their columns; for
 * lib/table/import*.c alone.
 */
#ifndef MC_IMPORT_INTERNAL_H
#define MC_IMPORT_INTERNAL_H

#include "base/names.h"
#include "table/column_list.h"
#include "table/import.h"

struct mc_import_file {
	struct mc_table *t;
	int key, predicted;	/* columns; -1: not asked for */
	int *wanted;		/* likewise, or in the metadata */
	struct mc_column_list scores;	/* column[k] is that of class k, unless
					   there is but one or ranked tells */
	struct mc_column_list ranked;
};

/* Columns that may be in the files or in the metadata; further ones follow. */
enum { MC_IMPORT_LABEL, MC_IMPORT_GROUP, MC_IMPORT_FURTHER };

struct mc_import_row {
	const struct mc_import_file *file;
	size_t row, meta;	/* in the file, in the metadata */
	char *id;
	char *key;		/* the id and the key columns passed on */
};

struct mc_import_input {
	const struct mc_import *how;
	size_t n_files, n_rows;
	struct mc_import_file *files;
	struct mc_import_row *rows;	/* n_rows, in the order of the files */
	struct mc_table *meta;		/* NULL: there is none */
	struct mc_names *meta_ids;	/* numbered as the metadata's rows */
	char **meta_id;			/* their texts */
	size_t n_wanted;
	const char **wanted;		/* names; that of the group may be
					   NULL */
	int *joined;			/* the metadata's columns; -1: the
					   files have it */
	bool by_name, by_number;	/* what a pattern found can be only
					   names, only numbers */
	struct mc_names *classes;	/* none where neither HOW nor scores
					   tell them; of multi-label data the
					   findings */
};

/*
 * Read the N files at PATHS and the metadata, and find the columns.  IN starts
 * as { 0 } and is ended with the second, even after an error.
 */
enum mc_status	 mc_import_open(struct mc_import_input *in,
		    char *const *paths, size_t n, const struct mc_import *how,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_import_close(struct mc_import_input *in);

/* The id that TEXT gives, which the caller frees. */
char		*mc_import_id(const char *text, bool strip);

/* The declared class that TEXT, a number, counts from 0; MC_NO_NAME: none. */
size_t		 mc_import_class(const struct mc_import_input *in,
		    const char *text);

/* The names of the classes for a message, which the caller frees. */
char		*mc_import_classes(const struct mc_import_input *in);

/*
 * A field and its text.  MC_WHOLE_ROW for its column is the row as a whole.  An
 * error about it has its place and what FMT says.
 */
struct mc_field {
	const struct mc_table *t;
	size_t row, column;
};
#define MC_WHOLE_ROW	SIZE_MAX
const char	*mc_field_text(struct mc_field c);
enum mc_status	 mc_field_wrong(struct mc_field c, struct mc_err *err,
		    const char *fmt, ...) MC_PRINTF(3, 4);

/* --- Rows (import_rows.c) ------------------------------------------------- */

/*
 * Make in->rows of an input that was opened, and check their ids and groups;
 * mc_import_close frees them.
 */
enum mc_status	 mc_import_rows(struct mc_import_input *in,
		    struct mc_err *err) MC_MUST_CHECK;

/* The field of R in column W of in->wanted. */
struct mc_field	 mc_import_wanted(const struct mc_import_input *in,
		    const struct mc_import_row *r, size_t w);

/* R as a whole. */
struct mc_field	 mc_import_whole(const struct mc_import_row *r);

/*
 * Whether TEXT is a list, as a numpy array is written into one field, also by
 * timm's inference.py; and the error that a field holds one.
 */
bool		 mc_import_is_list(const char *text);
enum mc_status	 mc_import_list_wrong(struct mc_field c, struct mc_err *err);

/* Read a score into *V; *DECIMALS becomes the most of any score so far. */
enum mc_status	 mc_import_score(struct mc_field c, double *v, int *decimals,
		    struct mc_err *err) MC_MUST_CHECK;

/* --- The output (import_rows.c) ------------------------------------------- */

/* The columns p:CLASS, and o:CLASS if there are ODDS. */
struct mc_import_scores {
	const char *const *classes;
	size_t n;		/* 0: there are no such columns */
	bool odds;
};

/* What a row of the output has beside what the input's row OF tells. */
struct mc_import_output {
	const struct mc_import_row *of;
	const char *task, *label, *predicted;
	const double *p, *o;	/* by class */
};

/* Begin the output *T, and add a row to it. */
enum mc_status	 mc_import_table(struct mc_table **t,
		    const struct mc_import_input *in,
		    const struct mc_import_scores *scores, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 mc_import_table_add(struct mc_table *t,
		    const struct mc_import_input *in,
		    const struct mc_import_scores *scores,
		    const struct mc_import_output *row, struct mc_err *err)
		    MC_MUST_CHECK;

/* Make the output of multi-label data, whose rows were made. */
enum mc_status	 mc_import_findings(struct mc_table **t,
		    const struct mc_import_input *in, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
