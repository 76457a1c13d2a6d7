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
 * Make the grid *G of results, freed with mc_grid_free and NULL on error: one
 * line per arm, task by task, and one column per metric, as "94.23 [92.10,
 * 96.01]", a percentage or as columns.h says; the best estimate within each
 * task is bold.  Sentences below say how the intervals were made, on how many
 * images and units, at which thresholds, and give every note of the metrics
 * table.  What varies beside task, model and regime gets a column of its own.
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
