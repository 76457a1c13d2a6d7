/* train.c - train a head, or a head and its backbone. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/out.h"
#include "base/rng.h"
#include "base/usage.h"
#include "learn/log.h"
#include "learn/order.h"
#include "learn/params.h"
#include "learn/train.h"

const char *const mc_regime_names[] = {
	[MC_FROZEN] = "frozen", [MC_FINETUNE] = "finetune", NULL
};

struct loop {
	const struct mc_training *g;	/* what is asked for */
	struct mc_feed *feed;
	double *logits;			/* batch x classes */
	int64_t *label;			/* batch x labels */
	int64_t *other;			/* batch: mixed with it */
	size_t batch;			/* images per batch, at most all */
	size_t per_step;		/* images per step */
	struct mc_length length;
	size_t *order;			/* the training images, shuffled */
	uint64_t *key;			/* by which each is augmented */
	struct mc_state s;
	struct mc_walk val;
	struct mc_log log;
	double saved;			/* when the checkpoint was written */
	char stamp[MC_STAMP_SIZE];	/* of the checkpoint, as we left it */
	bool stop;			/* it is asked for, and all is saved */
};

static void
start_loop(struct loop *l, const struct mc_training *g, struct mc_buf *log)
{
	const struct mc_dataset *d = g->data;
	size_t most = d->n_train > d->n_val ? d->n_train : d->n_val;
	size_t wanted = (size_t)g->recipe.batch;
	size_t batch = wanted < most ? wanted : most;
	const struct mc_feed_options feed = { .preprocess = g->preprocess,
	    .batch = batch, .threads = g->threads, .ahead = g->ahead };

	memset(l, 0, sizeof(*l));
	l->g = g;
	l->log = (struct mc_log){ &g->recipe.select, d->classes, d->n_classes,
	    log };
	l->batch = batch;
	l->per_step = batch * (size_t)g->recipe.accumulate;
	l->length = (struct mc_length){ g->recipe.epochs,
	    (int64_t)((d->n_train + l->per_step - 1) / l->per_step) };
	l->feed = mc_feed_kept(&d->kept, &feed);
	l->logits = mc_xcalloc(batch * d->n_classes, sizeof(*l->logits));
	l->label = mc_xcalloc(batch * d->labels, sizeof(*l->label));
	l->other = mc_xcalloc(batch, sizeof(*l->other));
	l->order = mc_xcalloc(d->n_train, sizeof(*l->order));
	l->key = mc_xcalloc(d->n_train, sizeof(*l->key));
	l->s.epoch = 1;
	l->s.best.only_class = -1;
	l->s.params = mc_params_alloc(g->t, g->backbone, g->head,
	    &g->recipe.optim);
	mc_params_tune(l->s.params, &g->recipe.tuning);
	mc_params_average(l->s.params, g->recipe.ema);
	mc_walk_init(&l->s.train, g->loss, d->n_train, false);
	mc_walk_init(&l->val, g->loss, d->n_val, true);
	l->saved = mc_seconds();
	snprintf(l->stamp, sizeof(l->stamp), "%s",
	    mc_checkpoint_stamped(g->resume));
}

static void
end_loop(struct loop *l)
{
	mc_feed_free(l->feed);
	free(l->logits);
	free(l->label);
	free(l->other);
	free(l->order);
	free(l->key);
	mc_params_free(l->s.params);
	mc_walk_clear(&l->s.train);
	mc_walk_clear(&l->val);
	if (l->s.best_values != NULL)
		fclose(l->s.best_values);
}

/* Copy the labels of IMAGE to the place of the Ith of a batch. */
static void
take_labels(struct loop *l, size_t image, size_t i)
{
	const struct mc_dataset *d = l->g->data;
	size_t k;

	for (k = 0; k < d->labels; k++)
		l->label[i * d->labels + k] = d->label[image * d->labels + k];
}

/* The present batch as a tensor, and its labels into l->label. */
static struct mc_tensor *
take_batch(struct loop *l)
{
	const struct mc_training *g = l->g;
	size_t i;

	for (i = 0; i < mc_feed_count(l->feed); i++)
		take_labels(l, mc_feed_index(l->feed, i), i);
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
	double rate = l->g->recipe.optim.rate;
	char number[MC_NUM_SIZE];

	return mc_err_set(err, MC_EDATA, "epoch %lld, step %lld: %s is not "
	    "finite%s%s", (long long)l->s.epoch, (long long)l->s.step, what,
	    rate > 0 ? ": try a smaller --lr than " : "",
	    rate > 0 ? mc_format_f64(number, rate) : "");
}

/* Add the present batch, whose LOGITS are known, to W. */
static void
note_batch(struct loop *l, const struct mc_tensor *logits,
    const struct mc_targets *targets, struct mc_walk *w)
{
	size_t n = mc_feed_count(l->feed), classes = l->g->data->n_classes;

	mc_to_f64(l->g->t, logits, l->logits, n * classes);
	mc_walk_add(w, l->logits, targets, n);
}

/* Order the training images of the present epoch. */
static void
order(struct loop *l)
{
	const struct mc_dataset *d = l->g->data;
	const struct mc_recipe *r = &l->g->recipe;

	if (r->balanced)
		mc_balanced_order(d->train, d->n_train, d->key, d->label,
		    d->n_classes, r->seed, l->s.epoch, l->order);
	else
		mc_epoch_order(d->train, d->n_train, d->key, r->seed,
		    l->s.epoch, 0, 1, l->order);
	mc_copy_keys(l->order, d->n_train, d->key, d->n, l->key);
}

/* --- Checkpoints ----------------------------------------------------------- */

/* Write the checkpoint, unless another training writes it also. */
static enum mc_status
save(struct loop *l, struct mc_err *err)
{
	const char *path = l->g->checkpoint;
	char now[MC_STAMP_SIZE];
	enum mc_status status;
	bool average;

	mc_checkpoint_stamp(path, now);
	if (now[0] != '\0' && strcmp(now, l->stamp) != 0)
		return mc_err_set(err, MC_EDATA, "%s: another program has "
		    "written it during this training: give each training a "
		    "--checkpoint of its own", path);
	average = mc_params_use_average(l->s.params, false);
	status = mc_checkpoint_write(path, &l->s, l->g->identity, l->log.text,
	    err);
	mc_params_use_average(l->s.params, average);
	mc_checkpoint_stamp(path, l->stamp);
	l->saved = mc_seconds();
	return status;
}

/*
 * Between two steps: write the checkpoint if somebody asks for it or it is due,
 * and see whether to stop.
 */
static enum mc_status
attend(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	enum mc_ask ask = g->asked != NULL ? g->asked(g->arg) : MC_GO_ON;
	enum mc_status status;

	if (g->checkpoint == NULL || (ask == MC_GO_ON && (g->every == 0 ||
	    mc_seconds() - l->saved < g->every)))
		return MC_OK;
	status = save(l, err);
	l->stop = ask == MC_STOP;
	return status;
}

/* How the batch of the present epoch that begins with image AT is mixed. */
static struct mc_mix
draw_mix(const struct loop *l, size_t at)
{
	const struct mc_training *g = l->g;

	return mc_mixing_draw(&g->recipe.mixing, g->recipe.seed, l->s.epoch,
	    (int64_t)(at / l->batch) + 1,
	    g->preprocess != NULL ? g->preprocess->crop : 0);
}

/* Set LABEL to what image I of the present epoch's order counts as. */
static void
trained_labels(const struct loop *l, size_t i, int *label)
{
	const struct mc_dataset *d = l->g->data;
	size_t start = i / l->batch * l->batch, left = d->n_train - start;
	size_t n = left < l->batch ? left : l->batch;

	if (draw_mix(l, start).share < 0.5)
		i = start + mc_mix_other(i - start, n);
	memcpy(label, d->label + l->order[i] * d->labels,
	    d->labels * sizeof(*label));
}

/* Go on from g->resume. */
static enum mc_status
resume(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	struct mc_state *s = &l->s;
	size_t i, wanted;
	enum mc_status status = mc_checkpoint_check(g->resume, g->identity,
	    err);

	if (status == MC_OK)
		status = mc_checkpoint_restore(g->resume, s, d->n_train,
		    l->log.text, err);
	if (status != MC_OK)
		return status;
	wanted = (size_t)s->step * l->per_step;
	if (wanted > d->n_train)
		wanted = d->n_train;
	if (s->epoch > g->recipe.epochs + 1 || s->train.n != wanted ||
	    (s->best.epoch < s->epoch - 1 && s->best_values == NULL))
		return mc_err_set(err, MC_EDATA, "%s: what it holds does not "
		    "fit together: delete it to begin anew", g->checkpoint);
	order(l);
	for (i = 0; i < s->train.n; i++)
		trained_labels(l, i, s->train.label + i * d->labels);
	return MC_OK;
}

/* --- Walks ----------------------------------------------------------------- */

/* Seed dropout and drop path for the present batch: see train.h. */
static void
seed_dropout(const struct loop *l)
{
	mc_torch_seed(l->g->t, mc_stream_hash(l->g->recipe.seed, "dropout",
	    (uint64_t)l->s.epoch, (uint64_t)(l->s.train.n / l->batch + 1)));
}

/* The learning rate of the present step. */
static double
rate(const struct loop *l)
{
	const struct mc_recipe *r = &l->g->recipe;

	return mc_schedule_rate(&r->schedule, r->optim.rate, &l->length,
	    (l->s.epoch - 1) * l->length.steps + l->s.step - 1);
}

/* X, the present batch, mixed, and its targets. */
static struct mc_tensor *
mix_batch(struct loop *l, struct mc_tensor *x, struct mc_targets *targets)
{
	const struct mc_mix mix = draw_mix(l, l->s.train.n);
	size_t n = mc_feed_count(l->feed), i;

	for (i = 0; i < n; i++)
		l->other[i] = l->label[mc_mix_other(i, n)];
	targets->other = l->other;
	targets->share = mix.share;
	return mc_mix_images(l->g->t, x, &mix);
}

/* Change the parameters along the gradient. */
static void
descend(struct loop *l)
{
	const struct mc_recipe *r = &l->g->recipe;

	if (r->clip > 0)
		mc_params_clip(l->s.params, r->clip);
	mc_params_step(l->s.params, rate(l));
}

/*
 * Add the gradient of the present batch's loss, divided by DIVISOR; then
 * descend, if the batch is the LAST of the step.  Its logits are read after
 * that, so that a GPU has work while it is waited for.
 */
static void
learn(struct loop *l, double divisor, bool last)
{
	struct mc_targets targets = { .label = l->label };
	struct mc_torch *t = l->g->t;
	struct mc_tensor *x, *logits;

	seed_dropout(l);
	mc_scope_open(t);
	x = take_batch(l);
	if (mc_mixing_any(&l->g->recipe.mixing))
		x = mix_batch(l, x, &targets);
	logits = forward(l->g, x);
	mc_params_gradient(l->s.params, mc_loss_tensor(l->g->loss, t, logits,
	    &targets, mc_feed_count(l->feed), divisor));
	if (last)
		descend(l);
	note_batch(l, logits, &targets, &l->s.train);
	mc_scope_close(t, NULL);
}

/* By what the loss of the next N training images is divided. */
static double
next_divisor(struct loop *l, size_t n)
{
	double divisor = 0;
	size_t i;

	if (mc_mixing_any(&l->g->recipe.mixing))
		return (double)n;
	for (i = 0; i < n; i++) {
		const struct mc_targets target = { .label = l->label };

		take_labels(l, l->order[l->s.train.n + i], 0);
		divisor += mc_loss_divisor(l->g->loss, &target, 1);
	}
	return divisor;
}

/* One step of the optimiser, on the present batch and those that follow. */
static enum mc_status
step(struct loop *l, struct mc_err *err)
{
	struct mc_walk *w = &l->s.train;
	size_t left = l->g->data->n_train - w->n;
	size_t n = left < l->per_step ? left : l->per_step, end = w->n + n;
	double divisor = next_divisor(l, n);
	enum mc_status status;

	l->s.step++;
	learn(l, divisor, w->n + mc_feed_count(l->feed) == end);
	while (w->n < end) {
		status = mc_feed_next(l->feed, err);
		if (status != MC_OK)
			return status;
		learn(l, divisor, w->n + mc_feed_count(l->feed) == end);
	}
	status = mc_torch_check(l->g->t, err);
	if (status != MC_OK || isfinite(w->loss))
		return status;
	if (l->s.epoch == 1 && l->s.step == 1)
		return mc_err_set(err, MC_EDATA, "the training loss is not "
		    "finite before the first step: the backbone's weights are "
		    "too large");
	return not_finite(l, "the training loss", err);
}

/* The steps of the present epoch that are left. */
static enum mc_status
train_epoch(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	const struct mc_augmentation how = { &g->recipe.augment,
	    g->recipe.seed, l->s.epoch, l->key + l->s.train.n };
	struct mc_walk *w = &l->s.train;
	enum mc_status status = MC_OK;

	order(l);
	mc_params_use_average(l->s.params, false);
	if (g->backbone != NULL)
		mc_backbone_mode(g->backbone, MC_TRAINING);
	mc_torch_grad(g->t, true);
	mc_feed_start(l->feed, l->order + w->n, d->n_train - w->n,
	    mc_augment_any(&g->recipe.augment) ? &how : NULL);
	while (status == MC_OK && !l->stop &&
	    (status = mc_feed_next(l->feed, err)) == MC_OK) {
		status = step(l, err);
		if (status == MC_OK && g->on_step != NULL)
			g->on_step(l->s.epoch, w, g->arg);
		if (status == MC_OK)
			status = attend(l, err);
	}
	mc_torch_grad(g->t, false);
	return status == MC_END ? MC_OK : status;
}

static enum mc_status
validate(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	const struct mc_targets targets = { .label = l->label };
	enum mc_status status = MC_OK;

	if (g->backbone != NULL)
		mc_backbone_mode(g->backbone, 0);
	mc_walk_start(&l->val);
	mc_feed_start(l->feed, d->val, d->n_val, NULL);
	while (status == MC_OK && !l->stop &&
	    (status = mc_feed_next(l->feed, err)) == MC_OK) {
		mc_scope_open(g->t);
		note_batch(l, forward(g, take_batch(l)), &targets, &l->val);
		mc_scope_close(g->t, NULL);
		status = mc_torch_check(g->t, err);
		if (status == MC_OK)
			status = attend(l, err);
	}
	if (status == MC_END)
		status = isfinite(l->val.loss) ? MC_OK :
		    not_finite(l, "the validation loss", err);
	return status;
}

/* --- The best epoch -------------------------------------------------------- */

/* Keep the present values as the best. */
static enum mc_status
remember(struct loop *l, struct mc_err *err)
{
	FILE *spool = mc_spool_open(err);
	enum mc_status status = spool == NULL ? MC_EIO :
	    mc_params_write(l->s.params, MC_VALUES, spool, err);

	if (status == MC_OK)
		status = mc_spool_rewind(spool, err);
	if (l->s.best_values != NULL)
		fclose(l->s.best_values);
	l->s.best_values = spool;
	return status;
}

/* Put the best values back, which are then no longer kept. */
static enum mc_status
restore(struct loop *l, struct mc_err *err)
{
	struct mc_statedict *sd;
	enum mc_status status = mc_statedict_from_spool(&sd,
	    l->s.best_values, "the best epoch", err);

	if (status != MC_OK)
		return status;
	status = mc_params_read(l->s.params, MC_VALUES, sd, err);
	mc_statedict_free(sd);
	fclose(l->s.best_values);
	l->s.best_values = NULL;
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
	if (status != MC_OK)
		return status;
	mc_backbone_mode(g->backbone, MC_BATCH_STATISTICS);
	mc_feed_start(l->feed, g->data->train, 1, NULL);
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
	const char *name = mc_params_not_finite(l->s.params);
	enum mc_status status = mc_torch_check(l->g->t, err);
	char *what;

	if (status != MC_OK || name == NULL)
		return status;
	what = mc_xasprintf("the parameter \"%s\"", name);
	status = not_finite(l, what, err);
	free(what);
	return status;
}

/*
 * Keep FRESH, the present epoch, if it is the best so far.  The values of the
 * last one are where they are needed.
 */
static enum mc_status
consider(struct loop *l, const struct mc_best *fresh, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	enum mc_status status;

	if (!mc_is_better(&g->recipe.select, &l->s.best, fresh))
		return MC_OK;
	l->s.best = *fresh;
	status = check_finite(l, err);
	if (status == MC_OK && fresh->epoch < g->recipe.epochs &&
	    g->recipe.select.kind != MC_SELECT_LAST)
		status = remember(l, err);
	return status;
}

/* --- Epochs ---------------------------------------------------------------- */

/* The epoch has ended whole: note it, and go to the next. */
static enum mc_status
end_epoch(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	struct mc_best fresh = mc_log_epoch(&l->log, l->s.epoch, rate(l),
	    &l->s.train, &l->val);
	enum mc_status status = consider(l, &fresh, err);

	if (status != MC_OK)
		return status;
	if (g->on_epoch != NULL)
		g->on_epoch(&l->s.train, &fresh, g->arg);
	l->s.epoch++;
	l->s.step = 0;
	mc_walk_start(&l->s.train);
	if (g->checkpoint != NULL) {
		status = save(l, err);
		l->stop = g->asked != NULL && g->asked(g->arg) == MC_STOP;
	}
	return status;
}

/* Whether there is another epoch. */
static bool
has_next(const struct loop *l)
{
	const struct mc_recipe *r = &l->g->recipe;

	return l->s.epoch <= r->epochs && (r->patience == 0 ||
	    l->s.epoch - 1 - l->s.best.epoch < r->patience);
}

static enum mc_status
run_epochs(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	enum mc_status status = MC_OK;

	while (status == MC_OK && !l->stop && has_next(l)) {
		status = train_epoch(l, err);
		mc_params_use_average(l->s.params, true);
		if (status == MC_OK && !l->stop && g->data->n_val > 0)
			status = validate(l, err);
		if (status == MC_OK && !l->stop)
			status = end_epoch(l, err);
	}
	return status == MC_OK && l->stop ? MC_END : status;
}

/* Make the backbone ready to be trained as the recipe says. */
static enum mc_status
begin_backbone(const struct mc_training *g, struct mc_err *err)
{
	const struct mc_recipe *r = &g->recipe;

	if (g->backbone == NULL)
		return MC_OK;
	mc_backbone_drop_path(g->backbone, r->drop_path);
	return r->tuning.lora_rank == 0 ? MC_OK : mc_backbone_lora(g->backbone,
	    r->tuning.lora_rank, r->tuning.lora_alpha, r->seed, err);
}

/* Make it the network that is saved; the table of its rows is gone. */
static enum mc_status
end_backbone(const struct mc_training *g, struct mc_err *err)
{
	if (g->backbone == NULL)
		return MC_OK;
	mc_backbone_mode(g->backbone, 0);
	return mc_backbone_merge(g->backbone, err);
}

enum mc_status
mc_train(const struct mc_training *g, struct mc_buf *log,
    struct mc_best *kept, struct mc_err *err)
{
	enum mc_status status = begin_backbone(g, err);
	struct loop l;

	if (status != MC_OK)
		return status;
	start_loop(&l, g, log);
	status = try_one(&l, err);
	if (status == MC_OK)
		status = mc_params_optimise(l.s.params, err);
	if (status == MC_OK && g->resume != NULL)
		status = resume(&l, err);
	else
		mc_log_heading(&l.log, "learning_rate");
	if (status == MC_OK && g->on_start != NULL)
		g->on_start(l.s.epoch, &l.s.train, g->arg);
	if (status == MC_OK)
		status = run_epochs(&l, err);
	mc_params_use_average(l.s.params, true);
	if (status == MC_OK && l.s.best.epoch < g->recipe.epochs)
		status = restore(&l, err);
	*kept = l.s.best;
	end_loop(&l);
	return status == MC_OK ? end_backbone(g, err) : status;
}
