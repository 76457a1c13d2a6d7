/* curve_figure.c - what figures of the table of mc-curve have in common. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/curve_figure.h"

#define N_KEYS (MC_KEYS + 2)

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct mc_curves_row *r =
	    ((const struct mc_curve_figure *)arg)->row[row];

	return key < MC_KEYS ? r->key[key] :
	    key == MC_KEYS ? r->class_name : r->subgroup;
}

void
mc_curve_figure_make(struct mc_curve_figure *f, struct mc_rows *rows,
    struct mc_drawing *d, bool (*is)(const void *row), bool lines)
{
	struct mc_series_key keys[N_KEYS];
	size_t n = mc_rows_count(rows), i;

	*f = (struct mc_curve_figure){ .row = mc_xcalloc(n + 1,
	    sizeof(*f->row)) };
	for (i = 0; i < n; i++) {
		if (is(mc_rows_get(rows, i)))
			f->row[f->n++] = mc_rows_get(rows, i);
	}
	if (f->n < n)
		mc_notes_say(d->notes, "Not drawn: %zu row%s of other "
		    "curves.", n - f->n, MC_PLURAL(n - f->n));
	mc_series_keys(keys, lines ? mc_series_is_of_arm : NULL);
	keys[MC_KEYS] = keys[MC_KEYS + 1] =
	    (struct mc_series_key){ NULL, false, lines };
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

void
mc_curve_figure_clear(struct mc_curve_figure *f)
{
	mc_series_clear(&f->s);
	free(f->row);
}

size_t
mc_curve_figure_bins(const struct mc_curve_figure *f, struct mc_plot *p,
    size_t panel, size_t line, const char *curve,
    double (*of)(const struct mc_curves_row *row), const char *comment)
{
	double v[] = { 0, 0 };
	size_t block = 0, i;

	for (i = 0; i < f->n; i++) {
		const struct mc_curves_row *r = f->row[i];

		if (f->s.panel[i] != panel || f->s.line[i] != line ||
		    strcmp(r->curve, curve) != 0 || isnan(of(r)) ||
		    isnan(r->threshold))
			continue;
		if (block == 0)
			block = mc_plot_block(p, comment);
		v[0] = r->threshold;
		v[1] = of(r);
		mc_plot_row(p, v, 2);
	}
	if (block == 0)
		return 0;
	v[0] = 1;
	mc_plot_row(p, v, 2);
	mc_plot_block_end(p);
	return block;
}

struct mc_evidence
mc_curve_figure_evidence(const struct mc_curves_row *r, bool interval)
{
	return (struct mc_evidence){ interval ? r->level : NAN,
	    interval ? r->method : "", interval ? r->replicates : -1,
	    interval ? r->resample_seed : -1, { r->key[MC_KEY_TASK],
	    r->key[MC_KEY_SPLIT], r->subgroup }, r->unit, r->n_images,
	    r->n_units, -1, r->key[MC_KEY_WEIGHTS] };
}

void
mc_curve_figure_legend(struct mc_drawing *d, const struct mc_legend *l,
    const struct mc_tiles *t, double top)
{
	double beside = mc_tiles_right(t) + 3 * d->plot->em;

	if (beside + mc_legend_width(d->plot, l) <= d->plot->width &&
	    mc_legend_height(d->plot, l) <= d->y - top)
		mc_legend_draw(d->plot, l, beside, top);
	else
		d->y = mc_legend_flow(d->plot, l, t->left, d->y +
		    0.4 * d->plot->line);
}
