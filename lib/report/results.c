/* results.c - the table of results of a paper, in LaTeX. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/facts.h"
#include "report/latex.h"
#include "report/notes.h"
#include "report/results.h"

/* --- What the table is made of ------------------------------------------- */

/* What can tell lines apart, in the order of its columns. */
enum {
	TASK, MODEL, REGIME, ARM, FEATURES, WEIGHTS, SEED, FOLD, SPLIT,
	SUBGROUP, KEYS
};
static const char *const key_headings[KEYS] = {
	"Task", "Model", "Regime", "Arm", "Features", "Weights",
	"Training seed", "Fold", "Split", "Subgroup"
};

struct line {
	const struct mc_metrics_row *row;	/* one of its rows */
	size_t *cell;		/* [column]: a row of the metrics, or NONE */
	bool *best;		/* [column] */
};
#define NONE ((size_t)-1)

struct results {
	struct mc_rows *m;
	const struct mc_table_style *style;
	size_t n_columns;
	struct mc_column *columns;
	size_t n_lines, lines_cap;
	struct line *lines;
	struct mc_notes *notes;
	bool shown[KEYS];
	bool any_best;
};

static const char *
key(const struct mc_metrics_row *row, int k)
{
	static const enum mc_key at[SUBGROUP] = {
		MC_KEY_TASK, MC_KEY_MODEL, MC_KEY_REGIME, MC_KEY_ARM,
		MC_KEY_FEATURES, MC_KEY_WEIGHTS, MC_KEY_TRAIN_SEED,
		MC_KEY_FOLD, MC_KEY_SPLIT
	};

	return k == SUBGROUP ? row->subgroup : row->key[at[k]];
}

static const struct mc_metrics_row *
cell_row(const struct results *r, size_t line, size_t column)
{
	size_t row = r->lines[line].cell[column];

	return row == NONE ? NULL : mc_rows_get(r->m, row);
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
	int c = 0, k;

	for (k = 0; k < KEYS && c == 0; k++)
		c = strverscmp(key(a, k), key(b, k));
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

static enum mc_status
place_row(struct results *r, struct line *line, size_t number,
    struct mc_err *err)
{
	const struct mc_metrics_row *row = mc_rows_get(r->m, number);
	size_t c = find_column(r, row);
	enum mc_status status;
	char *first;

	if (line->cell[c] == NONE) {
		line->cell[c] = number;
		return MC_OK;
	}
	first = mc_xstrdup(mc_rows_place(r->m, line->cell[c]));
	status = mc_err_set(err, MC_EDATA, "%s: \"%s\" of the same line of the "
	    "table stands at %s too", mc_rows_place(r->m, number),
	    row->metric, first);
	free(first);
	return status;
}

static struct line *
add_line(struct results *r, const struct mc_metrics_row *row)
{
	struct line *line;
	size_t c;

	r->lines = mc_xgrow(r->lines, r->n_lines, &r->lines_cap,
	    sizeof(*r->lines));
	line = &r->lines[r->n_lines++];
	line->row = row;
	line->cell = mc_xcalloc(r->n_columns, sizeof(*line->cell));
	line->best = mc_xcalloc(r->n_columns, sizeof(*line->best));
	for (c = 0; c < r->n_columns; c++)
		line->cell[c] = NONE;
	return line;
}

/* Sort the rows that have a column into lines. */
static enum mc_status
make_lines(struct results *r, struct mc_err *err)
{
	size_t n = mc_rows_count(r->m), used = 0, i;
	const struct mc_metrics_row **rows = mc_xcalloc(n, sizeof(*rows));
	const struct mc_metrics_row *first = mc_rows_get(r->m, 0);
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++) {
		if (find_column(r, first + i) < r->n_columns)
			rows[used++] = first + i;
	}
	qsort(rows, used, sizeof(*rows), compare_row_pointers);
	for (i = 0; i < used && status == MC_OK; i++) {
		struct line *line = r->n_lines > 0 ?
		    &r->lines[r->n_lines - 1] : NULL;

		if (line == NULL || compare_lines(line->row, rows[i]) != 0)
			line = add_line(r, rows[i]);
		status = place_row(r, line, (size_t)(rows[i] - first), err);
	}
	free(rows);
	return status;
}

/* Whether lines A and B agree in all keys but K. */
static bool
differ_only_in(const struct line *a, const struct line *b, int k)
{
	int i;

	for (i = 0; i < KEYS; i++) {
		if ((strcmp(key(a->row, i), key(b->row, i)) != 0) != (i == k))
			return false;
	}
	return true;
}

/*
 * The one value that key K has in the lines that know it: "" where none does,
 * NULL where there are several.
 */
static const char *
only_value(const struct results *r, int k)
{
	const char *only = "";
	size_t i;

	for (i = 0; i < r->n_lines; i++) {
		const char *value = key(r->lines[i].row, k);

		if (*only == '\0')
			only = value;
		else if (*value != '\0' && strcmp(value, only) != 0)
			return NULL;
	}
	return only;
}

/* Whether nothing but key K tells some two lines apart. */
static bool
decides(const struct results *r, int k)
{
	size_t i, j;

	for (i = 0; i < r->n_lines; i++) {
		for (j = 0; j < i; j++) {
			if (differ_only_in(&r->lines[i], &r->lines[j], k))
				return true;
		}
	}
	return false;
}

/*
 * Task, model and regime are shown where they are known, the arm and the file
 * of the weights where nothing else tells two lines apart, and the rest where
 * they vary.  A line that does not know a key (a baseline has no seed) does not
 * make it vary.
 */
static void
choose_keys(struct results *r)
{
	int k;

	for (k = 0; k < KEYS; k++) {
		const char *only = only_value(r, k);
		bool is_known = only == NULL || *only != '\0';

		if (k <= REGIME)
			r->shown[k] = is_known;
		else if (k == ARM)
			r->shown[k] = decides(r, k) ||
			    (is_known && !r->shown[MODEL]);
		else
			r->shown[k] = decides(r, k) ||
			    (only == NULL && k != WEIGHTS);
	}
}

/* --- The best ------------------------------------------------------------- */

/* What is printed in a cell, as a number of which the greatest is the best. */
static double
merit(const struct results *r, size_t line, size_t column)
{
	const struct mc_metrics_row *row = cell_row(r, line, column);
	const struct mc_metric *m =
	    mc_columns_metric(r->columns[column].metric);

	if (row == NULL || m->better == 0)
		return NAN;
	return m->better *
	    nearbyint(row->estimate * m->factor * pow(10, m->decimals));
}

/* Whether two lines compete: the same images of the same task. */
static bool
compete(const struct line *a, const struct line *b)
{
	static const int same[] = { TASK, FOLD, SPLIT, SUBGROUP };
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(*same); i++) {
		if (strcmp(key(a->row, same[i]), key(b->row, same[i])) != 0)
			return false;
	}
	return true;
}

static void
mark_best(struct results *r)
{
	size_t i, j, c;

	for (i = 0; i < r->n_lines; i++) {
		for (c = 0; c < r->n_columns; c++) {
			double own = merit(r, i, c);
			size_t rivals = 0;
			bool best = !isnan(own);

			for (j = 0; j < r->n_lines; j++) {
				double other = merit(r, j, c);

				if (j == i || isnan(other) ||
				    !compete(&r->lines[i], &r->lines[j]))
					continue;
				rivals++;
				best = best && other <= own;
			}
			r->lines[i].best[c] = best && rivals > 0;
			r->any_best = r->any_best || r->lines[i].best[c];
		}
	}
}

/* --- Notes ---------------------------------------------------------------- */

/* Whether the table must say at which lines the weights are random. */
static bool
mixes_random(const struct results *r)
{
	return only_value(r, WEIGHTS) == NULL && !r->shown[WEIGHTS];
}

static void
collect_notes(struct results *r)
{
	bool mixed = mixes_random(r);
	size_t i, c;

	r->notes = mc_notes_alloc(r->n_lines, r->n_columns);
	for (i = 0; i < r->n_lines; i++) {
		for (c = 0; c < r->n_columns; c++) {
			const struct mc_metrics_row *row = cell_row(r, i, c);
			struct mc_buf threshold = { 0 };

			if (row == NULL)
				continue;
			mc_notes_add(r->notes, i, c, row->note);
			if (mixed && strcmp(key(row, WEIGHTS), "random") == 0)
				mc_notes_add(r->notes, i, c, "random weights, "
				    "not pretrained");
			if (*row->threshold == '\0')
				continue;
			/* Another threshold makes another number. */
			mc_buf_printf(&threshold, "at the threshold %s",
			    row->threshold);
			mc_notes_add(r->notes, i, c, threshold.data);
			mc_buf_free(&threshold);
		}
	}
	mc_notes_letter(r->notes);
}

/* --- Writing the table ---------------------------------------------------- */

static void
write_header(const void *table, struct mc_buf *text)
{
	const struct results *r = table;
	const char *separator = "";
	size_t c;
	int k;

	mc_buf_puts(text, "{@{}");
	for (k = 0; k < KEYS; k++)
		mc_buf_puts(text, r->shown[k] ? "l" : "");
	for (c = 0; c < r->n_columns; c++)
		mc_buf_puts(text, "r");
	mc_buf_puts(text, "@{}}\n\\toprule\n");
	for (k = 0; k < KEYS; k++) {
		if (!r->shown[k])
			continue;
		mc_buf_printf(text, "%s%s", separator, key_headings[k]);
		separator = " & ";
	}
	for (c = 0; c < r->n_columns; c++) {
		mc_buf_printf(text, "%s\\multicolumn{1}{c}{", separator);
		mc_columns_heading(r->columns, r->n_columns, c, text);
		mc_notes_mark_heading(r->notes, c, text);
		mc_buf_puts(text, "}");
		separator = " & ";
	}
	mc_buf_puts(text, " \\\\\n");
}

static void
write_cell(const struct results *r, size_t line, size_t column,
    struct mc_buf *text)
{
	const struct mc_metrics_row *row = cell_row(r, line, column);
	bool best = r->lines[line].best[column];

	if (row == NULL) {
		mc_buf_puts(text, "--");
		mc_notes_mark(r->notes, line, column, text);
		return;
	}
	mc_buf_puts(text, best ? "\\textbf{" : "");
	if (isnan(row->estimate))
		mc_buf_puts(text, "--");
	else
		mc_columns_number(row->metric, row->estimate, text);
	mc_buf_puts(text, best ? "}" : "");
	if (!isnan(row->lo)) {
		mc_buf_puts(text, " [");
		mc_columns_number(row->metric, row->lo, text);
		mc_buf_puts(text, ", ");
		mc_columns_number(row->metric, row->hi, text);
		mc_buf_puts(text, "]");
	}
	mc_notes_mark(r->notes, line, column, text);
}

static bool
task_begins(const void *table, size_t i)
{
	const struct line *line = &((const struct results *)table)->lines[i];

	return strcmp(key(line->row, TASK), key(line[-1].row, TASK)) != 0;
}

/* Task and model are said once, where they begin or a page does. */
static void
write_line(const void *table, size_t i, bool page_begins, struct mc_buf *text)
{
	const struct results *r = table;
	const struct line *line = &r->lines[i];
	bool repeats = !page_begins;
	const char *separator = "";
	size_t c;
	int k;

	if (!page_begins && task_begins(r, i))
		mc_buf_puts(text, "\\midrule\n");
	for (k = 0; k < KEYS; k++) {
		repeats = repeats && k <= MODEL &&
		    strcmp(key(line->row, k), key(line[-1].row, k)) == 0;
		if (!r->shown[k])
			continue;
		mc_buf_puts(text, separator);
		if (!repeats)
			mc_latex_escape(text, key(line->row, k));
		separator = " & ";
	}
	for (c = 0; c < r->n_columns; c++) {
		mc_buf_puts(text, separator);
		write_cell(r, i, c, text);
		separator = " & ";
	}
	mc_buf_puts(text, " \\\\\n");
}

/* --- Writing what stands below ------------------------------------------- */

static void
write_facts(const struct results *r, struct mc_buf *text)
{
	struct mc_facts *facts = mc_facts_alloc();
	const struct mc_metrics_row *row;
	const char *unit = NULL;
	bool units_differ = false;
	size_t i, c;
	int k;

	for (i = 0; i < r->n_lines; i++) {
		for (c = 0; c < r->n_columns; c++) {
			if ((row = cell_row(r, i, c)) == NULL)
				continue;
			mc_facts_add_interval(facts, row->level, row->method,
			    row->replicates, row->resample_seed);
			if (unit == NULL)
				unit = row->unit;
			units_differ = units_differ ||
			    strcmp(unit, row->unit) != 0;
		}
	}
	if (unit != NULL && !units_differ)
		mc_facts_add_unit(facts, r->style, unit);
	/* Keys that are the same everywhere and have no column. */
	for (k = FEATURES; k < KEYS; k++) {
		const char *value = only_value(r, k);

		if (!r->shown[k] && value != NULL)
			mc_facts_add(facts, key_headings[k], k == WEIGHTS &&
			    strcmp(value, "random") == 0 ?
			    "random, not pretrained" : value);
	}
	for (i = 0; i < r->n_lines; i++) {
		for (c = 0; c < r->n_columns; c++) {
			if ((row = cell_row(r, i, c)) != NULL)
				mc_facts_add_size(facts, r->style,
				    key(row, TASK), row->n_images, row->unit,
				    row->n_units, units_differ);
		}
	}
	mc_facts_write(facts, text);
	mc_facts_free(facts);
}

/* What bold means, where the highest is not the best everywhere. */
static void
write_bold(const struct results *r, struct mc_buf *text)
{
	mc_buf_puts(text, "Bold: the highest estimate of a task");
	mc_columns_lowest(r->columns, r->n_columns, " (", ": the lowest)",
	    text);
	mc_buf_puts(text, ", which is not a test.\n");
}

static void
write_below(const void *table, struct mc_buf *text)
{
	const struct results *r = table;
	size_t start = text->len;

	mc_columns_unit(r->columns, r->n_columns, "Per cent", text);
	mc_buf_puts(text, text->len > start ?
	    ", with intervals in brackets.\n" : "Intervals in brackets.\n");
	write_facts(r, text);
	mc_columns_averages(r->columns, r->n_columns, text);
	if (r->any_best)
		write_bold(r, text);
	mc_notes_write(r->notes, text);
}

/* --- The whole ------------------------------------------------------------ */

static void
results_clear(struct results *r)
{
	size_t i;

	for (i = 0; i < r->n_lines; i++) {
		free(r->lines[i].cell);
		free(r->lines[i].best);
	}
	free(r->columns);
	free(r->lines);
	mc_notes_free(r->notes);
}

enum mc_status
mc_results_latex(struct mc_rows *m, const struct mc_table_style *style,
    struct mc_buf *text, struct mc_err *err)
{
	struct results r = { .m = m, .style = style };
	enum mc_status status;

	if (mc_rows_count(m) == 0)
		return mc_err_set(err, MC_EDATA,
		    "nothing to print: the tables have no rows");
	status = choose_columns(&r, style->metrics, err);
	if (status == MC_OK)
		status = make_lines(&r, err);
	if (status == MC_OK) {
		choose_keys(&r);
		mark_best(&r);
		collect_notes(&r);
		mc_page_table(&(struct mc_page_table){ &r, r.n_lines,
		    write_header, write_line, task_begins, write_below },
		    style, text);
	}
	results_clear(&r);
	return status;
}
