/* friedman.c - compare several arms over several tasks. */
#include "config.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "stats/friedman.h"
#include "stats/interval.h"
#include "stats/root.h"

/* --- Friedman's test ------------------------------------------------------ */

/* The rank of V[ARM] among N, 1 the highest; equal ones share their mean. */
static double
rank_of(const double *v, size_t n, size_t arm)
{
	size_t above = 0, equal = 0, i;

	for (i = 0; i < n; i++) {
		above += v[i] > v[arm] + MC_ROUNDING;
		equal += fabs(v[i] - v[arm]) <= MC_ROUNDING;
	}
	return (double)above + (double)(equal + 1) / 2;
}

enum mc_status
mc_friedman(const double *values, size_t tasks, size_t arms,
    struct mc_friedman *result, double *ranks)
{
	double n = (double)tasks, k = (double)arms;
	/* The header's A, S and C times n: sums of quarters, so exact. */
	double a = 0, s = 0, c = n * n * k * (k + 1) * (k + 1) / 4;
	size_t task, arm;

	if (tasks < MC_FRIEDMAN_TASKS || arms < MC_FRIEDMAN_ARMS)
		return MC_EDATA;
	for (arm = 0; arm < arms; arm++) {
		double sum = 0;

		for (task = 0; task < tasks; task++) {
			double rank = rank_of(values + task * arms, arms, arm);

			sum += rank;
			a += n * rank * rank;
		}
		s += sum * sum;
		ranks[arm] = sum / n;
	}
	result->df = k - 1;
	result->df_error = (k - 1) * (n - 1);
	result->chi_squared = s == c ? 0 : n * (k - 1) * (s - c) / (a - c);
	result->f = s == c ? 0 : s == a ? DBL_MAX :
	    (n - 1) * (s - c) / (a - s);
	result->p = s == c ? 1 : s == a ? 0 :
	    gsl_cdf_fdist_Q(result->f, result->df, result->df_error);
	return MC_OK;
}

/* --- Nemenyi's test ------------------------------------------------------- */

/* What is integrated, and what mc_root solves. */
struct range {
	double q;
	double k;		/* variables */
	double probability;
};

/*
 * The density that the largest of K standard normal variables is Z and the
 * smallest is below Z - Q, divided by K: the difference of Phi(z)^(k - 1) and
 * (Phi(z) - Phi(z - q))^(k - 1), times phi(z), without subtracting.
 */
static double
range_density(double z, void *params)
{
	const struct range *r = params;
	double below = gsl_cdf_ugaussian_P(z);
	double far_below = gsl_cdf_ugaussian_P(z - r->q);

	if (far_below == 0)
		return 0;
	return -gsl_ran_ugaussian_pdf(z) * pow(below, r->k - 1) *
	    expm1((r->k - 1) * log1p(-far_below / below));
}

/*
 * The probability that the range of K standard normal variables exceeds Q: the
 * studentised range with infinite degrees of freedom.
 */
static double
range_tail(double q, double k)
{
	struct range r = { .q = q, .k = k };
	gsl_function f = { range_density, &r };
	gsl_integration_workspace *w = gsl_integration_workspace_alloc(1000);
	double value, error;
	int status;

	if (w == NULL)
		mc_out_of_memory();
	status = gsl_integration_qagi(&f, 1e-300, 1e-11, 1000, w, &value,
	    &error);
	gsl_integration_workspace_free(w);
	return status == GSL_SUCCESS ? fmin(1, k * value) : NAN;
}

static double
range_excess(double q, void *params)
{
	const struct range *r = params;

	return range_tail(q, r->k) - r->probability;
}

/* Average ranks to the scale of the range. */
static double
rank_scale(size_t tasks, size_t arms)
{
	double k = (double)arms;

	return sqrt(12 * (double)tasks / (k * (k + 1)));
}

double
mc_nemenyi_p(double difference, size_t tasks, size_t arms)
{
	return range_tail(fabs(difference) * rank_scale(tasks, arms),
	    (double)arms);
}

double
mc_nemenyi_critical(double alpha, size_t tasks, size_t arms)
{
	struct range r = { .k = (double)arms, .probability = alpha };
	double pairs = r.k * (r.k - 1) / 2;
	/* Bonferroni's bound on all pairs, with half of ALPHA to spare. */
	double above = M_SQRT2 * gsl_cdf_ugaussian_Qinv(alpha / 4 / pairs);

	return mc_root(range_excess, &r, 0, above) / rank_scale(tasks, arms);
}
