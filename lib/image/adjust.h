/*
 * adjust.h - flip, rotate and recolour images, byte for byte as torchvision
 * 0.14 does with Pillow 9.4.
 *
 * Each changes IMAGE, of at least one pixel, in place, and cannot fail.
 */
#ifndef MC_ADJUST_H
#define MC_ADJUST_H

#include "image/decode.h"
#include "image/resize.h"

/* Mirror: left to right, or top to bottom (hflip, vflip). */
void	mc_flip(struct mc_image *image);
void	mc_flip_vertically(struct mc_image *image);

/*
 * Rotate about the centre by DEGREES, counter-clockwise.  The image keeps its
 * size; what comes from outside is black.  A pixel whose centre comes from
 * (x, y) is interpolated between the four pixels around (x, y), in doubles, and
 * the fraction is dropped (rotate with InterpolationMode.BILINEAR).
 */
void	mc_rotate(struct mc_image *image, double degrees);

/*
 * Blend with an image of less: a + FACTOR * (b - a) in float32, where b is the
 * byte, clipped to 0..255, and the fraction is dropped.  A FACTOR of 1 changes
 * nothing, 0 gives a, more than 1 leads away from it.  a is 0 (brightness); the
 * mean grey of the image, rounded (contrast); or the grey of the pixel
 * (saturation).  Grey is (19595 R + 38470 G + 7471 B + 32768) / 65536, without
 * its fraction.  (adjust_brightness, adjust_contrast, adjust_saturation)
 */
void	mc_adjust_brightness(struct mc_image *image, double factor);
void	mc_adjust_contrast(struct mc_image *image, double factor);
void	mc_adjust_saturation(struct mc_image *image, double factor);

/* Give each pixel in BOX, which lies within the image, the colour RGB. */
void	mc_erase(struct mc_image *image, const struct mc_box *box,
	    const unsigned char rgb[3]);

#endif
