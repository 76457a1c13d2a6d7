/*
 * resize.h - resize and crop images, byte for byte as torchvision 0.14 with
 * Pillow 9.4.
 *
 * A resized pixel is a weighted mean of the source pixels under a filter that
 * is as wide as a target pixel, and never narrower than a source pixel
 * ("antialias").  Along each axis in turn, the horizontal first, the weights
 * are rounded to 22 binary places, summed with the bytes in 32-bit integers,
 * and the sum is rounded and clipped to a byte (Pillow's Resample.c).  Only
 * what the crop shows is computed.
 */
#ifndef MC_RESIZE_H
#define MC_RESIZE_H

#include "base/err.h"
#include "image/decode.h"

enum mc_filter {
	MC_BILINEAR,		/* triangle; torchvision's default */
	MC_BICUBIC		/* Keys, a = -0.5; DINOv2's transform */
};

/* The largest size of either kind. */
#define MC_RESIZE_MAX 16384

/*
 * Scale IN so that its shorter side is SIZE pixels and the longer one
 * int(SIZE * long / short), then cut the CROP x CROP pixels of its centre,
 * with black around where the image is smaller.  An odd rest is halved to the
 * nearest even offset, as Python rounds.  SIZE and CROP are 1 to
 * MC_RESIZE_MAX.  RGB receives CROP x CROP x 3 bytes.  It cannot fail.
 */
void	mc_resize_crop(const struct mc_image *in, int size, int crop,
	    enum mc_filter filter, unsigned char *rgb);

#endif
