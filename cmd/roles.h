/*
 * roles.h - which files a program reads and which it writes: no output may be an
 * input or another output, and no input is given twice.
 *
 * Files are told apart by their place (place.h); NULL and "-" are standard input or
 * output.  All return MC_OK or MC_EUSAGE.
 */
#ifndef MC_ROLES_H
#define MC_ROLES_H

#include <stddef.h>

#include "base/err.h"
#include "base/opt.h"

/*
 * Check the files that the command line names: outputs, inputs and OPERANDS, which
 * end with NULL, of PROG, whose options are stored in OPTS.  The outputs are
 * remembered for the functions below.  To be called once.
 */
enum mc_status	roles_check(const struct mc_prog *prog, char **operands,
		    const void *opts, struct mc_err *err) MC_MUST_CHECK;

/* Check that PATH, which will be read, is no output. */
enum mc_status	roles_read(const char *path, struct mc_err *err)
		    MC_MUST_CHECK;

/* The same of the N files at PATHS, of which no two are one file; --OPTION names
   them, or operands where OPTION is NULL. */
enum mc_status	roles_read_once(const char *option, const char *const *paths,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;

#endif
