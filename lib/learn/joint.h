/*
 * joint.h - train on several ranks (base/ranks.h) as on one.
 *
 * The batches stay what they are on one rank: of the batches of a step each rank
 * takes some, one behind the other, and so of the batches that are validated
 * at a time, which is called a round also.  Afterwards all ranks have what one
 * rank would have computed from all of them: the sum of the gradients, the
 * running statistics of batch norms, and the logits.  Then each takes the step
 * by itself, and their parameters stay equal.
 *
 * A running statistic s that the batches 1, 2 .. k move with the momentum m is
 * afterwards
 *
 *	(1 - m)^k s + sum over j of (1 - m)^(k - j) m x[j]
 *
 * where x[j] is batch j's own.  Each rank adds the terms of its batches, which
 * are what its statistic has become minus (1 - m)^n s after n batches.
 *
 * Gradients of single precision are added up in double precision, on one rank
 * also: their sum, rounded to single precision again, then does not depend on
 * which rank added what, but for one element in some hundred million.  So the
 * steps of several ranks are those of one.
 */
#ifndef MC_JOINT_H
#define MC_JOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ranks.h"
#include "learn/params.h"
#include "torch/shim.h"

/* The images of a pass from BEGIN on and before END. */
struct mc_stretch {
	size_t begin, end;
};

struct mc_joint {
	struct mc_ranks *ranks;		/* borrowed; NULL: one rank */
	struct mc_torch *t;
	struct mc_params *params;	/* borrowed */
	size_t batch, classes;
	/* The images of the present pass that this rank has, and their keys. */
	size_t *index, n;
	uint64_t *key;
	/* The present round: its images, and those of this rank. */
	struct mc_stretch round, own;
	double *logits;			/* of its images, x classes */
	double *gradient;		/* mc_params_take; NULL: not summed */
	float *before;			/* the statistics before the round */
	double *moved;			/* and after it */
	size_t n_gradient, n_moved;
};

/* How long passes are, in images, and what their parts are. */
struct mc_joint_sizes {
	size_t batch, classes;
	size_t pass, round;		/* the longest */
	bool several;			/* batches in a step */
};

/*
 * Make J.  PARAMS is borrowed, and its rows stay as they are tuned.  Gradients
 * are summed here with several ranks, and on the CPU with several batches in a
 * step.  mc_joint_clear frees what J holds.
 */
void		 mc_joint_init(struct mc_joint *j, struct mc_ranks *ranks,
		    struct mc_torch *t, struct mc_params *params,
		    const struct mc_joint_sizes *sizes);
void		 mc_joint_clear(struct mc_joint *j);

/*
 * See whether several ranks can train the parameters.  MC_EUSAGE: a statistic of
 * a TorchScript module, whose momentum is not known.
 */
enum mc_status	 mc_joint_check(const struct mc_joint *j, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Begin a pass over images FROM to END of ORDER, in rounds of ROUND, and set
 * INDEX to those of this rank.  KEY may be NULL.
 */
void		 mc_joint_pass(struct mc_joint *j, const size_t *order,
		    const uint64_t *key, size_t from, size_t end,
		    size_t round);

/* Begin the round of the N images from AT on: set OWN. */
void		 mc_joint_round(struct mc_joint *j, size_t at, size_t n);

/* The place for the logits of image AT of the pass, which is of the round. */
double		*mc_joint_logits(const struct mc_joint *j, size_t at);

/* After a batch of OWN: take its gradient from the parameters. */
void		 mc_joint_add(struct mc_joint *j);

/*
 * Together, after the batches of OWN: make the logits those of all images of the
 * round, and the parameters' gradients and statistics what they are after all
 * its batches.
 */
void		 mc_joint_sum_logits(struct mc_joint *j);
void		 mc_joint_sum_gradients(struct mc_joint *j);

#endif
