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
	/* What the column grey_levels says of DICOM and of slices. */
	char *dicom, *slice;
};

/*
 * Find what must be known of the image at ADDRESS before the manifest is written:
 * whether it is a scanner's, how its grey levels are made, and where samples are
 * kept their bits and values.  A file that cannot be read is left to pack_image;
 * only MC_EMACHINE is an error.
 */
enum mc_status		 pack_scan_look(struct mc_packed_row *row,
			    const char *address, const struct pack_scan *how,
			    struct mc_err *err) MC_MUST_CHECK;

/* The same of an image whose N BYTES have been read, called NAME. */
enum mc_status		 pack_scan_look_at(struct mc_packed_row *row,
			    const void *bytes, size_t n, const char *name,
			    const struct pack_scan *how, struct mc_err *err)
			    MC_MUST_CHECK;

/* What pack_scan says of an image. */
struct pack_scan_facts {
	int64_t frames;		/* of the file */
	bool flat;		/* its levels use little of the stored bits */
};

/*
 * Make *PICTURE, which mc_image_free ends, of S by WINDOW.  NAME is for messages.
 */
enum mc_status		 pack_scan_picture(struct mc_image *picture,
			    const struct mc_samples *s,
			    const struct mc_window *window, const char *name,
			    struct mc_err *err) MC_MUST_CHECK;

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
