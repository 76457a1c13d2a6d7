/* train.c - the training loop. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/num.h"
#include "base/rng.h"
#include "base/softmax.h"
#include "learn/params.h"
#include "learn/train.h"
#include "stats/weighing.h"

/* What one walk through a set of images gave. */
struct walk {
	size_t n;
	double loss;		/* the mean over images */
	int *label, *predicted;	/* n each */
};

struct loop {
	const struct mc_training *g;	/* what is asked for */
	float *x;			/* batch x dim, or x 3 x crop x crop */
	size_t x_size;			/* floats an image */
	double *logits;			/* batch x classes */
	int64_t *target;		/* batch */
	size_t *order;			/* the training images, shuffled */
	struct walk walk;
};

static void
start_loop(struct loop *l, const struct mc_training *g)
{
	const struct mc_dataset *d = g->data;
	size_t most = d->n_train > d->n_val ? d->n_train : d->n_val;
	size_t batch = (size_t)g->batch;

	memset(l, 0, sizeof(*l));
	l->g = g;
	l->x_size = g->backbone != NULL ? mc_preprocess_size(g->preprocess) :
	    g->dim;
	l->x = mc_xreallocarray(NULL, batch * l->x_size, sizeof(*l->x));
	l->logits = mc_xcalloc(batch * g->data->n_classes, sizeof(*l->logits));
	l->target = mc_xcalloc(batch, sizeof(*l->target));
	l->order = mc_xcalloc(g->data->n_train, sizeof(*l->order));
	l->walk.label = mc_xcalloc(most, sizeof(*l->walk.label));
	l->walk.predicted = mc_xcalloc(most, sizeof(*l->walk.predicted));
}

static void
end_loop(struct loop *l)
{
	free(l->x);
	free(l->logits);
	free(l->target);
	free(l->order);
	free(l->walk.label);
	free(l->walk.predicted);
}

/* The images INDEX[0 .. N) as a tensor, and their labels into l->target. */
static struct mc_tensor *
take_batch(struct loop *l, const size_t *index, size_t n)
{
	const struct mc_training *g = l->g;
	int64_t side = g->backbone != NULL ? g->preprocess->crop : 0;
	const int64_t pixels[] = { (int64_t)n, 3, side, side };
	const int64_t features[] = { (int64_t)n, (int64_t)g->dim };
	size_t i;

	for (i = 0; i < n; i++) {
		const void *record = mc_records_at(g->data->records, index[i]);
		float *x = l->x + i * l->x_size;

		if (g->backbone != NULL)
			mc_preprocess_normalize(g->preprocess, record, x);
		else
			memcpy(x, record, l->x_size * sizeof(*x));
		l->target[i] = g->data->label[index[i]];
	}
	if (g->backbone != NULL)
		return mc_from_f32(g->t, l->x, n * l->x_size, pixels, 4);
	return mc_from_f32(g->t, l->x, n * l->x_size, features, 2);
}

/* The logits of X, features or pixels. */
static struct mc_tensor *
forward(const struct mc_training *g, struct mc_tensor *x)
{
	if (g->backbone != NULL)
		x = mc_backbone_forward(g->backbone, x);
	return mc_head_forward(g->head, x);
}

/* Add the N images whose LOGITS and targets are known to the walk. */
static void
note_batch(struct loop *l, const struct mc_tensor *logits, size_t n)
{
	size_t classes = l->g->data->n_classes, i;
	struct walk *w = &l->walk;

	mc_to_f64(l->g->t, logits, l->logits, n * classes);
	for (i = 0; i < n; i++) {
		const double *row = l->logits + i * classes;

		w->loss += mc_log_sum_exp(row, classes) - row[l->target[i]];
		w->label[w->n] = (int)l->target[i];
		w->predicted[w->n++] = (int)mc_argmax(row, classes);
	}
}

/* One step of the optimiser on the images INDEX[0 .. N). */
static void
step(struct loop *l, struct mc_optim *optim, const size_t *index, size_t n)
{
	struct mc_torch *t = l->g->t;
	const int64_t shape[] = { (int64_t)n };
	struct mc_tensor *logits;

	mc_scope_open(t);
	mc_optim_zero(t, optim);
	logits = forward(l->g, take_batch(l, index, n));
	mc_backward(t, mc_cross_entropy(t, logits,
	    mc_from_i64(t, l->target, n, shape, 1)));
	mc_optim_step(t, optim);
	note_batch(l, logits, n);
	mc_scope_close(t, NULL);
}

static void
start_walk(struct walk *w)
{
	w->n = 0;
	w->loss = 0;
}

static enum mc_status
end_walk(struct loop *l, int64_t epoch, const char *split, struct mc_err *err)
{
	struct walk *w = &l->walk;
	enum mc_status status = mc_torch_check(l->g->t, err);
	char rate[MC_NUM_SIZE];

	if (status != MC_OK)
		return status;
	w->loss /= (double)w->n;
	if (!isfinite(w->loss))
		return mc_err_set(err, MC_EDATA, "the %s loss of epoch %lld is "
		    "not finite: try a smaller --lr than %s", split,
		    (long long)epoch, mc_format_f64(rate, l->g->optim.rate));
	return MC_OK;
}

static enum mc_status
train_epoch(struct loop *l, struct mc_optim *optim, int64_t epoch,
    struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	size_t batch = (size_t)g->batch, done, n;
	enum mc_status status = MC_OK;
	gsl_rng *rng = mc_stream_alloc(g->seed, "shuffle", (uint64_t)epoch);

	memcpy(l->order, d->train, d->n_train * sizeof(*l->order));
	gsl_ran_shuffle(rng, l->order, d->n_train, sizeof(*l->order));
	mc_stream_set(rng, g->seed, "dropout", (uint64_t)epoch);
	mc_torch_seed(g->t, gsl_rng_get(rng));
	gsl_rng_free(rng);
	if (g->backbone != NULL)
		status = mc_backbone_train(g->backbone, true, err);
	if (status != MC_OK)
		return status;
	mc_torch_grad(g->t, true);
	start_walk(&l->walk);
	for (done = 0; done < d->n_train && !mc_torch_failed(g->t); done += n) {
		n = d->n_train - done < batch ? d->n_train - done : batch;
		step(l, optim, l->order + done, n);
		if (g->on_batch != NULL)
			g->on_batch(epoch, done + n, d->n_train, g->arg);
	}
	mc_torch_grad(g->t, false);
	return end_walk(l, epoch, "training", err);
}

static enum mc_status
validate(struct loop *l, int64_t epoch, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	size_t batch = (size_t)g->batch, done, n;
	enum mc_status status = MC_OK;

	if (g->backbone != NULL)
		status = mc_backbone_train(g->backbone, false, err);
	if (status != MC_OK)
		return status;
	start_walk(&l->walk);
	for (done = 0; done < d->n_val && !mc_torch_failed(g->t); done += n) {
		n = d->n_val - done < batch ? d->n_val - done : batch;
		mc_scope_open(g->t);
		note_batch(l, forward(g, take_batch(l, d->val + done, n)), n);
		mc_scope_close(g->t, NULL);
	}
	return end_walk(l, epoch, "validation", err);
}

/* Append the walk's row to the log.  Returns the accuracy. */
static double
log_walk(const struct loop *l, int64_t epoch, const char *split,
    struct mc_buf *log)
{
	const struct mc_training *g = l->g;
	const struct mc_sample sample = { .n = l->walk.n,
	    .n_classes = g->data->n_classes, .classes = g->data->classes,
	    .label = l->walk.label, .predicted = l->walk.predicted };
	struct mc_measure *measures = NULL;
	char number[MC_NUM_SIZE];
	double value[4] = { 0 };
	size_t n = 0, i;

	mc_buf_printf(log, "%lld\t%s\t%s", (long long)epoch, split,
	    mc_format_f64(number, l->walk.loss));
	/* Parsing a list of known names cannot fail. */
	if (mc_measures_parse("accuracy,precision,recall,f1", false, &measures,
	    &n, NULL) != MC_OK)
		n = 0;
	mc_measures_value(&sample, measures, n, value);
	for (i = 0; i < n; i++)
		mc_buf_printf(log, "\t%s", mc_format_f64(number, value[i]));
	mc_buf_printf(log, "\t%s\n", mc_format_f64(number, g->optim.rate));
	free(measures);
	return value[0];
}

/* The best epoch so far. */
struct best {
	int64_t epoch;		/* 0: none */
	double accuracy, loss;
};

static bool
is_better(enum mc_select select, const struct best *old,
    const struct best *fresh)
{
	if (old->epoch == 0 || select == MC_SELECT_LAST)
		return true;
	if (select == MC_SELECT_ACCURACY && fresh->accuracy != old->accuracy)
		return fresh->accuracy > old->accuracy;
	return fresh->loss < old->loss;
}

/* Set gradients on for the head; the backbone sees to its own. */
static void
make_trainable(const struct mc_training *g)
{
	size_t i;

	for (i = 0; i < mc_head_count(g->head); i++)
		mc_set_trainable(g->t, mc_head_param(g->head, i)->tensor,
		    true);
}

enum mc_status
mc_train(const struct mc_training *g, struct mc_buf *log, int64_t *selected,
    struct mc_err *err)
{
	struct mc_params *params = mc_params_alloc(g->t, g->backbone, g->head);
	struct mc_optim *optim = NULL;
	enum mc_status status = MC_OK;
	struct best best = { 0 }, fresh = { 0 };
	struct loop l;

	start_loop(&l, g);
	if (g->backbone != NULL)
		status = mc_backbone_train(g->backbone, true, err);
	if (status != MC_OK)
		goto out;
	make_trainable(g);
	optim = mc_params_optim(params, &g->optim);
	mc_buf_puts(log, "epoch\tsplit\tloss\taccuracy\tprecision\trecall\tf1"
	    "\tlearning_rate\n");
	for (fresh.epoch = 1; fresh.epoch <= g->epochs; fresh.epoch++) {
		status = train_epoch(&l, optim, fresh.epoch, err);
		if (status != MC_OK)
			goto out;
		log_walk(&l, fresh.epoch, "train", log);
		if (g->data->n_val > 0) {
			status = validate(&l, fresh.epoch, err);
			if (status != MC_OK)
				goto out;
			fresh.accuracy = log_walk(&l, fresh.epoch, "val", log);
			fresh.loss = l.walk.loss;
		}
		if (is_better(g->select, &best, &fresh)) {
			best = fresh;
			status = mc_params_remember(params, err);
			if (status != MC_OK)
				goto out;
		}
		if (g->on_epoch != NULL)
			g->on_epoch(fresh.epoch, g->arg);
	}
	status = mc_params_restore(params, err);
	*selected = best.epoch;
out:
	mc_optim_free(optim);
	mc_params_free(params);
	end_loop(&l);
	return status;
}
