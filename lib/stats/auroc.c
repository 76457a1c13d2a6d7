/* auroc.c - estimate the covariance of areas under the ROC curve. */
#include "config.h"

#include <math.h>

#include "stats/auroc.h"

double
mc_auroc_covariance(const struct mc_auroc *a, const struct mc_auroc *b,
    size_t n_units, const uint32_t *times)
{
	/* Obuchowski's M, N, I10, I01, I and sums of products. */
	double n_class = 0, n_rest = 0;
	double with_class = 0, with_rest = 0, units = 0;
	double s10 = 0, s01 = 0, s11 = 0;
	size_t u;

	for (u = 0; u < n_units; u++) {
		const struct mc_placement *x = &a->placement[u];
		const struct mc_placement *y = &b->placement[u];
		double w = times != NULL ? times[u] : 1;
		double x10 = x->of_class - x->n_class * a->value;
		double y10 = y->of_class - y->n_class * b->value;
		double x01 = x->rest - x->n_rest * a->value;
		double y01 = y->rest - y->n_rest * b->value;

		n_class += w * x->n_class;
		n_rest += w * x->n_rest;
		with_class += x->n_class > 0 ? w : 0;
		with_rest += x->n_rest > 0 ? w : 0;
		units += x->n_class + x->n_rest > 0 ? w : 0;
		s10 += w * x10 * y10;
		s01 += w * x01 * y01;
		s11 += w * (x10 * y01 + x01 * y10);
	}
	if (with_class < 2 || with_rest < 2)
		return NAN;
	s10 *= with_class / (with_class - 1) / n_class;
	s01 *= with_rest / (with_rest - 1) / n_rest;
	s11 *= units / (units - 1);
	return s10 / n_class + s01 / n_rest + s11 / (n_class * n_rest);
}

double
mc_auroc_df(const struct mc_placement *placement, size_t n_units)
{
	double with_class = 0, with_rest = 0;
	size_t u;

	for (u = 0; u < n_units; u++) {
		with_class += placement[u].n_class > 0;
		with_rest += placement[u].n_rest > 0;
	}
	return fmin(with_class, with_rest) - 1;
}
