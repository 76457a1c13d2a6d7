/*
 * gradcam.h - weigh the last map of a network by gradients (Selvaraju et al. 2017).
 */
#ifndef MC_GRADCAM_H
#define MC_GRADCAM_H

#include <stddef.h>

#include "backbone/watch.h"
#include "torch/shim.h"

/*
 * Set MAP, IMAGES x places, to the maps of Grad-CAM: relu(sum over channels k of
 * w_k A_k), where A is the last map that W has and w_k the mean over its places of
 * the gradient with respect to A_k of the logit of the image's CLASS.  LOGITS,
 * IMAGES x CLASSES, were recorded in T.
 */
void	mc_gradcam(struct mc_torch *t, const struct mc_watch *w,
	    const struct mc_tensor *logits, size_t images, size_t classes,
	    const size_t *class, float *map);

#endif
