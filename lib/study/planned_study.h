/*
 * planned_study.h - tabulate what studies of other sizes would find.
 */
#ifndef MC_PLANNED_STUDY_H
#define MC_PLANNED_STUDY_H

#include <stdio.h>

#include "stats/power.h"

/* The arms of a task, or assumed ones. */
struct mc_planned_study {
	struct mc_power_source source;
	const char *task, *fold, *split, *unit;
	const char *const *arm;		/* [side] */
	const char *const *classes;
	size_t reference;		/* a side that every other is compared
					   with; n_sides: all pairs */
};

struct mc_planned_study_options {
	struct mc_power_options power;
	int64_t seed;			/* power.how.seed, as it was given */
	size_t *patients;		/* sizes of the study */
	size_t n_patients;
	double width, detect;		/* goals; NAN: none */
};

/*
 * Write the rows of the power table: for each number of patients those of each
 * arm and metric, then of each pair of arms; then, for each goal, those of the
 * smallest study that reaches it (mc_planned_result_reaching).
 */
void		 mc_planned_study_write(const struct mc_planned_study *s,
		    const struct mc_planned_study_options *options, FILE *f);

#endif
