/* predictions.c - the predictions table. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "table/predictions.h"

#define SUM_TOLERANCE	1e-3
#define MAX_CLASSES	1000

const char *const mc_key_names[MC_KEYS] = {
	"task", "arm", "model", "regime", "features", "train_seed", "fold",
	"split"
};

enum { ID, LABEL, PREDICTED, GROUP, COLUMNS };
static const char *const columns[COLUMNS] = {
	"id", "label", "predicted", "group"
};

/* One input file, and the columns of it that matter. */
struct file {
	struct mc_table *table;
	int column[COLUMNS];	/* -1: no such column */
	int key[MC_KEYS];
	size_t n_p;
	size_t *p;		/* n_p columns whose names start with p: */
};

struct task {
	size_t n_classes;
	char **classes;		/* each our own copy */
	double *p;		/* of its rows that have them, one by one */
};

struct mc_predictions {
	size_t n_files;
	struct file *files;
	size_t n_rows, rows_cap;
	struct mc_prediction *rows;	/* sorted */
	size_t n_tasks, tasks_cap;
	struct task *tasks;
	size_t n_cells, cells_cap;
	struct mc_cell *cells;
};

/* --- Reading -------------------------------------------------------------- */

static const char *
field(const struct file *file, size_t row, int column)
{
	return column < 0 ? "" :
	    mc_table_get(file->table, row, (size_t)column);
}

static enum mc_status
bind_file(struct file *file, struct mc_err *err)
{
	const struct mc_table *t = file->table;
	size_t c, n_required;
	enum mc_status status;

	file->p = mc_xcalloc(mc_table_columns(t), sizeof(*file->p));
	for (c = 0; c < mc_table_columns(t); c++) {
		const char *name = mc_table_column(t, c);

		if (strcmp(name, "p:") == 0)
			return mc_err_at(err, MC_EDATA, mc_table_name(t), 1,
			    "column \"p:\" names no class");
		if (strncmp(name, "p:", 2) == 0)
			file->p[file->n_p++] = c;
	}
	n_required = file->n_p > 0 ? PREDICTED : PREDICTED + 1;
	status = mc_table_bind(t, columns, COLUMNS, n_required, file->column,
	    err);
	if (status == MC_OK)
		status = mc_table_bind(t, mc_key_names, MC_KEYS, 0, file->key,
		    err);
	if (status == MC_OK && mc_table_rows(t) == 0)
		status = mc_err_at(err, MC_EDATA, mc_table_name(t), 0,
		    "a header, but no rows");
	return status;
}

static enum mc_status
add_row(struct mc_predictions *p, size_t f, size_t row, struct mc_err *err)
{
	const struct file *file = &p->files[f];
	struct mc_prediction *r;
	int k;

	p->rows = mc_xgrow(p->rows, p->n_rows, &p->rows_cap, sizeof(*p->rows));
	r = &p->rows[p->n_rows++];
	memset(r, 0, sizeof(*r));
	for (k = 0; k < MC_KEYS; k++)
		r->key[k] = field(file, row, file->key[k]);
	r->id = field(file, row, file->column[ID]);
	r->group = field(file, row, file->column[GROUP]);
	r->table = file->table;
	r->row = row;
	r->file = f;
	if (*r->id == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(r->table),
		    mc_table_line(r->table, row), "column \"id\": empty");
	if (*field(file, row, file->column[LABEL]) == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(r->table),
		    mc_table_line(r->table, row), "column \"label\": empty: "
		    "leave out the rows whose truth is unknown");
	return MC_OK;
}

static enum mc_status
read_files(struct mc_predictions *p, char *const *paths, struct mc_err *err)
{
	enum mc_status status;
	size_t f, row;

	for (f = 0; f < p->n_files; f++) {
		struct file *file = &p->files[f];

		status = mc_table_read(&file->table, paths[f], err);
		if (status == MC_OK)
			status = bind_file(file, err);
		for (row = 0; status == MC_OK &&
		    row < mc_table_rows(file->table); row++)
			status = add_row(p, f, row, err);
		if (status != MC_OK)
			return status;
	}
	return MC_OK;
}

/* --- Order ---------------------------------------------------------------- */

static int
compare_keys(const struct mc_prediction *a, const struct mc_prediction *b)
{
	int c = 0, k;

	for (k = 0; k < MC_KEYS && c == 0; k++)
		c = strcmp(a->key[k], b->key[k]);
	return c;
}

static int
compare_rows(const void *va, const void *vb)
{
	const struct mc_prediction *a = va, *b = vb;
	int c = compare_keys(a, b);

	if (c == 0)
		c = strcmp(a->id, b->id);
	/* Equal keys are an error; the first in the files is named first. */
	if (c == 0)
		c = (a->file > b->file) - (a->file < b->file);
	if (c == 0)
		c = (a->row > b->row) - (a->row < b->row);
	return c;
}

static enum mc_status
sort_rows(struct mc_predictions *p, struct mc_err *err)
{
	size_t i;

	qsort(p->rows, p->n_rows, sizeof(*p->rows), compare_rows);
	for (i = 1; i < p->n_rows; i++) {
		const struct mc_prediction *a = &p->rows[i - 1];
		const struct mc_prediction *b = &p->rows[i];

		if (compare_keys(a, b) == 0 && strcmp(a->id, b->id) == 0)
			return mc_err_at(err, MC_EDATA,
			    mc_table_name(b->table),
			    mc_table_line(b->table, b->row),
			    "id \"%s\" of the same task, arm, model, regime, "
			    "features, train_seed, fold and split stands at "
			    "%s:%lld too", b->id, mc_table_name(a->table),
			    (long long)mc_table_line(a->table, a->row));
	}
	return MC_OK;
}

/* --- Classes -------------------------------------------------------------- */

/* The names of the p: columns, without the p:. */
static const char *
p_name(const struct file *file, size_t i)
{
	return mc_table_column(file->table, file->p[i]) + 2;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The labels and predictions of N rows, in byte order. */
static void
classes_seen(const struct mc_predictions *p, const struct mc_prediction *rows,
    size_t n, struct task *task)
{
	struct mc_names *names = mc_names_alloc();
	size_t i;

	for (i = 0; i < n; i++) {
		const struct file *file = &p->files[rows[i].file];
		const char *predicted = field(file, rows[i].row,
		    file->column[PREDICTED]);

		mc_names_add(names, field(file, rows[i].row,
		    file->column[LABEL]));
		if (*predicted != '\0')
			mc_names_add(names, predicted);
	}
	task->n_classes = mc_names_count(names);
	task->classes = mc_xcalloc(task->n_classes, sizeof(*task->classes));
	for (i = 0; i < task->n_classes; i++)
		task->classes[i] = mc_xstrdup(mc_names_at(names, i));
	qsort(task->classes, task->n_classes, sizeof(*task->classes),
	    compare_names);
	mc_names_free(names);
}

static void
classes_of_columns(const struct file *file, struct task *task)
{
	size_t i;

	task->n_classes = file->n_p;
	task->classes = mc_xcalloc(file->n_p, sizeof(*task->classes));
	for (i = 0; i < file->n_p; i++)
		task->classes[i] = mc_xstrdup(p_name(file, i));
}

static void
classes_given(char *const *classes, struct task *task)
{
	size_t i;

	while (classes[task->n_classes] != NULL)
		task->n_classes++;
	task->classes = mc_xcalloc(task->n_classes, sizeof(*task->classes));
	for (i = 0; i < task->n_classes; i++)
		task->classes[i] = mc_xstrdup(classes[i]);
}

/* Choose the classes of the task of the N rows. */
static enum mc_status
choose_classes(const struct mc_predictions *p,
    const struct mc_prediction *rows, size_t n, char *const *classes,
    struct task *task, struct mc_err *err)
{
	const char *file = mc_table_name(rows->table);
	size_t i;

	for (i = 0; i < n && p->files[rows[i].file].n_p == 0; i++)
		;
	if (classes != NULL)
		classes_given(classes, task);
	else if (i < n)
		classes_of_columns(&p->files[rows[i].file], task);
	else
		classes_seen(p, rows, n, task);
	if (task->n_classes < 2)
		return mc_err_at(err, MC_EDATA, file, 0, "the only class of "
		    "task \"%s\" is \"%s\": declare the others with --classes",
		    rows->key[MC_KEY_TASK], task->classes[0]);
	if (task->n_classes > MAX_CLASSES)
		return mc_err_at(err, MC_EDATA, file, 0, "task \"%s\" has %zu "
		    "classes, more than %d: is \"label\" the right column?",
		    rows->key[MC_KEY_TASK], task->n_classes, MAX_CLASSES);
	return MC_OK;
}

static enum mc_status
not_a_class(const struct mc_prediction *r, const char *column,
    const char *name, const struct task *task, struct mc_err *err)
{
	struct mc_buf list = { 0 };
	size_t k;

	for (k = 0; k < task->n_classes; k++)
		mc_buf_printf(&list, "%s%s", k > 0 ? ", " : "",
		    task->classes[k]);
	mc_err_at(err, MC_EDATA, mc_table_name(r->table),
	    mc_table_line(r->table, r->row),
	    "column \"%s\": \"%s\" is none of the classes: %s", column, name,
	    list.data);
	mc_buf_free(&list);
	return MC_EDATA;
}

/* --- Values --------------------------------------------------------------- */

/*
 * Which p: column of FILE holds each class of NAMES, into MAP.  The columns
 * must be the classes; without DECLARED ones their order must be the same too.
 */
static enum mc_status
map_columns(const struct file *file, const struct mc_names *names,
    bool declared, size_t *map, struct mc_err *err)
{
	const char *path = mc_table_name(file->table);
	size_t i, k, n = mc_names_count(names);

	for (k = 0; k < n; k++)
		map[k] = MC_NO_NAME;
	for (i = 0; i < file->n_p; i++) {
		k = mc_names_find(names, p_name(file, i));
		if (k == MC_NO_NAME)
			return mc_err_at(err, MC_EDATA, path, 1,
			    "column \"p:%s\": not one of the task's classes",
			    p_name(file, i));
		if (k != i && !declared)
			return mc_err_at(err, MC_EDATA, path, 1, "the p: "
			    "columns come in another order than in another "
			    "file of the task: give the order with --classes");
		map[k] = file->p[i];
	}
	for (k = 0; k < n; k++) {
		if (map[k] == MC_NO_NAME)
			return mc_err_at(err, MC_EDATA, path, 1,
			    "no column \"p:%s\", a class of the task",
			    mc_names_at(names, k));
	}
	return MC_OK;
}

/* Read, check and rescale the N probabilities of R into P. */
static enum mc_status
read_p(const struct mc_prediction *r, const size_t *map, size_t n, double *p,
    struct mc_err *err)
{
	enum mc_status status;
	double sum = 0;
	size_t k;

	for (k = 0; k < n; k++) {
		status = mc_table_f64(r->table, r->row, map[k], 0,
		    1 + SUM_TOLERANCE, &p[k], err);
		if (status != MC_OK)
			return status;
		sum += p[k];
	}
	if (fabs(sum - 1) > SUM_TOLERANCE)
		return mc_err_at(err, MC_EDATA, mc_table_name(r->table),
		    mc_table_line(r->table, r->row),
		    "the p: columns sum to %g, not to 1", sum);
	for (k = 0; k < n; k++)
		p[k] /= sum;
	return MC_OK;
}

/* Fill in r->predicted from the column, from the probabilities, or both. */
static enum mc_status
set_predicted(const struct file *file, struct mc_prediction *r,
    const struct mc_names *names, const struct task *task, struct mc_err *err)
{
	const char *text = field(file, r->row, file->column[PREDICTED]);
	size_t best = 0, k, said;

	for (k = 1; r->p != NULL && k < task->n_classes; k++) {
		if (r->p[k] > r->p[best])
			best = k;
	}
	r->predicted = (int)best;
	if (*text == '\0' && r->p != NULL)
		return MC_OK;
	said = mc_names_find(names, text);
	if (said == MC_NO_NAME)
		return not_a_class(r, "predicted", text, task, err);
	if (r->p != NULL && r->p[said] < r->p[best])
		return mc_err_at(err, MC_EDATA, mc_table_name(r->table),
		    mc_table_line(r->table, r->row), "column \"predicted\": "
		    "\"%s\", but \"%s\" is the more probable: correct the "
		    "column, or leave it out", text, task->classes[best]);
	r->predicted = (int)said;
	return MC_OK;
}

/* Fill in label, p and predicted of the task's N rows. */
static enum mc_status
fill_rows(const struct mc_predictions *p, struct mc_prediction *rows, size_t n,
    const struct mc_names *names, bool declared, struct task *task,
    struct mc_err *err)
{
	size_t k = task->n_classes, mapped = p->n_files, i, label;
	size_t *map = mc_xcalloc(k, sizeof(*map));
	enum mc_status status = MC_OK;

	for (i = 0; i < n && status == MC_OK; i++) {
		struct mc_prediction *r = &rows[i];
		const struct file *file = &p->files[r->file];
		const char *text = field(file, r->row, file->column[LABEL]);

		label = mc_names_find(names, text);
		if (label == MC_NO_NAME) {
			status = not_a_class(r, "label", text, task, err);
			break;
		}
		r->label = (int)label;
		if (file->n_p > 0) {
			if (task->p == NULL)
				task->p = mc_xcalloc(n, k * sizeof(*task->p));
			if (r->file != mapped)
				status = map_columns(file, names, declared, map,
				    err);
			mapped = r->file;
			if (status == MC_OK)
				status = read_p(r, map, k, task->p + i * k,
				    err);
			r->p = task->p + i * k;
		}
		if (status == MC_OK)
			status = set_predicted(file, r, names, task, err);
	}
	free(map);
	return status;
}

static enum mc_status
fill_task(struct mc_predictions *p, struct mc_prediction *rows, size_t n,
    char *const *classes, struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	enum mc_status status;
	struct task *task;
	size_t k;

	p->tasks = mc_xgrow(p->tasks, p->n_tasks, &p->tasks_cap,
	    sizeof(*p->tasks));
	task = &p->tasks[p->n_tasks++];
	memset(task, 0, sizeof(*task));
	status = choose_classes(p, rows, n, classes, task, err);
	for (k = 0; k < task->n_classes && status == MC_OK; k++) {
		if (mc_names_add(names, task->classes[k]) != k)
			status = mc_err_set(err, MC_EUSAGE,
			    "--classes: \"%s\" stands there twice",
			    task->classes[k]);
		else if (*task->classes[k] == '\0')
			status = mc_err_set(err, MC_EUSAGE,
			    "--classes: an empty name");
	}
	if (status == MC_OK)
		status = fill_rows(p, rows, n, names, classes != NULL, task,
		    err);
	mc_names_free(names);
	return status;
}

/* --- Cells ---------------------------------------------------------------- */

/* Add the cell of the N rows, which belong to the last task. */
static enum mc_status
add_cell(struct mc_predictions *p, const struct mc_prediction *rows, size_t n,
    struct mc_err *err)
{
	const struct task *task = &p->tasks[p->n_tasks - 1];
	struct mc_cell *cell;
	size_t i;

	for (i = 1; i < n; i++) {
		if ((rows[i].p != NULL) != (rows->p != NULL))
			return mc_err_at(err, MC_EDATA,
			    mc_table_name(rows[i].table),
			    mc_table_line(rows[i].table, rows[i].row),
			    "%s p: columns, unlike %s:%lld of the same task, "
			    "arm and split", rows[i].p != NULL ? "has" :
			    "has no", mc_table_name(rows->table),
			    (long long)mc_table_line(rows->table, rows->row));
	}
	p->cells = mc_xgrow(p->cells, p->n_cells, &p->cells_cap,
	    sizeof(*p->cells));
	cell = &p->cells[p->n_cells++];
	cell->rows = rows;
	cell->n = n;
	cell->key = rows->key;
	cell->classes = (const char *const *)task->classes;
	cell->n_classes = task->n_classes;
	cell->has_p = rows->p != NULL;
	return MC_OK;
}

/* Go through the sorted rows: a task at a time, then a cell at a time. */
static enum mc_status
divide(struct mc_predictions *p, char *const *classes, struct mc_err *err)
{
	struct mc_prediction *rows = p->rows;
	enum mc_status status = MC_OK;
	size_t i, j, end;

	for (i = 0; i < p->n_rows && status == MC_OK; i = end) {
		for (end = i + 1; end < p->n_rows &&
		    strcmp(rows[end].key[MC_KEY_TASK],
		    rows[i].key[MC_KEY_TASK]) == 0; end++)
			;
		status = fill_task(p, rows + i, end - i, classes, err);
		for (j = i; i < end && status == MC_OK; i = j) {
			while (j < end && compare_keys(&rows[i], &rows[j]) == 0)
				j++;
			status = add_cell(p, rows + i, j - i, err);
		}
	}
	return status;
}

enum mc_status
mc_predictions_read(struct mc_predictions **result, char *const *paths,
    size_t n, char *const *classes, struct mc_err *err)
{
	struct mc_predictions *p = mc_xcalloc(1, sizeof(*p));
	enum mc_status status;

	*result = NULL;
	p->n_files = n;
	p->files = mc_xcalloc(n, sizeof(*p->files));
	status = read_files(p, paths, err);
	if (status == MC_OK)
		status = sort_rows(p, err);
	if (status == MC_OK)
		status = divide(p, classes, err);
	if (status != MC_OK) {
		mc_predictions_free(p);
		return status;
	}
	*result = p;
	return MC_OK;
}

void
mc_predictions_free(struct mc_predictions *p)
{
	size_t i, k;

	if (p == NULL)
		return;
	for (i = 0; i < p->n_files; i++) {
		mc_table_free(p->files[i].table);
		free(p->files[i].p);
	}
	for (i = 0; i < p->n_tasks; i++) {
		for (k = 0; k < p->tasks[i].n_classes; k++)
			free(p->tasks[i].classes[k]);
		free(p->tasks[i].classes);
		free(p->tasks[i].p);
	}
	free(p->files);
	free(p->tasks);
	free(p->rows);
	free(p->cells);
	free(p);
}

size_t
mc_predictions_cells(const struct mc_predictions *p)
{
	return p->n_cells;
}

const struct mc_cell *
mc_predictions_cell(const struct mc_predictions *p, size_t cell)
{
	return &p->cells[cell];
}
