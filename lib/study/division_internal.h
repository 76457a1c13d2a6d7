/*
 * division_internal.h - share a division among its sources; for
 * lib/study/division*.c alone.
 */
#ifndef MC_DIVISION_INTERNAL_H
#define MC_DIVISION_INTERNAL_H

#include "base/names.h"
#include "study/division.h"
#include "table/labels.h"
#include "table/units.h"

/* A manifest and what is known of its rows.  Numbers count from 0. */
struct mc_division {
	const struct mc_division_options *o;
	struct mc_manifest m;
	struct mc_table *t;	/* m.table */
	size_t rows;
	int stratify;		/* a column; -1: there is none */
	struct mc_unit_columns columns;	/* what is not torn apart */
	struct mc_units units;
	struct mc_labels labels;	/* in the column stratify */
	struct mc_units named;	/* what is independent, and its names; these */
	struct mc_names *names;	/* are NULL where the group says it all */
	bool *kept;
	uint32_t *part;		/* of each row: the split; NO_PART: kept */
	uint32_t *fold;
	uint32_t *within;	/* the number of its share; NO_PART: none */
};

#define NO_PART UINT32_MAX

/* The text of COLUMN in ROW, "" where there is no such column. */
const char	*div_field(const struct mc_division *s, size_t row, int column);

/* The rows in which COLUMN is empty. */
size_t		 div_empty(const struct mc_division *s, int column);

/*
 * Refuse a group, a unit or identical bytes in more than one of PART, whose
 * names are in COLUMN; or of the texts of COLUMN itself, which may be -1.
 */
enum mc_status	 div_apart(const struct mc_division *s, const uint32_t *part,
		    int column, const char *remedy, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 div_check_column(const struct mc_division *s, int column,
		    const char *remedy, struct mc_err *err) MC_MUST_CHECK;

/* The fields of a column, an element per row; the caller frees the array. */
const char	**div_texts(const struct mc_division *s, int column);

/* Fill s->labels from the column that is stratified by. */
enum mc_status	 div_read_labels(struct mc_division *s, struct mc_err *err)
		    MC_MUST_CHECK;

/* Warn of two spellings of a class, and of identical images with two labels. */
void		 div_warn_labels(const struct mc_division *s);

/* Check, and write the audit to F. */
enum mc_status	 div_check(struct mc_division *s, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
