/* adjust.c - flip, rotate and recolour images as Pillow does. */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/adjust.h"

static size_t
count_bytes(const struct mc_image *image)
{
	return 3 * (size_t)image->width * (size_t)image->height;
}

/* Pixel (X, Y) of IMAGE. */
static unsigned char *
at(const struct mc_image *image, int x, int y)
{
	return image->rgb + 3 * ((size_t)y * (size_t)image->width + (size_t)x);
}

/* --- Where pixels come from ------------------------------------------------- */

void
mc_flip(struct mc_image *image)
{
	unsigned char pixel[3], *left, *right;
	int x, y;

	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width / 2; x++) {
			left = at(image, x, y);
			right = at(image, image->width - 1 - x, y);
			memcpy(pixel, left, 3);
			memcpy(left, right, 3);
			memcpy(right, pixel, 3);
		}
	}
}

void
mc_flip_vertically(struct mc_image *image)
{
	size_t stride = 3 * (size_t)image->width;
	unsigned char *row = mc_xmalloc(stride);
	int y;

	for (y = 0; y < image->height / 2; y++) {
		unsigned char *upper = at(image, 0, y);
		unsigned char *lower = at(image, 0, image->height - 1 - y);

		memcpy(row, upper, stride);
		memcpy(upper, lower, stride);
		memcpy(lower, row, stride);
	}
	free(row);
}

/* V rounded to 15 decimals, as Python's round does. */
static double
round15(double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.15f", v);
	return strtod(text, NULL);
}

/*
 * The matrix that leads from a pixel's centre in the rotated image to where it
 * comes from: x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5].  The
 * operations, and their order, are those of Pillow's Image.rotate.
 */
static void
rotation(const struct mc_image *image, double degrees, double m[6])
{
	double cx = image->width / 2.0, cy = image->height / 2.0, angle;

	degrees = fmod(degrees, 360.0);
	if (degrees < 0)
		degrees += 360.0;
	angle = -(degrees * (M_PI / 180.0));
	m[0] = m[4] = round15(cos(angle));
	m[1] = round15(sin(angle));
	m[3] = round15(-sin(angle));
	m[2] = m[0] * -cx + m[1] * -cy + cx;
	m[5] = m[3] * -cx + m[4] * -cy + cy;
}

static int
clip(int i, int n)
{
	return i < 0 ? 0 : i < n ? i : n - 1;
}

/* The pixel of IN at (X, Y), interpolated; outside of IN OUT stays as it is. */
static void
interpolate(const struct mc_image *in, double x, double y, unsigned char *out)
{
	const unsigned char *upper, *lower;
	double dx, dy, v1, v2;
	size_t x0, x1;
	int i, j, c;

	if (x < 0.0 || x >= in->width || y < 0.0 || y >= in->height)
		return;
	i = (int)floor(x - 0.5);
	j = (int)floor(y - 0.5);
	dx = x - 0.5 - i;
	dy = y - 0.5 - j;
	upper = at(in, 0, clip(j, in->height));
	lower = at(in, 0, j + 1 < in->height ? j + 1 : clip(j, in->height));
	x0 = 3 * (size_t)clip(i, in->width);
	x1 = 3 * (size_t)clip(i + 1, in->width);
	for (c = 0; c < 3; c++, upper++, lower++) {
		v1 = upper[x0] + (upper[x1] - upper[x0]) * dx;
		v2 = lower[x0] + (lower[x1] - lower[x0]) * dx;
		out[c] = (unsigned char)(v1 + (v2 - v1) * dy);
	}
}

void
mc_rotate(struct mc_image *image, double degrees)
{
	size_t n = count_bytes(image);
	struct mc_image in = *image;
	double m[6];
	int x, y;

	in.rgb = memcpy(mc_xmalloc(n), image->rgb, n);
	memset(image->rgb, 0, n);
	rotation(image, degrees, m);
	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width; x++)
			interpolate(&in,
			    m[0] * (x + 0.5) + m[1] * (y + 0.5) + m[2],
			    m[3] * (x + 0.5) + m[4] * (y + 0.5) + m[5],
			    at(image, x, y));
	}
	mc_image_free(&in);
}

void
mc_erase(struct mc_image *image, const struct mc_box *box,
    const unsigned char rgb[3])
{
	int x, y;

	for (y = box->top; y < box->top + box->height; y++) {
		for (x = box->left; x < box->left + box->width; x++)
			memcpy(at(image, x, y), rgb, 3);
	}
}

/* --- Colour ----------------------------------------------------------------- */

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
