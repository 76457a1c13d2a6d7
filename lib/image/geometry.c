/* geometry.c - flip, rotate, shear and move images as Pillow does. */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/geometry.h"

/* Pixel (X, Y) of IMAGE. */
static unsigned char *
at(const struct mc_image *image, int x, int y)
{
	return image->rgb + 3 * ((size_t)y * (size_t)image->width + (size_t)x);
}

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

/* Make IMAGE black, and return its pixels as another, to be freed. */
static struct mc_image
take_pixels(struct mc_image *image)
{
	size_t n = 3 * (size_t)image->width * (size_t)image->height;
	struct mc_image in = *image;

	in.rgb = memcpy(mc_xmalloc(n), image->rgb, n);
	memset(image->rgb, 0, n);
	return in;
}

void
mc_rotate(struct mc_image *image, double degrees)
{
	struct mc_image in = take_pixels(image);
	double m[6];
	int x, y;

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

/* V with 16 binary places. */
static int64_t
fixed(double v)
{
	return (int64_t)floor(v * 65536.0 + 0.5);
}

/* Take each pixel from where M leads, or leave it black (affine_fixed). */
static void
take_nearest(struct mc_image *image, const double m[6])
{
	struct mc_image in = take_pixels(image);
	const int64_t step[4] = { fixed(m[0]), fixed(m[1]), fixed(m[3]),
	    fixed(m[4]) };
	int64_t left = fixed(m[2] + m[0] * 0.5 + m[1] * 0.5);
	int64_t top = fixed(m[5] + m[3] * 0.5 + m[4] * 0.5);
	int x, y;

	for (y = 0; y < image->height; y++) {
		for (x = 0; x < image->width; x++) {
			int64_t i = left + x * step[0] + y * step[1];
			int64_t j = top + x * step[2] + y * step[3];

			if (i >= 0 && i >> 16 < in.width &&
			    j >= 0 && j >> 16 < in.height)
				memcpy(at(image, x, y), at(&in, (int)(i >> 16),
				    (int)(j >> 16)), 3);
		}
	}
	mc_image_free(&in);
}

void
mc_rotate_nearest(struct mc_image *image, double degrees)
{
	double m[6];

	rotation(image, degrees, m);
	take_nearest(image, m);
}

/* The tangent of the angle whose tangent is V, by way of degrees. */
static double
tangent(double v)
{
	double degrees = atan(v) * (180.0 / M_PI);

	return tan(degrees * (M_PI / 180.0));
}

void
mc_shear(struct mc_image *image, double x, double y)
{
	const double m[6] = { 1, tangent(x), 0, tangent(y), 1, 0 };

	take_nearest(image, m);
}

void
mc_translate(struct mc_image *image, int x, int y)
{
	const double m[6] = { 1, 0, -x, 0, 1, -y };

	take_nearest(image, m);
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

