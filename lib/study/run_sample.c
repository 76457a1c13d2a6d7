/* run_sample.c - Make samples of the rows of a run and of its subgroups. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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
	mc_err_set(err, MC_EUSAGE, "--positive: \"%s\" is no class of task "
	    "\"%s\"; there are: %s", name, run->key[MC_KEY_TASK], list.data);
	mc_buf_free(&list);
	return MC_EUSAGE;
}

/* Make room for the N rows of a sample of RUN. */
static void
make_room(struct mc_run_sample *x, const struct mc_run *run, size_t n)
{
	x->label = mc_xcalloc(n, sizeof(*x->label));
	x->predicted = mc_xcalloc(n, sizeof(*x->predicted));
	x->unit_of = mc_xcalloc(n, sizeof(*x->unit_of));
	x->run = run;
	x->s = (struct mc_sample){ .n = n, .n_classes = run->n_classes,
	    .classes = run->classes, .label = x->label,
	    .predicted = x->predicted, .unit = x->unit_of };
}

/* --- Predicting by a threshold -------------------------------------------- */

/* Make two classes of X's: that of the threshold, and the others. */
static void
join_others(struct mc_run_sample *x, const struct mc_run_point *point)
{
	size_t n = x->s.n_classes, k = point->class_index, i;

	x->p = mc_xcalloc(x->s.n, 2 * sizeof(*x->p));
	if (x->s.o != NULL)
		x->o = mc_xcalloc(x->s.n, 2 * sizeof(*x->o));
	for (i = 0; i < x->s.n; i++) {
		x->label[i] = x->label[i] == (int)k ? 0 : 1;
		x->p[2 * i] = x->s.p[i * n + k];
		x->p[2 * i + 1] = 1 - x->p[2 * i];
		if (x->o != NULL) {
			x->o[2 * i] = x->s.o[i * n + k];
			x->o[2 * i + 1] = -x->o[2 * i];
		}
	}
	x->s.p = x->p;
	x->s.o = x->o;
	x->s.n_classes = 2;
	x->s.classes = point->classes;
}

static void
predict(struct mc_run_sample *x, const struct mc_run_point *point)
{
	int of = point->cut.of;
	size_t i;

	if (x->s.n_classes > 2)
		join_others(x, point);
	for (i = 0; i < x->s.n; i++)
		x->predicted[i] = x->s.p[2 * i + (size_t)of] >= point->cut.at ?
		    of : 1 - of;
	x->s.cut = &point->cut;
	x->positive = of;
}

/* --- Samples -------------------------------------------------------------- */

enum mc_status
mc_run_sample_make(const struct mc_runs *r, size_t number,
    struct mc_run_sample *x, struct mc_err *err)
{
	const struct mc_pooled *pooled = &r->run[number];
	const struct mc_run *run = &pooled->run;
	enum mc_status status;
	size_t i;

	memset(x, 0, sizeof(*x));
	make_room(x, run, run->n);
	x->subgroup = mc_xstrdup("");
	x->s.ordered = r->classes != NULL;
	x->s.p = run->p;
	x->s.o = run->o;
	if (pooled->n_folds > 1) {
		x->s.fold = pooled->fold;
		x->s.n_folds = pooled->n_folds;
	}
	for (i = 0; i < run->n; i++) {
		x->label[i] = run->rows[i].label;
		x->predicted[i] = run->rows[i].predicted;
	}
	status = find_positive(r, run, &x->positive, err);
	if (status == MC_OK)
		status = mc_run_units(run, r->options->unit, x->unit_of,
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
	free(x->label);
	free(x->predicted);
	free(x->unit_of);
	free(x->p);
	free(x->o);
	free(x->fold);
	memset(x, 0, sizeof(*x));
}

size_t
mc_run_sample_units(const struct mc_sample *s)
{
	bool *seen = mc_xcalloc(s->n_units, sizeof(*seen));
	size_t n = 0, i;

	for (i = 0; i < s->n; i++) {
		n += !seen[s->unit[i]];
		seen[s->unit[i]] = true;
	}
	free(seen);
	return n;
}

/* --- Subgroups ------------------------------------------------------------ */

/* Copy the rows of a subgroup of X. */
static struct mc_run_sample
restrict_to(const struct mc_run_sample *x, const struct mc_subgroup *g)
{
	struct mc_run_sample sub = { .unit = x->unit, .remark = x->remark,
	    .positive = x->positive, .subgroup = mc_xstrdup(g->name),
	    .term = g->term };
	size_t k = x->s.n_classes, n = g->n, i;

	make_room(&sub, x->run, n);
	sub.s.n_classes = k;
	sub.s.classes = x->s.classes;
	sub.s.ordered = x->s.ordered;
	sub.s.n_units = x->s.n_units;
	sub.s.cut = x->s.cut;
	if (x->s.p != NULL)
		sub.s.p = sub.p = mc_xcalloc(n, k * sizeof(*sub.p));
	if (x->s.o != NULL)
		sub.s.o = sub.o = mc_xcalloc(n, k * sizeof(*sub.o));
	if (x->s.fold != NULL)
		sub.s.fold = sub.fold = mc_xcalloc(n, sizeof(*sub.fold));
	sub.s.n_folds = x->s.n_folds;
	for (i = 0; i < n; i++) {
		size_t row = g->row[i];

		sub.label[i] = x->label[row];
		sub.predicted[i] = x->predicted[row];
		sub.unit_of[i] = x->unit_of[row];
		if (sub.fold != NULL)
			sub.fold[i] = x->s.fold[row];
		if (sub.p != NULL)
			memcpy(sub.p + i * k, x->s.p + row * k,
			    k * sizeof(*sub.p));
		if (sub.o != NULL)
			memcpy(sub.o + i * k, x->s.o + row * k,
			    k * sizeof(*sub.o));
	}
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
