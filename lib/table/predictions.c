/* predictions.c - read predictions tables: the order of runs and rows. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/predictions_internal.h"

/* --- Order ---------------------------------------------------------------- */

/* From numbers in which the texts came to numbers in their byte order. */
static void
renumber_texts(struct mc_predictions *p)
{
	uint32_t *id = mc_names_renumber(p->ids);
	uint32_t *group = mc_names_renumber(p->groups);
	uint32_t *further = mc_names_renumber(p->further);
	size_t c, i;

	for (c = 0; c < p->n_runs; c++) {
		struct mc_predictions_run *run = p->runs[c];

		for (i = 0; i < run->shown.n; i++) {
			run->rows[i].id = id[run->rows[i].id];
			run->rows[i].group = group[run->rows[i].group];
			run->rows[i].unit = group[run->rows[i].unit];
		}
		for (i = 0; i < run->shown.n * p->n_further; i++)
			run->further[i] = further[run->further[i]];
	}
	free(id);
	free(group);
	free(further);
}

static int
compare_runs(const void *va, const void *vb)
{
	const struct mc_predictions_run *const *a = va, *const *b = vb;
	int c = 0, k;

	for (k = 0; k < MC_KEYS && c == 0; k++)
		c = strcmp((*a)->shown.key[k], (*b)->shown.key[k]);
	return c;
}

static int
compare_numbers(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

void
mc_predictions_sort(uint64_t *keys, size_t n)
{
	size_t i;

	for (i = 1; i < n && keys[i - 1] < keys[i]; i++)
		;
	if (i < n)
		qsort(keys, n, sizeof(*keys), compare_numbers);
}

/* Row FROM of the run becomes row TO; TO may be n, the one to spare. */
static void
move_row(struct mc_predictions_run *run, size_t n_further, size_t to,
    size_t from)
{
	run->rows[to] = run->rows[from];
	if (run->n_p > 0)
		memcpy(run->p + to * run->n_p, run->p + from * run->n_p,
		    run->n_p * sizeof(*run->p));
	if (run->has_o)
		memcpy(run->o + to * run->n_p, run->o + from * run->n_p,
		    run->n_p * sizeof(*run->o));
	if (n_further > 0)
		memcpy(run->further + to * n_further,
		    run->further + from * n_further,
		    n_further * sizeof(*run->further));
}

/* Row (uint32_t)KEYS[i] becomes row i, in place, one cycle after the other. */
static void
permute_rows(struct mc_predictions_run *run, size_t n_further,
    uint64_t *keys)
{
	size_t n = run->shown.n, i, to, from;

	for (i = 0; i < n; i++) {
		if ((uint32_t)keys[i] == i)
			continue;
		move_row(run, n_further, n, i);
		for (to = i; (from = (uint32_t)keys[to]) != i; to = from) {
			move_row(run, n_further, to, from);
			keys[to] = to;
		}
		move_row(run, n_further, to, n);
		keys[to] = to;
	}
}

/* The first row whose id does not come behind the one before, or n. */
static size_t
first_unsorted(const struct mc_predictions_run *run)
{
	size_t i;

	for (i = 1; i < run->shown.n; i++) {
		if (run->rows[i - 1].id >= run->rows[i].id)
			break;
	}
	return i;
}

static enum mc_status
sort_rows(const struct mc_predictions *p, struct mc_predictions_run *run,
    struct mc_err *err)
{
	const struct mc_prediction *a, *b;
	size_t n = run->shown.n, i;
	uint64_t *keys;

	if (first_unsorted(run) == n)
		return MC_OK;
	keys = mc_xreallocarray(NULL, n, sizeof(*keys));
	for (i = 0; i < n; i++)
		keys[i] = (uint64_t)run->rows[i].id << 32 | i;
	mc_predictions_sort(keys, n);
	permute_rows(run, p->n_further, keys);
	free(keys);
	if ((i = first_unsorted(run)) == n)
		return MC_OK;
	a = &run->rows[i - 1];
	b = &run->rows[i];
	return mc_err_at(err, MC_EDATA, p->files[b->file].name, b->line,
	    "duplicate key: id \"%s\" with the same task, arm and so on is "
	    "also at %s:%lu%s", mc_names_at(p->ids, b->id),
	    p->files[a->file].name, (unsigned long)a->line,
	    a->file == b->file ? "" :
	    ": if they are two arms, name one with mc-predict --arm");
}

static enum mc_status
sort_runs(struct mc_predictions *p, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t c;

	renumber_texts(p);
	if (p->n_runs > 1)
		qsort(p->runs, p->n_runs, sizeof(*p->runs), compare_runs);
	for (c = 0; c < p->n_runs && status == MC_OK; c++)
		status = sort_rows(p, p->runs[c], err);
	return status;
}

/* --- The table ------------------------------------------------------------ */

static enum mc_status
declare_classes(struct mc_predictions *p, char *const *classes,
    struct mc_err *err)
{
	p->declared = mc_names_alloc();
	for (; *classes != NULL; classes++) {
		size_t n = mc_names_count(p->declared);

		if (**classes == '\0')
			return mc_err_set(err, MC_EUSAGE,
			    "--classes: an empty name");
		if (mc_names_copy(p->declared, *classes) != n)
			return mc_err_set(err, MC_EUSAGE, "--classes: \"%s\" "
			    "is given twice", *classes);
	}
	return MC_OK;
}

enum mc_status
mc_predictions_read(struct mc_predictions **result, char *const *paths,
    size_t n, const struct mc_predictions_options *options, struct mc_err *err)
{
	struct mc_predictions *p = mc_xcalloc(1, sizeof(*p));
	enum mc_status status = MC_OK;

	*result = NULL;
	p->ids = mc_names_alloc();
	p->groups = mc_names_alloc();
	p->labels = mc_names_alloc();
	p->further = mc_names_alloc();
	while (options->columns != NULL &&
	    options->columns[p->n_further] != NULL)
		p->n_further++;
	if (options->classes != NULL)
		status = declare_classes(p, options->classes, err);
	if (status == MC_OK)
		status = mc_predictions_gather(p, paths, n, options, err);
	if (status == MC_OK)
		status = sort_runs(p, err);
	if (status == MC_OK)
		status = mc_predictions_classify(p, err);
	if (status == MC_OK)
		*result = p;
	else
		mc_predictions_free(p);
	return status;
}

static void
free_run(struct mc_predictions_run *run)
{
	free(run->key);
	free(run->rows);
	free(run->p);
	free(run->o);
	free(run->further);
	free(run);
}

void
mc_predictions_free(struct mc_predictions *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->n_files; i++)
		free(p->files[i].name);
	for (i = 0; i < p->n_tasks; i++) {
		mc_names_free(p->tasks[i].columns);
		free(p->tasks[i].classes);
	}
	for (i = 0; i < p->n_runs; i++)
		free_run(p->runs[i]);
	mc_names_free(p->declared);
	mc_names_free(p->ids);
	mc_names_free(p->groups);
	mc_names_free(p->labels);
	mc_names_free(p->further);
	free(p->files);
	free(p->tasks);
	free(p->runs);
	free(p->note);
	free(p);
}

const char *
mc_predictions_note(const struct mc_predictions *p)
{
	return p->note;
}

size_t
mc_predictions_runs(const struct mc_predictions *p)
{
	return p->n_runs;
}

const struct mc_run *
mc_predictions_run(const struct mc_predictions *p, size_t run)
{
	return &p->runs[run]->shown;
}
