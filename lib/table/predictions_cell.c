/* predictions_cell.c - what is asked of a cell. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/predictions_internal.h"

const char *
mc_cell_id(const struct mc_cell *c, size_t row)
{
	return mc_names_at(c->table->ids, c->rows[row].id);
}

const char *
mc_cell_group(const struct mc_cell *c, size_t row)
{
	return mc_names_at(c->table->groups, c->rows[row].group);
}

const char *
mc_cell_further(const struct mc_cell *c, size_t row, size_t column)
{
	const struct mc_predictions *p = c->table;

	return mc_names_at(p->further,
	    c->further[row * p->n_further + column]);
}

const char *
mc_cell_file(const struct mc_cell *c, size_t row)
{
	return c->table->files[c->rows[row].file].name;
}

bool
mc_cell_same_ids(const struct mc_cell *a, const struct mc_cell *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		if (a->rows[i].id != b->rows[i].id)
			return false;
	}
	return true;
}

/* Number the groups of C's rows in byte order; returns how many there are. */
static size_t
number_groups(const struct mc_cell *c, uint32_t *unit)
{
	uint64_t *keys = mc_xreallocarray(NULL, c->n, sizeof(*keys));
	size_t i;
	uint32_t n = 0;

	for (i = 0; i < c->n; i++)
		keys[i] = (uint64_t)c->rows[i].group << 32 | i;
	mc_predictions_sort(keys, c->n);
	for (i = 0; i < c->n; i++) {
		n += i > 0 && keys[i] >> 32 != keys[i - 1] >> 32;
		unit[(uint32_t)keys[i]] = n;
	}
	free(keys);
	return (size_t)n + 1;
}

/* Groups cannot be the unit: row FIRST has none. */
static enum mc_status
no_group(const struct mc_cell *c, size_t first, struct mc_err *err)
{
	const struct mc_prediction *r = &c->rows[first];

	return mc_err_at(err, MC_EDATA, mc_cell_file(c, first), r->line,
	    "column \"group\": %s: name the patient of every image, or give "
	    "--unit image", c->table->files[r->file].has_group ? "empty" :
	    "there is none");
}

enum mc_status
mc_cell_units(const struct mc_cell *c, const char *asked, uint32_t *unit,
    size_t *n_units, const char **name, const char **remark,
    struct mc_err *err)
{
	bool group = asked != NULL && strcmp(asked, "group") == 0;
	bool image = asked != NULL && strcmp(asked, "image") == 0;
	size_t without = 0, first = 0, n_groups = 0, i;

	for (i = 0; i < c->n; i++) {
		if (*mc_cell_group(c, i) == '\0' && without++ == 0)
			first = i;
	}
	if (without > 0 && (group || (!image && without < c->n)))
		return no_group(c, first, err);
	if (without == 0)
		n_groups = number_groups(c, unit);
	if (without == 0 && !image) {
		*n_units = n_groups;
		*name = "group";
		*remark = NULL;
		return MC_OK;
	}
	for (i = 0; i < c->n; i++)
		unit[i] = (uint32_t)i;
	*n_units = c->n;
	*name = "image";
	*remark = without > 0 ?
	    "no group: images taken for independent" :
	    n_groups == c->n ? NULL :
	    "images taken for independent, though some are of one group";
	return MC_OK;
}
