/*
 * phantom_internal.h - draw the kinds of phantoms; for lib/phantom alone.
 *
 * Places are in units of half the picture: x and y from -1 (left, top) to 1.
 * Colours are from 0 to 1.
 */
#ifndef MC_PHANTOM_INTERNAL_H
#define MC_PHANTOM_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include <gsl/gsl_rng.h>

#include "phantom/phantom.h"

struct canvas {
	int size;
	float *rgb;		/* size x size x 3 */
};

/* Whose picture is drawn, and the random numbers that make it. */
struct subject {
	gsl_rng *patient;	/* the same for each image of the patient */
	gsl_rng *image;
	double sign[MC_PHANTOM_CLASSES];	/* how strongly each is drawn:
						   0 not, 1 very */
};

/*
 * Begin S, IMAGE of PATIENT, who is of class CLASS_NUMBER: open its random streams
 * and draw its signs.  mc_subject_end closes them.  Returns x of the class's sign.
 */
double	mc_subject_begin(struct subject *s, const struct mc_phantom *p,
	    size_t class_number, size_t patient, size_t image);
void	mc_subject_end(struct subject *s);

void	mc_draw_chest(struct canvas *c, struct subject *s);
void	mc_draw_fundus(struct canvas *c, struct subject *s);
void	mc_draw_dermoscopy(struct canvas *c, struct subject *s);

/* MEAN, plus what the patient and the image differ by (standard deviations). */
double	mc_vary(struct subject *s, double mean, double patient, double image);

/* Uniform on [LOW, HIGH), the same for all images of the patient. */
double	mc_patient_uniform(struct subject *s, double low, double high);

/* 0 below LOW, 1 above HIGH, smooth between. */
double	mc_step(double low, double high, double x);

/* exp(-(x^2 + y^2) / (2 width^2)). */
double	mc_bump(double x, double y, double width);

/* Smooth noise on [0, 1] with detail at distance 1; its sum over octaves. */
double	mc_noise(uint32_t seed, double x, double y);
double	mc_clouds(uint32_t seed, double x, double y, int octaves);

/*
 * Lay a soft spot of RADIUS and HEIGHT at (X, Y) on MAP, SIZE x SIZE; where
 * spots meet, the highest counts.
 */
void	mc_dab(float *map, int size, double x, double y, double radius,
	    double height);

/* The place of pixel I of SIZE. */
double	mc_place(int i, int size);

#endif
