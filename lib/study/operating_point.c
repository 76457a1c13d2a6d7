/* operating_point.c - find the threshold that each run is predicted by. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/operating_point.h"
#include "table/schemas.h"
#include "table/tsv.h"

struct mc_operating_points {
	size_t n, n_replicates;
	struct mc_run_point *points;	/* [run] */
};

/* --- A run's rows of the table -------------------------------------------- */

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
		    "split \"%s\", and not for use on them: give only "
		    "predictions of another split",
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
	    "is also at %s", mc_rows_place(t, row), what,
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

/*
 * Look up RUN by its keys: those that are MC_KEY_OPTIONAL must agree where both
 * have one, and the split must differ.  *CLASS_NAME is the table's; *AT has the
 * threshold of all rows, then those of *N replicates, and is freed with free().
 */
static enum mc_status
find_thresholds(struct mc_rows *t, const struct mc_run *run,
    const char **class_name, double **at, size_t *n, struct mc_err *err)
{
	size_t n_rows, *rows = rows_of(t, run, &n_rows);
	const struct mc_thresholds_row *first;
	enum mc_status status;
	char *what;

	*at = NULL;
	if (n_rows == 0) {
		what = run_text(run);
		mc_err_set(err, MC_EDATA, "%s: no threshold for %s: choose it "
		    "with mc-threshold", mc_rows_name(t, 0), what);
		free(what);
		return MC_EDATA;
	}
	first = mc_rows_get(t, rows[0]);
	*class_name = first->class_name;
	*n = n_rows - 1;
	*at = mc_xcalloc(n_rows, sizeof(**at));
	status = sort_rows(t, rows, n_rows, run, *at, err);
	free(rows);
	return status;
}

/* --- All runs ------------------------------------------------------------- */

/* Find the class NAME of the table in RUN. */
static enum mc_status
find_class(const char *table, const struct mc_run *run, const char *name,
    const char *positive, size_t *class_index, struct mc_err *err)
{
	size_t k;

	for (k = 0; k < run->n_classes &&
	    strcmp(run->classes[k], name) != 0; k++)
		;
	*class_index = k;
	if (positive != NULL && strcmp(positive, name) != 0)
		return mc_err_set(err, MC_EUSAGE, "--positive: \"%s\", but "
		    "the thresholds of %s are of class \"%s\"", positive,
		    table, name);
	if (k < run->n_classes)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: \"%s\" is not a class of task "
	    "\"%s\"", table, name, run->key[MC_KEY_TASK]);
}

/* Fill in POINT, whose thresholds and class are there. */
static void
fill_point(struct mc_run_point *point, const struct mc_run *run,
    size_t n_replicates)
{
	size_t k = point->class_index;

	point->threshold = (struct mc_threshold){ (int)k, point->at[0],
	    n_replicates > 0 ? point->at + 1 : NULL };
	if (run->n_classes == 2)
		return;
	point->threshold.of = 0;
	point->rest = mc_xasprintf("not %s", run->classes[k]);
	point->classes[0] = run->classes[k];
	point->classes[1] = point->rest;
}

/*
 * Whether runs A and B, with thresholds X and Y, can stand in one table of
 * results.
 */
static enum mc_status
check_same(const char *table, const struct mc_run *a,
    const struct mc_run_point *x, const struct mc_run *b,
    const struct mc_run_point *y, struct mc_err *err)
{
	if (strcmp(a->key[MC_KEY_TASK], b->key[MC_KEY_TASK]) != 0 ||
	    x->class_index == y->class_index)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: of task \"%s\" some thresholds "
	    "are of class \"%s\", others of \"%s\"", table,
	    a->key[MC_KEY_TASK], a->classes[x->class_index],
	    b->classes[y->class_index]);
}

static enum mc_status
read_point(struct mc_operating_points *c, struct mc_rows *t, size_t i,
    const char *positive, const struct mc_predictions *p, struct mc_err *err)
{
	const struct mc_run *run = mc_predictions_run(p, i);
	struct mc_run_point *point = &c->points[i];
	const char *table = mc_rows_name(t, 0), *class_name;
	enum mc_status status;
	size_t n = 0;

	if (run->p == NULL)
		return mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
		    run->rows[0].line,
		    "no p: columns, which --threshold needs");
	status = find_thresholds(t, run, &class_name, &point->at, &n, err);
	if (status == MC_OK)
		status = find_class(table, run, class_name, positive,
		    &point->class_index, err);
	if (status == MC_OK && i > 0 && n != c->n_replicates)
		status = mc_err_set(err, MC_EDATA, "%s: %zu replicates for "
		    "arm \"%s\", but %zu for another: give each arm as many",
		    table, n, run->key[MC_KEY_ARM], c->n_replicates);
	if (status != MC_OK)
		return status;
	c->n_replicates = n;
	fill_point(point, run, n);
	return i == 0 ? MC_OK : check_same(table, mc_predictions_run(p, i - 1),
	    point - 1, run, point, err);
}

/*
 * The schema of thresholds, for mc_rows_read_as; NULL with an error where T is
 * another table of mctools, which has a class and a threshold also.
 */
static const struct mc_schema *
choose_schema(const struct mc_table *t, struct mc_err *err)
{
	static const struct {
		const char *column, *what;
	} others[] = {
		{ "metric", "metrics" }, { "curve", "curves" },
		{ "sheet", "images of mc-montage" },
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (mc_table_find(t, others[i].column) < 0)
			continue;
		mc_err_set(err, MC_EDATA, "%s: --threshold: is a table of %s: "
		    "give the table of mc-threshold", mc_table_name(t),
		    others[i].what);
		return NULL;
	}
	return &mc_thresholds_schema;
}

enum mc_status
mc_operating_points_read(struct mc_operating_points **result,
    const char *path, const char *positive, const struct mc_predictions *p,
    struct mc_err *err)
{
	struct mc_operating_points *c = mc_xcalloc(1, sizeof(*c));
	char *paths[] = { mc_xstrdup(path) };
	const struct mc_schema *schema;
	struct mc_rows *t;
	enum mc_status status;
	size_t i;

	*result = NULL;
	c->n = mc_predictions_runs(p);
	c->points = mc_xcalloc(c->n, sizeof(*c->points));
	status = mc_rows_read_as(&t, choose_schema, paths, 1, &schema, err);
	for (i = 0; i < c->n && status == MC_OK; i++)
		status = read_point(c, t, i, positive, p, err);
	mc_rows_free(t);
	free(paths[0]);
	if (status == MC_OK)
		*result = c;
	else
		mc_operating_points_free(c);
	return status;
}

void
mc_operating_points_free(struct mc_operating_points *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		free(c->points[i].at);
		free(c->points[i].rest);
	}
	free(c->points);
	free(c);
}

size_t
mc_operating_points_replicates(const struct mc_operating_points *c)
{
	return c != NULL ? c->n_replicates : 0;
}

const struct mc_run_point *
mc_operating_points_at(const struct mc_operating_points *c, size_t run)
{
	return c != NULL ? &c->points[run] : NULL;
}
