/*
 * parametric.h - simulate studies from a parametric model.
 *
 * A patient has 1 + Poisson(images - 1) images.  Behind image j of patient i,
 * as arm a sees it, is a normal number of mean 0 and variance 1,
 *
 *	z = sqrt(icc) u(i, a) + sqrt(1 - icc) e(i, j, a),
 *
 * where u and e are independent, and those of two arms have correlation rho:
 * two images of a patient have correlation icc, and what two arms see of one
 * image has rho.
 *
 * Accuracy: the image is classified rightly where z is below the normal
 * quantile of the arm's accuracy.  AUROC: a patient is positive with
 * probability prevalence, then all images are; the score is z for the negative
 * and z + sqrt(2) times the normal quantile of the arm's AUROC for the
 * positive, the binormal model with equal variances (Hanley & McNeil 1982).
 */
#ifndef MC_PARAMETRIC_H
#define MC_PARAMETRIC_H

#include "stats/metric_spec.h"
#include "stats/resample.h"

struct mc_parametric {
	bool auroc;		/* else accuracy */
	size_t n;		/* arms, 1 or 2 */
	double value[2];	/* [arm]: in (0, 1) */
	double images;		/* expected, of a patient: at least 1 */
	double icc;		/* in [0, 1] */
	double rho;		/* in [0, 1]; of no use with one arm */
	double prevalence;	/* in (0, 1); of no use but for AUROC */
};

/* The classes of the images: "negative", "positive". */
extern const char *const mc_parametric_classes[2];

/* Return the metric of the studies; an AUROC is that of the second class. */
struct mc_metric_spec mc_parametric_metric(const struct mc_parametric *a);

/*
 * Compute the value of ARM in each of HOW->replicates studies of HOW->draws
 * patients: VALUES[b], NAN where it is undefined.  Study b draws from the
 * stream (seed, "study", b), the same patients for either arm.
 */
void	mc_parametric_studies(const struct mc_parametric *a, size_t arm,
	    const struct mc_resampling *how, double *values);

#endif
