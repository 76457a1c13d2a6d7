/*
 * difference_test.h - test the difference of two sides by one of several tests.
 *
 * The tests are the rows of one table.  A new one is a row and the functions
 * that it names; programs find it there, and papers print it as it says.
 */
#ifndef MC_DIFFERENCE_TEST_H
#define MC_DIFFERENCE_TEST_H

#include "base/err.h"
#include "stats/delong.h"
#include "stats/mcnemar.h"
#include "stats/sides.h"

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
				   tango, delong, obuchowski, corrected-t,
				   none */
	const char *test;	/* bootstrap, welch, seeds, permutation, exact
				   permutation, mcnemar, delong, obuchowski,
				   corrected-t; "" where there is no p */
	double p;		/* NAN: none */
	double p_max_t;		/* adjusted within the family and the claim, at
				   least p; NAN: not so, as p is of no
				   replicates */
	bool resampled;		/* interval or p are from replicates */
	double seed_sd_a, seed_sd_b;	/* over training seeds, or over test
					   sets; NAN: one */
	struct mc_buf note;
};

/* What the tests of all differences share. */
struct mc_test_data {
	const struct mc_side_values *values;
	const struct mc_pair *pairs;
	size_t n_pairs;
	double level;
	const struct mc_resampling *how;
	bool independent;	/* each unit is one image */
	/* Made by mc_test_prepare, freed by mc_test_data_clear. */
	double *replicates;	/* [(side * n + i) * replicates + b]: the mean
				   over seeds; NULL: not needed */
	double *permuted;	/* [pair * n + i]: p; NULL: not needed */
	bool exact;		/* these are of all permutations */
	const bool *hidden;	/* [pair * n + i]: replicates of a mean over
				   tasks do not show its spread; NULL: all do */
};

/*
 * The distribution that a test found for a difference, as its claims need it:
 * the one-sided p of "at most BOUND" against "more", and of "at least BOUND"
 * against "less".  Both functions are NULL where there is none.
 */
struct mc_theory {
	const char *test;	/* its name */
	bool resampled;		/* it is from replicates */
	double (*above)(const struct mc_theory *t, double bound);
	double (*below)(const struct mc_theory *t, double bound);
	const double *d;	/* bootstrap: the replicates */
	size_t n;
	struct mc_wald_test wald;	/* DeLong, seeds, corrected-t */
	struct mc_discordant discordant;	/* McNemar */
};

/* A test: a row of the table. */
struct mc_test {
	const char *name;	/* as users and tables write it */
	const char *printed;	/* as papers write it */
	bool replicates;	/* needs those of all sides */
	bool seeds;		/* holds several training seeds per side */
	bool max_t;		/* max-T can adjust its p */
	bool means;		/* holds means over tasks */
	bool sets;		/* is for sides of several test sets alone */
	/* Refuse what the test is not for, MC_EUSAGE; NULL: nothing. */
	enum mc_status (*check)(const struct mc_test_data *c,
	    struct mc_err *err);
	/* Make ready what all differences need; NULL: nothing. */
	void (*prepare)(struct mc_test_data *c);
	/*
	 * Test metric I of pair P: fill interval, p and note of E, and T.  D
	 * has room for one number per replicate, and must outlive T.
	 */
	void (*compare)(const struct mc_test_data *c, size_t p, size_t i,
	    struct mc_difference *e, double *d, struct mc_theory *t);
};

/* Ends in a row whose name is NULL; the first is the default. */
extern const struct mc_test mc_tests[];

/* Their names alone, in the same order; ends in NULL. */
extern const char *const mc_test_names[];

/* Find the row called NAME; NULL: there is none. */
const struct mc_test *mc_test_find(const char *name);

/*
 * Check that TEST is for the metrics and pairs of C, and make ready what it
 * needs.  MC_EUSAGE: it is not; C then holds nothing to clear.
 */
enum mc_status	mc_test_prepare(const struct mc_test *test,
		    struct mc_test_data *c, struct mc_err *err) MC_MUST_CHECK;
void		mc_test_data_clear(struct mc_test_data *c);

/*
 * Give E, metric I of pair P, the p of a permutation test, which needs no
 * interval; of means over tasks, of one that exchanges the arms in all tasks at
 * once.  E has no p, and its note says why, where a side has several seeds, or
 * arms cannot be exchanged because their folds differ.
 */
void		mc_permutation_test(const struct mc_test_data *c, size_t p,
		    size_t i, struct mc_difference *e);

/* Put the defined replicates of a difference into D; return how many. */
size_t		mc_difference_replicates(const struct mc_test_data *c,
		    const struct mc_pair *pair, size_t i, double *d);

/*
 * Whether the spread between the seeds of a side counts in its tests; whether
 * that of either side of PAIR does.
 */
bool		mc_has_enough_seeds(const struct mc_side_values *v,
		    size_t side);
bool		mc_counts_seeds(const struct mc_side_values *v,
		    const struct mc_pair *pair);

#endif
