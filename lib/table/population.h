/*
 * population.h - read the images of a study from a manifest or from
 * predictions.
 *
 * A manifest has a row for each image, predictions have one for each image and
 * arm.  Either becomes images that are there once, each with its split, label
 * and group, and with the values of further columns.
 */
#ifndef MC_POPULATION_H
#define MC_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/names.h"
#include "table/further.h"
#include "table/labels.h"
#include "table/tsv.h"
#include "table/units.h"

/* What mc_population_read may be told. */
struct mc_population_options {
	char *const *columns;	/* NULL-terminated: further columns, or NULL */
	const char *join, *key;	/* where to look for them too; see join.h.  KEY
				   is "id" where it is NULL */
	enum mc_unit_kind unit;
	bool multilabel;		/* read findings (findings.h) */
	const char *no_finding;
	bool may_lack_groups;	/* MC_UNIT_DEFAULT: count no groups where some
				   rows have none, instead of an error */
	void (*warn)(const char *line);	/* what must be known; or NULL */
};

/* A text of each image, numbered in byte order; the empty one included. */
struct mc_texts {
	struct mc_names *names;
	uint32_t *of;
};

struct mc_population {
	size_t n;			/* images, at least 1 */
	struct mc_texts split;		/* without the column, all are empty */
	struct mc_labels label;		/* likewise */
	struct mc_texts group;		/* the column unit, or group where that
					   is empty; names is NULL: images are
					   counted and no groups */
	size_t no_group;		/* images without, if others have one
					   and may_lack_groups was given */
	size_t *row;			/* of each image: its first */
	struct mc_table *table;
	struct mc_further further;	/* options.columns */
	size_t *join_row;		/* of each row of the table */
};

/*
 * Read PATH (NULL or "-": standard input) into P, which mc_population_clear
 * ends and which keeps options.columns.  Only the column id is required.
 *
 * Rows of one id are one image if they differ in a key column that is not
 * MC_KEY_OF_IMAGE.  Refused, each with its place: such rows that
 * do not agree in split, label, group, unit and the further columns; other rows
 * of one id; more than one task; no row; an empty id; a further column that
 * stands both here and in the join, or in neither; a row whose key is not in the
 * join; rows without group and unit where another has a group or groups are
 * asked for; labels that hold "|" and are not read as findings, or cannot be.  On
 * error P is empty.
 */
enum mc_status	 mc_population_read(struct mc_population *p, const char *path,
		    const struct mc_population_options *options,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_population_clear(struct mc_population *p);

/* The id of an image. */
const char	*mc_population_id(const struct mc_population *p, size_t image);
/* The field of an image in a further column. */
const char	*mc_population_get(const struct mc_population *p, size_t image,
		    size_t column);
/* The line of an image's first row in the table. */
long long	 mc_population_line(const struct mc_population *p,
		    size_t image);

#endif
