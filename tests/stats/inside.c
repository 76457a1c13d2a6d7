/*
 * inside.c - a driver for tests/stats: what lib/stats works with inside.
 *
 *	inside draw|stratify SEED REPLICATES PREDICTIONS
 *	inside covariance CLASS PREDICTIONS
 *
 * The former prints the multiplicities of the units of the first run, a line a
 * replicate.  The latter prints, for every two of the runs, which are arms on
 * the same images, both arms, both AUROCs of the class with that number, both
 * variances, the covariance, and the degrees of freedom.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "stats/auroc.h"
#include "stats/resample.h"
#include "study/run_sample.h"

static void
print_draws(const struct mc_sample *s, bool stratify, uint64_t seed,
    size_t replicates)
{
	struct mc_strata *strata = stratify ? mc_strata_alloc(s) : NULL;
	struct mc_resampling how = { .seed = seed, .strata = strata };
	uint32_t *times = mc_xcalloc(s->n_units, sizeof(*times));
	gsl_rng *rng = mc_stream_alloc(0, "", 0);
	size_t b, u;

	for (b = 0; b < replicates; b++) {
		mc_draw(&how, s->n_units, rng, b, times);
		for (u = 0; u < s->n_units; u++)
			printf("%s%" PRIu32, u > 0 ? " " : "", times[u]);
		putchar('\n');
	}
	gsl_rng_free(rng);
	free(times);
	mc_strata_free(strata);
}

static struct mc_auroc
auroc_of(const struct mc_sample *s, size_t class_index)
{
	struct mc_ranking *r = mc_ranking_alloc(s, class_index);
	struct mc_auroc a;

	a.placement = mc_xcalloc(s->n_units, sizeof(*a.placement));
	a.value = mc_ranking_placements(r, NULL, a.placement);
	mc_ranking_free(r);
	return a;
}

static void
print_covariances(const struct mc_run_sample *x, size_t n, size_t class_index)
{
	size_t n_units = x[0].s.n_units, i, j;
	struct mc_auroc *a = mc_xcalloc(n, sizeof(*a));

	for (i = 0; i < n; i++)
		a[i] = auroc_of(&x[i].s, class_index);
	for (i = 0; i < n; i++) {
		for (j = i + 1; j < n; j++)
			printf("%s\t%s\t%.17g\t%.17g\t%.17g\t%.17g\t%.17g\t"
			    "%.17g\n", x[i].run->key[MC_KEY_ARM],
			    x[j].run->key[MC_KEY_ARM], a[i].value, a[j].value,
			    mc_auroc_covariance(&a[i], &a[i], n_units, NULL),
			    mc_auroc_covariance(&a[j], &a[j], n_units, NULL),
			    mc_auroc_covariance(&a[i], &a[j], n_units, NULL),
			    mc_auroc_df(a[i].placement, n_units));
	}
	for (i = 0; i < n; i++)
		free(a[i].placement);
	free(a);
}

static enum mc_status
run(int argc, char **argv, struct mc_err *err)
{
	bool covariance = argc == 4 && strcmp(argv[1], "covariance") == 0;
	bool stratify = argc == 5 && strcmp(argv[1], "stratify") == 0;
	const struct mc_runs_options none = MC_RUNS_DEFAULTS;
	struct mc_run_sample *x;
	struct mc_runs *c;
	enum mc_status status;
	int64_t number, replicates = 0;
	size_t n, i;

	if (!covariance && !stratify &&
	    (argc != 5 || strcmp(argv[1], "draw") != 0))
		return mc_err_set(err, MC_EUSAGE, "see the top of inside.c");
	if ((status = mc_parse_i64(argv[2], 0, INT64_MAX, &number, err)) !=
	    MC_OK || (!covariance && (status = mc_parse_i64(argv[3], 1,
	    INT64_MAX, &replicates, err)) != MC_OK) ||
	    (status = mc_runs_read(&c, &none, &argv[argc - 1], 1, err)) !=
	    MC_OK)
		return status;
	n = covariance ? mc_runs_count(c) : 1;
	x = mc_xcalloc(n, sizeof(*x));
	for (i = 0; i < n && status == MC_OK; i++)
		status = mc_run_sample_make(c, i, &x[i], err);
	if (status == MC_OK && covariance)
		print_covariances(x, n, (size_t)number);
	else if (status == MC_OK)
		print_draws(&x[0].s, stratify, (uint64_t)number,
		    (size_t)replicates);
	for (i = 0; i < n; i++)
		mc_run_sample_clear(&x[i]);
	free(x);
	mc_runs_free(c);
	return status;
}

int
main(int argc, char **argv)
{
	struct mc_err err;

	if (run(argc, argv, &err) == MC_OK)
		return 0;
	fprintf(stderr, "inside: %s\n", err.text);
	return 1;
}
