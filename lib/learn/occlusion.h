/*
 * occlusion.h - place the squares that hide parts of an image (Zeiler & Fergus
 * 2014).
 *
 * The squares begin at 0, STRIDE, 2 STRIDE ... of both directions, as many as
 * are needed to reach the far side; the last ones may be cut off there.
 */
#ifndef MC_OCCLUSION_H
#define MC_OCCLUSION_H

#include <stddef.h>

struct mc_occlusion {
	int size;		/* of the image, pixels per side */
	int patch, stride;	/* 1 <= stride <= patch */
};

/* The number of squares per side. */
int	mc_occlusion_side(const struct mc_occlusion *o);

/*
 * Hide square number CELL, counted row by row, of the planes of CHANNELS x size
 * x size values: set them to 0.
 */
void	mc_occlusion_hide(const struct mc_occlusion *o, size_t cell,
	    int channels, float *planes);

/*
 * Spread MAP, a value for each square, over size x size pixels in OUT: each
 * gets the mean of the squares that hide it.
 */
void	mc_occlusion_spread(const struct mc_occlusion *o, const float *map,
	    float *out);

#endif
