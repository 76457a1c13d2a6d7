/* averages.c - three answers to a replicate that lacks a class. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "averages.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/interval.h"
#include "stats/reweighted.h"

#define LEVEL	0.95

const char *const averages_names[AVERAGES_WAYS] = {
	[AVERAGES_LEFT_OUT] = "left out", [AVERAGES_THERE] = "those there",
	[AVERAGES_WITHIN] = "within classes"
};

struct answer {
	double lo, hi;		/* NAN: no interval */
	bool whole;		/* no class is 0/0 in the test set */
};

struct job {
	const struct trial *trial;
	const struct sim_design *design;
	const struct sim_file *file;
	enum averages_way way;
	const struct mc_metric_spec *specs;
	size_t n;
	struct answer *answers;		/* [simulation * n + metric] */
};

/* A test set, and its metrics one class at a time. */
struct set {
	const struct job *job;
	const struct mc_sample *s;
	struct mc_scorer *scorer;	/* [metric * n_classes + class] */
	struct mc_reweighted *w;
	bool *no_ratio;			/* likewise: 0/0 in the test set */
};

static struct set
make_ready(const struct job *job, const struct mc_sample *s)
{
	struct set set = { .job = job, .s = s };
	size_t classes = s->n_classes, n = job->n * classes, i;
	struct mc_metric_spec *each = mc_xcalloc(n, sizeof(*each));

	for (i = 0; i < n; i++) {
		each[i] = job->specs[i / classes];
		each[i].average = MC_EACH_CLASS;
		each[i].class_index = (int)(i % classes);
	}
	set.scorer = mc_scorer_alloc(s, each, n);
	set.w = mc_reweighted_alloc(set.scorer);
	set.no_ratio = mc_xcalloc(n, sizeof(*set.no_ratio));
	for (i = 0; i < n; i++)
		set.no_ratio[i] = isnan(mc_reweighted_value(set.w, i));
	free(each);
	return set;
}

static void
free_set(struct set *set)
{
	mc_reweighted_free(set->w);
	mc_scorer_free(set->scorer);
	free(set->no_ratio);
}

/* Measure I under the present multiplicities. */
static double
mean_over_classes(const struct set *set, size_t i)
{
	const struct mc_metric_spec *m = &set->job->specs[i];
	size_t classes = set->s->n_classes, k;
	double sum = 0, total = 0;

	for (k = 0; k < classes; k++) {
		size_t at = i * classes + k;
		double value = mc_reweighted_value(set->w, at);
		double weight = m->average == MC_MACRO ? 1 :
		    mc_reweighted_tally(set->w)->support[k];

		if (set->no_ratio[at] && m->metric->divisor != NULL)
			value = isnan(value) ? 0 : value;
		if (isnan(value) && (set->job->way == AVERAGES_THERE ||
		    weight == 0))
			continue;
		sum += weight * value;
		total += weight;
	}
	return total > 0 ? sum / total : NAN;
}

static bool
is_whole(const struct set *set, size_t i)
{
	size_t classes = set->s->n_classes, k;

	for (k = 0; k < classes; k++) {
		if (set->no_ratio[i * classes + k])
			return false;
	}
	return true;
}

/* The interval of metric I, of whose N replicates some may be undefined. */
static struct answer
interval_of(const struct set *set, size_t i, double *values, size_t n)
{
	struct answer a = { NAN, NAN, is_whole(set, i) };
	size_t defined = 0, b;

	/* Then it is no ratio, and has no estimate. */
	if (!a.whole && set->job->specs[i].metric->divisor == NULL)
		return a;
	for (b = 0; b < n; b++) {
		if (!isnan(values[b]))
			values[defined++] = values[b];
	}
	if ((int64_t)defined < mc_replicates_needed(LEVEL))
		return a;
	mc_percentile(values, defined, LEVEL, &a.lo, &a.hi);
	if (a.hi - a.lo <= MC_ROUNDING)
		a.lo = a.hi = NAN;
	return a;
}

static void
find_intervals(void *arg, size_t simulation)
{
	const struct job *job = arg;
	gsl_rng *rng = mc_stream_alloc(job->trial->seed, "coverage",
	    simulation);
	struct mc_resampling how = { .replicates = job->trial->replicates,
	    .seed = gsl_rng_get(rng) };
	struct sim_set *sim = sim_set_alloc(job->design, job->file, 1, rng);
	struct set set = make_ready(job, sim->samples);
	struct mc_strata *strata = mc_strata_alloc(sim->samples);
	size_t n = (size_t)how.replicates, i, b;
	uint32_t *times = mc_xcalloc(set.s->n_units, sizeof(*times));
	double *values = mc_xcalloc(job->n * n, sizeof(*values));

	how.strata = job->way == AVERAGES_WITHIN ? strata : NULL;
	for (b = 0; b < n; b++) {
		mc_draw(&how, set.s->n_units, rng, b, times);
		mc_reweighted_units(set.w, times);
		for (i = 0; i < job->n; i++)
			values[i * n + b] = mean_over_classes(&set, i);
	}
	for (i = 0; i < job->n; i++)
		job->answers[simulation * job->n + i] = interval_of(&set, i,
		    values + i * n, n);
	free(times);
	free(values);
	mc_strata_free(strata);
	free_set(&set);
	sim_set_free(sim);
	gsl_rng_free(rng);
}

static struct trial_interval
count_intervals(const struct job *job, size_t spec, double truth)
{
	struct trial_interval row = { 0 };
	size_t i;

	for (i = 0; i < job->trial->simulations; i++) {
		const struct answer *a = &job->answers[i * job->n + spec];
		bool covered = a->lo <= truth && truth <= a->hi;

		if (isnan(a->lo)) {
			row.none++;
			continue;
		}
		row.covered += covered;
		row.below += truth < a->lo;
		row.above += truth > a->hi;
		row.width += a->hi - a->lo;
		row.plain += a->whole;
		row.plain_covered += a->whole && covered;
	}
	row.width /= (double)(job->trial->simulations - row.none);
	return row;
}

void
averages_intervals(const struct trial *t, const struct sim_design *d,
    const struct sim_file *file, enum averages_way way,
    const struct mc_metric_spec *specs, size_t n, const double *truth,
    struct trial_interval *rows)
{
	struct job job = { t, d, file, way, specs, n,
	    mc_xcalloc(t->simulations * n, sizeof(struct answer)) };
	size_t i;

	mc_parallel(t->simulations, t->threads, find_intervals, &job);
	for (i = 0; i < n; i++)
		rows[i] = count_intervals(&job, i, truth[i]);
	free(job.answers);
}
