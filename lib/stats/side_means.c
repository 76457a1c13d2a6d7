/* side_means.c - average metrics of the sides of a comparison over tasks. */
#include "config.h"

#include <stdlib.h>

#include "stats/side_means.h"
#include "stats/task_values.h"

/* What the tasks of all sides are, before they are averaged. */
struct context {
	const struct mc_tasks *tasks;
	struct mc_task_values **of;	/* [side] */
	double **replicates;		/* [side]: mc_task_values_bootstrap */
	size_t b;			/* their number */
	double level;
};

/* Put the values of metric I of side SIDE, one per seed, into V's side AT. */
static void
set_seeds(const struct context *c, size_t side, const bool *used, size_t i,
    struct mc_side_values *v, size_t at)
{
	const struct mc_task_values *x = c->of[side];
	double *seed = v->seeds[at] + i * x->n_seeds;
	size_t s, t, n = 0;

	for (t = 0; t < x->n_tasks; t++) {
		n += used[t];
		for (s = 0; s < x->n_seeds && used[t]; s++)
			seed[s] += x->value[(t * x->n_seeds + s) * x->n + i];
	}
	for (s = 0; s < x->n_seeds; s++)
		seed[s] /= (double)n;	/* NAN: no task is used */
}

/* Average metric I of pair P, whose sides are PAIR. */
static void
average_pair(const struct context *c, const struct mc_pair *pair, size_t p,
    size_t i, struct mc_side_means *m)
{
	const struct mc_task_values *of[2] = { c->of[pair->a], c->of[pair->b] };
	const double *values[2] = { c->replicates[pair->a],
	    c->replicates[pair->b] };
	struct mc_side_values *v = m->values;
	struct mc_buf *note = &m->notes[p * v->n + i];
	bool *hidden = mc_xcalloc(v->n_tasks, sizeof(*hidden));
	bool *used = v->used + (2 * p * v->n + i) * v->n_tasks;
	bool *other = used + v->n * v->n_tasks;
	double *mean[2];
	size_t k, t, partial;

	for (t = 0; t < v->n_tasks; t++)
		used[t] = other[t] = of[0]->used[i * v->n_tasks + t] &&
		    of[1]->used[i * v->n_tasks + t];
	for (k = 0; k < 2; k++)
		mean[k] = m->replicates + ((2 * p + k) * v->n + i) * c->b;
	set_seeds(c, pair->a, used, i, v, 2 * p);
	set_seeds(c, pair->b, used, i, v, 2 * p + 1);
	partial = mc_task_values_average(of, values, 2, used, i, c->b, mean);
	if (mc_task_values_remark(c->tasks->name, v->n_tasks, used, note) > 0 &&
	    partial > 0)
		mc_remark(note, "a finding has no value in %zu of %zu "
		    "replicates, where the mean is over the others", partial,
		    c->b);
	m->hidden[p * v->n + i] = mc_task_values_hidden(of, values, 2, used,
	    i, c->b, c->level, hidden) > 0;
	if (m->hidden[p * v->n + i])
		mc_task_values_remark_hidden(c->tasks->name, v->n_tasks,
		    hidden, note);
	free(hidden);
}

/* Make the sides of pair P, which are those of PAIR. */
static void
make_sides(const struct mc_side *sides, const struct mc_pair *pair, size_t p,
    size_t n_tasks, struct mc_side_means *m)
{
	const struct mc_side *of[2] = { &sides[pair->a], &sides[pair->b] };
	size_t k, t;

	m->pairs[p] = *pair;
	m->pairs[p].a = 2 * p;
	m->pairs[p].b = 2 * p + 1;
	for (k = 0; k < 2; k++) {
		struct mc_side *side = &m->sides[2 * p + k];

		*side = *of[k];	/* of the first task that has images */
		for (t = 1; t < n_tasks && side->seeds[0] == NULL; t++)
			side->seeds += side->n;
		m->values->seeds[2 * p + k] = mc_xcalloc(m->values->n *
		    side->n, sizeof(double));
		mc_side_values_remark(m->values, 2 * p + k, of[k]->seeds);
	}
}

struct mc_side_means *
mc_side_means_alloc(const struct mc_side *sides, size_t n_sides,
    const struct mc_tasks *tasks, const struct mc_pair *pairs, size_t n_pairs,
    const struct mc_metric_spec *specs, size_t n,
    const struct mc_resampling *how, double level)
{
	struct mc_side_means *m = mc_xcalloc(1, sizeof(*m));
	struct context c = { .tasks = tasks, .b = (size_t)how->replicates,
	    .level = level };
	size_t k, p, i;

	c.of = mc_xcalloc(n_sides, sizeof(*c.of));
	c.replicates = mc_xcalloc(n_sides, sizeof(*c.replicates));
	for (k = 0; k < n_sides; k++) {
		c.of[k] = mc_task_values_alloc(sides[k].seeds, tasks->n,
		    sides[k].n, specs, n);
		c.replicates[k] = mc_task_values_bootstrap(c.of[k], how);
	}
	m->sides = mc_xcalloc(2 * n_pairs, sizeof(*m->sides));
	m->pairs = mc_xcalloc(n_pairs, sizeof(*m->pairs));
	m->hidden = mc_xcalloc(n_pairs * n, sizeof(*m->hidden));
	m->notes = mc_xcalloc(n_pairs * n, sizeof(*m->notes));
	m->replicates = mc_xreallocarray(NULL, 2 * n_pairs * n * c.b,
	    sizeof(*m->replicates));
	m->values = mc_side_values_empty(m->sides, 2 * n_pairs, tasks->n,
	    specs, n);
	for (p = 0; p < n_pairs; p++) {
		make_sides(sides, &pairs[p], p, tasks->n, m);
		for (i = 0; i < n; i++)
			average_pair(&c, &pairs[p], p, i, m);
	}
	for (k = 0; k < n_sides; k++) {
		mc_task_values_free(c.of[k]);
		free(c.replicates[k]);
	}
	free(c.of);
	free(c.replicates);
	return m;
}

void
mc_side_means_free(struct mc_side_means *m)
{
	size_t p;

	if (m == NULL)
		return;
	for (p = 0; p < m->values->n * m->values->n_sides / 2; p++)
		mc_buf_free(&m->notes[p]);
	mc_side_values_free(m->values);
	free(m->sides);
	free(m->pairs);
	free(m->replicates);
	free(m->hidden);
	free(m->notes);
	free(m);
}
