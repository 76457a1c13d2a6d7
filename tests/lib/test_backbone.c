/*
 * Every backbone against what the reference implementations compute with the
 * same parameters: tests/golden/backbones, every sixteenth value.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "base/mem.h"
#include "base/opt.h"
#include "device.h"
#include "formula.h"
#include "tap.h"

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
};

/* The features that FEATURES of the backbone gives for the formula's image. */
static float *
features(struct mc_torch *t, const struct golden *g, bool sealed,
    struct mc_err *err)
{
	struct mc_backbone *b = NULL;
	float *out = NULL;
	size_t dim;

	if (mc_backbone_alloc(&b, t, g->backbone, g->features, MC_FLOAT32,
	    err) != MC_OK || formula_fill(t, b, err) != MC_OK)
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
	mc_torch_free(t);
	return tap_done();
}
