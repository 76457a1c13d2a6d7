/* occlusion.c - place the squares that hide parts of an image. */
#include "config.h"

#include "learn/occlusion.h"

int
mc_occlusion_side(const struct mc_occlusion *o)
{
	return o->patch >= o->size ? 1 :
	    (o->size - o->patch + o->stride - 1) / o->stride + 1;
}

/* Where the square number I of a direction ends. */
static int
end(const struct mc_occlusion *o, int i)
{
	int pixel = i * o->stride + o->patch;

	return pixel < o->size ? pixel : o->size;
}

void
mc_occlusion_hide(const struct mc_occlusion *o, size_t cell, int channels,
    float *planes)
{
	int side = mc_occlusion_side(o), row = (int)cell / side;
	int column = (int)cell % side, c, y, x;

	for (c = 0; c < channels; c++) {
		for (y = row * o->stride; y < end(o, row); y++) {
			float *line = planes + ((size_t)c * o->size + y) *
			    (size_t)o->size;

			for (x = column * o->stride; x < end(o, column); x++)
				line[x] = 0;
		}
	}
}

/* The first and last square of a direction that hide PIXEL. */
static void
hiding(const struct mc_occlusion *o, int side, int pixel, int *first,
    int *last)
{
	*first = pixel < o->patch ? 0 : (pixel - o->patch) / o->stride + 1;
	*last = pixel / o->stride < side ? pixel / o->stride : side - 1;
}

void
mc_occlusion_spread(const struct mc_occlusion *o, const float *map, float *out)
{
	int side = mc_occlusion_side(o), y, x, i, k, up, down, left, right;
	double sum;

	for (y = 0; y < o->size; y++) {
		hiding(o, side, y, &up, &down);
		for (x = 0; x < o->size; x++) {
			hiding(o, side, x, &left, &right);
			sum = 0;
			for (i = up; i <= down; i++)
				for (k = left; k <= right; k++)
					sum += map[i * side + k];
			*out++ = (float)(sum / ((down - up + 1) *
			    (right - left + 1)));
		}
	}
}
