/*
 * curve_figure.h - what figures of the table of mc-curve have in common: which
 * rows are drawn, their panels and lines, bins, and where the key is.
 */
#ifndef MC_CURVE_FIGURE_H
#define MC_CURVE_FIGURE_H

#include "report/drawing.h"
#include "report/series.h"
#include "report/tiles.h"
#include "table/schemas.h"

struct mc_curve_figure {
	size_t n;
	const struct mc_curves_row **row;	/* [n], the table's */
	struct mc_series s;
};

/*
 * Choose the rows of ROWS that IS holds of, say how many are left out, and tell
 * panels and lines apart: where LINES, an arm, or the class or subgroup of only
 * one, is a line, else all are panels.  F is freed with mc_curve_figure_clear.
 */
void	mc_curve_figure_make(struct mc_curve_figure *f, struct mc_rows *rows,
	    struct mc_drawing *d, bool (*is)(const void *row), bool lines);
void	mc_curve_figure_clear(struct mc_curve_figure *f);

/*
 * Write the bins of CURVE in PANEL and LINE as a block: the lower end of each
 * and what OF returns of its row, NAN leaving it out; then the end of the last
 * bin, 1, with its number again, since gnuplot's steps end at a point.  Returns
 * the block's number, 0 where there is no bin.
 */
size_t	mc_curve_figure_bins(const struct mc_curve_figure *f,
	    struct mc_plot *p, size_t panel, size_t line, const char *curve,
	    double (*of)(const struct mc_curves_row *row), const char *comment);

/* What R was made from; its interval only where INTERVAL. */
struct mc_evidence mc_curve_figure_evidence(const struct mc_curves_row *r,
	    bool interval);

/* Draw the key L beside the panels of T, the first of which begins at TOP, or
   from D->y on where there is no room; D->y is then below it. */
void	mc_curve_figure_legend(struct mc_drawing *d, const struct mc_legend *l,
	    const struct mc_tiles *t, double top);

#endif
