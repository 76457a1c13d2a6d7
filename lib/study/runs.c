/* runs.c - the runs of predictions that a study works on. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "study/operating_point.h"
#include "study/runs.h"

/* A term of --by: the columns that together make its subgroups. */
struct term {
	size_t n;
	size_t *column;		/* indices into runs.columns */
};

/* A run, or several folds as one. */
struct pooled {
	struct mc_run run;
	size_t n_folds;		/* 1: the run is as it was read; else ... */
	struct mc_prediction *rows;	/* ... these are its own */
	double *p, *o;
	uint32_t *further;
	uint32_t *fold;		/* of each row */
};

struct mc_runs {
	const struct mc_runs_options *opts;
	struct mc_predictions *predictions;
	char **classes;		/* NULL: none declared */
	char *by;		/* opts->by, cut at commas and + */
	char **columns;		/* distinct, NULL-terminated; NULL: none */
	size_t n_terms;
	struct term *terms;
	size_t n;
	struct pooled *run;	/* n */
	struct mc_operating_points *points;	/* NULL: no --threshold */
	size_t n_remarks, remarks_cap;
	char **remarks;
};

/* --- Reading -------------------------------------------------------------- */

/* Cut TEXT at each C.  Returns the pieces, *N of them, in an array to free. */
static char **
cut(char *text, char c, size_t *n)
{
	char **pieces = NULL;
	size_t cap = 0;

	*n = 0;
	while (text != NULL) {
		char *end = strchr(text, c);

		if (end != NULL)
			*end++ = '\0';
		pieces = mc_xgrow(pieces, *n, &cap, sizeof(*pieces));
		pieces[(*n)++] = text;
		text = end;
	}
	return pieces;
}

/* The columns that a term names, added to NAMES. */
static enum mc_status
parse_term(struct term *term, char *text, struct mc_names *names,
    struct mc_err *err)
{
	char **column = cut(text, '+', &term->n);
	enum mc_status status = MC_OK;
	size_t i;

	term->column = mc_xcalloc(term->n, sizeof(*term->column));
	for (i = 0; i < term->n && status == MC_OK; i++) {
		if (*column[i] == '\0')
			status = mc_err_set(err, MC_EUSAGE,
			    "--by: an empty name");
		else
			term->column[i] = mc_names_add(names, column[i]);
	}
	free(column);
	return status;
}

static enum mc_status
parse_by(struct mc_runs *c, struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	enum mc_status status = MC_OK;
	char **text;
	size_t i;

	c->by = mc_xstrdup(c->opts->by);
	text = cut(c->by, ',', &c->n_terms);
	c->terms = mc_xcalloc(c->n_terms, sizeof(*c->terms));
	for (i = 0; i < c->n_terms && status == MC_OK; i++)
		status = parse_term(&c->terms[i], text[i], names, err);
	free(text);
	c->columns = mc_xcalloc(mc_names_count(names) + 1,
	    sizeof(*c->columns));
	for (i = 0; i < mc_names_count(names); i++)
		c->columns[i] = mc_xstrdup(mc_names_at(names, i));
	mc_names_free(names);
	return status;
}

static enum mc_status
parse_opts(struct mc_runs *c, struct mc_err *err)
{
	if (c->opts->classes != NULL)
		mc_split_commas(c->opts->classes, &c->classes);
	if (c->opts->key != NULL && c->opts->join == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--key joins the table of --join, which is not given");
	if (c->opts->threshold != NULL && c->opts->folds == MC_FOLDS_POOL)
		return mc_err_set(err, MC_EUSAGE, "--threshold: folds have a "
		    "threshold each, and cannot be pooled");
	if (c->opts->join != NULL && c->opts->by == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--join brings columns for --by, which is not given");
	return c->opts->by != NULL ? parse_by(c, err) : MC_OK;
}

/* --- Folds ---------------------------------------------------------------- */

/* A row of one of several folds. */
struct row {
	const struct mc_run *run;
	size_t row;
	uint32_t fold;
};

static int
compare_ids(const void *va, const void *vb)
{
	const struct row *a = va, *b = vb;
	uint32_t x = a->run->rows[a->row].id, y = b->run->rows[b->row].id;

	if (x != y)
		return x < y ? -1 : 1;
	return (a->fold > b->fold) - (a->fold < b->fold);
}

/* The rows of N runs, by their ids. */
static enum mc_status
sort_folds(const struct mc_run *const *folds, size_t n, struct row *rows,
    struct mc_err *err)
{
	size_t all = 0, f, i;

	for (f = 0; f < n; f++) {
		for (i = 0; i < folds[f]->n; i++)
			rows[all++] = (struct row){ folds[f], i, (uint32_t)f };
	}
	qsort(rows, all, sizeof(*rows), compare_ids);
	for (i = 1; i < all; i++) {
		const struct row *a = &rows[i - 1], *b = &rows[i];

		if (a->run->rows[a->row].id == b->run->rows[b->row].id)
			return mc_err_at(err, MC_EDATA, mc_run_file(b->run,
			    b->row), b->run->rows[b->row].line, "id \"%s\" is "
			    "in folds \"%s\" and \"%s\": repeated splits are no "
			    "cross-validation and cannot be pooled",
			    mc_run_id(b->run, b->row),
			    a->run->key[MC_KEY_FOLD],
			    b->run->key[MC_KEY_FOLD]);
	}
	return MC_OK;
}

/* Make one run of the N runs at FOLDS. */
static enum mc_status
pool(const struct mc_runs *c, const struct mc_run *const *folds, size_t n,
    struct pooled *x, struct mc_err *err)
{
	size_t k = folds[0]->n_classes, columns = 0, all = 0, i;
	enum mc_status status;
	bool has_o = false;
	struct row *rows;

	while (c->columns != NULL && c->columns[columns] != NULL)
		columns++;
	x->run = *folds[0];
	x->n_folds = n;
	if (n == 1)
		return MC_OK;
	for (i = 0; i < n; i++) {
		all += folds[i]->n;
		has_o |= folds[i]->o != NULL;
	}
	rows = mc_xcalloc(all, sizeof(*rows));
	status = sort_folds(folds, n, rows, err);
	x->rows = mc_xcalloc(all, sizeof(*x->rows));
	x->fold = mc_xcalloc(all, sizeof(*x->fold));
	x->further = mc_xcalloc(all, columns * sizeof(*x->further));
	if (folds[0]->p != NULL)
		x->p = mc_xcalloc(all, k * sizeof(*x->p));
	/* Images are ranked within their fold: one without o has zeros. */
	if (has_o)
		x->o = mc_xcalloc(all, k * sizeof(*x->o));
	for (i = 0; i < all && status == MC_OK; i++) {
		const struct mc_run *from = rows[i].run;

		x->rows[i] = from->rows[rows[i].row];
		x->fold[i] = rows[i].fold;
		if (columns > 0)
			memcpy(x->further + i * columns, from->further +
			    rows[i].row * columns,
			    columns * sizeof(*x->further));
		if ((from->p != NULL) != (x->p != NULL))
			status = mc_err_at(err, MC_EDATA, mc_run_file(from,
			    0), from->rows[0].line, "fold \"%s\" %s p: "
			    "columns, unlike another of the same arm",
			    from->key[MC_KEY_FOLD],
			    from->p != NULL ? "has" : "has no");
		else if (x->p != NULL)
			memcpy(x->p + i * k, from->p + rows[i].row * k,
			    k * sizeof(*x->p));
		if (from->o != NULL)
			memcpy(x->o + i * k, from->o + rows[i].row * k,
			    k * sizeof(*x->o));
	}
	free(rows);
	x->run.key[MC_KEY_FOLD] = "";
	x->run.n = all;
	x->run.rows = x->rows;
	x->run.p = x->p;
	x->run.o = x->o;
	x->run.further = x->further;
	return status;
}

/* Keys but the fold, in which runs that are pooled agree. */
static bool
same_but_fold(const struct mc_run *a, const struct mc_run *b)
{
	int k;

	for (k = 0; k < MC_KEYS; k++) {
		if (k != MC_KEY_FOLD && strcmp(a->key[k], b->key[k]) != 0)
			return false;
	}
	return true;
}

/* Fill in c->run from the predictions; their folds stand apart by split. */
static enum mc_status
make_runs(struct mc_runs *c, struct mc_err *err)
{
	size_t n = mc_predictions_runs(c->predictions), i, j, n_folds;
	const struct mc_run **folds = mc_xcalloc(n, sizeof(*folds));
	bool *done = mc_xcalloc(n, sizeof(*done));
	bool pooling = c->opts->folds == MC_FOLDS_POOL;
	enum mc_status status = MC_OK;

	c->run = mc_xcalloc(n, sizeof(*c->run));
	for (i = 0; i < n && status == MC_OK; i++) {
		const struct mc_run *x = mc_predictions_run(c->predictions,
		    i);

		if (done[i])
			continue;
		folds[0] = x;
		n_folds = 1;
		for (j = i + 1; pooling && j < n; j++) {
			const struct mc_run *y = mc_predictions_run(
			    c->predictions, j);

			if (!same_but_fold(x, y))
				continue;
			folds[n_folds++] = y;
			done[j] = true;
		}
		status = pool(c, folds, n_folds, &c->run[c->n++], err);
	}
	free(folds);
	free(done);
	return status;
}

/* Rows by their values in the columns of a term. */
struct by_values {
	const struct mc_run *run;
	const struct term *term;
};

/* Whether row ROW has no value in a column of the term. */
static bool
is_missing(const struct by_values *by, size_t row)
{
	size_t i;

	for (i = 0; i < by->term->n; i++) {
		if (*mc_run_further(by->run, row, by->term->column[i]) ==
		    '\0')
			return true;
	}
	return false;
}

/* Remark how many rows are in no subgroup, for want of a value. */
static void
remark_missing(struct mc_runs *c)
{
	size_t t, i, row, n, all;

	for (t = 0; t < c->n_terms; t++) {
		for (i = n = all = 0; i < c->n; i++) {
			struct by_values by = { mc_runs_at(c, i), &c->terms[t] };

			all += by.run->n;
			for (row = 0; row < by.run->n; row++)
				n += is_missing(&by, row);
		}
		if (n == 0)
			continue;
		c->remarks = mc_xgrow(c->remarks, c->n_remarks,
		    &c->remarks_cap, sizeof(*c->remarks));
		c->remarks[c->n_remarks++] = mc_xasprintf("--by: %zu of %zu "
		    "rows have an empty \"%s\"%s, and are in no subgroup", n,
		    all, c->columns[c->terms[t].column[0]],
		    c->terms[t].n > 1 ? " or another of its columns" : "");
	}
}

enum mc_status
mc_runs_read(struct mc_runs **result, const struct mc_runs_options *opts,
    char *const *paths, size_t n, struct mc_err *err)
{
	static char standard_input[] = "-";
	char *const standard_paths[] = { standard_input };
	struct mc_runs *c = mc_xcalloc(1, sizeof(*c));
	enum mc_status status;

	*result = NULL;
	c->opts = opts;
	status = parse_opts(c, err);
	if (status == MC_OK) {
		const struct mc_predictions_options options = {
			.classes = c->classes, .columns = c->columns,
			.join = opts->join, .key = opts->key
		};

		status = mc_predictions_read(&c->predictions,
		    n > 0 ? paths : standard_paths, n > 0 ? n : 1, &options,
		    err);
	}
	if (status == MC_OK)
		status = make_runs(c, err);
	if (status == MC_OK && opts->threshold != NULL)
		status = mc_operating_points_read(&c->points, opts->threshold,
		    opts->positive, c->predictions, err);
	if (status != MC_OK) {
		mc_runs_free(c);
		return status;
	}
	remark_missing(c);
	*result = c;
	return MC_OK;
}

void
mc_runs_free(struct mc_runs *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		free(c->run[i].rows);
		free(c->run[i].p);
		free(c->run[i].o);
		free(c->run[i].further);
		free(c->run[i].fold);
	}
	free(c->run);
	mc_operating_points_free(c->points);
	mc_predictions_free(c->predictions);
	for (i = 0; i < c->n_terms; i++)
		free(c->terms[i].column);
	free(c->terms);
	for (i = 0; c->columns != NULL && c->columns[i] != NULL; i++)
		free(c->columns[i]);
	free(c->columns);
	for (i = 0; i < c->n_remarks; i++)
		free(c->remarks[i]);
	free(c->remarks);
	free(c->classes);
	free(c->by);
	free(c);
}

size_t
mc_runs_count(const struct mc_runs *c)
{
	return c->n;
}

const struct mc_run *
mc_runs_at(const struct mc_runs *c, size_t run)
{
	return &c->run[run].run;
}

const char *
mc_runs_remark(const struct mc_runs *c, size_t i)
{
	return i < c->n_remarks ? c->remarks[i] : NULL;
}

bool
mc_runs_have_positive(const struct mc_runs_options *opts)
{
	return opts->positive != NULL || opts->threshold != NULL;
}

enum mc_status
mc_runs_check_replicates(const struct mc_runs *c, int64_t replicates,
    struct mc_err *err)
{
	size_t there = c->points != NULL ?
	    mc_operating_points_replicates(c->points) : 0;

	if (there == 0 || (size_t)replicates <= there)
		return MC_OK;
	return mc_err_set(err, MC_EUSAGE, "--replicates: %lld, but the "
	    "thresholds of %s have only %zu: choose as many there, or give "
	    "--replicates %zu", (long long)replicates, c->opts->threshold,
	    there, there);
}

/* --- Samples -------------------------------------------------------------- */

static enum mc_status
find_positive(const struct mc_runs *c, const struct mc_run *run,
    int *positive, struct mc_err *err)
{
	const char *name = c->opts->positive;
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

/* Room for the N rows of a sample of RUN. */
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

enum mc_status
mc_run_sample_make(const struct mc_runs *c, size_t number, struct mc_run_sample *x,
    struct mc_err *err)
{
	const struct mc_run *run = mc_runs_at(c, number);
	enum mc_status status;
	size_t i;

	memset(x, 0, sizeof(*x));
	make_room(x, run, run->n);
	x->subgroup = mc_xstrdup("");
	x->s.ordered = c->classes != NULL;
	x->s.p = run->p;
	x->s.o = run->o;
	if (c->run[number].n_folds > 1) {
		x->s.fold = c->run[number].fold;
		x->s.n_folds = c->run[number].n_folds;
	}
	for (i = 0; i < run->n; i++) {
		x->label[i] = run->rows[i].label;
		x->predicted[i] = run->rows[i].predicted;
	}
	status = find_positive(c, run, &x->positive, err);
	if (status == MC_OK)
		status = mc_run_units(run, c->opts->unit,
		    x->unit_of, &x->s.n_units, &x->unit, &x->remark, err);
	if (status != MC_OK)
		mc_run_sample_clear(x);
	else if (c->points != NULL)
		mc_operating_points_apply(c->points, number, x);
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

static int
compare_values(const struct by_values *by, size_t a, size_t b)
{
	size_t i;
	int c = 0;

	for (i = 0; i < by->term->n && c == 0; i++)
		c = strcmp(
		    mc_run_further(by->run, a, by->term->column[i]),
		    mc_run_further(by->run, b, by->term->column[i]));
	return c;
}

static int
compare_rows(const void *va, const void *vb, void *by)
{
	const size_t *a = va, *b = vb;
	int c = compare_values(by, *a, *b);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

/* The subgroup of the N rows of X whose numbers are at ROW. */
static struct mc_run_sample
restrict_to(const struct mc_runs *c, const struct mc_run_sample *x,
    const struct term *term, const size_t *row, size_t n)
{
	struct mc_run_sample sub = { .unit = x->unit, .remark = x->remark,
	    .positive = x->positive };
	struct mc_buf name = { 0 };
	size_t k = x->s.n_classes, i;

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
		sub.label[i] = x->label[row[i]];
		sub.predicted[i] = x->predicted[row[i]];
		sub.unit_of[i] = x->unit_of[row[i]];
		if (sub.fold != NULL)
			sub.fold[i] = x->s.fold[row[i]];
		if (sub.p != NULL)
			memcpy(sub.p + i * k, x->s.p + row[i] * k,
			    k * sizeof(*sub.p));
		if (sub.o != NULL)
			memcpy(sub.o + i * k, x->s.o + row[i] * k,
			    k * sizeof(*sub.o));
	}
	for (i = 0; i < term->n; i++)
		mc_buf_printf(&name, "%s%s=%s", i > 0 ? ", " : "",
		    c->columns[term->column[i]], mc_run_further(x->run,
		    row[0], term->column[i]));
	sub.subgroup = name.data;
	return sub;
}

void
mc_run_sample_subgroups(const struct mc_runs *c, const struct mc_run_sample *x,
    struct mc_run_sample **subgroups, size_t **term, size_t *n)
{
	size_t *row = mc_xcalloc(x->s.n, sizeof(*row)), *of = NULL;
	size_t cap = 0, of_cap = 0, t, i, first, end;

	*subgroups = NULL;
	*n = 0;
	for (t = 0; t < c->n_terms; t++) {
		struct by_values by = { x->run, &c->terms[t] };

		for (i = 0; i < x->s.n; i++)
			row[i] = i;
		qsort_r(row, x->s.n, sizeof(*row), compare_rows, &by);
		for (first = 0; first < x->s.n; first = end) {
			bool missing = is_missing(&by, row[first]);

			for (end = first + 1; end < x->s.n &&
			    compare_values(&by, row[end], row[first]) == 0;
			    end++)
				;
			if (missing)
				continue;
			*subgroups = mc_xgrow(*subgroups, *n, &cap,
			    sizeof(**subgroups));
			of = mc_xgrow(of, *n, &of_cap, sizeof(*of));
			of[*n] = t;
			(*subgroups)[(*n)++] = restrict_to(c, x,
			    &c->terms[t], row + first, end - first);
		}
	}
	free(row);
	if (term != NULL)
		*term = of;
	else
		free(of);
}

/* --- Runs that belong together ------------------------------------------- */

struct by_keys {
	const struct mc_runs *runs;
	unsigned except;
};

static int
compare_keys(const struct by_keys *by, size_t a, size_t b)
{
	const struct mc_run *x = mc_runs_at(by->runs, a);
	const struct mc_run *y = mc_runs_at(by->runs, b);
	int c = 0, k;

	for (k = 0; k < MC_KEYS && c == 0; k++) {
		if ((by->except & 1u << k) == 0)
			c = strcmp(x->key[k], y->key[k]);
	}
	return c;
}

static int
compare_runs(const void *va, const void *vb, void *by)
{
	const size_t *a = va, *b = vb;
	int c = compare_keys(by, *a, *b);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

void
mc_runs_sets(const struct mc_runs *c, unsigned except, size_t **order,
    size_t **first, size_t *n)
{
	struct by_keys by = { c, except };
	size_t count = mc_runs_count(c), i;

	*order = mc_xcalloc(count, sizeof(**order));
	*first = mc_xcalloc(count + 1, sizeof(**first));
	for (i = 0; i < count; i++)
		(*order)[i] = i;
	qsort_r(*order, count, sizeof(**order), compare_runs, &by);
	*n = 0;
	for (i = 0; i < count; i++) {
		if (i == 0 ||
		    compare_keys(&by, (*order)[i], (*order)[i - 1]) != 0)
			(*first)[(*n)++] = i;
	}
	(*first)[*n] = count;
}

/* The error that row ROW of A has an id that B has not. */
static enum mc_status
not_in(const struct mc_run *a, size_t row, const struct mc_run *b,
    struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, mc_run_file(a, row),
	    a->rows[row].line, "id \"%s\" of arm \"%s\"%s%s is not among the "
	    "images of arm \"%s\"%s%s: arms must stand on the same images",
	    mc_run_id(a, row), a->key[MC_KEY_ARM],
	    *a->key[MC_KEY_TRAIN_SEED] != '\0' ? ", seed " : "",
	    a->key[MC_KEY_TRAIN_SEED], b->key[MC_KEY_ARM],
	    *b->key[MC_KEY_TRAIN_SEED] != '\0' ? ", seed " : "",
	    b->key[MC_KEY_TRAIN_SEED]);
}

/* Where row I of two runs differs though its image is the same. */
static enum mc_status
check_row(const struct mc_runs *c, const struct mc_run *a,
    const struct mc_run *b, size_t i, struct mc_err *err)
{
	const char *column = NULL, *first = NULL, *second = NULL;
	size_t k;

	if (a->rows[i].label != b->rows[i].label) {
		column = "label";
		first = a->classes[a->rows[i].label];
		second = b->classes[b->rows[i].label];
	} else if (a->rows[i].group != b->rows[i].group) {
		column = "group";
		first = mc_run_group(a, i);
		second = mc_run_group(b, i);
	} else if (a->rows[i].unit != b->rows[i].unit) {
		column = "unit";
		first = mc_run_unit(a, i);
		second = mc_run_unit(b, i);
	}
	for (k = 0; column == NULL && c->columns != NULL &&
	    c->columns[k] != NULL; k++) {
		first = mc_run_further(a, i, k);
		second = mc_run_further(b, i, k);
		if (strcmp(first, second) != 0)
			column = c->columns[k];
	}
	if (column == NULL)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_run_file(b, i), b->rows[i].line,
	    "column \"%s\": \"%s\", but \"%s\" at %s:%u for the same image "
	    "\"%s\"", column, second, first, mc_run_file(a, i),
	    a->rows[i].line, mc_run_id(a, i));
}

enum mc_status
mc_runs_check_same(const struct mc_runs *runs, size_t first, size_t second,
    struct mc_err *err)
{
	const struct mc_run *a = mc_runs_at(runs, first);
	const struct mc_run *b = mc_runs_at(runs, second);
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; (i < a->n || i < b->n) && status == MC_OK; i++) {
		int c = i == a->n ? 1 : i == b->n ? -1 :
		    strcmp(mc_run_id(a, i), mc_run_id(b, i));

		if (c != 0)
			return c < 0 ? not_in(a, i, b, err) :
			    not_in(b, i, a, err);
		status = check_row(runs, a, b, i, err);
	}
	return status;
}
