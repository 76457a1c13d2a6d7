/* sanity.c - check maps by models whose weights are random. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/pretrained.h"
#include "learn/sanity.h"

const char *const mc_sanity_names[MC_SANITY_STEPS] = { "head", "blocks",
    "blocks", "blocks", "all" };

enum mc_status
mc_sanity_check(const struct mc_trained *tr, struct mc_err *err)
{
	if (mc_head_images(tr->head) != NULL)
		return mc_err_set(err, MC_EUSAGE, "--sanity-check: the head knn "
		    "has no weights that could be random");
	if (mc_backbone_info(tr->backbone)->family->map == NULL)
		return mc_err_set(err, MC_EUSAGE, "--sanity-check: the initial "
		    "distribution of a TorchScript module's weights is not "
		    "known");
	return MC_OK;
}

int
mc_sanity_blocks(const struct mc_trained *tr, int step)
{
	int blocks = mc_backbone_blocks(tr->backbone);

	return (blocks * step + MC_SANITY_STEPS - 2) / (MC_SANITY_STEPS - 1);
}

enum mc_status
mc_sanity_randomise(const struct mc_trained *tr, int step, uint64_t seed,
    struct mc_err *err)
{
	int blocks = mc_backbone_blocks(tr->backbone);
	int depth = blocks - mc_sanity_blocks(tr, step) + 1;
	enum mc_status status;

	seed = mc_stream_hash(seed, "sanity", 0, 0);
	status = mc_head_redraw(tr->head, seed, err);
	if (status != MC_OK || step == 0)
		return status;
	return mc_backbone_redraw(tr->backbone,
	    step == MC_SANITY_STEPS - 1 ? 0 : depth, seed, err);
}

/* Whether the values X are numbers and not all equal. */
static bool
has_ranks(const double *x, size_t n)
{
	bool varies = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!isfinite(x[i]))
			return false;
		varies |= x[i] < x[0] || x[i] > x[0];
	}
	return varies;
}

double
mc_rank_correlation(const float *a, const float *b, size_t n)
{
	double *x = mc_xcalloc(4 * n + 1, sizeof(*x)), *y = x + n, r = NAN;
	size_t i;

	for (i = 0; i < n; i++) {
		x[i] = (double)a[i];
		y[i] = (double)b[i];
	}
	if (has_ranks(x, n) && has_ranks(y, n))
		r = gsl_stats_spearman(x, 1, y, 1, n, x + 2 * n);
	free(x);
	return r;
}
