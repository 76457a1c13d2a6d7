/* trivial.c - draw and apply one operation of TrivialAugment. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/rng.h"
#include "image/adjust.h"
#include "image/geometry.h"
#include "image/trivial.h"

#define BINS 31

static void
shear_x(struct mc_image *image, double m)
{
	mc_shear(image, m, 0);
}

static void
shear_y(struct mc_image *image, double m)
{
	mc_shear(image, 0, m);
}

static void
translate_x(struct mc_image *image, double m)
{
	mc_translate(image, (int)m, 0);
}

static void
translate_y(struct mc_image *image, double m)
{
	mc_translate(image, 0, (int)m);
}

static void
brightness(struct mc_image *image, double m)
{
	mc_adjust_brightness(image, 1.0 + m);
}

static void
saturation(struct mc_image *image, double m)
{
	mc_adjust_saturation(image, 1.0 + m);
}

static void
contrast(struct mc_image *image, double m)
{
	mc_adjust_contrast(image, 1.0 + m);
}

static void
sharpness(struct mc_image *image, double m)
{
	mc_adjust_sharpness(image, 1.0 + m);
}

static void
posterize(struct mc_image *image, double m)
{
	mc_posterize(image, (int)m);
}

static void
autocontrast(struct mc_image *image, double m)
{
	(void)m;
	mc_autocontrast(image);
}

static void
equalize(struct mc_image *image, double m)
{
	(void)m;
	mc_equalize(image);
}

/* In torchvision's order. */
static const struct {
	void (*apply)(struct mc_image *image, double magnitude);
	double from, to;	/* of the magnitude */
	bool has_sign, whole;
} operations[] = {
	{ NULL, 0, 0, false, false },
	{ shear_x, 0, 0.99, true, false },
	{ shear_y, 0, 0.99, true, false },
	{ translate_x, 0, 32, true, false },
	{ translate_y, 0, 32, true, false },
	{ mc_rotate_nearest, 0, 135, true, false },
	{ brightness, 0, 0.99, true, false },
	{ saturation, 0, 0.99, true, false },
	{ contrast, 0, 0.99, true, false },
	{ sharpness, 0, 0.99, true, false },
	{ posterize, 8, 2, false, true },
	{ mc_solarize, 255, 0, false, false },
	{ autocontrast, 0, 0, false, false },
	{ equalize, 0, 0, false, false },
};

#define OPERATIONS (sizeof(operations) / sizeof(*operations))

struct mc_trivial
mc_trivial_draw(uint64_t seed)
{
	gsl_rng *rng = mc_stream_alloc(seed, "trivial", 0);
	int k = (int)gsl_rng_uniform_int(rng, OPERATIONS);
	int bin = (int)gsl_rng_uniform_int(rng, BINS);
	double from = operations[k].from, to = operations[k].to;
	struct mc_trivial t = { k, from + (to - from) * bin / (BINS - 1) };

	if (operations[k].whole)
		t.magnitude = rint(t.magnitude);
	if (gsl_rng_uniform(rng) < 0.5 && operations[k].has_sign)
		t.magnitude = -t.magnitude;
	gsl_rng_free(rng);
	return t;
}

void
mc_trivial_apply(const struct mc_trivial *t, struct mc_image *image)
{
	if (operations[t->operation].apply != NULL)
		operations[t->operation].apply(image, t->magnitude);
}
