/* task_values.c - evaluate metrics on tasks and average them. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/interval.h"
#include "stats/remarks.h"
#include "stats/reweighted.h"
#include "stats/task_values.h"

/* So many of the tasks that are left out are named. */
#define MOST_NAMED 3

/* --- Values --------------------------------------------------------------- */

/* Whether a class that M is about has no image in S. */
static bool
lacks_class(const struct mc_sample *s, const struct mc_metric_spec *m,
    bool undefined)
{
	bool *has = mc_xcalloc(s->n_classes, sizeof(*has)), lacks;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		n += !has[s->label[i]];
		has[s->label[i]] = true;
	}
	lacks = n < s->n_classes && (undefined || m->average == MC_MACRO ||
	    m->average == MC_OVO);
	if (m->average == MC_EACH_CLASS &&
	    mc_metric_spec_denominator(m) != MC_OF_OTHERS)
		lacks = lacks || !has[m->class_index];
	free(has);
	return lacks;
}

/* Evaluate all metrics on sample K, which is of TASK. */
static void
evaluate(struct mc_task_values *v, size_t k, size_t task)
{
	const struct mc_sample *s = v->samples[k];
	struct mc_scorer *scorer = mc_scorer_alloc(s, v->specs, v->n);
	struct mc_reweighted *w = mc_reweighted_alloc(scorer);
	size_t i;

	for (i = 0; i < v->n; i++) {
		bool none = isnan(mc_reweighted_value(w, i));
		double value = mc_reweighted_estimate(w, i);

		v->value[k * v->n + i] = value;
		v->zero[k * v->n + i] = none;
		if (isnan(value) || lacks_class(s, &v->specs[i], none))
			v->used[i * v->n_tasks + task] = false;
	}
	mc_reweighted_free(w);
	mc_scorer_free(scorer);
}

struct mc_task_values *
mc_task_values_alloc(const struct mc_sample *const *samples, size_t n_tasks,
    size_t n_seeds, const struct mc_metric_spec *specs, size_t n)
{
	struct mc_task_values *v = mc_xcalloc(1, sizeof(*v));
	size_t all = n_tasks * n_seeds, k, i;

	*v = (struct mc_task_values){ .samples = samples, .n_tasks = n_tasks,
	    .n_seeds = n_seeds, .n = n, .specs = specs };
	v->value = mc_xcalloc(all * n, sizeof(*v->value));
	v->zero = mc_xcalloc(all * n, sizeof(*v->zero));
	v->used = mc_xcalloc(n_tasks * n, sizeof(*v->used));
	for (k = 0; k < n_tasks * n; k++)
		v->used[k] = samples[k % n_tasks * n_seeds] != NULL;
	for (k = 0; k < all; k++) {
		if (samples[k] != NULL)
			evaluate(v, k, k / n_seeds);
		for (i = 0; i < n && samples[k] == NULL; i++)
			v->value[k * n + i] = NAN;
	}
	return v;
}

void
mc_task_values_free(struct mc_task_values *v)
{
	if (v == NULL)
		return;
	free(v->value);
	free(v->zero);
	free(v->used);
	free(v);
}

/* --- Replicates ----------------------------------------------------------- */

/* The samples of V that have images, *N of them; freed with free(). */
static const struct mc_sample **
with_images(const struct mc_task_values *v, size_t *n)
{
	size_t all = v->n_tasks * v->n_seeds, k;
	const struct mc_sample **some = mc_xcalloc(all, sizeof(*some));

	for (k = *n = 0; k < all; k++) {
		if (v->samples[k] != NULL)
			some[(*n)++] = v->samples[k];
	}
	return some;
}

/* Move the SOME rows of LEN numbers at VALUES apart, to where V has samples. */
static void
spread_out(const struct mc_task_values *v, size_t some, size_t len,
    double *values)
{
	size_t k, j;

	for (k = v->n_tasks * v->n_seeds; k-- > 0;) {
		if (v->samples[k] != NULL)
			memmove(values + k * len, values + --some * len,
			    len * sizeof(*values));
		for (j = 0; j < len && v->samples[k] == NULL; j++)
			values[k * len + j] = NAN;
	}
}

double *
mc_task_values_bootstrap(const struct mc_task_values *v,
    const struct mc_resampling *how)
{
	size_t n, b = (size_t)how->replicates;
	const struct mc_sample **some = with_images(v, &n);
	double *values = mc_xreallocarray(NULL, v->n_tasks * v->n_seeds *
	    v->n * b, sizeof(*values));
	struct mc_resampling by_unit = *how;

	by_unit.by_unit = true;	/* so that metrics do not change each other */
	mc_bootstrap(some, n, v->specs, v->n, &by_unit, values, NULL);
	spread_out(v, n, v->n * b, values);
	free(some);
	return values;
}

double *
mc_task_values_jackknife(const struct mc_task_values *v, int threads)
{
	size_t n;
	const struct mc_sample **some = with_images(v, &n);
	size_t units = some[0]->n_units;
	double *values = mc_xreallocarray(NULL, v->n_tasks * v->n_seeds *
	    v->n * units, sizeof(*values));

	mc_jackknife(some, n, v->specs, v->n, threads, values);
	spread_out(v, n, v->n * units, values);
	free(some);
	return values;
}

/* --- Means ---------------------------------------------------------------- */

/* The mean over seeds of number K of B, of metric I and TASK; NAN: none. */
static double
mean_over_seeds(const struct mc_task_values *v, const double *values,
    size_t task, size_t i, size_t b, size_t k)
{
	double sum = 0;
	size_t s, at;

	for (s = 0; s < v->n_seeds; s++) {
		at = (task * v->n_seeds + s) * v->n + i;
		if (!isnan(values[at * b + k]) || !v->zero[at])
			sum += values[at * b + k];
	}
	return sum / (double)v->n_seeds;
}

/* Add TASK to SUM[arm], unless it has no value in one of the arms. */
static bool
add_task(const struct mc_task_values *const *arms,
    const double *const *values, size_t n_arms, size_t task, size_t i,
    size_t b, size_t k, double *sum)
{
	bool defined = true;
	size_t a;

	for (a = 0; a < n_arms; a++)
		defined = defined && !isnan(mean_over_seeds(arms[a],
		    values[a], task, i, b, k));
	for (a = 0; a < n_arms && defined; a++)
		sum[a] += mean_over_seeds(arms[a], values[a], task, i, b, k);
	return defined;
}

size_t
mc_task_values_average(const struct mc_task_values *const *arms,
    const double *const *values, size_t n_arms, const bool *used, size_t i,
    size_t b, double *const *mean)
{
	size_t n_tasks = arms[0]->n_tasks, all = 0, partial = 0, a, k, n, t;
	double *sum = mc_xcalloc(n_arms, sizeof(*sum));

	for (t = 0; t < n_tasks; t++)
		all += used[t];
	for (k = 0; k < b; k++) {
		memset(sum, 0, n_arms * sizeof(*sum));
		for (t = n = 0; t < n_tasks; t++)
			n += used[t] && add_task(arms, values, n_arms, t, i,
			    b, k, sum);
		for (a = 0; a < n_arms; a++)
			mean[a][k] = n > 0 ? sum[a] / (double)n : NAN;
		partial += n > 0 && n < all;
	}
	free(sum);
	return partial;
}

/* --- Tasks whose spread is hidden ------------------------------------------ */

/* Whether the B numbers of metric I and TASK, or differences, have width. */
static bool
has_width(const struct mc_task_values *const *arms,
    const double *const *values, size_t n_arms, size_t task, size_t i,
    size_t b, double level)
{
	double *own = mc_xcalloc(b, sizeof(*own)), lo = 0, hi = 0;
	size_t n = 0, k;

	for (k = 0; k < b; k++) {
		double value = mean_over_seeds(arms[0], values[0], task, i, b,
		    k);

		if (n_arms > 1)
			value -= mean_over_seeds(arms[1], values[1], task, i,
			    b, k);
		if (!isnan(value))
			own[n++] = value;
	}
	if (n > 0)
		mc_percentile(own, n, level, &lo, &hi);
	free(own);
	return mc_has_width(lo, hi);
}

/* Whether few units decide on metric I of TASK for a seed of V. */
static bool
has_few_units(const struct mc_task_values *v, size_t task, size_t i)
{
	bool few = false;
	size_t k;

	for (k = task * v->n_seeds; k < (task + 1) * v->n_seeds; k++) {
		struct mc_remarks *r;

		if (few || v->zero[k * v->n + i])
			continue;
		r = mc_remarks_alloc(v->samples[k]);
		few = mc_remarks_few_units(r, &v->specs[i], NAN);
		mc_remarks_free(r);
	}
	return few;
}

size_t
mc_task_values_hidden(const struct mc_task_values *const *arms,
    const double *const *values, size_t n_arms, const bool *used, size_t i,
    size_t b, double level, bool *hidden)
{
	size_t n = 0, t, a;

	for (t = 0; t < arms[0]->n_tasks; t++) {
		hidden[t] = false;
		if (!used[t] ||
		    has_width(arms, values, n_arms, t, i, b, level))
			continue;
		for (a = 0; a < n_arms && !hidden[t]; a++)
			hidden[t] = has_few_units(arms[a], t, i);
		n += hidden[t];
	}
	return n;
}

/* --- Remarks -------------------------------------------------------------- */

/* Append the names of the tasks that IS marks: "a", "b", "c" and 2 others. */
static void
put_names(const char *const *tasks, size_t n_tasks, const bool *is,
    struct mc_buf *note)
{
	size_t named = 0, n = 0, t;
	char *name;

	for (t = 0; t < n_tasks; t++) {
		n += is[t];
		if (!is[t] || named == MOST_NAMED)
			continue;
		name = mc_remark_name(tasks[t]);
		mc_buf_printf(note, "%s%s", named++ > 0 ? ", " : "", name);
		free(name);
	}
	if (n > named)
		mc_buf_printf(note, " and %zu other%s", n - named,
		    MC_PLURAL(n - named));
}

void
mc_task_values_remark_hidden(const char *const *tasks, size_t n_tasks,
    const bool *hidden, struct mc_buf *note)
{
	mc_remark(note, "no interval: few units, and nearly all replicates "
	    "equal, in ");
	put_names(tasks, n_tasks, hidden, note);
}

size_t
mc_task_values_remark(const char *const *tasks, size_t n_tasks,
    const bool *used, struct mc_buf *note)
{
	bool *out = mc_xcalloc(n_tasks, sizeof(*out));
	size_t n = 0, t;

	for (t = 0; t < n_tasks; t++) {
		n += used[t];
		out[t] = !used[t];
	}
	if (n > 0)
		mc_remark(note, MC_REMARK_MEAN_OF "%zu finding%s", n,
		    MC_PLURAL(n));
	if (n < n_tasks) {
		mc_remark(note, MC_REMARK_LEFT_OUT);
		put_names(tasks, n_tasks, out, note);
	}
	free(out);
	return n;
}
