/*
 * results.h - the table of results of a paper, in LaTeX.
 */
#ifndef MC_RESULTS_H
#define MC_RESULTS_H

#include <stdbool.h>

#include "base/mem.h"
#include "table/metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mc_results_style {
	const char *metrics;	/* which columns: "accuracy,f1:macro,..."; NULL:
				   all that are of no single class */
	const char *caption;	/* NULL: none */
	const char *label;	/* NULL: none */
	bool standalone;	/* a whole document, else what \input takes */
};

/*
 * Append to TEXT a table with a line for each arm, task by task, and a column
 * for each metric, as "94.23 [92.10, 96.01]" in per cent; the highest estimate
 * of each task is bold.  Below it stand how the intervals were made, on how
 * many images and units, and every note of the metrics table.  What varies
 * beside task, model and regime gets a column of its own.
 *
 * The table needs the packages booktabs and graphicx; it is shrunk to the
 * line's width where it is wider, and divided where it is longer than a page.
 *
 * Refused: no row, a metric that is asked for and not there, one that this
 * page does not know how to print, two numbers for one place.
 */
enum mc_status	mc_results_latex(struct mc_metrics *m,
		    const struct mc_results_style *style, struct mc_buf *text,
		    struct mc_err *err) MC_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
