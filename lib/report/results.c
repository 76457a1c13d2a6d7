/* results.c - the table of results of a paper, in LaTeX. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/num.h"
#include "report/latex.h"
#include "report/results.h"

#define LINES_PER_PAGE 40

/* --- What the table is made of ------------------------------------------- */

/* The metrics that can be printed, in the order of their columns. */
static const struct {
	const char *name, *heading;
} known[] = {
	{ "accuracy", "Accuracy" },
	{ "balanced_accuracy", "Balanced accuracy" },
	{ "precision", "Precision" },
	{ "recall", "Recall" },
	{ "f1", "F1" },
	{ "auroc", "AUROC" },
};
#define N_KNOWN (sizeof(known) / sizeof(*known))

/* What can tell lines apart, in the order of its columns. */
enum {
	TASK, MODEL, REGIME, ARM, FEATURES, SEED, FOLD, SPLIT, SUBGROUP, KEYS
};
static const char *const key_headings[KEYS] = {
	"Task", "Model", "Regime", "Arm", "Features", "Training seed", "Fold",
	"Split", "Subgroup"
};

struct column {
	size_t known;		/* index into known[] */
	const char *average, *class_name;
};

struct line {
	const struct mc_metrics_row *row;	/* one of its rows */
	size_t *cell;		/* [column]: a row of the metrics, or NONE */
	bool *best;		/* [column] */
};
#define NONE ((size_t)-1)

/* A remark, and the cells that it is about. */
struct note {
	char *text;
	bool *cell;		/* [line * n_columns + column] */
	char mark[8];		/* "" where it is about all cells */
};

struct results {
	struct mc_metrics *m;
	const struct mc_results_style *style;
	size_t n_columns, columns_cap;
	struct column *columns;
	size_t n_lines, lines_cap;
	struct line *lines;
	size_t n_notes, notes_cap;
	struct note *notes;
	bool shown[KEYS];
	bool any_best;
};

static const char *
key(const struct mc_metrics_row *row, int k)
{
	static const enum mc_key at[SUBGROUP] = {
		MC_KEY_TASK, MC_KEY_MODEL, MC_KEY_REGIME, MC_KEY_ARM,
		MC_KEY_FEATURES, MC_KEY_TRAIN_SEED, MC_KEY_FOLD, MC_KEY_SPLIT
	};

	return k == SUBGROUP ? row->subgroup : row->key[at[k]];
}

static const struct mc_metrics_row *
cell_row(const struct results *r, size_t line, size_t column)
{
	size_t row = r->lines[line].cell[column];

	return row == NONE ? NULL : mc_metrics_get(r->m, row);
}

/* --- Columns -------------------------------------------------------------- */

static size_t
find_known(const char *name)
{
	size_t i;

	for (i = 0; i < N_KNOWN && strcmp(known[i].name, name) != 0; i++)
		;
	return i;
}

static bool
is_column(const struct column *c, const struct mc_metrics_row *row)
{
	return strcmp(known[c->known].name, row->metric) == 0 &&
	    strcmp(c->average, row->average) == 0 &&
	    strcmp(c->class_name, row->class_name) == 0;
}

static size_t
find_column(const struct results *r, const struct mc_metrics_row *row)
{
	size_t i;

	for (i = 0; i < r->n_columns && !is_column(&r->columns[i], row); i++)
		;
	return i;
}

static enum mc_status
add_column(struct results *r, size_t row_number, struct mc_err *err)
{
	const struct mc_metrics_row *row = mc_metrics_get(r->m, row_number);
	size_t k = find_known(row->metric);

	if (k == N_KNOWN)
		return mc_err_set(err, MC_EDATA, "%s: column \"metric\": "
		    "\"%s\" cannot be printed: choose others with --metrics",
		    mc_metrics_place(r->m, row_number), row->metric);
	if (find_column(r, row) < r->n_columns)
		return MC_OK;
	r->columns = mc_xgrow(r->columns, r->n_columns, &r->columns_cap,
	    sizeof(*r->columns));
	r->columns[r->n_columns++] = (struct column){ k, row->average,
	    row->class_name };
	return MC_OK;
}

static int
compare_columns(const void *va, const void *vb)
{
	const struct column *a = va, *b = vb;
	int c;

	if (a->known != b->known)
		return a->known < b->known ? -1 : 1;
	/* Weighted before macro; single classes come last. */
	if ((*a->class_name == '\0') != (*b->class_name == '\0'))
		return *a->class_name == '\0' ? -1 : 1;
	c = strcmp(b->average, a->average);
	return c != 0 ? c : strcmp(a->class_name, b->class_name);
}

/* Whether ROW is what "NAME" or "NAME:FORM" asks for. */
static bool
is_asked(const struct mc_metrics_row *row, const char *name, const char *form)
{
	if (strcmp(row->metric, name) != 0)
		return false;
	if (strcmp(form, "class") == 0)
		return *row->class_name != '\0';
	return *row->class_name == '\0' && strcmp(row->average, form) == 0;
}

/* Add the columns that one item of --metrics asks for. */
static enum mc_status
ask_columns(struct results *r, char *item, struct mc_err *err)
{
	/* What a bare name means, the first that is there. */
	static const char *const bare[] = { "", "weighted", "macro", "class" };
	char *form = strchr(item, ':');
	enum mc_status status = MC_OK;
	bool found = false;
	size_t i, f;

	if (form != NULL)
		*form++ = '\0';
	for (f = 0; f < (form != NULL ? 1 : 4) && !found; f++) {
		for (i = 0; i < mc_metrics_rows(r->m) && status == MC_OK; i++) {
			if (!is_asked(mc_metrics_get(r->m, i), item,
			    form != NULL ? form : bare[f]))
				continue;
			found = true;
			status = add_column(r, i, err);
		}
	}
	if (!found)
		return mc_err_set(err, MC_EUSAGE,
		    "--metrics: the tables hold no \"%s%s%s\"", item,
		    form != NULL ? ":" : "", form != NULL ? form : "");
	return status;
}

static enum mc_status
choose_columns(struct results *r, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i, n, before;
	char **items;

	if (r->style->metrics == NULL) {
		for (i = 0; i < mc_metrics_rows(r->m) && status == MC_OK; i++) {
			if (*mc_metrics_get(r->m, i)->class_name == '\0')
				status = add_column(r, i, err);
		}
		if (status == MC_OK && r->n_columns == 0)
			return mc_err_set(err, MC_EDATA, "nothing to print: "
			    "the tables hold no metric of the whole table");
		if (status == MC_OK)
			qsort(r->columns, r->n_columns, sizeof(*r->columns),
			    compare_columns);
		return status;
	}
	n = mc_split_commas(r->style->metrics, &items);
	for (i = 0; i < n && status == MC_OK; i++) {
		before = r->n_columns;
		status = ask_columns(r, items[i], err);
		if (r->n_columns > before)
			qsort(r->columns + before, r->n_columns - before,
			    sizeof(*r->columns), compare_columns);
	}
	free(items);
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
	const struct mc_metrics_row *row = mc_metrics_get(r->m, number);
	size_t c = find_column(r, row);
	enum mc_status status;
	char *first;

	if (line->cell[c] == NONE) {
		line->cell[c] = number;
		return MC_OK;
	}
	first = mc_xstrdup(mc_metrics_place(r->m, line->cell[c]));
	status = mc_err_set(err, MC_EDATA, "%s: \"%s\" of the same line of the "
	    "table stands at %s too", mc_metrics_place(r->m, number),
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
	size_t n = mc_metrics_rows(r->m), used = 0, i;
	const struct mc_metrics_row **rows = mc_xcalloc(n, sizeof(*rows));
	const struct mc_metrics_row *first = mc_metrics_get(r->m, 0);
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
 * Task, model and regime are shown where they are known, the arm where nothing
 * else tells two lines apart, and the rest where they vary.  A line that does
 * not know a key (a baseline has no seed) does not make it vary.
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
		else if (k != ARM)
			r->shown[k] = only == NULL || decides(r, k);
		else
			r->shown[k] = decides(r, k) ||
			    (is_known && !r->shown[MODEL]);
	}
}

/* --- The highest ---------------------------------------------------------- */

/* In hundredths of a per cent, as it is printed. */
static double
printed(const struct mc_metrics_row *row)
{
	return row == NULL ? NAN : nearbyint(row->estimate * 1e4);
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
			double own = printed(cell_row(r, i, c));
			size_t rivals = 0;
			bool best = !isnan(own);

			for (j = 0; j < r->n_lines; j++) {
				double other = printed(cell_row(r, j, c));

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

/* The note with the N bytes at TEXT. */
static struct note *
find_note(struct results *r, const char *text, size_t n)
{
	struct note *note;
	size_t i;

	for (i = 0; i < r->n_notes; i++) {
		if (strlen(r->notes[i].text) == n &&
		    memcmp(r->notes[i].text, text, n) == 0)
			return &r->notes[i];
	}
	r->notes = mc_xgrow(r->notes, r->n_notes, &r->notes_cap,
	    sizeof(*r->notes));
	note = &r->notes[r->n_notes++];
	note->text = mc_xstrndup(text, n);
	note->cell = mc_xcalloc(r->n_lines * r->n_columns,
	    sizeof(*note->cell));
	*note->mark = '\0';
	return note;
}

static void
take_notes(struct results *r, size_t line, size_t column)
{
	const struct mc_metrics_row *row = cell_row(r, line, column);
	const char *text = row == NULL ? "" : row->note, *end;

	for (; *text != '\0'; text = *end == '\0' ? end : end + 2) {
		end = strstr(text, "; ");
		if (end == NULL)
			end = text + strlen(text);
		find_note(r, text, (size_t)(end - text))->cell[line *
		    r->n_columns + column] = true;
	}
}

/* Whether NOTE is about every number of a column. */
static bool
covers(const struct results *r, const struct note *note, size_t column)
{
	size_t i;

	for (i = 0; i < r->n_lines; i++) {
		if (r->lines[i].cell[column] != NONE &&
		    !note->cell[i * r->n_columns + column])
			return false;
	}
	return true;
}

/* a to z, then aa, ab, ... */
static void
set_mark(char mark[8], size_t number)
{
	if (number < 26)
		snprintf(mark, 8, "%c", (int)('a' + number));
	else
		snprintf(mark, 8, "%c%c", (int)('a' + (number / 26 - 1) % 26),
		    (int)('a' + number % 26));
}

static void
collect_notes(struct results *r)
{
	size_t i, c, marked = 0;

	for (i = 0; i < r->n_lines; i++)
		for (c = 0; c < r->n_columns; c++)
			take_notes(r, i, c);
	for (i = 0; i < r->n_notes; i++) {
		for (c = 0; c < r->n_columns; c++) {
			if (!covers(r, &r->notes[i], c)) {
				set_mark(r->notes[i].mark, marked++);
				break;
			}
		}
	}
}

/* Superscripts of the notes to a column's heading, or to one number of it. */
static void
write_marks(const struct results *r, size_t column, size_t line,
    struct mc_buf *text)
{
	bool heading = line == NONE, first = true;
	size_t i;

	for (i = 0; i < r->n_notes; i++) {
		const struct note *note = &r->notes[i];

		if (*note->mark == '\0' ||
		    covers(r, note, column) != heading || (!heading &&
		    !note->cell[line * r->n_columns + column]))
			continue;
		mc_buf_printf(text, "%s%s", first ?
		    "\\rlap{\\textsuperscript{" : ",", note->mark);
		first = false;
	}
	if (!first)
		mc_buf_puts(text, "}}");
}

/* --- Writing the table ---------------------------------------------------- */

/* Whether another column shows the same metric in another form. */
static bool
has_sibling(const struct results *r, size_t column)
{
	size_t c;

	for (c = 0; c < r->n_columns; c++) {
		if (c != column &&
		    r->columns[c].known == r->columns[column].known)
			return true;
	}
	return false;
}

static void
write_heading(const struct results *r, size_t column, struct mc_buf *text)
{
	const struct column *c = &r->columns[column];

	mc_buf_printf(text, "\\multicolumn{1}{c}{%s", known[c->known].heading);
	if (*c->class_name != '\0' ||
	    (*c->average != '\0' && has_sibling(r, column))) {
		mc_buf_puts(text, " (");
		mc_latex_escape(text, *c->class_name != '\0' ? c->class_name :
		    c->average);
		mc_buf_puts(text, ")");
	}
	write_marks(r, column, NONE, text);
	mc_buf_puts(text, "}");
}

static void
write_header(const struct results *r, struct mc_buf *text)
{
	const char *separator = "";
	size_t c;
	int k;

	mc_buf_puts(text, "\\begin{tabular}{@{}");
	for (k = 0; k < KEYS; k++)
		mc_buf_puts(text, r->shown[k] ? "l" : "");
	for (c = 0; c < r->n_columns; c++)
		mc_buf_puts(text, "r");
	mc_buf_puts(text, "@{\\hspace{0.8em}}}\n\\toprule\n");
	for (k = 0; k < KEYS; k++) {
		if (!r->shown[k])
			continue;
		mc_buf_printf(text, "%s%s", separator, key_headings[k]);
		separator = " & ";
	}
	for (c = 0; c < r->n_columns; c++) {
		mc_buf_puts(text, separator);
		write_heading(r, c, text);
		separator = " & ";
	}
	mc_buf_puts(text, " \\\\\n\\midrule\n");
}

static void
write_cell(const struct results *r, size_t line, size_t column,
    struct mc_buf *text)
{
	const struct mc_metrics_row *row = cell_row(r, line, column);

	if (row == NULL) {
		mc_buf_puts(text, "--");
		return;
	}
	if (isnan(row->estimate))
		mc_buf_puts(text, "--");
	else
		mc_buf_printf(text, r->lines[line].best[column] ?
		    "\\textbf{%.2f}" : "%.2f", 100 * row->estimate);
	if (!isnan(row->lo))
		mc_buf_printf(text, " [%.2f, %.2f]", 100 * row->lo,
		    100 * row->hi);
	write_marks(r, column, line, text);
}

/* Task and model are said once, where they begin or a page does. */
static void
write_line(const struct results *r, size_t i, bool page_begins,
    struct mc_buf *text)
{
	const struct line *line = &r->lines[i];
	bool repeats = !page_begins;
	const char *separator = "";
	size_t c;
	int k;

	if (!page_begins && r->shown[TASK] &&
	    strcmp(key(line->row, TASK), key(line[-1].row, TASK)) != 0)
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

/* Add "NAME: VALUE, VALUE." for the values seen, unless there are none. */
static void
write_values(const struct mc_names *values, const char *name,
    struct mc_buf *text)
{
	size_t i;

	if (mc_names_count(values) == 0)
		return;
	mc_buf_printf(text, "%s: ", name);
	for (i = 0; i < mc_names_count(values); i++) {
		mc_buf_puts(text, i > 0 ? ", " : "");
		mc_latex_escape(text, mc_names_at(values, i));
	}
	mc_buf_puts(text, ".\n");
}

/* What is said about each interval, as text; "" where it is unknown. */
enum { LEVEL, METHOD, REPLICATES, RESAMPLE_SEED, UNIT, FACTS };

static void
fact(const struct mc_metrics_row *row, int which, char buf[64])
{
	char number[MC_NUM_SIZE];

	*buf = '\0';
	if (which == LEVEL && !isnan(row->level))
		snprintf(buf, 64, "%s %%",
		    mc_format_f64(number, 100 * row->level));
	else if (which == METHOD && strcmp(row->method, "none") != 0)
		snprintf(buf, 64, "%s", row->method);
	else if (which == REPLICATES && row->replicates >= 0)
		snprintf(buf, 64, "%lld", (long long)row->replicates);
	else if (which == RESAMPLE_SEED && row->resample_seed >= 0)
		snprintf(buf, 64, "%lld", (long long)row->resample_seed);
	else if (which == UNIT)
		snprintf(buf, 64, "%s", row->unit);
}

static void
write_facts(const struct results *r, struct mc_buf *text)
{
	static const char *const headings[FACTS] = {
		"Level", "Method", "Replicates", "Resampling seed",
		"Unit of resampling"
	};
	char (*buf)[64] = mc_xcalloc(r->n_lines * r->n_columns, sizeof(*buf));
	size_t i, c;
	int f;

	for (f = 0; f < FACTS; f++) {
		struct mc_names *values = mc_names_alloc();

		for (i = 0; i < r->n_lines; i++) {
			for (c = 0; c < r->n_columns; c++) {
				const struct mc_metrics_row *row =
				    cell_row(r, i, c);
				char *at = buf[i * r->n_columns + c];

				if (row == NULL)
					continue;
				fact(row, f, at);
				if (*at != '\0')
					mc_names_add(values, at);
			}
		}
		write_values(values, headings[f], text);
		mc_names_free(values);
	}
	free(buf);
}

/* Keys that are the same everywhere and have no column. */
static void
write_constant_keys(const struct results *r, struct mc_buf *text)
{
	int k;

	for (k = FEATURES; k < KEYS; k++) {
		const char *value = only_value(r, k);

		if (r->shown[k] || value == NULL || *value == '\0')
			continue;
		mc_buf_printf(text, "%s: ", key_headings[k]);
		mc_latex_escape(text, value);
		mc_buf_puts(text, ".\n");
	}
}

/* Which headings stand for a mean over classes. */
static void
write_averages(const struct results *r, const char *average, const char *what,
    struct mc_buf *text)
{
	bool first = true;
	size_t c;

	for (c = 0; c < r->n_columns; c++) {
		if (strcmp(r->columns[c].average, average) != 0)
			continue;
		mc_buf_printf(text, "%s%s", first ? "" : ", ",
		    known[r->columns[c].known].heading);
		first = false;
	}
	if (!first)
		mc_buf_printf(text, ": %s.\n", what);
}

/* How many images and units each task has. */
static void
write_sizes(const struct results *r, struct mc_buf *text)
{
	struct mc_names *sizes = mc_names_alloc();
	char **said = mc_xcalloc(r->n_lines * r->n_columns, sizeof(*said));
	size_t i, c, n = 0;

	for (i = 0; i < r->n_lines; i++) {
		for (c = 0; c < r->n_columns; c++) {
			const struct mc_metrics_row *row = cell_row(r, i, c);
			const char *task = key(r->lines[i].row, TASK);
			struct mc_buf size = { 0 };

			if (row == NULL || row->n_images < 0)
				continue;
			mc_buf_printf(&size, "%s%s%lld image%s", task,
			    *task != '\0' ? " " : "", (long long)row->n_images,
			    row->n_images == 1 ? "" : "s");
			if (strcmp(row->unit, "image") != 0 &&
			    row->n_units >= 0)
				mc_buf_printf(&size, " of %lld group%s",
				    (long long)row->n_units,
				    row->n_units == 1 ? "" : "s");
			said[n++] = size.data;
			mc_names_add(sizes, size.data);
		}
	}
	write_values(sizes, "Size", text);
	mc_names_free(sizes);
	while (n > 0)
		free(said[--n]);
	free(said);
}

static void
write_notes(const struct results *r, struct mc_buf *text)
{
	size_t i;

	mc_buf_puts(text,
	    "\\par\\medskip\n\\parbox{\\linewidth}{\\footnotesize "
	    "\\raggedright\n"
	    "Per cent, with intervals in brackets.\n");
	write_facts(r, text);
	write_constant_keys(r, text);
	write_sizes(r, text);
	write_averages(r, "weighted",
	    "mean over classes, weighted by their images", text);
	write_averages(r, "macro", "plain mean over classes", text);
	if (r->any_best)
		mc_buf_puts(text, "Bold: the highest estimate of a task, "
		    "which is not a test.\n");
	for (i = 0; i < r->n_notes; i++) {
		if (*r->notes[i].mark != '\0')
			continue;
		mc_latex_escape(text, r->notes[i].text);
		mc_buf_puts(text, ".\n");
	}
	for (i = 0; i < r->n_notes; i++) {
		if (*r->notes[i].mark == '\0')
			continue;
		mc_buf_printf(text, "\\textsuperscript{%s}~",
		    r->notes[i].mark);
		mc_latex_escape(text, r->notes[i].text);
		mc_buf_puts(text, ".\n");
	}
	mc_buf_puts(text, "\\par\nFor research use only.}\n");
}

/* --- The whole ------------------------------------------------------------ */

/*
 * The lines of the page that begins with FROM: up to the last task that ends
 * within a page, or a full page where a task is longer.  Returns where the
 * next page begins.
 */
static size_t
page_end(const struct results *r, size_t from)
{
	size_t end = from + LINES_PER_PAGE, i;

	if (end >= r->n_lines)
		return r->n_lines;
	for (i = end; i > from; i--) {
		if (strcmp(key(r->lines[i].row, TASK),
		    key(r->lines[i - 1].row, TASK)) != 0)
			return i;
	}
	return end;
}

static void
write_page(const struct results *r, size_t from, size_t to,
    struct mc_buf *text)
{
	const struct mc_results_style *style = r->style;
	size_t i;

	mc_buf_puts(text, "\\begin{table}[htbp]\n\\centering\n");
	if (style->caption != NULL) {
		mc_buf_puts(text, from == 0 ? "\\caption{" :
		    "\\addtocounter{table}{-1}\\caption{");
		mc_latex_escape(text, style->caption);
		mc_buf_puts(text, from == 0 ? "}\n" : " (continued)}\n");
	}
	if (style->label != NULL && from == 0)
		mc_buf_printf(text, "\\label{%s}\n", style->label);
	mc_buf_puts(text, style->caption != NULL ? "\\medskip\n" : "");
	mc_buf_puts(text, "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth"
	    "\\else\\width\\fi}{!}{%\n");
	write_header(r, text);
	for (i = from; i < to; i++)
		write_line(r, i, i == from, text);
	mc_buf_puts(text, "\\bottomrule\n\\end{tabular}}\n");
	if (to == r->n_lines)
		write_notes(r, text);
	mc_buf_puts(text, "\\end{table}\n");
}

static void
write_document(const struct results *r, struct mc_buf *text)
{
	size_t from, to;

	if (r->style->standalone)
		mc_buf_puts(text, "\\documentclass[a4paper]{article}\n"
		    "\\usepackage[margin=20mm]{geometry}\n"
		    "\\usepackage{booktabs}\n\\usepackage{graphicx}\n"
		    "\\pagestyle{empty}\n\\begin{document}\n");
	else
		mc_buf_puts(text, "% For research use only.  Needs "
		    "\\usepackage{booktabs} and \\usepackage{graphicx}.\n");
	for (from = 0; from < r->n_lines; from = to) {
		to = page_end(r, from);
		write_page(r, from, to, text);
	}
	if (r->style->standalone)
		mc_buf_puts(text, "\\end{document}\n");
}

static void
results_clear(struct results *r)
{
	size_t i;

	for (i = 0; i < r->n_lines; i++) {
		free(r->lines[i].cell);
		free(r->lines[i].best);
	}
	for (i = 0; i < r->n_notes; i++) {
		free(r->notes[i].text);
		free(r->notes[i].cell);
	}
	free(r->columns);
	free(r->lines);
	free(r->notes);
}

enum mc_status
mc_results_latex(struct mc_metrics *m, const struct mc_results_style *style,
    struct mc_buf *text, struct mc_err *err)
{
	struct results r = { .m = m, .style = style };
	enum mc_status status;

	if (mc_metrics_rows(m) == 0)
		return mc_err_set(err, MC_EDATA,
		    "nothing to print: the tables have no rows");
	status = choose_columns(&r, err);
	if (status == MC_OK)
		status = make_lines(&r, err);
	if (status == MC_OK) {
		choose_keys(&r);
		mark_best(&r);
		collect_notes(&r);
		write_document(&r, text);
	}
	results_clear(&r);
	return status;
}
