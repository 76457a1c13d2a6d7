/* train.c - train a head, or a head and its backbone. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/out.h"
#include "base/rng.h"
#include "base/softmax.h"
#include "learn/order.h"
#include "learn/params.h"
#include "learn/train.h"
#include "stats/metric_list.h"
#include "stats/reweighted.h"

const char *const mc_regime_names[] = {
	[MC_FROZEN] = "frozen", [MC_FINETUNE] = "finetune", NULL
};
const char *const mc_select_names[] = {
	[MC_SELECT_ACCURACY] = "accuracy", [MC_SELECT_LOSS] = "loss",
	[MC_SELECT_LAST] = "last", NULL
};
const char *const mc_optim_names[] = {
	[MC_ADAM] = "adam", [MC_ADAMW] = "adamw", [MC_SGD] = "sgd", NULL
};

/* What one walk through a set of images gave. */
struct walk {
	size_t n;
	double loss;		/* the mean over images */
	int *label, *predicted;	/* n each */
};

struct loop {
	const struct mc_training *g;	/* what is asked for */
	struct mc_params *params;
	struct mc_feed *feed;
	double *logits;			/* batch x classes */
	int64_t *target;		/* batch */
	size_t batch;			/* images per step, at most all */
	size_t *order;			/* the training images, shuffled */
	int64_t epoch, step;		/* now; a step counts in its epoch */
	struct walk walk;
	FILE *best;			/* the values of the best epoch */
};

static void
start_loop(struct loop *l, const struct mc_training *g)
{
	const struct mc_dataset *d = g->data;
	size_t most = d->n_train > d->n_val ? d->n_train : d->n_val;
	size_t batch = (size_t)g->batch < most ? (size_t)g->batch : most;
	const struct mc_feed_options feed = { .preprocess = g->preprocess,
	    .batch = batch, .threads = g->threads, .ahead = g->ahead };

	memset(l, 0, sizeof(*l));
	l->g = g;
	l->params = mc_params_alloc(g->t, g->backbone, g->head, &g->optim);
	l->batch = batch;
	l->feed = mc_feed_kept(&d->kept, &feed);
	l->logits = mc_xcalloc(batch * g->data->n_classes, sizeof(*l->logits));
	l->target = mc_xcalloc(batch, sizeof(*l->target));
	l->order = mc_xcalloc(g->data->n_train, sizeof(*l->order));
	l->walk.label = mc_xcalloc(most, sizeof(*l->walk.label));
	l->walk.predicted = mc_xcalloc(most, sizeof(*l->walk.predicted));
}

static void
end_loop(struct loop *l)
{
	mc_feed_free(l->feed);
	free(l->logits);
	free(l->target);
	free(l->order);
	free(l->walk.label);
	free(l->walk.predicted);
	mc_params_free(l->params);
	if (l->best != NULL)
		fclose(l->best);
}

/* The present batch as a tensor, and its labels into l->target. */
static struct mc_tensor *
take_batch(struct loop *l)
{
	const struct mc_training *g = l->g;
	size_t i;

	for (i = 0; i < mc_feed_count(l->feed); i++)
		l->target[i] = g->data->label[mc_feed_index(l->feed, i)];
	return mc_feed_tensor(l->feed, g->t);
}

/* The logits of X, features or pixels. */
static struct mc_tensor *
forward(const struct mc_training *g, struct mc_tensor *x)
{
	if (g->backbone != NULL)
		x = mc_backbone_forward(g->backbone, x);
	return mc_head_forward(g->head, x);
}

/* WHAT is not finite in the present epoch: say where, and what may help. */
static enum mc_status
not_finite(const struct loop *l, const char *what, struct mc_err *err)
{
	double rate = l->g->optim.rate;
	char number[MC_NUM_SIZE];

	return mc_err_set(err, MC_EDATA, "epoch %lld, step %lld: %s is not "
	    "finite%s%s", (long long)l->epoch, (long long)l->step, what,
	    rate > 0 ? ": try a smaller --lr than " : "",
	    rate > 0 ? mc_format_f64(number, rate) : "");
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

/* Seed dropout for the present step. */
static void
seed_dropout(const struct loop *l)
{
	mc_torch_seed(l->g->t, mc_stream_hash(l->g->seed, "dropout",
	    (uint64_t)l->epoch, (uint64_t)l->step));
}

/* One step of the optimiser on the present batch. */
static enum mc_status
step(struct loop *l, struct mc_err *err)
{
	struct mc_torch *t = l->g->t;
	size_t n = mc_feed_count(l->feed);
	const int64_t shape[] = { (int64_t)n };
	struct mc_tensor *logits;
	enum mc_status status;

	l->step++;
	seed_dropout(l);
	mc_scope_open(t);
	logits = forward(l->g, take_batch(l));
	mc_params_step(l->params, mc_cross_entropy(t, logits,
	    mc_from_i64(t, l->target, n, shape, 1)));
	note_batch(l, logits, n);
	mc_scope_close(t, NULL);
	status = mc_torch_check(t, err);
	if (status != MC_OK || isfinite(l->walk.loss))
		return status;
	if (l->epoch == 1 && l->step == 1)
		return mc_err_set(err, MC_EDATA, "the training loss is not "
		    "finite before the first step: the backbone's weights are "
		    "too large");
	return not_finite(l, "the training loss", err);
}

static void
start_walk(struct walk *w)
{
	w->n = 0;
	w->loss = 0;
}

static enum mc_status
train_epoch(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	enum mc_status status = MC_OK;
	size_t n;

	n = mc_epoch_order(d->train, d->n_train, d->key, g->seed, l->epoch, 0,
	    1, l->order);
	if (g->backbone != NULL)
		status = mc_backbone_mode(g->backbone, MC_TRAINING, err);
	if (status != MC_OK)
		return status;
	mc_torch_grad(g->t, true);
	start_walk(&l->walk);
	mc_feed_start(l->feed, l->order, n);
	while (status == MC_OK &&
	    (status = mc_feed_next(l->feed, err)) == MC_OK) {
		status = step(l, err);
		if (g->on_batch != NULL)
			g->on_batch(l->epoch, l->walk.n, n, g->arg);
	}
	mc_torch_grad(g->t, false);
	l->walk.loss /= (double)l->walk.n;
	return status == MC_END ? MC_OK : status;
}

static enum mc_status
validate(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	enum mc_status status = MC_OK;

	if (g->backbone != NULL)
		status = mc_backbone_mode(g->backbone, 0, err);
	if (status != MC_OK)
		return status;
	start_walk(&l->walk);
	mc_feed_start(l->feed, d->val, d->n_val);
	while (status == MC_OK &&
	    (status = mc_feed_next(l->feed, err)) == MC_OK) {
		mc_scope_open(g->t);
		note_batch(l, forward(g, take_batch(l)),
		    mc_feed_count(l->feed));
		mc_scope_close(g->t, NULL);
		status = mc_torch_check(g->t, err);
	}
	l->walk.loss /= (double)l->walk.n;
	if (status == MC_END)
		status = isfinite(l->walk.loss) ? MC_OK :
		    not_finite(l, "the validation loss", err);
	return status;
}

/* Write the present values to l->best. */
static enum mc_status
remember(struct loop *l, struct mc_err *err)
{
	FILE *spool = mc_spool_open(err);
	enum mc_status status = spool == NULL ? MC_EIO :
	    mc_params_write(l->params, MC_VALUES, spool, err);

	if (status == MC_OK)
		status = mc_spool_rewind(spool, err);
	if (l->best != NULL)
		fclose(l->best);
	l->best = spool;
	return status;
}

/* Put the values in l->best back. */
static enum mc_status
restore(struct loop *l, struct mc_err *err)
{
	struct mc_statedict *sd;
	enum mc_status status = mc_statedict_from_spool(&sd, l->best,
	    "the best epoch", err);

	if (status != MC_OK)
		return status;
	status = mc_params_read(l->params, MC_VALUES, sd, err);
	mc_statedict_free(sd);
	return status;
}

/*
 * Where a batch of an epoch holds one image, see whether the backbone can be
 * trained on it: a batch norm cannot on one value per channel.  All parameters
 * are afterwards what they were.
 */
static enum mc_status
try_one(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	size_t n = g->data->n_train, other = l->batch + 1;
	enum mc_status status;
	struct mc_err why;

	if (g->backbone == NULL || (l->batch > 1 && n % l->batch != 1))
		return MC_OK;
	status = remember(l, err);
	if (status == MC_OK)
		status = mc_backbone_mode(g->backbone, MC_BATCH_STATISTICS,
		    err);
	if (status != MC_OK)
		return status;
	mc_feed_start(l->feed, g->data->train, 1);
	status = mc_feed_next(l->feed, err);
	if (status != MC_OK)
		return status;
	mc_scope_open(g->t);
	mc_backbone_forward(g->backbone, take_batch(l));
	mc_scope_close(g->t, NULL);
	status = mc_torch_check(g->t, &why);
	if (status == MC_OK)
		return restore(l, err);
	while (n % other == 1)
		other++;
	return mc_err_set(err, status, "one image of %d x %d pixels, which is "
	    "left of %zu training images in batches of %zu, gives batch norm "
	    "one value per channel: give "
	    "--batch %zu, or a larger --crop", g->preprocess->crop,
	    g->preprocess->crop, n, l->batch, other);
}

/* The values of the present epoch must be finite. */
static enum mc_status
check_finite(const struct loop *l, struct mc_err *err)
{
	const char *name = mc_params_not_finite(l->params);
	enum mc_status status = mc_torch_check(l->g->t, err);
	char *what;

	if (status != MC_OK || name == NULL)
		return status;
	what = mc_xasprintf("the parameter \"%s\"", name);
	status = not_finite(l, what, err);
	free(what);
	return status;
}

/* Append the walk's row to the log.  Returns the accuracy. */
static double
log_walk(const struct loop *l, const char *split, struct mc_buf *log)
{
	const struct mc_training *g = l->g;
	const struct mc_sample sample = { .n = l->walk.n,
	    .n_classes = g->data->n_classes, .classes = g->data->classes,
	    .label = l->walk.label, .predicted = l->walk.predicted };
	struct mc_metric_spec *specs = NULL;
	char number[MC_NUM_SIZE];
	double value[4] = { 0 };
	size_t n = 0, i;

	mc_buf_printf(log, "%lld\t%s\t%s", (long long)l->epoch, split,
	    mc_format_f64(number, l->walk.loss));
	/* Parsing a list of known names cannot fail. */
	if (mc_metric_specs_parse("accuracy,precision,recall,f1", false, &specs,
	    &n, NULL) != MC_OK)
		n = 0;
	mc_metric_values(&sample, specs, n, value);
	for (i = 0; i < n; i++)
		mc_buf_printf(log, "\t%s", mc_format_f64(number, value[i]));
	mc_buf_printf(log, "\t%s\n", mc_format_f64(number, g->optim.rate));
	free(specs);
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

/*
 * One epoch; its parameters are kept where it is the best so far, the last
 * where they are: in the table.
 */
static enum mc_status
run_epoch(struct loop *l, struct best *best, struct mc_buf *log,
    struct mc_err *err)
{
	const struct mc_training *g = l->g;
	struct best fresh = { .epoch = l->epoch };
	enum mc_status status = train_epoch(l, err);

	if (status != MC_OK)
		return status;
	log_walk(l, "train", log);
	if (g->data->n_val > 0) {
		status = validate(l, err);
		if (status != MC_OK)
			return status;
		fresh.accuracy = log_walk(l, "val", log);
		fresh.loss = l->walk.loss;
	}
	if (is_better(g->select, best, &fresh)) {
		*best = fresh;
		status = check_finite(l, err);
		if (status == MC_OK && l->epoch < g->epochs &&
		    g->select != MC_SELECT_LAST)
			status = remember(l, err);
	}
	if (status == MC_OK && g->on_epoch != NULL)
		g->on_epoch(l->epoch, g->arg);
	return status;
}

enum mc_status
mc_train(const struct mc_training *g, struct mc_buf *log, int64_t *selected,
    struct mc_err *err)
{
	struct best best = { 0 };
	enum mc_status status;
	struct loop l;

	start_loop(&l, g);
	status = try_one(&l, err);
	if (status == MC_OK)
		status = mc_params_optimise(l.params, err);
	mc_buf_puts(log, "epoch\tsplit\tloss\taccuracy\tprecision\trecall\tf1"
	    "\tlearning_rate\n");
	for (l.epoch = 1; l.epoch <= g->epochs && status == MC_OK; l.epoch++) {
		l.step = 0;
		status = run_epoch(&l, &best, log, err);
	}
	if (status == MC_OK && best.epoch < g->epochs)
		status = restore(&l, err);
	if (status == MC_OK && g->backbone != NULL)
		status = mc_backbone_mode(g->backbone, 0, err);
	*selected = best.epoch;
	end_loop(&l);
	return status;
}
