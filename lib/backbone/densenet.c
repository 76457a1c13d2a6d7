/*
 * DenseNet-121 (Huang et al. 2017), growth 32, as torchvision has it.
 */
#include <stdio.h>

#include "backbone/net.h"
#include "base/mem.h"

#define GROWTH 32
#define WIDTH (4 * GROWTH)		/* of a layer's bottleneck */
#define N_BLOCKS 4
#define MAX_LAYERS 24

static const int block_layers[N_BLOCKS] = { 6, 12, 24, 16 };

/* conv2(relu(norm2(conv1(relu(norm1(x)))))): GROWTH more channels */
struct layer {
	struct net_batch_norm norm1, norm2;
	struct net_conv conv1, conv2;
};

/* Half the channels, half the sides. */
struct transition {
	struct net_batch_norm norm;
	struct net_conv conv;
};

struct densenet {
	struct net_conv conv0;
	struct net_batch_norm norm0, norm5;
	struct layer layers[N_BLOCKS][MAX_LAYERS];
	struct transition transitions[N_BLOCKS - 1];
	struct net_linear classifier;
};

static void
conv(struct mc_backbone *b, struct net_conv *c, const char *name, int in,
    int out, int size, int stride)
{
	c->in = in;
	c->out = out;
	c->size = size;
	c->stride = stride;
	c->padding = size / 2;
	net_conv(b, c, name, net_kaiming((double)in * size * size), NULL);
}

static void
build_layer(struct mc_backbone *b, struct layer *l, int block, int number,
    int in)
{
	char name[64];

#define NAME(part) (snprintf(name, sizeof(name), \
	"features.denseblock%d.denselayer%d." part, block, number), name)
	net_batch_norm(b, &l->norm1, NAME("norm1"), in, NULL);
	conv(b, &l->conv1, NAME("conv1"), in, WIDTH, 1, 1);
	net_batch_norm(b, &l->norm2, NAME("norm2"), WIDTH, &l->conv1);
	conv(b, &l->conv2, NAME("conv2"), WIDTH, GROWTH, 3, 1);
#undef NAME
}

static void
build(struct mc_backbone *b)
{
	struct densenet *m = b->model = mc_xcalloc(1, sizeof(*m));
	int block, i, in = 64;
	char name[64];

	conv(b, &m->conv0, "features.conv0", 3, in, 7, 2);
	net_batch_norm(b, &m->norm0, "features.norm0", in, &m->conv0);
	for (block = 0; block < N_BLOCKS; block++) {
		struct transition *half = &m->transitions[block];

		for (i = 0; i < block_layers[block]; i++, in += GROWTH) {
			net_block(b);
			build_layer(b, &m->layers[block][i], block + 1, i + 1,
			    in);
		}
		if (block == N_BLOCKS - 1)
			break;
		net_block(b);
		snprintf(name, sizeof(name), "features.transition%d.norm",
		    block + 1);
		net_batch_norm(b, &half->norm, name, in, NULL);
		snprintf(name, sizeof(name), "features.transition%d.conv",
		    block + 1);
		conv(b, &half->conv, name, in, in / 2, 1, 1);
		in /= 2;
	}
	net_batch_norm(b, &m->norm5, "features.norm5", in, NULL);
	b->spare = !net_wants(b, "logits");
	if (!b->spare)
		net_behind(b);
	net_linear(b, &m->classifier, "classifier", in, 1000, net_default(in),
	    net_constant(0));
}

/* A layer takes everything before it, and its result is appended. */
static struct mc_tensor *
apply_layer(struct mc_backbone *b, const struct layer *l, struct mc_tensor *x)
{
	struct mc_tensor *both[] = { x, NULL };

	mc_scope_open(b->t);
	x = net_norm_relu(b, &l->norm1, x);
	x = net_conv_relu(b, &l->conv1, x);
	both[1] = net_apply_conv(b, &l->conv2, x);
	return mc_scope_close(b->t, mc_cat(b->t, both, 2, 1));
}

static struct mc_tensor *
apply_transition(struct mc_backbone *b, const struct transition *half,
    struct mc_tensor *x)
{
	mc_scope_open(b->t);
	x = net_norm_relu(b, &half->norm, x);
	x = net_apply_conv(b, &half->conv, x);
	return mc_scope_close(b->t, mc_avg_pool2d(b->t, x, 2, 2));
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct densenet *m = b->model;
	struct mc_tensor *y;
	int block, i;

	x = net_conv_relu(b, &m->conv0, x);
	x = mc_max_pool2d(b->t, x, 3, 2, 1);
	for (block = 0; block < N_BLOCKS; block++) {
		for (i = 0; i < block_layers[block]; i++) {
			y = apply_layer(b, &m->layers[block][i], x);
			mc_drop(b->t, x);
			x = y;
		}
		if (block < N_BLOCKS - 1) {
			y = apply_transition(b, &m->transitions[block], x);
			mc_drop(b->t, x);
			x = y;
		}
	}
	x = net_norm_relu(b, &m->norm5, x);
	x = mc_adaptive_avg_pool2d(b->t, net_wide(b, x), 1);
	x = mc_flatten(b->t, x, 1);
	return net_wants(b, "logits") ?
	    net_apply_linear(b, &m->classifier, x) : x;
}

const struct net_family net_densenet = { build, forward, false };
