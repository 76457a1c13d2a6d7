/*
 * probability.h - check rows of probabilities as they were printed, and log
 * odds.
 *
 * A probability is used as it stands: dividing by the sum of its row would move
 * its last bit, and make and break ties.  So a row may miss 1 by what rounding
 * to its printed decimals can do: half a unit of the last one for each class,
 * and 1e-3 in any case.
 */
#ifndef MC_PROBABILITY_H
#define MC_PROBABILITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* float32 softmax and sums of doubles end so far above 1. */
#define MC_P_ROUNDING	1e-6

/*
 * With so many decimals a number is rounded no more than a double is: more of
 * them need not be counted.
 */
#define MC_ENOUGH_DECIMALS	17

/*
 * The decimals that TEXT, a number, was printed with, 0 or more: the digits
 * behind the point; an exponent moves the point.
 */
int		 mc_decimals(const char *text);

/*
 * Whether the N numbers at P, printed with up to DECIMALS decimals, are the
 * probabilities of the classes: none below 0, none above 1 by more than
 * MC_P_ROUNDING, and the right sum.  If not, the error says what is wrong and
 * what they may be instead, without a place, and *BAD is the number at fault, N
 * where it is the sum.  LOGITS is what to do with logits, as in "give --logit".
 */
enum mc_status	 mc_check_probabilities(const double *p, size_t n,
		    int decimals, const char *logits, size_t *bad,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The log odds of each of N classes, N >= 2, from their LOGITS, without loss:
 * a class's logit less the logarithm of the sum of the others' exponentials.
 * The log odds of a probability of exactly 0 or 1 are infinite.
 */
void		 mc_log_odds(const double *logits, size_t n, double *o);

/*
 * Whether log odds O are those of a probability P that was printed with up to
 * DECIMALS decimals, MC_ENOUGH_DECIMALS standing for any number from there on.
 */
bool		 mc_is_log_odds(double o, double p, int decimals);

/*
 * Whether, of N rows of K classes, two agree in the probability P of a class
 * and not in its log odds O, by more than rounding.
 */
bool		 mc_ties_hide_order(const double *p, const double *o, size_t n,
		    size_t k);

#endif
