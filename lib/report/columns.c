/* columns.c - choose the metrics that a table shows. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "report/columns.h"
#include "stats/metric_hint.h"

/* --- Metrics -------------------------------------------------------------- */

/* Stands for a metric that is not ours: under its own name, as it is. */
static const struct mc_metric foreign = { .factor = 1, .decimals = 3 };

const struct mc_metric *
mc_columns_metric(const char *name)
{
	const struct mc_metric *m = mc_metric_find(name);

	return m != NULL ? m : &foreign;
}

int
mc_metric_decimals(const char *metric, int percent)
{
	/* The table of metrics has the decimals of the default. */
	return mc_columns_metric(metric)->decimals + percent -
	    MC_PERCENT_DECIMALS;
}

static int
compare_doubles(const void *va, const void *vb)
{
	const double *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

int
mc_metric_percent(const char *metric, int percent, double *half, size_t n)
{
	const struct mc_metric *m = mc_columns_metric(metric);
	bool is_percent = m->factor != 1;
	int least = is_percent ? 0 : 1, most = is_percent ? 3 : 5, decimals;
	size_t used = 0, i;
	double median;

	if (percent != MC_BY_WIDTH)
		return percent;
	for (i = 0; i < n; i++) {
		if (half[i] > 0)
			half[used++] = half[i];
	}
	if (used == 0)
		return MC_PERCENT_DECIMALS;
	qsort(half, used, sizeof(*half), compare_doubles);
	median = m->factor * (half[(used - 1) / 2] + half[used / 2]) / 2;
	/* 9.95 has two digits as 10, not as 9.9. */
	decimals = 1 - (int)floor(log10(median / 0.995));
	decimals = decimals < least ? least : decimals > most ? most :
	    decimals;
	return decimals - m->decimals + MC_PERCENT_DECIMALS;
}

char *
mc_metric_text(const char *metric, double v, int percent)
{
	double x = mc_columns_metric(metric)->factor * v;
	char *digits, *text;

	if (isnan(v))
		return mc_xstrdup(MC_MISSING);
	digits = mc_xasprintf("%.*f", mc_metric_decimals(metric, percent),
	    fabs(x));
	/* What is printed as 0 has no sign. */
	text = mc_xasprintf("%s%s", x < 0 && digits[strspn(digits, "0.")] !=
	    '\0' ? MC_MINUS : "", digits);
	free(digits);
	return text;
}

void
mc_metric_limits(const char *metric, double lo, double hi, int percent,
    struct mc_grid_cell *cell)
{
	if (isnan(lo) || isnan(hi))
		return;
	cell->lower = mc_metric_text(metric, lo, percent);
	cell->upper = mc_metric_text(metric, hi, percent);
}

/* --- Which ---------------------------------------------------------------- */

size_t
mc_columns_find(const struct mc_column *columns, size_t n,
    const struct mc_column *column)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(columns[i].metric, column->metric) == 0 &&
		    strcmp(columns[i].average, column->average) == 0 &&
		    strcmp(columns[i].class_name, column->class_name) == 0)
			break;
	}
	return i;
}

/* Percentages first, then the order of the table; foreign metrics last. */
static int
compare_metrics(const struct mc_metric *a, const struct mc_metric *b)
{
	if (a == &foreign || b == &foreign)
		return (a == &foreign) - (b == &foreign);
	if (a->factor != b->factor)
		return a->factor > b->factor ? -1 : 1;
	return (a > b) - (a < b);
}

static int
compare_columns(const void *va, const void *vb)
{
	const struct mc_column *a = va, *b = vb;
	int c = compare_metrics(mc_columns_metric(a->metric),
	    mc_columns_metric(b->metric));

	if (c != 0 || (c = strcmp(a->metric, b->metric)) != 0)
		return c;
	/* Weighted before macro; single classes come last. */
	if ((*a->class_name == '\0') != (*b->class_name == '\0'))
		return *a->class_name == '\0' ? -1 : 1;
	c = strcmp(b->average, a->average);
	return c != 0 ? c : strcmp(a->class_name, b->class_name);
}

/* Columns that grow. */
struct columns {
	struct mc_column *column;
	size_t n, cap;
};

static void
add_column(struct columns *c, const struct mc_column *column)
{
	if (mc_columns_find(c->column, c->n, column) < c->n)
		return;
	c->column = mc_xgrow(c->column, c->n, &c->cap, sizeof(*c->column));
	c->column[c->n++] = *column;
}

static void
sort_columns(struct columns *c, size_t from)
{
	if (c->n > from)
		qsort(c->column + from, c->n - from, sizeof(*c->column),
		    compare_columns);
}

/* Whether COLUMN is what "NAME" or "NAME:FORM" asks for. */
static bool
is_asked(const struct mc_column *column, const char *name, const char *form)
{
	if (strcmp(column->metric, name) != 0)
		return false;
	if (strcmp(form, "class") == 0)
		return *column->class_name != '\0';
	return *column->class_name == '\0' &&
	    strcmp(column->average, form) == 0;
}

/* Add the columns that one item of the list asks for, if there are any. */
static bool
add_asked(struct columns *c, const struct mc_column *all, size_t n,
    const char *name, const char *form)
{
	static const char *const bare[] = {
		"", "weighted", "macro", "micro", "ovo", "class"
	};
	size_t n_forms = form != NULL ? 1 : sizeof(bare) / sizeof(*bare);
	size_t before = c->n, f, i;
	bool found = false;

	for (f = 0; f < n_forms && !found; f++) {
		for (i = 0; i < n; i++) {
			if (!is_asked(&all[i], name,
			    form != NULL ? form : bare[f]))
				continue;
			found = true;
			add_column(c, &all[i]);
		}
	}
	sort_columns(c, before);
	return found;
}

/* Refuse LIST, or an item of it, and list what the tables have. */
static enum mc_status
refuse(const char *what, const char *list, const struct mc_column *all,
    size_t n, struct mc_err *err)
{
	struct columns forms = { 0 };
	struct mc_buf names = { 0 }, hint = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		bool is_class = *all[i].class_name != '\0';
		struct mc_column form = { all[i].metric, is_class ? "" :
		    all[i].average, is_class ? "class" : "" };

		add_column(&forms, &form);
	}
	sort_columns(&forms, 0);
	for (i = 0; i < forms.n; i++) {
		const struct mc_column *f = &forms.column[i];
		bool is_bare = *f->average == '\0' && *f->class_name == '\0';

		mc_buf_printf(&names, "%s%s%s%s%s", i > 0 ? ", " : "",
		    f->metric, is_bare ? "" : ":", f->average, f->class_name);
	}
	mc_metric_hint(&hint, list);
	mc_err_set(err, MC_EUSAGE, "--metrics: the tables have %s \"%s\"%s; "
	    "they have: %s", what, list, hint.data != NULL ? hint.data : "",
	    names.data);
	mc_buf_free(&names);
	mc_buf_free(&hint);
	free(forms.column);
	return MC_EUSAGE;
}

static enum mc_status
add_list(struct columns *c, const struct mc_column *all, size_t n,
    const char *list, bool some, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **items;
	size_t n_items = mc_split_commas(list, &items), i;

	for (i = 0; i < n_items && status == MC_OK; i++) {
		char *form = strchr(items[i], ':');

		if (form != NULL)
			*form = '\0';
		if (add_asked(c, all, n, items[i], form != NULL ? form + 1 :
		    NULL) || some)
			continue;
		if (form != NULL)
			*form = ':';
		status = refuse("no", items[i], all, n, err);
	}
	free(items);
	if (status == MC_OK && c->n == 0)
		return refuse("none of", list, all, n, err);
	return status;
}

/* Whether all rows of form I's metric are of that one form. */
static bool
is_only_form(const struct mc_column *all, size_t n, size_t i)
{
	size_t k;

	for (k = 0; k < n; k++) {
		if (strcmp(all[k].metric, all[i].metric) == 0 &&
		    mc_columns_find(&all[i], 1, &all[k]) != 0)
			return false;
	}
	return true;
}

enum mc_status
mc_columns_choose(const struct mc_column *all, size_t n, const char *list,
    bool some, struct mc_column **columns, size_t *n_columns,
    struct mc_err *err)
{
	struct columns c = { 0 };
	enum mc_status status = MC_OK;
	size_t i;

	*columns = NULL;
	*n_columns = 0;
	if (list != NULL)
		status = add_list(&c, all, n, list, some, err);
	for (i = 0; i < n && list == NULL; i++) {
		if (*all[i].class_name == '\0' || is_only_form(all, n, i))
			add_column(&c, &all[i]);
	}
	if (list == NULL)
		sort_columns(&c, 0);
	if (status == MC_OK && c.n == 0)
		status = mc_err_set(err, MC_EDATA, "nothing to print: "
		    "the tables hold no metric of the whole table");
	if (status != MC_OK) {
		free(c.column);
		return status;
	}
	*columns = c.column;
	*n_columns = c.n;
	return MC_OK;
}

void
mc_columns_all(const struct mc_column *all, size_t n,
    struct mc_column **columns, size_t *n_columns)
{
	struct columns c = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		add_column(&c, &all[i]);
	sort_columns(&c, 0);
	*columns = c.column;
	*n_columns = c.n;
}

/* --- Headings ------------------------------------------------------------- */

/* Whether another column shows the same metric in another form. */
static bool
has_sibling(const struct mc_column *columns, size_t n, size_t i)
{
	size_t c;

	for (c = 0; c < n; c++) {
		if (c != i &&
		    strcmp(columns[c].metric, columns[i].metric) == 0)
			return true;
	}
	return false;
}

char *
mc_columns_heading(const struct mc_column *columns, size_t n, size_t i)
{
	const struct mc_column *c = &columns[i];
	const struct mc_metric *m = mc_columns_metric(c->metric);
	const char *form = *c->class_name != '\0' ? c->class_name : c->average;
	const char *at = strchr(c->metric, '@');
	struct mc_buf text = { 0 };

	mc_buf_puts(&text, m->heading != NULL ? m->heading : c->metric);
	if (m->heading != NULL && at != NULL)
		mc_buf_printf(&text, " %s", at + 1);
	/* A mean over pairs of classes is another metric, not another mean. */
	if (*c->class_name != '\0' || strcmp(form, "ovo") == 0 ||
	    (*form != '\0' && has_sibling(columns, n, i)))
		mc_buf_printf(&text, " (%s)", form);
	return text.data;
}

char *
mc_columns_name(const struct mc_column *columns, size_t n, size_t i)
{
	char *name = mc_columns_heading(columns, n, i);

	/* An acronym has a second capital or a digit; Brier was a person. */
	if (mc_columns_metric(columns[i].metric)->heading != NULL &&
	    islower((unsigned char)name[1]) &&
	    strncmp(name, "Brier", 5) != 0)
		name[0] = (char)tolower((unsigned char)name[0]);
	return name;
}

/* Append a heading to a list of them. */
static void
put_heading(const struct mc_column *columns, size_t n, size_t i,
    struct mc_buf *list)
{
	char *heading = mc_columns_heading(columns, n, i);

	mc_buf_printf(list, "%s%s", list->len > 0 ? ", " : "", heading);
	free(heading);
}

/* Append BEFORE, the headings of the columns that are WANTED, and AFTER. */
static void
put_list(const struct mc_column *columns, size_t n,
    bool (*wanted)(const struct mc_column *column), const char *before,
    const char *after, struct mc_buf *text)
{
	struct mc_buf list = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (wanted(&columns[i]))
			put_heading(columns, n, i, &list);
	}
	if (list.len > 0)
		mc_buf_printf(text, "%s%s%s", before, list.data, after);
	mc_buf_free(&list);
}

static bool
is_plain(const struct mc_column *column)
{
	return mc_columns_metric(column->metric)->factor == 1;
}

static bool
is_lowest(const struct mc_column *column)
{
	return mc_columns_metric(column->metric)->better < 0;
}

void
mc_columns_unit(const struct mc_column *columns, size_t n, const char *unit,
    struct mc_buf *text)
{
	size_t i;

	for (i = 0; i < n && is_plain(&columns[i]); i++)
		;
	if (i == n)
		return;
	mc_buf_puts(text, unit);
	put_list(columns, n, is_plain, " (except ", ")", text);
}

void
mc_columns_lowest(const struct mc_column *columns, size_t n,
    const char *before, const char *after, struct mc_buf *text)
{
	put_list(columns, n, is_lowest, before, after, text);
}

void
mc_columns_averages(const struct mc_column *columns, size_t n,
    struct mc_grid *g)
{
	static const struct {
		const char *average, *meaning;
	} means[] = {
		{ "weighted", "mean over classes, weighted by class frequency" },
		{ "macro", "unweighted mean over classes" },
		{ "micro", "from the pooled counts of all classes" },
		{ "ovo", "mean over pairs of classes (Hand and Till, 2001)" },
	};
	size_t m, i;

	for (m = 0; m < sizeof(means) / sizeof(*means); m++) {
		struct mc_buf list = { 0 };

		for (i = 0; i < n; i++) {
			if (strcmp(columns[i].average, means[m].average) == 0)
				put_heading(columns, n, i, &list);
		}
		if (list.len > 0)
			mc_grid_say(g, "%s: %s.", list.data, means[m].meaning);
		mc_buf_free(&list);
	}
}
