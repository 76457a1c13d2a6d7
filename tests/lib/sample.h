/* sample.h - small samples, for the unit tests of lib/stats. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "stats/sample.h"

#define SAMPLE_IMAGES 4096
#define SAMPLE_CLASSES 3

extern const char *const two[2], *const three[3];	/* names of classes */

/* s.p is NULL until it is pointed to p. */
struct sample {
	int label[SAMPLE_IMAGES], predicted[SAMPLE_IMAGES];
	double p[SAMPLE_IMAGES * SAMPLE_CLASSES];
	uint32_t unit[SAMPLE_IMAGES];
	struct mc_sample s;
};

/* A sample without images; freed with free(). */
struct sample	*sample_alloc(const char *const *classes, size_t n_classes);

/* Add N images, each a unit of its own. */
void		 sample_add(struct sample *x, int label, int predicted,
		    size_t n);

/*
 * Add an image of UNIT, of which those below are there already, with the
 * probability P of the last of two classes.
 */
void		 sample_score(struct sample *x, uint32_t unit, int label,
		    double p);

/*
 * Make X some N_UNITS units of up to 4 images of all its classes, with
 * probabilities in sixteenths, which makes ties.  SEED chooses.
 */
void		 sample_random(struct sample *x, size_t n_units,
		    uint64_t seed);

/*
 * The rows of X in which each unit stands TIMES[u] times, every time as a unit
 * of its own; freed with free().
 */
struct sample	*sample_repeat(const struct sample *x, const uint32_t *times);

#endif
