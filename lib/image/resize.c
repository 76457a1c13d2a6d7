/* resize.c - run Pillow's resampler on the part that is wanted. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "image/resize.h"

/* Weights are fixed-point: 8 bits for the byte and 2 to spare in 32. */
#define PRECISION 22
#define HALF (1 << (PRECISION - 1))
#define PI 3.14159265358979323846

/*
 * The time goes into two inner loops over integers.  gcc vectorises them from
 * -O3 on (2.3 times faster), clang at -O2 already; the bytes are the same.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define INNER_LOOP __attribute__((optimize("O3")))
#else
#define INNER_LOOP
#endif

/*
 * One axis of the part of the result that is wanted: n pixels.  Pixel i is the
 * sum of count[i] source pixels, from start[i] on, with the weights that begin
 * at weight + i * width.  No start is less than the one before it.
 */
struct axis {
	int n, width;
	int *start, *count;
	int32_t *weight;
};

static double
bilinear(double x)
{
	x = fabs(x);
	return x < 1.0 ? 1.0 - x : 0.0;
}

static double
bicubic(double x)
{
	const double a = -0.5;

	x = fabs(x);
	if (x < 1.0)
		return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
	if (x < 2.0)
		return (((x - 5) * x + 8) * x - 4) * a;
	return 0.0;
}

static double
sinc(double x)
{
	return x == 0.0 ? 1.0 : sin(x * PI) / (x * PI);
}

static double
lanczos(double x)
{
	return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
}

static const struct {
	double (*weight)(double distance);
	double support;
} filters[] = {
	[MC_BILINEAR] = { bilinear, 1.0 },
	[MC_BICUBIC] = { bicubic, 2.0 },
	[MC_LANCZOS] = { lanczos, 3.0 },
};

/*
 * Weigh COUNT source pixels from START on by their distance from CENTER, in
 * units of 1 / STEP pixels: to a sum of one first, then rounded.  The order of
 * the operations is Pillow's, so that every bit is.
 */
static void
set_weights(int32_t *weight, int start, int count, double center, double step,
    enum mc_filter filter)
{
	double (*of)(double) = filters[filter].weight;
	double w, sum = 0.0;
	int i;

	for (i = 0; i < count; i++)
		sum += of((i + start - center + 0.5) * step);
	for (i = 0; i < count; i++) {
		w = of((i + start - center + 0.5) * step);
		if (sum != 0.0)
			w /= sum;
		w *= 1 << PRECISION;
		weight[i] = (int32_t)(w < 0.0 ? w - 0.5 : w + 0.5);
	}
}

/* N pixels from FIRST on of an axis of SOURCE pixels scaled to TARGET. */
static void
axis_init(struct axis *axis, int source, int64_t target, int64_t first, int n,
    enum mc_filter filter)
{
	/* Pillow holds the source's extent in a float. */
	double scale = (double)(float)source / (double)target;
	double wide = scale < 1.0 ? 1.0 : scale;
	double support = filters[filter].support * wide;
	double center;
	int i, end;

	axis->n = n;
	axis->width = (int)ceil(support) * 2 + 1;
	axis->start = mc_xcalloc((size_t)n, sizeof(*axis->start));
	axis->count = mc_xcalloc((size_t)n, sizeof(*axis->count));
	axis->weight = mc_xreallocarray(NULL, (size_t)n * (size_t)axis->width,
	    sizeof(*axis->weight));
	for (i = 0; i < n; i++) {
		center = ((double)(first + i) + 0.5) * scale;
		axis->start[i] = (int)fmax(center - support + 0.5, 0.0);
		end = (int)fmin(center + support + 0.5, source);
		axis->count[i] = end - axis->start[i];
		set_weights(axis->weight + (size_t)i * (size_t)axis->width,
		    axis->start[i], axis->count[i], center, 1.0 / wide, filter);
	}
}

static void
axis_free(struct axis *axis)
{
	free(axis->start);
	free(axis->count);
	free(axis->weight);
}

static unsigned char
to_byte(int32_t sum)
{
	sum >>= PRECISION;
	return (unsigned char)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

/*
 * One source row to one row of AXIS.  Four bytes are summed where three are
 * wanted, since four fill a register: a byte must follow IN's last pixel.
 */
INNER_LOOP static void
sum_columns(unsigned char *out, const unsigned char *in,
    const struct axis *axis)
{
	int i, t, c;

	for (i = 0; i < axis->n; i++, out += 3) {
		const unsigned char *p = in + (size_t)axis->start[i] * 3;
		const int32_t *w = axis->weight +
		    (size_t)i * (size_t)axis->width;
		int32_t sum[4] = { HALF, HALF, HALF, HALF };

		for (t = 0; t < axis->count[i]; t++, p += 3)
			for (c = 0; c < 4; c++)
				sum[c] += w[t] * p[c];
		for (c = 0; c < 3; c++)
			out[c] = to_byte(sum[c]);
	}
}

/* COUNT rows of N bytes to one row. */
INNER_LOOP static void
sum_rows(unsigned char *out, const unsigned char *in, const int32_t *weight,
    int count, int32_t *sum, size_t n)
{
	size_t i;
	int t;

	for (i = 0; i < n; i++)
		sum[i] = HALF;
	for (t = 0; t < count; t++, in += n)
		for (i = 0; i < n; i++)
			sum[i] += weight[t] * in[i];
	for (i = 0; i < n; i++)
		out[i] = to_byte(sum[i]);
}

/*
 * The rows of BOX in IN that DOWN needs, each brought to the columns of ACROSS:
 * rows x across->n x 3 bytes, which the caller frees.
 */
static unsigned char *
narrow_rows(const struct mc_image *in, const struct mc_box *box,
    const struct axis *across, const struct axis *down)
{
	size_t stride = (size_t)box->width * 3;
	size_t n = (size_t)across->n * 3;
	int y = down->start[0];
	int end = down->start[down->n - 1] + down->count[down->n - 1];
	unsigned char *rows = mc_xreallocarray(NULL, (size_t)(end - y), n);
	unsigned char *row = mc_xcalloc(stride + 1, 1);
	unsigned char *out = rows;

	for (; y < end; y++, out += n) {
		memcpy(row, in->rgb + ((size_t)(box->top + y) *
		    (size_t)in->width + (size_t)box->left) * 3, stride);
		sum_columns(out, row, across);
	}
	free(row);
	return rows;
}

/*
 * Write the pixels that ACROSS and DOWN want of BOX in IN to RGB, whose rows
 * are STRIDE bytes apart.
 */
static void
resample(const struct mc_image *in, const struct mc_box *box,
    const struct axis *across, const struct axis *down, unsigned char *rgb,
    size_t stride)
{
	unsigned char *narrow = narrow_rows(in, box, across, down);
	size_t n = (size_t)across->n * 3;
	int32_t *sum = mc_xreallocarray(NULL, n, sizeof(*sum));
	int i;

	for (i = 0; i < down->n; i++, rgb += stride)
		sum_rows(rgb, narrow +
		    (size_t)(down->start[i] - down->start[0]) * n,
		    down->weight + (size_t)i * (size_t)down->width,
		    down->count[i], sum, n);
	free(sum);
	free(narrow);
}

/* --- Which pixels ----------------------------------------------------------- */

/* The sizes of IN once its shorter side has SIZE pixels. */
static void
resized(const struct mc_image *in, int size, int64_t *width, int64_t *height)
{
	bool portrait = in->width <= in->height;
	int shorter = portrait ? in->width : in->height;
	int longer = portrait ? in->height : in->width;
	int64_t side = (int64_t)((double)((int64_t)size * longer) / shorter);

	*width = portrait ? size : side;
	*height = portrait ? side : size;
}

/*
 * Where a side of LENGTH meets one of CROP pixels: the crop shows the side
 * from *FIRST on, and the side begins at *AT in the crop.  Returns how many
 * pixels they share.
 */
static int
overlap(int64_t length, int crop, int64_t *first, int *at)
{
	int64_t rest = length - crop;

	*first = 0;
	*at = 0;
	if (rest < 0) {
		*at = (int)(-rest / 2);
		return (int)length;
	}
	*first = rest / 2;
	if (rest % 2 != 0 && *first % 2 != 0)
		(*first)++;	/* a half goes to the even neighbour */
	return crop;
}

void
mc_resize_crop(const struct mc_image *in, int size, int crop,
    enum mc_filter filter, unsigned char *rgb)
{
	const struct mc_box whole = { 0, 0, in->width, in->height };
	int64_t width, height, left, top;
	size_t stride = (size_t)crop * 3;
	struct axis across, down;
	int x, y, columns, rows;

	resized(in, size, &width, &height);
	columns = overlap(width, crop, &left, &x);
	rows = overlap(height, crop, &top, &y);
	axis_init(&across, in->width, width, left, columns, filter);
	axis_init(&down, in->height, height, top, rows, filter);
	memset(rgb, 0, stride * (size_t)crop);
	resample(in, &whole, &across, &down,
	    rgb + (size_t)y * stride + (size_t)x * 3, stride);
	axis_free(&across);
	axis_free(&down);
}

void
mc_resize_to(struct mc_image *out, const struct mc_image *in, int width,
    int height, enum mc_filter filter)
{
	const struct mc_box whole = { 0, 0, in->width, in->height };
	struct axis across, down;

	*out = (struct mc_image){ width, height,
	    mc_xreallocarray(NULL, (size_t)width * (size_t)height, 3) };
	axis_init(&across, in->width, width, 0, width, filter);
	axis_init(&down, in->height, height, 0, height, filter);
	resample(in, &whole, &across, &down, out->rgb, (size_t)width * 3);
	axis_free(&across);
	axis_free(&down);
}

enum mc_status
mc_resize(struct mc_image *out, const struct mc_image *in, int size,
    enum mc_filter filter, const char *name, struct mc_err *err)
{
	int64_t width, height;

	resized(in, size, &width, &height);
	if (width * height > mc_max_pixels())
		return mc_err_set(err, MC_EDATA, "%s: %d x %d pixels would be "
		    "%lld x %lld after resizing, more than the limit of "
		    "%lld: cut it, or raise the limit (--max-pixels)", name,
		    in->width, in->height, (long long)width,
		    (long long)height, (long long)mc_max_pixels());
	mc_resize_to(out, in, (int)width, (int)height, filter);
	return MC_OK;
}

void
mc_center_crop(const struct mc_image *in, int crop, unsigned char *rgb)
{
	int64_t left, top;
	int x, y, i;
	int columns = overlap(in->width, crop, &left, &x);
	int rows = overlap(in->height, crop, &top, &y);
	size_t stride = (size_t)crop * 3;

	memset(rgb, 0, stride * (size_t)crop);
	for (i = 0; i < rows; i++)
		memcpy(rgb + (size_t)(y + i) * stride + (size_t)x * 3,
		    in->rgb + ((size_t)(top + i) * (size_t)in->width +
		    (size_t)left) * 3, (size_t)columns * 3);
}

void
mc_resize_box(const struct mc_image *in, const struct mc_box *box, int size,
    enum mc_filter filter, unsigned char *rgb)
{
	struct axis across, down;

	axis_init(&across, box->width, size, 0, size, filter);
	axis_init(&down, box->height, size, 0, size, filter);
	resample(in, box, &across, &down, rgb, (size_t)size * 3);
	axis_free(&across);
	axis_free(&down);
}
