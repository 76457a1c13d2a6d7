/* metric_figure.c - what figures of the metrics table have in common. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/metric_figure.h"

struct mc_column
mc_metric_figure_column(const struct mc_metrics_row *r)
{
	return (struct mc_column){ r->metric, r->average, r->class_name };
}

/* What a number may be beyond a range by rounding. */
#define SLACK	1e-9

/* Check the estimate of row I, which is drawn. */
static enum mc_status
check_range(struct mc_rows *rows, size_t i, struct mc_err *err)
{
	const struct mc_metrics_row *r = mc_rows_get(rows, i);
	const struct mc_metric *m = mc_columns_metric(r->metric);

	/* One that is not ours has no range. */
	if (m->least >= m->most || isnan(r->estimate) ||
	    (r->estimate >= m->least - SLACK && r->estimate <= m->most +
	    SLACK))
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: column \"estimate\": %g is no "
	    "value of %s, which is from %g to %g", mc_rows_place(rows, i),
	    r->estimate, r->metric, m->least, m->most);
}

enum mc_status
mc_metric_figure_choose(struct mc_rows *rows, const struct mc_drawing *d,
    struct mc_column **columns, size_t *n_columns, struct mc_err *err)
{
	size_t n = mc_rows_count(rows), i;
	struct mc_column *all = mc_xcalloc(n + 1, sizeof(*all));
	enum mc_status status;

	for (i = 0; i < n; i++)
		all[i] = mc_metric_figure_column(mc_rows_get(rows, i));
	status = mc_columns_choose(all, n, d->style->table.metrics, false,
	    columns, n_columns, err);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (mc_columns_find(*columns, *n_columns, &all[i]) <
		    *n_columns)
			status = check_range(rows, i, err);
	}
	free(all);
	return status;
}

enum mc_status
mc_metric_figure_difference(const char *metric, double difference,
    const char *place, struct mc_err *err)
{
	const struct mc_metric *m = mc_columns_metric(metric);

	if (m->least >= m->most || isnan(difference) ||
	    fabs(difference) <= m->most - m->least + SLACK)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: column \"difference\": %g is no "
	    "difference in %s, which is from %g to %g", place, difference,
	    metric, m->least, m->most);
}

struct mc_evidence
mc_metric_figure_evidence(const struct mc_metrics_row *r)
{
	return (struct mc_evidence){ r->level, r->method, r->replicates,
	    r->resample_seed, { r->key[MC_KEY_TASK], r->key[MC_KEY_SPLIT],
	    r->subgroup }, r->unit, r->n_images, r->n_units, r->seeds,
	    r->key[MC_KEY_WEIGHTS] };
}

char *
mc_metric_figure_text(const char *metric, double estimate, double lo,
    double hi, int percent)
{
	char *text = mc_metric_text(metric, estimate, percent);
	char *low, *high, *all;

	if (isnan(lo) || isnan(hi))
		return text;
	low = mc_metric_text(metric, lo, percent);
	high = mc_metric_text(metric, hi, percent);
	all = mc_xasprintf("%s [%s, %s]", text, low, high);
	free(text);
	free(low);
	free(high);
	return all;
}

char *
mc_metric_figure_axis(const struct mc_column *columns, size_t n, size_t i)
{
	char *heading = mc_columns_heading(columns, n, i), *axis;

	/* Behind the name of a class in parentheses, a comma. */
	axis = mc_xasprintf("%s%s", heading,
	    mc_columns_metric(columns[i].metric)->factor != 100 ? "" :
	    strchr(heading, '(') != NULL ? ", %" : " (%)");
	free(heading);
	return axis;
}
