/* metrics.c - the metrics table. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "table/metrics.h"
#include "table/rows.h"

#define COLUMN(name, kind, member) \
	{ name, MC_ROW_##kind, offsetof(struct mc_metrics_row, member) }

static const struct mc_row_column columns[] = {
	COLUMN("task", TEXT, key[MC_KEY_TASK]),
	COLUMN("arm", TEXT, key[MC_KEY_ARM]),
	COLUMN("model", TEXT, key[MC_KEY_MODEL]),
	COLUMN("regime", TEXT, key[MC_KEY_REGIME]),
	COLUMN("features", TEXT, key[MC_KEY_FEATURES]),
	COLUMN("train_seed", TEXT, key[MC_KEY_TRAIN_SEED]),
	COLUMN("fold", TEXT, key[MC_KEY_FOLD]),
	COLUMN("split", TEXT, key[MC_KEY_SPLIT]),
	COLUMN("subgroup", TEXT, subgroup),
	COLUMN("metric", TEXT, metric),
	COLUMN("average", TEXT, average),
	COLUMN("class", TEXT, class_name),
	COLUMN("estimate", REAL, estimate),
	COLUMN("lo", REAL, lo),
	COLUMN("hi", REAL, hi),
	COLUMN("level", REAL, level),
	COLUMN("method", TEXT, method),
	COLUMN("unit", TEXT, unit),
	COLUMN("replicates", COUNT, replicates),
	COLUMN("resample_seed", COUNT, resample_seed),
	COLUMN("threshold", TEXT, threshold),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("seeds", COUNT, seeds),
	COLUMN("seed_sd", REAL, seed_sd),
	COLUMN("note", TEXT, note),
	COLUMN("weights", TEXT, key[MC_KEY_WEIGHTS]),
};

static const char *const required[] = { "metric", "estimate" };

static const char *
fault(const void *row)
{
	const struct mc_metrics_row *r = row;

	if (*r->metric == '\0')
		return "column \"metric\": empty";
	if (isnan(r->lo) != isnan(r->hi) || r->lo > r->hi)
		return "lo and hi are no interval";
	return NULL;
}

static const struct mc_row_schema schema = {
	columns, sizeof(columns) / sizeof(*columns),
	required, sizeof(required) / sizeof(*required),
	sizeof(struct mc_metrics_row), fault
};

void
mc_metrics_write_header(FILE *f)
{
	mc_rows_write_header(f, &schema);
}

void
mc_metrics_write_row(FILE *f, const struct mc_metrics_row *row)
{
	mc_rows_write(f, &schema, row);
}

struct mc_metrics {
	struct mc_rows *rows;
};

enum mc_status
mc_metrics_read(struct mc_metrics **m, char *const *paths, size_t n,
    struct mc_err *err)
{
	struct mc_rows *rows;
	enum mc_status status = mc_rows_read(&rows, &schema, paths, n, err);

	*m = NULL;
	if (status == MC_OK) {
		*m = mc_xcalloc(1, sizeof(**m));
		(*m)->rows = rows;
	}
	return status;
}

void
mc_metrics_free(struct mc_metrics *m)
{
	if (m == NULL)
		return;
	mc_rows_free(m->rows);
	free(m);
}

size_t
mc_metrics_rows(const struct mc_metrics *m)
{
	return mc_rows_count(m->rows);
}

const struct mc_metrics_row *
mc_metrics_get(const struct mc_metrics *m, size_t row)
{
	return mc_rows_get(m->rows, row);
}

const char *
mc_metrics_place(struct mc_metrics *m, size_t row)
{
	return mc_rows_place(m->rows, row);
}
