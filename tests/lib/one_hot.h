/*
 * one_hot.h - targets for mc_cross_entropy whose sum is the mean over images.
 */
#ifndef ONE_HOT_H
#define ONE_HOT_H

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "torch/shim.h"

/*
 * N x CLASSES doubles: 1 / N for the class LABEL of each image, else 0.  There
 * are at least one image and one class, and no LABEL is CLASSES or more.
 */
static inline struct mc_tensor *
one_hot(struct mc_torch *t, const int *label, size_t n, size_t classes)
{
	const int64_t shape[] = { (int64_t)n, (int64_t)classes };
	double *values = calloc(n * classes, sizeof(*values));
	struct mc_tensor *x;
	size_t i;

	assert(values != NULL);
	for (i = 0; i < n; i++) {
		assert(label[i] >= 0 && (size_t)label[i] < classes);
		values[i * classes + (size_t)label[i]] = 1 / (double)n;
	}
	x = mc_from_f64(t, values, n * classes, shape, 2);
	free(values);
	return x;
}

#endif
