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

struct mc_import_input {
	const struct mc_import *how;
	size_t n_files, n_rows;
	struct mc_import_file *files;
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
					   tell them */
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

/* A field, its text, and an error about it: its place and what FMT says. */
struct mc_field {
	const struct mc_table *t;
	size_t row, column;
};
const char	*mc_field_text(struct mc_field c);
enum mc_status	 mc_field_wrong(struct mc_field c, struct mc_err *err,
		    const char *fmt, ...) MC_PRINTF(3, 4);

#endif
