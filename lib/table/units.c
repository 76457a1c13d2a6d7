/* units.c - which rows of a manifest belong together. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/units.h"

/*
 * Before they are joined, the units are nodes: first the groups, then the
 * images that have none.
 */
struct nodes {
	const char **text;	/* of each node: the group or the id */
	uint32_t *parent;	/* union-find */
	size_t n;
};

static uint32_t
root_of(const struct nodes *nodes, uint32_t i)
{
	while (nodes->parent[i] != i) {
		nodes->parent[i] = nodes->parent[nodes->parent[i]];
		i = nodes->parent[i];
	}
	return i;
}

/* The node of each row goes into NODE. */
static void
number_nodes(const struct mc_manifest *m, int column, struct nodes *nodes,
    uint32_t *node)
{
	struct mc_names *groups = mc_names_alloc();
	size_t rows = mc_table_rows(m->table), row, n, i, alone = 0;

	for (row = 0; row < rows; row++) {
		const char *group = mc_manifest_get(m, row, column);

		alone += *group == '\0';
		node[row] = *group == '\0' ? UINT32_MAX :
		    (uint32_t)mc_names_add(groups, group);
	}
	n = mc_names_count(groups);
	nodes->n = n + alone;
	nodes->text = mc_xreallocarray(NULL, nodes->n, sizeof(*nodes->text));
	nodes->parent = mc_xreallocarray(NULL, nodes->n,
	    sizeof(*nodes->parent));
	for (i = 0; i < n; i++)
		nodes->text[i] = mc_names_at(groups, i);
	mc_names_free(groups);
	for (row = 0; row < rows; row++) {
		if (node[row] == UINT32_MAX) {
			nodes->text[n] = mc_manifest_get(m, row, m->id);
			node[row] = (uint32_t)n++;
		}
	}
	for (i = 0; i < n; i++)
		nodes->parent[i] = (uint32_t)i;
}

/* Join the nodes that share a text in COLUMN.  Returns how many were joined. */
static size_t
join_nodes(const struct mc_manifest *m, int column, struct nodes *nodes,
    const uint32_t *node)
{
	struct mc_names *digests = mc_names_alloc();
	uint32_t *first = NULL, a, b;
	size_t rows = mc_table_rows(m->table), row, n, known, joined = 0;
	size_t cap = 0;

	for (row = 0; row < rows; row++) {
		const char *digest = mc_manifest_get(m, row, column);

		if (*digest == '\0')
			continue;
		known = mc_names_count(digests);
		n = mc_names_add(digests, digest);
		if (n == known) {
			first = mc_xgrow(first, n, &cap, sizeof(*first));
			first[n] = node[row];
		}
		a = root_of(nodes, first[n]);
		b = root_of(nodes, node[row]);
		joined += a != b;
		nodes->parent[b] = a;
	}
	mc_names_free(digests);
	free(first);
	return joined;
}

static int
compare_nodes(const void *a, const void *b, void *text)
{
	const char *const *t = text;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = strcmp(t[x], t[y]);

	return order != 0 ? order : x < y ? -1 : 1;
}

/*
 * Number what has been joined in the byte order of the first names, turning
 * the node of each row into its unit.  Returns how many there are.
 */
static size_t
rank_units(const struct nodes *nodes, uint32_t *of_row, size_t rows)
{
	uint32_t *order = mc_xreallocarray(NULL, nodes->n, sizeof(*order));
	uint32_t *unit = mc_xreallocarray(NULL, nodes->n, sizeof(*unit));
	size_t n = 0, i;

	for (i = 0; i < nodes->n; i++) {
		order[i] = (uint32_t)i;
		unit[i] = UINT32_MAX;
	}
	qsort_r(order, nodes->n, sizeof(*order), compare_nodes,
	    (void *)(uintptr_t)nodes->text);
	for (i = 0; i < nodes->n; i++) {
		uint32_t root = root_of(nodes, order[i]);

		if (unit[root] == UINT32_MAX)
			unit[root] = (uint32_t)n++;
	}
	for (i = 0; i < rows; i++)
		of_row[i] = unit[root_of(nodes, of_row[i])];
	free(order);
	free(unit);
	return n;
}

size_t
mc_units_find(struct mc_units *units, const struct mc_manifest *m, int group,
    int same)
{
	size_t rows = mc_table_rows(m->table), joined = 0;
	struct nodes nodes;

	units->of_row = mc_xreallocarray(NULL, rows, sizeof(*units->of_row));
	number_nodes(m, group, &nodes, units->of_row);
	if (same >= 0)
		joined = join_nodes(m, same, &nodes, units->of_row);
	units->n = rank_units(&nodes, units->of_row, rows);
	free(nodes.text);
	free(nodes.parent);
	return joined;
}

void
mc_units_of_texts(struct mc_units *units, const struct mc_manifest *m,
    int column)
{
	size_t rows = mc_table_rows(m->table), *order, *rank, i;
	struct mc_names *texts = mc_names_alloc();

	units->of_row = mc_xreallocarray(NULL, rows, sizeof(*units->of_row));
	for (i = 0; i < rows; i++)
		units->of_row[i] = (uint32_t)mc_names_add(texts,
		    mc_manifest_get(m, i, column));
	units->n = mc_names_count(texts);
	order = mc_names_sorted(texts);
	rank = mc_xreallocarray(NULL, units->n, sizeof(*rank));
	for (i = 0; i < units->n; i++)
		rank[order[i]] = i;
	for (i = 0; i < rows; i++)
		units->of_row[i] = (uint32_t)rank[units->of_row[i]];
	free(order);
	free(rank);
	mc_names_free(texts);
}

struct mc_clash
mc_units_clash(const struct mc_manifest *m, int column, const uint32_t *part)
{
	struct mc_names *texts = mc_names_alloc();
	struct mc_clash clash = { 0 };
	uint32_t *first = NULL;
	size_t rows = column < 0 ? 0 : mc_table_rows(m->table), row, n, known;
	size_t cap = 0;

	for (row = 0; row < rows; row++) {
		const char *text = mc_manifest_get(m, row, column);

		if (*text == '\0')
			continue;
		known = mc_names_count(texts);
		n = mc_names_add(texts, text);
		if (n == known) {
			first = mc_xgrow(first, n, &cap, sizeof(*first));
			first[n] = (uint32_t)row;
		} else if (first[n] != UINT32_MAX &&
		    part[first[n]] != part[row]) {
			if (clash.n++ == 0) {
				clash.row = row;
				clash.other = first[n];
			}
			first[n] = UINT32_MAX;	/* counted */
		}
	}
	mc_names_free(texts);
	free(first);
	return clash;
}

/* --- The audit ------------------------------------------------------------ */

struct audit {
	const uint32_t *split, *label, *unit;	/* of each row */
};

static int
compare_audit(const void *a, const void *b, void *audit)
{
	const struct audit *t = audit;
	size_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (t->split[x] != t->split[y])
		return t->split[x] < t->split[y] ? -1 : 1;
	if (t->label[x] != t->label[y])
		return t->label[x] < t->label[y] ? -1 : 1;
	return (t->unit[x] > t->unit[y]) - (t->unit[x] < t->unit[y]);
}

/* Lines for the ROWS rows in ORDER, which stand together by compare_audit. */
static void
write_lines(const struct mc_manifest *m, const struct audit *t,
    const uint32_t *order, size_t rows, int label, FILE *f)
{
	size_t begin, i, groups;

	for (begin = 0; begin < rows; begin = i) {
		uint32_t first = order[begin];

		groups = 1;
		for (i = begin + 1; i < rows &&
		    t->split[order[i]] == t->split[first] &&
		    t->label[order[i]] == t->label[first]; i++)
			groups += t->unit[order[i]] != t->unit[order[i - 1]];
		fprintf(f, "%s\t%s\t%zu\t%zu\n",
		    mc_manifest_get(m, first, m->split),
		    mc_manifest_get(m, first, label), i - begin, groups);
	}
}

void
mc_units_audit(const struct mc_manifest *m, const struct mc_units *units,
    int label, FILE *f)
{
	size_t rows = mc_table_rows(m->table), row;
	uint32_t *order = mc_xreallocarray(NULL, rows, sizeof(*order));
	struct mc_units splits, labels;
	struct audit t;

	mc_units_of_texts(&splits, m, m->split);
	mc_units_of_texts(&labels, m, label);
	t = (struct audit){ splits.of_row, labels.of_row, units->of_row };
	for (row = 0; row < rows; row++)
		order[row] = (uint32_t)row;
	qsort_r(order, rows, sizeof(*order), compare_audit, &t);
	fputs("split\tlabel\timages\tgroups\n", f);
	write_lines(m, &t, order, rows, label, f);
	free(order);
	free(splits.of_row);
	free(labels.of_row);
}
