/*
 * comparison.h - what mc-compare has found so far: rows of the differences
 * table, which are adjusted when all are there, and the arms' values by task.
 */
#ifndef MC_COMPARISON_H
#define MC_COMPARISON_H

#include <stdio.h>

#include "arms.h"

/* Families of mc_pair: on all images, within subgroups, gaps of arm a. */
#define COMPARISON_ALL		0
#define COMPARISON_SUBGROUPS	1
#define COMPARISON_GAPS		2

struct comparison;

/*
 * PLAN and ADJUST ("holm", "bh", "max-t" or "none") must outlive it.  Tests
 * count together that agree in task, split, metric, average, family and claim,
 * whatever their class; with ONE_FAMILY those that agree in the claim.
 */
struct comparison *comparison_alloc(const struct mc_compare_options *plan,
		    int64_t seed, const char *adjust, bool one_family);
void		 comparison_free(struct comparison *c);

/* Add the N differences at D between sides of ARMS, copying all it needs. */
void		 comparison_add(struct comparison *c, const struct arms *arms,
		    const struct mc_pair *pairs, const struct mc_difference *d,
		    size_t n);

/*
 * Keep the values of ARMS on all images, the means over their seeds, for
 * comparison_rank.  Refused: a metric of one class, which is another in each
 * task; one that is undefined; arms that are not those of the task before.
 */
enum mc_status	 comparison_add_task(struct comparison *c,
		    const struct arms *arms, const struct mc_metric_spec *specs,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;

/*
 * Add Friedman's test over the tasks of each split and metric, and Nemenyi's of
 * each pair of arms.  Refused: fewer than 6 tasks, or than 3 arms.
 */
enum mc_status	 comparison_rank(struct comparison *c, struct mc_err *err)
		    MC_MUST_CHECK;

/* Adjust, and write the table. */
void		 comparison_write(struct comparison *c, FILE *f);

#endif
