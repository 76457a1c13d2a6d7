/* train.c - train a head, or a head and its backbone. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "learn/autosave.h"
#include "learn/log.h"
#include "learn/lone.h"
#include "learn/params.h"
#include "learn/pass.h"
#include "learn/snapshot.h"
#include "learn/train.h"

const char *const mc_regime_names[] = {
	[MC_FROZEN] = "frozen", [MC_FINETUNE] = "finetune", NULL
};

struct loop {
	const struct mc_training *g;	/* what is asked for */
	struct mc_feed *feed;
	double *logits;			/* batch x classes */
	int64_t *label;			/* batch x labels */
	size_t batch;			/* images per batch, at most all */
	size_t per_step;		/* images per step */
	struct mc_length length;
	struct mc_pass pass;
	struct mc_state s;
	struct mc_walk val;
	struct mc_log log;
	struct mc_autosave save;
};

/* Images per batch of G: of all, if they are fewer. */
static size_t
batch_of(const struct mc_training *g)
{
	const struct mc_dataset *d = g->data;
	size_t most = d->n_train > d->n_val ? d->n_train : d->n_val;
	size_t wanted = (size_t)g->recipe.batch;

	return wanted < most ? wanted : most;
}

static size_t
images_per_step(const struct mc_training *g)
{
	return batch_of(g) * (size_t)g->recipe.accumulate;
}

struct mc_length
mc_train_length(const struct mc_training *g)
{
	size_t n = images_per_step(g);

	return (struct mc_length){ g->recipe.epochs,
	    (int64_t)((g->data->n_train + n - 1) / n) };
}

static void
start_loop(struct loop *l, const struct mc_training *g, struct mc_buf *log)
{
	const struct mc_dataset *d = g->data;
	size_t batch = batch_of(g);
	const struct mc_feed_options feed = { .preprocess = g->preprocess,
	    .batch = batch, .threads = g->threads, .ahead = g->ahead };

	memset(l, 0, sizeof(*l));
	l->g = g;
	l->log = (struct mc_log){ &g->recipe.select, d->classes, d->n_classes,
	    log };
	l->batch = batch;
	l->per_step = images_per_step(g);
	l->length = mc_train_length(g);
	l->feed = mc_feed_kept(&d->kept, &feed);
	l->logits = mc_xcalloc(batch * d->n_classes, sizeof(*l->logits));
	l->label = mc_xcalloc(batch * d->labels, sizeof(*l->label));
	mc_pass_init(&l->pass, g, batch);
	l->s.epoch = 1;
	l->s.best.only_class = -1;
	l->s.params = mc_params_alloc(g->t, g->backbone, g->head,
	    &g->recipe.optim);
	mc_params_tune(l->s.params, &g->recipe.tuning);
	mc_params_average(l->s.params, g->recipe.ema);
	mc_walk_init(&l->s.train, g->loss, d->n_train, false);
	mc_walk_init(&l->val, g->loss, d->n_val, true);
	mc_autosave_init(&l->save, g);
}

static void
end_loop(struct loop *l)
{
	mc_feed_free(l->feed);
	free(l->logits);
	free(l->label);
	mc_pass_clear(&l->pass);
	mc_params_free(l->s.params);
	mc_walk_clear(&l->s.train);
	mc_walk_clear(&l->val);
	if (l->s.best_values != NULL)
		fclose(l->s.best_values);
}

/* The present batch as a tensor, and its labels into l->label. */
static struct mc_tensor *
take_batch(struct loop *l)
{
	const struct mc_training *g = l->g;
	size_t i;

	for (i = 0; i < mc_feed_count(l->feed); i++)
		mc_dataset_labels(g->data, mc_feed_index(l->feed, i),
		    l->label + i * g->data->labels);
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

/* --- Walks ----------------------------------------------------------------- */

/* The learning rate of the present step. */
static double
rate(const struct loop *l)
{
	const struct mc_recipe *r = &l->g->recipe;

	return mc_schedule_rate(&r->schedule, r->optim.rate, &l->length,
	    (l->s.epoch - 1) * l->length.steps + l->s.step - 1);
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
	size_t at = l->s.train.n, n = mc_feed_count(l->feed);
	struct mc_torch *t = l->g->t;
	struct mc_tensor *logits;

	mc_pass_seed(&l->pass, at);
	mc_scope_open(t);
	logits = forward(l->g, mc_pass_mix(&l->pass, at, n, take_batch(l),
	    &targets));
	mc_params_gradient(l->s.params, mc_loss_tensor(l->g->loss, t, logits,
	    &targets, n, divisor));
	if (last)
		descend(l);
	note_batch(l, logits, &targets, &l->s.train);
	mc_scope_close(t, NULL);
}

/* One step of the optimiser, on the present batch and those that follow. */
static enum mc_status
step(struct loop *l, struct mc_err *err)
{
	struct mc_walk *w = &l->s.train;
	size_t left = l->g->data->n_train - w->n;
	size_t n = left < l->per_step ? left : l->per_step, end = w->n + n;
	double divisor = mc_pass_divisor(&l->pass, w->n, n);
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
	    g->recipe.seed, l->s.epoch, l->pass.key + l->s.train.n };
	struct mc_walk *w = &l->s.train;
	enum mc_status status = MC_OK;

	mc_pass_start(&l->pass, l->s.epoch);
	mc_params_use_average(l->s.params, false);
	if (g->backbone != NULL)
		mc_backbone_mode(g->backbone, MC_TRAINING);
	mc_torch_grad(g->t, true);
	mc_feed_start(l->feed, l->pass.order + w->n, d->n_train - w->n,
	    mc_augment_any(&g->recipe.augment) ? &how : NULL);
	while (status == MC_OK && !l->save.stop &&
	    (status = mc_feed_next(l->feed, err)) == MC_OK) {
		status = step(l, err);
		if (status == MC_OK && g->on_step != NULL)
			g->on_step(l->s.epoch, w, g->arg);
		if (status == MC_OK)
			status = mc_autosave_step(&l->save, &l->s, l->log.text,
			    err);
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
	while (status == MC_OK && !l->save.stop &&
	    (status = mc_feed_next(l->feed, err)) == MC_OK) {
		mc_scope_open(g->t);
		note_batch(l, forward(g, take_batch(l)), &targets, &l->val);
		mc_scope_close(g->t, NULL);
		status = mc_torch_check(g->t, err);
		if (status == MC_OK)
			status = mc_autosave_step(&l->save, &l->s, l->log.text,
			    err);
	}
	if (status == MC_END)
		status = isfinite(l->val.loss) ? MC_OK :
		    not_finite(l, "the validation loss", err);
	return status;
}

/* --- The best epoch -------------------------------------------------------- */

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
		status = mc_snapshot_take(&l->s.best_values, l->s.params, err);
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
	return mc_autosave_epoch(&l->save, &l->s, l->log.text, err);
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

	while (status == MC_OK && !l->save.stop && has_next(l)) {
		status = train_epoch(l, err);
		mc_params_use_average(l->s.params, true);
		if (status == MC_OK && !l->save.stop && g->data->n_val > 0)
			status = validate(l, err);
		if (status == MC_OK && !l->save.stop)
			status = end_epoch(l, err);
	}
	return status == MC_OK && l->save.stop ? MC_END : status;
}

/* Go on from what was kept, or begin. */
static enum mc_status
enter(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	enum mc_status status;

	if (g->resume == NULL) {
		mc_log_heading(&l->log, "learning_rate");
		return MC_OK;
	}
	status = mc_autosave_resume(&l->save, &l->s, l->per_step, l->log.text,
	    err);
	if (status != MC_OK)
		return status;
	mc_pass_start(&l->pass, l->s.epoch);
	mc_pass_labels(&l->pass, l->s.train.n, l->s.train.label);
	return MC_OK;
}

/* Make the backbone ready to be trained as the recipe says. */
static enum mc_status
begin_backbone(const struct mc_training *g, struct mc_err *err)
{
	const struct mc_recipe *r = &g->recipe;

	if (g->backbone == NULL)
		return MC_OK;
	if (r->drop_path >= 0)
		mc_backbone_drop_path(g->backbone, r->drop_path);
	return r->tuning.lora_rank == 0 ? MC_OK : mc_backbone_lora(g->backbone,
	    r->tuning.lora_rank, r->tuning.lora_alpha, r->seed, err);
}

/*
 * Make it the network that is saved, unless its matrices stay apart; the table
 * of its rows is gone.
 */
static enum mc_status
end_backbone(const struct mc_training *g, struct mc_err *err)
{
	if (g->backbone == NULL)
		return MC_OK;
	mc_backbone_mode(g->backbone, 0);
	return g->recipe.tuning.lora_apart ? MC_OK :
	    mc_backbone_merge(g->backbone, err);
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
	status = mc_lone_check(g, l.batch, l.feed, l.s.params, err);
	if (status == MC_OK)
		status = mc_params_optimise(l.s.params, err);
	if (status == MC_OK)
		status = enter(&l, err);
	if (status == MC_OK && g->on_start != NULL)
		g->on_start(l.s.epoch, &l.s.train, g->arg);
	if (status == MC_OK)
		status = run_epochs(&l, err);
	mc_params_use_average(l.s.params, true);
	if (status == MC_OK && l.s.best.epoch < g->recipe.epochs)
		status = mc_snapshot_restore(&l.s.best_values, l.s.params, err);
	*kept = l.s.best;
	end_loop(&l);
	return status == MC_OK ? end_backbone(g, err) : status;
}
