/* figure_distribution.c - draw how the probabilities of a class are distributed
   among its images and among the others. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure.h"
#include "report/series.h"
#include "report/tiles.h"

#define N_KEYS (MC_KEYS + 2)

/* The images of the class, and the rest. */
enum side { OWN, REST, SIDES };

static const char *const curve_of[SIDES] = { "distribution",
    "distribution:rest" };

struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	struct mc_plot *p;
	size_t n;
	const struct mc_curves_row **row;	/* [n] */
	struct mc_series s;
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

static void
choose_rows(struct figure *f)
{
	size_t n = mc_rows_count(f->rows), i;

	f->row = mc_xcalloc(n + 1, sizeof(*f->row));
	for (i = 0; i < n; i++) {
		const struct mc_curves_row *row = mc_rows_get(f->rows, i);

		if (side_of(row) != SIDES)
			f->row[f->n++] = row;
	}
	if (f->n < n)
		mc_notes_say(f->d->notes, "Not drawn: %zu row%s of other "
		    "curves.", n - f->n, MC_PLURAL(n - f->n));
}

/* A panel is an arm, a class and a subgroup. */
static void
make_series(struct figure *f)
{
	struct mc_series_key keys[N_KEYS] = { { NULL, false, false } };
	const char **texts = mc_xcalloc(f->n * N_KEYS + 1, sizeof(*texts));
	size_t i, k;

	for (k = 0; k < MC_KEYS; k++)
		keys[k] = mc_series_key_of(k, false);
	for (i = 0; i < f->n; i++) {
		memcpy(texts + i * N_KEYS, f->row[i]->key,
		    sizeof(f->row[i]->key));
		texts[i * N_KEYS + MC_KEYS] = f->row[i]->class_name;
		texts[i * N_KEYS + MC_KEYS + 1] = f->row[i]->subgroup;
	}
	mc_series_make(&f->s, keys, N_KEYS, texts, f->n);
	free(texts);
}

/*
 * Check that the bins of each side of each panel go on.  Where they go back, they
 * were given twice, or in other bins.
 */
static enum mc_status
check_bins(const struct figure *f, struct mc_err *err)
{
	size_t n = f->s.n_panels * SIDES, i;
	double *last = mc_xcalloc(n + 1, sizeof(*last)), *before;
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++)
		last[i] = -INFINITY;
	for (i = 0; i < f->n && status == MC_OK; i++) {
		const struct mc_curves_row *r = f->row[i];

		before = &last[f->s.panel[i] * SIDES + side_of(r)];
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

	for (i = 0; i < f->n; i++) {
		if (f->s.panel[i] == panel && side_of(f->row[i]) == side &&
		    f->row[i]->n > 0)
			n += f->row[i]->n;
	}
	return n;
}

/* The class of all panels; NULL: they differ. */
static const char *
only_class(const struct figure *f)
{
	size_t i;

	for (i = 1; i < f->n; i++) {
		if (strcmp(f->row[i]->class_name, f->row[0]->class_name) != 0)
			return NULL;
	}
	return f->row[0]->class_name;
}

/* Name the SIDE, and its images where all panels have as many. */
static char *
name_side(const struct figure *f, enum side side, const char *name)
{
	int64_t n = images_of(f, 0, side);
	size_t panel;

	for (panel = 1; panel < f->s.n_panels; panel++) {
		if (images_of(f, panel, side) != n)
			return mc_xstrdup(name);
	}
	return mc_xasprintf("%s (n = %lld)", name, (long long)n);
}

static void
make_words(struct figure *f)
{
	const char *class_name = only_class(f);

	f->name[OWN] = name_side(f, OWN, class_name != NULL ? class_name :
	    "The class");
	f->name[REST] = name_side(f, REST, "Other labels");
	f->x_label = class_name != NULL ? mc_xasprintf("Predicted probability "
	    "of %s", class_name) : mc_xstrdup("Predicted probability");
	mc_legend_add(&f->legend, f->name[OWN], 1, true, false);
	mc_legend_add(&f->legend, f->name[REST], 2, true, false);
}

/* --- Panels --------------------------------------------------------------- */

static void
make_axes(struct figure *f)
{
	struct mc_plot_panel *q = &f->like;
	double most = 0;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (!isnan(f->row[i]->y))
			most = fmax(most, f->row[i]->y);
	}
	q->ax = (struct mc_plot_axis){ .label = f->x_label, .lo = 0, .hi = 1,
	    .step = 0.2 };
	mc_plot_axis_round(&q->ay, 0, most > 0 ? most : 1, 5);
	q->ay.label = "Share of images";
	q->border = 3;
	q->title = f->s.n_panels > 1 ? "" : NULL;
}

/* Write the bins of a SIDE of PANEL, each from its lower end on, as a block;
   returns its number, 0 where there is none. */
static size_t
put_bins(struct figure *f, size_t panel, enum side side)
{
	double v[] = { 0, 0 };
	size_t block = 0, i;

	for (i = 0; i < f->n; i++) {
		const struct mc_curves_row *r = f->row[i];

		if (f->s.panel[i] != panel || side_of(r) != side ||
		    isnan(r->y))
			continue;
		if (block == 0)
			block = mc_plot_block(f->p, f->name[side]);
		v[0] = r->threshold;
		v[1] = r->y;
		mc_plot_row(f->p, v, 2);
	}
	if (block == 0)
		return 0;
	/* The last bin ends at 1. */
	v[0] = 1;
	mc_plot_row(f->p, v, 2);
	mc_plot_block_end(f->p);
	return block;
}

static void
draw_panel(struct figure *f, size_t panel)
{
	struct mc_plot_panel q = f->like;
	size_t block[SIDES], side;

	mc_tiles_place(&f->tiles, panel, &q);
	q.title = f->s.n_panels > 1 ? f->s.panels[panel] : NULL;
	mc_plot_panel(f->p, &q);
	for (side = 0; side < SIDES; side++) {
		block[side] = put_bins(f, panel, (enum side)side);
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

/* Draw the key beside the panels, or below them where there is no room. */
static void
draw_legend(struct figure *f)
{
	double beside = mc_tiles_right(&f->tiles) + 3 * f->p->em;
	struct mc_plot_panel q = f->like;

	mc_tiles_place(&f->tiles, 0, &q);
	if (beside + mc_legend_width(f->p, &f->legend) <= f->p->width) {
		mc_legend_draw(f->p, &f->legend, beside, q.y);
		return;
	}
	f->d->y = mc_legend_flow(f->p, &f->legend, f->tiles.left, f->d->y +
	    0.4 * f->p->line);
}

/* --- Notes ---------------------------------------------------------------- */

static void
say_how(struct figure *f)
{
	struct mc_evidence *from = mc_xcalloc(f->n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i;

	mc_notes_say(f->d->notes, "Share of the images of a label in each bin "
	    "of probability.");
	for (i = 0; i < f->n; i++) {
		const struct mc_curves_row *r = f->row[i];

		if (isnan(r->y))
			mc_notes_remark(f->d->notes, r->note);
		from[i] = (struct mc_evidence){ NAN, "", -1, -1,
		    { r->key[MC_KEY_TASK], r->key[MC_KEY_SPLIT], r->subgroup },
		    r->unit, r->n_images, r->n_units, -1 };
	}
	mc_facts_add_sizes(facts, &f->d->style->table, from, f->n, "Seeds");
	mc_notes_facts(f->d->notes, facts);
	mc_notes_rows_are(f->d->notes, "bin");
	mc_facts_free(facts);
	free(from);
}

/* --- The figure ----------------------------------------------------------- */

static void
draw(struct figure *f)
{
	size_t i;

	mc_plot_looks(f->p, SIDES);
	make_words(f);
	make_axes(f);
	mc_tiles_make(&f->tiles, f->p, f->s.n_panels, 0.62, 1, &f->like, 0,
	    0.5 * f->p->em, f->d->y);
	for (i = 0; i < f->s.n_panels; i++)
		draw_panel(f, i);
	f->d->y = mc_tiles_bottom(&f->tiles);
	draw_legend(f);
	say_how(f);
}

static enum mc_status
draw_distribution(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .p = d->plot };
	enum mc_status status;
	size_t i;

	choose_rows(&f);
	make_series(&f);
	status = check_bins(&f, err);
	if (status == MC_OK)
		draw(&f);
	mc_legend_clear(&f.legend);
	mc_series_clear(&f.s);
	for (i = 0; i < SIDES; i++)
		free(f.name[i]);
	free(f.x_label);
	free(f.row);
	return status;
}

const struct mc_figure mc_figure_distribution = { "distribution",
    &mc_curves_schema, "curve,x,y", is_distribution, draw_distribution };
