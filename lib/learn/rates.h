/*
 * rates.h - train a head at several learning rates, and choose one on the
 * validation images.
 */
#ifndef MC_RATES_H
#define MC_RATES_H

#include "learn/train.h"

/*
 * Train the head of G, alone, at each learning rate that its recipe tries, from
 * the same initial values, and keep the epoch that the recipe selects over all
 * of them: of two that are equal, that of the smaller rate.  The head then holds
 * its values, KEPT is that epoch, the recipe's rate is its rate, and LOG has the
 * logs of mc_train one after another, with one heading.  A rate at which a loss
 * or a parameter is not finite is left out, and SAY is told, as it is of each
 * rate; MC_EDATA if that leaves none.
 */
enum mc_status	mc_train_rates(struct mc_training *g,
		    void (*say)(const char *line), struct mc_buf *log,
		    struct mc_best *kept, struct mc_err *err) MC_MUST_CHECK;

#endif
