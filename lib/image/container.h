/*
 * container.h - what a file's structure says and libvips does not.
 *
 * libvips stops reading when it has the last pixel, so a file that was cut
 * behind it goes unseen; and how it should read a TIFF depends on a tag that
 * it shows only afterwards.  Only decode.c needs this.
 */
#ifndef MC_CONTAINER_H
#define MC_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether every chunk of this PNG up to IEND lies within its N bytes. */
bool	mc_png_whole(const unsigned char *bytes, size_t n);

/*
 * Read the first directory of a TIFF or BigTIFF.  Returns whether all of it,
 * and of the values it points to, lies within the N bytes.  *ORIENTATION is
 * the tag of that name, 1 (upright) to 8; 1 where it is missing.
 */
bool	mc_tiff_whole(const unsigned char *bytes, size_t n, int *orientation);

#endif
