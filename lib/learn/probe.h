/*
 * probe.h - fit a head on the features of a frozen backbone without steps, and
 * choose its parameter on the validation images.
 */
#ifndef MC_PROBE_H
#define MC_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "learn/train.h"

/*
 * Fit the head of G once for each value that its recipe tries, and keep the one
 * that the recipe selects: among values that do equally well, the smallest.
 * The head then holds that fit, KEPT has its number, from 1, as the epoch, and
 * LOG has one row per value and split, which counts values as epochs.
 * ON_FIT, with ARG, is called after each value, I; CONVERGED is false if the
 * fit may not be right to six digits.  Without validation images a single
 * value must be tried.
 */
enum mc_status	mc_probe_fit(const struct mc_training *g,
		    void (*on_fit)(size_t i, bool converged, void *arg),
		    void *arg, struct mc_buf *log, struct mc_best *kept,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
