/*
 * latex_cell.h - print the cells of a grid as LaTeX: the points of the estimates and
 * limits of a column are aligned.
 */
#ifndef MC_LATEX_CELL_H
#define MC_LATEX_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "report/grid.h"

/* The digits of a number before and behind its point, and its sign. */
struct latex_shape {
	size_t whole, decimals;
	bool minus;
};

/* The widest numbers of a column, to which others are padded. */
struct latex_widths {
	struct latex_shape text, lower, upper;
	bool bold;		/* some number is bold */
};

struct latex_widths latex_measure(const struct mc_grid *g, size_t column);

/*
 * Append CELL of COLUMN, whose numbers are as wide as W; where it repeats the cell
 * above, only if PAGE_BEGINS.
 */
void	latex_cell(const struct mc_grid_column *column,
	    const struct mc_grid_cell *cell, const struct latex_widths *w,
	    bool page_begins, struct mc_buf *text);

#endif
