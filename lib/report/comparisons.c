/* comparisons.c - make the table of differences between arms. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/comparisons.h"
#include "report/family.h"
#include "report/lines.h"
#include "report/printed.h"
#include "stats/remarks.h"

/* --- What the table is made of ------------------------------------------- */

/* What tells lines apart, in the order of its columns. */
enum { TASK, SPLIT, SUBGROUP, METRIC, COMPARISON, TEST, MARGIN, KEYS };

struct comparisons;

struct line {
	const struct comparisons *of;
	const struct mc_differences_row *row;
	const struct mc_differences_row *first_of_task;	/* as rows lie */
	size_t column;		/* of its metric */
	char *comparison;	/* "A - B" */
	char *margin;		/* as it is printed; "": none */
};

struct comparisons {
	struct mc_rows *d;
	const struct mc_table_style *style;
	const char *key_headings[KEYS];
	size_t n_columns;
	struct mc_column *columns;	/* metrics, which are blocks of lines */
	char **headings;	/* [n_columns] */
	int *percent;		/* [n_columns]: decimals of percentages */
	size_t n_lines;
	struct line *lines;
	struct mc_lines keys;	/* of the lines */
	size_t n_omitted;	/* rows that do not compare two arms */
	bool has_p, has_adjusted;	/* columns */
	const struct mc_differences_row *tested;	/* the first with a
							   test; NULL: none */
	bool tests_differ;
};

static bool
is_pair(const struct mc_differences_row *row)
{
	return *row->arm_b != '\0';
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
	c->n_omitted = n - n_pairs;
	if (n_pairs == 0)
		status = mc_err_at(err, MC_EDATA, mc_rows_name(c->d, 0), 0,
		    n == 0 ? "a header, but no rows: run mc-compare again" :
		    "no row compares two arms: give mc-compare predictions of "
		    "several arms");
	else
		status = mc_columns_choose(all, n_pairs, list, some,
		    &c->columns, &c->n_columns, err);
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
	if ((c = mc_lines_compare_tasks(a->row->task, b->row->task)) != 0 ||
	    (c = mc_lines_compare_names(a->row->split, b->row->split)) != 0 ||
	    (c = mc_lines_compare_names(a->row->subgroup, b->row->subgroup)) != 0 ||
	    (c = (a->column > b->column) - (a->column < b->column)) != 0 ||
	    (c = mc_lines_compare_names(a->row->arm_a, b->row->arm_a)) != 0 ||
	    (c = mc_lines_compare_names(a->row->arm_b, b->row->arm_b)) != 0 ||
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

/* Compare two names of COLUMN by their ranks in the file of names, and those
   without one by name. */
static int
compare_ranks(const struct comparisons *c, const char *column, const char *a,
    const char *b)
{
	size_t x = mc_printed_rank(c->style->names, column, a);
	size_t y = mc_printed_rank(c->style->names, column, b);

	return x != y ? (x < y ? -1 : 1) : mc_lines_compare_names(a, b);
}

static int
compare_tasks(const struct line *a, const struct line *b)
{
	enum mc_line_order order = a->of->style->order;
	int c = 0;

	if (order == MC_ORDER_GIVEN && a->first_of_task != b->first_of_task)
		return a->first_of_task < b->first_of_task ? -1 : 1;
	if (order == MC_ORDER_NAMES)
		c = compare_ranks(a->of, "task", a->row->task, b->row->task);
	return c != 0 ? c : mc_lines_compare_tasks(a->row->task,
	    b->row->task);
}

/* The greatest difference in favour of the first arm comes first, and lines
   without one last. */
static int
compare_merits(const struct line *a, const struct line *b)
{
	int better = mc_columns_metric(a->row->metric)->better;
	double x = better * a->row->difference;
	double y = better * b->row->difference;

	if (better == 0)
		return 0;
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x < y) - (x > y);
}

/* Compare lines of one task, subgroup and metric. */
static int
compare_in_block(const struct line *a, const struct line *b)
{
	int c;

	switch (a->of->style->order) {
	case MC_ORDER_GIVEN:
		return a->row < b->row ? -1 : a->row > b->row;
	case MC_ORDER_ESTIMATE:
		return compare_merits(a, b);
	case MC_ORDER_NAMES:
		c = compare_ranks(a->of, "arm_a", a->row->arm_a,
		    b->row->arm_a);
		return c != 0 ? c : compare_ranks(a->of, "arm_b",
		    a->row->arm_b, b->row->arm_b);
	default:
		return 0;
	}
}

static int
compare_places(const void *va, const void *vb)
{
	const struct line *a = va, *b = vb;
	int c;

	if ((c = compare_tasks(a, b)) != 0 ||
	    (c = mc_lines_compare_names(a->row->split, b->row->split)) != 0 ||
	    (c = mc_lines_compare_names(a->row->subgroup, b->row->subgroup)) != 0 ||
	    (c = (a->column > b->column) - (a->column < b->column)) != 0 ||
	    (c = compare_in_block(a, b)) != 0)
		return c;
	return compare_line_pointers(a, b);
}

/* Bring the lines, which are in the order of names, into that of the style. */
static void
order_lines(struct comparisons *c)
{
	size_t from, i;

	/* Lines of a task are together. */
	for (from = i = 0; i < c->n_lines; i++) {
		struct line *line = &c->lines[i], *first = &c->lines[from];

		if (strcmp(line->row->task, first->row->task) != 0)
			from = i;
		else if (line->row < first->first_of_task)
			first->first_of_task = line->row;
	}
	for (from = i = 0; i < c->n_lines; i++) {
		if (strcmp(c->lines[i].row->task, c->lines[from].row->task) !=
		    0)
			from = i;
		c->lines[i].first_of_task = c->lines[from].first_of_task;
	}
	qsort(c->lines, c->n_lines, sizeof(*c->lines), compare_places);
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
	status = mc_err_set(err, MC_EDATA, "%s: duplicate: the same "
	    "comparison is at %s", mc_rows_place(c->d,
	    (size_t)(c->lines[i].row - first)), place);
	free(place);
	return status;
}

static char *
margin_text(const struct mc_differences_row *row)
{
	return isnan(row->margin) ? mc_xstrdup("") :
	    mc_metric_text(row->metric, row->margin,
	    MC_PERCENT_DECIMALS);
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
		c->lines[c->n_lines++] = (struct line){ c, row, row, at,
		    mc_xasprintf("%s " MC_MINUS " %s", row->arm_a, row->arm_b),
		    margin_text(row) };
	}
	qsort(c->lines, c->n_lines, sizeof(*c->lines), compare_line_pointers);
	return check_lines(c, err);
}

/* A row with a p-value had a test, though it may not name it. */
static bool
had_test(const struct mc_differences_row *row)
{
	return *row->test != '\0' || !isnan(row->p) ||
	    mc_family_is_adjusted(row);
}

static void
find_p(struct comparisons *c)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++) {
		const struct mc_differences_row *row = c->lines[i].row;

		c->has_p = c->has_p || !isnan(row->p);
		c->has_adjusted = c->has_adjusted ||
		    (mc_family_is_adjusted(row) && !mc_family_is_one(row));
		if (!had_test(row))
			continue;
		if (c->tested == NULL)
			c->tested = row;
		c->tests_differ = c->tests_differ ||
		    strcmp(row->test, c->tested->test) != 0;
	}
}

/*
 * The test of a row, "noninferiority mcnemar" as "non-inferiority (McNemar)".
 * That of a row without one is the test of all others, so that it makes no column;
 * "" where these differ.
 */
static const char *
test_text(struct comparisons *c, const struct mc_differences_row *row)
{
	static const char *const claims[] = { "noninferiority",
	    "equivalence" };
	size_t n, i;

	if (!had_test(row) && (c->tests_differ || c->tested == NULL))
		return "";
	if (!had_test(row))
		row = c->tested;
	if (*row->test == '\0')
		return "not stated";
	for (i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		n = strlen(claims[i]);
		if (strncmp(row->test, claims[i], n) == 0 &&
		    row->test[n] == ' ')
			return mc_lines_keep(&c->keys, mc_xasprintf("%s (%s)",
			    mc_facts_spelling(claims[i]),
			    mc_facts_spelling(row->test + n + 1)));
	}
	return mc_facts_spelling(row->test);
}

/* Find the decimals of each metric. */
static void
choose_decimals(struct comparisons *c)
{
	double *half = mc_xcalloc(c->n_lines, sizeof(*half));
	size_t k, i;

	c->percent = mc_xcalloc(c->n_columns, sizeof(*c->percent));
	for (k = 0; k < c->n_columns; k++) {
		size_t n = 0;

		for (i = 0; i < c->n_lines; i++) {
			const struct mc_differences_row *row =
			    c->lines[i].row;

			if (c->lines[i].column == k)
				half[n++] = (row->hi - row->lo) / 2;
		}
		c->percent[k] = mc_metric_percent(c->columns[k].metric,
		    c->style->percent, half, n);
	}
	free(half);
}

static void
set_keys(struct comparisons *c)
{
	size_t i;

	c->headings = mc_xcalloc(c->n_columns, sizeof(*c->headings));
	for (i = 0; i < c->n_columns; i++)
		c->headings[i] = mc_columns_heading(c->columns, c->n_columns,
		    i);
	for (i = 0; i < c->n_lines; i++) {
		const struct line *line = &c->lines[i];
		const char **texts = mc_lines_add(&c->keys);

		texts[TASK] = mc_lines_task(&c->keys, line->row->task,
		    line->row->note);
		texts[SPLIT] = line->row->split;
		texts[SUBGROUP] = line->row->subgroup;
		texts[METRIC] = c->headings[line->column];
		texts[COMPARISON] = line->comparison;
		texts[TEST] = test_text(c, line->row);
		texts[MARGIN] = line->margin;
	}
}

/* Keys are shown where they vary, and others where they are known. */
static void
choose_columns_shown(struct comparisons *c)
{
	size_t k;

	for (k = 0; k < KEYS; k++)
		c->keys.shown[k] = k == METRIC || k == COMPARISON ||
		    !mc_lines_is_constant(&c->keys, k) ||
		    (k == TASK && *mc_lines_text(&c->keys, 0, k) != '\0');
}

/* --- Filling the grid ----------------------------------------------------- */

static void
add_columns(const struct comparisons *c, struct mc_grid *g)
{
	mc_lines_add_columns(&c->keys, g);
	mc_grid_add_column(g, "Difference", true)->is_apart = true;
	if (c->has_p)
		mc_grid_add_column(g, "p", true);
	if (c->has_adjusted)
		mc_grid_add_column(g, "Adjusted p", true);
}

/* Whether line I begins a block: of another task or subgroup, or metric. */
static enum mc_grid_rule
rule_above(const struct comparisons *c, size_t i)
{
	if (i == 0 || !mc_lines_differ(&c->keys, i, METRIC + 1))
		return MC_NO_RULE;
	return mc_lines_differ(&c->keys, i, SUBGROUP + 1) ? MC_RULE : MC_SPACE;
}

static char *
p_text(double p)
{
	return isnan(p) ? mc_xstrdup(MC_MISSING) :
	    p < 0.001 ? mc_xstrdup("<0.001") : mc_xasprintf("%.3f", p);
}

static void
fill_lines(const struct comparisons *c, struct mc_grid *g)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++) {
		const struct mc_differences_row *row = c->lines[i].row;
		struct mc_grid_cell *cell = mc_lines_fill(&c->keys, i,
		    mc_grid_add_line(g, rule_above(c, i)));
		int percent = c->percent[c->lines[i].column];

		cell->text = mc_metric_text(row->metric, row->difference,
		    percent);
		mc_metric_limits(row->metric, row->lo, row->hi, percent, cell);
		if (c->has_p)
			(++cell)->text = p_text(row->p);
		if (c->has_adjusted)
			(++cell)->text = p_text(mc_family_is_adjusted(row) ?
			    row->p_adjusted : NAN);
	}
}

/* Notes are about the difference, or the last p of a line. */
static void
add_notes(const struct comparisons *c, struct mc_grid *g)
{
	size_t p = g->n_columns - 1, i;
	size_t difference = p - c->has_p - c->has_adjusted;

	for (i = 0; i < c->n_lines; i++) {
		struct mc_buf family = { 0 };

		mc_grid_note(g, i, difference, c->lines[i].row->note);
		mc_family_say(c->lines[i].row, &family);
		if (family.len > 0)
			mc_grid_note(g, i, p, family.data);
		mc_buf_free(&family);
	}
	/* It is said once, of all numbers. */
	if (c->has_adjusted)
		mc_grid_drop_note(g, MC_REMARK_NOT_ADJUSTED);
}

/* --- What is below the table ---------------------------------------------- */

/* Say of each metric what the standard deviations over seeds are. */
static void
add_seed_sds(const struct comparisons *c, struct mc_facts *facts)
{
	double *sd = mc_xcalloc(2 * c->n_lines, sizeof(*sd));
	size_t k, i, n;

	for (k = 0; k < c->n_columns; k++) {
		for (i = n = 0; i < c->n_lines; i++) {
			if (c->lines[i].column != k)
				continue;
			sd[n++] = c->lines[i].row->seed_sd_a;
			sd[n++] = c->lines[i].row->seed_sd_b;
		}
		mc_facts_add_seed_sds(facts, c->columns, c->n_columns, k, sd,
		    n, c->percent[k]);
	}
	free(sd);
}

static void
say_facts(const struct comparisons *c, struct mc_grid *g)
{
	struct mc_evidence *from = mc_xcalloc(c->n_lines, sizeof(*from));
	struct mc_facts *facts = mc_facts_alloc();
	size_t i, k;

	for (i = 0; i < c->n_lines; i++) {
		const struct mc_differences_row *row = c->lines[i].row;

		from[i] = (struct mc_evidence){ row->level, row->method,
		    row->replicates, row->resample_seed, {
		    mc_lines_text(&c->keys, i, TASK),
		    c->keys.shown[SPLIT] ? row->split : "",
		    c->keys.shown[SUBGROUP] ? row->subgroup : "" }, row->unit,
		    row->n_images, row->n_units, row->seeds, NULL };
	}
	mc_facts_add_intervals(facts, c->style, from, c->n_lines);
	for (k = SPLIT; k < KEYS; k++) {
		if (!c->keys.shown[k])
			mc_facts_add(facts, c->key_headings[k],
			    mc_lines_text(&c->keys, 0, k));
	}
	add_seed_sds(c, facts);
	mc_facts_add_sizes(facts, c->style, from, c->n_lines,
	    "Training seeds per arm");
	mc_facts_say(facts, g);
	mc_facts_free(facts);
	free(from);
}

static void
say_below(const struct comparisons *c, struct mc_grid *g)
{
	struct mc_buf unit = { 0 }, lowest = { 0 };

	mc_columns_unit(c->columns, c->n_columns, ", in percentage points",
	    &unit);
	mc_grid_say(g, "Differences are the first arm minus the second%s; "
	    "intervals are in brackets.", unit.len > 0 ? unit.data : "");
	mc_columns_lowest(c->columns, c->n_columns, "", ": lower is better, so "
	    "a negative difference favours the first arm.", &lowest);
	if (lowest.len > 0)
		mc_grid_say(g, "%s", lowest.data);
	say_facts(c, g);
	mc_columns_averages(c->columns, c->n_columns, g);
	if (c->has_adjusted)
		mc_grid_say(g, "Intervals are not adjusted for the number of "
		    "tests.");
	if (c->n_omitted > 0)
		mc_grid_say(g, "Omitted: %zu row%s that do%s not compare two "
		    "arms.", c->n_omitted, MC_PLURAL(c->n_omitted),
		    c->n_omitted == 1 ? "es" : "");
	mc_buf_free(&unit);
	mc_buf_free(&lowest);
}

/* --- The whole ------------------------------------------------------------ */

static void
comparisons_clear(struct comparisons *c)
{
	size_t i;

	for (i = 0; i < c->n_lines; i++) {
		free(c->lines[i].comparison);
		free(c->lines[i].margin);
	}
	for (i = 0; i < c->n_columns && c->headings != NULL; i++)
		free(c->headings[i]);
	free(c->headings);
	free(c->lines);
	free(c->columns);
	free(c->percent);
	mc_lines_clear(&c->keys);
}

enum mc_status
mc_comparisons_grid(struct mc_rows *d,
    const struct mc_table_style *style, bool some, struct mc_grid **g,
    struct mc_err *err)
{
	struct comparisons c = { .d = d, .style = style, .key_headings = {
	    mc_keys[MC_KEY_TASK].heading, mc_keys[MC_KEY_SPLIT].heading,
	    "Subgroup", "Metric", "Comparison", "Test", "Margin" } };
	enum mc_status status;

	*g = NULL;
	mc_lines_init(&c.keys, c.key_headings, KEYS, METRIC + 1);
	status = choose_columns(&c, style->metrics, some, err);
	if (status == MC_OK)
		status = make_lines(&c, err);
	if (status == MC_OK) {
		order_lines(&c);
		*g = mc_grid_alloc(style->caption, style->label);
		find_p(&c);
		choose_decimals(&c);
		set_keys(&c);
		choose_columns_shown(&c);
		add_columns(&c, *g);
		fill_lines(&c, *g);
		add_notes(&c, *g);
		say_below(&c, *g);
		mc_grid_finish(*g);
	}
	comparisons_clear(&c);
	return status;
}
