/*
 * metric_spec.h - define what a metric is, and specify one of its forms.
 */
#ifndef MC_METRIC_SPEC_H
#define MC_METRIC_SPEC_H

#include "base/mem.h"
#include "stats/sample.h"

enum mc_average {
	MC_NO_AVERAGE = 1,	/* a metric of all classes together */
	MC_WEIGHTED = 2,	/* mean over classes, weighted by support */
	MC_MACRO = 4,		/* plain mean over the declared classes */
	MC_OVO = 8,		/* mean over pairs of classes */
	MC_EACH_CLASS = 16	/* one class against the rest */
};
#define MC_AVERAGES 5

/* What a metric requires, ORed. */
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
 * The denominator of a metric that is a ratio of sums over images.  The ratio
 * is a proportion where the numerator counts some of the same images.
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

/* A metric's definition: a row of the table in metric.c. */
struct mc_metric {
	const char *name;
	unsigned averages;		/* of enum mc_average, ORed */
	enum mc_average standard;	/* the one that the name alone means */
	unsigned needs;			/* of enum mc_need, ORed */
	enum mc_source source;
	enum mc_denominator denominator;	/* by class, or whole */
	double least, most;		/* its range; INFINITY: unbounded */
	double at;			/* default of its parameter; NAN: it
					   has none */
	/*
	 * Compute the value of class CLASS_INDEX, 0 where the metric has no
	 * form by class.  0/0 in a ratio of counts is
	 * mc_reweighted_no_ratio(W); NAN means that the metric is undefined.
	 */
	double (*value)(struct mc_reweighted *w, const struct mc_metric_spec *m,
	    size_t class_index);
	/* Compute the mean over those pairs of classes that have images; NULL:
	   the metric has no such form. */
	double (*ovo)(struct mc_reweighted *w);
	/* Compute the loss of one image; NULL unless from MC_FROM_LOSSES. */
	double (*loss)(const struct mc_sample *s, size_t image,
	    const struct mc_metric_spec *m);
	/* Compute the denominator of a class's ratio; NULL: not a ratio. */
	double (*divisor)(struct mc_reweighted *w, size_t class_index);
	bool biased;			/* bootstrap replicates are biased: no
					   interval unless one is asked for */
	const char *undefined;		/* why it may be undefined, other than
					   by a class without images; NULL: it
					   may not */
	const char *definition;		/* one line, for people */
	const char *reference;		/* the implementation, or paper, that it
					   agrees with */
	int better;			/* +1: higher is better, -1: lower, 0:
					   neither */
	/* In print. */
	const char *heading;		/* of a column, LaTeX */
	double factor;			/* of a value: 100 for per cent */
	int decimals;
};

/* A metric in one of its forms, as a user asks for it. */
struct mc_metric_spec {
	const struct mc_metric *metric;
	enum mc_average average;
	int class_index;	/* of MC_EACH_CLASS: a class, or before
				   mc_metric_specs_expand MC_ALL_CLASSES or
				   MC_POSITIVE */
	double at;		/* the metric's parameter; NAN: it has none */
	bool bare;		/* asked for by its name alone */
	bool all;		/* asked for by "all" */
};
#define MC_ALL_CLASSES	(-1)
#define MC_POSITIVE	(-2)

/* Return "weighted", "macro", "ovo" or "": the text in the column average. */
const char	*mc_average_name(enum mc_average average);

/* Append the text of the column metric: its name, and "@X" for a parameter. */
void		 mc_metric_spec_name(const struct mc_metric_spec *m,
		    struct mc_buf *text);

/* Whether M is accuracy, or equal to it as weighted recall is. */
bool		 mc_metric_spec_is_accuracy(const struct mc_metric_spec *m);

/*
 * Return the denominator of M, MC_NO_RATIO if M is not a ratio.  A mean over
 * classes is none, except weighted recall, which is accuracy.
 */
enum mc_denominator mc_metric_spec_denominator(
		    const struct mc_metric_spec *m);

/*
 * Whether S has what M needs.  Where it has not, *WHY, unless NULL, says what
 * is missing.
 */
bool		 mc_metric_spec_possible(const struct mc_sample *s,
		    const struct mc_metric_spec *m, const char **why);

/* Whether a ratio with this denominator is a proportion. */
bool		 mc_denominator_is_proportion(enum mc_denominator denominator);

#endif
