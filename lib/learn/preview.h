/*
 * preview.h - show what augmentation makes of training images.
 */
#ifndef MC_PREVIEW_H
#define MC_PREVIEW_H

#include <stdio.h>

#include "learn/dataset.h"
#include "learn/recipe.h"

/* How many images are shown, and in how many epochs. */
#define MC_PREVIEW_IMAGES MC_DATASET_NAMED
#define MC_PREVIEW_EPOCHS 5

/*
 * Write an image tar to F, which is called NAME and stays the caller's: the
 * first training images of D, by id, at most MC_PREVIEW_IMAGES, as recipe R
 * trains on them in the epochs from 1 to MC_PREVIEW_EPOCHS, and before them as
 * they are, epoch 0.  The manifest has the columns id, image (the id in D),
 * epoch and label; the members are PNG files of crop x crop pixels, before
 * normalisation.  THREADS prepare the images.
 */
enum mc_status	mc_preview_write(const struct mc_dataset *d,
		    const struct mc_preprocess *pre,
		    const struct mc_recipe *r, int threads, FILE *f,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#endif
