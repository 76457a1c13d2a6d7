/*
 * gzip.h - open files that may be compressed with gzip.
 */
#ifndef MC_GZIP_H
#define MC_GZIP_H

#include <zlib.h>

#include "base/err.h"

/*
 * Open the file PATH, compressed or not, for gzread; end it with gzclose.  NULL: an
 * error, whose status ERR has.
 */
gzFile	 mc_gzip_open(const char *path, struct mc_err *err);

/*
 * Why reading GZ, the file PATH, failed, where that is not its content: MC_EIO or
 * MC_EMACHINE.  MC_OK: it is.  Ends the program where memory ran out.
 */
enum mc_status	 mc_gzip_trouble(gzFile gz, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
