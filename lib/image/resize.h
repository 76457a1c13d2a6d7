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
	MC_BICUBIC,		/* Keys, a = -0.5; DINOv2's transform */
	MC_LANCZOS		/* three lobes; for perceptual hashes alone */
};

/* A part of an image, in pixels. */
struct mc_box {
	int left, top, width, height;
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

/*
 * The two steps apart.  mc_resize scales IN into *OUT, which the caller ends
 * with mc_image_free; MC_EDATA, with NAME in front, where *OUT would have more
 * than mc_max_pixels, as that of a very narrow image can.  mc_center_crop
 * cuts the centre of IN.
 */
enum mc_status	mc_resize(struct mc_image *out, const struct mc_image *in,
		    int size, enum mc_filter filter, const char *name,
		    struct mc_err *err) MC_MUST_CHECK;
void	mc_center_crop(const struct mc_image *in, int crop,
	    unsigned char *rgb);

/*
 * Scale IN to WIDTH x HEIGHT pixels, each at least 1, into *OUT, which
 * the caller ends with mc_image_free: Pillow's Image.resize.
 */
void	mc_resize_to(struct mc_image *out, const struct mc_image *in, int width,
	    int height, enum mc_filter filter);

/*
 * Scale BOX, which lies within IN, to SIZE x SIZE pixels: torchvision's
 * resized_crop.  What is around BOX has no influence.  RGB receives SIZE x SIZE
 * x 3 bytes.
 */
void	mc_resize_box(const struct mc_image *in, const struct mc_box *box,
	    int size, enum mc_filter filter, unsigned char *rgb);

#endif
