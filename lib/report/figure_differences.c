/* figure_differences.c - draw differences between arms with their intervals. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/family.h"
#include "report/figure.h"
#include "report/forest.h"
#include "report/metric_figure.h"
#include "report/series.h"

/* The rows about one difference: its tests differ only in their p. */
struct difference {
	const struct mc_differences_row *row;
	size_t at;			/* that row in the table */
	struct mc_buf p;
};

/* What the functions below share. */
struct figure {
	struct mc_rows *rows;
	struct mc_drawing *d;
	size_t n, left_out;
	struct difference *differences;
	char **names;			/* [n]: "A - B" */
	bool tests_differ;
	struct mc_column *columns;
	size_t n_columns;
	struct mc_series s;
	struct mc_forest *forest;
};

static struct mc_column
column_of(const struct mc_differences_row *r)
{
	return (struct mc_column){ r->metric, r->average, r->class_name };
}

/* A test of all arms at once is no difference, and a difference of average
   ranks is drawn in another figure. */
static bool
is_difference(const void *row)
{
	const struct mc_differences_row *r = row;

	return *r->arm_a != '\0' && strcmp(r->test, "nemenyi") != 0;
}

/* --- Which rows ----------------------------------------------------------- */

static bool
equal(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

/* Whether A and B are tests of one difference. */
static bool
is_same(const struct mc_differences_row *a, const struct mc_differences_row *b)
{
	return strcmp(a->task, b->task) == 0 &&
	    strcmp(a->split, b->split) == 0 &&
	    strcmp(a->subgroup, b->subgroup) == 0 &&
	    strcmp(a->metric, b->metric) == 0 &&
	    strcmp(a->average, b->average) == 0 &&
	    strcmp(a->class_name, b->class_name) == 0 &&
	    strcmp(a->arm_a, b->arm_a) == 0 &&
	    strcmp(a->arm_b, b->arm_b) == 0 && strcmp(a->test, b->test) != 0 &&
	    equal(a->difference, b->difference) && equal(a->lo, b->lo) &&
	    equal(a->hi, b->hi);
}

/* "p = 0.012", "NI p = 0.52", "EQ p < 0.001". */
static void
put_p(double p, struct mc_buf *text)
{
	if (p < 0.001)
		mc_buf_puts(text, "p < 0.001");
	else
		mc_buf_printf(text, "p = %.*f", p < 0.1 ? 3 : 2, p);
}

/* Append the p of the row, the adjusted one where there is one. */
static void
add_p(struct difference *to, const struct mc_differences_row *r)
{
	double p = isnan(r->p_adjusted) ? r->p : r->p_adjusted;

	if (isnan(p))
		return;
	mc_buf_printf(&to->p, "%s%s", to->p.len > 0 ? ", " : "",
	    strncmp(r->test, "noninferiority", 14) == 0 ? "NI " :
	    strncmp(r->test, "equivalence", 11) == 0 ? "EQ " : "");
	put_p(p, &to->p);
}

static void
choose_rows(struct figure *f)
{
	size_t n = mc_rows_count(f->rows), i, k;

	f->differences = mc_xcalloc(n + 1, sizeof(*f->differences));
	for (i = 0; i < n; i++) {
		const struct mc_differences_row *r = mc_rows_get(f->rows, i);

		if (!is_difference(r)) {
			f->left_out++;
			continue;
		}
		/* Its tests follow each other. */
		k = f->n > 0 && is_same(f->differences[f->n - 1].row, r) ?
		    f->n - 1 : f->n++;
		if (f->differences[k].row == NULL) {
			f->differences[k].row = r;
			f->differences[k].at = i;
		}
		add_p(&f->differences[k], r);
		mc_notes_remark(f->d->notes, r->note);
	}
}

/* --- Columns and lines ---------------------------------------------------- */

static enum mc_status
choose_columns(struct figure *f, struct mc_err *err)
{
	struct mc_column *all = mc_xcalloc(f->n + 1, sizeof(*all));
	enum mc_status status;
	size_t i;

	for (i = 0; i < f->n; i++)
		all[i] = column_of(f->differences[i].row);
	status = mc_columns_choose(all, f->n, f->d->style->table.metrics,
	    false, &f->columns, &f->n_columns, err);
	free(all);
	return status;
}

enum { TASK, SPLIT, ARMS, SUBGROUP, TEST, N_KEYS };

static const char *
text_of(const void *arg, size_t row, size_t key)
{
	const struct figure *f = arg;
	const struct mc_differences_row *r = f->differences[row].row;
	const char *const texts[N_KEYS] = { r->task, r->split, f->names[row],
	    r->subgroup, f->tests_differ ? r->test : "" };

	return texts[key];
}

/* Whether rows have different tests.  A row without p has none. */
static bool
find_tests(const struct figure *f)
{
	const char *first = "";
	size_t i;

	for (i = 0; i < f->n; i++) {
		const char *test = f->differences[i].row->test;

		if (*first == '\0')
			first = test;
		else if (*test != '\0' && strcmp(test, first) != 0)
			return true;
	}
	return false;
}

/* The second arm of all differences, where there are several first ones; NULL:
   they have none in common. */
static const char *
reference(const struct figure *f)
{
	bool several = false;
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct mc_differences_row *r = f->differences[i].row,
		    *first = f->differences[0].row;

		if (*r->arm_b == '\0' || strcmp(r->arm_b, first->arm_b) != 0)
			return NULL;
		several = several || strcmp(r->arm_a, first->arm_a) != 0;
	}
	return several ? f->differences[0].row->arm_b : NULL;
}

static void
make_series(struct figure *f)
{
	static const struct mc_series_key keys[N_KEYS] = {
		[ARMS] = { NULL, true, false },
		[SUBGROUP] = { NULL, true, false },
		[TEST] = { NULL, true, false },
	};
	const char *from = reference(f);
	size_t i;

	if (from != NULL)
		mc_notes_say(f->d->notes, "Differences from %s.", from);
	f->names = mc_xcalloc(f->n + 1, sizeof(*f->names));
	for (i = 0; i < f->n; i++) {
		const struct mc_differences_row *r = f->differences[i].row;

		/* A gap between subgroups is of one arm. */
		f->names[i] = *r->arm_b == '\0' || from != NULL ? mc_xstrdup(r->arm_a) :
		    mc_xasprintf("%s " MC_MINUS " %s", r->arm_a, r->arm_b);
	}
	f->tests_differ = find_tests(f);
	mc_series_make(&f->s, keys, N_KEYS, f->n, text_of, f);
}

/* The margin of the differences in COLUMN; NAN: none, or several. */
static double
margin_of(const struct figure *f, const struct mc_column *column)
{
	size_t n = mc_rows_count(f->rows), i;
	double margin = NAN;

	for (i = 0; i < n; i++) {
		const struct mc_differences_row *r = mc_rows_get(f->rows, i);
		struct mc_column own = column_of(r);

		if (isnan(r->margin) || mc_columns_find(column, 1, &own) != 0)
			continue;
		if (!isnan(margin) && r->margin != margin)
			return NAN;
		margin = r->margin;
	}
	return margin;
}

static void
name_columns(struct figure *f)
{
	bool margins = false;
	size_t c;

	for (c = 0; c < f->n_columns; c++) {
		struct mc_forest_column *column = &f->forest->columns[c];
		char *name = mc_columns_name(f->columns, f->n_columns, c);
		double margin = margin_of(f, &f->columns[c]);

		column->factor =
		    mc_columns_metric(f->columns[c].metric)->factor;
		column->heading = mc_xasprintf("Difference in %s%s", name,
		    column->factor == 100 ? " (percentage points)" : "");
		column->reference = 0;
		column->margins[0] = -margin;
		column->margins[1] = margin;
		margins = margins || !isnan(margin);
		free(name);
	}
	if (margins)
		mc_notes_say(f->d->notes, "Dashed: the margin.");
}

/* --- Numbers -------------------------------------------------------------- */

/* Put the difference I on its line, the next one where there is none yet. */
static enum mc_status
add_value(struct figure *f, size_t i, size_t *lines, struct mc_err *err)
{
	const struct mc_differences_row *r = f->differences[i].row;
	struct mc_column column = column_of(r);
	size_t *line = &lines[f->s.line[i]], c;
	struct mc_forest_value *v;

	c = mc_columns_find(f->columns, f->n_columns, &column);
	if (c == f->n_columns)
		return MC_OK;
	if (mc_metric_figure_difference(r->metric, r->difference,
	    mc_rows_place(f->rows, f->differences[i].at), err) != MC_OK)
		return err->status;
	if (*line == 0) {
		struct mc_forest_line *added = mc_forest_add(f->forest);
		const char *name = f->s.lines[f->s.line[i]];

		added->label = mc_xstrdup(*name != '\0' ? name :
		    f->names[i]);
		*line = f->forest->n_lines;
	}
	v = &f->forest->lines[*line - 1].values[c];
	if (v->text != NULL)
		return mc_err_set(err, MC_EDATA, "%s: a second difference in "
		    "%s of %s: give each table once", mc_rows_name(f->rows, 0),
		    r->metric, f->names[i]);
	*v = (struct mc_forest_value){ r->difference, r->lo, r->hi,
	    mc_metric_figure_text(r->metric, r->difference, r->lo, r->hi,
	    f->d->style->table.percent), f->differences[i].p.len > 0 ?
	    mc_xstrdup(f->differences[i].p.data) : NULL };
	return MC_OK;
}

static enum mc_status
add_values(struct figure *f, struct mc_err *err)
{
	size_t *lines = mc_xcalloc(f->s.n_lines + 1, sizeof(*lines));
	enum mc_status status = MC_OK;
	size_t panel, i;

	/* Task by task, in the order of the table. */
	for (panel = 0; panel < f->s.n_panels && status == MC_OK; panel++) {
		bool first = true;

		memset(lines, 0, (f->s.n_lines + 1) * sizeof(*lines));
		for (i = 0; i < f->n && status == MC_OK; i++) {
			size_t before = f->forest->n_lines;

			if (f->s.panel[i] != panel)
				continue;
			status = add_value(f, i, lines, err);
			if (f->forest->n_lines == before || !first)
				continue;
			first = false;
			if (f->s.n_panels > 1)
				f->forest->lines[before].heading =
				    mc_xstrdup(f->s.panels[panel]);
		}
	}
	free(lines);
	return status;
}

/* --- Notes ---------------------------------------------------------------- */

/* Say how the numbers were made; HAVE_P: they stand in the figure. */
static void
say_how(struct figure *f, bool have_p)
{
	struct mc_evidence *from = mc_xcalloc(f->n + 1, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	bool margins = false;
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct mc_differences_row *r = f->differences[i].row;

		from[i] = (struct mc_evidence){ r->level, r->method,
		    r->replicates, r->resample_seed, { r->task, r->split,
		    r->subgroup }, r->unit, r->n_images, r->n_units,
		    r->seeds, NULL };
		mc_facts_add(facts, "Test", mc_facts_spelling(r->test));
		margins = margins || strstr(f->differences[i].p.len > 0 ?
		    f->differences[i].p.data : "", "NI ") != NULL;
		if (strcmp(r->adjustment, "none") != 0 && !mc_family_is_one(r))
			mc_facts_add(facts, "Adjustment of p",
			    mc_facts_spelling(r->adjustment));
	}
	if (margins && have_p)
		mc_notes_say(f->d->notes, "NI, EQ: non-inferiority, "
		    "equivalence.");
	mc_facts_add_intervals(facts, &f->d->style->table, from, f->n);
	mc_facts_add_sizes(facts, &f->d->style->table, from, f->n,
	    "Training seeds per arm");
	mc_notes_facts(f->d->notes, facts);
	if (f->left_out > 0)
		mc_notes_say(f->d->notes, "Not drawn: %zu row%s of tests of "
		    "average ranks.", f->left_out, MC_PLURAL(f->left_out));
	mc_notes_rows_are(f->d->notes, "row");
	mc_facts_free(facts);
	free(from);
}

/* --- The figure ----------------------------------------------------------- */

static enum mc_status
draw_differences(struct mc_rows *r, struct mc_drawing *d, struct mc_err *err)
{
	struct figure f = { .rows = r, .d = d };
	enum mc_status status;
	size_t i;

	choose_rows(&f);
	if ((status = choose_columns(&f, err)) == MC_OK) {
		make_series(&f);
		f.forest = mc_forest_alloc(f.n_columns);
		name_columns(&f);
		status = add_values(&f, err);
	}
	if (status == MC_OK)
		say_how(&f, mc_forest_draw(f.forest, d));
	for (i = 0; i < f.n; i++)
		mc_buf_free(&f.differences[i].p);
	for (i = 0; f.names != NULL && i < f.n; i++)
		free(f.names[i]);
	free(f.differences);
	free(f.names);
	free(f.columns);
	mc_forest_free(f.forest);
	mc_series_clear(&f.s);
	return status;
}

const struct mc_figure mc_figure_differences = { "differences",
    &mc_differences_schema, "arm_a,arm_b,difference", is_difference,
    draw_differences };
