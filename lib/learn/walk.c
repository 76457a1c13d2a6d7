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

/* What is predicted of every image for label K; -1: not one thing. */
static int
only_prediction(const struct mc_walk *w, size_t k)
{
	const int *first = w->predicted + k;
	size_t labels = w->by->labels, i;

	for (i = 0; i < w->n && first[i * labels] == *first; i++)
		;
	return w->n > 0 && i == w->n ? *first : -1;
}

int
mc_walk_only_class(const struct mc_walk *w)
{
	return w->by->multilabel ? -1 : only_prediction(w, 0);
}

struct mc_one_way
mc_walk_one_way(const struct mc_walk *w, int value)
{
	struct mc_one_way found = { 0 };
	size_t k;

	for (k = 0; w->by->multilabel && k < w->by->labels; k++) {
		if (only_prediction(w, k) != value)
			continue;
		found.n++;
		if (k < 32)
			found.first |= UINT32_C(1) << k;
	}
	return found;
}
