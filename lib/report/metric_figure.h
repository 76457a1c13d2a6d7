/*
 * metric_figure.h - what figures of the metrics table have in common: which
 * metrics are drawn, and what a row of it is evidence of.
 */
#ifndef MC_METRIC_FIGURE_H
#define MC_METRIC_FIGURE_H

#include "base/err.h"
#include "report/columns.h"
#include "report/drawing.h"
#include "table/schemas.h"

/* The metric of R, in its form. */
struct mc_column mc_metric_figure_column(const struct mc_metrics_row *r);

/*
 * Choose the metrics of ROWS, a metrics table, that --metrics asks for
 * (mc_columns_choose).  MC_EDATA also where a number that is drawn cannot be
 * one of its metric, such as an accuracy of 2.
 */
enum mc_status	mc_metric_figure_choose(struct mc_rows *rows,
		    const struct mc_drawing *d, struct mc_column **columns,
		    size_t *n_columns, struct mc_err *err) MC_MUST_CHECK;

/* Check that DIFFERENCE can be one of METRIC; PLACE is that of its row. */
enum mc_status	mc_metric_figure_difference(const char *metric,
		    double difference, const char *place, struct mc_err *err)
		    MC_MUST_CHECK;

/* What the number of R was made from. */
struct mc_evidence mc_metric_figure_evidence(const struct mc_metrics_row *r);

/* The estimate of METRIC with its interval, as text: "84.5 [74.2, 93.2]", without
   the interval where LO or HI is NAN.  The caller frees it. */
char		*mc_metric_figure_text(const char *metric, double estimate,
		    double lo, double hi, int percent);

/* The heading of column I with its unit: "Accuracy (%)", "AUROC (sick), %".  The
   caller frees it. */
char		*mc_metric_figure_axis(const struct mc_column *columns,
		    size_t n, size_t i);

#endif
