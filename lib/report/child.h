/*
 * child.h - run another program and keep what it writes.
 */
#ifndef MC_CHILD_H
#define MC_CHILD_H

#include "base/err.h"
#include "base/mem.h"

/*
 * Run ARGV, whose program is looked for in $PATH, with INPUT on its standard
 * input, and append what it writes to OUTPUT and SAID, its standard error.  No
 * shell is between, and its streams are unlinked files, so it can end at any
 * time.  *ENDED is its status as waitpid gives it; exit status 127 is also that
 * of a program that is not there.
 */
enum mc_status	mc_child_run(char *const *argv, const struct mc_buf *input,
		    struct mc_buf *output, struct mc_buf *said, int *ended,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
