/*
 * confusion.h - which class is taken for which.
 */
#ifndef MC_CONFUSION_H
#define MC_CONFUSION_H

#include "stats/sample.h"

/*
 * Count S: IMAGES[label * n_classes + predicted] is how many images have this
 * label and this prediction, UNITS the same how many units have at least one
 * such image, so that a unit may count in several places.  Each has room for
 * n_classes x n_classes numbers.
 */
void	mc_confusion(const struct mc_sample *s, size_t *images, size_t *units);

#endif
