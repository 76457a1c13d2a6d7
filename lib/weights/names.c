/*
 * names.c - naming conventions as tables.
 *
 * In a pattern # stands for a number and @, at the end, for the rest of the
 * name; $1, $2, ... give them back.  Rules are tried in order and again on
 * their result, so that a prefix goes first and the name behind it next.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "weights/dict_internal.h"
#include "weights/names.h"

#define GROUPS 4
#define ROUNDS 8	/* the longest chain of prefixes, with room */

struct rule {
	const char *from;
	const char *to;		/* NULL: no part of the backbone */
};

/* DataParallel, torch.compile, Lightning, DINO's teacher, a user's class. */
static const struct rule wrappers[] = {
	{ "module.@", "$1" },
	{ "_orig_mod.@", "$1" },
	{ "model.@", "$1" },
	{ "backbone.@", "$1" },
	{ "teacher.@", "$1" },
	{ NULL, NULL }
};

/* nn.Sequential(*list(resnet.children())[:-1]), as RadImageNet has it. */
static const struct rule sequential_resnet[] = {
	{ "0.@", "conv1.$1" },
	{ "1.@", "bn1.$1" },
	{ "4.@", "layer1.$1" },
	{ "5.@", "layer2.$1" },
	{ "6.@", "layer3.$1" },
	{ "7.@", "layer4.$1" },
	{ NULL, NULL }
};

/* torchvision's own files: module names could hold a dot until PyTorch 0.4. */
static const struct rule old_densenet[] = {
	{ "features.denseblock#.denselayer#.norm.#.@",
	    "features.denseblock$1.denselayer$2.norm$3.$4" },
	{ "features.denseblock#.denselayer#.conv.#.@",
	    "features.denseblock$1.denselayer$2.conv$3.$4" },
	{ NULL, NULL }
};

static const struct rule sequential_densenet[] = {
	{ "0.@", "features.$1" },
	{ NULL, NULL }
};

/* transformers' Dinov2Model, Dinov2WithRegistersModel, ...ForImage... */
static const struct rule hugging_face_dinov2[] = {
	{ "dinov2.@", "$1" },
	{ "dinov2_with_registers.@", "$1" },
	{ "classifier.@", NULL },
	{ "embeddings.cls_token", "cls_token" },
	{ "embeddings.mask_token", "mask_token" },
	{ "embeddings.register_tokens", "register_tokens" },
	{ "embeddings.position_embeddings", "pos_embed" },
	{ "embeddings.patch_embeddings.projection.@", "patch_embed.proj.$1" },
	{ "encoder.layer.#.norm1.@", "blocks.$1.norm1.$2" },
	{ "encoder.layer.#.norm2.@", "blocks.$1.norm2.$2" },
	{ "encoder.layer.#.attention.attention.query.@",
	    "blocks.$1.attn.q.$2" },
	{ "encoder.layer.#.attention.attention.key.@",
	    "blocks.$1.attn.k.$2" },
	{ "encoder.layer.#.attention.attention.value.@",
	    "blocks.$1.attn.v.$2" },
	{ "encoder.layer.#.attention.output.dense.@",
	    "blocks.$1.attn.proj.$2" },
	{ "encoder.layer.#.layer_scale1.lambda1", "blocks.$1.ls1.gamma" },
	{ "encoder.layer.#.layer_scale2.lambda1", "blocks.$1.ls2.gamma" },
	{ "encoder.layer.#.mlp.weights_in.@", "blocks.$1.mlp.w12.$2" },
	{ "encoder.layer.#.mlp.weights_out.@", "blocks.$1.mlp.w3.$2" },
	{ "encoder.layer.#.mlp.@", "blocks.$1.mlp.$2" },
	{ "layernorm.@", "norm.$1" },
	{ NULL, NULL }
};

static const struct rule timm_dinov2[] = {
	{ "reg_token", "register_tokens" },
	{ NULL, NULL }
};

/* timm packs SwiGLU's matrices under the names of a plain MLP. */
static const struct rule timm_dinov2_giant[] = {
	{ "blocks.#.mlp.fc1.@", "blocks.$1.mlp.w12.$2" },
	{ "blocks.#.mlp.fc2.@", "blocks.$1.mlp.w3.$2" },
	{ NULL, NULL }
};

/* A checkpoint of training: blocks in chunks, numbered through. */
static const struct rule training_dinov2[] = {
	{ "dino_head.@", NULL },
	{ "ibot_head.@", NULL },
	{ "blocks.#.#.@", "blocks.$2.$3" },
	{ NULL, NULL }
};

/* dinov2_*_linear4_head.pth */
static const struct rule head_dinov2[] = {
	{ "weight", "linear_head.weight" },
	{ "bias", "linear_head.bias" },
	{ NULL, NULL }
};

static const struct {
	const char *backbones;	/* what their names begin with */
	const struct rule *rules;
} conventions[] = {
	{ "", wrappers },
	{ "resnet", sequential_resnet },
	{ "resnext", sequential_resnet },
	{ "wide_resnet", sequential_resnet },
	{ "densenet", old_densenet },
	{ "densenet", sequential_densenet },
	{ "dinov2", hugging_face_dinov2 },
	{ "dinov2", timm_dinov2 },
	{ "dinov2_vitg", timm_dinov2_giant },
	{ "dinov2", training_dinov2 },
	{ "dinov2", head_dinov2 },
};

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
		if (*to == '$') {
			const struct group *g = &groups[*++to - '1'];

			mc_buf_add(out, g->s, g->n);
		} else {
			mc_buf_add(out, to, 1);
		}
	}
}

/* The first rule for BACKBONE that matches NAME, or NULL. */
static const struct rule *
find_rule(const char *backbone, const char *name, struct group groups[GROUPS])
{
	const struct rule *rule;
	size_t i;

	for (i = 0; i < sizeof(conventions) / sizeof(conventions[0]); i++) {
		if (!begins(backbone, conventions[i].backbones))
			continue;
		for (rule = conventions[i].rules; rule->from != NULL; rule++) {
			if (match(rule->from, name, groups))
				return rule;
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
	const struct rule *rule;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		struct mc_buf name = { 0 };

		rule = find_rule(backbone, array->name, groups);
		if (rule == NULL)
			return;
		if (rule->to == NULL) {
			array->name = NULL;
			return;
		}
		substitute(rule->to, groups, &name);
		array->name = keep_name(sd, name.data);
		mc_buf_free(&name);
	}
}

/* Close the gaps of the arrays without a name, and sort again. */
static enum mc_status
compact(struct mc_statedict *sd, struct mc_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < sd->n; i++) {
		if (sd->arrays[i].name != NULL)
			sd->arrays[n++] = sd->arrays[i];
	}
	sd->n = n;
	return mc_statedict_index(sd, err);
}

static bool
same_shape(const struct mc_array *a, const struct mc_array *b)
{
	return a->dtype == b->dtype && a->ndim == b->ndim && memcmp(a->shape,
	    b->shape, (size_t)a->ndim * sizeof(a->shape[0])) == 0;
}

/* The array "blocks.GROUP.attn.K.GROUP", or NULL. */
static const struct mc_array *
find_part(const struct mc_statedict *sd, const struct group groups[GROUPS],
    const char *k)
{
	char *name = mc_xasprintf("blocks.%.*s.attn.%s.%s", (int)groups[0].n,
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
    const struct group groups[GROUPS], const char **names, struct mc_err *err)
{
	const struct mc_array *k = find_part(sd, groups, "k");
	const struct mc_array *v = find_part(sd, groups, "v");
	size_t bytes = q->n * mc_dtype_size(q->dtype);
	char *to, *name;

	if (k == NULL || v == NULL || q->ndim == 0 || !same_shape(q, k) ||
	    !same_shape(q, v))
		return mc_err_at(err, MC_EDATA, sd->name, 0,
		    "block %.*s: no query, key and value of one shape",
		    (int)groups[0].n, groups[0].s);
	to = mc_statedict_room(sd, 3 * bytes);
	memcpy(to, q->data, bytes);
	memcpy(to + bytes, k->data, bytes);
	memcpy(to + 2 * bytes, v->data, bytes);
	name = mc_xasprintf("blocks.%.*s.attn.qkv.%s", (int)groups[0].n,
	    groups[0].s, groups[1].s);
	names[q - sd->arrays] = keep_name(sd, name);
	names[k - sd->arrays] = names[v - sd->arrays] = NULL;
	free(name);
	q->data = to;
	q->n *= 3;
	q->shape[0] *= 3;
	return MC_OK;
}

/* Fuse every query with its key and value. */
static enum mc_status
fuse_all(struct mc_statedict *sd, struct mc_err *err)
{
	const char **names = mc_xreallocarray(NULL, sd->n, sizeof(*names));
	struct group groups[GROUPS];
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < sd->n; i++)
		names[i] = sd->arrays[i].name;
	for (i = 0; status == MC_OK && i < sd->n; i++) {
		if (match("blocks.#.attn.q.@", sd->arrays[i].name, groups))
			status = fuse(sd, &sd->arrays[i], groups, names, err);
	}
	for (i = 0; i < sd->n; i++)
		sd->arrays[i].name = names[i];
	free(names);
	return status == MC_OK ? compact(sd, err) : status;
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

	if (pos->ndim != 3 || pos->shape[0] != 1 || pos->shape[1] < 4 ||
	    pos->n == 0)
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

static enum mc_status
finish_dinov2(struct mc_statedict *sd, struct mc_err *err)
{
	const struct mc_array *pos = mc_statedict_find(sd, "pos_embed");

	if (pos != NULL)
		add_class_position(sd, &sd->arrays[pos - sd->arrays]);
	return fuse_all(sd, err);
}

enum mc_status
mc_statedict_rename(struct mc_statedict *sd, const char *backbone,
    struct mc_err *err)
{
	enum mc_status status;
	size_t i;

	for (i = 0; i < sd->n; i++)
		rename_array(sd, &sd->arrays[i], backbone);
	status = compact(sd, err);
	if (status == MC_OK && begins(backbone, "dinov2"))
		status = finish_dinov2(sd, err);
	return status;
}
