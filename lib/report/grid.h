/*
 * grid.h - hold a table for print: cells of text, and the notes below them.
 *
 * A table of results is put into a grid once, and a printer (format.h) makes it
 * LaTeX, HTML or whatever is asked for.  All texts are plain UTF-8 and escaped
 * by the printer; a minus sign is U+2212, a missing number U+2013.
 *
 * A note that is about all numbers of the table has no letter.  One that is
 * about all numbers of a column has its letter at the column's heading, and any
 * other at each number that it is about.
 */
#ifndef MC_GRID_H
#define MC_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define MC_MINUS	"\xE2\x88\x92"
#define MC_MISSING	"\xE2\x80\x93"

#define MC_GRID_MOST_ABOVE	32	/* lines of headings above those of columns */

struct mc_grid_column {
	char *heading;
	char **above;		/* [n_above]: of groups of columns, the
				   outermost first; neighbours with the same
				   are one group.  NULL: none */
	char *marks;		/* letters of notes, "a,c"; NULL: none */
	bool is_number;		/* set right, under a centred heading */
	bool is_apart;		/* its intervals are to be aligned: they take a
				   column of their own where a format has room */
	/* Known once the grid is finished: */
	bool has_intervals;	/* a number has one */
	const char *widest;	/* the longest marks of a number; NULL: none */
};

struct mc_grid_cell {
	char *text;		/* NULL: empty */
	char *lower, *upper;	/* limits of its interval; NULL: none */
	char *marks;		/* letters of notes, "a,c"; NULL: none */
	bool bold;
	bool repeats;		/* says the same as the cell above it */
	bool noted;		/* a number that notes may be about */
};

/* What is between a line and the one above it. */
enum mc_grid_rule { MC_NO_RULE, MC_SPACE, MC_RULE };

struct mc_grid_line {
	enum mc_grid_rule above;
	struct mc_grid_cell *cells;	/* [column] */
};

/* What is said below the table. */
struct mc_grid_sentence {
	char *marks;		/* the letter that points to it; NULL: none */
	char *text;		/* with its full stop */
};

struct mc_grid_note;

struct mc_grid {
	char *caption, *label;	/* NULL: none */
	size_t n_above;		/* lines of headings above those of columns */
	size_t n_columns, columns_cap;
	struct mc_grid_column *columns;
	size_t n_lines, lines_cap;
	struct mc_grid_line *lines;
	size_t n_sentences, sentences_cap;
	struct mc_grid_sentence *sentences;
	size_t n_notes, notes_cap;
	struct mc_grid_note *notes;
};

/* An empty grid; CAPTION and LABEL, which may be NULL, are copied. */
struct mc_grid	*mc_grid_alloc(const char *caption, const char *label);
void		 mc_grid_free(struct mc_grid *g);

/* Append a column, before the first line; HEADING is copied. */
struct mc_grid_column *mc_grid_add_column(struct mc_grid *g,
		    const char *heading, bool is_number);

/* Put HEADING, which is copied, above the last column: below those that it has
   already. */
void		 mc_grid_add_above(struct mc_grid *g, const char *heading);

/*
 * The end of the group of columns, in line LEVEL of the headings above, that
 * begins with column FROM, which has some: the column behind its last one.
 */
size_t		 mc_grid_group_end(const struct mc_grid *g, size_t level,
		    size_t from);

/* All headings of COLUMN in one, the outermost first: "chest / F1"; the caller
   frees it. */
char		*mc_grid_heading(const struct mc_grid *g, size_t column);

/* Append a line of empty cells; returns them, [column]. */
struct mc_grid_cell *mc_grid_add_line(struct mc_grid *g,
		    enum mc_grid_rule above);

/*
 * Append to the number at LINE and COLUMN the notes that TEXT holds, joined by
 * "; " ("": none).  May be called again for the same number.
 */
void		 mc_grid_note(struct mc_grid *g, size_t line, size_t column,
		    const char *text);

/* Drop the note TEXT, if it is there, from all numbers. */
void		 mc_grid_drop_note(struct mc_grid *g, const char *text);

/* Append a sentence below the table. */
void		 mc_grid_say(struct mc_grid *g, const char *fmt, ...)
		    MC_PRINTF(2, 3);

/*
 * Give the notes their letters, in the order in which a reader meets them:
 * headings, then line by line; and append them to the sentences, those without
 * a letter first.  Once, when all else is in the grid.  Notes that differ in
 * nothing but a count, "undefined in 3 of 4999 replicates", become one.
 */
void		 mc_grid_finish(struct mc_grid *g);

#endif
