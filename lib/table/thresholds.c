/* thresholds.c - Find the threshold of a run in a thresholds table. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/thresholds.h"

/* Whether ROW is of RUN, on whichever split it was chosen. */
static bool
is_of(const struct mc_thresholds_row *row, const struct mc_run *run)
{
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		const char *a = row->key[k], *b = run->key[k];

		if (k == MC_KEY_SPLIT || ((mc_keys[k].flags &
		    MC_KEY_OPTIONAL) != 0 && (*a == '\0' || *b == '\0')))
			continue;
		if (strcmp(a, b) != 0)
			return false;
	}
	return true;
}

/* The numbers of the table's rows of RUN, *N of them, in an array to free. */
static size_t *
rows_of(const struct mc_rows *t, const struct mc_run *run, size_t *n)
{
	size_t *rows = NULL, cap = 0, i;

	*n = 0;
	for (i = 0; i < mc_rows_count(t); i++) {
		if (!is_of(mc_rows_get(t, i), run))
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
check_row(struct mc_rows *t, size_t row,
    const struct mc_thresholds_row *first, const struct mc_run *run,
    struct mc_err *err)
{
	const struct mc_thresholds_row *r = mc_rows_get(t, row);
	const char *split = run->key[MC_KEY_SPLIT];

	if (strcmp(r->key[MC_KEY_SPLIT], split) == 0)
		return mc_err_set(err, MC_EDATA, "%s: chosen on the rows of "
		    "split \"%s\", and so no threshold for them: give "
		    "predictions of another split alone",
		    mc_rows_place(t, row), split);
	if (strcmp(r->class_name, first->class_name) != 0)
		return mc_err_set(err, MC_EDATA, "%s: column \"class\": "
		    "\"%s\", but another row of the same arm has \"%s\"",
		    mc_rows_place(t, row), r->class_name,
		    first->class_name);
	return MC_OK;
}

/* Two rows of RUN are of the same replicate. */
static enum mc_status
twice(struct mc_rows *t, size_t row, size_t other, int64_t replicate,
    const struct mc_run *run, struct mc_err *err)
{
	char *first = mc_xstrdup(mc_rows_place(t, other));
	char *what = run_text(run);

	mc_err_set(err, MC_EDATA, "%s: the threshold of %s, replicate %lld, "
	    "stands at %s too", mc_rows_place(t, row), what,
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
sort_rows(struct mc_rows *t, const size_t *rows, size_t n,
    const struct mc_run *run, double *at, struct mc_err *err)
{
	const struct mc_thresholds_row *first = mc_rows_get(t, rows[0]);
	size_t *there = mc_xcalloc(n, sizeof(*there));	/* row + 1 */
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_thresholds_row *r = mc_rows_get(t,
		    rows[i]);
		int64_t b = r->replicate < 0 ? 0 : r->replicate;

		status = check_row(t, rows[i], first, run, err);
		if (status != MC_OK)
			break;
		if ((uint64_t)b >= n)
			status = mc_err_set(err, MC_EDATA, "%s: replicate "
			    "%lld among %zu rows of the same arm: some are "
			    "missing", mc_rows_place(t, rows[i]),
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
mc_thresholds_find(struct mc_rows *t, const struct mc_run *run,
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
		    "with mc-threshold", mc_rows_name(t, 0), what);
		free(what);
		return MC_EDATA;
	}
	at = mc_xcalloc(n, sizeof(*at));
	status = sort_rows(t, rows, n, run, at, err);
	if (status == MC_OK) {
		const struct mc_thresholds_row *first = mc_rows_get(t,
		    rows[0]);

		*found = (struct mc_run_threshold){ first->class_name, n - 1,
		    at };
	} else
		free(at);
	free(rows);
	return status;
}
