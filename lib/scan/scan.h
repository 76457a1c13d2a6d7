/*
 * scan.h - read the images of scanners: what their headers say, and one frame.
 *
 * A reader of a format fills struct mc_scan_tags from a file's header and struct
 * mc_samples from a file's bytes.  DICOM is read with DCMTK (dicom.h); where
 * mctools is built without it, these functions return MC_EDATA and say so.
 */
#ifndef MC_SCAN_H
#define MC_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/kind.h"
#include "scan/samples.h"
#include "scan/tags.h"

/* Whether KIND is read here, and this build does. */
bool		 mc_scan_reads(const struct mc_kind *kind);

/*
 * Read the header of the file PATH into *TAGS, which mc_scan_tags_clear ends,
 * also after an error; pixels are not read.  The line of the values is that of FRAME,
 * from 1; 0 is the first.  Threads may do so at the same time.
 * MC_EDATA: damaged, or of another kind.
 */
enum mc_status	 mc_scan_read_tags(struct mc_scan_tags *tags, const char *path,
		    int64_t frame, struct mc_err *err) MC_MUST_CHECK;

/*
 * Decode FRAME, from 1, of the file that consists of the N BYTES into *S, which
 * mc_samples_clear ends.  0 is the first frame.  *FRAMES is how many there are.
 * Threads may do so at the same time.  NAME is for messages.  MC_EDATA: damaged,
 * too large, of another kind, without an image, or without that frame; then *S is
 * empty.
 */
enum mc_status	 mc_scan_decode(struct mc_samples *s, int64_t *frames,
		    const void *bytes, size_t n, int64_t frame,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#endif
