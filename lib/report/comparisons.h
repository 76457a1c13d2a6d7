/*
 * comparisons.h - make the table of differences between arms.
 */
#ifndef MC_COMPARISONS_H
#define MC_COMPARISONS_H

#include <stdbool.h>

#include "base/err.h"
#include "report/facts.h"
#include "report/grid.h"
#include "table/schemas.h"

/*
 * Put into *G, which mc_grid_free frees and which is NULL on error, a line for
 * each comparison of two arms, task by task and metric by metric: "A - B", the
 * difference with its interval, in percentage points or as columns.h says, p,
 * and p adjusted for the tests of its family.  Split, subgroup, test and margin
 * get columns where they vary.  Below stand how intervals and p were made, the
 * families, the number of images and units, and every note of the differences
 * table.  Nothing is bold: p and interval say what there is to say.
 *
 * Rows without arm_b do not compare two arms; they are omitted, and counted
 * below.
 *
 * Refused: no row that compares two arms, a metric of the style that none has
 * (unless SOME of them will do), two rows for one line.
 */
enum mc_status	mc_comparisons_grid(struct mc_rows *d,
		    const struct mc_table_style *style, bool some,
		    struct mc_grid **g, struct mc_err *err) MC_MUST_CHECK;

#endif
