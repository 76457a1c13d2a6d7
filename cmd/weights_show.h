/*
 * weights_show.h - write the table of the arrays of a file of weights.
 */
#ifndef MC_WEIGHTS_SHOW_H
#define MC_WEIGHTS_SHOW_H

#include <stdio.h>

#include "base/err.h"
#include "weights/statedict.h"

/*
 * Write a row to OUT for each array of SD, which was read from FILE: name, dtype,
 * shape, n, mean, min, max, nonfinite, sha256.  MC_EDATA: a name is not UTF-8.
 */
enum mc_status	weights_show(const struct mc_statedict *sd, const char *file,
		    FILE *out, struct mc_err *err) MC_MUST_CHECK;

#endif
