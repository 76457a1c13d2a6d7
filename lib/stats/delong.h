/*
 * delong.h - compare areas under the ROC curve by DeLong's and Obuchowski's
 * tests.
 */
#ifndef MC_DELONG_H
#define MC_DELONG_H

#include "stats/auroc.h"
#include "stats/metric_spec.h"

/*
 * The normal, or Student's, distribution of a difference A - B.  Where the two
 * arms cannot be told apart its variance is 0.
 */
struct mc_wald_test {
	double difference, variance;	/* NAN: fewer than two units have an
					   image of the class, or of the rest */
	double df;			/* INFINITY: normal */
};

/*
 * Compare two AUROCs on the same images: DeLong, DeLong & Clarke-Pearson's
 * (1988) test, which is normal; where a unit has several images Obuchowski's
 * (1997), on Student's t with the degrees of freedom of mc_auroc_df.  M is the
 * AUROC of a class, or the mean over two classes.
 */
struct mc_wald_test	mc_delong(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_metric_spec *m);

/*
 * Compare the AUROCs of two subgroups A and B, which share the numbering of
 * their units: the sum of both variances, less twice the covariance that units
 * with images in both make, on Student's t.  The degrees of freedom are Welch &
 * Satterthwaite's, from those of mc_auroc_df; where units are shared, the fewer
 * of these.
 */
struct mc_wald_test	mc_delong_groups(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_metric_spec *m);

/*
 * Return the two-sided p of a difference of 0, and the one-sided p of "at most
 * BOUND" against "more".  Without a variance p is NAN, except that the first is
 * 1 where the difference is 0.
 */
double	mc_wald_p(const struct mc_wald_test *t);
double	mc_wald_p_above(const struct mc_wald_test *t, double bound);

/* Return the quantile of its distribution above which TAIL lies. */
double	mc_wald_quantile(const struct mc_wald_test *t, double tail);

/* Whether mc_delong is for M on S. */
bool	mc_delong_applies(const struct mc_metric_spec *m,
	    const struct mc_sample *s);

#endif
