/* figure_distribution.c - draw how the probabilities of a class are distributed
   among its images and among the others. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/curve_figure.h"
#include "report/figure.h"

/* The images of the class, and the rest. */
enum side { OWN, REST, SIDES };

static const char *const curve_of[SIDES] = { "distribution",
    "distribution:rest" };

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	struct mc_plot *p;
	struct mc_curve_figure c;
	struct mc_tiles tiles;
	struct mc_plot_panel like;
	struct mc_legend legend;
	char *name[SIDES];			/* in the key */
	char *x_label;
};

/* --- Which rows ----------------------------------------------------------- */

/* The side that ROW is about; SIDES: it is of another curve. */
static enum side
side_of(const struct mc_curves_row *row)
{
	return strcmp(row->curve, curve_of[OWN]) == 0 ? OWN :
	    strcmp(row->curve, curve_of[REST]) == 0 ? REST : SIDES;
}

static bool
is_distribution(const void *row)
{
	return side_of(row) != SIDES;
}

/*
 * Check that the bins of each side of each panel go on.  Where they go back, they
 * were given twice, or in other bins.
 */
static enum mc_status
check_bins(const struct figure *f, struct mc_err *err)
{
	size_t n = f->c.s.n_panels * SIDES, i;
	double *last = mc_xcalloc(n + 1, sizeof(*last)), *before;
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++)
		last[i] = -INFINITY;
	for (i = 0; i < f->c.n && status == MC_OK; i++) {
		const struct mc_curves_row *r = f->c.row[i];

		before = &last[f->c.s.panel[i] * SIDES + side_of(r)];
		if (isnan(r->threshold))
			status = mc_err_set(err, MC_EDATA, "%s: a bin has no "
			    "threshold, its lower end", mc_rows_name(f->rows,
			    0));
		else if (r->threshold <= *before)
			status = mc_err_set(err, MC_EDATA, "%s: the curve %s "
			    "has the bin at %g behind that at %g: give each "
			    "table once, and its rows in order", mc_rows_name(
			    f->rows, 0), r->curve, r->threshold, *before);
		*before = r->threshold;
	}
	free(last);
	return status;
}

/* --- Words ---------------------------------------------------------------- */

/* The images of SIDE in PANEL. */
static int64_t
images_of(const struct figure *f, size_t panel, enum side side)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < f->c.n; i++) {
		if (f->c.s.panel[i] == panel && side_of(f->c.row[i]) == side &&
		    f->c.row[i]->n > 0)
			n += f->c.row[i]->n;
	}
	return n;
}

/* The class of all panels; NULL: they differ. */
static const char *
only_class(const struct figure *f)
{
	size_t i;

	for (i = 1; i < f->c.n; i++) {
		if (strcmp(f->c.row[i]->class_name, f->c.row[0]->class_name) != 0)
			return NULL;
	}
	return f->c.row[0]->class_name;
}

/* Name the SIDE, and its images where all panels have as many. */
static char *
name_side(const struct figure *f, enum side side, const char *name)
{
	int64_t n = images_of(f, 0, side);
	size_t panel;

	for (panel = 1; panel < f->c.s.n_panels; panel++) {
		if (images_of(f, panel, side) != n)
			return mc_xstrdup(name);
	}
	return mc_xasprintf("%s (n = %lld)", name, (long long)n);
}

/* Whether SIDE has a bin in a panel. */
static bool
has_side(const struct figure *f, enum side side)
{
	size_t i;

	for (i = 0; i < f->c.n; i++) {
		if (side_of(f->c.row[i]) == side && !isnan(f->c.row[i]->y))
			return true;
	}
	return false;
}

static void
make_words(struct figure *f)
{
	const char *class_name = only_class(f);
	size_t side;

	f->name[OWN] = name_side(f, OWN, class_name != NULL ? class_name :
	    "The class");
	f->name[REST] = name_side(f, REST, "Other labels");
	f->x_label = class_name != NULL ? mc_xasprintf("Predicted probability "
	    "of %s", class_name) : mc_xstrdup("Predicted probability");
	for (side = 0; side < SIDES; side++) {
		if (has_side(f, (enum side)side))
			mc_legend_add(&f->legend, f->name[side], (int)side + 1,
			    true, false);
	}
}

/* --- Panels --------------------------------------------------------------- */

static void
make_axes(struct figure *f)
{
	struct mc_plot_panel *q = &f->like;
	double most = 0;
	size_t i;

	for (i = 0; i < f->c.n; i++) {
		if (!isnan(f->c.row[i]->y))
			most = fmax(most, f->c.row[i]->y);
	}
	q->ax = (struct mc_plot_axis){ .label = f->x_label, .lo = 0, .hi = 1,
	    .step = 0.2 };
	mc_plot_axis_round(&q->ay, 0, most > 0 ? most : 1, 5);
	q->ay.label = "Share of images";
	q->border = 3;
}

static double
share(const struct mc_curves_row *r)
{
	return r->y;
}

static void
draw_panel(struct figure *f, size_t panel)
{
	struct mc_plot_panel q = f->like;
	size_t block[SIDES], side;

	mc_tiles_place(&f->tiles, panel, &q);
	q.title = f->c.s.n_panels > 1 ? f->c.s.panels[panel] : NULL;
	mc_plot_panel(f->p, &q);
	for (side = 0; side < SIDES; side++) {
		block[side] = mc_curve_figure_bins(&f->c, f->p, panel, 0,
		    curve_of[side], share, f->name[side]);
		if (block[side] != 0 && !f->p->is_text)
			mc_plot_add(f->p, "$d%zu using 1:2 with fillsteps "
			    "fc rgb '%s' fs transparent solid 0.18 noborder",
			    block[side], mc_plot_colour(side + 1));
	}
	for (side = 0; side < SIDES; side++) {
		if (block[side] != 0)
			mc_plot_add(f->p, "$d%zu using 1:2 with steps ls %zu",
			    block[side], side + 1);
	}
	mc_plot_panel_end(f->p);
}

/* --- Notes ---------------------------------------------------------------- */

static void
say_how(struct figure *f)
{
	struct mc_evidence *from = mc_xcalloc(f->c.n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i;

	mc_notes_say(f->d->notes, "Share of the images of a label in each bin "
	    "of probability.");
	for (i = 0; i < f->c.n; i++) {
		const struct mc_curves_row *r = f->c.row[i];

		if (isnan(r->y))
			mc_notes_remark(f->d->notes, r->note);
		from[i] = mc_curve_figure_evidence(r, false);
	}
	mc_facts_add_sizes(facts, &f->d->style->table, from, f->c.n, "Seeds");
	mc_notes_facts(f->d->notes, facts);
	mc_notes_rows_are(f->d->notes, "bin");
	mc_facts_free(facts);
	free(from);
}

/* --- The figure ----------------------------------------------------------- */

static void
draw(struct figure *f)
{
	const struct mc_tiles_wish wish = { .n = f->c.s.n_panels,
	    .aspect = 0.62, .widest = 1, .like = &f->like,
	    .titles = f->c.s.n_panels > 1 ? f->c.s.panels : NULL,
	    .right = 0.5 * f->p->em, .top = f->d->y };
	struct mc_plot_panel first = f->like;
	size_t i;

	mc_plot_looks(f->p, SIDES);
	make_words(f);
	make_axes(f);
	mc_tiles_make(&f->tiles, f->p, &wish);
	for (i = 0; i < f->c.s.n_panels; i++)
		draw_panel(f, i);
	f->d->y = mc_tiles_bottom(&f->tiles);
	mc_tiles_place(&f->tiles, 0, &first);
	mc_curve_figure_legend(f->d, &f->legend, &f->tiles, first.y);
	say_how(f);
}

static enum mc_status
draw_distribution(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .p = d->plot };
	enum mc_status status;
	size_t i;

	mc_curve_figure_make(&f.c, r, d, is_distribution, false);
	status = check_bins(&f, err);
	if (status == MC_OK)
		draw(&f);
	mc_legend_clear(&f.legend);
	mc_curve_figure_clear(&f.c);
	for (i = 0; i < SIDES; i++)
		free(f.name[i]);
	free(f.x_label);
	return status;
}

const struct mc_figure mc_figure_distribution = { "distribution",
    &mc_curves_schema, "curve,x,y", is_distribution, draw_distribution };
