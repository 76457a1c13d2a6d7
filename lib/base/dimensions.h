/*
 * dimensions.h - read the width and height of an image from its header.
 */
#ifndef MC_DIMENSIONS_H
#define MC_DIMENSIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Read the size in pixels of the image in F, which stands at its start: JPEG
 * (ITU T.81, B.2.2), PNG (W3C, 11.2.2), TIFF (6.0, and BigTIFF), WebP (RFC
 * 9649), GIF, BMP, PNM or JPEG 2000 (ITU T.800, annexes A and I).  For a TIFF it
 * is that of the first page, for a GIF the canvas's; Exif's orientation is not
 * taken into account.  Returns whether the header could be read and says a size
 * above 0.  Where F then stands is not defined.
 */
bool	mc_image_dimensions(FILE *f, uint32_t *width, uint32_t *height);

#endif
