/* given_manifest.c - read a manifest that takes the place of a tar's own. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/names.h"
#include "stream/given_manifest.h"
#include "table/grey_levels.h"
#include "table/manifest.h"

struct column {
	const char *name;
	int given, own;		/* in the manifest, in the tar; one is -1 */
};

struct mc_given {
	struct mc_manifest m;
	struct mc_names *ids;	/* the number of an id is its row */
	struct column *columns;
	size_t n_columns;
	char **texts;		/* names that are the tar's */
	size_t n_texts;
	size_t row;		/* the present one */
	bool *found;		/* [row]: was gone to */
	char digest[MC_SHA256_HEX];
};

static bool
is_of_packing(const char *name)
{
	static const char *const names[] = { "sha256", "source_sha256", "bits",
	    "value_slope", "value_intercept", MC_GREY_COLUMN };
	size_t i, n = sizeof(names) / sizeof(*names);

	for (i = 0; i < n && strcmp(name, names[i]) != 0; i++)
		;
	return i < n;
}

static int
find(const char *const *own, size_t n_own, const char *name)
{
	size_t i;

	for (i = 0; i < n_own; i++) {
		if (strcmp(own[i], name) == 0)
			return (int)i;
	}
	return -1;
}

static void
choose_columns(struct mc_given *g, const char *const *own, size_t n_own)
{
	const struct mc_table *t = g->m.table;
	size_t n = mc_table_columns(t), c;

	g->columns = mc_xcalloc(n + n_own, sizeof(*g->columns));
	g->texts = mc_xcalloc(n_own, sizeof(*g->texts));
	for (c = 0; c < n; c++) {
		const char *name = mc_table_column(t, c);
		int at = is_of_packing(name) ? find(own, n_own, name) : -1;

		g->columns[g->n_columns++] = (struct column){ name,
		    at < 0 ? (int)c : -1, at };
	}
	for (c = 0; c < n_own; c++) {
		if (!is_of_packing(own[c]) || mc_table_find(t, own[c]) >= 0)
			continue;
		g->texts[g->n_texts] = mc_xstrdup(own[c]);
		g->columns[g->n_columns++] = (struct column){
		    g->texts[g->n_texts++], -1, (int)c };
	}
}

/* A table is its file, byte for byte. */
static enum mc_status
digest_table(struct mc_given *g, struct mc_err *err)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	enum mc_status status = MC_OK;

	if (f == NULL)
		return mc_err_errno(err, "%s", mc_given_name(g));
	mc_table_write(g->m.table, f);
	if (fclose(f) != 0)
		status = mc_err_errno(err, "%s", mc_given_name(g));
	else
		mc_sha256_bytes(text, n, g->digest);
	free(text);
	return status;
}

enum mc_status
mc_given_open(struct mc_given **result, const char *path,
    const char *const *own, size_t n_own, struct mc_err *err)
{
	struct mc_given *g = mc_xcalloc(1, sizeof(*g));
	enum mc_status status = mc_manifest_read(&g->m, path, 0, err);
	size_t row;

	*result = NULL;
	if (status == MC_OK)
		status = digest_table(g, err);
	if (status != MC_OK) {
		mc_given_close(g);
		return status;
	}
	choose_columns(g, own, n_own);
	g->ids = mc_names_alloc();
	for (row = 0; row < mc_given_rows(g); row++)
		mc_names_add(g->ids, mc_manifest_get(&g->m, row, g->m.id));
	g->found = mc_xcalloc(mc_given_rows(g), sizeof(*g->found));
	*result = g;
	return MC_OK;
}

void
mc_given_close(struct mc_given *g)
{
	size_t i;

	if (g == NULL)
		return;
	for (i = 0; i < g->n_texts; i++)
		free(g->texts[i]);
	free(g->texts);
	free(g->columns);
	free(g->found);
	mc_names_free(g->ids);
	mc_manifest_clear(&g->m);
	free(g);
}

size_t
mc_given_columns(const struct mc_given *g)
{
	return g->n_columns;
}

const char *
mc_given_column(const struct mc_given *g, size_t column)
{
	return g->columns[column].name;
}

int
mc_given_own(const struct mc_given *g, size_t column)
{
	return g->columns[column].own;
}

bool
mc_given_empty(const struct mc_given *g, size_t column)
{
	size_t row, n = mc_given_rows(g);

	for (row = 0; row < n && *mc_manifest_get(&g->m, row,
	    g->columns[column].given) == '\0'; row++)
		;
	return row == n;
}

bool
mc_given_find(struct mc_given *g, const char *id)
{
	size_t row = mc_names_find(g->ids, id);

	if (row == MC_NO_NAME)
		return false;
	g->row = row;
	g->found[row] = true;
	return true;
}

const char *
mc_given_get(const struct mc_given *g, size_t column)
{
	return mc_manifest_get(&g->m, g->row, g->columns[column].given);
}

const char *
mc_given_sha256(const struct mc_given *g)
{
	return mc_manifest_get(&g->m, g->row, g->m.sha256);
}

const char *
mc_given_name(const struct mc_given *g)
{
	return mc_table_name(g->m.table);
}

const char *
mc_given_digest(const struct mc_given *g)
{
	return g->digest;
}

size_t
mc_given_missing(const struct mc_given *g, const char **id)
{
	size_t row = mc_given_rows(g), n = 0;

	*id = NULL;
	while (row-- > 0) {
		if (g->found[row])
			continue;
		n++;
		*id = mc_manifest_get(&g->m, row, g->m.id);
	}
	return n;
}

size_t
mc_given_rows(const struct mc_given *g)
{
	return mc_table_rows(g->m.table);
}
