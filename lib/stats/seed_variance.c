/* seed_variance.c - compare arms that were trained or split more than once. */
#include "config.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/seed_variance.h"

static struct mc_t_interval
t_interval(double difference, double variance, double df, double level)
{
	struct mc_t_interval t = { difference, NAN, NAN, NAN, NAN, NAN };
	double error = sqrt(variance), half;

	if (!(variance > 0))
		return t;
	half = error * gsl_cdf_tdist_Qinv((1 - level) / 2, df);
	t.variance = variance;
	t.df = df;
	t.lo = difference - half;
	t.hi = difference + half;
	t.p = 2 * gsl_cdf_tdist_Q(fabs(difference) / error, df);
	return t;
}

/* Add a part of a variance, and its share of the sum below Satterthwaite's. */
static void
add_part(double part, double df, double *variance, double *divisor)
{
	*variance += part;
	*divisor += part * part / df;
}

static void
add_seeds(const double *values, size_t n, double *variance, double *divisor)
{
	if (n > 1)
		add_part(gsl_stats_variance(values, 1, n) / (double)n,
		    (double)n - 1, variance, divisor);
}

struct mc_t_interval
mc_seeds_difference(const double *a, size_t n_a, const double *b, size_t n_b,
    double patient_variance, double patient_df, double level)
{
	double difference = gsl_stats_mean(a, 1, n_a) -
	    gsl_stats_mean(b, 1, n_b);
	double variance = 0, divisor = 0;

	if (!(patient_df >= 1))
		return t_interval(difference, NAN, NAN, level);
	add_part(patient_variance, patient_df, &variance, &divisor);
	add_seeds(a, n_a, &variance, &divisor);
	add_seeds(b, n_b, &variance, &divisor);
	return t_interval(difference, variance, variance * variance / divisor,
	    level);
}

struct mc_t_interval
mc_resampled_difference(const double *differences, size_t n,
    double test_over_train, double level)
{
	double variance = NAN;

	if (n > 1)
		variance = (1 / (double)n + test_over_train) *
		    gsl_stats_variance(differences, 1, n);
	return t_interval(gsl_stats_mean(differences, 1, n), variance,
	    (double)n - 1, level);
}

double
mc_welch_df(double variance_a, double df_a, double variance_b, double df_b)
{
	double sum = variance_a + variance_b;

	return sum * sum / (variance_a * variance_a / df_a +
	    variance_b * variance_b / df_b);
}
