/*
 * small.h - networks that are in no registry: one per path through vit.c,
 * convnext.c and swin.c, small enough to be trained in a test.
 * tests/lib/backbone.py knows them by name.
 */
#ifndef SMALL_H
#define SMALL_H

#include <string.h>

#include "backbone/families.h"

#define SMALL(name, names, mlp, position, ...) \
	{ name, "", NET_VIT(names, 4, 32, 4, 2, mlp, 24, position, 3, \
	    __VA_ARGS__), { 0 }, 4, 4

#define SMALL_CONVNEXT(name, names, ...) \
	{ name, "", NET_CONVNEXT(names, { 1, 2, 1, 1 }, { 8, 16, 24, 32 }, 0), \
	    { 0 }, 1, 32, { __VA_ARGS__ } }

static const struct mc_backbone_info small_networks[] = {
	SMALL("small_dinov2", VIT_DINOV2, VIT_SWIGLU_FUSED, VIT_GRID_OFFSET,
	    true, .scale = 1, .epsilon = 1e-6),
	    { { "last4", 160 }, { "cls+mean", 64 } } },
	SMALL("small_dinov3", VIT_DINOV3, VIT_SWIGLU, VIT_ROPE, true, 4,
	    .scale = 1e-5, .epsilon = 1e-5),
	    { { "cls+mean", 64 }, { "mean", 32 } } },
	SMALL("small_vit", VIT_TIMM, VIT_GELU, VIT_GRID, true,
	    .epsilon = 1e-6),
	    { { "fc_norm", 32 }, { "cls", 32 } } },
	SMALL("small_uni2", VIT_TIMM, VIT_SWIGLU_FUSED, VIT_GRID, true, 2,
	    .scale = 1e-5, .epsilon = 1e-6),
	    { { "cls+mean", 64 }, { "cls", 32 } } },
	SMALL("small_clip", VIT_TIMM, VIT_GELU_QUICK, VIT_GRID, true,
	    .epsilon = 1e-5, .norm_before = true),
	    { { "cls", 32 } } },
	SMALL("small_siglip", VIT_TIMM, VIT_GELU_TANH, VIT_GRID, false,
	    .epsilon = 1e-6, .attention_pool = true),
	    { { "pooled", 32 }, { "mean", 32 } } },
	SMALL_CONVNEXT("small_convnext", CONVNEXT_TORCHVISION,
	    { "pooled", 32 }, { "logits", 1000 }),
	SMALL_CONVNEXT("small_dinov3_convnext", CONVNEXT_META,
	    { "cls+mean", 64 }, { "mean", 32 }),
	{ "small_swin", "", NET_SWIN({ 2, 2, 3, 2 }, { 1, 2, 4, 8 }, 8, 3,
	    0.1), { 0 }, 1, 4, { { "pooled", 64 }, { "logits", 1000 } } }
};

#define N_SMALL (sizeof(small_networks) / sizeof(small_networks[0]))

/* The network NAME of these, or NULL. */
static const struct mc_backbone_info *
small_network(const char *name)
{
	size_t i;

	for (i = 0; i < N_SMALL; i++)
		if (strcmp(small_networks[i].name, name) == 0)
			return &small_networks[i];
	return NULL;
}

#endif
