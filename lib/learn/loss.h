/*
 * loss.h - define the loss that is minimised and logged.
 *
 * For an image of class y with probabilities p = softmax(logits), C classes and
 * class weights w (1 without):
 *
 *	loss = sum over classes c of t[c] (1 - p[c])^g (-log p[c])
 *	t[c] = w[c] ((1 - s) [c = y] + s / C)
 *
 * where s is the label smoothing and g the focusing parameter of Lin et al.
 * (2017).  The loss of several images is the sum of theirs divided by the sum of
 * w[y].  With g = 0 this is torch.nn.CrossEntropyLoss(weight=w,
 * label_smoothing=s).
 */
#ifndef MC_LOSS_H
#define MC_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "torch/shim.h"

/*
 * The class of each of several images or, where images are mixed (mixing.h), of
 * two: [c = y] above is then the share of the class.  The loss of mixed images
 * is divided by their number, as torch's is for shares of classes.
 */
struct mc_targets {
	const int64_t *label;	/* class indices */
	const int64_t *other;	/* NULL: not mixed */
	double share;		/* of label; the rest is other's */
};

struct mc_loss_options {
	/*
	 * NULL: all 1.  "inverse": n / (C n[c]) with n training images, n[c] of
	 * them of class c.  "effective" or "effective:B": (1 - B) /
	 * (1 - B^n[c]), scaled to the sum C (Cui et al. 2019; B is 0.9999).
	 * Else a TSV with the columns class and weight.
	 */
	const char *class_weights;
	double smoothing;	/* s, in [0, 1) */
	double focal;		/* g, at least 0 */
};

struct mc_loss {
	size_t classes;
	double *weight;		/* one per class */
	double smoothing, focal;
};

/*
 * Check CLASS_WEIGHTS, which may be NULL, before there are classes.  MC_EUSAGE: it
 * begins like a word of the above and is not one of them.  MC_EIO: it is a file
 * that cannot be read.
 */
enum mc_status	mc_loss_check(const char *class_weights, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Make the loss of N_CLASSES classes with the names CLASSES, of which COUNT
 * says how many training images each has, at least 1.  MC_EDATA: the TSV has no
 * weight for a class, or for another one, or a weight that is not above 0.  The
 * caller ends it with mc_loss_clear, also after an error.
 */
enum mc_status	mc_loss_make(struct mc_loss *l,
		    const struct mc_loss_options *options,
		    const char *const *classes, const size_t *count,
		    size_t n_classes, struct mc_err *err) MC_MUST_CHECK;
void		mc_loss_clear(struct mc_loss *l);

/* The sum of w[y] over N images; their number, if they are mixed. */
double		mc_loss_divisor(const struct mc_loss *l,
		    const struct mc_targets *targets, size_t n);

/* The loss of image I of TARGETS, by its logits, undivided. */
double		mc_loss_of(const struct mc_loss *l, const double *logits,
		    const struct mc_targets *targets, size_t i);

/* The class of image I that has the larger share. */
int64_t		mc_targets_class(const struct mc_targets *targets, size_t i);

/*
 * The same as a temporary of T, recorded: LOGITS is N x C; the sum over the N
 * images of TARGETS, divided by DIVISOR.
 */
struct mc_tensor *mc_loss_tensor(const struct mc_loss *l, struct mc_torch *t,
		    const struct mc_tensor *logits,
		    const struct mc_targets *targets, size_t n,
		    double divisor);

#endif
