/*
 * subgroup.h - divide the rows of a run into subgroups by further columns.
 */
#ifndef MC_SUBGROUP_H
#define MC_SUBGROUP_H

#include "table/predictions.h"

/*
 * The terms of --by, "A,B+C": the subgroups of the first are the values of
 * column A, those of the second the pairs of values of B and C.  Every function
 * takes NULL as a grouping without terms.
 */
struct mc_grouping;

/*
 * Parse BY into *G, which is freed with mc_grouping_free and is NULL on error.
 * Returns MC_EUSAGE if a name is empty.
 */
enum mc_status	 mc_grouping_parse(struct mc_grouping **g, const char *by,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_grouping_free(struct mc_grouping *g);

/*
 * Return the columns, each once, NULL-terminated, or NULL: the further columns
 * that predictions must be read with (mc_predictions_options).
 */
char *const	*mc_grouping_columns(const struct mc_grouping *g);

/* Return the number of columns. */
size_t		 mc_grouping_width(const struct mc_grouping *g);

/* Return the number of terms. */
size_t		 mc_grouping_terms(const struct mc_grouping *g);

/* Return the name of the first column of a term, and set *N to their number. */
const char	*mc_grouping_term(const struct mc_grouping *g, size_t term,
		    size_t *n);

/* Count the rows of RUN that a term leaves out: those with an empty value. */
size_t		 mc_grouping_missing(const struct mc_grouping *g, size_t term,
		    const struct mc_run *run);

struct mc_subgroup {
	char *name;		/* "sex=F", or "sex=F, site=A" */
	size_t term;
	size_t n;		/* rows, at least 1 */
	size_t *row;		/* their numbers in the run, ascending */
};

/*
 * Divide RUN term by term, in byte order of the values, into *N subgroups, an
 * array that is freed with mc_subgroups_free.  A row with an empty value in a
 * column of a term is in none of its subgroups.
 */
struct mc_subgroup *mc_subgroups(const struct mc_grouping *g,
		    const struct mc_run *run, size_t *n);
void		 mc_subgroups_free(struct mc_subgroup *subgroups, size_t n);

#endif
