/*
 * description.h - describe the images and patients of a study, by split and
 * label: the first table of a paper.
 *
 * A row counts a part of the population, or says how a variable is distributed
 * in it.  Parts can be compared with a reference, by standardized differences:
 *
 *	numbers		(m - m_ref) / sqrt((s^2 + s_ref^2) / 2), of means and
 *			sample standard deviations
 *	shares		(p - p_ref) / sqrt((p (1 - p) + p_ref (1 - p_ref)) / 2)
 *
 * P. C. Austin, "Balance diagnostics for comparing the distribution of baseline
 * covariates between treatment groups in propensity-score matched samples",
 * Statistics in Medicine, 2009, equations 1 and 2.
 */
#ifndef MC_DESCRIPTION_H
#define MC_DESCRIPTION_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "table/population_parts.h"
#include "table/variable.h"

/* Which parts are compared with which. */
enum mc_against {
	MC_AGAINST_NONE,
	MC_AGAINST_SPLIT,	/* each split with one split, label by label */
	MC_AGAINST_LABEL	/* each label with one label, within each split */
};

/* What is described; all is borrowed. */
struct mc_description {
	const struct mc_population *p;
	char *const *columns;		/* the names of p's further columns */
	const struct mc_variable *variables;	/* and their values */
	const char *total;		/* the name of all splits or labels */
	enum mc_against against;
	const char *reference;		/* a split or label of P */
};

/*
 * The text COLUMN=NAME, in which COLUMN is split or label, into D->against and
 * D->reference, which points into TEXT; MC_EUSAGE where it is something else.
 */
enum mc_status	 mc_description_parse_against(struct mc_description *d,
		    const char *text, struct mc_err *err) MC_MUST_CHECK;

/*
 * Check D: no split and no label has the name of the total, and the population
 * has the reference; else MC_EDATA.
 */
enum mc_status	 mc_description_check(const struct mc_description *d,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Write the population table to F: splits in byte order, the labels of each,
 * the totals last.  MC_EDATA: more than a million pairs of split and label.
 */
enum mc_status	 mc_description_write(const struct mc_description *d, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
