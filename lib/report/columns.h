/*
 * columns.h - choose the metrics that a table shows: in what order, under what
 * headings and on what scale.
 */
#ifndef MC_COLUMNS_H
#define MC_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "report/grid.h"
#include "stats/metric.h"

/* A metric in one of its forms; the texts are somebody else's. */
struct mc_column {
	const char *metric;
	const char *average;	/* weighted, macro, ... or "" */
	const char *class_name;	/* "" where it is not of one class */
};

/*
 * Find the row of the metric called NAME, its form in print.  A name that is
 * not ours has no heading, factor 1, three decimals and no best value.  Never
 * NULL.
 */
const struct mc_metric *mc_columns_metric(const char *name);

/*
 * The columns for the N forms at ALL (those of the rows of a table, repeated as
 * they come): what LIST asks for in its order, or where it is NULL all forms
 * that are of no single class or the only form of their metric (the AUROC of
 * the positive class), in the order of mctools.  An item of LIST is
 * "NAME:FORM", FORM an average or "class", or "NAME", which is the first there
 * is of "", weighted, macro, micro, ovo and class.  An item that is not there
 * is MC_EUSAGE, unless SOME of them will do, and so is a LIST of which nothing
 * is there.  *COLUMNS has *N_COLUMNS and is freed with free(); none at all is
 * MC_EDATA.
 */
enum mc_status	mc_columns_choose(const struct mc_column *all, size_t n,
		    const char *list, bool some, struct mc_column **columns,
		    size_t *n_columns, struct mc_err *err) MC_MUST_CHECK;

/* All of the N forms at ALL, each once, in the order of mctools; N > 0, and
   *COLUMNS, which has *N_COLUMNS, is freed with free(). */
void	mc_columns_all(const struct mc_column *all, size_t n,
	    struct mc_column **columns, size_t *n_columns);

/* The index of a form among the N columns, or N. */
size_t	mc_columns_find(const struct mc_column *columns, size_t n,
	    const struct mc_column *column);

/* The heading of column I, which names the form where that tells two columns
   apart; the caller frees it. */
char	*mc_columns_heading(const struct mc_column *columns, size_t n,
	    size_t i);

/* The same within a sentence: "balanced accuracy", "AUROC", "Brier score". */
char	*mc_columns_name(const struct mc_column *columns, size_t n, size_t i);

#define MC_PERCENT_DECIMALS	2	/* of percentages, where nothing says how
					   many are of use */
#define MC_BY_WIDTH		(-1)	/* instead of a number of decimals */

/*
 * The decimals with which METRIC is printed: PERCENT for percentages, and one
 * more for others.
 */
int	mc_metric_decimals(const char *metric, int percent);

/*
 * The decimals of percentages, PERCENT of the functions below, with which
 * METRIC is printed where its intervals have the N half-widths at HALF, which
 * are sorted; NAN and 0 are left out.  The median of them has two significant
 * digits, as an uncertainty needs no more (JCGM 100:2008, 7.2.6), within 0 to 3
 * decimals of a percentage and 1 to 5 of another metric; MC_PERCENT_DECIMALS
 * where there is none.  Where PERCENT is not MC_BY_WIDTH it is returned.
 */
int	mc_metric_percent(const char *metric, int percent, double *half,
	    size_t n);

/*
 * V times the factor of METRIC: "94.23", with a sign unless it is printed as 0;
 * MC_MISSING of NAN.  The caller frees it.
 */
char	*mc_metric_text(const char *metric, double v, int percent);

/* Set the limits of CELL; none where one of them is NAN. */
void	mc_metric_limits(const char *metric, double lo, double hi, int percent,
	    struct mc_grid_cell *cell);

/*
 * Append UNIT, or "UNIT (except A, B)" where not all columns are percentages;
 * nothing where none is.
 */
void	mc_columns_unit(const struct mc_column *columns, size_t n,
	    const char *unit, struct mc_buf *text);

/*
 * Append BEFORE, the headings of the columns of which the lowest value is the
 * best, and AFTER; nothing where there are none.
 */
void	mc_columns_lowest(const struct mc_column *columns, size_t n,
	    const char *before, const char *after, struct mc_buf *text);

/* Say below G which headings are of a mean over classes, and for which. */
void	mc_columns_averages(const struct mc_column *columns, size_t n,
	    struct mc_grid *g);

#endif
