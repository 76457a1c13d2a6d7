/*
 * schema.h - read and write tables of fixed columns as arrays of structs.
 *
 * A schema gives each column's name, its kind and the member of the struct that
 * holds it; reading and writing follow from it.  schemas.h has one schema per
 * table of mctools(5).
 */
#ifndef MC_SCHEMA_H
#define MC_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum mc_column_kind {
	MC_COLUMN_TEXT,		/* const char *; missing: "", or NULL on
				   writing */
	MC_COLUMN_REAL,		/* double; missing: NAN */
	MC_COLUMN_COUNT,	/* int64_t, not negative; missing: -1 */
	MC_COLUMN_EACH		/* no member: columns that share the name's
				   prefix, p:sick and p:healthy of "p:CLASS" */
};

struct mc_schema_column {
	const char *name;
	enum mc_column_kind kind;
	size_t offset;		/* of the member */
	bool required;		/* a file without the column is refused */
};

struct mc_schema {
	const struct mc_schema_column *columns;	/* as they are written */
	size_t n_columns;
	size_t size;		/* of the struct */
	/* What is wrong with a row whose fields are sound, or NULL; may be
	   NULL: nothing can be. */
	const char *(*fault)(const void *row);
};

/* Return whether NAME is one of the columns. */
bool		 mc_schema_has(const struct mc_schema *s, const char *name);

/* Write the names of the columns as a line of TSV. */
void		 mc_rows_write_header(FILE *f, const struct mc_schema *s);

/* Write the struct at ROW as a line of TSV; numbers read back the same. */
void		 mc_rows_write(FILE *f, const struct mc_schema *s,
		    const void *row);

/*
 * Likewise up to the first MC_COLUMN_EACH and without the newline: the
 * caller writes the rest.
 */
void		 mc_rows_begin_header(FILE *f, const struct mc_schema *s);
void		 mc_rows_begin(FILE *f, const struct mc_schema *s,
		    const void *row);

struct mc_rows;
struct mc_table;

/*
 * Read the N files at PATHS ("-": standard input), each with its own header.
 * A column that is absent and not required is missing in every row; columns
 * that are not of the schema are ignored.  *R is freed with mc_rows_free and
 * owns the texts of its rows; it is NULL on error.
 *
 * Returns MC_EDATA with the place if a required column is absent, a field is
 * not of its column's kind, or the schema finds a fault in a row.
 */
enum mc_status	 mc_rows_read(struct mc_rows **r, const struct mc_schema *s,
		    char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;

/* The same of the table T, which R owns afterwards, also on error. */
enum mc_status	 mc_rows_of_table(struct mc_rows **r, const struct mc_schema *s,
		    struct mc_table *t, struct mc_err *err) MC_MUST_CHECK;

/*
 * The same where the schema, stored in *S, follows from the columns: CHOOSE
 * returns that of the file T, or NULL with an error.  MC_EDATA where two files
 * have different ones.
 */
enum mc_status	 mc_rows_read_as(struct mc_rows **r,
		    const struct mc_schema *(*choose)(const struct mc_table *t,
		    struct mc_err *err), char *const *paths, size_t n,
		    const struct mc_schema **s, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_rows_free(struct mc_rows *r);

/* Return the structs, which lie in one array in the order of the files. */
size_t		 mc_rows_count(const struct mc_rows *r);
const void	*mc_rows_get(const struct mc_rows *r, size_t row);

/*
 * Replace each text of R by what TO returns for it, COLUMN being the name of its
 * column and ROW its row: TEXT itself, or another that outlives R.  The columns of
 * a row come in the order of the schema.
 */
void		 mc_rows_rename(struct mc_rows *r, const char *(*to)(void *arg,
		    size_t row, const char *column, const char *text),
		    void *arg);

/*
 * Keep the rows for which IS is true, called with ARG and with what their files
 * have in COLUMN ("": nothing).  Returns false if no file has that column.
 */
bool		 mc_rows_keep(struct mc_rows *r, const char *column,
		    bool (*is)(void *arg, const char *text), void *arg);

/* Return the name of the FILE-th file, for messages. */
const char	*mc_rows_name(const struct mc_rows *r, size_t file);

/* Return "FILE:LINE" of a row, for messages; valid until the next call. */
const char	*mc_rows_place(struct mc_rows *r, size_t row);

#endif
