/* run_sample.c - make samples of the rows of a run and of its subgroups. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "study/run_sample.h"
#include "study/runs_internal.h"

static enum mc_status
find_positive(const struct mc_runs *r, const struct mc_run *run,
    int *positive, struct mc_err *err)
{
	const char *name = r->options->positive;
	struct mc_buf list = { 0 };
	size_t k;

	*positive = -1;
	if (name == NULL)
		return MC_OK;
	for (k = 0; k < run->n_classes; k++) {
		if (strcmp(run->classes[k], name) == 0) {
			*positive = (int)k;
			return MC_OK;
		}
	}
	for (k = 0; k < run->n_classes; k++)
		mc_buf_printf(&list, "%s%s", k > 0 ? ", " : "",
		    run->classes[k]);
	mc_err_set(err, MC_EUSAGE, "--positive: \"%s\" is not a class of task "
	    "\"%s\"; classes are: %s", name, run->key[MC_KEY_TASK], list.data);
	mc_buf_free(&list);
	return MC_EUSAGE;
}

/* --- Predicting by a threshold -------------------------------------------- */

/* Make two classes of X's: that of the threshold, and the others. */
static void
join_others(struct mc_run_sample *x, const struct mc_run_point *point)
{
	size_t n = x->s.n_classes, k = point->class_index, i;

	x->own.p = mc_xcalloc(x->s.n, 2 * sizeof(*x->own.p));
	if (x->s.o != NULL)
		x->own.o = mc_xcalloc(x->s.n, 2 * sizeof(*x->own.o));
	for (i = 0; i < x->s.n; i++) {
		x->own.label[i] = x->own.label[i] == (int)k ? 0 : 1;
		x->own.p[2 * i] = x->s.p[i * n + k];
		x->own.p[2 * i + 1] = 1 - x->own.p[2 * i];
		if (x->own.o != NULL) {
			x->own.o[2 * i] = x->s.o[i * n + k];
			x->own.o[2 * i + 1] = -x->own.o[2 * i];
		}
	}
	x->s.p = x->own.p;
	x->s.o = x->own.o;
	x->s.n_classes = 2;
	x->s.classes = point->classes;
}

static void
predict(struct mc_run_sample *x, const struct mc_run_point *point)
{
	int of = point->threshold.of;
	size_t i;

	if (x->s.n_classes > 2)
		join_others(x, point);
	for (i = 0; i < x->s.n; i++)
		x->own.predicted[i] = x->s.p[2 * i + (size_t)of] >=
		    point->threshold.at ? of : 1 - of;
	x->s.threshold = &point->threshold;
	x->positive = of;
}

/* --- Samples -------------------------------------------------------------- */

enum mc_status
mc_run_sample_make(const struct mc_runs *r, size_t number,
    struct mc_run_sample *x, struct mc_err *err)
{
	const struct mc_pooled *pooled = &r->run[number];
	const struct mc_run *run = &pooled->run;
	const struct mc_sample empty = { .n_classes = run->n_classes,
	    .classes = run->classes };
	enum mc_status status;
	size_t i;

	memset(x, 0, sizeof(*x));
	mc_owned_sample_alloc(&x->own, &empty, run->n);
	x->s = x->own.s;
	x->run = run;
	x->subgroup = mc_xstrdup("");
	x->s.ordered = r->classes != NULL;
	x->s.p = run->p;
	x->s.o = run->o;
	if (pooled->n_folds > 1) {
		x->s.fold = pooled->fold;
		x->s.n_folds = pooled->n_folds;
	}
	for (i = 0; i < run->n; i++) {
		x->own.label[i] = run->rows[i].label;
		x->own.predicted[i] = run->rows[i].predicted;
	}
	status = find_positive(r, run, &x->positive, err);
	if (status == MC_OK)
		status = mc_run_units(run, r->options->unit, x->own.unit,
		    &x->s.n_units, &x->unit, &x->remark, err);
	if (status != MC_OK)
		mc_run_sample_clear(x);
	else if (r->points != NULL)
		predict(x, mc_operating_points_at(r->points, number));
	return status;
}

void
mc_run_sample_clear(struct mc_run_sample *x)
{
	free(x->subgroup);
	mc_owned_sample_clear(&x->own);
	memset(x, 0, sizeof(*x));
}

/* --- Subgroups ------------------------------------------------------------ */

/* Copy the rows of a subgroup of X. */
static struct mc_run_sample
restrict_to(const struct mc_run_sample *x, const struct mc_subgroup *g)
{
	struct mc_run_sample sub = { .unit = x->unit, .remark = x->remark,
	    .run = x->run, .positive = x->positive,
	    .subgroup = mc_xstrdup(g->name), .term = g->term };

	mc_sample_take(&sub.own, &x->s, g->row, g->n);
	sub.s = sub.own.s;
	return sub;
}

enum mc_status
mc_run_samples(const struct mc_runs *r, size_t run,
    struct mc_run_sample **samples, size_t *n, struct mc_err *err)
{
	struct mc_run_sample all;
	enum mc_status status = mc_run_sample_make(r, run, &all, err);
	struct mc_subgroup *subgroups;
	size_t n_subgroups, g;

	*samples = NULL;
	if (status != MC_OK)
		return status;
	subgroups = mc_subgroups(r->grouping, all.run, &n_subgroups);
	*n = n_subgroups + 1;
	*samples = mc_xcalloc(*n, sizeof(**samples));
	(*samples)[0] = all;
	for (g = 0; g < n_subgroups; g++)
		(*samples)[g + 1] = restrict_to(&all, &subgroups[g]);
	mc_subgroups_free(subgroups, n_subgroups);
	return MC_OK;
}

void
mc_run_samples_free(struct mc_run_sample *samples, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		mc_run_sample_clear(&samples[i]);
	free(samples);
}

/* --- Shared units --------------------------------------------------------- */

/* Whether the unit of X is more than an image in one of N runs. */
static bool
any_grouped(struct mc_run_sample *const *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(x[i]->unit, "group") == 0 ||
		    x[i]->s.n_units < x[i]->s.n)
			return true;
	}
	return false;
}

/* Number the units of X in NAMES: those of its samples become OF_UNIT. */
static void
name_units(const struct mc_run_sample *x, bool grouped, struct mc_names *names,
    uint32_t *of_unit)
{
	struct mc_buf name = { 0 };
	size_t i;

	for (i = 0; i < x->s.n; i++) {
		const char *unit = grouped ? mc_run_unit(x->run, i) : "";

		name.len = 0;
		if (*unit != '\0')
			mc_buf_puts(&name, unit);
		else	/* an image: its name is no unit's */
			mc_buf_printf(&name, "\t%s", mc_run_id(x->run, i));
		of_unit[x->s.unit[i]] = (uint32_t)mc_names_copy(names,
		    name.data);
	}
	mc_buf_free(&name);
}

void
mc_run_samples_share_units(struct mc_run_sample *const *x,
    const size_t *n_groups, size_t n)
{
	struct mc_names *names = mc_names_alloc();
	uint32_t **of_unit = mc_xcalloc(n, sizeof(*of_unit)), *number;
	bool grouped = any_grouped(x, n);
	size_t i, g, k;

	for (i = 0; i < n; i++) {
		of_unit[i] = mc_xcalloc(x[i]->s.n_units, sizeof(**of_unit));
		name_units(x[i], grouped, names, of_unit[i]);
	}
	number = mc_names_renumber(names);
	for (i = 0; i < n; i++) {
		for (g = 0; g < n_groups[i]; g++) {
			struct mc_run_sample *own = &x[i][g];

			for (k = 0; k < own->s.n; k++)
				own->own.unit[k] = number[of_unit[i][
				    own->own.unit[k]]];
			own->s.n_units = mc_names_count(names);
		}
		free(of_unit[i]);
	}
	free(of_unit);
	free(number);
	mc_names_free(names);
}
