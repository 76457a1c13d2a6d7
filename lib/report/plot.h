/*
 * plot.h - lay a figure out as a script for gnuplot.
 *
 * A figure is a page with panels on it.  A panel has axes and what is plotted
 * between them; all texts, and lines outside of panels, are on the page.  The
 * numbers that are plotted stand in the script as they stand in the table.
 *
 * On the page x grows to the right and y downwards.  Both are in points, as it
 * will be printed; on a terminal they are in columns and rows.  Who lays out
 * counts in the struct's em and line, which hold for both.
 *
 * Colours are those of Okabe and Ito (2008), each with a dash pattern and a
 * mark of its own, so that 42 lines differ also in grey.
 */
#ifndef MC_PLOT_H
#define MC_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum mc_plot_format { MC_PLOT_SVG, MC_PLOT_PDF, MC_PLOT_PNG, MC_PLOT_TEXT };

struct mc_plot_style {
	enum mc_plot_format format;
	double width;		/* in millimetres; of text: in columns */
	const char *font;
	double size;		/* of the text, in points */
	int64_t dpi;		/* of a PNG */
};

enum mc_plot_align { MC_LEFT, MC_CENTRE, MC_RIGHT };
enum mc_plot_face { MC_PLAIN, MC_BOLD, MC_SMALL };

/* Styles of lines that are no data: gnuplot's "ls". */
enum mc_plot_rule {
	MC_RULE_REFERENCE = 101,	/* dashed, grey */
	MC_RULE_GRID,			/* thin, light grey */
	MC_RULE_BLACK,			/* an axis, a whisker */
	MC_RULE_THICK			/* a bar */
};

struct mc_plot {
	const struct mc_plot_style *style;
	double width;		/* of the page */
	double em;		/* the width of a digit */
	double line;		/* from one line of text to the next */
	double ratio;		/* a length in y over the same length in x */
	bool is_text;		/* for a terminal: no fills, nothing turned */
	bool has_minus;		/* an axis has negative numbers */
	size_t n_looks;
	/* The parts of the script so far. */
	struct mc_buf data, panels, page, elements;
	size_t n_blocks, n_labels, n_arrows, n_objects;
};

/* An empty page; STYLE stays the caller's and must outlive it. */
struct mc_plot	*mc_plot_alloc(const struct mc_plot_style *style);
void		 mc_plot_free(struct mc_plot *p);

/*
 * Append the script of the page, HEIGHT high, to SCRIPT; it writes the figure
 * to standard output.
 */
void		 mc_plot_script(const struct mc_plot *p, double height,
		    struct mc_buf *script);

/* The height of the page as it will be printed, in millimetres; 0 of text. */
double		 mc_plot_height_mm(const struct mc_plot *p, double height);

/* --- On the page ---------------------------------------------------------- */

/* The width of TEXT. */
double		 mc_plot_text_width(const struct mc_plot *p,
		    enum mc_plot_face face, const char *text);

/* Draw TEXT, with its middle at the height Y. */
void		 mc_plot_text(struct mc_plot *p, double x, double y,
		    enum mc_plot_align align, enum mc_plot_face face,
		    const char *text);

/* The same in the colour "#RRGGBB". */
void		 mc_plot_text_in(struct mc_plot *p, double x, double y,
		    enum mc_plot_align align, enum mc_plot_face face,
		    const char *colour, const char *text);

/* The same turned by 90 degrees, read from below, X being the middle of its
   line; ALIGN is along it.  Nothing on a terminal. */
void		 mc_plot_text_up(struct mc_plot *p, double x, double y,
		    enum mc_plot_align align, const char *text);

/*
 * Draw TEXT in lines that are at most WIDTH wide (0: in one line), so that the
 * middle of all of them is at X and Y; UP: turned, as above.
 */
void		 mc_plot_text_around(struct mc_plot *p, double x, double y,
		    double width, enum mc_plot_align align,
		    enum mc_plot_face face, bool up, const char *text);

/*
 * Draw TEXT in lines that are at most WIDTH wide, the first in the middle of
 * the line at Y; returns where the line below them is.
 */
double		 mc_plot_lines(struct mc_plot *p, double x, double y,
		    double width, enum mc_plot_face face, const char *text);

/* How many lines that takes; 1 where WIDTH is 0. */
size_t		 mc_plot_lines_needed(const struct mc_plot *p, double width,
		    enum mc_plot_face face, const char *text);

/* Draw a line; HEAD: with an arrowhead at its end. */
void		 mc_plot_line(struct mc_plot *p, double x0, double y0,
		    double x1, double y1, int style, bool head);

/*
 * Draw a box with its upper left corner at X and Y; FILL is "#RRGGBB" or NULL.
 * Nothing on a terminal.
 */
void		 mc_plot_box(struct mc_plot *p, double x, double y, double w,
		    double h, const char *fill, bool border);

/* Draw a sample of LOOK, WIDTH wide, at the height Y. */
void		 mc_plot_sample(struct mc_plot *p, double x, double y,
		    double width, int look, bool line, bool mark);

/* --- Looks ---------------------------------------------------------------- */

/* Say that N looks are used: gnuplot's "ls 1" to "ls N". */
void		 mc_plot_looks(struct mc_plot *p, size_t n);

/* The colour of look 1, 2, ...: "#0072B2". */
const char	*mc_plot_colour(size_t look);

/* --- Data ----------------------------------------------------------------- */

/* Begin a block of data; returns N of its name in the script, $dN. */
size_t		 mc_plot_block(struct mc_plot *p, const char *comment);

/*
 * Append a row of N numbers.  NAN breaks a line there.  Of an interval without
 * ends gnuplot draws a short bar at the axis, so "valid(3)?$2:NaN" must leave it
 * out, where column 3 is an end.
 */
void		 mc_plot_row(struct mc_plot *p, const double *v, size_t n);
void		 mc_plot_block_end(struct mc_plot *p);

/* --- Panels --------------------------------------------------------------- */

struct mc_plot_axis {
	const char *label;	/* NULL: none */
	double room;		/* for it along the axis; 0: any */
	double lo, hi;
	double step;		/* between ticks; 0: they are at TICKS */
	const double *ticks;
	size_t n_ticks;
	bool log;
	bool silent;		/* ticks without numbers */
	bool bare;		/* no ticks */
};

struct mc_plot_panel {
	double x, y, w, h;	/* of what the axes enclose */
	const char *title;	/* above it; NULL: none */
	double title_x;		/* where it begins */
	double title_room;	/* its width; 0: any */
	struct mc_plot_axis ax, ay;
	unsigned border;	/* gnuplot's: 1 below, 2 left, 4 above,
				   8 right */
	bool grid;		/* of vertical lines */
};

/*
 * Cut A, which mc_plot_axis_round has set, at LEAST and MOST, where values end.  An
 * axis of one value at MOST has a step below it.
 */
void		 mc_plot_axis_cut(struct mc_plot_axis *a, double least,
		    double most);

/*
 * Set LO and HI of A to multiples of a round STEP around LO and HI, so that
 * there are about N steps.
 */
void		 mc_plot_axis_round(struct mc_plot_axis *a, double lo, double hi,
		    size_t n);

/* The width of the widest number at the ticks of A; 0: it has none. */
double		 mc_plot_widest_number(const struct mc_plot *p,
		    const struct mc_plot_axis *a);

/* How far its numbers and labels reach out of a panel: left of it, below it. */
double		 mc_plot_left(const struct mc_plot *p,
		    const struct mc_plot_axis *ay);
double		 mc_plot_below(const struct mc_plot *p,
		    const struct mc_plot_axis *ax);

/* Begin a panel, add elements of gnuplot's plot command, and end it. */
void		 mc_plot_panel(struct mc_plot *p, const struct mc_plot_panel *q);
void		 mc_plot_add(struct mc_plot *p, const char *fmt, ...)
		    MC_PRINTF(2, 3);
void		 mc_plot_panel_end(struct mc_plot *p);

#endif
