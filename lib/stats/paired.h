/*
 * paired.h - tests of two arms on the same images by a formula.
 */
#ifndef MC_PAIRED_H
#define MC_PAIRED_H

#include "stats/measure.h"

#ifdef __cplusplus
extern "C" {
#endif

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
			    const struct mc_measure *m);

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
 * Count them for M, whose base is MC_OF_ALL, MC_OF_LABEL or MC_OF_REST: the
 * other proportions of two arms are not of the same images.
 */
struct mc_discordant	mc_count_discordant(const struct mc_sample *a,
			    const struct mc_sample *b,
			    const struct mc_measure *m);

/* Whether M is such a proportion; whether mc_delong is for M. */
bool	mc_mcnemar_applies(const struct mc_measure *m);
bool	mc_delong_applies(const struct mc_measure *m,
	    const struct mc_sample *s);

/* A unit of S with several images; n_units where there is none. */
size_t	mc_grouped_unit(const struct mc_sample *s);

#ifdef __cplusplus
}
#endif

#endif
