/*
 * pack_scan.h - make PNG of the files of scanners, for mc-pack.
 */
#ifndef PACK_SCAN_H
#define PACK_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "image/recode.h"
#include "scan/levels.h"
#include "table/packed.h"

/* How samples become pixels. */
struct pack_scan {
	struct mc_window window;
	bool keep;		/* grey samples as they are, in 16 bits */
};

/*
 * Find what must be known of the image at ADDRESS before the manifest is written:
 * whether it is a scanner's, and where samples are kept their bits and values.  A
 * file that cannot be read is left to pack_image.
 */
struct mc_packed_row	 pack_scan_look(const char *address,
			    const struct pack_scan *how);

/* What pack_scan says of an image. */
struct pack_scan_facts {
	int64_t frames;		/* of the file */
	bool flat;		/* its levels use little of the stored bits */
};

/*
 * Replace BYTES, a scanner's file, by a picture of FRAME (see mc_scan_decode), made
 * by SCAN and then by HOW; *EXTENSION is that of the picture.  NAME is for
 * messages.
 */
enum mc_status	 pack_scan(struct mc_buf *bytes, int64_t frame,
		    const struct pack_scan *scan, const struct mc_recode *how,
		    const char **extension, struct pack_scan_facts *facts,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#endif
