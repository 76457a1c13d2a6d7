/*
 * meter.h - say in one line how far a training has come.
 *
 *	epoch 3/100: loss 0.5318, validation loss 0.6101, accuracy 0.912, \
 *	    123 images/s, 1:23 left, 512 MB
 *
 * The numbers are rounded for the eye; the training log has them exactly.
 */
#ifndef MC_METER_H
#define MC_METER_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct mc_meter {
	int64_t epochs;
	size_t per_epoch;	/* training images */
	double start;		/* mc_seconds when the first step began */
	int64_t done_before;	/* training images before that: resumed */
	/* Of the last epoch that ended; NAN: not known. */
	double val_loss, val_accuracy;
};

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
