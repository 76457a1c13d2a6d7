/*
 * sample.h - classified images, and the units that are independent of each
 * other.
 */
#ifndef MC_SAMPLE_H
#define MC_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A threshold that tells two classes apart: an image is predicted as class `of`
 * where its probability of it is at least that, and else as the other.
 */
struct mc_cut {
	int of;
	double at;		/* the sample's predictions are by this one */
	const double *replicates;	/* by element b in replicate b of a
					   bootstrap; NAN: none could be chosen
					   there.  NULL: by `at` there too */
};

/*
 * Several samples may share their units: what several arms say of the same
 * patients, or two subgroups of them.  A unit may be without an image; it is
 * drawn all the same.
 */
struct mc_sample {
	size_t n;			/* images */
	size_t n_classes;
	const char *const *classes;	/* n_classes names */
	bool ordered;			/* their order was declared */
	const int *label;		/* n class indices */
	const int *predicted;		/* n class indices */
	const double *p;		/* n x n_classes, or NULL: none */
	const double *o;		/* n x n_classes, or NULL: none; of two
					   images with equal p of a class, the
					   one with the greater o ranks higher */
	const uint32_t *unit;		/* n: 0 .. n_units - 1 */
	size_t n_units;			/* less than 2^30 */
	/*
	 * Images of different folds were scored by different models, whose
	 * probabilities are not held against each other: what follows from
	 * ranks, confidence or log odds is the mean over folds.
	 */
	const uint32_t *fold;		/* n: 0 .. n_folds - 1; NULL: one */
	size_t n_folds;			/* where fold is not NULL */
	const struct mc_cut *cut;	/* what predicted is by; NULL: no
					   threshold.  Then p is there, and
					   n_classes is 2 */
};

#endif
