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
 *
 * In multi-label data an image has one label per class, which is then called a
 * finding.  Each finding has the probability p = sigmoid(logit) and the loss
 * that two classes, no and yes, have above, with the weights 1 and w of the
 * finding.  The loss of several images is the sum over their findings divided by
 * the number of findings whose label counts.  With g = 0 this is
 * torch.nn.BCEWithLogitsLoss(pos_weight=w) of the labels (1 - s) y + s / 2; with
 * s = 0 and w = 1, torchvision.ops.sigmoid_focal_loss(alpha=-1).
 */
#ifndef MC_LOSS_H
#define MC_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "learn/multilabel.h"
#include "torch/shim.h"

/*
 * The class of each of several images or, where images are mixed (mixing.h), of
 * two: [c = y] above is then the share of the class, and y of a finding the
 * share of yes.  The loss of mixed images is divided by their number, as torch's
 * is for shares of classes; that of mixed findings by how many count, which are
 * those that count in both images.  (An image of the share 0 has no say.)
 */
struct mc_targets {
	/* Class indices, or the enum mc_label of findings, by image. */
	const int64_t *label;
	const int64_t *other;	/* likewise; NULL: not mixed */
	double share;		/* of label; the rest is other's */
};

struct mc_loss_options {
	/*
	 * NULL: all 1.  "inverse": n / (C n[c]) with n training images, n[c] of
	 * them of class c.  "effective" or "effective:B": (1 - B) /
	 * (1 - B^n[c]), scaled to the sum C (Cui et al. 2019; B is 0.9999).
	 * Else a TSV with the columns class and weight.  The weight of a
	 * finding is that of yes divided by that of no: n[no] / n[yes], or
	 * (1 - B^n[no]) / (1 - B^n[yes]).
	 */
	const char *class_weights;
	double smoothing;	/* s, in [0, 1) */
	double focal;		/* g, at least 0 */
};

struct mc_loss {
	size_t classes;
	bool multilabel;	/* they are findings */
	size_t labels;		/* per image: 1, or as many as findings */
	double *weight;		/* one per class */
	double smoothing, focal;
};

/* What the loss is made for. */
struct mc_loss_classes {
	const char *const *names;
	size_t n;
	/*
	 * How many training images are of each class and of another, or have
	 * each finding and have it not: at least 1 each.
	 */
	const size_t *with, *without;
	bool multilabel;	/* the classes are findings */
};

/*
 * Check CLASS_WEIGHTS, which may be NULL, before there are classes.  MC_EUSAGE: it
 * begins like a word of the above and is not one of them.  MC_EIO: it is a file
 * that cannot be read.
 */
enum mc_status	mc_loss_check(const char *class_weights, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Make the loss of CLASSES.  MC_EDATA: the TSV has no weight for a class, or for
 * another one, or a weight that is not above 0.  The caller ends it with
 * mc_loss_clear, also after an error.
 */
enum mc_status	mc_loss_make(struct mc_loss *l,
		    const struct mc_loss_options *options,
		    const struct mc_loss_classes *classes, struct mc_err *err)
		    MC_MUST_CHECK;
void		mc_loss_clear(struct mc_loss *l);

/*
 * By what the loss of N images is divided: the sum of w[y], or the number of
 * images that are mixed; or how many labels of findings count.
 */
double		mc_loss_divisor(const struct mc_loss *l,
		    const struct mc_targets *targets, size_t n);

/* The loss of image I of TARGETS, by its logits, undivided. */
double		mc_loss_of(const struct mc_loss *l, const double *logits,
		    const struct mc_targets *targets, size_t i);

/*
 * Label I: the class of an image, or the label of a finding, that has the larger
 * share.
 */
int64_t		mc_targets_label(const struct mc_targets *targets, size_t i);

/*
 * The same as a temporary of T, recorded: LOGITS is N x C; the sum over the N
 * images of TARGETS, divided by DIVISOR; 0 where that is 0.
 */
struct mc_tensor *mc_loss_tensor(const struct mc_loss *l, struct mc_torch *t,
		    const struct mc_tensor *logits,
		    const struct mc_targets *targets, size_t n,
		    double divisor);

#endif
