/*
 * test_networks.c - the size of each network as lib/weights has it against what
 * it declares, and the rows of vision transformers against what their papers
 * have in common; no tensor is made.  tests/weights/compare.py compares the
 * rows of torchvision's networks.
 *
 * A width has its depth (Dosovitskiy et al. 2021; Touvron et al. 2021; Oquab et
 * al. 2024; Simeoni et al. 2025), heads have 64 elements, and an MLP is four
 * times as wide, or 8/3 times where two halves of one layer gate each other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "backbone/families.h"
#include "backbone/net.h"
#include "base/mem.h"
#include "tap.h"
#include "weights/sizes.h"

static const struct {
	int dim, depth;
} sizes[] = {
	{ 192, 12 }, { 384, 12 }, { 768, 12 }, { 1024, 24 }, { 1280, 32 },
	{ 1536, 40 }
};

/* What differs: heads of 80 (He et al. 2022), UNI 2, SigLIP's So400m. */
static const struct {
	const char *name;
	int depth, heads, hidden;
} exceptions[] = {
	{ "mae_vit_huge_patch14", 32, 16, 5120 },
	{ "virchow2", 32, 16, 3416 },
	{ "uni2-h", 24, 24, 4096 },
	{ "medsiglip-448", 27, 16, 4304 }
};

/* The depth, heads and width of MLPs that the network NAME of C must have. */
static void
wanted(const char *name, const struct vit_config *c, int *depth, int *heads,
    int *hidden)
{
	size_t i;

	*depth = 0;
	*heads = c->dim / 64;
	*hidden = c->mlp == VIT_SWIGLU_FUSED ? (8 * c->dim / 3 + 7) / 8 * 8 :
	    4 * c->dim;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (sizes[i].dim == c->dim)
			*depth = sizes[i].depth;
	for (i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (strcmp(exceptions[i].name, name) == 0) {
			*depth = exceptions[i].depth;
			*heads = exceptions[i].heads;
			*hidden = exceptions[i].hidden;
		}
}

/* The length of the features NAME of a network of the width DIM. */
static int
length(const char *name, int dim)
{
	return strcmp(name, "cls+mean") == 0 ? 2 * dim :
	    strcmp(name, "last4") == 0 ? 5 * dim :
	    strcmp(name, "lc") == 0 ? 1000 : dim;
}

static void
test_transformer(const struct mc_backbone_info *info)
{
	const struct vit_config *c = info->config;
	const char *patch = strstr(info->name, "patch");
	int depth, heads, hidden, side = info->preprocess.crop, n, i;

	wanted(info->name, c, &depth, &heads, &hidden);
	tap_ok(c->depth == depth && c->heads == heads && c->hidden == hidden,
	    "%s: %d blocks, %d heads, MLPs of %d", info->name, c->depth,
	    c->heads, c->hidden);
	tap_ok(info->multiple == c->patch && info->smallest == c->patch &&
	    side % c->patch == 0, "%s: its sides are whole patches",
	    info->name);
	if (patch != NULL && sscanf(patch, "patch%d", &n) == 1)
		tap_int(c->patch, n, "%s: its patch", info->name);
	if (c->names == VIT_TIMM)
		tap_int(c->grid, side / c->patch, "%s: its grid", info->name);
	for (i = 0; i < MC_MAX_FEATURES && info->features[i].name != NULL; i++)
		tap_int(info->features[i].dim, length(info->features[i].name,
		    c->dim), "%s: features %s", info->name,
		    info->features[i].name);
}

/* What INFO declares for FEATURES, and how many of its spares are counted. */
static struct mc_size
declared(const struct mc_backbone_info *info,
    const struct mc_features *features, int *spares)
{
	struct mc_backbone *b = mc_xcalloc(1, sizeof(*b));
	struct mc_array *arrays;
	struct mc_size size;
	size_t i;

	b->info = info;
	b->features = features;
	info->family->build(b);
	arrays = mc_xcalloc(b->n_params, sizeof(*arrays));
	for (i = 0; i < b->n_params; i++) {
		const struct mc_param *p = &b->params[i]->p;

		arrays[i].name = p->name;
		arrays[i].n = p->n;
		arrays[i].ndim = p->ndim;
		memcpy(arrays[i].shape, p->shape, sizeof(p->shape));
	}
	size = mc_size_sum(arrays, b->n_params);
	*spares = 0;
	for (i = 0; i < b->n_spares; i++)
		*spares += mc_size_counts(b->spares[i]);
	free(arrays);
	mc_backbone_free(b);
	return size;
}

/* One size, whatever the features are, and that of lib/weights. */
static void
test_size(const struct mc_backbone_info *info)
{
	const struct mc_size *row = mc_size_of(info->name);
	struct mc_size size;
	int i, spares;

	for (i = 0; i < MC_MAX_FEATURES && info->features[i].name != NULL;
	    i++) {
		size = declared(info, &info->features[i], &spares);
		if (i == 0 && getenv("MC_REGENERATE") != NULL)
			printf("	{ \"%s\",\n	    { %zu, %zu, \"%s\" } },\n",
			    info->name, size.arrays, size.elements,
			    size.layout);
		tap_ok(row != NULL && row->arrays == size.arrays &&
		    row->elements == size.elements && strcmp(row->layout,
		    size.layout) == 0, "%s: its row of weights/sizes.c, "
		    "features %s", info->name, info->features[i].name);
		tap_int(spares, 0, "%s: what features %s leave out is not "
		    "counted", info->name, info->features[i].name);
	}
}

/* What differs between files of one network is not counted. */
static void
test_counted(void)
{
	static const char *const not[] = { "bn1.num_batches_tracked",
	    "attn.bias_mask", "attn.relative_position_index", "0.attn_mask",
	    "norm.weight", "norms.3.bias", "fc_norm.weight",
	    "attn_pool.q.weight", "pos_embed", "rope_embed.periods",
	    "head.weight", "fc.bias", "mask_token" };
	static const char *const counted[] = { "layer1.0.conv1.weight",
	    "blocks.0.norm1.weight", "bn1.running_var", "cls_token",
	    "blocks.1.attn.qkv.bias", "features.norm5.weight" };
	size_t i;

	for (i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		tap_ok(!mc_size_counts(not[i]), "%s is not counted", not[i]);
	for (i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		tap_ok(mc_size_counts(counted[i]), "%s is", counted[i]);
}

int
main(void)
{
	const struct mc_backbone_info *info;
	size_t i;

	for (i = 0; (info = mc_backbone_at(i)) != NULL; i++) {
		test_size(info);
		if (info->family == &net_vit)
			test_transformer(info);
	}
	test_counted();
	return tap_done();
}
