/* softmax.c - convert logits to probabilities and classes. */
#include "config.h"

#include <math.h>

#include "base/softmax.h"

double
mc_log_sum_exp(const double *x, size_t n)
{
	double largest = x[mc_argmax(x, n)], sum = 0;
	size_t i;

	if (largest == -INFINITY)
		return largest;
	for (i = 0; i < n; i++)
		sum += exp(x[i] - largest);
	return largest + log(sum);
}

void
mc_softmax_f64(double *x, size_t n)
{
	double largest = x[mc_argmax(x, n)], sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		x[i] = exp(x[i] - largest);
		sum += x[i];
	}
	for (i = 0; i < n; i++)
		x[i] /= sum;
}

size_t
mc_argmax(const double *x, size_t n)
{
	size_t best = 0, i;

	for (i = 1; i < n; i++) {
		if (x[i] > x[best])
			best = i;
	}
	return best;
}
