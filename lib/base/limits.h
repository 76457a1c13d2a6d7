/*
 * limits.h - limit the size of the images and volumes that a program decodes.
 *
 * A file of a few bytes can claim any size, so larger ones are refused before
 * memory is allocated.  The limits are the process's: they are set before the first
 * file is read, while there is one thread.
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

/* 512 x 512 x 1024 voxels, and the most that may be set. */
#define MC_VOXELS_DEFAULT 268435456
#define MC_VOXELS_TOP ((int64_t)1 << 36)

/* The most voxels of a volume. */
int64_t	 mc_max_voxels(void);

/* Set them to N, at most MC_VOXELS_TOP; 0 is the default. */
void	 mc_max_voxels_set(int64_t n);

/* The most bytes of an image's file: 6 a pixel, RGB of 16 bits, but at least 1 GiB. */
size_t	 mc_max_image_bytes(void);

#ifdef __cplusplus
}
#endif

#endif
