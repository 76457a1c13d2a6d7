/*
 * tsv.c - reading TSV by row, and writing it.
 *
 * A row is one line buffer, its TABs overwritten with NULs, and an array of
 * offsets into it; both are reused from row to row.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "table/tsv.h"

struct mc_tsv {
	FILE *stream;
	bool close_stream;
	char *name;
	int64_t line;		/* of the present row; the header is line 1 */
	char *text;		/* the present row */
	size_t text_size;
	size_t *field;		/* offsets into text */
	size_t field_cap;
	char *header;		/* the names, each NUL-terminated */
	size_t *column;		/* offsets into header */
	size_t columns;
	size_t *order;		/* the columns, sorted by name */
};

/*
 * The bytes that may follow a lead byte C of well-formed UTF-8 (Unicode 15,
 * table 3-7): how many, and the range of the first; -1 for no lead byte.
 */
static int
utf8_more(unsigned char c, unsigned char *low, unsigned char *high)
{
	*low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
	*high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
	if (c < 0x80)
		return 0;
	if (c >= 0xC2 && c <= 0xDF)
		return 1;
	if (c >= 0xE0 && c <= 0xEF)
		return 2;
	return c >= 0xF0 && c <= 0xF4 ? 3 : -1;
}

/* How many of the N bytes at S are UTF-8; ASCII is passed over by eights. */
static size_t
utf8_length(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n, *first;
	unsigned char low, high;
	uint64_t eight;
	int more;

	while (p < end) {
		if (end - p >= 8) {
			memcpy(&eight, p, 8);
			if ((eight & 0x8080808080808080) == 0) {
				p += 8;
				continue;
			}
		}
		first = p;
		more = utf8_more(*p++, &low, &high);
		for (; more > 0; more--, low = 0x80, high = 0xBF) {
			if (p == end || *p < low || *p > high)
				break;
			p++;
		}
		if (more != 0)
			return (size_t)(first - (const unsigned char *)s);
	}
	return n;
}

static bool
is_utf8(const char *s, size_t n)
{
	return utf8_length(s, n) == n;
}

/*
 * What the file is whose first line is the N bytes of t->text, and what to do with
 * it: a file that is no table; false: it may be one.  Reads on.
 */
static bool
is_no_table(struct mc_tsv *t, size_t n, struct mc_buf *what)
{
	char head[MC_KIND_HEAD];
	const struct mc_kind *kind;

	n = n < sizeof(head) ? n : sizeof(head);
	memcpy(head, t->text, n);
	n += fread(head + n, 1, sizeof(head) - n, t->stream);
	if (n >= 262 && memcmp(head + 257, "ustar", 5) == 0) {
		mc_buf_puts(what, "a tar, not a table: tar -xOf FILE "
		    "__manifest__ prints the manifest of an image tar");
		return true;
	}
	kind = mc_kind_of(head, n, NULL);
	if (kind == NULL)
		return false;
	mc_buf_printf(what, "%s, not a table: %s", kind->name, kind->image ?
	    "mc-index makes the manifest of a folder of images" :
	    kind->advice);
	return true;
}

/*
 * Read a line into t->text without its LF.  *LEN is its length.  MC_END where
 * there is none.
 */
static enum mc_status
read_line(struct mc_tsv *t, size_t *len, struct mc_err *err)
{
	const char *wrong = NULL;
	struct mc_buf what = { 0 };
	ssize_t n;

	n = getline(&t->text, &t->text_size, t->stream);
	if (n < 0) {
		/* Want of memory for the line sets neither. */
		if (ferror(t->stream) || !feof(t->stream))
			return mc_err_errno(err, "%s", t->name);
		return MC_END;
	}
	t->line++;
	*len = (size_t)n - 1;
	if (t->text[*len] != '\n')
		wrong = "the last line has no line feed: was the file cut?";
	else if (memchr(t->text, '\0', *len) != NULL)
		wrong = "a NUL byte: not a TSV";
	else if (memchr(t->text, '\r', *len) != NULL)
		wrong = "a carriage return: convert the file with dos2unix";
	else if (!is_utf8(t->text, *len))
		wrong = "not UTF-8: convert the file with iconv";
	if (wrong != NULL && t->line == 1 && is_no_table(t, (size_t)n, &what))
		mc_err_set(err, MC_EDATA, "%s: %s", t->name, what.data);
	else if (wrong != NULL)
		mc_err_at(err, MC_EDATA, t->name, t->line, "%s", wrong);
	mc_buf_free(&what);
	if (wrong != NULL)
		return MC_EDATA;
	t->text[*len] = '\0';
	return MC_OK;
}

/* Cut t->text at its TABs.  Returns the number of fields. */
static size_t
cut_fields(struct mc_tsv *t, size_t len)
{
	char *p = t->text, *end = t->text + len;
	size_t n = 0;

	for (;;) {
		t->field = mc_xgrow(t->field, n, &t->field_cap,
		    sizeof(*t->field));
		t->field[n++] = (size_t)(p - t->text);
		p = memchr(p, '\t', (size_t)(end - p));
		if (p == NULL)
			return n;
		*p++ = '\0';
	}
}

static int
compare_names(const void *a, const void *b, void *tsv)
{
	const struct mc_tsv *t = tsv;

	return strcmp(mc_tsv_column(t, *(const size_t *)a),
	    mc_tsv_column(t, *(const size_t *)b));
}

/* Sort the names; an empty or a repeated one is an error. */
static enum mc_status
order_names(struct mc_tsv *t, struct mc_err *err)
{
	size_t i;

	t->order = mc_xreallocarray(NULL, t->columns, sizeof(*t->order));
	for (i = 0; i < t->columns; i++) {
		t->order[i] = i;
		if (mc_tsv_column(t, i)[0] == '\0')
			return mc_err_at(err, MC_EDATA, t->name, 1,
			    "column %zu has no name", i + 1);
	}
	qsort_r(t->order, t->columns, sizeof(*t->order), compare_names, t);
	for (i = 1; i < t->columns; i++) {
		if (compare_names(&t->order[i - 1], &t->order[i], t) == 0)
			return mc_err_at(err, MC_EDATA, t->name, 1,
			    "column \"%s\" is given twice",
			    mc_tsv_column(t, t->order[i]));
	}
	return MC_OK;
}

static enum mc_status
read_header(struct mc_tsv *t, struct mc_err *err)
{
	enum mc_status status;
	size_t len;

	status = read_line(t, &len, err);
	if (status == MC_END)
		return mc_err_set(err, MC_EDATA,
		    "%s: empty: not even a header line", t->name);
	if (status != MC_OK)
		return status;
	if (strncmp(t->text, "\xEF\xBB\xBF", 3) == 0)
		return mc_err_at(err, MC_EDATA, t->name, 1,
		    "a byte order mark: save the file without it");
	t->columns = cut_fields(t, len);
	t->header = memcpy(mc_xmalloc(len + 1), t->text, len + 1);
	t->column = memcpy(mc_xreallocarray(NULL, t->columns,
	    sizeof(*t->column)), t->field, t->columns * sizeof(*t->column));
	return order_names(t, err);
}

enum mc_status
mc_tsv_from_stream(struct mc_tsv **result, FILE *stream, const char *name,
    struct mc_err *err)
{
	struct mc_tsv *t = mc_xcalloc(1, sizeof(*t));
	enum mc_status status;

	*result = NULL;
	t->stream = stream;
	t->name = mc_xstrdup(name);
	status = read_header(t, err);
	if (status != MC_OK)
		mc_tsv_close(t);
	else
		*result = t;
	return status;
}

enum mc_status
mc_tsv_open(struct mc_tsv **t, const char *path, struct mc_err *err)
{
	enum mc_status status;
	FILE *stream;

	*t = NULL;
	if (path == NULL || strcmp(path, "-") == 0)
		return mc_tsv_from_stream(t, stdin, "standard input", err);
	stream = fopen(path, "rb");
	if (stream == NULL)
		return mc_err_errno(err, "%s", path);
	status = mc_tsv_from_stream(t, stream, path, err);
	if (status != MC_OK)
		fclose(stream);
	else
		(*t)->close_stream = true;
	return status;
}

void
mc_tsv_close(struct mc_tsv *t)
{
	if (t == NULL)
		return;
	if (t->close_stream)
		fclose(t->stream);
	free(t->name);
	free(t->text);
	free(t->field);
	free(t->header);
	free(t->column);
	free(t->order);
	free(t);
}

enum mc_status
mc_tsv_next(struct mc_tsv *t, struct mc_err *err)
{
	enum mc_status status;
	size_t len, n;

	status = read_line(t, &len, err);
	if (status != MC_OK)
		return status;
	n = cut_fields(t, len);
	if (n != t->columns)
		return mc_err_at(err, MC_EDATA, t->name, t->line,
		    "%zu field%s, but the header has %zu", n,
		    MC_PLURAL(n), t->columns);
	return MC_OK;
}

size_t
mc_tsv_columns(const struct mc_tsv *t)
{
	return t->columns;
}

const char *
mc_tsv_column(const struct mc_tsv *t, size_t column)
{
	return t->header + t->column[column];
}

int
mc_tsv_find(const struct mc_tsv *t, const char *name)
{
	size_t low = 0, high = t->columns;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = strcmp(name, mc_tsv_column(t, t->order[middle]));

		if (c == 0)
			return (int)t->order[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

const char *
mc_tsv_get(const struct mc_tsv *t, size_t column)
{
	return t->text + t->field[column];
}

const char *
mc_tsv_name(const struct mc_tsv *t)
{
	return t->name;
}

int64_t
mc_tsv_line(const struct mc_tsv *t)
{
	return t->line;
}

void
mc_tsv_write(FILE *f, const char *const *fields, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			putc('\t', f);
		fputs(fields[i], f);
	}
	putc('\n', f);
}

int
mc_tsv_field_ok(const char *text)
{
	return strpbrk(text, "\t\n\r") == NULL && is_utf8(text, strlen(text));
}

int
mc_tsv_clean(char *text)
{
	size_t n = strlen(text), good;
	int changed = 0;
	char *p;

	for (p = text; *(p += strcspn(p, "\t\n\r")) != '\0'; changed = 1)
		*p++ = ' ';
	for (p = text; (good = utf8_length(p, n)) < n; changed = 1) {
		p[good] = '?';
		p += good + 1;
		n -= good + 1;
	}
	return changed;
}
