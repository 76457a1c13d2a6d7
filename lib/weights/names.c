/*
 * names.c - naming conventions as tables.
 *
 * In a pattern # stands for a number and @, at the end, for the rest of the
 * name; $1, $2, ... give them back, $+1 the number that follows, $*1 twice the
 * number, and $*+1 the number that follows that.  Rules are tried in order and
 * again on their result, so that a prefix goes first and the name behind it
 * next.
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
	const char *to;		/* NULL: left out (parts.c) */
};

/* nn.Sequential(*list(resnet.children())[:-1]), as RadImageNet has it. */
static const struct rule sequential_resnet[] = {
	{ "0.weight", "conv1.weight" },
	{ "0.@", "$1" },	/* the first of a Sequential of networks */
	{ "1.@", "bn1.$1" },
	{ "4.@", "layer1.$1" },
	{ "5.@", "layer2.$1" },
	{ "6.@", "layer3.$1" },
	{ "7.@", "layer4.$1" },
	{ NULL, NULL }
};

/* transformers' ResNetModel, ResNetForImageClassification */
static const struct rule hugging_face_resnet[] = {
	{ "resnet.@", "$1" },
	{ "embedder.embedder.convolution.@", "conv1.$1" },
	{ "embedder.embedder.normalization.@", "bn1.$1" },
	{ "encoder.stages.#.layers.#.layer.#.convolution.@",
	    "layer$+1.$2.conv$+3.$4" },
	{ "encoder.stages.#.layers.#.layer.#.normalization.@",
	    "layer$+1.$2.bn$+3.$4" },
	{ "encoder.stages.#.layers.#.shortcut.convolution.@",
	    "layer$+1.$2.downsample.0.$3" },
	{ "encoder.stages.#.layers.#.shortcut.normalization.@",
	    "layer$+1.$2.downsample.1.$3" },
	{ "classifier.1.@", "fc.$1" },
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

/* transformers' ViTModel, DeiTModel, ViTMAEModel, ...ForImageClassification */
static const struct rule hugging_face_vit[] = {
	{ "vit.@", "$1" },
	{ "deit.@", "$1" },
	{ "embeddings.cls_token", "cls_token" },
	{ "embeddings.mask_token", "mask_token" },
	{ "embeddings.position_embeddings", "pos_embed" },
	{ "embeddings.patch_embeddings.projection.@", "patch_embed.proj.$1" },
	{ "encoder.layer.#.layernorm_before.@", "blocks.$1.norm1.$2" },
	{ "encoder.layer.#.layernorm_after.@", "blocks.$1.norm2.$2" },
	{ "encoder.layer.#.attention.attention.query.@",
	    "blocks.$1.attn.q.$2" },
	{ "encoder.layer.#.attention.attention.key.@",
	    "blocks.$1.attn.k.$2" },
	{ "encoder.layer.#.attention.attention.value.@",
	    "blocks.$1.attn.v.$2" },
	{ "encoder.layer.#.attention.output.dense.@",
	    "blocks.$1.attn.proj.$2" },
	{ "encoder.layer.#.intermediate.dense.@", "blocks.$1.mlp.fc1.$2" },
	{ "encoder.layer.#.output.dense.@", "blocks.$1.mlp.fc2.$2" },
	{ "layernorm.@", "norm.$1" },
	{ NULL, NULL }
};

/* transformers' CLIPModel and SiglipModel, and their vision models alone */
static const struct rule hugging_face_clip[] = {
	{ "vision_model.embeddings.class_embedding", "cls_token" },
	{ "vision_model.embeddings.position_embedding.weight", "pos_embed" },
	{ "vision_model.embeddings.position_ids", NULL },
	{ "vision_model.embeddings.patch_embedding.@", "patch_embed.proj.$1" },
	{ "vision_model.pre_layrnorm.@", "norm_pre.$1" },
	{ "vision_model.post_layernorm.@", "norm.$1" },
	{ "vision_model.encoder.layers.#.layer_norm1.@",
	    "blocks.$1.norm1.$2" },
	{ "vision_model.encoder.layers.#.layer_norm2.@",
	    "blocks.$1.norm2.$2" },
	{ "vision_model.encoder.layers.#.self_attn.q_proj.@",
	    "blocks.$1.attn.q.$2" },
	{ "vision_model.encoder.layers.#.self_attn.k_proj.@",
	    "blocks.$1.attn.k.$2" },
	{ "vision_model.encoder.layers.#.self_attn.v_proj.@",
	    "blocks.$1.attn.v.$2" },
	{ "vision_model.encoder.layers.#.self_attn.out_proj.@",
	    "blocks.$1.attn.proj.$2" },
	{ "vision_model.encoder.layers.#.mlp.@", "blocks.$1.mlp.$2" },
	{ "vision_model.head.probe", "attn_pool.latent" },
	{ "vision_model.head.attention.in_proj_@", "attn_pool.in.$1" },
	{ "vision_model.head.attention.out_proj.@", "attn_pool.proj.$1" },
	{ "vision_model.head.layernorm.@", "attn_pool.norm.$1" },
	{ "vision_model.head.mlp.@", "attn_pool.mlp.$1" },
	{ "visual_projection.@", NULL },
	{ NULL, NULL }
};

/* openai/CLIP and open_clip; trunk: a tower of timm's */
static const struct rule open_clip[] = {
	{ "visual.trunk.@", "$1" },
	{ "visual.head.@", NULL },
	{ "visual.proj", NULL },
	{ "visual.class_embedding", "cls_token" },
	{ "visual.positional_embedding", "pos_embed" },
	{ "visual.conv1.@", "patch_embed.proj.$1" },
	{ "visual.ln_pre.@", "norm_pre.$1" },
	{ "visual.ln_post.@", "norm.$1" },
	{ "visual.transformer.resblocks.#.ln_1.@", "blocks.$1.norm1.$2" },
	{ "visual.transformer.resblocks.#.ln_2.@", "blocks.$1.norm2.$2" },
	{ "visual.transformer.resblocks.#.attn.in_proj_@",
	    "blocks.$1.attn.qkv.$2" },
	{ "visual.transformer.resblocks.#.attn.out_proj.@",
	    "blocks.$1.attn.proj.$2" },
	{ "visual.transformer.resblocks.#.mlp.c_fc.@",
	    "blocks.$1.mlp.fc1.$2" },
	{ "visual.transformer.resblocks.#.mlp.c_proj.@",
	    "blocks.$1.mlp.fc2.$2" },
	{ NULL, NULL }
};

/* transformers' DINOv3ViTModel with a gated MLP, and without */
static const struct rule hugging_face_dinov3_gated[] = {
	{ "layer.#.mlp.gate_proj.@", "blocks.$1.mlp.w1.$2" },
	{ "layer.#.mlp.up_proj.@", "blocks.$1.mlp.w2.$2" },
	{ "layer.#.mlp.down_proj.@", "blocks.$1.mlp.w3.$2" },
	{ NULL, NULL }
};

static const struct rule hugging_face_dinov3[] = {
	{ "embeddings.cls_token", "cls_token" },
	{ "embeddings.mask_token", "mask_token" },
	{ "embeddings.register_tokens", "storage_tokens" },
	{ "embeddings.patch_embeddings.@", "patch_embed.proj.$1" },
	{ "layer.#.norm1.@", "blocks.$1.norm1.$2" },
	{ "layer.#.norm2.@", "blocks.$1.norm2.$2" },
	{ "layer.#.attention.q_proj.@", "blocks.$1.attn.q.$2" },
	{ "layer.#.attention.k_proj.@", "blocks.$1.attn.k.$2" },
	{ "layer.#.attention.v_proj.@", "blocks.$1.attn.v.$2" },
	{ "layer.#.attention.o_proj.@", "blocks.$1.attn.proj.$2" },
	{ "layer.#.layer_scale1.lambda1", "blocks.$1.ls1.gamma" },
	{ "layer.#.layer_scale2.lambda1", "blocks.$1.ls2.gamma" },
	{ "layer.#.mlp.up_proj.@", "blocks.$1.mlp.fc1.$2" },
	{ "layer.#.mlp.down_proj.@", "blocks.$1.mlp.fc2.$2" },
	{ NULL, NULL }
};

/*
 * timm's Eva with DINOv3's weights, whose queries and values have biases of
 * their own if they have any; with a gated MLP, and without.
 */
static const struct rule timm_dinov3_gated[] = {
	{ "blocks.#.mlp.fc1_g.@", "blocks.$1.mlp.w1.$2" },
	{ "blocks.#.mlp.fc1_x.@", "blocks.$1.mlp.w2.$2" },
	{ "blocks.#.mlp.fc2.@", "blocks.$1.mlp.w3.$2" },
	{ NULL, NULL }
};

static const struct rule timm_dinov3[] = {
	{ "reg_token", "storage_tokens" },
	{ "blocks.#.gamma_1", "blocks.$1.ls1.gamma" },
	{ "blocks.#.gamma_2", "blocks.$1.ls2.gamma" },
	{ "blocks.#.attn.q_bias", "blocks.$1.attn.q.bias" },
	{ "blocks.#.attn.v_bias", "blocks.$1.attn.v.bias" },
	{ NULL, NULL }
};

/*
 * timm's EfficientNet of the first version.  The blocks of its first stage do
 * not widen their input.
 */
static const struct rule timm_efficientnet[] = {
	{ "conv_stem.@", "features.0.0.$1" },
	{ "bn1.@", "features.0.1.$1" },
	{ "blocks.0.#.conv_dw.@", "features.1.$1.block.0.0.$2" },
	{ "blocks.0.#.bn1.@", "features.1.$1.block.0.1.$2" },
	{ "blocks.0.#.se.conv_reduce.@", "features.1.$1.block.1.fc1.$2" },
	{ "blocks.0.#.se.conv_expand.@", "features.1.$1.block.1.fc2.$2" },
	{ "blocks.0.#.conv_pw.@", "features.1.$1.block.2.0.$2" },
	{ "blocks.0.#.bn2.@", "features.1.$1.block.2.1.$2" },
	{ "blocks.#.#.conv_pw.@", "features.$+1.$2.block.0.0.$3" },
	{ "blocks.#.#.bn1.@", "features.$+1.$2.block.0.1.$3" },
	{ "blocks.#.#.conv_dw.@", "features.$+1.$2.block.1.0.$3" },
	{ "blocks.#.#.bn2.@", "features.$+1.$2.block.1.1.$3" },
	{ "blocks.#.#.se.conv_reduce.@", "features.$+1.$2.block.2.fc1.$3" },
	{ "blocks.#.#.se.conv_expand.@", "features.$+1.$2.block.2.fc2.$3" },
	{ "blocks.#.#.conv_pwl.@", "features.$+1.$2.block.3.0.$3" },
	{ "blocks.#.#.bn3.@", "features.$+1.$2.block.3.1.$3" },
	{ "conv_head.@", "features.8.0.$1" },
	{ "bn2.@", "features.8.1.$1" },
	{ "classifier.weight", "classifier.1.weight" },
	{ "classifier.bias", "classifier.1.bias" },
	{ NULL, NULL }
};

/* facebookresearch/ConvNeXt */
static const struct rule meta_convnext[] = {
	{ "downsample_layers.#.@", "features.$*1.$2" },
	{ "stages.#.#.gamma", "features.$*+1.$2.layer_scale" },
	{ "stages.#.#.dwconv.@", "features.$*+1.$2.block.0.$3" },
	{ "stages.#.#.norm.@", "features.$*+1.$2.block.2.$3" },
	{ "stages.#.#.pwconv1.@", "features.$*+1.$2.block.3.$3" },
	{ "stages.#.#.pwconv2.@", "features.$*+1.$2.block.5.$3" },
	{ "norm.@", "classifier.0.$1" },
	{ "head.weight", "classifier.2.weight" },
	{ "head.bias", "classifier.2.bias" },
	{ NULL, NULL }
};

static const struct rule timm_convnext[] = {
	{ "stem.@", "features.0.$1" },
	{ "stages.#.downsample.@", "features.$*1.$2" },
	{ "stages.#.blocks.#.gamma", "features.$*+1.$2.layer_scale" },
	{ "stages.#.blocks.#.conv_dw.@", "features.$*+1.$2.block.0.$3" },
	{ "stages.#.blocks.#.norm.@", "features.$*+1.$2.block.2.$3" },
	{ "stages.#.blocks.#.mlp.fc1.@", "features.$*+1.$2.block.3.$3" },
	{ "stages.#.blocks.#.mlp.fc2.@", "features.$*+1.$2.block.5.$3" },
	{ "head.norm.@", "classifier.0.$1" },
	{ "head.fc.@", "classifier.2.$1" },
	{ NULL, NULL }
};

/* transformers' ConvNextModel, ConvNextForImageClassification */
static const struct rule hugging_face_convnext[] = {
	{ "convnext.@", "$1" },
	{ "embeddings.patch_embeddings.@", "features.0.0.$1" },
	{ "embeddings.layernorm.@", "features.0.1.$1" },
	{ "encoder.stages.#.downsampling_layer.@", "features.$*1.$2" },
	{ "encoder.stages.#.layers.#.layer_scale_parameter",
	    "features.$*+1.$2.layer_scale" },
	{ "encoder.stages.#.layers.#.dwconv.@",
	    "features.$*+1.$2.block.0.$3" },
	{ "encoder.stages.#.layers.#.layernorm.@",
	    "features.$*+1.$2.block.2.$3" },
	{ "encoder.stages.#.layers.#.pwconv1.@",
	    "features.$*+1.$2.block.3.$3" },
	{ "encoder.stages.#.layers.#.pwconv2.@",
	    "features.$*+1.$2.block.5.$3" },
	{ "layernorm.@", "classifier.0.$1" },
	{ "classifier.weight", "classifier.2.weight" },
	{ "classifier.bias", "classifier.2.bias" },
	{ NULL, NULL }
};

/* transformers' DINOv3ConvNextModel */
static const struct rule hugging_face_dinov3_convnext[] = {
	{ "stages.#.downsample_layers.@", "downsample_layers.$1.$2" },
	{ "stages.#.layers.#.gamma", "stages.$1.$2.gamma" },
	{ "stages.#.layers.#.depthwise_conv.@", "stages.$1.$2.dwconv.$3" },
	{ "stages.#.layers.#.layer_norm.@", "stages.$1.$2.norm.$3" },
	{ "stages.#.layers.#.pointwise_conv1.@", "stages.$1.$2.pwconv1.$3" },
	{ "stages.#.layers.#.pointwise_conv2.@", "stages.$1.$2.pwconv2.$3" },
	{ "layer_norm.@", "norm.$1" },
	{ NULL, NULL }
};

static const struct rule timm_dinov3_convnext[] = {
	{ "stem.@", "downsample_layers.0.$1" },
	{ "stages.#.downsample.@", "downsample_layers.$1.$2" },
	{ "stages.#.blocks.#.gamma", "stages.$1.$2.gamma" },
	{ "stages.#.blocks.#.conv_dw.@", "stages.$1.$2.dwconv.$3" },
	{ "stages.#.blocks.#.norm.@", "stages.$1.$2.norm.$3" },
	{ "stages.#.blocks.#.mlp.fc1.@", "stages.$1.$2.pwconv1.$3" },
	{ "stages.#.blocks.#.mlp.fc2.@", "stages.$1.$2.pwconv2.$3" },
	{ "head.norm.@", "norm.$1" },
	{ NULL, NULL }
};

/* transformers' SwinModel, SwinForImageClassification */
static const struct rule hugging_face_swin[] = {
	{ "swin.@", "$1" },
	{ "embeddings.patch_embeddings.projection.@", "features.0.0.$1" },
	{ "embeddings.norm.@", "features.0.2.$1" },
	{ "embeddings.mask_token", "mask_token" },
	{ "encoder.layers.#.downsample.@", "merges.$+1.$2" },
	{ "merges.#.@", "features.$*1.$2" },
	{ "encoder.layers.#.blocks.@", "features.$*+1.$2" },
	{ "features.#.#.layernorm_before.@", "features.$1.$2.norm1.$3" },
	{ "features.#.#.layernorm_after.@", "features.$1.$2.norm2.$3" },
	{ "features.#.#.attention.self.query.@", "features.$1.$2.attn.q.$3" },
	{ "features.#.#.attention.self.key.@", "features.$1.$2.attn.k.$3" },
	{ "features.#.#.attention.self.value.@", "features.$1.$2.attn.v.$3" },
	{ "features.#.#.attention.self.@", "features.$1.$2.attn.$3" },
	{ "features.#.#.attention.output.dense.@",
	    "features.$1.$2.attn.proj.$3" },
	{ "features.#.#.intermediate.dense.@", "features.$1.$2.mlp.0.$3" },
	{ "features.#.#.output.dense.@", "features.$1.$2.mlp.3.$3" },
	{ "layernorm.@", "norm.$1" },
	{ "classifier.@", "head.$1" },
	{ NULL, NULL }
};

/* timm's, and Microsoft's own; see also place_merges. */
static const struct rule timm_swin[] = {
	{ "patch_embed.proj.@", "features.0.0.$1" },
	{ "patch_embed.norm.@", "features.0.2.$1" },
	{ "layers.#.blocks.@", "features.$*+1.$2" },
	{ "features.#.#.mlp.fc1.@", "features.$1.$2.mlp.0.$3" },
	{ "features.#.#.mlp.fc2.@", "features.$1.$2.mlp.3.$3" },
	{ "head.fc.@", "head.$1" },
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
	{ "blocks.#.#.@", "blocks.$2.$3" },
	{ NULL, NULL }
};

/* dinov2_*_linear4_head.pth */
static const struct rule head_dinov2[] = {
	{ "weight", "linear_head.weight" },
	{ "bias", "linear_head.bias" },
	{ NULL, NULL }
};

/*
 * What stands before the names: DataParallel, torch.compile, DINO's and
 * DINOv2's teacher beside the student, MoCo's encoders, Lightning's and users'
 * modules.  After the tables of networks, which may have an encoder of their
 * own.
 */
static const struct rule wrappers[] = {
	{ "module.@", "$1" },
	{ "_orig_mod.@", "$1" },
	{ "student.@", NULL },
	{ "teacher.@", "$1" },
	{ "encoder_k.@", NULL },
	{ "momentum_encoder.@", NULL },
	{ "encoder_q.@", "$1" },
	{ "base_encoder.@", "$1" },
	{ "dino_head.@", NULL },
	{ "ibot_head.@", NULL },
	{ "model.@", "$1" },
	{ "net.@", "$1" },
	{ "backbone.@", "$1" },
	{ "encoder.@", "$1" },
	{ NULL, NULL }
};

static const struct {
	const char *name;
	const char *backbones;	/* what their names begin with */
	const struct rule *rules;
} conventions[] = {
	{ "Hugging Face's ResNet", "resnet", hugging_face_resnet },
	{ "layers in a Sequential", "resnet", sequential_resnet },
	{ "layers in a Sequential", "resnext", sequential_resnet },
	{ "layers in a Sequential", "wide_resnet", sequential_resnet },
	{ "torchvision's old DenseNet", "densenet", old_densenet },
	{ "layers in a Sequential", "densenet", sequential_densenet },
	{ "Hugging Face's DINOv2", "dinov2", hugging_face_dinov2 },
	{ "timm's DINOv2", "dinov2", timm_dinov2 },
	{ "timm's DINOv2", "dinov2_vitg", timm_dinov2_giant },
	{ "DINOv2's training", "dinov2", training_dinov2 },
	{ "DINOv2's head", "dinov2", head_dinov2 },
	{ "facebookresearch's ConvNeXt", "convnext", meta_convnext },
	{ "timm's ConvNeXt", "convnext", timm_convnext },
	{ "Hugging Face's ConvNeXt", "convnext", hugging_face_convnext },
	{ "Hugging Face's DINOv3", "dinov3_convnext",
	    hugging_face_dinov3_convnext },
	{ "timm's DINOv3", "dinov3_convnext", timm_dinov3_convnext },
	{ "Hugging Face's ViT", "vit_", hugging_face_vit },
	{ "Hugging Face's ViT", "deit_", hugging_face_vit },
	{ "Hugging Face's ViT", "mae_", hugging_face_vit },
	{ "Hugging Face's CLIP", "vit_", hugging_face_clip },
	{ "OpenAI's CLIP", "vit_", open_clip },
	{ "Hugging Face's DINOv3", "dinov3_vits16plus",
	    hugging_face_dinov3_gated },
	{ "Hugging Face's DINOv3", "dinov3_vitl16plus",
	    hugging_face_dinov3_gated },
	{ "Hugging Face's DINOv3", "dinov3_vith16plus",
	    hugging_face_dinov3_gated },
	{ "Hugging Face's DINOv3", "dinov3", hugging_face_dinov3 },
	{ "timm's DINOv3", "dinov3_vits16plus", timm_dinov3_gated },
	{ "timm's DINOv3", "dinov3_vitl16plus", timm_dinov3_gated },
	{ "timm's DINOv3", "dinov3_vith16plus", timm_dinov3_gated },
	{ "timm's DINOv3", "dinov3", timm_dinov3 },
	{ "blocks in chunks", "dinov3", training_dinov2 },
	{ "timm's EfficientNet", "efficientnet_b", timm_efficientnet },
	{ "Hugging Face's Swin", "swin_", hugging_face_swin },
	{ "timm's Swin", "swin_", timm_swin },
	{ "a wrapper", "", wrappers },
};

/*
 * Models that are one of these networks with other weights, under the names of
 * their authors: the rules are those of the network.
 */
static const struct {
	const char *name, *network;
} models[] = {
	{ "rad-dino", "dinov2_vitb14" },
	{ "dinobloom-s", "dinov2_vits14" },
	{ "dinobloom-b", "dinov2_vitb14" },
	{ "dinobloom-l", "dinov2_vitl14" },
	{ "dinobloom-g", "dinov2_vitg14" },
	{ "retfound_mae_naturecfp", "mae_vit_large_patch16" },
	{ "retfound_mae_natureoct", "mae_vit_large_patch16" },
	{ "uni", "vit_large_patch16_224" },
	/* timm's arrays of DINOv2 g: registers, and a SwiGLU in one matrix. */
	{ "uni2-h", "dinov2_vitg14_reg" },
	{ "virchow2", "dinov2_vitg14_reg" },
	{ "phikon", "vit_base_patch16_224" },
	{ "phikon-v2", "dinov2_vitl14" },
	{ "plip", "vit_base_patch32_clip_quickgelu_224" },
	{ "biomedclip", "vit_base_patch16_224" },
	{ "medsiglip-448", "vit_large_patch16_siglip_256" },
	{ "radimagenet-resnet50", "resnet50" },
	{ "radimagenet-densenet121", "densenet121" },
	{ "torchxrayvision-densenet121", "densenet121" },
};

#define CONVENTIONS (sizeof(conventions) / sizeof(conventions[0]))
_Static_assert(CONVENTIONS <= 64, "a bit each");

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

/* The network by whose rules BACKBONE goes. */
static const char *
network_of(const char *backbone)
{
	size_t i;

	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (strcmp(models[i].name, backbone) == 0)
			return models[i].network;
	return backbone;
}

/* The first rule for BACKBONE that matches NAME, or NULL. */
static const struct rule *
find_rule(struct mc_statedict *sd, const char *backbone, const char *name,
    struct group groups[GROUPS])
{
	const struct rule *rule;
	size_t i;

	for (i = 0; i < CONVENTIONS; i++) {
		if (!begins(backbone, conventions[i].backbones))
			continue;
		for (rule = conventions[i].rules; rule->from != NULL; rule++) {
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
	const struct rule *rule;
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
mc_statedict_rename(struct mc_statedict *sd, const char *backbone,
    struct mc_err *err)
{
	const char *network = network_of(backbone);
	enum mc_status status;
	size_t i;

	for (i = 0; i < sd->n; i++)
		rename_array(sd, &sd->arrays[i], network);
	status = mc_statedict_compact(sd, err);
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

	backbone = network_of(backbone);

	for (i = 0; i < CONVENTIONS; i++)
		if (*conventions[i].backbones != '\0' &&
		    begins(backbone, conventions[i].backbones))
			return true;
	return false;
}

bool
mc_statedict_conventions(const struct mc_statedict *sd, struct mc_buf *text)
{
	const char *last = NULL;
	size_t i;

	for (i = 0; i < CONVENTIONS; i++) {
		if ((sd->conventions & UINT64_C(1) << i) == 0 || (last != NULL &&
		    strcmp(last, conventions[i].name) == 0))
			continue;
		mc_buf_printf(text, "%s%s", last != NULL ? ", " : "",
		    conventions[i].name);
		last = conventions[i].name;
	}
	return last != NULL;
}
