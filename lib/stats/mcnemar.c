/* mcnemar.c - compare proportions of two arms on the same images. */
#include "config.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "stats/mcnemar.h"
#include "stats/root.h"

double
mc_mcnemar(unsigned b, unsigned c)
{
	double p = 2 * gsl_cdf_binomial_P(b < c ? b : c, 0.5, b + c);

	return p > 1 ? 1 : p;	/* fmin would make 1 of NAN */
}

/*
 * The variance of B - C - N D where the difference is D >= 0.  The likelihood
 * is greatest at the positive root of 2 N q^2 + LINEAR q - C D (1 - D).
 */
static double
variance_above(double b, double c, double n, double d)
{
	double linear = (2 * n - b + c) * d - b - c;
	double root = sqrt(linear * linear + 8 * n * c * d * (1 - d));
	double q = (root - linear) / (4 * n);

	return n * (2 * q + d * (1 - d));
}

static double
variance(double b, double c, double n, double d)
{
	return d < 0 ? variance_above(c, b, n, -d) : variance_above(b, c, n, d);
}

/* The score less the quantile that it shall reach at a limit. */
struct score {
	double b, c, n;
	double quantile;
};

/* As angles, which are finite where the variance is 0. */
static double
excess(double d, void *params)
{
	const struct score *s = params;

	return atan2(s->b - s->c - s->n * d,
	    sqrt(variance(s->b, s->c, s->n, d))) - atan(s->quantile);
}

void
mc_tango(unsigned b, unsigned c, unsigned n, double level, double *lo,
    double *hi)
{
	double z = gsl_cdf_ugaussian_Qinv((1 - level) / 2);
	struct score lower = { b, c, n, z }, upper = { b, c, n, -z };
	double difference = ((double)b - (double)c) / n;

	*lo = c == n ? -1 : mc_root(excess, &lower, -1, difference);
	*hi = b == n ? 1 : mc_root(excess, &upper, difference, 1);
}

double
mc_tango_p(unsigned b, unsigned c, unsigned n, double bound)
{
	double score = (double)b - (double)c - n * bound;

	/* Without discordant images a bound of 0 has 0 / 0. */
	if (score != 0)
		score /= sqrt(variance(b, c, n, bound));
	return gsl_cdf_ugaussian_Q(score);
}

/* --- Counting ------------------------------------------------------------- */

bool
mc_mcnemar_applies(const struct mc_metric_spec *m)
{
	enum mc_denominator denominator = mc_metric_spec_denominator(m);

	return denominator == MC_OF_ALL || denominator == MC_OF_LABEL ||
	    denominator == MC_OF_OTHERS;
}

/* Whether S has image I right, as M sees it. */
static bool
is_right(const struct mc_sample *s, size_t i, const struct mc_metric_spec *m)
{
	if (mc_metric_spec_denominator(m) == MC_OF_OTHERS)
		return s->predicted[i] != m->class_index;
	return s->predicted[i] == s->label[i];
}

struct mc_discordant
mc_count_discordant(const struct mc_sample *a, const struct mc_sample *b,
    const struct mc_metric_spec *m)
{
	enum mc_denominator denominator = mc_metric_spec_denominator(m);
	struct mc_discordant d = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < a->n; i++) {
		bool of_class = a->label[i] == m->class_index;
		bool first = is_right(a, i, m), second = is_right(b, i, m);

		if ((denominator == MC_OF_LABEL && !of_class) ||
		    (denominator == MC_OF_OTHERS && of_class))
			continue;
		d.n++;
		d.a_alone += first && !second;
		d.b_alone += second && !first;
	}
	return d;
}
