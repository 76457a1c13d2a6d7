/*
 * intervals.c - compute metrics of two arrays, with intervals over patients.
 *
 * mc-bootstrap prints the same numbers for a table of these images.
 */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_errno.h>

#include "stats/estimate.h"
#include "stats/metric.h"

enum { WELL, SICK, CLASSES };
static const char *const classes[CLASSES] = { "well", "sick" };

/* Two images of each of twelve patients: true class, probability of SICK. */
enum { IMAGES = 24, PATIENTS = 12, METRICS = 3 };
static const int label[IMAGES] = { 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0,
	1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0 };
static const double p_sick[IMAGES] = { 0.81, 0.64, 0.12, 0.3, 0.55, 0.21, 0.92,
	0.47, 0.08, 0.17, 0.33, 0.26, 0.71, 0.77, 0.39, 0.5, 0.62, 0.14, 0.05,
	0.88, 0.66, 0.43, 0.28, 0.19 };

static void
print(const struct mc_estimate *e)
{
	printf("%s\t%.9f", e->spec.metric->name, e->estimate);
	if (isnan(e->lo))
		printf("\t%s\n", e->note.data);	/* says why */
	else
		printf("\t%.9f\t%.9f\n", e->lo, e->hi);
}

int
main(void)
{
	const struct mc_metric_spec specs[METRICS] = {
		{ .metric = mc_metric_find("accuracy"), .at = NAN },
		{ .metric = mc_metric_find("auroc"), .at = NAN,
		    .average = MC_EACH_CLASS, .class_index = SICK },
		{ .metric = mc_metric_find("ece"), .at = NAN }
	};
	const struct mc_interval_method *method =
	    mc_interval_method_find("percentile");
	const struct mc_estimate_options options = {
		.methods = &method, .n_methods = 1, .level = 0.95,
		.how = { .replicates = 4999, .seed = 1, .threads = 1 }
	};
	double p[IMAGES][CLASSES];
	int predicted[IMAGES];
	uint32_t patient[IMAGES];
	const struct mc_sample sample = {
		.n = IMAGES, .n_classes = CLASSES, .classes = classes,
		.label = label, .predicted = predicted, .p = p[0],
		.unit = patient, .n_units = PATIENTS
	}, *samples[] = { &sample };
	struct mc_estimate *estimates;
	size_t i;

	gsl_set_error_handler_off();	/* or GSL ends the program on an error */
	for (i = 0; i < IMAGES; i++) {
		p[i][SICK] = p_sick[i];
		p[i][WELL] = 1 - p_sick[i];
		predicted[i] = p[i][SICK] > p[i][WELL] ? SICK : WELL;
		patient[i] = (uint32_t)(i / (IMAGES / PATIENTS));
	}
	estimates = mc_estimates(samples, 1, specs, METRICS, &options);
	for (i = 0; i < METRICS; i++)
		print(&estimates[i]);
	mc_estimates_free(estimates, METRICS);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("intervals: standard output");
		return 1;
	}
	return 0;
}
