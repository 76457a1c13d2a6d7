/* plot.c - lay a figure out as a script for gnuplot. */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "report/grid.h"
#include "report/plot.h"
#include "report/typeset.h"

#define POINTS_PER_MM	(72 / 25.4)
#define SMALL		0.875	/* of the size of the text */
#define LEADING		1.25	/* of the size of the text */

/* --- Looks ---------------------------------------------------------------- */

/*
 * Okabe and Ito's colours without yellow, which does not show on white, in an
 * order in which neighbours differ in grey too.  Seven colours and six dash
 * patterns: 42 lines before one repeats.
 */
static const char *const colours[] = {
	"#0072B2", "#D55E00", "#009E73", "#000000", "#CC79A7", "#E69F00",
	"#56B4E9"
};
#define N_COLOURS (sizeof(colours) / sizeof(*colours))

static const char *const dashes[] = {
	"solid", "(9,4)", "(2,3)", "(9,3,2,3)", "(16,4)", "(9,3,2,3,2,3)"
};
#define N_DASHES (sizeof(dashes) / sizeof(*dashes))

/* Filled circle, square, triangles, diamond, then the open ones. */
static const int marks[] = { 7, 5, 9, 13, 11, 6, 4, 8, 12, 10 };
#define N_MARKS (sizeof(marks) / sizeof(*marks))

/* What gnuplot draws the lines of a terminal with. */
static const char inks[] = "*#$%@&=";

const char *
mc_plot_colour(size_t look)
{
	return colours[(look - 1) % N_COLOURS];
}

void
mc_plot_looks(struct mc_plot *p, size_t n)
{
	if (n > p->n_looks)
		p->n_looks = n;
}

static void
put_looks(const struct mc_plot *p, struct mc_buf *script)
{
	size_t i;

	for (i = 1; i <= p->n_looks; i++) {
		if (p->is_text)
			mc_buf_printf(script, "set style line %zu lt %zu "
			    "pt %zu\n", i, i, i);
		else
			mc_buf_printf(script, "set style line %zu lc rgb '%s' "
			    "lw 1.1 dt %s pt %d ps 0.5\n", i,
			    mc_plot_colour(i), dashes[(i - 1) % N_DASHES],
			    marks[(i - 1) % N_MARKS]);
	}
	if (p->is_text) {
		mc_buf_printf(script, "set style line %d lt 0\n"
		    "set style line %d lt 0\nset style line %d lt -1\n"
		    "set style line %d lt 1\n", MC_RULE_REFERENCE,
		    MC_RULE_GRID, MC_RULE_BLACK, MC_RULE_THICK);
		return;
	}
	mc_buf_printf(script, "set style line %d lc rgb '#707070' lw 0.75 "
	    "dt (8,6)\n", MC_RULE_REFERENCE);
	mc_buf_printf(script, "set style line %d lc rgb '#D8D8D8' lw 0.5 "
	    "dt solid\n", MC_RULE_GRID);
	mc_buf_printf(script, "set style line %d lc rgb '#000000' lw 0.75 "
	    "dt solid\n", MC_RULE_BLACK);
	mc_buf_printf(script, "set style line %d lc rgb '#000000' lw 2.5 "
	    "dt solid\n", MC_RULE_THICK);
}

/* --- The page ------------------------------------------------------------- */

struct mc_plot *
mc_plot_alloc(const struct mc_plot_style *style)
{
	struct mc_plot *p = mc_xcalloc(1, sizeof(*p));

	p->style = style;
	p->is_text = style->format == MC_PLOT_TEXT;
	p->width = p->is_text ? style->width :
	    round(style->width * POINTS_PER_MM);
	p->em = p->is_text ? 1 : style->size * mc_text_ems("0");
	p->line = p->is_text ? 1 : style->size * LEADING;
	p->ratio = p->is_text ? 0.5 : 1;
	return p;
}

void
mc_plot_free(struct mc_plot *p)
{
	if (p == NULL)
		return;
	mc_buf_free(&p->data);
	mc_buf_free(&p->panels);
	mc_buf_free(&p->page);
	mc_buf_free(&p->elements);
	free(p);
}

double
mc_plot_height_mm(const struct mc_plot *p, double height)
{
	return p->is_text ? 0 : height / POINTS_PER_MM;
}

static double
size_of(const struct mc_plot *p, enum mc_plot_face face)
{
	return p->style->size * (face == MC_SMALL ? SMALL : 1);
}

double
mc_plot_text_width(const struct mc_plot *p, enum mc_plot_face face,
    const char *text)
{
	if (p->is_text)
		return (double)mc_text_columns(text);
	return mc_text_ems(text) * size_of(p, face) *
	    (face == MC_BOLD ? 1.08 : 1);
}

/* Append the font of FACE as gnuplot has it: 'Helvetica:Bold,8'. */
static void
put_font(const struct mc_plot *p, enum mc_plot_face face, struct mc_buf *s)
{
	mc_text_quote(p->style->font, s);
	s->data[--s->len] = '\0';	/* the quote */
	mc_buf_printf(s, "%s,%g'", face == MC_BOLD ? ":Bold" : "",
	    size_of(p, face));
}

/* Append a label without its end; its number is the page's next. */
static void
put_label(struct mc_plot *p, double x, double y, enum mc_plot_align align,
    enum mc_plot_face face, const char *text)
{
	static const char *const aligned[] = { "left", "center", "right" };

	/* The row of a terminal in which the line of text is, and the text without
	   the isolates of base/bidi.h, for which gnuplot leaves columns. */
	char *seen = p->is_text ? mc_text_seen(text) : NULL;

	if (p->is_text)
		y = floor(y);
	mc_buf_printf(&p->page, "set label %zu ", ++p->n_labels);
	mc_text_quote(seen != NULL ? seen : text, &p->page);
	free(seen);
	mc_buf_printf(&p->page, " at %.2f,%.2f %s", x, y, aligned[align]);
	if (!p->is_text && face != MC_PLAIN) {
		mc_buf_puts(&p->page, " font ");
		put_font(p, face, &p->page);
	}
}

void
mc_plot_text(struct mc_plot *p, double x, double y, enum mc_plot_align align,
    enum mc_plot_face face, const char *text)
{
	put_label(p, x, y, align, face, text);
	mc_buf_puts(&p->page, "\n");
}

void
mc_plot_text_in(struct mc_plot *p, double x, double y,
    enum mc_plot_align align, enum mc_plot_face face, const char *colour,
    const char *text)
{
	put_label(p, x, y, align, face, text);
	mc_buf_printf(&p->page, " tc rgb '%s'\n", colour);
}

void
mc_plot_text_up(struct mc_plot *p, double x, double y,
    enum mc_plot_align align, const char *text)
{
	if (p->is_text)
		return;
	put_label(p, x, y, align, MC_PLAIN, text);
	mc_buf_puts(&p->page, " rotate by 90\n");
}

/* What mc_text_break measures with. */
struct measure {
	const struct mc_plot *p;
	enum mc_plot_face face;
};

static double
measure(const char *text, void *arg)
{
	const struct measure *m = arg;

	return mc_plot_text_width(m->p, m->face, text);
}

/* The distance of lines of FACE. */
static double
leading(const struct mc_plot *p, enum mc_plot_face face)
{
	return p->is_text || face != MC_SMALL ? p->line : p->line * SMALL;
}

/* The first line of *TEXT, which *TEXT leaves; NULL: there is none.  The caller
   frees it. */
static char *
next_line(const struct mc_plot *p, double width, enum mc_plot_face face,
    const char **text)
{
	struct measure m = { p, face };
	const char *begin = *text + strspn(*text, " ");
	size_t n;

	if (*begin == '\0')
		return NULL;
	n = width > 0 ? mc_text_break(begin, width, measure, &m) :
	    strlen(begin);
	*text = begin + n;
	return mc_xstrndup(begin, n);
}

void
mc_plot_text_around(struct mc_plot *p, double x, double y, double width,
    enum mc_plot_align align, enum mc_plot_face face, bool up,
    const char *text)
{
	size_t n = mc_plot_lines_needed(p, width, face, text);
	double first = -0.5 * ((double)n - 1) * leading(p, face);
	char *line;

	for (; (line = next_line(p, width, face, &text)) != NULL;
	    first += leading(p, face)) {
		if (up)
			mc_plot_text_up(p, x + first, y, align, line);
		else
			mc_plot_text(p, x, y + first, align, face, line);
		free(line);
	}
}

double
mc_plot_lines(struct mc_plot *p, double x, double y, double width,
    enum mc_plot_face face, const char *text)
{
	char *line;

	while ((line = next_line(p, width, face, &text)) != NULL) {
		mc_plot_text(p, x, y, MC_LEFT, face, line);
		free(line);
		y += leading(p, face);
	}
	return y;
}

size_t
mc_plot_lines_needed(const struct mc_plot *p, double width,
    enum mc_plot_face face, const char *text)
{
	size_t n = 0;
	char *line;

	while ((line = next_line(p, width, face, &text)) != NULL) {
		free(line);
		n++;
	}
	return n;
}

void
mc_plot_line(struct mc_plot *p, double x0, double y0, double x1, double y1,
    int style, bool head)
{
	mc_buf_printf(&p->page, "set arrow %zu from %.2f,%.2f to %.2f,%.2f "
	    "%s ls %d\n", ++p->n_arrows, x0, y0, x1, y1, head ?
	    "head filled size screen 4./W,20" : "nohead", style);
}

void
mc_plot_box(struct mc_plot *p, double x, double y, double w, double h,
    const char *fill, bool border)
{
	if (p->is_text)
		return;
	mc_buf_printf(&p->page, "set object %zu rectangle from %.2f,%.2f to "
	    "%.2f,%.2f ", ++p->n_objects, x, y, x + w, y + h);
	if (fill != NULL)
		mc_buf_printf(&p->page, "fc rgb '%s' fs solid ", fill);
	else
		mc_buf_puts(&p->page, "fs empty ");
	mc_buf_puts(&p->page, border ? "border lc rgb '#808080' lw 0.5\n" :
	    "noborder\n");
}

void
mc_plot_sample(struct mc_plot *p, double x, double y, double width, int look,
    bool line, bool mark)
{
	if (p->is_text) {
		char ink = inks[(size_t)(look - 1) % (sizeof(inks) - 1)];
		char text[] = { line && look < MC_RULE_REFERENCE ? ink : '.',
		    mark ? (char)('A' + (look - 1) % 26) : ink, ink, '\0' };

		if (look >= MC_RULE_REFERENCE)
			text[1] = text[2] = '.';
		else if (!line)
			text[0] = text[2] = ' ';
		mc_plot_text(p, x, y, MC_LEFT, MC_PLAIN, text);
		return;
	}
	if (line)
		mc_plot_line(p, x, y, x + width, y, look, false);
	if (mark)
		mc_buf_printf(&p->page, "set label %zu '' at %.2f,%.2f point "
		    "ls %d\n", ++p->n_labels, x + width / 2, y, look);
}

/* --- Data ----------------------------------------------------------------- */

size_t
mc_plot_block(struct mc_plot *p, const char *comment)
{
	struct mc_buf quoted = { 0 };

	/* The quotes keep it on its line and harmless. */
	mc_text_quote(comment, &quoted);
	mc_buf_printf(&p->data, "$d%zu << EOD\n# %s\n", ++p->n_blocks,
	    quoted.data);
	mc_buf_free(&quoted);
	return p->n_blocks;
}

void
mc_plot_row(struct mc_plot *p, const double *v, size_t n)
{
	char number[MC_NUM_SIZE];
	size_t i;

	for (i = 0; i < n; i++)
		mc_buf_printf(&p->data, "%s%s", i > 0 ? " " : "",
		    isnan(v[i]) ? "NaN" : mc_format_f64(number, v[i]));
	mc_buf_puts(&p->data, "\n");
}

void
mc_plot_block_end(struct mc_plot *p)
{
	mc_buf_puts(&p->data, "EOD\n");
}

/* --- Axes ----------------------------------------------------------------- */

void
mc_plot_axis_round(struct mc_plot_axis *a, double lo, double hi, size_t n)
{
	double range = hi > lo ? hi - lo : fabs(hi) > 0 ? fabs(hi) : 1;
	double raw = range / (double)n, unit = pow(10, floor(log10(raw)));
	double times = raw / unit;

	a->step = unit * (times <= 1.0001 ? 1 : times <= 2.0001 ? 2 :
	    times <= 5.0001 ? 5 : 10);
	a->lo = floor(lo / a->step + 1e-9) * a->step;
	a->hi = ceil(hi / a->step - 1e-9) * a->step;
	if (a->hi <= a->lo)
		a->hi = a->lo + a->step;
	/* gnuplot leaves out a point that is beyond by a rounding error. */
	if (lo < a->lo)
		a->lo -= 1e-6 * a->step;
	if (hi > a->hi)
		a->hi += 1e-6 * a->step;
}

void
mc_plot_axis_cut(struct mc_plot_axis *a, double least, double most)
{
	a->hi = fmin(a->hi, most);
	a->lo = fmax(a->lo, least);
	if (a->hi <= a->lo)
		a->lo = a->hi - a->step;
}

static double
first_tick(const struct mc_plot_axis *a)
{
	return ceil(a->lo / a->step - 1e-5) * a->step + 0.0;	/* no -0 */
}

/* A tick as gnuplot writes it, with a minus; it has no sign where it is 0. */
static void
tick_text(double v, char text[MC_NUM_SIZE])
{
	snprintf(text, MC_NUM_SIZE, "%s%g", v < -1e-12 ? MC_MINUS : "",
	    fabs(v) < 1e-12 ? 0 : fabs(v));
}

double
mc_plot_widest_number(const struct mc_plot *p, const struct mc_plot_axis *a)
{
	double widest = 0, v;
	char text[MC_NUM_SIZE];
	size_t i = 0;

	if (a->silent || a->bare)
		return 0;
	for (;; i++) {
		v = a->step > 0 ? first_tick(a) + (double)i * a->step :
		    i < a->n_ticks ? a->ticks[i] : INFINITY;
		if (v > a->hi * (a->hi > 0 ? 1.0001 : 0.9999) + 1e-12)
			break;
		tick_text(v, text);
		widest = fmax(widest, mc_plot_text_width(p, MC_SMALL, text));
	}
	return widest;
}

/* How many lines the label of A takes. */
static double
label_lines(const struct mc_plot *p, const struct mc_plot_axis *a)
{
	return a->label == NULL ? 0 : fmax(1, (double)mc_plot_lines_needed(p,
	    a->room, MC_PLAIN, a->label));
}

/* How far its numbers reach to the left of a panel. */
static double
left_of_numbers(const struct mc_plot *p, const struct mc_plot_axis *ay)
{
	return mc_plot_widest_number(p, ay) + (ay->silent || ay->bare ? 0 : 1.2 * p->em);
}

double
mc_plot_left(const struct mc_plot *p, const struct mc_plot_axis *ay)
{
	double left = left_of_numbers(p, ay);

	/* Half an em is left free beside the page's edge. */
	if (ay->label != NULL && !p->is_text)
		left += (label_lines(p, ay) + 0.1) * p->line + 0.5 * p->em;
	return left;
}

double
mc_plot_below(const struct mc_plot *p, const struct mc_plot_axis *ax)
{
	bool numbers = !ax->silent && !ax->bare;
	double lines = label_lines(p, ax);

	if (p->is_text)
		return 1 + numbers + lines;
	return (numbers ? 1.35 : 0) * p->line + (lines > 0 ? lines + 0.05 :
	    0) * p->line;
}

/* --- Panels --------------------------------------------------------------- */

/* Ticks at the places that the axis names. */
static void
put_ticks(struct mc_plot *p, const struct mc_plot_axis *a)
{
	char text[MC_NUM_SIZE], at[MC_NUM_SIZE];
	size_t i;

	mc_buf_puts(&p->panels, "(");
	for (i = 0; i < a->n_ticks; i++) {
		tick_text(a->ticks[i], text);
		mc_buf_printf(&p->panels, "%s'%s' %s", i > 0 ? ", " : "",
		    a->silent ? "" : text, mc_format_f64(at, a->ticks[i]));
	}
	mc_buf_puts(&p->panels, ")");
}

static void
put_axis(struct mc_plot *p, const char *name, const struct mc_plot_axis *a)
{
	mc_buf_printf(&p->panels, "set %srange [%.10g:%.10g]\n%s logscale %s\n",
	    name, a->lo, a->hi, a->log ? "set" : "unset", name);
	if (a->bare) {
		mc_buf_printf(&p->panels, "unset %stics\n", name);
		return;
	}
	p->has_minus = p->has_minus || (!a->silent && a->lo < 0);
	mc_buf_printf(&p->panels, "set %stics ", name);
	if (a->step > 0)
		mc_buf_printf(&p->panels, "%.10g,%.10g,%.10g", first_tick(a),
		    a->step, a->hi + a->step / 1e6);
	else
		put_ticks(p, a);
	mc_buf_printf(&p->panels, " format '%s' nomirror scale 0.5",
	    a->silent ? "" : "%g");
	if (!p->is_text)
		mc_buf_printf(&p->panels, " font ',%g' offset %s",
		    size_of(p, MC_SMALL), *name == 'x' ? "0,0.3" : "0.4,0");
	mc_buf_puts(&p->panels, "\n");
}

static void
put_x_label(struct mc_plot *p, const struct mc_plot_panel *q)
{
	double lines = label_lines(p, &q->ax), width, half;
	double below = q->y + q->h + mc_plot_below(p, &q->ax);

	/* One that is wider than its axis stays on the page. */
	width = mc_plot_text_width(p, MC_PLAIN, q->ax.label);
	half = (q->ax.room > 0 ? fmin(width, q->ax.room) : width) / 2;
	mc_plot_text_around(p, fmax(half, fmin(q->x + q->w / 2, p->width -
	    half)), below - (p->is_text ? 0.5 * (lines + 1) : 0.5 * lines +
	    0.1) * p->line, q->ax.room, MC_CENTRE, MC_PLAIN, false,
	    q->ax.label);
}

/* The labels of the axes and the title, which are on the page. */
static void
put_labels(struct mc_plot *p, const struct mc_plot_panel *q)
{
	double above = q->y - (p->is_text ? 1 : 0.75 * p->line), lines;

	if (q->ax.label != NULL)
		put_x_label(p, q);
	if (q->ay.label != NULL && p->is_text)
		mc_plot_text(p, fmax(0, q->x - mc_plot_left(p, &q->ay)),
		    above, MC_LEFT, MC_PLAIN, q->ay.label);
	else if (q->ay.label != NULL)
		mc_plot_text_around(p, q->x - left_of_numbers(p, &q->ay) -
		    (0.5 * label_lines(p, &q->ay) + 0.1) * p->line, q->y +
		    q->h / 2, q->ay.room, MC_CENTRE, MC_PLAIN, true,
		    q->ay.label);
	if (q->title == NULL)
		return;
	/* On a terminal, above the label of y, which a neighbour may have. */
	lines = (double)mc_plot_lines_needed(p, q->title_room, MC_BOLD,
	    q->title);
	mc_plot_text_around(p, q->title_x, above - (p->is_text ? 1 : 0) -
	    0.5 * (lines - 1) * p->line, q->title_room, MC_LEFT, MC_BOLD,
	    false, q->title);
}

void
mc_plot_panel(struct mc_plot *p, const struct mc_plot_panel *q)
{
	struct mc_buf *b = &p->panels;

	mc_buf_printf(b, "\nset lmargin at screen %.2f/W\n"
	    "set rmargin at screen %.2f/W\nset tmargin at screen 1-%.2f/H\n"
	    "set bmargin at screen 1-%.2f/H\n", q->x, q->x + q->w, q->y,
	    q->y + q->h);
	mc_buf_printf(b, "set border %u ls %d\n", q->border, MC_RULE_BLACK);
	put_axis(p, "x", &q->ax);
	put_axis(p, "y", &q->ay);
	if (q->grid && !p->is_text)
		mc_buf_printf(b, "set grid xtics back ls %d\n", MC_RULE_GRID);
	else
		mc_buf_puts(b, "unset grid\n");
	put_labels(p, q);
	p->elements.len = 0;
}

void
mc_plot_add(struct mc_plot *p, const char *fmt, ...)
{
	va_list ap;
	char *element;

	va_start(ap, fmt);
	element = mc_xvasprintf(fmt, ap);
	va_end(ap);
	mc_buf_printf(&p->elements, "%s%s", p->elements.len > 0 ?
	    ", \\\n     " : "", element);
	free(element);
}

void
mc_plot_panel_end(struct mc_plot *p)
{
	mc_buf_printf(&p->panels, "plot %s\n", p->elements.len > 0 ?
	    p->elements.data : "NaN");
	p->elements.len = 0;
}

/* --- The script ----------------------------------------------------------- */

static void
put_terminal(const struct mc_plot *p, double height, struct mc_buf *s)
{
	const struct mc_plot_style *style = p->style;
	double scale = (double)style->dpi / 72;
	struct mc_buf font = { 0 };

	put_font(p, MC_PLAIN, &font);
	switch (style->format) {
	case MC_PLOT_SVG:
		mc_buf_printf(s, "set terminal svg size %.0f,%.0f noenhanced "
		    "font %s background '#FFFFFF' butt\n", p->width, height,
		    font.data);
		break;
	case MC_PLOT_PDF:
		/* pdfcairo takes a point of type for 1/72 of 96 dots. */
		mc_buf_printf(s, "set terminal pdfcairo noenhanced size "
		    "%.0f./72,%.0f./72 font %s fontscale 0.75 lw 2 butt\n",
		    p->width, height, font.data);
		break;
	case MC_PLOT_PNG:
		mc_buf_printf(s, "set terminal pngcairo noenhanced size "
		    "%.0f,%.0f font %s fontscale %.4f lw %.4f pointscale %.4f "
		    "butt\n", p->width * scale, height * scale, font.data,
		    0.75 * scale, scale, scale);
		break;
	case MC_PLOT_TEXT:
		mc_buf_printf(s, "set terminal dumb size %.0f,%.0f noenhanced "
		    "mono\n", p->width, height);
		break;
	}
	mc_buf_free(&font);
}

void
mc_plot_script(const struct mc_plot *p, double height, struct mc_buf *script)
{
	/* The last column and row of a terminal are its ends. */
	double end = p->is_text ? 1 : 0;

	height = ceil(height);
	put_terminal(p, height, script);
	mc_buf_printf(script, "set encoding utf8\n%sW = %.0f.\nH = %.0f.\n",
	    p->has_minus ? "set minussign\n" : "", p->width - end, height -
	    end);
	put_looks(p, script);
	mc_buf_puts(script, "set key off\nset tics in\n");
	/* The ends of a bar would be marks in the rows above and below. */
	if (p->is_text)
		mc_buf_puts(script, "set errorbars 0\n");
	mc_buf_puts(script, p->data.len > 0 ? p->data.data : "");
	mc_buf_puts(script, "set multiplot\n");
	mc_buf_puts(script, p->panels.len > 0 ? p->panels.data : "");
	mc_buf_puts(script, "\n# What is on the page beside the panels.\n"
	    "set lmargin at screen 0\nset rmargin at screen 1\n"
	    "set tmargin at screen 1\nset bmargin at screen 0\n"
	    "unset border\nunset tics\nunset grid\nunset logscale\n"
	    "set xrange [0:W]\nset yrange [H:0]\n");
	mc_buf_puts(script, p->page.len > 0 ? p->page.data : "");
	mc_buf_puts(script, "plot NaN\nunset multiplot\n");
}
