/* overlay.c - lay a map of numbers over an image as colours. */
#include "config.h"

#include <math.h>

#include "image/overlay.h"

/* Colours 0, 5, 10 ... 255 of the 256 of viridis, 0xRRGGBB. */
static const unsigned viridis[] = {
	0x440154, 0x46085c, 0x471063, 0x481769, 0x481d6f, 0x482475,
	0x472a7a, 0x46307e, 0x453781, 0x433d84, 0x414287, 0x3f4889,
	0x3d4e8a, 0x3a538b, 0x38598c, 0x355e8d, 0x33638d, 0x31688e,
	0x2e6d8e, 0x2c718e, 0x2a768e, 0x297b8e, 0x27808e, 0x25848e,
	0x23898e, 0x218e8d, 0x20928c, 0x1f978b, 0x1e9c89, 0x1fa188,
	0x21a585, 0x24aa83, 0x28ae80, 0x2eb37c, 0x35b779, 0x3dbc74,
	0x46c06f, 0x50c46a, 0x5ac864, 0x65cb5e, 0x70cf57, 0x7cd250,
	0x89d548, 0x95d840, 0xa2da37, 0xb0dd2f, 0xbddf26, 0xcae11f,
	0xd8e219, 0xe5e419, 0xf1e51d, 0xfde725
};

#define LAST (sizeof(viridis) / sizeof(*viridis) - 1)

void
mc_viridis(double x, unsigned char rgb[3])
{
	double at = fmin(fmax(x, 0), 1) * LAST, share;
	size_t i = at < LAST ? (size_t)at : LAST - 1;
	int k, shift;

	share = at - (double)i;
	for (k = 0; k < 3; k++) {
		shift = 8 * (2 - k);
		rgb[k] = (unsigned char)lrint(
		    (1 - share) * (viridis[i] >> shift & 0xFF) +
		    share * (viridis[i + 1] >> shift & 0xFF));
	}
}

/*
 * Where pixel I of SIZE lies among N centres: between *BEFORE and *AFTER, the
 * share that is returned of the way.
 */
static float
place(int i, int size, int n, int *before, int *after)
{
	double at = fmin(fmax((i + 0.5) * n / size - 0.5, 0), n - 1);

	*before = (int)at;
	*after = *before + 1 < n ? *before + 1 : *before;
	return (float)(at - *before);
}

void
mc_enlarge(const float *map, int rows, int columns, int size, float *out)
{
	int i, k, up, down, left, right;
	float y, x, above, below;

	for (i = 0; i < size; i++) {
		y = place(i, size, rows, &up, &down);
		for (k = 0; k < size; k++) {
			x = place(k, size, columns, &left, &right);
			above = (1 - x) * map[up * columns + left] +
			    x * map[up * columns + right];
			below = (1 - x) * map[down * columns + left] +
			    x * map[down * columns + right];
			*out++ = (1 - y) * above + y * below;
		}
	}
}

void
mc_overlay(const unsigned char *rgb, const float *value, size_t n, double lo,
    double hi, unsigned char *out)
{
	unsigned char colour[3];
	size_t i, k;

	for (i = 0; i < n; i++) {
		mc_viridis(hi > lo ? (value[i] - lo) / (hi - lo) : 0, colour);
		for (k = 0; k < 3; k++)
			out[3 * i + k] = (unsigned char)((rgb[3 * i + k] +
			    colour[k] + 1) / 2);
	}
}
