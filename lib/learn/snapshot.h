/*
 * snapshot.h - set the values of all parameters aside, in a spool, and put them
 * back.
 */
#ifndef MC_SNAPSHOT_H
#define MC_SNAPSHOT_H

#include <stdio.h>

#include "learn/params.h"

/*
 * Write the values of P to a spool of their own, *SPOOL, and close the one that
 * was there, if it is not NULL.
 */
enum mc_status	mc_snapshot_take(FILE **spool, const struct mc_params *p,
		    struct mc_err *err) MC_MUST_CHECK;

/* Give P the values in *SPOOL, which is closed and set to NULL. */
enum mc_status	mc_snapshot_restore(FILE **spool, struct mc_params *p,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
