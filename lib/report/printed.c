/* printed.c - call models, classes and the like what a paper calls them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/bidi.h"
#include "base/mem.h"
#include "report/printed.h"
#include "stats/remarks.h"
#include "table/tsv.h"

#define MOST_NAMED	5	/* keys in a message */

struct mc_printed {
	struct mc_table *table;		/* NULL: no file */
	struct mc_names *keys;		/* of the file, by their rows */
	size_t column;			/* of the names */
	bool *used;			/* [row] */
	bool usual;
	struct mc_names *texts;		/* that are no longer in a table */
	struct mc_names *shown;		/* "KIND<TAB>COLUMN<TAB>NAME" */
	const char **original;		/* [shown]: of what */
	size_t cap;
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
check_row(struct mc_printed *p, size_t row, size_t key, struct mc_err *err)
{
	const struct mc_table *t = p->table;
	const char *text = mc_table_get(t, row, key);
	size_t first;

	if (*text == '\0' || *mc_table_get(t, row, p->column) == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "column \"%s\": empty",
		    *text == '\0' ? "key" : "name");
	first = mc_names_add(p->keys, text);
	if (first == row)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(t),
	    mc_table_line(t, row), "\"%s\" is also in line %lld", text,
	    (long long)mc_table_line(t, first));
}

static enum mc_status
read_file(struct mc_printed *p, const char *path, struct mc_err *err)
{
	static const char *const columns[] = { "key", "name" };
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
		status = check_row(p, row, (size_t)index[0], err);
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
	p->texts = mc_names_alloc();
	p->shown = mc_names_alloc();
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
	mc_names_free(p->texts);
	mc_names_free(p->shown);
	free(p->original);
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

/* TEXT, for as long as P is. */
static const char *
kept(struct mc_printed *p, const char *text)
{
	return mc_names_at(p->texts, mc_names_copy(p->texts, text));
}

/* What is printed for ARM, "resnet50/frozen": "ResNet-50, frozen", where the
   model or the regime has a name. */
static const char *
arm_name(struct mc_printed *p, const char *arm)
{
	const char *name = own_name(p, arm), *slash = strrchr(arm, '/');
	const char *model_name, *regime_name;
	char *model, *text;

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
	name = kept(p, text);
	free(text);
	free(model);
	return name;
}

/* --- Tables --------------------------------------------------------------- */

/* How the texts of a column are printed, and what they are names of. */
static const struct named {
	const char *column, *kind;
	enum { OWN, BACKBONE, ARM, VALUE } how;
} named[] = {
	{ "task", "task", OWN },
	{ "arm", "arm", ARM },
	{ "arm_a", "arm", ARM },
	{ "arm_b", "arm", ARM },
	{ "model", "model", BACKBONE },
	{ "regime", "regime", BACKBONE },
	{ "features", "features", OWN },
	{ "subgroup", "subgroup", OWN },
	{ "class", "class", OWN },
	{ "label", "class", OWN },
	{ "predicted", "class", OWN },
	{ "column", "column", OWN },
	{ "value", "value", VALUE },	/* of the column of its row */
};

/* What mc_printed_apply works with. */
struct renaming {
	struct mc_printed *p;
	struct mc_rows *r;
	const char *characteristic;	/* of this row, before its value */
	enum mc_status status;
	struct mc_err *err;
};

static const char *
name_in(struct mc_printed *p, const struct named *n, const char *text)
{
	const char *name;

	if (n->how == ARM)
		return arm_name(p, text);
	if (n->how == BACKBONE)
		return name_of(p, text);
	return (name = own_name(p, text)) != NULL ? name : text;
}

/*
 * Note that TEXT is printed as NAME.  Returns another text of its kind (and of the
 * CHARACTERISTIC, of a value) that is printed so, or NULL.
 */
static const char *
note_name(struct mc_printed *p, const struct named *n,
    const char *characteristic, const char *text, const char *name)
{
	size_t known = mc_names_count(p->shown), i;
	char *key = mc_xasprintf("%s\t%s\t%s", n->kind, n->how == VALUE ?
	    characteristic : "", name);

	i = mc_names_copy(p->shown, key);
	free(key);
	if (i == known) {
		p->original = mc_xgrow(p->original, known, &p->cap,
		    sizeof(*p->original));
		p->original[i] = kept(p, text);
	}
	return strcmp(p->original[i], text) != 0 ? p->original[i] : NULL;
}

/* The error that OTHER and TEXT, in COLUMN at PLACE (""), would look alike. */
static enum mc_status
alike(const char *place, const char *column, const char *other,
    const char *text, const char *name, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s%scolumn \"%s\": \"%s\" and "
	    "\"%s\" would both be printed as \"%s\": --names can give one of "
	    "them another name", place, *place != '\0' ? ": " : "", column,
	    other, text, name);
}

/*
 * NAME with what bidi.h says, for as long as P is.  A task, and a finding behind its
 * colon, are two names, so that they can still be told apart there.
 */
static const char *
isolated(struct mc_printed *p, const char *name)
{
	const char *colon = strrchr(name, ':');
	struct mc_buf text = { 0 };
	char *task;

	if (colon != NULL) {
		task = mc_xstrndup(name, (size_t)(colon - name));
		mc_bidi_put(&text, task);
		mc_buf_puts(&text, ":");
		free(task);
	}
	mc_bidi_put(&text, colon != NULL ? colon + 1 : name);
	if (strcmp(text.data, name) != 0)
		name = kept(p, text.data);
	mc_buf_free(&text);
	return name;
}

/* NOTE with the names that its remarks quote as they are in print: for as long as P
   is, or NOTE itself. */
static const char *
note_in_print(struct mc_printed *p, const char *note)
{
	const char *end, *name, *shown;
	struct mc_buf text = { 0 };
	char *quoted, *again;

	if (strchr(note, '"') == NULL)
		return note;
	for (; *note != '\0'; note = end) {
		end = mc_remark_quoted(note, &quoted);
		if (quoted == NULL) {
			mc_buf_add(&text, note, (size_t)(end - note));
			continue;
		}
		name = arm_name(p, quoted);
		name = p->usual ? isolated(p, name) : name;
		again = mc_remark_name(name);
		mc_buf_puts(&text, again);
		free(again);
		free(quoted);
	}
	shown = kept(p, text.data);
	mc_buf_free(&text);
	return shown;
}

/* What is printed for TEXT, which stands in COLUMN of ROW. */
static const char *
printed(void *arg, size_t row, const char *column, const char *text)
{
	struct renaming *x = arg;
	const char *name, *other;
	size_t i;

	if (strcmp(column, "column") == 0)
		x->characteristic = text;
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(column, named[i].column) != 0)
			continue;
		name = name_in(x->p, &named[i], text);
		if (x->p->usual)
			name = isolated(x->p, name);
		other = note_name(x->p, &named[i], x->characteristic, text,
		    name);
		if (other != NULL && x->status == MC_OK)
			x->status = alike(mc_rows_place(x->r, row), column,
			    other, text, name, x->err);
		return name;
	}
	if (strcmp(column, "note") == 0)
		return note_in_print(x->p, text);
	if (x->p->usual && (strcmp(column, "split") == 0 ||
	    strcmp(column, "fold") == 0 || strcmp(column, "reason") == 0))
		return isolated(x->p, text);
	return text;
}

enum mc_status
mc_printed_apply(struct mc_printed *p, struct mc_rows *r, struct mc_err *err)
{
	struct renaming x = { p, r, "", MC_OK, err };

	mc_rows_rename(r, printed, &x);
	return x.status;
}

enum mc_status
mc_printed_text(struct mc_printed *p, const char *column, const char *text,
    const char **name, struct mc_err *err)
{
	const char *other;
	size_t i;

	*name = text;
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(column, named[i].column) != 0)
			continue;
		*name = name_in(p, &named[i], text);
		other = note_name(p, &named[i], "", text, *name);
		return other == NULL ? MC_OK : alike("", column, other, text,
		    *name, err);
	}
	return MC_OK;
}

const char *
mc_printed_name(const struct mc_printed *p, const char *key)
{
	size_t row = mc_names_find(p->keys, key);

	return row != MC_NO_NAME ? mc_table_get(p->table, row, p->column) :
	    p->usual ? usual_name(key) : key;
}

size_t
mc_printed_rank(const struct mc_printed *p, const char *column,
    const char *name)
{
	size_t at = MC_NO_NAME, i;
	char *key;

	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(column, named[i].column) != 0)
			continue;
		key = mc_xasprintf("%s\t\t%s", named[i].kind, name);
		at = mc_names_find(p->shown, key);
		free(key);
		break;
	}
	return at == MC_NO_NAME ? at : mc_names_find(p->keys, p->original[at]);
}

char *
mc_printed_unused(const struct mc_printed *p)
{
	size_t n = mc_names_count(p->keys), unused = 0, i;
	struct mc_buf text = { 0 };

	for (i = 0; i < n; i++) {
		if (!p->used[i] && unused++ < MOST_NAMED)
			mc_buf_printf(&text, "%s\"%s\"", unused > 1 ? ", " :
			    "", mc_names_at(p->keys, i));
	}
	if (unused == 0)
		return NULL;
	if (unused > MOST_NAMED)
		mc_buf_printf(&text, " and %zu more", unused - MOST_NAMED);
	mc_buf_printf(&text, " %s in no table", unused > 1 ? "are" : "is");
	return text.data;
}

const char *
mc_printed_method(const char *method)
{
	if (strcmp(method, "gradcam") == 0)
		return "Grad-CAM";
	return strcmp(method, "rollout") == 0 ? "attention rollout" : method;
}
