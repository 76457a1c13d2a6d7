/*
 * phash.h - hash an image by what it looks like.
 *
 * The hash of ImageHash's phash with its default sizes: Pillow's convert("L"),
 * resized to 32 x 32 pixels by Lanczos' filter, then the discrete cosine transform
 * of type II along both axes.  The 64 coefficients of the 8 lowest frequencies
 * each way, rows first, are 1 where they are above their median, the first in the
 * highest bit.  A coefficient below 1e-6 counts as 0, so that a grey area has no
 * rounding errors for a hash.
 *
 * Images that differ in size, compression or brightness have hashes that differ in
 * few bits; mirrored, rotated or cropped images have other hashes.
 */
#ifndef MC_PHASH_H
#define MC_PHASH_H

#include <stdint.h>

#include "image/decode.h"

/* The hash of IMAGE, whose pixels become grey. */
uint64_t	mc_phash(struct mc_image *image);

#endif
