/*
 * container.h - check the structure of image files where libvips does not.
 *
 * libvips stops reading when it has the last pixel, so a file that was cut
 * behind it goes unseen; and how it should read a TIFF depends on a tag that
 * it shows only afterwards.  Some chunks of a PNG it does not show, nor where the
 * first frame of a GIF lies.  Only decode.c needs this.
 */
#ifndef MC_CONTAINER_H
#define MC_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mc_png {
	int bits;	/* significant ones of a colour sample, by its sBIT
			   chunk; 0: it has none */
	long frames;	/* of an animation (acTL); 1: it is none */
};

/*
 * Whether every chunk of this PNG up to IEND lies within its N bytes, and those
 * that are critical have the right check sum: not all builds of libpng look.
 */
bool	mc_png_whole(const unsigned char *bytes, size_t n, struct mc_png *png);

/*
 * Read the first directory of a TIFF or BigTIFF.  Returns whether all of it,
 * and of the values it points to, lies within the N bytes.  *ORIENTATION is
 * the tag of that name, 1 (upright) to 8; 1 where it is missing.
 */
bool	mc_tiff_whole(const unsigned char *bytes, size_t n, int *orientation);

/* The first frame of a GIF. */
struct mc_gif {
	uint32_t left, top, width, height;	/* its place on the canvas */
	unsigned char fill[3];	/* RGB of the canvas around it, as by Pillow: the
				   transparent colour, or the palette's first */
	size_t transparent;	/* where the flag is that says that a colour is
				   transparent: bit 0 there; 0: it is not set */
	long frames;		/* of the file */
};

/*
 * Whether every block of this GIF up to its trailer lies within its N bytes, a frame
 * among them (CompuServe's GIF89a).
 */
bool	mc_gif_whole(const unsigned char *bytes, size_t n, struct mc_gif *gif);

#endif
