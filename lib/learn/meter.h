/*
 * meter.h - say in one line how far a training has come.
 *
 *	epoch 3/100: loss 0.5318, validation loss 0.6101, accuracy 0.912, \
 *	    123 images/s, 1:23 left, 512 MB
 *
 * With a metric that chooses the epoch, ", auroc:macro 0.95" is behind accuracy.
 *
 * The numbers are rounded for the eye; the training log has them exactly.
 */
#ifndef MC_METER_H
#define MC_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "learn/checkpoint.h"
#include "learn/walk.h"

struct mc_meter {
	/* The caller sets these. */
	int64_t epochs;
	size_t n_train, n_val;		/* images per epoch */
	/* Draw TEXT over the one before; the LAST stays.  NULL: cannot. */
	void (*draw)(const char *text, bool last);
	void (*say)(const char *line);	/* else a line per epoch */
	const char *metric;		/* name of the criterion's; NULL: none */

	/* The functions below set these. */
	double start;			/* mc_seconds at the first step */
	int64_t done_before;		/* training images before that */
	/* Of the last epoch that ended; NAN: not known. */
	double val_loss, val_accuracy, val_value;
};

/* For struct mc_training: on_start, on_step and on_epoch. */
void	mc_meter_start(struct mc_meter *m, int64_t epoch,
	    const struct mc_walk *train);
void	mc_meter_step(const struct mc_meter *m, int64_t epoch,
	    const struct mc_walk *train);
void	mc_meter_epoch(struct mc_meter *m, const struct mc_walk *train,
	    const struct mc_best *val);

/* What is to be said. */
struct mc_reading {
	int64_t epoch;
	size_t done;		/* training images of this epoch */
	double loss;		/* their mean */
	double now;		/* mc_seconds */
	int64_t memory;		/* bytes; mc_peak_memory */
};

/* Set TEXT, emptied first, to the line of READING. */
void	mc_meter_print(const struct mc_meter *m,
	    const struct mc_reading *reading, struct mc_buf *text);

#endif
