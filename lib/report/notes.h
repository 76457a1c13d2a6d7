/*
 * notes.h - the remarks below a table, with letters that point to its numbers.
 *
 * A remark that is about all numbers of the table has no letter.  One that is
 * about all numbers of a column has its letter at the column's heading, and any
 * other at each number that it is about.
 */
#ifndef MC_NOTES_H
#define MC_NOTES_H

#include <stddef.h>

#include "base/mem.h"

struct mc_notes;

/* For a table of that size, with no number in it yet. */
struct mc_notes	*mc_notes_alloc(size_t n_lines, size_t n_columns);
void		 mc_notes_free(struct mc_notes *n);

/*
 * There is a number at LINE and COLUMN, and TEXT holds remarks about it, joined
 * by "; " ("": none).  May be called again for the same place.
 */
void		 mc_notes_add(struct mc_notes *n, size_t line, size_t column,
		    const char *text);

/* Give out the letters, once after the last mc_notes_add. */
void		 mc_notes_letter(struct mc_notes *n);

/*
 * Append the letters of a number, or of a column's heading, as superscripts.
 * Those of numbers take the same width in all lines of a column: call it for
 * every line, also where there is no number.
 */
void		 mc_notes_mark(const struct mc_notes *n, size_t line,
		    size_t column, struct mc_buf *text);
void		 mc_notes_mark_heading(const struct mc_notes *n, size_t column,
		    struct mc_buf *text);

/* Append the remarks as sentences, those without a letter first. */
void		 mc_notes_write(const struct mc_notes *n, struct mc_buf *text);

#endif
