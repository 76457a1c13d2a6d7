/*
 * registry.c - list the networks, one per row.
 *
 * A network that is a configuration of a family is a row here, and a row per
 * published file in weights/registry.c.
 */
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "backbone/families.h"
#include "base/mem.h"

#define HALF		{ 0.5f, 0.5f, 0.5f }, { 0.5f, 0.5f, 0.5f }
#define OPENAI		{ 0.48145466f, 0.4578275f, 0.40821073f }, \
			{ 0.26862954f, 0.26130258f, 0.27577711f }
#define RADIOGRAPHS	{ 0.5307f, 0.5307f, 0.5307f }, \
			{ 0.2583f, 0.2583f, 0.2583f }
/* 0..1 to -1024..1024 */
#define HOUNSFIELD	{ 0.5f, 0.5f, 0.5f }, \
			{ 1 / 2048.f, 1 / 2048.f, 1 / 2048.f }
#define IMAGENET	{ 0.485f, 0.456f, 0.406f }, { 0.229f, 0.224f, 0.225f }
#define EVAL(resize, crop, filter) \
	{ resize, crop, MC_##filter, IMAGENET }

/* NAME of torchvision with POOLED channels in its last map. */
#define CNN_AT(name, pooled, resize, crop, filter, ...) \
	{ name, "torchvision.models." name, __VA_ARGS__, \
	    EVAL(resize, crop, filter), 1, 32, \
	    { { "pooled", pooled }, { "logits", 1000 } } }
#define CNN(name, pooled, ...) \
	CNN_AT(name, pooled, 256, 224, BILINEAR, __VA_ARGS__)
#define VGG(name, ...) \
	{ name, "torchvision.models." name, NET_VGG(__VA_ARGS__), \
	    EVAL(256, 224, BILINEAR), 1, 32, \
	    { { "penultimate", 4096 }, { "pooled", 512 }, { "logits", 1000 } } }
/* DINOv2 with MLPs, and with SwiGLU; a position embedding for 518 pixels. */
#define DINOV2_ROW(name, dim, depth, heads, mlp, hidden, position, registers) \
	{ name, "facebookresearch/dinov2", NET_VIT(VIT_DINOV2, 14, dim, depth, \
	    heads, mlp, hidden, position, 37, true, registers, .scale = 1, \
	    .epsilon = 1e-6), \
	    EVAL(256, 224, BICUBIC), 14, 14, \
	    { { "cls", dim }, { "cls+mean", 2 * dim }, { "last4", 5 * dim }, \
	    { "lc", 1000 } } }
#define DINOV2_PAIR(name, dim, depth, heads, mlp, hidden) \
	DINOV2_ROW(name, dim, depth, heads, mlp, hidden, VIT_GRID_OFFSET, 0), \
	DINOV2_ROW(name "_reg", dim, depth, heads, mlp, hidden, VIT_GRID, 4)

#define TIMM "huggingface/pytorch-image-models"
#define MAE "facebookresearch/mae"

#define DINOV3(name, dim, depth, heads, mlp, hidden) \
	{ name, "facebookresearch/dinov3", NET_VIT(VIT_DINOV3, 16, dim, depth, \
	    heads, mlp, hidden, VIT_ROPE, 0, true, 4, .scale = 1e-5, \
	    .epsilon = 1e-5), \
	    EVAL(256, 224, BICUBIC), 16, 16, \
	    { { "cls", dim }, { "cls+mean", 2 * dim }, { "mean", dim }, \
	    { "last4", 5 * dim } } }
/* timm's ViT, and what is it under another name: DeiT and MAE's encoder. */
#define VIT(name, reference, statistics, filter, resize, patch, dim, depth, \
    heads) \
	{ name, reference, NET_VIT(VIT_TIMM, patch, dim, depth, heads, \
	    VIT_GELU, 4 * (dim), VIT_GRID, 224 / (patch), true, \
	    .epsilon = 1e-6), \
	    { resize, 224, MC_##filter, statistics }, patch, patch, \
	    { { "cls", dim }, { "cls+mean", 2 * (dim) }, { "mean", dim }, \
	    { "fc_norm", dim } } }
/* The image tower, without its projection. */
#define CLIP(name, reference, mlp, patch, dim, depth, heads) \
	{ name, reference, NET_VIT(VIT_TIMM, patch, dim, depth, heads, \
	    mlp, 4 * (dim), VIT_GRID, 224 / (patch), true, .epsilon = 1e-5, \
	    .norm_before = true), \
	    { 224, 224, MC_BICUBIC, OPENAI }, patch, patch, \
	    { { "cls", dim }, { "cls+mean", 2 * (dim) }, { "mean", dim } } }
#define SIGLIP(name, reference, mlp, resize, side, patch, dim, depth, heads, \
    hidden) \
	{ name, reference, NET_VIT(VIT_TIMM, patch, dim, depth, heads, \
	    mlp, hidden, VIT_GRID, (side) / (patch), false, .epsilon = 1e-6, \
	    .attention_pool = true), \
	    { resize, side, MC_BICUBIC, HALF }, patch, patch, \
	    { { "pooled", dim }, { "mean", dim } } }

#define TINY { 3, 3, 9, 3 }, { 96, 192, 384, 768 }
#define SMALL { 3, 3, 27, 3 }, { 96, 192, 384, 768 }
#define BASE { 3, 3, 27, 3 }, { 128, 256, 512, 1024 }
#define LARGE { 3, 3, 27, 3 }, { 192, 384, 768, 1536 }
#define CONVNEXT(name, pooled, resize, drop, ...) \
	CNN_AT(name, pooled, resize, 224, BILINEAR, \
	    NET_CONVNEXT(CONVNEXT_TORCHVISION, __VA_ARGS__, drop))
#define DINOV3_CONVNEXT(name, dim, ...) \
	{ name, "facebookresearch/dinov3", \
	    NET_CONVNEXT(CONVNEXT_META, __VA_ARGS__, 0), \
	    EVAL(256, 224, BICUBIC), 1, 32, \
	    { { "cls", dim }, { "cls+mean", 2 * (dim) }, { "mean", dim } } }

/*
 * Medical models: networks like those above with other weights, which go by
 * their authors' name in lower case; where that is only the network's, the name
 * of the project precedes it.  Network, preprocessing and features are those of
 * their authors' code, except that a squeezed image is cropped here:
 *	rad-dino	preprocessor_config.json of the model
 *	radimagenet	acl/acl_pytorch_train.ipynb
 *	torchxrayvision	utils.normalize, XRayCenterCrop, XRayResizer
 *	retfound	models_vit.py, util/datasets.py
 *	dinobloom	dinov2/eval/models/return_model.py
 *	uni, uni2-h	uni/get_encoder/get_encoder.py
 *	virchow2	as mahmoodlab/TRIDENT has it: patch_encoder_models/load.py
 *	phikon		HistoSSLscaling/.../ibot_vit.py, preprocessor_config.json
 *	phikon-v2	as TRIDENT has it
 *	plip		CLIPProcessor of OpenAI's ViT-B/32
 *	biomedclip	open_clip_config.json
 *	medsiglip	python/serving/predictor.py: SiglipImageProcessor
 */
/* DINOv2, for CROP pixels. */
#define DINO_MEDICAL(name, reference, statistics, filter, crop, patch, dim, \
    depth, heads, mlp, hidden) \
	{ name, reference, NET_VIT(VIT_DINOV2, patch, dim, depth, heads, mlp, \
	    hidden, VIT_GRID_OFFSET, (crop) / (patch), true, .scale = 1, \
	    .epsilon = 1e-6), { crop, crop, MC_##filter, statistics }, patch, \
	    patch, { { "cls", dim }, { "cls+mean", 2 * (dim) }, \
	    { "mean", dim }, { "last4", 5 * (dim) } } }
/* Tiles of slides: timm's ViT with LayerScale. */
#define TILES(name, reference, filter, first, n, second, m, patch, dim, ...) \
	{ name, reference, NET_VIT(VIT_TIMM, patch, dim, __VA_ARGS__, \
	    .scale = 1e-5, .epsilon = 1e-6), \
	    { 224, 224, MC_##filter, IMAGENET }, patch, patch, \
	    { { first, n }, { second, m }, { "mean", dim } } }
/* ViT-L of MAE; its code takes the mean of the patches (global_pool). */
#define RETFOUND(name) \
	{ name, "rmaphoh/RETFound_MAE", NET_VIT(VIT_TIMM, 16, 1024, 24, 16, \
	    VIT_GELU, 4096, VIT_GRID, 14, true, .epsilon = 1e-6), \
	    { 256, 224, MC_BICUBIC, IMAGENET }, 16, 16, \
	    { { "fc_norm", 1024 }, { "cls", 1024 }, { "cls+mean", 2048 }, \
	    { "mean", 1024 } } }
#define RADIMAGENET "BMEII-AI/RadImageNet"

#define EFFICIENTNET(name, pooled, resize, crop, filter, stages, stem, last, \
    width, depth, epsilon, dropout) \
	CNN_AT(name, pooled, resize, crop, filter, NET_EFFICIENTNET(stages, \
	    sizeof(stages) / sizeof(stages[0]), stem, last, width, depth, \
	    epsilon, 0.1, 0.2, dropout, false, 0))

/* Layers, ratio, kernel, stride, channels, squeeze, fused, activation. */
static const struct mbconv_stage efficientnet[] = {
	{ 1, 1, 3, 1, 16, true, false, MBCONV_SILU },
	{ 2, 6, 3, 2, 24, true, false, MBCONV_SILU },
	{ 2, 6, 5, 2, 40, true, false, MBCONV_SILU },
	{ 3, 6, 3, 2, 80, true, false, MBCONV_SILU },
	{ 3, 6, 5, 1, 112, true, false, MBCONV_SILU },
	{ 4, 6, 5, 2, 192, true, false, MBCONV_SILU },
	{ 1, 6, 3, 1, 320, true, false, MBCONV_SILU },
};

static const struct mbconv_stage efficientnet_v2_s[] = {
	{ 2, 1, 3, 1, 24, false, true, MBCONV_SILU },
	{ 4, 4, 3, 2, 48, false, true, MBCONV_SILU },
	{ 4, 4, 3, 2, 64, false, true, MBCONV_SILU },
	{ 6, 4, 3, 2, 128, true, false, MBCONV_SILU },
	{ 9, 6, 3, 1, 160, true, false, MBCONV_SILU },
	{ 15, 6, 3, 2, 256, true, false, MBCONV_SILU },
};

static const struct mbconv_stage efficientnet_v2_m[] = {
	{ 3, 1, 3, 1, 24, false, true, MBCONV_SILU },
	{ 5, 4, 3, 2, 48, false, true, MBCONV_SILU },
	{ 5, 4, 3, 2, 80, false, true, MBCONV_SILU },
	{ 7, 4, 3, 2, 160, true, false, MBCONV_SILU },
	{ 14, 6, 3, 1, 176, true, false, MBCONV_SILU },
	{ 18, 6, 3, 2, 304, true, false, MBCONV_SILU },
	{ 5, 6, 3, 1, 512, true, false, MBCONV_SILU },
};

static const struct mbconv_stage mobilenet_v3_large[] = {
	{ 1, 1, 3, 1, 16, false, false, MBCONV_RELU },
	{ 1, 4, 3, 2, 24, false, false, MBCONV_RELU },
	{ 1, 3, 3, 1, 24, false, false, MBCONV_RELU },
	{ 3, 3, 5, 2, 40, true, false, MBCONV_RELU },
	{ 1, 6, 3, 2, 80, false, false, MBCONV_HARDSWISH },
	{ 1, 2.5, 3, 1, 80, false, false, MBCONV_HARDSWISH },
	{ 2, 2.3, 3, 1, 80, false, false, MBCONV_HARDSWISH },
	{ 2, 6, 3, 1, 112, true, false, MBCONV_HARDSWISH },
	{ 3, 6, 5, 2, 160, true, false, MBCONV_HARDSWISH },
};

static const struct mc_backbone_info networks[] = {
	VGG("vgg11", { 1, 1, 2, 2, 2 }, false),
	VGG("vgg13", { 2, 2, 2, 2, 2 }, false),
	VGG("vgg16", { 2, 2, 3, 3, 3 }, false),
	VGG("vgg19", { 2, 2, 4, 4, 4 }, false),
	VGG("vgg11_bn", { 1, 1, 2, 2, 2 }, true),
	VGG("vgg13_bn", { 2, 2, 2, 2, 2 }, true),
	VGG("vgg16_bn", { 2, 2, 3, 3, 3 }, true),
	VGG("vgg19_bn", { 2, 2, 4, 4, 4 }, true),

	CNN("resnet18", 512, NET_RESNET({ 2, 2, 2, 2 }, false, 1, 64)),
	CNN("resnet34", 512, NET_RESNET({ 3, 4, 6, 3 }, false, 1, 64)),
	CNN("resnet50", 2048, NET_RESNET({ 3, 4, 6, 3 }, true, 1, 64)),
	CNN("resnet101", 2048, NET_RESNET({ 3, 4, 23, 3 }, true, 1, 64)),
	CNN("resnet152", 2048, NET_RESNET({ 3, 8, 36, 3 }, true, 1, 64)),
	CNN("wide_resnet50_2", 2048, NET_RESNET({ 3, 4, 6, 3 }, true, 1, 128)),
	CNN("wide_resnet101_2", 2048,
	    NET_RESNET({ 3, 4, 23, 3 }, true, 1, 128)),
	CNN("resnext50_32x4d", 2048, NET_RESNET({ 3, 4, 6, 3 }, true, 32, 4)),
	CNN("resnext101_32x8d", 2048,
	    NET_RESNET({ 3, 4, 23, 3 }, true, 32, 8)),
	CNN_AT("resnext101_64x4d", 2048, 232, 224, BILINEAR,
	    NET_RESNET({ 3, 4, 23, 3 }, true, 64, 4)),

	CNN("densenet121", 1024, NET_DENSENET({ 6, 12, 24, 16 }, 64, 32)),
	CNN("densenet161", 2208, NET_DENSENET({ 6, 12, 36, 24 }, 96, 48)),
	CNN("densenet169", 1664, NET_DENSENET({ 6, 12, 32, 32 }, 64, 32)),
	CNN("densenet201", 1920, NET_DENSENET({ 6, 12, 48, 32 }, 64, 32)),

	CONVNEXT("convnext_tiny", 768, 236, 0.1, TINY),
	CONVNEXT("convnext_small", 768, 230, 0.4, SMALL),
	CONVNEXT("convnext_base", 1024, 232, 0.5, BASE),
	CONVNEXT("convnext_large", 1536, 232, 0.5, LARGE),

	EFFICIENTNET("efficientnet_b0", 1280, 256, 224, BICUBIC, efficientnet,
	    32, 0, 1.0, 1.0, 1e-5, 0.2),
	EFFICIENTNET("efficientnet_b1", 1280, 256, 240, BICUBIC, efficientnet,
	    32, 0, 1.0, 1.1, 1e-5, 0.2),
	EFFICIENTNET("efficientnet_b2", 1408, 288, 288, BICUBIC, efficientnet,
	    32, 0, 1.1, 1.2, 1e-5, 0.3),
	EFFICIENTNET("efficientnet_b3", 1536, 320, 300, BICUBIC, efficientnet,
	    32, 0, 1.2, 1.4, 1e-5, 0.3),
	EFFICIENTNET("efficientnet_b4", 1792, 384, 380, BICUBIC, efficientnet,
	    32, 0, 1.4, 1.8, 1e-5, 0.4),
	EFFICIENTNET("efficientnet_v2_s", 1280, 384, 384, BILINEAR,
	    efficientnet_v2_s, 24, 1280, 1.0, 1.0, 1e-3, 0.2),
	EFFICIENTNET("efficientnet_v2_m", 1280, 480, 480, BILINEAR,
	    efficientnet_v2_m, 24, 1280, 1.0, 1.0, 1e-3, 0.3),

	{ "mobilenet_v3_large", "torchvision.models.mobilenet_v3_large",
	    NET_MOBILENET(mobilenet_v3_large, 9, 16, 0, 1.0, 1.0, 1e-3, 0.01,
	    0, 0.2, true, 1280), EVAL(256, 224, BILINEAR), 1, 32,
	    { { "pooled", 960 }, { "penultimate", 1280 },
	    { "logits", 1000 } } },

	CNN_AT("swin_t", 768, 232, 224, BICUBIC,
	    NET_SWIN({ 2, 2, 6, 2 }, { 3, 6, 12, 24 }, 96, 7, 0.2)),
	CNN_AT("swin_s", 768, 246, 224, BICUBIC,
	    NET_SWIN({ 2, 2, 18, 2 }, { 3, 6, 12, 24 }, 96, 7, 0.3)),
	CNN_AT("swin_b", 1024, 238, 224, BICUBIC,
	    NET_SWIN({ 2, 2, 18, 2 }, { 4, 8, 16, 32 }, 128, 7, 0.5)),

	DINOV2_PAIR("dinov2_vits14", 384, 12, 6, VIT_GELU, 1536),
	DINOV2_PAIR("dinov2_vitb14", 768, 12, 12, VIT_GELU, 3072),
	DINOV2_PAIR("dinov2_vitl14", 1024, 24, 16, VIT_GELU, 4096),
	DINOV2_PAIR("dinov2_vitg14", 1536, 40, 24, VIT_SWIGLU_FUSED, 4096),

	VIT("vit_tiny_patch16_224", TIMM, HALF, BICUBIC, 248, 16, 192, 12, 3),
	VIT("vit_small_patch16_224", TIMM, HALF, BICUBIC, 248, 16, 384, 12, 6),
	VIT("vit_base_patch16_224", TIMM, HALF, BICUBIC, 248, 16, 768, 12, 12),
	VIT("vit_large_patch16_224", TIMM, HALF, BICUBIC, 248, 16, 1024, 24, 16),
	VIT("deit_tiny_patch16_224", TIMM, IMAGENET, BICUBIC, 248, 16, 192, 12, 3),
	VIT("deit_small_patch16_224", TIMM, IMAGENET, BICUBIC, 248, 16, 384, 12, 6),
	VIT("deit_base_patch16_224", TIMM, IMAGENET, BICUBIC, 248, 16, 768, 12, 12),
	VIT("mae_vit_base_patch16", MAE, IMAGENET, BICUBIC, 256, 16, 768, 12, 12),
	VIT("mae_vit_large_patch16", MAE, IMAGENET, BICUBIC, 256, 16, 1024, 24, 16),
	VIT("mae_vit_huge_patch14", MAE, IMAGENET, BICUBIC, 256, 14, 1280, 32, 16),

	DINOV3("dinov3_vits16", 384, 12, 6, VIT_GELU, 1536),
	DINOV3("dinov3_vits16plus", 384, 12, 6, VIT_SWIGLU, 1536),
	DINOV3("dinov3_vitb16", 768, 12, 12, VIT_GELU, 3072),
	DINOV3("dinov3_vitl16", 1024, 24, 16, VIT_GELU, 4096),
	DINOV3("dinov3_vitl16plus", 1024, 24, 16, VIT_SWIGLU, 4096),
	DINOV3("dinov3_vith16plus", 1280, 32, 20, VIT_SWIGLU, 5120),

	DINOV3_CONVNEXT("dinov3_convnext_tiny", 768, TINY),
	DINOV3_CONVNEXT("dinov3_convnext_small", 768, SMALL),
	DINOV3_CONVNEXT("dinov3_convnext_base", 1024, BASE),
	DINOV3_CONVNEXT("dinov3_convnext_large", 1536, LARGE),

	CLIP("vit_base_patch32_clip_224", TIMM, VIT_GELU, 32, 768, 12, 12),
	CLIP("vit_base_patch16_clip_224", TIMM, VIT_GELU, 16, 768, 12, 12),
	CLIP("vit_large_patch14_clip_224", TIMM, VIT_GELU, 14, 1024, 24, 16),
	CLIP("vit_base_patch32_clip_quickgelu_224", TIMM, VIT_GELU_QUICK, 32,
	    768, 12, 12),
	CLIP("vit_base_patch16_clip_quickgelu_224", TIMM, VIT_GELU_QUICK, 16,
	    768, 12, 12),
	CLIP("vit_large_patch14_clip_quickgelu_224", TIMM, VIT_GELU_QUICK, 14,
	    1024, 24, 16),

	SIGLIP("vit_base_patch16_siglip_224", TIMM, VIT_GELU, 248, 224, 16,
	    768, 12, 12, 3072),
	SIGLIP("vit_large_patch16_siglip_256", TIMM, VIT_GELU, 284, 256, 16,
	    1024, 24, 16, 4096),

	/* Medical models, in the order of their modality. */
	DINO_MEDICAL("rad-dino", "microsoft/rad-dino", RADIOGRAPHS, BICUBIC,
	    518, 14, 768, 12, 12, VIT_GELU, 3072),
	{ "radimagenet-resnet50", RADIMAGENET,
	    NET_RESNET({ 3, 4, 6, 3 }, true, 1, 64),
	    { 224, 224, MC_BILINEAR, HALF }, 1, 32, { { "pooled", 2048 } } },
	{ "radimagenet-densenet121", RADIMAGENET,
	    NET_DENSENET({ 6, 12, 24, 16 }, 64, 32),
	    { 224, 224, MC_BILINEAR, HALF }, 1, 32, { { "pooled", 1024 } } },
	{ "torchxrayvision-densenet121", "mlmed/torchxrayvision",
	    NET_DENSENET({ 6, 12, 24, 16 }, 64, 32),
	    { 224, 224, MC_BILINEAR, HOUNSFIELD }, 1, 32,
	    { { "pooled", 1024 } } },
	RETFOUND("retfound_mae_naturecfp"),
	RETFOUND("retfound_mae_natureoct"),
	DINO_MEDICAL("dinobloom-s", "marrlab/DinoBloom", IMAGENET, BILINEAR,
	    224, 14, 384, 12, 6, VIT_GELU, 1536),
	DINO_MEDICAL("dinobloom-b", "marrlab/DinoBloom", IMAGENET, BILINEAR,
	    224, 14, 768, 12, 12, VIT_GELU, 3072),
	DINO_MEDICAL("dinobloom-l", "marrlab/DinoBloom", IMAGENET, BILINEAR,
	    224, 14, 1024, 24, 16, VIT_GELU, 4096),
	DINO_MEDICAL("dinobloom-g", "marrlab/DinoBloom", IMAGENET, BILINEAR,
	    224, 14, 1536, 40, 24, VIT_SWIGLU_FUSED, 4096),
	TILES("uni", "mahmoodlab/UNI", BILINEAR, "cls", 1024, "cls+mean", 2048,
	    16, 1024, 24, 16, VIT_GELU, 4096, VIT_GRID, 14, true, 0),
	TILES("uni2-h", "mahmoodlab/UNI", BILINEAR, "cls", 1536, "cls+mean",
	    3072, 14, 1536, 24, 24, VIT_SWIGLU_FUSED, 4096, VIT_GRID, 16, true,
	    8),
	TILES("virchow2", "paige-ai/Virchow2", BICUBIC, "cls+mean", 2560,
	    "cls", 1280, 14, 1280, 32, 16, VIT_SWIGLU_FUSED, 3416, VIT_GRID,
	    16, true, 4),
	VIT("phikon", "owkin/HistoSSLscaling", IMAGENET, BILINEAR, 224, 16,
	    768, 12, 12),
	DINO_MEDICAL("phikon-v2", "owkin/phikon-v2", IMAGENET, BILINEAR, 224,
	    16, 1024, 24, 16, VIT_GELU, 4096),
	CLIP("plip", "PathologyFoundation/plip", VIT_GELU_QUICK, 32, 768, 12,
	    12),
	VIT("biomedclip", "microsoft/BiomedCLIP", OPENAI, BICUBIC, 224, 16,
	    768, 12, 12),
	SIGLIP("medsiglip-448", "Google-Health/medsiglip", VIT_GELU_TANH, 448,
	    448, 14, 1152, 27, 16, 4304),
};

const struct mc_backbone_info *
mc_backbone_at(size_t i)
{
	return i < sizeof(networks) / sizeof(networks[0]) ? &networks[i] :
	    NULL;
}

/*
 * The N bytes at NAME without what people spell in several ways: letters in lower
 * case and digits only.  The caller frees it.
 */
static char *
plain(const char *name, size_t n)
{
	char *text = mc_xstrndup(name, n), *to = text;
	size_t i;

	for (i = 0; i < n; i++) {
		if (name[i] >= 'A' && name[i] <= 'Z')
			*to++ = (char)(name[i] - 'A' + 'a');
		else if ((name[i] >= 'a' && name[i] <= 'z') ||
		    (name[i] >= '0' && name[i] <= '9'))
			*to++ = name[i];
	}
	*to = '\0';
	return text;
}

/*
 * Append to TEXT the networks whose names, made plain, are WORD or, unless
 * EXACT, begin with it.  Returns how many there are.
 */
static size_t
list_like(const char *word, bool exact, struct mc_buf *text)
{
	const struct mc_backbone_info *info;
	size_t i, n = 0, length = strlen(word);
	char *name;

	for (i = 0; (info = mc_backbone_at(i)) != NULL; i++) {
		name = plain(info->name, strlen(info->name));
		if (exact ? strcmp(name, word) == 0 :
		    strncmp(name, word, length) == 0)
			mc_buf_printf(text, "%s%s", n++ == 0 ? "" : ", ",
			    info->name);
		free(name);
	}
	return n;
}

/*
 * Append to TEXT the networks that NAME can mean: it may be spelt otherwise
 * (RAD-DINO), have its owner before it (microsoft/rad-dino) or timm's tag behind
 * it (resnet50.a1_in1k), or be the beginning of a few (retfound).
 */
static void
guess(const char *name, struct mc_buf *text)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash == NULL ? name : slash + 1;
	char *word = plain(base, strcspn(base, "."));
	size_t n = list_like(word, true, text);

	if (n == 0)
		n = list_like(word, false, text);
	if (n > 6 || strlen(word) < 3)
		text->len = 0;
	free(word);
}

const struct mc_backbone_info *
mc_backbone_find(const char *name, struct mc_err *err)
{
	const struct mc_backbone_info *info;
	struct mc_buf like = { 0 };
	size_t i;

	for (i = 0; (info = mc_backbone_at(i)) != NULL; i++) {
		if (strcmp(info->name, name) == 0)
			return info;
	}
	guess(name, &like);
	mc_err_set(err, MC_EUSAGE, "unknown backbone \"%s\": mc-embed --list "
	    "prints the names%s%s%s", name, like.len > 0 ? "; did you mean " :
	    "; the name of a TorchScript module ends in .pt", like.len > 0 ?
	    like.data : "", like.len > 0 ? "?" : "");
	mc_buf_free(&like);
	return NULL;
}

const struct mc_features *
mc_features_find(const struct mc_backbone_info *info, const char *name,
    struct mc_err *err)
{
	const struct mc_features *f = info->features, *end;
	struct mc_buf names = { 0 };

	if (name == NULL)
		return f;
	end = f + MC_MAX_FEATURES;
	for (; f < end && f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	for (f = info->features; f < end && f->name != NULL; f++)
		mc_buf_printf(&names, "%s%s", f == info->features ? "" : ", ",
		    f->name);
	mc_err_set(err, MC_EUSAGE, "%s has no features \"%s\"; its features "
	    "are: %s", info->name, name, names.data);
	mc_buf_free(&names);
	return NULL;
}
