/*
 * manifest.h - bind and check the known columns of a manifest.
 */
#ifndef MC_MANIFEST_H
#define MC_MANIFEST_H

#include "base/err.h"
#include "table/tsv.h"

/* Columns that a caller cannot do without; id is always needed. */
enum mc_manifest_need {
	MC_NEED_PATH = 1,
	MC_NEED_LABEL = 2,
	MC_NEED_GROUP = 4,
	MC_NEED_SPLIT = 8
};

struct mc_manifest {
	struct mc_table *table;
	/* The columns; -1: there is no such one. */
	int id, path, label, group, split, fold, share, sha256, unit, bits;
};

/*
 * Read PATH (NULL or "-": standard input) into M, which mc_manifest_clear ends.
 * NEED is an or of enum mc_manifest_need.  Refused: no row, an empty id, an id
 * that is given twice (with both lines).  On error M is empty.
 */
enum mc_status	 mc_manifest_read(struct mc_manifest *m, const char *path,
		    unsigned need, struct mc_err *err) MC_MUST_CHECK;

/* The same of the table T, which M owns afterwards, also on error. */
enum mc_status	 mc_manifest_take(struct mc_manifest *m, struct mc_table *t,
		    unsigned need, struct mc_err *err) MC_MUST_CHECK;
void		 mc_manifest_clear(struct mc_manifest *m);

/* The field of ROW in a column of struct mc_manifest; "" where COLUMN is -1. */
const char	*mc_manifest_get(const struct mc_manifest *m, size_t row,
		    int column);

#endif
