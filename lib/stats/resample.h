/*
 * resample.h - bootstrap and jackknife metrics over units (Field & Welsh 2007:
 * the cluster bootstrap; where each image is a unit, Efron's).
 *
 * A replicate draws n_units units with replacement: a vector of multiplicities.
 * Replicate b draws from the stream (seed, "bootstrap", b) and from nothing
 * else, so the number of threads does not matter.  Several samples that share
 * their units are given the same multiplicities, so that differences between
 * them are paired; a difference does not depend on what else is compared.
 *
 * For metrics of counts on a single sample, units with the same confusion
 * counts are one pattern, and the multiplicities of the patterns are drawn from
 * their multinomial: the same distribution at the cost of the patterns.
 *
 * Where a sample's threshold (sample.h) has replicates, replicate b predicts by
 * the threshold of that number.
 *
 * A replicate of more or of fewer units than there are is a study of another
 * size from the same population (power.h).
 */
#ifndef MC_RESAMPLE_H
#define MC_RESAMPLE_H

#include <gsl/gsl_rng.h>

#include "stats/metric_spec.h"

/* --- Strata --------------------------------------------------------------- */

/* Units that are drawn from among themselves. */
struct mc_strata {
	size_t n, n_units;
	uint32_t *size;		/* n */
	uint32_t *unit;		/* n_units: those of the first stratum, ... */
};

/*
 * The units of S by the set of classes that their images are of; sets that only
 * one unit has are one stratum together.  Freed with mc_strata_free.
 */
struct mc_strata *mc_strata_alloc(const struct mc_sample *s);
void		 mc_strata_free(struct mc_strata *strata);

/* --- Replicates ----------------------------------------------------------- */

struct mc_resampling {
	int64_t replicates;
	uint64_t seed;
	int threads;
	const struct mc_strata *strata;	/* NULL: all units are one */
	uint32_t draws;		/* units that a replicate draws, without strata;
				   0: as many as there are */
	bool by_unit;		/* no patterns: samples that share their units
				   stand under the same multiplicities in
				   several calls */
};

/*
 * Draw the multiplicities of replicate B of N_UNITS units into TIMES.  RNG was
 * made by mc_stream_alloc; where it stands does not matter.
 */
void		 mc_draw(const struct mc_resampling *how, size_t n_units,
		    gsl_rng *rng, size_t b, uint32_t *times);

/*
 * The values of N metrics on each of N_SAMPLES samples, which share units and
 * classes, in all replicates: VALUES[(s * N + i) * replicates + b], that of
 * mc_reweighted_value: NAN where metric i is undefined there, a ratio with a
 * denominator of 0 too.  The estimate, where 0/0 is taken as 0, is that of
 * mc_metric_values.  VARIANCES, unless NULL, is filled likewise with
 * mc_reweighted_variance.  A metric that needs probabilities is NAN for samples
 * without them.  A threshold that has replicates has as many as HOW, or more.
 */
void		 mc_bootstrap(const struct mc_sample *const *samples,
		    size_t n_samples, const struct mc_metric_spec *specs,
		    size_t n, const struct mc_resampling *how, double *values,
		    double *variances);

/*
 * The same; and PARTIAL, unless NULL, is filled likewise: whether the value is
 * a mean over fewer classes than the estimate (mc_reweighted_value).
 */
void		 mc_bootstrap_partial(const struct mc_sample *const *samples,
		    size_t n_samples, const struct mc_metric_spec *specs,
		    size_t n, const struct mc_resampling *how, double *values,
		    double *variances, bool *partial);

/*
 * The same values where each unit in turn is left out:
 * VALUES[(s * N + i) * n_units + u].
 */
void		 mc_jackknife(const struct mc_sample *const *samples,
		    size_t n_samples, const struct mc_metric_spec *specs,
		    size_t n, int threads, double *values);

#endif
