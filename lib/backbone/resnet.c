/*
 * ResNet-18 and ResNet-50 (He et al. 2016) as torchvision has them: in a
 * bottleneck the stride is on the 3 x 3 convolution ("v1.5").
 */
#include <stdio.h>
#include <string.h>

#include "backbone/net.h"
#include "base/mem.h"

#define MAX_BLOCKS 16

struct unit {
	struct net_conv conv;
	struct net_batch_norm norm;
};

/* relu(units(x) + shortcut(x)); the shortcut is x where it has no weight. */
struct block {
	struct unit units[3], shortcut;
};

struct resnet {
	int n_units;			/* of a block */
	struct unit stem;
	struct block blocks[MAX_BLOCKS];
	int n_blocks;
	struct net_linear fc;
};

static void
unit(struct mc_backbone *b, struct unit *u, const char *conv, const char *norm,
    int in, int out, int size, int stride)
{
	u->conv.in = in;
	u->conv.out = out;
	u->conv.size = size;
	u->conv.stride = stride;
	u->conv.padding = size / 2;
	net_conv(b, &u->conv, conv, net_kaiming((double)out * size * size),
	    NULL);
	net_batch_norm(b, &u->norm, norm, out, &u->conv);
}

static void
build_block(struct mc_backbone *b, struct block *k, const char *name, int in,
    int width, int stride)
{
	const struct resnet *m = b->model;
	bool bottleneck = m->n_units == 3;
	int i, out = bottleneck ? 4 * width : width, from = in;
	char conv[64], norm[64];

	for (i = 0; i < m->n_units; i++) {
		int size = bottleneck && i != 1 ? 1 : 3;
		int to = i == m->n_units - 1 ? out : width;

		snprintf(conv, sizeof(conv), "%s.conv%d", name, i + 1);
		snprintf(norm, sizeof(norm), "%s.bn%d", name, i + 1);
		unit(b, &k->units[i], conv, norm, from, to, size,
		    i == (bottleneck ? 1 : 0) ? stride : 1);
		from = to;
	}
	if (stride == 1 && in == out)
		return;
	snprintf(conv, sizeof(conv), "%s.downsample.0", name);
	snprintf(norm, sizeof(norm), "%s.downsample.1", name);
	unit(b, &k->shortcut, conv, norm, in, out, 1, stride);
}

static void
build(struct mc_backbone *b)
{
	static const int blocks18[] = { 2, 2, 2, 2 };
	static const int blocks50[] = { 3, 4, 6, 3 };
	struct resnet *m = b->model = mc_xcalloc(1, sizeof(*m));
	bool deep = strcmp(b->info->name, "resnet50") == 0;
	const int *blocks = deep ? blocks50 : blocks18;
	int layer, i, in = 64, width = 64;
	char name[32];

	m->n_units = deep ? 3 : 2;
	unit(b, &m->stem, "conv1", "bn1", 3, 64, 7, 2);
	for (layer = 0; layer < 4; layer++, width *= 2)
		for (i = 0; i < blocks[layer]; i++) {
			snprintf(name, sizeof(name), "layer%d.%d", layer + 1,
			    i);
			net_block(b);
			build_block(b, &m->blocks[m->n_blocks++], name, in,
			    width, layer > 0 && i == 0 ? 2 : 1);
			in = deep ? 4 * width : width;
		}
	b->spare = !net_wants(b, "logits");
	if (!b->spare)
		net_behind(b);
	net_linear(b, &m->fc, "fc", in, 1000, net_default(in), net_default(in));
}

static struct mc_tensor *
apply_block(struct mc_backbone *b, const struct block *k, struct mc_tensor *x)
{
	int i, last = ((const struct resnet *)b->model)->n_units - 1;
	struct mc_tensor *y = x;

	mc_scope_open(b->t);
	for (i = 0; i < last; i++)
		y = net_conv_relu(b, &k->units[i].conv, y);
	if (k->shortcut.conv.weight != NULL)
		x = net_apply_conv(b, &k->shortcut.conv, x);
	y = net_conv_add_relu(b, &k->units[last].conv, y, x);
	return mc_scope_close(b->t, y);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct resnet *m = b->model;
	struct mc_tensor *y;
	int i;

	x = net_conv_relu(b, &m->stem.conv, x);
	x = mc_max_pool2d(b->t, x, 3, 2, 1);
	for (i = 0; i < m->n_blocks; i++) {
		y = apply_block(b, &m->blocks[i], x);
		mc_drop(b->t, x);
		x = y;
	}
	x = mc_adaptive_avg_pool2d(b->t, net_wide(b, x), 1);
	x = mc_flatten(b->t, x, 1);
	return net_wants(b, "logits") ? net_apply_linear(b, &m->fc, x) : x;
}

const struct net_family net_resnet = { build, forward, true };
