/*
 * probe.h - fit a head on the features of a frozen backbone without steps, and
 * choose its parameter on the validation images.
 *
 * A logistic regression is fitted for each C.  A knn head has nothing to fit;
 * what it predicts of a training image comes from the other training images.
 */
#ifndef MC_PROBE_H
#define MC_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "learn/train.h"

/* What is told of a fit, with ARG. */
struct mc_probe_listener {
	/* DONE of the TOTAL images have been compared with all of training. */
	void (*on_compared)(size_t done, size_t total, void *arg);
	/*
	 * The logistic regression of value I has been fitted; CONVERGED is
	 * false if it may not be right to six digits.
	 */
	void (*on_fit)(size_t i, bool converged, void *arg);
	void *arg;
};

/*
 * Fit the head of G once for each value that its recipe tries, and keep the one
 * that the recipe selects: among values that do equally well, the smallest.
 * The head then holds that fit, KEPT has its number, from 1, as the epoch, and
 * LOG has one row per value and split, which counts values as epochs; a class
 * without a vote has the probability DBL_EPSILON there, as in mc-bootstrap's
 * log loss.  Without validation images a single value must be tried.
 */
enum mc_status	mc_probe_fit(const struct mc_training *g,
		    const struct mc_probe_listener *listener,
		    struct mc_buf *log, struct mc_best *kept,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
