/*
 * Every backbone against what the reference implementations compute with the
 * same parameters: tests/golden/backbones, every sixteenth value.  Those of timm
 * are loaded from a file with timm's names.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "backbone/families.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/out.h"
#include "device.h"
#include "formula.h"
#include "tap.h"
#include "weights/names.h"
#include "weights/safetensors.h"
#include "weights/statedict.h"

/* Where a quantity of a golden file lies in our features. */
struct golden {
	const char *file, *backbone;
	int side;
	const char *quantity, *features;
	int offset;
};

#define CNN(name, quantity, features) \
	{ name, name, 224, quantity, features, 0 }
#define VIT(file, name, side, dim) \
	{ file, name, side, "cls", "cls", 0 }, \
	{ file, name, side, "patch_mean", "cls+mean", dim }, \
	{ file, name, side, "lc_input", "last4", 0 }, \
	{ file, name, side, "lc_logits", "lc", 0 }
#define TIMM(name, quantity, features, offset) \
	{ "timm_vit_" name, "vit_" name, 224, quantity, features, offset }

/* Networks of the registry that the golden values are of in part. */
static const struct mc_backbone_info own[] = {
	{ "dinov2_vitg14, two blocks", "", NET_VIT(VIT_DINOV2, 14, 1536, 2, 24,
	    VIT_SWIGLU_FUSED, 4096, VIT_GRID_OFFSET, 16, true, .scale = 1,
	    .epsilon = 1e-6), { 0 }, 14, 14, { { "cls", 1536 } } }
};

static const struct golden goldens[] = {
	CNN("resnet18", "pooled", "pooled"),
	CNN("resnet18", "logits", "logits"),
	CNN("resnet50", "pooled", "pooled"),
	CNN("resnet50", "logits", "logits"),
	CNN("densenet121", "pooled", "pooled"),
	CNN("densenet121", "logits", "logits"),
	CNN("vgg16", "pooled_mean_7x7", "pooled"),
	CNN("vgg16", "penultimate", "penultimate"),
	CNN("vgg16", "logits", "logits"),
	VIT("dinov2_vits14", "dinov2_vits14", 224, 384),
	VIT("dinov2_vits14_336", "dinov2_vits14", 336, 384),
	VIT("dinov2_vits14_reg", "dinov2_vits14_reg", 224, 384),
	VIT("dinov2_vits14_reg_336", "dinov2_vits14_reg", 336, 384),
	VIT("dinov2_vitb14", "dinov2_vitb14", 224, 768),
	VIT("dinov2_vitl14", "dinov2_vitl14", 224, 1024),
	/* Trained at 224 pixels: a position embedding of 16 x 16. */
	{ "timm_vit_small_patch14_dinov2", "dinov2_vits14", 224,
	    "pooled", "cls", 0 },
	{ "timm_vit_small_patch14_reg4_dinov2", "dinov2_vits14_reg", 224,
	    "pooled", "cls", 0 },
	{ "timm_vit_small_patch14_reg4_dinov2", "dinov2_vits14_reg", 224,
	    "patch_mean", "cls+mean", 384 },
	{ "timm_vit_giant_patch14_dinov2", "dinov2_vitg14, two blocks", 224,
	    "pooled", "cls", 0 },
	TIMM("small_patch16_224", "pooled", "cls", 0),
	TIMM("small_patch16_224", "patch_mean", "mean", 0),
	TIMM("base_patch16_224", "pooled", "cls", 0),
	{ "timm_vit_small_patch16_dinov3", "dinov3_vits16", 224,
	    "token0", "cls", 0 },
	{ "timm_vit_small_patch16_dinov3", "dinov3_vits16", 224,
	    "patch_mean", "cls+mean", 384 },
	{ "timm_resnet50", "resnet50", 224, "pooled", "pooled", 0 },
	{ "timm_convnext_tiny", "convnext_tiny", 224, "pooled", "pooled", 0 },
	{ "timm_swin_tiny_patch4_window7_224", "swin_t", 224, "pooled",
	    "pooled", 0 },
	{ "timm_efficientnet_b0", "efficientnet_b0", 224, "pooled", "pooled",
	    0 },
	{ "dinov3_vits16", "dinov3_vits16", 224, "cls", "cls", 0 },
	{ "dinov3_vits16", "dinov3_vits16", 224, "patch_mean", "cls+mean", 384 },
	{ "dinov3_vits16_336", "dinov3_vits16", 336, "last4", "last4", 0 },
	{ "dinov3_vits16plus", "dinov3_vits16plus", 224, "last4", "last4", 0 },
	{ "dinov3_vitb16", "dinov3_vitb16", 224, "last4", "last4", 0 },
	{ "dinov3_convnext_tiny", "dinov3_convnext_tiny", 224, "cls", "cls", 0 },
	{ "dinov3_convnext_tiny", "dinov3_convnext_tiny", 224, "patch_mean",
	    "mean", 0 },
	{ "dinov3_convnext_tiny", "dinov3_convnext_tiny", 224, "patch_mean",
	    "cls+mean", 768 },
	TIMM("base_patch16_clip_224", "pooled", "cls", 0),
	TIMM("base_patch32_clip_quickgelu_224", "patch_mean", "cls+mean", 768),
	TIMM("base_patch16_siglip_224", "pooled", "pooled", 0),
};

/* The network NAME of own, or of the registry. */
static const struct mc_backbone_info *
network(const char *name, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i].name, name) == 0)
			return &own[i];
	return mc_backbone_find(name, err);
}

/* What a file of golden values is for: an array for each line. */
struct arrays {
	struct mc_array *a;
	size_t n, cap;
	float *values;		/* of the array that was asked for last */
};

/* The arrays that NAMES lists: a name, a TAB and a shape, such as 1x197x384. */
static void
list_arrays(struct arrays *list, FILE *names)
{
	char name[64], shape[64], *s;
	struct mc_array *a;

	while (fscanf(names, "%63s %63s%*[^\n]", name, shape) == 2) {
		if (strcmp(name, "name") == 0)
			continue;
		list->a = mc_xgrow(list->a, list->n, &list->cap,
		    sizeof(*list->a));
		a = &list->a[list->n++];
		*a = (struct mc_array){ .name = mc_xstrdup(name),
		    .dtype = MC_F32, .n = 1 };
		for (s = shape; *s != '\0'; s += *s == 'x') {
			a->shape[a->ndim] = strtoll(s, &s, 10);
			a->n *= (size_t)a->shape[a->ndim++];
		}
	}
}

/* The formula's values of array I of ARG. */
static const void *
array_values(size_t i, void *arg)
{
	struct arrays *list = arg;
	const struct mc_array *a = &list->a[i];

	list->values = mc_xreallocarray(list->values, a->n,
	    sizeof(*list->values));
	formula_values(a->name, a->ndim, a->shape, a->n, list->values);
	return list->values;
}

/*
 * Load B from a file with the formula's values under the names of timm's state
 * dict, as users have it: FILE.names.tsv lists them.
 */
static enum mc_status
load(struct mc_backbone *b, const char *file, struct mc_err *err)
{
	char *path = mc_xasprintf("%s/tests/golden/backbones/%s.names.tsv",
	    getenv("abs_srcdir"), file);
	FILE *names = fopen(path, "r"), *spool = mc_spool_open(err);
	struct mc_statedict *sd = NULL;
	struct arrays list = { 0 };
	enum mc_status status = MC_EIO;
	size_t i;

	if (names == NULL || spool == NULL)
		goto out;
	list_arrays(&list, names);
	status = mc_safetensors_stream(spool, list.a, list.n, array_values,
	    &list, err);
	if (status == MC_OK)
		status = mc_spool_rewind(spool, err);
	if (status == MC_OK)
		status = mc_statedict_from_spool(&sd, spool, file, err);
	if (status == MC_OK)
		status = mc_statedict_rename(sd, mc_backbone_info(b)->name,
		    err);
	if (status == MC_OK)
		status = mc_backbone_load(b, sd, NULL, err);
out:
	if (names == NULL)
		mc_err_errno(err, path);
	else
		fclose(names);
	if (spool != NULL)
		fclose(spool);
	mc_statedict_free(sd);
	for (i = 0; i < list.n; i++)
		free((char *)list.a[i].name);
	free(list.a);
	free(list.values);
	free(path);
	return status;
}

/*
 * Fill the parameters of B.  The state dict of DINOv3's ConvNeXt has the last
 * norm under two names, of which the golden values were made with the second.
 */
static enum mc_status
fill(struct mc_torch *t, struct mc_backbone *b, struct mc_err *err)
{
	enum mc_status status = formula_fill(t, b, err);
	const struct mc_param *p;
	size_t i;

	for (i = 0; (p = mc_backbone_param(b, i)) != NULL; i++) {
		char name[32];
		float v[768];

		if (strncmp(mc_backbone_info(b)->name, "dinov3_convnext", 15) !=
		    0 || strncmp(p->name, "norm.", 5) != 0)
			continue;
		snprintf(name, sizeof(name), "norms.3.%s", p->name + 5);
		formula_values(name, p->ndim, p->shape, p->n, v);
		mc_fill_f32(t, p->tensor, v, p->n);
	}
	return status;
}

/* The features that FEATURES of the backbone gives for the formula's image. */
static float *
features(struct mc_torch *t, const struct golden *g, bool sealed,
    struct mc_err *err)
{
	const struct mc_backbone_info *info = network(g->backbone, err);
	struct mc_backbone *b = NULL;
	float *out = NULL;
	size_t dim;

	if (info == NULL || mc_backbone_make(&b, t, info, g->features,
	    MC_FLOAT32, err) != MC_OK)
		goto out;
	if ((strncmp(g->file, "timm_", 5) == 0 ? load(b, g->file, err) :
	    fill(t, b, err)) != MC_OK)
		goto out;
	if (sealed)
		mc_backbone_seal(b);
	dim = (size_t)mc_backbone_features(b)->dim;
	out = mc_xcalloc(dim, sizeof(*out));
	mc_scope_open(t);
	mc_to_f32(t, mc_backbone_forward(b, formula_input(t, 1, g->side)),
	    out, dim);
	mc_scope_close(t, NULL);
	tap_ok((mc_backbone_param(b, 0)->tensor == NULL) == sealed,
	    "%s: parameters are kept unless sealed", g->backbone);
	if (mc_torch_check(t, err) != MC_OK) {
		free(out);
		out = NULL;
	}
out:
	mc_backbone_free(b);
	return out;
}

/* The largest difference to the golden values, over the largest of them. */
static double
difference(const struct golden *g, const float *found)
{
	char *path = mc_xasprintf("%s/tests/golden/backbones/%s.tsv",
	    getenv("abs_srcdir"), g->file);
	char quantity[32], index[16];
	double value, max = 0, worst = HUGE_VAL;
	FILE *f = fopen(path, "r");

	free(path);
	if (f == NULL || fscanf(f, "%*[^\n]") != 0)
		goto out;
	while (fscanf(f, "%31s %15s %lf", quantity, index, &value) == 3) {
		if (strcmp(quantity, g->quantity) != 0)
			continue;
		if (strcmp(index, "max") == 0) {
			max = value;
			worst = 0;
			continue;
		}
		worst = fmax(worst,
		    fabs(found[g->offset + atoi(index)] - value) / max);
	}
out:
	if (f != NULL)
		fclose(f);
	return worst;
}

/* A sealed backbone computes the same features, to the last bit. */
static void
test_sealed(struct mc_torch *t, const struct golden *g)
{
	struct mc_err err = { 0 };
	float *a = features(t, g, false, &err);
	float *b = features(t, g, true, &err);
	size_t i, differ = 0, dim = 384;	/* of both, or less */

	for (i = 0; a != NULL && b != NULL && i < dim; i++)
		differ += a[i] != b[i];
	tap_ok(a != NULL && b != NULL && differ == 0,
	    "%s, sealed: the same features: %s", g->backbone, err.text);
	free(a);
	free(b);
}

/* Training leaves out blocks of a family that does so, and evaluation none. */
static void
test_stochastic_depth(struct mc_torch *t, const char *name)
{
	struct mc_backbone *b = NULL;
	struct mc_err err = { 0 };
	float y[3][1280] = { 0 };
	int i;

	if (mc_backbone_alloc(&b, t, name, "pooled", MC_FLOAT32,
	    &err) == MC_OK && formula_fill(t, b, &err) == MC_OK) {
		for (i = 0; i < 3; i++) {
			mc_backbone_mode(b, i < 2 ? 0 : MC_DROPOUT);
			mc_torch_seed(t, 1);
			mc_scope_open(t);
			mc_to_f32(t, mc_backbone_forward(b, formula_input(t, 1,
			    32)), y[i],
			    (size_t)mc_backbone_features(b)->dim);
			mc_scope_close(t, NULL);
		}
		tap_ok(memcmp(y[0], y[1], sizeof(y[0])) == 0,
		    "%s: evaluation leaves out no block", name);
		tap_ok(memcmp(y[0], y[2], sizeof(y[0])) != 0,
		    "%s: training leaves out some", name);
	}
	tap_ok(mc_torch_check(t, &err) == MC_OK, "without an error: %s",
	    err.text);
	mc_backbone_free(b);
}

int
main(void)
{
	static const struct golden sealed[] = {
		CNN("resnet18", "pooled", "pooled"),
		{ "dinov2_vits14", "dinov2_vits14", 224, "cls", "cls", 0 }
	};
	struct mc_torch *t = NULL;
	struct mc_err err = { 0 };
	size_t i;

	if (!tap_ok(mc_torch_alloc(&t, test_device(), mc_cpus(), 1, &err) == MC_OK,
	    "libtorch starts: %s", err.text))
		return tap_done();
	for (i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		const struct golden *g = &goldens[i];
		float *found = features(t, g, false, &err);
		double d = found != NULL ? difference(g, found) : HUGE_VAL;

		tap_ok(d <= 1e-5, "%s: %s is %.1e from the reference %s",
		    g->file, g->quantity, d, found == NULL ? err.text : "");
		free(found);
	}
	for (i = 0; i < sizeof(sealed) / sizeof(*sealed); i++)
		test_sealed(t, &sealed[i]);
	test_stochastic_depth(t, "efficientnet_b0");
	test_stochastic_depth(t, "swin_t");
	mc_torch_free(t);
	return tap_done();
}
