/* figure_curves.c - draw the curves of mc-curve: ROC and others. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/curve_figure.h"
#include "report/figure.h"

/* So many bands are told apart where they overlap. */
#define MOST_BANDS	4

/* Dashes alone tell so many lines apart; further ones get marks. */
#define MOST_UNMARKED	4

/* A kind of curve: what its axes are called, and how it is drawn. */
struct kind {
	const char *name, *x, *y;
	const char *reference;		/* in the key; NULL: none */
	bool is_square;
	bool (*is)(const void *row);	/* whether it has ROW */
};

static bool is_roc(const void *row), is_pr(const void *row);
static bool is_calibration(const void *row), is_decision(const void *row);

static const struct kind roc = {
	"roc", "1 " MC_MISSING " specificity", "Sensitivity", "Chance", true,
	is_roc
};
static const struct kind pr = {
	"pr", "Recall", "Precision", "Prevalence", true,
	is_pr
};
static const struct kind calibration = {
	"calibration", "Mean predicted probability", "Observed proportion",
	"Perfect calibration", true, is_calibration
};
static const struct kind decision = {
	"decision", "Threshold probability", "Net benefit", "Treat none", false,
	is_decision
};

/* What the functions below share. */
struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	struct mc_plot *p;
	const struct kind *kind;
	struct mc_curve_figure c;
	struct mc_tiles tiles;
	struct mc_plot_panel like;
	struct mc_legend legend;
	char **names;			/* [line]: in the key */
	double most;			/* images in a bin, of calibration */
	bool intervals;			/* there is one */
};

/* --- Which rows ----------------------------------------------------------- */

/* What ROW's curve has behind the name of KIND: "", ":points", ":all", or NULL
   where it is another curve. */
static const char *
part_of(const struct mc_curves_row *row, const struct kind *kind)
{
	size_t n = strlen(kind->name);

	if (strncmp(row->curve, kind->name, n) != 0 ||
	    (row->curve[n] != '\0' && row->curve[n] != ':'))
		return NULL;
	return row->curve + n;
}

static bool
is_part(const struct mc_curves_row *row, const struct kind *kind,
    const char *part)
{
	const char *own = part_of(row, kind);

	return own != NULL && strcmp(own, part) == 0;
}

static bool
is_roc(const void *row)
{
	return part_of(row, &roc) != NULL;
}

static bool
is_pr(const void *row)
{
	return part_of(row, &pr) != NULL;
}

static bool
is_calibration(const void *row)
{
	return part_of(row, &calibration) != NULL;
}

static bool
is_decision(const void *row)
{
	return part_of(row, &decision) != NULL;
}

/* --- Lines ---------------------------------------------------------------- */

/* What goes on along ROW's curve: its place, or the lower end of its bin. */
static double
place_of(const struct figure *f, const struct mc_curves_row *row)
{
	return f->kind == &calibration && !isnan(row->threshold) ?
	    row->threshold : row->x;
}

/*
 * Check that each part of each curve goes on.  Where it goes back, it was given
 * twice, or two curves have the same names.  Corners may lie above each other.
 */
static enum mc_status
check_order(struct figure *f, struct mc_err *err)
{
	enum { PARTS = 3 };
	size_t n = f->c.s.n_panels * f->c.s.n_lines * PARTS, i, part;
	double *last = mc_xcalloc(n + 1, sizeof(*last)), *before;
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++)
		last[i] = -INFINITY;
	for (i = 0; i < f->c.n && status == MC_OK; i++) {
		double at = place_of(f, f->c.row[i]);

		part = is_part(f->c.row[i], f->kind, "") ? 0 :
		    is_part(f->c.row[i], f->kind, ":points") ? 1 : 2;
		before = &last[(f->c.s.panel[i] * f->c.s.n_lines + f->c.s.line[i]) *
		    PARTS + part];
		if (isnan(at))
			continue;
		if (at < *before || (at == *before && part != 1))
			status = mc_err_set(err, MC_EDATA, "%s: the curve of "
			    "\"%s\" has the point %g behind %g: give each "
			    "table once, and its rows in order", mc_rows_name(
			    f->rows, 0), f->c.s.lines[f->c.s.line[i]], at,
			    *before);
		*before = at;
	}
	free(last);
	return status;
}

/* Write the points of a PANEL's LINE that are PART of the curve as a block;
   returns its number, 0 where there is no point. */
static size_t
put_block(struct figure *f, size_t panel, size_t line, const char *part)
{
	size_t block = 0, i;

	for (i = 0; i < f->c.n; i++) {
		const struct mc_curves_row *r = f->c.row[i];
		double v[] = { r->x, r->y, r->lo, r->hi, r->threshold,
		    r->n < 0 ? NAN : (double)r->n };

		if (f->c.s.panel[i] != panel || f->c.s.line[i] != line ||
		    !is_part(r, f->kind, part))
			continue;
		if (block == 0)
			block = mc_plot_block(f->p, f->c.s.lines[line]);
		mc_plot_row(f->p, v, sizeof(v) / sizeof(*v));
	}
	if (block != 0)
		mc_plot_block_end(f->p);
	return block;
}

/* How far apart marks are, so that a line has about eight of them. */
static size_t
mark_interval(const struct figure *f, size_t panel, size_t line)
{
	size_t n = 0, i;

	for (i = 0; i < f->c.n; i++)
		n += f->c.s.panel[i] == panel && f->c.s.line[i] == line;
	return n < 16 ? 1 : n / 8;
}

static bool
has_marks(const struct figure *f)
{
	return f->kind == &calibration || f->c.s.n_lines > MOST_UNMARKED;
}

/* Whether there is an interval, and not so many that they hide each other. */
static bool
has_bands(const struct figure *f)
{
	return f->intervals && !f->p->is_text && f->c.s.n_lines <= MOST_BANDS;
}

/* Plot line LINE of PANEL; a step where the curve is one. */
static void
add_line(struct figure *f, size_t panel, size_t line, size_t block)
{
	int look = (int)line + 1;
	bool steps = f->kind == &pr;

	if (steps)
		mc_plot_add(f->p, "$d%zu using 1:2 with fsteps ls %d", block,
		    look);
	else
		mc_plot_add(f->p, "$d%zu using 1:2 with lines ls %d", block,
		    look);
	if (has_marks(f)) {
		size_t every = mark_interval(f, panel, line);

		mc_plot_add(f->p, "$d%zu using 1:2 every %zu::%zu with points "
		    "ls %d", block, every, line * 3 % every, look);
	}
}

static void
add_band(struct figure *f, size_t block, size_t line)
{
	const char *colour = mc_plot_colour(line + 1);

	if (f->kind == &calibration)
		mc_plot_add(f->p, "$d%zu using 1:(valid(3)?$2:NaN):3:4 with "
		    "yerrorbars ls %zu dt solid lw 0.75", block, line + 1);
	else
		mc_plot_add(f->p, "$d%zu using 1:3:4 with filledcurves "
		    "fc rgb '%s' fs transparent solid 0.18 noborder", block,
		    colour);
}

/* --- References ----------------------------------------------------------- */

/* The share of the class among the images of PANEL: at recall 1 every image of
   the class is found.  NAN: unknown. */
static double
prevalence(const struct figure *f, size_t panel)
{
	size_t i;

	for (i = 0; i < f->c.n; i++) {
		const struct mc_curves_row *r = f->c.row[i];

		if (f->c.s.panel[i] == panel && r->x == 1 && r->n > 0 &&
		    r->n_images > 0 && !isnan(r->y))
			return r->y * (double)r->n / (double)r->n_images;
	}
	return NAN;
}

static void
add_reference(struct figure *f, size_t panel)
{
	double share;
	size_t all = 0, line;

	if (f->kind == &pr) {
		share = prevalence(f, panel);
		if (!isnan(share))
			mc_plot_add(f->p, "%.10g with lines ls %d", share,
			    MC_RULE_REFERENCE);
		return;
	}
	if (f->kind != &decision) {
		mc_plot_add(f->p, "x with lines ls %d", MC_RULE_REFERENCE);
		return;
	}
	mc_plot_add(f->p, "0 with lines ls %d", MC_RULE_REFERENCE);
	/* Equal for all arms that predict the same images. */
	for (line = 0; line < f->c.s.n_lines && all == 0; line++)
		all = put_block(f, panel, line, ":all");
	if (all != 0)
		mc_plot_add(f->p, "$d%zu using 1:2 with lines ls %d", all,
		    MC_RULE_BLACK);
}

/* --- The axes ------------------------------------------------------------- */

/* The net benefit that is seen: little of what is below 0. */
static void
range_benefit(struct figure *f)
{
	double most = 0, right = 0;
	size_t i;

	for (i = 0; i < f->c.n; i++) {
		const struct mc_curves_row *r = f->c.row[i];

		if (!isnan(r->x))
			right = fmax(right, r->x);
		if (!isnan(r->y))
			most = fmax(most, r->y);
		if (!isnan(r->hi) && has_bands(f))
			most = fmax(most, r->hi);
	}
	most = most > 0 ? most : 0.1;
	mc_plot_axis_round(&f->like.ay, 0, most, 5);
	f->like.ay.lo = -f->like.ay.step;
	mc_plot_axis_round(&f->like.ax, 0, right > 0 ? right : 1, 5);
}

static void
find_intervals(struct figure *f)
{
	size_t i;

	for (i = 0; i < f->c.n; i++)
		f->intervals = f->intervals || !isnan(f->c.row[i]->lo);
}

static void
make_axes(struct figure *f)
{
	struct mc_plot_axis unit = { .lo = 0, .hi = 1, .step = 0.2 };
	struct mc_plot_panel *q = &f->like;
	size_t i;

	q->ax = q->ay = unit;
	q->border = 3;
	if (f->kind == &decision)
		range_benefit(f);
	q->ax.label = f->kind->x;
	q->ay.label = f->kind->y;
	for (i = 0; i < f->c.n; i++)
		f->most = fmax(f->most, (double)f->c.row[i]->n);
}

/* --- The key -------------------------------------------------------------- */

/*
 * The area under the ROC curve of LINE in the only panel, from its corners: of
 * trapezoids, which count equal probabilities half.  NAN where the table has
 * not all corners, since the grid gives no more than an estimate of it.
 */
static double
auroc(const struct figure *f, size_t line)
{
	const struct mc_curves_row *before = NULL;
	double area = 0;
	size_t i;

	for (i = 0; i < f->c.n; i++) {
		const struct mc_curves_row *r = f->c.row[i];

		if (f->c.s.line[i] != line || !is_part(r, &roc, ":points"))
			continue;
		if (before == NULL ? r->x != 0 || r->y != 0 :
		    !(r->x >= before->x && r->y >= before->y))
			return NAN;
		if (before != NULL)
			area += (r->x - before->x) * (r->y + before->y) / 2;
		before = r;
	}
	return before != NULL && before->x == 1 && before->y == 1 ? area : NAN;
}

/* What LINE is called in the key. */
static char *
name_line(const struct figure *f, size_t line)
{
	const char *name = f->c.s.lines[line];
	double area = f->kind == &roc && f->c.s.n_panels == 1 ?
	    auroc(f, line) : NAN;

	name = *name != '\0' ? name : "Model";
	/* On the scale of the axes, with as many digits as a percentage. */
	return isnan(area) ? mc_xstrdup(name) : mc_xasprintf("%s, AUROC %.*f",
	    name, f->d->style->table.percent + 2, area);
}

static void
make_legend(struct figure *f)
{
	size_t i;

	f->names = mc_xcalloc(f->c.s.n_lines + 1, sizeof(*f->names));
	for (i = 0; i < f->c.s.n_lines; i++) {
		f->names[i] = name_line(f, i);
		mc_legend_add(&f->legend, f->names[i], (int)i + 1, true,
		    has_marks(f));
	}
	if (f->kind == &decision)
		mc_legend_add(&f->legend, "Treat all",
		    MC_RULE_BLACK, true, false);
	mc_legend_add(&f->legend, f->kind->reference, MC_RULE_REFERENCE, true,
	    false);
}

/* A part of the panel, in shares of its width and height from the lower left. */
struct part {
	double x0, y0, x1, y1;
};

/* What point I takes: a line upwards where its interval is drawn. */
static struct part
part_at(const struct figure *f, size_t i)
{
	const struct mc_plot_axis *ax = &f->like.ax, *ay = &f->like.ay;
	const struct mc_curves_row *r = f->c.row[i];
	double x = (r->x - ax->lo) / (ax->hi - ax->lo);
	double lo = r->y, hi = r->y;

	/* fmin of a NAN and a number is the number. */
	if (has_bands(f)) {
		lo = fmin(lo, r->lo);
		hi = fmax(hi, r->hi);
	}
	return (struct part){ x, (lo - ay->lo) / (ay->hi - ay->lo), x,
	    (hi - ay->lo) / (ay->hi - ay->lo) };
}

/* What is the share S of the way from A to B; curves of KIND may have steps. */
static struct part
part_between(const struct kind *kind, const struct part *a,
    const struct part *b, double s)
{
	double across = s, up = s;

	if (kind == &pr) {
		across = fmax(0, 2 * s - 1);
		up = fmin(1, 2 * s);
	}
	return (struct part){ a->x0 + across * (b->x0 - a->x0),
	    a->y0 + up * (b->y0 - a->y0), a->x1 + across * (b->x1 - a->x1),
	    a->y1 + up * (b->y1 - a->y1) };
}

/* Whether A and B have a place in common; not where a side is NAN. */
static bool
overlap(const struct part *a, const struct part *b)
{
	return a->x1 >= b->x0 && a->x0 <= b->x1 && a->y1 >= b->y0 &&
	    a->y0 <= b->y1;
}

/* Whether the curve is in WANTED at point I, or on the way to it. */
static bool
comes_into(const struct figure *f, size_t i, const struct part *wanted)
{
	struct part here = part_at(f, i), before, between;
	double s;

	if (overlap(&here, wanted))
		return true;
	if (i == 0 || f->c.s.panel[i] != f->c.s.panel[i - 1] ||
	    f->c.s.line[i] != f->c.s.line[i - 1] ||
	    strcmp(f->c.row[i]->curve, f->c.row[i - 1]->curve) != 0)
		return false;
	before = part_at(f, i - 1);
	for (s = 0; s < 1; s += 0.01) {
		between = part_between(f->kind, &before, &here, s);
		if (overlap(&between, wanted))
			return true;
	}
	return false;
}

/* Whether there is no line in WANTED. */
static bool
is_free(const struct figure *f, const struct part *wanted)
{
	bool diagonal = f->kind == &roc || f->kind == &calibration;
	size_t i;

	if (diagonal && fmax(wanted->x0, wanted->y0) <=
	    fmin(wanted->x1, wanted->y1))
		return false;
	for (i = 0; i < f->c.n; i++) {
		if (comes_into(f, i, wanted))
			return false;
	}
	return true;
}

/* Draw the key in a corner of the only panel Q; returns false where none is
   free. */
static bool
legend_inside(struct figure *f, const struct mc_plot_panel *q)
{
	static const struct { bool right, above; } corners[] = {
		{ true, false }, { true, true }, { false, true },
		{ false, false }
	};
	double w = mc_legend_width(f->p, &f->legend) + f->p->em;
	double h = mc_legend_height(f->p, &f->legend) + 0.5 * f->p->line;
	double u = w / q->w, v = h / q->h;
	size_t i;

	if (f->p->is_text || u > 0.8 || v > 0.6)
		return false;
	for (i = 0; i < sizeof(corners) / sizeof(*corners); i++) {
		double x = corners[i].right ? 1 - u : 0.02;
		double y = corners[i].above ? 1 - v : 0.02;
		struct part corner = { x, y, x + u, y + v };

		if (!is_free(f, &corner))
			continue;
		mc_legend_draw(f->p, &f->legend, q->x + x * q->w,
		    q->y + (1 - y - v) * q->h + 0.25 * f->p->line);
		return true;
	}
	return false;
}

/* Draw the key where there is room: in the panel, beside it, or below. */
static void
draw_legend(struct figure *f)
{
	struct mc_plot_panel q = f->like;

	mc_tiles_place(&f->tiles, 0, &q);
	if (f->c.s.n_panels == 1 && legend_inside(f, &q))
		return;
	mc_curve_figure_legend(f->d, &f->legend, &f->tiles, q.y);
}

/* --- Panels --------------------------------------------------------------- */

static double
images(const struct mc_curves_row *r)
{
	return r->n < 0 ? NAN : (double)r->n;
}

/* The images by bin, below the panel Q. */
static void
draw_histogram(struct figure *f, size_t panel, const struct mc_plot_panel *q)
{
	struct mc_plot_panel h = *q;
	size_t line, block;

	h.y = q->y + q->h + (f->p->is_text ? 2 : 0.9 * f->p->line);
	h.h = q->y + q->h + f->tiles.extra - h.y;
	h.title = NULL;
	h.ax.label = panel + f->tiles.columns < f->c.s.n_panels ? NULL :
	    f->kind->x;
	h.ax.silent = false;
	if (h.ay.label != NULL)
		h.ay.label = "Images";
	mc_plot_axis_round(&h.ay, 0, f->most, 2);
	mc_plot_panel(f->p, &h);
	for (line = 0; line < f->c.s.n_lines; line++) {
		block = mc_curve_figure_bins(&f->c, f->p, panel, line,
		    f->kind->name, images, "images by bin");
		if (block == 0)
			continue;
		if (f->c.s.n_lines == 1 && !f->p->is_text)
			mc_plot_add(f->p, "$d%zu using 1:2 with fillsteps "
			    "fc rgb '#D8D8D8' fs solid noborder", block);
		mc_plot_add(f->p, "$d%zu using 1:2 with steps ls %zu", block,
		    line + 1);
	}
	mc_plot_panel_end(f->p);
}

static void
draw_panel(struct figure *f, size_t panel)
{
	size_t *blocks = mc_xcalloc(f->c.s.n_lines, sizeof(*blocks)), line;
	struct mc_plot_panel q = f->like;

	mc_tiles_place(&f->tiles, panel, &q);
	q.title = f->c.s.n_panels > 1 ? f->c.s.panels[panel] : NULL;
	if (f->kind == &calibration) {
		q.ax.label = NULL;
		q.ax.silent = true;
	}
	mc_plot_panel(f->p, &q);
	for (line = 0; line < f->c.s.n_lines; line++) {
		blocks[line] = put_block(f, panel, line, "");
		if (blocks[line] != 0 && has_bands(f))
			add_band(f, blocks[line], line);
	}
	add_reference(f, panel);
	for (line = 0; line < f->c.s.n_lines; line++) {
		size_t corners = f->kind == &roc || f->kind == &pr ?
		    put_block(f, panel, line, ":points") : 0;

		if (corners != 0 || blocks[line] != 0)
			add_line(f, panel, line, corners != 0 ? corners :
			    blocks[line]);
	}
	mc_plot_panel_end(f->p);
	if (f->kind == &calibration)
		draw_histogram(f, panel, &q);
	free(blocks);
}

/* --- Notes ---------------------------------------------------------------- */

/* Whether row I is the first of its curve, whose rows are adjacent. */
static bool
begins(const struct figure *f, size_t i)
{
	return i == 0 || f->c.s.panel[i] != f->c.s.panel[i - 1] ||
	    f->c.s.line[i] != f->c.s.line[i - 1] ||
	    strcmp(f->c.row[i]->curve, f->c.row[i - 1]->curve) != 0;
}

static void
say_how(struct figure *f)
{
	struct mc_evidence *from = mc_xcalloc(f->c.n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i, n = 0;

	if (f->intervals && !has_bands(f))
		mc_notes_without_intervals(f->d->notes);
	if (!f->intervals || f->kind == &calibration)
		mc_notes_without_bands(f->d->notes);
	for (i = 0; i < f->c.n; i++) {
		const struct mc_curves_row *r = f->c.row[i];

		/* The corners of a curve have neither interval nor remark. */
		if (*part_of(r, f->kind) == '\0' || *r->note != '\0') {
			if (begins(f, i))
				mc_notes_remark_curve(f->d->notes, r->note);
			else
				mc_notes_remark(f->d->notes, r->note);
		}
		if (*part_of(r, f->kind) == '\0')
			from[n++] = mc_curve_figure_evidence(r, has_bands(f));
	}
	if (f->kind == &calibration && has_bands(f))
		mc_notes_say(f->d->notes, "Bars: interval of each bin.");
	else if (has_bands(f))
		mc_notes_say(f->d->notes, "Bands: interval at each point.");
	else if (f->intervals)
		mc_notes_say(f->d->notes, "Intervals are not drawn%s.",
		    f->p->is_text ? "" : ", since too many would overlap");
	if (has_bands(f))
		mc_facts_add_intervals(facts, &f->d->style->table, from, n);
	mc_facts_add_sizes(facts, &f->d->style->table, from, n, "Seeds");
	mc_notes_facts(f->d->notes, facts);
	mc_notes_rows_are(f->d->notes, "point");
	mc_facts_free(facts);
	free(from);
}

/* --- The figure ----------------------------------------------------------- */

static void
draw_panels(struct figure *f, double extra)
{
	const struct mc_tiles_wish wish = { .n = f->c.s.n_panels,
	    .aspect = f->kind->is_square ? 1 : 0.75, .widest = 1,
	    .like = &f->like, .titles = f->c.s.n_panels > 1 ?
	    f->c.s.panels : NULL, .extra = extra, .right = 0.5 * f->p->em,
	    .top = f->d->y };
	size_t i;

	mc_tiles_make(&f->tiles, f->p, &wish);
	for (i = 0; i < f->c.s.n_panels; i++)
		draw_panel(f, i);
	f->d->y = mc_tiles_bottom(&f->tiles);
}

static enum mc_status
draw(struct mc_rows *r, struct mc_drawing *d, const struct kind *kind,
    struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .p = d->plot, .kind = kind };
	double extra = kind != &calibration ? 0 : f.p->is_text ? 7 :
	    5 * f.p->line;
	enum mc_status status;
	size_t i;

	mc_curve_figure_make(&f.c, r, d, kind->is, true);
	if ((status = check_order(&f, err)) == MC_OK) {
		mc_plot_looks(f.p, f.c.s.n_lines);
		find_intervals(&f);
		make_axes(&f);
		make_legend(&f);
		draw_panels(&f, extra);
		draw_legend(&f);
		say_how(&f);
		mc_legend_clear(&f.legend);
	}
	for (i = 0; f.names != NULL && i < f.c.s.n_lines; i++)
		free(f.names[i]);
	free(f.names);
	mc_curve_figure_clear(&f.c);
	return status;
}

#define DRAW(kind) \
	static enum mc_status \
	draw_##kind(struct mc_rows *r, struct mc_drawing *d, \
	    struct mc_err *err) \
	{ \
		return draw(r, d, &kind, err); \
	} \
	const struct mc_figure mc_figure_##kind = { #kind, \
	    &mc_curves_schema, "curve,x,y", is_##kind, draw_##kind };

DRAW(roc)
DRAW(pr)
DRAW(calibration)
DRAW(decision)
