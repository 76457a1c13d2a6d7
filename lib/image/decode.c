/* decode.c - JPEG, PNG, TIFF and WebP to 8-bit RGB, through libvips. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

#include "base/kind.h"
#include "base/mem.h"
#include "image/container.h"
#include "image/decode.h"

/* Rows that are asked of libvips at a time: a few of its own tiles. */
#define STRIP 64

/* Colour and a few channels more, which are skipped.  A TIFF may say 65535. */
#define MAX_BANDS 8

/* The file, and what is known of it before libvips sees it. */
struct source {
	const unsigned char *bytes;
	size_t n;
	const struct mc_kind *kind;
	int orientation;	/* to be undone: a TIFF's; else 1 */
};

/* How a row of WIDTH pixels of BANDS 8-bit samples becomes RGB. */
typedef void row_fn(unsigned char *rgb, const unsigned char *row, int width,
    int bands);

static void
discard(const gchar *domain, GLogLevelFlags level, const gchar *text,
    gpointer data)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)data;
}

enum mc_status
mc_image_init(struct mc_err *err)
{
	g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, discard, NULL);
	if (VIPS_INIT("mctools") != 0)
		return mc_err_set(err, MC_EIO, "libvips does not start: %s",
		    vips_error_buffer());
	vips_block_untrusted_set(TRUE);
	vips_cache_set_max(0);
	vips_concurrency_set(1);
	return MC_OK;
}

void
mc_image_shutdown(void)
{
	vips_shutdown();
}

/*
 * libvips' messages are several lines, warnings first; the last one tells why
 * it gave up.
 */
static enum mc_status
vips_failed(struct mc_err *err, const char *name, const struct mc_kind *kind)
{
	char *text = vips_error_buffer_copy();
	char *why;

	g_strchomp(text);
	why = strrchr(text, '\n');
	why = why != NULL ? why + 1 : text;
	mc_err_at(err, MC_EDATA, name, 0,
	    "damaged or unusual %s, cannot be decoded%s%s", kind->name,
	    why[0] != '\0' ? ": " : "", why);
	g_free(text);
	return MC_EDATA;
}

static enum mc_status
not_readable(const struct source *src, const char *name, struct mc_err *err)
{
	static const char known[] = "not a JPEG, PNG, TIFF or WebP image";

	if (src->n == 0)
		return mc_err_at(err, MC_EDATA, name, 0, "empty, %s", known);
	if (src->kind == NULL)
		return mc_err_at(err, MC_EDATA, name, 0, "%s", known);
	return mc_err_at(err, MC_EDATA, name, 0, "%s, %s: %s",
	    src->kind->name, known, src->kind->advice);
}

/*
 * Open the header only.  The "error" level makes libpng see to the check sums;
 * above "truncated" the others would refuse what every program reads.
 */
static VipsImage *
load(const struct source *src)
{
	void *bytes = (void *)(uintptr_t)src->bytes;	/* only read */
	VipsImage *in = NULL;

	if (strcmp(src->kind->extension, "jpg") == 0)
		(void)vips_jpegload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_TRUNCATED,
		    "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	else if (strcmp(src->kind->extension, "png") == 0)
		(void)vips_pngload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_ERROR,
		    "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	else if (strcmp(src->kind->extension, "tif") == 0)
		(void)vips_tiffload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_TRUNCATED,
		    "access", src->orientation == 1 ?
		    VIPS_ACCESS_SEQUENTIAL : VIPS_ACCESS_RANDOM, NULL);
	else
		(void)vips_webpload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_TRUNCATED,
		    "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	return in;
}

static void
high_bytes(unsigned char *out, const unsigned short *in, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = (unsigned char)(in[i] >> 8);
}

static void
row_grey(unsigned char *rgb, const unsigned char *p, int width, int bands)
{
	for (; width > 0; width--, p += bands, rgb += 3)
		rgb[0] = rgb[1] = rgb[2] = p[0];
}

static void
row_rgb(unsigned char *rgb, const unsigned char *p, int width, int bands)
{
	for (; width > 0; width--, p += bands, rgb += 3) {
		rgb[0] = p[0];
		rgb[1] = p[1];
		rgb[2] = p[2];
	}
}

/* a * b / 255, rounded. */
static int
times(int a, int b)
{
	int t = a * b + 128;

	return (t + (t >> 8)) >> 8;
}

static void
row_cmyk(unsigned char *rgb, const unsigned char *p, int width, int bands)
{
	int c, nk;

	for (; width > 0; width--, p += bands, rgb += 3)
		for (nk = 255 - p[3], c = 0; c < 3; c++)
			rgb[c] = (unsigned char)(nk - times(p[c], nk));
}

/* The row function for what libvips found, or NULL: no way to RGB. */
static row_fn *
choose_row(const VipsImage *in)
{
	VipsBandFormat format = vips_image_get_format(in);
	int bands = vips_image_get_bands(in);

	if ((format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT) ||
	    bands > MAX_BANDS)
		return NULL;
	switch (vips_image_get_interpretation(in)) {
	case VIPS_INTERPRETATION_B_W:
	case VIPS_INTERPRETATION_GREY16:
		return row_grey;
	case VIPS_INTERPRETATION_sRGB:
	case VIPS_INTERPRETATION_RGB16:
		return bands >= 3 ? row_rgb : NULL;
	case VIPS_INTERPRETATION_CMYK:
		return bands >= 4 ? row_cmyk : NULL;
	default:
		return NULL;
	}
}

/* Pull the pixels through REGION, strip by strip, into IMAGE. */
static int
read_strips(struct mc_image *image, VipsImage *in, VipsRegion *region,
    row_fn *convert)
{
	int bands = vips_image_get_bands(in);
	size_t samples = (size_t)image->width * (size_t)bands;
	bool wide = vips_image_get_format(in) == VIPS_FORMAT_USHORT;
	unsigned char *bytes = wide ? mc_xmalloc(samples) : NULL;
	unsigned char *out = image->rgb;
	VipsRect strip = { 0, 0, image->width, STRIP };
	int y, rc = 0;

	for (; strip.top < image->height && rc == 0; strip.top += STRIP) {
		strip.height = VIPS_MIN(STRIP, image->height - strip.top);
		rc = vips_region_prepare(region, &strip);
		for (y = 0; y < strip.height && rc == 0; y++) {
			VipsPel *row = VIPS_REGION_ADDR(region, 0,
			    strip.top + y);

			if (wide)
				high_bytes(bytes, (void *)row, samples);
			convert(out, wide ? bytes : row, image->width, bands);
			out += (size_t)image->width * 3;
		}
	}
	free(bytes);
	return rc;
}

/* Refuse what can be seen from the header and cannot become pixels. */
static enum mc_status
check_header(const VipsImage *in, const char *name, struct mc_err *err)
{
	int width = vips_image_get_width(in);
	int height = vips_image_get_height(in);

	if ((int64_t)width * height > MC_IMAGE_MAX_PIXELS)
		return mc_err_at(err, MC_EDATA, name, 0,
		    "%d x %d pixels: more than %d in all are refused; "
		    "reduce it", width, height, MC_IMAGE_MAX_PIXELS);
	if (choose_row(in) == NULL)
		return mc_err_at(err, MC_EDATA, name, 0, "its samples are not "
		    "8 or 16 bits of grey, RGB or CMYK; convert it");
	return MC_OK;
}

/* Decode SRC, which is whole as far as its structure tells. */
static enum mc_status
decode(struct mc_image *image, const struct source *src, const char *name,
    struct mc_err *err)
{
	VipsImage *in = load(src), *turned = NULL;
	VipsRegion *region = NULL;
	enum mc_status status = MC_OK;

	if (in == NULL)
		return vips_failed(err, name, src->kind);
	status = check_header(in, name, err);
	if (status != MC_OK)
		goto out;
	if (src->orientation == 1) {
		turned = in;
		g_object_ref(in);
	} else if (vips_autorot(in, &turned, NULL) != 0) {
		status = vips_failed(err, name, src->kind);
		goto out;
	}
	image->width = vips_image_get_width(turned);
	image->height = vips_image_get_height(turned);
	image->rgb = mc_xreallocarray(NULL,
	    (size_t)image->width * (size_t)image->height, 3);
	region = vips_region_new(turned);
	if (read_strips(image, turned, region, choose_row(in)) != 0)
		status = vips_failed(err, name, src->kind);
out:
	VIPS_UNREF(region);
	VIPS_UNREF(turned);
	VIPS_UNREF(in);
	return status;
}

enum mc_status
mc_image_decode(struct mc_image *image, const void *bytes, size_t n,
    const char *name, struct mc_err *err)
{
	struct source src = { bytes, n, mc_kind_of(bytes, n, name), 1 };
	enum mc_status status;
	bool whole = true;

	memset(image, 0, sizeof(*image));
	if (src.kind == NULL || src.kind->extension == NULL)
		return not_readable(&src, name, err);
	if (strcmp(src.kind->extension, "png") == 0)
		whole = mc_png_whole(bytes, n);
	else if (strcmp(src.kind->extension, "tif") == 0)
		whole = mc_tiff_whole(bytes, n, &src.orientation);
	if (!whole)
		return mc_err_at(err, MC_EDATA, name, 0,
		    "truncated or damaged %s", src.kind->name);
	vips_error_clear();	/* of the warnings about earlier files */
	status = decode(image, &src, name, err);
	if (status != MC_OK)
		mc_image_free(image);
	return status;
}

void
mc_image_free(struct mc_image *image)
{
	free(image->rgb);
	memset(image, 0, sizeof(*image));
}
