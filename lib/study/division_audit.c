/* division_audit.c - count what is in each part of a division, and what leaks. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/division_internal.h"
#include "table/schemas.h"

/* --- The table ------------------------------------------------------------ */

/* An entry is a row of the manifest under one of its labels. */
struct entry {
	uint32_t row, label;
};

struct audit {
	const struct mc_division *s;
	const struct mc_schema *schema;
	struct mc_units splits, folds;
	bool has_groups;	/* else an image is no group either */
	size_t *whole;		/* the images of each label */
	uint32_t *counted;	/* of each row: the last part that has counted
				   it, from 1 */
};

/* The order of two folds: as numbers, which have no leading zeros. */
static int
compare_folds(const struct audit *t, size_t x, size_t y)
{
	const uint32_t *fold = t->folds.of_row;
	int column = t->s->m.fold;
	size_t a = strlen(div_field(t->s, x, column));
	size_t b = strlen(div_field(t->s, y, column));

	return a != b ? (a > b) - (a < b) :
	    (fold[x] > fold[y]) - (fold[x] < fold[y]);
}

/* The order of the parts, a split and a fold, of two rows; 0: it is one. */
static int
compare_parts(const struct audit *t, size_t x, size_t y)
{
	const uint32_t *split = t->splits.of_row;
	int c = (split[x] > split[y]) - (split[x] < split[y]);

	return c != 0 ? c : compare_folds(t, x, y);
}

static int
compare_entries(const void *a, const void *b, void *audit)
{
	const struct audit *t = audit;
	const struct entry *x = a, *y = b;
	uint32_t u = t->s->units.of_row[x->row];
	uint32_t v = t->s->units.of_row[y->row];
	int c = compare_parts(t, x->row, y->row);

	if (c == 0)
		c = (x->label > y->label) - (x->label < y->label);
	return c != 0 ? c : (u > v) - (u < v);
}

/* All entries of the audit, sorted; the caller frees them. */
static struct entry *
sort_entries(struct audit *t, size_t *n)
{
	const struct mc_labels *l = &t->s->labels;
	struct entry *list;
	size_t row, i;

	*n = l->first[l->n];
	list = mc_xreallocarray(NULL, *n + 1, sizeof(*list));
	for (row = 0; row < l->n; row++) {
		for (i = l->first[row]; i < l->first[row + 1]; i++) {
			list[i] = (struct entry){ (uint32_t)row, l->of[i] };
			t->whole[l->of[i]]++;
		}
	}
	qsort_r(list, *n, sizeof(*list), compare_entries, t);
	return list;
}

/* The images in the N entries of LIST, which are of part number PART. */
static size_t
count_images(struct audit *t, const struct entry *list, size_t n,
    uint32_t part)
{
	size_t i, images = 0;

	for (i = 0; i < n; i++) {
		images += t->counted[list[i].row] != part;
		t->counted[list[i].row] = part;
	}
	return images;
}

/* Write a line for each label: the N entries of LIST are of one part. */
static void
write_part(struct audit *t, const struct entry *list, size_t n, uint32_t part,
    FILE *f)
{
	const struct mc_division *s = t->s;
	double images = (double)count_images(t, list, n, part);
	size_t labels = mc_names_count(s->labels.names), i = 0, label;

	for (label = 0; label < labels; label++) {
		struct mc_audit_row row = {
			.split = div_field(s, list->row, s->m.split),
			.fold = div_field(s, list->row, s->m.fold),
			.label = mc_names_at(s->labels.names, label)
		};
		uint32_t unit = UINT32_MAX;

		for (; i < n && list[i].label == label; i++) {
			row.groups += s->units.of_row[list[i].row] != unit;
			unit = s->units.of_row[list[i].row];
			row.images++;
		}
		if (!t->has_groups)
			row.groups = -1;
		row.class_share = (double)row.images / images;
		row.deviation = row.class_share - (double)t->whole[label] /
		    (double)s->rows;
		mc_rows_write(f, t->schema, &row);
	}
}

/* The audit's columns but split or fold where M has none; the caller frees. */
static struct mc_schema_column *
audit_columns(const struct mc_manifest *m, size_t *n)
{
	const struct mc_schema *s = &mc_audit_schema;
	struct mc_schema_column *columns = mc_xcalloc(s->n_columns,
	    sizeof(*columns));
	size_t i;

	*n = 0;
	for (i = 0; i < s->n_columns; i++) {
		const char *name = s->columns[i].name;

		if ((strcmp(name, "split") == 0 && m->split < 0) ||
		    (strcmp(name, "fold") == 0 && m->fold < 0))
			continue;
		columns[(*n)++] = s->columns[i];
	}
	return columns;
}

void
div_audit(const struct mc_division *s, FILE *f)
{
	struct mc_schema schema = mc_audit_schema;
	struct audit t = { .s = s, .schema = &schema };
	struct mc_schema_column *columns;
	struct entry *list;
	size_t n, begin, i;
	uint32_t part = 0;

	t.has_groups = div_empty(s, s->columns.group) < s->rows ||
	    div_empty(s, s->columns.unit) < s->rows;
	mc_units_of_texts(&t.splits, &s->m, s->m.split);
	mc_units_of_texts(&t.folds, &s->m, s->m.fold);
	t.whole = mc_xcalloc(mc_names_count(s->labels.names) + 1,
	    sizeof(*t.whole));
	t.counted = mc_xcalloc(s->rows, sizeof(*t.counted));
	list = sort_entries(&t, &n);
	schema.columns = columns = audit_columns(&s->m, &schema.n_columns);
	mc_rows_write_header(f, &schema);
	for (begin = 0; begin < n; begin = i) {
		for (i = begin + 1; i < n && compare_parts(&t, list[begin].row,
		    list[i].row) == 0; i++)
			;
		write_part(&t, list + begin, i - begin, ++part, f);
	}
	free(columns);
	free(list);
	free(t.whole);
	free(t.counted);
	free(t.splits.of_row);
	free(t.folds.of_row);
}

/* --- Leaks ---------------------------------------------------------------- */

/* What the images of a part share with others. */
struct leak {
	const char *name;	/* of the part */
	size_t images, shared;
};

/*
 * Count in LEAKS, an element per part, the images and those whose unit is also
 * in part TRAIN, or in any other part where that is NO_PART.
 */
static void
count_leaks(const struct mc_division *s, const struct mc_units *units,
    const struct mc_units *parts, int column, uint32_t train,
    struct leak *leaks)
{
	uint32_t *part = mc_xreallocarray(NULL, units->n, sizeof(*part));
	bool *shared = mc_xcalloc(units->n, sizeof(*shared));
	size_t row, u;

	for (u = 0; u < units->n; u++)
		part[u] = NO_PART;
	for (row = 0; row < s->rows; row++) {
		uint32_t p = parts->of_row[row];

		u = units->of_row[row];
		leaks[p].name = div_field(s, row, column);
		if (*leaks[p].name == '\0')
			continue;
		shared[u] = shared[u] || (train == NO_PART ?
		    part[u] != NO_PART && part[u] != p : p == train);
		part[u] = p;
	}
	for (row = 0; row < s->rows; row++) {
		struct leak *l = &leaks[parts->of_row[row]];

		l->images++;
		l->shared += shared[units->of_row[row]];
	}
	free(part);
	free(shared);
}

/* Say it aloud if there is a leak, and else as a detail. */
static void
say_leak(const struct mc_division *s, const struct leak *l, const char *of,
    const char *with)
{
	mc_say(l->shared > 0 ? s->o->warn : s->o->detail, "%s: %zu of %zu "
	    "images of %s (%.1f %%) share a group with %s",
	    mc_table_name(s->t), l->shared, l->images, of,
	    100 * (double)l->shared / (double)l->images, with);
}

/* The number of the part that is called "train", or NO_PART. */
static uint32_t
find_train(const struct mc_division *s, const struct mc_units *parts)
{
	size_t row;

	for (row = 0; row < s->rows; row++) {
		if (strcmp(div_field(s, row, s->m.split), "train") == 0)
			return parts->of_row[row];
	}
	return NO_PART;
}

static void
say_leaks_of_splits(const struct mc_division *s, const struct mc_units *units)
{
	struct mc_units parts;
	struct leak *leaks;
	uint32_t train;
	size_t p;
	char *of;

	mc_units_of_texts(&parts, &s->m, s->m.split);
	train = find_train(s, &parts);
	leaks = mc_xcalloc(parts.n, sizeof(*leaks));
	count_leaks(s, units, &parts, s->m.split, train, leaks);
	for (p = 0; p < parts.n; p++) {
		if (p == train || *leaks[p].name == '\0')
			continue;
		of = mc_xasprintf("split \"%s\"", leaks[p].name);
		say_leak(s, &leaks[p], of, train == NO_PART ?
		    "another split" : "split \"train\"");
		free(of);
	}
	free(leaks);
	free(parts.of_row);
}

/* Each fold is held out once, so all of them are counted together. */
static void
say_leaks_of_folds(const struct mc_division *s, const struct mc_units *units)
{
	struct mc_units parts;
	struct leak *leaks, all = { 0 };
	size_t p;

	mc_units_of_texts(&parts, &s->m, s->m.fold);
	leaks = mc_xcalloc(parts.n, sizeof(*leaks));
	count_leaks(s, units, &parts, s->m.fold, NO_PART, leaks);
	for (p = 0; p < parts.n; p++) {
		if (*leaks[p].name == '\0')
			continue;
		all.images += leaks[p].images;
		all.shared += leaks[p].shared;
	}
	if (all.images > 0)
		say_leak(s, &all, "the folds", "another fold");
	free(leaks);
	free(parts.of_row);
}

void
div_say_leaks(const struct mc_division *s)
{
	struct mc_unit_columns columns = s->columns;
	struct mc_units units;

	if (columns.unit < 0 && div_empty(s, columns.group) == s->rows)
		return;
	columns.same = -1;
	mc_units_find(&units, &s->m, columns);
	if (s->m.split >= 0)
		say_leaks_of_splits(s, &units);
	if (s->m.fold >= 0)
		say_leaks_of_folds(s, &units);
	free(units.of_row);
}
