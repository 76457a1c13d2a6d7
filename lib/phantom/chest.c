/*
 * chest.c - a chest film: lungs, ribs, spine, heart, diaphragm, clavicles,
 * vessels, and opacities as its sign.
 */
#include "config.h"

#include <math.h>

#include <gsl/gsl_randist.h>

#include "phantom/phantom_internal.h"

#define PATCHES 4

struct patch {
	double x, y, width;
};

struct chest {
	double x, y, tilt;		/* of the whole body */
	double lung_width, lung_height, heart, ribs, dome;
	double exposure;
	uint32_t tissue, vessels, texture;	/* seeds of noise */
	struct patch patch[PATCHES];
	double opacity;
};

static void
choose_chest(struct chest *t, struct subject *s)
{
	int i;

	t->x = mc_vary(s, 0, 0.02, 0.02);
	t->y = mc_vary(s, 0, 0.02, 0.02);
	t->tilt = mc_vary(s, 0, 0.02, 0.02);
	t->lung_width = mc_vary(s, 0.33, 0.015, 0.008);
	t->lung_height = mc_vary(s, 0.70, 0.03, 0.02);
	t->heart = mc_vary(s, 0.25, 0.02, 0.006);
	t->ribs = mc_vary(s, 5.4, 0.25, 0.02);
	t->dome = mc_vary(s, 0.54, 0.03, 0.02);
	t->exposure = mc_vary(s, 1, 0.05, 0.02);
	t->tissue = (uint32_t)gsl_rng_get(s->patient);
	t->vessels = (uint32_t)gsl_rng_get(s->patient);
	t->texture = (uint32_t)gsl_rng_get(s->image);
	t->opacity = s->sign[0];
	for (i = 0; i < PATCHES; i++) {
		double side = i % 2 == 0 ? -1 : 1;

		t->patch[i].x = side * (mc_patient_uniform(s, 0.28, 0.52)) +
		    gsl_ran_gaussian_ziggurat(s->image, 0.02);
		t->patch[i].y = mc_patient_uniform(s, -0.35, 0.4) +
		    gsl_ran_gaussian_ziggurat(s->image, 0.02);
		t->patch[i].width = mc_patient_uniform(s, 0.09, 0.18);
	}
}

/* How much of the beam passes air at (X, Y): 0 or 1, soft at the pleura. */
static double
lungs(const struct chest *t, double x, double y)
{
	double dy = (y + 0.05) / t->lung_height, dx, taper;

	taper = 1 - 0.38 * mc_step(0.1, -1.05, dy);
	dx = (fabs(x) - 0.41 + 0.16 * (1 - taper)) / (t->lung_width * taper);
	return 1 - mc_step(0.72, 1.12, pow(fabs(dx), 2.6) +
	    pow(fabs(dy), 2.6));
}

static double
ribs(const struct chest *t, double x, double y)
{
	double slope = y - 0.42 * fabs(x) + 0.42 * x * x;

	return mc_step(0.35, 0.95, cos(2 * M_PI * t->ribs * slope)) *
	    mc_step(0.10, 0.22, fabs(x)) * mc_step(0.62, 0.45, y);
}

static double
vessels(const struct chest *t, double x, double y)
{
	double hilum = mc_bump(fabs(x) - 0.22, y - 0.02, 0.22);
	double fold = 1 - fabs(2 * mc_clouds(t->vessels, 9 * x, 6 * y, 3) - 1);

	return hilum * (0.35 + 0.9 * pow(fold, 6));
}

static double
opacities(const struct chest *t, double x, double y)
{
	double sum = 0;
	int i;

	for (i = 0; i < PATCHES; i++)
		sum += mc_bump(x - t->patch[i].x, y - t->patch[i].y,
		    t->patch[i].width);
	return sum * (0.35 + 1.1 * mc_clouds(t->texture, 7 * x, 7 * y, 3));
}

/* The brightness at (X, Y) of the body's own coordinates. */
static double
film(const struct chest *t, double x, double y)
{
	double width = 0.80 + 0.13 * mc_step(-1.0, -0.45, y);
	double body = 1 - mc_step(width - 0.05, width + 0.06, fabs(x));
	double air = lungs(t, x, y), heart, dome, b, clavicle;

	heart = 1 - mc_step(0.62, 1.25,
	    pow((x - 0.10 - 0.22 * (y - 0.3)) / (t->heart + 0.03), 2) +
	    pow((y - 0.30) / (t->heart + 0.10), 2));
	heart = 1 - (1 - heart) * (1 - mc_step(0.20, 0.11, fabs(x - 0.01)));
	dome = mc_step(-0.03, 0.05, y - t->dome - (x > 0 ? 0.04 : 0) -
	    0.9 * pow(fabs(x) - 0.40, 2));
	air *= (1 - heart) * (1 - dome);
	b = 0.56 + 0.10 * (mc_clouds(t->tissue, 3 * x, 3 * y, 3) - 0.5);
	b += 0.05 * mc_bump(x, 0, 0.16) + 0.06 * mc_bump(x, 0, 0.055) *
	    (1 + 0.3 * cos(2 * M_PI * 6.5 * y));
	b += 0.07 * heart + 0.07 * dome;
	b -= 0.40 * air;
	b += (0.045 + 0.05 * air) * ribs(t, x, y) + 0.10 * air *
	    vessels(t, x, y);
	clavicle = y + 0.66 - 0.22 * fabs(x) + 0.1 * x * x;
	b += 0.12 * mc_bump(clavicle, 0, 0.026) * mc_step(0.06, 0.16, fabs(x)) *
	    mc_step(0.80, 0.62, fabs(x));
	b += 0.46 * t->opacity * air * opacities(t, x, y);
	return t->exposure * body * b + 0.03;
}

void
mc_draw_chest(struct canvas *c, struct subject *s)
{
	struct chest t;
	double cosine, sine;
	float *at = c->rgb;
	int i, j;

	choose_chest(&t, s);
	cosine = cos(t.tilt);
	sine = sin(t.tilt);
	for (i = 0; i < c->size; i++) {
		for (j = 0; j < c->size; j++, at += 3) {
			double x = mc_place(j, c->size) - t.x;
			double y = mc_place(i, c->size) - t.y;

			at[0] = at[1] = at[2] = (float)film(&t,
			    cosine * x - sine * y, sine * x + cosine * y);
		}
	}
}
