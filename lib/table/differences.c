/* differences.c - the differences table. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "table/differences.h"
#include "table/rows.h"

#define COLUMN(name, kind, member) \
	{ name, MC_ROW_##kind, offsetof(struct mc_differences_row, member) }

static const struct mc_row_column columns[] = {
	COLUMN("task", TEXT, task),
	COLUMN("split", TEXT, split),
	COLUMN("subgroup", TEXT, subgroup),
	COLUMN("metric", TEXT, metric),
	COLUMN("average", TEXT, average),
	COLUMN("class", TEXT, class_name),
	COLUMN("arm_a", TEXT, arm_a),
	COLUMN("arm_b", TEXT, arm_b),
	COLUMN("difference", REAL, difference),
	COLUMN("lo", REAL, lo),
	COLUMN("hi", REAL, hi),
	COLUMN("level", REAL, level),
	COLUMN("method", TEXT, method),
	COLUMN("test", TEXT, test),
	COLUMN("p", REAL, p),
	COLUMN("p_adjusted", REAL, p_adjusted),
	COLUMN("adjustment", TEXT, adjustment),
	COLUMN("n_tests", COUNT, n_tests),
	COLUMN("margin", REAL, margin),
	COLUMN("unit", TEXT, unit),
	COLUMN("replicates", COUNT, replicates),
	COLUMN("resample_seed", COUNT, resample_seed),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("seeds", COUNT, seeds),
	COLUMN("seed_sd_a", REAL, seed_sd_a),
	COLUMN("seed_sd_b", REAL, seed_sd_b),
	COLUMN("note", TEXT, note),
};

static const char *const required[] = {
	"metric", "arm_a", "arm_b", "difference"
};

static const char *
fault(const void *row)
{
	const struct mc_differences_row *r = row;

	if (*r->metric == '\0')
		return "column \"metric\": empty";
	if (*r->arm_a == '\0' && *r->arm_b != '\0')
		return "column \"arm_a\": empty, but arm_b is not";
	if (isnan(r->lo) != isnan(r->hi) || r->lo > r->hi)
		return "lo and hi are no interval";
	if (r->p < 0 || r->p > 1)
		return "column \"p\": not in [0, 1]";
	if (r->p_adjusted < 0 || r->p_adjusted > 1)
		return "column \"p_adjusted\": not in [0, 1]";
	return NULL;
}

static const struct mc_row_schema schema = {
	columns, sizeof(columns) / sizeof(*columns),
	required, sizeof(required) / sizeof(*required),
	sizeof(struct mc_differences_row), fault
};

void
mc_differences_write_header(FILE *f)
{
	mc_rows_write_header(f, &schema);
}

void
mc_differences_write_row(FILE *f, const struct mc_differences_row *row)
{
	mc_rows_write(f, &schema, row);
}

struct mc_differences {
	struct mc_rows *rows;
};

enum mc_status
mc_differences_read(struct mc_differences **d, char *const *paths, size_t n,
    struct mc_err *err)
{
	struct mc_rows *rows;
	enum mc_status status = mc_rows_read(&rows, &schema, paths, n, err);

	*d = NULL;
	if (status == MC_OK) {
		*d = mc_xcalloc(1, sizeof(**d));
		(*d)->rows = rows;
	}
	return status;
}

void
mc_differences_free(struct mc_differences *d)
{
	if (d == NULL)
		return;
	mc_rows_free(d->rows);
	free(d);
}

size_t
mc_differences_rows(const struct mc_differences *d)
{
	return mc_rows_count(d->rows);
}

const struct mc_differences_row *
mc_differences_get(const struct mc_differences *d, size_t row)
{
	return mc_rows_get(d->rows, row);
}

const char *
mc_differences_place(struct mc_differences *d, size_t row)
{
	return mc_rows_place(d->rows, row);
}
