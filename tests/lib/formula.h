/*
 * formula.h - parameters and images that are a function of their name.
 *
 * The golden values of tests/golden/backbones and the Python checks fill the
 * reference implementations in the same way (tests/lib/formula.py).
 */
#ifndef FORMULA_H
#define FORMULA_H

#include <stddef.h>

#include "backbone/backbone.h"

/* The N values of the parameter NAME of NDIM dimensions and SHAPE. */
void	formula_values(const char *name, int ndim, const int64_t *shape,
	    size_t n, float *out);

/* Fill all parameters of B. */
enum mc_status formula_fill(struct mc_torch *t, struct mc_backbone *b, struct mc_err *err);

/* The input: N x 3 x SIDE x SIDE, float32. */
struct mc_tensor *formula_input(struct mc_torch *t, int n, int side);

#endif
