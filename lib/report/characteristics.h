/*
 * characteristics.h - make the table of a study's population: the baseline
 * characteristics, often the first table of a paper.
 */
#ifndef MC_CHARACTERISTICS_H
#define MC_CHARACTERISTICS_H

#include "base/err.h"
#include "report/facts.h"
#include "report/grid.h"
#include "report/printed.h"
#include "report/wide.h"
#include "table/schemas.h"

/*
 * Make the grid *G of the population table POP, as mc-describe writes it; the
 * caller frees it with mc_grid_free, and it is NULL on error.  A column is a
 * split or a label, train, val and test first; the last one is the total.  A
 * line is one of these:
 *
 *	Images, Groups (in the words of STYLE)	n
 *	each label, or split			n (%) of images
 *	a column of numbers			mean (SD); of MEDIANS, a list
 *						in which "*" is all, median
 *						[Q1, Q3]
 *	each value of another column		n (%) of those with a value
 *	what is missing of a column, if any	n
 *
 * PRINTED, which must outlive POP, says how names are printed; MEDIANS has the
 * names of POP.
 *
 * Percentages have STYLE's decimals; means and medians have so many that the
 * standard deviation over all has three digits.  A column per part that is
 * compared has the standardized differences, with two decimals.  Where POP
 * compares splits and the columns are labels, or the reverse, there is none.
 *
 * MC_EDATA: no row; two rows of one number; a last row that is not of the
 * total, whose name is taken from it; no row of a split, or label, that is asked
 * for.
 * MC_EUSAGE: a name in MEDIANS that no column of numbers has.
 * What mc_printed_apply refuses.
 */
enum mc_status	mc_characteristics_grid(struct mc_rows *pop,
		    enum mc_across across, const char *medians,
		    struct mc_printed *printed,
		    const struct mc_table_style *style, struct mc_grid **g,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
