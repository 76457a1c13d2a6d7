/* wide.c - look at a population table as a wide one. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/wide.h"

/* --- Rows ----------------------------------------------------------------- */

const struct mc_population_row *
mc_wide_row(const struct mc_wide *w, size_t i)
{
	return mc_rows_get(w->pop, i);
}

const char *
mc_wide_own(const struct mc_wide *w, const struct mc_population_row *row)
{
	return w->by_label ? row->label : row->split;
}

const char *
mc_wide_other(const struct mc_wide *w, const struct mc_population_row *row)
{
	return w->by_label ? row->split : row->label;
}

bool
mc_wide_is_total(const struct mc_wide *w, const char *name)
{
	return strcmp(name, w->total) == 0;
}

bool
mc_wide_is_whole(const struct mc_wide *w, const struct mc_population_row *row)
{
	return mc_wide_is_total(w, row->split) &&
	    mc_wide_is_total(w, row->label);
}

/* No field holds a TAB. */
static char *
make_key(const char *part, const char *other, const char *column,
    const char *value, const char *unit)
{
	return mc_xasprintf("%s\t%s\t%s\t%s\t%s", part, other, column, value,
	    *column == '\0' ? unit : "");
}

const struct mc_population_row *
mc_wide_find(const struct mc_wide *w, const char *part,
    const struct mc_population_row *line)
{
	char *key = make_key(part, mc_wide_other(w, line), line->column,
	    line->value, line->unit);
	size_t i = mc_names_find(w->keys, key);

	free(key);
	return i == MC_NO_NAME ? NULL : mc_wide_row(w, i);
}

/* Number the rows by what they are about. */
static enum mc_status
read_rows(struct mc_wide *w, struct mc_err *err)
{
	size_t n = mc_rows_count(w->pop), i, known;
	enum mc_status status = MC_OK;

	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_population_row *row = mc_wide_row(w, i);
		char *key = make_key(mc_wide_own(w, row), mc_wide_other(w, row),
		    row->column, row->value, row->unit);

		known = mc_names_copy(w->keys, key);
		free(key);
		w->has_groups |= strcmp(row->unit, "group") == 0;
		if (known != i) {
			char *first = mc_xstrdup(mc_rows_place(w->pop, known));

			status = mc_err_set(err, MC_EDATA, "%s: duplicate: "
			    "the same number is at %s",
			    mc_rows_place(w->pop, i), first);
			free(first);
		}
	}
	return status;
}

/* --- Parts ---------------------------------------------------------------- */

size_t
mc_wide_rank(const char *part)
{
	static const char *const usual[MC_USUAL_PARTS] = { "train", "val",
	    "test" };
	size_t i;

	for (i = 0; i < MC_USUAL_PARTS && strcmp(usual[i], part) != 0; i++)
		;
	return i;
}

static void
sort_parts(struct mc_wide *w)
{
	size_t at, i, k;

	w->n_parts = mc_names_count(w->parts);
	w->order = mc_xcalloc(w->n_parts, sizeof(*w->order));
	w->compared = mc_xcalloc(w->n_parts, sizeof(*w->compared));
	for (i = 0; i < w->n_parts; i++) {
		at = mc_wide_rank(mc_names_at(w->parts, i));
		for (k = i; k > 0 && mc_wide_rank(mc_names_at(w->parts,
		    w->order[k - 1])) > at; k--)
			w->order[k] = w->order[k - 1];
		w->order[k] = i;
	}
}

const char *
mc_wide_part(const struct mc_wide *w, size_t i)
{
	return i < w->n_parts ? mc_names_at(w->parts, w->order[i]) : w->total;
}

/* Whether a row is of a split, or of a label, that is not the total. */
static bool
has_level(const struct mc_wide *w, bool of_label)
{
	size_t n = mc_rows_count(w->pop), i;

	for (i = 0; i < n; i++) {
		const struct mc_population_row *row = mc_wide_row(w, i);

		if (!mc_wide_is_total(w, of_label ? row->label : row->split))
			return true;
	}
	return false;
}

/* Whether labels are compared, over all splits. */
static bool
compares_labels(const struct mc_wide *w)
{
	size_t n = mc_rows_count(w->pop), i;

	for (i = 0; i < n; i++) {
		const struct mc_population_row *row = mc_wide_row(w, i);

		if (!isnan(row->smd) && mc_wide_is_total(w, row->split))
			return true;
	}
	return false;
}

static enum mc_status
find_parts(struct mc_wide *w, enum mc_across across, struct mc_err *err)
{
	size_t n = mc_rows_count(w->pop), i;

	w->by_label = across == MC_ACROSS_LABEL ||
	    (across == MC_ACROSS_DEFAULT && (!has_level(w, false) ||
	    compares_labels(w)));
	if (across != MC_ACROSS_DEFAULT && !has_level(w, w->by_label))
		return mc_err_set(err, MC_EDATA, "%s: no row of a %s: the "
		    "study is not divided by it", mc_rows_name(w->pop, 0),
		    w->by_label ? "label" : "split");
	for (i = 0; i < n; i++) {
		const struct mc_population_row *row = mc_wide_row(w, i);

		if (mc_wide_is_total(w, mc_wide_other(w, row)) &&
		    !mc_wide_is_total(w, mc_wide_own(w, row)))
			mc_names_add(w->parts, mc_wide_own(w, row));
	}
	sort_parts(w);
	return MC_OK;
}

/*
 * Whether ROW is the share of a label in a split that is compared with another
 * split.  The table has no such number of a split in a label.
 */
static bool
is_share(const struct mc_wide *w, const struct mc_population_row *row)
{
	return *row->column == '\0' && !w->by_label;
}

double
mc_wide_smd(const struct mc_wide *w, const struct mc_population_row *row)
{
	return mc_wide_is_total(w, mc_wide_other(w, row)) || is_share(w, row) ?
	    row->smd : NAN;
}

/* Find which parts are compared in a line: they have a column for it. */
static void
find_compared(struct mc_wide *w)
{
	size_t n = mc_rows_count(w->pop), i, k;

	for (i = 0; i < n; i++) {
		const struct mc_population_row *row = mc_wide_row(w, i);

		for (k = 0; k < w->n_parts; k++) {
			if (!isnan(mc_wide_smd(w, row)) && strcmp(
			    mc_wide_own(w, row), mc_wide_part(w, k)) == 0)
				w->compared[k] = true;
		}
	}
}


/* --- The table ------------------------------------------------------------ */

enum mc_status
mc_wide_read(struct mc_wide *w, struct mc_rows *pop, enum mc_across across,
    struct mc_err *err)
{
	size_t n = mc_rows_count(pop);
	const struct mc_population_row *last;
	enum mc_status status;

	*w = (struct mc_wide){ .pop = pop, .keys = mc_names_alloc(),
	    .parts = mc_names_alloc() };
	if (n == 0)
		return mc_err_at(err, MC_EDATA, mc_rows_name(pop, 0), 0,
		    "a header, but no rows: run mc-describe again");
	last = mc_wide_row(w, n - 1);
	if (strcmp(last->split, last->label) != 0)
		return mc_err_set(err, MC_EDATA, "%s: split \"%s\" and label "
		    "\"%s\", but the last row must be of the total: give the "
		    "table as mc-describe writes it", mc_rows_place(pop,
		    n - 1), last->split, last->label);
	w->total = last->split;
	status = find_parts(w, across, err);
	if (status == MC_OK)
		status = read_rows(w, err);
	if (status == MC_OK)
		find_compared(w);
	return status;
}

void
mc_wide_clear(struct mc_wide *w)
{
	mc_names_free(w->keys);
	mc_names_free(w->parts);
	free(w->order);
	free(w->compared);
}
