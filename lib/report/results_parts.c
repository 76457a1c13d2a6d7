/* results_parts.c - find what a table of results shows. */
#include "config.h"

#include "report/results_parts.h"

/* The index of KEY among the keys of lines, or their number. */
static size_t
find_row_key(const struct mc_results *r, size_t key)
{
	size_t k;

	for (k = 0; k < r->rows.keys.n && r->rows.keys.key[k] != key; k++)
		;
	return k;
}

bool
mc_results_rows_given(const struct mc_results *r)
{
	return r->style->layout != NULL && r->style->layout->has_rows;
}

bool
mc_results_show(const struct mc_results *r, size_t key)
{
	size_t k = find_row_key(r, key);

	if (key == MC_KEY_REGIME && mc_results_show(r, MC_LAYOUT_FREEZE))
		return true;
	return mc_layout_has(&r->columns.keys, key) ||
	    (k < r->rows.keys.n && r->lines.shown[k]);
}

/* Whether anything that tells arms apart is a row or a column. */
static bool
has_arm(const struct mc_results *r)
{
	size_t k;

	for (k = 0; k < MC_LAYOUT_KEYS; k++) {
		if (mc_layout_is_of_arm(k) && (mc_layout_has(&r->rows.keys,
		    k) || mc_layout_has(&r->columns.keys, k)))
			return true;
	}
	return false;
}

bool
mc_results_leave_out(const struct mc_results *r, size_t key)
{
	if (key > MC_LAYOUT_METRIC || mc_layout_has(&r->rows.keys, key) ||
	    mc_layout_has(&r->columns.keys, key) ||
	    mc_result_set_only(&r->set, key) != NULL)
		return false;
	return !mc_layout_is_of_arm(key) ||
	    (key == MC_KEY_ARM && !has_arm(r));
}
