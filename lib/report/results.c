/* results.c - make the table of results of a paper. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/lines.h"
#include "report/printed.h"
#include "report/results.h"
#include "stats/remarks.h"

/* --- What the table is made of ------------------------------------------- */

/* What can tell lines apart: the key columns as they are printed, and this. */
enum { SUBGROUP = MC_KEYS, KEYS };

struct results {
	struct mc_rows *m;
	const struct mc_table_style *style;
	size_t n_columns;
	struct mc_column *columns;
	struct mc_lines keys;
	size_t n_lines, lines_cap;
	const struct mc_metrics_row **at;	/* [line * n_columns + column]:
						   NULL where there is none */
};

static const char *
row_key(const struct mc_metrics_row *row, size_t k)
{
	return k == SUBGROUP ? row->subgroup : row->key[mc_keys_printed[k]];
}

static const char *
key_heading(size_t k)
{
	return k == SUBGROUP ? "Subgroup" : mc_keys[mc_keys_printed[k]].heading;
}

/* Where KEY is among those printed. */
static size_t
printed(enum mc_key key)
{
	size_t k;

	for (k = 0; k < MC_KEYS && mc_keys_printed[k] != key; k++)
		;
	return k;
}

static const struct mc_metrics_row *
cell_row(const struct results *r, size_t line, size_t column)
{
	return r->at[line * r->n_columns + column];
}

/* --- Columns -------------------------------------------------------------- */

static struct mc_column
row_column(const struct mc_metrics_row *row)
{
	return (struct mc_column){ row->metric, row->average,
	    row->class_name };
}

/* The column of a row, or n_columns where it has none. */
static size_t
find_column(const struct results *r, const struct mc_metrics_row *row)
{
	struct mc_column column = row_column(row);

	return mc_columns_find(r->columns, r->n_columns, &column);
}

static enum mc_status
choose_columns(struct results *r, const char *list, struct mc_err *err)
{
	size_t n = mc_rows_count(r->m), i;
	struct mc_column *all = mc_xcalloc(n, sizeof(*all));
	enum mc_status status;

	for (i = 0; i < n; i++)
		all[i] = row_column(mc_rows_get(r->m, i));
	status = mc_columns_choose(all, n, list, false, &r->columns,
	    &r->n_columns, err);
	free(all);
	return status;
}

/* --- Lines ---------------------------------------------------------------- */

/* Names with numbers in them go by the numbers: fold 2 before fold 10. */
static int
compare_lines(const struct mc_metrics_row *a, const struct mc_metrics_row *b)
{
	int c = mc_lines_compare_tasks(a->key[MC_KEY_TASK], b->key[MC_KEY_TASK]);
	size_t k;

	for (k = 0; k < KEYS && c == 0; k++)
		c = strverscmp(row_key(a, k), row_key(b, k));
	return c;
}

static int
compare_row_pointers(const void *va, const void *vb)
{
	const struct mc_metrics_row *const *a = va, *const *b = vb;
	int c = compare_lines(*a, *b);

	/* The rows lie in one array, in the order of the files. */
	return c != 0 ? c : (*a > *b) - (*a < *b);
}

/* Put ROW into the last line. */
static enum mc_status
place_row(struct results *r, const struct mc_metrics_row *row,
    struct mc_err *err)
{
	const struct mc_metrics_row *first = mc_rows_get(r->m, 0), **at =
	    &r->at[(r->n_lines - 1) * r->n_columns + find_column(r, row)];
	enum mc_status status;
	char *place;

	if (*at == NULL) {
		*at = row;
		return MC_OK;
	}
	place = mc_xstrdup(mc_rows_place(r->m, (size_t)(*at - first)));
	status = mc_err_set(err, MC_EDATA, "%s: duplicate: the table has "
	    "\"%s\" of the same line at %s",
	    mc_rows_place(r->m, (size_t)(row - first)), row->metric, place);
	free(place);
	return status;
}

/* Append an empty line with the keys of ROW. */
static void
add_line(struct results *r, const struct mc_metrics_row *row)
{
	const char **texts = mc_lines_add(&r->keys);
	size_t c, k;

	for (k = 0; k < KEYS; k++)
		texts[k] = row_key(row, k);
	texts[printed(MC_KEY_TASK)] = mc_lines_task(&r->keys,
	    row->key[MC_KEY_TASK], row->note);
	r->at = mc_xgrow(r->at, r->n_lines, &r->lines_cap,
	    r->n_columns * sizeof(*r->at));
	for (c = 0; c < r->n_columns; c++)
		r->at[r->n_lines * r->n_columns + c] = NULL;
	r->n_lines++;
}

/* Sort the rows that have a column into lines. */
static enum mc_status
make_lines(struct results *r, struct mc_err *err)
{
	size_t n = mc_rows_count(r->m), used = 0, i;
	const struct mc_metrics_row **rows = mc_xcalloc(n, sizeof(*rows));
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++) {
		const struct mc_metrics_row *row = mc_rows_get(r->m, i);

		if (find_column(r, row) < r->n_columns)
			rows[used++] = row;
	}
	if (used > 0)
		qsort(rows, used, sizeof(*rows), compare_row_pointers);
	for (i = 0; i < used && status == MC_OK; i++) {
		if (i == 0 || compare_lines(rows[i - 1], rows[i]) != 0)
			add_line(r, rows[i]);
		status = place_row(r, rows[i], err);
	}
	free(rows);
	return status;
}

/* Whether the model of some line is a TorchScript file, and the name of its arm
   does not begin with that of the file. */
static bool
is_file_named(const struct mc_lines *l)
{
	size_t i;

	for (i = 0; i < l->n_lines; i++) {
		const char *arm = mc_lines_text(l, i, printed(MC_KEY_ARM)),
		    *model = mc_lines_text(l, i, printed(MC_KEY_MODEL));
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
is_key_shown(const struct mc_lines *l, size_t k)
{
	const char *only = mc_lines_only(l, k);
	bool is_known = only == NULL || *only != '\0';

	switch (k == SUBGROUP ? MC_KEYS : mc_keys_printed[k]) {
	case MC_KEY_TASK:
	case MC_KEY_MODEL:
	case MC_KEY_REGIME:
		return is_known;
	case MC_KEY_ARM:
		return mc_lines_decides(l, k) || (is_known &&
		    (!l->shown[printed(MC_KEY_MODEL)] || is_file_named(l)));
	case MC_KEY_WEIGHTS:
		return mc_lines_decides(l, k);
	default:
		return only == NULL || mc_lines_decides(l, k);
	}
}

/* --- The best ------------------------------------------------------------- */

/* Whether the number of ROW is, or has in it, a ratio 0/0 that is printed as 0;
   a mean over classes is a number all the same. */
static bool
is_undefined(const struct mc_metrics_row *row)
{
	return isnan(row->estimate) || ((*row->average == '\0' ||
	    *row->class_name != '\0') &&
	    strstr(row->note, MC_REMARK_NO_RATIO) != NULL);
}

/* What is printed in a cell, as a number of which the greatest is the best; NAN
   where there is none to compare. */
static double
merit(const struct results *r, size_t line, size_t column)
{
	const struct mc_metrics_row *row = cell_row(r, line, column);
	const struct mc_metric *m =
	    mc_columns_metric(r->columns[column].metric);

	if (row == NULL || m->better == 0 || is_undefined(row))
		return NAN;
	return m->better * nearbyint(row->estimate * m->factor * pow(10,
	    mc_metric_decimals(row->metric, r->style->percent)));
}

/* Whether only lines that agree in key K compete. */
static bool
divides(size_t k)
{
	return k == SUBGROUP ||
	    (mc_keys[mc_keys_printed[k]].flags & MC_KEY_OF_ARM) == 0;
}

/* Whether lines A and B compete: the same images of the same task. */
static bool
compete(const struct mc_lines *l, size_t a, size_t b)
{
	size_t k;

	for (k = 0; k < KEYS; k++) {
		if (divides(k) && strcmp(mc_lines_text(l, a, k),
		    mc_lines_text(l, b, k)) != 0)
			return false;
	}
	return true;
}

/* Whether no line that competes has a better number, and some line does. */
static bool
is_best(const struct results *r, size_t line, size_t column)
{
	double own = merit(r, line, column);
	size_t rivals = 0, i;

	if (isnan(own))
		return false;
	for (i = 0; i < r->n_lines; i++) {
		double other = merit(r, i, column);

		if (i == line || isnan(other) || !compete(&r->keys, line, i))
			continue;
		if (other > own)
			return false;
		rivals++;
	}
	return rivals > 0;
}

/* --- The order of lines --------------------------------------------------- */

/* A line, with what places it. */
struct place {
	const struct results *r;
	size_t line;
	const struct mc_metrics_row *first;	/* of its rows, as they lie */
	const struct mc_metrics_row *first_of_task;
};

/* Where KEY of LINE is in the file of names; the last where it is not. */
static size_t
rank_of(const struct results *r, size_t line, size_t k)
{
	const struct mc_metrics_row *row = NULL;
	size_t c;

	for (c = 0; row == NULL; c++)
		row = cell_row(r, line, c);
	return mc_printed_rank(r->style->names, k == SUBGROUP ? "subgroup" :
	    mc_key_names[mc_keys_printed[k]], row_key(row, k));
}

static int
compare_ranks(const struct place *a, const struct place *b)
{
	size_t k;

	for (k = 0; k < KEYS; k++) {
		size_t x = rank_of(a->r, a->line, k);
		size_t y = rank_of(b->r, b->line, k);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

/* Lines that compete are together, the best first. */
static int
compare_merits(const struct place *a, const struct place *b)
{
	const struct results *r = a->r;
	double x = merit(r, a->line, 0), y = merit(r, b->line, 0);
	size_t k;
	int c;

	for (k = 0; k < KEYS; k++) {
		const char *own = mc_lines_text(&r->keys, a->line, k);

		c = strverscmp(own, mc_lines_text(&r->keys, b->line, k));
		if (divides(k) && c != 0)
			return k == printed(MC_KEY_TASK) ? mc_lines_compare_tasks(
			    a->first->key[MC_KEY_TASK],
			    b->first->key[MC_KEY_TASK]) : c;
	}
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x < y) - (x > y);
}

static int
compare_places(const void *va, const void *vb)
{
	const struct place *a = va, *b = vb;
	enum mc_line_order order = a->r->style->order;
	int c = 0;

	if (order == MC_ORDER_NAMES)
		c = compare_ranks(a, b);
	else if (order == MC_ORDER_ESTIMATE)
		c = compare_merits(a, b);
	else if (a->first_of_task != b->first_of_task)
		c = a->first_of_task < b->first_of_task ? -1 : 1;
	else
		c = a->first < b->first ? -1 : a->first > b->first;
	return c != 0 ? c : (a->line > b->line) - (a->line < b->line);
}

/* Find the first rows of each line of R and of its task. */
static struct place *
find_places(const struct results *r)
{
	struct place *p = mc_xcalloc(r->n_lines, sizeof(*p));
	size_t task = printed(MC_KEY_TASK), i, j, c;

	for (i = 0; i < r->n_lines; i++) {
		p[i] = (struct place){ .r = r, .line = i };
		for (c = 0; c < r->n_columns; c++) {
			const struct mc_metrics_row *row = cell_row(r, i, c);

			if (row != NULL && (p[i].first == NULL ||
			    row < p[i].first))
				p[i].first = row;
		}
	}
	for (i = 0; i < r->n_lines; i++) {
		p[i].first_of_task = p[i].first;
		for (j = 0; j < r->n_lines; j++) {
			if (strcmp(mc_lines_text(&r->keys, i, task),
			    mc_lines_text(&r->keys, j, task)) == 0 &&
			    p[j].first < p[i].first_of_task)
				p[i].first_of_task = p[j].first;
		}
	}
	return p;
}

/* Bring the lines, which are in the order of names, into the order of STYLE. */
static void
order_lines(struct results *r)
{
	struct place *p;
	size_t *order, i;
	const struct mc_metrics_row **at;

	if (r->style->order == MC_ORDER_NAME || r->n_lines == 0)
		return;
	p = find_places(r);
	qsort(p, r->n_lines, sizeof(*p), compare_places);
	order = mc_xcalloc(r->n_lines, sizeof(*order));
	at = mc_xcalloc(r->n_lines * r->n_columns, sizeof(*at));
	for (i = 0; i < r->n_lines; i++) {
		order[i] = p[i].line;
		memcpy(at + i * r->n_columns, r->at + order[i] * r->n_columns,
		    r->n_columns * sizeof(*at));
	}
	mc_lines_order(&r->keys, order);
	free(r->at);
	r->at = at;
	free(order);
	free(p);
}

/* --- Filling the grid ----------------------------------------------------- */

static void
add_columns(const struct results *r, struct mc_grid *g)
{
	size_t c;

	mc_lines_add_columns(&r->keys, g);
	for (c = 0; c < r->n_columns; c++) {
		char *heading = mc_columns_heading(r->columns, r->n_columns, c);

		mc_grid_add_column(g, heading, true);
		free(heading);
	}
}

static void
fill_number(const struct results *r, const struct mc_metrics_row *row,
    bool best, struct mc_grid_cell *cell)
{
	if (row == NULL) {
		cell->text = mc_xstrdup(MC_MISSING);
		return;
	}
	cell->text = mc_metric_text(row->metric, row->estimate,
	    r->style->percent);
	mc_metric_limits(row->metric, row->lo, row->hi, r->style->percent,
	    cell);
	cell->bold = best;
}

/* Fill in all lines; returns whether any number is bold. */
static bool
fill_lines(const struct results *r, struct mc_grid *g)
{
	bool any = false;
	size_t i, c;

	for (i = 0; i < r->n_lines; i++) {
		struct mc_grid_cell *cell = mc_lines_fill(&r->keys, i,
		    mc_grid_add_line(g, i > 0 && mc_lines_differ(&r->keys, i,
		    printed(MC_KEY_TASK) + 1) ? MC_RULE : MC_NO_RULE));

		for (c = 0; c < r->n_columns; c++) {
			bool best = r->style->bold && is_best(r, i, c);

			fill_number(r, cell_row(r, i, c), best, cell++);
			any = any || best;
		}
	}
	return any;
}

/* Whether the table must say at which lines the weights are random. */
static bool
mixes_random(const struct mc_lines *l)
{
	size_t weights = printed(MC_KEY_WEIGHTS);

	return mc_lines_only(l, weights) == NULL && !l->shown[weights];
}

static void
add_notes(const struct results *r, struct mc_grid *g)
{
	size_t n_keys = g->n_columns - r->n_columns, i, c;
	bool mixed = mixes_random(&r->keys);

	for (i = 0; i < r->n_lines; i++) {
		for (c = 0; c < r->n_columns; c++) {
			const struct mc_metrics_row *row = cell_row(r, i, c);
			struct mc_buf threshold = { 0 };

			if (row == NULL)
				continue;
			mc_grid_note(g, i, n_keys + c, row->note);
			if (mixed && strcmp(row->key[MC_KEY_WEIGHTS],
			    "random") == 0)
				mc_grid_note(g, i, n_keys + c,
				    "random weights, not pretrained");
			if (*row->threshold == '\0')
				continue;
			/* Another threshold makes another number. */
			mc_buf_printf(&threshold, "at the threshold %s",
			    row->threshold);
			mc_grid_note(g, i, n_keys + c, threshold.data);
			mc_buf_free(&threshold);
		}
	}
}

/* --- What is below the table ---------------------------------------------- */

/* Say of keys without a column, but the arm, what they are in all lines. */
static void
add_key_facts(const struct mc_lines *l, struct mc_facts *facts)
{
	size_t k;

	for (k = 0; k < KEYS; k++) {
		const char *only = mc_lines_only(l, k);

		if (l->shown[k] || only == NULL || k == printed(MC_KEY_ARM))
			continue;
		mc_facts_add(facts, key_heading(k),
		    k == printed(MC_KEY_WEIGHTS) &&
		    strcmp(only, "random") == 0 ?
		    "random, not pretrained" : only);
	}
}

/* Say of each column what the standard deviations over seeds are. */
static void
add_seed_sds(const struct results *r, struct mc_facts *facts)
{
	double *sd = mc_xcalloc(r->n_lines, sizeof(*sd));
	size_t c, i;

	for (c = 0; c < r->n_columns; c++) {
		for (i = 0; i < r->n_lines; i++) {
			const struct mc_metrics_row *row = cell_row(r, i, c);

			sd[i] = row != NULL ? row->seed_sd : NAN;
		}
		mc_facts_add_seed_sds(facts, r->columns, r->n_columns, c, sd,
		    r->n_lines, r->style->percent);
	}
	free(sd);
}

static void
say_facts(const struct results *r, struct mc_grid *g)
{
	size_t all = r->n_lines * r->n_columns, n = 0, i;
	struct mc_evidence *from = mc_xcalloc(all, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	const struct mc_lines *l = &r->keys;

	for (i = 0; i < all; i++) {
		const struct mc_metrics_row *row = r->at[i];

		if (row != NULL)
			from[n++] = (struct mc_evidence){ row->level,
			    row->method, row->replicates, row->resample_seed,
			    { mc_lines_text(l, i / r->n_columns,
			    printed(MC_KEY_TASK)),
			    l->shown[printed(MC_KEY_SPLIT)] ?
			    row->key[MC_KEY_SPLIT] : "",
			    l->shown[SUBGROUP] ? row->subgroup : "" },
			    row->unit, row->n_images, row->n_units, -1,
			    NULL };
	}
	mc_facts_add_intervals(facts, r->style, from, n);
	add_key_facts(l, facts);
	add_seed_sds(r, facts);
	mc_facts_add_sizes(facts, r->style, from, n, "");
	mc_facts_say(facts, g);
	mc_facts_free(facts);
	free(from);
}

/* Append " within each task, fold and split": what divides the lines. */
static void
put_divisions(const struct mc_lines *l, struct mc_buf *text)
{
	const char *names[KEYS];
	size_t n = 0, k;

	for (k = 0; k < KEYS; k++) {
		if (divides(k) && !mc_lines_is_constant(l, k))
			names[n++] = k == SUBGROUP ? "subgroup" :
			    mc_key_names[mc_keys_printed[k]];
	}
	for (k = 0; k < n; k++)
		mc_buf_printf(text, "%s%s", k == 0 ? " within each " :
		    k + 1 < n ? ", " : " and ", names[k]);
}

/* Say which numbers are bold, and of which metrics the lowest is. */
static void
say_bold(const struct results *r, struct mc_grid *g)
{
	struct mc_buf where = { 0 };

	put_divisions(&r->keys, &where);
	mc_columns_lowest(r->columns, r->n_columns, " (", ": the lowest)",
	    &where);
	mc_grid_say(g, "Bold marks the highest estimate of each metric%s; it "
	    "does not imply a significant difference.",
	    where.len > 0 ? where.data : "");
	mc_buf_free(&where);
}

static void
say_below(const struct results *r, bool any_bold, struct mc_grid *g)
{
	struct mc_buf unit = { 0 };

	mc_columns_unit(r->columns, r->n_columns, "Values are percentages",
	    &unit);
	if (unit.len > 0)
		mc_grid_say(g, "%s; intervals are in brackets.", unit.data);
	else
		mc_grid_say(g, "Intervals are in brackets.");
	mc_buf_free(&unit);
	say_facts(r, g);
	mc_columns_averages(r->columns, r->n_columns, g);
	if (any_bold)
		say_bold(r, g);
}

/* --- The whole ------------------------------------------------------------ */

static void
fill_grid(struct results *r, struct mc_grid *g)
{
	bool any_bold;
	size_t k;

	for (k = 0; k < KEYS; k++)
		r->keys.shown[k] = is_key_shown(&r->keys, k);
	add_columns(r, g);
	any_bold = fill_lines(r, g);
	add_notes(r, g);
	say_below(r, any_bold, g);
	mc_grid_finish(g);
}

enum mc_status
mc_results_grid(struct mc_rows *m, const struct mc_table_style *style,
    struct mc_grid **g, struct mc_err *err)
{
	struct results r = { .m = m, .style = style };
	const char *headings[KEYS];
	enum mc_status status;
	size_t k;

	*g = NULL;
	if (mc_rows_count(m) == 0)
		return mc_err_set(err, MC_EDATA,
		    "nothing to print: the tables have no rows");
	for (k = 0; k < KEYS; k++)
		headings[k] = key_heading(k);
	mc_lines_init(&r.keys, headings, KEYS, printed(MC_KEY_MODEL) + 1);
	status = choose_columns(&r, style->metrics, err);
	if (status == MC_OK)
		status = make_lines(&r, err);
	if (status == MC_OK) {
		order_lines(&r);
		*g = mc_grid_alloc(style->caption, style->label);
		fill_grid(&r, *g);
	}
	mc_lines_clear(&r.keys);
	free(r.columns);
	free(r.at);
	return status;
}
