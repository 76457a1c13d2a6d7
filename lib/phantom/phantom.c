/* phantom.c - draw the hidden numbers of an image, and its pixels. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/rng.h"
#include "phantom/phantom_internal.h"

/* The variance that images of a patient share, of each sign. */
#define SHARED 0.5

static const char *const chest[] = { "NORMAL", "OPACITY", NULL };
static const char *const fundus[] = { "HEALTHY", "DRUSEN", NULL };
static const char *const dermoscopy[] = {
	"nevus", "melanoma", "keratosis", "carcinoma", "actinic", "vascular",
	"fibroma", NULL
};
static const char *const glioma[] = { "LGG", "HGG", NULL };

static const struct {
	const char *const *classes;
	size_t signs;
	void (*draw)(struct canvas *, struct subject *);
} tasks[] = {
	[MC_PHANTOM_CHEST] = { chest, 1, mc_draw_chest },
	[MC_PHANTOM_FUNDUS] = { fundus, 1, mc_draw_fundus },
	[MC_PHANTOM_DERMOSCOPY] = { dermoscopy, 7, mc_draw_dermoscopy },
	[MC_PHANTOM_GLIOMA] = { glioma, 1, NULL },
};

const char *const *
mc_phantom_classes(enum mc_phantom_task task)
{
	return tasks[task].classes;
}

double
mc_phantom_auroc(const struct mc_phantom *p)
{
	return gsl_cdf_ugaussian_P(p->distance / sqrt(2));
}

/* --- What is drawn with --------------------------------------------------- */

double
mc_vary(struct subject *s, double mean, double patient, double image)
{
	return mean + gsl_ran_gaussian_ziggurat(s->patient, patient) +
	    gsl_ran_gaussian_ziggurat(s->image, image);
}

double
mc_patient_uniform(struct subject *s, double low, double high)
{
	return low + (high - low) * gsl_rng_uniform(s->patient);
}

double
mc_step(double low, double high, double x)
{
	double t = (x - low) / (high - low);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return t * t * (3 - 2 * t);
}

double
mc_bump(double x, double y, double width)
{
	double r = (x * x + y * y) / (2 * width * width);

	return r > 12 ? 0 : exp(-r);
}

/* A number on [0, 1] for a point of the grid (the finaliser of MurmurHash3). */
static double
grid_value(uint32_t seed, int32_t x, int32_t y)
{
	uint32_t h = seed ^ (uint32_t)x * 0x9E3779B1u ^
	    (uint32_t)y * 0x85EBCA77u;

	h = (h ^ h >> 16) * 0x85EBCA6Bu;
	h = (h ^ h >> 13) * 0xC2B2AE35u;
	h ^= h >> 16;
	return h / 4294967295.0;
}

double
mc_noise(uint32_t seed, double x, double y)
{
	double fx = floor(x), fy = floor(y);
	double u = mc_step(0, 1, x - fx), v = mc_step(0, 1, y - fy);
	int32_t i = (int32_t)fx, j = (int32_t)fy;
	double top, bottom;

	top = (1 - u) * grid_value(seed, i, j) +
	    u * grid_value(seed, i + 1, j);
	bottom = (1 - u) * grid_value(seed, i, j + 1) +
	    u * grid_value(seed, i + 1, j + 1);
	return (1 - v) * top + v * bottom;
}

double
mc_clouds(uint32_t seed, double x, double y, int octaves)
{
	double sum = 0, weight = 1, all = 0;

	for (; octaves > 0; octaves--) {
		sum += weight * mc_noise(seed++, x, y);
		all += weight;
		weight /= 2;
		x *= 2;
		y *= 2;
	}
	return sum / all;
}

double
mc_place(int i, int size)
{
	return (2.0 * i + 1) / size - 1;
}

void
mc_dab(float *map, int size, double x, double y, double radius, double height)
{
	double scale = size / 2.0, soft = radius + 1.2 / scale, r, v;
	int x0 = (int)((x + 1 - soft) * scale), y0, i, j;
	int x1 = (int)((x + 1 + soft) * scale) + 1, y1;

	y0 = (int)((y + 1 - soft) * scale);
	y1 = (int)((y + 1 + soft) * scale) + 1;
	for (i = y0 < 0 ? 0 : y0; i <= y1 && i < size; i++) {
		for (j = x0 < 0 ? 0 : x0; j <= x1 && j < size; j++) {
			r = hypot(mc_place(j, size) - x, mc_place(i, size) - y);
			v = height * mc_step(soft, soft - radius * 0.8 -
			    1.2 / scale, r);
			if (v > map[i * size + j])
				map[i * size + j] = (float)v;
		}
	}
}

/* --- One image ------------------------------------------------------------ */

/* How strongly a sign is drawn: grows with X everywhere, near 0 where X < 0. */
static double
strength(double x)
{
	return log1p(exp(1.2 * x)) / (1.2 * 2.5);
}

/*
 * Fill s->sign.  All are drawn at random whatever the class is, so that the
 * class moves the means and nothing else.  Returns x of the class's sign.
 */
static double
draw_signs(const struct mc_phantom *p, size_t class, struct subject *s)
{
	size_t signs = tasks[p->task].signs, i;
	double x, found = 0;

	for (i = 0; i < signs; i++) {
		x = mc_vary(s, 0, sqrt(SHARED), sqrt(1 - SHARED));
		if (signs == 1)
			x += (class == 1 ? 0.5 : -0.5) * p->distance;
		else
			x += i == class ? p->distance / sqrt(2) - 1 : -1;
		if (i == class || signs == 1)
			found = x;
		s->sign[i] = strength(x);
	}
	return found;
}


double
mc_subject_begin(struct subject *s, const struct mc_phantom *p, size_t class,
    size_t patient, size_t image)
{
	s->patient = mc_stream_alloc(p->seed, "phantom patient", patient);
	s->image = mc_stream_alloc(p->seed, "phantom image",
	    (uint64_t)patient << 16 | image);
	return draw_signs(p, class, s);
}

void
mc_subject_end(struct subject *s)
{
	gsl_rng_free(s->patient);
	gsl_rng_free(s->image);
}

/* Where exposed pixels go: to RGB, or the first of three channels to GREY. */
struct film {
	unsigned char *rgb;
	uint16_t *grey;
	int bits;		/* of a sample of GREY */
};

/* The camera: exposure and noise, of the patient's visit and of each image. */
static void
expose(const struct canvas *c, struct subject *s, const struct film *f)
{
	double gain = exp(mc_vary(s, 0, 0.04, 0.015));
	double gamma = exp(mc_vary(s, 0, 0.06, 0.02));
	double noise = mc_patient_uniform(s, 0.008, 0.025), shared, v;
	size_t n = (size_t)c->size * (size_t)c->size, i;
	int k;

	for (i = 0; i < n; i++) {
		shared = gsl_ran_gaussian_ziggurat(s->image, noise);
		for (k = 0; k < (f->grey != NULL ? 1 : 3); k++) {
			v = c->rgb[3 * i + k];
			v = gain * pow(v < 0 ? 0 : v, gamma) + shared;
			v = v < 0 ? 0 : v > 1 ? 1 : v;
			if (f->grey != NULL)
				f->grey[i] = (uint16_t)(((1 << f->bits) - 1) *
				    v + 0.5);
			else
				f->rgb[3 * i + k] =
				    (unsigned char)(255 * v + 0.5);
		}
	}
}

static double
draw(const struct mc_phantom *p, size_t class, size_t patient, size_t image,
    const struct film *f)
{
	struct canvas c = { .size = p->size };
	struct subject s = { 0 };
	double x;

	c.rgb = mc_xcalloc((size_t)p->size * (size_t)p->size * 3,
	    sizeof(*c.rgb));
	x = mc_subject_begin(&s, p, class, patient, image);
	tasks[p->task].draw(&c, &s);
	expose(&c, &s, f);
	mc_subject_end(&s);
	free(c.rgb);
	return x;
}

double
mc_phantom_draw(const struct mc_phantom *p, size_t class, size_t patient,
    size_t image, unsigned char *rgb)
{
	return draw(p, class, patient, image, &(struct film){ .rgb = rgb });
}

double
mc_phantom_draw_grey(const struct mc_phantom *p, size_t class, size_t patient,
    size_t image, int bits, uint16_t *grey)
{
	return draw(p, class, patient, image,
	    &(struct film){ .grey = grey, .bits = bits });
}
