/*
 * metric.h - look up the definitions of metrics in one table.
 *
 * Every metric is a function of a reweighted sample (reweighted.h), so that a
 * bootstrap replicate is the same sample with other weights and no row is ever
 * copied.  The table is what --list-metrics prints and what the tests go
 * through.  A new metric is a row and its value function.
 */
#ifndef MC_METRIC_H
#define MC_METRIC_H

#include "stats/metric_spec.h"

/* Ends in a row whose name is NULL. */
extern const struct mc_metric mc_metric_table[];

/* Find the row of NAME, or of NAME@X where it has a parameter; else NULL. */
const struct mc_metric *mc_metric_find(const char *name);

#endif
