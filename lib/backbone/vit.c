/*
 * Vision transformers (Dosovitskiy et al. 2021) as facebookresearch/dinov2
 * (Oquab et al. 2024; with registers, Darcet et al. 2024), facebookresearch/
 * dinov3 (Simeoni et al. 2025) and timm have them.  Shapes: N images, L tokens
 * (class, registers, patches), D features, H heads of E = D / H.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/vit_positions.h"
#include "backbone/watch.h"
#include "base/mem.h"

#define LAST 4			/* blocks that features "last4" take */

struct mlp {
	struct net_linear in, gate, out;	/* gate: of VIT_SWIGLU alone */
};

struct block {
	struct net_norm norm1, norm2;
	struct net_linear qkv, proj;
	struct net_param *gamma1, *gamma2;	/* of LayerScale, or NULL */
	struct mlp mlp;
};

/* One query, of the parameter latent, that attends to all tokens. */
struct attention_pool {
	struct net_param *latent;
	struct net_linear q, kv, proj;
	struct net_norm norm;
	struct mlp mlp;
};

struct vit {
	struct vit_config c;
	struct net_param *cls_token, *pos_embed, *registers;
	struct net_conv patch_embed;
	struct net_norm norm_pre, norm, fc_norm;
	struct attention_pool pool;
	struct net_linear linear_head;
	struct block blocks[];
};

/* --- Declaring ------------------------------------------------------------ */

/* The name of the part SUFFIX of LAYER. */
static const char *
part(char *name, size_t size, const char *layer, const char *suffix)
{
	snprintf(name, size, "%s.%s", layer, suffix);
	return name;
}

#define PART(suffix) part(s, sizeof(s), layer, suffix)

static void
build_mlp(struct mc_backbone *b, const struct vit *m, struct mlp *k,
    const char *layer)
{
	int dim = m->c.dim, hidden = m->c.hidden;
	char s[64];

	switch (m->c.mlp) {
	case VIT_SWIGLU:
		net_linear_normal(b, &k->in, PART("w1"), dim, hidden);
		net_linear_normal(b, &k->gate, PART("w2"), dim, hidden);
		net_linear_normal(b, &k->out, PART("w3"), hidden, dim);
		break;
	case VIT_SWIGLU_FUSED:
		net_linear_normal(b, &k->in, PART("w12"), dim, 2 * hidden);
		net_linear_normal(b, &k->out, PART("w3"), hidden, dim);
		break;
	case VIT_GELU:
	case VIT_GELU_QUICK:
	case VIT_GELU_TANH:
		net_linear_normal(b, &k->in, PART("fc1"), dim, hidden);
		net_linear_normal(b, &k->out, PART("fc2"), hidden, dim);
		break;
	}
}

static struct net_param *
build_scale(struct mc_backbone *b, const struct vit *m, const char *name)
{
	return m->c.scale == 0 ? NULL : net_param(b, net_constant(m->c.scale),
	    1, (int64_t[]){ m->c.dim }, "%s", name);
}

static void
build_block(struct mc_backbone *b, const struct vit *m, struct block *k,
    const char *layer)
{
	int dim = m->c.dim;
	char s[64];

	net_norm(b, &k->norm1, PART("norm1"), dim, m->c.epsilon);
	net_linear_normal(b, &k->qkv, PART("attn.qkv"), dim, 3 * dim);
	if (m->c.names == VIT_DINOV3)
		net_unused(b, PART("attn.qkv.bias_mask"));
	net_linear_normal(b, &k->proj, PART("attn.proj"), dim, dim);
	k->qkv.weight->attention = k->proj.weight->attention = true;
	k->gamma1 = build_scale(b, m, PART("ls1.gamma"));
	net_norm(b, &k->norm2, PART("norm2"), dim, m->c.epsilon);
	build_mlp(b, m, &k->mlp, PART("mlp"));
	k->gamma2 = build_scale(b, m, PART("ls2.gamma"));
}

static void
build_pool(struct mc_backbone *b, const struct vit *m, struct attention_pool *k)
{
	const char *layer = "attn_pool";
	int dim = m->c.dim;
	char s[64];

	k->latent = net_param(b, net_truncated(1 / sqrt(dim)), 3,
	    (int64_t[]){ 1, 1, dim }, "attn_pool.latent");
	net_linear_normal(b, &k->q, PART("q"), dim, dim);
	net_linear_normal(b, &k->kv, PART("kv"), dim, 2 * dim);
	net_linear_normal(b, &k->proj, PART("proj"), dim, dim);
	net_norm(b, &k->norm, PART("norm"), dim, m->c.epsilon);
	build_mlp(b, m, &k->mlp, PART("mlp"));
}

#undef PART

static struct net_param *
build_tokens(struct mc_backbone *b, const struct vit *m, int64_t n,
    double deviation, const char *name)
{
	return net_param(b, net_normal(deviation), 3,
	    (int64_t[]){ 1, n, m->c.dim }, "%s", name);
}

/* All that is not of a layer, in the reference's order. */
static void
build_embedding(struct mc_backbone *b, struct vit *m)
{
	bool dinov3 = m->c.names == VIT_DINOV3;
	double deviation = dinov3 ? 0.02 : 1e-6;
	int64_t grid = m->c.grid;

	if (m->c.class_token)
		m->cls_token = build_tokens(b, m, 1, deviation, "cls_token");
	if (m->c.position != VIT_ROPE) {
		m->pos_embed = build_tokens(b, m, m->c.class_token +
		    grid * grid, 0.02, "pos_embed");
		m->pos_embed->grid = true;
		m->pos_embed->ahead = m->c.class_token;
	}
	if (m->c.registers > 0)
		m->registers = build_tokens(b, m, m->c.registers, deviation,
		    dinov3 ? "storage_tokens" : "register_tokens");
	if (m->c.names != VIT_TIMM)
		net_unused(b, "mask_token");
	if (m->c.position == VIT_ROPE)
		net_unused(b, "rope_embed.periods");
}

/* What is behind the blocks: a last norm, pools and heads. */
static void
build_end(struct mc_backbone *b, struct vit *m)
{
	const struct net_dist zero = net_constant(0);
	bool fc_norm = net_wants(b, "fc_norm");

	b->spare = fc_norm;
	net_norm(b, &m->norm, "norm", m->c.dim, m->c.epsilon);
	if (m->c.attention_pool) {
		b->spare = !net_wants(b, "pooled");
		build_pool(b, m, &m->pool);
	}
	if (m->c.names == VIT_DINOV2) {
		b->spare = !net_wants(b, "lc");
		net_linear(b, &m->linear_head, "linear_head",
		    (LAST + 1) * m->c.dim, 1000, net_normal(0.01), &zero);
	}
	if (m->c.names == VIT_TIMM) {
		b->spare = !fc_norm;
		net_norm(b, &m->fc_norm, "fc_norm", m->c.dim, m->c.epsilon);
		net_unused(b, "head.weight");
		net_unused(b, "head.bias");
	}
}

/* Room for the layers that C asks for. */
static struct vit *
allocate(const struct vit_config *c)
{
	struct vit *m;

	assert(c->depth >= 2 && c->heads > 0 && c->dim % c->heads == 0);
	assert(c->position == VIT_ROPE ? c->dim / c->heads % 4 == 0 :
	    c->grid > 0);
	assert(c->class_token || c->registers == 0);
	m = mc_xcalloc(1, sizeof(*m) + (size_t)c->depth *
	    sizeof(m->blocks[0]));
	m->c = *c;
	return m;
}

static void
build(struct mc_backbone *b)
{
	struct vit *m = b->model = allocate(b->info->config);
	struct net_conv *patches = &m->patch_embed;
	const struct net_dist embed = net_default(3 * m->c.patch * m->c.patch);
	char layer[32];
	int i;

	build_embedding(b, m);
	*patches = (struct net_conv){ .in = 3, .out = m->c.dim,
	    .size = m->c.patch, .stride = m->c.patch, .groups = 1 };
	net_conv(b, patches, "patch_embed.proj", embed,
	    m->c.norm_before ? NULL : &embed);
	if (m->c.norm_before)
		net_norm(b, &m->norm_pre, "norm_pre", m->c.dim, m->c.epsilon);
	for (i = 0; i < m->c.depth; i++) {
		net_block(b);
		snprintf(layer, sizeof(layer), "blocks.%d", i);
		build_block(b, m, &m->blocks[i], layer);
	}
	net_behind(b);
	build_end(b, m);
}

/* --- Applying ------------------------------------------------------------- */

/* The tokens before the patches. */
static int64_t
before(const struct vit *m)
{
	return m->c.class_token + m->c.registers;
}

/* TOKENS, a parameter, for each of N images. */
static struct mc_tensor *
for_each(struct mc_backbone *b, const struct net_param *tokens, int64_t n)
{
	return mc_expand(b->t, net_value(b, tokens),
	    (int64_t[]){ n, tokens->p.shape[1], tokens->p.shape[2] }, 3);
}

/* N x 3 x H x W to tokens. */
static struct mc_tensor *
tokens(struct mc_backbone *b, const struct vit *m, struct mc_tensor *x)
{
	int64_t n = mc_size(x, 0);
	int64_t rows = mc_size(x, 2) / m->c.patch;
	int64_t columns = mc_size(x, 3) / m->c.patch;
	struct mc_tensor *parts[3];

	net_show_grid(b, before(m), rows, columns);
	mc_scope_open(b->t);
	x = net_apply_conv(b, &m->patch_embed, x);
	x = mc_permute(b->t, mc_flatten(b->t, x, 2), (int64_t[]){ 0, 2, 1 }, 3);
	if (m->c.class_token) {
		parts[0] = for_each(b, m->cls_token, n);
		parts[1] = x;
		x = mc_cat(b->t, parts, 2, 1);
	}
	if (m->pos_embed != NULL)
		x = mc_add(b->t, x, vit_positions(b, m->pos_embed, rows,
		    columns, m->c.position == VIT_GRID_OFFSET));
	if (m->c.registers > 0) {
		parts[0] = mc_narrow(b->t, x, 1, 0, 1);
		parts[1] = for_each(b, m->registers, n);
		parts[2] = mc_narrow(b->t, x, 1, 1, rows * columns);
		x = mc_cat(b->t, parts, 3, 1);
	}
	if (m->c.norm_before)
		x = net_apply_norm(b, &m->norm_pre, x);
	return mc_scope_close(b->t, x);
}

/* The queries, keys and values of X, where keys have no bias: DINOv3. */
static struct mc_tensor *
masked_qkv(struct mc_backbone *b, const struct vit *m,
    const struct net_linear *l, struct mc_tensor *x)
{
	const int64_t dim = m->c.dim;
	struct mc_tensor *bias = net_value(b, l->bias), *parts[3];

	parts[0] = mc_narrow(b->t, bias, 0, 0, dim);
	parts[1] = mc_full(b->t, b->elem, 0, &dim, 1);
	parts[2] = mc_narrow(b->t, bias, 0, 2 * dim, dim);
	return mc_linear(b->t, mc_cast(b->t, x, b->elem),
	    net_value(b, l->weight), mc_cat(b->t, parts, 3, 0));
}

/* Whether gradients are recorded where P is applied. */
static bool
records(const struct mc_backbone *b, const struct net_param *p)
{
	return (net_mode(b, p) & MC_RECORD) != 0;
}

static struct mc_tensor *
apply_mlp(struct mc_backbone *b, const struct vit *m, const struct mlp *k,
    struct mc_tensor *x)
{
	struct mc_tensor *y = net_apply_linear(b, &k->in, x), *gate;
	bool record = records(b, k->in.weight);

	switch (m->c.mlp) {
	case VIT_GELU:
		y = record ? mc_gelu(b->t, y) : mc_gelu_over(b->t, y);
		break;
	case VIT_GELU_TANH:
		y = record ? mc_gelu_tanh(b->t, y) : mc_gelu_tanh_over(b->t, y);
		break;
	case VIT_GELU_QUICK:
		y = mc_gelu_quick(b->t, y);
		break;
	case VIT_SWIGLU:
		y = mc_swiglu(b->t, y, net_apply_linear(b, &k->gate, x));
		break;
	case VIT_SWIGLU_FUSED:
		gate = mc_narrow(b->t, y, 2, m->c.hidden, m->c.hidden);
		y = mc_swiglu(b->t, mc_narrow(b->t, y, 2, 0, m->c.hidden),
		    gate);
		break;
	}
	return net_apply_linear(b, &k->out, y);
}

/*
 * x + GAMMA y, or x + y, in which Y, a branch of the block NUMBER, may be left
 * out.
 */
static struct mc_tensor *
add_branch(struct mc_backbone *b, const struct vit *m, int number,
    const struct net_param *gamma, struct mc_tensor *x, struct mc_tensor *y)
{
	const struct net_param *any = m->blocks[number].qkv.weight;
	double p = b->drop_path * number / (m->c.depth - 1);

	if (p > 0 && (net_mode(b, any) & MC_DROPOUT) != 0)
		y = mc_drop_path(b->t, net_wide(b, y), p);
	if (gamma != NULL)
		return mc_add_scaled(b->t, x, y, net_value(b, gamma));
	return records(b, any) ? mc_add(b->t, x, y) :
	    mc_add_over(b->t, net_wide(b, y), x);
}

/*
 * x += gamma1 attention(norm1(x)); x += gamma2 mlp(norm2(x)), of the class
 * token alone where no other is used after this block: N x 1 x D.
 */
static struct mc_tensor *
apply_block(struct mc_backbone *b, const struct vit *m, int number,
    const struct vit_rope *rope, bool class_alone, struct mc_tensor *x)
{
	const struct block *k = &m->blocks[number];
	bool last = number == m->c.depth - 1;
	struct mc_tensor *y;

	mc_scope_open(b->t);
	y = net_apply_norm(b, &k->norm1, x);
	if (last)
		y = net_show_map(b, y);
	y = m->c.names == VIT_DINOV3 ? masked_qkv(b, m, &k->qkv, y) :
	    net_apply_linear(b, &k->qkv, y);
	if (m->c.position == VIT_ROPE)
		y = vit_rotate(b, rope, m->c.heads, y);
	net_show_attention(b, y, m->c.heads, last);
	if (class_alone)
		x = mc_narrow(b->t, x, 1, 0, 1);
	y = mc_attention(b->t, y, m->c.heads, NULL, mc_size(x, 1));
	y = net_apply_linear(b, &k->proj, y);
	x = add_branch(b, m, number, k->gamma1, x, y);
	y = apply_mlp(b, m, &k->mlp, net_apply_norm(b, &k->norm2, x));
	x = add_branch(b, m, number, k->gamma2, x, y);
	return mc_scope_close(b->t, x);
}

/* --- Features ------------------------------------------------------------- */

/* The class token of X, after the last norm: N x D. */
static struct mc_tensor *
class_token(struct mc_backbone *b, const struct vit *m, struct mc_tensor *x)
{
	x = net_apply_norm(b, &m->norm, mc_narrow(b->t, x, 1, 0, 1));
	return mc_flatten(b->t, x, 1);
}

/* The patches of X. */
static struct mc_tensor *
patches(struct mc_backbone *b, const struct vit *m, struct mc_tensor *x)
{
	int64_t first = before(m);

	return mc_narrow(b->t, x, 1, first, mc_size(x, 1) - first);
}

/* The mean of the patches of X, each after the last norm: N x D. */
static struct mc_tensor *
patch_mean(struct mc_backbone *b, const struct vit *m, struct mc_tensor *x)
{
	return mc_mean(b->t, net_apply_norm(b, &m->norm, patches(b, m, x)), 1);
}

/*
 * The attention of the latent query to X, all tokens after the last norm, and
 * its MLP: N x D.  The queries, keys and values lie side by side, so zeros, which
 * do not attend, follow the one query.
 */
static struct mc_tensor *
attention_pool(struct mc_backbone *b, const struct vit *m,
    struct mc_tensor *x)
{
	const struct attention_pool *k = &m->pool;
	int64_t n = mc_size(x, 0), l = mc_size(x, 1), dim = m->c.dim;
	struct mc_tensor *y, *parts[2];

	y = net_apply_linear(b, &k->q, net_value(b, k->latent));
	parts[0] = mc_expand(b->t, y, (int64_t[]){ n, 1, dim }, 3);
	parts[1] = mc_full(b->t, b->elem, 0, (int64_t[]){ n, l - 1, dim }, 3);
	parts[0] = mc_cat(b->t, parts, 2, 1);
	parts[1] = net_apply_linear(b, &k->kv, x);
	y = mc_cat(b->t, parts, 2, 2);
	net_show_pool(b, y, m->c.heads);
	y = mc_attention(b->t, y, m->c.heads, NULL, 1);
	y = net_wide(b, net_apply_linear(b, &k->proj, y));
	y = mc_add(b->t, y, apply_mlp(b, m, &k->mlp,
	    net_apply_norm(b, &k->norm, y)));
	return mc_flatten(b->t, y, 1);
}

/* Whence the features of B are taken. */
static enum mc_readout
readout(const struct mc_backbone *b)
{
	if (net_wants(b, "pooled"))
		return MC_READ_POOL;
	return net_wants(b, "mean") || net_wants(b, "fc_norm") ?
	    MC_READ_PATCHES : MC_READ_CLASS_TOKEN;
}

/* X after the last block as features that need no other block. */
static struct mc_tensor *
pool(struct mc_backbone *b, const struct vit *m, struct mc_tensor *x)
{
	struct mc_tensor *parts[2];

	if (net_wants(b, "mean"))
		return patch_mean(b, m, x);
	if (net_wants(b, "fc_norm"))
		return net_apply_norm(b, &m->fc_norm,
		    mc_mean(b->t, patches(b, m, x), 1));
	if (net_wants(b, "pooled"))
		return attention_pool(b, m, net_apply_norm(b, &m->norm, x));
	parts[0] = class_token(b, m, x);
	if (net_wants(b, "cls"))
		return parts[0];
	assert(net_wants(b, "cls+mean"));
	parts[1] = patch_mean(b, m, x);
	return mc_cat(b->t, parts, 2, 1);
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	const struct vit *m = b->model;
	/* The class tokens of the last blocks, and the patches' mean. */
	struct mc_tensor *y, *parts[LAST + 1];
	bool last = net_wants(b, "last4") || net_wants(b, "lc");
	struct vit_rope rope = { NULL, NULL };
	int i, from = m->c.depth - LAST;

	if (m->c.position == VIT_ROPE)
		rope = vit_rope_tables(b, m->c.dim / m->c.heads, before(m),
		    mc_size(x, 2) / m->c.patch, mc_size(x, 3) / m->c.patch);
	net_show_readout(b, readout(b));
	x = tokens(b, m, x);
	for (i = 0; i < m->c.depth; i++) {
		y = apply_block(b, m, i, &rope,
		    i == m->c.depth - 1 && net_wants(b, "cls"), x);
		mc_drop(b->t, x);
		x = y;
		if (last && i >= from)
			parts[i - from] = class_token(b, m, x);
	}
	if (!last)
		return pool(b, m, x);
	parts[LAST] = patch_mean(b, m, x);
	x = mc_cat(b->t, parts, LAST + 1, 1);
	return net_wants(b, "lc") ?
	    net_apply_linear(b, &m->linear_head, x) : x;
}

const struct mc_family net_vit = {
	"ViT", true, build, forward, false, true, "blocks[-1].norm1", true
};
