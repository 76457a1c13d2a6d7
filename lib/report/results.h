/*
 * results.h - the table of results of a paper, in LaTeX.
 */
#ifndef MC_RESULTS_H
#define MC_RESULTS_H

#include "base/err.h"
#include "base/mem.h"
#include "report/page.h"
#include "table/schemas.h"

/*
 * Append to TEXT a table with a line for each arm, task by task, and a column
 * for each metric, as "94.23 [92.10, 96.01]", in per cent or as columns.h says;
 * the best estimate of each task is bold.  Below it stand how the intervals
 * were made, on how many images and units, thresholds, and every note of the
 * metrics table.  What varies beside task, model and regime gets a column of
 * its own.
 *
 * Refused: no row, a metric that is asked for and not there, two numbers for
 * one place.
 */
enum mc_status	mc_results_latex(struct mc_rows *m,
		    const struct mc_table_style *style, struct mc_buf *text,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
