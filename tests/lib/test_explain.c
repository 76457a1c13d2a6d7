/*
 * The parts of which maps are made, by closed forms: attention followed back,
 * squares that hide, colours, ranks; and what becomes random.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/backbone.h"
#include "base/mem.h"
#include "image/overlay.h"
#include "learn/attention.h"
#include "learn/gradcam.h"
#include "learn/occlusion.h"
#include "learn/rollout.h"
#include "learn/sanity.h"
#include "tap.h"

static struct mc_err err;

static void
test_attend(void)
{
	const float a[] = { 0.5f, 0.5f, 0.25f, 0.75f };
	double readout[] = { 1, 0 };

	mc_attend(a, 2, false, readout);
	tap_near(readout[0], 0.5, 0, "attention is the row of the query");
	mc_attend(a, 2, true, readout);
	/* (1/2, 1/2) (A + I) / 2 */
	tap_near(readout[0], (0.375 + 0.5) / 2, 1e-15, "half of it is residual");
	tap_near(readout[0] + readout[1], 1, 1e-15, "shares add up to 1");
}

/* 7 pixels, squares of 3 at 0, 2, 4. */
static void
test_occlusion(void)
{
	struct mc_occlusion o = { 7, 3, 2 };
	float planes[2 * 49], map[9], out[49];
	int i, hidden = 0;

	tap_int(mc_occlusion_side(&o), 3, "squares reach the far side");
	for (i = 0; i < 2 * 49; i++)
		planes[i] = 1;
	mc_occlusion_hide(&o, 5, 2, planes);
	for (i = 0; i < 2 * 49; i++)
		hidden += planes[i] == 0;
	tap_ok(hidden == 18 && planes[2 * 7 + 4] == 0 && planes[4 * 7 + 6] == 0
	    && planes[49 + 3 * 7 + 5] == 0, "square 5 is row 1 and column 2");
	for (i = 0; i < 9; i++)
		map[i] = (float)i;
	mc_occlusion_spread(&o, map, out);
	tap_near((double)out[0], 0, 0, "a corner is hidden by one square");
	tap_near((double)out[2], 0.5, 0, "pixel 2 by those at 0 and 2");
	tap_near((double)out[4 * 7 + 4], (4 + 5 + 7 + 8) / 4.0, 0,
	    "pixel (4, 4) by four");
	tap_near((double)out[48], 8, 0, "the last by the last");
	o = (struct mc_occlusion){ 8, 3, 2 };
	tap_int(mc_occlusion_side(&o), 4, "the last one is cut off");
	mc_occlusion_hide(&(struct mc_occlusion){ 7, 4, 4 }, 3, 1, planes);
	tap_ok(planes[48] == 0 && planes[4 * 7 + 3] == 1,
	    "what is cut off hides the rest");
	o = (struct mc_occlusion){ 5, 5, 5 };
	tap_int(mc_occlusion_side(&o), 1, "one square may hide all");
}

static void
test_colours(void)
{
	const float map[] = { 0, 1, 2, 3 };
	unsigned char rgb[3], over[6];
	float out[36];
	int i;

	mc_viridis(0, rgb);
	tap_ok(rgb[0] == 0x44 && rgb[1] == 0x01 && rgb[2] == 0x54, "the first");
	mc_viridis(1, rgb);
	tap_ok(rgb[0] == 0xFD && rgb[1] == 0xE7 && rgb[2] == 0x25, "the last");
	mc_viridis(2, rgb);
	tap_ok(rgb[0] == 0xFD && rgb[1] == 0xE7, "nothing is beyond");
	/* matplotlib's colour 128 of 256. */
	mc_viridis(128 / 255.0, rgb);
	tap_ok(abs(rgb[0] - 0x20) < 2 && abs(rgb[1] - 0x90) < 2 &&
	    abs(rgb[2] - 0x8C) < 2, "one between");
	mc_enlarge(map, 2, 2, 6, out);
	tap_near((double)out[0], 0, 0, "a corner keeps its value");
	tap_near((double)out[2 * 6 + 2], 1 / 3.0 + 2 / 3.0, 1e-6,
	    "between the centres it is linear");
	tap_near((double)out[35], 3, 0, "and the last corner keeps its");
	mc_enlarge(map, 1, 1, 2, out);
	for (i = 0; i < 4; i++)
		tap_near((double)out[i], 0, 0, "one cell is everywhere");
	mc_overlay((const unsigned char[]){ 0, 0, 0, 255, 255, 255 }, map, 2, 0,
	    1, over);
	tap_ok(over[0] == 0x22 && over[1] == 1 && over[3] == (0xFD + 255) / 2,
	    "an overlay is the mean, rounded");
	mc_overlay((const unsigned char[]){ 0, 0, 0, 0, 0, 0 }, map + 1, 2, -1,
	    2, over);
	mc_viridis(2 / 3.0, rgb);
	tap_ok(over[1] == (rgb[1] + 1) / 2 && over[3] == (0xFD + 1) / 2,
	    "the scale begins where it is said to");
	mc_overlay((const unsigned char[]){ 0, 0, 0 }, map + 1, 1, 1, 1, over);
	tap_ok(over[0] == 0x22, "equal values have the first colour");
}

static void
test_ranks(void)
{
	const float a[] = { 1, 2, 3, 4 }, b[] = { 1, 20, 300, 4000 };
	const float ties[] = { 1, 1, 2, 3 }, same[] = { 2, 2, 2, 2 };
	const float none[] = { 1, NAN, 2, 3 };

	tap_near(mc_rank_correlation(a, b, 4), 1, 1e-15, "only ranks count");
	/* Ranks 1.5, 1.5, 3, 4: covariance 4.5, variances 5 and 4.5. */
	tap_near(mc_rank_correlation(a, ties, 4), 4.5 / sqrt(5 * 4.5), 1e-15,
	    "equal values share their ranks");
	tap_ok(isnan(mc_rank_correlation(a, same, 4)) &&
	    isnan(mc_rank_correlation(same, a, 4)),
	    "values that are all equal have none");
	tap_ok(isnan(mc_rank_correlation(a, none, 4)) &&
	    isnan(mc_rank_correlation(none, a, 4)),
	    "nor have those that are not numbers");
}

/* How many parameters of A, in the depth LO to HI, equal those of B. */
static int
equal(struct mc_torch *t, const struct mc_backbone *a,
    const struct mc_backbone *b, int lo, int hi, int *all)
{
	const struct mc_param *p, *q;
	int n = 0;
	size_t i;

	*all = 0;
	for (i = 0; (p = mc_backbone_param(a, i)) != NULL; i++) {
		q = mc_backbone_param(b, i);
		if (p->depth < lo || p->depth > hi || !p->weight)
			continue;
		(*all)++;
		n += memcmp(mc_memory(p->tensor), mc_memory(q->tensor),
		    p->n * sizeof(float)) == 0;
	}
	TEST(mc_torch_check(t, &err) == MC_OK);
	return n;
}

static void
test_redraw(void)
{
	struct mc_torch *t = NULL;
	struct mc_backbone *a = NULL, *b = NULL;
	int all, same;

	TEST(mc_torch_alloc(&t, "cpu", 1, 1, &err) == MC_OK &&
	    mc_backbone_alloc(&a, t, "resnet18", NULL, MC_FLOAT32, &err) ==
	    MC_OK && mc_backbone_alloc(&b, t, "resnet18", NULL, MC_FLOAT32,
	    &err) == MC_OK && mc_backbone_init(a, 1, &err) == MC_OK &&
	    mc_backbone_init(b, 1, &err) == MC_OK);
	TEST(mc_backbone_redraw(a, 6, 2, &err) == MC_OK);
	same = equal(t, a, b, 0, 5, &all);
	tap_ok(same == all && all > 4, "what is below stays");
	same = equal(t, a, b, 6, 99, &all);
	tap_ok(same == 0 && all > 4, "the blocks from 6 on do not");
	TEST(mc_backbone_redraw(a, 0, 2, &err) == MC_OK &&
	    mc_backbone_init(b, 2, &err) == MC_OK);
	same = equal(t, a, b, 0, 99, &all);
	tap_ok(same == all, "from 0 on it is the start of another training");
	mc_backbone_free(a);
	mc_backbone_free(b);
	mc_torch_free(t);
}

/*
 * Steps of the sanity check, of a network of 15 blocks: the head alone, 4, 8 and
 * 12 blocks, which are a quarter, a half and three quarters of them rounded up, and
 * all; what is deeper than these is random too, and what is less deep is not.
 */
static void
test_sanity(void)
{
	static const int wanted[MC_SANITY_STEPS] = { 0, 4, 8, 12, 15 };
	struct mc_torch *t = NULL;
	struct mc_backbone *a = NULL, *b = NULL;
	struct mc_trained tr = { 0 };
	int step, same, all, last;

	TEST(mc_torch_alloc(&t, "cpu", 1, 1, &err) == MC_OK &&
	    mc_backbone_alloc(&a, t, "mobilenet_v3_large", NULL, MC_FLOAT32,
	    &err) == MC_OK && mc_backbone_alloc(&b, t, "mobilenet_v3_large",
	    NULL, MC_FLOAT32, &err) == MC_OK && mc_backbone_init(b, 7, &err) ==
	    MC_OK && mc_head_alloc(&tr.head, t, "linear", 2, 2, 1, &err) ==
	    MC_OK);
	tr.backbone = a;
	tap_int(mc_backbone_blocks(a), 15, "a network of 15 blocks");
	for (step = 0; step < MC_SANITY_STEPS; step++) {
		tap_int(mc_sanity_blocks(&tr, step), wanted[step],
		    "blocks of a step");
		TEST(mc_backbone_init(a, 7, &err) == MC_OK &&
		    mc_sanity_randomise(&tr, step, 3, &err) == MC_OK);
		last = step == MC_SANITY_STEPS - 1 ? -1 : 15 - wanted[step];
		same = equal(t, a, b, 0, last, &all);
		tap_ok(same == all && (all > 0) == (last >= 0),
		    "what is before them stays");
		same = equal(t, a, b, last + 1, 99, &all);
		tap_ok(same == (step == 0 ? all : 0) && all > 0,
		    "they are random, and what is behind them");
	}
	mc_head_free(tr.head);
	mc_backbone_free(a);
	mc_backbone_free(b);
	mc_torch_free(t);
}

/* A tensor of T that outlives its scope, of N values X and the shape SHAPE. */
static struct mc_tensor *
keep(struct mc_torch *t, const float *x, size_t n, const int64_t *shape, int ndim)
{
	struct mc_tensor *kept;

	mc_scope_open(t);
	kept = mc_tensor_keep(t, mc_from_f32(t, x, n, shape, ndim));
	mc_scope_close(t, NULL);
	return kept;
}

/*
 * Two images of a token ahead and two places, of two channels; the logits are
 * linear, so that the gradients are their weights.
 */
static void
test_gradcam(void)
{
	const float map[] = { 9, 9, 1, 2, 3, 4, 9, 9, 5, 6, -7, -8 };
	const float weight[] = { 50, 60, 1, -1, 3, 2, 70, 80, 2, 6, -4, 2 };
	struct mc_watch w = { .rows = 1, .columns = 2, .ahead = 1 };
	struct mc_torch *t = NULL;
	struct mc_tensor *logits;
	float out[4];

	TEST(mc_torch_alloc(&t, "cpu", 1, 1, &err) == MC_OK);
	w.map = keep(t, map, 12, (int64_t[]){ 2, 3, 2 }, 3);
	mc_set_trainable(t, w.map, true);
	mc_torch_grad(t, true);
	mc_scope_open(t);
	logits = mc_linear(t, mc_flatten(t, w.map, 1), mc_from_f32(t, weight,
	    12, (int64_t[]){ 2, 6 }, 2), NULL);
	mc_gradcam(t, &w, logits, 2, 2, (size_t[]){ 0, 1 }, out);
	mc_scope_close(t, NULL);
	mc_torch_grad(t, false);
	TEST(mc_torch_check(t, &err) == MC_OK);
	/* The means over the places: (2, 0.5) of class 0, (-1, 4) of class 1. */
	tap_near((double)out[0], 2 * 1 + 0.5 * 2, 1e-6, "channels are weighed "
	    "by the mean of their gradients");
	tap_near((double)out[1], 2 * 3 + 0.5 * 4, 1e-6, "at each place");
	tap_near((double)out[2], -1 * 5 + 4 * 6, 1e-6, "each image has a class");
	tap_near((double)out[3], 0, 0, "a negative sum is 0");
	mc_watch_clear(&w);
	mc_torch_free(t);
}

/* Two blocks of a token ahead and two places, of two images. */
static void
test_attention_maps(void)
{
	const float first[] = { 1, 0, 0, 0, 1, 0, 0, 0, 1,
	    0.5f, 0.25f, 0.25f, 0, 1, 0, 0, 0, 1 };
	const float last[] = { 0.2f, 0.3f, 0.5f, 0, 0.6f, 0.4f, 0.2f, 0, 0.8f,
	    0.4f, 0.4f, 0.2f, 0, 1, 0, 1, 0, 0 };
	const float pool[] = { 0.1f, 0.2f, 0.7f, 0.3f, 0.6f, 0.1f };
	const int64_t shape[] = { 2, 3, 3 };
	struct mc_watch w = { .rows = 1, .columns = 2, .ahead = 1,
	    .readout = MC_READ_CLASS_TOKEN, .n_attention = 2 }, only_last;
	struct mc_torch *t = NULL;
	float out[4];

	TEST(mc_torch_alloc(&t, "cpu", 1, 1, &err) == MC_OK);
	w.attention = mc_xcalloc(2, sizeof(struct mc_tensor *));
	w.attention[0] = keep(t, first, 18, shape, 3);
	w.attention[1] = keep(t, last, 18, shape, 3);
	only_last = w;
	only_last.attention++;
	only_last.n_attention = 1;
	mc_attention_maps(t, &only_last, 2, false, out);
	tap_near((double)out[0], 0.3, 1e-6, "the class token's row of the "
	    "last block");
	tap_near((double)out[2], 0.4, 1e-6, "of each image");
	mc_attention_maps(t, &w, 2, true, out);
	/* (0.7, 0.2, 0.1) (A + I) / 2 of the second image */
	tap_near((double)out[2], 0.2 + 0.7 * 0.25 / 2, 1e-6,
	    "a rollout goes back through both blocks");
	tap_near((double)out[0], 0.15, 1e-6, "half of each is residual");
	only_last.readout = MC_READ_PATCHES;
	mc_attention_maps(t, &only_last, 2, false, out);
	tap_near((double)out[0], (0.6 + 0) / 2, 1e-6,
	    "the mean of the rows of the places");
	tap_near((double)out[1], (0.4 + 0.8) / 2, 1e-6, "of each image's places");
	w.readout = MC_READ_POOL;
	w.pool = keep(t, pool, 6, (int64_t[]){ 2, 1, 3 }, 3);
	mc_attention_maps(t, &w, 2, false, out);
	tap_near((double)out[1], 0.7, 1e-6, "of a pool its own attention");
	tap_near((double)out[2], 0.6, 1e-6, "of each image");
	mc_attention_maps(t, &w, 2, true, out);
	/* Back through the last block, then the first, of the first image. */
	tap_near((double)out[1], (0.7 + 0.1 * 0.5 + 0.2 * 0.4 + 0.7 * 0.8) / 2,
	    1e-6, "and a rollout goes from it through the blocks");
	TEST(mc_torch_check(t, &err) == MC_OK);
	mc_watch_clear(&w);
	mc_torch_free(t);
}

int
main(void)
{
	test_attend();
	test_gradcam();
	test_attention_maps();
	test_occlusion();
	test_colours();
	test_ranks();
	test_redraw();
	test_sanity();
	return tap_done();
}
