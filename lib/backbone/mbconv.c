/*
 * EfficientNet (Tan & Le 2019), EfficientNetV2 (Tan & Le 2021) and MobileNetV3
 * (Howard et al. 2019) as torchvision has them: inverted residuals, which widen
 * their input, convolve each channel on its own, weigh the channels by what
 * their means say (squeeze and excitation), and narrow again.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

struct unit {
	struct net_conv conv;
	struct net_batch_norm norm;
};

struct block {
	struct unit units[3];
	int n_units;
	bool activated;		/* behind the last unit also */
	bool residual;
	enum mbconv_activation activation;
	/* Before the last unit; without weights where there is none. */
	struct net_conv squeeze, excite;
	double drop;		/* the probability to leave it out */
};

struct mbconv {
	struct unit stem, last;
	struct net_linear hidden, classifier;
	int n_blocks;
	struct block blocks[];
};

/* CHANNELS times WIDTH, rounded to a multiple of 8 that is >= 0.9 times it. */
static int
scaled(double channels, double width)
{
	double wanted = channels * width;
	int n = (int)(wanted + 4) / 8 * 8;

	if (n < 8)
		n = 8;
	return n < 0.9 * wanted ? n + 8 : n;
}

static int
layers(const struct mbconv_config *c, int stage)
{
	return (int)ceil(c->stages[stage].layers * c->depth);
}

/* --- Declaring ------------------------------------------------------------ */

static void
unit(struct mc_backbone *b, struct unit *u, const char *prefix, int in,
    int out, int size, int stride, int groups)
{
	const struct mbconv_config *c = b->info->config;
	char name[64];

	u->conv = (struct net_conv){ .in = in, .out = out, .size = size,
	    .stride = stride, .padding = (size - 1) / 2, .groups = groups };
	snprintf(name, sizeof(name), "%s.0", prefix);
	net_conv(b, &u->conv, name, net_kaiming((double)out * size * size),
	    NULL);
	snprintf(name, sizeof(name), "%s.1", prefix);
	net_batch_norm(b, &u->norm, name, out, &u->conv);
	u->norm.epsilon = c->epsilon;
	net_momentum(&u->norm, c->momentum);
}

/* A convolution of 1 x 1 with a bias. */
static void
dense(struct mc_backbone *b, struct net_conv *conv, const char *name, int in,
    int out)
{
	const struct net_dist zero = net_constant(0);

	*conv = (struct net_conv){ .in = in, .out = out, .size = 1,
	    .stride = 1, .groups = 1 };
	net_conv(b, conv, name, net_kaiming(out), &zero);
}

/* The squeeze and excitation of WIDE channels, in a block that takes IN. */
static void
build_squeeze(struct mc_backbone *b, struct block *k, const char *prefix,
    int in, int wide)
{
	const struct mbconv_config *c = b->info->config;
	int narrow = c->mobile ? scaled(wide / 4, 1) : in < 4 ? 1 : in / 4;
	char name[80];

	snprintf(name, sizeof(name), "%s.fc1", prefix);
	dense(b, &k->squeeze, name, wide, narrow);
	snprintf(name, sizeof(name), "%s.fc2", prefix);
	dense(b, &k->excite, name, narrow, wide);
}

/* A block of the stage S under the name PREFIX. */
static void
build_block(struct mc_backbone *b, struct block *k, const char *prefix,
    const struct mbconv_stage *s, int in, int out, int stride)
{
	int wide = scaled(in, s->ratio), part = 0;
	char name[64];

#define NEXT (snprintf(name, sizeof(name), "%s.block.%d", prefix, part++), name)
	k->activation = s->activation;
	k->residual = stride == 1 && in == out;
	if (s->fused && wide == in) {
		k->activated = true;
		unit(b, &k->units[k->n_units++], NEXT, in, out, s->kernel,
		    stride, 1);
		return;
	}
	if (s->fused)
		unit(b, &k->units[k->n_units++], NEXT, in, wide, s->kernel,
		    stride, 1);
	else {
		if (wide != in)
			unit(b, &k->units[k->n_units++], NEXT, in, wide, 1, 1,
			    1);
		unit(b, &k->units[k->n_units++], NEXT, wide, wide, s->kernel,
		    stride, wide);
	}
	if (s->squeeze)
		build_squeeze(b, k, NEXT, in, wide);
	unit(b, &k->units[k->n_units++], NEXT, wide, out, 1, 1, 1);
#undef NEXT
}

/* Room for the layers that C asks for. */
static struct mbconv *
allocate(const struct mbconv_config *c)
{
	struct mbconv *m;
	int i, n = 0;

	assert(c->n_stages > 0 && c->width > 0 && c->depth > 0);
	for (i = 0; i < c->n_stages; i++) {
		assert(layers(c, i) > 0 && c->stages[i].kernel % 2 == 1);
		assert(!(c->stages[i].fused && c->stages[i].squeeze));
		n += layers(c, i);
	}
	m = mc_xcalloc(1, sizeof(*m) + (size_t)n * sizeof(m->blocks[0]));
	m->n_blocks = n;
	return m;
}

/* All blocks, which take IN channels; returns theirs. */
static int
build_blocks(struct mc_backbone *b, struct mbconv *m, int in)
{
	const struct mbconv_config *c = b->info->config;
	struct block *k = m->blocks;
	char prefix[32];
	int stage, i;

	for (stage = 0; stage < c->n_stages; stage++) {
		const struct mbconv_stage *s = &c->stages[stage];
		int out = scaled(s->out, c->width);

		for (i = 0; i < layers(c, stage); i++, k++) {
			int number = (int)(k - m->blocks);

			if (c->mobile)
				snprintf(prefix, sizeof(prefix), "features.%d",
				    number + 1);
			else
				snprintf(prefix, sizeof(prefix),
				    "features.%d.%d", stage + 1, i);
			net_block(b);
			build_block(b, k, prefix, s, in, out,
			    i == 0 ? s->stride : 1);
			k->drop = c->drop * number / m->n_blocks;
			in = out;
		}
	}
	return in;
}

/* The layers behind the mean of IN channels. */
static void
build_classifier(struct mc_backbone *b, struct mbconv *m, int in)
{
	const struct mbconv_config *c = b->info->config;
	const struct net_dist zero = net_constant(0);
	struct net_dist dist = net_default(1000);

	b->spare = net_wants(b, "pooled");
	if (!b->spare)
		net_behind(b);
	if (c->mobile) {
		dist = net_normal(0.01);
		net_linear(b, &m->hidden, "classifier.0", in, c->hidden, dist,
		    &zero);
		in = c->hidden;
	}
	b->spare = !net_wants(b, "logits");
	net_linear(b, &m->classifier, c->mobile ? "classifier.3" :
	    "classifier.1", in, 1000, dist, &zero);
}

static void
build(struct mc_backbone *b)
{
	const struct mbconv_config *c = b->info->config;
	struct mbconv *m = b->model = allocate(c);
	int in = scaled(c->stem, c->width), out;
	char prefix[32];

	unit(b, &m->stem, "features.0", 3, in, 3, 2, 1);
	in = build_blocks(b, m, in);
	out = c->last > 0 ? c->last : 4 * in;
	if (c->mobile)
		out = 6 * in;
	snprintf(prefix, sizeof(prefix), "features.%d",
	    (c->mobile ? m->n_blocks : c->n_stages) + 1);
	net_behind(b);
	unit(b, &m->last, prefix, in, out, 1, 1, 1);
	build_classifier(b, m, out);
}

/* --- Applying ------------------------------------------------------------- */

static struct mc_tensor *
activate(struct mc_backbone *b, enum mbconv_activation how,
    struct mc_tensor *x)
{
	switch (how) {
	case MBCONV_RELU:
		return mc_relu_over(b->t, x);
	case MBCONV_SILU:
		return mc_silu_over(b->t, x);
	default:
		return mc_hardswish_over(b->t, x);
	}
}

/* What the stem, the last convolution and the hidden layer are followed by. */
static enum mbconv_activation
outer(const struct mc_backbone *b)
{
	return ((const struct mbconv_config *)b->info->config)->mobile ?
	    MBCONV_HARDSWISH : MBCONV_SILU;
}

/* X, each channel times a number in 0..1. */
static struct mc_tensor *
weigh(struct mc_backbone *b, const struct block *k, struct mc_tensor *x)
{
	const struct mbconv_config *c = b->info->config;
	struct mc_tensor *y = mc_adaptive_avg_pool2d(b->t, x, 1);

	y = net_apply_conv(b, &k->squeeze, y);
	y = c->mobile ? mc_relu_over(b->t, y) : mc_silu_over(b->t, y);
	y = net_apply_conv(b, &k->excite, y);
	y = c->mobile ? mc_hardsigmoid_over(b->t, y) :
	    mc_sigmoid_over(b->t, y);
	return (net_mode(b, k->excite.weight) & MC_RECORD) != 0 ?
	    mc_mul(b->t, x, y) : mc_mul_over(b->t, x, y);
}

static struct mc_tensor *
apply_block(struct mc_backbone *b, const struct block *k, struct mc_tensor *x)
{
	struct mc_tensor *y = x;
	int i;

	mc_scope_open(b->t);
	for (i = 0; i < k->n_units; i++) {
		bool last = i == k->n_units - 1;

		if (last && k->squeeze.weight != NULL)
			y = weigh(b, k, y);
		y = net_apply_conv(b, &k->units[i].conv, y);
		if (!last || k->activated)
			y = activate(b, k->activation, y);
	}
	if (k->residual) {
		if (k->drop > 0 && (net_mode(b, k->units[0].conv.weight) &
		    MC_DROPOUT) != 0)
			y = mc_drop_path(b->t, y, k->drop);
		y = mc_add_over(b->t, y, x);
	}
	return mc_scope_close(b->t, y);
}

static struct mc_tensor *
classify(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct mbconv_config *c = b->info->config;
	const struct mbconv *m = b->model;

	if (c->mobile)
		x = activate(b, outer(b), net_apply_linear(b, &m->hidden, x));
	if (!net_wants(b, "logits"))
		return x;
	x = mc_dropout(b->t, x, c->dropout,
	    (net_mode(b, m->classifier.weight) & MC_DROPOUT) != 0);
	return net_apply_linear(b, &m->classifier, x);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct mbconv *m = b->model;
	struct mc_tensor *y;
	int i;

	x = activate(b, outer(b), net_apply_conv(b, &m->stem.conv, x));
	for (i = 0; i < m->n_blocks; i++) {
		y = apply_block(b, &m->blocks[i], x);
		mc_drop(b->t, x);
		x = y;
	}
	x = activate(b, outer(b), net_apply_conv(b, &m->last.conv, x));
	x = net_show_map(b, x);
	x = mc_adaptive_avg_pool2d(b->t, net_wide(b, x), 1);
	x = mc_flatten(b->t, x, 1);
	return net_wants(b, "pooled") ? x : classify(b, x);
}

const struct mc_family net_efficientnet = {
	"EfficientNet", false, build, forward, false, false, "features", false
};

const struct mc_family net_mobilenet = {
	"MobileNetV3", false, build, forward, false, false, "features", false
};
