/*
 * fundus.c - a fundus photograph: the retina, its disc, macula and vessels, and
 * drusen as its sign.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "phantom/phantom_internal.h"

#define DRUSEN 110
#define FIELD 0.94		/* radius of what the camera sees */

struct fundus {
	double x, y;		/* where the camera looks */
	double side;		/* 1: the disc is to the right, -1: left */
	double pigment, disc, cup;
	double haze;		/* small drusen that run together */
	uint32_t choroid;
	float *vessel;		/* size x size: how much blood there is */
	float *drusen;
};

/*
 * A vessel from (X, Y) in direction ANGLE, which bends by BEND in each unit of
 * length; it thins out and gives off branches.
 */
static void
grow_vessel(const struct fundus *f, int size, gsl_rng *rng, double x, double y,
    double angle, double bend, double width, int depth)
{
	double step = 0.012, next = 0.15 + 0.2 * gsl_rng_uniform(rng);
	double length = 0, side = gsl_rng_uniform(rng) < 0.5 ? -1 : 1;

	while (width > 0.003 && hypot(x, y) < FIELD + 0.1 && length < 1.9) {
		mc_dab(f->vessel, size, x, y, width, 0.45 + 22 * width);
		x += step * cos(angle);
		y += step * sin(angle);
		angle += step * bend + gsl_ran_gaussian_ziggurat(rng, 0.035);
		width *= 0.9935;
		length += step;
		if (length < next || depth == 0)
			continue;
		grow_vessel(f, size, rng, x, y, angle + side *
		    (0.5 + 0.3 * gsl_rng_uniform(rng)), -side * 0.3,
		    0.68 * width, depth - 1);
		angle -= side * 0.12;
		side = -side;
		next = length + 0.12 + 0.2 * gsl_rng_uniform(rng);
	}
}

/* Four arcades leave the disc, two of them around the macula. */
static void
grow_vessels(struct fundus *f, int size, struct subject *s)
{
	double toward = f->side > 0 ? M_PI : 0;	/* the macula, from the disc */
	double up, x = f->x + 0.5 * f->side, y = f->y;
	int i;

	for (i = 0; i < 8; i++) {
		up = (i % 2 == 0 ? 1 : -1) * f->side;
		if (i < 4)	/* an artery and a vein in each arcade */
			grow_vessel(f, size, s->patient, x, y, toward +
			    up * (1.25 + 0.12 * (i / 2) +
			    mc_patient_uniform(s, -0.1, 0.1)), -up * 1.15,
			    i / 2 == 0 ? 0.017 : 0.013, 3);
		else
			grow_vessel(f, size, s->patient, x, y, toward +
			    M_PI + up * (0.55 + 0.5 * (i / 2 - 2) +
			    mc_patient_uniform(s, -0.15, 0.15)), up * 0.4,
			    i / 2 == 2 ? 0.011 : 0.009, 2);
	}
}

/* Spots around the macula; each shows from a strength of its own on. */
static void
lay_drusen(struct fundus *f, int size, struct subject *s)
{
	double x, y, radius, threshold, height;
	int i;

	for (i = 0; i < DRUSEN; i++) {
		x = f->x - 0.12 * f->side +
		    gsl_ran_gaussian_ziggurat(s->patient, 0.25);
		y = f->y + 0.03 + gsl_ran_gaussian_ziggurat(s->patient, 0.22);
		radius = 0.012 + 0.036 *
		    pow(gsl_rng_uniform(s->patient), 2);
		threshold = 1.1 * gsl_rng_uniform(s->patient);
		height = mc_step(threshold - 0.25, threshold + 0.25,
		    s->sign[0]) * (0.55 + 0.45 * gsl_rng_uniform(s->image));
		mc_dab(f->drusen, size, x, y, radius, height);
	}
}

static void
colour(const struct fundus *f, double x, double y, double blood,
    double drusen, float *rgb)
{
	double r = hypot(x, y), light, dx, dy, disc, cup, macula, cloud;
	double cloudy = mc_step(0.30, 0.70, mc_clouds(f->choroid + 9, 9 * x,
	    9 * y, 3));
	double red, green, blue, paper = mc_step(FIELD, FIELD - 0.02, r);

	dx = x - f->x - 0.5 * f->side;
	dy = y - f->y;
	disc = mc_step(1.12, 0.88, hypot(dx / f->disc, dy / (1.1 * f->disc)));
	cup = mc_step(1.2, 0.6, hypot(dx / f->cup, dy / f->cup));
	macula = mc_bump(x - f->x + 0.12 * f->side, y - f->y - 0.03, 0.11);
	cloud = mc_clouds(f->choroid, 6 * x, 6 * y, 4) - 0.5;
	light = (1.06 - 0.42 * r * r) * (1 + 0.22 * cloud) *
	    (1 - 0.34 * macula);
	red = 0.80 * light;
	green = (0.39 - 0.10 * f->pigment) * light;
	blue = (0.17 - 0.05 * f->pigment) * light;
	red += disc * (0.97 - red);
	green += disc * (0.70 + 0.16 * cup - green);
	blue += disc * (0.38 + 0.26 * cup - blue);
	drusen += 0.45 * f->haze * cloudy * mc_bump(x - f->x + 0.12 * f->side,
	    y - f->y - 0.03, 0.30);
	red += 0.20 * drusen;
	green += 0.34 * drusen;
	blue += 0.15 * drusen;
	rgb[0] = (float)(paper * red * (1 - 0.30 * blood) + 0.012);
	rgb[1] = (float)(paper * green * (1 - 0.60 * blood) + 0.010);
	rgb[2] = (float)(paper * blue * (1 - 0.50 * blood) + 0.010);
}

void
mc_draw_fundus(struct canvas *c, struct subject *s)
{
	size_t n = (size_t)c->size * (size_t)c->size;
	struct fundus f;
	int i, j;

	f.x = mc_vary(s, 0, 0.02, 0.03);
	f.y = mc_vary(s, 0, 0.02, 0.03);
	f.side = mc_patient_uniform(s, -1, 1) < 0 ? -1 : 1;
	f.pigment = mc_vary(s, 0.5, 0.18, 0.03);
	f.disc = mc_vary(s, 0.125, 0.01, 0);
	f.cup = f.disc * mc_patient_uniform(s, 0.35, 0.6);
	f.haze = s->sign[0];
	f.choroid = (uint32_t)gsl_rng_get(s->patient);
	f.vessel = mc_xcalloc(n, sizeof(*f.vessel));
	f.drusen = mc_xcalloc(n, sizeof(*f.drusen));
	grow_vessels(&f, c->size, s);
	lay_drusen(&f, c->size, s);
	for (i = 0; i < c->size; i++) {
		for (j = 0; j < c->size; j++) {
			size_t at = (size_t)i * (size_t)c->size + (size_t)j;

			colour(&f, mc_place(j, c->size), mc_place(i, c->size),
			    f.vessel[at], f.drusen[at], c->rgb + 3 * at);
		}
	}
	free(f.vessel);
	free(f.drusen);
}
