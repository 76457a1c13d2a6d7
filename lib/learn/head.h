/*
 * head.h - build the classifier on top of a backbone's features.
 *
 *	linear		x W' + b
 *	mlp:N		relu(x W0' + b0) W2' + b2, with N hidden units
 *	logistic	a linear head that logistic.h fits
 *	knn		the training images themselves: knn.h
 *
 * The parameters are named as those of a torch.nn.Sequential called "head"
 * (head.weight; head.0.weight, head.2.weight) and start, like torch.nn.Linear,
 * uniform in +-1/sqrt(inputs), each a function of the seed and its name.
 */
#ifndef MC_HEAD_H
#define MC_HEAD_H

#include <stddef.h>
#include <stdint.h>

#include "backbone/backbone.h"
#include "base/err.h"
#include "base/mem.h"
#include "learn/knn.h"
#include "torch/shim.h"

struct mc_head;

/* How a head gets its parameters. */
enum mc_head_fit {
	MC_FIT_STEPS,		/* by steps of an optimiser (train.h) */
	MC_FIT_LOGISTIC,	/* by L-BFGS, for several penalties (probe.h) */
	MC_FIT_KNN		/* not at all; the number that vote is chosen */
};

/* How the head SPEC, which mc_head_check has taken, is fitted. */
enum mc_head_fit mc_head_fit(const char *spec);

/* Check SPEC: linear, logistic, knn, or mlp:N with N in 1..65536. */
enum mc_status	 mc_head_check(const char *spec, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * A head from IN features to OUT classes, drawn with SEED.  A knn head has no
 * parameters; it needs mc_head_remember or mc_head_load, and mc_head_set_votes.
 */
enum mc_status	 mc_head_alloc(struct mc_head **h, struct mc_torch *t,
		    const char *spec, int64_t in, int64_t out, uint64_t seed,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_head_free(struct mc_head *h);

/* Give a knn head its training images, which become the head's. */
void		 mc_head_remember(struct mc_head *h, struct mc_knn *images);

/* The training images of a knn head; NULL for another. */
const struct mc_knn *mc_head_images(const struct mc_head *h);

/*
 * Let the K nearest training images vote (knn.h).  MC_EDATA: there are fewer;
 * the message begins after the number.
 */
enum mc_status	 mc_head_set_votes(struct mc_head *h, size_t k,
		    double temperature, struct mc_err *err) MC_MUST_CHECK;

/*
 * Overwrite the parameters, or the training images, with those of SD, which must
 * be the same ones and finite.
 */
enum mc_status	 mc_head_load(struct mc_head *h, const struct mc_statedict *sd,
		    struct mc_err *err) MC_MUST_CHECK;

/* Set the values of parameter I. */
enum mc_status	 mc_head_set(struct mc_head *h, size_t i,
		    const float *values, struct mc_err *err) MC_MUST_CHECK;

/* Draw the parameters anew with SEED, as mc_head_alloc does. */
enum mc_status	 mc_head_redraw(struct mc_head *h, uint64_t seed,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * X: N x in.  Returns the logits, N x out, a temporary.  Not of a knn head,
 * which has no tensors.
 */
struct mc_tensor *mc_head_forward(const struct mc_head *h,
		    const struct mc_tensor *x);

/*
 * The same of any head, in LOGITS, N x out: of knn they are the logarithms of
 * the probabilities, -INFINITY for a class without a vote.  After an error of
 * the context LOGITS is zeros.
 */
void		 mc_head_predict(const struct mc_head *h,
		    const struct mc_tensor *x, double *logits);

/* The parameters, which belong to the head. */
size_t		 mc_head_count(const struct mc_head *h);
const struct mc_param *mc_head_param(const struct mc_head *h, size_t i);

#endif
