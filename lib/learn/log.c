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
#include "stats/sample.h"
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

/* --- Metrics --------------------------------------------------------------- */

/* Make room for N images of K classes, whose probabilities are P. */
static void
start_sample(struct mc_owned_sample *x, size_t n, size_t k, bool p)
{
	*x = (struct mc_owned_sample){
	    .label = mc_xcalloc(n, sizeof(*x->label)),
	    .predicted = mc_xcalloc(n, sizeof(*x->predicted)),
	    .unit = mc_xcalloc(n, sizeof(*x->unit)) };
	if (p) {
		x->p = mc_xcalloc(n * k, sizeof(*x->p));
		x->o = mc_xcalloc(n * k, sizeof(*x->o));
	}
	x->s = (struct mc_sample){ .n_classes = k, .ordered = true,
	    .label = x->label, .predicted = x->predicted, .p = x->p,
	    .o = x->o, .unit = x->unit };
}

/* Set the probabilities of image I of X by its LOGITS in W, or by finding F. */
static void
add_p(struct mc_owned_sample *x, size_t i, const struct mc_walk *w,
    const double *logits, size_t f)
{
	size_t k = x->s.n_classes;
	double *p = x->p + i * k;

	/* The sigmoid is the softmax of 0 and the logit. */
	if (w->by->multilabel)
		p[MC_YES] = logits[f];
	else
		memcpy(p, logits, k * sizeof(*p));
	mc_log_odds(p, k, x->o + i * k);
	mc_softmax_f64(p, k);
}

/*
 * The images of W, or those whose label of finding F counts, with P their
 * probabilities.  mc_owned_sample_clear ends X.
 */
static void
take_sample(struct mc_owned_sample *x, const struct mc_log *log,
    const struct mc_walk *w, size_t f, bool p)
{
	size_t labels = w->by->labels, n = 0, i;

	start_sample(x, w->n, w->by->multilabel ? 2 : log->n_classes, p);
	x->s.classes = w->by->multilabel ? mc_label_names : log->classes;
	for (i = 0; i < w->n; i++) {
		if (w->label[i * labels + f] == MC_NOT_COUNTED)
			continue;
		x->label[n] = w->label[i * labels + f];
		x->predicted[n] = w->predicted[i * labels + f];
		x->unit[n] = (uint32_t)n;
		if (p)
			add_p(x, n, w, w->logits + i * log->n_classes, f);
		n++;
	}
	x->s.n = x->s.n_units = n;
}

/*
 * Set VALUE to those of the N metrics SPECS for the images of W.  Of findings it
 * is the mean over those that have one; NAN: none has.
 */
static void
measure(const struct mc_log *log, const struct mc_walk *w,
    const struct mc_metric_spec *specs, size_t n, bool p, double *value)
{
	size_t *defined = mc_xcalloc(n, sizeof(*defined)), f, i;
	double *one = mc_xcalloc(n, sizeof(*one));
	struct mc_owned_sample x;

	for (i = 0; i < n; i++)
		value[i] = 0;
	for (f = 0; f < w->by->labels; f++) {
		take_sample(&x, log, w, f, p);
		if (x.s.n > 0)
			mc_metric_values(&x.s, specs, n, one);
		for (i = 0; i < n; i++) {
			if (x.s.n == 0 || isnan(one[i]) ||
			    mc_metric_lacks_class(&specs[i], x.label, x.s.n))
				continue;
			value[i] += one[i];
			defined[i]++;
		}
		mc_owned_sample_clear(&x);
	}
	for (i = 0; i < n; i++)
		value[i] = defined[i] > 0 ? value[i] / (double)defined[i] :
		    NAN;
	free(defined);
	free(one);
}

/* --- Rows ------------------------------------------------------------------ */

/* Append the row of W, a walk through SPLIT, up to RATE; return the accuracy. */
static double
add_row(const struct mc_log *log, const struct mc_walk *w, int64_t epoch,
    const char *split, double rate)
{
	struct mc_metric_spec *specs = NULL;
	double value[N_COLUMNS] = { 0 };
	char number[MC_NUM_SIZE];
	size_t n = 0, i;

	/* Parsing a list of known names cannot fail. */
	if (mc_metric_specs_parse(COLUMNS, false, &specs, &n, NULL) != MC_OK)
		n = 0;
	measure(log, w, specs, n, false, value);
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
	const struct mc_walk *seen = val->n > 0 ? val : train;
	struct mc_best best = { .epoch = epoch,
	    .only_class = mc_walk_only_class(seen),
	    .no = mc_walk_one_way(seen, MC_NO),
	    .yes = mc_walk_one_way(seen, MC_YES) };
	char number[MC_NUM_SIZE];

	add_row(log, train, epoch, "train", rate);
	mc_buf_puts(log->text, column ? "\t\n" : "\n");
	if (val->n == 0)
		return best;
	best.loss = mc_walk_loss(val);
	best.accuracy = add_row(log, val, epoch, "val", rate);
	if (log->criterion->kind == MC_SELECT_METRIC)
		measure(log, val, &log->criterion->metric, 1, true,
		    &best.value);
	if (column)
		mc_buf_printf(log->text, "\t%s",
		    mc_format_f64(number, best.value));
	mc_buf_puts(log->text, "\n");
	return best;
}
