/* encode.c - encode PNG and JPEG through libvips. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

#include "base/mem.h"
#include "image/encode.h"

/* The most pixels of a side that libjpeg writes. */
#define JPEG_MOST 65500

/* The pixels a millimetre that libvips writes where nothing is said. */
#define USUAL 1.0

/*
 * Encode WIDTH x HEIGHT pixels of BANDS samples of 1 or 2 bytes, with DENSITY pixels a
 * millimetre.
 */
static enum mc_status
encode_samples(const void *samples, int width, int height, int bands,
    size_t bytes_each, int quality, double density, unsigned char **result,
    size_t *n, struct mc_err *err)
{
	size_t size = (size_t)width * (size_t)height * (size_t)bands *
	    bytes_each;
	VipsImage *in = vips_image_new_from_memory(samples, size, width,
	    height, bands, bytes_each == 2 ? VIPS_FORMAT_USHORT :
	    VIPS_FORMAT_UCHAR);
	void *bytes = NULL;
	int rc = -1;

	*result = NULL;
	*n = 0;
	if (in != NULL)
		in->Xres = in->Yres = density;
	/* Without this the 16 bits would become 8. */
	if (in != NULL && bytes_each == 2)
		in->Type = VIPS_INTERPRETATION_GREY16;
	if (in != NULL && quality == MC_LOSSLESS)
		rc = vips_pngsave_buffer(in, &bytes, n, "compression", 6,
		    "strip", TRUE, NULL);
	else if (in != NULL)
		rc = vips_jpegsave_buffer(in, &bytes, n, "Q", quality,
		    "subsample_mode", quality < 90 ?
		    VIPS_FOREIGN_SUBSAMPLE_ON : VIPS_FOREIGN_SUBSAMPLE_OFF,
		    "strip", density == USUAL, NULL);
	VIPS_UNREF(in);
	if (rc != 0)
		return mc_err_set(err, MC_EMACHINE,
		    "no memory is left to write a %s of %d x %d pixels: fewer "
		    "--threads need less",
		    quality == MC_LOSSLESS ? "PNG" : "JPEG", width, height);
	*result = memcpy(mc_xmalloc(*n), bytes, *n);
	g_free(bytes);
	return MC_OK;
}

static enum mc_status
encode(const unsigned char *samples, int width, int height, int bands,
    int quality, double density, unsigned char **result, size_t *n,
    struct mc_err *err)
{
	if (quality != MC_LOSSLESS && (width > JPEG_MOST || height > JPEG_MOST))
		return mc_err_set(err, MC_EDATA, "%d x %d pixels, and a JPEG "
		    "has at most %d on a side: use png", width, height,
		    JPEG_MOST);
	return encode_samples(samples, width, height, bands, 1, quality, density,
	    result, n, err);
}

enum mc_status
mc_image_encode_grey16(const uint16_t *grey, int width, int height,
    unsigned char **bytes, size_t *n, struct mc_err *err)
{
	return encode_samples(grey, width, height, 1, 2, MC_LOSSLESS, USUAL,
	    bytes, n, err);
}

enum mc_status
mc_image_encode_png(const struct mc_image *image, unsigned char **bytes,
    size_t *n, struct mc_err *err)
{
	return encode(image->rgb, image->width, image->height, 3, MC_LOSSLESS,
	    USUAL, bytes, n, err);
}

/* The one sample of each pixel, to be freed; NULL: not all are grey. */
static unsigned char *
grey_samples(const struct mc_image *image)
{
	size_t n = (size_t)image->width * (size_t)image->height, i;
	const unsigned char *p = image->rgb;
	unsigned char *grey = mc_xmalloc(n);

	for (i = 0; i < n; i++, p += 3) {
		if (p[0] != p[1] || p[0] != p[2]) {
			free(grey);
			return NULL;
		}
		grey[i] = p[0];
	}
	return grey;
}

enum mc_status
mc_image_encode(const struct mc_image *image, int quality,
    unsigned char **bytes, size_t *n, struct mc_err *err)
{
	unsigned char *grey = grey_samples(image);
	enum mc_status status = encode(grey != NULL ? grey : image->rgb,
	    image->width, image->height, grey != NULL ? 1 : 3, quality, USUAL,
	    bytes, n, err);

	free(grey);
	return status;
}

enum mc_status
mc_image_encode_printed(const struct mc_image *image, int quality,
    double dpi, unsigned char **bytes, size_t *n, struct mc_err *err)
{
	return encode(image->rgb, image->width, image->height, 3, quality,
	    dpi / 25.4, bytes, n, err);
}
