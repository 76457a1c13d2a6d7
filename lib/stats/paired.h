/*
 * paired.h - tests by a formula: of two arms on the same images, and of two
 * subgroups.
 */
#ifndef MC_PAIRED_H
#define MC_PAIRED_H

#include "stats/metric_spec.h"

/*
 * The normal, or Student's, theory of a difference A - B.  Where the two arms
 * cannot be told apart its variance is 0.
 */
struct mc_wald_test {
	double difference, variance;	/* NAN: fewer than two units have an
					   image of the class, or of the rest */
	double df;			/* INFINITY: normal */
};

/*
 * The difference of two AUROCs: DeLong, DeLong & Clarke-Pearson's (1988) test,
 * which is normal; where a unit has several images Obuchowski's (1997), on
 * Student's t with the degrees of freedom of mc_auroc_df.  M is the AUROC of a
 * class, or the mean over two classes.
 */
struct mc_wald_test	mc_delong(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_metric_spec *m);

/*
 * The same of two subgroups A and B, which share the numbering of their units:
 * the sum of both variances, less twice the covariance that units with images
 * in both make, on Student's t.  The degrees of freedom are Welch &
 * Satterthwaite's, from those of mc_auroc_df; where units are shared, the fewer
 * of these.
 */
struct mc_wald_test	mc_delong_groups(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_metric_spec *m);

/* Welch (1947) & Satterthwaite (1946): of the sum of two variances. */
double	mc_welch_df(double variance_a, double df_a, double variance_b,
	    double df_b);

/*
 * Its p: that the difference is 0, two-sided; and that it is at most BOUND,
 * against more, one-sided.  Without a variance there is none, NAN, but that two
 * arms without a difference are 1 of the first kind.
 */
double	mc_wald_p(const struct mc_wald_test *t);
double	mc_wald_p_above(const struct mc_wald_test *t, double bound);

/* The quantile of its distribution that leaves TAIL above. */
double	mc_wald_quantile(const struct mc_wald_test *t, double tail);

/* Images that one arm alone has right, among those a proportion is of. */
struct mc_discordant {
	unsigned a_alone, b_alone, n;
};

/*
 * Count them for M, whose denominator is MC_OF_ALL, MC_OF_LABEL or
 * MC_OF_OTHERS: the other proportions of two arms are not of the same images.
 */
struct mc_discordant	mc_count_discordant(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_metric_spec *m);

/* Whether M is such a proportion; whether mc_delong is for M. */
bool	mc_mcnemar_applies(const struct mc_metric_spec *m);
bool	mc_delong_applies(const struct mc_metric_spec *m,
	    const struct mc_sample *s);

#endif
