/* pass.c - pass through the training images once. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "learn/order.h"
#include "learn/pass.h"

void
mc_pass_init(struct mc_pass *p, const struct mc_training *g, size_t batch)
{
	*p = (struct mc_pass){ .g = g, .batch = batch };
	p->order = mc_xcalloc(g->data->n_train, sizeof(*p->order));
	p->key = mc_xcalloc(g->data->n_train, sizeof(*p->key));
	p->label = mc_xcalloc(batch * g->data->labels, sizeof(*p->label));
	p->other = mc_xcalloc(batch * g->data->labels, sizeof(*p->other));
}

void
mc_pass_clear(struct mc_pass *p)
{
	free(p->order);
	free(p->key);
	free(p->label);
	free(p->other);
}

void
mc_pass_start(struct mc_pass *p, int64_t epoch)
{
	const struct mc_dataset *d = p->g->data;
	const struct mc_recipe *r = &p->g->recipe;

	p->epoch = epoch;
	if (r->balanced)
		mc_balanced_order(d->train, d->n_train, d->key, d->label,
		    d->n_classes, r->seed, epoch, p->order);
	else
		mc_epoch_order(d->train, d->n_train, d->key, r->seed, epoch, 0,
		    1, p->order);
	mc_copy_keys(p->order, d->n_train, d->key, d->n, p->key);
}

/* The number, from 1, of the batch that begins with image AT. */
static int64_t
number(const struct mc_pass *p, size_t at)
{
	return (int64_t)(at / p->batch) + 1;
}

void
mc_pass_seed(const struct mc_pass *p, size_t at)
{
	mc_torch_seed(p->g->t, mc_stream_hash(p->g->recipe.seed, "dropout",
	    (uint64_t)p->epoch, (uint64_t)number(p, at)));
}

/* How the batch that begins with image AT is mixed. */
static struct mc_mix
draw_mix(const struct mc_pass *p, size_t at)
{
	const struct mc_training *g = p->g;

	return mc_mixing_draw(&g->recipe.mixing, g->recipe.seed, p->epoch,
	    number(p, at), g->preprocess != NULL ? g->preprocess->crop : 0);
}

/* Mix the labels of TARGETS, those of a batch of N images, by SHARE. */
static void
mix_labels(const struct mc_pass *p, size_t n, double share,
    struct mc_targets *targets)
{
	size_t labels = p->g->data->labels, i;

	for (i = 0; i < n; i++)
		memcpy(p->other + i * labels, targets->label +
		    mc_mix_other(i, n) * labels, labels * sizeof(*p->other));
	targets->other = p->other;
	targets->share = share;
}

struct mc_tensor *
mc_pass_mix(struct mc_pass *p, size_t at, size_t n, struct mc_tensor *x,
    struct mc_targets *targets)
{
	struct mc_mix mix;

	if (!mc_mixing_any(&p->g->recipe.mixing))
		return x;
	mix = draw_mix(p, at);
	mix_labels(p, n, mix.share, targets);
	return mc_mix_images(p->g->t, x, &mix);
}

struct mc_targets
mc_pass_targets(const struct mc_pass *p, size_t at, size_t *n)
{
	const struct mc_dataset *d = p->g->data;
	struct mc_targets targets = { .label = p->label };
	size_t left = d->n_train - at, i;

	*n = left < p->batch ? left : p->batch;
	for (i = 0; i < *n; i++)
		mc_dataset_labels(d, p->order[at + i], p->label +
		    i * d->labels);
	if (mc_mixing_any(&p->g->recipe.mixing))
		mix_labels(p, *n, draw_mix(p, at).share, &targets);
	return targets;
}

double
mc_pass_divisor(const struct mc_pass *p, size_t at, size_t n)
{
	const struct mc_loss *loss = p->g->loss;
	double divisor = 0;
	size_t end = at + n;

	for (; at < end; at += n) {
		const struct mc_targets targets = mc_pass_targets(p, at, &n);

		divisor += mc_loss_divisor(loss, &targets, n);
	}
	return divisor;
}

void
mc_pass_labels(const struct mc_pass *p, size_t n, int *label)
{
	size_t labels = p->g->data->labels, at, batch, i;

	for (at = 0; at < n; at += batch) {
		const struct mc_targets targets = mc_pass_targets(p, at, &batch);

		for (i = 0; i < batch * labels && at * labels + i < n * labels;
		    i++)
			label[at * labels + i] = (int)mc_targets_label(
			    &targets, i);
	}
}
