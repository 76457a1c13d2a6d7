/* schema.c - read and write tables of fixed columns. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/schema.h"
#include "table/tsv.h"

/* So far from the end of a double that a hundred times as much is finite. */
#define LARGEST 1e300

/* --- Writing -------------------------------------------------------------- */

/* The field as text: the struct's own, or in BUF. */
static const char *
field_text(const struct mc_schema_column *c, const void *row,
    char buf[MC_NUM_SIZE])
{
	const void *member = (const char *)row + c->offset;
	const char *text;
	int64_t count;
	double real;

	switch (c->kind) {
	case MC_COLUMN_REAL:
		real = *(const double *)member;
		return isnan(real) ? "" : mc_format_f64(buf, real);
	case MC_COLUMN_COUNT:
		count = *(const int64_t *)member;
		if (count < 0)
			return "";
		snprintf(buf, MC_NUM_SIZE, "%lld", (long long)count);
		return buf;
	case MC_COLUMN_TEXT:
	default:
		text = *(const char *const *)member;
		return text != NULL ? text : "";
	}
}

bool
mc_schema_has(const struct mc_schema *s, const char *name)
{
	size_t c;

	for (c = 0; c < s->n_columns; c++) {
		const char *own = s->columns[c].name;

		if (s->columns[c].kind == MC_COLUMN_EACH ?
		    strncmp(name, own, strcspn(own, ":") + 1) == 0 :
		    strcmp(name, own) == 0)
			return true;
	}
	return false;
}

void
mc_rows_begin_header(FILE *f, const struct mc_schema *s)
{
	size_t c;

	for (c = 0; c < s->n_columns &&
	    s->columns[c].kind != MC_COLUMN_EACH; c++)
		fprintf(f, "%s%s", c > 0 ? "\t" : "", s->columns[c].name);
}

void
mc_rows_begin(FILE *f, const struct mc_schema *s, const void *row)
{
	char buf[MC_NUM_SIZE];
	size_t c;

	for (c = 0; c < s->n_columns &&
	    s->columns[c].kind != MC_COLUMN_EACH; c++)
		fprintf(f, "%s%s", c > 0 ? "\t" : "",
		    field_text(&s->columns[c], row, buf));
}

void
mc_rows_write_header(FILE *f, const struct mc_schema *s)
{
	mc_rows_begin_header(f, s);
	putc('\n', f);
}

void
mc_rows_write(FILE *f, const struct mc_schema *s, const void *row)
{
	mc_rows_begin(f, s, row);
	putc('\n', f);
}

/* --- Reading -------------------------------------------------------------- */

/* Where a row came from. */
struct place {
	const struct mc_table *table;
	size_t row;
};

struct mc_rows {
	const struct mc_schema *schema;
	size_t n_tables;
	struct mc_table **tables;
	size_t n, rows_cap, places_cap;
	char *rows;		/* n structs */
	struct place *places;
	struct mc_buf text;	/* of mc_rows_place */
};

/* Fill the member that column C names from the field TEXT. */
static enum mc_status
parse_field(const struct mc_schema_column *c, const char *text, void *row,
    struct mc_err *why)
{
	void *member = (char *)row + c->offset;

	switch (c->kind) {
	case MC_COLUMN_REAL:
		*(double *)member = NAN;
		return *text == '\0' ? MC_OK : mc_parse_f64(text, -LARGEST,
		    LARGEST, member, why);
	case MC_COLUMN_COUNT:
		*(int64_t *)member = -1;
		return *text == '\0' ? MC_OK : mc_parse_i64(text, 0, INT64_MAX,
		    member, why);
	case MC_COLUMN_TEXT:
	default:
		*(const char **)member = text;
		return MC_OK;
	}
}

/* Fill the struct at TO from a row of T; INDEX is where T has the columns. */
static enum mc_status
parse_row(const struct mc_schema *s, const struct mc_table *t, size_t row,
    const int *index, void *to, struct mc_err *err)
{
	const char *fault;
	struct mc_err why;
	size_t c;

	for (c = 0; c < s->n_columns; c++) {
		const char *text = index[c] < 0 ? "" :
		    mc_table_get(t, row, (size_t)index[c]);

		if (parse_field(&s->columns[c], text, to, &why) != MC_OK)
			return mc_err_at(err, MC_EDATA, mc_table_name(t),
			    mc_table_line(t, row), "column \"%s\": %s",
			    s->columns[c].name, why.text);
	}
	fault = s->fault != NULL ? s->fault(to) : NULL;
	if (fault != NULL)
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "%s", fault);
	return MC_OK;
}

/* Append the rows of T. */
static enum mc_status
add_table(struct mc_rows *r, const struct mc_table *t, struct mc_err *err)
{
	const struct mc_schema *s = r->schema;
	const char **required = mc_xcalloc(s->n_columns, sizeof(*required));
	int *index = mc_xcalloc(s->n_columns, sizeof(*index));
	enum mc_status status;
	size_t n = 0, row, c;

	for (c = 0; c < s->n_columns; c++) {
		if (s->columns[c].required)
			required[n++] = s->columns[c].name;
	}
	status = mc_table_bind(t, required, n, n, index, err);
	for (c = 0; c < s->n_columns; c++)
		index[c] = mc_table_find(t, s->columns[c].name);
	for (row = 0; row < mc_table_rows(t) && status == MC_OK; row++) {
		r->rows = mc_xgrow(r->rows, r->n, &r->rows_cap, s->size);
		r->places = mc_xgrow(r->places, r->n, &r->places_cap,
		    sizeof(*r->places));
		r->places[r->n] = (struct place){ t, row };
		status = parse_row(s, t, row, index, r->rows + r->n * s->size,
		    err);
		r->n++;
	}
	free(required);
	free(index);
	return status;
}

/* Read the file at PATH, the next of R, whose schema CHOOSE may decide. */
static enum mc_status
read_table(struct mc_rows *r, const char *path,
    const struct mc_schema *(*choose)(const struct mc_table *t,
    struct mc_err *err), struct mc_err *err)
{
	struct mc_table **t = &r->tables[r->n_tables++];
	const struct mc_schema *s = r->schema;
	enum mc_status status;

	if ((status = mc_table_read(t, path, err)) != MC_OK)
		return status;
	if (choose != NULL && (s = choose(*t, err)) == NULL)
		return err->status;
	if (r->schema != NULL && s != r->schema)
		return mc_err_at(err, MC_EDATA, path, 1, "not the columns of "
		    "%s: give tables of one kind", mc_rows_name(r, 0));
	r->schema = s;
	return add_table(r, *t, err);
}

/* Read with the schema S, or as CHOOSE says. */
static enum mc_status
read_rows(struct mc_rows **result, const struct mc_schema *s,
    const struct mc_schema *(*choose)(const struct mc_table *t,
    struct mc_err *err), char *const *paths, size_t n, struct mc_err *err)
{
	struct mc_rows *r = mc_xcalloc(1, sizeof(*r));
	enum mc_status status = MC_OK;
	size_t i;

	*result = NULL;
	r->schema = s;
	r->tables = mc_xcalloc(n, sizeof(*r->tables));
	for (i = 0; i < n && status == MC_OK; i++)
		status = read_table(r, paths[i], choose, err);
	if (status != MC_OK) {
		mc_rows_free(r);
		return status;
	}
	*result = r;
	return MC_OK;
}

enum mc_status
mc_rows_read(struct mc_rows **r, const struct mc_schema *s,
    char *const *paths, size_t n, struct mc_err *err)
{
	return read_rows(r, s, NULL, paths, n, err);
}

enum mc_status
mc_rows_read_as(struct mc_rows **r,
    const struct mc_schema *(*choose)(const struct mc_table *t,
    struct mc_err *err), char *const *paths, size_t n,
    const struct mc_schema **s, struct mc_err *err)
{
	enum mc_status status = read_rows(r, NULL, choose, paths, n, err);

	*s = status == MC_OK ? (*r)->schema : NULL;
	return status;
}

enum mc_status
mc_rows_of_table(struct mc_rows **result, const struct mc_schema *s,
    struct mc_table *t, struct mc_err *err)
{
	struct mc_rows *r = mc_xcalloc(1, sizeof(*r));
	enum mc_status status;

	*result = NULL;
	r->schema = s;
	r->tables = mc_xcalloc(1, sizeof(*r->tables));
	r->tables[r->n_tables++] = t;
	status = add_table(r, t, err);
	if (status == MC_OK)
		*result = r;
	else
		mc_rows_free(r);
	return status;
}

void
mc_rows_free(struct mc_rows *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->n_tables; i++)
		mc_table_free(r->tables[i]);
	free(r->tables);
	free(r->rows);
	free(r->places);
	mc_buf_free(&r->text);
	free(r);
}

size_t
mc_rows_count(const struct mc_rows *r)
{
	return r->n;
}

const void *
mc_rows_get(const struct mc_rows *r, size_t row)
{
	return r->rows + row * r->schema->size;
}

void
mc_rows_rename(struct mc_rows *r, const char *(*to)(void *arg, size_t row,
    const char *column, const char *text), void *arg)
{
	const struct mc_schema *s = r->schema;
	const char **member;
	size_t i, c;

	for (i = 0; i < r->n; i++) {
		for (c = 0; c < s->n_columns; c++) {
			if (s->columns[c].kind != MC_COLUMN_TEXT)
				continue;
			member = (const char **)(void *)(r->rows + i *
			    s->size + s->columns[c].offset);
			*member = to(arg, i, s->columns[c].name, *member);
		}
	}
}

bool
mc_rows_keep(struct mc_rows *r, const char *column, bool (*is)(void *arg,
    const char *text), void *arg)
{
	size_t size = r->schema->size, i, n = 0;
	bool there = false;
	int c;

	for (i = 0; i < r->n_tables; i++)
		there = there || mc_table_find(r->tables[i], column) >= 0;
	for (i = 0; i < r->n && there; i++) {
		const struct place *p = &r->places[i];

		c = mc_table_find(p->table, column);
		if (!is(arg, c < 0 ? "" : mc_table_get(p->table, p->row,
		    (size_t)c)))
			continue;
		memmove(r->rows + n * size, r->rows + i * size, size);
		r->places[n++] = *p;
	}
	r->n = there ? n : r->n;
	return there;
}

const char *
mc_rows_name(const struct mc_rows *r, size_t file)
{
	return mc_table_name(r->tables[file]);
}

const char *
mc_rows_place(struct mc_rows *r, size_t row)
{
	const struct place *p = &r->places[row];

	r->text.len = 0;
	mc_buf_printf(&r->text, "%s:%lld", mc_table_name(p->table),
	    (long long)mc_table_line(p->table, p->row));
	return r->text.data;
}
