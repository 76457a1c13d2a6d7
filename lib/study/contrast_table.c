/* contrast_table.c - collect and adjust the rows of the differences table. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/friedman.h"
#include "stats/multiplicity.h"
#include "stats/sample.h"
#include "stats/remarks.h"
#include "stats/reweighted.h"
#include "study/contrast_table.h"
#include "table/schemas.h"

/* A row whose texts are its own, but for constant ones. */
struct row {
	struct mc_differences_row r;
	char *text[8];		/* what r's texts point to */
	size_t n_texts;
	char *family;		/* equal texts count together */
	double p_max_t;
	bool adjusted;		/* p_adjusted and n_tests are there already */
};

/* The arms' values of one metric in one task. */
struct ranked {
	char *split, *metric, *average;
	bool less_is_better;
	double *value;		/* [arm] */
};

struct mc_contrast_table {
	const struct mc_compare_options *options;
	int64_t seed;
	enum mc_contrast_adjust adjust;
	bool one_family;
	size_t n, cap;
	struct row *rows;
	size_t n_ranked, ranked_cap;
	struct ranked *ranked;
	size_t n_arms;		/* of the tasks that are ranked; 0: none yet */
	char **arm;
};

const char *const mc_contrast_adjust_names[] = {
	[MC_CONTRAST_HOLM] = "holm", [MC_CONTRAST_BH] = "bh",
	[MC_CONTRAST_MAX_T] = "max-t", [MC_CONTRAST_NONE] = "none", NULL
};

struct mc_contrast_table *
mc_contrast_table_alloc(const struct mc_compare_options *options, int64_t seed,
    enum mc_contrast_adjust adjust, bool one_family)
{
	struct mc_contrast_table *t = mc_xcalloc(1, sizeof(*t));

	t->options = options;
	t->seed = seed;
	t->adjust = adjust;
	t->one_family = one_family;
	return t;
}

void
mc_contrast_table_free(struct mc_contrast_table *t)
{
	size_t i, k;

	if (t == NULL)
		return;
	for (i = 0; i < t->n; i++) {
		for (k = 0; k < t->rows[i].n_texts; k++)
			free(t->rows[i].text[k]);
		free(t->rows[i].family);
	}
	for (i = 0; i < t->n_ranked; i++) {
		free(t->ranked[i].split);
		free(t->ranked[i].metric);
		free(t->ranked[i].average);
		free(t->ranked[i].value);
	}
	for (i = 0; i < t->n_arms; i++)
		free(t->arm[i]);
	free(t->rows);
	free(t->ranked);
	free(t->arm);
	free(t);
}

/* --- Rows ----------------------------------------------------------------- */

static struct row *
new_row(struct mc_contrast_table *t)
{
	struct row *row;

	t->rows = mc_xgrow(t->rows, t->n, &t->cap, sizeof(*t->rows));
	row = &t->rows[t->n++];
	*row = (struct row){ .p_max_t = NAN };
	row->r = (struct mc_differences_row){ .task = "", .split = "",
	    .subgroup = "", .metric = "", .average = "", .class_name = "",
	    .arm_a = "", .arm_b = "", .difference = NAN, .lo = NAN,
	    .hi = NAN, .level = t->options->level, .method = "none", .test = "",
	    .p = NAN, .p_adjusted = NAN, .adjustment = "none", .n_tests = -1,
	    .margin = NAN, .unit = "", .replicates = -1, .resample_seed = -1,
	    .n_images = -1, .n_units = -1, .seeds = -1, .seed_sd_a = NAN,
	    .seed_sd_b = NAN, .note = "" };
	return row;
}

/* TEXT, which becomes the row's. */
static const char *
own(struct row *row, char *text)
{
	return row->text[row->n_texts++] = text;
}

static char *
spec_name(const struct mc_metric_spec *m)
{
	struct mc_buf name = { 0 };

	mc_metric_spec_name(m, &name);
	return name.data;
}

/*
 * The images and units of N_TASKS tasks that SIDE stands on: the images of the
 * task that has the most, and the units of all, each once.
 */
static void
count_side(struct row *row, const struct mc_side *side, size_t n_tasks)
{
	const struct mc_sample **x = mc_xcalloc(n_tasks, sizeof(*x));
	size_t n = 0, most = 0, t;

	for (t = 0; t < n_tasks; t++) {
		const struct mc_sample *s = side->seeds[t * side->n];

		if (s == NULL)
			continue;
		most = s->n > most ? s->n : most;
		x[n++] = s;
	}
	row->r.n_images = (int64_t)most;
	row->r.n_units = (int64_t)mc_samples_units(x, n);
	free(x);
}

/* Add the images of B, the other subgroup of a gap, and its units not in A. */
static void
count_other(struct row *row, const struct mc_side *a, const struct mc_side *b)
{
	const struct mc_sample *x = a->seeds[0], *y = b->seeds[0];

	row->r.n_images += (int64_t)y->n;
	row->r.n_units += (int64_t)(mc_sample_units(y) -
	    mc_shared_units(x, y));
}

static const char *
test_name(const struct mc_difference *d, struct row *row)
{
	switch (d->claim) {
	case MC_NOT_INFERIOR:
		return own(row, mc_xasprintf("noninferiority %s", d->test));
	case MC_EQUIVALENT:
		return own(row, mc_xasprintf("equivalence %s", d->test));
	case MC_DIFFERENT:
		break;
	}
	return d->test;
}

static void
add_row(struct mc_contrast_table *t, const struct mc_arms *arms,
    const struct mc_pair *pair, const struct mc_difference *d)
{
	struct row *row = new_row(t);
	size_t g = pair->a / arms->n, h = pair->b / arms->n;
	const struct mc_side *a = &arms->side[pair->a];
	const struct mc_side *b = &arms->side[pair->b];
	const struct mc_run_sample *x = &arms->first[g];
	const char *remark = x->remark;

	row->r.task = own(row, mc_xstrdup(arms->task));
	row->r.split = own(row, mc_xstrdup(arms->split));
	row->r.subgroup = own(row, g == h ? mc_xstrdup(x->subgroup) :
	    mc_xasprintf("%s - %s", x->subgroup, arms->first[h].subgroup));
	row->r.metric = own(row, spec_name(&d->spec));
	row->r.average = mc_average_name(d->spec.average);
	if (d->spec.average == MC_EACH_CLASS)
		row->r.class_name = x->s.classes[d->spec.class_index];
	row->r.arm_a = own(row, mc_xstrdup(a->name));
	row->r.arm_b = g == h ? own(row, mc_xstrdup(b->name)) : "";
	row->r.difference = d->difference;
	row->r.lo = d->lo;
	row->r.hi = d->hi;
	row->r.method = d->method;
	row->r.test = test_name(d, row);
	row->r.p = d->p;
	row->p_max_t = d->p_max_t;
	row->r.margin = d->claim == MC_DIFFERENT ? NAN : t->options->margin;
	row->r.unit = x->unit;
	row->r.replicates = d->resampled ? t->options->how.replicates : -1;
	row->r.resample_seed = d->resampled ? t->seed : -1;
	row->r.seeds = (int64_t)(a->n < b->n ? a->n : b->n);
	row->r.seed_sd_a = d->seed_sd_a;
	row->r.seed_sd_b = d->seed_sd_b;
	count_side(row, a, arms->tasks.n > 0 ? arms->tasks.n : 1);
	if (g != h)
		count_other(row, a, b);
	if (a->n_sets > 0) {
		row->r.n_images = (int64_t)arms->n_images;
		row->r.n_units = (int64_t)arms->n_units;
		remark = NULL;	/* images within a test set do not count */
	}
	row->r.note = own(row, mc_xasprintf("%s%s%s", d->note.len > 0 ?
	    d->note.data : "", d->note.len > 0 && remark != NULL ? "; " : "",
	    remark != NULL ? remark : ""));
	row->family = t->one_family ? mc_xasprintf("%d", d->claim) :
	    mc_xasprintf("%s\t%s\t%s\t%s\t%zu\t%d\t%d", row->r.task,
	    row->r.split, row->r.metric, row->r.average, pair->family,
	    d->claim, arms->tasks.n > 0);
}

void
mc_contrast_table_add(struct mc_contrast_table *t, const struct mc_arms *arms,
    const struct mc_pair *pairs, const struct mc_difference *d, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_row(t, arms, &pairs[d[i].pair], &d[i]);
}

/* --- Ranks over tasks ----------------------------------------------------- */

static enum mc_status
check_arms(struct mc_contrast_table *t, const struct mc_arms *arms,
    struct mc_err *err)
{
	size_t a;

	if (t->n_arms == 0) {
		t->n_arms = arms->n;
		t->arm = mc_xcalloc(arms->n, sizeof(*t->arm));
		for (a = 0; a < arms->n; a++)
			t->arm[a] = mc_xstrdup(arms->name[a]);
	}
	for (a = 0; a < t->n_arms; a++) {
		if (mc_arms_find(arms, t->arm[a]) == arms->n)
			return mc_err_set(err, MC_EDATA, "--friedman ranks "
			    "the same arms in every task, and task \"%s\" has "
			    "no \"%s\"", arms->task, t->arm[a]);
	}
	if (arms->n > t->n_arms) {
		for (a = 0; a < t->n_arms &&
		    strcmp(arms->name[a], t->arm[a]) == 0; a++)
			;
		return mc_err_set(err, MC_EDATA, "--friedman ranks the same "
		    "arms in every task, and task \"%s\" alone has \"%s\"",
		    arms->task, arms->name[a]);
	}
	return MC_OK;
}

static enum mc_status
rank_spec(struct mc_contrast_table *t, const struct mc_arms *arms,
    const struct mc_metric_spec *m, struct mc_err *err)
{
	struct ranked *r;
	size_t a, s;
	double value;

	if (m->average == MC_EACH_CLASS)
		return mc_err_set(err, MC_EUSAGE, "--friedman: \"%s\" is of "
		    "one class, which differs between tasks: use a mean over "
		    "classes",
		    m->metric->name);
	t->ranked = mc_xgrow(t->ranked, t->n_ranked, &t->ranked_cap,
	    sizeof(*t->ranked));
	r = &t->ranked[t->n_ranked++];
	*r = (struct ranked){ mc_xstrdup(arms->split), spec_name(m),
	    mc_xstrdup(mc_average_name(m->average)), m->metric->better < 0,
	    mc_xcalloc(arms->n, sizeof(double)) };
	for (a = 0; a < arms->n; a++) {
		const struct mc_side *side = &arms->side[a];

		for (s = 0; s < side->n; s++) {
			mc_metric_values(side->seeds[s], m, 1, &value);
			r->value[a] += value / (double)side->n;
		}
		if (isnan(r->value[a]))
			return mc_err_set(err, MC_EDATA, "--friedman: \"%s\" "
			    "of arm \"%s\" in task \"%s\" is undefined (see "
			    "the column note of mc-bootstrap): choose --metrics "
			    "that all arms have", r->metric, arms->name[a],
			    arms->task);
	}
	return MC_OK;
}

enum mc_status
mc_contrast_table_add_task(struct mc_contrast_table *t,
    const struct mc_arms *arms, const struct mc_metric_spec *specs, size_t n,
    struct mc_err *err)
{
	enum mc_status status = check_arms(t, arms, err);
	size_t i;

	for (i = 0; i < n && status == MC_OK; i++)
		status = rank_spec(t, arms, &specs[i], err);
	return status;
}

static bool
same_ranking(const struct ranked *a, const struct ranked *b)
{
	return strcmp(a->split, b->split) == 0 &&
	    strcmp(a->metric, b->metric) == 0 &&
	    strcmp(a->average, b->average) == 0;
}

static struct row *
ranking_row(struct mc_contrast_table *t, const struct ranked *r, size_t tasks)
{
	struct row *row = new_row(t);

	row->r.split = own(row, mc_xstrdup(r->split));
	row->r.metric = own(row, mc_xasprintf("rank of %s", r->metric));
	row->r.average = own(row, mc_xstrdup(r->average));
	row->r.note = own(row, mc_xasprintf("average ranks over %zu tasks, "
	    "1 the best", tasks));
	row->adjusted = true;
	row->r.n_tests = 1;
	return row;
}

/* The rows of one test over TASKS tasks, whose values are VALUES. */
static enum mc_status
add_ranking(struct mc_contrast_table *t, const struct ranked *r,
    const double *values, size_t tasks, struct mc_err *err)
{
	double *ranks = mc_xcalloc(t->n_arms, sizeof(*ranks)), reach;
	size_t pairs = t->n_arms * (t->n_arms - 1) / 2, a, b;
	struct mc_friedman f;
	struct row *row;

	if (mc_friedman(values, tasks, t->n_arms, &f, ranks) != MC_OK) {
		free(ranks);
		return mc_err_set(err, MC_EDATA, "--friedman needs %d tasks "
		    "and %d arms, not %zu and %zu", MC_FRIEDMAN_TASKS,
		    MC_FRIEDMAN_ARMS, tasks, t->n_arms);
	}
	row = ranking_row(t, r, tasks);
	row->r.test = "friedman";
	row->r.difference = f.f < DBL_MAX ? f.f : NAN;
	row->r.p = row->r.p_adjusted = f.p;
	free(row->text[--row->n_texts]);
	row->r.note = own(row, mc_xasprintf("the difference is F(%g, %g) of "
	    "Friedman's test in Iman and Davenport's form over %zu tasks%s",
	    f.df, f.df_error, tasks, f.f < DBL_MAX ? "" : "; all tasks rank "
	    "the arms alike, and F has no bound"));
	reach = mc_nemenyi_critical(1 - t->options->level, tasks, t->n_arms);
	for (a = 0; a < t->n_arms; a++) {
		for (b = a + 1; b < t->n_arms; b++) {
			row = ranking_row(t, r, tasks);
			row->r.arm_a = own(row, mc_xstrdup(t->arm[a]));
			row->r.arm_b = own(row, mc_xstrdup(t->arm[b]));
			row->r.difference = ranks[a] - ranks[b];
			row->r.lo = row->r.difference - reach;
			row->r.hi = row->r.difference + reach;
			row->r.method = row->r.test = "nemenyi";
			row->r.adjustment = "nemenyi";
			row->r.p = row->r.p_adjusted = mc_nemenyi_p(
			    row->r.difference, tasks, t->n_arms);
			row->r.n_tests = (int64_t)pairs;
		}
	}
	free(ranks);
	return MC_OK;
}

enum mc_status
mc_contrast_table_rank(struct mc_contrast_table *t, struct mc_err *err)
{
	double *values = mc_xcalloc(t->n_ranked * t->n_arms, sizeof(*values));
	bool *done = mc_xcalloc(t->n_ranked, sizeof(*done));
	enum mc_status status = MC_OK;
	size_t i, j, a, tasks;

	for (i = 0; i < t->n_ranked && status == MC_OK; i++) {
		const struct ranked *r = &t->ranked[i];

		if (done[i])
			continue;
		for (j = i, tasks = 0; j < t->n_ranked; j++) {
			if (!same_ranking(r, &t->ranked[j]))
				continue;
			done[j] = true;
			for (a = 0; a < t->n_arms; a++)
				values[tasks * t->n_arms + a] =
				    r->less_is_better ?
				    -t->ranked[j].value[a] :
				    t->ranked[j].value[a];
			tasks++;
		}
		status = add_ranking(t, r, values, tasks, err);
	}
	free(values);
	free(done);
	return status;
}

/* --- Adjusting and writing ------------------------------------------------ */

static int
compare_families(const void *va, const void *vb)
{
	const struct row *const *a = va, *const *b = vb;
	int c = strcmp((*a)->family, (*b)->family);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

/* Adjust the N rows of one family. */
static void
adjust_family(const struct mc_contrast_table *t, struct row **rows, size_t n)
{
	double *p = mc_xcalloc(n, sizeof(*p));
	double *adjusted = mc_xcalloc(n, sizeof(*adjusted));
	bool max_t = t->adjust == MC_CONTRAST_MAX_T;
	enum mc_adjustment how = t->adjust == MC_CONTRAST_HOLM ?
	    MC_ADJUST_HOLM : t->adjust == MC_CONTRAST_BH ? MC_ADJUST_BH :
	    MC_ADJUST_NONE;
	size_t tests, i;

	for (i = 0; i < n; i++)
		p[i] = max_t && isnan(rows[i]->p_max_t) ? NAN :
		    rows[i]->r.p;
	tests = mc_adjust(how, p, n, adjusted);
	for (i = 0; i < n; i++) {
		struct mc_differences_row *r = &rows[i]->r;

		if (isnan(p[i]))
			continue;
		r->adjustment = mc_contrast_adjust_names[t->adjust];
		r->n_tests = (int64_t)tests;
		r->p_adjusted = max_t ? rows[i]->p_max_t : adjusted[i];
	}
	free(p);
	free(adjusted);
}

static void
adjust_rows(struct mc_contrast_table *t)
{
	struct row **order = mc_xcalloc(t->n, sizeof(*order));
	size_t n = 0, first, end, i;

	for (i = 0; i < t->n; i++) {
		if (!t->rows[i].adjusted)
			order[n++] = &t->rows[i];
	}
	qsort(order, n, sizeof(*order), compare_families);
	for (first = 0; first < n; first = end) {
		for (end = first + 1; end < n && strcmp(order[end]->family,
		    order[first]->family) == 0; end++)
			;
		adjust_family(t, order + first, end - first);
	}
	free(order);
}

void
mc_contrast_table_write(struct mc_contrast_table *t, FILE *f)
{
	size_t i;

	adjust_rows(t);
	mc_rows_write_header(f, &mc_differences_schema);
	for (i = 0; i < t->n; i++) {
		struct mc_differences_row r = t->rows[i].r;
		struct mc_buf note = { 0 };

		mc_buf_puts(&note, r.note);
		if (!t->rows[i].adjusted && r.n_tests > 1 && !isnan(r.lo) &&
		    strcmp(r.adjustment, "none") != 0)
			mc_remark(&note, MC_REMARK_NOT_ADJUSTED);
		if (!isnan(r.p) && isnan(r.p_adjusted))
			mc_remark(&note, "max-T adjusts p from replicates "
			    "alone");
		r.note = note.data;
		mc_rows_write(f, &mc_differences_schema, &r);
		mc_buf_free(&note);
	}
}
