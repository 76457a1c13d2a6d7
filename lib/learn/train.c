/* train.c - train a head, or a head and its backbone. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "learn/autosave.h"
#include "learn/joint.h"
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
	int64_t *label;			/* batch x labels */
	size_t batch;			/* images per batch, at most all */
	size_t per_step;		/* images per step */
	struct mc_length length;
	struct mc_pass pass;
	struct mc_joint joint;
	struct mc_state s;
	struct mc_walk val;
	struct mc_log log;
	struct mc_autosave save;
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
most(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Images per batch of G: of all, if they are fewer. */
static size_t
batch_of(const struct mc_training *g)
{
	const struct mc_dataset *d = g->data;

	return least((size_t)g->recipe.batch, most(d->n_train, d->n_val));
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

/* Images that are validated at a time, a batch in each rank. */
static size_t
images_per_round(const struct mc_training *g)
{
	return batch_of(g) * (size_t)mc_ranks_count(g->ranks);
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
	l->label = mc_xcalloc(batch * d->labels, sizeof(*l->label));
	mc_pass_init(&l->pass, g, batch);
	l->s.epoch = 1;
	l->s.best.only_class = -1;
	l->s.params = mc_params_alloc(g->t, g->backbone, g->head,
	    &g->recipe.optim);
	mc_params_tune(l->s.params, &g->recipe.tuning);
	mc_params_average(l->s.params, g->recipe.ema);
	mc_joint_init(&l->joint, g->ranks, g->t, l->s.params,
	    &(struct mc_joint_sizes){ batch, d->n_classes,
	    most(d->n_train, d->n_val), most(least(l->per_step, d->n_train),
	    least(images_per_round(g), d->n_val)), g->recipe.accumulate > 1 });
	mc_walk_init(&l->s.train, g->loss, d->n_train, false);
	mc_walk_init(&l->val, g->loss, d->n_val, true);
	mc_autosave_init(&l->save, g);
}

static void
end_loop(struct loop *l)
{
	mc_feed_free(l->feed);
	free(l->label);
	mc_pass_clear(&l->pass);
	mc_joint_clear(&l->joint);
	mc_params_free(l->s.params);
	mc_walk_clear(&l->s.train);
	mc_walk_clear(&l->val);
	if (l->s.best_values != NULL)
		fclose(l->s.best_values);
}

/* Set l->label to the labels of the N images INDEX. */
static void
set_labels(struct loop *l, const size_t *index, size_t n)
{
	const struct mc_dataset *d = l->g->data;
	size_t i;

	for (i = 0; i < n; i++)
		mc_dataset_labels(d, index[i], l->label + i * d->labels);
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

/* Keep the LOGITS of the present batch, which begins with image AT of the pass. */
static void
keep_logits(struct loop *l, size_t at, const struct mc_tensor *logits)
{
	mc_to_f64(l->g->t, logits, mc_joint_logits(&l->joint, at),
	    mc_feed_count(l->feed) * l->g->data->n_classes);
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
 * Add the gradient of the loss of the present batch, which begins with image AT,
 * divided by DIVISOR.  Where libtorch sums gradients, the LAST batch of a step is
 * followed by the descent, and then its logits are read, so that a GPU has work
 * while it is waited for.
 */
static void
learn(struct loop *l, size_t at, double divisor, bool last)
{
	struct mc_targets targets = { .label = l->label };
	size_t n = mc_feed_count(l->feed);
	struct mc_torch *t = l->g->t;
	struct mc_tensor *logits;

	mc_pass_seed(&l->pass, at);
	set_labels(l, l->pass.order + at, n);
	mc_scope_open(t);
	logits = forward(l->g, mc_pass_mix(&l->pass, at, n,
	    mc_feed_tensor(l->feed, t), &targets));
	mc_params_gradient(l->s.params, mc_loss_tensor(l->g->loss, t, logits,
	    &targets, n, divisor));
	mc_joint_add(&l->joint);
	if (last && l->joint.gradient == NULL)
		descend(l);
	keep_logits(l, at, logits);
	mc_scope_close(t, NULL);
}

/* Learn from those of the N images from AT on that this rank has. */
static enum mc_status
learn_own(struct loop *l, size_t at, size_t n, struct mc_err *err)
{
	double divisor = mc_pass_divisor(&l->pass, at, n);
	enum mc_status status = MC_OK;
	size_t end;

	mc_joint_round(&l->joint, at, n);
	end = l->joint.own.end;
	for (at = l->joint.own.begin; at < end && status == MC_OK;
	    at += l->batch) {
		status = mc_feed_next(l->feed, err);
		if (status == MC_OK)
			learn(l, at, divisor, at + l->batch >= end);
	}
	if (status == MC_OK && l->g->ranks != NULL)
		status = mc_torch_check(l->g->t, err);
	return mc_ranks_agree(l->g->ranks, status, NULL, err);
}

/* Add the N images of a step from AT on, whose logits are known, to the walk. */
static void
note_step(struct loop *l, size_t at, size_t n)
{
	size_t end = at + n;

	for (; at < end; at += n) {
		const struct mc_targets targets = mc_pass_targets(&l->pass, at,
		    &n);

		mc_walk_add(&l->s.train, mc_joint_logits(&l->joint, at),
		    &targets, n);
	}
}

/* One step of the optimiser. */
static enum mc_status
step(struct loop *l, struct mc_err *err)
{
	struct mc_walk *w = &l->s.train;
	size_t at = w->n, n = least(l->per_step, l->g->data->n_train - at);
	enum mc_status status;

	l->s.step++;
	status = learn_own(l, at, n, err);
	if (status != MC_OK)
		return status;
	mc_joint_sum_logits(&l->joint);
	if (l->joint.gradient != NULL) {
		mc_joint_sum_gradients(&l->joint);
		descend(l);
	}
	note_step(l, at, n);
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
	    g->recipe.seed, l->s.epoch, l->joint.key };
	struct mc_walk *w = &l->s.train;
	enum mc_status status = MC_OK;

	mc_pass_start(&l->pass, l->s.epoch);
	mc_params_use_average(l->s.params, false);
	if (g->backbone != NULL)
		mc_backbone_mode(g->backbone, MC_TRAINING);
	mc_torch_grad(g->t, true);
	mc_joint_pass(&l->joint, l->pass.order, l->pass.key, w->n, d->n_train,
	    l->per_step);
	mc_feed_start(l->feed, l->joint.index, l->joint.n,
	    mc_augment_any(&g->recipe.augment) ? &how : NULL);
	while (status == MC_OK && !l->save.stop && w->n < d->n_train) {
		status = step(l, err);
		if (status == MC_OK && g->on_step != NULL)
			g->on_step(l->s.epoch, w, g->arg);
		if (status == MC_OK)
			status = mc_autosave_step(&l->save, &l->s, l->log.text,
			    err);
	}
	mc_torch_grad(g->t, false);
	return status;
}

/* Keep the logits of those of the N images from AT on that this rank has. */
static enum mc_status
validate_own(struct loop *l, size_t at, size_t n, struct mc_err *err)
{
	struct mc_torch *t = l->g->t;
	enum mc_status status = MC_OK;

	mc_joint_round(&l->joint, at, n);
	for (at = l->joint.own.begin; at < l->joint.own.end && status == MC_OK;
	    at += l->batch) {
		status = mc_feed_next(l->feed, err);
		if (status != MC_OK)
			break;
		mc_scope_open(t);
		keep_logits(l, at, forward(l->g, mc_feed_tensor(l->feed, t)));
		mc_scope_close(t, NULL);
		status = mc_torch_check(t, err);
	}
	return mc_ranks_agree(l->g->ranks, status, NULL, err);
}

/* Add the N images from AT on, whose logits are known, to the walk. */
static void
note_round(struct loop *l, size_t at, size_t n)
{
	const struct mc_targets targets = { .label = l->label };
	size_t end = at + n;

	for (; at < end; at += n) {
		n = least(l->batch, end - at);
		set_labels(l, l->g->data->val + at, n);
		mc_walk_add(&l->val, mc_joint_logits(&l->joint, at), &targets,
		    n);
	}
}

static enum mc_status
validate(struct loop *l, struct mc_err *err)
{
	const struct mc_training *g = l->g;
	const struct mc_dataset *d = g->data;
	enum mc_status status = MC_OK;
	size_t round = images_per_round(g), at, n;

	if (g->backbone != NULL)
		mc_backbone_mode(g->backbone, 0);
	mc_walk_start(&l->val);
	mc_joint_pass(&l->joint, d->val, NULL, 0, d->n_val, round);
	mc_feed_start(l->feed, l->joint.index, l->joint.n, NULL);
	for (at = 0; status == MC_OK && !l->save.stop && at < d->n_val;
	    at += n) {
		n = least(round, d->n_val - at);
		status = validate_own(l, at, n, err);
		if (status != MC_OK)
			return status;
		mc_joint_sum_logits(&l->joint);
		note_round(l, at, n);
		status = mc_autosave_step(&l->save, &l->s, l->log.text, err);
	}
	if (status == MC_OK && !l->save.stop && !isfinite(l->val.loss))
		return not_finite(l, "the validation loss", err);
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
	enum mc_status status = mc_ranks_agree(g->ranks,
	    consider(l, &fresh, err), NULL, err);

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

/* All ranks must go on from the same state. */
static enum mc_status
check_state(const struct loop *l, struct mc_err *err)
{
	struct mc_buf ours = { 0 }, first = { 0 };
	bool same;

	mc_buf_printf(&ours, "%lld %lld", (long long)l->s.epoch,
	    (long long)l->s.step);
	mc_ranks_first(l->g->ranks, &ours, &first);
	same = strcmp(ours.data, first.data) == 0;
	mc_buf_free(&ours);
	mc_buf_free(&first);
	return mc_ranks_agree(l->g->ranks, same ? MC_OK : mc_err_set(err,
	    MC_EDATA, "%s: not what rank 0 goes on from: put it where every "
	    "rank reads the same file", l->g->checkpoint), NULL, err);
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
		status = mc_joint_check(&l.joint, err);
	if (status == MC_OK)
		status = enter(&l, err);
	status = mc_ranks_agree(g->ranks, status, NULL, err);
	if (status == MC_OK && g->checkpoint != NULL)
		status = check_state(&l, err);
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
