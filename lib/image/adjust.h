/*
 * adjust.h - change the colours of images, byte for byte as torchvision 0.14
 * does with Pillow 9.4.
 *
 * Each changes IMAGE, of at least one pixel, in place, and cannot fail.
 */
#ifndef MC_ADJUST_H
#define MC_ADJUST_H

#include "image/decode.h"

/*
 * Blend with an image of less: a + FACTOR * (b - a) in float32, where b is the
 * byte, clipped to 0..255, and the fraction is dropped.  A FACTOR of 1 changes
 * nothing, 0 gives a, more than 1 leads away from it.  a is 0 (brightness); the
 * mean grey of the image, rounded (contrast); the grey of the pixel
 * (saturation); or, but at the edge, the mean of the nine pixels around it, of
 * which it counts five times itself, rounded (sharpness).  Grey is (19595 R +
 * 38470 G + 7471 B + 32768) / 65536, without its fraction.
 * (adjust_brightness and so on)
 */
void	mc_adjust_brightness(struct mc_image *image, double factor);
void	mc_adjust_contrast(struct mc_image *image, double factor);
void	mc_adjust_saturation(struct mc_image *image, double factor);
void	mc_adjust_sharpness(struct mc_image *image, double factor);

/* Keep the highest BITS, 1 to 8, of each byte (posterize). */
void	mc_posterize(struct mc_image *image, int bits);

/* Replace each byte b >= THRESHOLD by 255 - b (solarize). */
void	mc_solarize(struct mc_image *image, double threshold);

/* Stretch each channel to 0..255 (autocontrast). */
void	mc_autocontrast(struct mc_image *image);

/* Make the bytes of each channel as equally frequent as can be (equalize). */
void	mc_equalize(struct mc_image *image);

#endif
