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

void
mc_tiles_make(struct mc_tiles *t, const struct mc_plot *p, size_t n,
    double aspect, double widest, const struct mc_plot_panel *like,
    double extra, double right, double top)
{
	double narrowest = p->is_text ? NARROWEST_TEXT : NARROWEST;
	double most = widest * (p->is_text ? WIDEST_TEXT : WIDEST);
	struct mc_plot_axis unlabelled = like->ay, below;
	size_t fit = (size_t)(p->width / narrowest), rows;
	double spare;

	fit = fit < 1 ? 1 : fit;
	rows = n > 0 ? (n + fit - 1) / fit : 1;
	unlabelled.label = NULL;
	*t = (struct mc_tiles){ .n = n, .columns = n > 0 ?
	    (n + rows - 1) / rows : 1, .extra = extra, .top = top };
	t->left = mc_plot_left(p, &like->ay);
	t->between = right + p->em + mc_plot_left(p, &unlabelled);
	spare = p->width - t->left - (double)(t->columns - 1) * t->between -
	    right - p->em;
	t->w = fmax(fmin(spare / (double)t->columns, most), 4 * p->em);
	t->h = t->w * aspect * p->ratio;
	t->above = like->title != NULL ? 1.5 * p->line : 0.6 * p->line;
	if (p->is_text) {
		t->w = floor(t->w);
		t->h = floor(t->h);
		t->above = 1 + (like->title != NULL);
	}
	t->last = mc_plot_below(p, &like->ax) + 0.3 * p->line;
	/* Rows above others have no labels, where the last one is full. */
	below = like->ax;
	if (n % t->columns == 0)
		below.label = NULL;
	t->below = mc_plot_below(p, &below) + 0.3 * p->line;
	if (p->is_text) {
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
	if (column > 0)
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

static void
draw_entry(struct mc_plot *p, const struct mc_legend_entry *e, double x,
    double y)
{
	double sample = sample_width(p) - p->em;

	if (e->fill != NULL)
		mc_plot_box(p, x, y - 0.35 * p->line, sample, 0.7 * p->line,
		    e->fill, true);
	else
		mc_plot_sample(p, x, y, sample, e->look, e->line, e->mark);
	mc_plot_text(p, x + sample + p->em, y, MC_LEFT, MC_PLAIN, e->name);
}

void
mc_legend_draw(struct mc_plot *p, const struct mc_legend *l, double x,
    double y)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		draw_entry(p, &l->entries[i], x, y + ((double)i + 0.5) *
		    p->line);
}

double
mc_legend_flow(struct mc_plot *p, const struct mc_legend *l, double x,
    double y)
{
	double pitch = mc_legend_width(p, l) + 2 * p->em;
	size_t columns = (size_t)fmax(1, floor((p->width - x + 2 * p->em) /
	    pitch)), rows, i;

	columns = columns > l->n && l->n > 0 ? l->n : columns;
	rows = (l->n + columns - 1) / columns;
	for (i = 0; i < l->n; i++)
		draw_entry(p, &l->entries[i], x + (double)(i / rows) * pitch,
		    y + ((double)(i % rows) + 0.5) * p->line);
	return y + (double)rows * p->line;
}
