/*
 * log.h - write the training log: a row per epoch and split.
 *
 * Of multi-label data each metric is that of the two classes no and yes, as the
 * mean over the findings for which it has a value.
 */
#ifndef MC_LOG_H
#define MC_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "learn/criterion.h"
#include "learn/walk.h"

struct mc_log {
	/* A column of its own (mc_criterion_has_column) has its value for the
	   validation images, and is empty for the others. */
	const struct mc_criterion *criterion;
	const char *const *classes;
	size_t n_classes;
	struct mc_buf *text;
};

/* Append the heading; RATE is the name of the learning rate's column. */
void		mc_log_heading(const struct mc_log *log, const char *rate);

/*
 * Append the rows of EPOCH, whose last step had the learning rate RATE: of its
 * walk TRAIN, and of VAL unless that is empty.  VAL has logits if the criterion
 * is a metric.  Returns what VAL measures; without it, the class, or findings,
 * of which TRAIN alone tells that they are predicted one way.
 */
struct mc_best	mc_log_epoch(const struct mc_log *log, int64_t epoch,
		    double rate, const struct mc_walk *train,
		    const struct mc_walk *val);

#endif
