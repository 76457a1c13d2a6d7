/* parametric.c - simulate studies from a parametric model. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/metric.h"
#include "stats/parametric.h"
#include "stats/reweighted.h"

const char *const mc_parametric_classes[2] = { "negative", "positive" };

struct mc_metric_spec
mc_parametric_metric(const struct mc_parametric *a)
{
	const struct mc_metric *m = mc_metric_find(a->auroc ? "auroc" :
	    "accuracy");

	return (struct mc_metric_spec){ .metric = m, .average = a->auroc ?
	    MC_EACH_CLASS : MC_NO_AVERAGE, .class_index = a->auroc,
	    .at = m->at };
}

/* The images of a study; all of these are its own. */
struct study {
	size_t n;		/* images */
	int *label, *predicted;	/* n */
	double *p;		/* n x 2 */
	uint32_t *unit;		/* n */
};

/* A normal number, as ARM sees it. */
static double
normal(const struct mc_parametric *a, size_t arm, gsl_rng *rng)
{
	/* Both are drawn: what the first arm sees depends on no second. */
	double first = gsl_ran_gaussian_ziggurat(rng, 1);
	double second = gsl_ran_gaussian_ziggurat(rng, 1);

	return arm == 0 ? first : a->rho * first +
	    sqrt(1 - a->rho * a->rho) * second;
}

/* Deal the images out to N_PATIENTS, and make room for them. */
static void
deal_images(struct study *x, const struct mc_parametric *a, size_t n_patients,
    gsl_rng *rng)
{
	size_t cap = 0, i;
	unsigned some;

	for (i = 0; i < n_patients; i++) {
		for (some = 1 + gsl_ran_poisson(rng, a->images - 1); some > 0;
		    some--) {
			x->unit = mc_xgrow(x->unit, x->n, &cap,
			    sizeof(*x->unit));
			x->unit[x->n++] = (uint32_t)i;
		}
	}
	x->label = mc_xcalloc(x->n, sizeof(*x->label));
	x->predicted = mc_xcalloc(x->n, sizeof(*x->predicted));
	x->p = mc_xcalloc(x->n, 2 * sizeof(*x->p));
}

/* Let ARM classify the images, which stand patient by patient. */
static void
classify(struct study *x, const struct mc_parametric *a, size_t arm,
    gsl_rng *rng)
{
	double at = gsl_cdf_ugaussian_Pinv(a->value[arm]), patient = 0, z;
	int positive = 0;
	size_t i;

	for (i = 0; i < x->n; i++) {
		if (i == 0 || x->unit[i] != x->unit[i - 1]) {
			positive = a->auroc &&
			    gsl_rng_uniform(rng) < a->prevalence;
			patient = sqrt(a->icc) * normal(a, arm, rng);
		}
		z = patient + sqrt(1 - a->icc) * normal(a, arm, rng);
		x->label[i] = positive;
		x->predicted[i] = !a->auroc && z >= at;
		/* Of which only the order counts. */
		x->p[2 * i + 1] = z + (positive ? M_SQRT2 * at : 0);
	}
}

struct job {
	const struct mc_parametric *a;
	size_t arm;
	struct mc_metric_spec spec;
	const struct mc_resampling *how;
	double *values;
};

static void
run_study(void *arg, size_t b)
{
	const struct job *job = arg;
	gsl_rng *rng = mc_stream_alloc(job->how->seed, "study", b);
	struct study x = { 0 };
	struct mc_sample s;

	deal_images(&x, job->a, job->how->draws, rng);
	classify(&x, job->a, job->arm, rng);
	s = (struct mc_sample){ .n = x.n, .n_classes = 2,
	    .classes = mc_parametric_classes, .label = x.label,
	    .predicted = x.predicted, .p = x.p, .unit = x.unit,
	    .n_units = job->how->draws };
	mc_metric_values(&s, &job->spec, 1, &job->values[b]);
	gsl_rng_free(rng);
	free(x.label);
	free(x.predicted);
	free(x.p);
	free(x.unit);
}

void
mc_parametric_studies(const struct mc_parametric *a, size_t arm,
    const struct mc_resampling *how, double *values)
{
	struct job job = { a, arm, mc_parametric_metric(a), how, values };

	mc_parallel((size_t)how->replicates, how->threads, run_study, &job);
}
