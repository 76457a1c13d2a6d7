/* encode.c - encode PNG through libvips. */
#include "config.h"

#include <string.h>

#include <vips/vips.h>

#include "base/mem.h"
#include "image/encode.h"

enum mc_status
mc_image_encode_png(const struct mc_image *image, unsigned char **png,
    size_t *n, struct mc_err *err)
{
	size_t pixels = (size_t)image->width * (size_t)image->height;
	VipsImage *in = vips_image_new_from_memory(image->rgb, pixels * 3,
	    image->width, image->height, 3, VIPS_FORMAT_UCHAR);
	void *bytes = NULL;

	*png = NULL;
	*n = 0;
	if (in == NULL || vips_pngsave_buffer(in, &bytes, n, "compression", 6,
	    "strip", TRUE, NULL) != 0) {
		VIPS_UNREF(in);
		return mc_err_set(err, MC_EIO,
		    "a PNG of %d x %d pixels cannot be written",
		    image->width, image->height);
	}
	*png = memcpy(mc_xmalloc(*n), bytes, *n);
	g_free(bytes);
	VIPS_UNREF(in);
	return MC_OK;
}
