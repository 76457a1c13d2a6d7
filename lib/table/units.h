/*
 * units.h - which rows of a manifest belong together, and whether they stand
 * together.
 *
 * A unit is what is independent of the others: the images of one group (a
 * patient), or an image that has no group.
 */
#ifndef MC_UNITS_H
#define MC_UNITS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "table/manifest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The rows of a table, numbered from 0; free of_row. */
struct mc_units {
	uint32_t *of_row;
	size_t n;
};

/*
 * Number the units of M by the column GROUP, in the byte order of their names,
 * whatever the order of the rows; -1: there is no such column, and every image
 * is a unit.  Units that share a text in the column SAME, which is a digest of
 * the image, become one unit; -1: none do.  Returns how many were joined so to
 * another.  M has fewer than 2^32 - 1 rows.
 */
size_t	mc_units_find(struct mc_units *units, const struct mc_manifest *m,
	    int group, int same);

/* Likewise the distinct texts of COLUMN, the empty one too. */
void	mc_units_of_texts(struct mc_units *units, const struct mc_manifest *m,
	    int column);

struct mc_clash {
	size_t n;		/* texts that stand in more than one part */
	size_t row, other;	/* where N > 0: the first row that shows it, and
				   a row above it */
};

/*
 * The texts of COLUMN, but the empty one, whose rows differ in PART, which has
 * an element for each row; -1: there are none.
 */
struct mc_clash	mc_units_clash(const struct mc_manifest *m, int column,
		    const uint32_t *part);

/*
 * Write the audit of a split: a TSV of split, label, images and groups (that
 * is, UNITS), sorted by bytes.  LABEL is a column or -1.
 */
void	mc_units_audit(const struct mc_manifest *m,
	    const struct mc_units *units, int label, FILE *f);

#ifdef __cplusplus
}
#endif

#endif
