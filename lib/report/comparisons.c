/* comparisons.c - the table of differences between arms, in LaTeX. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/comparisons.h"
#include "report/facts.h"
#include "report/latex.h"
#include "report/notes.h"

/* --- What the table is made of ------------------------------------------- */

/* What has a column where it varies; the first three precede the metric. */
enum { TASK, SPLIT, SUBGROUP, TEST, MARGIN, KEYS };
static const char *const key_headings[KEYS] = {
	"Task", "Split", "Subgroup", "Test", "Margin"
};

/* What notes are about: the difference, or the last p of a line. */
enum { DIFFERENCE, P, NOTED };

struct line {
	const struct mc_differences_row *row;
	size_t column;		/* of its metric */
	char *margin;		/* as it is printed; "": none */
};

struct comparisons {
	struct mc_rows *d;
	const struct mc_table_style *style;
	size_t n_columns;
	struct mc_column *columns;	/* metrics, which are blocks of lines */
	size_t n_lines;
	struct line *lines;
	size_t n_left_out;	/* rows that compare no two arms */
	struct mc_notes *notes;	/* columns: DIFFERENCE, P */
	bool shown[KEYS];
	bool has_interval, has_p, has_adjusted;
};

static const char *
key(const struct line *line, int k)
{
	switch (k) {
	case TASK:
		return line->row->task;
	case SPLIT:
		return line->row->split;
	case SUBGROUP:
		return line->row->subgroup;
	case TEST:
		return mc_facts_spelling(line->row->test);
	case MARGIN:
	default:
		return line->margin;
	}
}

static bool
is_pair(const struct mc_differences_row *row)
{
	return *row->arm_b != '\0';
}

static bool
is_adjusted(const struct mc_differences_row *row)
{
	return !isnan(row->p_adjusted) && strcmp(row->adjustment, "none") != 0;
}

static struct mc_column
row_column(const struct mc_differences_row *row)
{
	return (struct mc_column){ row->metric, row->average,
	    row->class_name };
}

/* --- Lines ---------------------------------------------------------------- */

static enum mc_status
choose_columns(struct comparisons *c, const char *list, bool some,
    struct mc_err *err)
{
	size_t n = mc_rows_count(c->d), n_pairs = 0, i;
	struct mc_column *all = mc_xcalloc(n, sizeof(*all));
	enum mc_status status;

	for (i = 0; i < n; i++) {
		const struct mc_differences_row *row =
		    mc_rows_get(c->d, i);

		if (is_pair(row))
			all[n_pairs++] = row_column(row);
	}
	c->n_left_out = n - n_pairs;
	status = n_pairs == 0 ? mc_err_set(err, MC_EDATA,
	    "nothing to print: no row of the differences compares two arms") :
	    mc_columns_choose(all, n_pairs, list, some, &c->columns,
	    &c->n_columns, err);
	free(all);
	return status;
}

static int
compare_reals(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(b) - isnan(a);
	return (a > b) - (a < b);
}

static int
compare_lines(const struct line *a, const struct line *b)
{
	int c;

	/* Names with numbers in them go by the numbers: fold 2, fold 10. */
	if ((c = strverscmp(a->row->task, b->row->task)) != 0 ||
	    (c = strverscmp(a->row->split, b->row->split)) != 0 ||
	    (c = strverscmp(a->row->subgroup, b->row->subgroup)) != 0 ||
	    (c = (a->column > b->column) - (a->column < b->column)) != 0 ||
	    (c = strverscmp(a->row->arm_a, b->row->arm_a)) != 0 ||
	    (c = strverscmp(a->row->arm_b, b->row->arm_b)) != 0 ||
	    (c = strcmp(a->row->test, b->row->test)) != 0)
		return c;
	return compare_reals(a->row->margin, b->row->margin);
}

static int
compare_line_pointers(const void *va, const void *vb)
{
	const struct line *a = va, *b = vb;
	int c = compare_lines(a, b);

	/* The rows lie in one array, in the order of the file. */
	return c != 0 ? c : (a->row > b->row) - (a->row < b->row);
}

static enum mc_status
check_lines(const struct comparisons *c, struct mc_err *err)
{
	const struct mc_differences_row *first = mc_rows_get(c->d, 0);
	enum mc_status status;
	char *place;
	size_t i;

	for (i = 1; i < c->n_lines; i++) {
		if (compare_lines(&c->lines[i - 1], &c->lines[i]) == 0)
			break;
	}
	if (i >= c->n_lines)
		return MC_OK;
	place = mc_xstrdup(mc_rows_place(c->d,
	    (size_t)(c->lines[i - 1].row - first)));
	status = mc_err_set(err, MC_EDATA, "%s: the same comparison stands at "
	    "%s too", mc_rows_place(c->d,
	    (size_t)(c->lines[i].row - first)), place);
	free(place);
	return status;
}

static char *
margin_text(const struct mc_differences_row *row)
{
	const struct mc_metric *m = mc_columns_metric(row->metric);

	return isnan(row->margin) ? mc_xstrdup("") :
	    mc_xasprintf("%.*f", m->decimals, m->factor * row->margin);
}

/* Sort the rows that have a column into lines. */
static enum mc_status
make_lines(struct comparisons *c, struct mc_err *err)
{
	size_t n = mc_rows_count(c->d), i;

	c->lines = mc_xcalloc(n, sizeof(*c->lines));
	for (i = 0; i < n; i++) {
		const struct mc_differences_row *row =
		    mc_rows_get(c->d, i);
		struct mc_column column = row_column(row);
		size_t at = mc_columns_find(c->columns, c->n_columns, &column);

		if (!is_pair(row) || at == c->n_columns)
			continue;
		c->lines[c->n_lines++] = (struct line){ row, at,
		    margin_text(row) };
	}
	qsort(c->lines, c->n_lines, sizeof(*c->lines), compare_line_pointers);
	return check_lines(c, err);
}

/* Whether key K has the same value, which may be none, in all lines. */
static bool
is_constant(const struct comparisons *c, int k)
{
	size_t i;

	for (i = 1; i < c->n_lines; i++) {
		if (strcmp(key(&c->lines[0], k), key(&c->lines[i], k)) != 0)
			return false;
	}
	return true;
}

static void
choose_keys(struct comparisons *c)
{
	size_t i;
	int k;

	for (k = 0; k < KEYS; k++)
		c->shown[k] = !is_constant(c, k) ||
		    (k == TASK && *key(&c->lines[0], TASK) != '\0');
	for (i = 0; i < c->n_lines; i++) {
		const struct mc_differences_row *row = c->lines[i].row;

		c->has_interval = c->has_interval || !isnan(row->lo);
		c->has_p = c->has_p || !isnan(row->p);
		c->has_adjusted = c->has_adjusted || is_adjusted(row);
	}
}

/* --- Notes ---------------------------------------------------------------- */

/* For which tests the p of a row was adjusted, if at all; "" without p. */
static void
describe_family(const struct mc_differences_row *row, struct mc_buf *text)
{
	bool adjusted = is_adjusted(row);

	if (!adjusted && isnan(row->p))
		return;
	mc_buf_puts(text, adjusted ? "p adjusted" : "p not adjusted");
	if (row->n_tests >= 0)
		mc_buf_printf(text, " for %lld test%s",
		    (long long)row->n_tests, row->n_tests == 1 ? "" : "s");
	if (adjusted && *row->adjustment != '\0')
		mc_buf_printf(text, " (%s)",
		    mc_facts_spelling(row->adjustment));
}

static void
collect_notes(struct comparisons *c)
{
	size_t i;

	c->notes = mc_notes_alloc(c->n_lines, NOTED);
	for (i = 0; i < c->n_lines; i++) {
		struct mc_buf family = { 0 };

		mc_notes_add(c->notes, i, DIFFERENCE, c->lines[i].row->note);
		describe_family(c->lines[i].row, &family);
		if (family.len > 0)
			mc_notes_add(c->notes, i, P, family.data);
		mc_buf_free(&family);
	}
	mc_notes_letter(c->notes);
}

/* --- Writing the table ---------------------------------------------------- */

/* Append the headings of the keys FROM to TO that are shown, and " & ". */
static void
write_key_headings(const struct comparisons *c, int from, int to,
    struct mc_buf *text)
{
	int k;

	for (k = from; k <= to; k++) {
		if (c->shown[k])
			mc_buf_printf(text, "%s & ", key_headings[k]);
	}
}

/* Difference and interval are columns of their own, so that points align. */
static void
write_header(const void *table, struct mc_buf *text)
{
	const struct comparisons *c = table;
	int k;

	mc_buf_puts(text, "{@{}ll");
	for (k = 0; k < KEYS; k++)
		mc_buf_puts(text, c->shown[k] ? "l" : "");
	mc_buf_puts(text, "r@{ }r");
	mc_buf_puts(text, c->has_p ? "r" : "");
	mc_buf_puts(text, c->has_adjusted ? "r" : "");
	mc_buf_puts(text, "@{}}\n\\toprule\n");
	write_key_headings(c, TASK, SUBGROUP, text);
	mc_buf_puts(text, "Metric & Comparison & ");
	write_key_headings(c, TEST, MARGIN, text);
	mc_buf_puts(text, "\\multicolumn{2}{c}{Difference");
	mc_notes_mark_heading(c->notes, DIFFERENCE, text);
	mc_buf_puts(text, c->has_p ? "} & \\multicolumn{1}{c}{p" : "");
	mc_buf_puts(text, c->has_adjusted ?
	    "} & \\multicolumn{1}{c}{Adjusted p" : "");
	if (c->has_p || c->has_adjusted)
		mc_notes_mark_heading(c->notes, P, text);
	mc_buf_puts(text, "} \\\\\n");
}

/* Whether line I belongs to another task, split or subgroup than the last. */
static bool
task_begins(const struct comparisons *c, size_t i)
{
	int k;

	for (k = TASK; k <= SUBGROUP; k++) {
		if (strcmp(key(&c->lines[i], k), key(&c->lines[i - 1], k)) != 0)
			return true;
	}
	return false;
}

static bool
block_begins(const void *table, size_t i)
{
	const struct comparisons *c = table;

	return task_begins(c, i) ||
	    c->lines[i].column != c->lines[i - 1].column;
}

static void
write_difference(const struct comparisons *c, size_t i, struct mc_buf *text)
{
	const struct mc_differences_row *row = c->lines[i].row;

	if (isnan(row->difference))
		mc_buf_puts(text, "--");
	else
		mc_columns_number(row->metric, row->difference, text);
	mc_buf_puts(text, " & ");
	if (!isnan(row->lo)) {
		mc_buf_puts(text, "[");
		mc_columns_number(row->metric, row->lo, text);
		mc_buf_puts(text, ", ");
		mc_columns_number(row->metric, row->hi, text);
		mc_buf_puts(text, "]");
	} else if (c->has_interval) {
		mc_buf_puts(text, "--");
	}
	mc_notes_mark(c->notes, i, DIFFERENCE, text);
}

static void
write_p(double p, struct mc_buf *text)
{
	if (isnan(p))
		mc_buf_puts(text, " & --");
	else if (p < 0.001)
		mc_buf_puts(text, " & $<$0.001");
	else
		mc_buf_printf(text, " & %.3f", p);
}

/* What tells blocks apart is said once, where a block or a page begins. */
static void
write_block(const struct comparisons *c, size_t i, bool page_begins,
    struct mc_buf *text)
{
	const struct line *line = &c->lines[i];
	bool repeats = !page_begins;
	int k;

	for (k = TASK; k <= SUBGROUP; k++) {
		repeats = repeats &&
		    strcmp(key(line, k), key(line - 1, k)) == 0;
		if (!c->shown[k])
			continue;
		if (!repeats)
			mc_latex_escape(text, key(line, k));
		mc_buf_puts(text, " & ");
	}
	if (!repeats || line->column != line[-1].column)
		mc_columns_heading(c->columns, c->n_columns, line->column,
		    text);
	mc_buf_puts(text, " & ");
}

static void
write_line(const void *table, size_t i, bool page_begins, struct mc_buf *text)
{
	const struct comparisons *c = table;
	const struct line *line = &c->lines[i];
	int k;

	if (!page_begins && block_begins(c, i))
		mc_buf_puts(text, task_begins(c, i) ? "\\midrule\n" :
		    "\\addlinespace\n");
	write_block(c, i, page_begins, text);
	mc_latex_escape(text, line->row->arm_a);
	mc_buf_puts(text, " $-$ ");
	mc_latex_escape(text, line->row->arm_b);
	mc_buf_puts(text, " & ");
	for (k = TEST; k <= MARGIN; k++) {
		if (!c->shown[k])
			continue;
		mc_latex_escape(text, key(line, k));
		mc_buf_puts(text, " & ");
	}
	write_difference(c, i, text);
	if (c->has_p)
		write_p(line->row->p, text);
	if (c->has_adjusted)
		write_p(is_adjusted(line->row) ? line->row->p_adjusted : NAN,
		    text);
	mc_notes_mark(c->notes, i, P, text);
	mc_buf_puts(text, " \\\\\n");
}

/* --- Writing what stands below ------------------------------------------- */

static void
write_facts(const struct comparisons *c, struct mc_buf *text)
{
	struct mc_facts *facts = mc_facts_alloc();
	const char *unit = c->lines[0].row->unit;
	bool units_differ = false;
	size_t i;
	int k;

	for (i = 0; i < c->n_lines; i++) {
		const struct mc_differences_row *row = c->lines[i].row;

		mc_facts_add_interval(facts, row->level, row->method,
		    row->replicates, row->resample_seed);
		units_differ = units_differ || strcmp(unit, row->unit) != 0;
	}
	if (!units_differ)
		mc_facts_add_unit(facts, c->style, unit);
	for (k = SPLIT; k < KEYS; k++) {
		if (!c->shown[k])
			mc_facts_add(facts, key_headings[k],
			    key(&c->lines[0], k));
	}
	for (i = 0; i < c->n_lines; i++) {
		const struct mc_differences_row *row = c->lines[i].row;

		mc_facts_add_count(facts, "Training seeds of an arm",
		    row->seeds);
		mc_facts_add_size(facts, c->style, row->task, row->n_images,
		    row->unit, row->n_units, units_differ);
	}
	mc_facts_write(facts, text);
	mc_facts_free(facts);
}

static void
write_below(const void *table, struct mc_buf *text)
{
	const struct comparisons *c = table;

	mc_buf_puts(text, "The first arm minus the second");
	mc_columns_unit(c->columns, c->n_columns, ", in per cent points", text);
	mc_buf_puts(text, ", with intervals in brackets.\n");
	mc_columns_lowest(c->columns, c->n_columns, "",
	    ": the lower is the better, so that a difference below 0 favours "
	    "the first arm.\n", text);
	write_facts(c, text);
	mc_columns_averages(c->columns, c->n_columns, text);
	if (c->has_adjusted)
		mc_buf_puts(text, "Intervals are not adjusted for the number "
		    "of tests.\n");
	if (c->n_left_out > 0)
		mc_buf_printf(text, "Left out: %zu row%s that compare%s no two "
		    "arms.\n", c->n_left_out, c->n_left_out == 1 ? "" : "s",
		    c->n_left_out == 1 ? "s" : "");
	mc_notes_write(c->notes, text);
}

/* --- The whole ------------------------------------------------------------ */

static void
comparisons_clear(struct comparisons *c)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++)
		free(c->lines[i].margin);
	free(c->lines);
	free(c->columns);
	mc_notes_free(c->notes);
}

enum mc_status
mc_comparisons_latex(struct mc_rows *d,
    const struct mc_table_style *style, bool some, struct mc_buf *text,
    struct mc_err *err)
{
	struct comparisons c = { .d = d, .style = style };
	enum mc_status status;

	status = choose_columns(&c, style->metrics, some, err);
	if (status == MC_OK)
		status = make_lines(&c, err);
	if (status == MC_OK) {
		choose_keys(&c);
		collect_notes(&c);
		mc_page_table(&(struct mc_page_table){ &c, c.n_lines,
		    write_header, write_line, block_begins, write_below },
		    style, text);
	}
	comparisons_clear(&c);
	return status;
}
