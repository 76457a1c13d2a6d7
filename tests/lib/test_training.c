/*
 * test_training.c - what steps and epochs of a training compute: rates, losses,
 * mixed batches, averages, the order of images, the log, the recipe.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/rng.h"
#include "device.h"
#include "learn/checkpoint.h"
#include "learn/ema.h"
#include "learn/grid.h"
#include "learn/identity.h"
#include "learn/log.h"
#include "learn/mixing.h"
#include "learn/order.h"
#include "learn/recipe.h"
#include "learn/schedule.h"
#include "tap.h"

static struct mc_torch *t;
static struct mc_err err;
static const struct mc_criterion_classes of_any = { .ordered = false },
    of_ordered = { .ordered = true }, of_findings = { .findings = true };

/* --- The learning rate ---------------------------------------------------- */

static void
is_rate(const char *spec, double warmup, const struct mc_length *length,
    int64_t step, double wanted)
{
	struct mc_schedule s = { .warmup = warmup };

	TEST(mc_schedule_parse(&s, spec, &err) == MC_OK);
	tap_near(mc_schedule_rate(&s, 1, length, step), wanted, 1e-14,
	    "%s, warm-up of %g epochs, step %lld", spec, warmup,
	    (long long)step);
}

/* Rates of torch 1.13's OneCycleLR and CosineAnnealingLR; of steps by hand. */
static void
test_schedule(void)
{
	static const struct mc_length length = { 3, 5 }, one = { 1, 1 };
	static const struct {
		int64_t step;
		double rate;
	} cycle[] = {
		{ 0, 0.04 }, { 1, 0.2207248951078079 },
		{ 3, 0.9524650565931612 }, { 4, 0.9944154354509117 },
		{ 7, 0.750001 }, { 14, 4e-6 }
	};
	size_t i;

	for (i = 0; i < sizeof(cycle) / sizeof(*cycle); i++)
		is_rate("one-cycle", 0, &length, cycle[i].step, cycle[i].rate);
	is_rate("one-cycle", 0, &one, 0, 4e-6);
	is_rate("cosine", 1, &length, 0, 0.2);
	is_rate("cosine", 1, &length, 4, 1);
	is_rate("cosine", 1, &length, 5, 1);
	is_rate("cosine", 1, &length, 7, 0.9045084971874737);
	is_rate("cosine", 1, &length, 14, 0.024471741852423234);
	/* 2.6 steps are 3. */
	is_rate("constant", 0.52, &length, 1, 2 / 3.);
	is_rate("constant", 0.52, &length, 3, 1);
	is_rate("step:1:0.5", 0.4, &length, 1, 1);
	is_rate("step:1:0.5", 0.4, &length, 6, 1);
	is_rate("step:1:0.5", 0.4, &length, 7, 0.5);
	is_rate("step:1:0.5", 0.4, &length, 12, 0.25);
}

static void
test_schedule_text(void)
{
	static const char *const bad[] = { "step:", "step:0", "step:2:",
	    "step:2:0", "step:2:1.5", "Cosine", "" };
	struct mc_buf text = { 0 };
	struct mc_schedule s;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		tap_ok(mc_schedule_parse(&s, bad[i], &err) == MC_EUSAGE,
		    "\"%s\" is not a schedule", bad[i]);
	TEST(mc_schedule_parse(&s, "step", &err) == MC_OK);
	mc_schedule_format(&s, &text);
	tap_str(text.data, "step:30:0.1", "the default of step");
	mc_buf_free(&text);
	TEST(mc_schedule_parse(&s, "step:2:1", &err) == MC_OK);
}

/* --- The loss ------------------------------------------------------------- */

static const char *const names[] = { "a", "b", "c" };

/* A loss of three classes or findings. */
static struct mc_loss
make_loss(const struct mc_loss_options *o, bool multilabel)
{
	static const size_t with[] = { 1, 2, 5 }, without[] = { 7, 6, 3 };
	const struct mc_loss_classes classes = { names, 3, with, without,
	    multilabel };
	struct mc_loss l;

	tap_ok(mc_loss_make(&l, o, &classes, &err) == MC_OK, "a loss");
	return l;
}

static void
are_weights(const char *how, bool multilabel, double a, double b, double c)
{
	const struct mc_loss_options o = { .class_weights = how };
	struct mc_loss l = make_loss(&o, multilabel);

	tap_near(l.weight[0], a, 1e-12, "%s: the first weight", how);
	tap_near(l.weight[1], b, 1e-12, "%s: the second", how);
	tap_near(l.weight[2], c, 1e-12, "%s: the third", how);
	mc_loss_clear(&l);
}

/* With B = 1/2, 1 - B^n is 1/2, 3/4, 31/32 for n = 1, 2, 5. */
static void
test_weights(void)
{
	double sum = 1 + 2 / 3. + 16 / 31.;

	are_weights("inverse", false, 8 / 3., 8 / 6., 8 / 15.);
	are_weights("inverse", true, 7, 3, 0.6);
	are_weights("effective:0", false, 1, 1, 1);
	are_weights("effective:0.5", false, 3 / sum, 2 / sum, 48 / 31. / sum);
	are_weights("effective:0.5", true, 127 / 64., 63 / 48., 28 / 31.);
	TEST(mc_loss_check("effective:1", &err) == MC_EUSAGE);
	TEST(mc_loss_check("effective:-0.1", &err) == MC_EUSAGE);
	TEST(mc_loss_check("effective:0.999", &err) == MC_OK);
}

/* The loss of two images, from logits and as a tensor. */
static void
is_loss(const struct mc_loss *l, const struct mc_targets *targets,
    const double *logits, double wanted, const char *what)
{
	const int64_t shape[] = { 2, 3 };
	double divisor = mc_loss_divisor(l, targets, 2), by_tensor = 0;

	tap_near((mc_loss_of(l, logits, targets, 0) +
	    mc_loss_of(l, logits + 3, targets, 1)) / divisor, wanted, 1e-12,
	    "%s", what);
	mc_scope_open(t);
	mc_to_f64(t, mc_loss_tensor(l, t, mc_from_f64(t, logits, 6, shape, 2),
	    targets, 2, divisor), &by_tensor, 1);
	mc_scope_close(t, NULL);
	tap_near(by_tensor, wanted, 1e-6, "%s, as a tensor", what);
}

static const double LOGITS[] = { 1, -2, 0.5, 0, 3, -1 };

/*
 * CrossEntropyLoss and BCEWithLogitsLoss of torch 1.13, of LOGITS, with the
 * weights 1/2, 1, 2 and the smoothing 0.1.
 */
static void
test_smoothed(void)
{
	static const int64_t label[] = { 2, 1 }, other[] = { 1, 2 };
	static const int64_t yes[] = { 1, 0, 1, 0, 1, 0 };
	const struct mc_loss_options o = { .smoothing = 0.1 };
	const struct mc_targets plain = { label, NULL, 0 };
	const struct mc_targets mixed = { label, other, 0.3 };
	static const int64_t before[] = { 0, 1, MC_NOT_COUNTED, 1, 1, 0 };
	const struct mc_targets findings = { yes, NULL, 0 };
	const struct mc_targets both = { yes, before, 0.3 };
	const struct mc_targets whole = { yes, before, 1 };
	struct mc_loss l = make_loss(&o, false);

	l.weight[0] = 0.5;
	l.weight[2] = 2;
	is_loss(&l, &plain, LOGITS, 0.794708677214254, "smoothed classes");
	is_loss(&l, &mixed, LOGITS, 4.203868421267152, "mixed classes");
	tap_int(mc_targets_label(&mixed, 0), 1, "the class with more");
	tap_int(mc_targets_label(&plain, 0), 2, "the only class");
	mc_loss_clear(&l);
	l = make_loss(&o, true);
	l.weight[0] = 0.5;
	l.weight[2] = 2;
	is_loss(&l, &findings, LOGITS, 0.449028523442512, "smoothed findings");
	is_loss(&l, &whole, LOGITS, 0.449028523442512, "the whole of an image");
	is_loss(&l, &both, LOGITS, 0.703011418239144, "mixed findings");
	tap_int((int)mc_loss_divisor(&l, &both, 2), 5, "those of both count");
	tap_int(mc_targets_label(&both, 0), MC_NO, "the label with more");
	tap_int(mc_targets_label(&both, 2), MC_NOT_COUNTED, "one of neither");
	mc_loss_clear(&l);
}

/* Lin and others' loss by hand, with p = 1/2, 1/4, 1/4 and 3/4. */
static void
test_focal(void)
{
	static const int64_t label[] = { 0, 1 };
	static const int64_t yes[] = { 1, 0, MC_NOT_COUNTED, 0, 1,
	    MC_NOT_COUNTED };
	const struct mc_loss_options o = { .focal = 2 };
	const struct mc_targets classes = { label, NULL, 0 };
	const struct mc_targets findings = { yes, NULL, 0 };
	const double three[] = { log(2), 0, 0, log(2), 0, 0 };
	const double binary[] = { log(3), log(3), 0, -log(3), 0, 5 };
	struct mc_loss l = make_loss(&o, false);

	is_loss(&l, &classes, three, (0.25 * log(2) + 0.5625 * log(4)) / 2,
	    "focal, classes");
	mc_loss_clear(&l);
	l = make_loss(&o, true);
	tap_near(mc_loss_divisor(&l, &findings, 2), 4, 0, "labels that count");
	is_loss(&l, &findings, binary, (-2 * log(0.75) / 16 + 0.5625 * log(4) +
	    0.25 * log(2)) / 4, "focal, findings");
	mc_loss_clear(&l);
}

/* --- Mixed batches -------------------------------------------------------- */

/* Draws of tests/cmd/mixing_peer.py, which has torchvision's formulas. */
static void
test_mixing_draws(void)
{
	static const struct {
		int64_t epoch, batch;
		double mixup, cutmix, share;
		int64_t box[4];		/* left, top, width, height */
	} draws[] = {
		{ 1, 1, 0.4, 0, 0.026935508215801023, { 0 } },
		{ 1, 2, 0, 1, 0.40234375, { 16, 13, 48, 51 } },
		{ 2, 1, 0, 1, 0.935546875, { 52, 19, 12, 22 } },
		{ 1, 1, 0.4, 1, 0.7607421875, { 29, 36, 35, 28 } },
		{ 1, 2, 0.4, 1, 0.9449276508323675, { 0 } },
		{ 1, 3, 0.4, 1, 0.466796875, { 22, 2, 42, 52 } },
		{ 1, 4, 0.4, 1, 0.530004859678672, { 0 } },
	};
	size_t i;

	for (i = 0; i < sizeof(draws) / sizeof(*draws); i++) {
		const struct mc_mixing m = { draws[i].mixup, draws[i].cutmix };
		const struct mc_mix mix = mc_mixing_draw(&m, 1, draws[i].epoch,
		    draws[i].batch, 64);
		const int64_t *box = draws[i].box;

		tap_near(mix.share, draws[i].share, 1e-12, "the share of "
		    "draw %zu", i);
		tap_ok(mix.cut == (box[2] > 0) && mix.left == box[0] &&
		    mix.top == box[1] && mix.width == box[2] &&
		    mix.height == box[3], "and its box");
	}
}

/* Image i has the value 4^i everywhere. */
static void
test_mixed_images(void)
{
	static const int64_t shape[] = { 3, 1, 3, 4 };
	static const struct mc_mix up = { .share = 0.75 };
	static const struct mc_mix cut = { .share = 0.5, .cut = true,
	    .left = 1, .top = 0, .width = 3, .height = 2 };
	float x[36], y[36];
	int i, wrong = 0;

	for (i = 0; i < 36; i++)
		x[i] = (float)(1 << (2 * (i / 12)));
	mc_scope_open(t);
	mc_to_f32(t, mc_mix_images(t, mc_from_f32(t, x, 36, shape, 4), &up),
	    y, 36);
	for (i = 0; i < 36; i++)
		wrong += y[i] != 0.75F * x[i] + 0.25F * x[(i + 24) % 36];
	tap_int(wrong, 0, "mixup adds a quarter of the image before");
	mc_to_f32(t, mc_mix_images(t, mc_from_f32(t, x, 36, shape, 4), &cut),
	    y, 36);
	for (wrong = 0, i = 0; i < 36; i++)
		wrong += y[i] != (i % 12 < 8 && i % 4 > 0 ?
		    x[(i + 24) % 36] : x[i]);
	mc_scope_close(t, NULL);
	tap_int(wrong, 0, "cutmix pastes a box of it");
	tap_int((long long)mc_mix_other(0, 3), 2, "the first has the last");
	tap_int((long long)mc_mix_other(2, 3), 1, "the others the one before");
}

/* --- The moving average --------------------------------------------------- */

static float
value_of(const struct mc_tensor *x)
{
	float value = NAN;

	mc_to_f32(t, x, &value, 1);
	return value;
}

static void
test_ema(void)
{
	const int64_t shape[] = { 1 };
	float value = 1, of_file = 5;
	struct mc_tensor *x[2] = { NULL, NULL };
	struct mc_ema *e;

	mc_scope_open(t);
	x[1] = mc_tensor_keep(t, mc_from_f32(t, &value, 1, shape, 1));
	mc_scope_close(t, NULL);
	e = mc_ema_alloc(t, x, 2, 0.75);
	TEST(!mc_ema_use(e, true) && value_of(x[1]) == 1);
	mc_ema_step(e);
	tap_near(value_of(mc_ema_average(e, 1)), 1, 0, "the first step counts "
	    "whole");
	mc_fill_f32(t, x[1], (float[]){ 3 }, 1);
	mc_ema_step(e);
	TEST(!mc_ema_use(e, true));
	tap_near(value_of(x[1]), 1.5, 0, "3/4 of 1 and 1/4 of 3");
	TEST(mc_ema_use(e, true));
	tap_near(value_of(x[1]), 1.5, 0, "used twice, it is the average");
	TEST(mc_ema_use(e, false));
	tap_near(value_of(x[1]), 3, 0, "and then the value again");
	TEST(mc_ema_average(e, 0) == NULL);
	mc_ema_free(e);
	e = mc_ema_alloc(t, x, 2, 0.75);
	mc_fill_f32(t, mc_ema_average(e, 1), &of_file, 1);
	mc_ema_continue(e);
	mc_ema_step(e);
	tap_near(value_of(mc_ema_average(e, 1)), 4.5, 0, "an average that was "
	    "read goes on");
	mc_ema_free(e);
	mc_ema_free(NULL);
	mc_tensor_free(x[1]);
	TEST(mc_torch_check(t, &err) == MC_OK);
}

/* --- The order of images -------------------------------------------------- */

static int
compare_hashes(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Eleven images of twenty: eight of class 0, two of 1, one of 2. */
static void
test_balanced(void)
{
	enum { N = 11, IMAGES = 20 };
	static const int of[N] = { 0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 0 };
	size_t index[N], out[N], next[N], i, k, count[IMAGES] = { 0 };
	uint64_t key[IMAGES], expected[N][2];
	int label[IMAGES] = { 0 }, places[3] = { 0 }, wrong = 0, moved = 0;

	for (i = 0; i < IMAGES; i++)
		key[i] = 1000003 * i;
	for (i = 0; i < N; i++) {
		index[i] = 19 - i;
		label[19 - i] = of[i];
	}
	mc_balanced_order(index, N, key, label, 3, 5, 1, out);
	for (i = 0; i < N; i++) {
		places[label[out[i]]]++;
		count[out[i]]++;
		wrong += out[i] < 9;
	}
	tap_ok(places[0] == 4 && places[1] == 4 && places[2] == 3, "each class "
	    "has a third of 11 places, the first two one more");
	for (i = 0; i < N; i++)
		wrong += of[i] == 0 ? count[index[i]] > 1 :
		    count[index[i]] != (of[i] == 1 ? 2 : 3);
	tap_int(wrong, 0, "the images of a class take turns");
	for (i = 0, k = 0; i < IMAGES; i++) {
		for (; count[i] > 0; k++) {
			expected[k][0] = mc_stream_hash(5, "shuffle", 1,
			    key[i] + --count[i]);
			expected[k][1] = i;
		}
	}
	qsort(expected, N, sizeof(*expected), compare_hashes);
	for (wrong = 0, i = 0; i < N; i++)
		wrong += out[i] != expected[i][1];
	tap_int(wrong, 0, "in the order of the keys of their copies");
	mc_balanced_order(index, N, key, label, 3, 5, 2, next);
	for (i = 0; i < N; i++)
		moved += out[i] != next[i];
	tap_ok(moved > 5, "another epoch draws others");
}

/* --- The log -------------------------------------------------------------- */

static void
add_images(struct mc_walk *w, const double *logits, const int64_t *label,
    size_t n)
{
	const struct mc_targets targets = { label, NULL, 0 };

	mc_walk_add(w, logits, &targets, n);
}

/*
 * Three findings: of the first, all labels count, and the logits of one image
 * are on the wrong side; of the second, two do; of the third, none.
 */
static void
test_log_findings(void)
{
	static const int64_t label[] = { 1, -1, -1, 0, 1, -1, 1, 0, -1 };
	static const double logits[] = { 2, 0, 0, 1, 0.25, 0, 3, -1, 0 };
	const struct mc_loss_options o = { .focal = 0 };
	struct mc_loss l = make_loss(&o, true);
	struct mc_buf text = { 0 };
	struct mc_criterion c;
	const struct mc_log log = { &c, names, 3, &text };
	struct mc_walk train, val;
	struct mc_best best;

	TEST(mc_criterion_parse(&c, "auroc", of_any, &err) == MC_OK);
	mc_walk_init(&train, &l, 3, false);
	mc_walk_init(&val, &l, 3, true);
	add_images(&train, logits, label, 3);
	mc_walk_start(&train);
	add_images(&train, logits, label, 1);
	add_images(&val, logits, label, 2);
	add_images(&val, logits + 6, label + 6, 1);
	tap_near(mc_walk_loss(&train), log1p(exp(-2)), 1e-12,
	    "a walk that begins anew forgets");
	tap_near(mc_walk_loss(&val), (log1p(exp(-2)) + log1p(exp(1)) +
	    log1p(exp(-3)) + log1p(exp(-0.25)) + log1p(exp(-1))) / 5, 1e-12,
	    "a loss per label that counts");
	best = mc_log_epoch(&log, 3, 0.5, &train, &val);
	tap_near(best.accuracy, (2 / 3. + 1) / 2, 1e-12,
	    "the mean over findings with images");
	tap_near(best.value, 1, 0, "each finding is ranked by its own logits");
	tap_int(best.only_class, -1, "findings are not one class");
	tap_ok(best.yes.n == 1 && best.yes.first == 1,
	    "the first is predicted of every image");
	tap_ok(best.no.n == 1 && best.no.first == 4, "the third of none");
	tap_ok(strncmp(text.data, "3\ttrain\t", 8) == 0 &&
	    strstr(text.data, "\t0.5\t\n3\tval\t") != NULL &&
	    strcmp(text.data + text.len - 7, "\t0.5\t1\n") == 0,
	    "the rows: %s", text.data);
	TEST(mc_criterion_parse(&c, "f1:positive", of_findings, &err) ==
	    MC_OK);
	best = mc_log_epoch(&log, 3, 0.5, &train, &val);
	tap_near(best.value, (4 / 5. + 1) / 2, 1e-12, "F1 of yes");
	mc_walk_start(&val);
	add_images(&val, logits, label, 1);
	add_images(&val, logits + 6, label + 6, 1);
	best = mc_log_epoch(&log, 3, 0.5, &train, &val);
	tap_near(best.value, 1, 0, "a finding that no image has does not count");
	mc_buf_free(&text);
	mc_walk_clear(&train);
	mc_walk_clear(&val);
	mc_loss_clear(&l);
}

/* Weighted precision, recall and F1 of two images of a and one of b. */
static void
test_log_classes(void)
{
	static const int64_t label[] = { 0, 0, 1 };
	static const double logits[] = { 1, 0, 0, 0, 1, 0, 0, 1, 0 };
	const struct mc_loss_options o = { .focal = 0 };
	struct mc_loss l = make_loss(&o, false);
	struct mc_buf text = { 0 };
	struct mc_criterion c;
	const struct mc_log log = { &c, names, 3, &text };
	struct mc_walk train, val, none;
	struct mc_best best;

	TEST(mc_criterion_parse(&c, "loss", of_any, &err) == MC_OK);
	mc_walk_init(&train, &l, 3, false);
	mc_walk_init(&val, &l, 2, true);
	mc_walk_init(&none, &l, 0, true);
	add_images(&train, logits, label, 3);
	add_images(&val, logits + 3, label + 1, 2);
	tap_int(mc_walk_only_class(&train), -1, "several classes");
	mc_log_heading(&log, "lr");
	best = mc_log_epoch(&log, 1, 0.125, &train, &val);
	tap_int(best.only_class, 1, "of the validation images, one");
	tap_ok(best.no.n + best.yes.n == 0, "which is no finding");
	tap_near(best.loss, mc_walk_loss(&val), 0, "whose loss counts");
	tap_near(best.accuracy, 0.5, 0, "and accuracy");
	text.len = 0;
	best = mc_log_epoch(&log, 1, 0.125, &val, &none);
	tap_int(best.only_class, 1, "without any, the training's");
	tap_ok(best.epoch == 1 && best.loss == 0, "and no loss");
	tap_ok(strstr(text.data, "val") == NULL &&
	    strstr(text.data, "\t0.125\n") != NULL, "one row: %s", text.data);
	mc_buf_free(&text);
	mc_walk_clear(&train);
	mc_walk_clear(&val);
	mc_walk_clear(&none);
	mc_loss_clear(&l);
}

/* --- The criterion -------------------------------------------------------- */

/* Which of two epochs is kept. */
static void
test_better(void)
{
	static const struct {
		const char *select;
		double old[2], fresh[2];	/* value, loss */
		bool better;
	} cases[] = {
		{ "auroc", { 0.8, 1 }, { 0.9, 2 }, true },
		{ "auroc", { 0.9, 2 }, { 0.8, 1 }, false },
		{ "auroc", { 0.9, 2 }, { 0.9, 1 }, true },
		{ "auroc", { 0.9, 1 }, { 0.9, 1 }, false },
		{ "brier", { 0.2, 1 }, { 0.1, 2 }, true },
		{ "brier", { 0.1, 2 }, { 0.2, 1 }, false },
		{ "mcc", { NAN, 1 }, { -1, 2 }, true },
		{ "mcc", { -1, 2 }, { NAN, 1 }, false },
		{ "mcc", { NAN, 2 }, { NAN, 1 }, true },
		{ "mcc", { NAN, 1 }, { NAN, 2 }, false },
		{ "loss", { 0, 2 }, { 0, 1 }, true },
		{ "loss", { 0, 1 }, { 0, 2 }, false },
		{ "last", { 0, 1 }, { 0, 2 }, true },
	};
	struct mc_criterion c;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct mc_best none = { 0 };
		const struct mc_best old = { .epoch = 1,
		    .value = cases[i].old[0], .loss = cases[i].old[1] };
		const struct mc_best fresh = { .epoch = 2,
		    .value = cases[i].fresh[0], .loss = cases[i].fresh[1] };

		tap_ok(mc_criterion_parse(&c, cases[i].select, of_any, &err) ==
		    MC_OK, "%s chooses", cases[i].select);
		tap_ok(mc_is_better(&c, &old, &fresh) == cases[i].better,
		    "%s: %g, loss %g, against %g, loss %g", cases[i].select,
		    fresh.value, fresh.loss, old.value, old.loss);
		tap_ok(mc_is_better(&c, &none, &fresh),
		    "%s: any epoch is better than none", cases[i].select);
	}
}

static void
test_criterion(void)
{
	static const struct {
		const char *text, *name;
		bool column;
	} taken[] = {
		{ "loss", "loss", false }, { "last", "last", false },
		{ "accuracy", "accuracy", false }, { "f1", "f1:weighted",
		    false }, { "f1:macro", "f1:macro", true },
		{ "auroc", "auroc:macro", true }, { "mcc", "mcc", true },
	};
	static const char *const refused[] = { "f1:class", "f1:positive",
	    "average_precision", "kappa_linear", "nothing", "" };
	static const char *const of_yes[][2] = {
		{ "f1:positive", "f1:positive" }, { "f1", "f1:weighted" },
		{ "auroc", "auroc:macro" },
		{ "average_precision", "average_precision:positive" },
		{ "specificity:positive", "specificity:positive" },
	};
	static const int two_of_three[] = { 2, 0, 2, 0 };
	struct mc_criterion c;
	struct mc_buf name = { 0 };
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(*taken); i++) {
		name.len = 0;
		TEST(mc_criterion_parse(&c, taken[i].text, of_any, &err) ==
		    MC_OK);
		mc_criterion_name(&c, &name);
		tap_str(name.data, taken[i].name, "the name of %s",
		    taken[i].text);
		tap_ok(mc_criterion_has_column(&c) == taken[i].column,
		    "%s: a column of its own, or not", taken[i].text);
	}
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		tap_ok(mc_criterion_parse(&c, refused[i], of_any, &err) ==
		    MC_EUSAGE, "refused: %s", err.text);
	for (i = 0; i < sizeof(of_yes) / sizeof(*of_yes); i++) {
		name.len = 0;
		TEST(mc_criterion_parse(&c, of_yes[i][0], of_findings, &err) ==
		    MC_OK);
		mc_criterion_name(&c, &name);
		tap_str(name.data, of_yes[i][1], "of findings: %s",
		    of_yes[i][0]);
	}
	mc_buf_free(&name);
	TEST(mc_criterion_parse(&c, "f1:class", of_findings, &err) ==
	    MC_EUSAGE);
	tap_str(err.text, "--select: \"f1:class\" has a value per class: "
	    "give f1:positive, that of yes", "both of yes and of no");
	TEST(mc_criterion_parse(&c, "kappa_linear", of_ordered, &err) == MC_OK);
	TEST(mc_criterion_parse(&c, "auroc", of_any, &err) == MC_OK);
	TEST(mc_criterion_check(&c, two_of_three, 4, names, 3, &err) ==
	    MC_EDATA);
	tap_ok(strstr(err.text, "no validation image of the class \"b\"") !=
	    NULL, "the class that is missing: %s", err.text);
	TEST(mc_criterion_parse(&c, "mcc", of_any, &err) == MC_OK);
	TEST(mc_criterion_check(&c, two_of_three, 4, names, 3, &err) == MC_OK);
}

/* --- The recipe ----------------------------------------------------------- */

static void
is_recorded(const struct mc_recipe *r, const char *wanted, const char *what)
{
	struct mc_keyvalue *kv = mc_keyvalue_alloc();
	struct mc_buf text = { 0 };
	size_t i;

	mc_recipe_record(r, kv);
	mc_keyvalue_print(kv, &text);
	for (i = 0; i < text.len; i++)
		text.data[i] = text.data[i] == '\n' ? ' ' :
		    text.data[i] == '\t' ? '=' : text.data[i];
	tap_str(text.data, wanted, "%s", what);
	mc_buf_free(&text);
	mc_keyvalue_free(kv);
}

static void
test_recipe(void)
{
	struct mc_recipe r = { .optim = { .kind = MC_ADAM, .rate = 0.001 },
	    .tuning.layer_decay = 1, .batch = 32, .accumulate = 1,
	    .drop_path = -1, .epochs = 20, .seed = 7, .tried = { { 0.001 }, 1 } };

	TEST(mc_criterion_parse(&r.select, "accuracy", of_any, &err) == MC_OK);
	is_recorded(&r, "key=value batch=32 epochs=20 lr=0.001 optimizer=adam "
	    "seed=7 select=accuracy weight_decay=0 ", "what is always told");
	r = (struct mc_recipe){ .optim = { .kind = MC_SGD, .rate = 0.001,
	    .momentum = 0.9, .weight_decay = 0.5 }, .tuning = { true, 0.75, 2,
	    4, 8 }, .drop_path = 0.1, .schedule = { .kind = MC_COSINE,
	    .warmup = 2 }, .mixing = { 0.2, 1 }, .loss = { .smoothing = 0.1,
	    .focal = 2 }, .balanced = true, .batch = 8, .accumulate = 4,
	    .clip = 1, .ema = 0.99, .epochs = 5, .patience = 3, .select =
	    r.select, .seed = 1 };
	TEST(mc_augment_parse(&r.augment, "flip", &err) == MC_OK);
	is_recorded(&r, "key=value accumulate=4 augment=flip batch=8 clip=1 "
	    "cutmix=1 decay=weights drop_path=0.1 ema=0.99 epochs=5 focal=2 "
	    "label_smoothing=0.1 layer_decay=0.75 lora=4:8 lr=0.001 mixup=0.2 "
	    "momentum=0.9 optimizer=sgd patience=3 sample=balanced "
	    "schedule=cosine seed=1 select=accuracy unfreeze=2 warmup=2 "
	    "weight_decay=0.5 ", "all that can be told");
	r = (struct mc_recipe){ .optim = { .kind = MC_ADAMW, .rate = 0.001 },
	    .tuning.layer_decay = 1, .batch = 32, .accumulate = 1,
	    .drop_path = -1, .epochs = 20, .select = r.select, .tried = { { 0.5, 1 }, 2 } };
	is_recorded(&r, "key=value batch=32 epochs=20 lr_tried=0.5,1 "
	    "optimizer=adamw seed=0 select=accuracy weight_decay=0 ",
	    "rates that were tried");
	r = (struct mc_recipe){ .fit = MC_FIT_KNN, .temperature = 0.07,
	    .select = r.select, .tried = { { 10 }, 1 } };
	is_recorded(&r, "key=value k_tried=10 seed=0 select=accuracy "
	    "temperature=0.07 ", "neighbours");
	r.fit = MC_FIT_LOGISTIC;
	is_recorded(&r, "key=value C_tried=10 optimizer=lbfgs seed=0 "
	    "select=accuracy ", "a logistic regression");
}

static void
test_grid(void)
{
	struct mc_buf text = { 0 };
	struct mc_grid g;
	int i;

	TEST(mc_grid_parse(&g, "10,0.5,2", 0, 10, &err) == MC_OK);
	mc_grid_format(&g, &text);
	tap_str(text.data, "0.5,2,10", "values are sorted");
	tap_ok(mc_grid_check_whole(&g, &err) == MC_EDATA, "%s", err.text);
	TEST(mc_grid_parse(&g, "1,2,1.0", 0, 10, &err) == MC_EDATA);
	TEST(mc_grid_parse(&g, "1,11", 0, 10, &err) == MC_EDATA);
	TEST(mc_grid_parse(&g, "1,", 0, 10, &err) == MC_EDATA);
	text.len = 0;
	for (i = 1; i <= MC_GRID_MOST; i++)
		mc_buf_printf(&text, "%s%d", i > 1 ? "," : "", i);
	TEST(mc_grid_parse(&g, text.data, 0, 100, &err) == MC_OK);
	mc_buf_puts(&text, ",65");
	TEST(mc_grid_parse(&g, text.data, 0, 100, &err) == MC_EDATA);
	mc_grid_logistic(&g);
	tap_near(g.value[0], 1e-6, 1e-18, "DINOv2's smallest C");
	tap_near(g.value[4], 1e-5, 1e-17, "and its fifth");
	tap_near(g.value[g.n - 1], 1e5, 1e-12, "and its largest");
	mc_buf_free(&text);
}

/* --- The checkpoint ------------------------------------------------------- */

/* A buffer that holds TEXT. */
static struct mc_buf
text_of(const char *text)
{
	struct mc_buf b = { 0 };

	mc_buf_puts(&b, text);
	return b;
}

static void
is_another(const char *ours, const char *theirs, const char *wanted)
{
	struct mc_buf a = text_of(ours), b = text_of(theirs), text = { 0 };

	mc_buf_printf(&text, "x: the checkpoint of another training, whose %s: "
	    "give the same options and images as before, or delete it", wanted);
	TEST(mc_identity_check(&a, &b, "x", &err) == MC_EDATA);
	tap_str(err.text, text.data, "the first difference");
	mc_buf_free(&a);
	mc_buf_free(&b);
	mc_buf_free(&text);
}

/* A key that one training lacks is not told as the next one's value. */
static void
test_identity(void)
{
	is_another("a\t1\nb\t2\n", "a\t1\nb\t3\n", "b is 3, not 2");
	is_another("a\t1\nb\t2\n", "a\t1\n", "b is none, not 2");
	is_another("a\t1\n", "a\t1\nb\t2\n", "b is 2, not none");
	is_another("a\t1\nb\t2\nc\t3\n", "a\t1\nc\t3\n",
	    "b is none, not 2");
	is_another("a\t1\nc\t3\n", "a\t1\nb\t2\nc\t3\n",
	    "b is 2, not none");
	is_another("a\t\nb\t2\n", "a\t1\nb\t2\n", "a is 1, not \"\"");
}

/* The parameters of H, with an optimiser. */
static struct mc_params *
make_params(struct mc_head **h, uint64_t seed)
{
	const struct mc_optim_options options = { .kind = MC_SGD };
	struct mc_params *p;

	*h = NULL;
	if (mc_head_alloc(h, t, "linear", 2, 3, seed, &err) != MC_OK)
		abort();
	p = mc_params_alloc(t, NULL, *h, &options);
	if (mc_params_optimise(p, &err) != MC_OK)
		abort();
	return p;
}

static float
first_value(const struct mc_head *h)
{
	float values[6];

	mc_to_f32(t, mc_head_param(h, 0)->tensor, values, 6);
	return values[0];
}

/* A state comes back from a file, with the best VALUE and its only class. */
static void
test_checkpoint(double value, int only_class)
{
	static const int64_t label[] = { 1, -1, -1, 0, 1, -1 };
	static const double logits[] = { 2, -1, 1, -1, 0.25, -2 };
	const struct mc_loss_options o = { .focal = 0 };
	struct mc_loss l = make_loss(&o, true);
	struct mc_head *h, *other;
	struct mc_state s = { .epoch = 4, .step = 2, .best = { 3, 0.75, 0.5,
	    value, only_class, { 2, 5 }, { 1, 2 } },
	    .params = make_params(&h, 1) };
	struct mc_state r = { .params = make_params(&other, 2) };
	struct mc_buf same = text_of("key\tvalue\nlr\t0.1\n");
	struct mc_buf more = text_of("key\tvalue\nlr\t0.12\n");
	struct mc_buf log = text_of("row\n"), read = { 0 };
	struct mc_checkpoint *c;

	mc_walk_init(&s.train, &l, 3, false);
	mc_walk_init(&r.train, &l, 3, false);
	add_images(&s.train, logits, label, 2);
	add_images(&r.train, logits + 3, label + 3, 1);
	TEST(mc_checkpoint_open(&c, "none.tar", &err) == MC_OK && c == NULL);
	TEST(mc_checkpoint_write("c.tar", &s, &same, &log, &err) == MC_OK);
	TEST(mc_checkpoint_open(&c, "c.tar", &err) == MC_OK);
	TEST(mc_checkpoint_check(c, &same, &err) == MC_OK);
	TEST(mc_checkpoint_check(c, &more, &err) == MC_EDATA);
	tap_str(err.text, "c.tar: the checkpoint of another training, whose lr "
	    "is 0.1, not 0.12: give the same options and images as before, or "
	    "delete it", "another training");
	TEST(mc_checkpoint_restore(c, &r, 3, &read, &err) == MC_OK);
	tap_str(read.data, "row\n", "the log");
	TEST(r.epoch == 4 && r.step == 2 && r.train.n == 2);
	TEST(r.train.loss == s.train.loss && r.train.divisor == 3);
	tap_ok(memcmp(r.train.predicted, s.train.predicted,
	    6 * sizeof(*r.train.predicted)) == 0, "what was predicted");
	TEST(r.best.epoch == 3 && r.best.accuracy == 0.75 && r.best.loss ==
	    0.5 && r.best.only_class == only_class);
	TEST(r.best.no.n == 2 && r.best.no.first == 5 && r.best.yes.n == 1 &&
	    r.best.yes.first == 2);
	tap_ok(isnan(value) ? isnan(r.best.value) : r.best.value == value,
	    "the best value %g", value);
	tap_ok(first_value(h) == first_value(other), "the parameters");
	mc_checkpoint_close(c);
	TEST(mc_checkpoint_open(&c, "c.tar", &err) == MC_OK);
	TEST(mc_checkpoint_restore(c, &r, 1, &read, &err) == MC_EDATA);
	mc_checkpoint_close(c);
	mc_buf_free(&same);
	mc_buf_free(&more);
	mc_buf_free(&log);
	mc_buf_free(&read);
	mc_walk_clear(&s.train);
	mc_walk_clear(&r.train);
	mc_params_free(s.params);
	mc_params_free(r.params);
	mc_head_free(h);
	mc_head_free(other);
	mc_loss_clear(&l);
}

int
main(void)
{
	if (!tap_ok(mc_torch_alloc(&t, test_device(), 2, 1, &err) == MC_OK,
	    "libtorch starts"))
		return tap_done();
	test_schedule();
	test_schedule_text();
	test_weights();
	test_smoothed();
	test_focal();
	test_mixing_draws();
	test_mixed_images();
	test_ema();
	test_balanced();
	test_log_findings();
	test_log_classes();
	test_better();
	test_criterion();
	test_recipe();
	test_grid();
	test_identity();
	test_checkpoint(0.25, -1);
	test_checkpoint(NAN, 2);
	mc_torch_free(t);
	return tap_done();
}
