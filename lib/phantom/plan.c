/* plan.c - plan a study of phantoms. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "phantom/plan.h"

/* Add the class NAME, whose weight is 1 where WEIGHT is NULL. */
static enum mc_status
add_class(struct mc_phantom_mix *mix, const char *const *names,
    const char *name, const char *weight, struct mc_err *err)
{
	struct mc_buf all = { 0 };
	struct mc_err why;
	size_t i;

	for (i = 0; i < mix->n; i++) {
		if (strcmp(mix->name[i], name) == 0)
			return mc_err_set(err, MC_EUSAGE, "--classes: \"%s\" "
			    "is given twice", name);
	}
	for (i = 0; names[i] != NULL && strcmp(names[i], name) != 0; i++)
		mc_buf_printf(&all, "%s%s", i > 0 ? ", " : "", names[i]);
	if (names[i] == NULL)
		mc_err_set(err, MC_EUSAGE, "--classes: unknown class "
		    "\"%s\"; classes are: %s", name, all.data);
	mc_buf_free(&all);
	if (names[i] == NULL)
		return MC_EUSAGE;
	mix->name[mix->n] = names[i];
	mix->number[mix->n] = i;
	mix->weight[mix->n] = 1;
	if (weight != NULL && mc_parse_f64(weight, 1e-6, 1e6,
	    &mix->weight[mix->n], &why) != MC_OK)
		return mc_err_set(err, MC_EUSAGE, "--classes: %s: %s", name,
		    why.text);
	mix->n++;
	return MC_OK;
}

enum mc_status
mc_phantom_mix_parse(struct mc_phantom_mix *mix, enum mc_phantom_task task,
    const char *list, struct mc_err *err)
{
	const char *const *names = mc_phantom_classes(task);
	enum mc_status status = MC_OK;
	char **items = NULL, *weight;
	size_t n, i;

	for (i = 0; list == NULL && names[i] != NULL && status == MC_OK; i++)
		status = add_class(mix, names, names[i], NULL, err);
	n = list == NULL ? 0 : mc_split_commas(list, &items);
	for (i = 0; i < n && status == MC_OK; i++) {
		weight = strchr(items[i], '=');
		if (weight != NULL)
			*weight++ = '\0';
		status = add_class(mix, names, items[i], weight, err);
	}
	free(items);
	return status;
}

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
mc_phantom_patient(const struct mc_phantom_plan *p, size_t number)
{
	int digits = p->patients < 1000 ? 3 : p->patients < 10000 ? 4 : 7;

	return mc_xasprintf("patient%0*zu", digits, number + 1);
}

char *
mc_phantom_picture_id(const struct mc_phantom_plan *p,
    const struct mc_phantom_picture *x)
{
	char *patient = mc_phantom_patient(p, x->patient), *id;

	if (p->by_patient)
		id = mc_xasprintf("%s/%02zu", patient, x->image + 1);
	else
		id = mc_xasprintf("%s/%s_%02zu", p->classes.name[x->folder],
		    patient, x->image + 1);
	free(patient);
	return id;
}
