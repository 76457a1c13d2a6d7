/*
 * DINOv2's vision transformers (Oquab et al. 2024; with registers, Darcet et
 * al. 2024) as facebookresearch/dinov2 has them: patches of 14 x 14, a class
 * token, LayerScale, exact GELU.  Shapes: N images, L tokens, D features.
 */
#include <assert.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "base/mem.h"

#define PATCH 14
#define GRID 37			/* of the position embedding: 518 pixels */
#define EPSILON 1e-6		/* of the layer norms */
#define LAST 4			/* blocks that features "last4" take */

struct block {
	struct net_norm norm1, norm2;
	struct net_linear qkv, proj, fc1, fc2;
	struct net_param *gamma1, *gamma2;
};

struct dinov2 {
	struct dinov2_config c;
	struct net_param *cls_token, *pos_embed, *register_tokens;
	struct net_conv patch_embed;
	struct net_norm norm;
	struct net_linear linear_head;
	struct block blocks[];
};

static void
build_block(struct mc_backbone *b, struct block *k, int number, int dim)
{
	/*
	 * timm cuts this normal distribution at +-2, a hundred deviations:
	 * that is nowhere.
	 */
	const struct net_dist dist = net_normal(0.02), zero = net_constant(0);
	const struct net_dist one = net_constant(1);
	const int64_t shape[] = { dim };
	char name[64];

#define NAME(part) (snprintf(name, sizeof(name), "blocks.%d." part, number), \
	name)
	net_norm(b, &k->norm1, NAME("norm1"), dim, EPSILON);
	net_linear(b, &k->qkv, NAME("attn.qkv"), dim, 3 * dim, dist, &zero);
	net_linear(b, &k->proj, NAME("attn.proj"), dim, dim, dist, &zero);
	k->qkv.weight->attention = k->proj.weight->attention = true;
	k->gamma1 = net_param(b, one, 1, shape, "blocks.%d.ls1.gamma", number);
	net_norm(b, &k->norm2, NAME("norm2"), dim, EPSILON);
	net_linear(b, &k->fc1, NAME("mlp.fc1"), dim, 4 * dim, dist, &zero);
	net_linear(b, &k->fc2, NAME("mlp.fc2"), 4 * dim, dim, dist, &zero);
	k->gamma2 = net_param(b, one, 1, shape, "blocks.%d.ls2.gamma", number);
#undef NAME
}

/* Room for the layers that C asks for. */
static struct dinov2 *
allocate(const struct dinov2_config *c)
{
	struct dinov2 *m;

	assert(c->depth >= LAST && c->heads > 0 && c->dim % c->heads == 0);
	m = mc_xcalloc(1, sizeof(*m) + (size_t)c->depth *
	    sizeof(m->blocks[0]));
	m->c = *c;
	return m;
}

static void
build(struct mc_backbone *b)
{
	struct dinov2 *m = b->model = allocate(b->info->config);
	struct net_conv *patches = &m->patch_embed;
	const struct net_dist embed = net_default(3 * PATCH * PATCH);
	const struct net_dist zero = net_constant(0);
	int i;

	m->cls_token = net_param(b, net_normal(1e-6), 3,
	    (int64_t[]){ 1, 1, m->c.dim }, "cls_token");
	m->pos_embed = net_param(b, net_normal(0.02), 3,
	    (int64_t[]){ 1, 1 + GRID * GRID, m->c.dim }, "pos_embed");
	if (m->c.registers > 0)
		m->register_tokens = net_param(b, net_normal(1e-6), 3,
		    (int64_t[]){ 1, m->c.registers, m->c.dim }, "register_tokens");
	b->spare = true;		/* of use in pretraining alone */
	net_param(b, net_constant(0), 2, (int64_t[]){ 1, m->c.dim },
	    "mask_token");
	b->spare = false;
	*patches = (struct net_conv){ .in = 3, .out = m->c.dim, .size = PATCH,
	    .stride = PATCH, .groups = 1 };
	net_conv(b, patches, "patch_embed.proj", embed, &embed);
	for (i = 0; i < m->c.depth; i++) {
		net_block(b);
		build_block(b, &m->blocks[i], i, m->c.dim);
	}
	net_behind(b);
	net_norm(b, &m->norm, "norm", m->c.dim, EPSILON);
	b->spare = !net_wants(b, "lc");
	net_linear(b, &m->linear_head, "linear_head", (LAST + 1) * m->c.dim,
	    1000, net_normal(0.01), &zero);
}

/*
 * The position embedding for ROWS x COLUMNS patches: 1 x (1 + patches) x D.
 * The models without registers were trained with a scale that is a little too
 * large, (grid + 0.1) / 37, and without antialiasing; both matter.
 */
static struct mc_tensor *
positions(struct mc_backbone *b, const struct dinov2 *m, int64_t rows,
    int64_t columns)
{
	struct mc_tensor *all = net_value(b, m->pos_embed), *parts[2], *grid;
	double offset = m->c.registers > 0 ? 0 : 0.1;
	bool plain = m->c.registers == 0;

	if (rows == GRID && columns == GRID)
		return all;
	parts[0] = mc_narrow(b->t, all, 1, 0, 1);
	grid = mc_narrow(b->t, all, 1, 1, GRID * GRID);
	grid = mc_reshape(b->t, grid, (int64_t[]){ 1, GRID, GRID, m->c.dim }, 4);
	grid = mc_permute(b->t, grid, (int64_t[]){ 0, 3, 1, 2 }, 4);
	grid = mc_bicubic(b->t, grid, rows, columns,
	    plain ? ((double)rows + offset) / GRID : 0,
	    plain ? ((double)columns + offset) / GRID : 0, !plain);
	grid = mc_permute(b->t, grid, (int64_t[]){ 0, 2, 3, 1 }, 4);
	parts[1] = mc_reshape(b->t, grid,
	    (int64_t[]){ 1, rows * columns, m->c.dim }, 3);
	return mc_cat(b->t, parts, 2, 1);
}

/* N x 3 x H x W to tokens: class, registers, patches. */
static struct mc_tensor *
tokens(struct mc_backbone *b, const struct dinov2 *m, struct mc_tensor *x)
{
	int64_t n = mc_size(x, 0);
	int64_t rows = mc_size(x, 2) / PATCH, columns = mc_size(x, 3) / PATCH;
	struct mc_tensor *parts[3];

	mc_scope_open(b->t);
	x = net_apply_conv(b, &m->patch_embed, x);
	x = mc_permute(b->t, mc_flatten(b->t, x, 2), (int64_t[]){ 0, 2, 1 }, 3);
	parts[0] = mc_expand(b->t, net_value(b, m->cls_token),
	    (int64_t[]){ n, 1, m->c.dim }, 3);
	parts[1] = x;
	x = mc_cat(b->t, parts, 2, 1);
	x = mc_add(b->t, x, positions(b, m, rows, columns));
	if (m->c.registers > 0) {
		parts[0] = mc_narrow(b->t, x, 1, 0, 1);
		parts[1] = mc_expand(b->t, net_value(b, m->register_tokens),
		    (int64_t[]){ n, m->c.registers, m->c.dim }, 3);
		parts[2] = mc_narrow(b->t, x, 1, 1, rows * columns);
		x = mc_cat(b->t, parts, 3, 1);
	}
	return mc_scope_close(b->t, x);
}

/* x + GAMMA y, in which Y, a branch of the block NUMBER, may be left out. */
static struct mc_tensor *
add_branch(struct mc_backbone *b, const struct dinov2 *m, int number,
    const struct net_param *gamma, struct mc_tensor *x, struct mc_tensor *y)
{
	double p = b->drop_path * number / (m->c.depth - 1);

	if (p > 0 && (net_mode(b, gamma) & MC_DROPOUT) != 0)
		y = mc_drop_path(b->t, net_wide(b, y), p);
	return mc_add_scaled(b->t, x, y, net_value(b, gamma));
}

/* x += gamma1 attention(norm1(x)); x += gamma2 mlp(norm2(x)) */
static struct mc_tensor *
apply_block(struct mc_backbone *b, const struct dinov2 *m, int number,
    struct mc_tensor *x)
{
	const struct block *k = &m->blocks[number];
	struct mc_tensor *y;

	mc_scope_open(b->t);
	y = net_apply_linear(b, &k->qkv, net_apply_norm(b, &k->norm1, x));
	y = mc_attention(b->t, y, m->c.heads);
	y = net_apply_linear(b, &k->proj, y);
	x = add_branch(b, m, number, k->gamma1, x, y);
	y = net_apply_linear(b, &k->fc1, net_apply_norm(b, &k->norm2, x));
	y = (net_mode(b, k->fc1.weight) & MC_RECORD) != 0 ?
	    mc_gelu(b->t, y) : mc_gelu_over(b->t, y);
	y = net_apply_linear(b, &k->fc2, y);
	x = add_branch(b, m, number, k->gamma2, x, y);
	return mc_scope_close(b->t, x);
}

/* The class token of X, after the last norm: N x D. */
static struct mc_tensor *
class_token(struct mc_backbone *b, const struct dinov2 *m, struct mc_tensor *x)
{
	x = net_apply_norm(b, &m->norm, mc_narrow(b->t, x, 1, 0, 1));
	return mc_flatten(b->t, x, 1);
}

/* The mean of the patches of X, each after the last norm: N x D. */
static struct mc_tensor *
patch_mean(struct mc_backbone *b, const struct dinov2 *m, struct mc_tensor *x)
{
	int64_t first = 1 + m->c.registers;

	x = mc_narrow(b->t, x, 1, first, mc_size(x, 1) - first);
	return mc_mean(b->t, net_apply_norm(b, &m->norm, x), 1);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct dinov2 *m = b->model;
	/* The class tokens of the last blocks, and the patches' mean. */
	struct mc_tensor *y, *parts[LAST + 1];
	int i, from, classes = LAST;

	if (net_wants(b, "cls") || net_wants(b, "cls+mean"))
		classes = 1;
	from = m->c.depth - classes;
	x = tokens(b, m, x);
	for (i = 0; i < m->c.depth; i++) {
		y = apply_block(b, m, i, x);
		mc_drop(b->t, x);
		x = y;
		if (i >= from)
			parts[i - from] = class_token(b, m, x);
	}
	if (net_wants(b, "cls"))
		return parts[0];
	parts[classes] = patch_mean(b, m, x);
	x = mc_cat(b->t, parts, (size_t)classes + 1, 1);
	return net_wants(b, "lc") ?
	    net_apply_linear(b, &m->linear_head, x) : x;
}

const struct mc_family net_dinov2 = {
	"DINOv2", true, build, forward, false
};
