/*
 * metric_spec.h - what a user asks for: a metric, in one of its forms.
 */
#ifndef MC_METRIC_SPEC_H
#define MC_METRIC_SPEC_H

#include "base/err.h"
#include "base/mem.h"
#include "stats/metric.h"

struct mc_metric_spec {
	const struct mc_metric *metric;
	enum mc_average average;
	int class_index;	/* MC_EACH_CLASS: -1 means every class,
				   MC_POSITIVE the positive one */
	double at;		/* the metric's parameter; NAN: it has none */
	bool bare;		/* by its name alone; or one of "all" */
	bool all;
};
#define MC_ALL_CLASSES	(-1)
#define MC_POSITIVE	(-2)

/*
 * Parse LIST: names of the table, separated by commas, each alone or with
 * ":weighted", ":macro", ":ovo", ":class" (every class) or ":positive" (the
 * positive class), and those with a parameter perhaps with "@X" behind the
 * name, 0 < X < 1; or "all".  With HAS_POSITIVE a bare metric that needs
 * probabilities and has a form for one class means ":positive".  *SPECS has
 * *N and is freed with free().
 */
enum mc_status	 mc_metric_specs_parse(const char *list, bool has_positive,
		    struct mc_metric_spec **specs, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The same metrics for the samples of a task with N_CLASSES classes: every
 * class is named; POSITIVE is the index of the positive class, or negative.  A
 * metric that would come twice comes once.  *EXPANDED has *N_EXPANDED and is
 * freed with free().
 *
 * MC_EUSAGE where a metric needs a declared order and ORDERED is false, or is
 * bare, needs the positive class, and of two classes none is declared so;
 * those that "all" brought stay, for the caller to leave empty.
 */
enum mc_status	 mc_metric_specs_expand(const struct mc_metric_spec *specs,
		    size_t n, size_t n_classes, bool ordered, int positive,
		    struct mc_metric_spec **expanded, size_t *n_expanded,
		    struct mc_err *err) MC_MUST_CHECK;

/* Append the text of the column metric: its name, and "@X" with a parameter. */
void		 mc_metric_spec_name(const struct mc_metric_spec *m,
		    struct mc_buf *text);

/*
 * Whether the value is accuracy under this name or another: weighted recall,
 * and every micro average, would be.
 */
bool		 mc_metric_spec_is_accuracy(const struct mc_metric_spec *m);

/*
 * The denominator of the ratio that M is, or MC_NO_RATIO: a mean over classes is none,
 * but for weighted recall, which is accuracy.
 */
enum mc_denominator	 mc_metric_spec_denominator(const struct mc_metric_spec *m);

/* Whether S has what M needs; else *WHY, unless NULL, says what is missing. */
bool		 mc_metric_spec_possible(const struct mc_sample *s,
		    const struct mc_metric_spec *m, const char **why);

/* Whether a denominator is that of a proportion. */
bool		 mc_denominator_is_proportion(enum mc_denominator denominator);

#endif
