/*
 * table.c - hold all rows of a table in memory.
 *
 * A row is an item of a store: a 32-bit offset of each field, then the fields one
 * after the other, NUL-terminated.
 */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "base/store.h"
#include "table/tsv.h"

struct mc_table {
	char *name;
	size_t columns;
	char **column;		/* the names */
	size_t rows, rows_cap;
	uint64_t *row;		/* the place of each row in the store */
	struct mc_store *store;
	struct mc_buf item;	/* the row that is being added */

	/* Of a foreign table; else NULL. */
	char *note;
	int64_t *line;		/* of each row */
	size_t line_cap;
	size_t *unfit;		/* of each column: the first row whose field no
				   TSV can hold, or SIZE_MAX */
};

/* Add FIELD, which is column C, to the row that was begun. */
static enum mc_status
add_field(struct mc_table *t, size_t c, const char *field, struct mc_err *err)
{
	uint32_t start = (uint32_t)t->item.len;

	if (t->item.len > UINT32_MAX)
		return mc_err_at(err, MC_EDATA, t->name,
		    mc_table_line(t, t->rows), "a row of more than 4 GiB");
	mc_buf_add(&t->item, field, strlen(field) + 1);
	memcpy(t->item.data + c * sizeof(start), &start, sizeof(start));
	return MC_OK;
}

/* Begin a row, with room for the offsets of its fields. */
static void
begin_row(struct mc_table *t)
{
	t->item.len = 0;
	mc_buf_room(&t->item, t->columns * sizeof(uint32_t));
	t->item.len = t->columns * sizeof(uint32_t);
}

static void
end_row(struct mc_table *t)
{
	t->row = mc_xgrow(t->row, t->rows, &t->rows_cap, sizeof(*t->row));
	t->row[t->rows++] = mc_store_add(t->store, t->item.data, t->item.len);
}

enum mc_status
mc_table_add(struct mc_table *t, const char *const *fields, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t c;

	begin_row(t);
	for (c = 0; c < t->columns && status == MC_OK; c++) {
		status = mc_tsv_field_ok(fields[c]) ?
		    add_field(t, c, fields[c], err) :
		    mc_err_at(err, MC_EDATA, t->name, mc_table_line(t, t->rows),
		    "column \"%s\": a TAB, a line break or bytes that are not "
		    "UTF-8 are not allowed in a table: \"%.60s\"", t->column[c],
		    fields[c]);
	}
	if (status == MC_OK)
		end_row(t);
	return status;
}

enum mc_status
mc_table_add_foreign(struct mc_table *t, const char *const *fields,
    int64_t line, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t c;

	begin_row(t);
	t->line = mc_xgrow(t->line, t->rows, &t->line_cap, sizeof(*t->line));
	t->line[t->rows] = line;
	for (c = 0; c < t->columns && status == MC_OK; c++) {
		status = add_field(t, c, fields[c], err);
		if (t->unfit[c] == SIZE_MAX && !mc_tsv_field_ok(fields[c]))
			t->unfit[c] = t->rows;
	}
	if (status == MC_OK)
		end_row(t);
	return status;
}

/* Copy the row at which TSV stands. */
static enum mc_status
add_tsv_row(struct mc_table *t, const struct mc_tsv *tsv, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t c;

	begin_row(t);
	for (c = 0; c < t->columns && status == MC_OK; c++)
		status = add_field(t, c, mc_tsv_get(tsv, c), err);
	if (status == MC_OK)
		end_row(t);
	return status;
}

static struct mc_table *
alloc_named(const char *name, size_t columns)
{
	struct mc_table *t = mc_xcalloc(1, sizeof(*t));

	t->name = mc_xstrdup(name);
	t->columns = columns;
	t->column = mc_xcalloc(columns, sizeof(*t->column));
	t->store = mc_store_alloc();
	return t;
}

enum mc_status
mc_table_alloc(struct mc_table **result, const char *name,
    const char *const *columns, size_t n, struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	enum mc_status status = MC_OK;
	struct mc_table *t;
	size_t c;

	*result = NULL;
	t = alloc_named(name, n);
	for (c = 0; c < n && status == MC_OK; c++) {
		t->column[c] = mc_xstrdup(columns[c]);
		if (columns[c][0] == '\0')
			status = mc_err_at(err, MC_EDATA, name, 1,
			    "column %zu has no name", c + 1);
		else if (!mc_tsv_field_ok(columns[c]))
			status = mc_err_at(err, MC_EDATA, name, 1,
			    "column \"%.60s\": a TAB, a line break or bytes "
			    "that are not UTF-8 are not allowed in a name",
			    columns[c]);
		else if (mc_names_add(names, t->column[c]) != c)
			status = mc_err_at(err, MC_EDATA, name, 1,
			    "column \"%s\" is given twice", columns[c]);
	}
	mc_names_free(names);
	if (status == MC_OK)
		*result = t;
	else
		mc_table_free(t);
	return status;
}

struct mc_table *
mc_table_foreign(const char *name, const char *const *columns, size_t n)
{
	struct mc_table *t = alloc_named(name, n);
	size_t c;

	t->unfit = mc_xreallocarray(NULL, n, sizeof(*t->unfit));
	for (c = 0; c < n; c++) {
		t->unfit[c] = SIZE_MAX;
		t->column[c] = mc_xstrdup(columns[c]);
		mc_tsv_clean(t->column[c]);
	}
	return t;
}

struct mc_table *
mc_tsv_header(const struct mc_tsv *tsv)
{
	struct mc_table *t = alloc_named(mc_tsv_name(tsv), mc_tsv_columns(tsv));
	size_t c;

	for (c = 0; c < t->columns; c++)
		t->column[c] = mc_xstrdup(mc_tsv_column(tsv, c));
	return t;
}

enum mc_status
mc_table_from_tsv(struct mc_table **result, struct mc_tsv *tsv,
    struct mc_err *err)
{
	struct mc_table *t = mc_tsv_header(tsv);
	enum mc_status status;

	*result = NULL;
	while ((status = mc_tsv_next(tsv, err)) == MC_OK) {
		if ((status = add_tsv_row(t, tsv, err)) != MC_OK)
			break;
	}
	if (status != MC_END) {
		mc_table_free(t);
		return status;
	}
	*result = t;
	return MC_OK;
}

enum mc_status
mc_table_read(struct mc_table **t, const char *path, struct mc_err *err)
{
	enum mc_status status;
	struct mc_tsv *tsv;

	*t = NULL;
	status = mc_tsv_open(&tsv, path, err);
	if (status == MC_OK)
		status = mc_table_from_tsv(t, tsv, err);
	mc_tsv_close(tsv);
	return status;
}

void
mc_table_free(struct mc_table *t)
{
	size_t c;

	if (t == NULL)
		return;
	for (c = 0; c < t->columns; c++)
		free(t->column[c]);
	free(t->column);
	free(t->name);
	free(t->row);
	free(t->line);
	free(t->unfit);
	free(t->note);
	mc_store_free(t->store);
	mc_buf_free(&t->item);
	free(t);
}

size_t
mc_table_rows(const struct mc_table *t)
{
	return t->rows;
}

size_t
mc_table_columns(const struct mc_table *t)
{
	return t->columns;
}

const char *
mc_table_column(const struct mc_table *t, size_t column)
{
	return t->column[column];
}

int
mc_table_find(const struct mc_table *t, const char *name)
{
	size_t c;

	for (c = 0; c < t->columns; c++) {
		if (strcmp(t->column[c], name) == 0)
			return (int)c;
	}
	return -1;
}

/* The field as it lies in the store. */
static char *
field_at(const struct mc_table *t, size_t row, size_t column)
{
	char *item = mc_store_at(t->store, t->row[row]);
	uint32_t start;

	memcpy(&start, item + column * sizeof(start), sizeof(start));
	return item + start;
}

const char *
mc_table_get(const struct mc_table *t, size_t row, size_t column)
{
	return field_at(t, row, column);
}

char *
mc_table_field(struct mc_table *t, size_t row, size_t column)
{
	return field_at(t, row, column);
}

const char *
mc_table_note(const struct mc_table *t)
{
	return t->note;
}

void
mc_table_set_note(struct mc_table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(t->note);
	t->note = mc_xvasprintf(fmt, ap);
	va_end(ap);
}

const char *
mc_table_name(const struct mc_table *t)
{
	return t->name;
}

int64_t
mc_table_line(const struct mc_table *t, size_t row)
{
	return t->line != NULL ? t->line[row] : (int64_t)row + 2;
}

int
mc_table_repeats(const struct mc_table *t, size_t column)
{
	size_t c;

	for (c = 0; c < t->columns; c++) {
		if (c != column &&
		    strcmp(t->column[c], t->column[column]) == 0)
			return 1;
	}
	return 0;
}

enum mc_status
mc_table_check(const struct mc_table *t, size_t column, struct mc_err *err)
{
	const char *name = t->column[column], *field;
	size_t row;

	if (t->unfit == NULL)
		return MC_OK;
	if (mc_table_repeats(t, column))
		return mc_err_at(err, MC_EDATA, t->name, 1, "column \"%s\" "
		    "occurs twice: rename one of the two", name);
	row = t->unfit[column];
	if (row == SIZE_MAX)
		return MC_OK;
	field = mc_table_get(t, row, column);
	return mc_err_at(err, MC_EDATA, t->name, mc_table_line(t, row),
	    strpbrk(field, "\t\n\r") != NULL ? "column \"%s\": a TAB or a "
	    "line break within the field: replace it with a blank" :
	    "column \"%s\": bytes that are not UTF-8: convert the file, as "
	    "with iconv -f latin1 -t utf8", name);
}

/* The column of T that is another spelling of NAME, or NULL. */
static const char *
column_like(const struct mc_table *t, const char *name)
{
	struct mc_names *names = mc_names_alloc();
	const char *like;
	size_t c;

	for (c = 0; c < t->columns; c++)
		mc_names_add(names, t->column[c]);
	like = mc_spelling_like(names, name);
	mc_names_free(names);
	return like;
}

void
mc_table_say_columns(const struct mc_table *t, const char *name,
    struct mc_buf *text)
{
	const char *like = column_like(t, name);
	size_t c;

	for (c = 0; c < t->columns; c++)
		mc_buf_printf(text, "%s%s", c > 0 ? ", " : "", t->column[c]);
	if (like != NULL)
		mc_buf_printf(text, ": \"%s\" differs from \"%s\" in case or "
		    "blanks alone: rename it in the file", like, name);
}

enum mc_status
mc_table_bind(const struct mc_table *t, const char *const *names, size_t n,
    size_t n_required, int *index, struct mc_err *err)
{
	struct mc_buf missing = { 0 }, text = { 0 };
	const char *first = NULL;
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n; i++) {
		index[i] = mc_table_find(t, names[i]);
		if (index[i] >= 0 && status == MC_OK)
			status = mc_table_check(t, (size_t)index[i], err);
		if (index[i] >= 0 || i >= n_required)
			continue;
		mc_buf_printf(&missing, "%s\"%s\"",
		    missing.len > 0 ? ", " : "", names[i]);
		if (first == NULL || column_like(t, first) == NULL)
			first = names[i];
	}
	if (missing.len > 0) {
		mc_table_say_columns(t, first, &text);
		status = mc_err_at(err, MC_EDATA, t->name, 1,
		    "no column %s; columns are: %s", missing.data, text.data);
	}
	mc_buf_free(&missing);
	mc_buf_free(&text);
	return status;
}

enum mc_status
mc_table_f64(const struct mc_table *t, size_t row, size_t column, double min,
    double max, double *v, struct mc_err *err)
{
	struct mc_err why;
	enum mc_status status;

	status = mc_parse_f64(mc_table_get(t, row, column), min, max, v, &why);
	if (status != MC_OK)
		mc_err_at(err, status, t->name, mc_table_line(t, row),
		    "column \"%s\": %s", t->column[column], why.text);
	return status;
}

static void
write_header(const struct mc_table *t, FILE *f)
{
	mc_tsv_write(f, (const char *const *)t->column, t->columns);
}

static void
write_row(const struct mc_table *t, size_t row, FILE *f)
{
	size_t c;

	for (c = 0; c < t->columns; c++) {
		if (c > 0)
			putc('\t', f);
		fputs(mc_table_get(t, row, c), f);
	}
	putc('\n', f);
}

void
mc_table_write(const struct mc_table *t, FILE *f)
{
	size_t row;

	write_header(t, f);
	for (row = 0; row < t->rows; row++)
		write_row(t, row, f);
}
