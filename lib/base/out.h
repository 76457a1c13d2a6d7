/*
 * out.h - write output that is whole or does not appear.
 *
 * A file is written under a temporary name beside its target and renamed only
 * by mc_out_commit, when everything has been flushed.  Symbolic links are
 * followed, so that the file they name is the one replaced, and its mode is
 * kept.  A target that exists and is not a regular file (a device, a pipe) is
 * opened and written directly.  Temporaries are removed however the program
 * ends (temporary.h).
 */
#ifndef MC_OUT_H
#define MC_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct mc_out;

/*
 * Open PATH for writing; NULL or "-" is standard output.  *OUT is NULL on
 * error.  End it with exactly one of commit and abandon.
 */
enum mc_status	 mc_out_open(struct mc_out **out, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/* The stream to write to, and the name to put into messages. */
FILE		*mc_out_file(struct mc_out *out);
const char	*mc_out_name(const struct mc_out *out);

/*
 * Whether OUT is standard output, a device or a pipe: what is written leaves at
 * once, and nothing takes it back.
 */
bool		 mc_out_is_direct(const struct mc_out *out);

/*
 * Flush, close and, for a temporary, rename.  Frees OUT in every case; on
 * error no output is left.  A write that failed at any time is reported here.
 */
enum mc_status	 mc_out_commit(struct mc_out *out, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Flush and close OUT, so that it needs fewer descriptors until mc_out_commit
 * gives it its name.  OUT stays the caller's; nothing more can be written.
 */
enum mc_status	 mc_out_settle(struct mc_out *out, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The same for the N outputs of a program, of which some may be NULL: all are
 * flushed and closed before the first is renamed, so that what cannot be
 * written leaves every old file as it was.  They are renamed in their order;
 * let the main one be the last.  Frees them all in every case.
 */
enum mc_status	 mc_out_commit_all(struct mc_out *const *out, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/* Close, remove a temporary and free.  Keeps errno; OUT may be NULL. */
void		 mc_out_abandon(struct mc_out *out);

/*
 * Close F, which has been written to and is called NAME.  An error where a
 * write has failed at whatever time; fclose alone does not know of all.
 */
enum mc_status	 mc_out_close(FILE *f, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * An unlinked temporary file in $TMPDIR (default /tmp), open for reading and
 * writing; NULL on error.  fclose it.
 */
FILE		*mc_spool_open(struct mc_err *err);

/*
 * Go to SPOOL's start, to read what has been written.  Where not all of it
 * could be written, at whatever time, that is the error.
 */
enum mc_status	 mc_spool_rewind(FILE *spool, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
