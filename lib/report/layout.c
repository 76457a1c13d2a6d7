/* layout.c - choose the lines and columns of a table of results. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "report/layout.h"

/* The keys behind the key columns, from MC_LAYOUT_SUBGROUP on. */
static const struct {
	const char *name, *heading;
	bool is_of_arm;
} further[] = {
	{ "subgroup", "Subgroup", false },
	{ "metric", "Metric", false },
	{ "average", "Average", false },
	{ "class", "Class", false },
	{ "freeze", "Freeze", true },
};

const char *
mc_layout_name(size_t key)
{
	return key < MC_KEYS ? mc_key_names[key] : further[key - MC_KEYS].name;
}

const char *
mc_layout_heading(size_t key)
{
	return key < MC_KEYS ? mc_keys[key].heading :
	    further[key - MC_KEYS].heading;
}

bool
mc_layout_is_of_arm(size_t key)
{
	return key < MC_KEYS ? (mc_keys[key].flags & MC_KEY_OF_ARM) != 0 :
	    further[key - MC_KEYS].is_of_arm;
}

bool
mc_layout_has(const struct mc_axis_keys *keys, size_t key)
{
	size_t i;

	for (i = 0; i < keys->n && keys->key[i] != key; i++)
		;
	return i < keys->n;
}

static size_t
find_key(const char *name)
{
	size_t key;

	for (key = 0; key < MC_LAYOUT_KEYS &&
	    strcmp(name, mc_layout_name(key)) != 0; key++)
		;
	return key;
}

static enum mc_status
refuse(const char *option, const char *name, struct mc_err *err)
{
	struct mc_buf names = { 0 };
	size_t key;

	for (key = 0; key < MC_LAYOUT_KEYS; key++)
		mc_buf_printf(&names, "%s%s", key > 0 ? ", " : "",
		    mc_layout_name(key));
	mc_err_set(err, MC_EUSAGE, "--%s: \"%s\" is not one of %s", option,
	    name, names.data);
	mc_buf_free(&names);
	return MC_EUSAGE;
}

/* Read LIST, the argument of OPTION, into KEYS; OTHER has those of the other
   option. */
static enum mc_status
read_list(struct mc_axis_keys *keys, const struct mc_axis_keys *other,
    const char *option, const char *list, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	char **items;
	size_t n = mc_split_commas(list, &items), i, key;

	for (i = 0; i < n && status == MC_OK; i++) {
		key = find_key(items[i]);
		if (key == MC_LAYOUT_KEYS)
			status = refuse(option, items[i], err);
		else if (mc_layout_has(keys, key) || mc_layout_has(other, key))
			status = mc_err_set(err, MC_EUSAGE, "--%s: \"%s\" is "
			    "given twice: a key is of the rows or of the "
			    "columns", option, items[i]);
		else
			keys->key[keys->n++] = key;
	}
	free(items);
	return status;
}

enum mc_status
mc_layout_read(struct mc_layout *layout, const char *rows,
    const char *columns, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	*layout = (struct mc_layout){ .has_rows = rows != NULL,
	    .has_columns = columns != NULL };
	if (rows != NULL)
		status = read_list(&layout->rows, &layout->columns, "rows",
		    rows, err);
	if (status == MC_OK && columns != NULL)
		status = read_list(&layout->columns, &layout->rows, "columns",
		    columns, err);
	if (columns == NULL &&
	    !mc_layout_has(&layout->rows, MC_LAYOUT_METRIC))
		layout->columns = (struct mc_axis_keys){ 1,
		    { MC_LAYOUT_METRIC } };
	return status;
}
