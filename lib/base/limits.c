/* limits.c - limit the size of the images and volumes that a program decodes. */
#include "config.h"

#include "base/limits.h"

static int64_t max_pixels = MC_PIXELS_DEFAULT;
static int64_t max_voxels = MC_VOXELS_DEFAULT;

int64_t
mc_max_pixels(void)
{
	return max_pixels;
}

void
mc_max_pixels_set(int64_t n)
{
	max_pixels = n > 0 ? n : MC_PIXELS_DEFAULT;
}

int64_t
mc_max_voxels(void)
{
	return max_voxels;
}

void
mc_max_voxels_set(int64_t n)
{
	max_voxels = n > 0 ? n : MC_VOXELS_DEFAULT;
}

size_t
mc_max_image_bytes(void)
{
	size_t least = (size_t)1 << 30, n = (size_t)max_pixels * 6;

	return n > least ? n : least;
}
