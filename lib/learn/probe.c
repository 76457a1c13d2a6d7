/* probe.c - fit a head without steps, and choose its parameter. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/knn.h"
#include "learn/log.h"
#include "learn/logistic.h"
#include "learn/probe.h"

/* Images whose neighbours are found at once. */
#define CHUNK 256

struct probe {
	const struct mc_training *g;
	const struct mc_probe_listener *listener;
	size_t dim, classes;
	/* The logits of image I of the data set, with the present fit. */
	void (*predict)(const struct probe *p, size_t i, double *logits);
	/* Keep the present fit; NULL: there is nothing to keep. */
	void (*remember)(struct probe *p);

	/* MC_FIT_LOGISTIC */
	double *weight, *intercept;	/* classes x dim, classes */
	float *best;			/* those that are kept, of the head */
	/* MC_FIT_KNN */
	struct mc_knn *images;
	struct mc_records *near;	/* per image: its most neighbours */
	size_t k, most;			/* the present k, and the largest */

	struct mc_walk train, val;
	struct mc_log log;
};

static const float *
features(const struct mc_training *g, size_t i)
{
	return mc_records_at(g->data->kept.records, i);
}

/* The features and labels of the training images; the caller frees both. */
static const float **
training_images(const struct mc_training *g, int **label)
{
	const struct mc_dataset *d = g->data;
	const float **x = mc_xcalloc(d->n_train, sizeof(*x));
	size_t i;

	*label = mc_xcalloc(d->n_train, sizeof(**label));
	for (i = 0; i < d->n_train; i++) {
		x[i] = features(g, d->train[i]);
		(*label)[i] = d->label[d->train[i]];
	}
	return x;
}

/* --- Any probe -------------------------------------------------------------- */

/* Predict the N images INDEX into W, with the present fit. */
static void
predict(const struct probe *p, const size_t *index, size_t n, struct mc_walk *w)
{
	double *logits = mc_xcalloc(p->classes, sizeof(*logits));
	size_t i;

	mc_walk_start(w);
	for (i = 0; i < n; i++) {
		int64_t label = p->g->data->label[index[i]];
		const struct mc_targets target = { .label = &label };

		p->predict(p, index[i], logits);
		mc_walk_add(w, logits, &target, 1);
	}
	free(logits);
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
		if (p->remember != NULL)
			p->remember(p);
	}
}

/* --- The logistic regression ------------------------------------------------ */

static void
predict_logistic(const struct probe *p, size_t i, double *logits)
{
	const float *x = features(p->g, i);
	size_t j, k;

	for (k = 0; k < p->classes; k++) {
		logits[k] = p->intercept[k];
		for (j = 0; j < p->dim; j++)
			logits[k] += p->weight[k * p->dim + j] * x[j];
	}
}

static void
remember_logistic(struct probe *p)
{
	size_t n = p->classes * p->dim, i;

	for (i = 0; i < n; i++)
		p->best[i] = (float)p->weight[i];
	for (i = 0; i < p->classes; i++)
		p->best[n + i] = (float)p->intercept[i];
}

/* The logistic regression of the training images. */
static struct mc_logistic *
start_logistic(const struct mc_training *g)
{
	struct mc_logistic *l;
	const float **x;
	int *label;

	x = training_images(g, &label);
	l = mc_logistic_alloc(x, label, g->data->n_train, g->data->kept.dim,
	    g->data->n_classes, g->threads);
	free(label);
	free(x);
	return l;
}

static enum mc_status
fit_logistic(struct probe *p, struct mc_best *kept, struct mc_err *err)
{
	const struct mc_grid *tried = &p->g->recipe.tried;
	struct mc_logistic *l = start_logistic(p->g);
	size_t n = p->classes * p->dim, i;
	enum mc_status status;
	bool converged;

	p->predict = predict_logistic;
	p->remember = remember_logistic;
	p->weight = mc_xcalloc(n, sizeof(*p->weight));
	p->intercept = mc_xcalloc(p->classes, sizeof(*p->intercept));
	p->best = mc_xcalloc(n + p->classes, sizeof(*p->best));
	for (i = 0; i < tried->n; i++) {
		converged = mc_logistic_fit(l, tried->value[i], p->weight,
		    p->intercept);
		consider(p, i, kept);
		p->listener->on_fit(i, converged, p->listener->arg);
	}
	status = mc_head_set(p->g->head, 0, p->best, err);
	if (status == MC_OK)
		status = mc_head_set(p->g->head, 1, p->best + n, err);
	mc_logistic_free(l);
	free(p->weight);
	free(p->intercept);
	free(p->best);
	return status;
}

/* --- The nearest neighbours ------------------------------------------------- */

/* A class without a vote counts as mc-bootstrap's log loss counts it. */
static void
predict_knn(const struct probe *p, size_t i, double *logits)
{
	size_t k;

	mc_knn_vote(p->images, mc_records_at(p->near, i), p->k,
	    p->g->recipe.temperature, logits);
	for (k = 0; k < p->classes; k++)
		logits[k] = fmax(logits[k], log(DBL_EPSILON));
}

/* The number of each image among the training images, or MC_NOT_ITSELF. */
static size_t *
training_numbers(const struct mc_dataset *d)
{
	size_t *number = mc_xcalloc(d->n, sizeof(*number)), i;

	for (i = 0; i < d->n; i++)
		number[i] = MC_NOT_ITSELF;
	for (i = 0; i < d->n_train; i++)
		number[d->train[i]] = i;
	return number;
}

/* Find the neighbours of all images, a chunk at a time. */
static enum mc_status
find_neighbours(struct probe *p, struct mc_err *err)
{
	const struct mc_dataset *d = p->g->data;
	struct mc_neighbour *near = mc_xcalloc(CHUNK * p->most, sizeof(*near));
	size_t *self = training_numbers(d), done, n, i;
	enum mc_status status = MC_OK;
	const float *x[CHUNK];

	for (done = 0; done < d->n && status == MC_OK; done += n) {
		n = d->n - done < CHUNK ? d->n - done : CHUNK;
		for (i = 0; i < n; i++)
			x[i] = features(p->g, done + i);
		mc_knn_find(p->images, x, self + done, n, p->most,
		    p->g->threads, near);
		status = mc_records_add(p->near, near, n, err);
		p->listener->on_compared(done + n, d->n, p->listener->arg);
	}
	free(near);
	free(self);
	return status == MC_OK ? mc_records_map(p->near, err) : status;
}

/* Make the training images, which become the head's, and the neighbours. */
static enum mc_status
start_knn(struct probe *p, struct mc_err *err)
{
	const struct mc_grid *tried = &p->g->recipe.tried;
	const float **x;
	int *label;

	p->predict = predict_knn;
	p->most = (size_t)tried->value[tried->n - 1];
	x = training_images(p->g, &label);
	p->images = mc_knn_alloc(x, label, p->g->data->n_train, p->dim,
	    p->classes);
	mc_head_remember(p->g->head, p->images);
	free(label);
	free(x);
	p->near = mc_records_alloc(p->most * sizeof(struct mc_neighbour), err);
	return p->near == NULL ? err->status : find_neighbours(p, err);
}

static enum mc_status
fit_knn(struct probe *p, struct mc_best *kept, struct mc_err *err)
{
	const struct mc_grid *tried = &p->g->recipe.tried;
	enum mc_status status = start_knn(p, err);
	size_t i;

	for (i = 0; i < tried->n && status == MC_OK; i++) {
		p->k = (size_t)tried->value[i];
		consider(p, i, kept);
	}
	mc_records_free(p->near);
	return status;
}

/* ---------------------------------------------------------------------------- */

enum mc_status
mc_probe_fit(const struct mc_training *g,
    const struct mc_probe_listener *listener, struct mc_buf *log,
    struct mc_best *kept, struct mc_err *err)
{
	const struct mc_dataset *d = g->data;
	struct probe p = { .g = g, .listener = listener, .dim = d->kept.dim,
	    .classes = d->n_classes, .log = { &g->recipe.select, d->classes,
	    d->n_classes, log } };
	enum mc_status status;

	mc_walk_init(&p.train, g->loss, d->n_train, false);
	mc_walk_init(&p.val, g->loss, d->n_val, true);
	*kept = (struct mc_best){ .only_class = -1 };
	mc_log_heading(&p.log, mc_recipe_parameter(&g->recipe));
	status = g->recipe.fit == MC_FIT_KNN ? fit_knn(&p, kept, err) :
	    fit_logistic(&p, kept, err);
	mc_walk_clear(&p.train);
	mc_walk_clear(&p.val);
	return status;
}
