/*
 * trend.h - draw lines over a number: an epoch, a share, a size.
 *
 * A line is labelled at its end where there is one panel and the ends lie
 * apart; else a key says which is which.
 */
#ifndef MC_TREND_H
#define MC_TREND_H

#include "report/drawing.h"

struct mc_trend_point {
	size_t panel, line;
	double x, y, lo, hi;	/* as in the table; NAN: missing */
};

struct mc_trend_panel {
	char *title;		/* "": none */
	const char *y;		/* the label of its axis */
	double factor;		/* of what is drawn to what is in the table */
	double least, most;	/* the range of the scale, in the table */
	double reference;	/* a dashed line there; NAN: none */
};

struct mc_trend {
	const char *x;		/* the label of the axis */
	bool log;		/* its scale */
	bool ticks;		/* only where there are points */
	bool whole;		/* its numbers are whole */
	bool marked;		/* each point has a mark */
	size_t n_panels, n_lines;
	struct mc_trend_panel *panels;
	char *const *lines;	/* their names */
	size_t n, cap;
	struct mc_trend_point *points;
};

void	mc_trend_add(struct mc_trend *t, const struct mc_trend_point *point);

/*
 * Check that the points of each line go on in x.  MC_EDATA: one does not, as
 * where rows are given twice; NAME is what the message begins with.
 */
enum mc_status	mc_trend_check(const struct mc_trend *t, const char *name,
	    struct mc_err *err) MC_MUST_CHECK;

/* Free the points, and the panels with their titles. */
void	mc_trend_clear(struct mc_trend *t);

/*
 * Draw T, whose lines have their points in the order of x.  Returns whether
 * intervals were drawn: those of more than a few lines would hide each other.
 */
bool	mc_trend_draw(const struct mc_trend *t, struct mc_drawing *d);

#endif
