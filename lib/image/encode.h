/*
 * encode.h - encode RGB pixels as a PNG or JPEG file.
 */
#ifndef MC_ENCODE_H
#define MC_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/decode.h"

/*
 * Encode IMAGE, at least one pixel, as an 8-bit RGB PNG.  It holds no metadata
 * but the pixel density that libvips always writes, so the same pixels give
 * the same bytes as long as libvips, libpng and zlib stay the same.  *BYTES
 * receives *N bytes, which the caller frees with free(), or NULL on error
 * (MC_EMACHINE: no memory).  mc_image_init must have been called.
 */
enum mc_status	mc_image_encode_png(const struct mc_image *image,
		    unsigned char **bytes, size_t *n, struct mc_err *err)
		    MC_MUST_CHECK;

/* The quality that stands for no loss: a PNG. */
#define MC_LOSSLESS 0

/*
 * The same, as small as the pixels allow: where all of them are grey, with one
 * channel, which decodes to the same pixels.  QUALITY is MC_LOSSLESS, or that of
 * a baseline JPEG, 1 to 100, whose colours have half the resolution below 90 and
 * the whole one from there on; MC_EDATA: a JPEG cannot have so many pixels on a
 * side.
 */
enum mc_status	mc_image_encode(const struct mc_image *image, int quality,
		    unsigned char **bytes, size_t *n, struct mc_err *err)
		    MC_MUST_CHECK;

/* The same in colour, to be printed with DPI pixels an inch. */
enum mc_status	mc_image_encode_printed(const struct mc_image *image,
		    int quality, double dpi, unsigned char **bytes, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/* The same of WIDTH x HEIGHT grey samples of 16 bits, as a 16-bit PNG. */
enum mc_status	mc_image_encode_grey16(const uint16_t *grey, int width,
		    int height, unsigned char **bytes, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
