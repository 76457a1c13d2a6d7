/*
 * decode.c - decode image files: PNG, TIFF, WebP and GIF through libvips, others by
 * decode_*.c.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

#include "base/kind.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/num.h"
#include "image/container.h"
#include "image/decode_internal.h"

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
	struct mc_png png;	/* of a PNG; else as of one without chunks */
	struct mc_gif gif;	/* of a GIF; else all 0 */
};

/* How a row of WIDTH pixels of BANDS 8-bit samples becomes RGB. */
typedef void row_fn(unsigned char *rgb, const unsigned char *row, int width,
    int bands);

/* How pixels are made of an image's samples. */
struct recipe {
	row_fn *convert;	/* NULL: no way to RGB */
	int bands, colours;	/* samples a pixel; how many are colours */
	int bits;		/* that a 16-bit sample uses */
	unsigned largest;	/* the largest such sample seen */
};

static void
discard(const gchar *domain, GLogLevelFlags level, const gchar *text,
    gpointer data)
{
	(void)domain;
	(void)text;
	(void)data;
	/* GLib would now abort: it ends so where it finds no memory. */
	if (level & G_LOG_LEVEL_ERROR)
		mc_out_of_memory();
}

const char *
mc_image_libraries(void)
{
	static char text[80];

	snprintf(text, sizeof(text), "libvips %d.%d.%d, %s", vips_version(0),
	    vips_version(1), vips_version(2), mc_jpeg_library);
	return text;
}

enum mc_status
mc_image_init(struct mc_err *err)
{
	/* libvips, and the libraries under it: the error says what is wrong. */
	g_log_set_default_handler(discard, NULL);
	/* Where no modules are: those are for formats that we do not read. */
	(void)g_setenv("VIPSHOME", "/dev/null", TRUE);
	if (VIPS_INIT("mctools") != 0)
		return mc_err_set(err, MC_EIO, "libvips cannot start: %s",
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
 * Whether memory or threads ran out: TEXT, messages of libvips and of the libraries
 * under it, says so, or errno, which was 0 before the call.  libvips, libwebp and
 * libpng may fail without a word where an allocation fails.
 */
static bool
ran_short(const char *text)
{
	/* libvips, libpng, libtiff, libwebp and libnsgif, in this order. */
	static const char *const words[] = { "out of memory",
		"unable to create thread", "Out of memory", "No space for",
		"Insufficient memory" };
	bool found = errno == ENOMEM;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words) && !found; i++)
		found = strstr(text, words[i]) != NULL;
	return found;
}

/*
 * libvips' messages are several lines, warnings first; the last one tells why
 * it gave up.
 */
static enum mc_status
vips_failed(struct mc_err *err, const char *name, const struct mc_kind *kind)
{
	int saved = errno;
	char *text = vips_error_buffer_copy();
	enum mc_status status;
	char *why;

	g_strchomp(text);
	why = strrchr(text, '\n');
	why = why != NULL ? why + 1 : text;
	errno = saved;
	if (ran_short(text))
		status = mc_err_at(err, MC_EMACHINE, name, 0, "no memory is "
		    "left to decode this %s: fewer --threads need less",
		    kind->name);
	else
		status = mc_err_at(err, MC_EDATA, name, 0, "damaged or unusual "
		    "%s, cannot be decoded%s%s", kind->name,
		    why[0] != '\0' ? ": " : "", why);
	g_free(text);
	return status;
}

static enum mc_status
not_readable(const struct source *src, const char *name, struct mc_err *err)
{
	if (src->n == 0)
		return mc_err_at(err, MC_EDATA, name, 0, "empty, not an image");
	if (src->kind == NULL)
		return mc_err_at(err, MC_EDATA, name, 0, "not an image of a "
		    "known kind (JPEG, PNG and others)");
	return mc_err_at(err, MC_EDATA, name, 0, "%s, which mctools does not "
	    "read: %s", src->kind->name, src->kind->advice);
}

static bool
is(const struct source *src, const char *extension)
{
	return strcmp(src->kind->extension, extension) == 0;
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

	if (is(src, "png"))
		(void)vips_pngload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_ERROR,
		    "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	else if (is(src, "tif"))
		(void)vips_tiffload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_TRUNCATED,
		    "access", src->orientation == 1 ?
		    VIPS_ACCESS_SEQUENTIAL : VIPS_ACCESS_RANDOM, NULL);
	else if (is(src, "gif"))
		(void)vips_gifload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_TRUNCATED,
		    "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	else
		(void)vips_webpload_buffer(bytes, src->n, &in,
		    "fail_on", VIPS_FAIL_ON_TRUNCATED,
		    "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	return in;
}

unsigned char
mc_level_of_wide(unsigned v, int bits)
{
	unsigned top = (1u << bits) - 1;

	return (unsigned char)(bits >= 8 ? v >> (bits - 8) :
	    (v * 510u + top) / (2 * top));
}

/* WIDTH pixels of 16-bit samples to 8 bits; note the largest colour. */
static void
narrow(unsigned char *out, const unsigned short *in, int width,
    struct recipe *how)
{
	int i;

	for (; width > 0; width--, in += how->bands, out += how->bands) {
		for (i = 0; i < how->bands; i++)
			out[i] = mc_level_of_wide(in[i], how->bits);
		for (i = 0; i < how->colours; i++) {
			if (in[i] > how->largest)
				how->largest = in[i];
		}
	}
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

void
mc_cmyk_to_rgb(unsigned char *rgb, const unsigned char *p, int width,
    int bands)
{
	int c, nk;

	for (; width > 0; width--, p += bands, rgb += 3)
		for (nk = 255 - p[3], c = 0; c < 3; c++)
			rgb[c] = (unsigned char)(nk - times(p[c], nk));
}

/* The recipe for what libvips found. */
static struct recipe
choose_recipe(const VipsImage *in, int bits)
{
	VipsBandFormat format = vips_image_get_format(in);
	struct recipe how = { NULL, vips_image_get_bands(in), 0, bits, 0 };

	if ((format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT) ||
	    how.bands > MAX_BANDS)
		return how;
	switch (vips_image_get_interpretation(in)) {
	case VIPS_INTERPRETATION_B_W:
	case VIPS_INTERPRETATION_GREY16:
		how.colours = 1;
		how.convert = row_grey;
		break;
	case VIPS_INTERPRETATION_sRGB:
	case VIPS_INTERPRETATION_RGB16:
		how.colours = 3;
		how.convert = row_rgb;
		break;
	case VIPS_INTERPRETATION_CMYK:
		how.colours = 4;
		how.convert = mc_cmyk_to_rgb;
		break;
	default:
		break;
	}
	if (how.bands < how.colours)
		how.convert = NULL;
	return how;
}

/* Pull the pixels through REGION, strip by strip, into IMAGE. */
static int
read_strips(struct mc_image *image, VipsImage *in, VipsRegion *region,
    struct recipe *how)
{
	size_t samples = (size_t)image->width * (size_t)how->bands;
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
				narrow(bytes, (void *)row, image->width, how);
			how->convert(out, wide ? bytes : row, image->width,
			    how->bands);
			out += (size_t)image->width * 3;
		}
	}
	free(bytes);
	return rc;
}

enum mc_status
mc_image_check_size(int64_t width, int64_t height, const char *name,
    struct mc_err *err)
{
	if (width * height <= mc_max_pixels())
		return MC_OK;
	return mc_err_at(err, MC_EDATA, name, 0, "%" PRId64 " x %" PRId64
	    " pixels, more than the limit of %" PRId64 ": reduce it, or raise "
	    "the limit (--max-pixels)", width, height, mc_max_pixels());
}

enum mc_status
mc_image_alloc(struct mc_image *image, int64_t width, int64_t height,
    const char *name, struct mc_err *err)
{
	enum mc_status status = mc_image_check_size(width, height, name, err);

	if (status != MC_OK)
		return status;
	image->width = (int)width;
	image->height = (int)height;
	image->rgb = mc_xreallocarray(NULL, (size_t)width * (size_t)height, 3);
	return MC_OK;
}

enum mc_status
mc_image_not_colours(const char *name, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, name, 0, "its samples are not 8 or 16 "
	    "bits of grey, RGB or CMYK; convert it");
}

enum mc_status
mc_image_damaged(const char *kind, const char *why, const char *name,
    struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, name, 0, "damaged or unusual %s, "
	    "cannot be decoded: %s", kind, why);
}

enum mc_status
mc_image_note_wide(struct mc_image_facts *facts, unsigned largest, int bits,
    const char *name, struct mc_err *err)
{
	facts->wide = true;
	for (facts->used = 1; largest >> facts->used > 0;)
		facts->used++;
	if (facts->used > bits)
		return mc_err_at(err, MC_EDATA, name, 0, "a sample of %u does "
		    "not fit the %d bits that the images are said to hold",
		    largest, bits);
	return MC_OK;
}

/* Refuse what can be seen from the header and cannot become pixels. */
static enum mc_status
check_header(const VipsImage *in, const char *name, struct mc_err *err)
{
	enum mc_status status = mc_image_check_size(vips_image_get_width(in),
	    vips_image_get_height(in), name, err);

	if (status == MC_OK && choose_recipe(in, 16).convert == NULL)
		status = mc_image_not_colours(name, err);
	return status;
}

/* Fill the canvas of a GIF where its first frame does not lie. */
static void
fill_around(struct mc_image *image, const struct mc_gif *gif)
{
	int64_t right = (int64_t)gif->left + gif->width;
	int64_t bottom = (int64_t)gif->top + gif->height, x, y;
	unsigned char *rgb = image->rgb;

	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width; x++, rgb += 3) {
			if (x < gif->left || x >= right || y < gif->top ||
			    y >= bottom)
				memcpy(rgb, gif->fill, 3);
		}
	}
}

/* Note what is known of IN, which was read by HOW. */
static enum mc_status
note(struct mc_image_facts *facts, VipsImage *in,
    const struct source *src, const struct recipe *how, const char *name,
    struct mc_err *err)
{
	int pages = vips_image_get_n_pages(in);

	facts->pages = src->png.frames > pages ? src->png.frames : pages;
	if (src->gif.frames > 0)
		facts->pages = src->gif.frames;
	if (vips_image_get_format(in) != VIPS_FORMAT_USHORT)
		return MC_OK;
	return mc_image_note_wide(facts, how->largest, how->bits, name, err);
}

/* Decode SRC, which is whole as far as its structure tells. */
static enum mc_status
decode_vips(struct mc_image *image, struct mc_image_facts *facts,
    const struct source *src, int bits, const char *name, struct mc_err *err)
{
	struct recipe how;
	VipsImage *in, *turned = NULL;
	VipsRegion *region = NULL;
	enum mc_status status = MC_OK;

	vips_error_clear();	/* of the warnings about earlier files */
	errno = 0;
	in = load(src);
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
	status = mc_image_alloc(image, vips_image_get_width(turned),
	    vips_image_get_height(turned), name, err);
	if (status != MC_OK)
		goto out;
	region = vips_region_new(turned);
	how = choose_recipe(in, bits);
	if (read_strips(image, turned, region, &how) != 0)
		status = vips_failed(err, name, src->kind);
	else
		status = note(facts, in, src, &how, name, err);
	if (status == MC_OK && src->gif.frames > 0)
		fill_around(image, &src->gif);
out:
	VIPS_UNREF(region);
	VIPS_UNREF(turned);
	VIPS_UNREF(in);
	return status;
}

/*
 * Decode a GIF of which no colour is transparent: libvips forgets what colour that
 * is.
 */
static enum mc_status
decode_gif(struct mc_image *image, struct mc_image_facts *facts,
    const struct source *src, const char *name, struct mc_err *err)
{
	struct source opaque = *src;
	unsigned char *copy;
	enum mc_status status;

	if (src->gif.transparent == 0)
		return decode_vips(image, facts, src, 16, name, err);
	copy = mc_xmalloc(src->n);
	memcpy(copy, src->bytes, src->n);
	copy[src->gif.transparent] &= 0xfe;
	opaque.bytes = copy;
	status = decode_vips(image, facts, &opaque, 16, name, err);
	free(copy);
	return status;
}

static enum mc_status
decode(struct mc_image *image, struct mc_image_facts *facts,
    const struct source *src, int bits, const char *name, struct mc_err *err)
{
	*facts = (struct mc_image_facts){ .used = 1, .pages = 1 };
	if (is(src, "jpg"))
		return mc_jpeg_decode(image, src->bytes, src->n, name, err);
	if (is(src, "bmp"))
		return mc_bmp_decode(image, src->bytes, src->n, name, err);
	if (is(src, "pnm"))
		return mc_pnm_decode(image, facts, src->bytes, src->n, bits,
		    name, err);
#ifdef HAVE_DCMTK
	if (is(src, "jp2"))
		return mc_jp2_decode(image, facts, src->bytes, src->n, bits,
		    name, err);
#endif
	if (is(src, "gif"))
		return decode_gif(image, facts, src, name, err);
	return decode_vips(image, facts, src, bits, name, err);
}

/* The bits that the samples use, by the PNG's word or by the samples. */
static int
find_bits(const struct mc_image_facts *facts, const struct mc_png *png)
{
	if (png->bits == 0)
		return facts->used;
	return facts->used <= png->bits ? png->bits : 16;
}

enum mc_status
mc_image_decode_bits(struct mc_image *image, struct mc_image_facts *facts,
    const void *bytes, size_t n, int bits, const char *name,
    struct mc_err *err)
{
	struct source src = { .bytes = bytes, .n = n, .orientation = 1,
	    .kind = mc_kind_of(bytes, n, name), .png = { 0, 1 } };
	enum mc_status status;
	bool whole = true;

	memset(image, 0, sizeof(*image));
	if (src.kind == NULL || src.kind->extension == NULL)
		return not_readable(&src, name, err);
	if (is(&src, "png"))
		whole = mc_png_whole(bytes, n, &src.png);
	else if (is(&src, "tif"))
		whole = mc_tiff_whole(bytes, n, &src.orientation);
	else if (is(&src, "gif"))
		whole = mc_gif_whole(bytes, n, &src.gif);
	if (!whole)
		return mc_err_at(err, MC_EDATA, name, 0,
		    "truncated or damaged %s", src.kind->name);
	status = decode(image, facts, &src, bits == MC_BITS_AUTO ? 16 : bits,
	    name, err);
	if (status == MC_OK && bits == MC_BITS_AUTO && facts->wide &&
	    (bits = find_bits(facts, &src.png)) != 16) {
		mc_image_free(image);
		status = decode(image, facts, &src, bits, name, err);
	}
	if (status != MC_OK)
		mc_image_free(image);
	return status;
}

enum mc_status
mc_image_decode(struct mc_image *image, const void *bytes, size_t n,
    const char *name, struct mc_err *err)
{
	struct mc_image_facts facts;

	return mc_image_decode_bits(image, &facts, bytes, n, 16, name, err);
}

enum mc_status
mc_image_parse_bits(const char *text, int *bits, const char *name,
    struct mc_err *err)
{
	struct mc_err why;
	int64_t value = 16;

	if (strcmp(text, "auto") == 0)
		value = MC_BITS_AUTO;
	else if (*text != '\0' &&
	    mc_parse_i64(text, 1, 16, &value, &why) != MC_OK)
		return mc_err_at(err, MC_EDATA, name, 0, "bits: neither "
		    "\"auto\" nor a number from 1 to 16: %s", why.text);
	*bits = (int)value;
	return MC_OK;
}

void
mc_image_free(struct mc_image *image)
{
	free(image->rgb);
	memset(image, 0, sizeof(*image));
}
