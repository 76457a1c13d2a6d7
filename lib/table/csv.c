/*
 * csv.c - CSV import through libcsv.
 *
 * What libcsv has to be told, and why: to keep blanks (a space function that
 * always says no), to end each field with a NUL (CSV_APPEND_NULL), to be
 * strict, since an open quote otherwise swallows the rest of the file without
 * a word (CSV_STRICT, CSV_STRICT_FINI), to report blank lines (CSV_REPALL_NL;
 * it then reports both bytes of CR LF), and to quote with nothing where the
 * delimiter is TAB.  Its callbacks return nothing, so an error is kept in the
 * struct and asked for after each block.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "base/mem.h"
#include "table/csv.h"
#include "table/decimal_comma.h"

struct reader {
	const char *name;
	bool headless;
	struct mc_table *table;	/* NULL until the first line has been read */
	struct mc_buf text;	/* the present row's fields, NUL-terminated */
	size_t *field;		/* offsets into text */
	size_t fields, field_cap;
	int64_t line;		/* the present row's first */
	int64_t more_lines;	/* that it has, within its fields */
	int last_end;		/* the byte that ended a line just now, or 0 */
	enum mc_status status;
	struct mc_err *err;
};

static int
no_byte(unsigned char c)
{
	(void)c;
	return 0;
}

static void
field_read(void *bytes, size_t n, void *arg)
{
	struct reader *r = arg;
	const char *p = bytes;
	size_t i;

	for (i = 0; i < n; i++)
		r->more_lines += p[i] == '\n' ||
		    (p[i] == '\r' && p[i + 1] != '\n');
	r->field = mc_xgrow(r->field, r->fields, &r->field_cap,
	    sizeof(*r->field));
	r->field[r->fields++] = r->text.len;
	mc_buf_add(&r->text, bytes, n + 1);
	r->last_end = 0;
}

/* Begin the table, whose N columns are named by FIELDS or by their places. */
static enum mc_status
begin_table(struct reader *r, const char *const *fields, size_t n)
{
	const char **names = mc_xreallocarray(NULL, n, sizeof(*names));
	char (*places)[32] = mc_xreallocarray(NULL, n, sizeof(*places));
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(places[i], sizeof(places[i]), "%s%zu",
		    r->headless ? "" : "unnamed", i + 1);
		names[i] = r->headless || *fields[i] == '\0' ? places[i] :
		    fields[i];
	}
	r->table = mc_table_foreign(r->name, names, n);
	if (r->headless)
		status = mc_table_add_foreign(r->table, fields, r->line,
		    r->err);
	free(places);
	free(names);
	return status;
}

static enum mc_status
add_row(struct reader *r)
{
	const char **fields;
	enum mc_status status;
	size_t i;

	if (r->fields == 0)
		return mc_err_at(r->err, MC_EDATA, r->name, r->line,
		    "a blank line: remove it");
	if (r->table != NULL && r->fields != mc_table_columns(r->table))
		return mc_err_at(r->err, MC_EDATA, r->name, r->line,
		    "%zu field%s, but the %s has %zu", r->fields,
		    MC_PLURAL(r->fields),
		    r->headless ? "first row" : "header",
		    mc_table_columns(r->table));
	fields = mc_xreallocarray(NULL, r->fields, sizeof(*fields));
	for (i = 0; i < r->fields; i++)
		fields[i] = r->text.data + r->field[i];
	if (r->table == NULL)
		status = begin_table(r, fields, r->fields);
	else
		status = mc_table_add_foreign(r->table, fields, r->line,
		    r->err);
	free(fields);
	return status;
}

/* END is the byte that ended the row; -1 at the end of the file. */
static void
row_read(int end, void *arg)
{
	struct reader *r = arg;

	if (end == '\n' && r->last_end == '\r') {	/* one end, not two */
		r->last_end = 0;
		return;
	}
	r->last_end = end;
	if (r->status == MC_OK)
		r->status = add_row(r);
	r->line += 1 + r->more_lines;
	r->more_lines = 0;
	r->fields = r->text.len = 0;
}

/*
 * Count the fields that DELIMITER makes of the line at *P, before END, and go
 * behind the line.  *WHOLE: it ends before END.
 */
static size_t
count_fields(const char **p, const char *end, char delimiter, bool *whole)
{
	bool quoted = false;
	const char *at;
	size_t n = 1;

	for (at = *p; at < end; at++) {
		if (*at == '"' && delimiter != '\t')
			quoted = !quoted;
		else if (!quoted && *at == delimiter)
			n++;
		else if (!quoted && (*at == '\n' || *at == '\r'))
			break;
	}
	*whole = at < end;
	while (at < end && (*at == '\n' || *at == '\r'))
		at++;
	*p = at;
	return n;
}

/*
 * Whether DELIMITER cuts all rows as it cuts the header, into *N fields.  ALL:
 * the file ends here, and with it the last row.
 */
static bool
fits(const char *bytes, size_t length, bool all, char delimiter, size_t *n)
{
	const char *p = bytes, *end = bytes + length;
	size_t fields;
	bool whole;

	fields = *n = count_fields(&p, end, delimiter, &whole);
	while (whole && fields == *n && p < end)
		fields = count_fields(&p, end, delimiter, &whole);
	return fields == *n || (!whole && !all);
}

/*
 * The delimiter of the LENGTH BYTES: see csv.h.  Where none cuts all rows
 * alike, it is the one that the header holds most often, and an error follows.
 */
static unsigned char
guess_delimiter(const char *bytes, size_t length, bool all)
{
	static const char choices[] = "\t;,";
	unsigned char any = ',', fit = '\0';
	size_t most = 1, most_fit = 1, n, c;

	for (c = 0; c < 3; c++) {
		if (fits(bytes, length, all, choices[c], &n) && n > most_fit) {
			most_fit = n;
			fit = (unsigned char)choices[c];
		}
		if (n > most) {
			most = n;
			any = (unsigned char)choices[c];
		}
	}
	return fit != '\0' ? fit : any;
}

/*
 * Set the delimiter that the N BYTES at the start of the file have, ALL being
 * whether these are all.  Returns how many of them are no table.
 */
static size_t
begin(struct csv_parser *csv, struct reader *r, const char *bytes, size_t n,
    bool all)
{
	size_t mark = n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	const char *p = bytes + mark;

	n -= mark;
	if (n >= 6 && memcmp(p, "sep=", 4) == 0 && strchr("\r\n\"", p[4]) ==
	    NULL && (p[5] == '\n' || p[5] == '\r')) {
		csv_set_delim(csv, (unsigned char)p[4]);
		mark += 6 + (p[5] == '\r' && n > 6 && p[6] == '\n');
		r->line++;
	} else
		csv_set_delim(csv, guess_delimiter(p, n, all));
	if (csv_get_delim(csv) == '\t')
		csv_set_quote(csv, '\0');
	return mark;
}

static enum mc_status
parse_block(struct csv_parser *csv, struct reader *r, const char *bytes,
    size_t n)
{
	if (n >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return mc_err_set(r->err, MC_EDATA, "%s: a ZIP archive, such "
		    "as an Excel workbook: save the sheet as CSV", r->name);
	if (memchr(bytes, '\0', n) != NULL)
		return mc_err_set(r->err, MC_EDATA, "%s: a NUL byte: not CSV, "
		    "or not UTF-8: convert it with iconv", r->name);
	if (csv_parse(csv, bytes, n, field_read, row_read, r) != n &&
	    r->status == MC_OK)
		return mc_err_at(r->err, MC_EDATA, r->name, r->line,
		    "a quote that is neither around a field nor doubled");
	return r->status;
}

static enum mc_status
parse_stream(struct csv_parser *csv, struct reader *r, FILE *f)
{
	enum mc_status status;
	char block[65536];
	size_t n, skipped;
	bool first = true;

	do {
		n = fread(block, 1, sizeof(block), f);
		skipped = first ? begin(csv, r, block, n,
		    n < sizeof(block)) : 0;
		first = false;
		status = parse_block(csv, r, block + skipped, n - skipped);
		if (status != MC_OK)
			return status;
	} while (n > 0);
	if (ferror(f))
		return mc_err_errno(r->err, "%s", r->name);
	if (csv_fini(csv, field_read, row_read, r) != 0 && r->status == MC_OK)
		return mc_err_at(r->err, MC_EDATA, r->name, r->line,
		    "a quote that opens here is never closed");
	if (r->status == MC_OK && r->table == NULL)
		return mc_err_set(r->err, MC_EDATA, "%s: empty%s", r->name,
		    r->headless ? "" : ": not even a header line");
	return r->status;
}

static enum mc_status
read_stream(struct mc_table **t, FILE *f, const char *name, bool headless,
    const char *key, struct mc_err *err)
{
	struct reader r = { .name = name, .headless = headless, .line = 1,
	    .err = err };
	enum mc_status status;
	struct csv_parser csv;

	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL |
	    CSV_REPALL_NL) != 0)
		return mc_err_set(err, MC_EIO, "cannot start libcsv");
	csv_set_space_func(&csv, no_byte);
	status = parse_stream(&csv, &r, f);
	if (status == MC_OK && csv_get_delim(&csv) == ';')
		mc_decimal_commas_read(r.table, key);
	csv_free(&csv);
	mc_buf_free(&r.text);
	free(r.field);
	if (status == MC_OK)
		*t = r.table;
	else
		mc_table_free(r.table);
	return status;
}

enum mc_status
mc_csv_read_keyed(struct mc_table **t, const char *path, bool headless,
    const char *key, struct mc_err *err)
{
	enum mc_status status;
	FILE *f;

	*t = NULL;
	if (path == NULL || strcmp(path, "-") == 0)
		return read_stream(t, stdin, "standard input", headless, key,
		    err);
	f = fopen(path, "rb");
	if (f == NULL)
		return mc_err_errno(err, "%s", path);
	status = read_stream(t, f, path, headless, key, err);
	fclose(f);
	return status;
}

enum mc_status
mc_csv_read(struct mc_table **t, const char *path, struct mc_err *err)
{
	return mc_csv_read_keyed(t, path, false, NULL, err);
}

enum mc_status
mc_csv_read_headless(struct mc_table **t, const char *path, struct mc_err *err)
{
	return mc_csv_read_keyed(t, path, true, NULL, err);
}
