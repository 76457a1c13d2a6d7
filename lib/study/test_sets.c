/* test_sets.c - find the test sets of runs. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/test_sets.h"

/* Whether SHARED of the images of A and B are nearly all of the fewer. */
static bool
nearly_all(const struct mc_run *a, const struct mc_run *b, size_t shared)
{
	size_t fewer = a->n < b->n ? a->n : b->n;

	return 10 * shared > 9 * fewer;
}

/*
 * Find run NUMBER among the test sets so far; *SET becomes its number, or X->n
 * if it is of none of them.
 */
static enum mc_status
find_set(const struct mc_test_sets *x, const struct mc_runs *r, size_t number,
    size_t *set, struct mc_err *err)
{
	const struct mc_run *run = mc_runs_at(r, number);
	enum mc_status status = MC_OK;
	size_t s, shared;

	*set = x->n;
	for (s = 0; s < x->n && status == MC_OK; s++) {
		const struct mc_run *other = mc_runs_at(r, x->first[s]);

		status = mc_runs_shared(r, x->first[s], number, &shared, err);
		if (status != MC_OK)
			return status;
		if (shared == run->n && shared == other->n)
			*set = s;
		else if (nearly_all(run, other, shared))
			status = mc_runs_check_same(r, x->first[s], number,
			    err);
	}
	return status;
}

static int
compare_numbers(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

/* Count the images of all test sets, each once. */
static size_t
count_images(const struct mc_test_sets *x, const struct mc_runs *r)
{
	size_t all = 0, n = 0, s, i;
	uint32_t *id;

	for (s = 0; s < x->n; s++)
		all += mc_runs_at(r, x->first[s])->n;
	id = mc_xcalloc(all, sizeof(*id));
	for (s = all = 0; s < x->n; s++) {
		const struct mc_run *run = mc_runs_at(r, x->first[s]);

		for (i = 0; i < run->n; i++)
			id[all++] = run->rows[i].id;
	}
	qsort(id, all, sizeof(*id), compare_numbers);
	for (i = 0; i < all; i++)
		n += i == 0 || id[i] != id[i - 1];
	free(id);
	return n;
}

enum mc_status
mc_test_sets_find(struct mc_test_sets *x, const struct mc_runs *r,
    const struct mc_run_set *set, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	memset(x, 0, sizeof(*x));
	x->of = mc_xcalloc(set->n, sizeof(*x->of));
	x->first = mc_xcalloc(set->n, sizeof(*x->first));
	for (i = 0; i < set->n && status == MC_OK; i++) {
		status = find_set(x, r, set->run[i], &x->of[i], err);
		if (status == MC_OK && x->of[i] == x->n)
			x->first[x->n++] = set->run[i];
	}
	if (status == MC_OK)
		x->n_images = count_images(x, r);
	return status;
}

void
mc_test_sets_clear(struct mc_test_sets *x)
{
	free(x->of);
	free(x->first);
	memset(x, 0, sizeof(*x));
}
