/* permutation.c - test two arms or subgroups by permutation. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "stats/permutation.h"
#include "stats/reweighted.h"

/* Differences that differ by rounding only are equal. */
#define SAME	1e-12

/* Permutations that a thread takes at a time. */
#define CHUNK	128

/*
 * Join both arms into one sample: unit u of A is unit 2u, that of B is 2u + 1,
 * so that an exchange is a matter of which of the two has multiplicity 1 and
 * which 0.  It has no o, which only ranks use, and those are made once.
 */
static void
join_arms(struct mc_owned_sample *both, const struct mc_sample *a,
    const struct mc_sample *b)
{
	struct mc_sample like = *a;
	size_t i;

	like.n_units = 2 * a->n_units;
	like.p = b->p != NULL ? a->p : NULL;
	like.o = NULL;
	like.fold = b->fold != NULL ? a->fold : NULL;
	mc_owned_sample_alloc(both, &like, a->n + b->n);
	mc_owned_sample_put(both, 0, a, NULL, a->n);
	mc_owned_sample_put(both, a->n, b, NULL, b->n);
	for (i = 0; i < a->n + b->n; i++)
		both->unit[i] = 2 * both->unit[i] + (i >= a->n);
}

/* --- Ranks ---------------------------------------------------------------- */

struct placed {
	uint32_t fold;
	double p, o;
	size_t row;
};

static int
compare_placed(const void *va, const void *vb)
{
	const struct placed *a = va, *b = vb;

	if (a->fold != b->fold)
		return a->fold < b->fold ? -1 : 1;
	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	if (a->o != b->o)
		return a->o < b->o ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

/*
 * Turn N numbers at P, STEP apart, into their ranks within their FOLD (NULL:
 * all are of one); equal ones share a rank, unless those at O, not NULL,
 * differ.
 */
static void
rank(double *p, const double *o, size_t step, size_t n, const uint32_t *fold)
{
	struct placed *order = mc_xcalloc(n, sizeof(*order));
	size_t start = 0, first, end, i;

	for (i = 0; i < n; i++)
		order[i] = (struct placed){ fold != NULL ? fold[i] : 0,
		    p[i * step], o != NULL ? o[i * step] : 0, i };
	qsort(order, n, sizeof(*order), compare_placed);
	for (first = 0; first < n; first = end) {
		if (order[first].fold != order[start].fold)
			start = first;
		for (end = first; end < n && order[end].p == order[first].p &&
		    order[end].o == order[first].o &&
		    order[end].fold == order[first].fold; end++)
			;
		for (i = first; i < end; i++)
			p[order[i].row * step] =
			    (double)(first + end - 1) / 2 - (double)start;
	}
	free(order);
}

static void
rank_arms(struct mc_owned_sample *both, const double *o_a, const double *o_b)
{
	size_t k = both->s.n_classes, n = both->s.n / 2, c;

	/* Both arms have the same folds. */
	for (c = 0; c < k; c++) {
		rank(both->p + c, o_a != NULL ? o_a + c : NULL, k, n,
		    both->fold);
		rank(both->p + n * k + c, o_b != NULL ? o_b + c : NULL, k, n,
		    both->fold);
	}
}

/* --- Permuting ------------------------------------------------------------ */

struct job {
	const struct mc_scorer *scorer;
	size_t n;			/* metrics */
	size_t n_units;			/* of one arm */
	/*
	 * Of subgroups: the units of one alone, in their order, of which the
	 * subgroup that has fewer, or the first if they have as many, is dealt
	 * n_dealt.  So it does not matter which is called A.
	 */
	const uint32_t *single;		/* 2 u of A, 2 u + 1 of B; NULL: arms */
	size_t n_single, n_dealt;
	bool deal_a;			/* to A, the rest to B */
	const bool *shared;		/* [unit] */
	size_t rounds;
	bool exact;			/* round i exchanges by i's bits */
	uint64_t seed;
	double *permuted;		/* differences: [metric * rounds + round] */
};

/* What a thread needs of its own. */
struct scratch {
	gsl_rng *rng;
	struct mc_reweighted *w;
	uint32_t *first, *second;	/* times of 2 n_units units */
	uint32_t *deal;			/* single, in some order */
	double *values;			/* [metric] */
};

/* The difference of each metric, under own->first and own->second. */
static void
differences(const struct job *job, struct scratch *own)
{
	size_t i;

	mc_reweighted_units(own->w, own->first);
	for (i = 0; i < job->n; i++)
		own->values[i] = mc_reweighted_estimate(own->w, i);
	mc_reweighted_units(own->w, own->second);
	for (i = 0; i < job->n; i++)
		own->values[i] -= mc_reweighted_estimate(own->w, i);
}

/* Unit U's images of both arms, or subgroups, stand as they are, or swapped. */
static void
place(struct scratch *own, size_t u, uint32_t swap)
{
	own->first[2 * u] = own->second[2 * u + 1] = 1 - swap;
	own->first[2 * u + 1] = own->second[2 * u] = swap;
}

static void
exchange(const struct job *job, struct scratch *own, size_t round)
{
	uint32_t bits = 0, swap;
	size_t u;

	mc_stream_set(own->rng, job->seed, "permutation", round);
	for (u = 0; u < job->n_units; u++) {
		if (job->exact)
			swap = round >> u & 1;
		else {
			if (u % 32 == 0)
				bits = (uint32_t)gsl_rng_get(own->rng);
			swap = bits >> u % 32 & 1;
		}
		if (job->shared == NULL || job->shared[u])
			place(own, u, swap);
	}
}

/* A unit of one subgroup, as in job->single, goes to A or to B. */
static void
give(struct scratch *own, uint32_t unit, bool to_a)
{
	own->first[unit] = to_a;
	own->second[unit] = !to_a;
}

/* A permutation of arms, or of subgroups. */
static void
permute_once(const struct job *job, struct scratch *own, size_t round)
{
	size_t i, j;
	uint32_t swap;

	exchange(job, own, round);
	if (job->single == NULL)
		return;
	memcpy(own->deal, job->single, job->n_single * sizeof(*own->deal));
	for (i = 0; i < job->n_dealt; i++) {
		j = i + gsl_rng_uniform_int(own->rng, job->n_single - i);
		swap = own->deal[i];
		own->deal[i] = own->deal[j];
		own->deal[j] = swap;
	}
	for (i = 0; i < job->n_single; i++)
		give(own, own->deal[i], (i < job->n_dealt) == job->deal_a);
}

static struct scratch
scratch_alloc(const struct job *job)
{
	struct scratch own = {
		.rng = mc_stream_alloc(0, "permutation", 0),
		.w = mc_reweighted_alloc(job->scorer),
		.first = mc_xcalloc(2 * job->n_units, sizeof(*own.first)),
		.second = mc_xcalloc(2 * job->n_units, sizeof(*own.second)),
		.deal = mc_xcalloc(job->n_single, sizeof(*own.deal)),
		.values = mc_xcalloc(job->n, sizeof(*own.values))
	};

	return own;
}

static void
scratch_free(struct scratch *own)
{
	gsl_rng_free(own->rng);
	mc_reweighted_free(own->w);
	free(own->first);
	free(own->second);
	free(own->deal);
	free(own->values);
}

static void
run_chunk(void *arg, size_t chunk)
{
	const struct job *job = arg;
	size_t round = chunk * CHUNK, end = round + CHUNK, i;
	struct scratch own = scratch_alloc(job);

	for (; round < end && round < job->rounds; round++) {
		permute_once(job, &own, round);
		differences(job, &own);
		for (i = 0; i < job->n; i++)
			job->permuted[i * job->rounds + round] = own.values[i];
	}
	scratch_free(&own);
}

/* The differences with nothing exchanged. */
static void
find_seen(const struct job *job, double *seen)
{
	struct scratch own = scratch_alloc(job);
	size_t u;

	for (u = 0; u < job->n_units; u++) {
		if (job->shared == NULL || job->shared[u])
			place(&own, u, 0);
	}
	for (u = 0; u < job->n_single; u++)
		give(&own, job->single[u], job->single[u] % 2 == 0);
	differences(job, &own);
	memcpy(seen, own.values, job->n * sizeof(*seen));
	scratch_free(&own);
}

/* Find the differences of JOB, which is ready: SEEN and job->permuted. */
static void
run_job(struct job *job, int threads, double *seen)
{
	find_seen(job, seen);
	job->permuted = mc_xreallocarray(NULL, job->n * job->rounds,
	    sizeof(*job->permuted));
	mc_parallel((job->rounds + CHUNK - 1) / CHUNK, threads, run_chunk,
	    job);
}

/* The p of SEEN among the differences of ROUNDS permutations. */
static double
p_among(double seen, const double *permuted, size_t rounds, bool exact)
{
	size_t far = exact ? 0 : 1, i;

	for (i = 0; i < rounds; i++)
		far += isnan(permuted[i]) ||
		    fabs(permuted[i]) >= fabs(seen) - SAME;
	return isnan(seen) ? NAN :
	    (double)far / (double)(rounds + (exact ? 0 : 1));
}

/* The p of each metric of JOB, which is ready. */
static void
find_p(struct job *job, int threads, double *p)
{
	double *seen = mc_xcalloc(job->n, sizeof(*seen));
	size_t i;

	run_job(job, threads, seen);
	for (i = 0; i < job->n; i++)
		p[i] = p_among(seen[i], job->permuted + i * job->rounds,
		    job->rounds, job->exact);
	free(job->permuted);
	free(seen);
}

/* --- Arms ----------------------------------------------------------------- */

/* The permutations of arms of N_UNITS units; the metrics come later. */
static struct job
job_of_arms(size_t n_units, const struct mc_resampling *how)
{
	bool exact = n_units < 62 &&
	    (int64_t)1 << n_units <= how->replicates;

	return (struct job){ .n_units = n_units, .exact = exact,
	    .rounds = exact ? (size_t)1 << n_units : (size_t)how->replicates,
	    .seed = how->seed };
}

/* The p of the N metrics on BOTH. */
static void
permute_arms(const struct mc_owned_sample *both,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_resampling *how, double *p)
{
	struct mc_scorer *scorer = mc_scorer_alloc(&both->s, specs, n);
	struct job job = job_of_arms(both->s.n_units / 2, how);

	job.scorer = scorer;
	job.n = n;
	find_p(&job, how->threads, p);
	mc_scorer_free(scorer);
}

void
mc_permutation(const struct mc_sample *a, const struct mc_sample *b,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_resampling *how, double *p, bool *exact)
{
	struct mc_metric_spec *some = mc_xcalloc(n, sizeof(*some));
	double *some_p = mc_xcalloc(n, sizeof(*some_p));
	struct mc_owned_sample both;
	int ranking;
	size_t i, j;

	*exact = job_of_arms(a->n_units, how).exact;
	join_arms(&both, a, b);
	/* Those of ranking last, since they want ranks. */
	for (ranking = 0; ranking < 2; ranking++) {
		for (i = j = 0; i < n; i++) {
			if ((specs[i].metric->source == MC_FROM_RANKING) ==
			    (ranking == 1))
				some[j++] = specs[i];
		}
		if (j == 0)
			continue;
		if (ranking == 1 && both.p != NULL)
			rank_arms(&both, a->o, b->o);
		permute_arms(&both, some, j, how, some_p);
		for (i = j = 0; i < n; i++) {
			if ((specs[i].metric->source == MC_FROM_RANKING) ==
			    (ranking == 1))
				p[i] = some_p[j++];
		}
	}
	mc_owned_sample_clear(&both);
	free(some);
	free(some_p);
}

/* --- Means over tasks ----------------------------------------------------- */

/*
 * Add the difference of SPEC between A and B, as seen and in the permutations
 * of JOB, to *SEEN and PERMUTED.
 */
static void
add_task(const struct mc_sample *a, const struct mc_sample *b,
    const struct mc_metric_spec *spec, struct job job, int threads,
    double *seen, double *permuted)
{
	struct mc_owned_sample both;
	struct mc_scorer *scorer;
	double own;
	size_t i;

	join_arms(&both, a, b);
	if (spec->metric->source == MC_FROM_RANKING && both.p != NULL)
		rank_arms(&both, a->o, b->o);
	job.scorer = scorer = mc_scorer_alloc(&both.s, spec, 1);
	job.n = 1;
	run_job(&job, threads, &own);
	*seen += own;
	for (i = 0; i < job.rounds; i++)
		permuted[i] += job.permuted[i];
	free(job.permuted);
	mc_scorer_free(scorer);
	mc_owned_sample_clear(&both);
}

double
mc_permutation_mean(const struct mc_sample *const *a,
    const struct mc_sample *const *b, const bool *used, size_t n_tasks,
    const struct mc_metric_spec *spec, const struct mc_resampling *how,
    bool *exact)
{
	struct job job = { 0 };
	double *permuted = NULL, seen = 0, p = NAN;
	size_t n = 0, t;

	*exact = false;
	for (t = 0; t < n_tasks; t++) {
		if (!used[t])
			continue;
		if (n++ == 0) {
			job = job_of_arms(a[t]->n_units, how);
			permuted = mc_xcalloc(job.rounds, sizeof(*permuted));
		}
		add_task(a[t], b[t], spec, job, how->threads, &seen, permuted);
	}
	if (n > 0) {
		*exact = job.exact;
		p = p_among(seen, permuted, job.rounds, job.exact);
	}
	free(permuted);
	return p;
}

/* --- Subgroups ------------------------------------------------------------ */

/* Which units have images in both subgroups, and which in one alone. */
static void
sort_units(const struct mc_sample *a, const struct mc_sample *b, bool *shared,
    uint32_t *single, struct job *job)
{
	bool *in_a = mc_xcalloc(a->n_units, sizeof(*in_a));
	bool *in_b = mc_xcalloc(a->n_units, sizeof(*in_b));
	uint32_t u, n = 0, n_a = 0;
	size_t i;

	for (i = 0; i < a->n; i++)
		in_a[a->unit[i]] = true;
	for (i = 0; i < b->n; i++)
		in_b[b->unit[i]] = true;
	for (u = 0; u < a->n_units; u++) {
		shared[u] = in_a[u] && in_b[u];
		if (in_a[u] == in_b[u])
			continue;
		single[n++] = 2 * u + in_b[u];
		n_a += in_a[u];
	}
	job->deal_a = 2 * n_a != n ? 2 * n_a < n :
	    n > 0 && single[0] % 2 == 0;
	job->n_dealt = job->deal_a ? n_a : n - n_a;
	job->n_single = n;
	job->shared = shared;
	job->single = single;
	free(in_a);
	free(in_b);
}

void
mc_permutation_groups(const struct mc_sample *a, const struct mc_sample *b,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_resampling *how, double *p)
{
	bool *shared = mc_xcalloc(a->n_units, sizeof(*shared));
	uint32_t *single = mc_xcalloc(2 * a->n_units, sizeof(*single));
	size_t k = a->n_classes;
	double *o = a->o != NULL && b->o != NULL ?
	    mc_xcalloc(a->n + b->n, k * sizeof(*o)) : NULL;
	struct mc_scorer *scorer;
	struct mc_owned_sample both;
	struct job job = { .n = n, .n_units = a->n_units,
	    .rounds = (size_t)how->replicates, .seed = how->seed };

	join_arms(&both, a, b);
	if (o != NULL) {
		memcpy(o, a->o, a->n * k * sizeof(*o));
		memcpy(o + a->n * k, b->o, b->n * k * sizeof(*o));
		both.s.o = o;
	}
	sort_units(a, b, shared, single, &job);
	job.scorer = scorer = mc_scorer_alloc(&both.s, specs, n);
	find_p(&job, how->threads, p);
	mc_scorer_free(scorer);
	mc_owned_sample_clear(&both);
	free(o);
	free(shared);
	free(single);
}
