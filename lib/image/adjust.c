/* adjust.c - change the colours of images as Pillow does. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/adjust.h"

static size_t
count_bytes(const struct mc_image *image)
{
	return 3 * (size_t)image->width * (size_t)image->height;
}

/* --- Blending --------------------------------------------------------------- */

static unsigned char
blend(int less, int byte, float factor)
{
	float v = (float)less + factor * (float)(byte - less);

	return v <= 0.0f ? 0 : v >= 255.0f ? 255 : (unsigned char)v;
}

static int
grey(const unsigned char *rgb)
{
	return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16;
}

/* Blend each byte with LESS. */
static void
blend_all(struct mc_image *image, int less, double factor)
{
	size_t n = count_bytes(image), i;
	unsigned char table[256];
	int byte;

	for (byte = 0; byte < 256; byte++)
		table[byte] = blend(less, byte, (float)factor);
	for (i = 0; i < n; i++)
		image->rgb[i] = table[image->rgb[i]];
}

void
mc_adjust_brightness(struct mc_image *image, double factor)
{
	blend_all(image, 0, factor);
}

void
mc_adjust_contrast(struct mc_image *image, double factor)
{
	size_t n = count_bytes(image), i;
	uint64_t sum = 0;

	for (i = 0; i < n; i += 3)
		sum += (uint64_t)grey(image->rgb + i);
	blend_all(image, (int)((double)sum / (double)(n / 3) + 0.5), factor);
}

void
mc_adjust_saturation(struct mc_image *image, double factor)
{
	size_t n = count_bytes(image), i, c;

	for (i = 0; i < n; i += 3) {
		int less = grey(image->rgb + i);

		for (c = i; c < i + 3; c++)
			image->rgb[c] = blend(less, image->rgb[c],
			    (float)factor);
	}
}

/*
 * Pixel P, of rows STRIDE bytes apart, smoothed in its channel: the mean of the
 * nine around it, of which it counts five times.  The sum's order is Pillow's.
 */
static int
smooth(const unsigned char *p, size_t stride)
{
	const float one = 1.0f / 13.0f, five = 5.0f / 13.0f;
	const unsigned char *above = p - stride, *below = p + stride;
	float sum = 0.5f;

	sum += (float)below[-3] * one + (float)below[0] * one +
	    (float)below[3] * one;
	sum += (float)p[-3] * one + (float)p[0] * five + (float)p[3] * one;
	sum += (float)above[-3] * one + (float)above[0] * one +
	    (float)above[3] * one;
	return sum >= 255.0f ? 255 : (int)sum;
}

void
mc_adjust_sharpness(struct mc_image *image, double factor)
{
	size_t n = count_bytes(image), stride = 3 * (size_t)image->width;
	unsigned char *in;
	size_t i, y;

	/* The pixels at the edge have less than eight neighbours. */
	if (image->width < 3 || image->height < 3)
		return;
	in = memcpy(mc_xmalloc(n), image->rgb, n);
	for (y = 1; y < (size_t)image->height - 1; y++) {
		for (i = y * stride + 3; i < (y + 1) * stride - 3; i++)
			image->rgb[i] = blend(smooth(in + i, stride), in[i],
			    (float)factor);
	}
	free(in);
}

/* --- Tables of bytes -------------------------------------------------------- */

/* Replace each byte by that of TABLE for its channel. */
static void
replace(struct mc_image *image, unsigned char table[3][256])
{
	size_t n = count_bytes(image), i;
	int c;

	for (i = 0; i < n; i += 3) {
		for (c = 0; c < 3; c++)
			image->rgb[i + (size_t)c] =
			    table[c][image->rgb[i + (size_t)c]];
	}
}

void
mc_posterize(struct mc_image *image, int bits)
{
	size_t n = count_bytes(image), i;

	for (i = 0; i < n; i++)
		image->rgb[i] &= (unsigned char)(0xFF << (8 - bits));
}

void
mc_solarize(struct mc_image *image, double threshold)
{
	size_t n = count_bytes(image), i;

	for (i = 0; i < n; i++) {
		if (image->rgb[i] >= threshold)
			image->rgb[i] = (unsigned char)(255 - image->rgb[i]);
	}
}

/* How often each byte occurs in channel C. */
static void
count_channel(const struct mc_image *image, int c, uint64_t count[256])
{
	size_t n = count_bytes(image), i;

	memset(count, 0, 256 * sizeof(*count));
	for (i = (size_t)c; i < n; i += 3)
		count[image->rgb[i]]++;
}

/* The smallest and the largest byte that occurs. */
static void
find_ends(const uint64_t count[256], int *low, int *high)
{
	for (*low = 0; count[*low] == 0; ++*low)
		;
	for (*high = 255; count[*high] == 0; --*high)
		;
}

static void
stretch(const uint64_t count[256], unsigned char table[256])
{
	int low, high, i, v;
	double scale;

	find_ends(count, &low, &high);
	for (i = 0; i < 256; i++) {
		v = i;
		if (high > low) {
			scale = 255.0 / (high - low);
			v = (int)(i * scale + -low * scale);
		}
		table[i] = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
	}
}

static void
flatten(const uint64_t count[256], unsigned char table[256])
{
	uint64_t all = 0, step, n, v;
	int low, high, i;

	find_ends(count, &low, &high);
	for (i = 0; i < 256; i++)
		all += count[i];
	step = (all - count[high]) / 255;
	n = step / 2;
	for (i = 0; i < 256; i++) {
		v = step == 0 ? (uint64_t)i : n / step;
		table[i] = (unsigned char)(v > 255 ? 255 : v);
		n += count[i];
	}
}

/* Replace bytes by the table that MAKE makes of each channel's counts. */
static void
replace_by(struct mc_image *image, void (*make)(const uint64_t count[256],
    unsigned char table[256]))
{
	unsigned char table[3][256];
	uint64_t count[256];
	int c;

	for (c = 0; c < 3; c++) {
		count_channel(image, c, count);
		make(count, table[c]);
	}
	replace(image, table);
}

void
mc_autocontrast(struct mc_image *image)
{
	replace_by(image, stretch);
}

void
mc_equalize(struct mc_image *image)
{
	replace_by(image, flatten);
}
