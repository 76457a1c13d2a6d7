/* figure.c - draw a table as a figure. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/figure.h"
#include "table/tsv.h"

#define FIGURE_ROW(name) &mc_figure_##name,
#define FIGURE_NAME(name) #name,
const struct mc_figure *const mc_figures[] = { MC_FIGURES(FIGURE_ROW) NULL };
const char *const mc_figure_names[] = { MC_FIGURES(FIGURE_NAME) NULL };

/* --- Which ---------------------------------------------------------------- */

/* The first figure whose table T is, or NULL. */
static const struct mc_figure *
figure_of(const struct mc_table *t)
{
	size_t i;

	for (i = 0; mc_figures[i] != NULL; i++) {
		const char *sign = mc_figures[i]->sign;
		char **names;
		size_t n = mc_split_commas(sign, &names), k;

		for (k = 0; k < n && mc_table_find(t, names[k]) >= 0; k++)
			;
		free(names);
		if (k == n)
			return mc_figures[i];
	}
	return NULL;
}

/* Chooses the schema of mc_rows_read_as. */
static const struct mc_schema *
schema_of(const struct mc_table *t, struct mc_err *err)
{
	const struct mc_figure *figure = figure_of(t);

	if (figure == NULL) {
		mc_err_at(err, MC_EDATA, mc_table_name(t), 1, "no figure shows "
		    "a table with these columns: give one of mc-curve, or "
		    "another that mc-plot(1) lists");
		return NULL;
	}
	return figure->schema;
}

static bool
suits(const struct mc_figure *figure, const struct mc_rows *r)
{
	size_t n = mc_rows_count(r), i;

	for (i = 0; i < n; i++) {
		if (figure->suits == NULL || figure->suits(mc_rows_get(r, i)))
			return true;
	}
	return false;
}

/* Set *FIGURE, unless it is set, to the first of SCHEMA that R suits. */
static enum mc_status
choose(const struct mc_figure **figure, const struct mc_rows *r,
    const struct mc_schema *schema, struct mc_err *err)
{
	const struct mc_figure *first = NULL;
	struct mc_buf possible = { 0 };
	bool found = false;
	size_t i;

	for (i = 0; mc_figures[i] != NULL; i++) {
		if (mc_figures[i]->schema != schema ||
		    !suits(mc_figures[i], r))
			continue;
		first = first == NULL ? mc_figures[i] : first;
		found = found || mc_figures[i] == *figure;
		mc_buf_printf(&possible, "%s%s", possible.len > 0 ? ", " : "",
		    mc_figures[i]->name);
	}
	if (first == NULL)
		mc_err_at(err, MC_EDATA, mc_rows_name(r, 0), 0,
		    mc_rows_count(r) == 0 ? "a header, but no rows" :
		    "no figure shows any of its rows: mc-plot(1) says what "
		    "each figure needs");
	else if (*figure != NULL && !found)
		mc_err_set(err, MC_EUSAGE, "--figure: %s is not drawn from "
		    "%s: possible: %s", (*figure)->name, mc_rows_name(r, 0),
		    possible.data);
	else if (*figure == NULL)
		*figure = first;
	mc_buf_free(&possible);
	if (first == NULL)
		return MC_EDATA;
	return *figure != first && !found ? MC_EUSAGE : MC_OK;
}

enum mc_status
mc_figure_read(const struct mc_figure **figure, struct mc_rows **r,
    char *const *paths, size_t n, struct mc_err *err)
{
	const struct mc_schema *schema;
	enum mc_status status;

	status = mc_rows_read_as(r, schema_of, paths, n, &schema, err);
	if (status == MC_OK)
		status = choose(figure, *r, schema, err);
	if (status != MC_OK) {
		mc_rows_free(*r);
		*r = NULL;
	}
	return status;
}

/* --- Drawing -------------------------------------------------------------- */

/* Append the notes below what is drawn. */
static void
draw_notes(struct mc_drawing *d, const char *text)
{
	struct mc_plot *p = d->plot;

	if (*text == '\0')
		return;
	d->y += 0.9 * p->line;
	/* Numbers and parentheses are wider in some fonts than was reckoned. */
	d->y = mc_plot_lines(p, 0.5 * p->em, d->y, (p->is_text ? 1 : 0.98) *
	    p->width - p->em, MC_SMALL, text) - 0.5 * p->line;
}

enum mc_status
mc_figure_draw(const struct mc_figure *figure, struct mc_rows *r,
    const struct mc_figure_style *style, bool below, struct mc_buf *script,
    struct mc_buf *notes, struct mc_buf *advice, double *height,
    struct mc_err *err)
{
	struct mc_drawing d = { .style = style };
	enum mc_status status;

	d.plot = mc_plot_alloc(&style->plot);
	d.notes = mc_notes_alloc();
	status = figure->draw(r, &d, err);
	if (status == MC_OK) {
		mc_notes_text(d.notes, notes);
		mc_buf_puts(advice, mc_notes_advice(d.notes));
		if (below)
			draw_notes(&d, notes->data);
		d.y += 0.3 * d.plot->line;
		*height = mc_plot_height_mm(d.plot, d.y);
		mc_plot_script(d.plot, d.y, script);
	}
	mc_notes_free(d.notes);
	mc_plot_free(d.plot);
	return status;
}
