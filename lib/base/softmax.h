/*
 * softmax.h - convert logits to probabilities and classes, in double.
 */
#ifndef MC_SOFTMAX_H
#define MC_SOFTMAX_H

#include <stddef.h>

/* log(sum of exp(x[i])), N >= 1, without overflow; x[i] may be -INFINITY. */
double	mc_log_sum_exp(const double *x, size_t n);

/*
 * In place, x[i] becomes exp(x[i]) / sum, in double, without overflow; x[i] may
 * be -INFINITY, but not all of them.
 */
void	mc_softmax_f64(double *x, size_t n);

/* The index of the largest; the first of several, 0 where none is a number. */
size_t	mc_argmax(const double *x, size_t n);

#endif
