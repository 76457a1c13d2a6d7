/* join.c - look up further columns by a key. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/spelling.h"
#include "table/csv.h"
#include "table/join.h"
#include "table/tsv.h"

struct mc_join {
	struct mc_table *table;
	char *key;		/* the column of the other table */
	const char *own_key;	/* that of ours: in KEY, behind the NUL */
	int column;		/* own_key's index */
	struct mc_names *values;	/* in that column */
	size_t *row;		/* of each value: the first with it */
};

/* Cut KEY, our own copy, into the two names. */
static enum mc_status
cut_key(struct mc_join *j, struct mc_err *err)
{
	char *equals = strchr(j->key, '=');

	j->own_key = j->key;
	if (equals != NULL) {
		*equals = '\0';
		j->own_key = equals + 1;
	}
	if (*j->key == '\0' || *j->own_key == '\0')
		return mc_err_set(err, MC_EUSAGE, "--key: give COLUMN, or "
		    "COLUMN=COLUMN OF THE JOINED FILE");
	return MC_OK;
}

static enum mc_status
number_rows(struct mc_join *j, struct mc_err *err)
{
	size_t rows = mc_table_rows(j->table), row, number;

	j->row = mc_xcalloc(rows, sizeof(*j->row));
	for (row = 0; row < rows; row++) {
		const char *value = mc_join_get(j, row, j->column);
		size_t known = mc_names_count(j->values);

		if (*value == '\0')
			return mc_err_at(err, MC_EDATA,
			    mc_table_name(j->table), mc_table_line(j->table,
			    row), "column \"%s\": empty: every row needs its "
			    "key", j->own_key);
		number = mc_names_add(j->values, value);
		if (number == known)
			j->row[number] = row;
	}
	return MC_OK;
}

/* That rows of one key agree in COLUMN. */
static enum mc_status
check_rows(const struct mc_join *j, int column, struct mc_err *err)
{
	size_t rows = mc_table_rows(j->table), row, first;

	if (mc_names_count(j->values) == rows)
		return MC_OK;
	for (row = 0; row < rows; row++) {
		const char *key = mc_join_get(j, row, j->column);

		first = mc_join_row(j, key);
		if (strcmp(mc_join_get(j, row, column),
		    mc_join_get(j, first, column)) != 0)
			return mc_err_at(err, MC_EDATA,
			    mc_table_name(j->table), mc_table_line(j->table,
			    row), "column \"%s\": \"%s\", but \"%s\" in line "
			    "%lld for the same \"%s\", \"%s\": keep one row "
			    "per key", mc_table_column(j->table,
			    (size_t)column),
			    mc_join_get(j, row, column),
			    mc_join_get(j, first, column),
			    (long long)mc_table_line(j->table, first),
			    j->own_key, key);
	}
	return MC_OK;
}

enum mc_status
mc_join_read(struct mc_join **result, const char *path, const char *key,
    struct mc_err *err)
{
	struct mc_join *j = mc_xcalloc(1, sizeof(*j));
	enum mc_status status;

	*result = NULL;
	j->key = mc_xstrdup(key);
	j->values = mc_names_alloc();
	status = cut_key(j, err);
	if (status == MC_OK)
		status = mc_csv_read_keyed(&j->table, path, false,
		    j->own_key, err);
	if (status == MC_OK)
		status = mc_table_bind(j->table, &j->own_key, 1, 1, &j->column,
		    err);
	if (status == MC_OK)
		status = number_rows(j, err);
	if (status == MC_OK)
		*result = j;
	else
		mc_join_free(j);
	return status;
}

void
mc_join_free(struct mc_join *j)
{
	if (j == NULL)
		return;
	mc_names_free(j->values);
	free(j->row);
	mc_table_free(j->table);
	free(j->key);
	free(j);
}

const char *
mc_join_name(const struct mc_join *j)
{
	return mc_table_name(j->table);
}

const char *
mc_join_note(const struct mc_join *j)
{
	return mc_table_note(j->table);
}

const char *
mc_join_key(const struct mc_join *j)
{
	return j->key;
}

enum mc_status
mc_join_bind(const struct mc_join *j, const char *name, int *column,
    struct mc_err *err)
{
	enum mc_status status;

	*column = mc_table_find(j->table, name);
	if (*column == j->column && strcmp(j->key, name) == 0)
		*column = -1;
	if (*column < 0)
		return MC_OK;
	status = mc_table_check(j->table, (size_t)*column, err);
	return status != MC_OK ? status : check_rows(j, *column, err);
}

char *
mc_join_columns(const struct mc_join *j, const char *name)
{
	struct mc_buf text = { 0 };

	mc_table_say_columns(j->table, name, &text);
	return text.data;
}

size_t
mc_join_row(const struct mc_join *j, const char *value)
{
	size_t number = mc_names_find(j->values, value);

	return number == MC_NO_NAME ? number : j->row[number];
}

const char *
mc_join_like(const struct mc_join *j, const char *value)
{
	return mc_spelling_like(j->values, value);
}

const char *
mc_join_get(const struct mc_join *j, size_t row, int column)
{
	return mc_table_get(j->table, row, (size_t)column);
}
