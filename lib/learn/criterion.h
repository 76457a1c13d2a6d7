/*
 * criterion.h - choose the best epoch, or the best of the values tried, by its
 * validation.
 */
#ifndef MC_CRITERION_H
#define MC_CRITERION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "learn/multilabel.h"
#include "stats/metric_spec.h"

/* What decides which epoch is kept. */
enum mc_select {
	MC_SELECT_METRIC,	/* the best value of a metric; among equal ones
				   the smallest validation loss */
	MC_SELECT_LOSS,		/* the smallest validation loss */
	MC_SELECT_LAST		/* the last epoch */
};

struct mc_criterion {
	enum mc_select kind;
	struct mc_metric_spec metric;	/* of MC_SELECT_METRIC */
};

/* An epoch, measured by its validation. */
struct mc_best {
	int64_t epoch;		/* from 1; 0: none */
	double accuracy, loss;	/* 0 without validation */
	double value;		/* of the criterion's metric; NAN: undefined */
	/* The class that is predicted for every image; -1: several. */
	int only_class;
	struct mc_one_way no, yes;	/* if images have findings */
};

/* What is declared of the classes. */
struct mc_criterion_classes {
	bool ordered;		/* their order */
	bool findings;		/* they are no and yes, of each finding: yes is
				   the positive one */
};

/*
 * Set C by TEXT: "loss", "last", or a metric of all classes (metric_list.h), or
 * of the positive one, of which one end is the better one.  MC_EUSAGE: TEXT is
 * another one, or a metric for which more would have to be declared.
 */
enum mc_status	mc_criterion_parse(struct mc_criterion *c, const char *text,
		    struct mc_criterion_classes classes,
		    struct mc_err *err) MC_MUST_CHECK;

/* Append such a TEXT to NAME, a metric with its average or ":positive". */
void		mc_criterion_name(const struct mc_criterion *c,
		    struct mc_buf *name);

/*
 * Whether M is of a class of which it needs an image, and none of the N images
 * of the classes LABEL is of it: its value, 0/0, says nothing.
 */
bool		mc_metric_lacks_class(const struct mc_metric_spec *m,
		    const int *label, size_t n);

/* Whether C is a metric other than those of each row of the training log. */
bool		mc_criterion_has_column(const struct mc_criterion *c);

/*
 * Check that C has a value where each of the N validation images, whose class
 * indices are LABEL, is predicted right: a metric may need images of each
 * class.  MC_EDATA: it has none.
 */
enum mc_status	mc_criterion_check(const struct mc_criterion *c,
		    const int *label, size_t n, const char *const *classes,
		    size_t n_classes, struct mc_err *err) MC_MUST_CHECK;

/*
 * Whether C keeps FRESH rather than OLD, whose epoch may be 0: none.  A value
 * is better than none.  Of two that are equal the older is kept.
 */
bool		mc_is_better(const struct mc_criterion *c,
		    const struct mc_best *old, const struct mc_best *fresh);

#endif
