/* printed.c - call models, classes and the like what a paper calls them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "report/printed.h"
#include "table/tsv.h"

struct mc_printed {
	struct mc_table *table;		/* NULL: no file */
	struct mc_names *keys;		/* of the file, by their rows */
	size_t column;			/* of the names */
	bool *used;			/* [row] */
	bool usual;
	struct mc_names *arms;		/* texts that were put together */
};

/* Backbones as their papers spell them; without a row the name is printed. */
static const struct {
	const char *key, *name;
} usual[] = {
	{ "frozen", "frozen" },
	{ "finetune", "fine-tuned" },
	{ "vgg11", "VGG-11" },
	{ "vgg13", "VGG-13" },
	{ "vgg16", "VGG-16" },
	{ "vgg19", "VGG-19" },
	{ "vgg11_bn", "VGG-11 BN" },
	{ "vgg13_bn", "VGG-13 BN" },
	{ "vgg16_bn", "VGG-16 BN" },
	{ "vgg19_bn", "VGG-19 BN" },
	{ "resnet18", "ResNet-18" },
	{ "resnet34", "ResNet-34" },
	{ "resnet50", "ResNet-50" },
	{ "resnet101", "ResNet-101" },
	{ "resnet152", "ResNet-152" },
	{ "wide_resnet50_2", "Wide ResNet-50-2" },
	{ "wide_resnet101_2", "Wide ResNet-101-2" },
	{ "resnext50_32x4d", "ResNeXt-50 32x4d" },
	{ "resnext101_32x8d", "ResNeXt-101 32x8d" },
	{ "resnext101_64x4d", "ResNeXt-101 64x4d" },
	{ "densenet121", "DenseNet-121" },
	{ "densenet161", "DenseNet-161" },
	{ "densenet169", "DenseNet-169" },
	{ "densenet201", "DenseNet-201" },
	{ "convnext_tiny", "ConvNeXt-T" },
	{ "convnext_small", "ConvNeXt-S" },
	{ "convnext_base", "ConvNeXt-B" },
	{ "convnext_large", "ConvNeXt-L" },
	{ "efficientnet_b0", "EfficientNet-B0" },
	{ "efficientnet_b1", "EfficientNet-B1" },
	{ "efficientnet_b2", "EfficientNet-B2" },
	{ "efficientnet_b3", "EfficientNet-B3" },
	{ "efficientnet_b4", "EfficientNet-B4" },
	{ "efficientnet_v2_s", "EfficientNetV2-S" },
	{ "efficientnet_v2_m", "EfficientNetV2-M" },
	{ "mobilenet_v3_large", "MobileNetV3-Large" },
	{ "swin_t", "Swin-T" },
	{ "swin_s", "Swin-S" },
	{ "swin_b", "Swin-B" },
	{ "dinov2_vits14", "DINOv2 ViT-S/14" },
	{ "dinov2_vits14_reg", "DINOv2 ViT-S/14 with registers" },
	{ "dinov2_vitb14", "DINOv2 ViT-B/14" },
	{ "dinov2_vitb14_reg", "DINOv2 ViT-B/14 with registers" },
	{ "dinov2_vitl14", "DINOv2 ViT-L/14" },
	{ "dinov2_vitl14_reg", "DINOv2 ViT-L/14 with registers" },
	{ "dinov2_vitg14", "DINOv2 ViT-g/14" },
	{ "dinov2_vitg14_reg", "DINOv2 ViT-g/14 with registers" },
	{ "vit_tiny_patch16_224", "ViT-Ti/16" },
	{ "vit_small_patch16_224", "ViT-S/16" },
	{ "vit_base_patch16_224", "ViT-B/16" },
	{ "vit_large_patch16_224", "ViT-L/16" },
	{ "deit_tiny_patch16_224", "DeiT-Ti/16" },
	{ "deit_small_patch16_224", "DeiT-S/16" },
	{ "deit_base_patch16_224", "DeiT-B/16" },
	{ "mae_vit_base_patch16", "MAE ViT-B/16" },
	{ "mae_vit_large_patch16", "MAE ViT-L/16" },
	{ "mae_vit_huge_patch14", "MAE ViT-H/14" },
	{ "dinov3_vits16", "DINOv3 ViT-S/16" },
	{ "dinov3_vits16plus", "DINOv3 ViT-S+/16" },
	{ "dinov3_vitb16", "DINOv3 ViT-B/16" },
	{ "dinov3_vitl16", "DINOv3 ViT-L/16" },
	{ "dinov3_vitl16plus", "DINOv3 ViT-L+/16" },
	{ "dinov3_vith16plus", "DINOv3 ViT-H+/16" },
	{ "dinov3_convnext_tiny", "DINOv3 ConvNeXt-T" },
	{ "dinov3_convnext_small", "DINOv3 ConvNeXt-S" },
	{ "dinov3_convnext_base", "DINOv3 ConvNeXt-B" },
	{ "dinov3_convnext_large", "DINOv3 ConvNeXt-L" },
	{ "vit_base_patch32_clip_224", "CLIP ViT-B/32" },
	{ "vit_base_patch16_clip_224", "CLIP ViT-B/16" },
	{ "vit_large_patch14_clip_224", "CLIP ViT-L/14" },
	{ "vit_base_patch32_clip_quickgelu_224", "CLIP ViT-B/32 (QuickGELU)" },
	{ "vit_base_patch16_clip_quickgelu_224", "CLIP ViT-B/16 (QuickGELU)" },
	{ "vit_large_patch14_clip_quickgelu_224", "CLIP ViT-L/14 (QuickGELU)" },
	{ "vit_base_patch16_siglip_224", "SigLIP ViT-B/16" },
	{ "vit_large_patch16_siglip_256", "SigLIP ViT-L/16" },
	{ "rad-dino", "RAD-DINO" },
	{ "radimagenet-resnet50", "RadImageNet ResNet-50" },
	{ "radimagenet-densenet121", "RadImageNet DenseNet-121" },
	{ "torchxrayvision-densenet121", "TorchXRayVision DenseNet-121" },
	{ "retfound_mae_naturecfp", "RETFound (CFP)" },
	{ "retfound_mae_natureoct", "RETFound (OCT)" },
	{ "dinobloom-s", "DinoBloom-S" },
	{ "dinobloom-b", "DinoBloom-B" },
	{ "dinobloom-l", "DinoBloom-L" },
	{ "dinobloom-g", "DinoBloom-G" },
	{ "uni", "UNI" },
	{ "uni2-h", "UNI2-h" },
	{ "virchow2", "Virchow2" },
	{ "phikon", "Phikon" },
	{ "phikon-v2", "Phikon-v2" },
	{ "plip", "PLIP" },
	{ "biomedclip", "BiomedCLIP" },
	{ "medsiglip-448", "MedSigLIP" },
};

static const char *
usual_name(const char *key)
{
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (strcmp(usual[i].key, key) == 0)
			return usual[i].name;
	}
	return key;
}

/* --- The file ------------------------------------------------------------- */

static enum mc_status
check_row(struct mc_printed *p, struct mc_names *names, size_t row,
    size_t key, struct mc_err *err)
{
	const struct mc_table *t = p->table;
	const char *text = mc_table_get(t, row, key);
	const char *name = mc_table_get(t, row, p->column);
	const char *twice = NULL;
	size_t first = row;

	if (*text == '\0' || *name == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "column \"%s\": empty",
		    *text == '\0' ? "key" : "name");
	if ((first = mc_names_add(p->keys, text)) != row)
		twice = text;
	else if ((first = mc_names_add(names, name)) != row)
		twice = name;
	if (twice == NULL)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(t),
	    mc_table_line(t, row), "\"%s\" is also in line %lld", twice,
	    (long long)mc_table_line(t, first));
}

static enum mc_status
read_file(struct mc_printed *p, const char *path, struct mc_err *err)
{
	static const char *const columns[] = { "key", "name" };
	struct mc_names *names = mc_names_alloc();
	enum mc_status status;
	int index[2];
	size_t row;

	status = mc_table_read(&p->table, path, err);
	if (status == MC_OK)
		status = mc_table_bind(p->table, columns, 2, 2, index, err);
	if (status == MC_OK) {
		p->column = (size_t)index[1];
		p->used = mc_xcalloc(mc_table_rows(p->table) + 1,
		    sizeof(*p->used));
	}
	for (row = 0; status == MC_OK && row < mc_table_rows(p->table); row++)
		status = check_row(p, names, row, (size_t)index[0], err);
	mc_names_free(names);
	return status;
}

enum mc_status
mc_printed_read(struct mc_printed **result, const char *path, bool usual_too,
    struct mc_err *err)
{
	struct mc_printed *p = mc_xcalloc(1, sizeof(*p));
	enum mc_status status = MC_OK;

	*result = NULL;
	p->usual = usual_too;
	p->keys = mc_names_alloc();
	p->arms = mc_names_alloc();
	if (path != NULL)
		status = read_file(p, path, err);
	if (status == MC_OK)
		*result = p;
	else
		mc_printed_free(p);
	return status;
}

void
mc_printed_free(struct mc_printed *p)
{
	if (p == NULL)
		return;
	mc_table_free(p->table);
	mc_names_free(p->keys);
	mc_names_free(p->arms);
	free(p->used);
	free(p);
}

/* --- Names ---------------------------------------------------------------- */

/* What the file has for KEY, or NULL. */
static const char *
own_name(struct mc_printed *p, const char *key)
{
	size_t row = mc_names_find(p->keys, key);

	if (row == MC_NO_NAME)
		return NULL;
	p->used[row] = true;
	return mc_table_get(p->table, row, p->column);
}

/* What is printed for KEY, a backbone or a regime. */
static const char *
name_of(struct mc_printed *p, const char *key)
{
	const char *name = own_name(p, key);

	return name != NULL ? name : p->usual ? usual_name(key) : key;
}

/* What is printed for ARM, "resnet50/frozen": "ResNet-50, frozen", where the
   model or the regime has a name. */
static const char *
arm_name(struct mc_printed *p, const char *arm)
{
	const char *name = own_name(p, arm), *slash = strrchr(arm, '/');
	const char *model_name, *regime_name;
	char *model, *text;
	size_t number;

	if (name != NULL || slash == NULL)
		return name != NULL ? name : name_of(p, arm);
	model = mc_xstrndup(arm, (size_t)(slash - arm));
	model_name = name_of(p, model);
	regime_name = name_of(p, slash + 1);
	/* Neither has one. */
	if (model_name == model && regime_name == slash + 1) {
		free(model);
		return arm;
	}
	text = mc_xasprintf("%s, %s", model_name, regime_name);
	number = mc_names_copy(p->arms, text);
	free(text);
	free(model);
	return mc_names_at(p->arms, number);
}

/* What is printed for TEXT, which stands in COLUMN. */
static const char *
printed(void *arg, const char *column, const char *text)
{
	static const char *const named[] = { "task", "features", "subgroup",
	    "class", "label", "predicted", "column", "value" };
	struct mc_printed *p = arg;
	const char *name;
	size_t i;

	if (strcmp(column, "arm") == 0 || strncmp(column, "arm_", 4) == 0)
		return arm_name(p, text);
	if (strcmp(column, "model") == 0 || strcmp(column, "regime") == 0)
		return name_of(p, text);
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(column, named[i]) == 0)
			return (name = own_name(p, text)) != NULL ? name :
			    text;
	}
	return text;
}

void
mc_printed_apply(struct mc_printed *p, struct mc_rows *r)
{
	if (p != NULL)
		mc_rows_rename(r, printed, p);
}

const char *
mc_printed_unused(const struct mc_printed *p)
{
	size_t n = p != NULL ? mc_names_count(p->keys) : 0, i;

	for (i = 0; i < n; i++) {
		if (!p->used[i])
			return mc_names_at(p->keys, i);
	}
	return NULL;
}
