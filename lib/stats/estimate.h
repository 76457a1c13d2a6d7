/*
 * estimate.h - metrics of a sample with their intervals, and all that a reader
 * must be told about them.
 */
#ifndef MC_ESTIMATE_H
#define MC_ESTIMATE_H

#include "base/mem.h"
#include "stats/metric_spec.h"
#include "stats/resample.h"

enum mc_method {
	/* From replicates; for every metric, but the last for few. */
	MC_PERCENTILE, MC_BASIC, MC_NORMAL, MC_BCA, MC_BOOTSTRAP_T,
	/* From a formula: of proportions, and of AUROC. */
	MC_WILSON, MC_CLOPPER_PEARSON, MC_DELONG,
	MC_ORIGINAL,		/* mc_original: no interval of the metric */
	MC_METHODS
};

/* "percentile", ...: as users write them, MC_METHODS of them. */
extern const char *const mc_method_names[MC_METHODS];

struct mc_estimate_options {
	/* The first that has an interval of a metric makes it. */
	const enum mc_method *methods;
	size_t n_methods;
	bool asked;		/* the user named them: biased metrics, which
				   have no interval else, get one too */
	double level;
	struct mc_resampling how;	/* replicates: at least
					   mc_replicates_needed(level) */
};

struct mc_estimate {
	struct mc_metric_spec spec;
	double estimate;	/* of the whole sample; NAN: undefined */
	double lo, hi;		/* NAN: no interval */
	const char *method;	/* one of mc_method_names; "obuchowski" for
				   MC_DELONG on units of several images;
				   "none" */
	bool resampled;		/* the interval is from replicates */
	double seed_sd;		/* standard deviation over the samples; NAN: one
				   alone */
	struct mc_buf note;	/* remarks joined by "; "; data NULL: none */
};

/*
 * The N metrics of S, none of them MC_ALL_CLASSES or MC_POSITIVE.  Returns N
 * estimates in their order, freed with mc_estimates_free.
 *
 * Where N_SAMPLES is more than 1, the samples are of the same images, from
 * training with several seeds, and an estimate is the mean of their values,
 * whose interval leaves the spread between seeds out.  Such a mean has no
 * interval by a formula.
 *
 * Limits that meet are no interval, whatever made them (mc_has_width): where
 * the replicates are all equal, or nearly so, and where a variance is 0, a
 * proportion takes Clopper & Pearson's interval on the units, an AUROC of 0 or 1
 * that on pairs of units (mc_remarks_units_of), and others have none.
 *
 * The note names: classes without rows and ratios 0/0 taken as 0; why a value
 * is undefined; replicates in which it was, or lacked a class; why there is no
 * interval, or on what it stands; that there are too few units for it to cover
 * what it says; whether an interval at a threshold holds the uncertainty of the
 * threshold.
 */
struct mc_estimate *mc_estimates(const struct mc_sample *const *samples,
		    size_t n_samples, const struct mc_metric_spec *specs,
		    size_t n, const struct mc_estimate_options *plan);
void		 mc_estimates_free(struct mc_estimate *e, size_t n);

#endif
