/*
 * walk.h - collect what a walk through a set of images gives: the loss, and
 * the class predicted for each image.
 */
#ifndef MC_WALK_H
#define MC_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "learn/loss.h"

struct mc_walk {
	size_t n;		/* images so far */
	double loss, divisor;	/* sums over them; see mc_loss_divisor */
	int *label, *predicted;	/* class indices, one per image */
};

/* Make room for N images; mc_walk_clear frees it. */
void	mc_walk_init(struct mc_walk *w, size_t n);
void	mc_walk_clear(struct mc_walk *w);

/* Begin anew. */
void	mc_walk_start(struct mc_walk *w);

/* Add N images by their LOGITS, N x classes, and their class indices LABEL. */
void	mc_walk_add(struct mc_walk *w, const struct mc_loss *loss,
	    const double *logits, const int64_t *label, size_t n);

/* The loss of the images so far (loss.h); NAN before the first. */
double	mc_walk_loss(const struct mc_walk *w);

/* The class that is predicted for every image; -1: there are several. */
int	mc_walk_only_class(const struct mc_walk *w);

/*
 * Append a row of the training log to LOG, of the walk through SPLIT in EPOCH,
 * whose last step had the learning rate RATE.  Returns the accuracy.
 */
double	mc_walk_log(const struct mc_walk *w, const char *const *classes,
	    size_t n_classes, int64_t epoch, const char *split, double rate,
	    struct mc_buf *log);

/* Append the log's heading to LOG; RATE is the name of the last column. */
void	mc_walk_heading(const char *rate, struct mc_buf *log);

#endif
