/*
 * estimate.h - estimate metrics of a sample, with intervals and a note on what
 * limits them.
 *
 * A program that calls lib/stats calls gsl_set_error_handler_off() first:
 * otherwise GSL ends it where a function has no value.
 */
#ifndef MC_ESTIMATE_H
#define MC_ESTIMATE_H

#include "base/mem.h"
#include "stats/interval_method.h"
#include "stats/resample.h"

struct mc_estimate_options {
	/* The first that has an interval of a metric makes it; if n_methods is
	   0, none does. */
	const struct mc_interval_method *const *methods;
	size_t n_methods;
	bool asked;		/* the user named them: then biased metrics
				   also get an interval */
	double level;
	struct mc_resampling how;	/* replicates: at least
					   mc_replicates_needed(level) */
};

struct mc_estimate {
	struct mc_metric_spec spec;
	double estimate;	/* of the whole sample; NAN: undefined */
	double lo, hi;		/* NAN: no interval */
	const char *method;	/* that of struct mc_interval */
	bool resampled;		/* the interval is made from replicates */
	double seed_sd;		/* standard deviation over the samples; NAN:
				   there is only one */
	struct mc_buf note;	/* remarks joined by "; "; data NULL: none */
};

/*
 * Estimate N metrics on the N_SAMPLES samples at SAMPLES, with intervals.  No
 * spec is MC_ALL_CLASSES or MC_POSITIVE.  Returns N estimates in the order of
 * SPECS, freed with mc_estimates_free.
 *
 * Several samples are of the same images, from training with several seeds: an
 * estimate is then the mean of their values, and its interval does not include
 * the spread between seeds.  Such a mean has no interval by a formula.
 *
 * The note says which classes have no images and which ratios 0/0 are taken as
 * 0; why a value is undefined; in how many replicates it was, or lacked a
 * class; why there is no interval, or on what it stands; whether the units are
 * too few for it to cover what it says; whether an interval at a threshold
 * includes the uncertainty of the threshold.
 */
struct mc_estimate *mc_estimates(const struct mc_sample *const *samples,
		    size_t n_samples, const struct mc_metric_spec *specs,
		    size_t n, const struct mc_estimate_options *options);
void		 mc_estimates_free(struct mc_estimate *e, size_t n);

#endif
