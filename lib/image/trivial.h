/*
 * trivial.h - draw and apply one operation of TrivialAugment (Mueller & Hutter,
 * "TrivialAugment: tuning-free yet state-of-the-art data augmentation", ICCV
 * 2021), from the wide space as torchvision's TrivialAugmentWide has it.
 */
#ifndef MC_TRIVIAL_H
#define MC_TRIVIAL_H

#include <stdint.h>

#include "image/decode.h"

/* An operation, by its place in torchvision's list, and its magnitude. */
struct mc_trivial {
	int operation;		/* 0: none */
	double magnitude;	/* with its sign */
};

/*
 * Draw one of fourteen operations, one of 31 magnitudes at equal distances, and
 * its sign, each uniform, by SEED.  A magnitude is a double; torch.linspace gives
 * float32 numbers, whose last digits depend on the processor.  Translations are
 * up to 32 pixels, whatever the image's size.
 */
struct mc_trivial mc_trivial_draw(uint64_t seed);

/*
 * Do T to IMAGE.  Pixels are torchvision's for the same operation and
 * magnitude, without interpolation.
 */
void	mc_trivial_apply(const struct mc_trivial *t, struct mc_image *image);

#endif
