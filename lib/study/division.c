/* division.c - divide the images of a manifest, groups whole. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "stats/split.h"
#include "study/division_internal.h"

#define MOST_SAID 5		/* lines on classes */

const char *
div_field(const struct mc_division *s, size_t row, int column)
{
	return mc_manifest_get(&s->m, row, column);
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
	if (status == MC_OK && o->check && s->m.fold < 0)
		status = find_column(s, "split", "split", &s->m.split, err);
	if (status != MC_OK)
		return status;
	s->rows = mc_table_rows(s->t);
	if (s->rows >= UINT32_MAX)
		return mc_err_set(err, MC_EDATA, "%s: more than %u rows",
		    mc_table_name(s->t), UINT32_MAX - 1);
	status = find_column(s, o->group, "group", &s->columns.group, err);
	s->columns.unit = o->group == NULL ? s->m.unit : -1;
	s->columns.same = s->m.sha256;
	s->stratify = -1;
	if (status == MC_OK && (o->stratify == NULL ||
	    strcmp(o->stratify, "none") != 0))
		status = find_column(s, o->stratify, "label", &s->stratify,
		    err);
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
	free(s->units.of_row);
	mc_labels_clear(&s->labels);
	free(s->named.of_row);
	mc_names_free(s->names);
	free(s->kept);
	free(s->part);
	free(s->fold);
	free(s->within);
	free(s);
}

/* --- Classes -------------------------------------------------------------- */

const char **
div_texts(const struct mc_division *s, int column)
{
	const char **text = mc_xreallocarray(NULL, s->rows, sizeof(*text));
	size_t row;

	for (row = 0; row < s->rows; row++)
		text[row] = div_field(s, row, column);
	return text;
}

/* Labels that hold several findings are not classes. */
static enum mc_status
check_joined(const struct mc_division *s, const char *const *text,
    struct mc_err *err)
{
	const char *example;
	size_t n = mc_labels_joined(text, s->rows, &example);

	if (n == 0)
		return MC_OK;
	if (s->o->check)
		return mc_err_set(err, MC_EDATA, "%s: %zu label%s hold%s "
		    "\"|\", such as \"%s\": give --multilabel to count each "
		    "finding, or --stratify none to count the images",
		    mc_table_name(s->t), n, n == 1 ? "" : "s",
		    n == 1 ? "s" : "", example);
	mc_say(s->o->warn, "%s: %zu label%s hold%s \"|\", such as \"%s\": each "
	    "is treated as a class of its own; give --multilabel to stratify "
	    "by each finding", mc_table_name(s->t), n, n == 1 ? "" : "s",
	    n == 1 ? "s" : "", example);
	return MC_OK;
}

enum mc_status
div_read_labels(struct mc_division *s, struct mc_err *err)
{
	enum mc_status status;
	struct mc_findings *f;
	const char **text;

	if (s->o->multilabel && s->stratify >= 0) {
		status = mc_findings_read(&f, &s->m, s->stratify,
		    s->o->no_finding, err);
		if (status == MC_OK)
			mc_labels_of_findings(&s->labels, f, s->rows);
		mc_findings_free(f);
		return status;
	}
	text = div_texts(s, s->stratify);
	status = check_joined(s, text, err);
	if (status == MC_OK)
		mc_labels_of_texts(&s->labels, text, s->rows);
	free(text);
	return status;
}

/* Whether the classes count: a class is missing nowhere, or everywhere. */
static enum mc_status
check_labels(struct mc_division *s, const char *column, struct mc_err *err)
{
	size_t empty = div_empty(s, s->stratify), row = 0;
	const char *name = mc_table_name(s->t);

	if (empty == 0)
		return MC_OK;
	if (empty == s->rows) {
		mc_say(s->o->warn, s->stratify < 0 ? "%s: no column \"%s\": "
		    "nothing is stratified" : "%s: column \"%s\" is empty: "
		    "nothing is stratified", name, column);
		s->stratify = -1;
		return MC_OK;
	}
	while (*div_field(s, row, s->stratify) != '\0')
		row++;
	return mc_err_at(err, MC_EDATA, name, mc_table_line(s->t, row),
	    "column \"%s\": empty (%zu such row%s): fill it, or give "
	    "--stratify none", column, empty, empty == 1 ? "" : "s");
}

/* --- Dividing ------------------------------------------------------------- */

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

/*
 * Divide the rows that are not LEFT by the strata and shares of HOW, in which
 * the strata are given for every row.  RESULT receives the part of each row,
 * NO_PART of those left.
 */
static enum mc_status
divide(const struct mc_division *s, const bool *left,
    const struct mc_split *how, const char *purpose, uint32_t *result,
    struct mc_err *err)
{
	uint32_t *number = mc_xreallocarray(NULL, s->units.n, sizeof(*number));
	uint32_t *unit = mc_xreallocarray(NULL, s->rows, sizeof(*unit));
	size_t *first = mc_xcalloc(s->rows + 1, sizeof(*first));
	uint32_t *stratum = mc_xreallocarray(NULL, how->first[s->rows] + 1,
	    sizeof(*stratum));
	struct mc_split in = *how;
	enum mc_status status = MC_OK;
	uint32_t *part = NULL;
	size_t row, i, n = 0;

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
	if (in.units < in.parts) {
		status = mc_err_set(err, MC_EDATA, "%s: %zu group%s cannot be "
		    "divided into %zu %ss", mc_table_name(s->t), in.units,
		    in.units == 1 ? "" : "s", in.parts, purpose);
		goto out;
	}
	part = mc_xreallocarray(NULL, in.units, sizeof(*part));
	mc_split_units(&in, (uint64_t)s->o->seed, purpose, part);
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

/* How many units have rows of CLASS that are in a part. */
static size_t
units_of_class(const struct mc_division *s, const uint32_t *part, size_t class)
{
	bool *seen = mc_xcalloc(s->units.n, sizeof(*seen));
	size_t row, i, n = 0;

	for (row = 0; row < s->rows; row++) {
		uint32_t unit = s->units.of_row[row];

		for (i = s->labels.first[row]; i < s->labels.first[row + 1];
		    i++) {
			if (s->labels.of[i] != class || part[row] == NO_PART ||
			    seen[unit])
				continue;
			seen[unit] = true;
			n++;
		}
	}
	free(seen);
	return n;
}

/* The parts in which IMAGES is 0, by NAMES or from 1; the caller frees it. */
static char *
list_empty(const size_t *images, size_t parts, const char *const *names)
{
	struct mc_buf list = { 0 };
	size_t p;

	for (p = 0; p < parts; p++) {
		if (images[p] > 0)
			continue;
		if (list.len > 0)
			mc_buf_puts(&list, ", ");
		if (names != NULL)
			mc_buf_puts(&list, names[p]);
		else
			mc_buf_printf(&list, "%zu", p + 1);
	}
	return list.data;
}

/*
 * Say which classes have no image in one of the parts, called KIND.  With
 * NESTED, each part also has the images of those before it.
 */
static void
warn_of_classes(const struct mc_division *s, const uint32_t *part, size_t parts,
    bool nested, const char *kind, const char *const *names)
{
	const struct mc_labels *l = &s->labels;
	size_t classes = mc_names_count(l->names), row, i, c, n, said = 0;
	size_t *images = mc_xcalloc(classes * parts, sizeof(*images));
	const char *what = s->o->multilabel ? "finding" : "class";
	char *empty;

	for (row = 0; row < s->rows; row++) {
		for (i = l->first[row]; i < l->first[row + 1] &&
		    part[row] != NO_PART; i++)
			images[l->of[i] * parts + part[row]]++;
	}
	for (c = 0; c < classes * parts && nested; c++) {
		if (c % parts > 0)
			images[c] += images[c - 1];
	}
	for (c = 0; c < classes && s->stratify >= 0; c++) {
		empty = list_empty(images + c * parts, parts, names);
		if (empty == NULL)
			continue;
		n = units_of_class(s, part, c);
		if (n > 0 && said++ < MOST_SAID)
			mc_say(s->o->warn, "%s: %s \"%s\" has %zu group%s, and "
			    "none in %s %s", mc_table_name(s->t), what,
			    mc_names_at(l->names, c), n, n == 1 ? "" : "s",
			    kind, empty);
		free(empty);
	}
	if (said > MOST_SAID)
		mc_say(s->o->warn, "%s: %zu more %s missing in a %s",
		    mc_table_name(s->t), said - MOST_SAID,
		    said > MOST_SAID + 1 ? s->o->multilabel ? "findings are" :
		    "classes are" : s->o->multilabel ? "finding is" :
		    "class is", kind);
	free(images);
}

static enum mc_status
divide_splits(struct mc_division *s, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	const struct mc_split how = { .first = s->labels.first,
	    .stratum = s->labels.of,
	    .strata = mc_names_count(s->labels.names), .parts = o->parts,
	    .share = o->share };
	enum mc_status status;

	s->part = mc_xreallocarray(NULL, s->rows, sizeof(*s->part));
	status = divide(s, s->kept, &how, "split", s->part, err);
	if (status == MC_OK)
		warn_of_classes(s, s->part, o->parts, false, "split", o->name);
	return status;
}

/*
 * Where the rows have just been split, each fold has equal shares of every
 * split too: a stratum is a class in a split.
 */
static enum mc_status
divide_folds(struct mc_division *s, struct mc_err *err)
{
	const struct mc_division_options *o = s->o;
	const struct mc_labels *l = &s->labels;
	size_t strata = mc_names_count(l->names), row, i;
	uint32_t *stratum = mc_xreallocarray(NULL, l->first[s->rows] + 1,
	    sizeof(*stratum));
	double *share = mc_xreallocarray(NULL, (size_t)o->folds,
	    sizeof(*share));
	const struct mc_split how = { .first = l->first, .stratum = stratum,
	    .strata = strata * (s->part != NULL ? o->parts : 1),
	    .parts = (size_t)o->folds, .share = share };
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
	status = divide(s, s->kept, &how, "fold", s->fold, err);
	if (status == MC_OK)
		warn_of_classes(s, s->fold, (size_t)o->folds, false, "fold",
		    NULL);
	free(stratum);
	free(share);
	return status;
}

/* --- Shares of the training rows ------------------------------------------ */

/* The split and the fold of ROW, as they are written. */
static const char *
split_of(const struct mc_division *s, size_t row)
{
	return s->part != NULL && !s->kept[row] ? s->o->name[s->part[row]] :
	    div_field(s, row, s->m.split);
}

static const char *
fold_of(const struct mc_division *s, size_t row, char number[MC_NUM_SIZE])
{
	if (s->fold == NULL)
		return div_field(s, row, s->m.fold);
	if (s->kept[row])
		return "";
	snprintf(number, MC_NUM_SIZE, "%u", s->fold[row] + 1);
	return number;
}

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
		const char *split = split_of(s, row);
		const char *fold = fold_of(s, row, number);
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

	for (i = 0; i < n; i++)
		names[i] = mc_format_f64(text[i], s->o->shares[i]);
	warn_of_classes(s, s->within, n, true, "share", names);
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

/*
 * Give each training row the smallest share that it is within.  Where these
 * rows have several splits or folds, each of those is a stratum too, beside the
 * classes: a class in a fold may be too small to be divided.
 */
static enum mc_status
divide_shares(struct mc_division *s, struct mc_err *err)
{
	size_t n = s->o->n_shares, places, i;
	bool *left = mc_xcalloc(s->rows, sizeof(*left));
	uint32_t *place = mc_xcalloc(s->rows, sizeof(*place));
	double *share = mc_xcalloc(n, sizeof(*share));
	struct mc_split how = { .parts = n, .share = share };
	enum mc_status status = check_places(s, err);

	for (i = 0; i < n; i++)
		share[i] = s->o->shares[i] - (i > 0 ? s->o->shares[i - 1] : 0);
	places = find_places(s, left, place);
	strata_of_shares(s, place, places, &how);
	s->within = mc_xreallocarray(NULL, s->rows, sizeof(*s->within));
	if (status == MC_OK && places == 0)
		status = mc_err_set(err, MC_EDATA, "%s: --shares: no row is "
		    "of the split train or has a fold: give --folds, "
		    "or --ratio with a split train", mc_table_name(s->t));
	if (status == MC_OK)
		status = divide(s, left, &how, "share", s->within, err);
	if (status == MC_OK)
		warn_of_shares(s);
	free((void *)(uintptr_t)how.first);
	free((void *)(uintptr_t)how.stratum);
	free(left);
	free(place);
	free(share);
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
	mc_units_find(&s->named, &s->m, columns);
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
			text[split] = split_of(s, row);
		if (s->fold != NULL)
			text[fold] = fold_of(s, row, number);
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
	bool divides = o->parts > 0 || o->folds > 0 || o->n_shares > 0;
	enum mc_status status = MC_OK;
	size_t joined;

	s->kept = mc_xcalloc(s->rows, sizeof(*s->kept));
	if (o->keep != NULL)
		status = strcmp(o->keep, "all") == 0 ? keep_all(s, err) :
		    mark_kept(s, o->keep, err);
	if (status == MC_OK && divides && (o->stratify == NULL ||
	    strcmp(o->stratify, "none") != 0))
		status = check_labels(s, o->stratify != NULL ? o->stratify :
		    "label", err);
	if (status == MC_OK)
		status = div_read_labels(s, err);
	if (status != MC_OK)
		return status;
	joined = mc_units_find(&s->units, &s->m, s->columns);
	if (joined > 0)
		mc_say(s->o->detail, "copies join %zu %s to others", joined,
		    joined == 1 ? "group or image" : "groups or images");
	mc_say(s->o->detail, "%zu images in %zu units, seed %lld", s->rows,
	    s->units.n, (long long)o->seed);
	div_warn_labels(s);
	name_units(s);
	if (o->parts > 0)
		status = divide_splits(s, err);
	if (status == MC_OK && o->folds > 0)
		status = divide_folds(s, err);
	if (status == MC_OK && o->n_shares > 0)
		status = divide_shares(s, err);
	if (status == MC_OK)
		write_manifest(s, f);
	return status;
}

enum mc_status
mc_division_write(struct mc_division *s, FILE *f, struct mc_err *err)
{
	return s->o->check ? div_check(s, f, err) : split(s, f, err);
}
