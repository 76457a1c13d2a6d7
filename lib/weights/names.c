/* names.c - rename arrays by the tables of conventions.c. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "weights/conventions.h"
#include "weights/dict_internal.h"
#include "weights/names.h"

#define GROUPS 4
#define ROUNDS 8	/* the longest chain of prefixes, with room */

struct group {
	const char *s;
	size_t n;
};

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool
match(const char *pattern, const char *name, struct group groups[GROUPS])
{
	int g = 0;

	for (; *pattern != '\0'; pattern++) {
		size_t n = *pattern == '#' ? strspn(name, "0123456789") :
		    *pattern == '@' ? strlen(name) : *name == *pattern;

		if (n == 0)
			return false;
		if (*pattern == '#' || *pattern == '@')
			groups[g++] = (struct group){ name, n };
		name += n;
	}
	return *name == '\0';
}

static void
substitute(const char *to, const struct group groups[GROUPS],
    struct mc_buf *out)
{
	for (; *to != '\0'; to++) {
		if (*to == '$' && (to[1] == '+' || to[1] == '*')) {
			bool twice = to[1] == '*', next;

			to += 1 + twice;
			next = *to == '+';
			to += next;
			mc_buf_printf(out, "%llu", strtoull(
			    groups[*to - '1'].s, NULL, 10) *
			    (twice ? 2 : 1) + next);
		} else if (*to == '$') {
			const struct group *g = &groups[*++to - '1'];

			mc_buf_add(out, g->s, g->n);
		} else {
			mc_buf_add(out, to, 1);
		}
	}
}

/* The first rule for BACKBONE that matches NAME, or NULL. */
static const struct mc_name_rule *
find_rule(struct mc_statedict *sd, const char *backbone, const char *name,
    struct group groups[GROUPS])
{
	const struct mc_name_rule *rule;
	size_t i;

	for (i = 0; mc_conventions[i].name != NULL; i++) {
		if (!begins(backbone, mc_conventions[i].backbones))
			continue;
		for (rule = mc_conventions[i].rules; rule->from != NULL;
		    rule++) {
			if (match(rule->from, name, groups)) {
				sd->conventions |= UINT64_C(1) << i;
				return rule;
			}
		}
	}
	return NULL;
}

/* A copy of NAME that lives as long as SD. */
static const char *
keep_name(struct mc_statedict *sd, const char *name)
{
	size_t n = strlen(name) + 1;

	return memcpy(mc_statedict_room(sd, n), name, n);
}

/* Rename ARRAY, or take its name away where it does not belong. */
static void
rename_array(struct mc_statedict *sd, struct mc_array *array,
    const char *backbone)
{
	struct group groups[GROUPS];
	const struct mc_name_rule *rule;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		struct mc_buf name = { 0 };

		rule = find_rule(sd, backbone, array->name, groups);
		if (rule == NULL)
			return;
		if (rule->to == NULL) {
			mc_statedict_leave(sd, array,
			    mc_part_of(array->name));
			return;
		}
		substitute(rule->to, groups, &name);
		array->name = keep_name(sd, name.data);
		mc_buf_free(&name);
	}
}

static bool
same_shape(const struct mc_array *a, const struct mc_array *b)
{
	return a->dtype == b->dtype && a->ndim == b->ndim && memcmp(a->shape,
	    b->shape, (size_t)a->ndim * sizeof(a->shape[0])) == 0;
}

/* NAME is "LAYER.attn.q.KIND": set GROUPS to layer and kind. */
static bool
is_query(const char *name, struct group groups[GROUPS])
{
	static const char inside[] = ".attn.q.";
	const char *at = strstr(name, inside);

	if (at == NULL)
		return false;
	groups[0] = (struct group){ name, (size_t)(at - name) };
	groups[1].s = at + sizeof(inside) - 1;
	groups[1].n = strlen(groups[1].s);
	return true;
}

/* The array "LAYER.attn.K.KIND", or NULL. */
static const struct mc_array *
find_part(const struct mc_statedict *sd, const struct group groups[GROUPS],
    const char *k)
{
	char *name = mc_xasprintf("%.*s.attn.%s.%s", (int)groups[0].n,
	    groups[0].s, k, groups[1].s);
	const struct mc_array *a = mc_statedict_find(sd, name);

	free(name);
	return a;
}

/*
 * Put Q, K and V under each other: three arrays of n by m to one of 3n by m.
 * The new names go into NAMES, since the index needs the old ones.
 */
static enum mc_status
fuse(struct mc_statedict *sd, struct mc_array *q,
    const struct group groups[GROUPS], const char **names, bool no_key_bias,
    struct mc_err *err)
{
	const struct mc_array *k = find_part(sd, groups, "k");
	const struct mc_array *v = find_part(sd, groups, "v");
	size_t bytes = q->n * mc_dtype_size(q->dtype);
	struct mc_array none = *q;
	char *to, *name;

	/* DINOv3's keys have no bias; its reference masks one. */
	if (k == NULL && v != NULL && no_key_bias &&
	    strcmp(groups[1].s, "bias") == 0) {
		none.data = memset(mc_statedict_room(sd, bytes), 0, bytes);
		k = &none;
	}
	if (k == NULL || v == NULL || q->ndim == 0 || !same_shape(q, k) ||
	    !same_shape(q, v))
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "%.*s.attn: no query, key and value of one shape",
		    (int)groups[0].n, groups[0].s);
	to = mc_statedict_room(sd, 3 * bytes);
	memcpy(to, q->data, bytes);
	memcpy(to + bytes, k->data, bytes);
	memcpy(to + 2 * bytes, v->data, bytes);
	name = mc_xasprintf("%.*s.attn.qkv.%s", (int)groups[0].n,
	    groups[0].s, groups[1].s);
	names[q - sd->arrays] = keep_name(sd, name);
	names[v - sd->arrays] = NULL;
	if (k != &none)
		names[k - sd->arrays] = NULL;
	free(name);
	q->data = to;
	q->n *= 3;
	q->shape[0] *= 3;
	return MC_OK;
}

/*
 * Give DINOv3's queries, keys and values biases of 0 where the file has none in
 * any block: timm leaves them out where all are 0.
 */
static enum mc_status
add_biases(struct mc_statedict *sd, struct mc_err *err)
{
	static const char weight[] = ".qkv.weight";
	size_t i, len, n = sd->n;
	struct mc_array bias;
	char *name;

	for (i = 0; i < n; i++)
		if (strstr(sd->arrays[i].name, ".qkv.bias") != NULL)
			return MC_OK;
	for (i = 0; i < n; i++) {
		bias = sd->arrays[i];
		len = strlen(bias.name);
		if (len < sizeof(weight) || bias.ndim != 2 ||
		    strcmp(bias.name + len - (sizeof(weight) - 1), weight) != 0)
			continue;
		name = mc_xasprintf("%.*sbias", (int)(len - strlen("weight")),
		    bias.name);
		bias.name = name;
		bias.ndim = 1;
		bias.n = (size_t)bias.shape[0];
		len = bias.n * mc_dtype_size(bias.dtype);
		bias.data = memset(mc_statedict_room(sd, len), 0, len);
		mc_statedict_add(sd, &bias);
		free(name);
	}
	return mc_statedict_index(sd, err);
}

/* Fuse every query with its key and value. */
static enum mc_status
fuse_all(struct mc_statedict *sd, bool no_key_bias, struct mc_err *err)
{
	const char **names = mc_xreallocarray(NULL, sd->n, sizeof(*names));
	struct group groups[GROUPS];
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < sd->n; i++)
		names[i] = sd->arrays[i].name;
	for (i = 0; status == MC_OK && i < sd->n; i++) {
		if (is_query(sd->arrays[i].name, groups))
			status = fuse(sd, &sd->arrays[i], groups, names,
			    no_key_bias, err);
	}
	for (i = 0; i < sd->n; i++)
		sd->arrays[i].name = names[i];
	free(names);
	return status == MC_OK ? mc_statedict_compact(sd, err) : status;
}

/*
 * timm's models with registers have no position for the class token: it is
 * part of cls_token there.  1 by side * side by m becomes 1 by 1 + side * side
 * by m, the first row 0, which gives the same sums.
 */
static void
add_class_position(struct mc_statedict *sd, struct mc_array *pos)
{
	int64_t side = 1;
	size_t row, bytes;
	char *to;

	if (pos->ndim != 3 || pos->shape[0] != 1 || pos->n == 0)
		return;
	while (side * side < pos->shape[1])
		side++;
	if (side * side != pos->shape[1])
		return;
	row = (size_t)pos->shape[2] * mc_dtype_size(pos->dtype);
	bytes = (size_t)pos->shape[1] * row;
	to = mc_statedict_room(sd, row + bytes);
	memset(to, 0, row);
	memcpy(to + row, pos->data, bytes);
	pos->data = to;
	pos->shape[1]++;
	pos->n += (size_t)pos->shape[2];
}

/* Array A as float32, in memory of SD; returns its elements. */
static float *
widen(struct mc_statedict *sd, struct mc_array *a)
{
	float *v = mc_statedict_room(sd, a->n * sizeof(*v));

	mc_array_to_f32(a, v);
	a->data = v;
	a->dtype = MC_F32;
	return v;
}

/*
 * A ViT of timm with register tokens in the middle of its position embedding:
 * 1 by 1 + registers + side * side by m.  What is added to the registers
 * becomes part of them, and their rows go: the same sums.
 */
static void
fold_register_positions(struct mc_statedict *sd)
{
	const struct mc_array *found = mc_statedict_find(sd, "pos_embed");
	const struct mc_array *reg = mc_statedict_find(sd, "register_tokens");
	struct mc_array *pos, *tokens;
	int64_t side = 1, places;
	size_t i, m;
	float *p, *r;

	if (found == NULL || reg == NULL || found->ndim != 3 ||
	    reg->ndim != 3 || found->shape[0] != 1 || reg->shape[0] != 1 ||
	    found->shape[2] != reg->shape[2] || reg->shape[1] < 1)
		return;
	places = found->shape[1] - 1 - reg->shape[1];
	while (side * side < places)
		side++;
	if (places < 1 || side * side != places)
		return;
	pos = &sd->arrays[found - sd->arrays];
	tokens = &sd->arrays[reg - sd->arrays];
	p = widen(sd, pos);
	r = widen(sd, tokens);
	m = (size_t)pos->shape[2];
	for (i = 0; i < tokens->n; i++)
		r[i] += p[m + i];
	memmove(p + m, p + m + tokens->n, (size_t)places * m * sizeof(*p));
	pos->shape[1] = 1 + places;
	pos->n = (size_t)pos->shape[1] * m;
}

/*
 * The norm of the mean of patches, fc_norm, with which MAE's fine-tuning
 * starts: 1 and 0, since pretraining has none.
 */
static void
add_mean_norm(struct mc_statedict *sd)
{
	const struct mc_array *norm = mc_statedict_find(sd, "norm.weight");
	struct mc_array a;
	size_t i;
	float *v;

	if (norm == NULL || mc_statedict_find(sd, "fc_norm.weight") != NULL)
		return;
	a = *norm;
	v = widen(sd, &a);
	for (i = 0; i < a.n; i++)
		v[i] = 1;
	a.name = "fc_norm.weight";
	mc_statedict_add(sd, &a);
	v = widen(sd, &a);
	memset(v, 0, a.n * sizeof(*v));
	a.name = "fc_norm.bias";
	mc_statedict_add(sd, &a);
}

/*
 * Spread the first convolution W of a network for one channel over red, green
 * and blue: a third each, so that it sees their mean.
 */
static void
spread_channel(struct mc_statedict *sd, const char *w)
{
	const struct mc_array *found = mc_statedict_find(sd, w);
	struct mc_array *a, one;
	size_t i, k, size;
	float *v, *to;

	if (found == NULL || found->ndim != 4 || found->shape[1] != 1)
		return;
	a = &sd->arrays[found - sd->arrays];
	one = *a;
	v = widen(sd, &one);
	size = (size_t)(a->shape[2] * a->shape[3]);
	to = mc_statedict_room(sd, 3 * one.n * sizeof(*to));
	for (i = 0; i < one.n; i++)
		for (k = 0; k < 3; k++)
			to[(i / size * 3 + k) * size + i % size] = v[i] / 3;
	a->data = to;
	a->dtype = MC_F32;
	a->shape[1] = 3;
	a->n = 3 * one.n;
}

/* Cut IN, query, key and value of SigLIP's pool, to Q and a new KV. */
static void
split_pool(struct mc_statedict *sd, const char *in, const char *q,
    const char *kv)
{
	const struct mc_array *found = mc_statedict_find(sd, in);
	struct mc_array first, rest;

	if (found == NULL || found->ndim == 0 || found->shape[0] % 3 != 0)
		return;
	first = rest = *found;
	first.shape[0] /= 3;
	first.n /= 3;
	rest.name = kv;
	rest.shape[0] -= first.shape[0];
	rest.n -= first.n;
	rest.data = (const char *)first.data +
	    first.n * mc_dtype_size(first.dtype);
	first.name = q;
	sd->arrays[found - sd->arrays] = first;
	mc_statedict_add(sd, &rest);
}

/* CLIP's class token is a vector, and its positions a matrix. */
static void
add_dimensions(struct mc_statedict *sd, const char *name)
{
	const struct mc_array *found = mc_statedict_find(sd, name);
	struct mc_array *a;

	if (found == NULL || found->ndim < 1 || found->ndim > 2)
		return;
	a = &sd->arrays[found - sd->arrays];
	a->shape[2] = a->shape[a->ndim - 1];
	a->shape[1] = a->ndim == 2 ? a->shape[0] : 1;
	a->shape[0] = 1;
	a->ndim = 3;
}

/* torchvision's LayerScale of ConvNeXt is C x 1 x 1; in other files it is C. */
static void
shape_layer_scales(struct mc_statedict *sd)
{
	static const char last[] = ".layer_scale";
	size_t i, len;

	for (i = 0; i < sd->n; i++) {
		struct mc_array *a = &sd->arrays[i];

		len = strlen(a->name);
		if (a->ndim != 1 || len < sizeof(last) ||
		    strcmp(a->name + len - (sizeof(last) - 1), last) != 0)
			continue;
		a->shape[1] = a->shape[2] = 1;
		a->ndim = 3;
	}
}

/*
 * Name what merges Swin's patches between two stages: Microsoft's stages end
 * with it, and timm's begin with it.
 */
static enum mc_status
place_merges(struct mc_statedict *sd, struct mc_err *err)
{
	unsigned long long later = mc_statedict_find(sd,
	    "layers.0.downsample.norm.weight") != NULL ? 1 : 0;
	struct group groups[GROUPS];
	char *name;
	size_t i;

	for (i = 0; i < sd->n; i++) {
		if (!match("layers.#.downsample.@", sd->arrays[i].name, groups))
			continue;
		name = mc_xasprintf("features.%llu.%s",
		    2 * (strtoull(groups[0].s, NULL, 10) + later),
		    groups[1].s);
		sd->arrays[i].name = keep_name(sd, name);
		free(name);
	}
	return mc_statedict_index(sd, err);
}

/* Give the arrays the reference's shapes. */
static enum mc_status
finish(struct mc_statedict *sd, const char *backbone, struct mc_err *err)
{
	const struct mc_array *pos = mc_statedict_find(sd, "pos_embed");
	enum mc_status status;

	if (begins(backbone, "convnext"))
		shape_layer_scales(sd);
	if (begins(backbone, "swin_") && place_merges(sd, err) != MC_OK)
		return MC_EDATA;
	if (pos != NULL && begins(backbone, "dinov2"))
		add_class_position(sd, &sd->arrays[pos - sd->arrays]);
	if (begins(backbone, "dinov2"))
		fold_register_positions(sd);
	if (begins(backbone, "mae_"))
		add_mean_norm(sd);
	if (begins(backbone, "vit_")) {
		add_dimensions(sd, "cls_token");
		add_dimensions(sd, "pos_embed");
		split_pool(sd, "attn_pool.in.weight", "attn_pool.q.weight",
		    "attn_pool.kv.weight");
		/* The index is of arrays that may have moved. */
		if (mc_statedict_index(sd, err) != MC_OK)
			return MC_EDATA;
		split_pool(sd, "attn_pool.in.bias", "attn_pool.q.bias",
		    "attn_pool.kv.bias");
		if (mc_statedict_index(sd, err) != MC_OK)
			return MC_EDATA;
	}
	status = fuse_all(sd, begins(backbone, "dinov3"), err);
	return status == MC_OK && begins(backbone, "dinov3") ?
	    add_biases(sd, err) : status;
}

enum mc_status
mc_statedict_rename_arrays(struct mc_statedict *sd, const char *backbone,
    struct mc_err *err)
{
	const char *network = mc_conventions_network(backbone);
	size_t i;

	for (i = 0; i < sd->n; i++)
		rename_array(sd, &sd->arrays[i], network);
	return mc_statedict_compact(sd, err);
}

enum mc_status
mc_statedict_rename(struct mc_statedict *sd, const char *backbone,
    struct mc_err *err)
{
	const char *network = mc_conventions_network(backbone);
	enum mc_status status = mc_statedict_rename_arrays(sd, backbone, err);

	/* One channel is all that a film has; its pixels come in three. */
	if (status == MC_OK && begins(backbone, "torchxrayvision"))
		spread_channel(sd, "features.conv0.weight");
	if (status == MC_OK)
		status = finish(sd, network, err);
	return status;
}

bool
mc_names_known(const char *backbone)
{
	size_t i;

	backbone = mc_conventions_network(backbone);

	for (i = 0; mc_conventions[i].name != NULL; i++)
		if (*mc_conventions[i].backbones != '\0' &&
		    begins(backbone, mc_conventions[i].backbones))
			return true;
	return false;
}

bool
mc_statedict_conventions(const struct mc_statedict *sd, struct mc_buf *text)
{
	const char *last = NULL;
	size_t i;

	for (i = 0; mc_conventions[i].name != NULL; i++) {
		if ((sd->conventions & UINT64_C(1) << i) == 0 ||
		    (last != NULL &&
		    strcmp(last, mc_conventions[i].name) == 0))
			continue;
		mc_buf_printf(text, "%s%s", last != NULL ? ", " : "",
		    mc_conventions[i].name);
		last = mc_conventions[i].name;
	}
	return last != NULL;
}
