/* results.c - make the table of results of a paper. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/results.h"
#include "report/results_parts.h"
#include "report/significance.h"

/* --- Rows and columns ------------------------------------------------------ */

/*
 * The keys of the lines where none are given: all that are not of the columns.
 * Where an arm's model, say, is of the columns, only its model and its regime
 * divide the lines, since the rest of what tells arms apart goes with these.
 */
static struct mc_axis_keys
default_rows(const struct mc_axis_keys *columns)
{
	struct mc_axis_keys keys = { 0 };
	bool of_arm = false, has_name = mc_layout_has(columns, MC_KEY_ARM);
	size_t k;

	for (k = 0; k < columns->n; k++)
		of_arm |= mc_layout_is_of_arm(columns->key[k]);
	for (k = 0; k <= MC_KEYS; k++) {
		size_t key = k < MC_KEYS ? mc_keys_printed[k] :
		    MC_LAYOUT_SUBGROUP;
		bool goes = key != MC_KEY_MODEL && key != MC_KEY_REGIME;

		if (mc_layout_has(columns, key) || (of_arm &&
		    mc_layout_is_of_arm(key) && (goes || has_name)) ||
		    (key == MC_KEY_REGIME &&
		    mc_layout_has(columns, MC_LAYOUT_FREEZE)))
			continue;
		keys.key[keys.n++] = key;
	}
	return keys;
}

/* How many of the first keys a line leaves out that repeats them. */
static size_t
said_once(const struct mc_results *r)
{
	const struct mc_axis_keys *keys = &r->rows.keys;
	size_t n = 0;

	if (mc_results_rows_given(r))
		return keys->n > 0 ? keys->n - 1 : 0;
	while (n < keys->n && (keys->key[n] == MC_KEY_TASK ||
	    keys->key[n] == MC_KEY_MODEL))
		n++;
	return n;
}

/* What is printed of KEY, whose value is TEXT, in a layout that names it. */
static const char *
value_text(size_t key, const char *text)
{
	if (*text != '\0')
		return text;
	return key == MC_LAYOUT_SUBGROUP ? "All images" :
	    key == MC_LAYOUT_CLASS ? "All classes" : "";
}

/* Make the lines of the rows. */
static void
make_lines(struct mc_results *r, const char *headings[MC_LAYOUT_KEYS])
{
	bool given = mc_results_rows_given(r);
	size_t i, k;

	for (k = 0; k < r->rows.keys.n; k++)
		headings[k] = mc_layout_heading(r->rows.keys.key[k]);
	mc_lines_init(&r->lines, headings, r->rows.keys.n, said_once(r));
	for (i = 0; i < r->rows.n; i++) {
		const char **texts = mc_lines_add(&r->lines);

		for (k = 0; k < r->rows.keys.n; k++) {
			texts[k] = mc_axis_text(&r->rows, i, k);
			if (given)
				texts[k] = value_text(r->rows.keys.key[k],
				    texts[k]);
		}
	}
}

/* Whether the model of some line is a TorchScript file, and the name of its arm
   does not begin with that of the file. */
static bool
is_file_named(const struct mc_results *r)
{
	size_t i;

	for (i = 0; i < r->set.n; i++) {
		const char *arm = r->set.results[i].text[MC_KEY_ARM],
		    *model = r->set.results[i].text[MC_KEY_MODEL];
		size_t n = strlen(model);

		if (n > 3 && strcmp(model + n - 3, ".pt") == 0 &&
		    strncmp(arm, model, n) != 0)
			return true;
	}
	return false;
}

/*
 * Task, model and regime are shown where they are known, the arm and the file
 * of the weights where nothing else tells two lines apart, the arm also where
 * it names a TorchScript file, and the rest where they vary.  A line that does
 * not know a key (a baseline has no seed) does not make it vary.
 */
static bool
is_key_shown(const struct mc_results *r, size_t k)
{
	const struct mc_lines *l = &r->lines;
	const char *only = mc_lines_only(l, k);
	bool is_known = only == NULL || *only != '\0';

	switch (r->rows.keys.key[k]) {
	case MC_KEY_TASK:
	case MC_KEY_MODEL:
	case MC_KEY_REGIME:
		return is_known;
	case MC_KEY_ARM:
		return mc_lines_decides(l, k) || (is_known &&
		    (!mc_results_show(r, MC_KEY_MODEL) || is_file_named(r)));
	case MC_KEY_WEIGHTS:
		return mc_lines_decides(l, k);
	default:
		return only == NULL || mc_lines_decides(l, k);
	}
}

/* --- One number for each place --------------------------------------------- */

/* Refuse A and B, which would be in one place, by what they differ in. */
static enum mc_status
refuse(const struct mc_results *r, const struct mc_result *a,
    const struct mc_result *b, struct mc_err *err)
{
	const struct mc_metrics_row *first = mc_rows_get(r->set.m, 0);
	struct mc_buf keys = { 0 };
	size_t k, n = 0;
	char *place;

	for (k = 0; k <= MC_LAYOUT_METRIC; k++) {
		/* The order of print; then subgroup and metric. */
		size_t key = k < MC_KEYS ? mc_keys_printed[k] : k;

		if (mc_result_compare(a, b, key) != 0)
			mc_buf_printf(&keys, "%s%s", n++ > 0 ? ", " : "",
			    mc_layout_name(key));
	}
	place = mc_xstrdup(mc_rows_place(r->set.m, (size_t)(a->row - first)));
	if (n == 0)
		mc_err_set(err, MC_EDATA, "%s: duplicate: the table has "
		    "\"%s\" of the same line at %s", mc_rows_place(r->set.m,
		    (size_t)(b->row - first)), b->row->metric, place);
	else
		mc_err_set(err, MC_EDATA, "%s: \"%s\" falls into the same "
		    "cell as that at %s: they differ in %s, %s: add %s to "
		    "--rows or --columns", mc_rows_place(r->set.m,
		    (size_t)(b->row - first)), b->row->metric, place,
		    keys.data, n == 1 ? "which is no row or column" :
		    "none of which is a row or a column",
		    n == 1 ? "it" : "one of them");
	free(place);
	mc_buf_free(&keys);
	return MC_EDATA;
}

/* Refuse two numbers for one place, the first such place of the table. */
static enum mc_status
check_places(const struct mc_results *r, struct mc_err *err)
{
	size_t n = r->rows.n * r->columns.n, least = n, i;
	const struct mc_result **at = mc_xcalloc(n, sizeof(*at)), *a = NULL,
	    *b = NULL;

	for (i = 0; i < r->set.n; i++) {
		const struct mc_result *own = &r->set.results[i];
		size_t place = own->line * r->columns.n + own->column;

		if (at[place] == NULL)
			at[place] = own;
		else if (place < least) {
			least = place;
			a = at[place];
			b = own;
		}
	}
	free(at);
	return a == NULL ? MC_OK : refuse(r, a, b, err);
}

static void
find_places(struct mc_results *r)
{
	size_t i;

	r->at = mc_xcalloc(r->rows.n * r->columns.n, sizeof(*r->at));
	for (i = 0; i < r->set.n; i++) {
		const struct mc_result *own = &r->set.results[i];

		r->at[own->line * r->columns.n + own->column] = own;
	}
}

/* --- Filling the grid ----------------------------------------------------- */

/* What is printed above column AT for key K; the caller frees it. */
static char *
heading_text(const struct mc_results *r, size_t at, size_t k)
{
	size_t key = r->columns.keys.key[k];
	const char *text = value_text(key, mc_axis_text(&r->columns, at, k));

	if (*text == '\0')
		return mc_xstrdup(MC_MISSING);
	if (key == MC_LAYOUT_FREEZE ||
	    (key < MC_KEYS && (mc_keys[key].flags & MC_KEY_NUMBER) != 0))
		return mc_xasprintf("%s: %s", mc_layout_heading(key), text);
	return mc_xstrdup(text);
}

static void
add_columns(const struct mc_results *r, struct mc_grid *g)
{
	size_t n = r->columns.keys.n, c, k;

	mc_lines_add_columns(&r->lines, g);
	for (c = 0; c < r->columns.n; c++) {
		char *heading = n == 0 ? mc_xstrdup("Estimate") :
		    heading_text(r, c, n - 1);

		mc_grid_add_column(g, heading, true);
		free(heading);
		for (k = 0; k + 1 < n; k++) {
			heading = heading_text(r, c, k);
			mc_grid_add_above(g, heading);
			free(heading);
		}
	}
}

static void
fill_number(const struct mc_results *r, const struct mc_result *own,
    bool best, struct mc_grid_cell *cell)
{
	const struct mc_metrics_row *row;
	int percent;

	if (own == NULL) {
		cell->text = mc_xstrdup(MC_MISSING);
		return;
	}
	row = own->row;
	percent = mc_result_percent(&r->set, own);
	cell->text = mc_metric_text(row->metric, row->estimate, percent);
	mc_metric_limits(row->metric, row->lo, row->hi, percent, cell);
	cell->bold = best;
}

/* Whether some lines have the same first key, and are told apart by others. */
static bool
has_blocks(const struct mc_lines *l)
{
	size_t i;

	if (l->n < 2 || !l->shown[0])
		return false;
	for (i = 1; i < l->n_lines; i++) {
		if (!mc_lines_differ(l, i, 1))
			return true;
	}
	return false;
}

/* What is above line I: a rule between tasks, room between other blocks. */
static enum mc_grid_rule
rule_above(const struct mc_results *r, size_t i, bool blocks)
{
	if (i == 0 || !mc_lines_differ(&r->lines, i, 1) ||
	    r->rows.keys.n == 0)
		return MC_NO_RULE;
	return r->rows.keys.key[0] == MC_KEY_TASK ? MC_RULE :
	    blocks ? MC_SPACE : MC_NO_RULE;
}

/* Fill in all lines; returns whether any number is bold. */
static bool
fill_lines(const struct mc_results *r, struct mc_grid *g)
{
	bool any = false, blocks = has_blocks(&r->lines);
	size_t i, c;

	for (i = 0; i < r->rows.n; i++) {
		struct mc_grid_cell *cell = mc_lines_fill(&r->lines, i,
		    mc_grid_add_line(g, rule_above(r, i, blocks)));

		for (c = 0; c < r->columns.n; c++) {
			const struct mc_result *own =
			    r->at[i * r->columns.n + c];
			bool best = r->style->bold && own != NULL &&
			    mc_result_is_best(&r->set, own);

			fill_number(r, own, best, cell++);
			any = any || best;
		}
	}
	return any;
}

/* Whether the table must say at which numbers the weights are random. */
static bool
mixes_random(const struct mc_results *r)
{
	return mc_result_set_only(&r->set, MC_KEY_WEIGHTS) == NULL &&
	    !mc_results_show(r, MC_KEY_WEIGHTS);
}

/* Add a note that FMT says with TEXT, unless that is empty. */
static void
note_value(struct mc_grid *g, size_t line, size_t column, const char *what,
    const char *text)
{
	struct mc_buf note = { 0 };

	if (*text == '\0')
		return;
	mc_buf_printf(&note, "%s %s", what, text);
	mc_grid_note(g, line, column, note.data);
	mc_buf_free(&note);
}

/* Note that the number of OWN differs from that of the reference. */
static void
note_significance(const struct mc_results *r, const struct mc_result *own,
    const struct mc_significance *s, size_t column, struct mc_grid *g)
{
	struct mc_buf note = { 0 };

	mc_significance_note(s, &r->set, own, r->style->alpha, &note);
	if (note.len > 0)
		mc_grid_note(g, own->line, column, note.data);
	mc_buf_free(&note);
}

/* Add the notes of one number. */
static void
add_notes(const struct mc_results *r, const struct mc_result *own,
    bool mixed, struct mc_grid *g)
{
	size_t column = g->n_columns - r->columns.n + own->column, k;

	mc_grid_note(g, own->line, column, own->row->note);
	if (mixed && strcmp(own->row->key[MC_KEY_WEIGHTS], "random") == 0)
		mc_grid_note(g, own->line, column,
		    "random weights, not pretrained");
	/* Another threshold makes another number. */
	note_value(g, own->line, column, "at the threshold",
	    own->row->threshold);
	for (k = 0; k <= MC_LAYOUT_METRIC; k++) {
		if (mc_results_leave_out(r, k))
			note_value(g, own->line, column, mc_layout_name(k),
			    own->text[k]);
	}
}

/* Add the notes of all numbers. */
static void
note_all(const struct mc_results *r, struct mc_grid *g)
{
	size_t first = g->n_columns - r->columns.n, i;
	struct mc_significance *s = r->style->differences == NULL ? NULL :
	    mc_significance_find(r->style->differences);
	bool mixed = mixes_random(r);

	for (i = 0; i < r->rows.n * r->columns.n; i++) {
		if (r->at[i] == NULL)
			continue;
		add_notes(r, r->at[i], mixed, g);
		if (s != NULL)
			note_significance(r, r->at[i], s, first +
			    r->at[i]->column, g);
	}
	mc_significance_free(s);
}

static void
fill_grid(struct mc_results *r, struct mc_grid *g)
{
	bool any_bold;
	size_t k;

	for (k = 0; k < r->rows.keys.n; k++)
		r->lines.shown[k] = mc_results_rows_given(r) || is_key_shown(r, k);
	add_columns(r, g);
	any_bold = fill_lines(r, g);
	note_all(r, g);
	mc_results_say(r, any_bold, g);
	mc_grid_finish(g);
}

/* --- The whole ------------------------------------------------------------ */

static enum mc_status
lay_out(struct mc_results *r, struct mc_err *err)
{
	static const struct mc_axis_keys metric = { 1, { MC_LAYOUT_METRIC } };
	const struct mc_layout *layout = r->style->layout;
	struct mc_axis_keys columns = layout != NULL ? layout->columns :
	    metric, rows = layout != NULL && layout->has_rows ?
	    layout->rows : default_rows(&columns);
	enum mc_status status;

	mc_axis_init(&r->columns, &r->set, &columns, true);
	mc_axis_init(&r->rows, &r->set, &rows, false);
	status = check_places(r, err);
	if (status == MC_OK) {
		mc_axis_order(&r->columns);
		mc_axis_order(&r->rows);
		find_places(r);
	}
	return status;
}

enum mc_status
mc_results_grid(struct mc_rows *m, const struct mc_table_style *style,
    struct mc_grid **g, struct mc_err *err)
{
	struct mc_results r = { .style = style };
	const char *headings[MC_LAYOUT_KEYS];
	enum mc_status status;

	*g = NULL;
	if (mc_rows_count(m) == 0)
		return mc_err_at(err, MC_EDATA, mc_rows_name(m, 0), 0,
		    "a header, but no rows: run mc-bootstrap again");
	status = mc_result_set_read(&r.set, m, style, err);
	if (status == MC_OK)
		status = lay_out(&r, err);
	if (status == MC_OK) {
		make_lines(&r, headings);
		*g = mc_grid_alloc(style->caption, style->label);
		fill_grid(&r, *g);
		mc_lines_clear(&r.lines);
	}
	mc_axis_clear(&r.rows);
	mc_axis_clear(&r.columns);
	mc_result_set_clear(&r.set);
	free(r.at);
	return status;
}
