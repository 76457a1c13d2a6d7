/*
 * simulate.h - test sets made of normal numbers, so that the true value of
 * every metric is known.
 *
 * A patient has one class and 1 to MOST_IMAGES images, each number as likely as
 * the others.  A trained file gives image i the score
 *
 *	x[k] = separation (if k is the class) + noise[k]
 *
 * where the noise has variance 1: a half of it is shared by all files, which is
 * how hard the image is, and a half is the file's own; and of either, half is
 * the patient's and half the image's, so that the correlation between two
 * images of a patient is 0.5.  The probabilities are those of Bayes's theorem,
 * proportional to share[k] exp(separation x[k]): they are calibrated.
 *
 * Of two classes the AUROC is Phi(separation), and where these are as frequent
 * the accuracy is Phi(separation / sqrt(2)).
 */
#ifndef SIMULATE_H
#define SIMULATE_H

#include <gsl/gsl_rng.h>

#include "stats/metric_spec.h"

struct sim_design {
	size_t patients, most_images;
	size_t n_classes;
	const double *shares;	/* n_classes: of the patients */
	size_t of_last;		/* patients of the last class, the others being
				   of the first, whatever the shares; 0: as
				   chance and the shares have it */
	bool image_units;	/* each image is said to be a unit: wrong */
};

/* A trained file. */
struct sim_file {
	double separation;
	double sharpness;	/* the log odds are so many times too large */
};

/* A test set; samples[f] is what file f says of it. */
struct sim_set {
	size_t n_files;
	struct mc_sample *samples;
	int *label;		/* images */
	uint32_t *unit;		/* images */
	int *predicted;		/* n_files x images */
	double *p;		/* n_files x images x n_classes */
};

/* Draw one from RNG; freed with sim_set_free. */
struct sim_set	*sim_set_alloc(const struct sim_design *d,
		    const struct sim_file *files, size_t n_files,
		    gsl_rng *rng);
void		 sim_set_free(struct sim_set *set);

/*
 * The true values of N metrics: those of PATIENTS patients with one image
 * each, which is distributed as any image is; and their standard errors, from
 * SIM_PARTS equal parts.
 */
#define SIM_PARTS 20
void		 sim_truth(const struct sim_design *d,
		    const struct sim_file *file,
		    const struct mc_metric_spec *specs, size_t n,
		    size_t patients, uint64_t seed, double *truth,
		    double *error);

/*
 * The true value of M where it has a closed form; NAN where it does not.  FILE
 * is not sharpened.
 */
double		 sim_exact(const struct sim_design *d,
		    const struct sim_file *file,
		    const struct mc_metric_spec *m);

#endif
