/*
 * jpeg2000.h - decode a JPEG 2000 codestream to numbers with OpenJPEG.
 */
#ifndef MC_JPEG2000_H
#define MC_JPEG2000_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the header of a codestream or JP2 file says. */
struct mc_jpeg2000 {
	uint32_t width, height;	/* of its first component */
	int channels;
	int precision;		/* bits of a sample of the first component */
	bool is_signed;		/* some samples are */
};

/* Read that of the N BYTES into *H.  MC_EDATA: damaged; NAME is for messages. */
enum mc_status	 mc_jpeg2000_header(struct mc_jpeg2000 *h, const void *bytes,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Decode the N BYTES, a codestream or a JP2 file of WIDTH x HEIGHT pixels and
 * CHANNELS components, into *NUMBERS, one per sample, pixel after pixel, to be
 * freed with free().  *PRECISION is the bits of a sample.  Colours that were
 * transformed are RGB again.  MC_EDATA: damaged, of another size, with a palette, or
 * of colours that a JP2 calls neither grey nor RGB; NAME is for messages.
 */
enum mc_status	 mc_jpeg2000_decode(int32_t **numbers, int *precision,
		    const void *bytes, size_t n, int width, int height,
		    int channels, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
