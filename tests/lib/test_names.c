/*
 * test_names.c - names of arrays as others have them, and what is left out.
 *
 * The names are those that transformers, timm, open_clip, torchvision and
 * facebookresearch give; tests/weights/compare.py has whole state dicts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "weights/names.h"
#include "weights/safetensors.h"
#include "weights/statedict.h"

#include "tap.h"

static struct mc_err err;

/* --- Making and printing state dicts --------------------------------------- */

/*
 * The array SPEC, "name" or "name:2,3", into A: without a shape a vector of one
 * element.  Elements of type DTYPE, which are numbered on from *NEXT.
 */
static void
make_array(struct mc_array *a, char *spec, unsigned char *bytes, size_t *next)
{
	char *shape = strchr(spec, ':');
	size_t i;

	*a = (struct mc_array){ .name = spec, .dtype = MC_U8, .n = 1,
	    .data = bytes + *next };
	if (shape == NULL)
		a->shape[a->ndim++] = 1;
	while (shape != NULL) {
		*shape++ = '\0';
		a->shape[a->ndim] = strtol(shape, NULL, 10);
		a->n *= (size_t)a->shape[a->ndim++];
		shape = strchr(shape, ',');
	}
	for (i = 0; i < a->n; i++, ++*next)
		bytes[*next] = (unsigned char)(*next + 1);
}

/* The arrays of SPECS, which blanks part; their elements are 1, 2, 3, ... */
static struct mc_statedict *
make(const char *specs)
{
	char *copy = mc_xstrdup(specs), *spec;
	struct mc_array arrays[16];
	struct mc_buf bytes = { 0 };
	unsigned char elements[64];
	struct mc_statedict *sd;
	size_t n = 0, next = 0;
	FILE *f = tmpfile();

	for (spec = strtok(copy, " "); spec != NULL; spec = strtok(NULL, " "))
		make_array(&arrays[n++], spec, elements, &next);
	if (f == NULL || mc_safetensors_write(f, arrays, n, NULL, &err) !=
	    MC_OK)
		exit(99);
	rewind(f);
	bytes.len = fread(mc_buf_room(&bytes, 1 << 14), 1, 1 << 14, f);
	fclose(f);
	if (mc_statedict_from_bytes(&sd, bytes.data, bytes.len, "file",
	    &err) != MC_OK)
		exit(99);
	mc_buf_free(&bytes);
	free(copy);
	return sd;
}

/* "name=1 name:1,2=23", and what was left out: "; 1 array: 1 of a head" */
static char *
print(const struct mc_statedict *sd)
{
	struct mc_buf text = { 0 };
	const struct mc_array *a;
	size_t i, k;
	int d;

	for (i = 0; (a = mc_statedict_at(sd, i)) != NULL; i++) {
		mc_buf_printf(&text, "%s%s", i > 0 ? " " : "", a->name);
		for (d = 0; a->ndim > 1 && d < a->ndim; d++)
			mc_buf_printf(&text, "%c%d", d == 0 ? ':' : ',',
			    (int)a->shape[d]);
		mc_buf_puts(&text, "=");
		for (k = 0; k < a->n; k++)
			mc_buf_printf(&text, "%x", (int)mc_array_get(a, k));
	}
	mc_buf_puts(&text, "; ");
	if (!mc_statedict_left(sd, &text))
		text.data[text.len -= 2] = '\0';
	return text.data;
}

/* --- Renaming --------------------------------------------------------------- */

#define VIT "vit_base_patch16_224"
#define CLIP "vit_base_patch16_clip_224"
#define SIGLIP "vit_base_patch16_siglip_224"
#define HEAD(text) "kept=1; 1 array: 1 of " text

static const struct {
	const char *backbone, *from, *to;
} names[] = {
	/* What stands before the names. */
	{ "resnet18", "conv1.weight", "conv1.weight=1" },
	{ "resnet18", "module.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "_orig_mod.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "teacher.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "encoder_q.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "base_encoder.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "model.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "net.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "backbone.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "encoder.conv1.weight", "conv1.weight=1" },
	{ "resnet18", "model.module.net.backbone.encoder.conv1.weight",
	    "conv1.weight=1" },
	{ "resnet18", "kept student.conv1.weight", HEAD("a student") },
	{ "resnet18", "kept module.encoder_k.conv1.weight",
	    HEAD("a momentum encoder") },
	{ "resnet18", "kept momentum_encoder.conv1.weight",
	    HEAD("a momentum encoder") },
	{ "resnet18", "kept dino_head.mlp.0.weight", HEAD("a head") },
	{ "resnet18", "kept ibot_head.mlp.0.weight", HEAD("a head") },
	/* Sequential(*children) */
	{ "resnet50", "0.weight 1.bias 4.0.conv1.weight 5.0.conv1.weight "
	    "6.0.conv1.weight 7.2.downsample.0.weight", "conv1.weight=1 "
	    "bn1.bias=2 layer1.0.conv1.weight=3 layer2.0.conv1.weight=4 "
	    "layer3.0.conv1.weight=5 layer4.2.downsample.0.weight=6" },
	{ "resnext50_32x4d", "backbone.0.weight", "conv1.weight=1" },
	{ "wide_resnet50_2", "backbone.0.weight", "conv1.weight=1" },
	{ "densenet121", "backbone.0.conv0.weight", "features.conv0.weight=1" },
	/* transformers' ResNet */
	{ "resnet50", "resnet.embedder.embedder.convolution.weight",
	    "conv1.weight=1" },
	{ "resnet50", "embedder.embedder.normalization.bias", "bn1.bias=1" },
	{ "resnet50", "encoder.stages.0.layers.1.layer.2.convolution.weight",
	    "layer1.1.conv3.weight=1" },
	{ "resnet50", "encoder.stages.3.layers.0.layer.1.normalization."
	    "running_var", "layer4.0.bn2.running_var=1" },
	{ "resnet50", "encoder.stages.1.layers.0.shortcut.convolution.weight "
	    "encoder.stages.1.layers.0.shortcut.normalization.weight",
	    "layer2.0.downsample.0.weight=1 layer2.0.downsample.1.weight=2" },
	{ "resnet50", "classifier.1.weight", "fc.weight=1" },
	/* torchvision's DenseNet until PyTorch 0.4 */
	{ "densenet161", "features.denseblock3.denselayer29.norm.2.weight "
	    "features.denseblock3.denselayer29.conv.1.weight",
	    "features.denseblock3.denselayer29.norm2.weight=1 "
	    "features.denseblock3.denselayer29.conv1.weight=2" },
	/* transformers' DINOv2 */
	{ "dinov2_vits14", "kept classifier.weight", HEAD("a head") },
	{ "dinov2_vits14_reg", "dinov2_with_registers.embeddings."
	    "register_tokens dinov2_with_registers.embeddings.mask_token",
	    "register_tokens=1 mask_token=2" },
	{ "dinov2_vitb14", "dinov2.encoder.layer.11.attention.output.dense.bias "
	    "dinov2.encoder.layer.11.mlp.fc1.bias dinov2.layernorm.bias",
	    "blocks.11.attn.proj.bias=1 blocks.11.mlp.fc1.bias=2 norm.bias=3" },
	{ "dinov2_vitb14", "encoder.layer.0.layer_scale1.lambda1 "
	    "encoder.layer.0.layer_scale2.lambda1 encoder.layer.0.norm1.bias "
	    "encoder.layer.0.norm2.bias", "blocks.0.ls1.gamma=1 "
	    "blocks.0.ls2.gamma=2 blocks.0.norm1.bias=3 "
	    "blocks.0.norm2.bias=4" },
	{ "dinov2_vitg14", "encoder.layer.39.mlp.weights_in.bias "
	    "encoder.layer.39.mlp.weights_out.bias",
	    "blocks.39.mlp.w12.bias=1 blocks.39.mlp.w3.bias=2" },
	/* Its training, its heads, and timm's */
	{ "dinov2_vits14", "teacher.backbone.blocks.2.9.norm1.weight",
	    "blocks.9.norm1.weight=1" },
	{ "dinov3_vits16", "blocks.0.10.norm1.weight",
	    "blocks.10.norm1.weight=1" },
	{ "dinov2_vits14", "weight bias",
	    "linear_head.weight=1 linear_head.bias=2" },
	{ "dinov2_vits14_reg", "reg_token", "register_tokens=1" },
	{ "dinov2_vitg14", "blocks.0.mlp.fc1.bias blocks.0.mlp.fc2.bias",
	    "blocks.0.mlp.w12.bias=1 blocks.0.mlp.w3.bias=2" },
	/* transformers' ViT, DeiT and MAE */
	{ VIT, "vit.embeddings.cls_token vit.embeddings.mask_token "
	    "vit.embeddings.patch_embeddings.projection.bias",
	    "cls_token:1,1,1=1 mask_token=2 patch_embed.proj.bias=3" },
	{ "deit_small_patch16_224", "deit.encoder.layer.3.layernorm_before.bias "
	    "deit.encoder.layer.3.layernorm_after.bias",
	    "blocks.3.norm1.bias=1 blocks.3.norm2.bias=2" },
	{ "mae_vit_base_patch16", "vit.encoder.layer.3.intermediate.dense.bias "
	    "vit.encoder.layer.3.output.dense.bias vit.layernorm.bias",
	    "blocks.3.mlp.fc1.bias=1 blocks.3.mlp.fc2.bias=2 norm.bias=3" },
	/* torchvision's ViT, as it is and as it was before version 0.13 */
	{ VIT, "class_token:1,1,2 encoder.pos_embedding:1,1,2 conv_proj.bias "
	    "encoder.ln.bias", "cls_token:1,1,2=12 pos_embed:1,1,2=34 "
	    "patch_embed.proj.bias=5 norm.bias=6" },
	{ VIT, "encoder.layers.encoder_layer_7.ln_1.bias "
	    "encoder.layers.encoder_layer_7.ln_2.bias "
	    "encoder.layers.encoder_layer_7.self_attention.in_proj_bias "
	    "encoder.layers.encoder_layer_7.self_attention.out_proj.bias",
	    "blocks.7.norm1.bias=1 blocks.7.norm2.bias=2 "
	    "blocks.7.attn.qkv.bias=3 blocks.7.attn.proj.bias=4" },
	{ VIT, "encoder.layers.encoder_layer_7.mlp.0.bias "
	    "encoder.layers.encoder_layer_7.mlp.3.bias",
	    "blocks.7.mlp.fc1.bias=1 blocks.7.mlp.fc2.bias=2" },
	{ VIT, "encoder.layers.encoder_layer_7.mlp.linear_1.bias "
	    "encoder.layers.encoder_layer_7.mlp.linear_2.bias",
	    "blocks.7.mlp.fc1.bias=1 blocks.7.mlp.fc2.bias=2" },
	/* Query, key and value come under each other, in this order. */
	{ VIT, "encoder.layer.0.attention.attention.key.weight:2,1 "
	    "encoder.layer.0.attention.attention.query.weight:2,1 "
	    "encoder.layer.0.attention.attention.value.weight:2,1",
	    "blocks.0.attn.qkv.weight:6,1=341256" },
	{ "dinov2_vits14", "encoder.layer.0.attention.attention.query.bias "
	    "encoder.layer.0.attention.attention.key.bias "
	    "encoder.layer.0.attention.attention.value.bias",
	    "blocks.0.attn.qkv.bias=123" },
	/* transformers' CLIP and SigLIP */
	{ CLIP, "vision_model.embeddings.class_embedding:2 vision_model."
	    "embeddings.position_embedding.weight:3,2",
	    "cls_token:1,1,2=12 pos_embed:1,3,2=345678" },
	{ CLIP, "vision_model.embeddings.patch_embedding.weight vision_model."
	    "pre_layrnorm.bias vision_model.post_layernorm.bias",
	    "patch_embed.proj.weight=1 norm_pre.bias=2 norm.bias=3" },
	{ CLIP, "vision_model.encoder.layers.7.layer_norm1.bias vision_model."
	    "encoder.layers.7.layer_norm2.bias vision_model.encoder.layers.7."
	    "self_attn.out_proj.bias vision_model.encoder.layers.7.mlp.fc2.bias",
	    "blocks.7.norm1.bias=1 blocks.7.norm2.bias=2 "
	    "blocks.7.attn.proj.bias=3 blocks.7.mlp.fc2.bias=4" },
	{ CLIP, "vision_model.encoder.layers.0.self_attn.k_proj.bias "
	    "vision_model.encoder.layers.0.self_attn.v_proj.bias "
	    "vision_model.encoder.layers.0.self_attn.q_proj.bias",
	    "blocks.0.attn.qkv.bias=312" },
	{ CLIP, "kept visual_projection.weight", HEAD("a projector") },
	{ CLIP, "kept vision_model.embeddings.position_ids",
	    HEAD("numbers of positions") },
	{ SIGLIP, "vision_model.head.probe:1,1,1 vision_model.head.attention."
	    "out_proj.bias vision_model.head.layernorm.bias "
	    "vision_model.head.mlp.fc1.bias", "attn_pool.latent:1,1,1=1 "
	    "attn_pool.proj.bias=2 attn_pool.norm.bias=3 "
	    "attn_pool.mlp.fc1.bias=4" },
	{ SIGLIP, "vision_model.head.attention.in_proj_weight:6,1 "
	    "vision_model.head.attention.in_proj_bias:3 kept",
	    "attn_pool.q.weight:2,1=12 attn_pool.q.bias=7 kept=a "
	    "attn_pool.kv.weight:4,1=3456 attn_pool.kv.bias=89" },
	{ SIGLIP, "vision_model.head.attention.in_proj_bias:4",
	    "attn_pool.in.bias=1234" },
	/* OpenAI's CLIP, and open_clip around a tower of timm's */
	{ CLIP, "visual.class_embedding:1 visual.positional_embedding:2,1 "
	    "visual.conv1.weight visual.ln_pre.bias visual.ln_post.bias",
	    "cls_token:1,1,1=1 pos_embed:1,2,1=23 patch_embed.proj.weight=4 "
	    "norm_pre.bias=5 norm.bias=6" },
	{ CLIP, "visual.transformer.resblocks.5.ln_1.bias "
	    "visual.transformer.resblocks.5.ln_2.bias "
	    "visual.transformer.resblocks.5.attn.in_proj_bias "
	    "visual.transformer.resblocks.5.attn.out_proj.bias "
	    "visual.transformer.resblocks.5.mlp.c_fc.bias "
	    "visual.transformer.resblocks.5.mlp.c_proj.bias",
	    "blocks.5.norm1.bias=1 blocks.5.norm2.bias=2 "
	    "blocks.5.attn.qkv.bias=3 blocks.5.attn.proj.bias=4 "
	    "blocks.5.mlp.fc1.bias=5 blocks.5.mlp.fc2.bias=6" },
	{ CLIP, "kept visual.proj", HEAD("a projector") },
	{ SIGLIP, "kept visual.head.proj.weight", HEAD("a projector") },
	{ SIGLIP, "visual.trunk.blocks.0.norm1.bias", "blocks.0.norm1.bias=1" },
	/* transformers' DINOv3 */
	{ "dinov3_vits16", "embeddings.register_tokens "
	    "embeddings.patch_embeddings.bias layer.2.norm1.bias "
	    "layer.2.norm2.bias layer.2.attention.o_proj.bias "
	    "layer.2.layer_scale1.lambda1 layer.2.layer_scale2.lambda1 "
	    "layer.2.mlp.up_proj.bias layer.2.mlp.down_proj.bias",
	    "storage_tokens=1 patch_embed.proj.bias=2 blocks.2.norm1.bias=3 "
	    "blocks.2.norm2.bias=4 blocks.2.attn.proj.bias=5 "
	    "blocks.2.ls1.gamma=6 blocks.2.ls2.gamma=7 "
	    "blocks.2.mlp.fc1.bias=8 blocks.2.mlp.fc2.bias=9" },
	{ "dinov3_vits16plus", "layer.0.mlp.gate_proj.bias "
	    "layer.0.mlp.up_proj.bias layer.0.mlp.down_proj.bias",
	    "blocks.0.mlp.w1.bias=1 blocks.0.mlp.w2.bias=2 "
	    "blocks.0.mlp.w3.bias=3" },
	{ "dinov3_vitl16plus", "layer.0.mlp.up_proj.bias",
	    "blocks.0.mlp.w2.bias=1" },
	{ "dinov3_vith16plus", "layer.0.mlp.up_proj.bias",
	    "blocks.0.mlp.w2.bias=1" },
	/* Its keys have no bias. */
	{ "dinov3_vits16", "layer.0.attention.q_proj.bias:2 "
	    "layer.0.attention.v_proj.bias:2", "blocks.0.attn.qkv.bias=120034" },
	/* timm's DINOv3, whose biases may be missing, and EfficientNet */
	{ "dinov3_vits16plus", "reg_token blocks.0.gamma_1 blocks.0.gamma_2 "
	    "blocks.0.mlp.fc1_g.bias blocks.0.mlp.fc1_x.bias "
	    "blocks.0.mlp.fc2.bias", "storage_tokens=1 blocks.0.ls1.gamma=2 "
	    "blocks.0.ls2.gamma=3 blocks.0.mlp.w1.bias=4 "
	    "blocks.0.mlp.w2.bias=5 blocks.0.mlp.w3.bias=6" },
	{ "dinov3_vitl16plus", "blocks.0.mlp.fc1_g.bias",
	    "blocks.0.mlp.w1.bias=1" },
	{ "dinov3_vith16plus", "blocks.0.mlp.fc1_g.bias",
	    "blocks.0.mlp.w1.bias=1" },
	{ "dinov3_vits16", "blocks.0.attn.q_bias blocks.0.attn.v_bias",
	    "blocks.0.attn.qkv.bias=102" },
	{ "dinov3_vits16", "blocks.0.attn.qkv.weight:3,1",
	    "blocks.0.attn.qkv.weight:3,1=123 blocks.0.attn.qkv.bias=000" },
	/* ConvNeXt of facebookresearch, timm and transformers */
	{ "convnext_tiny", "downsample_layers.3.1.bias stages.2.8.gamma:2 "
	    "stages.2.8.dwconv.bias stages.2.8.norm.bias "
	    "stages.2.8.pwconv1.bias stages.2.8.pwconv2.bias norm.bias "
	    "head.weight", "features.6.1.bias=1 "
	    "features.5.8.layer_scale:2,1,1=23 features.5.8.block.0.bias=4 "
	    "features.5.8.block.2.bias=5 features.5.8.block.3.bias=6 "
	    "features.5.8.block.5.bias=7 classifier.0.bias=8 "
	    "classifier.2.weight=9" },
	{ "convnext_base", "stem.1.bias stages.1.downsample.0.bias "
	    "stages.0.blocks.2.gamma stages.3.blocks.2.conv_dw.bias "
	    "stages.3.blocks.2.norm.bias stages.3.blocks.2.mlp.fc1.bias "
	    "stages.3.blocks.2.mlp.fc2.bias head.norm.bias head.fc.bias",
	    "features.0.1.bias=1 features.2.0.bias=2 "
	    "features.1.2.layer_scale:1,1,1=3 features.7.2.block.0.bias=4 "
	    "features.7.2.block.2.bias=5 features.7.2.block.3.bias=6 "
	    "features.7.2.block.5.bias=7 classifier.0.bias=8 "
	    "classifier.2.bias=9" },
	{ "convnext_large", "convnext.embeddings.patch_embeddings.bias "
	    "convnext.embeddings.layernorm.bias "
	    "convnext.encoder.stages.1.downsampling_layer.1.bias "
	    "convnext.encoder.stages.1.layers.0.layer_scale_parameter "
	    "convnext.layernorm.bias classifier.bias", "features.0.0.bias=1 "
	    "features.0.1.bias=2 features.2.1.bias=3 "
	    "features.3.0.layer_scale:1,1,1=4 classifier.0.bias=5 "
	    "classifier.2.bias=6" },
	{ "convnext_small", "encoder.stages.1.layers.0.dwconv.bias "
	    "encoder.stages.1.layers.0.layernorm.bias "
	    "encoder.stages.1.layers.0.pwconv1.bias "
	    "encoder.stages.1.layers.0.pwconv2.bias",
	    "features.3.0.block.0.bias=1 features.3.0.block.2.bias=2 "
	    "features.3.0.block.3.bias=3 features.3.0.block.5.bias=4" },
	{ "dinov3_convnext_tiny", "stages.1.downsample_layers.0.bias "
	    "stages.1.layers.2.gamma:2 stages.1.layers.2.depthwise_conv.bias "
	    "stages.1.layers.2.layer_norm.bias "
	    "stages.1.layers.2.pointwise_conv1.bias "
	    "stages.1.layers.2.pointwise_conv2.bias layer_norm.bias",
	    "downsample_layers.1.0.bias=1 stages.1.2.gamma=23 "
	    "stages.1.2.dwconv.bias=4 stages.1.2.norm.bias=5 "
	    "stages.1.2.pwconv1.bias=6 stages.1.2.pwconv2.bias=7 norm.bias=8" },
	{ "dinov3_convnext_large", "stem.0.bias stages.2.downsample.1.bias "
	    "stages.2.blocks.20.gamma stages.2.blocks.20.conv_dw.bias "
	    "stages.2.blocks.20.norm.bias stages.2.blocks.20.mlp.fc1.bias "
	    "stages.2.blocks.20.mlp.fc2.bias head.norm.bias",
	    "downsample_layers.0.0.bias=1 downsample_layers.2.1.bias=2 "
	    "stages.2.20.gamma=3 stages.2.20.dwconv.bias=4 "
	    "stages.2.20.norm.bias=5 stages.2.20.pwconv1.bias=6 "
	    "stages.2.20.pwconv2.bias=7 norm.bias=8" },
	{ "efficientnet_b0", "conv_stem.weight bn1.bias "
	    "blocks.0.0.conv_dw.weight blocks.0.0.bn1.bias "
	    "blocks.0.0.se.conv_reduce.bias blocks.0.0.se.conv_expand.bias "
	    "blocks.0.0.conv_pw.weight blocks.0.0.bn2.bias",
	    "features.0.0.weight=1 features.0.1.bias=2 "
	    "features.1.0.block.0.0.weight=3 features.1.0.block.0.1.bias=4 "
	    "features.1.0.block.1.fc1.bias=5 features.1.0.block.1.fc2.bias=6 "
	    "features.1.0.block.2.0.weight=7 features.1.0.block.2.1.bias=8" },
	{ "efficientnet_b4", "blocks.6.1.conv_pw.weight blocks.6.1.bn1.bias "
	    "blocks.6.1.conv_dw.weight blocks.6.1.bn2.bias "
	    "blocks.6.1.se.conv_reduce.bias blocks.6.1.se.conv_expand.bias "
	    "blocks.6.1.conv_pwl.weight blocks.6.1.bn3.bias",
	    "features.7.1.block.0.0.weight=1 features.7.1.block.0.1.bias=2 "
	    "features.7.1.block.1.0.weight=3 features.7.1.block.1.1.bias=4 "
	    "features.7.1.block.2.fc1.bias=5 features.7.1.block.2.fc2.bias=6 "
	    "features.7.1.block.3.0.weight=7 features.7.1.block.3.1.bias=8" },
	{ "efficientnet_b0", "conv_head.weight bn2.bias classifier.weight "
	    "classifier.bias", "features.8.0.weight=1 features.8.1.bias=2 "
	    "classifier.1.weight=3 classifier.1.bias=4" },
	/* transformers' Swin; Microsoft's and timm's, whose stages differ */
	{ "swin_t", "swin.embeddings.patch_embeddings.projection.bias "
	    "swin.embeddings.norm.bias swin.embeddings.mask_token "
	    "swin.encoder.layers.2.downsample.norm.bias swin.layernorm.bias "
	    "classifier.bias", "features.0.0.bias=1 features.0.2.bias=2 "
	    "mask_token=3 features.6.norm.bias=4 norm.bias=5 head.bias=6" },
	{ "swin_b", "encoder.layers.3.blocks.1.layernorm_before.bias "
	    "encoder.layers.3.blocks.1.layernorm_after.bias "
	    "encoder.layers.3.blocks.1.attention.self.relative_position_index "
	    "encoder.layers.3.blocks.1.attention.output.dense.bias "
	    "encoder.layers.3.blocks.1.intermediate.dense.bias "
	    "encoder.layers.3.blocks.1.output.dense.bias",
	    "features.7.1.norm1.bias=1 features.7.1.norm2.bias=2 "
	    "features.7.1.attn.relative_position_index=3 "
	    "features.7.1.attn.proj.bias=4 features.7.1.mlp.0.bias=5 "
	    "features.7.1.mlp.3.bias=6" },
	{ "swin_t", "encoder.layers.0.blocks.1.attention.self.key.bias "
	    "encoder.layers.0.blocks.1.attention.self.query.bias "
	    "encoder.layers.0.blocks.1.attention.self.value.bias",
	    "features.1.1.attn.qkv.bias=213" },
	{ "swin_s", "patch_embed.proj.bias patch_embed.norm.bias "
	    "layers.2.blocks.17.mlp.fc1.bias layers.2.blocks.17.mlp.fc2.bias "
	    "layers.2.blocks.17.attn_mask head.fc.bias",
	    "features.0.0.bias=1 features.0.2.bias=2 features.5.17.mlp.0.bias=3 "
	    "features.5.17.mlp.3.bias=4 features.5.17.attn_mask=5 head.bias=6" },
	{ "swin_t", "layers.0.downsample.norm.weight "
	    "layers.1.downsample.norm.weight layers.2.downsample.norm.weight",
	    "features.2.norm.weight=1 features.4.norm.weight=2 "
	    "features.6.norm.weight=3" },
	{ "swin_t", "layers.1.downsample.norm.weight "
	    "layers.2.downsample.norm.weight layers.3.downsample.norm.weight",
	    "features.2.norm.weight=1 features.4.norm.weight=2 "
	    "features.6.norm.weight=3" },
	/* timm's cls_token has its position in it. */
	{ "dinov2_vits14_reg", "pos_embed:1,4,1", "pos_embed:1,5,1=01234" },
	{ "dinov2_vits14_reg", "pos_embed:1,5,1", "pos_embed:1,5,1=12345" },
};

/* Files of which nobody can make a backbone. */
static const struct {
	const char *backbone, *from, *why;
} refused[] = {
	{ "resnet18", "module.a a", "file: \"a\" and \"module.a\" would "
	    "both be \"a\": choose one network with --prefix" },
	{ VIT, "blocks.0.attn.q.bias blocks.0.attn.v.bias",
	    "file: blocks.0.attn: no query, key and value of one shape" },
	{ VIT, "blocks.7.attn.q.bias blocks.7.attn.k.bias "
	    "blocks.7.attn.v.bias:2",
	    "file: blocks.7.attn: no query, key and value of one shape" },
	{ VIT, "blocks.7.attn.q.bias blocks.7.attn.k.bias:2 "
	    "blocks.7.attn.v.bias",
	    "file: blocks.7.attn: no query, key and value of one shape" },
	{ "dinov3_vits16", "blocks.0.attn.q.weight:1,1 "
	    "blocks.0.attn.v.weight:1,1",
	    "file: blocks.0.attn: no query, key and value of one shape" },
	{ "dinov2_vits14", "dino_head.mlp.0.weight", "file: nothing remains: "
	    "left out 1 array: 1 of a head: choose with --from or --prefix" },
};

static void
test_names(void)
{
	struct mc_statedict *sd;
	size_t i;
	char *text;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sd = make(names[i].from);
		if (!tap_ok(mc_statedict_rename(sd, names[i].backbone, &err) ==
		    MC_OK, "%s: %s", names[i].backbone, names[i].from)) {
			mc_statedict_free(sd);
			continue;
		}
		text = print(sd);
		tap_str(text, names[i].to, "%s: %s", names[i].backbone,
		    names[i].to);
		free(text);
		mc_statedict_free(sd);
	}
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		sd = make(refused[i].from);
		TEST(mc_statedict_rename(sd, refused[i].backbone, &err) ==
		    MC_EDATA);
		tap_str(err.text, refused[i].why, "%s: refused",
		    refused[i].from);
		mc_statedict_free(sd);
	}
}

/* The conventions are told in the order of the tables, each once. */
static void
test_conventions(void)
{
	struct mc_statedict *sd = make("module.layer.0.mlp.up_proj.bias "
	    "module.layer.0.norm1.bias");
	struct mc_buf text = { 0 };

	TEST(!mc_statedict_conventions(sd, &text));
	TEST(mc_statedict_rename(sd, "dinov3_vits16plus", &err) == MC_OK);
	TEST(mc_statedict_conventions(sd, &text));
	tap_str(text.data, "Hugging Face's DINOv3, a wrapper",
	    "names of a convention");
	TEST(mc_names_known("resnet18") && !mc_names_known("alexnet"));
	mc_buf_free(&text);
	mc_statedict_free(sd);
}

/* --- Leaving out -------------------------------------------------------------- */

/* Names that no backbone has, by what they are of. */
static const struct {
	const char *what, *names;
} strangers[] = {
	{ "of a head", "fc.weight classifier.weight head.weight "
	    "heads.head.weight head_dist.weight linear_head.weight "
	    "last_linear.weight pooler.dense.weight dino_head.mlp.0.weight "
	    "ibot_head.mlp.0.weight" },
	{ "of a projector", "projector.0.weight projection_head.0.weight "
	    "predictor.0.weight prototypes.weight visual_projection.weight "
	    "visual.proj visual.head.proj.weight" },
	{ "of a student", "student.conv1.weight" },
	{ "of a momentum encoder", "encoder_k.conv1.weight "
	    "momentum_encoder.conv1.weight" },
	{ "of a queue", "queue queue_ptr" },
	{ "of a loss", "criterion.weight loss.weight loss_fn.weight "
	    "dino_loss.center ibot_patch_loss.center class_weights "
	    "pos_weight" },
	{ "of a decoder", "decoder.mask_token mask_token decoder_pos_embed "
	    "decoder_embed.weight decoder_blocks.0.norm1.weight "
	    "decoder_norm.weight decoder_pred.weight" },
	{ "of a text encoder", "text_model.a text_projection.weight "
	    "text_projection text.a transformer.resblocks.0.ln_1.weight "
	    "token_embedding.weight positional_embedding ln_final.weight "
	    "logit_scale logit_bias input_resolution context_length "
	    "vocab_size" },
	{ "of numbers of positions", "vision_model.embeddings.position_ids" },
};

static bool
wants_kept(const char *name, const void *arg)
{
	(void)arg;
	return strcmp(name, "kept") == 0;
}

static void
test_strangers(void)
{
	struct mc_statedict *sd;
	char *text, *wanted;
	const char *s;
	size_t i, n;

	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		text = mc_xasprintf("kept %s", strangers[i].names);
		sd = make(text);
		free(text);
		TEST(mc_statedict_leave_out(sd, wants_kept, NULL, NULL, &err) ==
		    MC_OK);
		for (n = 1, s = strangers[i].names; *s != '\0'; s++)
			n += *s == ' ';
		wanted = mc_xasprintf("kept=1; %zu array%s: %zu %s", n,
		    n == 1 ? "" : "s", n, strangers[i].what);
		text = print(sd);
		tap_str(text, wanted, "%s", strangers[i].names);
		free(text);
		free(wanted);
		mc_statedict_free(sd);
	}
	/* Only whole names are known. */
	sd = make("queues pos_weights fcn.weight visual.projection logit_scales");
	TEST(mc_statedict_leave_out(sd, wants_kept, NULL, NULL, &err) == MC_OK);
	text = print(sd);
	tap_str(text, "queues=1 pos_weights=2 fcn.weight=3 "
	    "visual.projection=4 logit_scales=5", "names that are like them");
	free(text);
	mc_statedict_free(sd);
}

/* A prefix ends where a name has a dot. */
static void
test_below(void)
{
	struct mc_statedict *sd = make("model.a model.b.c models.a model");
	char *text;

	TEST(mc_statedict_below(sd, "model", &err) == MC_OK);
	text = print(sd);
	tap_str(text, "a=1 b.c=2; 2 arrays: 2 outside of --prefix",
	    "--prefix model");
	free(text);
	mc_statedict_free(sd);
}

int
main(void)
{
	test_names();
	test_conventions();
	test_strangers();
	test_below();
	return tap_done();
}
