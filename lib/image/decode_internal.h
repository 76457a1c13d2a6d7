/*
 * decode_internal.h - decode JPEG; for lib/image/decode*.c alone.
 */
#ifndef MC_DECODE_INTERNAL_H
#define MC_DECODE_INTERNAL_H

#include "image/decode.h"

/* "libjpeg-turbo 2.1.5" */
extern const char mc_jpeg_library[];

/*
 * Decode the N > 0 BYTES of a JPEG file with libjpeg-turbo, as mc_image_decode
 * does; it needs no libvips.  On an error *IMAGE may have pixels, which
 * mc_image_free frees.
 */
enum mc_status	mc_jpeg_decode(struct mc_image *image, const void *bytes,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/* Convert WIDTH pixels of C, M, Y, K and up to BANDS samples to RGB. */
void		mc_cmyk_to_rgb(unsigned char *rgb, const unsigned char *cmyk,
		    int width, int bands);

/* Refuse an image of more pixels than MC_IMAGE_MAX_PIXELS. */
enum mc_status	mc_image_check_size(int64_t width, int64_t height,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* Refuse samples that are not grey, RGB or CMYK: MC_EDATA. */
enum mc_status	mc_image_not_colours(const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
