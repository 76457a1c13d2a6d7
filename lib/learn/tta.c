/* tta.c - make several views of an image. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/softmax.h"
#include "learn/tta.h"

enum mc_status
mc_tta_parse(struct mc_tta *tta, const char *list, int views, uint64_t seed,
    struct mc_err *err)
{
	struct mc_augment mirrors;
	enum mc_status status;

	*tta = (struct mc_tta){ .seed = seed };
	status = mc_augment_parse(&tta->words, list, err);
	if (status != MC_OK)
		return status;
	mirrors = tta->words;
	mirrors.flip = mirrors.vflip = false;
	tta->drawn = mc_augment_any(&mirrors);
	if (!tta->drawn && views > 0)
		return mc_err_set(err, MC_EDATA, "\"%s\" has each view once, "
		    "and needs no number of them", list);
	if (tta->drawn)
		tta->views = views > 0 ? views : MC_TTA_VIEWS;
	else
		tta->views = tta->words.flip && tta->words.vflip ? 4 : 2;
	return MC_OK;
}

void
mc_tta_format(const struct mc_tta *tta, struct mc_buf *text)
{
	size_t i = text->len;

	mc_augment_format(&tta->words, text);
	for (; i < text->len; i++) {
		if (text->data[i] == ',')
			text->data[i] = '+';
	}
	if (tta->drawn)
		mc_buf_printf(text, "*%d", tta->views);
}

void
mc_tta_draw(const struct mc_tta *tta, int v, uint64_t key, int width,
    int height, int crop, struct mc_augment_draw *draw)
{
	static const struct mc_augment none;
	bool draws = tta->drawn && v > 0;

	mc_augment_draw(draws ? &tta->words : &none, width, height, crop,
	    mc_stream_hash(tta->seed, "augment", (uint64_t)v, key), draw);
	if (tta->drawn)
		return;
	draw->flip = tta->words.flip && (v & 1) != 0;
	draw->vflip = tta->words.vflip && (v >> tta->words.flip & 1) != 0;
}

void
mc_tta_average(double *logits, size_t views, size_t n, size_t classes)
{
	double *view = mc_xcalloc(views, sizeof(*view)), all;
	size_t i, k, v;

	for (i = 0; i < views * n; i++) {
		all = mc_log_sum_exp(logits + i * classes, classes);
		for (k = 0; k < classes; k++)
			logits[i * classes + k] -= all;
	}
	for (k = 0; k < n * classes; k++) {
		for (v = 0; v < views; v++)
			view[v] = logits[v * n * classes + k];
		logits[k] = mc_log_sum_exp(view, views) - log((double)views);
	}
	free(view);
}

void
mc_tta_average_findings(double *logits, size_t views, size_t n,
    size_t findings)
{
	double *yes = mc_xcalloc(2 * views, sizeof(*yes)), *no = yes + views;
	size_t k, v;

	for (k = 0; k < n * findings; k++) {
		for (v = 0; v < views; v++) {
			double two[] = { 0, logits[v * n * findings + k] };

			no[v] = -mc_log_sum_exp(two, 2);
			yes[v] = two[1] + no[v];
		}
		logits[k] = mc_log_sum_exp(yes, views) -
		    mc_log_sum_exp(no, views);
	}
	free(yes);
}
