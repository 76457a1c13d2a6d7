/*
 * units.h - group the rows of a manifest into independent units, and find those
 * that stand in two parts of a split.
 *
 * A unit is what is independent of the others: the images of one group (a
 * patient) and of every other group that holds one of these images, or an image
 * that has no group, with its copies.
 */
#ifndef MC_UNITS_H
#define MC_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "table/manifest.h"

/* What is to be independent: a program's choice "group" or "image". */
enum mc_unit_kind {
	MC_UNIT_DEFAULT = -1,	/* groups where there are any, else images */
	MC_UNIT_GROUP,
	MC_UNIT_IMAGE
};

/*
 * Set the error that the row in LINE of FILE has no group, so that groups cannot
 * be the unit: the column is not there unless HAS_COLUMN.  OTHERS: other rows
 * have one.  Returns MC_EDATA.
 */
enum mc_status	mc_units_no_group(const char *file, int64_t line,
	    bool has_column, bool others, struct mc_err *err);

/* The columns that say what belongs together; -1: there is no such column. */
struct mc_unit_columns {
	int unit;	/* as mc-split wrote it; where it is empty, the group
			   counts */
	int group;
	int same;	/* a digest of the image */
};

/* The rows of a table, numbered from 0; free of_row. */
struct mc_units {
	uint32_t *of_row;
	size_t n;
};

/*
 * Number the units of M, in the byte order of the first texts in them,
 * whatever the order of the rows.  Rows are of one unit if they share a text,
 * not the empty one, in the columns unit and group, which hold names of one
 * kind, or in the column same.  Returns how many units were joined by the column
 * same that the others had left apart.  M has fewer than 2^32 - 1 rows.
 */
size_t	mc_units_find(struct mc_units *units, const struct mc_manifest *m,
	    struct mc_unit_columns columns);

/*
 * The names of UNITS, which mc_units_find made, numbered as they are; the caller
 * frees them.  A unit is called by the first, in byte order, of its texts in
 * the columns unit and group; where it has none, by the first of its ids, with
 * as many "'" behind it as make it the name of no other unit.
 */
struct mc_names	*mc_units_names(const struct mc_units *units,
		    const struct mc_manifest *m,
		    struct mc_unit_columns columns);

/* Likewise the distinct texts of COLUMN, the empty one included. */
void	mc_units_of_texts(struct mc_units *units, const struct mc_manifest *m,
	    int column);

struct mc_clash {
	size_t n;		/* texts that stand in more than one part */
	size_t row, other;	/* where N > 0: the first row that shows it, and
				   a row above it */
};

/*
 * The texts of COLUMN, but the empty one, whose rows differ in PART, which has
 * an element for each row; -1: there are none.  EACH, unless it is NULL, is called
 * for every such text with two rows that show it, the later one first, and ARG.
 */
struct mc_clash	mc_units_clash(const struct mc_manifest *m, int column,
		    const uint32_t *part, void (*each)(size_t row,
		    size_t other, void *arg), void *arg);

/*
 * The same of the pictures of equal files, by the column sha256: two frames or
 * slices of one file, which its path names, are two pictures.
 */
struct mc_clash	mc_pictures_clash(const struct mc_manifest *m,
		    const uint32_t *part);

#endif
