/*
 * DenseNet (Huang et al. 2017) as torchvision has it.
 */
#include <assert.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

#define WIDTH 4			/* of a layer's bottleneck, times the growth */

/* conv2(relu(norm2(conv1(relu(norm1(x)))))): as many channels as the growth */
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
	struct transition transitions[NET_STAGES - 1];
	struct net_linear classifier;
	struct layer layers[];		/* of all blocks */
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
	c->groups = 1;
	net_conv(b, c, name, net_kaiming((double)in * size * size), NULL);
}

static void
build_layer(struct mc_backbone *b, struct layer *l, int block, int number,
    int in, int growth)
{
	int width = WIDTH * growth;
	char name[64];

#define NAME(part) (snprintf(name, sizeof(name), \
	"features.denseblock%d.denselayer%d." part, block, number), name)
	net_batch_norm(b, &l->norm1, NAME("norm1"), in, NULL);
	conv(b, &l->conv1, NAME("conv1"), in, width, 1, 1);
	net_batch_norm(b, &l->norm2, NAME("norm2"), width, &l->conv1);
	conv(b, &l->conv2, NAME("conv2"), width, growth, 3, 1);
#undef NAME
}

/* The transition behind BLOCK, of IN channels. */
static void
build_transition(struct mc_backbone *b, struct transition *half, int block,
    int in)
{
	char name[64];

	snprintf(name, sizeof(name), "features.transition%d.norm", block);
	net_batch_norm(b, &half->norm, name, in, NULL);
	snprintf(name, sizeof(name), "features.transition%d.conv", block);
	conv(b, &half->conv, name, in, in / 2, 1, 1);
}

/* Room for the layers that C asks for. */
static struct densenet *
allocate(const struct densenet_config *c)
{
	struct densenet *m;
	int i, n = 0;

	assert(c->stem > 0 && c->growth > 0);
	for (i = 0; i < NET_STAGES; i++) {
		assert(c->layers[i] > 0);
		n += c->layers[i];
	}
	return mc_xcalloc(1, sizeof(*m) + (size_t)n * sizeof(m->layers[0]));
}

static void
build(struct mc_backbone *b)
{
	const struct densenet_config *c = b->info->config;
	struct densenet *m = b->model = allocate(c);
	const struct net_dist zero = net_constant(0);
	struct layer *layer = m->layers;
	int block, i, in = c->stem;

	conv(b, &m->conv0, "features.conv0", 3, in, 7, 2);
	net_batch_norm(b, &m->norm0, "features.norm0", in, &m->conv0);
	for (block = 0; block < NET_STAGES; block++) {
		for (i = 0; i < c->layers[block]; i++, in += c->growth) {
			net_block(b);
			build_layer(b, layer++, block + 1, i + 1, in,
			    c->growth);
		}
		if (block == NET_STAGES - 1)
			break;
		net_block(b);
		build_transition(b, &m->transitions[block], block + 1, in);
		in /= 2;
	}
	net_batch_norm(b, &m->norm5, "features.norm5", in, NULL);
	b->spare = !net_wants(b, "logits");
	if (!b->spare)
		net_behind(b);
	net_linear(b, &m->classifier, "classifier", in, 1000, net_default(in),
	    &zero);
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
	const struct densenet_config *c = b->info->config;
	const struct densenet *m = b->model;
	const struct layer *layer = m->layers;
	struct mc_tensor *y;
	int block, i;

	x = net_conv_relu(b, &m->conv0, x);
	x = mc_max_pool2d(b->t, x, 3, 2, 1);
	for (block = 0; block < NET_STAGES; block++) {
		for (i = 0; i < c->layers[block]; i++) {
			y = apply_layer(b, layer++, x);
			mc_drop(b->t, x);
			x = y;
		}
		if (block < NET_STAGES - 1) {
			y = apply_transition(b, &m->transitions[block], x);
			mc_drop(b->t, x);
			x = y;
		}
	}
	x = net_show_map(b, net_norm_relu(b, &m->norm5, x));
	x = mc_adaptive_avg_pool2d(b->t, net_wide(b, x), 1);
	x = mc_flatten(b->t, x, 1);
	return net_wants(b, "logits") ?
	    net_apply_linear(b, &m->classifier, x) : x;
}

const struct mc_family net_densenet = {
	"DenseNet", false, build, forward, false, false, "relu(features)", false
};
