/* manifest.c - bind and check the columns of a manifest. */
#include "config.h"

#include <string.h>

#include "base/names.h"
#include "table/manifest.h"

static enum mc_status
check_ids(const struct mc_manifest *m, struct mc_err *err)
{
	const struct mc_table *t = m->table;
	struct mc_names *ids = mc_names_alloc();
	enum mc_status status = MC_OK;
	size_t row;

	for (row = 0; row < mc_table_rows(t) && status == MC_OK; row++) {
		const char *id = mc_table_get(t, row, (size_t)m->id);
		size_t first;

		if (*id == '\0') {
			status = mc_err_at(err, MC_EDATA, mc_table_name(t),
			    mc_table_line(t, row), "column \"id\": empty");
			break;
		}
		first = mc_names_add(ids, id);
		if (first != row)
			status = mc_err_at(err, MC_EDATA, mc_table_name(t),
			    mc_table_line(t, row), "duplicate key: id "
			    "\"%s\" is also in line %lld", id,
			    (long long)mc_table_line(t, first));
	}
	mc_names_free(ids);
	return status;
}

/* Bind the columns, those in NEED first, since the first are required. */
static enum mc_status
bind(struct mc_manifest *m, unsigned need, struct mc_err *err)
{
	static const char *const all[] = { "id", "path", "label", "group",
	    "split", "fold", "share", "sha256", "unit", "bits" };
	int *const at[] = { &m->id, &m->path, &m->label, &m->group, &m->split,
	    &m->fold, &m->share, &m->sha256, &m->unit, &m->bits };
	const char *required[5] = { "id" };
	int index[5];
	size_t n = 1, i;

	for (i = 1; i < 5; i++) {
		if ((need & 1u << (i - 1)) != 0)
			required[n++] = all[i];
	}
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*at[i] = mc_table_find(m->table, all[i]);
	return mc_table_bind(m->table, required, n, n, index, err);
}

enum mc_status
mc_manifest_read(struct mc_manifest *m, const char *path, unsigned need,
    struct mc_err *err)
{
	struct mc_table *t;
	enum mc_status status = mc_table_read(&t, path, err);

	memset(m, 0, sizeof(*m));
	return status == MC_OK ? mc_manifest_take(m, t, need, err) : status;
}

enum mc_status
mc_manifest_take(struct mc_manifest *m, struct mc_table *t, unsigned need,
    struct mc_err *err)
{
	enum mc_status status;

	memset(m, 0, sizeof(*m));
	m->table = t;
	status = bind(m, need, err);
	if (status == MC_OK && mc_table_rows(m->table) == 0)
		status = mc_err_set(err, MC_EDATA,
		    "%s: a header, but no rows",
		    mc_table_name(m->table));
	if (status == MC_OK)
		status = check_ids(m, err);
	if (status != MC_OK)
		mc_manifest_clear(m);
	return status;
}

void
mc_manifest_clear(struct mc_manifest *m)
{
	mc_table_free(m->table);
	memset(m, 0, sizeof(*m));
}

const char *
mc_manifest_get(const struct mc_manifest *m, size_t row, int column)
{
	return column < 0 ? "" : mc_table_get(m->table, row, (size_t)column);
}
