/*
 * predictions.c - print the accuracy of every run in predictions tables, with
 * an interval over patients.
 *
 *	predictions [FILE]...
 *
 * stats/metric_list.h parses a list of metrics; mc-bootstrap is this with more
 * options.
 */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_errno.h>

#include "stats/estimate.h"
#include "stats/metric.h"
#include "study/run_sample.h"

static void
print(const struct mc_run *run, const struct mc_estimate *e)
{
	printf("%s\t%s\t%.9f", run->key[MC_KEY_ARM],
	    run->key[MC_KEY_TRAIN_SEED], e->estimate);
	if (isnan(e->lo))
		printf("\t%s\n", e->note.data);	/* says why */
	else
		printf("\t%.9f\t%.9f\n", e->lo, e->hi);
}

/* A run is one arm, training seed, fold and split of a task. */
static enum mc_status
print_run(const struct mc_runs *runs, size_t run, struct mc_err *err)
{
	const struct mc_metric_spec accuracy = {
		.metric = mc_metric_find("accuracy"), .at = NAN
	};
	const struct mc_interval_method *method =
	    mc_interval_method_find("percentile");
	const struct mc_estimate_options options = {
		.methods = &method, .n_methods = 1, .level = 0.95,
		.how = { .replicates = 4999, .seed = 1, .threads = 1 }
	};
	struct mc_run_sample x;
	const struct mc_sample *samples[] = { &x.s };
	struct mc_estimate *estimate;
	enum mc_status status;

	status = mc_run_sample_make(runs, run, &x, err);
	if (status == MC_OK) {
		estimate = mc_estimates(samples, 1, &accuracy, 1, &options);
		print(x.run, estimate);
		mc_estimates_free(estimate, 1);
	}
	mc_run_sample_clear(&x);
	return status;
}

int
main(int argc, char **argv)
{
	const struct mc_runs_options options = MC_RUNS_DEFAULTS;
	struct mc_runs *runs;
	enum mc_status status;
	struct mc_err err;
	size_t i;

	gsl_set_error_handler_off();	/* or GSL ends the program on an error */
	status = mc_runs_read(&runs, &options, argv + 1, (size_t)argc - 1, &err);
	for (i = 0; status == MC_OK && i < mc_runs_count(runs); i++)
		status = print_run(runs, i, &err);
	mc_runs_free(runs);
	if (status == MC_OK && (fflush(stdout) != 0 || ferror(stdout)))
		status = mc_err_set(&err, MC_EIO, "standard output: cannot write");
	if (status != MC_OK)
		fprintf(stderr, "predictions: %s\n", err.text);
	return status == MC_OK ? 0 : 1;
}
