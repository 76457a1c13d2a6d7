/*
 * comparisons.h - the table of differences between arms, in LaTeX.
 */
#ifndef MC_COMPARISONS_H
#define MC_COMPARISONS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "report/page.h"
#include "table/schemas.h"

/*
 * Append to TEXT a table with a line for each comparison of two arms, task by
 * task and metric by metric: "A - B", the difference as "1.20 [-0.35, 2.81]",
 * in per cent points or as columns.h says, p, and p adjusted for the tests of
 * its family.  Split, subgroup, test and margin get columns where they vary.
 * Below it stand how intervals and p were made, the families, on how many
 * images and units, and every note of the differences table.  Nothing is bold:
 * p and interval say what there is to say.
 *
 * Rows without arm_b compare no two arms; they are left out, and counted below.
 *
 * Refused: no row that compares two arms, a metric of the style that none has
 * (unless SOME of them will do), two rows for one line.
 */
enum mc_status	mc_comparisons_latex(struct mc_rows *d,
		    const struct mc_table_style *style, bool some,
		    struct mc_buf *text, struct mc_err *err) MC_MUST_CHECK;

#endif
