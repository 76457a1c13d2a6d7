/* operating_point.c - the thresholds that runs are predicted by. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/operating_point.h"
#include "table/thresholds.h"

/* The threshold of a run. */
struct entry {
	struct mc_cut cut;
	double *at;		/* it, then its replicates */
	size_t class_index;	/* in the run */
	const char *classes[2];	/* the sample's, unless they are the run's */
	char *rest;		/* classes[1] */
};

struct mc_operating_points {
	size_t n, n_replicates;
	struct entry *entries;	/* [run] */
};

/* --- Reading -------------------------------------------------------------- */

static enum mc_status
no_probabilities(const struct mc_run *run, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, mc_run_file(run, 0),
	    run->rows[0].line, "no p: columns, which --threshold needs");
}

/* The class of what was FOUND, in RUN. */
static enum mc_status
find_class(const char *table, const struct mc_run *run,
    const struct mc_run_threshold *found, const char *positive,
    size_t *class_index, struct mc_err *err)
{
	const char *name = found->class_name;
	size_t k;

	for (k = 0; k < run->n_classes &&
	    strcmp(run->classes[k], name) != 0; k++)
		;
	*class_index = k;
	if (positive != NULL && strcmp(positive, name) != 0)
		return mc_err_set(err, MC_EUSAGE, "--positive: \"%s\", but "
		    "the thresholds of %s are of class \"%s\"", positive,
		    table, name);
	if (k < run->n_classes)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: \"%s\" is no class of task "
	    "\"%s\"", table, name, run->key[MC_KEY_TASK]);
}

/* Make E of what was FOUND of RUN, taking its array. */
static void
fill_entry(struct entry *e, const struct mc_run *run,
    const struct mc_run_threshold *found, size_t class_index)
{
	e->class_index = class_index;
	e->at = found->at;
	e->cut = (struct mc_cut){ (int)class_index, found->at[0],
	    found->n_replicates > 0 ? found->at + 1 : NULL };
	if (run->n_classes == 2)
		return;
	e->cut.of = 0;
	e->rest = mc_xasprintf("not %s", run->classes[class_index]);
	e->classes[0] = run->classes[class_index];
	e->classes[1] = e->rest;
}

/* Whether runs A and B, entries E and F, can stand in one table of results. */
static enum mc_status
check_same(const char *table, const struct mc_run *a, const struct entry *e,
    const struct mc_run *b, const struct entry *f, struct mc_err *err)
{
	if (strcmp(a->key[MC_KEY_TASK], b->key[MC_KEY_TASK]) != 0 ||
	    e->class_index == f->class_index)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: of task \"%s\" some thresholds "
	    "are of class \"%s\", others of \"%s\"", table,
	    a->key[MC_KEY_TASK], a->classes[e->class_index],
	    b->classes[f->class_index]);
}

static enum mc_status
read_entry(struct mc_operating_points *c, struct mc_rows *t, size_t i,
    const char *positive, const struct mc_predictions *p, struct mc_err *err)
{
	const struct mc_run *run = mc_predictions_run(p, i);
	const char *table = mc_rows_name(t, 0);
	struct mc_run_threshold found;
	enum mc_status status;
	size_t class_index;

	if (run->p == NULL)
		return no_probabilities(run, err);
	if ((status = mc_thresholds_find(t, run, &found, err)) != MC_OK)
		return status;
	status = find_class(table, run, &found, positive, &class_index, err);
	if (status == MC_OK && i > 0 && found.n_replicates != c->n_replicates)
		status = mc_err_set(err, MC_EDATA, "%s: %zu replicates for "
		    "arm \"%s\", but %zu for another: give all as many",
		    table, found.n_replicates, run->key[MC_KEY_ARM],
		    c->n_replicates);
	if (status != MC_OK) {
		free(found.at);
		return status;
	}
	c->n_replicates = found.n_replicates;
	fill_entry(&c->entries[i], run, &found, class_index);
	return i == 0 ? MC_OK : check_same(table,
	    mc_predictions_run(p, i - 1), &c->entries[i - 1], run,
	    &c->entries[i], err);
}

enum mc_status
mc_operating_points_read(struct mc_operating_points **result,
    const char *path, const char *positive, const struct mc_predictions *p,
    struct mc_err *err)
{
	struct mc_operating_points *c = mc_xcalloc(1, sizeof(*c));
	char *paths[] = { mc_xstrdup(path) };
	struct mc_rows *t;
	enum mc_status status;
	size_t i;

	*result = NULL;
	c->n = mc_predictions_runs(p);
	c->entries = mc_xcalloc(c->n, sizeof(*c->entries));
	status = mc_rows_read(&t, &mc_thresholds_schema, paths, 1, err);
	for (i = 0; i < c->n && status == MC_OK; i++)
		status = read_entry(c, t, i, positive, p, err);
	mc_rows_free(t);
	free(paths[0]);
	if (status == MC_OK)
		*result = c;
	else
		mc_operating_points_free(c);
	return status;
}

void
mc_operating_points_free(struct mc_operating_points *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		free(c->entries[i].at);
		free(c->entries[i].rest);
	}
	free(c->entries);
	free(c);
}

size_t
mc_operating_points_replicates(const struct mc_operating_points *c)
{
	return c->n_replicates;
}

/* --- Applying ------------------------------------------------------------- */

/* Make X's class K and the others two classes. */
static void
join_others(struct mc_run_sample *x, const struct entry *e)
{
	size_t n = x->s.n_classes, k = e->class_index, i;

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
	x->s.classes = e->classes;
}

void
mc_operating_points_apply(const struct mc_operating_points *c, size_t run, struct mc_run_sample *x)
{
	const struct entry *e = &c->entries[run];
	int of = e->cut.of;
	size_t i;

	if (x->s.n_classes > 2)
		join_others(x, e);
	for (i = 0; i < x->s.n; i++)
		x->predicted[i] = x->s.p[2 * i + (size_t)of] >= e->cut.at ?
		    of : 1 - of;
	x->s.cut = &e->cut;
	x->positive = of;
}
