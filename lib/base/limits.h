/*
 * limits.h - limit the size of the images that a program decodes.
 *
 * A file of a few bytes can claim any size, so larger images are refused before
 * memory is allocated.  The limit is the process's: it is set before the first image
 * is read, while there is one thread.
 */
#ifndef MC_LIMITS_H
#define MC_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Pillow's limit, and the largest that may be set. */
#define MC_PIXELS_DEFAULT 178956970
#define MC_PIXELS_TOP INT32_MAX

/* The most pixels of an image or of a frame. */
int64_t	 mc_max_pixels(void);

/* Set them to N, at most MC_PIXELS_TOP; 0 is the default. */
void	 mc_max_pixels_set(int64_t n);

/* The most bytes of an image's file: 6 a pixel, RGB of 16 bits, but at least 1 GiB. */
size_t	 mc_max_image_bytes(void);

#ifdef __cplusplus
}
#endif

#endif
