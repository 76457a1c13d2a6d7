/*
 * logistic.h - fit a multinomial logistic regression with an L2 penalty.
 *
 * The fit minimises, over weights W (classes x dim) and intercepts b,
 *
 *	C * (sum over images of the cross-entropy of softmax(W x + b))
 *	    + |W|^2 / 2
 *
 * where b has no penalty: the objective of scikit-learn's LogisticRegression,
 * of which there is one minimum.  Two classes are, as there, one vector of
 * weights w, and W is -w/2 and w/2, so that |W|^2 / 2 is |w|^2 / 4 and the first
 * term has C / 2.
 *
 * L-BFGS (stats/lbfgs.h) is preconditioned by the Hessian of one class, with
 * weights that are the mean over the classes of p (1 - p), which it takes anew
 * every so many steps: without it, a large C needs thousands of steps.  Where
 * there are fewer images than features, the features are first turned into the
 * span of the images, which changes neither the penalty nor the fit.
 */
#ifndef MC_LOGISTIC_H
#define MC_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>

struct mc_logistic;

/*
 * Prepare to fit the N images X, each DIM finite features, and their class
 * indices LABEL, of CLASSES >= 2, which all have images.  Both are copied, the
 * features as n x min(n, dim) doubles, and n x dim if n < dim.  Up to THREADS
 * threads compute; sums are in an order that does not depend on how many.
 */
struct mc_logistic *mc_logistic_alloc(const float *const *x, const int *label,
		    size_t n, size_t dim, size_t classes, int threads);
void		 mc_logistic_free(struct mc_logistic *l);

/*
 * Fit with the inverse penalty C > 0: set WEIGHT, classes x dim, and INTERCEPT,
 * classes numbers that sum to 0.  Each fit begins where the last ended, so
 * increasing values of C are fast.  Return whether it converged: probabilities
 * of the N images are then right to about 1e-7.
 */
bool		 mc_logistic_fit(struct mc_logistic *l, double C,
		    double *weight, double *intercept);

#endif
