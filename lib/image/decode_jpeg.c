/*
 * decode_jpeg.c - decode JPEG with libjpeg-turbo.
 *
 * Damaged files are refused as libvips refuses them with fail_on "truncated":
 * where the bytes end too early, at an error of libjpeg, and at its hundredth
 * warning.  Fewer warnings pass, as in every program that shows such a file.
 */
#include "config.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/mem.h"
#include "image/decode_internal.h"

/*
 * A scan of a few bytes takes the time of a whole image.  This is the limit of
 * libjpeg-turbo's TJFLAG_LIMITSCANS; libjpeg's own scripts have up to 18.
 */
#define MAX_SCANS 500

#define MAX_WARNINGS 100

#define TEXT(x) #x
#define EXPANDED(x) TEXT(x)

const char mc_jpeg_library[] = "libjpeg-turbo "
    EXPANDED(LIBJPEG_TURBO_VERSION);

struct reader {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf failed;
	char why[JMSG_LENGTH_MAX];
	struct mc_image *image;
	unsigned char *cmyk;	/* a row, or NULL */
	const char *name;
	struct mc_err *err;
};

/* libjpeg's callbacks. */

static void
error_exit(j_common_ptr jpeg)
{
	struct reader *r = jpeg->client_data;

	if (jpeg->err->msg_code == JERR_OUT_OF_MEMORY)
		mc_out_of_memory();
	jpeg->err->format_message(jpeg, r->why);
	longjmp(r->failed, 1);
}

static void
emit_message(j_common_ptr jpeg, int level)
{
	if (level < 0 && ++jpeg->err->num_warnings >= MAX_WARNINGS)
		error_exit(jpeg);
}

static boolean
end_of_bytes(j_decompress_ptr jpeg)
{
	ERREXIT(jpeg, JERR_INPUT_EOF);
	return FALSE;
}

static void
count_scans(j_common_ptr jpeg)
{
	struct reader *r = jpeg->client_data;

	if (r->jpeg.input_scan_number <= MAX_SCANS)
		return;
	snprintf(r->why, sizeof(r->why), "more than %d scans", MAX_SCANS);
	longjmp(r->failed, 1);
}

/* Read the header and say what the pixels are to be. */
static enum mc_status
read_header(struct reader *r, const void *bytes, size_t n)
{
	struct jpeg_decompress_struct *jpeg = &r->jpeg;
	enum mc_status status;

	jpeg_create_decompress(jpeg);
	jpeg->progress = &r->progress;
	jpeg_mem_src(jpeg, bytes, n);
	jpeg->src->fill_input_buffer = end_of_bytes;
	(void)jpeg_read_header(jpeg, TRUE);
	status = mc_image_check_size(jpeg->image_width, jpeg->image_height,
	    r->name, r->err);
	if (status != MC_OK)
		return status;
	switch (jpeg->out_color_space) {
	case JCS_GRAYSCALE:
		jpeg->out_color_space = JCS_RGB;
		return MC_OK;
	case JCS_RGB:
	case JCS_CMYK:
		return MC_OK;
	default:
		return mc_image_not_colours(r->name, r->err);
	}
}

static void
read_rgb(struct reader *r)
{
	struct jpeg_decompress_struct *jpeg = &r->jpeg;
	size_t size = 3 * (size_t)jpeg->output_width;
	JSAMPROW rows[MAX_SAMP_FACTOR];	/* the most that a call gives */
	JDIMENSION y, n;

	while ((y = jpeg->output_scanline) < jpeg->output_height) {
		for (n = 0; n < MAX_SAMP_FACTOR &&
		    y + n < jpeg->output_height; n++)
			rows[n] = r->image->rgb + (y + n) * size;
		(void)jpeg_read_scanlines(jpeg, rows, n);
	}
}

/* The samples are always inverted, as Adobe writes them. */
static void
read_cmyk(struct reader *r)
{
	size_t size = 4 * (size_t)r->image->width, i;
	unsigned char *rgb = r->image->rgb;
	int y;

	r->cmyk = mc_xmalloc(size);
	for (y = 0; y < r->image->height; y++) {
		(void)jpeg_read_scanlines(&r->jpeg, &r->cmyk, 1);
		for (i = 0; i < size; i++)
			r->cmyk[i] = 255 - r->cmyk[i];
		mc_cmyk_to_rgb(rgb, r->cmyk, r->image->width, 4);
		rgb += 3 * (size_t)r->image->width;
	}
}

static void
read_pixels(struct reader *r)
{
	struct mc_image *image = r->image;

	(void)jpeg_start_decompress(&r->jpeg);
	image->width = (int)r->jpeg.output_width;
	image->height = (int)r->jpeg.output_height;
	image->rgb = mc_xreallocarray(NULL,
	    (size_t)image->width * (size_t)image->height, 3);
	if (r->jpeg.out_color_space == JCS_CMYK)
		read_cmyk(r);
	else
		read_rgb(r);
}

/* Where libjpeg's errors return to; *R, the caller's, keeps its values. */
static enum mc_status
read_image(struct reader *r, const void *bytes, size_t n)
{
	enum mc_status status;

	if (setjmp(r->failed) != 0)
		return mc_err_at(r->err, MC_EDATA, r->name, 0, "damaged or "
		    "unusual JPEG, cannot be decoded: %s", r->why);
	status = read_header(r, bytes, n);
	if (status == MC_OK)
		read_pixels(r);
	return status;
}

enum mc_status
mc_jpeg_decode(struct mc_image *image, const void *bytes, size_t n,
    const char *name, struct mc_err *err)
{
	struct reader r = { .image = image, .name = name, .err = err };
	enum mc_status status;

	r.jpeg.err = jpeg_std_error(&r.errors);
	r.errors.error_exit = error_exit;
	r.errors.emit_message = emit_message;
	r.progress.progress_monitor = count_scans;
	r.jpeg.client_data = &r;
	status = read_image(&r, bytes, n);
	jpeg_destroy_decompress(&r.jpeg);
	free(r.cmyk);
	return status;
}
