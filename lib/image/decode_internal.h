/*
 * decode_internal.h - decode files of one kind, and what these decoders share;
 * for lib/image/decode*.c alone.
 */
#ifndef MC_DECODE_INTERNAL_H
#define MC_DECODE_INTERNAL_H

#include "image/decode.h"

/* "libjpeg-turbo 2.1.5" */
extern const char mc_jpeg_library[];

/*
 * Decode the N > 0 BYTES of a file of one kind, as mc_image_decode_bits does; none
 * of them needs libvips.  On an error *IMAGE may have pixels, which mc_image_free
 * frees.  *FACTS are set before; those of 16-bit samples are replaced.
 */
enum mc_status	mc_jpeg_decode(struct mc_image *image, const void *bytes,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	mc_bmp_decode(struct mc_image *image, const void *bytes,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	mc_pnm_decode(struct mc_image *image,
		    struct mc_image_facts *facts, const void *bytes, size_t n,
		    int bits, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;
/* For JPEG 2000, where mctools is built with OpenJPEG. */
enum mc_status	mc_jp2_decode(struct mc_image *image,
		    struct mc_image_facts *facts, const void *bytes, size_t n,
		    int bits, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/* Convert WIDTH pixels of C, M, Y, K and up to BANDS samples to RGB. */
void		mc_cmyk_to_rgb(unsigned char *rgb, const unsigned char *cmyk,
		    int width, int bands);

/* A 16-bit sample V that holds BITS bits, as one of 8: see mc_image_decode_bits. */
unsigned char	mc_level_of_wide(unsigned v, int bits);

/*
 * Note that samples of 16 bits were read as holding BITS, and the LARGEST of them;
 * MC_EDATA: it does not fit.
 */
enum mc_status	mc_image_note_wide(struct mc_image_facts *facts,
		    unsigned largest, int bits, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;

/* Allocate the pixels of a picture, or refuse too many. */
enum mc_status	mc_image_alloc(struct mc_image *image, int64_t width,
		    int64_t height, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/* Refuse an image of more pixels than mc_max_pixels. */
enum mc_status	mc_image_check_size(int64_t width, int64_t height,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/* Refuse samples that are not grey, RGB or CMYK: MC_EDATA. */
enum mc_status	mc_image_not_colours(const char *name, struct mc_err *err)
		    MC_MUST_CHECK;

/* Refuse a damaged file of KIND ("BMP"), for the reason WHY. */
enum mc_status	mc_image_damaged(const char *kind, const char *why,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#endif
