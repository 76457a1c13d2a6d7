/* thresholds.c - the thresholds table. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/rows.h"
#include "table/thresholds.h"

#define COLUMN(name, kind, member) \
	{ name, MC_ROW_##kind, offsetof(struct mc_thresholds_row, member) }

static const struct mc_row_column columns[] = {
	COLUMN("task", TEXT, key[MC_KEY_TASK]),
	COLUMN("arm", TEXT, key[MC_KEY_ARM]),
	COLUMN("model", TEXT, key[MC_KEY_MODEL]),
	COLUMN("regime", TEXT, key[MC_KEY_REGIME]),
	COLUMN("features", TEXT, key[MC_KEY_FEATURES]),
	COLUMN("train_seed", TEXT, key[MC_KEY_TRAIN_SEED]),
	COLUMN("fold", TEXT, key[MC_KEY_FOLD]),
	COLUMN("split", TEXT, key[MC_KEY_SPLIT]),
	COLUMN("class", TEXT, class_name),
	COLUMN("threshold", REAL, threshold),
	COLUMN("criterion", TEXT, criterion),
	COLUMN("sensitivity", REAL, sensitivity),
	COLUMN("specificity", REAL, specificity),
	COLUMN("unit", TEXT, unit),
	COLUMN("n_images", COUNT, n_images),
	COLUMN("n_units", COUNT, n_units),
	COLUMN("replicate", COUNT, replicate),
	COLUMN("note", TEXT, note),
	COLUMN("weights", TEXT, key[MC_KEY_WEIGHTS]),
};

static const char *const required[] = { "split", "class", "threshold" };

static const char *
fault(const void *row)
{
	const struct mc_thresholds_row *r = row;

	if (*r->key[MC_KEY_SPLIT] == '\0')
		return "column \"split\": empty: say which rows the threshold "
		    "was chosen on";
	if (strcmp(r->key[MC_KEY_SPLIT], "test") == 0)
		return "column \"split\": \"test\": a threshold from test rows "
		    "makes the test's results too good: choose it on "
		    "validation rows";
	if (*r->class_name == '\0')
		return "column \"class\": empty";
	if (isnan(r->threshold) && r->replicate <= 0)
		return "column \"threshold\": empty";
	if (r->threshold < 0 || r->threshold > 1 + DBL_EPSILON)
		return "column \"threshold\": not between 0 and 1";
	return NULL;
}

static const struct mc_row_schema schema = {
	columns, sizeof(columns) / sizeof(*columns),
	required, sizeof(required) / sizeof(*required),
	sizeof(struct mc_thresholds_row), fault
};

void
mc_thresholds_write_header(FILE *f)
{
	mc_rows_write_header(f, &schema);
}

void
mc_thresholds_write_row(FILE *f, const struct mc_thresholds_row *row)
{
	mc_rows_write(f, &schema, row);
}

/* --- Reading -------------------------------------------------------------- */

struct mc_thresholds {
	char *path;
	struct mc_rows *rows;
};

enum mc_status
mc_thresholds_read(struct mc_thresholds **result, const char *path,
    struct mc_err *err)
{
	struct mc_thresholds *t = mc_xcalloc(1, sizeof(*t));
	enum mc_status status;

	*result = NULL;
	t->path = mc_xstrdup(path);
	status = mc_rows_read(&t->rows, &schema, &t->path, 1, err);
	if (status == MC_OK)
		*result = t;
	else
		mc_thresholds_free(t);
	return status;
}

void
mc_thresholds_free(struct mc_thresholds *t)
{
	if (t == NULL)
		return;
	mc_rows_free(t->rows);
	free(t->path);
	free(t);
}

const char *
mc_thresholds_name(const struct mc_thresholds *t)
{
	return strcmp(t->path, "-") == 0 ? "standard input" : t->path;
}

/* --- Looking up ----------------------------------------------------------- */

static bool
is_of(const struct mc_thresholds_row *row, const struct mc_run *run)
{
	static const struct {
		enum mc_key key;
		bool free;	/* an empty one is any */
	} keys[] = {
		{ MC_KEY_TASK, false }, { MC_KEY_ARM, false },
		{ MC_KEY_MODEL, true }, { MC_KEY_REGIME, true },
		{ MC_KEY_FEATURES, true }, { MC_KEY_WEIGHTS, true },
		{ MC_KEY_TRAIN_SEED, false }, { MC_KEY_FOLD, false }
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *a = row->key[keys[i].key];
		const char *b = run->key[keys[i].key];

		if (keys[i].free && (*a == '\0' || *b == '\0'))
			continue;
		if (strcmp(a, b) != 0)
			return false;
	}
	return true;
}

/* The numbers of the table's rows of RUN, *N of them, in an array to free. */
static size_t *
rows_of(const struct mc_thresholds *t, const struct mc_run *run, size_t *n)
{
	size_t *rows = NULL, cap = 0, i;

	*n = 0;
	for (i = 0; i < mc_rows_count(t->rows); i++) {
		if (!is_of(mc_rows_get(t->rows, i), run))
			continue;
		rows = mc_xgrow(rows, *n, &cap, sizeof(*rows));
		rows[(*n)++] = i;
	}
	return rows;
}

/* RUN for people: its task and arm, and its seed and fold where it has them. */
static char *
run_text(const struct mc_run *run)
{
	const char *seed = run->key[MC_KEY_TRAIN_SEED];
	const char *fold = run->key[MC_KEY_FOLD];

	return mc_xasprintf("task \"%s\", arm \"%s\"%s%s%s%s",
	    run->key[MC_KEY_TASK], run->key[MC_KEY_ARM],
	    *seed != '\0' ? ", seed " : "", seed,
	    *fold != '\0' ? ", fold " : "", fold);
}

/* Whether ROW may stand among those of RUN, of which FIRST is one. */
static enum mc_status
check_row(struct mc_thresholds *t, size_t row,
    const struct mc_thresholds_row *first, const struct mc_run *run,
    struct mc_err *err)
{
	const struct mc_thresholds_row *r = mc_rows_get(t->rows, row);
	const char *split = run->key[MC_KEY_SPLIT];

	if (strcmp(r->key[MC_KEY_SPLIT], split) == 0)
		return mc_err_set(err, MC_EDATA, "%s: chosen on the rows of "
		    "split \"%s\", and so no threshold for them: give "
		    "predictions of another split alone",
		    mc_rows_place(t->rows, row), split);
	if (strcmp(r->class_name, first->class_name) != 0)
		return mc_err_set(err, MC_EDATA, "%s: column \"class\": "
		    "\"%s\", but another row of the same arm has \"%s\"",
		    mc_rows_place(t->rows, row), r->class_name,
		    first->class_name);
	return MC_OK;
}

/* Two rows of RUN are of the same replicate. */
static enum mc_status
twice(struct mc_thresholds *t, size_t row, size_t other, int64_t replicate,
    const struct mc_run *run, struct mc_err *err)
{
	char *first = mc_xstrdup(mc_rows_place(t->rows, other));
	char *what = run_text(run);

	mc_err_set(err, MC_EDATA, "%s: the threshold of %s, replicate %lld, "
	    "stands at %s too", mc_rows_place(t->rows, row), what,
	    (long long)replicate, first);
	free(what);
	free(first);
	return MC_EDATA;
}

/*
 * Put the N rows of RUN to their places: replicate b's threshold becomes
 * AT[b], b from 0 to N - 1.
 */
static enum mc_status
sort_rows(struct mc_thresholds *t, const size_t *rows, size_t n,
    const struct mc_run *run, double *at, struct mc_err *err)
{
	const struct mc_thresholds_row *first = mc_rows_get(t->rows, rows[0]);
	size_t *there = mc_xcalloc(n, sizeof(*there));	/* row + 1 */
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_thresholds_row *r = mc_rows_get(t->rows,
		    rows[i]);
		int64_t b = r->replicate < 0 ? 0 : r->replicate;

		status = check_row(t, rows[i], first, run, err);
		if (status != MC_OK)
			break;
		if ((uint64_t)b >= n)
			status = mc_err_set(err, MC_EDATA, "%s: replicate "
			    "%lld among %zu rows of the same arm: some are "
			    "missing", mc_rows_place(t->rows, rows[i]),
			    (long long)b, n);
		else if (there[b] != 0)
			status = twice(t, rows[i], there[b] - 1, b, run, err);
		else {
			there[b] = rows[i] + 1;
			at[b] = r->threshold;
		}
	}
	free(there);
	return status;
}

enum mc_status
mc_thresholds_find(struct mc_thresholds *t, const struct mc_run *run,
    struct mc_run_threshold *found, struct mc_err *err)
{
	enum mc_status status;
	size_t n, *rows = rows_of(t, run, &n);
	double *at;
	char *what;

	memset(found, 0, sizeof(*found));
	if (n == 0) {
		what = run_text(run);
		mc_err_set(err, MC_EDATA, "%s: no threshold for %s: choose it "
		    "with mc-threshold", mc_thresholds_name(t), what);
		free(what);
		return MC_EDATA;
	}
	at = mc_xcalloc(n, sizeof(*at));
	status = sort_rows(t, rows, n, run, at, err);
	if (status == MC_OK) {
		const struct mc_thresholds_row *first = mc_rows_get(t->rows,
		    rows[0]);

		*found = (struct mc_run_threshold){ first->class_name, n - 1,
		    at };
	} else
		free(at);
	free(rows);
	return status;
}
