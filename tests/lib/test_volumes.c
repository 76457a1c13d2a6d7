/* test_volumes.c - patterns of names, grids, and slices, against closed forms. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scan/slices.h"
#include "table/glob.h"
#include "tap.h"

/* --- Patterns ----------------------------------------------------------------- */

static void
test_matches(void)
{
	static const struct { const char *glob, *path; bool matches; } t[] = {
		{ "*.png", "a/b.png", true },
		{ "*.png", "a/b.jpg", false },
		{ "b.png", "a/b.png", true },
		{ "a", "a/b/c.png", true },
		{ "b", "a/b/c.png", true },
		{ "a/b", "a/b/c.png", true },
		{ "a/*.png", "a/b/c.png", true },
		{ "b/c.png", "a/b/c.png", false },
		{ "*/c.png", "a/b/c.png", true },
		{ "c", "a/b/c.png", false },
		{ "a", "aa/b.png", false },
		{ "A", "a/b.png", false },
		{ "./a", "a/b.png", true },
		{ "././a//", "a/b.png", true },
		{ "b.png/", "a/b.png", true },
		{ "/", "a/b.png", false },
		{ "", "a/b.png", false },
		{ "[ab].png", "c/b.png", true },
		{ "?", "a/b.png", true },
		{ "?", "aa/bb.png", false }
	};
	const char *const globs[] = { "x", "*.png", "b*", NULL };
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		tap_int(mc_glob_matches(t[i].glob, t[i].path), t[i].matches,
		    "\"%s\" and %s", t[i].glob, t[i].path);
	TEST(mc_glob_find(globs, "a/b.png") == globs[1]);
	TEST(mc_glob_find(globs, "a/b.jpg") == globs[2]);
	TEST(mc_glob_find(globs, "a/c.jpg") == NULL);
	TEST(mc_glob_find(NULL, "a") == NULL);
}

static void
test_star(void)
{
	static const struct { const char *glob, *name, *star; } t[] = {
		{ "*_seg*", "p01_seg.nii.gz", "p01" },
		{ "*_seg*", "p01_segm.nii", "p01" },
		{ "d/e/*_seg*", "p_seg.nii", "p" },
		{ "t1*", "t1.nii.gz", "" },
		{ "t1.nii*", "t1.nii.gz", "" },
		{ "seg*", "segmentation.nii.gz", "mentation" },
		{ "segmentation-*", "segmentation-12.nii", "12" },
		{ "labelsTr", "CASE_001.nii.gz", "CASE_001" },
		{ "masks/*", "t1.nii", "t1" },
		{ "*.nii*", "x.nii.gz", "x" },
		{ "*-roi*", "\303\274_1-roi.nii.gz", "\303\274_1" },
		{ "*_t1*", "a__t1.nii", "a" },
		{ "*_t1*", "_a_t1.nii", "a" },
		{ "*_t1*", "a_t1_t1.nii", "a" },
		{ "*_seg*_x*", "a_seg1_x.nii", "a" },
		{ "*_seg*", "other.nii", "other" },
		{ "ab*", "ac.nii", "ac" },
		{ "?_seg*", "p_seg.nii", "p_seg" },
		{ "[p]*_seg*", "p1_seg.nii", "p1_seg" },
		{ "*", ".nii", "nii" },
		{ "*", "--.nii", "" },
		{ "*", "", "" }
	};
	char *star;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		star = mc_glob_star(t[i].glob, t[i].name);
		tap_str(star, t[i].star, "the * of \"%s\" in \"%s\"", t[i].glob,
		    t[i].name);
		free(star);
	}
	TEST(mc_glob_is_word('z') && mc_glob_is_word('0') &&
	    mc_glob_is_word('\303') && !mc_glob_is_word('_') &&
	    !mc_glob_is_word('\0'));
}

/* --- Grids -------------------------------------------------------------------- */

/* A grid of 3 x 5 x 1 voxels whose edges are X, Y and Z, in mm. */
static struct mc_nifti
grid(double x, double y, double z)
{
	struct mc_nifti n = { .size = { 3, 5, 1 } };

	n.grid[0][0] = -x;
	n.grid[1][1] = y;
	n.grid[2][2] = z;
	return n;
}

static void
test_grids(void)
{
	struct mc_nifti a = grid(2, 3, 4), b = a, c;

	TEST(mc_nifti_distance(&a, &b) == 0 && mc_nifti_same_grid(&a, &b));
	b.grid[0][3] = 3;
	b.grid[1][3] = -4;
	tap_near(mc_nifti_distance(&a, &b), 5, 1e-15, "moved by 3 and 4 mm");
	TEST(!mc_nifti_same_grid(&a, &b));
	b = a;
	b.grid[2][1] = 0.25;
	tap_near(mc_nifti_distance(&a, &b), 1, 1e-15, "turned: 4 times 0.25");
	TEST(mc_nifti_same_grid(&a, &b));
	b.grid[2][3] = -1.5;
	tap_near(mc_nifti_distance(&a, &b), 1.5, 1e-15,
	    "turned, and moved back: the first corner is furthest");
	TEST(!mc_nifti_same_grid(&a, &b));
	/* Half the shortest edge of either: a is 2, c is 0.5. */
	b = a;
	b.grid[0][3] = 0.3;
	c = grid(2, 3, 0.5);
	TEST(mc_nifti_same_grid(&a, &b) && mc_nifti_same_grid(&b, &a));
	TEST(!mc_nifti_same_grid(&b, &c) && !mc_nifti_same_grid(&c, &b));
	c.grid[0][3] = 0.3;
	TEST(mc_nifti_same_grid(&b, &c));
	c = grid(0.5, 3, 4);
	c.size[0] = a.size[0] = 1;
	c.grid[0][3] = 0.3;
	TEST(!mc_nifti_same_grid(&a, &c) && !mc_nifti_same_grid(&c, &a));
	c.size[0] = 2;
	TEST(isinf(mc_nifti_distance(&a, &c)) && !mc_nifti_same_grid(&a, &c));
}

/* --- Slices ------------------------------------------------------------------- */

static void
test_addresses(void)
{
	static const char *const good[] = { "a.nii#slice=axial:0",
	    "a.nii#slice=sagittal:7,volume=3", "a|b|c#slice=coronal:2",
	    "a#slice=axial:1#slice=axial:2", "/a|b|/c#slice=axial:1,volume=2" };
	struct mc_slice s;
	struct mc_err err;
	char *text;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (mc_slice_parse(&s, NULL, good[i], &err) != MC_OK) {
			tap_ok(false, "%s: %s", good[i], err.text);
			continue;
		}
		text = mc_slice_print(&s);
		tap_str(text, good[i], "read and written again");
		free(text);
		mc_slice_clear(&s);
	}
	TEST(!mc_slice_is("#slice=axial:1") && mc_slice_is("a#slice=") &&
	    !mc_slice_is("a#frame=1"));
	TEST(mc_slice_parse(&s, "d", good[4], &err) == MC_OK);
	text = mc_slice_print(&s);
	tap_str(text, "/a|d/b|/c#slice=axial:1,volume=2",
	    "relative paths are below the base");
	free(text);
	mc_slice_clear(&s);
}

static void
test_levels(void)
{
	double x[] = { 0, 3, NAN, 1, INFINITY, 4, 2, -INFINITY, 0 }, r[2];
	static const unsigned char wanted[] = { 0, 170, 0, 0, 255, 255, 85, 0,
	    0 };
	struct mc_volume v = { .voxels = x, .n = 9, .nifti = {
	    .size = { 3, 3, 1 }, .stored = { 3, 3, 1 }, .from = { 0, 1, 2 },
	    .flipped = { true, true, false }, .voxel = MC_F64, .bytes = 8,
	    .slope = 1, .volumes = 1 } };
	unsigned char levels[9];

	mc_volume_percentiles(&v, 50, 99, r);
	tap_near(r[0], 2.5, 1e-15, "numpy.percentile([1, 2, 3, 4], 50)");
	tap_near(r[1], 3.97, 1e-15, "numpy.percentile([1, 2, 3, 4], 99)");
	mc_volume_percentiles(&v, 0, 100, r);
	TEST(r[0] == 1 && r[1] == 4);
	mc_slice_levels(&v, MC_AXIAL, 0, r, levels, 1);
	TEST(memcmp(levels, wanted, sizeof(levels)) == 0);
	tap_int(mc_slice_marked(&v, MC_AXIAL, 0), 6,
	    "neither 0 nor NAN, but infinite");
	r[0] = r[1] = 0;
	mc_slice_levels(&v, MC_AXIAL, 0, r, levels, 1);
	TEST(levels[1] == 0 && levels[4] == 0);
	r[0] = r[1] = 3;
	mc_slice_levels(&v, MC_AXIAL, 0, r, levels, 1);
	TEST(levels[1] == 255 && levels[5] == 255 && levels[3] == 0);
}

int
main(void)
{
	test_matches();
	test_star();
	test_grids();
	test_addresses();
	test_levels();
	return tap_done();
}
