/* walk.c - collect losses and predictions. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/softmax.h"
#include "learn/walk.h"

void
mc_walk_init(struct mc_walk *w, const struct mc_loss *by, size_t n,
    bool logits)
{
	w->by = by;
	w->label = mc_xcalloc(n * by->labels, sizeof(*w->label));
	w->predicted = mc_xcalloc(n * by->labels, sizeof(*w->predicted));
	w->logits = !logits ? NULL :
	    mc_xcalloc(n * by->classes, sizeof(*w->logits));
	mc_walk_start(w);
}

void
mc_walk_clear(struct mc_walk *w)
{
	free(w->label);
	free(w->predicted);
	free(w->logits);
}

void
mc_walk_start(struct mc_walk *w)
{
	w->n = 0;
	w->loss = w->divisor = 0;
}

void
mc_walk_add(struct mc_walk *w, const double *logits,
    const struct mc_targets *targets, size_t n)
{
	size_t classes = w->by->classes, labels = w->by->labels, i, k;

	for (i = 0; i < n; i++) {
		const double *row = logits + i * classes;
		int *predicted = w->predicted + w->n * labels;
		int *label = w->label + w->n * labels;

		w->loss += mc_loss_of(w->by, row, targets, i);
		if (w->logits != NULL)
			memcpy(w->logits + w->n * classes, row,
			    classes * sizeof(*row));
		for (k = 0; k < labels; k++) {
			label[k] = (int)mc_targets_label(targets,
			    i * labels + k);
			predicted[k] = !w->by->multilabel ?
			    (int)mc_argmax(row, classes) :
			    row[k] > 0 ? MC_YES : MC_NO;
		}
		w->n++;
	}
	w->divisor += mc_loss_divisor(w->by, targets, n);
}

double
mc_walk_loss(const struct mc_walk *w)
{
	return w->divisor > 0 ? w->loss / w->divisor : NAN;
}

int
mc_walk_only_class(const struct mc_walk *w)
{
	size_t i;

	if (w->by->multilabel)
		return -1;
	for (i = 0; i < w->n && w->predicted[i] == w->predicted[0]; i++)
		;
	return w->n > 0 && i == w->n ? w->predicted[0] : -1;
}
