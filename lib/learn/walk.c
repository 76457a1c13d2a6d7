/* walk.c - collect losses and predictions. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/softmax.h"
#include "learn/walk.h"
#include "stats/metric_list.h"
#include "stats/reweighted.h"

void
mc_walk_init(struct mc_walk *w, size_t n)
{
	w->label = mc_xcalloc(n, sizeof(*w->label));
	w->predicted = mc_xcalloc(n, sizeof(*w->predicted));
	mc_walk_start(w);
}

void
mc_walk_clear(struct mc_walk *w)
{
	free(w->label);
	free(w->predicted);
}

void
mc_walk_start(struct mc_walk *w)
{
	w->n = 0;
	w->loss = w->divisor = 0;
}

void
mc_walk_add(struct mc_walk *w, const struct mc_loss *loss,
    const double *logits, const int64_t *label, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const double *row = logits + i * loss->classes;

		w->loss += mc_loss_of(loss, row, label[i]);
		w->label[w->n] = (int)label[i];
		w->predicted[w->n++] = (int)mc_argmax(row, loss->classes);
	}
	w->divisor += mc_loss_divisor(loss, label, n);
}

double
mc_walk_loss(const struct mc_walk *w)
{
	return w->n > 0 ? w->loss / w->divisor : NAN;
}

int
mc_walk_only_class(const struct mc_walk *w)
{
	size_t i;

	for (i = 0; i < w->n && w->predicted[i] == w->predicted[0]; i++)
		;
	return w->n > 0 && i == w->n ? w->predicted[0] : -1;
}

void
mc_walk_heading(const char *rate, struct mc_buf *log)
{
	mc_buf_printf(log, "epoch\tsplit\tloss\taccuracy\tprecision\trecall"
	    "\tf1\t%s\n", rate);
}

double
mc_walk_log(const struct mc_walk *w, const char *const *classes,
    size_t n_classes, int64_t epoch, const char *split, double rate,
    struct mc_buf *log)
{
	const struct mc_sample sample = { .n = w->n, .n_classes = n_classes,
	    .classes = classes, .label = w->label,
	    .predicted = w->predicted };
	struct mc_metric_spec *specs = NULL;
	char number[MC_NUM_SIZE];
	double value[4] = { 0 };
	size_t n = 0, i;

	mc_buf_printf(log, "%lld\t%s\t%s", (long long)epoch, split,
	    mc_format_f64(number, mc_walk_loss(w)));
	/* Parsing a list of known names cannot fail. */
	if (mc_metric_specs_parse("accuracy,precision,recall,f1", false, &specs,
	    &n, NULL) != MC_OK)
		n = 0;
	mc_metric_values(&sample, specs, n, value);
	for (i = 0; i < n; i++)
		mc_buf_printf(log, "\t%s", mc_format_f64(number, value[i]));
	mc_buf_printf(log, "\t%s\n", mc_format_f64(number, rate));
	free(specs);
	return value[0];
}
