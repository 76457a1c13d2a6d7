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
 * Put into *G, which mc_grid_free frees and which is NULL on error, a line for
 * each arm, task by task, and a column for each metric, as "94.23 [92.10,
 * 96.01]", a percentage or as columns.h says; the best estimate within each
 * task is bold.  Below stand how the intervals were made, the number of images
 * and units, thresholds, and every note of the metrics table.  What varies
 * beside task, model and regime gets a column of its own.
 *
 * Refused: no row, a metric that is asked for and not there, two numbers for
 * one place.
 */
enum mc_status	mc_results_grid(struct mc_rows *m,
		    const struct mc_table_style *style, struct mc_grid **g,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
