/*
 * pairs.h - list the pairs of arms and subgroups that a study compares.
 */
#ifndef MC_PAIRS_H
#define MC_PAIRS_H

#include "study/arms.h"

/* Families of mc_pair: on all images, within subgroups, gaps of arm a. */
#define MC_PAIRS_ALL		0
#define MC_PAIRS_SUBGROUPS	1
#define MC_PAIRS_GAPS		2

/*
 * List the pairs of ARMS' sides in *PAIRS, an array of *N to be freed with
 * free().  On all images, then in each subgroup: every two arms of the same
 * share of the training images or, with a REFERENCE that is not NULL, every
 * other arm minus its reference (mc_arms_reference).  With GAPS, also every two
 * subgroups of one term, arm by arm; each arm is a family.
 *
 * Returns MC_EUSAGE if no arm is called REFERENCE, or if there are several arms
 * and none of them is compared; *PAIRS is NULL then.
 */
enum mc_status	 mc_pairs_make(const struct mc_arms *arms,
		    const char *reference, bool gaps, struct mc_pair **pairs,
		    size_t *n, struct mc_err *err) MC_MUST_CHECK;

#endif
