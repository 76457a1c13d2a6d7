/*
 * ResNet (He et al. 2016), ResNeXt (Xie et al. 2017) and Wide ResNet
 * (Zagoruyko & Komodakis 2016) as torchvision has them: in a bottleneck the
 * stride is on the 3 x 3 convolution ("v1.5").
 */
#include <assert.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

#define STEM 64			/* channels; doubled in each stage */
#define EXPANSION 4		/* what a bottleneck's last one multiplies */

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
	struct net_linear fc;
	int n_blocks;
	struct block blocks[];
};

static void
unit(struct mc_backbone *b, struct unit *u, const char *conv, const char *norm,
    int in, int out, int size, int stride, int groups)
{
	u->conv.in = in;
	u->conv.out = out;
	u->conv.size = size;
	u->conv.stride = stride;
	u->conv.padding = size / 2;
	u->conv.groups = groups;
	net_conv(b, &u->conv, conv, net_kaiming((double)out * size * size),
	    NULL);
	net_batch_norm(b, &u->norm, norm, out, &u->conv);
}

/* A block of the stage STAGE; returns its channels. */
static int
build_block(struct mc_backbone *b, struct block *k, const char *name, int in,
    int stage, int stride)
{
	const struct resnet_config *c = b->info->config;
	int i, n = c->bottleneck ? 3 : 2, planes = STEM << stage;
	int width = c->bottleneck ? c->groups * c->width << stage : planes;
	int out = c->bottleneck ? EXPANSION * planes : planes, from = in;
	char conv[64], norm[64];

	for (i = 0; i < n; i++) {
		bool middle = i == (c->bottleneck ? 1 : 0);
		int to = i == n - 1 ? out : width;

		snprintf(conv, sizeof(conv), "%s.conv%d", name, i + 1);
		snprintf(norm, sizeof(norm), "%s.bn%d", name, i + 1);
		unit(b, &k->units[i], conv, norm, from, to,
		    c->bottleneck && !middle ? 1 : 3, middle ? stride : 1,
		    middle ? c->groups : 1);
		from = to;
	}
	if (stride == 1 && in == out)
		return out;
	snprintf(conv, sizeof(conv), "%s.downsample.0", name);
	snprintf(norm, sizeof(norm), "%s.downsample.1", name);
	unit(b, &k->shortcut, conv, norm, in, out, 1, stride, 1);
	return out;
}

/* Room for the layers that C asks for. */
static struct resnet *
allocate(const struct resnet_config *c)
{
	struct resnet *m;
	int i, n = 0;

	/* A basic block has no groups, and no width of its own. */
	assert(c->bottleneck || (c->groups == 1 && c->width == STEM));
	for (i = 0; i < NET_STAGES; i++) {
		assert(c->blocks[i] > 0);
		n += c->blocks[i];
	}
	m = mc_xcalloc(1, sizeof(*m) + (size_t)n * sizeof(m->blocks[0]));
	m->n_units = c->bottleneck ? 3 : 2;
	return m;
}

static void
build(struct mc_backbone *b)
{
	const struct resnet_config *c = b->info->config;
	struct resnet *m = b->model = allocate(c);
	struct net_dist dist;
	int stage, i, in = STEM;
	char name[32];

	unit(b, &m->stem, "conv1", "bn1", 3, STEM, 7, 2, 1);
	for (stage = 0; stage < NET_STAGES; stage++)
		for (i = 0; i < c->blocks[stage]; i++) {
			snprintf(name, sizeof(name), "layer%d.%d", stage + 1,
			    i);
			net_block(b);
			in = build_block(b, &m->blocks[m->n_blocks++], name,
			    in, stage, stage > 0 && i == 0 ? 2 : 1);
		}
	b->spare = !net_wants(b, "logits");
	if (!b->spare)
		net_behind(b);
	dist = net_default(in);
	net_linear(b, &m->fc, "fc", in, 1000, dist, &dist);
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
	x = net_show_map(b, x);
	x = mc_adaptive_avg_pool2d(b->t, net_wide(b, x), 1);
	x = mc_flatten(b->t, x, 1);
	return net_wants(b, "logits") ? net_apply_linear(b, &m->fc, x) : x;
}

const struct mc_family net_resnet = {
	"ResNet", false, build, forward, true, false, "layer4", false
};
