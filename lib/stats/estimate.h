/*
 * estimate.h - metrics of a sample with their intervals, and all that a reader
 * must be told about them.
 */
#ifndef MC_ESTIMATE_H
#define MC_ESTIMATE_H

#include "base/mem.h"
#include "stats/metric.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mc_method {
	MC_PERCENTILE,		/* Efron's percentile interval */
	MC_ORIGINAL		/* mc_original: no interval of the metric */
};

struct mc_plan {
	enum mc_method method;
	double level;
	int64_t replicates;	/* at least mc_replicates_needed(level) */
	uint64_t seed;
	int threads;
};

struct mc_estimate {
	struct mc_measure measure;
	double estimate;	/* of the whole sample; NAN: undefined */
	double lo, hi;		/* NAN: no interval */
	const char *method;	/* percentile, original, clopper-pearson, none */
	struct mc_buf note;	/* remarks joined by "; "; data NULL: none */
};

/*
 * The N measures of S, none of them MC_ALL_CLASSES or MC_POSITIVE.  Returns N
 * estimates in their order, freed with mc_estimates_free.
 *
 * The note names: classes without rows and ratios 0/0 taken as 0; why a value
 * is undefined; replicates in which it was; that all replicates were equal, in
 * which case accuracy and recall of a class take Clopper & Pearson's interval
 * on the units and others have none; that there are too few units for the
 * interval to cover what it says (fewer than 50, fewer than 30 in a class that
 * the metric uses, or an estimate outside 0.05 to 0.95: by simulation).
 */
struct mc_estimate *mc_estimates(const struct mc_sample *s,
		    const struct mc_measure *measures, size_t n,
		    const struct mc_plan *plan);
void		 mc_estimates_free(struct mc_estimate *e, size_t n);

#ifdef __cplusplus
}
#endif

#endif
