/*
 * compare.h - differences between arms, or between subgroups of one, with their
 * intervals, tests and remarks.
 */
#ifndef MC_COMPARE_H
#define MC_COMPARE_H

#include "base/err.h"
#include "base/mem.h"
#include "stats/metric_spec.h"
#include "stats/resample.h"

/*
 * What is compared: an arm, or a subgroup of its images; a sample for each
 * training seed.  All sides of one comparison share units and classes; the
 * seeds of a side, and the arms of a subgroup, stand on the same images in the
 * same order.
 */
struct mc_side {
	const struct mc_sample *const *seeds;
	size_t n;
	const char *name;	/* for the note */
};

/*
 * Value of side a minus value of side b.  Which of the two comes first decides
 * on the sign and on nothing else.
 */
struct mc_pair {
	size_t a, b;
	bool same_arm;		/* a gap: a and b are subgroups, whose seeds are
				   paired and whose units may be shared */
	size_t family;		/* whose tests count together for max-T */
};

/*
 * Where a bootstrap of arms has no interval, or one without width, its p is
 * that of an exact test: McNemar's, with Tango's interval, where that is for the
 * metric and the units are independent images; else mc_permutation, without.
 */
enum mc_test {
	MC_TEST_BOOTSTRAP,	/* of arms: inverts the percentile interval; of
				   a gap: Student's t on the variance of the
				   replicates, as Welch's */
	MC_TEST_PERMUTATION,	/* mc_permutation, mc_permutation_groups; beside
				   that interval */
	MC_TEST_MCNEMAR,	/* mc_mcnemar, with Tango's interval */
	MC_TEST_DELONG		/* mc_delong, mc_delong_groups */
};

struct mc_compare_options {
	enum mc_test test;
	double level;
	double margin;		/* on the metric's scale, above 0; NAN: none */
	bool max_t;		/* MC_TEST_BOOTSTRAP: adjust p by max-T */
	struct mc_resampling how;
};

/* What a row claims. */
enum mc_claim {
	MC_DIFFERENT,		/* the difference is not 0: two-sided */
	MC_NOT_INFERIOR,	/* side a is not worse than b by the margin */
	MC_EQUIVALENT		/* neither is worse than the other by it */
};

struct mc_difference {
	struct mc_metric_spec spec;
	size_t pair;
	enum mc_claim claim;
	double difference;	/* NAN: undefined */
	double lo, hi;		/* NAN: no interval */
	const char *method;	/* of the interval: percentile, welch, seeds,
				   tango, delong, obuchowski, none */
	const char *test;	/* bootstrap, welch, seeds, permutation, exact
				   permutation, mcnemar, delong, obuchowski */
	double p;		/* NAN: none */
	double p_max_t;		/* adjusted within the family and the claim, at
				   least p; NAN: not so, as p is of no
				   replicates */
	bool resampled;		/* interval or p are from replicates */
	double seed_sd_a, seed_sd_b;	/* over training seeds; NAN: one */
	struct mc_buf note;
};

/*
 * Compare the N_PAIRS pairs of the N_SIDES sides on N metrics.  Returns *COUNT
 * differences, metric by metric, pair by pair, and for each one row, or
 * three where there is a margin; two where the metric knows no better and no
 * worse.  They are freed with mc_compare_free.
 *
 * MC_EUSAGE where the test is not for a metric (McNemar's is for accuracy,
 * recall and specificity of a class, DeLong's for the AUROC of a class or of
 * two); where McNemar's is asked of units with several images, for which it
 * rejects far too often, or of a gap; where the test is not the bootstrap and a
 * side has several seeds, which it cannot hold; where arms are to be exchanged
 * whose folds are not the same.
 *
 * With one training seed a side the claim is about these trained files, and
 * the note says so.  With three or more of a side interval and p hold the spread
 * between them (repeats.h).
 *
 * A ratio that is 0/0 is no value that a difference could be tested with: no
 * interval, no p.  No p of non-inferiority or equivalence comes from replicates
 * of few units (remarks.h), or of an interval without width.
 *
 * Tests of the same metric and mean, of all classes, are a family for max-T.
 */
enum mc_status	mc_compare(const struct mc_side *sides, size_t n_sides,
		    const struct mc_pair *pairs, size_t n_pairs,
		    const struct mc_metric_spec *specs, size_t n,
		    const struct mc_compare_options *plan,
		    struct mc_difference **differences, size_t *count,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_compare_free(struct mc_difference *differences,
		    size_t count);

#endif
