/*
 * tiles.h - arrange panels of one size in rows, and the key to their lines.
 */
#ifndef MC_TILES_H
#define MC_TILES_H

#include "report/plot.h"

/* What is arranged. */
struct mc_tiles_wish {
	size_t n;		/* panels */
	double aspect;		/* of each: its height over its width */
	double widest;		/* of it, in columns of 86 mm */
	const struct mc_plot_panel *like;	/* whose axes are like theirs */
	bool own_y;		/* each has a label at its axis of y */
	char *const *titles;	/* NULL: none */
	double extra;		/* below each panel, for a second one */
	double right;		/* what is left free at the right of each */
	double top;		/* of the first row */
};

struct mc_tiles {
	size_t n, columns;
	double top;		/* of the first row, with its titles */
	double w, h;		/* of what the axes enclose */
	double extra;		/* below each panel, for a second one */
	double title_room, x_room, y_room;	/* for titles and labels */
	bool own_y;
	double left, between;	/* of the first, and between two */
	double above, below;	/* of each row */
	double last;		/* below the last one */
};

/* Arrange the panels of W.  Titles and labels that are longer than their panel
   allows are folded, and have the room for it. */
void	mc_tiles_make(struct mc_tiles *t, const struct mc_plot *p,
	    const struct mc_tiles_wish *w);

/*
 * Set the place of panel I in Q, and what its title and labels may take; take
 * away the labels of axes that a neighbour has.
 */
void	mc_tiles_place(const struct mc_tiles *t, size_t i,
	    struct mc_plot_panel *q);

/* The right end of the panels, and the height below them. */
double	mc_tiles_right(const struct mc_tiles *t);
double	mc_tiles_bottom(const struct mc_tiles *t);

/* --- The key -------------------------------------------------------------- */

struct mc_legend_entry {
	const char *name;	/* not copied */
	int look;		/* or enum mc_plot_rule */
	bool line, mark;
	const char *fill;	/* "#RRGGBB": a box; NULL: none */
};

struct mc_legend {
	size_t n, cap;
	struct mc_legend_entry *entries;
};

void	mc_legend_add(struct mc_legend *l, const char *name, int look,
	    bool line, bool mark);
void	mc_legend_clear(struct mc_legend *l);

/* Its size with all entries one below the other. */
double	mc_legend_width(const struct mc_plot *p, const struct mc_legend *l);
double	mc_legend_height(const struct mc_plot *p, const struct mc_legend *l);

/* Draw it so, with its upper left corner at X and Y. */
void	mc_legend_draw(struct mc_plot *p, const struct mc_legend *l, double x,
	    double y);

/*
 * Draw it in as many columns as fit, from X and Y on, or in one whose names are
 * folded; returns the height below it.
 */
double	mc_legend_flow(struct mc_plot *p, const struct mc_legend *l, double x,
	    double y);

#endif
