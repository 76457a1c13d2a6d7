/*
 * result_set.h - hold the numbers that a table of results shows, and what tells
 * them apart.
 */
#ifndef MC_RESULT_SET_H
#define MC_RESULT_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "report/columns.h"
#include "report/facts.h"
#include "report/layout.h"
#include "report/lines.h"
#include "table/schemas.h"

struct mc_result {
	const struct mc_metrics_row *row;
	size_t form;		/* of its metric, among the forms */
	size_t heading;		/* of its metric, among the headings */
	const char *text[MC_LAYOUT_KEYS];	/* as printed, never NULL */
	bool model_is_last, arm_is_last;	/* no row of that name has a
				   regime, as those of a baseline */
	size_t line, column;	/* its place in the table */
};

/* The members are for reading. */
struct mc_result_set {
	struct mc_rows *m;
	const struct mc_table_style *style;
	size_t n;
	struct mc_result *results;	/* in the order of the rows of M */
	/* Metrics in the forms that are chosen, in the order of print. */
	size_t n_forms;
	struct mc_column *forms;
	int *percent;		/* [form]: its decimals of percentages */
	/* What these are called: a class or an average that is a key of the
	   layout is no part of the name, so that forms may share one. */
	size_t n_headings;
	char **headings;
	size_t *heading_of;	/* [form] */
	struct mc_lines kept;	/* no lines: texts that are its own */
};

/*
 * Take the rows of M whose metrics STYLE asks for.  End S with
 * mc_result_set_clear, also after an error; M and STYLE must outlive it.
 * Without a list of metrics, a layout with MC_LAYOUT_CLASS takes those of single
 * classes, and another what mc_columns_choose says.
 *
 * What mc_columns_choose refuses.
 */
enum mc_status	mc_result_set_read(struct mc_result_set *s, struct mc_rows *m,
		    const struct mc_table_style *style,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_result_set_clear(struct mc_result_set *s);

/* Compare the texts of KEY as mc_lines_compare_names does, tasks as
   mc_lines_compare_tasks, metrics in their order.  Models and arms without a
   regime come last. */
int		mc_result_compare(const struct mc_result *a,
		    const struct mc_result *b, size_t key);

/*
 * The one value that KEY has in the results that know it: "" where none does,
 * NULL where there are several.
 */
const char	*mc_result_set_only(const struct mc_result_set *s, size_t key);

/* Whether KEY has the same value, which may be "", in all results. */
bool		mc_result_set_is_constant(const struct mc_result_set *s,
		    size_t key);

/* The decimals of percentages with which R is printed. */
int		mc_result_percent(const struct mc_result_set *s,
		    const struct mc_result *r);

/*
 * The number of a result as it is printed, so that the greatest is the best;
 * NAN: it has no value, is a ratio 0/0 that is printed as 0, or is of a metric
 * without a best value.
 */
double		mc_result_merit(const struct mc_result_set *s,
		    const struct mc_result *r);

/* Whether the best value is looked for among results that agree in KEY. */
bool		mc_result_divides(size_t key);

/* Whether R is the best of those that compete with it, and some do. */
bool		mc_result_is_best(const struct mc_result_set *s,
		    const struct mc_result *r);

#endif
