/*
 * dermoscopy.c - a skin lesion under the dermatoscope.  Its signs, in the order
 * of the classes: a pigment network; an irregular border with a dark, blue
 * blotch to one side; white dots and a sharp border; blue-grey nests; redness
 * with scales; red lacunae; a white centre.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "phantom/phantom_internal.h"

enum sign {
	NETWORK, BLOTCH, DOTS, NESTS, REDNESS, LACUNAE, CENTRE
};

#define WAVES 9			/* of the border */
enum { DOT_MAP, NEST_MAP, LACUNA_MAP, HAIR_MAP, MAPS };

struct lesion {
	double x, y, radius, oblong, angle;
	double wave[WAVES], phase[WAVES];
	double blotch_x, blotch_y;
	double tan, brown;	/* of the skin, of the lesion */
	uint32_t skin, inside;	/* seeds of noise */
	float *map[MAPS];	/* size x size each */
	const double *sign;
};

/* What a layer mixes in; AMOUNT of it where 1 is all. */
static void
mix(float *rgb, double amount, const double colour[3])
{
	int k;

	amount = amount > 1 ? 1 : amount;
	for (k = 0; k < 3; k++)
		rgb[k] += (float)(amount * (colour[k] - rgb[k]));
}

/* Scatter N spots over the lesion; image by image they move a little. */
static void
scatter(float *map, int size, struct subject *s, const struct lesion *t, int n,
    double radius)
{
	double angle, r, width;

	for (; n > 0; n--) {
		angle = mc_patient_uniform(s, 0, 2 * M_PI);
		r = t->radius * 0.85 * sqrt(mc_patient_uniform(s, 0, 1));
		width = radius * mc_patient_uniform(s, 0.6, 1.3);
		mc_dab(map, size, t->x + r * cos(angle) +
		    gsl_ran_gaussian_ziggurat(s->image, 0.01),
		    t->y + r * sin(angle) +
		    gsl_ran_gaussian_ziggurat(s->image, 0.01), width, 1);
	}
}

static void
grow_hairs(float *map, int size, struct subject *s)
{
	unsigned n = gsl_ran_poisson(s->image, 1.2);
	double x, y, angle, bend, thick;
	int i;

	for (; n > 0; n--) {
		x = 2.4 * gsl_rng_uniform(s->image) - 1.2;
		y = -1.1;
		angle = M_PI * (0.2 + 0.6 * gsl_rng_uniform(s->image));
		bend = gsl_ran_gaussian_ziggurat(s->image, 0.5);
		thick = 0.006 + 0.006 * gsl_rng_uniform(s->image);
		for (i = 0; i < 260; i++) {
			mc_dab(map, size, x, y, thick, 0.75);
			x += 0.01 * cos(angle);
			y += 0.01 * sin(angle);
			angle += 0.01 * bend;
		}
	}
}

static void
choose_lesion(struct lesion *t, struct subject *s, int size)
{
	double angle;
	int k;

	t->sign = s->sign;
	t->x = mc_vary(s, 0, 0.04, 0.03);
	t->y = mc_vary(s, 0, 0.04, 0.03);
	t->radius = mc_vary(s, 0.58, 0.04, 0.01);
	t->oblong = mc_vary(s, 0.08, 0.04, 0.01);
	t->angle = mc_patient_uniform(s, 0, M_PI) +
	    gsl_ran_gaussian_ziggurat(s->image, 0.1);
	t->tan = mc_vary(s, 0, 0.03, 0.005);
	t->brown = mc_vary(s, 0, 0.03, 0.01);
	t->skin = (uint32_t)gsl_rng_get(s->patient);
	t->inside = (uint32_t)gsl_rng_get(s->patient);
	for (k = 0; k < WAVES; k++) {
		t->wave[k] = mc_patient_uniform(s, 0.3, 1);
		t->phase[k] = mc_patient_uniform(s, 0, 2 * M_PI);
	}
	angle = mc_patient_uniform(s, 0, 2 * M_PI);
	t->blotch_x = 0.45 * t->radius * cos(angle);
	t->blotch_y = 0.45 * t->radius * sin(angle);
	scatter(t->map[DOT_MAP], size, s, t, 40, 0.042);
	scatter(t->map[NEST_MAP], size, s, t, 14, 0.12);
	scatter(t->map[LACUNA_MAP], size, s, t, 20, 0.11);
	grow_hairs(t->map[HAIR_MAP], size, s);
}

/* How deep (DX, DY) lies in the lesion: 0 at its middle, 1 on its border. */
static double
depth(const struct lesion *t, double dx, double dy)
{
	double angle = atan2(dy, dx), r = 1;
	int k;

	r += t->oblong * cos(2 * (angle - t->angle));
	for (k = 0; k < WAVES; k++)
		r += (0.012 + 0.16 * t->sign[BLOTCH]) / (k + 2) * t->wave[k] *
		    cos((k + 2) * angle + t->phase[k]);
	return hypot(dx, dy) / (t->radius * (r < 0.3 ? 0.3 : r));
}

/* The lines between the cells of a honeycomb that is bent a little. */
static double
network(const struct lesion *t, double x, double y)
{
	double u = 50 * (x + 0.08 * mc_noise(t->inside + 7, 5 * x, 5 * y));
	double v = 50 * (y + 0.08 * mc_noise(t->inside + 8, 5 * x, 5 * y));

	return mc_step(-0.1, -1.1, cos(u) + cos(u / 2 + sqrt(0.75) * v) +
	    cos(u / 2 - sqrt(0.75) * v));
}

static void
lay_signs(const struct lesion *t, double x, double y, double inside,
    size_t at, float *rgb)
{
	static const double dark[3] = { 0.23, 0.13, 0.09 };
	static const double blue[3] = { 0.15, 0.15, 0.22 };
	static const double cream[3] = { 0.97, 0.91, 0.76 };
	static const double grey[3] = { 0.36, 0.40, 0.52 };
	static const double pink[3] = { 0.86, 0.42, 0.40 };
	static const double scale[3] = { 0.96, 0.92, 0.88 };
	static const double blood[3] = { 0.58, 0.06, 0.17 };
	static const double white[3] = { 0.95, 0.88, 0.84 };
	const double *s = t->sign;
	double net, flakes;

	net = network(t, x, y);
	flakes = mc_step(0.56, 0.70, mc_clouds(t->inside + 17, 13 * x, 13 * y,
	    2));
	mix(rgb, inside * 1.4 * s[REDNESS], pink);
	mix(rgb, inside * 1.6 * s[NETWORK] * net, dark);
	mix(rgb, inside * 1.9 * s[BLOTCH] * mc_bump(x - t->blotch_x,
	    y - t->blotch_y, 0.55 * t->radius), blue);
	mix(rgb, inside * 1.8 * s[NESTS] * t->map[NEST_MAP][at], grey);
	mix(rgb, inside * 1.8 * s[LACUNAE] * t->map[LACUNA_MAP][at], blood);
	mix(rgb, inside * 0.8 * s[REDNESS] * flakes, scale);
	mix(rgb, inside * 1.8 * s[CENTRE] * mc_bump(x, y, 0.48 * t->radius),
	    white);
	mix(rgb, inside * 1.9 * s[DOTS] * t->map[DOT_MAP][at], cream);
}

static void
colour(const struct lesion *t, double x, double y, size_t at, float *rgb)
{
	static const double hair[3] = { 0.12, 0.09, 0.08 };
	double dx = x - t->x, dy = y - t->y, d = depth(t, dx, dy);
	double soft = 0.16 - 0.10 * (t->sign[DOTS] > 1 ? 1 : t->sign[DOTS]);
	double inside = mc_step(1 + soft, 1 - soft, d), skin, cloud, light;
	double brown[3];
	int k;

	skin = 1 + 0.10 * (mc_clouds(t->skin, 5 * x, 5 * y, 5) - 0.5);
	rgb[0] = (float)((0.88 - 0.6 * t->tan) * skin);
	rgb[1] = (float)((0.69 - t->tan) * skin);
	rgb[2] = (float)((0.60 - t->tan) * skin);
	cloud = 1 + 0.5 * (mc_clouds(t->inside, 6 * dx, 6 * dy, 4) - 0.5) -
	    0.18 * (1 - d);
	brown[0] = (0.60 - t->brown) * cloud;
	brown[1] = (0.40 - t->brown) * cloud;
	brown[2] = (0.28 - t->brown) * cloud;
	mix(rgb, 0.92 * inside, brown);
	lay_signs(t, dx, dy, inside, at, rgb);
	mix(rgb, t->map[HAIR_MAP][at], hair);
	light = 1.04 - 0.16 * (x * x + y * y);
	for (k = 0; k < 3; k++)
		rgb[k] *= (float)light;
}

void
mc_draw_dermoscopy(struct canvas *c, struct subject *s)
{
	size_t n = (size_t)c->size * (size_t)c->size, at = 0;
	struct lesion t;
	int i, j;

	for (i = 0; i < MAPS; i++)
		t.map[i] = mc_xcalloc(n, sizeof(*t.map[i]));
	choose_lesion(&t, s, c->size);
	for (i = 0; i < c->size; i++) {
		for (j = 0; j < c->size; j++, at++)
			colour(&t, mc_place(j, c->size), mc_place(i, c->size),
			    at, c->rgb + 3 * at);
	}
	for (i = 0; i < MAPS; i++)
		free(t.map[i]);
}
