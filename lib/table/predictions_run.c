/* predictions_run.c - answer what is asked of a run. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/predictions_internal.h"

const char *
mc_run_id(const struct mc_run *c, size_t row)
{
	return mc_names_at(c->table->ids, c->rows[row].id);
}

const char *
mc_run_group(const struct mc_run *c, size_t row)
{
	return mc_names_at(c->table->groups, c->rows[row].group);
}

const char *
mc_run_unit(const struct mc_run *c, size_t row)
{
	return mc_names_at(c->table->groups, c->rows[row].unit);
}

const char *
mc_run_further(const struct mc_run *c, size_t row, size_t column)
{
	const struct mc_predictions *p = c->table;

	return mc_names_at(p->further,
	    c->further[row * p->n_further + column]);
}

const char *
mc_run_file(const struct mc_run *c, size_t row)
{
	return c->table->files[c->rows[row].file].name;
}

/* Number the units of C's rows in byte order; returns how many there are. */
static size_t
number_units(const struct mc_run *c, uint32_t *unit)
{
	uint64_t *keys = mc_xreallocarray(NULL, c->n, sizeof(*keys));
	size_t i;
	uint32_t n = 0;

	for (i = 0; i < c->n; i++)
		keys[i] = (uint64_t)c->rows[i].unit << 32 | i;
	mc_predictions_sort(keys, c->n);
	for (i = 0; i < c->n; i++) {
		n += i > 0 && keys[i] >> 32 != keys[i - 1] >> 32;
		unit[(uint32_t)keys[i]] = n;
	}
	free(keys);
	return (size_t)n + 1;
}

/* Groups cannot be the unit: row FIRST has none.  OTHERS: other rows have. */
static enum mc_status
no_group(const struct mc_run *c, size_t first, bool others,
    struct mc_err *err)
{
	const struct mc_prediction *r = &c->rows[first];

	return mc_units_no_group(mc_run_file(c, first), r->line,
	    c->table->files[r->file].has_group, others, err);
}

/* How many rows lack what, and the first of them. */
struct lacking {
	size_t units, groups;
	size_t first_unit, first_group;
};

static struct lacking
count_lacking(const struct mc_run *c)
{
	struct lacking lacking = { 0 };
	size_t i;

	for (i = c->n; i-- > 0;) {
		if (*mc_run_unit(c, i) == '\0') {
			lacking.units++;
			lacking.first_unit = i;
		}
		if (*mc_run_group(c, i) == '\0') {
			lacking.groups++;
			lacking.first_group = i;
		}
	}
	return lacking;
}

/* What to say of images as units, where so many UNITS are known; 0: none. */
static const char *
remark_images(const struct mc_run *c, const struct lacking *lacking,
    size_t units)
{
	if (lacking->groups > 0)
		return "no group: images treated as independent";
	return units == c->n ? NULL :
	    "images treated as independent, though some are of one group";
}

/* What to say of UNITS that every row has. */
static const char *
remark_units(const struct mc_run *c, const struct lacking *lacking,
    size_t units)
{
	if (lacking->groups == 0)
		return NULL;
	if (lacking->groups < c->n)
		return "images without a group treated as independent";
	return units == c->n ? "no group: images treated as independent" :
	    "no group: images treated as independent, identical ones as one";
}

enum mc_status
mc_run_units(const struct mc_run *c, enum mc_unit_kind asked,
    uint32_t *unit, size_t *n_units, const char **name, const char **remark,
    struct mc_err *err)
{
	struct lacking lacking = count_lacking(c);
	bool group = asked == MC_UNIT_GROUP, image = asked == MC_UNIT_IMAGE;
	size_t units, i;

	if (group && lacking.groups == c->n)
		return no_group(c, lacking.first_group, false, err);
	if (lacking.units > 0 && (group || (!image && lacking.units < c->n)))
		return no_group(c, lacking.first_unit, true, err);
	units = lacking.units == 0 ? number_units(c, unit) : 0;
	if (units > 0 && !image) {
		*n_units = units;
		*name = lacking.groups < c->n ? "group" : "image";
		*remark = remark_units(c, &lacking, units);
		return MC_OK;
	}
	for (i = 0; i < c->n; i++)
		unit[i] = (uint32_t)i;
	*n_units = c->n;
	*name = "image";
	*remark = remark_images(c, &lacking, units);
	return MC_OK;
}
