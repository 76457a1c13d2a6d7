/* trial.c - the same question put to many simulated test sets. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/reweighted.h"
#include "trial.h"

#define LEVEL	0.95

/* What the simulations of a trial share. */
struct job {
	const struct trial *trial;
	const struct sim_design *design;
	const struct mc_metric_spec *specs;
	size_t n;
	const struct sim_file *file;	/* intervals */
	const struct mc_interval_method *method;
	const struct trial_arms *arms;	/* tests */
	struct answer *answers;		/* [simulation * n + metric] */
};

struct answer {
	double lo, hi;		/* NAN: no interval */
	double p;
	bool noted;		/* "few units" */
};

/*
 * The plan of a simulation's resampling.  Its seed is the stream's first
 * number: with one seed for all, the replicates of all simulations would draw
 * the same patients.
 */
static struct mc_resampling
resampling(const struct trial *t, gsl_rng *rng)
{
	return (struct mc_resampling){ .replicates = t->replicates,
	    .seed = gsl_rng_get(rng), .threads = 1 };
}

static bool
holds(const struct answer *a, double truth)
{
	return a->lo <= truth && truth <= a->hi;
}

/* --- Intervals ------------------------------------------------------------ */

static void
find_intervals(void *arg, size_t simulation)
{
	const struct job *job = arg;
	gsl_rng *rng = mc_stream_alloc(job->trial->seed, "coverage",
	    simulation);
	struct mc_estimate_options plan = { .methods = &job->method,
	    .n_methods = 1, .asked = true, .level = LEVEL,
	    .how = resampling(job->trial, rng) };
	struct sim_set *set = sim_set_alloc(job->design, job->file, 1, rng);
	const struct mc_sample *s = set->samples;
	struct mc_estimate *e = mc_estimates(&s, 1, job->specs, job->n,
	    &plan);
	size_t i;

	for (i = 0; i < job->n; i++)
		job->answers[simulation * job->n + i] = (struct answer){
		    .lo = e[i].lo, .hi = e[i].hi, .noted = e[i].note.data !=
		    NULL && strstr(e[i].note.data, "few units") != NULL };
	mc_estimates_free(e, job->n);
	sim_set_free(set);
	gsl_rng_free(rng);
}

static struct trial_interval
count_intervals(const struct job *job, size_t spec, double truth)
{
	struct trial_interval row = { 0 };
	size_t i;

	for (i = 0; i < job->trial->simulations; i++) {
		const struct answer *a = &job->answers[i * job->n + spec];
		bool covered = holds(a, truth);

		if (isnan(a->lo)) {
			row.none++;
			continue;
		}
		row.covered += covered;
		row.below += truth < a->lo;
		row.above += truth > a->hi;
		row.width += a->hi - a->lo;
		row.plain += !a->noted;
		row.plain_covered += !a->noted && covered;
	}
	row.width /= (double)(job->trial->simulations - row.none);
	return row;
}

void
trial_intervals(const struct trial *t, const struct sim_design *d,
    const struct sim_file *file, const struct mc_interval_method *method,
    const struct mc_metric_spec *specs, size_t n, const double *truth,
    struct trial_interval *rows)
{
	struct job job = { .trial = t, .design = d, .specs = specs,
	    .n = n, .file = file, .method = method,
	    .answers = mc_xcalloc(t->simulations * n, sizeof(struct answer)) };
	size_t i;

	mc_parallel(t->simulations, t->threads, find_intervals, &job);
	for (i = 0; i < n; i++)
		rows[i] = count_intervals(&job, i, truth[i]);
	free(job.answers);
}

/* --- Tests ---------------------------------------------------------------- */

/* The trained files of both arms: the seeds of the first, of the second. */
static void
train(const struct trial_arms *arms, gsl_rng *rng, struct sim_file *files)
{
	size_t arm, s;

	for (arm = 0; arm < 2; arm++) {
		for (s = 0; s < arms->seeds; s++) {
			*files = arms->arms[arm];
			files->separation += arms->spread *
			    gsl_ran_gaussian_ziggurat(rng, 1);
			files++;
		}
	}
}

static void
find_tests(void *arg, size_t simulation)
{
	const struct job *job = arg;
	size_t seeds = job->arms->seeds, count, i;
	gsl_rng *rng = mc_stream_alloc(job->trial->seed, "coverage",
	    simulation);
	struct mc_compare_options plan = { .test = job->arms->test,
	    .level = LEVEL,
	    .margin = NAN, .how = resampling(job->trial, rng) };
	struct sim_file files[2 * TRIAL_SEEDS];
	const struct mc_sample *samples[2 * TRIAL_SEEDS];
	struct mc_side sides[2] = { { samples, seeds, "A" },
	    { samples + seeds, seeds, "B" } };
	struct mc_pair pair = { 0, 1, false, 0 };
	struct mc_difference *e;
	struct sim_set *set;

	train(job->arms, rng, files);
	set = sim_set_alloc(job->design, files, 2 * seeds, rng);
	for (i = 0; i < 2 * seeds; i++)
		samples[i] = &set->samples[i];
	if (mc_compare(sides, 2, &pair, 1, job->specs, job->n, &plan, &e,
	    &count, NULL) != MC_OK)
		abort();
	for (i = 0; i < job->n; i++)
		job->answers[simulation * job->n + i] = (struct answer){
		    .lo = e[i].lo, .hi = e[i].hi, .p = e[i].p };
	mc_compare_free(e, count);
	sim_set_free(set);
	gsl_rng_free(rng);
}

static struct trial_test
count_tests(const struct job *job, size_t spec, double difference)
{
	struct trial_test row = { 0 };
	size_t i;

	for (i = 0; i < job->trial->simulations; i++) {
		const struct answer *a = &job->answers[i * job->n + spec];

		row.none += isnan(a->p);
		row.rejected += a->p <= 1 - LEVEL + 1e-12;
		if (isnan(a->lo))
			continue;
		row.intervals++;
		row.covered += holds(a, difference);
		row.width += a->hi - a->lo;
	}
	row.width /= (double)row.intervals;
	return row;
}

void
trial_tests(const struct trial *t, const struct sim_design *d,
    const struct trial_arms *arms, const struct mc_metric_spec *specs,
    size_t n, const double *difference, struct trial_test *rows)
{
	struct job job = { .trial = t, .design = d, .specs = specs,
	    .n = n, .arms = arms,
	    .answers = mc_xcalloc(t->simulations * n, sizeof(struct answer)) };
	size_t i;

	mc_parallel(t->simulations, t->threads, find_tests, &job);
	for (i = 0; i < n; i++)
		rows[i] = count_tests(&job, i, difference[i]);
	free(job.answers);
}
