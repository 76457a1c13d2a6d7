/* lbfgs.h - minimise a convex function of many variables. */
#ifndef MC_LBFGS_H
#define MC_LBFGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mc_objective {
	size_t n;		/* variables */
	/* Return the value at X, and its gradient in G. */
	double (*value)(const double *x, double *g, void *arg);
	/*
	 * Set R to M^-1 Q, where M is positive definite.  The nearer it is to
	 * the Hessian, the fewer steps are needed.
	 */
	void (*precondition)(const double *q, double *r, void *arg);
	void *arg;
};

/* How a minimisation has ended. */
struct mc_minimum {
	double value;
	/*
	 * The square root of g' M^-1 g, where g is the gradient: the Newton
	 * decrement, if M is the Hessian.
	 */
	double decrement;
	int64_t evaluations;	/* of the function */
	bool converged;		/* the decrement is at most the tolerance */
};

/*
 * Minimise the convex function O by L-BFGS, from X, where the minimum is left,
 * until its decrement is at most TOLERANCE.  It ends without that after MOST
 * evaluations, or if rounding hides all progress.
 *
 * The step is algorithm 7.4 of Nocedal and Wright, Numerical Optimization
 * (2006), where H0 is M^-1, scaled as in their (7.20).  The line search looks
 * for the approximate Wolfe conditions of Hager and Zhang (SIAM Journal on
 * Optimization 2005;16:170-192), which need the slopes alone: near a minimum
 * values differ by less than their rounding.
 */
void	mc_lbfgs(const struct mc_objective *o, double tolerance, int64_t most,
	    double *x, struct mc_minimum *minimum);

#endif
