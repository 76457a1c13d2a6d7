/*
 * tool.h - start, warn, show progress and end, as every program does.
 */
#ifndef MC_TOOL_H
#define MC_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/out.h"

/*
 * Parse the command line into OPTS, whose first member is a struct mc_common.
 * Answers --help and --version and ends the program there; a usage error ends
 * it with status 2.  Returns the index of the first operand in ARGV.
 *
 * Nothing has been opened when this returns but descriptors 0 to 2: where the
 * caller has closed one it is open in such a way that its use fails.  No
 * MC_OUTPUT option leads to the place (place.h) of another, of an MC_INPUT
 * option or of an operand; the same holds for standard output and input.  No two
 * operands, nor two files of an MC_INPUTS option, are one file.
 */
int	tool_start(const struct mc_prog *prog, int argc, char **argv,
	    void *opts);

/*
 * PATH will be read, though no option or operand names it: end with a usage
 * error where it is an output also.  To be called before anything is opened.
 */
void	tool_reads(const char *path);

/*
 * The same of the N files at PATHS, which the arguments of --OPTION name: end with a
 * usage error also where two of them are one file.
 */
void	tool_reads_once(const char *option, const char *const *paths,
	    size_t n);

/* End with status 2 and "PROGRAM: text (see PROGRAM --help)". */
_Noreturn void tool_usage(const char *fmt, ...) MC_PRINTF(1, 2);

/*
 * A line on standard error: warn unless -q, say only with -v.  What is not
 * mc_printable is written as \xNN.
 */
void	tool_warn(const char *fmt, ...) MC_PRINTF(1, 2);
void	tool_say(const char *fmt, ...) MC_PRINTF(1, 2);

/*
 * Print nothing from here on, neither lines nor progress nor the error of
 * tool_end: another process says the same.
 */
void	tool_mute(void);

/*
 * Say that OUTPUT, the value of --output, gets an archive: a usage error if that
 * is a terminal.
 */
void	tool_writes_archive(const char *output);

/* Whether lines are drawn over: on a terminal or with --progress, not with -q. */
bool	tool_draws(void);

/*
 * TEXT as one line that is drawn over, if tool_draws, and at most ten times a
 * second.  The LAST one is always drawn, and stays.
 */
void	tool_line(const char *text, bool last);

/*
 * The same for "WHAT 120/624", which is the last when DONE equals TOTAL.  TOTAL
 * 0 means that it is not known.
 */
void	tool_progress(const char *what, int64_t done, int64_t total);

/*
 * Write to OUTPUT, a file, or standard output where it is NULL or "-": open it,
 * have WRITE write to F, and commit it.  Where WRITE fails, its status and error
 * are returned and OUTPUT stays as it was.  This also holds for standard output,
 * a pipe or a device: what is meant for them waits in a temporary file.
 */
enum mc_status	tool_write(const char *output, enum mc_status (*write)(FILE *f,
		    void *arg, struct mc_err *err), void *arg,
		    struct mc_err *err) MC_MUST_CHECK;

/* Write TEXT to OUTPUT, whole or not at all, as tool_write does. */
enum mc_status	tool_write_text(const char *output, const struct mc_buf *text,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The same as tool_write with SIDE, an output that has been written to, or NULL: both are put in
 * place or neither, SIDE first.  It is ended in every case.
 */
enum mc_status	tool_write_beside(struct mc_out *side, const char *output,
		    enum mc_status (*write)(FILE *f, void *arg,
		    struct mc_err *err), void *arg, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Return the exit status for STATUS: 0 done, 1 failed, 2 usage.  Where it is
 * negative, print the error's line; a usage error's as tool_usage does.
 */
int	tool_end(enum mc_status status, const struct mc_err *err);

#endif
