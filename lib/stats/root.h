/* root.h - find the root of a function of one variable. */
#ifndef MC_ROOT_H
#define MC_ROOT_H

/*
 * Return the root of F in [LO, HI], by bisection to within 1e-15 and four units
 * in the last place.  The values of F at LO and HI are of opposite sign, or one
 * is 0; NAN where they are not.
 */
double	mc_root(double (*f)(double x, void *params), void *params, double lo,
	    double hi);

#endif
