/*
 * metric_hint.h - find the name that a metric of other programs and of textbooks
 * has here.
 */
#ifndef MC_METRIC_HINT_H
#define MC_METRIC_HINT_H

#include "base/mem.h"

/*
 * The name here of what others call NAME, such as "recall:class" for "Sensitivity" and
 * "average_precision" for "PR-AUC"; NULL where none is known, and where it is the
 * same.  Only letters and digits of NAME count, whatever their case, up to a ":"
 * or "@".
 */
const char	*mc_metric_called(const char *name);

/*
 * Append what is said of NAME where no metric has it: nothing, or
 * ": mctools calls it recall:class".  A form of NAME's own is kept: precision:macro
 * of "ppv:macro".
 */
void		 mc_metric_hint(struct mc_buf *text, const char *name);

#endif
