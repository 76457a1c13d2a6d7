/*
 * cases.h - choose images of a run for somebody to look at.
 *
 * Each prediction has a margin, from 0 (at the decision) to 1.  Without a
 * threshold it is the probability of the predicted class minus the largest of the
 * other classes'.  With a threshold t of a class whose probability is p, it is
 * (p - t) / (1 - t) from t on, and (t - p) / t below: the share of the way from the
 * threshold to 1 or to 0.  For two classes and t = 0.5 both are the same.
 */
#ifndef MC_CASES_H
#define MC_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "study/run_sample.h"

enum mc_case_kind {
	MC_CASES_MISTAKES,	/* the wrong predictions, the most confident
				   first */
	MC_CASES_BORDERLINE,	/* all predictions, the least confident first */
	MC_CASES_RANDOM		/* any, in the order of mc_case_order */
};

/* How many are chosen: of each label, or of all. */
struct mc_case_number {
	size_t n;
	bool per_class;		/* so many of each label */
};

struct mc_case {
	size_t image;		/* its number in the sample */
	double margin;		/* NAN: the run has no p: columns */
};

/* Some cases: those of a label, or all of them. */
struct mc_case_group {
	int label;		/* index of the class; -1: any */
	size_t first, n;	/* of the cases */
	size_t of;		/* the number from which they were chosen */
	size_t images;		/* the images of the label */
};

struct mc_cases {
	struct mc_case *cases;
	struct mc_case_group *groups;	/* those of a label that has images, in
					   the order of the classes */
	size_t n, n_groups;
	size_t of, images;	/* of all groups */
};

/*
 * The place of image ID in the random order of SEED.  It depends neither on the
 * other images nor on the arm.
 */
uint64_t	 mc_case_order(uint64_t seed, const char *id);

/*
 * Choose NUMBER images of X.  Equal margins are ordered by the log odds of the
 * predicted class, where X has any, then by id.  *CASES is ended with
 * mc_cases_clear, also after an error.  MC_EDATA: KIND needs margins, and X has no
 * probabilities.
 */
enum mc_status	 mc_cases_choose(struct mc_cases *cases,
		    const struct mc_run_sample *x, enum mc_case_kind kind,
		    struct mc_case_number number, uint64_t seed,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_cases_clear(struct mc_cases *cases);

#endif
