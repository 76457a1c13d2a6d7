/*
 * permutation.h - test two arms, or two subgroups, by permutation.
 *
 * Under the hypothesis that the arms are alike, their predictions for one unit
 * could as well be exchanged: each permutation exchanges the arms within
 * some of the units.  Under the hypothesis that two subgroups are alike, a
 * patient could as well be of the other one.
 */
#ifndef MC_PERMUTATION_H
#define MC_PERMUTATION_H

#include "stats/metric_spec.h"
#include "stats/resample.h"

/*
 * Compute the two-sided p of each of N metrics into P: the share of
 * permutations whose difference is at least as far from 0 as the one seen.  A
 * and B are of the same images, in the same order, and have what the metrics
 * need.
 *
 * All 2^n_units permutations are tried where these are not more than
 * how->replicates; else that many are drawn, permutation i from the stream
 * (seed, "permutation", i), and p is (1 + #) / (1 + replicates).  NAN where the
 * difference seen is undefined; a permutation in which it is counts as one as
 * far from 0.  *EXACT says which it was.
 *
 * For metrics of ranking the probabilities are replaced by their ranks within
 * each arm, and within each fold: two trained files' probabilities need not be
 * on one scale, and exchanging them as they are rejects far too rarely.
 */
void	mc_permutation(const struct mc_sample *a, const struct mc_sample *b,
	    const struct mc_metric_spec *specs, size_t n,
	    const struct mc_resampling *how, double *p, bool *exact);

/*
 * Return the p of one metric, SPEC, averaged over the USED of N_TASKS tasks,
 * such as the findings of multi-label data; A[task] and B[task] are the arms
 * in each, all of which share their units.  A permutation exchanges the arms
 * within a unit in all tasks at once.  NAN where no task is used.
 */
double	mc_permutation_mean(const struct mc_sample *const *a,
	    const struct mc_sample *const *b, const bool *used, size_t n_tasks,
	    const struct mc_metric_spec *spec, const struct mc_resampling *how,
	    bool *exact);

/*
 * Compute the same for one arm in the subgroups A and B, which share the
 * numbering of their units.  A permutation deals the units of one subgroup
 * alone out anew, as many to each as there were, and exchanges what a unit with
 * images in both has in one for what it has in the other.  Permutations are
 * always drawn.
 */
void	mc_permutation_groups(const struct mc_sample *a,
	    const struct mc_sample *b, const struct mc_metric_spec *specs,
	    size_t n, const struct mc_resampling *how, double *p);

#endif
