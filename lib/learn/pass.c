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
	p->label = mc_xcalloc(g->data->labels, sizeof(*p->label));
	p->other = mc_xcalloc(batch, sizeof(*p->other));
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

double
mc_pass_divisor(const struct mc_pass *p, size_t at, size_t n)
{
	const struct mc_training *g = p->g;
	const struct mc_targets target = { .label = p->label };
	double divisor = 0;
	size_t i;

	if (mc_mixing_any(&g->recipe.mixing))
		return (double)n;
	for (i = 0; i < n; i++) {
		mc_dataset_labels(g->data, p->order[at + i], p->label);
		divisor += mc_loss_divisor(g->loss, &target, 1);
	}
	return divisor;
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

struct mc_tensor *
mc_pass_mix(struct mc_pass *p, size_t at, size_t n, struct mc_tensor *x,
    struct mc_targets *targets)
{
	struct mc_mix mix;
	size_t i;

	if (!mc_mixing_any(&p->g->recipe.mixing))
		return x;
	mix = draw_mix(p, at);
	for (i = 0; i < n; i++)
		p->other[i] = targets->label[mc_mix_other(i, n)];
	targets->other = p->other;
	targets->share = mix.share;
	return mc_mix_images(p->g->t, x, &mix);
}

/* Set LABEL to what image I counts as. */
static void
label_one(const struct mc_pass *p, size_t i, int *label)
{
	const struct mc_dataset *d = p->g->data;
	size_t start = i / p->batch * p->batch, left = d->n_train - start;
	size_t n = left < p->batch ? left : p->batch;

	if (draw_mix(p, start).share < 0.5)
		i = start + mc_mix_other(i - start, n);
	memcpy(label, d->label + p->order[i] * d->labels,
	    d->labels * sizeof(*label));
}

void
mc_pass_labels(const struct mc_pass *p, size_t n, int *label)
{
	size_t i;

	for (i = 0; i < n; i++)
		label_one(p, i, label + i * p->g->data->labels);
}
