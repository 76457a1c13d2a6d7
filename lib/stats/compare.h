/*
 * compare.h - compare arms, or subgroups of one, with intervals, tests and
 * notes.
 */
#ifndef MC_COMPARE_H
#define MC_COMPARE_H

#include "stats/difference_test.h"
#include "stats/side_means.h"

struct mc_compare_options {
	const struct mc_test *test;
	double level;
	double margin;		/* on the metric's scale, above 0; NAN: none */
	bool max_t;		/* adjust p by max-T, where the test has it */
	struct mc_tasks tasks;	/* over which means are compared; n is 0: the
				   sides are of one task */
	struct mc_resampling how;
};

/*
 * Compare the N_PAIRS pairs of the N_SIDES sides on N metrics, which are not
 * MC_ALL_CLASSES or MC_POSITIVE.  *COUNT differences go to *DIFFERENCES, metric
 * by metric and pair by pair, freed with mc_compare_free: one row per pair;
 * with a margin three, or two where neither direction of the metric is better.
 *
 * The bootstrap of arms inverts the percentile interval; that of a gap, and of
 * sides with MC_ENOUGH_SEEDS training seeds, is Student's t on the variance of
 * the replicates.  Where it has no interval, or one without width, p is that of
 * an exact test: McNemar's, with Tango's interval, where that is for the metric
 * and the units are independent images; else mc_permutation, without interval.
 *
 * MC_EUSAGE where the test is not for a metric (McNemar's is for accuracy,
 * recall and specificity of a class, DeLong's for the AUROC of a class or of
 * two); where McNemar's is asked of units with several images, for which it
 * rejects far too often, or of a gap; where a side has several seeds and the
 * test is not the bootstrap; where arms that are to be exchanged have different
 * folds.
 *
 * Means over tasks (side_means.h) are for tests that have them and for pairs of
 * arms; HOW has no strata.  Where replicates hide how well one of the tasks is
 * known (mc_task_values_hidden) the bootstrap has no interval of the mean, and
 * p is that of a permutation.
 *
 * Sides of several test sets, and no others, have the test for them
 * (mc_test.sets): Student's t with Nadeau and Bengio's correction
 * (seed_variance.h).  It has neither interval nor p where the difference is the
 * same in all test sets.  Else MC_EUSAGE.
 *
 * With one training seed per side the claim is about these trained files, and
 * the note says so.  With three or more, interval and p include the spread
 * between seeds (seed_variance.h).
 *
 * A ratio 0/0 has no interval and no p.  Non-inferiority and equivalence have
 * no p from replicates of few units (remarks.h), or of an interval without
 * width.  Tests of the same metric and mean, of all classes, are one family for
 * max-T.
 */
enum mc_status	mc_compare(const struct mc_side *sides, size_t n_sides,
		    const struct mc_pair *pairs, size_t n_pairs,
		    const struct mc_metric_spec *specs, size_t n,
		    const struct mc_compare_options *options,
		    struct mc_difference **differences, size_t *count,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_compare_free(struct mc_difference *differences,
		    size_t count);

#endif
