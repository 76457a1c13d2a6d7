/* phash.c - the signs of an image's low frequencies. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/phash.h"
#include "image/resize.h"

#define SIDE 32			/* pixels that are transformed */
#define LOW 8			/* frequencies each way */
#define PI 3.14159265358979323846
#define NOTHING 1e-6

/* Pillow's convert("L"), in all three channels. */
static void
make_grey(struct mc_image *image)
{
	size_t n = (size_t)image->width * (size_t)image->height, i;
	unsigned char *p = image->rgb;

	for (i = 0; i < n; i++, p += 3) {
		unsigned grey = (p[0] * 19595u + p[1] * 38470u + p[2] * 7471u +
		    0x8000) >> 16;

		memset(p, (int)grey, 3);
	}
}

/* The lowest coefficients of the transform of the first channel of RGB. */
static void
transform(const unsigned char *rgb, double low[LOW * LOW])
{
	double wave[LOW][SIDE], rows[LOW][SIDE] = { { 0 } };
	int u, v, x, y;

	for (u = 0; u < LOW; u++) {
		for (x = 0; x < SIDE; x++)
			wave[u][x] = 2 * cos(PI * u * (2 * x + 1) / (2 * SIDE));
	}
	for (u = 0; u < LOW; u++) {
		for (y = 0; y < SIDE; y++) {
			for (x = 0; x < SIDE; x++)
				rows[u][x] += wave[u][y] *
				    rgb[3 * (y * SIDE + x)];
		}
	}
	for (u = 0; u < LOW; u++) {
		for (v = 0; v < LOW; v++) {
			double sum = 0;

			for (x = 0; x < SIDE; x++)
				sum += wave[v][x] * rows[u][x];
			low[u * LOW + v] = fabs(sum) < NOTHING ? 0 : sum;
		}
	}
}

static int
compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

uint64_t
mc_phash(struct mc_image *image)
{
	const struct mc_box all = { 0, 0, image->width, image->height };
	unsigned char rgb[SIDE * SIDE * 3];
	double low[LOW * LOW], sorted[LOW * LOW], median;
	uint64_t hash = 0;
	int i;

	make_grey(image);
	mc_resize_box(image, &all, SIDE, MC_LANCZOS, rgb);
	transform(rgb, low);
	memcpy(sorted, low, sizeof(sorted));
	qsort(sorted, LOW * LOW, sizeof(*sorted), compare_values);
	median = (sorted[LOW * LOW / 2 - 1] + sorted[LOW * LOW / 2]) / 2;
	for (i = 0; i < LOW * LOW; i++)
		hash = hash << 1 | (low[i] > median);
	return hash;
}
