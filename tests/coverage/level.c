/* level.c - how often mc_compare calls alike what is alike. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "level.h"

/* What the simulations share. */
struct job {
	const struct trial *trial;
	const struct level_design *design;
	const struct mc_metric_spec *specs;
	size_t n;
	double *p;		/* [simulation * n + metric] */
};

/* --- Folds ---------------------------------------------------------------- */

/* A patient's fold; and each model's log odds so many times too large. */
static void
cross(struct sim_set *set, uint32_t *fold)
{
	static const double times[2][LEVEL_FOLDS] = { { 1, 0.2, 3, 0.5, 2 },
	    { 0.4, 2, 1, 5, 0.3 } };
	size_t n = set->samples[0].n, f, i;

	for (i = 0; i < n; i++)
		fold[i] = set->unit[i] % LEVEL_FOLDS;
	for (f = 0; f < set->n_files; f++) {
		for (i = 0; i < n; i++) {
			double *p = set->p + (f * n + i) * 2;
			double odds = pow(p[1] / p[0], times[f % 2][fold[i]]);

			p[0] = 1 / (1 + odds);
			p[1] = 1 - p[0];
		}
		set->samples[f].fold = fold;
		set->samples[f].n_folds = LEVEL_FOLDS;
	}
}

/* --- Subgroups ------------------------------------------------------------ */

/* A subgroup of a sample, with rows of its own. */
struct subgroup {
	struct mc_sample s;
	int *label, *predicted;
	uint32_t *unit;
	double *p;
};

static struct subgroup
subgroup_alloc(const struct mc_sample *s)
{
	struct subgroup x = { .s = *s,
	    .label = mc_xcalloc(s->n, sizeof(*x.label)),
	    .predicted = mc_xcalloc(s->n, sizeof(*x.predicted)),
	    .unit = mc_xcalloc(s->n, sizeof(*x.unit)),
	    .p = mc_xcalloc(s->n, 2 * sizeof(*x.p)) };

	x.s.n = 0;
	x.s.label = x.label;
	x.s.predicted = x.predicted;
	x.s.unit = x.unit;
	x.s.p = x.p;
	return x;
}

static void
subgroup_free(struct subgroup *x)
{
	free(x->label);
	free(x->predicted);
	free(x->unit);
	free(x->p);
}

/* Give each image of S to one of the two subgroups at X. */
static void
divide(const struct level_design *d, const struct mc_sample *s,
    struct subgroup *x)
{
	size_t i, side = 0;

	x[0] = subgroup_alloc(s);
	x[1] = subgroup_alloc(s);
	for (i = 0; i < s->n; i++) {
		struct subgroup *to;
		size_t at;

		if (d->kind == LEVEL_GAP)
			side = s->unit[i] >= d->first;
		else
			side = i > 0 && s->unit[i] == s->unit[i - 1] ?
			    !side : 0;
		to = &x[side];
		at = to->s.n++;
		to->label[at] = s->label[i];
		to->predicted[at] = s->predicted[i];
		to->unit[at] = s->unit[i];
		memcpy(to->p + 2 * at, s->p + 2 * i, 2 * sizeof(*to->p));
	}
}

/* --- A simulation --------------------------------------------------------- */

/* The p of the two SIDES' difference, or of the claim about the margin. */
static void
compare(const struct job *job, const struct mc_side *sides, uint64_t seed,
    double *p)
{
	const struct level_design *d = job->design;
	struct mc_compare_options plan = { .test = d->test, .level = 0.95,
	    .margin = d->margin, .how = { .replicates =
	    job->trial->replicates, .seed = seed, .threads = 1 } };
	struct mc_pair pair = { 0, 1, d->kind == LEVEL_GAP ||
	    d->kind == LEVEL_SIDES, 0 };
	enum mc_claim counted = isnan(d->margin) ? MC_DIFFERENT :
	    MC_NOT_INFERIOR;
	struct mc_difference *e;
	size_t count, i, m = 0;

	if (mc_compare(sides, 2, &pair, 1, job->specs, job->n, &plan, &e,
	    &count, NULL) != MC_OK)
		abort();
	for (i = 0; i < count; i++) {
		if (e[i].claim == counted)
			p[m++] = e[i].p;
	}
	mc_compare_free(e, count);
}

static void
simulate(void *arg, size_t simulation)
{
	const struct job *job = arg;
	const struct level_design *d = job->design;
	struct sim_design design = { .patients = d->patients,
	    .most_images = d->most_images, .n_classes = 2,
	    .shares = d->shares };
	gsl_rng *rng = mc_stream_alloc(job->trial->seed, "level", simulation);
	bool one = d->kind == LEVEL_GAP || d->kind == LEVEL_SIDES;
	size_t n_files = d->seeds[0] + (one ? 0 : d->seeds[1]), f;
	struct sim_file files[2 * LEVEL_SEEDS];
	const struct mc_sample *samples[2 * LEVEL_SEEDS];
	struct mc_side sides[2] = { { samples, d->seeds[0], "A" },
	    { samples + d->seeds[0], d->seeds[1], "B" } };
	struct subgroup groups[2];
	uint32_t *fold = NULL;
	struct sim_set *set;

	for (f = 0; f < n_files; f++)
		files[f] = (struct sim_file){ d->separation[f >=
		    d->seeds[0]] + d->spread *
		    gsl_ran_gaussian_ziggurat(rng, 1), 1 };
	set = sim_set_alloc(&design, files, n_files, rng);
	for (f = 0; f < n_files; f++)
		samples[f] = &set->samples[f];
	if (d->kind == LEVEL_CROSS) {
		fold = mc_xcalloc(set->samples[0].n, sizeof(*fold));
		cross(set, fold);
	}
	if (one) {
		divide(d, &set->samples[0], groups);
		samples[0] = &groups[0].s;
		samples[1] = &groups[1].s;
	}
	compare(job, sides, gsl_rng_get(rng), job->p + simulation * job->n);
	if (one) {
		subgroup_free(&groups[0]);
		subgroup_free(&groups[1]);
	}
	free(fold);
	sim_set_free(set);
	gsl_rng_free(rng);
}

void
level_of(const struct trial *t, const struct level_design *d,
    const struct mc_metric_spec *specs, size_t n, struct level *rows)
{
	struct job job = { .trial = t, .design = d, .specs = specs,
	    .n = n, .p = mc_xcalloc(t->simulations * n, sizeof(double)) };
	size_t i, s;

	mc_parallel(t->simulations, t->threads, simulate, &job);
	for (i = 0; i < n; i++) {
		rows[i] = (struct level){ 0, 0 };
		for (s = 0; s < t->simulations; s++) {
			rows[i].none += isnan(job.p[s * n + i]);
			rows[i].rejected += job.p[s * n + i] <= 0.05 + 1e-12;
		}
	}
	free(job.p);
}
