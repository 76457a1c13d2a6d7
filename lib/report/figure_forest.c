/* figure_forest.c - draw metrics with intervals, by arm or by subgroup. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "report/figure.h"
#include "report/forest.h"
#include "report/lines.h"
#include "report/metric_figure.h"
#include "report/series.h"
#include "stats/remarks.h"

#define N_KEYS (MC_KEYS + 1)

/* What the functions below share. */
struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	bool by_subgroup;
	size_t n;			/* rows */
	struct mc_column *columns;
	size_t n_columns;
	struct mc_series s;
	size_t *line;			/* [panel * n_lines + line]: of the
					   forest, plus 1; 0: none yet */
	struct mc_forest *forest;
	bool *is_last;			/* [row]: of a model without a regime */
};

static const struct mc_metrics_row *
row_at(const struct figure *f, size_t i)
{
	return mc_rows_get(f->rows, i);
}

/* Whether the table has subgroups. */
static bool
has_subgroup(const void *row)
{
	const struct mc_metrics_row *r = row;

	return *r->subgroup != '\0';
}

/* --- Columns and lines ---------------------------------------------------- */

/* What the functions of mc_series_make are given. */
struct texts {
	const struct figure *f;
	const char **task;		/* [row]: printed */
};

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct texts *t = arg;
	const struct mc_metrics_row *r = row_at(t->f, row);

	return key == MC_KEY_TASK ? t->task[row] :
	    key < MC_KEYS ? r->key[key] : r->subgroup;
}

static bool
is_no_task(size_t k)
{
	return k != MC_KEY_TASK;
}

/* The headings of a forest are tasks; where it is by subgroup, what is not one
   of its lines. */
static void
make_series(struct figure *f, struct mc_lines *kept)
{
	struct texts t = { f, mc_xcalloc(f->n + 1, sizeof(*t.task)) };
	struct mc_series_key keys[N_KEYS];
	size_t i;

	mc_series_keys(keys, f->by_subgroup ? NULL : is_no_task);
	keys[MC_KEYS] = (struct mc_series_key){ NULL, true, false };
	for (i = 0; i < f->n; i++)
		t.task[i] = mc_lines_task(kept, row_at(f, i)->key[MC_KEY_TASK],
		    row_at(f, i)->note);
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, &t);
	free(t.task);
}

static void
name_columns(struct figure *f)
{
	size_t c;

	for (c = 0; c < f->n_columns; c++) {
		struct mc_forest_column *column = &f->forest->columns[c];
		const struct mc_metric *m =
		    mc_columns_metric(f->columns[c].metric);

		column->factor = m->factor;
		if (m->least < m->most) {
			column->least = m->least;
			column->most = m->most;
		}
		column->heading = mc_metric_figure_axis(f->columns,
		    f->n_columns, c);
	}
}

/* The name of a line; of a subgroup with its size. */
static char *
label(const struct figure *f, size_t i)
{
	const struct mc_metrics_row *r = row_at(f, i);
	const char *name = f->s.lines[f->s.line[i]];

	if (*name == '\0')
		name = f->by_subgroup ? "all" : "Model";
	if (f->by_subgroup && r->n_images >= 0)
		return mc_xasprintf("%s (n = %lld)", name,
		    (long long)r->n_images);
	return mc_xstrdup(name);
}

/* The model of ROW, or its arm where the table has no models. */
static const char *
model_of(const struct mc_metrics_row *row)
{
	return *row->key[MC_KEY_MODEL] != '\0' ? row->key[MC_KEY_MODEL] :
	    row->key[MC_KEY_ARM];
}

/* Find the rows of models that have no regime in any row: as in the table. */
static void
find_last(struct figure *f)
{
	struct mc_names *models = mc_names_alloc();
	size_t i;

	f->is_last = mc_xcalloc(f->n + 1, sizeof(*f->is_last));
	for (i = 0; i < f->n; i++) {
		if (*row_at(f, i)->key[MC_KEY_REGIME] != '\0')
			mc_names_add(models, model_of(row_at(f, i)));
	}
	for (i = 0; i < f->n; i++)
		f->is_last[i] = mc_names_find(models,
		    model_of(row_at(f, i))) == MC_NO_NAME;
	mc_names_free(models);
}

/* Add the lines of PANEL in the order of their first rows, those that are LAST or
   those that are not; FIRST: none is there. */
static bool
add_lines(struct figure *f, size_t panel, bool last, bool first)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct mc_column column = mc_metric_figure_column(row_at(f, i));
		size_t *line = &f->line[panel * f->s.n_lines + f->s.line[i]];
		struct mc_forest_line *added;

		if (f->s.panel[i] != panel || *line != 0 ||
		    last != f->is_last[i] || mc_columns_find(f->columns, f->n_columns, &column) ==
		    f->n_columns)
			continue;
		added = mc_forest_add(f->forest);
		added->label = label(f, i);
		if (first && f->s.n_panels > 1)
			added->heading = mc_xstrdup(f->s.panels[panel]);
		first = false;
		*line = f->forest->n_lines;
	}
	return first;
}

/* --- Numbers -------------------------------------------------------------- */

static enum mc_status
add_values(struct figure *f, struct mc_err *err)
{
	size_t i, c;

	for (i = 0; i < f->n; i++) {
		const struct mc_metrics_row *r = row_at(f, i);
		struct mc_column column = mc_metric_figure_column(r);
		size_t line = f->line[f->s.panel[i] * f->s.n_lines +
		    f->s.line[i]];
		struct mc_forest_value *v;

		c = mc_columns_find(f->columns, f->n_columns, &column);
		if (c == f->n_columns)
			continue;
		v = &f->forest->lines[line - 1].values[c];
		if (v->text != NULL)
			return mc_err_set(err, MC_EDATA, "%s: a second number "
			    "for %s of \"%s\": give each table once",
			    mc_rows_place(f->rows, i), r->metric,
			    f->forest->lines[line - 1].label);
		*v = (struct mc_forest_value){ r->estimate, r->lo, r->hi,
		    mc_metric_figure_text(r->metric, r->estimate, r->lo,
		    r->hi, f->d->style->table.percent), NULL };
	}
	return MC_OK;
}

/* --- Notes ---------------------------------------------------------------- */

static void
say_how(struct figure *f)
{
	struct mc_evidence *from = mc_xcalloc(f->n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	struct mc_buf lowest = { 0 };
	size_t i, n = 0, left_out = 0;

	for (i = 0; i < f->n; i++) {
		const struct mc_metrics_row *r = row_at(f, i);
		struct mc_column column = mc_metric_figure_column(r);

		if (mc_columns_find(f->columns, f->n_columns, &column) ==
		    f->n_columns) {
			left_out++;
			continue;
		}
		mc_notes_remark(f->d->notes, r->note);
		from[n++] = mc_metric_figure_evidence(r);
	}
	mc_facts_add_intervals(facts, &f->d->style->table, from, n);
	mc_facts_add_sizes(facts, &f->d->style->table, from, n,
	    "Training seeds per arm");
	mc_notes_facts(f->d->notes, facts);
	mc_columns_lowest(f->columns, f->n_columns, "Lower is better: ", ".",
	    &lowest);
	if (lowest.len > 0)
		mc_notes_say(f->d->notes, "%s", lowest.data);
	if (left_out > 0)
		mc_notes_say(f->d->notes, "Not drawn: %zu number%s of other "
		    "metrics.", left_out, MC_PLURAL(left_out));
	mc_notes_rows_are(f->d->notes, "number");
	mc_buf_free(&lowest);
	mc_facts_free(facts);
	free(from);
}

/* --- The figure ----------------------------------------------------------- */

static enum mc_status
draw_lines(struct figure *f, struct mc_err *err)
{
	enum mc_status status;
	size_t panel;

	f->forest = mc_forest_alloc(f->n_columns);
	f->line = mc_xcalloc(f->s.n_panels * f->s.n_lines + 1,
	    sizeof(*f->line));
	name_columns(f);
	find_last(f);
	for (panel = 0; panel < f->s.n_panels; panel++)
		add_lines(f, panel, true, add_lines(f, panel, false, true));
	if ((status = add_values(f, err)) != MC_OK)
		return status;
	mc_forest_draw(f->forest, f->d);
	say_how(f);
	return MC_OK;
}

static enum mc_status
draw(struct mc_rows *r, struct mc_drawing *d, bool by_subgroup,
    struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d, .by_subgroup = by_subgroup,
	    .n = mc_rows_count(r) };
	struct mc_lines kept;
	enum mc_status status;

	mc_lines_init(&kept, NULL, 0, 0);
	if ((status = mc_metric_figure_choose(r, d, &f.columns,
	    &f.n_columns, err)) == MC_OK) {
		make_series(&f, &kept);
		status = draw_lines(&f, err);
	}
	mc_forest_free(f.forest);
	mc_series_clear(&f.s);
	mc_lines_clear(&kept);
	free(f.columns);
	free(f.line);
	free(f.is_last);
	return status;
}

static enum mc_status
draw_forest(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	return draw(r, d, false, err);
}

static enum mc_status
draw_subgroups(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	return draw(r, d, true, err);
}

const struct mc_figure mc_figure_forest = { "forest", &mc_metrics_schema,
    "metric,estimate", NULL, draw_forest };
const struct mc_figure mc_figure_subgroups = { "subgroups",
    &mc_metrics_schema, "metric,estimate", has_subgroup, draw_subgroups };
