/*
 * layout.h - choose what the lines of a table of results are, and what its
 * columns: any keys of a metrics table.
 */
#ifndef MC_LAYOUT_H
#define MC_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "table/keys.h"

/* A key of a layout: the number of a key column (enum mc_key), or one of these. */
enum {
	MC_LAYOUT_SUBGROUP = MC_KEYS,
	MC_LAYOUT_METRIC,	/* with its average and class, unless these are
				   keys of the layout themselves */
	MC_LAYOUT_AVERAGE,
	MC_LAYOUT_CLASS,
	MC_LAYOUT_FREEZE,	/* whether the regime is frozen: yes or no */
	MC_LAYOUT_KEYS
};

/* The keys of the lines, or of the columns, the outermost first. */
struct mc_axis_keys {
	size_t n;
	size_t key[MC_LAYOUT_KEYS];
};

struct mc_layout {
	bool has_rows, has_columns;	/* they are given */
	struct mc_axis_keys rows, columns;
};

/*
 * Read ROWS and COLUMNS, lists of names separated by commas, or NULL where they
 * are not given.  Columns that are not given are the metric, or nothing where
 * it is in ROWS; rows that are not given are chosen by what a table holds
 * (mc_results_grid), and *LAYOUT has none.
 *
 * MC_EUSAGE: a name that is no key, or one that is given twice.
 */
enum mc_status	 mc_layout_read(struct mc_layout *layout, const char *rows,
		    const char *columns, struct mc_err *err) MC_MUST_CHECK;

/* Whether KEY is among KEYS. */
bool		 mc_layout_has(const struct mc_axis_keys *keys, size_t key);

/* What options call KEY: "task". */
const char	*mc_layout_name(size_t key);

/* What is printed above its values: "Task". */
const char	*mc_layout_heading(size_t key);

/* Whether KEY tells arms, or the training seeds of one, apart. */
bool		 mc_layout_is_of_arm(size_t key);

#endif
