/*
 * latex_parts.h - divide a grid into parts, whose columns fit on a page, and pages.
 */
#ifndef MC_LATEX_PARTS_H
#define MC_LATEX_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/grid.h"

/* Columns that are printed together: the first, which say what a line is, and
   some of the others. */
struct latex_part {
	size_t keys;		/* how many the first are */
	size_t from, to;	/* the others */
	bool turned;
	size_t lines;		/* of a page */
};

/*
 * The part that begins with column FROM; the first begins with 0, and TO of the last
 * is the number of columns.  It is turned where its lines would else be shrunk too
 * much.  A page that is turned has room for fewer lines, but for more where these
 * are shrunk.
 */
struct latex_part latex_part_plan(const struct mc_grid *g, size_t from);

/* The first column of PART, and the one behind C; TO where it is the last. */
size_t	latex_part_first(const struct latex_part *part);
size_t	latex_part_next(const struct latex_part *part, size_t c);

/*
 * Where the page of part P ends that begins with line FROM: before the last rule or
 * space that fits, or full where there is none.
 */
size_t	latex_page_end(const struct mc_grid *g, const struct latex_part *p,
	    size_t from);

#endif
