/*
 * forest.h - draw numbers with their intervals, one below the other: a forest.
 *
 * A forest has lines, perhaps in groups below headings, and columns, each with
 * an axis of its own and its numbers as text beside it.
 */
#ifndef MC_FOREST_H
#define MC_FOREST_H

#include "report/drawing.h"

struct mc_forest_value {
	double estimate, lo, hi;	/* NAN: none */
	char *text;		/* beside it; NULL: no such row */
	char *further;		/* behind or below that; NULL: nothing */
};

struct mc_forest_column {
	char *heading;
	double factor;		/* of what is drawn to what is in the table */
	double least, most;	/* the range of the scale, in the table */
	double reference;	/* a line there, in the table; NAN: none */
	double margins[2];	/* more such lines, NAN: none */
};

struct mc_forest_line {
	char *heading;		/* of the group that begins here; NULL: none
				   does */
	char *label;
	struct mc_forest_value *values;	/* [column] */
};

struct mc_forest {
	size_t n_columns;
	struct mc_forest_column *columns;
	size_t n_lines, cap;
	struct mc_forest_line *lines;
};

/* An empty forest of N columns, which the caller fills in. */
struct mc_forest *mc_forest_alloc(size_t n);
void		 mc_forest_free(struct mc_forest *f);

/* Append a line whose values are all missing. */
struct mc_forest_line *mc_forest_add(struct mc_forest *f);

/*
 * Draw F, as many columns side by side as there is room for and the others
 * below them.  Returns whether there was room for the numbers beside them.
 */
bool		 mc_forest_draw(const struct mc_forest *f,
		    struct mc_drawing *d);

#endif
