/*
 * tool.h - what every program does alike: start, warn, show progress, end.
 */
#ifndef MC_TOOL_H
#define MC_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"

/*
 * Parse the command line into OPTS, whose first member is a struct mc_common.
 * Answers --help and --version and ends the program there; a usage error ends
 * it with status 2.  Returns the index of the first operand in ARGV.
 */
int	tool_start(const struct mc_prog *prog, int argc, char **argv,
	    void *opts);

/* End with status 2 and "PROGRAM: text (see PROGRAM --help)". */
_Noreturn void tool_usage(const char *fmt, ...) MC_PRINTF(1, 2);

/* A line on standard error: warn unless -q, say only with -v. */
void	tool_warn(const char *fmt, ...) MC_PRINTF(1, 2);
void	tool_say(const char *fmt, ...) MC_PRINTF(1, 2);

/*
 * One line that is drawn over: "WHAT 120/624".  Only on a terminal or with
 * --progress, never with -q, at most ten times a second; drawn the last time
 * when DONE equals TOTAL.  TOTAL 0 means that it is not known.
 */
void	tool_progress(const char *what, int64_t done, int64_t total);

/*
 * The exit status for STATUS: prints the error's line where it is negative.
 * 0 done, 1 failed, 2 usage.
 */
int	tool_end(enum mc_status status, const struct mc_err *err);

#endif
