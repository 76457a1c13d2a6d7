/* runs.c - read the runs of predictions that a study works on. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "study/runs_internal.h"
#include "table/findings.h"

/* --- Reading -------------------------------------------------------------- */

static enum mc_status
parse_options(struct mc_runs *r, struct mc_err *err)
{
	const struct mc_runs_options *options = r->options;

	if (options->classes != NULL)
		mc_split_commas(options->classes, &r->classes);
	if (options->key != NULL && options->join == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--key joins the table of --join, which is not given");
	if (options->threshold != NULL && mc_runs_pooled(r))
		return mc_err_set(err, MC_EUSAGE, "--threshold: each fold has "
		    "its own threshold, so folds cannot be pooled");
	if (options->join != NULL && options->by == NULL)
		return mc_err_set(err, MC_EUSAGE,
		    "--join adds columns for --by, which is not given");
	return options->by == NULL ? MC_OK :
	    mc_grouping_parse(&r->grouping, options->by, err);
}

static enum mc_status
read_predictions(struct mc_runs *r, char *const *paths, size_t n,
    struct mc_err *err)
{
	static char standard_input[] = "-";
	char *const standard_paths[] = { standard_input };
	const struct mc_predictions_options options = {
		.classes = r->classes,
		.columns = mc_grouping_columns(r->grouping),
		.join = r->options->join, .key = r->options->key
	};

	return mc_predictions_read(&r->predictions,
	    n > 0 ? paths : standard_paths, n > 0 ? n : 1, &options, err);
}

/* Whether A and B agree in all keys but the fold. */
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

/* Fill in r->run from the predictions; folds of one arm are apart by split. */
static enum mc_status
make_runs(struct mc_runs *r, struct mc_err *err)
{
	size_t n = mc_predictions_runs(r->predictions), i, j, n_folds;
	const struct mc_run **folds = mc_xcalloc(n, sizeof(*folds));
	bool *done = mc_xcalloc(n, sizeof(*done));
	enum mc_status status = MC_OK;

	r->run = mc_xcalloc(n, sizeof(*r->run));
	for (i = 0; i < n && status == MC_OK; i++) {
		if (done[i])
			continue;
		folds[0] = mc_predictions_run(r->predictions, i);
		n_folds = 1;
		for (j = i + 1; mc_runs_pooled(r) && j < n; j++) {
			const struct mc_run *other = mc_predictions_run(
			    r->predictions, j);

			if (!same_but_fold(folds[0], other))
				continue;
			folds[n_folds++] = other;
			done[j] = true;
		}
		status = mc_pool(folds, n_folds,
		    mc_grouping_width(r->grouping), &r->run[r->n++], err);
	}
	free(folds);
	free(done);
	return status;
}

/* Remark that there was nothing to pool: all rows are of one fold, or none. */
static void
remark_pool(struct mc_runs *r)
{
	const char *fold = r->run[0].run.key[MC_KEY_FOLD];
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (r->run[i].n_folds > 1 ||
		    strcmp(r->run[i].run.key[MC_KEY_FOLD], fold) != 0)
			return;
	}
	r->remarks[r->n_remarks++] = *fold == '\0' ?
	    mc_xstrdup("--folds pool: no row has a fold, so nothing is pooled") :
	    mc_xasprintf("--folds pool: all rows are of fold %s, so nothing is "
	    "pooled", fold);
}

/* Remark how folds and the join were read, and how many rows no subgroup has. */
static void
make_remarks(struct mc_runs *r)
{
	size_t terms = mc_grouping_terms(r->grouping), t, i, n, all, columns;

	r->remarks = mc_xcalloc(terms + 2, sizeof(*r->remarks));
	if (mc_runs_pooled(r) && r->n > 0)
		remark_pool(r);
	if (mc_predictions_note(r->predictions) != NULL)
		r->remarks[r->n_remarks++] =
		    mc_xstrdup(mc_predictions_note(r->predictions));
	for (t = 0; t < terms; t++) {
		const char *name = mc_grouping_term(r->grouping, t, &columns);

		for (i = n = all = 0; i < r->n; i++) {
			all += r->run[i].run.n;
			n += mc_grouping_missing(r->grouping, t,
			    &r->run[i].run);
		}
		if (n > 0)
			r->remarks[r->n_remarks++] = mc_xasprintf("--by: %zu "
			    "of %zu rows have an empty \"%s\"%s, and are in no "
			    "subgroup", n, all, name, columns > 1 ?
			    " or another of its columns" : "");
	}
}

enum mc_status
mc_runs_read(struct mc_runs **result, const struct mc_runs_options *options,
    char *const *paths, size_t n, struct mc_err *err)
{
	struct mc_runs *r = mc_xcalloc(1, sizeof(*r));
	enum mc_status status;

	*result = NULL;
	r->options = options;
	status = parse_options(r, err);
	if (status == MC_OK)
		status = read_predictions(r, paths, n, err);
	if (status == MC_OK)
		status = make_runs(r, err);
	if (status == MC_OK && options->threshold != NULL)
		status = mc_operating_points_read(&r->points,
		    options->threshold, options->positive, r->predictions, err);
	if (status != MC_OK) {
		mc_runs_free(r);
		return status;
	}
	make_remarks(r);
	*result = r;
	return MC_OK;
}

void
mc_runs_free(struct mc_runs *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->n; i++)
		mc_pooled_clear(&r->run[i]);
	for (i = 0; i < r->n_remarks; i++)
		free(r->remarks[i]);
	free(r->run);
	free(r->remarks);
	mc_operating_points_free(r->points);
	mc_predictions_free(r->predictions);
	mc_grouping_free(r->grouping);
	free(r->classes);
	free(r);
}

size_t
mc_runs_count(const struct mc_runs *r)
{
	return r->n;
}

const struct mc_run *
mc_runs_at(const struct mc_runs *r, size_t run)
{
	return &r->run[run].run;
}

bool
mc_runs_pooled(const struct mc_runs *r)
{
	return r->options->folds == MC_FOLDS_POOL;
}

const char *
mc_runs_remark(const struct mc_runs *r, size_t i)
{
	return i < r->n_remarks ? r->remarks[i] : NULL;
}

bool
mc_runs_have_positive(const struct mc_runs_options *options)
{
	return options->positive != NULL || options->threshold != NULL;
}

enum mc_status
mc_runs_check_replicates(const struct mc_runs *r, int64_t replicates,
    struct mc_err *err)
{
	size_t there = mc_operating_points_replicates(r->points);

	if (there == 0 || (size_t)replicates <= there)
		return MC_OK;
	return mc_err_set(err, MC_EUSAGE, "--replicates: %lld, but the "
	    "thresholds of %s have only %zu: choose as many there, or give "
	    "--replicates %zu", (long long)replicates, r->options->threshold,
	    there, there);
}

/* --- Sets ----------------------------------------------------------------- */

/* Runs by all keys but some. */
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

struct mc_run_set *
mc_runs_sets(const struct mc_runs *r, unsigned except, size_t *n)
{
	struct by_keys by = { r, except };
	struct mc_run_set *sets = mc_xcalloc(r->n, sizeof(*sets) +
	    sizeof(*sets->run));
	size_t *run = (size_t *)(sets + r->n), i;

	for (i = 0; i < r->n; i++)
		run[i] = i;
	qsort_r(run, r->n, sizeof(*run), compare_runs, &by);
	*n = 0;
	for (i = 0; i < r->n; i++) {
		if (i == 0 || compare_keys(&by, run[i], run[i - 1]) != 0)
			sets[(*n)++].run = &run[i];
		sets[*n - 1].n++;
	}
	return sets;
}

/* --- Same images ---------------------------------------------------------- */

bool
mc_run_is_finding(const struct mc_run *run)
{
	return run->n_classes == MC_LABELS &&
	    strcmp(run->classes[0], mc_label_names[MC_NO]) == 0 &&
	    strcmp(run->classes[1], mc_label_names[MC_YES]) == 0;
}

/*
 * Count the images of A and B: those that A has and B lacks where MISSING, else
 * those of both whose labels differ.
 */
static size_t
count_unlike(const struct mc_run *a, const struct mc_run *b, bool missing)
{
	size_t n = 0, i, k;

	for (i = k = 0; i < a->n; i++) {
		bool there;

		while (k < b->n && b->rows[k].id < a->rows[i].id)
			k++;
		there = k < b->n && b->rows[k].id == a->rows[i].id;
		n += missing ? !there :
		    there && b->rows[k].label != a->rows[i].label;
	}
	return n;
}

/* What to do about findings that two arms have for other images; or "". */
static const char *
remedy(const struct mc_run *run)
{
	return mc_run_is_finding(run) ? ": if these are uncertain findings, "
	    "train both arms with the same mc-train --uncertain" : "";
}

/* Whether A and B are trainings of one arm, which may be named "". */
static bool
is_one_arm(const struct mc_run *a, const struct mc_run *b)
{
	return strcmp(a->key[MC_KEY_ARM], b->key[MC_KEY_ARM]) == 0 &&
	    strcmp(a->key[MC_KEY_TRAIN_SEED], b->key[MC_KEY_TRAIN_SEED]) != 0;
}

/* What must be where A and B have other images. */
static const char *
rule_of_images(const struct mc_run *a, const struct mc_run *b)
{
	if (!is_one_arm(a, b))
		return "arms must have the same images";
	return "training seeds are averaged over the same images: give one "
	    "seed of repeated splits at a time (mc-bootstrap: --train-seeds "
	    "each)";
}

/* Append "arm "m0/frozen", seed 1" to TEXT. */
static void
put_arm(const struct mc_run *run, struct mc_buf *text)
{
	const char *seed = run->key[MC_KEY_TRAIN_SEED];

	mc_buf_printf(text, "arm \"%s\"%s%s", run->key[MC_KEY_ARM],
	    *seed != '\0' ? ", seed " : "", seed);
}

/* The error that row ROW of A has an id that B has not. */
static enum mc_status
not_in(const struct mc_run *a, size_t row, const struct mc_run *b,
    struct mc_err *err)
{
	const char *task = a->key[MC_KEY_TASK];
	struct mc_buf of_a = { 0 }, of_b = { 0 };

	put_arm(a, &of_a);
	put_arm(b, &of_b);
	mc_err_at(err, MC_EDATA, mc_run_file(a, row), a->rows[row].line,
	    "%s%s%s%s lacks %zu of the %zu images of %s, such as id \"%s\": "
	    "%s%s", *task != '\0' ? "task \"" : "", task, *task != '\0' ? "\": " : "", of_b.data,
	    count_unlike(a, b, true), a->n, of_a.data, mc_run_id(a, row),
	    rule_of_images(a, b), is_one_arm(a, b) ? "" : remedy(a));
	mc_buf_free(&of_a);
	mc_buf_free(&of_b);
	return MC_EDATA;
}

/* The error that row I of A has another finding in row K of B. */
static enum mc_status
unlike_finding(const struct mc_run *a, size_t i, const struct mc_run *b,
    size_t k, struct mc_err *err)
{
	return mc_err_at(err, MC_EDATA, mc_run_file(b, k), b->rows[k].line,
	    "task \"%s\": label \"%s\", but \"%s\" at %s:%u for the same "
	    "image \"%s\"; labels that differ: %zu of %zu%s",
	    a->key[MC_KEY_TASK], b->classes[b->rows[k].label],
	    a->classes[a->rows[i].label], mc_run_file(a, i), a->rows[i].line,
	    mc_run_id(a, i), count_unlike(a, b, false), a->n, remedy(a));
}

/*
 * Check row I of A against row K of B, whose image is the same.  Equal numbers
 * are equal texts (predictions.h).
 */
static enum mc_status
check_row(const struct mc_runs *r, const struct mc_run *a, size_t i,
    const struct mc_run *b, size_t k, struct mc_err *err)
{
	const char *column = NULL, *first = NULL, *second = NULL;
	size_t width = mc_grouping_width(r->grouping), c;

	if (a->rows[i].label != b->rows[k].label && mc_run_is_finding(a) &&
	    mc_run_is_finding(b))
		return unlike_finding(a, i, b, k, err);
	if (a->rows[i].label != b->rows[k].label) {
		column = "label";
		first = a->classes[a->rows[i].label];
		second = b->classes[b->rows[k].label];
	} else if (a->rows[i].group != b->rows[k].group) {
		column = "group";
		first = mc_run_group(a, i);
		second = mc_run_group(b, k);
	} else if (a->rows[i].unit != b->rows[k].unit) {
		column = "unit";
		first = mc_run_unit(a, i);
		second = mc_run_unit(b, k);
	}
	for (c = 0; column == NULL && c < width; c++) {
		if (a->further[i * width + c] == b->further[k * width + c])
			continue;
		column = mc_grouping_columns(r->grouping)[c];
		first = mc_run_further(a, i, c);
		second = mc_run_further(b, k, c);
	}
	if (column == NULL)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_run_file(b, k), b->rows[k].line,
	    "column \"%s\": \"%s\", but \"%s\" at %s:%u for the same image "
	    "\"%s\"", column, second, first, mc_run_file(a, i),
	    a->rows[i].line, mc_run_id(a, i));
}

enum mc_status
mc_runs_check_same(const struct mc_runs *r, size_t first, size_t second,
    struct mc_err *err)
{
	const struct mc_run *a = mc_runs_at(r, first);
	const struct mc_run *b = mc_runs_at(r, second);
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; (i < a->n || i < b->n) && status == MC_OK; i++) {
		if (i == b->n || (i < a->n &&
		    a->rows[i].id < b->rows[i].id))
			return not_in(a, i, b, err);
		if (i == a->n || a->rows[i].id > b->rows[i].id)
			return not_in(b, i, a, err);
		status = check_row(r, a, i, b, i, err);
	}
	return status;
}

enum mc_status
mc_runs_shared(const struct mc_runs *r, size_t first, size_t second,
    size_t *shared, struct mc_err *err)
{
	const struct mc_run *a = mc_runs_at(r, first);
	const struct mc_run *b = mc_runs_at(r, second);
	enum mc_status status = MC_OK;
	size_t i = 0, k = 0;

	*shared = 0;
	while (i < a->n && k < b->n && status == MC_OK) {
		if (a->rows[i].id < b->rows[k].id) {
			i++;
		} else if (a->rows[i].id > b->rows[k].id) {
			k++;
		} else {
			status = check_row(r, a, i++, b, k++, err);
			++*shared;
		}
	}
	return status;
}
