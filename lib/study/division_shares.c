/* division_shares.c - divide the training rows into shares. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/division_internal.h"

/* Whether mc-train may train on a row, by its split or without its fold. */
static bool
trains(const char *split, const char *fold)
{
	return strcmp(split, "train") == 0 ||
	    (*fold != '\0' && strcmp(split, "test") != 0);
}

/*
 * Number the parts of the training rows: PLACE[row] is that of its split and
 * fold, in byte order; other rows are LEFT.  Returns the number of parts.
 */
static size_t
find_places(const struct mc_division *s, bool *left, uint32_t *place)
{
	struct mc_names *names = mc_names_alloc();
	char number[MC_NUM_SIZE];
	uint32_t *sorted;
	size_t row, n;

	for (row = 0; row < s->rows; row++) {
		const char *split = div_split_of(s, row);
		const char *fold = div_fold_of(s, row, number);
		char *name;

		left[row] = !trains(split, fold);
		if (left[row])
			continue;
		name = mc_xasprintf("%s\t%s", split, fold);
		place[row] = (uint32_t)mc_names_copy(names, name);
		free(name);
	}
	n = mc_names_count(names);
	sorted = mc_names_renumber(names);
	for (row = 0; row < s->rows; row++)
		place[row] = left[row] ? 0 : sorted[place[row]];
	free(sorted);
	mc_names_free(names);
	return n;
}

static void
warn_of_shares(const struct mc_division *s)
{
	size_t n = s->o->n_shares, i;
	const char **names = mc_xcalloc(n, sizeof(*names));
	char (*text)[MC_NUM_SIZE] = mc_xcalloc(n, sizeof(*text));
	struct div_parts named = { .n = n, .nested = true, .kind = "share" };

	for (i = 0; i < n; i++)
		names[i] = mc_format_f64(text[i], s->o->shares[i]);
	named.names = names;
	div_warn_classes(s, s->within, &named);
	free(names);
	free(text);
}

/* Refuse a group in two of the splits or folds that are there already. */
static enum mc_status
check_places(const struct mc_division *s, struct mc_err *err)
{
	static const char remedy[] = "divide the manifest with mc-split";
	enum mc_status status = MC_OK;

	if (s->part == NULL)
		status = div_check_column(s, s->m.split, remedy, err);
	if (status == MC_OK && s->fold == NULL)
		status = div_check_column(s, s->m.fold, remedy, err);
	return status;
}

/*
 * The strata of rows in HOW: their labels and, where there are several PLACES,
 * the place of each; first and stratum are to be freed.
 */
static void
strata_of_shares(const struct mc_division *s, const uint32_t *place,
    size_t places, struct mc_split *how)
{
	const struct mc_labels *l = &s->labels;
	size_t classes = mc_names_count(l->names), row, i, n = 0;
	size_t *first = mc_xcalloc(s->rows + 1, sizeof(*first));
	uint32_t *stratum = mc_xreallocarray(NULL, l->first[s->rows] + s->rows,
	    sizeof(*stratum));

	for (row = 0; row < s->rows; row++) {
		for (i = l->first[row]; i < l->first[row + 1]; i++)
			stratum[n++] = l->of[i];
		if (places > 1)
			stratum[n++] = (uint32_t)classes + place[row];
		first[row + 1] = n;
	}
	how->first = first;
	how->stratum = stratum;
	how->strata = classes + places;
}

enum mc_status
div_shares(struct mc_division *s, struct mc_err *err)
{
	size_t n = s->o->n_shares, places, i;
	bool *left = mc_xcalloc(s->rows, sizeof(*left));
	uint32_t *place = mc_xcalloc(s->rows, sizeof(*place));
	double *share = mc_xcalloc(n, sizeof(*share));
	struct div_job job = { .left = left, .purpose = "share",
	    .how = { .parts = n, .share = share } };
	enum mc_status status = check_places(s, err);

	for (i = 0; i < n; i++)
		share[i] = s->o->shares[i] - (i > 0 ? s->o->shares[i - 1] : 0);
	places = find_places(s, left, place);
	strata_of_shares(s, place, places, &job.how);
	s->within = mc_xreallocarray(NULL, s->rows, sizeof(*s->within));
	if (status == MC_OK && places == 0)
		status = mc_err_set(err, MC_EDATA, "%s: --shares: no row is "
		    "of the split train or has a fold: give --folds, "
		    "or --ratio with a split train", mc_table_name(s->t));
	if (status == MC_OK)
		status = div_divide(s, &job, s->within, err);
	if (status == MC_OK)
		warn_of_shares(s);
	free((void *)(uintptr_t)job.how.first);
	free((void *)(uintptr_t)job.how.stratum);
	free(left);
	free(place);
	free(share);
	return status;
}
