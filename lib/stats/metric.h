/*
 * metric.h - what a metric is: one table of definitions.
 *
 * Every metric is a function of a sample whose units stand so many times each
 * (reweighted.h), so that a bootstrap replicate is the same table with other
 * weights and no row is ever copied.  The table is what --list-metrics prints
 * and what the tests go through.
 */
#ifndef MC_METRIC_H
#define MC_METRIC_H

#include "stats/sample.h"

enum mc_average {
	MC_NO_AVERAGE = 1,	/* a metric of the whole table */
	MC_WEIGHTED = 2,	/* mean over classes, weighted by support */
	MC_MACRO = 4,		/* plain mean over the declared classes */
	MC_OVO = 8,		/* mean over pairs of classes */
	MC_EACH_CLASS = 16	/* one class against the rest */
};
#define MC_AVERAGES 5

/* "weighted", "macro", "ovo" or "": the text in the column average. */
const char	*mc_average_name(enum mc_average average);

/* What a metric cannot do without, ored. */
enum mc_need {
	MC_NEED_P = 1,		/* probabilities */
	MC_NEED_ORDER = 2,	/* classes whose order was declared */
	MC_NEED_POSITIVE = 4	/* of two classes, which is positive */
};

/* What a metric is computed from. */
enum mc_source {
	MC_FROM_COUNTS,		/* the confusion matrix */
	MC_FROM_LOSSES,		/* a mean over images */
	MC_FROM_RANKING,	/* the order by the probability of a class */
	MC_FROM_CONFIDENCE,	/* the probability of the predicted class */
	MC_FROM_LOGITS		/* the log odds of a class */
};

/*
 * A metric that is a ratio of sums over images: what is summed below, and
 * whether what stands above are some of the same images, a proportion.
 */
enum mc_denominator {
	MC_NO_RATIO,
	MC_OF_ALL,		/* a proportion of all images */
	MC_OF_LABEL,		/* ... of those of the class */
	MC_OF_PREDICTED,	/* ... of those predicted as it */
	MC_OF_OTHERS,		/* ... of those of other classes */
	MC_OF_PREDICTED_OTHERS,	/* ... of those predicted as others */
	MC_OF_EITHER,		/* no proportion: f1's */
	MC_MEAN_LOSS		/* no proportion: a mean over images */
};

struct mc_metric_spec;
struct mc_reweighted;

struct mc_metric {
	const char *name;
	unsigned averages;		/* those that it has, ored */
	enum mc_average standard;	/* the one meant by the bare name */
	unsigned needs;			/* of enum mc_need */
	enum mc_source source;
	enum mc_denominator denominator;		/* of one class, or of no average */
	double least, most;		/* its range; INFINITY: no end */
	double at;			/* its parameter where none is given;
					   NAN: it has none */
	/*
	 * The value, by class where the metric has such a form, and otherwise
	 * with CLASS_INDEX 0.  0/0 in a ratio of counts is
	 * mc_reweighted_no_ratio(W); NAN means that the metric is undefined.
	 */
	double (*value)(struct mc_reweighted *w, const struct mc_metric_spec *m,
	    size_t class_index);
	/* The same, as a mean over those pairs of classes that have images;
	   NULL where there is none. */
	double (*ovo)(struct mc_reweighted *w);
	/* The loss of an image; NULL unless from MC_FROM_LOSSES. */
	double (*loss)(const struct mc_sample *s, size_t image,
	    const struct mc_metric_spec *m);
	/* What a class's ratio is divided by; NULL where there is none. */
	double (*divisor)(struct mc_reweighted *w, size_t class_index);
	bool biased;			/* no interval unless asked for one */
	const char *undefined;		/* why it may be, beside a class without
					   images; NULL: it may not */
	const char *definition;		/* one line, for people */
	const char *reference;		/* what it agrees with */
};

/* Ends in a row whose name is NULL. */
extern const struct mc_metric mc_metric_table[];

/* +1 where more is better, -1 where less is, 0 where neither. */
int		 mc_metric_better(const struct mc_metric *m);

/* The row of that name, or NULL. */
const struct mc_metric *mc_metric_find(const char *name);

#endif
