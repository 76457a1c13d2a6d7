/* pool.c - pool the folds of a cross-validation into one run. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/pool.h"

/* A row of one of several folds. */
struct fold_row {
	const struct mc_run *run;
	size_t row;
	uint32_t fold;
};

static int
compare_ids(const void *va, const void *vb)
{
	const struct fold_row *a = va, *b = vb;
	uint32_t x = a->run->rows[a->row].id, y = b->run->rows[b->row].id;

	if (x != y)
		return x < y ? -1 : 1;
	return (a->fold > b->fold) - (a->fold < b->fold);
}

/* Sort the rows of N runs by their ids, each of which may be there once. */
static enum mc_status
sort_folds(const struct mc_run *const *folds, size_t n, struct fold_row *rows,
    struct mc_err *err)
{
	size_t all = 0, f, i;

	for (f = 0; f < n; f++) {
		for (i = 0; i < folds[f]->n; i++)
			rows[all++] = (struct fold_row){ folds[f], i,
			    (uint32_t)f };
	}
	qsort(rows, all, sizeof(*rows), compare_ids);
	for (i = 1; i < all; i++) {
		const struct fold_row *a = &rows[i - 1], *b = &rows[i];

		if (a->run->rows[a->row].id == b->run->rows[b->row].id)
			return mc_err_at(err, MC_EDATA, mc_run_file(b->run,
			    b->row), b->run->rows[b->row].line, "id \"%s\" is "
			    "in folds \"%s\" and \"%s\": repeated splits are "
			    "not a cross-validation and cannot be pooled",
			    mc_run_id(b->run, b->row),
			    a->run->key[MC_KEY_FOLD],
			    b->run->key[MC_KEY_FOLD]);
	}
	return MC_OK;
}

/* Whether all folds have probabilities, or none. */
static enum mc_status
check_p(const struct fold_row *rows, size_t all, bool has_p,
    struct mc_err *err)
{
	size_t i;

	for (i = 0; i < all; i++) {
		const struct mc_run *from = rows[i].run;

		if ((from->p != NULL) != has_p)
			return mc_err_at(err, MC_EDATA, mc_run_file(from, 0),
			    from->rows[0].line, "fold \"%s\" %s p: columns, "
			    "unlike another of the same arm",
			    from->key[MC_KEY_FOLD],
			    from->p != NULL ? "has" : "has no");
	}
	return MC_OK;
}

/* Copy row I of X, which has room, from a fold. */
static void
copy_row(struct mc_pooled *x, size_t i, const struct fold_row *from,
    size_t width)
{
	const struct mc_run *run = from->run;
	size_t k = run->n_classes;

	x->rows[i] = run->rows[from->row];
	x->fold[i] = from->fold;
	if (width > 0)
		memcpy(x->further + i * width, run->further +
		    from->row * width, width * sizeof(*x->further));
	if (x->p != NULL)
		memcpy(x->p + i * k, run->p + from->row * k,
		    k * sizeof(*x->p));
	if (run->o != NULL)
		memcpy(x->o + i * k, run->o + from->row * k,
		    k * sizeof(*x->o));
}

/* Make the arrays of X of ALL sorted rows. */
static void
copy_rows(struct mc_pooled *x, const struct fold_row *rows, size_t all,
    size_t width)
{
	size_t k = x->run.n_classes, i;
	bool has_o = false;

	for (i = 0; i < all; i++)
		has_o |= rows[i].run->o != NULL;
	x->rows = mc_xcalloc(all, sizeof(*x->rows));
	x->fold = mc_xcalloc(all, sizeof(*x->fold));
	x->further = mc_xcalloc(all, width * sizeof(*x->further));
	if (x->run.p != NULL)
		x->p = mc_xcalloc(all, k * sizeof(*x->p));
	if (has_o)
		x->o = mc_xcalloc(all, k * sizeof(*x->o));
	for (i = 0; i < all; i++)
		copy_row(x, i, &rows[i], width);
	x->run.key[MC_KEY_FOLD] = "";
	x->run.train_images = 0;
	x->run.n = all;
	x->run.rows = x->rows;
	x->run.p = x->p;
	x->run.o = x->o;
	x->run.further = x->further;
}

enum mc_status
mc_pool(const struct mc_run *const *folds, size_t n, size_t width,
    struct mc_pooled *x, struct mc_err *err)
{
	enum mc_status status;
	struct fold_row *rows;
	size_t all = 0, i;

	*x = (struct mc_pooled){ .run = *folds[0], .n_folds = n };
	if (n == 1)
		return MC_OK;
	for (i = 0; i < n; i++)
		all += folds[i]->n;
	rows = mc_xcalloc(all, sizeof(*rows));
	status = sort_folds(folds, n, rows, err);
	if (status == MC_OK)
		status = check_p(rows, all, folds[0]->p != NULL, err);
	if (status == MC_OK)
		copy_rows(x, rows, all, width);
	free(rows);
	return status;
}

void
mc_pooled_clear(struct mc_pooled *x)
{
	free(x->rows);
	free(x->p);
	free(x->o);
	free(x->further);
	free(x->fold);
	memset(x, 0, sizeof(*x));
}
