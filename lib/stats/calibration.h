/*
 * calibration.h - measure the calibration of probabilities.
 *
 * In all functions unit u has multiplicity TIMES[u]; 1 where TIMES is NULL.
 */
#ifndef MC_CALIBRATION_H
#define MC_CALIBRATION_H

#include "stats/sample.h"

/* --- Confidence ----------------------------------------------------------- */

/*
 * The probability of each image's most probable class, and whether that class
 * is right; where classes tie, it is the predicted one.
 */
struct mc_confidence;

/* S must have p. */
struct mc_confidence *mc_confidence_alloc(const struct mc_sample *s);
void		 mc_confidence_free(struct mc_confidence *c);

#define MC_BINS 15

/*
 * Return the expected calibration error (Naeini, Cooper & Hauskrecht 2015; Guo
 * et al.  2017): the mean, over the images in MC_BINS bins of confidence, of
 * the distance of a bin's share of right predictions from its mean confidence.
 *
 * Bin i holds the confidences in (i / MC_BINS, (i + 1) / MC_BINS].
 */
double		 mc_confidence_ece(const struct mc_confidence *c,
		    const uint32_t *times);

/*
 * Return that error debiased (Kumar, Liang & Ma 2019): less what chance alone
 * is expected to add, it is twice the error minus its mean if each bin's share
 * of right predictions were normal about the one seen.  It may be negative.
 */
double		 mc_confidence_ece_debiased(const struct mc_confidence *c,
		    const uint32_t *times);

/*
 * Return the same as mc_confidence_ece in bins of equal mass: images of equal
 * confidence stay together, in bin floor(MC_BINS x m / n), where m is the
 * middle of their ranks among the n images, counted from 0.
 */
double		 mc_confidence_ece_mass(const struct mc_confidence *c,
		    const uint32_t *times);

/* --- Logistic calibration ------------------------------------------------- */

/* The log odds of one class, and which images are of it. */
struct mc_logits;

/*
 * S must have p.  Probabilities are clipped to MC_LOGIT_MARGIN and 1 less it:
 * the log odds of 0 and 1 are infinite, and a float32 softmax gives both.
 */
#define MC_LOGIT_MARGIN 1.1920929e-07	/* 2^-23 */
struct mc_logits *mc_logits_alloc(const struct mc_sample *s,
		    size_t class_index);
void		 mc_logits_free(struct mc_logits *l);

/*
 * Return Cox's (1958) calibration slope: b in logit P(class) = a + b x, where x
 * is the log odds predicted, by maximum likelihood; and the calibration in the
 * large (Van Calster et al. 2019): a where b is held at 1.  NAN where the class
 * or the rest has no image, and for the slope also where x separates the two.
 */
double		 mc_logits_slope(const struct mc_logits *l,
		    const uint32_t *times);
double		 mc_logits_intercept(const struct mc_logits *l,
		    const uint32_t *times);

#endif
