/* metrics.c - the metrics table. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/metrics.h"
#include "table/tsv.h"

/* The columns behind the keys of predictions.h. */
enum {
	SUBGROUP = MC_KEYS, METRIC, AVERAGE, CLASS, ESTIMATE, LO, HI, LEVEL,
	METHOD, UNIT, REPLICATES, SEED, THRESHOLD, N_IMAGES, N_UNITS, NOTE,
	COLUMNS
};
static const char *const names[COLUMNS - MC_KEYS] = {
	"subgroup", "metric", "average", "class", "estimate", "lo", "hi",
	"level", "method", "unit", "replicates", "resample_seed", "threshold",
	"n_images", "n_units", "note"
};

static const char *
column_name(int column)
{
	return column < MC_KEYS ? mc_key_names[column] :
	    names[column - MC_KEYS];
}

/* --- Writing -------------------------------------------------------------- */

void
mc_metrics_write_header(FILE *f)
{
	const char *fields[COLUMNS];
	int c;

	for (c = 0; c < COLUMNS; c++)
		fields[c] = column_name(c);
	mc_tsv_write(f, fields, COLUMNS);
}

static const char *
real_text(char buf[MC_NUM_SIZE], double v)
{
	return isnan(v) ? "" : mc_format_f64(buf, v);
}

static const char *
whole_text(char buf[MC_NUM_SIZE], int64_t v)
{
	if (v < 0)
		return "";
	snprintf(buf, MC_NUM_SIZE, "%lld", (long long)v);
	return buf;
}

void
mc_metrics_write_row(FILE *f, const struct mc_metrics_row *row)
{
	const char *fields[COLUMNS];
	char number[COLUMNS][MC_NUM_SIZE];

	memcpy(fields, row->key, sizeof(row->key));
	fields[SUBGROUP] = row->subgroup;
	fields[METRIC] = row->metric;
	fields[AVERAGE] = row->average;
	fields[CLASS] = row->class_name;
	fields[ESTIMATE] = real_text(number[ESTIMATE], row->estimate);
	fields[LO] = real_text(number[LO], row->lo);
	fields[HI] = real_text(number[HI], row->hi);
	fields[LEVEL] = real_text(number[LEVEL], row->level);
	fields[METHOD] = row->method;
	fields[UNIT] = row->unit;
	fields[REPLICATES] = whole_text(number[REPLICATES], row->replicates);
	fields[SEED] = whole_text(number[SEED], row->resample_seed);
	fields[THRESHOLD] = row->threshold;
	fields[N_IMAGES] = whole_text(number[N_IMAGES], row->n_images);
	fields[N_UNITS] = whole_text(number[N_UNITS], row->n_units);
	fields[NOTE] = row->note;
	mc_tsv_write(f, fields, COLUMNS);
}

/* --- Reading -------------------------------------------------------------- */

/* Where a row came from. */
struct place {
	const struct mc_table *table;
	size_t row;
};

struct mc_metrics {
	size_t n_tables;
	struct mc_table **tables;
	size_t n, rows_cap, places_cap;
	struct mc_metrics_row *rows;
	struct place *places;
	struct mc_buf text;	/* of mc_metrics_place */
};

static const char *
field(const struct mc_table *t, size_t row, int column)
{
	return column < 0 ? "" : mc_table_get(t, row, (size_t)column);
}

static enum mc_status
real(const struct mc_table *t, size_t row, int column, double *v,
    struct mc_err *err)
{
	*v = NAN;
	if (*field(t, row, column) == '\0')
		return MC_OK;
	return mc_table_f64(t, row, (size_t)column, -DBL_MAX, DBL_MAX, v, err);
}

static enum mc_status
whole(const struct mc_table *t, size_t row, int column, int64_t *v,
    struct mc_err *err)
{
	const char *text = field(t, row, column);
	struct mc_err why;

	*v = -1;
	if (*text == '\0' ||
	    mc_parse_i64(text, 0, INT64_MAX, v, &why) == MC_OK)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(t),
	    mc_table_line(t, row), "column \"%s\": %s",
	    mc_table_column(t, (size_t)column), why.text);
}

static enum mc_status
parse_row(const struct mc_table *t, size_t row, const int *column,
    struct mc_metrics_row *r, struct mc_err *err)
{
	enum mc_status status;
	int k;

	for (k = 0; k < MC_KEYS; k++)
		r->key[k] = field(t, row, column[k]);
	r->subgroup = field(t, row, column[SUBGROUP]);
	r->metric = field(t, row, column[METRIC]);
	r->average = field(t, row, column[AVERAGE]);
	r->class_name = field(t, row, column[CLASS]);
	r->method = field(t, row, column[METHOD]);
	r->unit = field(t, row, column[UNIT]);
	r->threshold = field(t, row, column[THRESHOLD]);
	r->note = field(t, row, column[NOTE]);
	if (*r->metric == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "column \"metric\": empty");
	if ((status = real(t, row, column[ESTIMATE], &r->estimate, err)) ||
	    (status = real(t, row, column[LO], &r->lo, err)) ||
	    (status = real(t, row, column[HI], &r->hi, err)) ||
	    (status = real(t, row, column[LEVEL], &r->level, err)) ||
	    (status = whole(t, row, column[REPLICATES], &r->replicates, err)) ||
	    (status = whole(t, row, column[SEED], &r->resample_seed, err)) ||
	    (status = whole(t, row, column[N_IMAGES], &r->n_images, err)) ||
	    (status = whole(t, row, column[N_UNITS], &r->n_units, err)))
		return status;
	if (isnan(r->lo) != isnan(r->hi) || r->lo > r->hi)
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "lo and hi are no interval");
	return MC_OK;
}

/* Append the rows of T. */
static enum mc_status
add_table(struct mc_metrics *m, const struct mc_table *t, struct mc_err *err)
{
	static const char *const required[] = { "metric", "estimate" };
	int column[COLUMNS];
	enum mc_status status;
	size_t row;
	int c;

	status = mc_table_bind(t, required, 2, 2, column, err);
	for (c = 0; c < COLUMNS; c++)
		column[c] = mc_table_find(t, column_name(c));
	for (row = 0; row < mc_table_rows(t) && status == MC_OK; row++) {
		m->rows = mc_xgrow(m->rows, m->n, &m->rows_cap,
		    sizeof(*m->rows));
		m->places = mc_xgrow(m->places, m->n, &m->places_cap,
		    sizeof(*m->places));
		m->places[m->n] = (struct place){ t, row };
		status = parse_row(t, row, column, &m->rows[m->n++], err);
	}
	return status;
}

enum mc_status
mc_metrics_read(struct mc_metrics **result, char *const *paths, size_t n,
    struct mc_err *err)
{
	struct mc_metrics *m = mc_xcalloc(1, sizeof(*m));
	enum mc_status status = MC_OK;

	*result = NULL;
	m->tables = mc_xcalloc(n, sizeof(*m->tables));
	for (; m->n_tables < n && status == MC_OK; m->n_tables++) {
		struct mc_table **t = &m->tables[m->n_tables];

		status = mc_table_read(t, paths[m->n_tables], err);
		if (status == MC_OK)
			status = add_table(m, *t, err);
	}
	if (status != MC_OK) {
		mc_metrics_free(m);
		return status;
	}
	*result = m;
	return MC_OK;
}

void
mc_metrics_free(struct mc_metrics *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->n_tables; i++)
		mc_table_free(m->tables[i]);
	free(m->tables);
	free(m->rows);
	free(m->places);
	mc_buf_free(&m->text);
	free(m);
}

size_t
mc_metrics_rows(const struct mc_metrics *m)
{
	return m->n;
}

const struct mc_metrics_row *
mc_metrics_get(const struct mc_metrics *m, size_t row)
{
	return &m->rows[row];
}

const char *
mc_metrics_place(struct mc_metrics *m, size_t row)
{
	const struct place *p = &m->places[row];

	m->text.len = 0;
	mc_buf_printf(&m->text, "%s:%lld", mc_table_name(p->table),
	    (long long)mc_table_line(p->table, p->row));
	return m->text.data;
}
