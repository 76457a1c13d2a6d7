/* simulate.c - test sets made of normal numbers. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "simulate.h"
#include "stats/reweighted.h"

static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g" };

/* Half of the variance each. */
static double
both(double a, double b)
{
	return (a + b) * M_SQRT1_2;
}

static void
draw_normal(gsl_rng *rng, double *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = gsl_ran_gaussian_ziggurat(rng, 1);
}

/* The class of PATIENT. */
static int
class_of(const struct sim_design *d, size_t patient, gsl_rng *rng)
{
	double u;
	size_t k;

	if (d->of_last > 0)
		return patient < d->of_last ? (int)d->n_classes - 1 : 0;
	u = gsl_rng_uniform(rng);
	for (k = 0; k + 1 < d->n_classes && u >= d->shares[k]; k++)
		u -= d->shares[k];
	return (int)k;
}

/* --- Predictions ---------------------------------------------------------- */

/* Turn the N scores at X into probabilities; returns the likeliest class. */
static int
predict(const struct sim_design *d, const struct sim_file *file, double *x)
{
	double sum = 0;
	size_t k, best = 0;

	for (k = 0; k < d->n_classes; k++) {
		x[k] = file->sharpness * (log(d->shares[k]) +
		    file->separation * x[k]);
		if (x[k] > x[best])
			best = k;
	}
	for (k = 0; k < d->n_classes; k++) {
		if (k != best)
			x[k] = exp(x[k] - x[best]);
		sum += k != best ? x[k] : 1;
	}
	x[best] = 1;
	for (k = 0; k < d->n_classes; k++)
		x[k] /= sum;
	return (int)best;
}

/*
 * The images FIRST to END - 1, of one patient.  Row 0 of the noise is shared,
 * row 1 + f is file f's own.
 */
static void
draw_patient(const struct sim_design *d, const struct sim_file *files,
    struct sim_set *set, gsl_rng *rng, int label, size_t first, size_t end)
{
	size_t n = d->n_classes, noises = (1 + set->n_files) * n, i, f, k;
	double *patient = mc_xcalloc(2 * noises, sizeof(*patient));
	double *image = patient + noises;

	draw_normal(rng, patient, noises);
	for (i = first; i < end; i++) {
		draw_normal(rng, image, noises);
		set->label[i] = label;
		for (f = 0; f < set->n_files; f++) {
			size_t at = f * set->samples[0].n + i;
			size_t own = (1 + f) * n;
			double *x = set->p + at * n;

			for (k = 0; k < n; k++)
				x[k] = both(both(patient[k], image[k]),
				    both(patient[own + k], image[own + k]));
			x[label] += files[f].separation;
			set->predicted[at] = predict(d, &files[f], x);
		}
	}
	free(patient);
}

/* --- Test sets ------------------------------------------------------------ */

/* How many images each patient has, into IMAGES; returns their number. */
static size_t
draw_sizes(const struct sim_design *d, gsl_rng *rng, size_t *images)
{
	size_t n = 0, u;

	for (u = 0; u < d->patients; u++) {
		images[u] = 1 + gsl_rng_uniform_int(rng, d->most_images);
		n += images[u];
	}
	return n;
}

struct sim_set *
sim_set_alloc(const struct sim_design *d, const struct sim_file *files,
    size_t n_files, gsl_rng *rng)
{
	struct sim_set *set = mc_xcalloc(1, sizeof(*set));
	size_t *images = mc_xcalloc(d->patients, sizeof(*images));
	size_t n = draw_sizes(d, rng, images), at, u, i, f;

	set->n_files = n_files;
	set->samples = mc_xcalloc(n_files, sizeof(*set->samples));
	set->label = mc_xcalloc(n, sizeof(*set->label));
	set->unit = mc_xcalloc(n, sizeof(*set->unit));
	set->predicted = mc_xcalloc(n_files * n, sizeof(*set->predicted));
	set->p = mc_xcalloc(n_files * n, d->n_classes * sizeof(*set->p));
	for (f = 0; f < n_files; f++)
		set->samples[f] = (struct mc_sample){ .n = n,
		    .n_classes = d->n_classes, .classes = names,
		    .label = set->label, .unit = set->unit,
		    .predicted = set->predicted + f * n,
		    .p = set->p + f * n * d->n_classes,
		    .n_units = d->image_units ? n : d->patients };
	for (u = at = 0; u < d->patients; at += images[u++]) {
		draw_patient(d, files, set, rng, class_of(d, u, rng), at,
		    at + images[u]);
		for (i = at; i < at + images[u]; i++)
			set->unit[i] = (uint32_t)(d->image_units ? i : u);
	}
	free(images);
	return set;
}

void
sim_set_free(struct sim_set *set)
{
	if (set == NULL)
		return;
	free(set->samples);
	free(set->label);
	free(set->unit);
	free(set->predicted);
	free(set->p);
	free(set);
}

/* --- Truth ---------------------------------------------------------------- */

void
sim_truth(const struct sim_design *d, const struct sim_file *file,
    const struct mc_metric_spec *specs, size_t n, size_t patients,
    uint64_t seed, double *truth, double *error)
{
	struct sim_design large = { .patients = patients, .most_images = 1,
	    .n_classes = d->n_classes, .shares = d->shares };
	gsl_rng *rng = mc_stream_alloc(seed, "truth", 0);
	struct sim_set *set = sim_set_alloc(&large, file, 1, rng);
	double *values = mc_xcalloc(SIM_PARTS * n, sizeof(*values));
	struct mc_sample part = set->samples[0];
	size_t i;

	mc_metric_values(&part, specs, n, truth);
	part.n = patients / SIM_PARTS;
	for (i = 0; i < SIM_PARTS; i++) {
		mc_metric_values(&part, specs, n, values + i * n);
		part.label += part.n;
		part.predicted += part.n;
		part.unit += part.n;
		part.p += part.n * part.n_classes;
	}
	for (i = 0; i < n; i++)
		error[i] = gsl_stats_sd(values + i, n, SIM_PARTS) /
		    sqrt(SIM_PARTS);
	free(values);
	sim_set_free(set);
	gsl_rng_free(rng);
}

double
sim_exact(const struct sim_design *d, const struct sim_file *file,
    const struct mc_metric_spec *m)
{
	const char *name = m->metric->name;
	double share = 1 / (double)d->n_classes;
	bool balanced = d->n_classes == 2 && d->shares[0] == share;

	if (strcmp(name, "calibration_slope") == 0)
		return 1;
	if (strcmp(name, "calibration_intercept") == 0 ||
	    m->metric->source == MC_FROM_CONFIDENCE)
		return 0;
	if (strcmp(name, "auroc") == 0 && d->n_classes == 2)
		return gsl_cdf_ugaussian_P(file->separation);
	if (strcmp(name, "sensitivity_at_specificity") == 0 &&
	    d->n_classes == 2)
		return gsl_cdf_ugaussian_P(M_SQRT2 * file->separation +
		    gsl_cdf_ugaussian_Pinv(1 - m->at));
	/* The errors of two classes as frequent are as frequent. */
	if (balanced && (m->metric->denominator == MC_OF_ALL ||
	    m->metric->denominator == MC_OF_EITHER ||
	    m->metric->denominator == MC_OF_LABEL))
		return gsl_cdf_ugaussian_P(file->separation * M_SQRT1_2);
	return NAN;
}
