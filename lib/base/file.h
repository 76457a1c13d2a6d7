/*
 * file.h - open regular files for reading, and nothing else.
 */
#ifndef MC_FILE_H
#define MC_FILE_H

#include <stdio.h>

#include "base/err.h"

/*
 * Open PATH, which must be a regular file, links followed; the caller closes
 * it.  NULL: an error.  Never waits, as opening a pipe does that nobody writes
 * to.
 */
FILE	*mc_file_open(const char *path, struct mc_err *err);

#endif
