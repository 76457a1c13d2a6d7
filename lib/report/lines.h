/*
 * lines.h - tell the lines of a table apart by their keys: task, model, fold.
 *
 * Which keys get a column is the table's to choose; a key without one that has
 * a single value is said below the table.
 */
#ifndef MC_LINES_H
#define MC_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/grid.h"

struct mc_lines {
	size_t n;			/* keys, in the order of columns */
	const char *const *headings;	/* [n] */
	size_t n_said_once;		/* the first keys, which a line leaves
					   out that repeats them */
	size_t n_lines, cap;
	const char **text;		/* [line * n + key], never NULL */
	bool *shown;			/* [n]: has a column */
	size_t n_kept, kept_cap;
	char **kept;			/* texts that are the lines' own */
};

/* For N keys and no line yet; HEADINGS are not copied. */
void	mc_lines_init(struct mc_lines *l, const char *const *headings,
	    size_t n, size_t n_said_once);
void	mc_lines_clear(struct mc_lines *l);

/* Append a line; returns where its texts go, [key], which are not copied. */
const char **mc_lines_add(struct mc_lines *l);

/* Keep TEXT, which is freed with the lines; returns it. */
const char *mc_lines_keep(struct mc_lines *l, char *text);

/*
 * Return how TASK is printed, NOTE being a note of its row: a mean over the
 * findings of multi-label data is "chest (mean over findings)".
 */
const char *mc_lines_task(struct mc_lines *l, const char *task,
	    const char *note);

const char *mc_lines_text(const struct mc_lines *l, size_t line, size_t key);

/* Whether LINE differs from the one above it in one of the first N keys. */
bool	mc_lines_differ(const struct mc_lines *l, size_t line, size_t n);

/*
 * The one value that KEY has in the lines that know it: "" where none does,
 * NULL where there are several.
 */
const char *mc_lines_only(const struct mc_lines *l, size_t key);

/* Whether KEY has the same value, which may be "", in all lines. */
bool	mc_lines_is_constant(const struct mc_lines *l, size_t key);

/* Whether some two lines differ in KEY and in nothing else. */
bool	mc_lines_decides(const struct mc_lines *l, size_t key);

/* Add the columns of the keys that are shown. */
void	mc_lines_add_columns(const struct mc_lines *l, struct mc_grid *g);

/* Fill in the keys of LINE at CELLS; returns the cell after them. */
struct mc_grid_cell *mc_lines_fill(const struct mc_lines *l, size_t line,
	    struct mc_grid_cell *cells);

/*
 * Compare two tasks by name, numbers in them as numbers.  The findings of a
 * task, TASK:FINDING, are before TASK, which is their mean; where TASK has no
 * name it comes last.
 */
int	mc_lines_compare_tasks(const char *a, const char *b);

/*
 * Compare two names as an index in print does: A to Z whatever the case, numbers
 * in them as numbers.  0: they are equal, also in case.
 */
int	mc_lines_compare_names(const char *a, const char *b);

#endif
