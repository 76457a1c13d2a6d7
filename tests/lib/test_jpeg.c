/*
 * test_jpeg.c - lib/image's JPEG decoder beside libvips'.
 *
 * JPEG files of every kind that libjpeg-turbo can write, whole, cut and
 * altered: both decoders give the same pixels or both refuse.
 */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vips/vips.h>

#include <jpeglib.h>

#include "base/mem.h"
#include "image/decode.h"
#include "tap.h"

/* How a file is written. */
struct kind {
	const char *name;
	J_COLOR_SPACE in, stored;	/* of the samples, in the file */
	int components;
	int across, down;	/* sampling factors of the first component */
	int restart;		/* MCUs between restart markers; 0: none */
	bool progressive, arithmetic, separate;	/* a scan per component */
};

#define GREY	JCS_GRAYSCALE, JCS_GRAYSCALE, 1
#define YCC	JCS_RGB, JCS_YCbCr, 3

static const struct kind kinds[] = {
	{ "grey", GREY, 1, 1, 0, false, false, false },
	{ "grey, sampled 2 x 2", GREY, 2, 2, 0, false, false, false },
	{ "progressive grey", GREY, 1, 1, 0, true, false, false },
	{ "4:4:4", YCC, 1, 1, 0, false, false, false },
	{ "4:2:2", YCC, 2, 1, 0, false, false, false },
	{ "4:4:0", YCC, 1, 2, 0, false, false, false },
	{ "4:2:0", YCC, 2, 2, 0, false, false, false },
	{ "4:1:1", YCC, 4, 1, 0, false, false, false },
	{ "4:1:0", YCC, 4, 2, 0, false, false, false },
	{ "sampled 3 x 2", YCC, 3, 2, 0, false, false, false },
	{ "sampled 1 x 4", YCC, 1, 4, 0, false, false, false },
	{ "restart markers", YCC, 2, 2, 2, false, false, false },
	{ "progressive", YCC, 2, 2, 0, true, false, false },
	{ "progressive, restart markers", YCC, 2, 1, 3, true, false, false },
	{ "three scans", YCC, 2, 2, 0, false, false, true },
	{ "arithmetic coding", YCC, 2, 2, 0, false, true, false },
	{ "progressive arithmetic coding", YCC, 1, 1, 4, true, true, false },
	{ "stored as RGB", JCS_RGB, JCS_RGB, 3, 1, 1, 0, false, false, false },
	{ "CMYK", JCS_CMYK, JCS_CMYK, 4, 1, 1, 0, false, false, false },
	{ "progressive CMYK", JCS_CMYK, JCS_CMYK, 4, 1, 1, 0, true, false,
	    false },
	{ "YCCK", JCS_CMYK, JCS_YCCK, 4, 2, 2, 5, false, false, false },
	{ "two components", JCS_UNKNOWN, JCS_UNKNOWN, 2, 1, 1, 0, false, false,
	    false },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Scans of one component each, or those of 64 coefficients bit by bit. */
static int
make_script(jpeg_scan_info *scan, const struct kind *kind, bool endless)
{
	int n = 0, k, bit;

	for (k = 0; k < kind->components; k++)
		scan[n++] = (jpeg_scan_info){ 1, { k }, 0,
		    endless ? 0 : 63, 0, 0 };
	for (k = 1; endless && k < 64; k++) {
		for (bit = 8; bit >= 0; bit--)
			scan[n++] = (jpeg_scan_info){ 1, { 0 }, k, k,
			    bit == 8 ? 0 : bit + 1, bit };
	}
	return n;
}

/* Samples between smooth and rough, and both extremes. */
static void
write_rows(struct jpeg_compress_struct *jpeg)
{
	size_t n = (size_t)jpeg->image_width * (size_t)jpeg->input_components;
	unsigned char *row = mc_xmalloc(n);
	uint32_t noise = 1;
	size_t i;
	int v;

	while (jpeg->next_scanline < jpeg->image_height) {
		for (i = 0; i < n; i++) {
			noise = noise * 1664525 + 1013904223;
			v = (int)(5 * jpeg->next_scanline + 3 * i) % 320 - 32 +
			    (int)(noise >> 26);
			row[i] = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
		}
		(void)jpeg_write_scanlines(jpeg, &row, 1);
	}
	free(row);
}

/* A file of KIND; freed with free(). */
static unsigned char *
write_jpeg(const struct kind *kind, int width, int height, bool endless,
    unsigned long *n)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	jpeg_scan_info scan[1024];
	unsigned char *bytes = NULL;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	*n = 0;
	jpeg_mem_dest(&jpeg, &bytes, n);
	jpeg.image_width = (JDIMENSION)width;
	jpeg.image_height = (JDIMENSION)height;
	jpeg.in_color_space = kind->in;
	jpeg.input_components = kind->components;
	jpeg_set_defaults(&jpeg);
	jpeg_set_colorspace(&jpeg, kind->stored);
	jpeg_set_quality(&jpeg, 30 + width % 70, TRUE);
	jpeg.comp_info[0].h_samp_factor = kind->across;
	jpeg.comp_info[0].v_samp_factor = kind->down;
	jpeg.restart_interval = (unsigned)kind->restart;
	jpeg.arith_code = kind->arithmetic;
	if (kind->progressive && !endless)
		jpeg_simple_progression(&jpeg);
	if (kind->separate || endless) {
		jpeg.num_scans = make_script(scan, kind, endless);
		jpeg.scan_info = scan;
	}
	jpeg_start_compress(&jpeg, TRUE);
	write_rows(&jpeg);
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	return bytes;
}

/* A row of libvips to RGB, by the formulas of decode.h. */
static void
to_rgb(unsigned char *rgb, const unsigned char *p, int width, int bands)
{
	int c, nk;

	for (; width > 0; width--, p += bands, rgb += 3) {
		nk = bands == 4 ? 255 - p[3] : 0;
		for (c = 0; c < 3; c++)
			rgb[c] = bands == 1 ? p[0] : bands == 3 ? p[c] :
			    (unsigned char)(nk - (2 * p[c] * nk + 255) / 510);
	}
}

/* What libvips makes of BYTES: pixels that the caller frees, or NULL. */
static unsigned char *
vips_pixels(unsigned char *bytes, size_t n, int *width, int *height)
{
	VipsImage *in = NULL;
	unsigned char *rgb = NULL, *data;
	size_t size, i;
	int bands;

	vips_error_clear();
	if (vips_jpegload_buffer(bytes, n, &in, "fail_on",
	    VIPS_FAIL_ON_TRUNCATED, NULL) != 0)
		return NULL;
	bands = vips_image_get_bands(in);
	*width = vips_image_get_width(in);
	*height = vips_image_get_height(in);
	data = vips_image_write_to_memory(in, &size);
	if (data != NULL && (bands == 1 || bands == 3 || bands == 4)) {
		rgb = mc_xmalloc(size / (size_t)bands * 3);
		for (i = 0; i < (size_t)*height; i++)
			to_rgb(rgb + i * 3 * (size_t)*width, data + i *
			    (size_t)bands * (size_t)*width, *width, bands);
	}
	g_free(data);
	g_object_unref(in);
	return rgb;
}

/* Whether both decoders agree on BYTES; count those that are refused. */
static bool
agree(const unsigned char *bytes, size_t n, size_t *refused)
{
	struct mc_image image;
	struct mc_err err;
	unsigned char *copy = mc_xmalloc(n), *wanted;
	int width = 0, height = 0;
	bool same;

	memcpy(copy, bytes, n);		/* so that reading beyond it shows */
	wanted = vips_pixels(copy, n, &width, &height);
	if (mc_image_decode(&image, copy, n, "x", &err) == MC_OK) {
		same = wanted != NULL && image.width == width &&
		    image.height == height && memcmp(image.rgb, wanted,
		    3 * (size_t)width * (size_t)height) == 0;
	} else {
		same = wanted == NULL && image.rgb == NULL &&
		    strncmp(err.text, "x: ", 3) == 0;
		++*refused;
	}
	mc_image_free(&image);
	free(wanted);
	free(copy);
	return same;
}

static void
test_whole(void)
{
	static const int sizes[][2] = {
		{ 1, 1 }, { 7, 5 }, { 8, 8 }, { 16, 1 }, { 3, 17 }, { 33, 40 },
		{ 70, 61 }, { 129, 66 }
	};
	size_t i, j, refused, same;
	unsigned char *bytes;
	unsigned long n;

	for (i = 0; i < N_KINDS; i++) {
		refused = same = 0;
		for (j = 0; j < 8; j++) {
			bytes = write_jpeg(&kinds[i], sizes[j][0], sizes[j][1],
			    false, &n);
			same += agree(bytes, n, &refused);
			free(bytes);
		}
		tap_int((long long)same, 8, "%s: as by libvips",
		    kinds[i].name);
		tap_int((long long)refused, kinds[i].components == 2 ? 8 : 0,
		    "%s: how many are refused", kinds[i].name);
	}
}

/* Change COUNT bits of BYTES, but not the file's signature. */
static void
alter(unsigned char *bytes, size_t n, int count, uint32_t *noise)
{
	for (; count > 0; count--) {
		*noise = *noise * 1664525 + 1013904223;
		bytes[3 + (*noise >> 8) % (n - 3)] ^=
		    (unsigned char)(1u << (*noise & 7));
	}
}

/* Files cut in many places, and with altered bits. */
static void
test_damaged(void)
{
	size_t i, at, cut = 0, altered = 0, wrong = 0, files = 0;
	unsigned char *bytes, *copy;
	unsigned long n;
	uint32_t noise = 1;
	int k;

	for (i = 0; i < N_KINDS; i++) {
		bytes = write_jpeg(&kinds[i], 35, 21, false, &n);
		copy = mc_xmalloc(n);
		for (at = 3; at < n; at += 1 + at % 5)
			wrong += !agree(bytes, at, &cut);
		for (k = 0; k < 100; k++, files++) {
			memcpy(copy, bytes, n);
			alter(copy, n, k < 50 ? 1 : k, &noise);
			wrong += !agree(copy, n, &altered);
		}
		free(copy);
		free(bytes);
	}
	tap_int((long long)wrong, 0, "cut or altered: as by libvips");
	tap_ok(altered > files / 10 && altered < files * 9 / 10,
	    "%zu of %zu altered files are refused", altered, files);
}

/* Each restart interval without data is worth a warning: 99 are allowed. */
static void
test_warnings(void)
{
	static const struct kind kind = { "", GREY, 1, 1, 1, false, false,
	    false };
	unsigned char *bytes, *p, *out;
	size_t intervals, refused;
	unsigned long n;

	for (intervals = 97; intervals <= 103; intervals++) {
		bytes = write_jpeg(&kind, 8 * (int)intervals, 8, false, &n);
		for (p = bytes; p[0] != 0xff || p[1] != 0xda; p++)
			;
		for (out = p += 10; p < bytes + n; p++) {
			if (p[0] != 0xff || p[1] == 0)
				continue;
			*out++ = p[0];
			*out++ = p[1];
		}
		refused = 0;
		tap_ok(agree(bytes, (size_t)(out - bytes), &refused),
		    "%zu empty intervals: as by libvips", intervals);
		tap_int((long long)refused, intervals >= 100,
		    "%zu empty intervals: refused", intervals);
		free(bytes);
	}
}

static void
refused(const unsigned char *bytes, size_t n, const char *text)
{
	struct mc_image image;
	struct mc_err err = { MC_OK, "" };

	tap_int(mc_image_decode(&image, bytes, n, "x", &err), MC_EDATA,
	    "refused");
	tap_str(err.text, text, "its message");
	tap_ok(image.rgb == NULL, "no pixels");
}

/* Where the frame header of BYTES is. */
static unsigned char *
frame(unsigned char *bytes)
{
	while (bytes[0] != 0xff || bytes[1] < 0xc0 || bytes[1] > 0xc2)
		bytes++;
	return bytes;
}

static void
test_refusals(void)
{
	static const struct kind five = { "", JCS_UNKNOWN, JCS_UNKNOWN, 5, 1, 1,
	    0, false, false, true };
	unsigned char *bytes;
	unsigned long n;

	bytes = write_jpeg(&five, 9, 9, false, &n);
	refused(bytes, n, "x: its samples are not 8 or 16 bits of grey, RGB or "
	    "CMYK; convert it");
	free(bytes);
	bytes = write_jpeg(&kinds[2], 9, 9, true, &n);
	refused(bytes, n, "x: damaged or unusual JPEG, cannot be decoded: more "
	    "than 500 scans");
	free(bytes);
	bytes = write_jpeg(&kinds[3], 9, 9, false, &n);
	memcpy(frame(bytes) + 5, "\x34\x42\x34\x42", 4);
	refused(bytes, n, "x: 13378 x 13378 pixels, more than the limit of "
	    "178956970: reduce it, or raise the limit (--max-pixels)");
	free(bytes);
}

/* A progressive image of 12000 x 12000 pixels where no memory is left. */
static void
test_no_memory(void)
{
#if defined(__SANITIZE_ADDRESS__)
	tap_skip("the sanitizer ends the program where memory runs out");
#else
	static const struct rlimit none = { 1 << 20, 1 << 20 };
	struct mc_image image;
	struct mc_err err;
	unsigned char *bytes;
	unsigned long n;
	int status = 0;
	pid_t child;

	bytes = write_jpeg(&kinds[2], 9, 9, false, &n);
	memcpy(frame(bytes) + 5, "\x2e\xe0\x2e\xe0", 4);
	child = fork();
	if (child == 0) {
		if (freopen("stderr", "w", stderr) == NULL ||
		    setrlimit(RLIMIT_AS, &none) != 0)
			_exit(2);
		_exit(mc_image_decode(&image, bytes, n, "x", &err) == MC_OK ?
		    3 : 4);
	}
	free(bytes);
	TEST(waitpid(child, &status, 0) == child);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "no memory ends the program: %#x", (unsigned)status);
#endif
}

static void *
decode_often(void *arg)
{
	size_t *wrong = arg, refused = 0;
	unsigned char *bytes;
	unsigned long n;
	int i;

	for (i = 0; i < 60; i++) {
		bytes = write_jpeg(&kinds[i % N_KINDS], 90, 60, false, &n);
		*wrong += !agree(bytes, n, &refused);
		*wrong += !agree(bytes, n / 2, &refused);
		free(bytes);
	}
	return NULL;
}

static void
test_threads(void)
{
	pthread_t threads[4];
	size_t wrong[4] = { 0 };
	int i, failed = 0;

	for (i = 0; i < 4; i++)
		failed += pthread_create(&threads[i], NULL, decode_often,
		    &wrong[i]) != 0;
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	tap_int(failed, 0, "four threads");
	tap_int((long long)(wrong[0] + wrong[1] + wrong[2] + wrong[3]), 0,
	    "in four threads, too");
}

int
main(void)
{
	struct mc_err err = { MC_OK, "" };

	if (!TEST(mc_image_init(&err) == MC_OK))
		return tap_done();
	test_whole();
	test_damaged();
	test_warnings();
	test_refusals();
	test_no_memory();
	test_threads();
	mc_image_shutdown();
	return tap_done();
}
