/* subgroup.c - divide the rows of a run into subgroups by further columns. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "study/subgroup.h"

/* The columns that together make the subgroups of a term. */
struct term {
	size_t n;
	size_t *column;		/* indices into the grouping's columns */
};

struct mc_grouping {
	size_t width;
	char **columns;		/* distinct, NULL-terminated */
	size_t n_terms;
	struct term *terms;
};

/* --- Terms ---------------------------------------------------------------- */

/* Parse the columns that TEXT names, adding them to NAMES. */
static enum mc_status
parse_term(struct term *term, const char *text, struct mc_names *names,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **column;
	size_t i;

	term->n = mc_split_at(text, '+', &column);
	term->column = mc_xcalloc(term->n, sizeof(*term->column));
	for (i = 0; i < term->n && status == MC_OK; i++) {
		if (*column[i] == '\0')
			status = mc_err_set(err, MC_EUSAGE,
			    "--by: an empty name");
		else
			term->column[i] = mc_names_copy(names, column[i]);
	}
	free(column);
	return status;
}

enum mc_status
mc_grouping_parse(struct mc_grouping **result, const char *by,
    struct mc_err *err)
{
	struct mc_grouping *g = mc_xcalloc(1, sizeof(*g));
	struct mc_names *names = mc_names_alloc();
	enum mc_status status = MC_OK;
	char **text;
	size_t i;

	g->n_terms = mc_split_commas(by, &text);
	g->terms = mc_xcalloc(g->n_terms, sizeof(*g->terms));
	for (i = 0; i < g->n_terms && status == MC_OK; i++)
		status = parse_term(&g->terms[i], text[i], names, err);
	free(text);
	g->width = mc_names_count(names);
	g->columns = mc_xcalloc(g->width + 1, sizeof(*g->columns));
	for (i = 0; i < g->width; i++)
		g->columns[i] = mc_xstrdup(mc_names_at(names, i));
	mc_names_free(names);
	if (status != MC_OK) {
		mc_grouping_free(g);
		g = NULL;
	}
	*result = g;
	return status;
}

void
mc_grouping_free(struct mc_grouping *g)
{
	size_t i;

	if (g == NULL)
		return;
	for (i = 0; i < g->n_terms; i++)
		free(g->terms[i].column);
	for (i = 0; i < g->width; i++)
		free(g->columns[i]);
	free(g->terms);
	free(g->columns);
	free(g);
}

char *const *
mc_grouping_columns(const struct mc_grouping *g)
{
	return g != NULL ? g->columns : NULL;
}

size_t
mc_grouping_width(const struct mc_grouping *g)
{
	return g != NULL ? g->width : 0;
}

size_t
mc_grouping_terms(const struct mc_grouping *g)
{
	return g != NULL ? g->n_terms : 0;
}

const char *
mc_grouping_term(const struct mc_grouping *g, size_t term, size_t *n)
{
	*n = g->terms[term].n;
	return g->columns[g->terms[term].column[0]];
}

/* --- Rows ----------------------------------------------------------------- */

/* Rows by their values in the columns of a term. */
struct by_values {
	const struct mc_run *run;
	const struct term *term;
};

/* Whether row ROW has no value in a column of the term. */
static bool
is_missing(const struct by_values *by, size_t row)
{
	size_t i;

	for (i = 0; i < by->term->n; i++) {
		if (*mc_run_further(by->run, row, by->term->column[i]) ==
		    '\0')
			return true;
	}
	return false;
}

size_t
mc_grouping_missing(const struct mc_grouping *g, size_t term,
    const struct mc_run *run)
{
	struct by_values by = { run, &g->terms[term] };
	size_t row, n = 0;

	for (row = 0; row < run->n; row++)
		n += is_missing(&by, row);
	return n;
}

static int
compare_values(const struct by_values *by, size_t a, size_t b)
{
	size_t i;
	int c = 0;

	for (i = 0; i < by->term->n && c == 0; i++)
		c = strcmp(
		    mc_run_further(by->run, a, by->term->column[i]),
		    mc_run_further(by->run, b, by->term->column[i]));
	return c;
}

static int
compare_rows(const void *va, const void *vb, void *by)
{
	const size_t *a = va, *b = vb;
	int c = compare_values(by, *a, *b);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

/* Name the subgroup that row ROW is in. */
static char *
name_of(const struct mc_grouping *g, const struct by_values *by, size_t row)
{
	struct mc_buf name = { 0 };
	size_t i;

	for (i = 0; i < by->term->n; i++) {
		size_t column = by->term->column[i];

		mc_buf_printf(&name, "%s%s=%s", i > 0 ? ", " : "",
		    g->columns[column], mc_run_further(by->run, row, column));
	}
	return name.data;
}

struct mc_subgroup *
mc_subgroups(const struct mc_grouping *g, const struct mc_run *run, size_t *n)
{
	struct mc_subgroup *subgroups = NULL;
	size_t *row = mc_xcalloc(run->n, sizeof(*row));
	size_t cap = 0, t, i, first, end;

	*n = 0;
	for (t = 0; t < mc_grouping_terms(g); t++) {
		struct by_values by = { run, &g->terms[t] };

		for (i = 0; i < run->n; i++)
			row[i] = i;
		qsort_r(row, run->n, sizeof(*row), compare_rows, &by);
		for (first = 0; first < run->n; first = end) {
			for (end = first + 1; end < run->n &&
			    compare_values(&by, row[end], row[first]) == 0;
			    end++)
				;
			if (is_missing(&by, row[first]))
				continue;
			subgroups = mc_xgrow(subgroups, *n, &cap,
			    sizeof(*subgroups));
			subgroups[(*n)++] = (struct mc_subgroup){
			    name_of(g, &by, row[first]), t, end - first,
			    mc_xreallocarray(NULL, end - first, sizeof(*row)) };
			memcpy(subgroups[*n - 1].row, row + first,
			    (end - first) * sizeof(*row));
		}
	}
	free(row);
	return subgroups;
}

void
mc_subgroups_free(struct mc_subgroup *subgroups, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(subgroups[i].name);
		free(subgroups[i].row);
	}
	free(subgroups);
}
