/*
 * The parameters of a backbone: loaded, drawn, trained, in another type.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "base/mem.h"
#include "base/out.h"
#include "device.h"
#include "formula.h"
#include "learn/meter.h"
#include "learn/params.h"
#include "one_hot.h"
#include "small.h"
#include "tap.h"
#include "weights/safetensors.h"
#include "weights/statedict.h"

static struct mc_torch *t;
static struct mc_err err;

static struct mc_backbone *
backbone(const char *name, const char *features, enum mc_elem elem)
{
	struct mc_backbone *b = NULL;

	if (mc_backbone_alloc(&b, t, name, features, elem, &err) != MC_OK)
		tap_ok(false, "%s: %s", name, err.text);
	return b;
}

static float *
values_of(const struct mc_param *p)
{
	float *v = mc_xreallocarray(NULL, p->n, sizeof(*v));

	mc_to_f32(t, p->tensor, v, p->n);
	return v;
}

static const struct mc_param *
param(const struct mc_backbone *b, const char *name)
{
	size_t i;

	for (i = 0; i < mc_backbone_count(b); i++)
		if (strcmp(mc_backbone_param(b, i)->name, name) == 0)
			return mc_backbone_param(b, i);
	tap_ok(false, "no parameter %s", name);
	return NULL;
}

/* The features of the formula's N images of SIDE x SIDE; dim values each. */
static float *
features(struct mc_backbone *b, int n, int side)
{
	size_t count = (size_t)n * (size_t)mc_backbone_features(b)->dim;
	float *v = mc_xreallocarray(NULL, count, sizeof(*v));

	mc_scope_open(t);
	mc_to_f32(t, mc_backbone_forward(b, formula_input(t, n, side)), v,
	    count);
	mc_scope_close(t, NULL);
	tap_ok(mc_torch_check(t, &err) == MC_OK, "forward of %s",
	    mc_backbone_info(b)->name);
	return v;
}

/* --- A state dict --------------------------------------------------------- */

/* All parameters of B as arrays; their data are to be freed. */
static struct mc_array *
as_arrays(const struct mc_backbone *b, size_t *n)
{
	struct mc_array *a;
	size_t i;

	*n = mc_backbone_count(b);
	a = mc_xcalloc(*n + 1, sizeof(*a));
	for (i = 0; i < *n; i++) {
		const struct mc_param *p = mc_backbone_param(b, i);

		a[i] = (struct mc_array){ .name = p->name, .dtype = MC_F32,
		    .ndim = p->ndim, .data = values_of(p), .n = p->n };
		memcpy(a[i].shape, p->shape, sizeof(p->shape));
	}
	return a;
}

static struct mc_statedict *
statedict(const struct mc_array *a, size_t n)
{
	struct mc_statedict *sd = NULL;
	struct mc_buf bytes = { 0 };
	FILE *f = tmpfile();
	size_t len;

	if (f == NULL || mc_safetensors_write(f, a, n, NULL, &err) != MC_OK)
		exit(99);
	len = (size_t)ftell(f);
	rewind(f);
	bytes.len = fread(mc_buf_room(&bytes, len), 1, len, f);
	if (bytes.len != len || mc_statedict_from_bytes(&sd, bytes.data, len,
	    "test", &err) != MC_OK)
		exit(99);
	mc_buf_free(&bytes);
	fclose(f);
	return sd;
}

static void
refused(struct mc_backbone *b, const struct mc_array *a, size_t n,
    const char *why)
{
	struct mc_statedict *sd = statedict(a, n);
	const struct mc_param *first = mc_backbone_param(b, 0);
	float *v;

	tap_ok(mc_backbone_load(b, sd, NULL, &err) == MC_EDATA &&
	    strncmp(err.text, "test: not the weights of ", 25) == 0 &&
	    strstr(err.text, why) != NULL, "refused: %s", err.text);
	v = values_of(first);
	tap_ok(v[0] == 0, "and nothing was changed");
	free(v);
	mc_statedict_free(sd);
}

/* A backbone whose tensor NAME holds VALUE somewhere cannot be loaded. */
static void
not_loaded(const char *name, float value, const char *why)
{
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);
	struct mc_statedict *sd;
	struct mc_array *a;
	size_t n, i;

	TEST(formula_fill(t, b, &err) == MC_OK);
	a = as_arrays(b, &n);
	for (i = 0; i < n; i++) {
		if (strcmp(a[i].name, name) == 0)
			((float *)a[i].data)[a[i].n / 2] = value;
	}
	sd = statedict(a, n);
	TEST(mc_backbone_load(b, sd, NULL, &err) == MC_EDATA);
	tap_str(err.text, why, "not loaded");
	mc_statedict_free(sd);
	for (i = 0; i < n; i++)
		free((void *)a[i].data);
	free(a);
	mc_backbone_free(b);
}

static void
test_not_finite(void)
{
	not_loaded("layer2.0.conv1.weight", NAN, "test: the weights' tensor "
	    "\"layer2.0.conv1.weight\" holds a value that is not finite");
	not_loaded("layer4.1.bn2.bias", -INFINITY, "test: the weights' tensor "
	    "\"layer4.1.bn2.bias\" holds a value that is not finite");
	not_loaded("bn1.running_var", -1e-3f, "test: the weights' tensor "
	    "\"bn1.running_var\" holds a variance below 0");
}

/* From one backbone to another by way of a file, and what cannot be loaded. */
static void
test_load(void)
{
	struct mc_backbone *from = backbone("resnet18", "logits", MC_FLOAT32);
	struct mc_backbone *to = backbone("resnet18", "logits", MC_FLOAT32);
	struct mc_backbone *pooled = backbone("resnet18", NULL, MC_FLOAT32);
	int64_t batches = 7;
	struct mc_statedict *sd;
	struct mc_array *a, last, first;
	float *x, *y;
	size_t n, i;

	TEST(formula_fill(t, from, &err) == MC_OK);
	a = as_arrays(from, &n);
	last = a[n - 1];
	first = a[0];
	refused(to, a, n - 1, "; missing: fc.bias");
	refused(to, a, 3, " and 95 more");
	a[n] = (struct mc_array){ .name = "fc.extra", .dtype = MC_F32,
	    .data = last.data, .ndim = 1, .shape = { 1000 }, .n = 1000 };
	refused(to, a, n + 1, "; unexpected: fc.extra");
	a[0].ndim = 1;
	a[0].shape[0] = (int64_t)a[0].n;
	refused(to, a, n, "; of another shape: conv1.weight");
	a[0] = first;
	a[n] = (struct mc_array){ .name = "bn1.num_batches_tracked",
	    .dtype = MC_I64, .data = &batches, .n = 1 };
	sd = statedict(a, n + 1);
	tap_ok(mc_backbone_load(to, sd, NULL, &err) == MC_OK,
	    "num_batches_tracked may be there");
	tap_ok(mc_backbone_load(pooled, sd, NULL, &err) == MC_OK,
	    "a head that the features do not need may be there");
	x = features(from, 1, 64);
	y = features(to, 1, 64);
	tap_ok(memcmp(x, y, 1000 * sizeof(*x)) == 0, "the same features");
	mc_statedict_free(sd);
	for (i = 0; i < n; i++)
		free((void *)a[i].data);
	free(a);
	free(x);
	free(y);
	mc_backbone_free(from);
	mc_backbone_free(to);
	mc_backbone_free(pooled);
}

/* The head of DINOv2 comes in a file of its own. */
static void
test_load_head(void)
{
	struct mc_backbone *b = backbone("dinov2_vits14", "lc", MC_FLOAT32);
	struct mc_statedict *sd, *head;
	struct mc_array *a;
	size_t n, i;

	TEST(formula_fill(t, b, &err) == MC_OK);
	a = as_arrays(b, &n);
	sd = statedict(a, n - 2);
	head = statedict(a + n - 2, 2);
	tap_ok(mc_backbone_load(b, sd, NULL, &err) == MC_EDATA,
	    "without its head: %s", err.text);
	tap_ok(mc_backbone_load(b, sd, head, &err) == MC_OK, "with its head");
	mc_statedict_free(sd);
	mc_statedict_free(head);
	for (i = 0; i < n; i++)
		free((void *)a[i].data);
	free(a);
	mc_backbone_free(b);
}

/*
 * A network takes over the grid of a file's position embedding: it computes the
 * same as one that was made for it.
 */
static void
test_load_grid(void)
{
	const struct mc_backbone_info *small = small_network("small_vit");
	struct vit_config config = *(const struct vit_config *)small->config;
	struct mc_backbone_info wide = *small;
	struct mc_backbone *from = NULL, *to = NULL;
	struct mc_statedict *sd;
	struct mc_array *a;
	float *x, *y;
	size_t n, i;

	config.grid = 5;
	wide.config = &config;
	TEST(mc_backbone_make(&from, t, &wide, "cls", MC_FLOAT32, &err) ==
	    MC_OK && formula_fill(t, from, &err) == MC_OK);
	TEST(mc_backbone_make(&to, t, small, "cls", MC_FLOAT32, &err) ==
	    MC_OK);
	a = as_arrays(from, &n);
	sd = statedict(a, n);
	tap_ok(mc_backbone_load(to, sd, NULL, &err) == MC_OK &&
	    param(to, "pos_embed")->shape[1] == 26 &&
	    param(to, "pos_embed")->n == 26 * 32,
	    "a position embedding of 5 x 5: %s", err.text);
	x = features(from, 1, 16);
	y = features(to, 1, 16);
	tap_ok(memcmp(x, y, 32 * sizeof(*x)) == 0, "the same features");
	mc_backbone_free(to);
	TEST(mc_backbone_make(&to, t, small, "cls", MC_FLOAT32, &err) ==
	    MC_OK);
	for (i = 0; i < n; i++)
		if (strcmp(a[i].name, "pos_embed") == 0) {
			a[i].shape[1] = 25;
			a[i].n = 25 * 32;
		}
	refused(to, a, n, "; of another shape: pos_embed");
	for (i = 0; i < n; i++)
		free((void *)a[i].data);
	free(a);
	free(x);
	free(y);
	mc_statedict_free(sd);
	mc_backbone_free(from);
	mc_backbone_free(to);
}

/* LoRA and drop path in every kind of transformer. */
static void
test_small(void)
{
	size_t i, k, adapters;
	const struct mc_param *p;
	struct mc_backbone *b;
	float *before, *after, *v;

	for (i = 0; i < N_SMALL; i++) {
		const struct mc_backbone_info *info = &small_networks[i];
		size_t bytes = (size_t)info->features[0].dim * sizeof(*before);
		int blocks = info->family == &net_swin ? 9 : 4;

		if (!info->family->transformer)
			continue;
		b = NULL;
		TEST(mc_backbone_make(&b, t, info, NULL, MC_FLOAT32, &err) ==
		    MC_OK && mc_backbone_init(b, 1, &err) == MC_OK);
		tap_ok(mc_backbone_depth(b) == blocks + 1 &&
		    mc_backbone_blocks(b) == blocks,
		    "%s: %d blocks and what is behind them", info->name,
		    blocks);
		before = features(b, 1, 16);
		TEST(mc_backbone_lora(b, 2, 4, 3, &err) == MC_OK);
		for (k = adapters = 0; k < mc_backbone_count(b); k++) {
			p = mc_backbone_param(b, k);
			if (!p->adapter)
				continue;
			adapters++;
			v = mc_xreallocarray(NULL, p->n, sizeof(*v));
			formula_values(p->name, p->ndim, p->shape, p->n, v);
			mc_fill_f32(t, p->tensor, v, p->n);
			free(v);
		}
		mc_backbone_changed(b);
		after = features(b, 1, 16);
		tap_ok(adapters == 4 * (size_t)blocks && memcmp(before, after, bytes) != 0,
		    "%s: LoRA adapts each block", info->name);
		free(before);
		TEST(mc_backbone_merge(b, &err) == MC_OK);
		before = features(b, 1, 16);
		tap_ok(memcmp(before, after, bytes) == 0,
		    "%s: merged, the same features", info->name);
		free(after);
		mc_backbone_drop_path(b, 0.9);
		mc_backbone_mode(b, MC_DROPOUT);
		after = features(b, 1, 16);
		tap_ok(memcmp(before, after, bytes) != 0,
		    "%s: drop path leaves branches out", info->name);
		free(before);
		free(after);
		mc_backbone_free(b);
	}
}

/* The features of B for the formula's image, cut to ROWS x COLUMNS. */
static void
features_of(struct mc_backbone *b, int rows, int columns, float *out)
{
	struct mc_tensor *x;

	mc_scope_open(t);
	x = mc_narrow(t, formula_input(t, 1, 96), 2, 0, rows);
	x = mc_narrow(t, x, 3, 0, columns);
	mc_to_f32(t, mc_backbone_forward(b, x), out,
	    (size_t)mc_backbone_features(b)->dim);
	mc_scope_close(t, NULL);
	TEST(mc_torch_check(t, &err) == MC_OK);
}

/* What is kept for the maps of one size is not used for those of another. */
static void
test_sizes(const char *name)
{
	static const int sizes[][2] = { { 48, 48 }, { 48, 96 }, { 48, 40 },
	    { 40, 48 }, { 96, 48 }, { 48, 48 } };
	struct mc_backbone *used = NULL, *anew;
	float x[64], y[64];
	size_t i;

	TEST(mc_backbone_make(&used, t, small_network(name), NULL, MC_FLOAT32,
	    &err) == MC_OK && formula_fill(t, used, &err) == MC_OK);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		anew = NULL;
		TEST(mc_backbone_make(&anew, t, small_network(name), NULL,
		    MC_FLOAT32, &err) == MC_OK &&
		    formula_fill(t, anew, &err) == MC_OK);
		features_of(used, sizes[i][0], sizes[i][1], x);
		features_of(anew, sizes[i][0], sizes[i][1], y);
		tap_ok(memcmp(x, y, sizeof(x)) == 0, "%s: %d x %d behind "
		    "other sizes", name, sizes[i][0], sizes[i][1]);
		mc_backbone_free(anew);
	}
	mc_backbone_free(used);
}

/* --- Random weights ------------------------------------------------------- */

/* Mean and deviation, and the largest absolute value. */
static void
distribution(const struct mc_backbone *b, const char *name, double deviation,
    double largest)
{
	const struct mc_param *p = param(b, name);
	float *v = values_of(p);
	double sum = 0, squares = 0, max = 0, n = (double)p->n;
	size_t i;

	for (i = 0; i < p->n; i++) {
		sum += v[i];
		squares += (double)v[i] * v[i];
		max = fmax(max, fabs(v[i]));
	}
	tap_ok(fabs(sum / n) <= 5 * deviation / sqrt(n) &&
	    fabs(sqrt(squares / n) / deviation - 1) < 5 / sqrt(2 * n) &&
	    max <= largest, "%s: deviation %g, wanted %g, largest %g", name,
	    sqrt(squares / n), deviation, max);
	free(v);
}

/* All values of the parameter NAME are WANTED. */
static void
constant(const struct mc_backbone *b, const char *name, float wanted)
{
	const struct mc_param *p = param(b, name);
	float *v = values_of(p);
	size_t i, others = 0;

	for (i = 0; i < p->n; i++)
		others += v[i] != wanted;
	tap_int((long long)others, 0, "%s starts at %g", name, wanted);
	free(v);
}

/* The distributions are those of torchvision's and DINOv2's own code. */
static void
test_init(void)
{
	struct mc_backbone *b = backbone("densenet121", "logits", MC_FLOAT32);
	struct mc_backbone *again = backbone("resnet18", NULL, MC_FLOAT32);
	double bound = 1 / sqrt(1024);
	float *v, *w;

	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "features.denseblock1.denselayer2.conv2.weight",
	    sqrt(2.0 / (128 * 9)), 1);
	distribution(b, "classifier.weight", bound / sqrt(3), bound);
	v = values_of(param(b, "features.norm0.running_var"));
	tap_near(v[0] + v[63], 2, 0, "a norm starts at 1");
	free(v);
	mc_backbone_free(b);
	b = backbone("resnet18", "logits", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "layer2.0.conv1.weight", sqrt(2.0 / (128 * 9)), 1);
	TEST(mc_backbone_init(again, 1, &err) == MC_OK);
	v = values_of(param(b, "layer1.0.conv1.weight"));
	w = values_of(param(again, "layer1.0.conv1.weight"));
	tap_ok(memcmp(v, w, 64 * 64 * 9 * sizeof(*v)) == 0,
	    "weights depend on seed and name alone");
	free(w);
	TEST(mc_backbone_init(again, 2, &err) == MC_OK);
	w = values_of(param(again, "layer1.0.conv1.weight"));
	TEST(memcmp(v, w, 64 * 64 * 9 * sizeof(*v)) != 0);
	free(v);
	free(w);
	mc_backbone_free(again);
	mc_backbone_free(b);
	b = backbone("dinov2_vits14", "cls", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "blocks.3.mlp.fc1.weight", 0.02, 1);
	distribution(b, "cls_token", 1e-6, 1e-5);
	distribution(b, "pos_embed", 0.02, 1);
	distribution(b, "patch_embed.proj.weight", 1 / sqrt(3 * 588),
	    1 / sqrt(588));
	v = values_of(param(b, "blocks.11.ls2.gamma"));
	tap_near(v[0], 1, 0, "LayerScale starts at 1");
	free(v);
	mc_backbone_free(b);
	b = backbone("dinov3_vits16", "cls", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "storage_tokens", 0.02, 1);
	v = values_of(param(b, "blocks.11.ls2.gamma"));
	tap_near(v[0], 1e-5, 1e-12, "LayerScale of DINOv3 starts at 1e-5");
	free(v);
	mc_backbone_free(b);
	b = backbone("vit_base_patch16_siglip_224", "pooled", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	/* The deviation of a normal distribution cut at two of its own. */
	distribution(b, "attn_pool.latent", 0.8796 / sqrt(768), 2 / sqrt(768));
	mc_backbone_free(b);
	b = backbone("efficientnet_b0", "logits", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	/* What leaves a convolution by channel is one channel's. */
	distribution(b, "features.7.0.block.0.0.weight", sqrt(2.0 / 1152), 1);
	distribution(b, "features.7.0.block.1.0.weight",
	    sqrt(2.0 / (1152 * 9)), 1);
	distribution(b, "features.7.0.block.2.fc1.weight", sqrt(2.0 / 48), 2);
	bound = 1 / sqrt(1000);
	distribution(b, "classifier.1.weight", bound / sqrt(3), bound);
	mc_backbone_free(b);
	b = backbone("mobilenet_v3_large", "penultimate", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "classifier.0.weight", 0.01, 1);
	mc_backbone_free(b);
	b = backbone("swin_t", "logits", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	bound = 1 / sqrt(3 * 4 * 4);
	distribution(b, "features.0.0.weight", bound / sqrt(3), bound);
	distribution(b, "features.7.1.attn.relative_position_bias_table", 0.02,
	    1);
	distribution(b, "features.7.1.mlp.0.weight", 0.02, 1);
	distribution(b, "features.6.reduction.weight", 0.02, 1);
	distribution(b, "head.weight", 0.02, 1);
	constant(b, "head.bias", 0);
	constant(b, "features.7.1.attn.qkv.bias", 0);
	mc_backbone_free(b);
	b = backbone("convnext_tiny", "logits", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "features.0.0.weight", 0.02, 1);
	distribution(b, "features.1.0.block.3.weight", 0.02, 1);
	distribution(b, "classifier.2.weight", 0.02, 1);
	constant(b, "features.0.0.bias", 0);
	constant(b, "features.7.2.layer_scale", 1e-6);
	mc_backbone_free(b);
	b = backbone("vgg11_bn", "logits", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	distribution(b, "features.4.weight", sqrt(2.0 / (9 * 128)), 1);
	distribution(b, "classifier.6.weight", 0.01, 1);
	constant(b, "features.4.bias", 0);
	mc_backbone_free(b);
	b = backbone("resnet18", "logits", MC_FLOAT32);
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	bound = 1 / sqrt(512);
	distribution(b, "fc.weight", bound / sqrt(3), bound);
	distribution(b, "fc.bias", bound / sqrt(3), bound);
	mc_backbone_free(b);
}

/* --- Training and types --------------------------------------------------- */

/* The largest difference over the largest value of A. */
static double
apart(const float *a, const float *b, size_t n)
{
	double worst = 0, max = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		worst = fmax(worst, fabs((double)a[i] - b[i]));
		max = fmax(max, fabs(a[i]));
	}
	return worst / max;
}

/* What training moves, and what it must not leave behind. */
static void
test_train(void)
{
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);
	float *before, *after, *mean;

	TEST(formula_fill(t, b, &err) == MC_OK);
	before = features(b, 2, 64);
	after = features(b, 2, 64);
	tap_ok(memcmp(before, after, 1024 * sizeof(float)) == 0,
	    "out of training nothing moves, and runs are the same to the bit");
	free(after);
	mean = values_of(param(b, "bn1.running_mean"));
	mc_backbone_mode(b, MC_TRAINING);
	free(features(b, 2, 64));
	mc_backbone_mode(b, 0);
	after = values_of(param(b, "bn1.running_mean"));
	TEST(memcmp(mean, after, 64 * sizeof(float)) != 0);
	free(after);
	after = features(b, 2, 64);
	tap_ok(memcmp(before, after, 1024 * sizeof(float)) != 0,
	    "after training the folded weights are made anew");
	free(before);
	free(after);
	free(mean);
	mc_backbone_free(b);
}

/* A column of P in a file, as a state dict. */
static struct mc_statedict *
column(const struct mc_params *p, const char *name)
{
	struct mc_statedict *sd = NULL;
	FILE *f = mc_spool_open(&err);

	if (f == NULL || mc_params_write(p, name, f, &err) != MC_OK ||
	    mc_statedict_from_spool(&sd, f, name, &err) != MC_OK)
		tap_ok(false, "column %s: %s", name, err.text);
	if (f != NULL)
		fclose(f);
	return sd;
}

/*
 * What is put back is computed with: the forms that were made ready from what
 * it replaces are gone.
 */
static void
test_restore(const char *name, int side)
{
	const struct mc_optim_options options = { .kind = MC_SGD };
	struct mc_backbone *b = backbone(name, NULL, MC_FLOAT32);
	struct mc_params *p = mc_params_alloc(t, b, NULL, &options);
	size_t size = (size_t)mc_backbone_features(b)->dim * sizeof(float);
	struct mc_statedict *sd;
	float *first, *second, *restored;

	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	first = features(b, 1, side);
	sd = column(p, MC_VALUES);
	TEST(mc_params_not_finite(p) == NULL);
	TEST(mc_backbone_init(b, 2, &err) == MC_OK);
	second = features(b, 1, side);
	TEST(memcmp(first, second, size) != 0);
	TEST(mc_params_read(p, MC_VALUES, sd, &err) == MC_OK);
	restored = features(b, 1, side);
	tap_ok(memcmp(first, restored, size) == 0,
	    "%s: computes with what was restored", name);
	free(first);
	free(second);
	free(restored);
	mc_statedict_free(sd);
	mc_params_free(p);
	mc_backbone_free(b);
}

/* Whether P is the weight of a linear layer or a convolution, by its name. */
static bool
is_matrix(const struct mc_param *p)
{
	size_t n = strlen(p->name);

	return p->ndim >= 2 && n > 7 && strcmp(p->name + n - 7, ".weight") == 0;
}

/* The largest depth of B's parameters, none of which is left out; its blocks. */
static void
depth(const char *name, const char *features, int wanted, int blocks)
{
	struct mc_backbone *b = backbone(name, features, MC_FLOAT32);
	bool has[64] = { false };
	int last = 0, d;
	size_t i, others = 0;

	for (i = 0; i < mc_backbone_count(b); i++) {
		others += mc_backbone_param(b, i)->weight !=
		    is_matrix(mc_backbone_param(b, i));
		d = mc_backbone_param(b, i)->depth;
		has[d] = true;
		last = d > last ? d : last;
	}
	for (d = 0; d < last && has[d]; d++)
		;
	tap_int(mc_backbone_param(b, 0)->depth, 0, "%s: the stem", name);
	tap_int(last, wanted, "%s: the depth of the last block", name);
	tap_int(d, last, "%s: no depth without a parameter", name);
	tap_int(mc_backbone_depth(b), last, "%s: as it says", name);
	tap_int(mc_backbone_blocks(b), blocks, "%s: its blocks", name);
	tap_int((long long)others, 0, "%s: the weights are those of linear "
	    "layers and convolutions", name);
	mc_backbone_free(b);
}

static void
test_depth(void)
{
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);

	depth("vgg16", "pooled", 12, 12);
	depth("vgg16", "penultimate", 14, 14);
	depth("vgg16", "logits", 15, 14);
	depth("resnet18", "pooled", 8, 8);
	depth("resnet50", "logits", 17, 16);
	depth("densenet121", "pooled", 58 + 3, 58 + 3);
	depth("densenet121", "logits", 58 + 3 + 1, 58 + 3);
	depth("efficientnet_b0", "pooled", 17, 16);
	depth("efficientnet_b0", "logits", 18, 16);
	depth("mobilenet_v3_large", "pooled", 16, 15);
	depth("mobilenet_v3_large", "penultimate", 17, 15);
	depth("dinov2_vits14", "cls", 13, 12);
	depth("swin_t", "pooled", 13, 12);
	depth("convnext_tiny", "pooled", 19, 18);
	depth("dinov3_convnext_tiny", "cls", 19, 18);
	tap_int(param(b, "layer2.0.downsample.0.weight")->depth, 3,
	    "a shortcut is in its block");
	mc_backbone_free(b);
	b = backbone("swin_t", NULL, MC_FLOAT32);
	tap_int(param(b, "features.2.reduction.weight")->depth, 3,
	    "patches are merged in the block behind");
	mc_backbone_free(b);
	b = backbone("convnext_tiny", NULL, MC_FLOAT32);
	tap_int(param(b, "features.2.1.weight")->depth, 4,
	    "a downsampling is in the block behind");
	tap_int(param(b, "features.3.0.layer_scale")->depth, 4,
	    "which is the first of its stage");
	mc_backbone_free(b);
}

/* One step along the sum of the features of B and H. */
static void
take_step(struct mc_params *p, struct mc_backbone *b, struct mc_head *h)
{
	const int label[] = { 1, 0 };

	mc_torch_grad(t, true);
	mc_scope_open(t);
	mc_params_gradient(p, mc_cross_entropy(t, mc_head_forward(h,
	    mc_backbone_forward(b, formula_input(t, 2, 32))),
	    one_hot(t, label, 2, 2), 0));
	mc_params_step(p, 0.001);
	mc_scope_close(t, NULL);
	mc_torch_grad(t, false);
	tap_ok(mc_torch_check(t, &err) == MC_OK, "a step: %s", err.text);
}

/*
 * A network that predicts, gets other values, predicts, takes a step of training
 * and predicts again computes the same as a new network of its last values.
 */
static void
test_stale(const char *name)
{
	const struct mc_optim_options options = { .kind = MC_SGD };
	struct mc_backbone *b = backbone(name, NULL, MC_FLOAT32);
	struct mc_backbone *anew = backbone(name, NULL, MC_FLOAT32);
	size_t dim = (size_t)mc_backbone_features(b)->dim;
	struct mc_params *p, *q;
	struct mc_statedict *sd;
	struct mc_head *h = NULL;
	float *before, *after, *wanted;

	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	free(features(b, 1, 32));
	TEST(formula_fill(t, b, &err) == MC_OK);
	TEST(mc_head_alloc(&h, t, "linear", dim, 2, 1, &err) == MC_OK);
	p = mc_params_alloc(t, b, h, &options);
	q = mc_params_alloc(t, anew, NULL, &options);
	TEST(mc_params_optimise(p, &err) == MC_OK);
	before = features(b, 1, 32);
	mc_backbone_mode(b, MC_TRAINING);
	take_step(p, b, h);
	mc_backbone_mode(b, 0);
	after = features(b, 1, 32);
	mc_params_free(p);
	p = mc_params_alloc(t, b, NULL, &options);
	sd = column(p, MC_VALUES);
	TEST(mc_params_read(q, MC_VALUES, sd, &err) == MC_OK);
	wanted = features(anew, 1, 32);
	tap_ok(memcmp(after, wanted, dim * sizeof(*after)) == 0 &&
	    memcmp(after, before, dim * sizeof(*after)) != 0,
	    "%s: a step of training between predictions leaves nothing stale",
	    name);
	free(before);
	free(after);
	free(wanted);
	mc_statedict_free(sd);
	mc_params_free(p);
	mc_params_free(q);
	mc_head_free(h);
	mc_backbone_free(b);
	mc_backbone_free(anew);
}

/* Rows, their settings, and every column through a file. */
static void
test_table(void)
{
	const struct mc_optim_options options = { .kind = MC_ADAMW,
	    .rate = 0.001, .weight_decay = 0.5 };
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);
	const struct mc_param *frozen = param(b, "conv1.weight");
	const struct mc_param *mean = param(b, "bn1.running_mean");
	struct mc_statedict *saved[4], *now;
	struct mc_head *h = NULL;
	struct mc_params *p;
	float *before, *after, infinite[64] = { 0 };
	size_t i, k;

	TEST(formula_fill(t, b, &err) == MC_OK);
	TEST(mc_head_alloc(&h, t, "mlp:3", 512, 2, 1, &err) == MC_OK);
	p = mc_params_alloc(t, b, h, &options);
	tap_int((long long)mc_params_count(p),
	    (long long)mc_backbone_count(b) + 4, "a row per tensor");
	tap_int(mc_params_row(p, mc_params_count(p) - 1)->depth, 9,
	    "the head is behind the last block");
	for (i = 0; i < mc_params_count(p); i++) {
		struct mc_row *row = mc_params_row(p, i);

		if (row->trainable == row->param->buffer ||
		    row->weight_decay != 0.5)
			tap_ok(false, "row %s", row->param->name);
		if (row->param == frozen)
			row->trainable = false;
	}
	tap_str(mc_params_column(p, 0), "values", "the first column");
	TEST(mc_params_column(p, 1) == NULL);
	TEST(mc_params_optimise(p, &err) == MC_OK);
	tap_str(mc_params_column(p, 3), "exp_avg_sq", "the last column");
	TEST(mc_params_column(p, 4) == NULL);
	mc_backbone_mode(b, MC_TRAINING);
	before = values_of(frozen);
	take_step(p, b, h);
	after = values_of(frozen);
	tap_ok(memcmp(before, after, frozen->n * sizeof(*after)) == 0,
	    "what is not trainable stays, whatever its decay");
	free(before);
	free(after);
	for (k = 0; k < 4; k++)
		saved[k] = column(p, mc_params_column(p, k));
	tap_int((long long)mc_statedict_count(saved[0]),
	    (long long)mc_params_count(p), "all rows have values");
	TEST(mc_statedict_find(saved[2], "conv1.weight") == NULL);
	TEST(mc_statedict_find(saved[2], "bn1.running_mean") == NULL);
	TEST(mc_statedict_find(saved[2], "head.2.bias") != NULL);
	tap_near(mc_array_get(mc_statedict_find(saved[1], "head.2.bias"), 0), 1,
	    0, "the step count");
	take_step(p, b, h);
	before = values_of(mean);
	now = column(p, MC_VALUES);
	for (k = 0; k < 4; k++)
		TEST(mc_params_read(p, mc_params_column(p, k), saved[k],
		    &err) == MC_OK);
	take_step(p, b, h);
	after = values_of(mean);
	tap_ok(memcmp(before, after, mean->n * sizeof(*after)) == 0,
	    "the running statistics are read too");
	mc_statedict_free(saved[0]);
	saved[0] = column(p, MC_VALUES);
	tap_str(mc_statedict_sha256(saved[0]), mc_statedict_sha256(now),
	    "the same step again, to the bit");
	tap_ok(mc_params_read(p, "exp_avg", saved[1], &err) == MC_EDATA,
	    "one column is not another: %s", err.text);
	tap_ok(mc_params_read(p, "exp_avg", saved[0], &err) == MC_EDATA,
	    "nor does one with more tensors fit: %s", err.text);
	infinite[63] = INFINITY;
	mc_fill_f32(t, mean->tensor, infinite, 64);
	tap_str(mc_params_not_finite(p), "bn1.running_mean",
	    "running statistics must be finite too");
	free(before);
	free(after);
	mc_statedict_free(now);
	for (k = 0; k < 4; k++)
		mc_statedict_free(saved[k]);
	mc_params_free(p);
	mc_head_free(h);
	mc_backbone_free(b);
}

/* Each row has a decay of its own; on an input of 0 nothing else moves it. */
static void
test_decay(double decay)
{
	const struct mc_optim_options options = { .kind = MC_SGD,
	    .rate = 0.5, .weight_decay = 0.25 };
	const int label[] = { 1, 0 };
	const int64_t input[] = { 2, 3 };
	struct mc_head *h = NULL;
	struct mc_params *p;
	struct mc_row *row;
	float *before, *after;

	TEST(mc_head_alloc(&h, t, "linear", 3, 2, 1, &err) == MC_OK);
	p = mc_params_alloc(t, NULL, h, &options);
	row = mc_params_row(p, 0);
	row->weight_decay = decay;
	TEST(mc_params_optimise(p, &err) == MC_OK);
	before = values_of(row->param);
	mc_torch_grad(t, true);
	mc_scope_open(t);
	mc_params_gradient(p, mc_cross_entropy(t, mc_head_forward(h,
	    mc_full(t, MC_FLOAT32, 0, input, 2)),
	    one_hot(t, label, 2, 2), 0));
	mc_params_step(p, options.rate);
	mc_scope_close(t, NULL);
	mc_torch_grad(t, false);
	TEST(mc_torch_check(t, &err) == MC_OK);
	after = values_of(row->param);
	tap_near(after[5] / before[5], 1 - 0.5 * decay, 1e-6,
	    "a decay of %g", decay);
	free(before);
	free(after);
	mc_params_free(p);
	mc_head_free(h);
}

/* What is frozen computes as out of training, in any mode, and does not move. */
static void
test_frozen(const char *name, int side)
{
	struct mc_backbone *b = backbone(name, NULL, MC_FLOAT32);
	size_t n = 2 * (size_t)mc_backbone_features(b)->dim, i;
	float *plain, *other, *kept[64] = { 0 };
	size_t buffers = 0;
	bool moved = false;

	TEST(formula_fill(t, b, &err) == MC_OK);
	plain = features(b, 2, side);
	for (i = 0; i < mc_backbone_count(b) && buffers < 64; i++)
		if (mc_backbone_param(b, i)->buffer)
			kept[buffers++] = values_of(mc_backbone_param(b, i));
	mc_backbone_freeze(b, mc_backbone_depth(b) + 1);
	mc_backbone_mode(b, MC_TRAINING);
	other = features(b, 2, side);
	tap_ok(apart(plain, other, n) < 1e-5, "%s, frozen: as out of training",
	    name);
	free(other);
	for (i = 0, buffers = 0; i < mc_backbone_count(b) && buffers < 64; i++) {
		const struct mc_param *p = mc_backbone_param(b, i);
		float *now;

		if (!p->buffer)
			continue;
		now = values_of(p);
		moved = moved || memcmp(now, kept[buffers], p->n *
		    sizeof(*now)) != 0;
		free(now);
		free(kept[buffers++]);
	}
	tap_ok(!moved, "and its running statistics stay");
	free(plain);
	mc_backbone_free(b);
}

/* Branches are left out by MC_DROPOUT, and not by the other modes. */
static void
test_drop_path(const char *name)
{
	struct mc_backbone *b = NULL;
	float *plain, *other;
	size_t n;

	TEST(mc_backbone_make(&b, t, small_network(name), NULL, MC_FLOAT32,
	    &err) == MC_OK && formula_fill(t, b, &err) == MC_OK);
	n = 2 * (size_t)mc_backbone_features(b)->dim;
	mc_backbone_drop_path(b, 0.9);
	plain = features(b, 2, 32);
	mc_backbone_mode(b, MC_RECORD | MC_BATCH_STATISTICS);
	other = features(b, 2, 32);
	tap_ok(apart(plain, other, n) < 1e-5,
	    "%s: without dropout no branch is left out", name);
	free(other);
	mc_backbone_mode(b, MC_TRAINING);
	other = features(b, 2, 32);
	tap_ok(apart(plain, other, n) > 1e-3, "%s: with it, some are", name);
	free(other);
	free(plain);
	mc_backbone_free(b);
}

/* Add 1/2 to the first number of each matrix of B from parameter FIRST on. */
static void
move_matrices(struct mc_backbone *b, size_t first)
{
	size_t i;

	for (i = first; i < mc_backbone_count(b); i++) {
		const struct mc_param *p = mc_backbone_param(b, i);
		float *values = values_of(p);

		values[0] += 0.5F;
		mc_fill_f32(t, p->tensor, values, p->n);
		free(values);
	}
	mc_backbone_changed(b);
}

/*
 * Of a weight of 384 columns, rank 2 and alpha 3, whose matrix B is 0 but for
 * 1/2 in its first place: half the first row of A is added to the first row,
 * times 3/2.
 */
static void
is_adapted(const float *before, const float *after, const float *a)
{
	int i;

	for (i = 0; i < 384 && fabs(after[i] - before[i] - 0.75 * a[i]) < 1e-6;
	    i++)
		;
	tap_int(i, 384, "alpha / rank of the product is added");
	tap_ok(memcmp(after + 384, before + 384, 384 * sizeof(*after)) == 0,
	    "and nothing elsewhere");
}

/* What is merged gives the bytes of what was added, and leaves no adapter. */
static void
test_lora(void)
{
	struct mc_backbone *b = backbone("dinov2_vits14", NULL, MC_FLOAT32);
	const struct mc_param *weight = param(b, "blocks.3.attn.qkv.weight");
	const double bound = 1 / sqrt(384);
	size_t n = mc_backbone_count(b), dim;
	float *plain, *adapted, *merged, *a, *before, *after;

	dim = (size_t)mc_backbone_features(b)->dim;
	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	plain = features(b, 1, 28);
	before = values_of(weight);
	TEST(mc_backbone_lora(b, 2, 3, 2, &err) == MC_OK);
	tap_int((long long)mc_backbone_count(b), (long long)n + 48,
	    "two matrices for each of 24 weights");
	adapted = features(b, 1, 28);
	tap_ok(memcmp(plain, adapted, dim * sizeof(*plain)) == 0,
	    "at first nothing is added");
	free(adapted);
	distribution(b, "blocks.3.attn.qkv.lora_A.weight", bound / sqrt(3),
	    bound);
	tap_int(param(b, "blocks.3.attn.qkv.lora_B.weight")->depth,
	    weight->depth, "the matrices are as deep as the weight");
	move_matrices(b, n);
	a = values_of(param(b, "blocks.3.attn.qkv.lora_A.weight"));
	adapted = features(b, 1, 28);
	tap_ok(apart(plain, adapted, dim) > 1e-3, "then it is");
	TEST(mc_backbone_merge(b, &err) == MC_OK);
	tap_int((long long)mc_backbone_count(b), (long long)n,
	    "the matrices are gone");
	after = values_of(weight);
	is_adapted(before, after, a);
	merged = features(b, 1, 28);
	tap_ok(memcmp(merged, adapted, dim * sizeof(*merged)) == 0,
	    "the sum gives the same bytes");
	free(plain);
	free(adapted);
	free(merged);
	free(a);
	free(before);
	free(after);
	mc_backbone_free(b);
}

/* The three modes apart: gradients, batch statistics, dropout. */
static void
test_modes(void)
{
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);
	struct mc_backbone *vgg = backbone("vgg16", NULL, MC_FLOAT32);
	float *plain, *other, *mean, *moved;

	TEST(formula_fill(t, b, &err) == MC_OK);
	plain = features(b, 2, 64);
	mean = values_of(param(b, "bn1.running_mean"));
	mc_backbone_mode(b, MC_RECORD);
	other = features(b, 2, 64);
	tap_ok(apart(plain, other, 1024) < 1e-5, "recording changes nothing");
	free(other);
	moved = values_of(param(b, "bn1.running_mean"));
	tap_ok(memcmp(mean, moved, 64 * sizeof(*mean)) == 0,
	    "and moves no statistics");
	free(moved);
	mc_backbone_mode(b, MC_DROPOUT);
	other = features(b, 2, 64);
	tap_ok(memcmp(plain, other, 1024 * sizeof(*plain)) == 0,
	    "dropout changes nothing where there is none");
	free(other);
	mc_backbone_mode(b, MC_BATCH_STATISTICS);
	other = features(b, 2, 64);
	moved = values_of(param(b, "bn1.running_mean"));
	tap_ok(apart(plain, other, 1024) > 1e-3 &&
	    memcmp(mean, moved, 64 * sizeof(*mean)) != 0,
	    "batch statistics are used, and move the running ones");
	free(other);
	free(plain);
	free(mean);
	free(moved);
	TEST(mc_backbone_init(vgg, 1, &err) == MC_OK);
	plain = features(vgg, 1, 32);
	mc_backbone_mode(vgg, MC_RECORD | MC_BATCH_STATISTICS);
	other = features(vgg, 1, 32);
	tap_ok(apart(plain, other, 4096) < 1e-5,
	    "without dropout nothing is dropped");
	free(other);
	mc_backbone_mode(vgg, MC_DROPOUT);
	other = features(vgg, 1, 32);
	tap_ok(apart(plain, other, 4096) > 0.1, "with it, it is");
	free(other);
	mc_backbone_freeze(vgg, mc_backbone_depth(vgg));
	other = features(vgg, 1, 32);
	tap_ok(apart(plain, other, 4096) > 0.1,
	    "also where the layers before are frozen");
	free(other);
	free(plain);
	mc_backbone_free(vgg);
	mc_backbone_free(b);
}

/* The line that says how far a training has come. */
static void
test_meter(void)
{
	struct mc_meter m = { .epochs = 10, .n_train = 200, .n_val = 50,
	    .start = 1000, .val_loss = NAN };
	struct mc_reading r = { .epoch = 1, .done = 64, .loss = 0.69314718,
	    .now = 1032, .memory = 512999999 };
	struct mc_buf text = { 0 };

	mc_meter_print(&m, &r, &text);
	tap_str(text.data, "epoch 1/10, image 64/200: loss 0.6931, 2 images/s, "
	    "16:08 left, 512 MB", "within the first epoch");
	m.val_loss = 0.5;
	m.val_accuracy = 0.75;
	r.done = 200;
	r.epoch = 10;
	mc_meter_print(&m, &r, &text);
	tap_str(text.data, "epoch 10/10: loss 0.6931, validation loss 0.5, "
	    "accuracy 0.750, 62.5 images/s, 0:00 left, 512 MB", "at the end");
	m.metric = "mcc";
	m.val_value = -0.125;
	mc_meter_print(&m, &r, &text);
	tap_str(text.data, "epoch 10/10: loss 0.6931, validation loss 0.5, "
	    "accuracy 0.750, mcc -0.125, 62.5 images/s, 0:00 left, 512 MB",
	    "with the metric that chooses");
	m.metric = NULL;
	m.done_before = 1968;
	m.epochs = 1000;
	mc_meter_print(&m, &r, &text);
	tap_str(text.data, "epoch 10/1000: loss 0.6931, validation loss 0.5, "
	    "accuracy 0.750, 1 images/s, 55:00:00 left, 512 MB",
	    "what was done before does not count");
	m.start = 1031.99;
	mc_meter_print(&m, &r, &text);
	tap_str(text.data, "epoch 10/1000: loss 0.6931, validation loss 0.5, "
	    "accuracy 0.750, 3200 images/s, 1:02 left, 512 MB",
	    "a fast training is not told in powers of ten");
	mc_buf_free(&text);
}

/* One value a channel has no variance. */
static void
test_one_value(void)
{
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);

	TEST(formula_fill(t, b, &err) == MC_OK);
	mc_backbone_mode(b, MC_TRAINING);
	free(features(b, 1, 64));
	mc_scope_open(t);
	mc_backbone_forward(b, formula_input(t, 1, 32));
	mc_scope_close(t, NULL);
	TEST(mc_torch_check(t, &err) == MC_EDATA);
	tap_ok(strstr(err.text, "Expected more than 1 value per channel when "
	    "training") != NULL, "%s", err.text);
	free(features(b, 2, 32));
	mc_backbone_free(b);
}

static void
test_dropout(void)
{
	struct mc_backbone *b = backbone("vgg16", NULL, MC_FLOAT32);
	float *a, *same, *other;
	size_t i, zeros = 0;

	TEST(mc_backbone_init(b, 1, &err) == MC_OK);
	mc_backbone_mode(b, MC_TRAINING);
	mc_torch_seed(t, 1);
	a = features(b, 1, 32);
	other = features(b, 1, 32);
	mc_torch_seed(t, 1);
	same = features(b, 1, 32);
	for (i = 0; i < 4096; i++)
		zeros += a[i] == 0;
	tap_ok(zeros > 2500 && zeros < 3600,
	    "%zu of 4096 features are 0: the ReLU's, and half of the others",
	    zeros);
	TEST(memcmp(a, same, 4096 * sizeof(float)) == 0);
	TEST(memcmp(a, other, 4096 * sizeof(float)) != 0);
	free(a);
	free(same);
	free(other);
	mc_backbone_free(b);
}

/* Whether bfloat16, the upper half of a float, holds V. */
static bool
is_rounded(float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return (bits & 0xFFFF) == 0;
}

static void
test_types(const char *name, int side)
{
	struct mc_backbone *b = backbone(name, NULL, MC_FLOAT32);
	struct mc_backbone *half = backbone(name, NULL, MC_BFLOAT16);
	struct mc_backbone *twice = backbone(name, NULL, MC_FLOAT64);
	size_t dim = (size_t)mc_backbone_features(b)->dim;
	size_t i, not_zero = 0, rounded = 0;
	float *x, *y, *z;

	TEST(formula_fill(t, b, &err) == MC_OK &&
	    formula_fill(t, half, &err) == MC_OK &&
	    formula_fill(t, twice, &err) == MC_OK);
	x = features(b, 1, side);
	y = features(half, 1, side);
	z = features(twice, 1, side);
	tap_ok(apart(z, x, dim) < 2e-6, "%s: float32 is %.1e from float64",
	    name, apart(z, x, dim));
	tap_ok(apart(z, y, dim) < 0.05 && apart(z, y, dim) > 1e-4,
	    "%s: bfloat16 is %.1e from float64", name, apart(z, y, dim));
	for (i = 0; i < dim; i++) {
		not_zero += y[i] != 0;
		rounded += y[i] != 0 && is_rounded(y[i]);
	}
	tap_ok(4 * rounded < 3 * not_zero, "%s: the last mean or norm is in "
	    "float32: of %zu features %zu fit into bfloat16", name, not_zero,
	    rounded);
	mc_scope_open(t);
	tap_ok(mc_type(mc_backbone_forward(half, formula_input(t, 1, side))) ==
	    MC_FLOAT32, "%s: and is float32", name);
	mc_scope_close(t, NULL);
	free(x);
	free(y);
	free(z);
	mc_backbone_free(b);
	mc_backbone_free(twice);
}

static void
test_input(void)
{
	struct mc_backbone *b = backbone("resnet18", NULL, MC_FLOAT32);
	const int64_t grey[] = { 1, 1, 64, 64 };

	mc_scope_open(t);
	tap_int(mc_size(mc_backbone_forward(b, formula_input(t, 1, 31)), 0), 0,
	    "too small an image gives a failed tensor");
	TEST(mc_torch_check(t, &err) == MC_EDATA);
	mc_backbone_forward(b, mc_full(t, MC_FLOAT32, 0, grey, 4));
	tap_ok(mc_torch_check(t, &err) == MC_EDATA, "one channel: %s",
	    err.text);
	mc_scope_close(t, NULL);
	mc_backbone_free(b);
	mc_backbone_free(NULL);
}

int
main(void)
{
	size_t temporaries;

	if (!tap_ok(mc_torch_alloc(&t, test_device(), 2, 1, &err) == MC_OK,
	    "libtorch starts"))
		return tap_done();
	temporaries = mc_torch_temporaries(t);
	test_load();
	test_load_head();
	test_load_grid();
	test_small();
	test_sizes("small_swin");
	test_not_finite();
	test_init();
	test_train();
	test_depth();
	test_meter();
	test_modes();
	test_frozen("vgg16", 32);
	test_frozen("resnet18", 64);
	test_frozen("densenet121", 64);
	test_frozen("dinov2_vits14", 28);
	test_frozen("swin_t", 32);
	test_frozen("convnext_tiny", 32);
	test_drop_path("small_swin");
	test_drop_path("small_convnext");
	test_drop_path("small_dinov2");
	test_stale("swin_t");
	test_stale("convnext_tiny");
	test_lora();
	test_table();
	test_decay(0);
	test_decay(0.5);
	test_restore("resnet18", 32);
	test_restore("dinov2_vits14", 28);
	test_one_value();
	test_dropout();
	test_types("resnet18", 64);
	test_types("densenet121", 64);
	test_types("dinov2_vits14", 56);
	test_input();
	TEST(mc_torch_temporaries(t) == temporaries);
	mc_torch_free(t);
	return tap_done();
}
