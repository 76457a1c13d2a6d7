/*
 * drawing.h - hold a figure that is being drawn, and what a user says about it.
 */
#ifndef MC_DRAWING_H
#define MC_DRAWING_H

#include "report/facts.h"
#include "report/notes.h"
#include "report/plot.h"

/* What a user says about a figure. */
struct mc_figure_style {
	struct mc_plot_style plot;
	struct mc_table_style table;	/* metrics, and what a group is called */
};

/* A figure that is being drawn. */
struct mc_drawing {
	const struct mc_figure_style *style;
	struct mc_plot *plot;
	struct mc_notes *notes;
	double y;			/* the height that is taken */
};

#endif
