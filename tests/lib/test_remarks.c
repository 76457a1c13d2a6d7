/*
 * test_remarks.c - what is said of the images of a training, of its moving
 * average, and of what it keeps.
 */
#include <string.h>

#include "base/mem.h"
#include "base/records.h"
#include "learn/remarks.h"
#include "tap.h"

static struct mc_buf said;

static void
say(const char *line)
{
	mc_buf_printf(&said, "%s\n", line);
}

/* Check that TEXT, whole lines, has been said. */
static void
is_said(const char *text, const char *what)
{
	mc_buf_puts(&said, "");
	tap_str(said.data, text, "%s", what);
	mc_buf_free(&said);
}

/* --- The images ----------------------------------------------------------- */

static const char *classes[] = { "a", "b", "c" };
static size_t train[] = { 0, 1, 2, 3 }, val[] = { 4, 5 };

/* Four images to train on, two to validate. */
static struct mc_dataset
dataset(int *label, size_t labels)
{
	return (struct mc_dataset){ .n = 6, .label = label, .labels = labels,
	    .classes = classes, .n_classes = 3, .train = train, .n_train = 4,
	    .val = val, .n_val = 2, .n_test = 7 };
}

static void
test_counts(void)
{
	int label[] = { 0, 1, 2, 0, 0, 1 };
	struct mc_dataset d = dataset(label, 1);

	d.n_held = 5;
	d.n_outside = 3;
	d.n_bad = 1;
	mc_remark_data(&d, 0, 0, say);
	is_said("training on 4 images, validating on 2; 7 test images not "
	    "used\n1 image left out that could not be read or decoded\n"
	    "no validation image of the class \"c\"\n", "neither fold nor share");
	d.n_bad = 0;
	d.n_classes = 2;
	d.n_units_validate = 9;
	mc_remark_data(&d, 0, 0, say);
	is_said("training on 4 images, validating on 2; 7 test images not "
	    "used\nthe validation images are of 9 groups (patients), which is "
	    "few: the validation metrics, and what is chosen by them, depend on "
	    "chance\n", "few patients to validate on");
	d.n_units_validate = 10;
	mc_remark_data(&d, 0, 0, say);
	is_said("training on 4 images, validating on 2; 7 test images not "
	    "used\n", "enough of them");
	d.n_classes = 3;
	d.n_units_validate = 9;
	d.n_bad = 2;
	d.n_val = 0;
	mc_remark_data(&d, 2, 0, say);
	is_said("training on 4 images, validating on 0; 5 images of fold 2 and "
	    "7 test images not used\n2 images left out that could not be "
	    "read or decoded\n", "a fold, and no validation");
	d.n_bad = 0;
	d.n_units_validate = 0;
	d.n_val = 1;
	mc_remark_data(&d, 0, 12.5, say);
	is_said("training on 4 images, validating on 1; 3 images outside share "
	    "12.5 and 7 test images not used\nno validation image of 2 of the "
	    "3 classes, such as \"b\"\n", "a share");
	label[4] = 2;
	mc_remark_data(&d, 1, 50, say);
	is_said("training on 4 images, validating on 1; 3 images outside share "
	    "50, 5 images of fold 1 and 7 test images not used\nno validation "
	    "image of 2 of the 3 classes, such as \"a\"\n",
	    "a share and a fold");
	d.n_test = 0;
	mc_remark_data(&d, 1, 50, say);
	is_said("training on 4 images, validating on 1; 3 images outside share "
	    "50 and 5 images of fold 1 not used\nno validation image of 2 of the "
	    "3 classes, such as \"a\"\n", "and no test images");
	mc_remark_data(&d, 1, 0, say);
	is_said("training on 4 images, validating on 1; 5 images of fold 1 not "
	    "used\nno validation image of 2 of the 3 classes, such as \"a\"\n",
	    "a fold and no test images");
}

/* Copies and groups on both sides. */
static void
test_leaks(void)
{
	int label[] = { 0, 1, 2, 0, 0, 1 };
	struct mc_dataset d = dataset(label, 1);
	const char *joined[] = { "a", "b|c", "d|e" };

	d.n_classes = 2;
	d.n_copies_val = 11;
	d.n_copies_left = 12;
	d.n_units_val = 13;
	d.n_units_left = 14;
	d.classes = joined;
	mc_remark_data(&d, 0, 0, say);
	is_said("training on 4 images, validating on 2; 7 test images not "
	    "used\nthe label \"b|c\" is treated as a class of its own; give "
	    "--multilabel to train on each finding\n"
	    "11 validation images are byte-for-byte copies of training images: "
	    "mc-split keeps copies together\n"
	    "12 of the images not used are byte-for-byte copies of images "
	    "used, and mc-predict will refuse them: mc-split keeps copies "
	    "together\n"
	    "groups with training images and validation images: 13: mc-split "
	    "keeps groups together\n"
	    "groups with images used and images not used: 14: predictions of "
	    "these are better than those of new patients: mc-split keeps "
	    "groups together\n", "copies and groups");
}

/* Add what is said of the findings of the N labels TEXT. */
static void
remark_labels(struct mc_dataset *d, const char *const *text, size_t n)
{
	struct mc_findings *f = mc_findings_alloc(d->multilabel.no_finding);
	struct mc_err err;
	size_t i;

	for (i = 0; i < n; i++)
		TEST(mc_findings_add(f, text[i], "m.tsv", 0, &err) == MC_OK);
	TEST(mc_findings_end(f, "m.tsv", &err) == MC_OK);
	d->findings = f;
	d->n_texts = n;
	mc_remark_data(d, 0, 0, say);
	mc_findings_free(f);
}

static void
test_findings(void)
{
	static const char *const lone[] = { "a", "b", "c" },
	    *const two[] = { "a", "b|c", "c" },
	    *const uncertain[] = { "a", "b", "c?" },
	    *const none[] = { "a", "b", "No Finding" };
	int label[] = { MC_YES, MC_NO, MC_NO, MC_NO, MC_NOT_COUNTED, MC_YES,
	    MC_YES, MC_NOT_COUNTED, MC_NO, MC_YES, MC_NO, MC_NO,
	    MC_NO, MC_YES, MC_NO, MC_YES, MC_NO, MC_NOT_COUNTED };
	struct mc_dataset d = dataset(label, 3);
#define COUNTED "training on 4 images, validating on 2; 7 test images not used\n" \
	"training images with each finding: a 3, b 0 (2 uncertain), c 1\n"
#define MISSING "no validation image with the finding \"c\"\n"

	d.multilabel.on = true;
	remark_labels(&d, two, 3);
	is_said(COUNTED MISSING, "the images of each finding");
	remark_labels(&d, uncertain, 3);
	is_said(COUNTED MISSING, "an uncertain finding");
	remark_labels(&d, none, 3);
	is_said(COUNTED MISSING, "an image without a finding");
	remark_labels(&d, lone, 3);
	is_said(COUNTED "every image has one finding, and no label is \"No "
	    "Finding\": leave out --multilabel if these are classes, or say "
	    "with --no-finding which label means no finding\n" MISSING,
	    "findings that look like classes");
	d.multilabel.no_finding = "Normal";
	label[13] = MC_NO;
	remark_labels(&d, lone, 3);
	is_said(COUNTED "every image has one finding, and no label is \"Normal\""
	    ": leave out --multilabel if these are classes, or say with "
	    "--no-finding which label means no finding\nno validation image "
	    "with 2 of the 3 findings, such as \"b\"\n", "another word");
}

/* Of more than 20 findings, the rarest and the most frequent; the first of each. */
static void
test_many_findings(void)
{
	static const char *const text[] = { "a", "a" };
	const char *names[21] = { NULL };
	size_t both[] = { 0, 1 }, i;
	struct mc_dataset d = { .n = 2, .labels = 20, .classes = names,
	    .n_classes = 20, .train = both, .n_train = 2,
	    .multilabel = { .on = true, .no_finding = "a" } };
	int label[42];

	for (i = 0; i < 42; i++)
		label[i] = i % 21 == 4 || i % 21 == 9 || i == 2 || i == 3;
	for (i = 0; i < 21; i++)
		names[i] = &"abcdefghijklmnopqrstu"[i];
	d.label = label;
	d.labels = d.n_classes = 21;
	remark_labels(&d, text, 2);
	is_said("training on 2 images, validating on 0; 0 test images not "
	    "used\n21 findings: \"abcdefghijklmnopqrstu\" has the fewest "
	    "training images, 0, and \"efghijklmnopqrstu\" the most, 2\n",
	    "21 findings");
	for (i = 0; i < 20; i++)
		label[i] = label[20 + i] = i == 19;
	for (i = 0; i < 20; i++)
		names[i] = "f";
	d.labels = d.n_classes = 20;
	remark_labels(&d, text, 2);
	is_said("training on 2 images, validating on 0; 0 test images not "
	    "used\ntraining images with each finding: f 0, f 0, f 0, f 0, f 0, "
	    "f 0, f 0, f 0, f 0, f 0, f 0, f 0, f 0, f 0, f 0, f 0, f 0, f 0, "
	    "f 0, f 2\n", "20 findings");
}

/* --- Features ------------------------------------------------------------- */

/* Check that N images, with these features, are said to be alike, or not. */
static void
is_alike(const float (*x)[2], size_t n, bool alike, const char *what)
{
	struct mc_dataset d = { .n = n, .kept = { .form = MC_KEEP_FEATURES,
	    .dim = 2 } };
	struct mc_err err;

	d.kept.records = mc_records_alloc(sizeof(*x), &err);
	TEST(d.kept.records != NULL && mc_records_add(d.kept.records, x, n,
	    &err) == MC_OK && mc_records_map(d.kept.records, &err) == MC_OK);
	mc_remark_features(&d, say);
	is_said(!alike ? "" : n == 2 ? "all 2 images have the same features, "
	    "so no head can tell them apart: check the images, --mean, --std "
	    "and --weights\n" : "all 3 images have the same features, so no "
	    "head can tell them apart: check the images, --mean, --std and "
	    "--weights\n", what);
	mc_records_free(d.kept.records);
}

/* A difference of 1e-5 of the largest feature, 4, is none. */
static void
test_features(void)
{
	const float none[][2] = { { 4, 1 }, { 4, 1 + 3.9e-5F } },
	    one[][2] = { { 4, 1 }, { 4, 1 + 4.1e-5F } },
	    below[][2] = { { -4, 1 }, { -4, 1 - 4.1e-5F } },
	    last[][2] = { { 4, 1 }, { 4, 1 }, { 4.1F, 1 } },
	    all[][2] = { { 4, 1 }, { 4, 1 }, { 4, 1 } };

	is_alike(all, 1, false, "one image is like no other");
	is_alike(none, 2, true, "two images that differ by rounding");
	is_alike(one, 2, false, "by more");
	is_alike(below, 2, false, "downwards, and of negative features");
	is_alike(all, 3, true, "three equal ones");
	is_alike(last, 3, false, "of three, the last one differs");
}

/* --- The average ---------------------------------------------------------- */

/* A training of EPOCHS epochs, of two steps each. */
static void
remark_decay(double decay, int64_t epochs)
{
	const struct mc_dataset d = { .n_train = 4, .n_val = 2 };
	struct mc_training g = { .data = &d, .recipe = { .batch = 2,
	    .accumulate = 1, .epochs = epochs, .ema = decay } };

	mc_remark_average(&g, say);
}

static void
test_average(void)
{
	remark_decay(0.9, 5);
	is_said("", "an average over all steps");
	remark_decay(0.91, 5);
	is_said("--ema 0.91 averages over about 11 steps, more than the 10 of "
	    "this training, so the first ones would dominate: leave out "
	    "--ema\n", "over one more");
	remark_decay(0.999, 50);
	is_said("--ema 0.999 averages over about 1000 steps, more than the 100 "
	    "of this training, so the first ones would dominate: give --ema "
	    "0.9 or less\n", "a decay of a tenth");
	/* 10/300 to one digit is 0.04. */
	remark_decay(0.9999, 150);
	is_said("--ema 0.9999 averages over about 10000 steps, more than the "
	    "300 of this training, so the first ones would dominate: give "
	    "--ema 0.96 or less\n", "rounded so that it is no more");
}

/* --- What is kept --------------------------------------------------------- */

static void
select_by(struct mc_training *g, const char *metric)
{
	struct mc_err err;

	TEST(mc_criterion_parse(&g->recipe.select, metric,
	    (struct mc_criterion_classes){ false, false }, &err) == MC_OK);
}

static void
test_kept(void)
{
	struct mc_dataset d = dataset(NULL, 1);
	struct mc_training g = { .data = &d, .recipe = { .epochs = 9, .seed = 3,
	    .optim.rate = 0.25, .tried = { { 0.25 }, 1 } } };
	struct mc_best kept = { .epoch = 4, .accuracy = 0.75, .loss = 0.5,
	    .value = 0.625, .only_class = -1 };

	select_by(&g, "accuracy");
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("epoch 4 of 9 is kept: validation accuracy 0.750, loss 0.5\n",
	    "an epoch");
	g.recipe.patience = 5;
	kept.only_class = 2;
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("epoch 4 of 9 is kept: validation accuracy 0.750, loss 0.5\n"
	    "arm, seed 3: the model predicts \"c\" for every validation "
	    "image\n", "a training as long as it was to be, and one class");
	g.recipe.patience = 4;
	select_by(&g, "mcc");
	d.n_val = 0;
	kept.only_class = 0;
	mc_remark_kept(&g, &kept, "task", "arm", say);
	is_said("epoch 4 of 9 is kept\nthe training ended after epoch 8: none "
	    "of the last 4 was better\ntask, arm, seed 3: the model predicts "
	    "\"a\" for every training image\n", "without validation");
	g.recipe.patience = 0;
	d.n_val = 2;
	kept.only_class = -1;
	g.recipe.tried = (struct mc_grid){ { 0.125, 0.25 }, 2 };
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("learning rate 0.25, epoch 4 of 9, is kept: validation mcc "
	    "0.625, accuracy 0.750, loss 0.5\n", "the best of two rates");
	g.recipe.fit = MC_FIT_KNN;
	kept.epoch = 2;
	g.recipe.tried = (struct mc_grid){ { 5, 10, 20 }, 3 };
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("k 10, number 2 of 3, is kept: validation mcc 0.625, accuracy "
	    "0.750, loss 0.5\n", "the best of three k");
	g.recipe.fit = MC_FIT_LOGISTIC;
	g.recipe.tried = (struct mc_grid){ { 2 }, 1 };
	kept.epoch = 1;
	d.n_val = 0;
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("C 2 is kept\n", "the one C");
	g.recipe.tried = (struct mc_grid){ { 2, 4, 8 }, 3 };
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("C 2, number 1 of 3, is kept\nC 2 is the smallest that was "
	    "tried: give --C smaller values to see whether one of them does "
	    "better\n", "the first C");
	kept.epoch = 2;
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("C 4, number 2 of 3, is kept\n", "a C between others");
	g.recipe.tried.n = 2;
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said("C 4, number 2 of 2, is kept\nC 4 is the largest that was "
	    "tried: give --C larger values to see whether one of them does "
	    "better\n", "the last C");
}

static void
test_one_way(void)
{
	struct mc_dataset d = dataset(NULL, 3);
	struct mc_training g = { .data = &d, .recipe = { .epochs = 1,
	    .seed = 1 } };
	struct mc_best kept = { .epoch = 1, .only_class = -1,
	    .no = { 2, 1 | 4 }, .yes = { 0, 0 } };
#define KEPT "epoch 1 of 1 is kept: validation accuracy 0.000, loss 0\n"
#define EVERY "arm, seed 1: at a probability of 0.5 every validation image is " \
	"predicted "
#define OTHERS ": mc-threshold chooses other thresholds\n"

	select_by(&g, "accuracy");
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said(KEPT EVERY "\"no\" for a, c" OTHERS, "two findings");
	kept.yes = (struct mc_one_way){ 1, 2 };
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said(KEPT EVERY "\"no\" for a, c, and \"yes\" for b" OTHERS,
	    "and one of which all are");
	kept.no.n = 0;
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said(KEPT EVERY "\"yes\" for b" OTHERS, "or that one alone");
	d.n_classes = 21;
	mc_remark_kept(&g, &kept, "", "arm", say);
	is_said(KEPT EVERY "\"yes\" for 1 of the 21 findings" OTHERS,
	    "of 21 findings");
}

int
main(void)
{
	test_counts();
	test_leaks();
	test_findings();
	test_many_findings();
	test_features();
	test_average();
	test_kept();
	test_one_way();
	return tap_done();
}
