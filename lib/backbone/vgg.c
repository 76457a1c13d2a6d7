/*
 * VGG-16 without batch norm (Simonyan & Zisserman 2015, configuration D) as
 * torchvision has it.
 */
#include <stdio.h>

#include "backbone/net.h"
#include "base/mem.h"

#define N_CONVS 13

struct vgg {
	struct net_conv convs[N_CONVS];
	bool pool[N_CONVS];		/* behind the convolution */
	struct net_linear fc[3];
};

static void
build(struct mc_backbone *b)
{
	/* Channels; 0 is a pooling.  Torchvision counts ReLUs also. */
	static const int layers[] = { 64, 64, 0, 128, 128, 0, 256, 256, 256, 0,
	    512, 512, 512, 0, 512, 512, 512, 0 };
	static const int sizes[] = { 512 * 7 * 7, 4096, 4096, 1000 };
	const struct net_dist zero = net_constant(0);
	struct vgg *m = b->model = mc_xcalloc(1, sizeof(*m));
	int i, n = 0, number = 0, in = 3;
	char name[32];

	for (i = 0; i < (int)(sizeof(layers) / sizeof(layers[0])); i++) {
		struct net_conv *c = &m->convs[n];

		if (n > 0 && layers[i] != 0)
			net_block(b);
		if (layers[i] == 0) {
			m->pool[n - 1] = true;
			number++;
			continue;
		}
		*c = (struct net_conv){ .in = in, .out = layers[i], .size = 3,
		    .stride = 1, .padding = 1 };
		snprintf(name, sizeof(name), "features.%d", number);
		net_conv(b, c, name, net_kaiming(9.0 * c->out), &zero);
		in = c->out;
		number += 2;
		n++;
	}
	for (i = 0; i < 3; i++) {
		b->spare = net_wants(b, "pooled") ||
		    (i == 2 && !net_wants(b, "logits"));
		if (!b->spare && i < 2)
			net_block(b);
		else if (!b->spare)
			net_behind(b);
		snprintf(name, sizeof(name), "classifier.%d", 3 * i);
		net_linear(b, &m->fc[i], name, sizes[i], sizes[i + 1],
		    net_normal(0.01), zero);
	}
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct vgg *m = b->model;
	struct mc_tensor *y;
	int i;

	for (i = 0; i < N_CONVS; i++) {
		mc_scope_open(b->t);
		y = net_conv_relu(b, &m->convs[i], x);
		if (m->pool[i])
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
	for (i = 0; i < 2; i++) {
		x = mc_relu_over(b->t, net_apply_linear(b, &m->fc[i], x));
		x = mc_dropout(b->t, x, 0.5,
		    (net_mode(b, m->fc[i].weight) & MC_DROPOUT) != 0);
	}
	return net_wants(b, "logits") ? net_apply_linear(b, &m->fc[2], x) : x;
}

const struct net_family net_vgg = { build, forward, true };
