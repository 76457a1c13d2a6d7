/* trend.c - draw lines over a number: an epoch, a share, a size. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "report/tiles.h"
#include "report/trend.h"

#define ASPECT		0.72
#define MOST_LABELLED	8	/* lines with a label at their end */
#define MOST_INTERVALS	4	/* lines whose intervals are told apart */
#define FURTHEST	1.5	/* lines of text that a label may be away */

struct figure {
	const struct mc_trend *t;
	struct mc_plot *p;
	struct mc_tiles tiles;
	struct mc_plot_panel like;
	char **titles;		/* [panel]; NULL: none has one */
	double *ticks;
	size_t n_ticks;
	double right;		/* room for labels at ends; 0: there is a key */
};

void
mc_trend_add(struct mc_trend *t, const struct mc_trend_point *point)
{
	t->points = mc_xgrow(t->points, t->n, &t->cap, sizeof(*t->points));
	t->points[t->n++] = *point;
}

enum mc_status
mc_trend_check(const struct mc_trend *t, const char *name, struct mc_err *err)
{
	double *last = mc_xcalloc(t->n_panels * t->n_lines + 1, sizeof(*last));
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < t->n_panels * t->n_lines; i++)
		last[i] = -INFINITY;
	for (i = 0; i < t->n && status == MC_OK; i++) {
		const struct mc_trend_point *q = &t->points[i];
		double *before = &last[q->panel * t->n_lines + q->line];

		if (q->x <= *before)
			status = mc_err_set(err, MC_EDATA, "%s: \"%s\" has the "
			    "%c%s %g behind %g: give each table once, and its "
			    "rows in order", name, t->lines[q->line],
			    tolower((unsigned char)*t->x), t->x + 1, q->x,
			    *before);
		*before = q->x;
	}
	free(last);
	return status;
}

void
mc_trend_clear(struct mc_trend *t)
{
	size_t i;

	for (i = 0; i < t->n_panels && t->panels != NULL; i++)
		free(t->panels[i].title);
	free(t->panels);
	free(t->points);
}

/* --- Axes ----------------------------------------------------------------- */

static int
compare_numbers(const void *va, const void *vb)
{
	double a = *(const double *)va, b = *(const double *)vb;

	return (a > b) - (a < b);
}

/* Put ticks where there are points, those that have room for their numbers. */
static void
tick_points(struct figure *f)
{
	struct mc_plot_axis *a = &f->like.ax;
	size_t i, n = 0;

	f->ticks = mc_xcalloc(f->t->n + 1, sizeof(*f->ticks));
	for (i = 0; i < f->t->n; i++)
		f->ticks[i] = f->t->points[i].x;
	qsort(f->ticks, f->t->n, sizeof(*f->ticks), compare_numbers);
	for (i = 0; i < f->t->n; i++) {
		double apart = n == 0 ? 1 : a->log ?
		    log(f->ticks[i] / f->ticks[n - 1]) / log(a->hi / a->lo) :
		    (f->ticks[i] - f->ticks[n - 1]) / (a->hi - a->lo);

		if (apart > 0.08)
			f->ticks[n++] = f->ticks[i];
	}
	a->ticks = f->ticks;
	a->n_ticks = n;
	a->step = 0;
}

static void
make_x(struct figure *f)
{
	struct mc_plot_axis *a = &f->like.ax;
	double lo = INFINITY, hi = -INFINITY, margin;
	size_t i;

	for (i = 0; i < f->t->n; i++) {
		lo = fmin(lo, f->t->points[i].x);
		hi = fmax(hi, f->t->points[i].x);
	}
	a->label = f->t->x;
	a->log = f->t->log;
	if (!f->t->ticks) {
		mc_plot_axis_round(a, lo, hi, 5);
		if (f->t->whole && a->step < 1) {
			a->step = 1;
			a->hi = fmax(hi, lo + 1);
		}
		a->lo = fmin(lo, a->hi);
		if (a->lo > 0 && a->lo < a->step)
			a->lo = 0;
		return;
	}
	margin = a->log ? (hi > lo ? pow(hi / lo, 0.04) : 2) :
	    hi > lo ? 0.04 * (hi - lo) : 1;
	a->lo = a->log ? lo / margin : lo - margin;
	a->hi = a->log ? hi * margin : hi + margin;
	tick_points(f);
}

/* The range of y in PANEL. */
static void
make_y(const struct figure *f, size_t panel, struct mc_plot_axis *a)
{
	const struct mc_trend_panel *q = &f->t->panels[panel];
	double lo = q->reference, hi = q->reference;
	size_t i;

	for (i = 0; i < f->t->n; i++) {
		const struct mc_trend_point *v = &f->t->points[i];

		if (v->panel != panel)
			continue;
		/* fmin of a NAN and a number is the number. */
		lo = fmin(lo, fmin(v->y, v->lo));
		hi = fmax(hi, fmax(v->y, v->hi));
	}
	if (isnan(lo))
		lo = 0, hi = 1;
	mc_plot_axis_round(a, lo * q->factor, hi * q->factor, 5);
	mc_plot_axis_cut(a, fmin(q->least, lo) * q->factor,
	    fmax(q->most, hi) * q->factor);
	a->label = q->y;
}

/* --- Labels at ends ------------------------------------------------------- */

/* Where the label of a line is, as a height on the page; NAN: it has none. */
struct end {
	size_t line;
	double y, at;
};

static int
compare_ends(const void *va, const void *vb)
{
	const struct end *a = va, *b = vb;

	return (a->y > b->y) - (a->y < b->y);
}

/*
 * Find the ends of the lines in the only panel Q, and move their labels apart.
 * Returns how many there are, 0 where one would be too far from its line.
 */
static size_t
find_ends(const struct figure *f, const struct mc_plot_panel *q,
    struct end *ends)
{
	const struct mc_trend *t = f->t;
	size_t n = 0, i, line;

	for (line = 0; line < t->n_lines; line++) {
		ends[n] = (struct end){ line, NAN, NAN };
		for (i = 0; i < t->n; i++) {
			if (t->points[i].line == line &&
			    !isnan(t->points[i].y))
				ends[n].y = q->y + q->h * (q->ay.hi -
				    t->points[i].y * t->panels[0].factor) /
				    (q->ay.hi - q->ay.lo);
		}
		if (!isnan(ends[n].y))
			n++;
	}
	qsort(ends, n, sizeof(*ends), compare_ends);
	for (i = 0; i < n; i++) {
		ends[i].at = i == 0 ? ends[i].y : fmax(ends[i].y,
		    ends[i - 1].at + f->p->line);
		if (ends[i].at - ends[i].y > FURTHEST * f->p->line)
			return 0;
	}
	return n;
}

/* The room that labels at ends need; 0: there are none. */
static double
room_for_labels(const struct figure *f)
{
	double widest = 0;
	size_t i;

	if (f->t->n_panels != 1 || f->t->n_lines > MOST_LABELLED ||
	    f->p->is_text)
		return 0;
	for (i = 0; i < f->t->n_lines; i++)
		widest = fmax(widest, mc_plot_text_width(f->p, MC_PLAIN,
		    f->t->lines[i]));
	return widest < 0.35 * f->p->width ? widest + 0.5 * f->p->em : 0;
}

/* Draw the labels of the only panel; returns whether there are any. */
static bool
label_ends(struct figure *f)
{
	struct end *ends = mc_xcalloc(f->t->n_lines + 1, sizeof(*ends));
	struct mc_plot_panel q = f->like;
	size_t n, i;

	mc_tiles_place(&f->tiles, 0, &q);
	make_y(f, 0, &q.ay);
	n = find_ends(f, &q, ends);
	for (i = 0; i < n; i++)
		mc_plot_text_in(f->p, q.x + q.w + f->p->em, ends[i].at,
		    MC_LEFT, MC_PLAIN, mc_plot_colour(ends[i].line + 1),
		    f->t->lines[ends[i].line]);
	free(ends);
	return n > 0;
}

/* --- Panels --------------------------------------------------------------- */

static bool
has_intervals(const struct figure *f)
{
	bool any = false;
	size_t i;

	for (i = 0; i < f->t->n; i++)
		any = any || !isnan(f->t->points[i].lo);
	return any && !f->p->is_text && f->t->n_lines <= MOST_INTERVALS;
}

static void
draw_line(struct figure *f, size_t panel, size_t line)
{
	double factor = f->t->panels[panel].factor;
	size_t block = 0, i, n = 0, intervals = 0;

	for (i = 0; i < f->t->n; i++) {
		const struct mc_trend_point *v = &f->t->points[i];
		double numbers[] = { v->x, v->y, v->lo, v->hi };

		if (v->panel != panel || v->line != line)
			continue;
		if (block == 0)
			block = mc_plot_block(f->p, f->t->lines[line]);
		mc_plot_row(f->p, numbers, 4);
		n += !isnan(v->y);
		intervals += !isnan(v->lo);
	}
	if (block == 0)
		return;
	mc_plot_block_end(f->p);
	if (intervals > 0 && has_intervals(f))
		mc_plot_add(f->p, "$d%zu using 1:(valid(3)?$2*%g:NaN):($3*%g):"
		    "($4*%g) with yerrorbars ls %zu dt solid lw 0.75 pt 0",
		    block, factor, factor, factor, line + 1);
	if (n > 0)
		mc_plot_add(f->p, "$d%zu using 1:($2*%g) with %s ls %zu",
		    block, factor, f->t->marked ? "linespoints" : "lines",
		    line + 1);
}

static void
draw_panel(struct figure *f, size_t panel)
{
	struct mc_plot_panel q = f->like;
	struct mc_plot_axis y = q.ay;
	double reference = f->t->panels[panel].reference *
	    f->t->panels[panel].factor;
	size_t line;

	mc_tiles_place(&f->tiles, panel, &q);
	/* Panels have axes of their own, so each has its label. */
	make_y(f, panel, &y);
	y.room = q.ay.room;
	q.ay = y;
	if (f->titles != NULL)
		q.title = f->titles[panel];
	mc_plot_panel(f->p, &q);
	if (!isnan(reference))
		mc_plot_add(f->p, "%.10g with lines ls %d", reference,
		    MC_RULE_REFERENCE);
	for (line = 0; line < f->t->n_lines; line++)
		draw_line(f, panel, line);
	mc_plot_panel_end(f->p);
}

static double
draw_key(struct figure *f, double y)
{
	struct mc_legend legend = { 0 };
	size_t i;

	for (i = 0; i < f->t->n_lines; i++)
		mc_legend_add(&legend, f->t->lines[i], (int)i + 1, true,
		    f->t->marked);
	y = mc_legend_flow(f->p, &legend, f->tiles.left, y + 0.3 *
	    f->p->line);
	mc_legend_clear(&legend);
	return y;
}

/* The widest axis of y stands for all in the layout. */
static void
make_like(struct figure *f)
{
	double widest = 0;
	bool titled = false;
	size_t i;

	make_x(f);
	for (i = 0; i < f->t->n_panels; i++) {
		struct mc_plot_axis y = { .label = "" };

		make_y(f, i, &y);
		if (mc_plot_left(f->p, &y) > widest) {
			widest = mc_plot_left(f->p, &y);
			f->like.ay = y;
		}
		if (*f->t->panels[i].title != '\0')
			titled = true;
	}
	if (titled) {
		f->titles = mc_xcalloc(f->t->n_panels, sizeof(*f->titles));
		for (i = 0; i < f->t->n_panels; i++)
			f->titles[i] = f->t->panels[i].title;
	}
	f->like.border = 3;
}

bool
mc_trend_draw(const struct mc_trend *t, struct mc_drawing *d)
{
	struct figure f = { .t = t, .p = d->plot };
	struct mc_tiles_wish wish = { .n = t->n_panels, .aspect = ASPECT,
	    .widest = 1.1, .like = &f.like, .own_y = true, .top = d->y };
	bool labelled;
	size_t i;

	mc_plot_looks(f.p, t->n_lines);
	make_like(&f);
	wish.titles = f.titles;
	wish.right = f.right = room_for_labels(&f);
	mc_tiles_make(&f.tiles, f.p, &wish);
	for (i = 0; i < t->n_panels; i++)
		draw_panel(&f, i);
	labelled = f.right > 0 && label_ends(&f);
	d->y = mc_tiles_bottom(&f.tiles);
	if (!labelled)
		d->y = draw_key(&f, d->y);
	free(f.ticks);
	free(f.titles);
	return has_intervals(&f);
}
