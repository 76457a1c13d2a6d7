/*
 * recipe.c - fuzz the grammars of what is asked of a training, which options and
 * the keys of a model hold: preprocessing, augmentation, views, learning rates,
 * the best epoch, lists of metrics, intervals and numbers, encodings and bits.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "image/decode.h"
#include "image/preprocess.h"
#include "image/recode.h"
#include "learn/criterion.h"
#include "learn/grid.h"
#include "learn/schedule.h"
#include "learn/tta.h"
#include "stats/interval_method.h"
#include "stats/metric_list.h"

/* What is printed is read again as the same. */
static void
read_preprocess(const char *text)
{
	struct mc_buf one = { 0 }, two = { 0 };
	struct mc_preprocess pre;
	struct mc_err err;

	if (mc_preprocess_parse(&pre, text, &err) == MC_OK) {
		mc_preprocess_format(&pre, &one);
		FUZZ_MUST(mc_preprocess_parse(&pre, one.data, &err) == MC_OK);
		mc_preprocess_format(&pre, &two);
		FUZZ_MUST(strcmp(one.data, two.data) == 0);
	}
	mc_buf_free(&one);
	mc_buf_free(&two);
	pre = mc_preprocess_imagenet;
	(void)!mc_preprocess_set_mean(&pre, text, &err);
	if (mc_preprocess_set_std(&pre, text, &err) == MC_OK)
		FUZZ_MUST(pre.std[0] > 0 && pre.std[1] > 0 && pre.std[2] > 0);
}

static void
read_augment(const char *text)
{
	struct mc_buf one = { 0 }, two = { 0 };
	struct mc_augment_draw draw;
	struct mc_augment a;
	struct mc_tta tta;
	struct mc_err err;

	if (mc_augment_parse(&a, text, &err) == MC_OK) {
		mc_augment_format(&a, &one);
		FUZZ_MUST(!mc_augment_any(&a) ||
		    mc_augment_parse(&a, one.data, &err) == MC_OK);
		mc_augment_format(&a, &two);
		FUZZ_MUST(one.len == two.len && (one.len == 0 ||
		    strcmp(one.data, two.data) == 0));
		mc_augment_draw(&a, 32, 40, 24, 1, &draw);
		FUZZ_MUST(!mc_augment_crops(&a) || draw.crops);
	}
	mc_buf_free(&one);
	mc_buf_free(&two);
	if (mc_tta_parse(&tta, text, 0, 1, &err) == MC_OK)
		FUZZ_MUST(tta.views >= 1);
}

static void
read_schedule(const char *text)
{
	static const struct mc_length length = { 4, 3 };
	struct mc_buf one = { 0 }, two = { 0 };
	struct mc_schedule s = { 0 };
	struct mc_err err;

	if (mc_schedule_parse(&s, text, &err) == MC_OK) {
		mc_schedule_format(&s, &one);
		FUZZ_MUST(mc_schedule_parse(&s, one.data, &err) == MC_OK);
		mc_schedule_format(&s, &two);
		FUZZ_MUST(strcmp(one.data, two.data) == 0);
		FUZZ_MUST(mc_schedule_rate(&s, 1, &length, 11) >= 0);
	}
	mc_buf_free(&one);
	mc_buf_free(&two);
}

static void
read_metrics(const char *text)
{
	const struct mc_interval_method **methods;
	struct mc_criterion_classes classes = { true, false };
	struct mc_metric_spec *specs, *all;
	struct mc_criterion criterion = { 0 };
	struct mc_buf name = { 0 };
	struct mc_err err;
	size_t n, n_all;

	if (mc_metric_specs_parse(text, true, &specs, &n, &err) == MC_OK) {
		if (mc_metric_specs_expand(specs, n, 2, true, 1, &all, &n_all,
		    &err) == MC_OK)
			free(all);
		free(specs);
	}
	if (mc_interval_methods_parse(text, &methods, &n, &err) == MC_OK)
		free(methods);
	if (mc_criterion_parse(&criterion, text, classes, &err) == MC_OK) {
		mc_criterion_name(&criterion, &name);
		FUZZ_MUST(mc_criterion_parse(&criterion, name.data, classes,
		    &err) == MC_OK);
	}
	mc_buf_free(&name);
}

static void
read_grid(const char *text)
{
	struct mc_grid grid;
	struct mc_err err;
	size_t i;

	if (mc_grid_parse(&grid, text, 0, 1e9, &err) == MC_OK) {
		FUZZ_MUST(grid.n > 0 && grid.n <= MC_GRID_MOST);
		for (i = 1; i < grid.n; i++)
			FUZZ_MUST(grid.value[i - 1] < grid.value[i]);
		(void)!mc_grid_check_whole(&grid, &err);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = fuzz_text(bytes, n);
	struct mc_recode how = { 0 };
	struct mc_err err;
	int bits;

	read_preprocess(text);
	read_augment(text);
	read_schedule(text);
	read_metrics(text);
	read_grid(text);
	if (mc_recode_parse(&how, text, &err) == MC_OK)
		FUZZ_MUST(how.encoding != MC_JPEG || (how.quality >= 1 &&
		    how.quality <= 100));
	if (mc_image_parse_bits(text, &bits, "x", &err) == MC_OK)
		FUZZ_MUST(bits == MC_BITS_AUTO || (bits >= 1 && bits <= 16));
	free(text);
	return 0;
}
