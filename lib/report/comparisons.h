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
 * Make the grid *G of differences, freed with mc_grid_free and NULL on error:
 * one line per comparison of two arms, task by task and metric by metric: "A -
 * B", the difference with its interval, in percentage points or as columns.h
 * says, p, and p adjusted for the tests of its family, if any family has
 * several.  Split, subgroup, test and margin get columns where they vary; a row
 * without p has no test.  Sentences below say how intervals
 * and p were made, for which families, on how many images and units, and give
 * every note of the differences table.  Nothing is bold: p and interval say
 * what there is to say.
 *
 * STYLE's order is that of the lines of each task and metric: of estimates, the
 * greatest difference in favour of the first arm is the first.
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
