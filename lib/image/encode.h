/*
 * encode.h - encode RGB pixels as a PNG file.
 */
#ifndef MC_ENCODE_H
#define MC_ENCODE_H

#include <stddef.h>

#include "base/err.h"
#include "image/decode.h"

/*
 * Encode IMAGE, at least one pixel, as an 8-bit RGB PNG.  It holds no metadata
 * but the pixel density that libvips always writes, so the same pixels give
 * the same bytes as long as libvips, libpng and zlib stay the same.  *PNG
 * receives *N bytes, which the caller frees with free(), or NULL on error
 * (MC_EIO).  mc_image_init must have been called.
 */
enum mc_status	mc_image_encode_png(const struct mc_image *image,
		    unsigned char **png, size_t *n, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
