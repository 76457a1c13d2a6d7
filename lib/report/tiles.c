/* tiles.c - arrange panels of one size in rows, and the key to their lines. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "report/tiles.h"

/* The narrowest tile, and the widest panel, in points and columns. */
#define NARROWEST	114.0	/* 40 mm */
#define NARROWEST_TEXT	38.0
#define WIDEST		226.0	/* 80 mm */
#define WIDEST_TEXT	52.0

#define SAMPLE		4.0	/* ems of a sample of a line */

/* Set the size of the panels, whose axis of y has T->y_room for its label. */
static void
size_panels(struct mc_tiles *t, const struct mc_plot *p,
    const struct mc_tiles_wish *w)
{
	double most = w->widest * (p->is_text ? WIDEST_TEXT : WIDEST);
	struct mc_plot_axis ay = w->like->ay, bare = ay;
	double spare;

	ay.room = t->y_room;
	bare.label = NULL;
	t->left = mc_plot_left(p, &ay);
	t->between = w->right + p->em + mc_plot_left(p, w->own_y ? &ay :
	    &bare);
	spare = p->width - t->left - (double)(t->columns - 1) * t->between -
	    w->right - p->em;
	t->w = fmax(fmin(spare / (double)t->columns, most), 4 * p->em);
	t->h = t->w * w->aspect * p->ratio;
	if (p->is_text) {
		t->w = floor(t->w);
		t->h = floor(t->h);
	}
}

/* Set what titles and labels may take: up to the next panel, or the page's end. */
static void
share_room(struct mc_tiles *t, const struct mc_plot *p,
    const struct mc_tiles_wish *w)
{
	t->y_room = t->h + p->line;
	t->title_room = p->width - t->left;
	t->x_room = p->width;
	if (t->columns > 1) {
		t->title_room = t->w + w->right +
		    fmin(t->between - w->right - p->em, p->em);
		t->x_room = t->w + t->between - 2 * p->em;
	}
}

/* The lines that the longest title takes. */
static double
title_lines(const struct mc_tiles *t, const struct mc_plot *p,
    const struct mc_tiles_wish *w)
{
	size_t most = 0, i, n;

	for (i = 0; w->titles != NULL && i < w->n; i++) {
		n = mc_plot_lines_needed(p, t->title_room, MC_BOLD,
		    w->titles[i]);
		most = n > most ? n : most;
	}
	return (double)most;
}

void
mc_tiles_make(struct mc_tiles *t, const struct mc_plot *p,
    const struct mc_tiles_wish *w)
{
	double narrowest = p->is_text ? NARROWEST_TEXT : NARROWEST, lines;
	size_t fit = (size_t)(p->width / narrowest), rows;
	struct mc_plot_axis ax = w->like->ax;

	fit = fit < 1 ? 1 : fit;
	rows = w->n > 0 ? (w->n + fit - 1) / fit : 1;
	*t = (struct mc_tiles){ .n = w->n, .columns = w->n > 0 ?
	    (w->n + rows - 1) / rows : 1, .extra = w->extra, .top = w->top,
	    .own_y = w->own_y };
	/* How wide they are depends on how their labels are folded. */
	size_panels(t, p, w);
	t->y_room = t->h + p->line;
	size_panels(t, p, w);
	share_room(t, p, w);
	lines = title_lines(t, p, w);
	t->above = (lines > 0 ? lines + 0.5 : 0.6) * p->line;
	ax.room = t->x_room;
	t->last = mc_plot_below(p, &ax) + 0.3 * p->line;
	/* Rows above others have no labels, where the last one is full. */
	if (t->n % t->columns == 0)
		ax.label = NULL;
	t->below = mc_plot_below(p, &ax) + 0.3 * p->line;
	if (p->is_text) {
		t->above = 1 + lines;
		t->below = ceil(t->below);
		t->last = ceil(t->last);
	}
}

void
mc_tiles_place(const struct mc_tiles *t, size_t i, struct mc_plot_panel *q)
{
	size_t row = i / t->columns, column = i % t->columns;

	q->w = t->w;
	q->h = t->h;
	q->x = t->left + (double)column * (t->w + t->between);
	q->y = t->top + t->above + (double)row * (t->above + t->h + t->extra +
	    t->below);
	q->title_x = q->x;
	q->title_room = t->title_room;
	q->ax.room = t->x_room;
	q->ay.room = t->y_room;
	if (column > 0 && !t->own_y)
		q->ay.label = NULL;
	if (i + t->columns < t->n)
		q->ax.label = NULL;
}

double
mc_tiles_right(const struct mc_tiles *t)
{
	return t->left + (double)t->columns * t->w +
	    (double)(t->columns - 1) * t->between;
}

double
mc_tiles_bottom(const struct mc_tiles *t)
{
	size_t rows = (t->n + t->columns - 1) / t->columns;

	return t->top + (double)rows * (t->above + t->h + t->extra + t->below) +
	    t->last - t->below;
}

/* --- The key -------------------------------------------------------------- */

void
mc_legend_add(struct mc_legend *l, const char *name, int look, bool line,
    bool mark)
{
	l->entries = mc_xgrow(l->entries, l->n, &l->cap, sizeof(*l->entries));
	l->entries[l->n++] = (struct mc_legend_entry){ name, look, line, mark,
	    NULL };
}

void
mc_legend_clear(struct mc_legend *l)
{
	free(l->entries);
	*l = (struct mc_legend){ 0 };
}

/* The sample and the gap behind it. */
static double
sample_width(const struct mc_plot *p)
{
	return (p->is_text ? 3 : SAMPLE * p->em) + p->em;
}

double
mc_legend_width(const struct mc_plot *p, const struct mc_legend *l)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		widest = fmax(widest, mc_plot_text_width(p, MC_PLAIN,
		    l->entries[i].name));
	return sample_width(p) + widest;
}

double
mc_legend_height(const struct mc_plot *p, const struct mc_legend *l)
{
	return (double)l->n * p->line;
}

/* Draw E with the middle of its first line at Y, its name at most WIDTH wide (0:
   any). */
static void
draw_entry(struct mc_plot *p, const struct mc_legend_entry *e, double x,
    double y, double width)
{
	double sample = sample_width(p) - p->em;
	size_t n = mc_plot_lines_needed(p, width, MC_PLAIN, e->name);

	if (e->fill != NULL)
		mc_plot_box(p, x, y - 0.35 * p->line, sample, 0.7 * p->line,
		    e->fill, true);
	else
		mc_plot_sample(p, x, y, sample, e->look, e->line, e->mark);
	mc_plot_text_around(p, x + sample + p->em, y + 0.5 * ((double)n - 1) *
	    p->line, width, MC_LEFT, MC_PLAIN, false, e->name);
}

void
mc_legend_draw(struct mc_plot *p, const struct mc_legend *l, double x,
    double y)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		draw_entry(p, &l->entries[i], x, y + ((double)i + 0.5) *
		    p->line, 0);
}

/* Draw it in one column, whose names may be WIDTH wide. */
static double
draw_folded(struct mc_plot *p, const struct mc_legend *l, double x, double y,
    double width)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		draw_entry(p, &l->entries[i], x, y + 0.5 * p->line, width);
		y += fmax(1, (double)mc_plot_lines_needed(p, width, MC_PLAIN,
		    l->entries[i].name)) * p->line;
	}
	return y;
}

double
mc_legend_flow(struct mc_plot *p, const struct mc_legend *l, double x,
    double y)
{
	double pitch = mc_legend_width(p, l) + 2 * p->em;
	size_t columns, rows, i;

	/* A wide one begins further to the left. */
	if (pitch - 2 * p->em > p->width - x)
		x = fmin(x, p->em);
	if (pitch - 2 * p->em > p->width - x)
		return draw_folded(p, l, x, y, p->width - x -
		    sample_width(p));
	columns = (size_t)fmax(1, floor((p->width - x + 2 * p->em) / pitch));
	columns = columns > l->n && l->n > 0 ? l->n : columns;
	rows = (l->n + columns - 1) / columns;
	for (i = 0; i < l->n; i++)
		draw_entry(p, &l->entries[i], x + (double)(i / rows) * pitch,
		    y + ((double)(i % rows) + 0.5) * p->line, 0);
	return y + (double)rows * p->line;
}
