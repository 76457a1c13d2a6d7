/* augment.c - draw what is done to a training image, and do it. */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/rng.h"
#include "image/adjust.h"
#include "image/augment.h"
#include "image/geometry.h"

/* --- Lists ------------------------------------------------------------------ */

/* How many numbers a word has, and the largest; each is above 0. */
static const struct word {
	const char *name, *form;
	size_t offset;
	int values;
	double most;
} words[] = {
	{ "crop", "crop:A-B", offsetof(struct mc_augment, crop), 2, 1 },
	{ "flip", "flip", offsetof(struct mc_augment, flip), 0, 0 },
	{ "vflip", "vflip", offsetof(struct mc_augment, vflip), 0, 0 },
	{ "rotate", "rotate:X", offsetof(struct mc_augment, rotate), 1, 180 },
	{ "trivial", "trivial", offsetof(struct mc_augment, trivial), 0, 0 },
	{ "jitter", "jitter:X", offsetof(struct mc_augment, jitter), 1, 1 },
	{ "erase", "erase:P", offsetof(struct mc_augment, erase), 1, 1 },
};

#define WORDS (sizeof(words) / sizeof(*words))

/* Where A has W: values doubles, or a bool. */
static const void *
member(const struct mc_augment *a, const struct word *w)
{
	return (const char *)a + w->offset;
}

static bool
is_set(const struct mc_augment *a, const struct word *w)
{
	return w->values == 0 ? *(const bool *)member(a, w) :
	    *(const double *)member(a, w) > 0;
}

static enum mc_status
unknown(const char *name, struct mc_err *err)
{
	struct mc_buf forms = { 0 };
	size_t i;

	for (i = 0; i < WORDS; i++)
		mc_buf_printf(&forms, "%s%s", i > 0 ? ", " : "",
		    words[i].form);
	mc_err_set(err, MC_EDATA, "\"%s\" is not an augmentation: they are %s",
	    name, forms.data);
	mc_buf_free(&forms);
	return MC_EDATA;
}

/* The dash between two numbers, not that of an exponent; NULL: none. */
static char *
find_dash(char *range)
{
	char *dash = strchr(range, '-');

	while (dash != NULL && dash > range &&
	    (dash[-1] == 'e' || dash[-1] == 'E'))
		dash = strchr(dash + 1, '-');
	return dash;
}

/* Read VALUE, which follows the colon after W, or is NULL, into V. */
static enum mc_status
parse_value(double *v, const struct word *w, char *value, struct mc_err *err)
{
	char *part[2] = { value, value };
	struct mc_err why;
	int i;

	if (value == NULL)
		return mc_err_set(err, MC_EDATA, "\"%s\" has no value: give %s",
		    w->name, w->form);
	if (w->values == 2) {
		part[1] = find_dash(value);
		if (part[1] == NULL)
			return mc_err_set(err, MC_EDATA, "%s: \"%s\" is not a "
			    "range: give %s", w->name, value, w->form);
		*part[1]++ = '\0';
	}
	for (i = 0; i < w->values; i++) {
		if (mc_parse_f64(part[i], 0, w->most, &v[i], &why) != MC_OK)
			return mc_err_set(err, MC_EDATA, "%s: %s", w->name,
			    why.text);
		if (v[i] == 0)
			return mc_err_set(err, MC_EDATA, "%s: the number must "
			    "be above 0", w->name);
	}
	return w->values < 2 || v[0] <= v[1] ? MC_OK : mc_err_set(err,
	    MC_EDATA, "%s: %s is more than %s", w->name, part[0], part[1]);
}

static enum mc_status
parse_word(struct mc_augment *a, char *text, struct mc_err *err)
{
	char *value = strchr(text, ':');
	const struct word *w = words;
	void *at;

	if (value != NULL)
		*value++ = '\0';
	while (w < words + WORDS && strcmp(text, w->name) != 0)
		w++;
	if (w == words + WORDS)
		return unknown(text, err);
	if (is_set(a, w))
		return mc_err_set(err, MC_EDATA, "\"%s\" is given twice",
		    w->name);
	at = (char *)a + w->offset;
	if (w->values > 0)
		return parse_value(at, w, value, err);
	if (value != NULL)
		return mc_err_set(err, MC_EDATA, "\"%s\" has no value: leave "
		    "\":%s\" out", w->name, value);
	*(bool *)at = true;
	return MC_OK;
}

enum mc_status
mc_augment_parse(struct mc_augment *a, const char *list, struct mc_err *err)
{
	struct mc_augment parsed = { 0 };
	enum mc_status status = MC_OK;
	char **items;
	size_t n = mc_split_commas(list, &items), i;

	for (i = 0; i < n && status == MC_OK; i++)
		status = parse_word(&parsed, items[i], err);
	free(items);
	if (status == MC_OK)
		*a = parsed;
	return status;
}

bool
mc_augment_any(const struct mc_augment *a)
{
	size_t i = 0;

	while (i < WORDS && !is_set(a, &words[i]))
		i++;
	return i < WORDS;
}

bool
mc_augment_crops(const struct mc_augment *a)
{
	return a->crop[1] > 0;
}

void
mc_augment_format(const struct mc_augment *a, struct mc_buf *text)
{
	const struct word *w;
	const double *v;
	char number[MC_NUM_SIZE];
	bool first = true;
	int k;

	for (w = words; w < words + WORDS; w++) {
		if (!is_set(a, w))
			continue;
		v = member(a, w);
		mc_buf_printf(text, "%s%s", first ? "" : ",", w->name);
		for (k = 0; k < w->values; k++)
			mc_buf_printf(text, "%c%s", ":-"[k],
			    mc_format_f64(number, v[k]));
		first = false;
	}
}

/* --- Draws ------------------------------------------------------------------ */

static double
uniform(gsl_rng *rng, double from, double to)
{
	return from + (to - from) * gsl_rng_uniform(rng);
}

/* A number from 0 to MOST. */
static int
up_to(gsl_rng *rng, int most)
{
	return (int)gsl_rng_uniform_int(rng, (unsigned long)most + 1);
}

/*
 * Draw the size of BOX: its part of AREA is from SHARE[0] to SHARE[1], and its
 * width divided by its height from RATIO[0] to RATIO[1].  It may not fit.
 */
static void
draw_size(gsl_rng *rng, struct mc_box *box, double area, const double share[2],
    const double ratio[2])
{
	double wanted = area * uniform(rng, share[0], share[1]);
	double shape = exp(uniform(rng, log(ratio[0]), log(ratio[1])));

	box->width = (int)rint(sqrt(wanted * shape));
	box->height = (int)rint(sqrt(wanted / shape));
}

static void
draw_place(gsl_rng *rng, struct mc_box *box, int width, int height)
{
	box->top = up_to(rng, height - box->height);
	box->left = up_to(rng, width - box->width);
}

/* RandomResizedCrop.get_params */
static void
draw_crop(gsl_rng *rng, struct mc_box *box, int width, int height,
    const double share[2])
{
	static const double ratio[2] = { 3.0 / 4.0, 4.0 / 3.0 };
	double shape = (double)width / height;
	int i;

	for (i = 0; i < 10; i++) {
		draw_size(rng, box, (double)width * height, share, ratio);
		if (box->width > 0 && box->width <= width &&
		    box->height > 0 && box->height <= height) {
			draw_place(rng, box, width, height);
			return;
		}
	}
	box->width = width;
	box->height = height;
	if (shape < ratio[0])
		box->height = (int)rint(width / ratio[0]);
	else if (shape > ratio[1])
		box->width = (int)rint(height * ratio[1]);
	box->left = (width - box->width) / 2;
	box->top = (height - box->height) / 2;
}

/* RandomErasing.get_params; whether a box fits. */
static bool
draw_erase(gsl_rng *rng, struct mc_box *box, int crop)
{
	static const double share[2] = { 0.02, 0.33 };
	/* torchvision's is height to width. */
	static const double ratio[2] = { 1 / 3.3, 1 / 0.3 };
	int i;

	for (i = 0; i < 10; i++) {
		draw_size(rng, box, (double)crop * crop, share, ratio);
		if (box->width < crop && box->height < crop) {
			draw_place(rng, box, crop, crop);
			return true;
		}
	}
	return false;
}

static void
draw_jitter(gsl_rng *rng, struct mc_augment_draw *draw, double most)
{
	int i, k, last;

	for (i = 0; i < 3; i++)
		draw->factor[i] = uniform(rng, 1 - most, 1 + most);
	for (i = 2; i > 0; i--) {
		k = up_to(rng, i);
		last = draw->jitter[i];
		draw->jitter[i] = draw->jitter[k];
		draw->jitter[k] = last;
	}
}

void
mc_augment_draw(const struct mc_augment *a, int width, int height, int crop,
    uint64_t seed, struct mc_augment_draw *draw)
{
	gsl_rng *rng = mc_stream_alloc(seed, "crop", 0);

	*draw = (struct mc_augment_draw){ .crops = mc_augment_crops(a),
	    .jitter = { 0, 1, 2 }, .factor = { 1, 1, 1 } };
	if (draw->crops)
		draw_crop(rng, &draw->crop, width, height, a->crop);
	mc_stream_set(rng, seed, "flip", 0);
	draw->flip = a->flip && gsl_rng_uniform(rng) < 0.5;
	mc_stream_set(rng, seed, "vflip", 0);
	draw->vflip = a->vflip && gsl_rng_uniform(rng) < 0.5;
	mc_stream_set(rng, seed, "rotate", 0);
	draw->angle = uniform(rng, -a->rotate, a->rotate);
	if (a->trivial)
		draw->trivial = mc_trivial_draw(seed);
	mc_stream_set(rng, seed, "jitter", 0);
	if (a->jitter > 0)
		draw_jitter(rng, draw, a->jitter);
	mc_stream_set(rng, seed, "erase", 0);
	draw->erases = gsl_rng_uniform(rng) < a->erase &&
	    draw_erase(rng, &draw->erase, crop);
	gsl_rng_free(rng);
}

/* --- Application ------------------------------------------------------------ */

static void
apply_jitter(const struct mc_augment_draw *draw, struct mc_image *image)
{
	static void (*const adjust[])(struct mc_image *, double) = {
		mc_adjust_brightness, mc_adjust_contrast, mc_adjust_saturation
	};
	int i, k;

	for (i = 0; i < 3; i++) {
		k = draw->jitter[i];
		if (draw->factor[k] != 1)
			adjust[k](image, draw->factor[k]);
	}
}

/* Erase what DRAW says, with the byte that normalisation brings next to 0. */
static void
apply_erase(const struct mc_augment_draw *draw, const struct mc_preprocess *pre,
    struct mc_image *image)
{
	unsigned char mean[3];
	int c;

	for (c = 0; c < 3; c++)
		mean[c] = (unsigned char)rint(255 * fmin(fmax(pre->mean[c], 0),
		    1));
	mc_erase(image, &draw->erase, mean);
}

void
mc_augment_apply(const struct mc_augment_draw *draw,
    const struct mc_preprocess *pre, const struct mc_image *in,
    unsigned char *rgb)
{
	struct mc_image image = { pre->crop, pre->crop, rgb };

	if (draw->crops)
		mc_resize_box(in, &draw->crop, pre->crop, pre->filter, rgb);
	else
		mc_center_crop(in, pre->crop, rgb);
	if (draw->flip)
		mc_flip(&image);
	if (draw->vflip)
		mc_flip_vertically(&image);
	if (draw->angle != 0)
		mc_rotate(&image, draw->angle);
	mc_trivial_apply(&draw->trivial, &image);
	apply_jitter(draw, &image);
	if (draw->erases)
		apply_erase(draw, pre, &image);
}
