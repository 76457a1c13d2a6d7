/*
 * metric.h - what a metric is: one table of definitions, and their values.
 *
 * Every metric is a function of weighted images, so that a bootstrap replicate
 * is the same table with other weights and no row is ever copied.  Definitions
 * are scikit-learn's (1.2.1), called with labels= the declared classes; the
 * tests compare the two.
 */
#ifndef MC_METRIC_H
#define MC_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Classified images, and the units that are independent of each other. */
struct mc_sample {
	size_t n;			/* images */
	size_t n_classes;
	const char *const *classes;	/* n_classes names */
	const int *label;		/* n class indices */
	const int *predicted;		/* n class indices */
	const double *p;		/* n x n_classes, or NULL: none */
	const uint32_t *unit;		/* n: 0 .. n_units - 1 */
	size_t n_units;			/* less than 2^30 */
};

/* What the metrics are computed from: sums over weighted images. */
struct mc_tally {
	size_t n_classes;
	double *confusion;	/* [label][predicted] */
	double total;		/* sum of confusion */
	double *support;	/* [label]: row sums */
	double *chosen;		/* [predicted]: column sums */
	double *auroc;		/* [class]: one versus rest; NAN: undefined */
	double *positives;	/* [class]: the weights of class behind auroc */
};

struct mc_tally	*mc_tally_alloc(size_t n_classes);
void		 mc_tally_free(struct mc_tally *t);
/* Bring total, support and chosen up to date with confusion. */
void		 mc_tally_margins(struct mc_tally *t);
/* Every image of S once; auroc stays as it is, ... */
void		 mc_tally_sample(struct mc_tally *t, const struct mc_sample *s);
/* ... and is brought in here, for all classes; S must have p. */
void		 mc_tally_auroc(struct mc_tally *t, const struct mc_sample *s);

enum mc_average {
	MC_NO_AVERAGE = 1,	/* a metric of the whole table */
	MC_WEIGHTED = 2,	/* mean over classes, weighted by support */
	MC_MACRO = 4,		/* plain mean over the declared classes */
	MC_EACH_CLASS = 8	/* one class against the rest */
};

/* Whose units stand in a proportion's denominator. */
enum mc_base {
	MC_NO_PROPORTION,
	MC_OF_ALL,		/* all units */
	MC_OF_LABEL,		/* those with an image of the class */
	MC_OF_PREDICTED		/* those with an image predicted as it */
};

struct mc_metric {
	const char *name;
	unsigned averages;		/* those that it has, ored */
	enum mc_average standard;	/* the one meant by the bare name */
	bool needs_p;			/* cannot do with hard labels */
	/*
	 * The value; CLASS counts only with MC_EACH_CLASS.  0/0 in a ratio of
	 * counts is 0; NAN means that the metric is undefined.
	 */
	double (*value)(const struct mc_tally *t, enum mc_average average,
	    size_t class_index);
	/* What a class's ratio is divided by; NULL where there is none. */
	double (*denominator)(const struct mc_tally *t, size_t class_index);
	enum mc_base base;
	const char *definition;		/* one line, for people */
	const char *reference;		/* the function that it agrees with */
};

/* Ends in a row whose name is NULL. */
extern const struct mc_metric mc_metric_table[];

/* What a user asks for: a metric, an average and, for one class, which. */
struct mc_measure {
	const struct mc_metric *metric;
	enum mc_average average;
	int class_index;	/* MC_EACH_CLASS: -1 means every class,
				   MC_POSITIVE the positive one */
};
#define MC_ALL_CLASSES	(-1)
#define MC_POSITIVE	(-2)

/*
 * Parse LIST: names of the table, separated by commas, each alone or with
 * ":weighted", ":macro", ":class" (every class) or ":positive" (the positive
 * class); or "all".  With HAS_POSITIVE a bare metric that needs probabilities
 * means ":positive".  *MEASURES has *N and is freed with free().
 */
enum mc_status	 mc_measures_parse(const char *list, bool has_positive,
		    struct mc_measure **measures, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The same measures with every class of S named; POSITIVE is the index of the
 * positive class.  A measure that would come twice comes once.  *EXPANDED has
 * *N_EXPANDED and is freed with free().
 */
void		 mc_measures_expand(const struct mc_measure *measures, size_t n,
		    const struct mc_sample *s, int positive,
		    struct mc_measure **expanded, size_t *n_expanded);

/* "weighted", "macro" or "": the text in the column average. */
const char	*mc_average_name(enum mc_average average);

/* The value of M; NAN where it is undefined. */
double		 mc_measure_value(const struct mc_measure *m,
		    const struct mc_tally *t);

/* --- Ranking -------------------------------------------------------------- */

/* The images in the order of the probability of one class, sorted once. */
struct mc_ranking;

struct mc_ranking *mc_ranking_alloc(const struct mc_sample *s,
		    size_t class_index);
void		 mc_ranking_free(struct mc_ranking *r);

/*
 * The area under the ROC curve of the class against the rest, ties counted
 * half (Mann & Whitney 1947; Hanley & McNeil 1982), where unit u stands
 * TIMES[u] times, or once where TIMES is NULL.  NAN where the class or the rest
 * is missing.  *POSITIVES is the number of images of the class.
 */
double		 mc_ranking_auroc(const struct mc_ranking *r,
		    const uint32_t *times, double *positives);

#ifdef __cplusplus
}
#endif

#endif
