/*
 * Swin transformers (Liu et al. 2021) as torchvision has them: attention within
 * windows of W x W tokens, which every second block shifts by half a window.
 * From stage to stage four tokens become one of twice the features.
 *
 * All but attention is computed token by token, so the tokens of a map may lie
 * in any order.  They lie window by window, N x places x D, and a block that
 * shifts the windows moves them once.  Where the windows do not fit the map,
 * places lie beyond its edge.  These count in attention, as zeros behind the
 * norm; what is computed in them otherwise is never used.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "backbone/families.h"
#include "backbone/net.h"
#include "backbone/watch.h"
#include "base/mem.h"

#define PATCH 4
#define EPSILON 1e-5
#define APART -100		/* added to the scores of tokens that were apart */

/* A map of tokens in windows. */
struct layout {
	int64_t rows, columns;		/* of the map, */
	int64_t height, width;		/* and up to the windows' edge */
	int64_t window;
	int64_t down, right;		/* the shift */
};

struct block {
	struct net_norm norm1, norm2;
	struct net_linear qkv, proj, in, out;
	/* A bias for each distance of two tokens of a window, and head. */
	struct net_param *table;
	/* Ready for maps of so many tokens: see bias. */
	struct mc_tensor *bias;
	int64_t rows, columns;
};

/* Between two stages. */
struct merge {
	struct net_linear reduction;
	struct net_norm norm;
};

struct swin {
	struct swin_config c;
	struct net_conv embed;
	struct net_norm embed_norm, norm;
	struct merge merges[NET_STAGES - 1];
	struct net_linear head;
	struct mc_tensor *pairs;	/* ready: see pairs */
	int n_blocks;
	struct block blocks[];
};

/* --- Declaring ------------------------------------------------------------ */

static void
linear(struct mc_backbone *b, struct net_linear *l, const char *layer,
    const char *part, int in, int out)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", layer, part);
	net_linear_normal(b, l, name, in, out);
}

static void
norm(struct mc_backbone *b, struct net_norm *n, const char *layer,
    const char *part, int dim)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", layer, part);
	net_norm(b, n, name, dim, EPSILON);
}

/*
 * What state dicts hold and forward computes: the number of the bias of each
 * pair of tokens and, in Microsoft's own files, the mask of shifted windows.
 */
static void
build_computed(struct mc_backbone *b, const char *layer)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.attn.relative_position_index", layer);
	net_unused(b, name);
	snprintf(name, sizeof(name), "%s.attn_mask", layer);
	net_unused(b, name);
}

static void
build_block(struct mc_backbone *b, struct block *k, const char *layer, int dim,
    int heads, int window)
{
	const int64_t distances = 2 * window - 1;
	const int64_t shape[] = { distances * distances, heads };

	norm(b, &k->norm1, layer, "norm1", dim);
	k->table = net_param(b, net_normal(0.02), 2, shape,
	    "%s.attn.relative_position_bias_table", layer);
	build_computed(b, layer);
	linear(b, &k->qkv, layer, "attn.qkv", dim, 3 * dim);
	linear(b, &k->proj, layer, "attn.proj", dim, dim);
	k->qkv.weight->attention = k->proj.weight->attention = true;
	norm(b, &k->norm2, layer, "norm2", dim);
	linear(b, &k->in, layer, "mlp.0", dim, 4 * dim);
	linear(b, &k->out, layer, "mlp.3", 4 * dim, dim);
	net_cached(b, &k->bias);
}

/* It belongs to the block behind it. */
static void
build_merge(struct mc_backbone *b, struct merge *k, const char *layer, int dim)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.reduction", layer);
	net_linear(b, &k->reduction, name, 4 * dim, 2 * dim, net_normal(0.02),
	    NULL);
	norm(b, &k->norm, layer, "norm", 4 * dim);
}

/* Room for the layers that C asks for. */
static struct swin *
allocate(const struct swin_config *c)
{
	struct swin *m;
	int i, n = 0;

	assert(c->window > 1);
	for (i = 0; i < NET_STAGES; i++) {
		assert(c->blocks[i] > 0 && c->heads[i] > 0 &&
		    (c->dim << i) % c->heads[i] == 0);
		n += c->blocks[i];
	}
	m = mc_xcalloc(1, sizeof(*m) + (size_t)n * sizeof(m->blocks[0]));
	m->c = *c;
	return m;
}

static void
build(struct mc_backbone *b)
{
	struct swin *m = b->model = allocate(b->info->config);
	const struct net_dist embed = net_default(3 * PATCH * PATCH);
	int stage, i, dim = m->c.dim;
	char layer[32];

	b->drop_path = m->c.drop;
	net_cached(b, &m->pairs);
	m->embed = (struct net_conv){ .in = 3, .out = dim, .size = PATCH,
	    .stride = PATCH, .groups = 1 };
	net_conv(b, &m->embed, "features.0.0", embed, &embed);
	net_norm(b, &m->embed_norm, "features.0.2", dim, EPSILON);
	for (stage = 0; stage < NET_STAGES; stage++) {
		net_block(b);
		if (stage > 0) {
			snprintf(layer, sizeof(layer), "features.%d",
			    2 * stage);
			build_merge(b, &m->merges[stage - 1], layer, dim);
			dim *= 2;
		}
		for (i = 0; i < m->c.blocks[stage]; i++) {
			if (i > 0)
				net_block(b);
			snprintf(layer, sizeof(layer), "features.%d.%d",
			    2 * stage + 1, i);
			build_block(b, &m->blocks[m->n_blocks++], layer, dim,
			    m->c.heads[stage], m->c.window);
		}
	}
	net_behind(b);
	net_norm(b, &m->norm, "norm", dim, EPSILON);
	b->spare = !net_wants(b, "logits");
	net_linear_normal(b, &m->head, "head", dim, 1000);
}

/* --- Places --------------------------------------------------------------- */

static int64_t
round_up(int64_t n, int64_t to)
{
	return (n + to - 1) / to * to;
}

/* Windows of one token are the map as it is, row by row. */
static struct layout
make_layout(int64_t rows, int64_t columns, int64_t window, bool shifted)
{
	struct layout y = { .rows = rows, .columns = columns,
	    .height = round_up(rows, window), .width = round_up(columns,
	    window), .window = window };

	/* A single window is not shifted. */
	if (shifted && y.height > window)
		y.down = window / 2;
	if (shifted && y.width > window)
		y.right = window / 2;
	return y;
}

static int64_t
places(const struct layout *y)
{
	return y->height * y->width;
}

/* Where the windows are, unshifted, that hold place I of Y. */
static void
position(const struct layout *y, int64_t i, int64_t *row, int64_t *column)
{
	int64_t area = y->window * y->window, across = y->width / y->window;

	*row = i / area / across * y->window + i % area / y->window;
	*column = i / area % across * y->window + i % y->window;
}

/* The token at place I of Y, counted row by row; -1: beyond the map's edge. */
static int64_t
token_at(const struct layout *y, int64_t i)
{
	int64_t row, column;

	position(y, i, &row, &column);
	row = (row + y->down) % y->height;
	column = (column + y->right) % y->width;
	return row < y->rows && column < y->columns ?
	    row * y->columns + column : -1;
}

static int64_t *
numbers(int64_t n)
{
	return mc_xreallocarray(NULL, (size_t)n, sizeof(int64_t));
}

/* The place of each token in Y; to be freed. */
static int64_t *
places_of(const struct layout *y)
{
	int64_t *place = numbers(y->rows * y->columns), i, token;

	for (i = 0; i < places(y); i++)
		if ((token = token_at(y, i)) >= 0)
			place[token] = i;
	return place;
}

/* X, which lies as FROM says, as TO does. */
static struct mc_tensor *
move(struct mc_backbone *b, struct mc_tensor *x, const struct layout *from,
    const struct layout *to)
{
	int64_t *place = places_of(from), n = places(to), *row = numbers(n);
	bool same = n == places(from);
	int64_t i, token;

	for (i = 0; i < n; i++) {
		token = token_at(to, i);
		row[i] = token < 0 ? -1 : place[token];
		same = same && (token < 0 || row[i] == i);
	}
	if (!same)
		x = mc_rows(b->t, x, row, (size_t)n);
	free(row);
	free(place);
	return x;
}

/* The tokens of FROM side by side that become one of TO, as torchvision. */
static struct mc_tensor *
gather_squares(struct mc_backbone *b, struct mc_tensor *x,
    const struct layout *from, const struct layout *to)
{
	int64_t *place = places_of(from), n = places(to), *row = numbers(4 * n);
	int64_t i, token, r, c;
	int k;

	for (i = 0; i < n; i++) {
		token = token_at(to, i);
		for (k = 0; k < 4; k++) {
			r = token / to->columns * 2 + k % 2;
			c = token % to->columns * 2 + k / 2;
			row[4 * i + k] = token < 0 || r >= from->rows ||
			    c >= from->columns ? -1 :
			    place[r * from->columns + c];
		}
	}
	x = mc_rows(b->t, x, row, (size_t)(4 * n));
	free(row);
	free(place);
	return mc_reshape(b->t, x, (int64_t[]){ mc_size(x, 0), n,
	    4 * mc_size(x, 2) }, 3);
}

/* --- Windows -------------------------------------------------------------- */

/*
 * L^2 x distances: 1 at the distance of each pair of the L tokens of a window,
 * so that a product with it chooses of the table.
 */
static struct mc_tensor *
pairs(struct mc_backbone *b, struct swin *m)
{
	int window = m->c.window, l = window * window;
	int64_t span = 2 * window - 1, shape[] = { l * l, span * span };
	size_t n = (size_t)(shape[0] * shape[1]);
	int64_t down, right;
	float *v;
	int i, k;

	if (m->pairs != NULL)
		return m->pairs;
	v = mc_xcalloc(n, sizeof(*v));
	for (i = 0; i < l; i++)
		for (k = 0; k < l; k++) {
			down = i / window - k / window + window - 1;
			right = i % window - k % window + window - 1;
			v[(i * l + k) * shape[1] + down * span + right] = 1;
		}
	m->pairs = mc_tensor_keep(b->t, mc_from_f32(b->t, v, n, shape, 2));
	free(v);
	return m->pairs;
}

/*
 * The part of a map, 0 to 2, that row or column I of SIZE is of: a shift brings
 * the last two side by side.
 */
static int
part(int64_t i, int64_t size, int64_t window, int64_t shift)
{
	if (i < size - window)
		return 0;
	return i < size - shift ? 1 : 2;
}

/* Windows x 1 x L x L: APART where the shift brought two tokens together. */
static struct mc_tensor *
mask(struct mc_backbone *b, const struct layout *y)
{
	int64_t l = y->window * y->window, n = places(y), row, column;
	int64_t shape[] = { n / l, 1, l, l }, i, k;
	float *v = mc_xcalloc((size_t)(n * l), sizeof(*v));
	int *parts = mc_xreallocarray(NULL, (size_t)n, sizeof(*parts));
	struct mc_tensor *x;

	for (i = 0; i < n; i++) {
		position(y, i, &row, &column);
		parts[i] = 3 * part(row, y->height, y->window, y->down) +
		    part(column, y->width, y->window, y->right);
	}
	for (i = 0; i < n; i++)
		for (k = 0; k < l; k++)
			if (parts[i] != parts[i / l * l + k])
				v[i * l + k] = APART;
	x = mc_from_f32(b->t, v, (size_t)(n * l), shape, 4);
	free(parts);
	free(v);
	return x;
}

/* What is added to the scores of K: 1 or windows x H x L x L. */
static struct mc_tensor *
bias(struct mc_backbone *b, struct swin *m, struct block *k,
    const struct layout *y)
{
	const int64_t turned[] = { 1, 0 };
	int64_t l = y->window * y->window;
	struct mc_tensor *x;

	if (k->bias != NULL && k->rows == y->rows && k->columns == y->columns)
		return k->bias;
	mc_scope_open(b->t);
	x = mc_linear(b->t, mc_permute(b->t, net_value(b, k->table), turned,
	    2), pairs(b, m), NULL);
	x = mc_reshape(b->t, x, (int64_t[]){ 1, mc_size(x, 0), l, l }, 4);
	if (y->down > 0 || y->right > 0)
		x = mc_add(b->t, x, mask(b, y));
	x = mc_scope_close(b->t, x);
	if (!net_is_ready(b))
		return x;
	net_replace(&k->bias, mc_tensor_keep(b->t, x));
	k->rows = y->rows;
	k->columns = y->columns;
	return k->bias;
}

/* X, which has just been made, with 0 in the places beyond the map's edge. */
static struct mc_tensor *
clear_edge(struct mc_backbone *b, struct mc_tensor *x, const struct layout *y)
{
	int64_t n = places(y), shape[] = { n, 1 }, i;
	struct mc_tensor *inside;
	float *v;

	if (y->height == y->rows && y->width == y->columns)
		return x;
	v = mc_xreallocarray(NULL, (size_t)n, sizeof(*v));
	for (i = 0; i < n; i++)
		v[i] = token_at(y, i) >= 0;
	inside = mc_from_f32(b->t, v, (size_t)n, shape, 2);
	free(v);
	return mc_mul(b->t, x, inside);
}

/* --- Applying ------------------------------------------------------------- */

static struct mc_tensor *
attend(struct mc_backbone *b, struct swin *m, struct block *k,
    const struct layout *y, struct mc_tensor *x)
{
	int64_t n = mc_size(x, 0), dim = mc_size(x, 2);
	struct mc_tensor *pair = bias(b, m, k, y);

	x = clear_edge(b, x, y);
	x = mc_reshape(b->t, x, (int64_t[]){ -1, y->window * y->window, dim },
	    3);
	x = net_apply_linear(b, &k->qkv, x);
	x = mc_attention(b->t, x, (int)mc_size(pair, 1), pair, mc_size(x, 1));
	x = net_apply_linear(b, &k->proj, x);
	return mc_reshape(b->t, x, (int64_t[]){ n, -1, dim }, 3);
}

/* x + y, where Y, a branch of K, may be left out. */
static struct mc_tensor *
add_branch(struct mc_backbone *b, const struct swin *m, const struct block *k,
    struct mc_tensor *x, struct mc_tensor *y)
{
	double p = b->drop_path * (double)(k - m->blocks) / (m->n_blocks - 1);
	unsigned mode = net_mode(b, k->qkv.weight);

	y = net_wide(b, y);
	if (p > 0 && (mode & MC_DROPOUT) != 0)
		y = mc_drop_path(b->t, y, p);
	return (mode & MC_RECORD) != 0 ? mc_add(b->t, x, y) :
	    mc_add_over(b->t, y, x);
}

/* x += attention(norm1(x)); x += mlp(norm2(x)) */
static struct mc_tensor *
apply_block(struct mc_backbone *b, struct swin *m, struct block *k,
    const struct layout *layout, struct mc_tensor *x)
{
	struct mc_tensor *y;

	mc_scope_open(b->t);
	y = attend(b, m, k, layout, net_apply_norm(b, &k->norm1, x));
	x = add_branch(b, m, k, x, y);
	y = net_apply_linear(b, &k->in, net_apply_norm(b, &k->norm2, x));
	y = (net_mode(b, k->in.weight) & MC_RECORD) != 0 ? mc_gelu(b->t, y) :
	    mc_gelu_over(b->t, y);
	x = add_branch(b, m, k, x, net_apply_linear(b, &k->out, y));
	return mc_scope_close(b->t, x);
}

/* X, which lies as FROM says, as the map of half the size that TO is. */
static struct mc_tensor *
apply_merge(struct mc_backbone *b, const struct merge *k, struct mc_tensor *x,
    const struct layout *from, const struct layout *to)
{
	mc_scope_open(b->t);
	x = gather_squares(b, x, from, to);
	x = net_apply_linear(b, &k->reduction, net_apply_norm(b, &k->norm, x));
	return mc_scope_close(b->t, net_wide(b, x));
}

/* Y in the place of X. */
static struct mc_tensor *
instead(struct mc_backbone *b, struct mc_tensor *x, struct mc_tensor *y)
{
	if (y != x)
		mc_drop(b->t, x);
	return y;
}

/* N x 3 x H x W to tokens, row by row. */
static struct mc_tensor *
tokens(struct mc_backbone *b, const struct swin *m, struct mc_tensor *x,
    struct layout *y)
{
	const int64_t last[] = { 0, 2, 1 };

	mc_scope_open(b->t);
	x = net_apply_conv(b, &m->embed, x);
	*y = make_layout(mc_size(x, 2), mc_size(x, 3), 1, false);
	x = mc_permute(b->t, mc_flatten(b->t, x, 2), last, 3);
	return mc_scope_close(b->t, net_apply_norm(b, &m->embed_norm, x));
}

/* The blocks of STAGE; X lies as *NOW says, before and afterwards. */
static struct mc_tensor *
apply_stage(struct mc_backbone *b, struct swin *m, int stage, struct block *k,
    struct mc_tensor *x, struct layout *now)
{
	struct layout next;
	int i;

	if (stage > 0) {
		next = make_layout((now->rows + 1) / 2, (now->columns + 1) / 2,
		    m->c.window, false);
		x = instead(b, x, apply_merge(b, &m->merges[stage - 1], x, now,
		    &next));
		*now = next;
	}
	for (i = 0; i < m->c.blocks[stage]; i++) {
		next = make_layout(now->rows, now->columns, m->c.window,
		    i % 2 == 1);
		x = instead(b, x, move(b, x, now, &next));
		*now = next;
		x = instead(b, x, apply_block(b, m, &k[i], now, x));
	}
	return x;
}

static struct mc_tensor *
forward(struct mc_backbone *b, struct mc_tensor *x)
{
	struct swin *m = b->model;
	struct block *k = m->blocks;
	struct layout now, plain;
	int stage;

	x = tokens(b, m, x, &now);
	for (stage = 0; stage < NET_STAGES; stage++) {
		x = apply_stage(b, m, stage, k, x, &now);
		k += m->c.blocks[stage];
	}
	plain = make_layout(now.rows, now.columns, 1, false);
	x = instead(b, x, move(b, x, &now, &plain));
	net_show_grid(b, 0, plain.rows, plain.columns);
	x = net_show_map(b, x);
	x = mc_mean(b->t, net_apply_norm(b, &m->norm, x), 1);
	return net_wants(b, "logits") ? net_apply_linear(b, &m->head, x) : x;
}

const struct mc_family net_swin = {
	"Swin", true, build, forward, false, true, "features", false
};
