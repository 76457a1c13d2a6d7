/* column_list.c - find the columns that a list or a pattern names. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/column_list.h"

enum mc_status
mc_no_column(const struct mc_table *t, const struct mc_table *meta,
    const char *name, struct mc_err *err)
{
	struct mc_buf there = { 0 };

	mc_table_say_columns(t, name, &there);
	if (meta != NULL) {
		mc_buf_printf(&there, "; in %s: ", mc_table_name(meta));
		mc_table_say_columns(meta, name, &there);
	}
	mc_err_at(err, MC_EDATA, mc_table_name(t), 1,
	    "no column %s\"%s\"; columns are: %s",
	    strchr(name, '*') != NULL ? "matches " : "", name, there.data);
	mc_buf_free(&there);
	return MC_EDATA;
}

static void
add_column(struct mc_column_list *list, size_t column, const char *name,
    size_t n)
{
	list->column = mc_xreallocarray(list->column, list->n + 1,
	    sizeof(*list->column));
	list->name = mc_xreallocarray(list->name, list->n + 1,
	    sizeof(*list->name));
	list->column[list->n] = column;
	list->name[list->n++] = mc_xstrndup(name, n);
}

void
mc_column_list_clear(struct mc_column_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->name[i]);
	free(list->name);
	free(list->column);
	memset(list, 0, sizeof(*list));
}

static bool
is_in(size_t column, const int *except, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (except[i] >= 0 && (size_t)except[i] == column)
			return true;
	}
	return false;
}

/* Add the columns of T that match PATTERN, whose * is at STAR. */
static enum mc_status
match(struct mc_column_list *list, const struct mc_table *t,
    const char *pattern, const char *star, const int *except, size_t n_except,
    struct mc_err *err)
{
	size_t before = (size_t)(star - pattern), after = strlen(star + 1);
	enum mc_status status = MC_OK;
	size_t c, n;

	for (c = 0; c < mc_table_columns(t) && status == MC_OK; c++) {
		const char *name = mc_table_column(t, c);

		n = strlen(name);
		if (n <= before + after || is_in(c, except, n_except) ||
		    strncmp(name, pattern, before) != 0 ||
		    strcmp(name + n - after, star + 1) != 0)
			continue;
		add_column(list, c, name + before, n - before - after);
		status = mc_table_check(t, c, err);
	}
	return list->n > 0 ? status : mc_no_column(t, NULL, pattern, err);
}

enum mc_status
mc_column_list_find(struct mc_column_list *list, const struct mc_table *t,
    const char *text, const int *except, size_t n_except, struct mc_err *err)
{
	const char *star = strchr(text, '*');
	enum mc_status status = MC_OK;
	char **item;
	size_t n, i, j;
	int column;

	if (star != NULL)
		return match(list, t, text, star, except, n_except, err);
	n = mc_split_commas(text, &item);
	for (i = 0; i < n && status == MC_OK; i++) {
		column = mc_table_find(t, item[i]);
		if (column < 0)
			status = mc_no_column(t, NULL, item[i], err);
		else
			status = mc_table_check(t, (size_t)column, err);
		for (j = 0; j < list->n && status == MC_OK; j++) {
			if (list->column[j] == (size_t)column)
				status = mc_err_set(err, MC_EUSAGE, "\"%s\": "
				    "\"%s\" is given twice", text, item[i]);
		}
		if (status == MC_OK)
			add_column(list, (size_t)column, item[i],
			    strlen(item[i]));
	}
	free(item);
	return status;
}
