/* population.c - read the images of a study. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "table/keys.h"
#include "table/population.h"

/* The columns that are known: the keys, and these. */
enum { ID = MC_KEYS, LABEL, GROUP, UNIT, N_KNOWN };
static const char *const own_names[N_KNOWN - MC_KEYS] = {
	"id", "label", "group", "unit"
};

struct reader {
	struct mc_population *p;
	int known[N_KNOWN];
	struct mc_names *ids, *keys;
};

static const char *
field(const struct reader *r, size_t row, int known)
{
	int column = r->known[known];

	return column < 0 ? "" :
	    mc_table_get(r->p->table, row, (size_t)column);
}

static const char *
further(const struct mc_population *p, size_t row, size_t column)
{
	const struct mc_further *f = &p->further;

	return f->own[column] >= 0 ?
	    mc_table_get(p->table, row, (size_t)f->own[column]) :
	    mc_join_get(f->join, p->join_row[row], f->joined[column]);
}

const char *
mc_population_id(const struct mc_population *p, size_t image)
{
	return mc_table_get(p->table, p->row[image],
	    (size_t)mc_table_find(p->table, "id"));
}

const char *
mc_population_get(const struct mc_population *p, size_t image, size_t column)
{
	return further(p, p->row[image], column);
}

long long
mc_population_line(const struct mc_population *p, size_t image)
{
	return (long long)mc_table_line(p->table, p->row[image]);
}

/* --- Columns -------------------------------------------------------------- */

/* Find the row of the join for each row of the table. */
static enum mc_status
join_rows(struct mc_population *p, struct mc_err *err)
{
	size_t rows = mc_table_rows(p->table), row;

	p->join_row = mc_xcalloc(rows, sizeof(*p->join_row));
	for (row = 0; row < rows; row++)
		p->join_row[row] = mc_further_row(&p->further,
		    mc_table_get(p->table, row, (size_t)p->further.key),
		    mc_table_name(p->table), mc_table_line(p->table, row));
	return mc_further_check(&p->further, err);
}

static enum mc_status
read_tables(struct reader *r, const char *path,
    const struct mc_population_options *options, struct mc_err *err)
{
	struct mc_population *p = r->p;
	enum mc_status status;

	status = mc_further_open(&p->further, options->columns, options->join,
	    options->key, err);
	if (status == MC_OK)
		status = mc_table_read(&p->table, path, err);
	if (status == MC_OK)
		status = mc_table_bind(p->table, own_names, N_KNOWN - MC_KEYS,
		    1, r->known + MC_KEYS, err);
	if (status == MC_OK)
		status = mc_table_bind(p->table, mc_key_names, MC_KEYS, 0,
		    r->known, err);
	if (status == MC_OK)
		status = mc_further_bind(&p->further, p->table, err);
	if (status == MC_OK && mc_table_rows(p->table) == 0)
		status = mc_err_set(err, MC_EDATA,
		    "%s: a header, but no rows",
		    mc_table_name(p->table));
	if (status == MC_OK && mc_table_rows(p->table) >= UINT32_MAX)
		status = mc_err_set(err, MC_EDATA, "%s: more than %u rows",
		    mc_table_name(p->table), UINT32_MAX - 1);
	if (status == MC_OK && p->further.join != NULL)
		status = join_rows(p, err);
	return status;
}

/* --- Images --------------------------------------------------------------- */

static enum mc_status
differs(const struct reader *r, size_t row, const char *column, const char *a,
    size_t other, const char *b, struct mc_err *err)
{
	const struct mc_table *t = r->p->table;

	return mc_err_at(err, MC_EDATA, mc_table_name(t),
	    mc_table_line(t, row), "column \"%s\": \"%s\", but \"%s\" in line "
	    "%lld for the same image \"%s\"", column, a, b,
	    (long long)mc_table_line(t, other), field(r, row, ID));
}

/* Whether ROW says of its image what FIRST says. */
static enum mc_status
check_same(const struct reader *r, size_t row, size_t first,
    struct mc_err *err)
{
	const struct mc_population *p = r->p;
	char of_a[MC_NUM_SIZE], of_b[MC_NUM_SIZE];
	const char *a, *b;
	size_t c;
	int k;

	for (k = 0; k < N_KNOWN; k++) {
		if (k == ID || (k < MC_KEYS && (mc_keys[k].flags &
		    MC_KEY_OF_IMAGE) == 0))
			continue;
		a = field(r, row, k);
		b = field(r, first, k);
		if (strcmp(a, b) != 0)
			return differs(r, row, k < MC_KEYS ? mc_key_names[k] :
			    own_names[k - MC_KEYS], a, first, b, err);
	}
	for (c = 0; c < p->further.n; c++) {
		a = further(p, row, c);
		b = further(p, first, c);
		if (strcmp(mc_plain_number(a, of_a),
		    mc_plain_number(b, of_b)) != 0)
			return differs(r, row, p->further.names[c], a, first, b,
			    err);
	}
	return MC_OK;
}

/* That ROW is of the first row's task, and that no row has its key. */
static enum mc_status
check_row(struct reader *r, size_t row, struct mc_buf *key, struct mc_err *err)
{
	const struct mc_table *t = r->p->table;
	const char *name = mc_table_name(t);
	int64_t line = mc_table_line(t, row);
	char number[MC_NUM_SIZE];
	size_t known;
	int k;

	if (*field(r, row, ID) == '\0')
		return mc_err_at(err, MC_EDATA, name, line,
		    "column \"id\": empty");
	if (strcmp(field(r, row, MC_KEY_TASK), field(r, 0, MC_KEY_TASK)) != 0)
		return mc_err_at(err, MC_EDATA, name, line,
		    "column \"task\": \"%s\", but \"%s\" in line %lld: "
		    "describe one task at a time", field(r, row, MC_KEY_TASK),
		    field(r, 0, MC_KEY_TASK), (long long)mc_table_line(t, 0));
	key->len = 0;
	mc_buf_puts(key, field(r, row, ID));
	for (k = 0; k < MC_KEYS; k++) {		/* no field holds a TAB */
		const char *text = field(r, row, k);

		if ((mc_keys[k].flags & MC_KEY_OF_IMAGE) == 0)
			mc_buf_printf(key, "\t%s", (mc_keys[k].flags &
			    MC_KEY_NUMBER) != 0 ? mc_key_number(text,
			    number) : text);
	}
	known = mc_names_copy(r->keys, key->data);
	if (known != row)
		return mc_err_at(err, MC_EDATA, name, line,
		    "duplicate key: id \"%s\" is also in line %lld",
		    field(r, row, ID), (long long)mc_table_line(t, known));
	return MC_OK;
}

static enum mc_status
find_images(struct reader *r, struct mc_err *err)
{
	struct mc_population *p = r->p;
	size_t rows = mc_table_rows(p->table), row, image;
	enum mc_status status = MC_OK;
	struct mc_buf key = { 0 };

	p->row = mc_xcalloc(rows, sizeof(*p->row));
	for (row = 0; row < rows && status == MC_OK; row++) {
		status = check_row(r, row, &key, err);
		if (status != MC_OK)
			break;
		image = mc_names_add(r->ids, field(r, row, ID));
		if (image == p->n)
			p->row[p->n++] = row;
		else
			status = check_same(r, row, p->row[image], err);
	}
	mc_buf_free(&key);
	return status;
}

/* The field of a row; where there is no unit, the group is one. */
static const char *
field_or_group(const struct reader *r, size_t row, int known)
{
	const char *text = field(r, row, known);

	return known == UNIT && *text == '\0' ? field(r, row, GROUP) : text;
}

/* Number the texts of a column in byte order. */
static void
number_texts(const struct reader *r, int known, struct mc_texts *texts)
{
	const struct mc_population *p = r->p;
	uint32_t *number;
	size_t i;

	texts->names = mc_names_alloc();
	texts->of = mc_xreallocarray(NULL, p->n, sizeof(*texts->of));
	for (i = 0; i < p->n; i++)
		texts->of[i] = (uint32_t)mc_names_add(texts->names,
		    field_or_group(r, p->row[i], known));
	number = mc_names_renumber(texts->names);
	for (i = 0; i < p->n; i++)
		texts->of[i] = number[texts->of[i]];
	free(number);
}

static enum mc_status
read_findings(struct reader *r, const struct mc_population_options *options,
    struct mc_err *err)
{
	struct mc_population *p = r->p;
	struct mc_findings *f = mc_findings_alloc(options->no_finding);
	const char *name = mc_table_name(p->table);
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < p->n && status == MC_OK; i++)
		status = mc_findings_add(f, field(r, p->row[i], LABEL), name,
		    mc_population_line(p, i), err);
	if (status == MC_OK)
		status = mc_findings_end(f, name, err);
	if (status == MC_OK) {
		mc_findings_say_unused(f, name, options->warn);
		mc_labels_of_findings(&p->label, f, p->n);
	}
	mc_findings_free(f);
	return status;
}

static enum mc_status
find_labels(struct reader *r, const struct mc_population_options *options,
    struct mc_err *err)
{
	struct mc_population *p = r->p;
	const char **text, *example;
	size_t i, joined;

	if (options->multilabel)
		return read_findings(r, options, err);
	text = mc_xreallocarray(NULL, p->n, sizeof(*text));
	for (i = 0; i < p->n; i++)
		text[i] = field(r, p->row[i], LABEL);
	joined = mc_labels_joined(text, p->n, &example);
	if (joined == 0)
		mc_labels_of_texts(&p->label, text, p->n);
	else
		mc_err_set(err, MC_EDATA, "%s: %zu label%s hold%s \"|\", such "
		    "as \"%s\": give --multilabel to count each finding",
		    mc_table_name(p->table), joined, MC_PLURAL(joined),
		    joined == 1 ? "s" : "", example);
	free(text);
	return joined == 0 ? MC_OK : MC_EDATA;
}

static enum mc_status
find_groups(const struct reader *r, const struct mc_population_options *o,
    struct mc_err *err)
{
	enum mc_unit_kind unit = o->unit;
	struct mc_population *p = r->p;
	size_t without = 0, first = 0, grouped = 0, i;

	if (unit == MC_UNIT_IMAGE)
		return MC_OK;
	for (i = 0; i < p->n; i++) {
		grouped += *field(r, p->row[i], GROUP) != '\0';
		if (*field_or_group(r, p->row[i], UNIT) == '\0' && without++ == 0)
			first = i;
	}
	if (grouped == 0 && unit == MC_UNIT_DEFAULT)
		return MC_OK;
	if (without > 0 && unit == MC_UNIT_DEFAULT && o->may_lack_groups) {
		p->no_group = without;
		return MC_OK;
	}
	if (without > 0 || grouped == 0)
		return mc_units_no_group(mc_table_name(p->table),
		    mc_population_line(p, first), r->known[GROUP] >= 0,
		    grouped > 0, err);
	number_texts(r, UNIT, &p->group);
	return MC_OK;
}

enum mc_status
mc_population_read(struct mc_population *p, const char *path,
    const struct mc_population_options *options, struct mc_err *err)
{
	struct reader r = { .p = p, .ids = mc_names_alloc(),
	    .keys = mc_names_alloc() };
	enum mc_status status;

	memset(p, 0, sizeof(*p));
	status = read_tables(&r, path, options, err);
	if (status == MC_OK)
		status = find_images(&r, err);
	if (status == MC_OK)
		status = find_groups(&r, options, err);
	if (status == MC_OK)
		status = find_labels(&r, options, err);
	if (status == MC_OK)
		number_texts(&r, MC_KEY_SPLIT, &p->split);
	else
		mc_population_clear(p);
	mc_names_free(r.ids);
	mc_names_free(r.keys);
	return status;
}

static void
clear_texts(struct mc_texts *texts)
{
	mc_names_free(texts->names);
	free(texts->of);
}

void
mc_population_clear(struct mc_population *p)
{
	clear_texts(&p->split);
	mc_labels_clear(&p->label);
	clear_texts(&p->group);
	free(p->row);
	mc_further_clear(&p->further);
	free(p->join_row);
	mc_table_free(p->table);
	memset(p, 0, sizeof(*p));
}
