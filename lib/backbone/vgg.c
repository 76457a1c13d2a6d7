/*
 * VGG (Simonyan & Zisserman 2015), with and without batch norm, as torchvision
 * has it.
 */
#include <assert.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

#define GROUPS 5		/* of convolutions, a pooling behind each */
#define FC 3

struct layer {
	struct net_conv conv;
	struct net_batch_norm norm;
	bool pool;			/* behind it */
};

struct vgg {
	struct net_linear fc[FC];
	int n_layers;
	struct layer layers[];
};

/* The convolution behind NUMBER modules of torchvision's; returns how many. */
static int
build_layer(struct mc_backbone *b, struct layer *l, int number, int in,
    int out)
{
	const struct vgg_config *c = b->info->config;
	const struct net_dist zero = net_constant(0);
	char name[32];

	l->conv = (struct net_conv){ .in = in, .out = out, .size = 3,
	    .stride = 1, .padding = 1, .groups = 1 };
	snprintf(name, sizeof(name), "features.%d", number++);
	net_conv(b, &l->conv, name, net_kaiming(9.0 * out), &zero);
	if (c->batch_norm) {
		snprintf(name, sizeof(name), "features.%d", number++);
		net_batch_norm(b, &l->norm, name, out, &l->conv);
	}
	return number + 1;		/* the ReLU */
}

static void
build_classifier(struct mc_backbone *b, struct vgg *m)
{
	static const int sizes[FC + 1] = { 512 * 7 * 7, 4096, 4096, 1000 };
	const struct net_dist zero = net_constant(0);
	char name[32];
	int i;

	for (i = 0; i < FC; i++) {
		b->spare = net_wants(b, "pooled") ||
		    (i == FC - 1 && !net_wants(b, "logits"));
		if (!b->spare && i < FC - 1)
			net_block(b);
		else if (!b->spare)
			net_behind(b);
		snprintf(name, sizeof(name), "classifier.%d", 3 * i);
		net_linear(b, &m->fc[i], name, sizes[i], sizes[i + 1],
		    net_normal(0.01), &zero);
	}
}

/* Room for the layers that C asks for. */
static struct vgg *
allocate(const struct vgg_config *c)
{
	struct vgg *m;
	int i, n = 0;

	for (i = 0; i < GROUPS; i++) {
		assert(c->convs[i] > 0);
		n += c->convs[i];
	}
	return mc_xcalloc(1, sizeof(*m) + (size_t)n * sizeof(m->layers[0]));
}

static void
build(struct mc_backbone *b)
{
	static const int channels[GROUPS] = { 64, 128, 256, 512, 512 };
	const struct vgg_config *c = b->info->config;
	struct vgg *m = b->model = allocate(c);
	int group, i, number = 0, in = 3;

	for (group = 0; group < GROUPS; group++) {
		for (i = 0; i < c->convs[group]; i++) {
			if (m->n_layers > 0)
				net_block(b);
			number = build_layer(b, &m->layers[m->n_layers++],
			    number, in, channels[group]);
			in = channels[group];
		}
		m->layers[m->n_layers - 1].pool = true;
		number++;
	}
	build_classifier(b, m);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct vgg *m = b->model;
	struct mc_tensor *y;
	int i;

	for (i = 0; i < m->n_layers; i++) {
		mc_scope_open(b->t);
		y = net_conv_relu(b, &m->layers[i].conv, x);
		if (i == m->n_layers - 1)
			y = net_show_map(b, y);
		if (m->layers[i].pool)
			y = mc_max_pool2d(b->t, y, 2, 2, 0);
		y = mc_scope_close(b->t, y);
		mc_drop(b->t, x);
		x = y;
	}
	x = mc_adaptive_avg_pool2d(b->t, net_wide(b, x), 7);
	x = mc_flatten(b->t, x, 2);
	if (net_wants(b, "pooled"))
		return mc_mean(b->t, x, 2);
	x = mc_flatten(b->t, x, 1);
	for (i = 0; i < FC - 1; i++) {
		x = mc_relu_over(b->t, net_apply_linear(b, &m->fc[i], x));
		x = mc_dropout(b->t, x, 0.5,
		    (net_mode(b, m->fc[i].weight) & MC_DROPOUT) != 0);
	}
	return net_wants(b, "logits") ? net_apply_linear(b, &m->fc[FC - 1], x) : x;
}

const struct mc_family net_vgg = {
	"VGG", false, build, forward, true, false, "features[-2]", false
};
