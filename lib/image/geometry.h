/*
 * geometry.h - flip, rotate, shear and move images, byte for byte as torchvision
 * 0.14 does with Pillow 9.4.
 *
 * Each changes IMAGE, of at least one pixel, in place; the image keeps its size,
 * and what comes from outside is black.  None can fail.
 */
#ifndef MC_GEOMETRY_H
#define MC_GEOMETRY_H

#include "image/decode.h"
#include "image/resize.h"

/* Mirror: left to right, or top to bottom (hflip, vflip). */
void	mc_flip(struct mc_image *image);
void	mc_flip_vertically(struct mc_image *image);

/*
 * Rotate about the centre by DEGREES, counter-clockwise (rotate).  A pixel whose
 * centre comes from (x, y) is interpolated between the four pixels around (x,
 * y), in doubles, and the fraction is dropped (InterpolationMode.BILINEAR); or
 * it is the pixel at (x, y), with 16 binary places (NEAREST).
 */
void	mc_rotate(struct mc_image *image, double degrees);
void	mc_rotate_nearest(struct mc_image *image, double degrees);

/*
 * Shear: pixel (i, j) comes from (i + X j, j + Y i); X or Y is 0.  Move by X
 * pixels to the right and Y down.  (affine with NEAREST, as TrivialAugment calls
 * it)
 */
void	mc_shear(struct mc_image *image, double x, double y);
void	mc_translate(struct mc_image *image, int x, int y);

/* Give each pixel in BOX, which lies within the image, the colour RGB. */
void	mc_erase(struct mc_image *image, const struct mc_box *box,
	    const unsigned char rgb[3]);

#endif
