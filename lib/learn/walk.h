/*
 * walk.h - collect what a walk through a set of images gives: the loss, and
 * the class predicted for each image, or its logits.
 */
#ifndef MC_WALK_H
#define MC_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "learn/loss.h"

struct mc_walk {
	size_t n;		/* images so far */
	double loss, divisor;	/* sums over them; see mc_loss_divisor */
	int *label, *predicted;	/* class indices, one per image */
	double *logits;		/* n x classes; NULL: not kept */
};

/*
 * Make room for N images, and for the logits of CLASSES classes, or 0: they are
 * not kept.  mc_walk_clear frees it.
 */
void	mc_walk_init(struct mc_walk *w, size_t n, size_t classes);
void	mc_walk_clear(struct mc_walk *w);

/* Begin anew. */
void	mc_walk_start(struct mc_walk *w);

/*
 * Add N images by their LOGITS, N x classes, and their TARGETS; the label of one
 * that is mixed is the class with the larger share.
 */
void	mc_walk_add(struct mc_walk *w, const struct mc_loss *loss,
	    const double *logits, const struct mc_targets *targets, size_t n);

/* The loss of the images so far (loss.h); NAN before the first. */
double	mc_walk_loss(const struct mc_walk *w);

/* The class that is predicted for every image; -1: there are several. */
int	mc_walk_only_class(const struct mc_walk *w);

#endif
