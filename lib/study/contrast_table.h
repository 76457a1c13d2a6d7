/*
 * contrast_table.h - collect the rows of the differences table, adjust them for
 * the number of tests, and rank the arms over tasks.
 */
#ifndef MC_CONTRAST_TABLE_H
#define MC_CONTRAST_TABLE_H

#include <stdio.h>

#include "study/arms.h"

struct mc_contrast_table;

/* How p is adjusted for the number of tests. */
enum mc_contrast_adjust {
	MC_CONTRAST_HOLM, MC_CONTRAST_BH, MC_CONTRAST_MAX_T, MC_CONTRAST_NONE
};

/* Their names, as --adjust takes them; ends in NULL. */
extern const char *const mc_contrast_adjust_names[];

/*
 * Make an empty table of differences that were computed with OPTIONS, which
 * must outlive it, and SEED.  It is freed with mc_contrast_table_free.
 *
 * The tests of a family are adjusted together: those that agree in task, split,
 * metric, average, the pair's family and the claim, whatever their class, and
 * in whether they are of means over findings; with ONE_FAMILY those that agree
 * in the claim.
 */
struct mc_contrast_table *mc_contrast_table_alloc(
		    const struct mc_compare_options *options, int64_t seed,
		    enum mc_contrast_adjust adjust, bool one_family);
void		 mc_contrast_table_free(struct mc_contrast_table *t);

/* Add the N differences at D between sides of ARMS, copying all it needs. */
void		 mc_contrast_table_add(struct mc_contrast_table *t,
		    const struct mc_arms *arms, const struct mc_pair *pairs,
		    const struct mc_difference *d, size_t n);

/*
 * Keep the values of ARMS on all images, the means over their seeds, for
 * mc_contrast_table_rank.  Returns MC_EUSAGE for a metric of one class, which
 * is another in each task, and MC_EDATA for an undefined value and for arms
 * that are not those of the task before.
 */
enum mc_status	 mc_contrast_table_add_task(struct mc_contrast_table *t,
		    const struct mc_arms *arms,
		    const struct mc_metric_spec *specs, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Add Friedman's test over the tasks of each split and metric, and Nemenyi's of
 * each pair of arms (friedman.h).  Returns MC_EDATA if there are too few tasks
 * or arms.
 */
enum mc_status	 mc_contrast_table_rank(struct mc_contrast_table *t,
		    struct mc_err *err) MC_MUST_CHECK;

/* Adjust the rows, and write the table. */
void		 mc_contrast_table_write(struct mc_contrast_table *t, FILE *f);

#endif
