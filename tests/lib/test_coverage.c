/*
 * test_coverage.c - intervals cover, and tests reject, as often as they say; a
 * small part of what `make coverage` does (doc/coverage.md).
 *
 * All seeds are fixed, so a result is the same in every run.  Of SIMULATIONS
 * test sets a true 95 % is seen as 92.8 to 97.2 %, at two standard errors; the
 * bounds are wider where the method itself is off by a little, and each says
 * what would break it.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/opt.h"
#include "base/rng.h"
#include "stats/metric_list.h"
#include "tap.h"
#include "trial.h"

#define SIMULATIONS	400

static const double even[] = { 0.5, 0.5 };
static const double forty[] = { 0.6, 0.4 };
static const double ten[] = { 0.9, 0.1 };
static const double skin[] = { 6705 / 10015., 1113 / 10015., 1099 / 10015.,
    514 / 10015., 327 / 10015., 142 / 10015., 115 / 10015. };

/* Of accuracy 0.86 and 0.97, and AUROC 0.93. */
static const struct sim_file accurate = { 1.5278, 1 };
static const struct sim_file very_accurate = { 2.6598, 1 };
static const struct sim_file ranking = { 1.4758, 1 };

static struct trial trial = { .seed = 1, .simulations = SIMULATIONS,
    .replicates = 499 };

static struct mc_metric_spec
spec_of(const char *name, size_t n_classes)
{
	struct mc_metric_spec *asked, *specs, m;
	size_t n;

	if (mc_metric_specs_parse(name, true, &asked, &n, NULL) != MC_OK ||
	    mc_metric_specs_expand(asked, n, n_classes, false, 1, &specs, &n,
	    NULL) != MC_OK || n != 1)
		abort();
	m = specs[0];
	free(asked);
	free(specs);
	return m;
}

/* --- The simulated test sets ---------------------------------------------- */

/* Breaks with a simulator whose files are not what the closed forms are of. */
static void
test_truth(const struct sim_design *d, const struct sim_file *file,
    const char *name)
{
	struct mc_metric_spec m = spec_of(name, d->n_classes);
	double truth, error;

	sim_truth(d, file, &m, 1, 200000, 1, &truth, &error);
	tap_ok(fabs(truth - sim_exact(d, file, &m)) < 4 * error,
	    "%s is that of the closed form", name);
}

/* Breaks if images of a patient are less, or more, alike than they should. */
static void
test_correlation(void)
{
	enum { PATIENTS = 20000 };
	struct sim_design d = { .patients = PATIENTS, .most_images = 2,
	    .n_classes = 2, .shares = even };
	gsl_rng *rng = mc_stream_alloc(1, "coverage", 0);
	struct sim_set *set = sim_set_alloc(&d, &accurate, 1, rng);
	double *first = mc_xcalloc(PATIENTS, sizeof(*first));
	double *second = mc_xcalloc(PATIENTS, sizeof(*second));
	size_t n = 0, i;

	for (i = 0; i + 1 < set->samples[0].n; i++) {
		if (set->unit[i] != set->unit[i + 1] || set->label[i] == 1)
			continue;
		first[n] = log(set->p[2 * i] / set->p[2 * i + 1]);
		second[n++] = log(set->p[2 * i + 2] / set->p[2 * i + 3]);
	}
	tap_near(gsl_stats_correlation(first, 1, second, 1, n), 0.5, 0.04,
	    "two images of a patient correlate by 0.5");
	free(first);
	free(second);
	sim_set_free(set);
	gsl_rng_free(rng);
}

static void
test_simulator(void)
{
	struct sim_design balanced = { .n_classes = 2, .shares = even };
	struct sim_design rare = { .n_classes = 2, .shares = ten };

	test_truth(&balanced, &accurate, "accuracy");
	test_truth(&balanced, &accurate, "f1:macro");
	test_truth(&rare, &ranking, "auroc:positive");
	test_truth(&rare, &ranking, "sensitivity_at_specificity");
	test_truth(&rare, &ranking, "calibration_slope");
	test_correlation();
}

/* --- Intervals ------------------------------------------------------------ */

/* The per cent of intervals that cover, which must be LEAST to MOST. */
static struct trial_interval
test_interval(const struct sim_design *d, const struct sim_file *file,
    const char *method, const char *name, double least, double most)
{
	struct mc_metric_spec m = spec_of(name, d->n_classes);
	double truth = sim_exact(d, file, &m), error, covered;
	struct trial_interval row;

	if (isnan(truth))
		sim_truth(d, file, &m, 1, 200000, 1, &truth, &error);
	trial_intervals(&trial, d, file, mc_interval_method_find(method),
	    &m, 1, &truth, &row);
	covered = 100 * (double)row.covered /
	    (double)(SIMULATIONS - row.none);
	tap_ok(least <= covered && covered <= most, "%s, %zu patients, "
	    "%s: %.1f %% cover, which is %g to %g; %zu have none", name,
	    d->patients, method, covered, least, most,
	    row.none);
	return row;
}

static void
test_intervals(void)
{
	struct sim_design d = { .patients = 50, .most_images = 8,
	    .n_classes = 2, .shares = even };

	/* Break with wrong quantiles, or multiplicities not of n draws. */
	test_interval(&d, &accurate, "percentile", "accuracy", 91, 97);
	test_interval(&d, &accurate, "bca", "f1:macro", 91, 97);
	test_interval(&d, &accurate, "basic", "mcc", 90, 97);
	test_interval(&d, &accurate, "normal", "kappa", 90, 97);
	test_interval(&d, &ranking, "bootstrap-t", "log_loss", 91, 98);
	/* Break with a variance of images, or a normal quantile for t's. */
	d.patients = 20;
	test_interval(&d, &very_accurate, "wilson", "accuracy", 93, 100);
	test_interval(&d, &very_accurate, "clopper-pearson", "accuracy", 94,
	    100);
	d.shares = ten;
	d.patients = 50;
	test_interval(&d, &ranking, "delong", "auroc:positive", 93, 100);
	/* Breaks if replicates at an end of the scale are lost in silence. */
	d.shares = even;
	d.most_images = 1;
	test_interval(&d, &very_accurate, "bootstrap-t", "accuracy", 90,
	    100);
}

/* What must fail, or the simulations would see nothing. */
static void
test_failures(void)
{
	struct sim_design d = { .patients = 50, .most_images = 8,
	    .n_classes = 2, .shares = even };
	struct trial_interval row;

	/* Break if mc_original became an interval, or ECE unbiased. */
	test_interval(&d, &accurate, "original", "accuracy", 0, 10);
	test_interval(&d, &ranking, "percentile", "ece", 0, 1);
	/* Break if images were alike in nothing, or units went unused. */
	d.image_units = true;
	test_interval(&d, &accurate, "percentile", "accuracy", 70, 90);
	test_interval(&d, &accurate, "wilson", "accuracy", 70, 90);
	/* Break if few units of a class went unnoticed. */
	d = (struct sim_design){ .patients = 20, .most_images = 8,
	    .n_classes = 7, .shares = skin };
	row = test_interval(&d, &(struct sim_file){ 2, 1 }, "percentile",
	    "f1:macro", 0, 60);
	tap_int((long long)row.plain, 0, "all of them with the note");
}

/* --- Tests ---------------------------------------------------------------- */

/* The per cent of tests that reject, which must be LEAST to MOST. */
static void
test_test(const struct sim_design *d, const struct trial_arms *arms,
    const char *name, double least, double most)
{
	struct mc_metric_spec m = spec_of(name, d->n_classes);
	double difference = sim_exact(d, &arms->arms[0], &m) -
	    sim_exact(d, &arms->arms[1], &m), rejected;
	struct trial_test row;

	trial_tests(&trial, d, arms, &m, 1, &difference, &row);
	rejected = 100 * (double)row.rejected / (double)SIMULATIONS;
	tap_ok(least <= rejected && rejected <= most, "%s, %s, %zu seed%s, "
	    "difference %.2f: %.1f %% rejected, which is %g to %g", name,
	    arms->test->name, arms->seeds, arms->seeds == 1 ? "" : "s",
	    difference, rejected, least, most);
}

static void
test_tests(void)
{
	struct sim_design d = { .patients = 50, .most_images = 8,
	    .n_classes = 2, .shares = even };
	struct trial_arms arms = { .arms = { accurate, accurate },
	    .seeds = 1 };

	/* Break if replicates are not paired, or p is not two-sided. */
	arms.test = mc_test_find("bootstrap");
	test_test(&d, &arms, "accuracy", 2.5, 8);
	arms.test = mc_test_find("permutation");
	test_test(&d, &arms, "accuracy", 2.5, 7.5);
	/* Breaks if McNemar's were let through to images of one patient. */
	d.image_units = true;
	arms.test = mc_test_find("mcnemar");
	test_test(&d, &arms, "accuracy", 8, 20);
	d.image_units = false;
	d.most_images = 1;
	d.patients = 200;
	test_test(&d, &arms, "accuracy", 1, 6.5);
	/* Break if scores are not ranked, or the arms' covariance is lost. */
	d.shares = forty;
	d.most_images = 8;
	d.patients = 50;
	arms.arms[0] = ranking;
	arms.arms[1] = (struct sim_file){ ranking.separation, 3 };
	arms.test = mc_test_find("permutation");
	test_test(&d, &arms, "auroc:positive", 2.5, 7.5);
	arms.test = mc_test_find("delong");
	test_test(&d, &arms, "auroc:positive", 0.5, 7);
	/* Break if a test sees nothing where there is something. */
	arms.arms[0].separation = 2;
	test_test(&d, &arms, "auroc:positive", 30, 100);
	arms.test = mc_test_find("permutation");
	test_test(&d, &arms, "auroc:positive", 40, 100);
}

/* Identical procedures whose seeds differ by 2 points of accuracy. */
static void
test_seeds(void)
{
	struct sim_design d = { .patients = 200, .most_images = 8,
	    .n_classes = 2, .shares = even };
	struct trial_arms arms = { .arms = { accurate, accurate },
	    .spread = 0.127, .test = mc_test_find("bootstrap"), .seeds = 1 };

	/* Breaks if one seed were more than a claim about its file. */
	test_test(&d, &arms, "accuracy", 25, 50);
	/* Break if the variance over seeds is left out. */
	arms.seeds = 3;
	test_test(&d, &arms, "accuracy", 1, 6.5);
	arms.seeds = 5;
	test_test(&d, &arms, "accuracy", 1, 6.5);
}

int
main(void)
{
	gsl_set_error_handler_off();
	trial.threads = mc_cpus();
	test_simulator();
	test_intervals();
	test_failures();
	test_tests();
	test_seeds();
	return tap_done();
}
