/*
 * test_prediction.c - what predicts without a layer: neighbours, the mean over
 * views; and the labels of findings.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/rng.h"
#include "learn/knn.h"
#include "learn/multilabel.h"
#include "learn/tta.h"
#include "weights/statedict.h"
#include "tap.h"

#define DIM 5
#define IMAGES 11

static struct mc_err err;

/* --- Neighbours ----------------------------------------------------------- */

/*
 * Training images in the plane of the third feature and the last, which is
 * behind those that are added four at a time: image i at 10 i degrees, and i + 1
 * long; but 6 is as 5, and the last has no length.
 */
static void
make_images(float x[IMAGES][DIM], const float *row[IMAGES], int label[IMAGES])
{
	int i;

	memset(x, 0, IMAGES * sizeof(*x));
	for (i = 0; i < IMAGES; i++) {
		double angle = (i == 6 ? 5 : i) * M_PI / 18;

		if (i < IMAGES - 1) {
			x[i][2] = (float)((i + 1) * cos(angle));
			x[i][4] = (float)((i + 1) * sin(angle));
		}
		row[i] = x[i];
		label[i] = i % 3;
	}
}

static void
is_near(const struct mc_neighbour *near, size_t image, double degrees,
    const char *what)
{
	tap_int((long long)near->image, (long long)image, "%s", what);
	tap_near(near->similarity, cos(degrees * M_PI / 180), 1e-6,
	    "%g degrees away", degrees);
}

static void
test_find(int threads)
{
	float x[IMAGES][DIM];
	const float *row[IMAGES];
	size_t self[IMAGES], i;
	struct mc_neighbour near[3 * IMAGES];
	int label[IMAGES];
	struct mc_knn *m;

	make_images(x, row, label);
	m = mc_knn_alloc(row, label, IMAGES, DIM, 3);
	tap_int((long long)mc_knn_count(m), IMAGES, "the training images");
	for (i = 0; i < IMAGES; i++)
		self[i] = i;
	mc_knn_find(m, row, NULL, IMAGES, 3, threads, near);
	is_near(near, 0, 0, "the nearest is the image itself");
	is_near(near + 1, 1, 10, "then the one beside it");
	is_near(near + 2, 2, 20, "and the next");
	is_near(near + 3 * 6, 5, 0, "of equal images the first");
	is_near(near + 3 * 6 + 1, 6, 0, "comes first");
	is_near(near + 3 * 6 + 2, 4, 10, "on either side");
	is_near(near + 3 * 9, 9, 0, "in the second block too");
	is_near(near + 3 * 9 + 2, 7, 20, "in order");
	is_near(near + 3 * 10, 0, 90, "nothing is like an image of zeros");
	is_near(near + 3 * 10 + 2, 2, 90, "the first are equally near");
	mc_knn_find(m, row, self, IMAGES, 3, threads, near);
	is_near(near, 1, 10, "without itself");
	is_near(near + 3 * 6, 5, 0, "an equal image is another one");
	is_near(near + 3 * 9, 8, 10, "without itself, in the second block");
	self[9] = MC_NOT_ITSELF;
	mc_knn_find(m, row, self, IMAGES, 3, threads, near);
	is_near(near + 3 * 9, 9, 0, "none of the training images");
	mc_knn_free(m);
	mc_knn_free(NULL);
}

static void
test_vote(void)
{
	static const struct mc_neighbour near[] = { { 0.9, 0 }, { 0.8, 1 },
	    { 0.8, 4 }, { 0.7, 3 } };
	float x[IMAGES][DIM];
	const float *row[IMAGES];
	int label[IMAGES];
	double logits[4], all = 1 + 2 * exp(-0.5) + exp(-1);
	struct mc_knn *m;

	make_images(x, row, label);
	m = mc_knn_alloc(row, label, IMAGES, DIM, 4);
	mc_knn_vote(m, near, 4, 0.2, logits);
	tap_near(logits[0], log((1 + exp(-1)) / all), 1e-12, "two votes");
	tap_near(logits[1], log(2 * exp(-0.5) / all), 1e-12, "two others");
	tap_ok(logits[2] == -INFINITY && logits[3] == -INFINITY,
	    "no vote for the others");
	mc_knn_vote(m, near, 1, 1e-300, logits);
	tap_near(logits[0], 0, 0, "a low temperature does not overflow");
	mc_knn_free(m);
}

/* What M writes, as a state dict. */
static struct mc_statedict *
written(const struct mc_knn *m)
{
	struct mc_statedict *sd;
	FILE *f = mc_spool_open(&err);

	if (f == NULL || mc_knn_write(m, f, &err) != MC_OK ||
	    mc_statedict_from_spool(&sd, f, "knn", &err) != MC_OK)
		abort();
	fclose(f);
	return sd;
}

static void
test_file(void)
{
	float x[IMAGES][DIM];
	const float *row[IMAGES];
	int label[IMAGES];
	struct mc_neighbour near[2 * IMAGES], same[2 * IMAGES];
	struct mc_statedict *sd;
	struct mc_knn *m, *read = NULL;

	make_images(x, row, label);
	m = mc_knn_alloc(row, label, IMAGES, DIM, 3);
	sd = written(m);
	TEST(mc_knn_read(&read, sd, DIM, 3, &err) == MC_OK);
	mc_knn_find(m, row, NULL, IMAGES, 2, 1, near);
	mc_knn_find(read, row, NULL, IMAGES, 2, 1, same);
	tap_ok(memcmp(near, same, sizeof(near)) == 0,
	    "what is read finds the same images");
	mc_knn_free(read);
	TEST(mc_knn_read(&read, sd, DIM, 2, &err) == MC_EDATA);
	tap_str(err.text, "the tensor \"head.labels\" has the label 2, where "
	    "there are 2 classes", "a label that is no class");
	TEST(mc_knn_read(&read, sd, DIM + 1, 3, &err) == MC_EDATA);
	mc_statedict_free(sd);
	x[3][1] = NAN;
	sd = written(m);
	TEST(mc_knn_read(&read, sd, DIM, 3, &err) == MC_EDATA && read == NULL);
	mc_statedict_free(sd);
	mc_knn_free(m);
}

/* --- Views ---------------------------------------------------------------- */

static void
has_views(const char *list, int asked, int views, const char *text)
{
	struct mc_buf said = { 0 };
	struct mc_tta tta;

	tap_ok(mc_tta_parse(&tta, list, asked, 1, &err) == MC_OK, "%s", list);
	tap_int(tta.views, views, "the views of %s", list);
	mc_tta_format(&tta, &said);
	tap_str(said.data, text, "as it is told");
	mc_buf_free(&said);
}

static void
test_views(void)
{
	struct mc_tta tta;

	has_views("flip", 0, 2, "flip");
	has_views("vflip", 0, 2, "vflip");
	has_views("flip,vflip", 0, 4, "flip+vflip");
	has_views("flip,rotate:10", 0, MC_TTA_VIEWS, "flip+rotate:10*8");
	has_views("rotate:10", 3, 3, "rotate:10*3");
	TEST(mc_tta_parse(&tta, "flip", 2, 1, &err) == MC_EDATA);
	TEST(mc_tta_parse(&tta, "turn", 0, 1, &err) == MC_EDATA);
}

/* Whether view V of LIST is mirrored so. */
static void
is_mirrored(const char *list, int v, bool flip, bool vflip)
{
	struct mc_augment_draw draw;
	struct mc_tta tta;

	TEST(mc_tta_parse(&tta, list, 0, 1, &err) == MC_OK);
	mc_tta_draw(&tta, v, 17, 60, 40, 32, &draw);
	tap_ok(draw.flip == flip && draw.vflip == vflip && draw.angle == 0,
	    "%s, view %d", list, v);
}

static void
test_draws(void)
{
	struct mc_augment_draw draw, trained;
	struct mc_tta tta;

	is_mirrored("flip", 0, false, false);
	is_mirrored("flip", 1, true, false);
	is_mirrored("vflip", 0, false, false);
	is_mirrored("vflip", 1, false, true);
	is_mirrored("flip,vflip", 1, true, false);
	is_mirrored("flip,vflip", 2, false, true);
	is_mirrored("flip,vflip", 3, true, true);
	is_mirrored("flip,rotate:30", 0, false, false);
	TEST(mc_tta_parse(&tta, "rotate:30", 0, 5, &err) == MC_OK);
	mc_tta_draw(&tta, 2, 17, 60, 40, 32, &draw);
	mc_augment_draw(&tta.words, 60, 40, 32, mc_stream_hash(5, "augment", 2,
	    17), &trained);
	tap_ok(draw.angle != 0 && draw.angle == trained.angle,
	    "a view is what training makes in that epoch");
}

/* Logits need not be normalised: one view has a constant more. */
static void
test_average(void)
{
	double classes[] = { log(0.2), log(0.8), log(0.5), log(0.5),
	    5 + log(0.6), 5 + log(0.4), 5 + log(0.1), 5 + log(0.9) };
	double findings[] = { log(0.2 / 0.8), log(0.5 / 0.5), 40,
	    log(0.6 / 0.4), log(0.1 / 0.9), 40 };

	mc_tta_average(classes, 2, 2, 2);
	tap_near(classes[0], log(0.4), 1e-12, "the mean of two views");
	tap_near(classes[1], log(0.6), 1e-12, "of each class");
	tap_near(classes[3], log(0.7), 1e-12, "of each image");
	mc_tta_average_findings(findings, 2, 1, 3);
	tap_near(findings[0], log(0.4 / 0.6), 1e-12, "of a finding");
	tap_near(findings[1], log(0.3 / 0.7), 1e-12, "of each finding");
	tap_near(findings[2], 40, 1e-12, "of one that is nearly sure");
}

/* --- The labels of findings ----------------------------------------------- */

static void
test_labels(void)
{
	static const char *const names[] = { "Edema", "Mass", "Nodule" };
	static const int of_uncertain[] = { [MC_UNCERTAIN_IGNORE] =
	    MC_NOT_COUNTED, [MC_UNCERTAIN_ZERO] = MC_NO,
	    [MC_UNCERTAIN_ONE] = MC_YES };
	struct mc_multilabel m = { .on = true }, found = { .on = true };
	struct mc_keyvalue *kv;
	int i, label[3];

	for (i = 0; mc_uncertain_names[i] != NULL; i++) {
		m.uncertain = (enum mc_uncertain)i;
		TEST(mc_multilabel_read(&m, names, 3, "Mass?|Nodule", "x",
		    label, &err) == MC_OK);
		tap_ok(label[0] == MC_NO && label[1] == of_uncertain[i] &&
		    label[2] == MC_YES, "what is uncertain: %s",
		    mc_uncertain_names[i]);
		kv = mc_keyvalue_alloc();
		mc_multilabel_record(&m, kv);
		TEST(mc_multilabel_find(&found, kv, &err) == MC_OK);
		tap_ok(found.uncertain == m.uncertain, "is recorded");
		tap_str(found.no_finding, MC_NO_FINDING, "with the word for "
		    "none");
		mc_keyvalue_free(kv);
	}
	m.no_finding = "none";
	TEST(mc_multilabel_read(&m, names, 3, "none", "x", label, &err) ==
	    MC_OK && label[0] == MC_NO && label[2] == MC_NO);
	TEST(mc_multilabel_read(&m, names, 3, "Hernia", "x", label, &err) ==
	    MC_EDATA);
	kv = mc_keyvalue_alloc();
	mc_keyvalue_add(kv, "uncertain", "perhaps");
	TEST(mc_multilabel_find(&found, kv, &err) == MC_EDATA);
	mc_keyvalue_free(kv);
}

int
main(void)
{
	test_find(1);
	test_find(3);
	test_vote();
	test_file();
	test_views();
	test_draws();
	test_average();
	test_labels();
	return tap_done();
}
