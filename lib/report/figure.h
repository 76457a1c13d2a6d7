/*
 * figure.h - draw a table as a figure: ROC curves, forests, a flow of images.
 *
 * A kind of figure is a struct mc_figure, in the file of its kind, and a row
 * here.
 */
#ifndef MC_FIGURE_H
#define MC_FIGURE_H

#include "base/err.h"
#include "report/drawing.h"
#include "table/schemas.h"

#define MC_FIGURE_DECIMALS	1	/* of percentages, where none are asked
					   for */

struct mc_figure {
	const char *name;		/* of --figure */
	const struct mc_schema *schema;	/* of its table */
	const char *sign;		/* a column that tells this table from
					   the others */
	/* Whether ROW, of that table, can be drawn so; NULL: any can. */
	bool (*suits)(const void *row);
	/* Draw R, of which at least one row suits. */
	enum mc_status (*draw)(struct mc_rows *r, struct mc_drawing *d,
	    struct mc_err *err);
};

/* All of them; roc is mc_figure_roc in figure_curves.c.  Of several figures of
   a table the first that it suits is the default. */
#define MC_FIGURES(X) \
	X(roc) \
	X(pr) \
	X(calibration) \
	X(decision) \
	X(distribution) \
	X(confusion) \
	X(power) \
	X(differences) \
	X(ranks) \
	X(forest) \
	X(subgroups) \
	X(shares) \
	X(training) \
	X(flow)

#define MC_FIGURE_DECLARED(name) extern const struct mc_figure mc_figure_##name;
MC_FIGURES(MC_FIGURE_DECLARED)

/* In that order; both end in NULL. */
extern const struct mc_figure *const mc_figures[];
extern const char *const mc_figure_names[];

/*
 * Read the N tables at PATHS ("-": standard input), which are of one kind, and
 * choose their FIGURE, or where it is NULL the first that they suit.  *R is
 * freed with mc_rows_free, and NULL on error.
 *
 * Returns MC_EUSAGE, with the figures that are possible, where FIGURE is not
 * one of these; MC_EDATA where no figure shows such tables, where they are of
 * several kinds, or where no figure shows any of their rows.
 */
enum mc_status	mc_figure_read(const struct mc_figure **figure,
		    struct mc_rows **r, char *const *paths, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Draw R: append gnuplot's script to SCRIPT, what is to be said below the
 * figure to NOTES (BELOW: it is also in the figure), and to ADVICE what is not
 * drawn for want of room, a line each.  *HEIGHT is how high the figure is, in
 * millimetres.
 */
enum mc_status	mc_figure_draw(const struct mc_figure *figure,
		    struct mc_rows *r, const struct mc_figure_style *style,
		    bool below, struct mc_buf *script, struct mc_buf *notes,
		    struct mc_buf *advice, double *height, struct mc_err *err) MC_MUST_CHECK;

#endif
