/*
 * mc-split - divide the images of a manifest, patients whole, or check that it
 * was done so.
 *
 * A unit is what must not be torn apart: the images of one group, and of every
 * other group that shares an image's bytes with it.  Where that says more than
 * the column group, it is written into a column unit, so that the programs that
 * resample take the same for independent.
 */
#include "config.h"

#include <float.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "stats/split.h"
#include "table/units.h"
#include "tool.h"

#define MOST_FOLDS 1000
#define MOST_SAID 5		/* lines on classes */
#define NO_PART UINT32_MAX

struct options {
	struct mc_common common;
	bool check;
	int64_t folds;
	const char *group;
	const char *keep;
	const char *ratio;
	int64_t seed;
	const char *stratify;
};

static const struct mc_opt table[] = {
	{ "check", 0, NULL, "check a split manifest, and count images and "
	    "groups",
	    MC_FLAG, offsetof(struct options, check), 0, 0, NULL },
	{ "folds", 0, "K", "divide the rows that are not kept into folds 1 to "
	    "K",
	    MC_INTEGER, offsetof(struct options, folds), 2, MOST_FOLDS, NULL },
	{ "group", 0, "COLUMN", "column whose groups are kept whole (default: "
	    "group)",
	    MC_STRING, offsetof(struct options, group), 0, 0, NULL },
	{ "keep", 0, "LIST", "keep the rows of these splits, or of all, "
	    "unchanged",
	    MC_STRING, offsetof(struct options, keep), 0, 0, NULL },
	{ "ratio", 0, "LIST", "splits and their shares: "
	    "train=70,val=10,test=20",
	    MC_STRING, offsetof(struct options, ratio), 0, 0, NULL },
	{ "seed", 0, "N", "seed of the random order (default: 1)", MC_INTEGER,
	    offsetof(struct options, seed), 0, (double)INT64_MAX, NULL },
	{ "stratify", 0, "COLUMN", "column to stratify by, or none (default: "
	    "label)", MC_STRING,
	    offsetof(struct options, stratify), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-split",
	"--ratio LIST [--folds K] [--keep LIST] [OPTION]... [MANIFEST]\n"
	"--folds K [--keep LIST] [OPTION]... [MANIFEST]\n"
	"--keep all [OPTION]... [MANIFEST]\n"
	"--check [OPTION]... [MANIFEST]",
	"Divide a manifest into splits or folds, by patient.",
	table, false
};

/* The splits to divide into: name and share. */
struct parts {
	char **item;		/* the list, cut: frees all names */
	const char **name;
	double *share;
	size_t n;
};

/* A manifest and what is known of its rows.  Numbers count from 0. */
struct study {
	struct mc_manifest m;
	struct mc_table *t;	/* m.table */
	size_t rows;
	int stratify;		/* a column; -1: there is none */
	struct mc_unit_columns columns;	/* what is not torn apart */
	struct mc_units units, classes;
	struct mc_units named;	/* what is independent, and its names; these */
	struct mc_names *names;	/* are NULL where the group says it all */
	bool *kept;
	uint32_t *part;		/* of each row: the split; NO_PART: kept */
	uint32_t *fold;
};

static const char *
field(const struct study *s, size_t row, int column)
{
	return mc_manifest_get(&s->m, row, column);
}

/* --- Reading -------------------------------------------------------------- */

/* The column NAME, or PRESET if that is NULL, which then may be missing. */
static enum mc_status
find_column(const struct study *s, const char *name, const char *preset,
    int *column, struct mc_err *err)
{
	const char *wanted = name != NULL ? name : preset;

	return mc_table_bind(s->t, &wanted, 1, name != NULL, column, err);
}

static size_t
count_empty(const struct study *s, int column)
{
	size_t row, n = 0;

	for (row = 0; row < s->rows; row++)
		n += *field(s, row, column) == '\0';
	return n;
}

/* No image is treated as a unit without a word. */
static void
warn_of_groups(const struct study *s, const char *column)
{
	size_t empty = count_empty(s, s->columns.group);
	const char *name = mc_table_name(s->t);

	if (s->columns.group < 0)
		tool_warn("%s: no column \"%s\": every image is treated as "
		    "independent, and nothing shows that it is", name, column);
	else if (empty == s->rows)
		tool_warn("%s: column \"%s\" is empty: every image is treated "
		    "as independent, and nothing shows that it is", name,
		    column);
	else if (empty > 0)
		tool_warn("%s: column \"%s\" is empty in %zu of %zu rows: each "
		    "of these images is treated as a group of its own", name,
		    column, empty, s->rows);
}

static enum mc_status
read_study(struct study *s, const struct options *o, const char *path,
    struct mc_err *err)
{
	enum mc_status status;

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

static void
free_study(struct study *s)
{
	mc_manifest_clear(&s->m);
	free(s->units.of_row);
	free(s->classes.of_row);
	free(s->named.of_row);
	mc_names_free(s->names);
	free(s->kept);
	free(s->part);
	free(s->fold);
}

/* --- Classes -------------------------------------------------------------- */

/* Whether the classes count: a class is missing nowhere, or everywhere. */
static enum mc_status
check_labels(struct study *s, const char *column, struct mc_err *err)
{
	size_t empty = count_empty(s, s->stratify), row = 0;
	const char *name = mc_table_name(s->t);

	if (empty == 0)
		return MC_OK;
	if (empty == s->rows) {
		tool_warn(s->stratify < 0 ? "%s: no column \"%s\": nothing is "
		    "stratified" : "%s: column \"%s\" is empty: nothing is "
		    "stratified", name, column);
		s->stratify = -1;
		return MC_OK;
	}
	while (*field(s, row, s->stratify) != '\0')
		row++;
	return mc_err_at(err, MC_EDATA, name, mc_table_line(s->t, row),
	    "column \"%s\": empty (%zu such row%s): fill it, or give "
	    "--stratify none", column, empty, empty == 1 ? "" : "s");
}

/* --- What stands where it must not ---------------------------------------- */

/* Refuse a text of OF, a group's or a unit's, in more than one of PART. */
static enum mc_status
check_texts(const struct study *s, int of, const uint32_t *part, int column,
    const char *remedy, struct mc_err *err)
{
	struct mc_clash c = mc_units_clash(&s->m, of, part);

	if (c.n == 0)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, c.row), "%s \"%s\" is in %s \"%s\", but in "
	    "\"%s\" in line %lld (%zu such %s): %s",
	    mc_table_column(s->t, (size_t)of), field(s, c.row, of),
	    mc_table_column(s->t, (size_t)column), field(s, c.row, column),
	    field(s, c.other, column),
	    (long long)mc_table_line(s->t, c.other), c.n,
	    c.n == 1 ? "case" : "cases", remedy);
}

/*
 * Refuse a group, a unit or identical bytes in more than one of PART, whose
 * names are in COLUMN.
 */
static enum mc_status
check_apart(const struct study *s, const uint32_t *part, int column,
    const char *remedy, struct mc_err *err)
{
	enum mc_status status;
	struct mc_clash c;

	status = check_texts(s, s->columns.group, part, column, remedy, err);
	if (status == MC_OK && column != s->columns.unit)
		status = check_texts(s, s->columns.unit, part, column, remedy,
		    err);
	if (status != MC_OK)
		return status;
	c = mc_units_clash(&s->m, s->columns.same, part);
	if (c.n == 0)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, c.row), "image \"%s\" is in %s \"%s\", but "
	    "the same bytes (\"%s\", line %lld) in \"%s\" (%zu such %s): "
	    "%s", field(s, c.row, s->m.id),
	    mc_table_column(s->t, (size_t)column), field(s, c.row, column),
	    field(s, c.other, s->m.id),
	    (long long)mc_table_line(s->t, c.other), field(s, c.other, column),
	    c.n, c.n == 1 ? "case" : "cases", remedy);
}

/* Labels that mc-train and the readers of predictions will refuse. */
static void
warn_of_spellings(const struct study *s)
{
	struct mc_names *labels = mc_names_alloc();
	const char **text;
	size_t row, n, a, b;

	for (row = 0; row < mc_table_rows(s->t); row++)
		mc_names_add(labels, field(s, row, s->m.label));
	n = mc_names_count(labels);
	text = mc_xcalloc(n, sizeof(*text));
	for (a = 0; a < n; a++)
		text[a] = mc_names_at(labels, a);
	if (mc_two_spellings(text, n, &a, &b))
		tool_warn("%s: the labels \"%s\" and \"%s\" are two spellings "
		    "of one class, which mc-train refuses: write one of them",
		    mc_table_name(s->t), text[a], text[b]);
	free(text);
	mc_names_free(labels);
}

/* Identical images have one truth; no program can say which. */
static void
warn_of_labels(const struct study *s)
{
	struct mc_units labels;
	struct mc_clash c;

	if (s->m.label >= 0)
		warn_of_spellings(s);
	mc_units_of_texts(&labels, &s->m, s->m.label);
	c = mc_units_clash(&s->m, s->columns.same, labels.of_row);
	free(labels.of_row);
	if (c.n > 0)
		tool_warn("%s:%lld: image \"%s\" is labelled \"%s\", but the "
		    "same bytes (\"%s\") are labelled \"%s\" (%zu such %s)",
		    mc_table_name(s->t), (long long)mc_table_line(s->t, c.row),
		    field(s, c.row, s->m.id), field(s, c.row, s->m.label),
		    field(s, c.other, s->m.id),
		    field(s, c.other, s->m.label), c.n,
		    c.n == 1 ? "case" : "cases");
}

/* --- Checking ------------------------------------------------------------- */

static enum mc_status
check_column(const struct study *s, int column, const char *remedy,
    struct mc_err *err)
{
	struct mc_units parts;
	enum mc_status status;

	if (column < 0)
		return MC_OK;
	mc_units_of_texts(&parts, &s->m, column);
	status = check_apart(s, parts.of_row, column, remedy, err);
	free(parts.of_row);
	return status;
}

/* Say that copies are no unit yet to the programs that resample. */
static void
warn_of_copies(const struct study *s)
{
	struct mc_units units;
	size_t joined = mc_units_find(&units, &s->m, s->columns);

	free(units.of_row);
	if (joined > 0 && s->m.unit < 0)
		tool_warn("%s: copies join %zu %s to others, and no column "
		    "\"unit\" says so: mc-split --keep all writes it",
		    mc_table_name(s->t), joined,
		    joined == 1 ? "group or image" : "groups or images");
}

static enum mc_status
check(struct study *s, FILE *f, struct mc_err *err)
{
	struct mc_unit_columns columns = s->columns;
	enum mc_status status;

	status = check_column(s, s->m.split, "divide the manifest with "
	    "mc-split", err);
	if (status == MC_OK)
		status = check_column(s, s->m.fold, "divide the manifest with "
		    "mc-split", err);
	if (status == MC_OK)
		status = check_column(s, s->columns.unit, "write the units "
		    "anew with mc-split --keep all", err);
	if (status != MC_OK)
		return status;
	warn_of_copies(s);
	columns.same = -1;	/* as the programs that resample count them */
	mc_units_find(&s->units, &s->m, columns);
	warn_of_labels(s);
	mc_units_of_texts(&s->classes, &s->m, s->stratify);
	mc_units_audit(&s->m, &s->units, s->stratify, f);
	return MC_OK;
}

/* --- Dividing ------------------------------------------------------------- */

#define NOT_KEPT "it cannot be kept; remove the rows on one side, or split " \
	"without --keep"

static enum mc_status
keep_all(struct study *s, struct mc_err *err)
{
	size_t row;

	for (row = 0; row < s->rows; row++)
		s->kept[row] = true;
	return check_column(s, s->m.split, NOT_KEPT, err);
}

/*
 * Mark the rows whose split is in LIST.  A group, or identical bytes, that
 * stand both in such a split and elsewhere cannot be kept together.
 */
static enum mc_status
mark_kept(struct study *s, const char *list, struct mc_err *err)
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
		i = mc_names_find(names, field(s, row, s->m.split));
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
		status = check_apart(s, part, s->m.split, NOT_KEPT, err);
	mc_names_free(names);
	free(item);
	free(rows);
	free(part);
	return status;
}

/*
 * Divide the rows that are not kept by SHARE; RESULT receives the part of each
 * row.  STRATUM is below STRATA.
 */
static enum mc_status
divide(const struct study *s, const uint32_t *stratum, size_t strata,
    const double *share, size_t parts, const struct options *o,
    const char *purpose, uint32_t *result, struct mc_err *err)
{
	uint32_t *number = mc_xreallocarray(NULL, s->units.n, sizeof(*number));
	uint32_t *unit = mc_xreallocarray(NULL, s->rows, sizeof(*unit));
	uint32_t *of_row = mc_xreallocarray(NULL, s->rows, sizeof(*of_row));
	struct mc_split in = { .unit = unit, .stratum = of_row,
	    .strata = strata, .parts = parts, .share = share };
	enum mc_status status = MC_OK;
	uint32_t *part = NULL;
	size_t row, u;

	memset(number, 0, s->units.n * sizeof(*number));
	for (row = 0; row < s->rows; row++)
		number[s->units.of_row[row]] = !s->kept[row];
	for (u = 0; u < s->units.n; u++)	/* without those kept */
		number[u] = number[u] ? (uint32_t)in.units++ : NO_PART;
	for (row = 0; row < s->rows; row++) {
		if (s->kept[row])
			continue;
		unit[in.rows] = number[s->units.of_row[row]];
		of_row[in.rows++] = stratum[row];
	}
	if (in.units < parts) {
		status = mc_err_set(err, MC_EDATA, "%s: %zu group%s cannot be "
		    "divided into %zu %ss", mc_table_name(s->t), in.units,
		    in.units == 1 ? "" : "s", parts, purpose);
		goto out;
	}
	part = mc_xreallocarray(NULL, in.units, sizeof(*part));
	mc_split_units(&in, (uint64_t)o->seed, purpose, part);
	for (row = 0; row < s->rows; row++)
		result[row] = s->kept[row] ? NO_PART :
		    part[number[s->units.of_row[row]]];
out:
	free(number);
	free(unit);
	free(of_row);
	free(part);
	return status;
}

/*
 * How many units have rows of CLASS that are divided; *LABEL is its name where
 * there are any.
 */
static size_t
units_of_class(const struct study *s, size_t class, const char **label)
{
	bool *seen = mc_xcalloc(s->units.n, sizeof(*seen));
	size_t row, n = 0;

	for (row = 0; row < s->rows; row++) {
		uint32_t unit = s->units.of_row[row];

		if (s->classes.of_row[row] != class || s->kept[row] ||
		    seen[unit])
			continue;
		seen[unit] = true;
		*label = field(s, row, s->stratify);
		n++;
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

/* Say which classes have no image in one of the parts, called KIND. */
static void
warn_of_classes(const struct study *s, const uint32_t *part, size_t parts,
    const char *kind, const char *const *names)
{
	size_t *images = mc_xcalloc(s->classes.n * parts, sizeof(*images));
	const char *label = NULL;
	size_t row, c, n, said = 0;
	char *empty;

	for (row = 0; row < s->rows; row++) {
		if (part[row] != NO_PART)
			images[s->classes.of_row[row] * parts + part[row]]++;
	}
	for (c = 0; c < s->classes.n && s->stratify >= 0; c++) {
		empty = list_empty(images + c * parts, parts, names);
		if (empty == NULL)
			continue;
		n = units_of_class(s, c, &label);
		if (n > 0 && said++ < MOST_SAID)
			tool_warn("%s: class \"%s\" has %zu group%s, and none "
			    "in %s %s", mc_table_name(s->t), label, n,
			    n == 1 ? "" : "s", kind, empty);
		free(empty);
	}
	if (said > MOST_SAID)
		tool_warn("%s: %zu more %s missing in a %s",
		    mc_table_name(s->t), said - MOST_SAID,
		    said == MOST_SAID + 1 ? "class is" : "classes are", kind);
	free(images);
}

static enum mc_status
divide_splits(struct study *s, const struct parts *parts,
    const struct options *o, struct mc_err *err)
{
	enum mc_status status;

	s->part = mc_xreallocarray(NULL, s->rows, sizeof(*s->part));
	status = divide(s, s->classes.of_row, s->classes.n, parts->share,
	    parts->n, o, "split", s->part, err);
	if (status == MC_OK)
		warn_of_classes(s, s->part, parts->n, "split", parts->name);
	return status;
}

/*
 * Where the rows have just been split, each fold has equal shares of every
 * split too: a stratum is a class in a split.
 */
static enum mc_status
divide_folds(struct study *s, size_t parts, const struct options *o,
    struct mc_err *err)
{
	size_t strata = s->classes.n, row, i;
	uint32_t *stratum = mc_xreallocarray(NULL, s->rows, sizeof(*stratum));
	double *share = mc_xreallocarray(NULL, (size_t)o->folds,
	    sizeof(*share));
	enum mc_status status;

	for (row = 0; row < s->rows; row++) {
		stratum[row] = s->classes.of_row[row];
		if (s->part != NULL && !s->kept[row])
			stratum[row] += s->part[row] * (uint32_t)strata;
	}
	for (i = 0; i < (size_t)o->folds; i++)
		share[i] = 1;
	s->fold = mc_xreallocarray(NULL, s->rows, sizeof(*s->fold));
	status = divide(s, stratum, strata * (s->part != NULL ? parts : 1),
	    share, (size_t)o->folds, o, "fold", s->fold, err);
	if (status == MC_OK)
		warn_of_classes(s, s->fold, (size_t)o->folds, "fold", NULL);
	free(stratum);
	free(share);
	return status;
}

/* --- Units ---------------------------------------------------------------- */

/* Whether the names of the units say more than the column group. */
static bool
says_more(const struct study *s, bool grouped)
{
	size_t row;

	if (s->m.unit >= 0 || (!grouped && s->named.n < s->rows))
		return true;
	for (row = 0; row < s->rows && grouped; row++) {
		if (strcmp(field(s, row, s->m.group), mc_names_at(s->names,
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
name_units(struct study *s)
{
	bool grouped = count_empty(s, s->m.group) < s->rows;
	struct mc_unit_columns columns = s->columns;

	if (grouped || s->m.unit >= 0) {
		columns.unit = s->m.unit;
		columns.group = s->m.group;
	} else
		grouped = count_empty(s, columns.group) < s->rows;
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

/* The manifest with what is new in its column, or in one behind the others. */
static void
write_manifest(const struct study *s, const struct parts *parts, FILE *f)
{
	size_t columns = mc_table_columns(s->t), n = columns, row, c;
	const char **text = mc_xreallocarray(NULL, columns + 3, sizeof(*text));
	size_t split = place(s->m.split, s->part != NULL, &n);
	size_t fold = place(s->m.fold, s->fold != NULL, &n);
	size_t unit = place(s->m.unit, s->names != NULL, &n);
	char number[MC_NUM_SIZE];

	for (c = 0; c < columns; c++)
		text[c] = mc_table_column(s->t, c);
	if (s->part != NULL)
		text[split] = "split";
	if (s->fold != NULL)
		text[fold] = "fold";
	if (s->names != NULL)
		text[unit] = "unit";
	mc_tsv_write(f, text, n);
	for (row = 0; row < s->rows; row++) {
		for (c = 0; c < columns; c++)
			text[c] = mc_table_get(s->t, row, c);
		if (s->part != NULL && !s->kept[row])
			text[split] = parts->name[s->part[row]];
		if (s->fold != NULL) {
			snprintf(number, sizeof(number), "%u",
			    s->fold[row] + 1);
			text[fold] = s->kept[row] ? "" : number;
		}
		if (s->names != NULL)
			text[unit] = mc_names_at(s->names,
			    s->named.of_row[row]);
		mc_tsv_write(f, text, n);
	}
	free(text);
}

static enum mc_status
split(struct study *s, const struct parts *parts, const struct options *o,
    FILE *f, struct mc_err *err)
{
	bool divides = parts->n > 0 || o->folds > 0;
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
	if (status != MC_OK)
		return status;
	joined = mc_units_find(&s->units, &s->m, s->columns);
	mc_units_of_texts(&s->classes, &s->m, s->stratify);
	if (joined > 0)
		tool_say("copies join %zu %s to others", joined,
		    joined == 1 ? "group or image" : "groups or images");
	tool_say("%zu images in %zu units, seed %lld", s->rows, s->units.n,
	    (long long)o->seed);
	warn_of_labels(s);
	name_units(s);
	if (parts->n > 0)
		status = divide_splits(s, parts, o, err);
	if (status == MC_OK && o->folds > 0)
		status = divide_folds(s, parts->n, o, err);
	if (status == MC_OK)
		write_manifest(s, parts, f);
	return status;
}

/* --- The command line ----------------------------------------------------- */

static bool
is_split_name(const char *s)
{
	return *s != '\0' && s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static bool
is_in(char **list, const char *name)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

/* Read --ratio without the splits that are kept. */
static void
parse_ratio(const struct options *o, struct parts *parts)
{
	size_t n = mc_split_commas(o->ratio, &parts->item), i, j;
	char **kept = NULL, *equals;
	struct mc_err err;

	parts->name = mc_xcalloc(n, sizeof(*parts->name));
	parts->share = mc_xcalloc(n, sizeof(*parts->share));
	if (o->keep != NULL)
		mc_split_commas(o->keep, &kept);
	for (i = 0; i < n; i++) {
		equals = strchr(parts->item[i], '=');
		if (equals == NULL)
			tool_usage("--ratio: \"%s\": give NAME=SHARE",
			    parts->item[i]);
		*equals = '\0';
		if (!is_split_name(parts->item[i]))
			tool_usage("--ratio: \"%s\": a split's name is made of "
			    "letters, digits, _ and -", parts->item[i]);
		for (j = 0; j < i; j++) {
			if (strcmp(parts->item[j], parts->item[i]) == 0)
				tool_usage("--ratio: \"%s\" is given twice",
				    parts->item[i]);
		}
		parts->name[parts->n] = parts->item[i];
		if (mc_parse_f64(equals + 1, DBL_MIN, 1e9,
		    &parts->share[parts->n], &err) != MC_OK)
			tool_usage("--ratio: %s: %s", parts->item[i],
			    err.text);
		if (kept == NULL || !is_in(kept, parts->item[i]))
			parts->n++;
	}
	free(kept);
	if (parts->n == 0)
		tool_usage("--ratio: every split is kept, and none is left "
		    "for the other rows");
}

static void
check_options(const struct options *o, struct parts *parts)
{
	bool keeps_all = o->keep != NULL && strcmp(o->keep, "all") == 0;

	if (o->check && (o->ratio != NULL || o->folds > 0 || o->keep != NULL))
		tool_usage("--check takes no --ratio, --folds or --keep");
	if (keeps_all && (o->ratio != NULL || o->folds > 0))
		tool_usage("--keep all leaves nothing to divide: give it "
		    "without --ratio and --folds");
	if (!o->check && o->ratio == NULL && o->folds == 0 && !keeps_all)
		tool_usage("give --ratio, --folds, --keep all or --check");
	if (o->ratio != NULL)
		parse_ratio(o, parts);
}

/* What write_output() works with. */
struct program {
	struct options o;
	struct parts parts;
	struct study s;
};

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	struct program *p = arg;

	return p->o.check ? check(&p->s, f, err) :
	    split(&p->s, &p->parts, &p->o, f, err);
}

int
main(int argc, char **argv)
{
	struct program p = { .o = { .seed = 1 } };
	enum mc_status status;
	struct mc_err err;
	int first;

	first = tool_start(&prog, argc, argv, &p.o);
	if (argc - first > 1)
		tool_usage("%s: one manifest at a time", argv[first + 1]);
	check_options(&p.o, &p.parts);
	status = read_study(&p.s, &p.o, argv[first], &err);
	if (status == MC_OK)
		status = tool_write(p.o.common.output, write_output, &p, &err);
	free_study(&p.s);
	free(p.parts.item);
	free(p.parts.name);
	free(p.parts.share);
	return tool_end(status, &err);
}
