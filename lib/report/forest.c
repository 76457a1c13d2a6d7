/* forest.c - draw numbers with their intervals, one below the other. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "report/forest.h"

/* The narrowest and the widest axis, in points and columns of a terminal. */
#define NARROWEST	58.0
#define NARROWEST_TEXT	18.0
#define WIDEST		150.0
#define WIDEST_TEXT	36.0

#define LABELS		0.4	/* of the page, at most */

/* How the lines and columns lie on the page. */
struct layout {
	struct mc_plot *p;
	const struct mc_forest *f;
	double pitch;		/* of rows of one line of text */
	double *height;		/* [line]: its height, in pitches */
	double rows;		/* ... of all lines and headings */
	double label;		/* the width of the labels */
	double text;		/* ... of the numbers; 0: there is no room */
	double further;		/* ... of what is behind them */
	bool stacked;		/* it is below them */
	double axis;		/* ... of an axis */
	size_t columns;		/* side by side */
};

struct mc_forest *
mc_forest_alloc(size_t n)
{
	struct mc_forest *f = mc_xcalloc(1, sizeof(*f));
	size_t i;

	f->n_columns = n;
	f->columns = mc_xcalloc(n + 1, sizeof(*f->columns));
	for (i = 0; i < n; i++)
		f->columns[i] = (struct mc_forest_column){ NULL, 1, -INFINITY,
		    INFINITY, NAN, { NAN, NAN } };
	return f;
}

void
mc_forest_free(struct mc_forest *f)
{
	size_t i, c;

	if (f == NULL)
		return;
	for (c = 0; c < f->n_columns; c++)
		free(f->columns[c].heading);
	for (i = 0; i < f->n_lines; i++) {
		for (c = 0; c < f->n_columns; c++) {
			free(f->lines[i].values[c].text);
			free(f->lines[i].values[c].further);
		}
		free(f->lines[i].values);
		free(f->lines[i].heading);
		free(f->lines[i].label);
	}
	free(f->columns);
	free(f->lines);
	free(f);
}

struct mc_forest_line *
mc_forest_add(struct mc_forest *f)
{
	struct mc_forest_line *line;
	size_t c;

	f->lines = mc_xgrow(f->lines, f->n_lines, &f->cap, sizeof(*f->lines));
	line = &f->lines[f->n_lines++];
	*line = (struct mc_forest_line){ NULL, NULL,
	    mc_xcalloc(f->n_columns + 1, sizeof(*line->values)) };
	for (c = 0; c < f->n_columns; c++)
		line->values[c] = (struct mc_forest_value){ NAN, NAN, NAN,
		    NULL, NULL };
	return line;
}

/* --- Where everything is -------------------------------------------------- */

/* The width of TEXT, which may be NULL. */
static double
width(const struct layout *l, enum mc_plot_face face, const char *text)
{
	return text == NULL ? 0 : mc_plot_text_width(l->p, face, text);
}

static void
measure(struct layout *l)
{
	const struct mc_forest *f = l->f;
	double most = LABELS * l->p->width;
	size_t i, c;

	for (i = 0; i < f->n_lines; i++) {
		const struct mc_forest_line *line = &f->lines[i];

		l->label = fmax(l->label, fmin(most, width(l, MC_PLAIN,
		    line->label) + 1.5 * l->p->em));
		l->label = fmax(l->label, fmin(most, width(l, MC_BOLD,
		    line->heading)));
		for (c = 0; c < f->n_columns; c++) {
			l->text = fmax(l->text, width(l, MC_SMALL,
			    line->values[c].text));
			l->further = fmax(l->further, width(l, MC_SMALL,
			    line->values[c].further));
		}
	}
}

/* The height of a row of N lines of text. */
static double
height_of(const struct layout *l, size_t n)
{
	return l->p->is_text ? (double)n : ((double)n + 0.2) * l->p->line;
}

/* Make each row as high as its label and its numbers need. */
static void
make_rows(struct layout *l)
{
	size_t least = l->stacked ? 2 : 1, i;

	l->pitch = height_of(l, least);
	l->height = mc_xcalloc(l->f->n_lines + 1, sizeof(*l->height));
	for (i = 0; i < l->f->n_lines; i++) {
		size_t n = mc_plot_lines_needed(l->p, l->label - l->p->em,
		    MC_PLAIN, l->f->lines[i].label);

		l->height[i] = height_of(l, n > least ? n : least) / l->pitch;
		l->rows += l->height[i] + (l->f->lines[i].heading != NULL);
	}
}

/* The middle of line I, in pitches below its upper edge: in a terminal, a row of
   characters. */
static double
middle(const struct layout *l, size_t i)
{
	return l->p->is_text ? floor(l->height[i] * l->pitch / 2) / l->pitch :
	    l->height[i] / 2;
}

/* Choose how many columns are side by side, and where their texts are. */
static void
arrange(struct layout *l)
{
	double narrowest = l->p->is_text ? NARROWEST_TEXT : NARROWEST;
	double gap = 3 * l->p->em, left = l->p->width - l->label - gap, room;
	double beside = l->text + (l->further > 0 ? 2 * l->p->em +
	    l->further : 0);
	size_t n = l->f->n_columns, rows;

	l->stacked = l->further > 0 && left < narrowest + beside + gap;
	l->text = l->stacked ? fmax(l->text, l->further) : beside;
	if (left < narrowest + l->text + gap) {
		l->text = 0;
		l->stacked = false;
	}
	room = (left + gap) / (narrowest + l->text + gap + l->p->em);
	l->columns = room < 1 ? 1 : (size_t)room;
	rows = (n + l->columns - 1) / l->columns;
	l->columns = (n + rows - 1) / rows;
	l->axis = left / (double)l->columns - l->text - gap;
	l->axis = fmin(l->axis, l->p->is_text ? WIDEST_TEXT : WIDEST);
	if (l->p->is_text)
		l->axis = floor(l->axis);
	make_rows(l);
}

/* --- A column ------------------------------------------------------------- */

/* Make the axis A of LO to HI with about four steps, or fewer where the numbers would
   touch. */
static void
make_steps(const struct layout *l, double lo, double hi,
    struct mc_plot_axis *a)
{
	size_t n = 4;

	do
		mc_plot_axis_round(a, lo, hi, n);
	while (--n > 0 && l->axis * a->step / (a->hi - a->lo) <
	    mc_plot_widest_number(l->p, a) + 0.5 * l->p->em);
}

/* The range of what is drawn in column C. */
static void
range(const struct layout *l, size_t c, struct mc_plot_axis *a)
{
	const struct mc_forest *f = l->f;
	const struct mc_forest_column *column = &f->columns[c];
	double lo = INFINITY, hi = -INFINITY;
	size_t i, k;

	for (i = 0; i < f->n_lines; i++) {
		const struct mc_forest_value *v = &f->lines[i].values[c];

		/* fmin of a NAN and a number is the number. */
		lo = fmin(lo, fmin(v->estimate, v->lo));
		hi = fmax(hi, fmax(v->estimate, v->hi));
	}
	lo = fmin(lo, column->reference);
	hi = fmax(hi, column->reference);
	for (k = 0; k < 2; k++) {
		lo = fmin(lo, column->margins[k]);
		hi = fmax(hi, column->margins[k]);
	}
	if (lo > hi)
		lo = 0, hi = 1;
	make_steps(l, lo * column->factor, hi * column->factor, a);
	mc_plot_axis_cut(a, fmin(column->least, lo) * column->factor,
	    fmax(column->most, hi) * column->factor);
}

static void
add_rule(struct mc_plot *p, double x, double rows, int style)
{
	double v[2] = { x, 0 };
	size_t block;

	if (isnan(x))
		return;
	block = mc_plot_block(p, "a line from above to below");
	mc_plot_row(p, v, 2);
	v[1] = rows;
	mc_plot_row(p, v, 2);
	mc_plot_block_end(p);
	mc_plot_add(p, "$d%zu using 1:2 with lines ls %d", block, style);
}

/* Plot the numbers of column C. */
static void
add_values(struct layout *l, size_t c)
{
	const struct mc_forest *f = l->f;
	double factor = f->columns[c].factor, row = 0;
	size_t block, i, n = 0, n_intervals = 0;

	block = mc_plot_block(l->p, f->columns[c].heading);
	for (i = 0; i < f->n_lines; i++) {
		const struct mc_forest_value *v = &f->lines[i].values[c];
		double numbers[4] = { v->estimate, v->lo, v->hi, 0 };

		row += f->lines[i].heading != NULL;
		numbers[3] = row + middle(l, i);
		row += l->height[i];
		if (v->text == NULL)
			continue;
		mc_plot_row(l->p, numbers, 4);
		n += !isnan(v->estimate);
		n_intervals += !isnan(v->lo);
	}
	mc_plot_block_end(l->p);
	if (n_intervals > 0)
		mc_plot_add(l->p, "$d%zu using (valid(2)?$1*%g:NaN):4:($2*%g):"
		    "($3*%g) with xerrorbars ls 1 pt 0", block, factor,
		    factor, factor);
	if (n > 0)
		mc_plot_add(l->p, "$d%zu using ($1*%g):4 with points ls 1",
		    block, factor);
}

/* Draw the texts of V, which end at X, in the row with its middle at Y. */
static void
draw_text(struct layout *l, const struct mc_forest_value *v, double x,
    double y)
{
	double half = l->p->is_text ? 0.5 : 0.45 * l->p->line;

	if (v->further == NULL) {
		mc_plot_text(l->p, x, y, MC_RIGHT, MC_SMALL, v->text);
		return;
	}
	if (l->stacked) {
		mc_plot_text(l->p, x, y - half, MC_RIGHT, MC_SMALL, v->text);
		mc_plot_text(l->p, x, y + half, MC_RIGHT, MC_SMALL,
		    v->further);
		return;
	}
	mc_plot_text(l->p, x - l->further - 2 * l->p->em, y, MC_RIGHT,
	    MC_SMALL, v->text);
	mc_plot_text(l->p, x - l->further, y, MC_LEFT, MC_SMALL, v->further);
}

static void
draw_texts(struct layout *l, size_t c, double x, double y)
{
	double row = 0;
	size_t i;

	for (i = 0; i < l->f->n_lines; i++) {
		const struct mc_forest_value *v = &l->f->lines[i].values[c];

		row += l->f->lines[i].heading != NULL;
		if (v->text != NULL)
			draw_text(l, v, x, y + (row + l->height[i] / 2) *
			    l->pitch);
		row += l->height[i];
	}
}

/* The width of a column, and of the heading below its axis. */
static double
room(const struct layout *l)
{
	return l->axis + l->text + 2 * l->p->em;
}

/* How high what is below the axes is, where no heading is longer. */
static double
below_axes(const struct layout *l)
{
	struct mc_plot_axis ax = { .room = room(l) };
	double most = 0;
	size_t c;

	for (c = 0; c < l->f->n_columns; c++) {
		ax.label = l->f->columns[c].heading;
		most = fmax(most, mc_plot_below(l->p, &ax));
	}
	return most;
}

/* Draw column C at X; the lines begin at Y. */
static void
draw_column(struct layout *l, size_t c, double x, double y)
{
	const struct mc_forest_column *column = &l->f->columns[c];
	struct mc_plot_panel q = { .x = x, .y = y, .w = l->axis,
	    .h = l->rows * l->pitch, .border = 1, .grid = true };
	double factor = column->factor;
	size_t k;

	range(l, c, &q.ax);
	q.ax.label = column->heading;
	q.ax.room = room(l);
	q.ay = (struct mc_plot_axis){ .lo = l->rows, .hi = 0,
	    .bare = true };
	mc_plot_panel(l->p, &q);
	for (k = 0; k < 2; k++)
		add_rule(l->p, column->margins[k] * factor, l->rows,
		    MC_RULE_REFERENCE);
	add_rule(l->p, column->reference * factor, l->rows, MC_RULE_BLACK);
	add_values(l, c);
	mc_plot_panel_end(l->p);
	if (l->text > 0)
		draw_texts(l, c, x + l->axis + 1.5 * l->p->em + l->text, y);
}

/* Draw the labels of the lines, which begin at Y. */
static void
draw_labels(struct layout *l, double y)
{
	size_t i;

	for (i = 0; i < l->f->n_lines; i++) {
		const struct mc_forest_line *line = &l->f->lines[i];

		if (line->heading != NULL) {
			mc_plot_text(l->p, 0.5 * l->p->em, y + 0.5 * l->pitch,
			    MC_LEFT, MC_BOLD, line->heading);
			y += l->pitch;
		}
		mc_plot_text_around(l->p, 1.5 * l->p->em, y + 0.5 *
		    l->height[i] * l->pitch, l->label - l->p->em, MC_LEFT,
		    MC_PLAIN, false, line->label);
		y += l->height[i] * l->pitch;
	}
}

bool
mc_forest_draw(const struct mc_forest *f, struct mc_drawing *d)
{
	struct layout l = { .p = d->plot, .f = f };
	size_t c, k;

	mc_plot_looks(l.p, 1);
	measure(&l);
	arrange(&l);
	if (l.text == 0)
		mc_notes_advise(d->notes, "there is no room for the numbers "
		    "beside their intervals");
	for (c = 0; c < f->n_columns; c += l.columns) {
		d->y += l.p->is_text ? 0 : 0.4 * l.p->line;
		draw_labels(&l, d->y);
		for (k = 0; k < l.columns && c + k < f->n_columns; k++)
			draw_column(&l, c + k, l.label + 2 * l.p->em +
			    (double)k * (l.axis + l.text + 3 * l.p->em), d->y);
		d->y += l.rows * l.pitch + below_axes(&l) +
		    (l.p->is_text ? 1 : 0.5 * l.p->line);
	}
	free(l.height);
	return l.text > 0;
}
