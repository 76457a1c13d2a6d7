/* conventions.c - the tables of naming conventions; names.c applies them. */
#include <string.h>

#include "weights/conventions.h"

/* nn.Sequential(*list(resnet.children())[:-1]), as RadImageNet has it. */
static const struct mc_name_rule sequential_resnet[] = {
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
static const struct mc_name_rule hugging_face_resnet[] = {
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
static const struct mc_name_rule old_densenet[] = {
	{ "features.denseblock#.denselayer#.norm.#.@",
	    "features.denseblock$1.denselayer$2.norm$3.$4" },
	{ "features.denseblock#.denselayer#.conv.#.@",
	    "features.denseblock$1.denselayer$2.conv$3.$4" },
	{ NULL, NULL }
};

static const struct mc_name_rule sequential_densenet[] = {
	{ "0.@", "features.$1" },
	{ NULL, NULL }
};

/* transformers' Dinov2Model, Dinov2WithRegistersModel, ...ForImage... */
static const struct mc_name_rule hugging_face_dinov2[] = {
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
static const struct mc_name_rule hugging_face_vit[] = {
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

/* torchvision's vit_b_16 and vit_l_16; mlp.linear_1: before version 0.13 */
static const struct mc_name_rule torchvision_vit[] = {
	{ "class_token", "cls_token" },
	{ "encoder.pos_embedding", "pos_embed" },
	{ "conv_proj.@", "patch_embed.proj.$1" },
	{ "encoder.ln.@", "norm.$1" },
	{ "encoder.layers.encoder_layer_#.ln_1.@", "blocks.$1.norm1.$2" },
	{ "encoder.layers.encoder_layer_#.ln_2.@", "blocks.$1.norm2.$2" },
	{ "encoder.layers.encoder_layer_#.self_attention.in_proj_@",
	    "blocks.$1.attn.qkv.$2" },
	{ "encoder.layers.encoder_layer_#.self_attention.out_proj.@",
	    "blocks.$1.attn.proj.$2" },
	{ "encoder.layers.encoder_layer_#.mlp.0.@", "blocks.$1.mlp.fc1.$2" },
	{ "encoder.layers.encoder_layer_#.mlp.3.@", "blocks.$1.mlp.fc2.$2" },
	{ "encoder.layers.encoder_layer_#.mlp.linear_1.@",
	    "blocks.$1.mlp.fc1.$2" },
	{ "encoder.layers.encoder_layer_#.mlp.linear_2.@",
	    "blocks.$1.mlp.fc2.$2" },
	{ NULL, NULL }
};

/* transformers' CLIPModel and SiglipModel, and their vision models alone */
static const struct mc_name_rule hugging_face_clip[] = {
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
static const struct mc_name_rule open_clip[] = {
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
static const struct mc_name_rule hugging_face_dinov3_gated[] = {
	{ "layer.#.mlp.gate_proj.@", "blocks.$1.mlp.w1.$2" },
	{ "layer.#.mlp.up_proj.@", "blocks.$1.mlp.w2.$2" },
	{ "layer.#.mlp.down_proj.@", "blocks.$1.mlp.w3.$2" },
	{ NULL, NULL }
};

static const struct mc_name_rule hugging_face_dinov3[] = {
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
static const struct mc_name_rule timm_dinov3_gated[] = {
	{ "blocks.#.mlp.fc1_g.@", "blocks.$1.mlp.w1.$2" },
	{ "blocks.#.mlp.fc1_x.@", "blocks.$1.mlp.w2.$2" },
	{ "blocks.#.mlp.fc2.@", "blocks.$1.mlp.w3.$2" },
	{ NULL, NULL }
};

static const struct mc_name_rule timm_dinov3[] = {
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
static const struct mc_name_rule timm_efficientnet[] = {
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
static const struct mc_name_rule meta_convnext[] = {
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

static const struct mc_name_rule timm_convnext[] = {
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
static const struct mc_name_rule hugging_face_convnext[] = {
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
static const struct mc_name_rule hugging_face_dinov3_convnext[] = {
	{ "stages.#.downsample_layers.@", "downsample_layers.$1.$2" },
	{ "stages.#.layers.#.gamma", "stages.$1.$2.gamma" },
	{ "stages.#.layers.#.depthwise_conv.@", "stages.$1.$2.dwconv.$3" },
	{ "stages.#.layers.#.layer_norm.@", "stages.$1.$2.norm.$3" },
	{ "stages.#.layers.#.pointwise_conv1.@", "stages.$1.$2.pwconv1.$3" },
	{ "stages.#.layers.#.pointwise_conv2.@", "stages.$1.$2.pwconv2.$3" },
	{ "layer_norm.@", "norm.$1" },
	{ NULL, NULL }
};

static const struct mc_name_rule timm_dinov3_convnext[] = {
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
static const struct mc_name_rule hugging_face_swin[] = {
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
static const struct mc_name_rule timm_swin[] = {
	{ "patch_embed.proj.@", "features.0.0.$1" },
	{ "patch_embed.norm.@", "features.0.2.$1" },
	{ "layers.#.blocks.@", "features.$*+1.$2" },
	{ "features.#.#.mlp.fc1.@", "features.$1.$2.mlp.0.$3" },
	{ "features.#.#.mlp.fc2.@", "features.$1.$2.mlp.3.$3" },
	{ "head.fc.@", "head.$1" },
	{ NULL, NULL }
};

static const struct mc_name_rule timm_dinov2[] = {
	{ "reg_token", "register_tokens" },
	{ NULL, NULL }
};

/* timm packs SwiGLU's matrices under the names of a plain MLP. */
static const struct mc_name_rule timm_dinov2_giant[] = {
	{ "blocks.#.mlp.fc1.@", "blocks.$1.mlp.w12.$2" },
	{ "blocks.#.mlp.fc2.@", "blocks.$1.mlp.w3.$2" },
	{ NULL, NULL }
};

/* A checkpoint of training: blocks in chunks, numbered through. */
static const struct mc_name_rule training_dinov2[] = {
	{ "blocks.#.#.@", "blocks.$2.$3" },
	{ NULL, NULL }
};

/* dinov2_*_linear4_head.pth */
static const struct mc_name_rule head_dinov2[] = {
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
static const struct mc_name_rule wrappers[] = {
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

const struct mc_convention mc_conventions[] = {
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
	{ "torchvision's ViT", "vit_", torchvision_vit },
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
	{ NULL, NULL, NULL }
};
_Static_assert(sizeof(mc_conventions) / sizeof(mc_conventions[0]) - 1 <=
    MC_MAX_CONVENTIONS, "a bit each");

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

const char *
mc_conventions_network(const char *backbone)
{
	size_t i;

	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (strcmp(models[i].name, backbone) == 0)
			return models[i].network;
	return backbone;
}
