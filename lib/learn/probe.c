/* probe.c - fit a head without steps, and choose its parameter. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/log.h"
#include "learn/logistic.h"
#include "learn/probe.h"

struct probe {
	const struct mc_training *g;
	size_t dim, classes;
	double *weight, *intercept;	/* classes x dim, classes */
	float *best;			/* those that are kept, of the head */
	struct mc_walk train, val;
	struct mc_log log;
};

static const float *
features(const struct mc_training *g, size_t i)
{
	return mc_records_at(g->data->kept.records, i);
}

/* --- The logistic regression ----------------------------------------------- */

/* Predict the N images INDEX into W, with the present fit. */
static void
predict(const struct probe *p, const size_t *index, size_t n, struct mc_walk *w)
{
	double *logits = mc_xcalloc(p->classes, sizeof(*logits));
	size_t i, j, k;

	mc_walk_start(w);
	for (i = 0; i < n; i++) {
		const float *x = features(p->g, index[i]);
		int64_t target = p->g->data->label[index[i]];

		for (k = 0; k < p->classes; k++) {
			logits[k] = p->intercept[k];
			for (j = 0; j < p->dim; j++)
				logits[k] += p->weight[k * p->dim + j] * x[j];
		}
		mc_walk_add(w, p->g->loss, logits, &target, 1);
	}
	free(logits);
}

/* Keep the present fit. */
static void
remember(struct probe *p)
{
	size_t n = p->classes * p->dim, i;

	for (i = 0; i < n; i++)
		p->best[i] = (float)p->weight[i];
	for (i = 0; i < p->classes; i++)
		p->best[n + i] = (float)p->intercept[i];
}

/* Note the fit of value I, and keep it if it is the best so far. */
static void
consider(struct probe *p, size_t i, struct mc_best *kept)
{
	const struct mc_dataset *d = p->g->data;
	const struct mc_recipe *r = &p->g->recipe;
	struct mc_best fresh;

	predict(p, d->train, d->n_train, &p->train);
	predict(p, d->val, d->n_val, &p->val);
	fresh = mc_log_epoch(&p->log, (int64_t)i + 1, r->tried.value[i],
	    &p->train, &p->val);
	if (mc_is_better(&r->select, kept, &fresh)) {
		*kept = fresh;
		remember(p);
	}
}

/* The logistic regression of the training images. */
static struct mc_logistic *
start_logistic(const struct mc_training *g)
{
	const struct mc_dataset *d = g->data;
	const float **x = mc_xcalloc(d->n_train, sizeof(*x));
	int *label = mc_xcalloc(d->n_train, sizeof(*label));
	struct mc_logistic *l;
	size_t i;

	for (i = 0; i < d->n_train; i++) {
		x[i] = features(g, d->train[i]);
		label[i] = d->label[d->train[i]];
	}
	l = mc_logistic_alloc(x, label, d->n_train, d->kept.dim, d->n_classes,
	    g->threads);
	free(label);
	free(x);
	return l;
}

enum mc_status
mc_probe_fit(const struct mc_training *g,
    void (*on_fit)(size_t i, bool converged, void *arg), void *arg,
    struct mc_buf *log, struct mc_best *kept, struct mc_err *err)
{
	const struct mc_dataset *d = g->data;
	const struct mc_grid *tried = &g->recipe.tried;
	struct mc_logistic *l = start_logistic(g);
	struct probe p = { .g = g, .dim = d->kept.dim,
	    .classes = d->n_classes, .log = { &g->recipe.select, d->classes,
	    d->n_classes, log } };
	size_t n = p.classes * p.dim, i;
	enum mc_status status;
	bool converged;

	p.weight = mc_xcalloc(n, sizeof(*p.weight));
	p.intercept = mc_xcalloc(p.classes, sizeof(*p.intercept));
	p.best = mc_xcalloc(n + p.classes, sizeof(*p.best));
	mc_walk_init(&p.train, d->n_train, 0);
	mc_walk_init(&p.val, d->n_val, d->n_classes);
	*kept = (struct mc_best){ .only_class = -1 };
	mc_log_heading(&p.log, "C");
	for (i = 0; i < tried->n; i++) {
		converged = mc_logistic_fit(l, tried->value[i], p.weight,
		    p.intercept);
		consider(&p, i, kept);
		on_fit(i, converged, arg);
	}
	status = mc_head_set(g->head, 0, p.best, err);
	if (status == MC_OK)
		status = mc_head_set(g->head, 1, p.best + n, err);
	mc_logistic_free(l);
	mc_walk_clear(&p.train);
	mc_walk_clear(&p.val);
	free(p.weight);
	free(p.intercept);
	free(p.best);
	return status;
}
