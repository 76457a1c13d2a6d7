/*
 * results.h - make the table of results of a paper.
 */
#ifndef MC_RESULTS_H
#define MC_RESULTS_H

#include "base/err.h"
#include "report/facts.h"
#include "report/grid.h"
#include "table/schemas.h"

/*
 * Make the grid *G of results, freed with mc_grid_free and NULL on error: a
 * number as "94.23 [92.10, 96.01]", a percentage or as columns.h says, in the
 * line and the column of its keys.  The best estimate of each metric within
 * each task is bold.  Sentences below say how the intervals were made, on how
 * many images and units, at which thresholds, and give every note of the
 * metrics table.
 *
 * STYLE's layout says which keys the rows and columns are.  Without one the
 * columns are the metrics and each arm of each task has a line, in which
 * task, model and regime are shown, and what else tells lines apart.  A key that
 * is left out, but varies without telling two numbers of one place apart, is a
 * note at each number; what it is in all numbers is said below.
 *
 * Numbers whose difference from a reference is significant, by STYLE's
 * differences, have a note that says so (significance.h).
 *
 * STYLE's order is that of the lines; lines without a value in the first column
 * are the last in the order of estimates, and ties keep the order of names.
 *
 * Refused: no row, a metric that is asked for and not there, two numbers for
 * one place.
 */
enum mc_status	mc_results_grid(struct mc_rows *m,
		    const struct mc_table_style *style, struct mc_grid **g,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
