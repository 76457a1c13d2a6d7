/*
 * row_filter.h - select rows of a manifest by split, label and id.
 */
#ifndef MC_ROW_FILTER_H
#define MC_ROW_FILTER_H

#include <stddef.h>

#include "base/err.h"
#include "table/manifest.h"

/* What is selected; NULL: everything. */
struct mc_row_filter {
	const char *split;	/* a list of splits, with commas between them */
	const char *label;	/* a list of labels */
	const char *ids;	/* a file: a TSV with the column id, or one id
				   per line; "-": standard input */
};

/* The rows selected; end it with mc_selected_clear, which takes { 0 }. */
struct mc_selected {
	size_t *row, n;		/* in the order of the manifest */
	size_t unknown, ids;	/* ids of the file that no row has; all */
	char *first;		/* the first unknown id */
};

/*
 * Find the rows of M that have one of the splits, one of the labels and one of
 * the ids.  A field is compared whole, also a label with several findings.
 * MC_EDATA: M has no such column, a split or label is in no row, the file
 * cannot be read or gives an id twice, or no row is selected.  An id that M does
 * not have is counted.
 */
enum mc_status	 mc_filter_rows(struct mc_selected *s,
		    const struct mc_manifest *m, const struct mc_row_filter *f,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_selected_clear(struct mc_selected *s);

#endif
