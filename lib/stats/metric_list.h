/*
 * metric_list.h - parse a list of metrics, and expand it for a task's classes.
 */
#ifndef MC_METRIC_LIST_H
#define MC_METRIC_LIST_H

#include "base/err.h"
#include "base/mem.h"
#include "stats/metric_spec.h"

/*
 * Parse LIST: "all", or names of metrics separated by commas, each alone or
 * followed by ":weighted", ":macro", ":ovo", ":class" (every class) or
 * ":positive" (the positive class); a metric with a parameter takes "@X" after
 * its name, 0 < X < 1.  With HAS_POSITIVE a name alone of a metric that needs
 * probabilities and has a form for one class means ":positive".  *SPECS has *N
 * elements and is freed with free().  MC_EUSAGE: an item is not of that form.
 */
enum mc_status	 mc_metric_specs_parse(const char *list, bool has_positive,
		    struct mc_metric_spec **specs, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Append to NAMES, "precision, recall", those of N specs that a positive class
 * leaves as they are although they have a form for one class: names alone that
 * mean the weighted mean over classes.  Returns the first name; NULL: none.
 */
const char	*mc_metric_specs_weighted(const struct mc_metric_spec *specs,
		    size_t n, struct mc_buf *names);

/* Parse TEXT, one such item, given with OPTION, which an error names. */
enum mc_status	 mc_metric_spec_parse(const char *text, const char *option,
		    bool has_positive, struct mc_metric_spec *spec,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Expand the N SPECS for a task with N_CLASSES classes: MC_ALL_CLASSES becomes
 * one spec per class, MC_POSITIVE the class POSITIVE (an index; negative: none
 * is declared).  Duplicates are dropped.  *EXPANDED has *N_EXPANDED elements
 * and is freed with free().
 *
 * MC_EUSAGE where a metric needs a declared order and ORDERED is false, and
 * where one given by its name alone needs a positive class and neither of two
 * classes is declared positive; those that "all" brought stay, without values.
 */
enum mc_status	 mc_metric_specs_expand(const struct mc_metric_spec *specs,
		    size_t n, size_t n_classes, bool ordered, int positive,
		    struct mc_metric_spec **expanded, size_t *n_expanded,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
