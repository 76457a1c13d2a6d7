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

int
main(void)
{
	test_attend();
	test_occlusion();
	test_colours();
	test_ranks();
	test_redraw();
	return tap_done();
}
