/* division_parts.c - divide units into splits and folds. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/division_internal.h"

/*
 * Number the units of the rows that are not LEFT, in their order: NUMBER[u],
 * NO_PART for the other units.  Returns how many there are.
 */
static size_t
number_units(const struct mc_division *s, const bool *left, uint32_t *number)
{
	size_t row, u, n = 0;

	memset(number, 0, s->units.n * sizeof(*number));
	for (row = 0; row < s->rows; row++) {
		if (!left[row])
			number[s->units.of_row[row]] = 1;
	}
	for (u = 0; u < s->units.n; u++)
		number[u] = number[u] ? (uint32_t)n++ : NO_PART;
	return n;
}

static bool
any_left(const struct mc_division *s, const bool *left)
{
	return memchr(left, true, s->rows) != NULL;
}

/* Divide the units of IN: *PART, to be freed, is the part of each. */
static enum mc_status
divide_units(const struct mc_division *s, const struct div_job *job,
    const struct mc_split *in, uint32_t **part, struct mc_err *err)
{
	double q;

	if (in->units < in->parts)
		return mc_err_set(err, MC_EDATA, "%s: %zu group%s cannot be "
		    "divided into %zu %ss", mc_table_name(s->t), in->units,
		    MC_PLURAL(in->units), in->parts, job->purpose);
	*part = mc_xreallocarray(NULL, in->units, sizeof(**part));
	q = mc_split_units(in, (uint64_t)s->o->seed, job->purpose, *part);
	mc_say(s->o->detail, "%ss: objective %.4g", job->purpose, q);
	return MC_OK;
}

/* Divide all units, for which the rows need not be copied. */
static enum mc_status
divide_all(const struct mc_division *s, const struct div_job *job,
    uint32_t *result, struct mc_err *err)
{
	struct mc_split in = job->how;
	uint32_t *part = NULL;
	enum mc_status status;
	size_t row;

	in.rows = s->rows;
	in.units = s->units.n;
	in.unit = s->units.of_row;
	status = divide_units(s, job, &in, &part, err);
	for (row = 0; row < s->rows && status == MC_OK; row++)
		result[row] = part[s->units.of_row[row]];
	free(part);
	return status;
}

enum mc_status
div_divide(const struct mc_division *s, const struct div_job *job,
    uint32_t *result, struct mc_err *err)
{
	const struct mc_split *how = &job->how;
	const bool *left = job->left;
	uint32_t *number, *unit, *stratum;
	size_t *first;
	struct mc_split in = *how;
	enum mc_status status = MC_OK;
	uint32_t *part = NULL;
	size_t row, i, n = 0;

	if (!any_left(s, left))
		return divide_all(s, job, result, err);
	number = mc_xreallocarray(NULL, s->units.n, sizeof(*number));
	unit = mc_xreallocarray(NULL, s->rows, sizeof(*unit));
	first = mc_xcalloc(s->rows + 1, sizeof(*first));
	stratum = mc_xreallocarray(NULL, how->first[s->rows] + 1,
	    sizeof(*stratum));
	in.units = number_units(s, left, number);
	for (row = 0; row < s->rows; row++) {
		if (left[row])
			continue;
		unit[in.rows] = number[s->units.of_row[row]];
		for (i = how->first[row]; i < how->first[row + 1]; i++)
			stratum[n++] = how->stratum[i];
		first[++in.rows] = n;
	}
	in.unit = unit;
	in.first = first;
	in.stratum = stratum;
	status = divide_units(s, job, &in, &part, err);
	if (status != MC_OK)
		goto out;
	for (row = 0; row < s->rows; row++)
		result[row] = left[row] ? NO_PART :
		    part[number[s->units.of_row[row]]];
out:
	free(number);
	free(unit);
	free(first);
	free(stratum);
	free(part);
	return status;
}

/*
 * The shares of the splits: as given, or the numbers of images, of which the one
 * that is 0 becomes what is left of the rows that are not kept.
 */
static enum mc_status
find_shares(const struct mc_division *s, double *share, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	size_t row, rows = 0, p, rest = 0;
	double sum = 0;

	memcpy(share, o->share, o->parts * sizeof(*share));
	if (!o->counts)
		return MC_OK;
	for (row = 0; row < s->rows; row++)
		rows += !s->kept[row];
	for (p = 0; p < o->parts; p++) {
		sum += share[p];
		rest = share[p] == 0 ? p : rest;
	}
	if (sum >= (double)rows)
		return mc_err_set(err, MC_EDATA, "%s: --counts: %.0f images "
		    "are asked for, and there are %zu: none is left for split "
		    "\"%s\"", mc_table_name(s->t), sum, rows, o->name[rest]);
	share[rest] = (double)rows - sum;
	return MC_OK;
}

enum mc_status
div_splits(struct mc_division *s, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	double *share = mc_xcalloc(o->parts, sizeof(*share));
	const struct div_job job = { .left = s->kept, .purpose = "split",
	    .how = { .first = s->labels.first, .stratum = s->labels.of,
	    .strata = mc_names_count(s->labels.names), .parts = o->parts,
	    .share = share } };
	const struct div_parts named = { .n = o->parts, .kind = "split",
	    .names = o->name };
	enum mc_status status = find_shares(s, share, err);

	s->part = mc_xreallocarray(NULL, s->rows, sizeof(*s->part));
	if (status == MC_OK)
		status = div_divide(s, &job, s->part, err);
	if (status == MC_OK)
		div_warn_classes(s, s->part, &named);
	free(share);
	return status;
}

enum mc_status
div_folds(struct mc_division *s, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	const struct mc_labels *l = &s->labels;
	size_t strata = mc_names_count(l->names), row, i;
	uint32_t *stratum = mc_xreallocarray(NULL, l->first[s->rows] + 1,
	    sizeof(*stratum));
	double *share = mc_xreallocarray(NULL, (size_t)o->folds,
	    sizeof(*share));
	const struct div_job job = { .left = s->kept, .purpose = "fold",
	    .how = { .first = l->first, .stratum = stratum,
	    .strata = strata * (s->part != NULL ? o->parts : 1),
	    .parts = (size_t)o->folds, .share = share } };
	const struct div_parts named = { .n = (size_t)o->folds,
	    .kind = "fold" };
	enum mc_status status;

	for (row = 0; row < s->rows; row++) {
		for (i = l->first[row]; i < l->first[row + 1]; i++) {
			stratum[i] = l->of[i];
			if (s->part != NULL && !s->kept[row])
				stratum[i] += s->part[row] * (uint32_t)strata;
		}
	}
	for (i = 0; i < (size_t)o->folds; i++)
		share[i] = 1;
	s->fold = mc_xreallocarray(NULL, s->rows, sizeof(*s->fold));
	status = div_divide(s, &job, s->fold, err);
	if (status == MC_OK)
		div_warn_classes(s, s->fold, &named);
	free(stratum);
	free(share);
	return status;
}
