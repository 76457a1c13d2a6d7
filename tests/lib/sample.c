/* sample.c - small samples, for the unit tests of lib/stats. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sample.h"

const char *const two[2] = { "neg", "pos" };
const char *const three[3] = { "a", "b", "c" };

struct sample *
sample_alloc(const char *const *classes, size_t n_classes)
{
	struct sample *x = mc_xcalloc(1, sizeof(*x));

	x->s.classes = classes;
	x->s.n_classes = n_classes;
	x->s.label = x->label;
	x->s.predicted = x->predicted;
	x->s.unit = x->unit;
	return x;
}

void
sample_add(struct sample *x, int label, int predicted, size_t n)
{
	for (; n > 0; n--) {
		x->label[x->s.n] = label;
		x->predicted[x->s.n] = predicted;
		x->unit[x->s.n++] = (uint32_t)x->s.n_units++;
	}
}

void
sample_score(struct sample *x, uint32_t unit, int label, double p)
{
	size_t i = x->s.n++;

	x->label[i] = label;
	x->predicted[i] = p > 0.5;
	x->p[2 * i] = 1 - p;
	x->p[2 * i + 1] = p;
	x->unit[i] = unit;
	if (unit >= x->s.n_units)
		x->s.n_units = unit + 1;
	x->s.p = x->p;
}

void
sample_random(struct sample *x, size_t n_units, uint64_t seed)
{
	gsl_rng *rng = mc_stream_alloc(seed, "sample", 0);
	const double even[SAMPLE_CLASSES] = { 1, 1, 1 };
	unsigned int sixteenths[SAMPLE_CLASSES];
	size_t classes = x->s.n_classes, u, k, images;

	for (u = 0; u < n_units; u++) {
		for (images = 1 + gsl_rng_get(rng) % 4; images > 0; images--) {
			size_t i = x->s.n++, best = 0;

			gsl_ran_multinomial(rng, classes, 16, even,
			    sixteenths);
			for (k = 0; k < classes; k++) {
				x->p[i * classes + k] = sixteenths[k] / 16.;
				best = sixteenths[k] > sixteenths[best] ? k :
				    best;
			}
			x->unit[i] = (uint32_t)u;
			x->label[i] = (int)(gsl_rng_get(rng) % classes);
			x->predicted[i] = (int)best;
		}
	}
	x->s.n_units = n_units;
	x->s.p = x->p;
	gsl_rng_free(rng);
}

struct sample *
sample_repeat(const struct sample *x, const uint32_t *times)
{
	struct sample *y = sample_alloc(x->s.classes, x->s.n_classes);
	size_t k = x->s.n_classes, u, i;
	uint32_t copy;

	y->s.ordered = x->s.ordered;
	y->s.p = x->s.p != NULL ? y->p : NULL;
	for (u = 0; u < x->s.n_units; u++) {
		for (copy = 0; copy < times[u]; copy++, y->s.n_units++) {
			for (i = 0; i < x->s.n; i++) {
				if (x->unit[i] != u)
					continue;
				y->label[y->s.n] = x->label[i];
				y->predicted[y->s.n] = x->predicted[i];
				y->unit[y->s.n] = (uint32_t)y->s.n_units;
				memcpy(y->p + y->s.n++ * k, x->p + i * k,
				    k * sizeof(*y->p));
			}
		}
	}
	return y;
}
