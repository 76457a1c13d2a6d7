/*
 * thresholds.h - Find the threshold of a run in a thresholds table.
 */
#ifndef MC_THRESHOLDS_H
#define MC_THRESHOLDS_H

#include <stddef.h>

#include "base/err.h"
#include "table/predictions.h"
#include "table/schemas.h"

/* What the table says of a run; the texts are the table's. */
struct mc_run_threshold {
	const char *class_name;
	size_t n_replicates;
	double *at;		/* that of all rows, then those of n_replicates
				   replicates, NAN where there is none; freed
				   with free() */
};

/*
 * Look up RUN by its keys in T, which has mc_thresholds_schema: keys that are
 * MC_KEY_OPTIONAL must agree where both have one, the split must differ, and
 * the others must be the same.  Refused: no row; two for one replicate; one
 * missing among the replicates; rows of two classes; a row that was chosen on
 * the split of RUN.
 */
enum mc_status	 mc_thresholds_find(struct mc_rows *t,
		    const struct mc_run *run, struct mc_run_threshold *found,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
