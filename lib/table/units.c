/* units.c - group the rows of a manifest into units. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/picture.h"
#include "base/spelling.h"
#include "table/units.h"

enum mc_status
mc_units_no_group(const char *file, int64_t line, bool has_column, bool others,
    struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, file, line, "column \"group\": %s: "
	    "name the patient of every image%s, or give --unit image",
	    has_column ? "empty" : "there is none", others ?
	    " (its id, where nothing else belongs to it)" : "");
}

/*
 * Before they are joined, the units are nodes: first the texts of the columns
 * unit and group, then the images that have neither.
 */
struct nodes {
	const char **text;	/* of each node: the unit, the group or the id */
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

/* Returns whether they had been apart. */
static bool
join_two(const struct nodes *nodes, size_t i, size_t j)
{
	uint32_t a = root_of(nodes, (uint32_t)i);
	uint32_t b = root_of(nodes, (uint32_t)j);

	nodes->parent[b] = a;
	return a != b;
}

/*
 * The node of each row goes into NODE.  A unit and a group of one name are one
 * node, and the unit and the group of a row are joined.
 */
static void
number_nodes(const struct mc_manifest *m,
    const struct mc_unit_columns *columns, struct nodes *nodes, uint32_t *node)
{
	size_t rows = mc_table_rows(m->table), row, n, i, alone = 0;
	uint32_t *other = mc_xreallocarray(NULL, rows, sizeof(*other));
	struct mc_names *texts = mc_names_alloc();

	for (row = 0; row < rows; row++) {
		const char *unit = mc_manifest_get(m, row, columns->unit);
		const char *group = mc_manifest_get(m, row, columns->group);

		if (*unit == '\0')
			unit = group;
		if (*group == '\0')
			group = unit;
		alone += *unit == '\0';
		node[row] = *unit == '\0' ? UINT32_MAX :
		    (uint32_t)mc_names_add(texts, unit);
		other[row] = *unit == '\0' ? UINT32_MAX :
		    (uint32_t)mc_names_add(texts, group);
	}
	n = mc_names_count(texts);
	nodes->n = n + alone;
	nodes->text = mc_xreallocarray(NULL, nodes->n, sizeof(*nodes->text));
	nodes->parent = mc_xreallocarray(NULL, nodes->n,
	    sizeof(*nodes->parent));
	for (i = 0; i < nodes->n; i++)
		nodes->parent[i] = (uint32_t)i;
	for (i = 0; i < n; i++)
		nodes->text[i] = mc_names_at(texts, i);
	mc_names_free(texts);
	for (row = 0; row < rows; row++) {
		if (node[row] == UINT32_MAX) {
			nodes->text[n] = mc_manifest_get(m, row, m->id);
			node[row] = (uint32_t)n++;
		} else
			join_two(nodes, node[row], other[row]);
	}
	free(other);
}

/* Join the nodes that share a text in COLUMN.  Returns how many were joined. */
static size_t
join_nodes(const struct mc_manifest *m, int column, struct nodes *nodes,
    const uint32_t *node)
{
	struct mc_names *texts = mc_names_alloc();
	uint32_t *first = NULL;
	size_t rows = mc_table_rows(m->table), row, n, known, joined = 0;
	size_t cap = 0;

	for (row = 0; row < rows; row++) {
		const char *text = mc_manifest_get(m, row, column);

		if (*text == '\0')
			continue;
		known = mc_names_count(texts);
		n = mc_names_add(texts, text);
		if (n == known) {
			first = mc_xgrow(first, n, &cap, sizeof(*first));
			first[n] = node[row];
		}
		joined += join_two(nodes, first[n], node[row]);
	}
	mc_names_free(texts);
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

/* Whether the nodes came in byte order, as patients often do. */
static bool
came_sorted(const struct nodes *nodes)
{
	size_t i;

	for (i = 1; i < nodes->n; i++) {
		if (strcmp(nodes->text[i - 1], nodes->text[i]) > 0)
			return false;
	}
	return true;
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
	if (!came_sorted(nodes))
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
mc_units_find(struct mc_units *units, const struct mc_manifest *m,
    struct mc_unit_columns columns)
{
	size_t rows = mc_table_rows(m->table), joined;
	struct nodes nodes;

	units->of_row = mc_xreallocarray(NULL, rows, sizeof(*units->of_row));
	number_nodes(m, &columns, &nodes, units->of_row);
	joined = join_nodes(m, columns.same, &nodes, units->of_row);
	units->n = rank_units(&nodes, units->of_row, rows);
	free(nodes.text);
	free(nodes.parent);
	return joined;
}

/* Let *LEAST be the first, in byte order, of itself and TEXT. */
static void
keep_least(const char **least, const char *text)
{
	if (*text != '\0' && (*least == NULL || strcmp(text, *least) < 0))
		*least = text;
}

struct mc_names *
mc_units_names(const struct mc_units *units, const struct mc_manifest *m,
    struct mc_unit_columns columns)
{
	struct mc_names *names = mc_names_alloc(), *texts = mc_names_alloc();
	const char **text = mc_xcalloc(units->n, sizeof(*text));
	const char **id = mc_xcalloc(units->n, sizeof(*id));
	size_t rows = mc_table_rows(m->table), row, u;
	struct mc_buf name = { 0 };

	for (row = 0; row < rows; row++) {
		u = units->of_row[row];
		keep_least(&text[u], mc_manifest_get(m, row, columns.unit));
		keep_least(&text[u], mc_manifest_get(m, row, columns.group));
		keep_least(&id[u], mc_manifest_get(m, row, m->id));
	}
	for (u = 0; u < units->n; u++) {
		if (text[u] != NULL)
			mc_names_add(texts, text[u]);
	}
	for (u = 0; u < units->n; u++) {
		name.len = 0;
		mc_buf_puts(&name, text[u] != NULL ? text[u] : id[u]);
		while (text[u] == NULL &&
		    (mc_names_find(texts, name.data) != MC_NO_NAME ||
		    mc_names_find(names, name.data) != MC_NO_NAME))
			mc_buf_puts(&name, "'");
		mc_names_copy(names, name.data);
	}
	mc_buf_free(&name);
	mc_names_free(texts);
	free(text);
	free(id);
	return names;
}

void
mc_units_of_texts(struct mc_units *units, const struct mc_manifest *m,
    int column)
{
	size_t rows = mc_table_rows(m->table), *order, *rank, i;
	char number[MC_NUM_SIZE];
	struct mc_names *texts = mc_names_alloc();

	units->of_row = mc_xreallocarray(NULL, rows, sizeof(*units->of_row));
	for (i = 0; i < rows; i++)
		units->of_row[i] = (uint32_t)mc_names_copy(texts,
		    mc_plain_number(mc_manifest_get(m, i, column), number));
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

/* The clashes of TEXT, one per row; EACH is told of all, as mc_units_clash says. */
static struct mc_clash
clash_of(const char *const *text, size_t rows, const uint32_t *part,
    void (*each)(size_t row, size_t other, void *arg), void *arg)
{
	struct mc_names *texts = mc_names_alloc();
	struct mc_clash clash = { 0 };
	uint32_t *first = NULL;
	size_t row, n, known, cap = 0;

	for (row = 0; row < rows; row++) {
		if (*text[row] == '\0')
			continue;
		known = mc_names_count(texts);
		n = mc_names_add(texts, text[row]);
		if (n == known) {
			first = mc_xgrow(first, n, &cap, sizeof(*first));
			first[n] = (uint32_t)row;
		} else if (first[n] != UINT32_MAX &&
		    part[first[n]] != part[row]) {
			if (clash.n++ == 0) {
				clash.row = row;
				clash.other = first[n];
			}
			if (each != NULL)
				each(row, first[n], arg);
			first[n] = UINT32_MAX;	/* counted */
		}
	}
	mc_names_free(texts);
	free(first);
	return clash;
}

struct mc_clash
mc_units_clash(const struct mc_manifest *m, int column, const uint32_t *part,
    void (*each)(size_t row, size_t other, void *arg), void *arg)
{
	size_t rows = column < 0 ? 0 : mc_table_rows(m->table), row;
	const char **text = mc_xcalloc(rows, sizeof(*text));
	struct mc_clash clash;

	for (row = 0; row < rows; row++)
		text[row] = mc_manifest_get(m, row, column);
	clash = clash_of(text, rows, part, each, arg);
	free((void *)text);
	return clash;
}

struct mc_clash
mc_pictures_clash(const struct mc_manifest *m, const uint32_t *part)
{
	size_t rows = m->sha256 < 0 ? 0 : mc_table_rows(m->table), row;
	char **text = mc_xcalloc(rows, sizeof(*text));
	struct mc_clash clash;

	for (row = 0; row < rows; row++) {
		const char *digest = mc_manifest_get(m, row, m->sha256);
		const char *path = mc_manifest_get(m, row, m->path);

		text[row] = *digest == '\0' ? mc_xstrdup("") :
		    mc_xasprintf("%s%s", digest, path + mc_picture_files(path));
	}
	clash = clash_of((const char *const *)text, rows, part, NULL, NULL);
	for (row = 0; row < rows; row++)
		free(text[row]);
	free(text);
	return clash;
}
