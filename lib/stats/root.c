/* root.c - find the root of a function of one variable. */
#include "config.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "base/mem.h"
#include "stats/root.h"

double
mc_root(double (*f)(double x, void *params), void *params, double lo, double hi)
{
	gsl_function function = { f, params };
	gsl_root_fsolver *s = gsl_root_fsolver_alloc(
	    gsl_root_fsolver_bisection);
	double root = NAN;
	int status;

	if (s == NULL)
		mc_out_of_memory();
	status = gsl_root_fsolver_set(s, &function, lo, hi);
	while (status == GSL_SUCCESS) {
		status = gsl_root_fsolver_iterate(s);
		if (status == GSL_SUCCESS &&
		    gsl_root_test_interval(s->x_lower, s->x_upper, 1e-15,
		    4 * DBL_EPSILON) == GSL_SUCCESS) {
			root = gsl_root_fsolver_root(s);
			break;
		}
	}
	gsl_root_fsolver_free(s);
	return root;
}
