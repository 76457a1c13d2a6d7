/*
 * sample.h - hold, copy and count classified images, and the independent units
 * that they come from.
 */
#ifndef MC_SAMPLE_H
#define MC_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A threshold (an operating point) between two classes: an image is predicted
 * as class `of` if its probability of it is at least `at`, and else as the
 * other.
 */
struct mc_threshold {
	int of;
	double at;		/* the sample's predictions are by this one */
	const double *replicates;	/* by element b in replicate b of a
					   bootstrap; NAN: none could be chosen
					   there.  NULL: by `at` there too */
};

/*
 * The unit (the cluster, usually a patient) is what is resampled.  Several
 * samples may share their units: the predictions of several arms for the same
 * patients, or two subgroups of them.  A unit may have no image; it is still
 * drawn.
 */
struct mc_sample {
	size_t n;			/* images */
	size_t n_classes;
	const char *const *classes;	/* n_classes names */
	bool ordered;			/* their order was declared */
	const int *label;		/* n class indices */
	const int *predicted;		/* n class indices */
	const double *p;		/* n x n_classes, or NULL: none */
	const double *o;		/* n x n_classes, or NULL: none; where p
					   is equal, a greater o ranks higher */
	const uint32_t *unit;		/* n: 0 .. n_units - 1 */
	size_t n_units;			/* less than 2^30 */
	/*
	 * Images of different folds were scored by different models, whose
	 * probabilities are not compared with each other: metrics from ranks,
	 * confidence or log odds are the mean over folds.
	 */
	const uint32_t *fold;		/* n: 0 .. n_folds - 1; NULL: one */
	size_t n_folds;			/* where fold is not NULL */
	/* What `predicted` is by; p is then there, and n_classes is 2.  NULL:
	   no threshold. */
	const struct mc_threshold *threshold;
};

/* --- Copies --------------------------------------------------------------- */

/* A sample whose arrays are its own; those of s point to them. */
struct mc_owned_sample {
	struct mc_sample s;
	int *label, *predicted;
	uint32_t *unit, *fold;		/* fold NULL: one */
	double *p, *o;			/* NULL: none */
};

/*
 * Copy the N images ROWS of S, or its first N where ROWS is NULL.  The names of
 * the classes, and the threshold, remain those of S.  Freed with
 * mc_owned_sample_clear.
 */
void	mc_sample_take(struct mc_owned_sample *own, const struct mc_sample *s,
	    const size_t *rows, size_t n);
void	mc_owned_sample_clear(struct mc_owned_sample *own);

/*
 * The two halves of that: make room for N images with the arrays that LIKE has
 * (all else is LIKE's); copy N images of S to place AT and on.  S has all the
 * arrays that OWN has.
 */
void	mc_owned_sample_alloc(struct mc_owned_sample *own,
	    const struct mc_sample *like, size_t n);
void	mc_owned_sample_put(struct mc_owned_sample *own, size_t at,
	    const struct mc_sample *s, const size_t *rows, size_t n);

/* --- Units ---------------------------------------------------------------- */

/* Join UNIT and KEY, below 2^32, into a number that sorts by unit, then key. */
uint64_t mc_unit_key(uint32_t unit, size_t key);
void	mc_unit_keys_sort(uint64_t *keys, size_t n);

/*
 * Count the units that have an image in S; in any of N samples, which share
 * their numbering.
 */
size_t	mc_sample_units(const struct mc_sample *s);
size_t	mc_samples_units(const struct mc_sample *const *samples, size_t n);

/* Count the units with images in both A and B, which share their numbering. */
size_t	mc_shared_units(const struct mc_sample *a, const struct mc_sample *b);

/* Find a unit of S with several images; n_units where there is none. */
size_t	mc_grouped_unit(const struct mc_sample *s);

/*
 * Count the confusion matrix of S: IMAGES[label * n_classes + predicted] images
 * have this label and this prediction, and UNITS[the same] units have at least
 * one such image, so a unit may count in several places.  Each has room for
 * n_classes x n_classes numbers.
 */
void	mc_confusion(const struct mc_sample *s, size_t *images, size_t *units);

#endif
