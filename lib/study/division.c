/* division.c - divide the images of a manifest, groups whole. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "study/division_internal.h"

const char *
div_field(const struct mc_division *s, size_t row, int column)
{
	return mc_manifest_get(&s->m, row, column);
}

const char *
div_split_of(const struct mc_division *s, size_t row)
{
	return s->part != NULL && !s->kept[row] ? s->o->name[s->part[row]] :
	    div_field(s, row, s->m.split);
}

const char *
div_fold_of(const struct mc_division *s, size_t row, char number[MC_NUM_SIZE])
{
	if (s->fold == NULL)
		return div_field(s, row, s->m.fold);
	if (s->kept[row])
		return "";
	snprintf(number, MC_NUM_SIZE, "%u", s->fold[row] + 1);
	return number;
}

/* --- Reading -------------------------------------------------------------- */

/* The column NAME, or PRESET if that is NULL, which then may be missing. */
static enum mc_status
find_column(const struct mc_division *s, const char *name, const char *preset,
    int *column, struct mc_err *err)
{
	const char *wanted = name != NULL ? name : preset;

	return mc_table_bind(s->t, &wanted, 1, name != NULL, column, err);
}

/* Find the columns to stratify by. */
static enum mc_status
find_strata(struct mc_division *s, struct mc_err *err)
{
	const char *list = s->o->stratify;
	enum mc_status status = MC_OK;
	char **item;
	size_t i, j;

	s->stratify = -1;
	if (list != NULL && strcmp(list, "none") == 0)
		return MC_OK;
	if (list == NULL || strchr(list, ',') == NULL ||
	    mc_table_find(s->t, list) >= 0)
		return find_column(s, list, "label", &s->stratify, err);
	s->n_strata = mc_split_commas(list, &item);
	s->strata = mc_xcalloc(s->n_strata, sizeof(*s->strata));
	for (i = 0; i < s->n_strata && status == MC_OK; i++) {
		status = find_column(s, item[i], NULL, &s->strata[i], err);
		for (j = 0; j < i && status == MC_OK; j++) {
			if (s->strata[j] == s->strata[i])
				status = mc_err_set(err, MC_EUSAGE,
				    "--stratify: \"%s\" is given twice",
				    item[i]);
		}
	}
	s->stratify = s->strata[0];
	free(item);
	return status;
}

size_t
div_empty(const struct mc_division *s, int column)
{
	size_t row, n = 0;

	for (row = 0; row < s->rows; row++)
		n += *div_field(s, row, column) == '\0';
	return n;
}

/* No image is treated as a unit without a word. */
static void
warn_of_groups(const struct mc_division *s, const char *column)
{
	size_t empty = div_empty(s, s->columns.group);
	const char *name = mc_table_name(s->t);

	if (s->columns.group < 0)
		mc_say(s->o->warn, "%s: no column \"%s\": every image is "
		    "treated as independent, and nothing shows that it is",
		    name, column);
	else if (empty == s->rows)
		mc_say(s->o->warn, "%s: column \"%s\" is empty: every image is "
		    "treated as independent, and nothing shows that it is",
		    name, column);
	else if (empty > 0)
		mc_say(s->o->warn, "%s: column \"%s\" is empty in %zu of %zu "
		    "rows: each of these images is treated as a group of its "
		    "own",
		    name, column, empty, s->rows);
}

enum mc_status
mc_division_read(struct mc_division **result, const char *path,
    const struct mc_division_options *o, struct mc_err *err)
{
	struct mc_division *s = *result = mc_xcalloc(1, sizeof(*s));
	enum mc_status status;

	s->o = o;
	status = mc_manifest_read(&s->m, path, o->keep != NULL ?
	    MC_NEED_SPLIT : 0, err);
	s->t = s->m.table;
	if (status == MC_OK && o->check && o->against == NULL &&
	    s->m.fold < 0)
		status = find_column(s, "split", "split", &s->m.split, err);
	if (status == MC_OK && o->outer > 0)
		status = find_column(s, "fold", "fold", &s->m.fold, err);
	if (status != MC_OK)
		return status;
	s->rows = mc_table_rows(s->t);
	if (s->rows >= UINT32_MAX)
		return mc_err_set(err, MC_EDATA, "%s: more than %u rows",
		    mc_table_name(s->t), UINT32_MAX - 1);
	status = find_column(s, o->group, "group", &s->columns.group, err);
	s->columns.unit = o->group == NULL ? s->m.unit : -1;
	s->columns.same = s->m.sha256;
	if (status == MC_OK && o->outer > 0)
		status = div_outer(s, err);
	if (status == MC_OK)
		status = find_strata(s, err);
	if (status != MC_OK)
		return status;
	warn_of_groups(s, o->group != NULL ? o->group : "group");
	return MC_OK;
}

void
mc_division_free(struct mc_division *s)
{
	if (s == NULL)
		return;
	mc_manifest_clear(&s->m);
	free(s->strata);
	if (s->named.of_row != s->units.of_row)
		free(s->named.of_row);
	free(s->units.of_row);
	mc_labels_clear(&s->labels);
	mc_names_free(s->names);
	free(s->kept);
	free(s->part);
	free(s->fold);
	free(s->within);
	free(s);
}

/* --- Keeping --------------------------------------------------------------- */

#define NOT_KEPT "it cannot be kept; remove the rows on one side, or split " \
	"without --keep"

static enum mc_status
keep_all(struct mc_division *s, struct mc_err *err)
{
	size_t row;

	for (row = 0; row < s->rows; row++)
		s->kept[row] = true;
	return div_check_column(s, s->m.split, NOT_KEPT, err);
}

/*
 * Mark the rows whose split is in LIST.  A group, or identical bytes, that
 * stand both in such a split and elsewhere cannot be kept together.
 */
static enum mc_status
mark_kept(struct mc_division *s, const char *list, struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	uint32_t *part = mc_xcalloc(s->rows, sizeof(*part));
	enum mc_status status = MC_OK;
	size_t *rows, row, i, n;
	char **item;

	n = mc_split_commas(list, &item);
	rows = mc_xcalloc(n, sizeof(*rows));
	for (i = 0; i < n; i++)
		mc_names_add(names, item[i]);
	for (row = 0; row < s->rows; row++) {
		i = mc_names_find(names, div_field(s, row, s->m.split));
		s->kept[row] = i != MC_NO_NAME;
		if (s->kept[row]) {
			part[row] = (uint32_t)i + 1;
			rows[i]++;
		}
	}
	for (i = 0; i < mc_names_count(names) && status == MC_OK; i++) {
		if (rows[i] == 0)
			status = mc_err_set(err, MC_EDATA, "%s: --keep %s: no "
			    "row has this split", mc_table_name(s->t),
			    mc_names_at(names, i));
	}
	if (status == MC_OK)
		status = div_apart(s, part, s->m.split, NOT_KEPT, err);
	mc_names_free(names);
	free(item);
	free(rows);
	free(part);
	return status;
}

/* --- Units ---------------------------------------------------------------- */

/* Whether the names of the units say more than the column group. */
static bool
says_more(const struct mc_division *s, bool grouped)
{
	size_t row;

	if (s->m.unit >= 0 || (!grouped && s->named.n < s->rows))
		return true;
	for (row = 0; row < s->rows && grouped; row++) {
		if (strcmp(div_field(s, row, s->m.group), mc_names_at(s->names,
		    s->named.of_row[row])) != 0)
			return true;
	}
	return false;
}

/* What is independent by COLUMNS: mostly what is not torn apart. */
static void
find_named(struct mc_division *s, struct mc_unit_columns columns)
{
	if (columns.unit == s->columns.unit &&
	    columns.group == s->columns.group &&
	    columns.same == s->columns.same)
		s->named = s->units;
	else
		mc_units_find(&s->named, &s->m, columns);
}

/*
 * Name the units, where that says more than the column group.  They are made
 * of that column whatever --group says, which then only keeps together; where
 * nothing is known but --group, that is the group.
 */
static void
name_units(struct mc_division *s)
{
	bool grouped = div_empty(s, s->m.group) < s->rows;
	struct mc_unit_columns columns = s->columns;

	if (grouped || s->m.unit >= 0) {
		columns.unit = s->m.unit;
		columns.group = s->m.group;
	} else
		grouped = div_empty(s, columns.group) < s->rows;
	find_named(s, columns);
	if (!grouped && s->m.unit < 0 && s->named.n == s->rows)
		return;
	s->names = mc_units_names(&s->named, &s->m, columns);
	if (!says_more(s, grouped)) {
		mc_names_free(s->names);
		s->names = NULL;
	}
}

/* --- Writing -------------------------------------------------------------- */

/* The place of a column that is written: its own, or the next behind all. */
static size_t
place(int column, bool written, size_t *n)
{
	return column >= 0 || !written ? (size_t)column : (*n)++;
}

/* The manifest with what is new in its column, or in one after the others. */
static void
write_manifest(const struct mc_division *s, FILE *f)
{
	size_t columns = mc_table_columns(s->t), n = columns, row, c;
	const char **text = mc_xreallocarray(NULL, columns + 4, sizeof(*text));
	size_t split = place(s->m.split, s->part != NULL, &n);
	size_t fold = place(s->m.fold, s->fold != NULL, &n);
	size_t share = place(s->m.share, s->within != NULL, &n);
	size_t unit = place(s->m.unit, s->names != NULL, &n);
	char number[MC_NUM_SIZE], within[MC_NUM_SIZE];

	for (c = 0; c < columns; c++)
		text[c] = mc_table_column(s->t, c);
	if (s->part != NULL)
		text[split] = "split";
	if (s->fold != NULL)
		text[fold] = "fold";
	if (s->within != NULL)
		text[share] = "share";
	if (s->names != NULL)
		text[unit] = "unit";
	mc_tsv_write(f, text, n);
	for (row = 0; row < s->rows; row++) {
		for (c = 0; c < columns; c++)
			text[c] = mc_table_get(s->t, row, c);
		if (s->part != NULL)
			text[split] = div_split_of(s, row);
		if (s->fold != NULL)
			text[fold] = div_fold_of(s, row, number);
		if (s->within != NULL)
			text[share] = s->within[row] == NO_PART ? "" :
			    mc_format_f64(within,
			    s->o->shares[s->within[row]]);
		if (s->names != NULL)
			text[unit] = mc_names_at(s->names,
			    s->named.of_row[row]);
		mc_tsv_write(f, text, n);
	}
	free(text);
}

static enum mc_status
split(struct mc_division *s, FILE *f, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	bool divides = o->parts > 0 || o->folds > 0 || o->n_shares > 0 ||
	    o->leave_out != NULL;
	enum mc_status status = MC_OK;
	size_t joined;

	s->kept = mc_xcalloc(s->rows, sizeof(*s->kept));
	if (o->keep != NULL)
		status = strcmp(o->keep, "all") == 0 ? keep_all(s, err) :
		    mark_kept(s, o->keep, err);
	if (status == MC_OK && divides && (o->stratify == NULL ||
	    strcmp(o->stratify, "none") != 0))
		status = div_check_labels(s, err);
	if (status == MC_OK)
		status = div_read_labels(s, err);
	if (status != MC_OK)
		return status;
	joined = mc_units_find(&s->units, &s->m, s->columns);
	if (joined > 0)
		mc_say(s->o->detail, "copies join %zu %s to others", joined,
		    joined == 1 ? "group or image" : "groups or images");
	mc_say(s->o->detail, "%zu image%s in %zu unit%s, seed %lld", s->rows,
	    MC_PLURAL(s->rows), s->units.n, MC_PLURAL(s->units.n),
	    (long long)o->seed);
	div_warn_labels(s);
	name_units(s);
	if (o->parts > 0)
		status = div_splits(s, err);
	if (status == MC_OK && o->folds > 0)
		status = div_folds(s, err);
	if (status == MC_OK && o->leave_out != NULL)
		status = div_leave_out(s, err);
	if (status == MC_OK && o->n_shares > 0)
		status = div_shares(s, err);
	if (status == MC_OK)
		write_manifest(s, f);
	return status;
}

enum mc_status
mc_division_write(struct mc_division *s, FILE *f, struct mc_err *err)
{
	return s->o->check ? div_check(s, f, err) : split(s, f, err);
}
