/* walk.c - collect losses and predictions. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/softmax.h"
#include "learn/walk.h"

void
mc_walk_init(struct mc_walk *w, size_t n, size_t classes)
{
	w->label = mc_xcalloc(n, sizeof(*w->label));
	w->predicted = mc_xcalloc(n, sizeof(*w->predicted));
	w->logits = classes == 0 ? NULL :
	    mc_xcalloc(n * classes, sizeof(*w->logits));
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
mc_walk_add(struct mc_walk *w, const struct mc_loss *loss,
    const double *logits, const struct mc_targets *targets, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const double *row = logits + i * loss->classes;

		w->loss += mc_loss_of(loss, row, targets, i);
		if (w->logits != NULL)
			memcpy(w->logits + w->n * loss->classes, row,
			    loss->classes * sizeof(*row));
		w->label[w->n] = (int)mc_targets_class(targets, i);
		w->predicted[w->n++] = (int)mc_argmax(row, loss->classes);
	}
	w->divisor += mc_loss_divisor(loss, targets, n);
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
