/*
 * walk.h - collect what a walk through a set of images gives: the loss, and
 * the class predicted for each image, or its logits.
 *
 * Of multi-label data an image has a label per finding, an enum mc_label, and
 * what is predicted is MC_YES where the probability is above 1/2, or MC_NO.
 */
#ifndef MC_WALK_H
#define MC_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "learn/loss.h"

struct mc_walk {
	const struct mc_loss *by;	/* borrowed */
	size_t n;		/* images so far */
	double loss, divisor;	/* sums over them; see mc_loss_divisor */
	int *label, *predicted;	/* n x by->labels */
	double *logits;		/* n x classes; NULL: not kept */
};

/*
 * Make room for N images, measured by the loss BY, and for their LOGITS if these
 * are to be kept.  mc_walk_clear frees it.
 */
void	mc_walk_init(struct mc_walk *w, const struct mc_loss *by, size_t n,
	    bool logits);
void	mc_walk_clear(struct mc_walk *w);

/* Begin anew. */
void	mc_walk_start(struct mc_walk *w);

/*
 * Add N images by their LOGITS, N x classes, and their TARGETS; the label of one
 * that is mixed is the class with the larger share.
 */
void	mc_walk_add(struct mc_walk *w, const double *logits,
	    const struct mc_targets *targets, size_t n);

/* The loss of the images so far (loss.h); NAN before the first that counts. */
double	mc_walk_loss(const struct mc_walk *w);

/*
 * The class that is predicted for every image; -1: there are several, or they
 * are findings.
 */
int	mc_walk_only_class(const struct mc_walk *w);

/* The findings for which VALUE, an enum mc_label, is predicted of every image. */
struct mc_one_way mc_walk_one_way(const struct mc_walk *w, int value);

#endif
