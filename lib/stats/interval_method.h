/*
 * interval_method.h - make the interval of a metric by one of several methods.
 *
 * The methods are the rows of one table.  A new one is a row and the functions
 * that it names; programs find it there, and papers print it as it says.
 */
#ifndef MC_INTERVAL_METHOD_H
#define MC_INTERVAL_METHOD_H

#include "base/err.h"
#include "base/mem.h"
#include "stats/metric_spec.h"
#include "stats/remarks.h"

/* What the interval of one metric is made from. */
struct mc_interval_source {
	const struct mc_sample *const *samples;	/* one per training seed */
	struct mc_remarks *const *remarks;	/* [sample] */
	size_t n_samples;	/* 0: the estimate is a mean over tasks, and all
				   that is known are replicates */
	const struct mc_metric_spec *spec;
	double estimate;	/* mean over samples; not NAN */
	double level;
	uint64_t seed;		/* for a method that draws numbers itself */
	/*
	 * Replicates of the estimate, without the undefined ones, which a
	 * method may reorder; n is 0 while there are none.
	 */
	double *values;
	size_t n;
	/* For MC_NEED_JACKKNIFE: the estimate without each of n_units units. */
	const double *jackknife;
	size_t n_units;
	/* For MC_NEED_VARIANCES: the estimate's, and replicates with theirs. */
	double variance;
	const double *t_values, *t_variances;
	size_t t_n;
};

/* An interval, and how it was made. */
struct mc_interval {
	double lo, hi;		/* NAN: none */
	const char *method;	/* name of a method; "obuchowski" for delong on
				   units of several images; "none" */
	bool resampled;		/* made from replicates */
	struct mc_buf *note;	/* what a reader must know goes here */
};

/* What a method requires in struct mc_interval_source, ORed. */
enum mc_interval_need {
	MC_NEED_REPLICATES = 1,	/* values; without it: one sample, a formula */
	MC_NEED_JACKKNIFE = 2,
	MC_NEED_VARIANCES = 4	/* for one sample alone */
};

struct mc_interval_method {
	const char *name;	/* as users and tables write it */
	const char *printed;	/* as papers write it */
	unsigned needs;		/* of enum mc_interval_need, ORed */
	bool undercovers;	/* from few units it may cover too little */
	bool any_width;		/* limits that meet are let stand */
	/*
	 * Say why the method has no interval of M on S, alone; NULL: it has
	 * one.  The function is NULL where it has one of every metric.
	 */
	const char *(*unsuitable)(const struct mc_metric_spec *m,
	    const struct mc_sample *s);
	/* Make X's interval; return NULL, or why there is none. */
	const char *(*make)(const struct mc_interval_source *x,
	    struct mc_interval *interval);
};

/* Ends in a row whose name is NULL. */
extern const struct mc_interval_method mc_interval_methods[];

/* Find the row called NAME; NULL: there is none. */
const struct mc_interval_method *mc_interval_method_find(const char *name);

/*
 * Parse LIST, names separated by commas, into *N rows at *METHODS, freed with
 * free().  MC_EUSAGE: a name is not one of the table, or given twice.
 */
enum mc_status	 mc_interval_methods_parse(const char *list,
		    const struct mc_interval_method ***methods, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Say why METHOD has no interval of M on the N SAMPLES, which are of several
 * training seeds where N > 1; NULL: it has one.
 */
const char	*mc_interval_unsuitable(const struct mc_interval_method *method,
		    const struct mc_metric_spec *m,
		    const struct mc_sample *const *samples, size_t n);

/*
 * Whether METHOD has an interval of a mean over tasks (task_mean.h): one that is
 * made from replicates of the estimate alone.
 */
bool		 mc_interval_of_mean(const struct mc_interval_method *method);

/*
 * Make an interval of X by METHOD.  Returns NULL, or why there is none: then
 * the limits are NAN and the method is "none".  Limits that meet are no
 * interval, whatever made them (mc_has_width); in their place a proportion
 * takes Clopper & Pearson's interval on its units, and an AUROC of 0 or 1 that
 * on pairs of units (mc_remarks_units_of).
 */
const char	*mc_interval_make(const struct mc_interval_method *method,
		    const struct mc_interval_source *x,
		    struct mc_interval *interval);

#endif
