/*
 * results_parts.h - what the files of results.h share.
 */
#ifndef MC_RESULTS_PARTS_H
#define MC_RESULTS_PARTS_H

#include "report/axis.h"
#include "report/lines.h"

struct mc_results {
	const struct mc_table_style *style;
	struct mc_result_set set;
	struct mc_axis rows, columns;
	struct mc_lines lines;		/* the texts of rows */
	const struct mc_result **at;	/* [line * columns.n + column]: NULL
					   where there is none */
};

/* Whether the rows are given, not chosen by what the table holds. */
bool	mc_results_rows_given(const struct mc_results *r);

/* Whether KEY has a column or a heading of its own. */
bool	mc_results_show(const struct mc_results *r, size_t key);

/*
 * Whether KEY is neither of the rows nor of the columns, though it varies and
 * nothing that is shown stands for it: each number must say what it is of.
 */
bool	mc_results_leave_out(const struct mc_results *r, size_t key);

/* Say below G how the numbers were made, and what is bold, if anything is. */
void	mc_results_say(const struct mc_results *r, bool any_bold,
	    struct mc_grid *g);

#endif
