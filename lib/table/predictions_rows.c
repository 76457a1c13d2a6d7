/* predictions_rows.c - make the rows of runs from those of files. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/spelling.h"
#include "table/further.h"
#include "table/predictions_internal.h"
#include "table/probability.h"
#include "table/tsv.h"

/* Numbers of rows and texts stay far below 2^32, whatever one row adds. */
#define MAX_ROWS	((size_t)1 << 30)

enum { ID, LABEL, PREDICTED, GROUP, UNIT, TRAIN_IMAGES, COLUMNS };
static const char *const columns[COLUMNS] = {
	"id", "label", "predicted", "group", "unit", "train_images"
};

struct reader {
	struct mc_predictions *p;
	struct mc_names *keys, *tasks;	/* of the runs; of the tasks */
	struct mc_buf key;		/* a row's key, TAB between the texts */
	struct mc_predictions_run *run;	/* that of the row before */

	/* The present file, and which of its columns are which; -1: none. */
	struct mc_tsv *tsv;
	uint32_t file;
	int column[COLUMNS], key_column[MC_KEYS];
	size_t n_p;
	size_t *p_column;	/* in the order of the classes */
	size_t n_o;		/* n_p, or 0 */
	int *o_column;		/* likewise */

	struct mc_further further;

	size_t n_empty;		/* files without rows */
	const char *empty;	/* the first of them */
};

static const char *
field(const struct reader *r, int column)
{
	return column < 0 ? "" : mc_tsv_get(r->tsv, (size_t)column);
}

static enum mc_status
wrong_row(const struct reader *r, struct mc_err *err, const char *what)
{
	return mc_err_at(err, MC_EDATA, mc_tsv_name(r->tsv),
	    mc_tsv_line(r->tsv), "%s", what);
}

/* --- A file's columns ----------------------------------------------------- */

/* The class of the I-th p: column. */
static const char *
p_name(const struct reader *r, size_t i)
{
	return mc_tsv_column(r->tsv, r->p_column[i]) + 2;
}

static enum mc_status
find_p(struct reader *r, struct mc_err *err)
{
	size_t c, n = mc_tsv_columns(r->tsv);

	r->n_p = 0;
	r->p_column = mc_xreallocarray(r->p_column, n, sizeof(*r->p_column));
	for (c = 0; c < n; c++) {
		const char *name = mc_tsv_column(r->tsv, c);

		if (strcmp(name, "p:") == 0)
			return mc_err_at(err, MC_EDATA, mc_tsv_name(r->tsv), 1,
			    "column \"p:\" names no class");
		if (strncmp(name, "p:", 2) == 0)
			r->p_column[r->n_p++] = c;
	}
	return MC_OK;
}

/*
 * Bring the p: columns into the order of CLASSES, which they must be.  Without
 * DECLARED ones that order must be theirs.
 */
static enum mc_status
order_p(struct reader *r, const struct mc_names *classes, bool declared,
    struct mc_err *err)
{
	const char *name = mc_tsv_name(r->tsv);
	size_t n = mc_names_count(classes), i, k;
	size_t *ordered = mc_xcalloc(n, sizeof(*ordered));
	enum mc_status status = MC_OK;

	for (k = 0; k < n; k++)
		ordered[k] = MC_NO_NAME;
	for (i = 0; i < r->n_p && status == MC_OK; i++) {
		k = mc_names_find(classes, p_name(r, i));
		if (k == MC_NO_NAME)
			status = mc_err_at(err, MC_EDATA, name, 1,
			    "column \"p:%s\": not one of the task's classes",
			    p_name(r, i));
		else if (k != i && !declared)
			status = mc_err_at(err, MC_EDATA, name, 1, "the p: "
			    "columns come in another order than in another "
			    "file of the task: give the order with --classes");
		else
			ordered[k] = r->p_column[i];
	}
	for (k = 0; k < n && status == MC_OK; k++) {
		if (ordered[k] == MC_NO_NAME)
			status = mc_err_at(err, MC_EDATA, name, 1,
			    "no column \"p:%s\", a class of the task",
			    mc_names_at(classes, k));
	}
	if (status == MC_OK)
		memcpy(r->p_column, ordered, n * sizeof(*ordered));
	free(ordered);
	return status;
}

/* The o: columns: one for each p: column, or none. */
static enum mc_status
find_o(struct reader *r, struct mc_err *err)
{
	size_t all = 0, c, i;

	for (c = 0; c < mc_tsv_columns(r->tsv); c++)
		all += strncmp(mc_tsv_column(r->tsv, c), "o:", 2) == 0;
	r->n_o = all > 0 ? r->n_p : 0;
	r->o_column = mc_xreallocarray(r->o_column, r->n_p + 1,
	    sizeof(*r->o_column));
	for (i = 0; i < r->n_o; i++) {
		char *name = mc_xasprintf("o:%s", p_name(r, i));

		r->o_column[i] = mc_tsv_find(r->tsv, name);
		free(name);
		if (r->o_column[i] < 0)
			return mc_err_at(err, MC_EDATA, mc_tsv_name(r->tsv), 1,
			    "o: columns, but no \"o:%s\" beside \"p:%s\"",
			    p_name(r, i), p_name(r, i));
	}
	if (all != r->n_o)
		return mc_err_at(err, MC_EDATA, mc_tsv_name(r->tsv), 1,
		    "%zu o: columns, but %zu p: columns", all, r->n_p);
	return MC_OK;
}

static enum mc_status
bind_file(struct reader *r, struct mc_err *err)
{
	struct mc_table *header = mc_tsv_header(r->tsv);
	enum mc_status status;

	status = find_p(r, err);
	if (status == MC_OK)
		status = mc_table_bind(header, columns, COLUMNS,
		    r->n_p > 0 ? PREDICTED : PREDICTED + 1, r->column, err);
	if (status == MC_OK)
		status = mc_table_bind(header, mc_key_names, MC_KEYS, 0,
		    r->key_column, err);
	if (status == MC_OK)
		status = mc_further_bind(&r->further, header, err);
	mc_table_free(header);
	if (status == MC_OK && r->n_p > 0 && r->p->declared != NULL)
		status = order_p(r, r->p->declared, true, err);
	if (status == MC_OK)
		status = find_o(r, err);
	return status;
}

/* --- A row's run --------------------------------------------------------- */

/* The number of the task NAME, which is added where it is new. */
static size_t
find_task(struct reader *r, const char *name)
{
	struct mc_predictions *p = r->p;
	size_t task = mc_names_copy(r->tasks, name);

	if (task < p->n_tasks)
		return task;
	p->tasks = mc_xgrow(p->tasks, p->n_tasks, &p->tasks_cap,
	    sizeof(*p->tasks));
	p->tasks[p->n_tasks++] =
	    (struct mc_predictions_task){ .checked = SIZE_MAX };
	return task;
}

/* Add the run whose key is r->key, and its task if that is also new. */
static struct mc_predictions_run *
new_run(struct reader *r)
{
	struct mc_predictions *p = r->p;
	struct mc_predictions_run *run = mc_xcalloc(1, sizeof(*run));
	char *text;
	int k;

	p->runs = mc_xgrow(p->runs, p->n_runs, &p->runs_cap,
	    sizeof(*p->runs));
	p->runs[p->n_runs++] = run;
	text = run->key = mc_xstrdup(r->key.data);
	for (k = 0; k < MC_KEYS; k++) {
		run->shown.key[k] = text;
		text += strcspn(text, "\t");
		if (k + 1 < MC_KEYS)
			*text++ = '\0';
	}
	run->task = find_task(r, run->shown.key[MC_KEY_TASK]);
	run->n_p = r->n_p;
	run->has_o = r->n_o > 0;
	return run;
}

/* Point r->run to that of the present row; mostly that of the row before. */
static void
find_run(struct reader *r)
{
	char number[MC_KEYS][MC_NUM_SIZE];
	const char *text[MC_KEYS];
	bool same = r->run != NULL;
	size_t known;
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		text[k] = field(r, r->key_column[k]);
		if ((mc_keys[k].flags & MC_KEY_NUMBER) != 0)
			text[k] = mc_key_number(text[k], number[k]);
		same = same && strcmp(text[k], r->run->shown.key[k]) == 0;
	}
	if (same)
		return;
	r->key.len = 0;
	for (k = 0; k < MC_KEYS; k++) {
		if (k > 0)
			mc_buf_add(&r->key, "\t", 1);
		mc_buf_puts(&r->key, text[k]);
	}
	known = mc_names_copy(r->keys, r->key.data);
	r->run = known < r->p->n_runs ? r->p->runs[known] : new_run(r);
}

/* The present row has WHAT and the first of its run has not, or the reverse. */
static enum mc_status
unlike(const struct reader *r, const char *what, bool has,
    struct mc_err *err)
{
	const struct mc_prediction *first = &r->run->rows[0];

	return mc_err_at(err, MC_EDATA, mc_tsv_name(r->tsv),
	    mc_tsv_line(r->tsv), "%s %s, unlike %s:%lu of the same task, arm "
	    "and split", has ? "has" : "has no", what,
	    r->p->files[first->file].name, (unsigned long)first->line);
}

/* Whether the file's p: columns go with those of the run and its task. */
static enum mc_status
check_p(struct reader *r, struct mc_err *err)
{
	const struct mc_predictions_run *run = r->run;
	struct mc_predictions_task *task = &r->p->tasks[run->task];
	bool undeclared = r->n_p > 0 && r->p->declared == NULL;
	enum mc_status status = MC_OK;
	size_t i;

	if (undeclared && task->columns == NULL) {
		task->columns = mc_names_alloc();
		for (i = 0; i < r->n_p; i++)
			mc_names_copy(task->columns, p_name(r, i));
	} else if (undeclared && task->checked != r->file)
		status = order_p(r, task->columns, false, err);
	if (status != MC_OK)
		return status;
	task->checked = r->file;
	if ((r->n_p > 0) != (run->n_p > 0))
		return unlike(r, "p: columns", r->n_p > 0, err);
	if ((r->n_o > 0) != run->has_o)
		return unlike(r, "o: columns (log odds)", r->n_o > 0, err);
	return MC_OK;
}

/* --- Its values ----------------------------------------------------------- */

/* Room for one row more, and for one to spare, which the sorting needs. */
static void
make_room(const struct reader *r)
{
	struct mc_predictions_run *c = r->run;
	size_t n_further = r->p->n_further;

	if (c->shown.n + 1 < c->cap)
		return;
	c->rows = mc_xgrow(c->rows, c->cap, &c->cap, sizeof(*c->rows));
	if (c->n_p > 0)
		c->p = mc_xreallocarray(c->p, c->cap, c->n_p * sizeof(*c->p));
	if (c->has_o)
		c->o = mc_xreallocarray(c->o, c->cap, c->n_p * sizeof(*c->o));
	if (n_further > 0)
		c->further = mc_xreallocarray(c->further, c->cap,
		    n_further * sizeof(*c->further));
}

/* The number in COLUMN into V. */
static enum mc_status
read_number(const struct reader *r, size_t column, double *v,
    struct mc_err *err)
{
	enum mc_status status;
	struct mc_err why;

	status = mc_parse_f64(mc_tsv_get(r->tsv, column), -DBL_MAX, DBL_MAX, v,
	    &why);
	if (status == MC_OK)
		return MC_OK;
	return mc_err_at(err, status, mc_tsv_name(r->tsv), mc_tsv_line(r->tsv),
	    "column \"%s\": %s", mc_tsv_column(r->tsv, column), why.text);
}

/*
 * Read the probabilities and log odds of the row, which is row I of its run.
 * They are checked when all rows are there, whose decimals count together.
 */
static enum mc_status
read_scores(const struct reader *r, size_t i, struct mc_err *err)
{
	struct mc_predictions_run *c = r->run;
	double *p = c->p + i * r->n_p;
	enum mc_status status = MC_OK;
	size_t k;
	int n;

	for (k = 0; k < r->n_p && status == MC_OK; k++) {
		status = read_number(r, r->p_column[k], &p[k], err);
		if (c->decimals >= MC_ENOUGH_DECIMALS)
			continue;
		n = mc_decimals(mc_tsv_get(r->tsv, r->p_column[k]));
		c->decimals = n > c->decimals ? n : c->decimals;
	}
	for (k = 0; k < r->n_o && status == MC_OK; k++)
		status = read_number(r, (size_t)r->o_column[k],
		    &c->o[i * r->n_p + k], err);
	return status;
}

/* The further columns of the row, which is row I of its run. */
static void
read_further(struct reader *r, size_t i)
{
	struct mc_further *f = &r->further;
	char number[MC_NUM_SIZE];
	size_t row, c;

	row = mc_further_row(f, f->join != NULL ? field(r, f->key) : "",
	    mc_tsv_name(r->tsv), mc_tsv_line(r->tsv));
	for (c = 0; c < f->n && row != MC_NO_NAME; c++)
		r->run->further[i * f->n + c] = (uint32_t)mc_names_copy(
		    r->p->further, mc_plain_number(f->joined[c] < 0 ?
		    field(r, f->own[c]) :
		    mc_join_get(f->join, row, f->joined[c]), number));
}

/* The training images of the row, which is row I of its run. */
static void
read_train_images(const struct reader *r, size_t i)
{
	struct mc_run *run = &r->run->shown;
	struct mc_err why;
	int64_t n = 0;

	if (r->column[TRAIN_IMAGES] < 0 ||
	    mc_parse_i64(field(r, r->column[TRAIN_IMAGES]), 1, INT64_MAX, &n,
	    &why) != MC_OK)
		n = 0;
	run->train_images = i == 0 || run->train_images == n ? n : 0;
}

static enum mc_status
add_row(struct reader *r, struct mc_err *err)
{
	const char *id = field(r, r->column[ID]);
	const char *label = field(r, r->column[LABEL]);
	const char *predicted = field(r, r->column[PREDICTED]);
	const char *group = field(r, r->column[GROUP]);
	const char *unit = field(r, r->column[UNIT]);
	struct mc_predictions *p = r->p;
	struct mc_predictions_run *c;
	enum mc_status status;
	size_t i;

	if (*id == '\0')
		return wrong_row(r, err, "column \"id\": empty");
	if (*label == '\0')
		return wrong_row(r, err, "column \"label\": empty: leave out "
		    "the rows whose truth is unknown");
	if (p->n_rows == MAX_ROWS || mc_names_count(p->further) >= MAX_ROWS)
		return wrong_row(r, err, "more than 2^30 rows or texts: give "
		    "fewer files at a time");
	find_run(r);
	if ((status = check_p(r, err)) != MC_OK)
		return status;
	make_room(r);
	c = r->run;
	i = c->shown.n++;
	p->n_rows++;
	c->rows[i] = (struct mc_prediction){
		.id = (uint32_t)mc_names_copy(p->ids, id),
		.group = (uint32_t)mc_names_copy(p->groups, group),
		.unit = (uint32_t)mc_names_copy(p->groups,
		    *unit != '\0' ? unit : group),
		.label = (int32_t)mc_names_copy(p->labels, label),
		.predicted = *predicted == '\0' ? -1 :
		    (int32_t)mc_names_copy(p->labels, predicted),
		.file = r->file, .line = (uint32_t)mc_tsv_line(r->tsv)
	};
	read_train_images(r, i);
	read_further(r, i);
	return r->n_p > 0 ? read_scores(r, i, err) : MC_OK;
}

/* --- All files ------------------------------------------------------------ */

static enum mc_status
read_file(struct reader *r, const char *path, struct mc_err *err)
{
	struct mc_predictions_file *file;
	size_t before = r->p->n_rows;
	enum mc_status status;

	status = mc_tsv_open(&r->tsv, path, err);
	if (status != MC_OK)
		return status;
	file = &r->p->files[r->file];
	file->name = mc_xstrdup(mc_tsv_name(r->tsv));
	status = bind_file(r, err);
	file->has_group = status == MC_OK && r->column[GROUP] >= 0;
	while (status == MC_OK && (status = mc_tsv_next(r->tsv, err)) == MC_OK)
		status = add_row(r, err);
	if (status == MC_END) {
		r->n_empty += r->p->n_rows == before;
		if (r->p->n_rows == before && r->empty == NULL)
			r->empty = file->name;
		status = MC_OK;
	}
	mc_tsv_close(r->tsv);
	return status;
}

/* Files without rows: some may be, as of parts of mc-predict --shard. */
static enum mc_status
check_empty(struct reader *r, struct mc_err *err)
{
	char *note = r->p->note;

	if (r->n_empty == 0)
		return MC_OK;
	if (r->p->n_rows == 0)
		return mc_err_at(err, MC_EDATA, r->empty, 0,
		    "a header, but no rows");
	r->p->note = mc_xasprintf("%s%s%s: a header, but no rows (%zu of %zu "
	    "files)", note != NULL ? note : "", note != NULL ? "; " : "",
	    r->empty, r->n_empty, r->p->n_files);
	free(note);
	return MC_OK;
}

enum mc_status
mc_predictions_gather(struct mc_predictions *p, char *const *paths, size_t n,
    const struct mc_predictions_options *options, struct mc_err *err)
{
	struct reader r = { .p = p, .keys = mc_names_alloc(),
	    .tasks = mc_names_alloc() };
	enum mc_status status;

	p->n_files = n;
	p->files = mc_xcalloc(n, sizeof(*p->files));
	status = mc_further_open(&r.further, options->columns, options->join,
	    options->key, err);
	if (status == MC_OK && r.further.join != NULL &&
	    mc_join_note(r.further.join) != NULL)
		p->note = mc_xstrdup(mc_join_note(r.further.join));
	for (; r.file < n && status == MC_OK; r.file++)
		status = read_file(&r, paths[r.file], err);
	if (status == MC_OK)
		status = check_empty(&r, err);
	if (status == MC_OK)
		status = mc_further_check(&r.further, err);
	mc_further_clear(&r.further);
	mc_names_free(r.keys);
	mc_names_free(r.tasks);
	mc_buf_free(&r.key);
	free(r.p_column);
	free(r.o_column);
	return status;
}
