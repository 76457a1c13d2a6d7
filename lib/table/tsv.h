/*
 * tsv.h - read TSV by row or whole, and write it.
 *
 * UTF-8, LF, one header line always, columns found by name.  There is no
 * quoting: TAB, LF, CR and NUL cannot stand in a field; an empty field is a
 * missing value.  Refused, with file and line: no header, an empty or repeated
 * column name, a row of another width, CR, NUL, a byte order mark, bytes that
 * are not UTF-8, a last line without its LF (a stream that was cut).
 */
#ifndef MC_TSV_H
#define MC_TSV_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"

/* --- Row by row --------------------------------------------------------- */

struct mc_tsv;

/*
 * Open PATH (NULL or "-": standard input) and read its header.  *T is NULL on
 * error.  mc_tsv_from_stream does the same with an open stream, which stays
 * the caller's; NAME is for messages.
 */
enum mc_status	 mc_tsv_open(struct mc_tsv **t, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
enum mc_status	 mc_tsv_from_stream(struct mc_tsv **t, FILE *stream,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;
void		 mc_tsv_close(struct mc_tsv *t);

/* Go to the next row: MC_OK, MC_END after the last, or an error. */
enum mc_status	 mc_tsv_next(struct mc_tsv *t, struct mc_err *err)
		    MC_MUST_CHECK;

/* The header: how many columns, their names, the index of a name or -1. */
size_t		 mc_tsv_columns(const struct mc_tsv *t);
const char	*mc_tsv_column(const struct mc_tsv *t, size_t column);
int		 mc_tsv_find(const struct mc_tsv *t, const char *name);

/* A field of the present row; it lives until the next mc_tsv_next. */
const char	*mc_tsv_get(const struct mc_tsv *t, size_t column);

/* Where the present row stands, for messages. */
const char	*mc_tsv_name(const struct mc_tsv *t);
int64_t		 mc_tsv_line(const struct mc_tsv *t);

/* --- Whole --------------------------------------------------------------- */

/*
 * All rows of a TSV: 8 bytes of memory per row.  The text, and 5 bytes per field,
 * are in memory up to 64 MiB, else in an unlinked temporary file (base/store.h).
 */
struct mc_table;

/*
 * A table without rows whose header is the N texts at COLUMNS, which are
 * copied; NAME is for messages.  A name that is empty, repeated or cannot
 * stand in a TSV is an error.
 */
enum mc_status	 mc_table_alloc(struct mc_table **t, const char *name,
		    const char *const *columns, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
/*
 * Add a row of as many fields as there are columns; they are copied.  A field
 * that cannot stand in a TSV is an error, and so is a row of 4 GiB.
 */
enum mc_status	 mc_table_add(struct mc_table *t, const char *const *fields,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * A foreign table: one whose file mctools did not write (csv.h), and which may
 * hold more than is asked for.  Names may repeat, and fields may hold what no
 * TSV can, until the column is bound or checked; in a name such bytes become
 * what mc_tsv_clean makes of them.  LINE is the row's first line in the file.
 */
struct mc_table	*mc_table_foreign(const char *name, const char *const *columns,
		    size_t n);
enum mc_status	 mc_table_add_foreign(struct mc_table *t,
		    const char *const *fields, int64_t line,
		    struct mc_err *err) MC_MUST_CHECK;
/*
 * Whether the column can be used.  Refused, with the place and what to do: one
 * whose name another has too, and one with a field that no TSV can hold.
 */
enum mc_status	 mc_table_check(const struct mc_table *t, size_t column,
		    struct mc_err *err) MC_MUST_CHECK;
/* Whether another column of T has its name. */
int		 mc_table_repeats(const struct mc_table *t, size_t column);

enum mc_status	 mc_table_read(struct mc_table **t, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
/* Return a table without rows that has the header of TSV. */
struct mc_table	*mc_tsv_header(const struct mc_tsv *tsv);

/* Read what is left of the rows of TSV, whose header has been read. */
enum mc_status	 mc_table_from_tsv(struct mc_table **t, struct mc_tsv *tsv,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_table_free(struct mc_table *t);

size_t		 mc_table_rows(const struct mc_table *t);
size_t		 mc_table_columns(const struct mc_table *t);
const char	*mc_table_column(const struct mc_table *t, size_t column);
int		 mc_table_find(const struct mc_table *t, const char *name);
const char	*mc_table_get(const struct mc_table *t, size_t row,
		    size_t column);
/* A field that may be changed in place; it keeps its length. */
char		*mc_table_field(struct mc_table *t, size_t row, size_t column);
/* What the user should know of how T was read, one line; NULL: nothing. */
const char	*mc_table_note(const struct mc_table *t);
void		 mc_table_set_note(struct mc_table *t, const char *fmt, ...)
		    MC_PRINTF(2, 3);
/* The file's name, and the line of a row in it. */
const char	*mc_table_name(const struct mc_table *t);
int64_t		 mc_table_line(const struct mc_table *t, size_t row);

/*
 * Append to TEXT, which says that T has no column NAME, the columns that there
 * are, and which of them differs from NAME in case or blanks alone, if one does.
 */
void		 mc_table_say_columns(const struct mc_table *t,
		    const char *name, struct mc_buf *text);

/*
 * Find the columns NAMES (N of them) and store where they are in INDEX, -1 for
 * a missing one.  The first N_REQUIRED must be there: the error names all that
 * are missing, and the columns that there are.  What is found has been checked.
 */
enum mc_status	 mc_table_bind(const struct mc_table *t,
		    const char *const *names, size_t n, size_t n_required,
		    int *index, struct mc_err *err) MC_MUST_CHECK;

/*
 * The field of ROW as a number in [MIN, MAX]; the error says file, line,
 * column and value.
 */
enum mc_status	 mc_table_f64(const struct mc_table *t, size_t row,
		    size_t column, double min, double max, double *v,
		    struct mc_err *err) MC_MUST_CHECK;

/* --- Writing -------------------------------------------------------------- */

/*
 * Write N fields and a line feed.  A field must not hold TAB, LF or CR: that is
 * the caller's to see to, with mc_tsv_field_ok where the text comes from
 * outside.  Whether the writing went well is asked of the stream at its end.
 */
void		 mc_tsv_write(FILE *f, const char *const *fields, size_t n);
int		 mc_tsv_field_ok(const char *text);

/*
 * Make TEXT fit for a field, in place: TABs and the ends of lines become blanks,
 * and bytes that are not UTF-8 become "?".  Returns whether anything was changed.
 */
int		 mc_tsv_clean(char *text);

/* The header and all rows of T. */
void		 mc_table_write(const struct mc_table *t, FILE *f);

#endif
