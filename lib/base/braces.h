/*
 * braces.h - expand the braces of shard patterns: set-{000..127}.tar.
 */
#ifndef MC_BRACES_H
#define MC_BRACES_H

#include <stddef.h>

#include "base/err.h"

/* A pattern that stands for more names than this is refused. */
#define MC_BRACES_MAX 1000000

/*
 * Expand PATTERN as bash does: {a,b} stands for a and b, {1..3} for 1, 2 and 3,
 * {3..1} for the same from the last, {08..10} for 08, 09 and 10, as wide as the
 * wider of both if one begins with a zero.  A pattern may have several braces,
 * of which the first varies slowest.  What is neither a list nor a range of
 * whole numbers from 0 stays as it is; braces within braces are refused
 * (MC_EDATA).
 * *NAMES are the *N names, each of which, and the array, the caller frees; NULL
 * on error.
 */
enum mc_status	mc_braces_expand(const char *pattern, char ***names,
		    size_t *n, struct mc_err *err) MC_MUST_CHECK;

#endif
