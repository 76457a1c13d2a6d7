/* log.c - write the training log. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/softmax.h"
#include "learn/log.h"
#include "stats/metric_list.h"
#include "stats/reweighted.h"
#include "table/probability.h"

#define COLUMNS "accuracy,precision,recall,f1"
#define N_COLUMNS 4

void
mc_log_heading(const struct mc_log *log, const char *rate)
{
	mc_buf_printf(log->text, "epoch\tsplit\tloss\taccuracy\tprecision\t"
	    "recall\tf1\t%s", rate);
	if (mc_criterion_has_column(log->criterion)) {
		mc_buf_puts(log->text, "\t");
		mc_criterion_name(log->criterion, log->text);
	}
	mc_buf_puts(log->text, "\n");
}

/* The images of W, without probabilities. */
static struct mc_sample
sample(const struct mc_log *log, const struct mc_walk *w)
{
	return (struct mc_sample){ .n = w->n, .n_classes = log->n_classes,
	    .classes = log->classes, .ordered = true, .label = w->label,
	    .predicted = w->predicted };
}

/* The value of the criterion's metric for the images of W. */
static double
value_of(const struct mc_log *log, const struct mc_walk *w)
{
	size_t k = log->n_classes, i;
	double *p = mc_xcalloc(w->n * k, sizeof(*p)), value;
	double *o = mc_xcalloc(w->n * k, sizeof(*o));
	uint32_t *unit = mc_xcalloc(w->n, sizeof(*unit));
	struct mc_sample s = sample(log, w);

	for (i = 0; i < w->n; i++) {
		unit[i] = (uint32_t)i;
		memcpy(p + i * k, w->logits + i * k, k * sizeof(*p));
		mc_log_odds(p + i * k, k, o + i * k);
		mc_softmax_f64(p + i * k, k);
	}
	s.p = p;
	s.o = o;
	s.unit = unit;
	s.n_units = w->n;
	mc_metric_values(&s, &log->criterion->metric, 1, &value);
	free(unit);
	free(o);
	free(p);
	return value;
}

/* Append the row of W, a walk through SPLIT, up to RATE; return the accuracy. */
static double
add_row(const struct mc_log *log, const struct mc_walk *w, int64_t epoch,
    const char *split, double rate)
{
	const struct mc_sample s = sample(log, w);
	struct mc_metric_spec *specs = NULL;
	double value[N_COLUMNS] = { 0 };
	char number[MC_NUM_SIZE];
	size_t n = 0, i;

	/* Parsing a list of known names cannot fail. */
	if (mc_metric_specs_parse(COLUMNS, false, &specs, &n, NULL) != MC_OK)
		n = 0;
	mc_metric_values(&s, specs, n, value);
	free(specs);
	mc_buf_printf(log->text, "%lld\t%s\t%s", (long long)epoch, split,
	    mc_format_f64(number, mc_walk_loss(w)));
	for (i = 0; i < n; i++)
		mc_buf_printf(log->text, "\t%s",
		    mc_format_f64(number, value[i]));
	mc_buf_printf(log->text, "\t%s", mc_format_f64(number, rate));
	return value[0];
}

struct mc_best
mc_log_epoch(const struct mc_log *log, int64_t epoch, double rate,
    const struct mc_walk *train, const struct mc_walk *val)
{
	bool column = mc_criterion_has_column(log->criterion);
	struct mc_best best = { .epoch = epoch,
	    .only_class = mc_walk_only_class(train) };
	char number[MC_NUM_SIZE];

	add_row(log, train, epoch, "train", rate);
	mc_buf_puts(log->text, column ? "\t\n" : "\n");
	if (val->n == 0)
		return best;
	best.only_class = mc_walk_only_class(val);
	best.loss = mc_walk_loss(val);
	best.accuracy = add_row(log, val, epoch, "val", rate);
	if (log->criterion->kind == MC_SELECT_METRIC)
		best.value = value_of(log, val);
	if (column)
		mc_buf_printf(log->text, "\t%s",
		    mc_format_f64(number, best.value));
	mc_buf_puts(log->text, "\n");
	return best;
}
