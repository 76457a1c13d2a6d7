/* plan.c - plan a study of phantoms. */
#include "config.h"

#include <stdlib.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/rng.h"
#include "phantom/plan.h"

/*
 * The class of each patient: classes are dealt out by their weights (Webster's
 * way of giving out seats), then shuffled, so that a patient's number says
 * nothing.  The labels of some are then exchanged.
 */
static void
plan_classes(const struct mc_phantom_plan *p, gsl_rng *rng, double noise,
    size_t *drawn, size_t *folder)
{
	size_t given[MC_PHANTOM_CLASSES] = { 0 }, n = p->classes.n, i, c, best;
	const double *weight = p->classes.weight;
	size_t wrong = (size_t)(noise * (double)p->patients + 0.5);

	for (i = 0; i < p->patients; i++) {
		for (best = 0, c = 1; c < n; c++) {
			if ((double)(2 * given[c] + 1) * weight[best] <
			    (double)(2 * given[best] + 1) * weight[c])
				best = c;
		}
		given[best]++;
		drawn[i] = best;
	}
	gsl_ran_shuffle(rng, drawn, p->patients, sizeof(*drawn));
	for (i = 0; i < p->patients; i++)
		folder[i] = i;
	gsl_ran_shuffle(rng, folder, p->patients, sizeof(*folder));
	for (i = 0; i < p->patients; i++)	/* the first are wrong */
		folder[i] = folder[i] < wrong;
	for (i = 0; i < p->patients; i++)
		folder[i] = (drawn[i] + (folder[i] == 0 ? 0 :
		    1 + gsl_rng_uniform_int(rng, n - 1))) % n;
}

void
mc_phantom_plan_make(struct mc_phantom_plan *p, double noise)
{
	gsl_rng *rng = mc_stream_alloc(p->phantom.seed, "phantom study", 0);
	size_t *drawn = mc_xcalloc(p->patients, sizeof(*drawn));
	size_t *folder = mc_xcalloc(p->patients, sizeof(*folder));
	size_t i, j, images, cap = 0;

	plan_classes(p, rng, noise, drawn, folder);
	for (i = 0; i < p->patients; i++) {
		images = p->least +
		    gsl_rng_uniform_int(rng, p->most - p->least + 1);
		for (j = 0; j < images; j++) {
			p->picture = mc_xgrow(p->picture, p->n, &cap,
			    sizeof(*p->picture));
			p->picture[p->n++] = (struct mc_phantom_picture){ i, j,
			    drawn[i], folder[i], 0 };
		}
	}
	free(drawn);
	free(folder);
	gsl_rng_free(rng);
}

char *
mc_phantom_picture_id(const struct mc_phantom_plan *p,
    const struct mc_phantom_picture *x)
{
	int digits = p->patients < 1000 ? 3 : p->patients < 10000 ? 4 : 7;

	return mc_xasprintf("%s/patient%0*zu_%02zu",
	    p->classes.name[x->folder], digits, x->patient + 1, x->image + 1);
}
