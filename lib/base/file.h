/*
 * file.h - open and read regular files, and nothing else.
 */
#ifndef MC_FILE_H
#define MC_FILE_H

#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"

/*
 * Open PATH, which must be a regular file, links followed; the caller closes
 * it.  NULL: an error, whose status ERR has.  Never waits, as opening a pipe
 * does that nobody writes to.
 */
FILE	*mc_file_open(const char *path, struct mc_err *err);

/*
 * Read all of the regular file PATH into BYTES, whose earlier content is dropped;
 * the caller frees it, also after an error.  MC_EIO, MC_EMACHINE: it cannot be read;
 * MC_EDATA: it has more than LIMIT bytes.
 */
enum mc_status	 mc_file_read(struct mc_buf *bytes, const char *path,
		    size_t limit, struct mc_err *err) MC_MUST_CHECK;

#endif
