/*
 * measure.h - what a user asks for: a metric, in one of its forms.
 */
#ifndef MC_MEASURE_H
#define MC_MEASURE_H

#include "base/err.h"
#include "base/mem.h"
#include "stats/metric.h"

struct mc_measure {
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
 * probabilities and has a form for one class means ":positive".  *MEASURES has
 * *N and is freed with free().
 */
enum mc_status	 mc_measures_parse(const char *list, bool has_positive,
		    struct mc_measure **measures, size_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The same measures for the samples of a task with N_CLASSES classes: every
 * class is named; POSITIVE is the index of the positive class, or negative.  A
 * measure that would come twice comes once.  *EXPANDED has *N_EXPANDED and is
 * freed with free().
 *
 * MC_EUSAGE where a measure needs a declared order and ORDERED is false, or is
 * bare, needs the positive class, and of two classes none is declared so;
 * those that "all" brought stay, for the caller to leave empty.
 */
enum mc_status	 mc_measures_expand(const struct mc_measure *measures,
		    size_t n, size_t n_classes, bool ordered, int positive,
		    struct mc_measure **expanded, size_t *n_expanded,
		    struct mc_err *err) MC_MUST_CHECK;

/* Append the text of the column metric: its name, and "@X" with a parameter. */
void		 mc_measure_name(const struct mc_measure *m,
		    struct mc_buf *text);

/*
 * Whether the value is accuracy under this name or another: weighted recall,
 * and every micro average, would be.
 */
bool		 mc_measure_is_accuracy(const struct mc_measure *m);

/*
 * The base of the ratio that M is, or MC_NO_RATIO: a mean over classes is none,
 * but for weighted recall, which is accuracy.
 */
enum mc_base	 mc_measure_base(const struct mc_measure *m);

/* Whether S has what M needs; else *WHY, unless NULL, says what is missing. */
bool		 mc_measure_possible(const struct mc_sample *s,
		    const struct mc_measure *m, const char **why);

/* Whether a base is that of a proportion. */
bool		 mc_base_is_proportion(enum mc_base base);

#endif
