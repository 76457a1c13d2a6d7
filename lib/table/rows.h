/*
 * rows.h - tables of a fixed schema, as arrays of structs.
 *
 * A schema says of each column its name, its kind and the member of the struct
 * that holds it; reading and writing follow from it.  This is what metrics.h
 * and differences.h have in common.
 */
#ifndef MC_ROWS_H
#define MC_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum mc_row_kind {
	MC_ROW_TEXT,		/* const char *, never NULL; missing: "" */
	MC_ROW_REAL,		/* double; missing: NAN */
	MC_ROW_COUNT		/* int64_t, not negative; missing: -1 */
};

struct mc_row_column {
	const char *name;
	enum mc_row_kind kind;
	size_t offset;			/* of the member */
};

struct mc_row_schema {
	const struct mc_row_column *columns;	/* as they are written */
	size_t n_columns;
	const char *const *required;	/* names that a file must have */
	size_t n_required;
	size_t size;			/* of the struct */
	/* What is wrong with a row whose fields are sound; NULL: nothing. */
	const char *(*fault)(const void *row);
};

/* The header, and the struct at ROW, as TSV; numbers so that they read back. */
void		 mc_rows_write_header(FILE *f, const struct mc_row_schema *s);
void		 mc_rows_write(FILE *f, const struct mc_row_schema *s,
		    const void *row);

struct mc_rows;

/*
 * Read the N files at PATHS ("-": standard input), each with a header of its
 * own.  A column that is absent and not required is missing in every row.  *R
 * is freed with mc_rows_free and owns the texts of its rows; it is NULL on
 * error.
 */
enum mc_status	 mc_rows_read(struct mc_rows **r,
		    const struct mc_row_schema *s, char *const *paths, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_rows_free(struct mc_rows *r);

/* The structs lie one behind the other, in the order of the files. */
size_t		 mc_rows_count(const struct mc_rows *r);
const void	*mc_rows_get(const struct mc_rows *r, size_t row);

/* "FILE:LINE" of a row, for messages; lives until the next call. */
const char	*mc_rows_place(struct mc_rows *r, size_t row);

#endif
