/*
 * gzip.h - open files that may be compressed with gzip.
 */
#ifndef MC_GZIP_H
#define MC_GZIP_H

#include <zlib.h>

#include "base/err.h"

/*
 * Open the file PATH, compressed or not, for gzread; end it with gzclose.  NULL on
 * error: MC_EIO.
 */
gzFile	 mc_gzip_open(const char *path, struct mc_err *err);

#endif
