/*
 * ConvNeXt (Liu et al. 2022) as torchvision and, under other names,
 * facebookresearch/dinov3 have it.  Between convolutions, maps are N x H x W x
 * C: layer norms and linear layers are over the channels of a pixel, and where
 * the channels are innermost in memory also, convolutions take the same maps
 * as N x C x H x W without a copy.
 */
#include <assert.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

#define EPSILON 1e-6		/* of all norms */
#define SCALE 1e-6		/* where LayerScale starts */

struct block {
	struct net_conv conv;	/* of each channel on its own */
	struct net_norm norm;
	struct net_linear in, out;
	struct net_param *scale;	/* of LayerScale */
};

/* Before the blocks of a stage. */
struct downsampling {
	struct net_conv conv;
	struct net_norm norm;	/* behind the stem, before the others */
};

struct convnext {
	struct convnext_config c;
	int n_blocks;
	struct downsampling down[NET_STAGES];
	struct net_norm norm;
	struct net_linear classifier;
	struct block blocks[];
};

/* --- Declaring ------------------------------------------------------------ */

/*
 * torchvision cuts this normal distribution at +-2, a hundred deviations: that
 * is nowhere.
 */
static void
conv(struct mc_backbone *b, struct net_conv *c, const char *name)
{
	const struct net_dist zero = net_constant(0);

	net_conv(b, c, name, net_normal(0.02), &zero);
}

/*
 * The downsampling before a stage, which belongs to the stage's first block,
 * number FIRST of all; the stem belongs to none.
 */
static void
build_downsampling(struct mc_backbone *b, struct convnext *m, int stage,
    int first)
{
	struct downsampling *d = &m->down[stage];
	const int *channels = m->c.channels;
	const char *layer = m->c.names == CONVNEXT_TORCHVISION ? "features" :
	    "downsample_layers";
	int number = m->c.names == CONVNEXT_TORCHVISION ? 2 * stage : stage;
	char name[64];

#define PART(part) (snprintf(name, sizeof(name), "%s.%d.%d", layer, number, \
	part), name)
	if (stage == 0) {
		b->depth = 0;
		d->conv = (struct net_conv){ .in = 3, .out = channels[0],
		    .size = 4, .stride = 4, .groups = 1 };
		conv(b, &d->conv, PART(0));
		net_norm(b, &d->norm, PART(1), channels[0], EPSILON);
		return;
	}
	b->depth = first + 1;
	net_norm(b, &d->norm, PART(0), channels[stage - 1], EPSILON);
	d->conv = (struct net_conv){ .in = channels[stage - 1],
	    .out = channels[stage], .size = 2, .stride = 2, .groups = 1 };
	conv(b, &d->conv, PART(1));
#undef PART
}

/* What a state dict calls the parts of a block. */
static const struct {
	const char *scale, *conv, *norm, *in, *out;
} part_names[] = {
	[CONVNEXT_TORCHVISION] = { "layer_scale", "block.0", "block.2",
	    "block.3", "block.5" },
	[CONVNEXT_META] = { "gamma", "dwconv", "norm", "pwconv1", "pwconv2" }
};

/* A block of N channels under the name PREFIX. */
static void
build_block(struct mc_backbone *b, const struct convnext *m, struct block *k,
    const char *prefix, int n)
{
	const int64_t shape[] = { n, 1, 1 };
	char name[64];

#define PART(part) (snprintf(name, sizeof(name), "%s.%s", prefix, \
	part_names[m->c.names].part), name)
	k->scale = net_param(b, net_constant(SCALE),
	    m->c.names == CONVNEXT_TORCHVISION ? 3 : 1, shape, "%s",
	    PART(scale));
	k->conv = (struct net_conv){ .in = n, .out = n, .size = 7,
	    .stride = 1, .padding = 3, .groups = n };
	conv(b, &k->conv, PART(conv));
	net_norm(b, &k->norm, PART(norm), n, EPSILON);
	net_linear_normal(b, &k->in, PART(in), n, 4 * n);
	net_linear_normal(b, &k->out, PART(out), 4 * n, n);
#undef PART
}

/* The blocks of a stage, the first of which is number FIRST of all. */
static void
build_stage(struct mc_backbone *b, struct convnext *m, int stage, int first)
{
	bool torchvision = m->c.names == CONVNEXT_TORCHVISION;
	char prefix[32];
	int i;

	b->depth = first;
	for (i = 0; i < m->c.blocks[stage]; i++) {
		net_block(b);
		snprintf(prefix, sizeof(prefix), "%s.%d.%d",
		    torchvision ? "features" : "stages",
		    torchvision ? 2 * stage + 1 : stage, i);
		build_block(b, m, &m->blocks[first + i], prefix,
		    m->c.channels[stage]);
	}
}

/* What is behind the blocks. */
static void
build_end(struct mc_backbone *b, struct convnext *m)
{
	bool torchvision = m->c.names == CONVNEXT_TORCHVISION;
	int n = m->c.channels[NET_STAGES - 1];

	net_behind(b);
	net_norm(b, &m->norm, torchvision ? "classifier.0" : "norm", n,
	    EPSILON);
	if (torchvision) {
		b->spare = !net_wants(b, "logits");
		net_linear_normal(b, &m->classifier, "classifier.2", n, 1000);
		return;
	}
	/* The same norm again, in files of DINOv3. */
	b->spare = true;
	net_param(b, net_constant(1), 1, (int64_t[]){ n }, "norms.3.weight");
	net_param(b, net_constant(0), 1, (int64_t[]){ n }, "norms.3.bias");
}

/* Room for the layers that C asks for. */
static struct convnext *
allocate(const struct convnext_config *c)
{
	struct convnext *m;
	int i, n = 0;

	for (i = 0; i < NET_STAGES; i++) {
		assert(c->blocks[i] > 0 && c->channels[i] > 0);
		n += c->blocks[i];
	}
	m = mc_xcalloc(1, sizeof(*m) + (size_t)n * sizeof(m->blocks[0]));
	m->c = *c;
	m->n_blocks = n;
	return m;
}

static void
build(struct mc_backbone *b)
{
	struct convnext *m = b->model = allocate(b->info->config);
	bool torchvision = m->c.names == CONVNEXT_TORCHVISION;
	int i, first[NET_STAGES] = { 0 };

	b->drop_path = m->c.drop;
	for (i = 1; i < NET_STAGES; i++)
		first[i] = first[i - 1] + m->c.blocks[i - 1];
	for (i = 0; i < NET_STAGES && !torchvision; i++)
		build_downsampling(b, m, i, first[i]);
	for (i = 0; i < NET_STAGES; i++) {
		if (torchvision)
			build_downsampling(b, m, i, first[i]);
		build_stage(b, m, i, first[i]);
	}
	build_end(b, m);
}

/* --- Applying ------------------------------------------------------------- */

/* N x C x H x W as N x H x W x C. */
static struct mc_tensor *
to_pixels(struct mc_backbone *b, struct mc_tensor *x)
{
	return mc_permute(b->t, x, (int64_t[]){ 0, 2, 3, 1 }, 4);
}

/* N x H x W x C convolved, which stays in this order. */
static struct mc_tensor *
convolve(struct mc_backbone *b, const struct net_conv *c, struct mc_tensor *x)
{
	x = mc_permute(b->t, x, (int64_t[]){ 0, 3, 1, 2 }, 4);
	return to_pixels(b, net_apply_conv(b, c, x));
}

/* N x 3 x H x W to pixels of the first stage. */
static struct mc_tensor *
stem(struct mc_backbone *b, const struct downsampling *d, struct mc_tensor *x)
{
	mc_scope_open(b->t);
	x = to_pixels(b, net_apply_conv(b, &d->conv, x));
	return mc_scope_close(b->t, net_apply_norm(b, &d->norm, x));
}

static struct mc_tensor *
downsample(struct mc_backbone *b, const struct downsampling *d,
    struct mc_tensor *x)
{
	mc_scope_open(b->t);
	x = convolve(b, &d->conv, net_apply_norm(b, &d->norm, x));
	return mc_scope_close(b->t, net_wide(b, x));
}

/* x + scale mlp(norm(conv(x))), of which training may leave out the branch. */
static struct mc_tensor *
apply_block(struct mc_backbone *b, int number, struct mc_tensor *x)
{
	const struct convnext *m = b->model;
	const struct block *k = &m->blocks[number];
	const int64_t channels = k->conv.out;
	double drop = b->drop_path * number / (m->n_blocks - 1);
	unsigned mode = net_mode(b, k->scale);
	struct mc_tensor *y, *scale;

	mc_scope_open(b->t);
	y = net_apply_norm(b, &k->norm, convolve(b, &k->conv, x));
	y = net_apply_linear(b, &k->in, y);
	y = (mode & MC_RECORD) != 0 ? mc_gelu(b->t, y) :
	    mc_gelu_over(b->t, y);
	y = net_apply_linear(b, &k->out, y);
	if (drop > 0 && (mode & MC_DROPOUT) != 0)
		y = mc_drop_path(b->t, net_wide(b, y), drop);
	scale = mc_reshape(b->t, net_value(b, k->scale), &channels, 1);
	return mc_scope_close(b->t, mc_add_scaled(b->t, x, y, scale));
}

/* N x H x W x C to the mean over all pixels, after the last norm. */
static struct mc_tensor *
mean_normed(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct convnext *m = b->model;

	return net_apply_norm(b, &m->norm, mc_mean(b->t, x, 1));
}

/* N x L x C, the pixels of the last map, to features. */
static struct mc_tensor *
pool(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct convnext *m = b->model;
	struct mc_tensor *parts[2];

	if (net_wants(b, "logits"))
		return net_apply_linear(b, &m->classifier, mean_normed(b, x));
	if (!net_wants(b, "mean"))
		parts[0] = mean_normed(b, x);
	if (net_wants(b, "pooled") || net_wants(b, "cls"))
		return parts[0];
	parts[1] = mc_mean(b->t, net_apply_norm(b, &m->norm, x), 1);
	return net_wants(b, "mean") ? parts[1] :
	    mc_cat(b->t, parts, 2, 1);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct convnext *m = b->model;
	struct mc_tensor *y;
	int stage, i, number = 0;

	for (stage = 0; stage < NET_STAGES; stage++) {
		y = stage == 0 ? stem(b, &m->down[0], x) :
		    downsample(b, &m->down[stage], x);
		mc_drop(b->t, x);
		x = y;
		for (i = 0; i < m->c.blocks[stage]; i++) {
			y = apply_block(b, number++, x);
			mc_drop(b->t, x);
			x = y;
		}
	}
	net_show_grid(b, 0, mc_size(x, 1), mc_size(x, 2));
	x = mc_reshape(b->t, x, (int64_t[]){ mc_size(x, 0), -1, mc_size(x, 3) },
	    3);
	return pool(b, net_show_map(b, x));
}

const struct mc_family net_convnext = {
	"ConvNeXt", false, build, forward, false, true, "features", false
};
