/* predictions_classes.c - find the classes of each task in its labels. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "table/predictions_internal.h"
#include "table/probability.h"

#define MAX_CLASSES	1000

/* So many images of one class are not all wrong, without a word of the class. */
#define ENOUGH_ROWS	10

/* --- Classes -------------------------------------------------------------- */

static void
classes_of(const struct mc_names *names, struct mc_predictions_task *task)
{
	size_t k;

	task->n_classes = mc_names_count(names);
	task->classes = mc_xcalloc(task->n_classes, sizeof(*task->classes));
	for (k = 0; k < task->n_classes; k++)
		task->classes[k] = mc_names_at(names, k);
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The labels and predictions of N runs, in byte order. */
static void
classes_seen(const struct mc_predictions *p,
    struct mc_predictions_run *const *runs, size_t n,
    struct mc_predictions_task *task)
{
	size_t n_labels = mc_names_count(p->labels), c, i;
	bool *seen = mc_xcalloc(n_labels, sizeof(*seen));

	for (c = 0; c < n; c++) {
		for (i = 0; i < runs[c]->shown.n; i++) {
			const struct mc_prediction *r = &runs[c]->rows[i];

			seen[r->label] = true;
			if (r->predicted >= 0)
				seen[r->predicted] = true;
		}
	}
	task->classes = mc_xcalloc(n_labels, sizeof(*task->classes));
	for (i = 0; i < n_labels; i++) {
		if (seen[i])
			task->classes[task->n_classes++] =
			    mc_names_at(p->labels, i);
	}
	free(seen);
	qsort(task->classes, task->n_classes, sizeof(*task->classes),
	    compare_texts);
}

/* The first row of N runs whose label or prediction is TEXT, or NULL. */
static const struct mc_prediction *
find_label(const struct mc_predictions *p,
    struct mc_predictions_run *const *runs, size_t n, const char *text)
{
	size_t number = mc_names_find(p->labels, text), c, i;

	for (c = 0; c < n && number != MC_NO_NAME; c++) {
		for (i = 0; i < runs[c]->shown.n; i++) {
			const struct mc_prediction *r = &runs[c]->rows[i];

			if (r->label == (int32_t)number ||
			    r->predicted == (int32_t)number)
				return r;
		}
	}
	return NULL;
}

/* No two classes of the task may be spellings of one. */
static enum mc_status
check_spellings(const struct mc_predictions *p,
    struct mc_predictions_run *const *runs, size_t n,
    const struct mc_predictions_task *task, struct mc_err *err)
{
	const char *file = p->files[runs[0]->rows[0].file].name;
	const struct mc_prediction *first, *second;
	size_t a, b;

	if (!mc_two_spellings(task->classes, task->n_classes, &a, &b))
		return MC_OK;
	first = find_label(p, runs, n, task->classes[a]);
	second = find_label(p, runs, n, task->classes[b]);
	if (first == NULL || second == NULL)
		return mc_err_at(err, MC_EDATA, file, 0, "\"%s\" and \"%s\" "
		    "are two spellings of one class: write one of them",
		    task->classes[a], task->classes[b]);
	return mc_err_at(err, MC_EDATA, p->files[second->file].name,
	    second->line, "\"%s\" here and \"%s\" at %s:%lu are two spellings "
	    "of one class: write one of them", task->classes[b],
	    task->classes[a], p->files[first->file].name,
	    (unsigned long)first->line);
}

/*
 * Each arm must predict something that is a label: else its accuracy is 0, as
 * that of predictions in another coding is.  A few images of one class may all
 * be wrong.
 */
static enum mc_status
check_overlap(const struct mc_predictions *p,
    struct mc_predictions_run *const *runs, size_t n, struct mc_err *err)
{
	bool *is_label = mc_xcalloc(mc_names_count(p->labels),
	    sizeof(*is_label));
	const struct mc_prediction *r = NULL;
	size_t n_labels = 0, n_rows = 0, c, i;
	enum mc_status status = MC_OK;

	for (c = 0; c < n; c++) {
		for (i = 0; i < runs[c]->shown.n; i++, n_rows++) {
			r = &runs[c]->rows[i];
			n_labels += !is_label[r->label];
			is_label[r->label] = true;
		}
	}
	for (c = 0; c < n && status == MC_OK &&
	    (n_labels > 1 || n_rows >= ENOUGH_ROWS); c++) {
		for (i = 0; i < runs[c]->shown.n; i++) {
			r = &runs[c]->rows[i];
			if (r->predicted < 0 || is_label[r->predicted])
				break;
		}
		if (i == runs[c]->shown.n)
			status = mc_err_at(err, MC_EDATA,
			    p->files[r->file].name, r->line,
			    "column \"predicted\": \"%s\", and no prediction of "
			    "the arm is a label of the task, such as \"%s\": "
			    "spell both the same way, or declare the classes "
			    "with --classes", mc_names_at(p->labels,
			    (size_t)r->predicted), mc_names_at(p->labels,
			    (size_t)r->label));
	}
	free(is_label);
	return status;
}

/* Choose the classes of the task whose N runs these are. */
static enum mc_status
choose_classes(const struct mc_predictions *p,
    struct mc_predictions_run *const *runs, size_t n,
    struct mc_predictions_task *task, struct mc_err *err)
{
	const char *name = runs[0]->shown.key[MC_KEY_TASK];
	const char *file = p->files[runs[0]->rows[0].file].name;
	enum mc_status status;

	if (p->declared != NULL)
		classes_of(p->declared, task);
	else if (task->columns != NULL)
		classes_of(task->columns, task);
	else
		classes_seen(p, runs, n, task);
	if (task->n_classes < 2)
		return mc_err_at(err, MC_EDATA, file, 0, "the only class of "
		    "task \"%s\" is \"%s\": declare the others with --classes",
		    name, task->classes[0]);
	if (task->n_classes > MAX_CLASSES)
		return mc_err_at(err, MC_EDATA, file, 0, "task \"%s\" has %zu "
		    "classes, more than %d: is \"label\" the right column?",
		    name, task->n_classes, MAX_CLASSES);
	status = check_spellings(p, runs, n, task, err);
	if (status == MC_OK && p->declared == NULL && task->columns == NULL)
		status = check_overlap(p, runs, n, err);
	return status;
}

/* --- From labels to classes ----------------------------------------------- */

static enum mc_status
not_a_class(const struct mc_predictions *p, const struct mc_prediction *r,
    const char *column, int32_t label, const struct mc_predictions_task *task,
    struct mc_err *err)
{
	struct mc_buf list = { 0 };
	size_t k;

	for (k = 0; k < task->n_classes; k++)
		mc_buf_printf(&list, "%s%s", k > 0 ? ", " : "",
		    task->classes[k]);
	mc_err_at(err, MC_EDATA, p->files[r->file].name, r->line,
	    "column \"%s\": \"%s\" is not one of the classes: %s", column,
	    label < 0 ? "" : mc_names_at(p->labels, (size_t)label),
	    list.data);
	mc_buf_free(&list);
	return MC_EDATA;
}

/*
 * Turn R's predicted from a label into a class: the one that the column says,
 * or the most probable of P, which may be NULL.
 */
static enum mc_status
set_predicted(const struct mc_predictions *p, struct mc_prediction *r,
    const double *probability, const int32_t *class_of,
    const struct mc_predictions_task *task, struct mc_err *err)
{
	int32_t said = r->predicted < 0 ? -1 : class_of[r->predicted];
	size_t best = 0, k;

	for (k = 1; probability != NULL && k < task->n_classes; k++) {
		if (probability[k] > probability[best])
			best = k;
	}
	if (said < 0 && (r->predicted >= 0 || probability == NULL))
		return not_a_class(p, r, "predicted", r->predicted, task, err);
	if (said >= 0 && probability != NULL &&
	    probability[said] < probability[best])
		return mc_err_at(err, MC_EDATA, p->files[r->file].name, r->line,
		    "column \"predicted\": \"%s\", but \"%s\" is more "
		    "probable: correct the column, or leave it out",
		    task->classes[said], task->classes[best]);
	r->predicted = said >= 0 ? said : (int32_t)best;
	return MC_OK;
}

/* Whether row I of the run has probabilities, and log odds that are theirs. */
static enum mc_status
check_scores(const struct mc_predictions *p,
    const struct mc_predictions_run *run, size_t i,
    const struct mc_predictions_task *task, struct mc_err *err)
{
	const struct mc_prediction *r = &run->rows[i];
	const double *probability = run->p + i * run->n_p;
	const double *o = run->has_o ? run->o + i * run->n_p : NULL;
	const char *file = p->files[r->file].name;
	struct mc_err why;
	size_t bad, k;

	if (mc_check_probabilities(probability, run->n_p, run->decimals,
	    "mc-import --logit makes probabilities of them", &bad, &why) !=
	    MC_OK)
		return bad == run->n_p ?
		    mc_err_at(err, MC_EDATA, file, r->line, "%s", why.text) :
		    mc_err_at(err, MC_EDATA, file, r->line,
		    "column \"p:%s\": %s", task->classes[bad], why.text);
	for (k = 0; o != NULL && k < run->n_p; k++) {
		if (!mc_is_log_odds(o[k], probability[k], run->decimals))
			return mc_err_at(err, MC_EDATA, file, r->line,
			    "column \"o:%s\": %.10g is not the log odds of %.10g "
			    "in column \"p:%s\": correct the o: columns, or "
			    "leave them out", task->classes[k], o[k],
			    probability[k], task->classes[k]);
	}
	return MC_OK;
}

/* Finish a run of the task; CLASS_OF has the class of each label, or -1. */
static enum mc_status
finish_run(const struct mc_predictions *p, struct mc_predictions_run *run,
    const int32_t *class_of, const struct mc_predictions_task *task,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_run *shown = &run->shown;
	size_t i;

	for (i = 0; i < shown->n && status == MC_OK; i++) {
		struct mc_prediction *r = &run->rows[i];
		int32_t label = class_of[r->label];

		if (run->n_p > 0)
			status = check_scores(p, run, i, task, err);
		if (status != MC_OK)
			break;
		if (label < 0)
			return not_a_class(p, r, "label", r->label, task, err);
		r->label = label;
		status = set_predicted(p, r,
		    run->n_p > 0 ? run->p + i * run->n_p : NULL, class_of,
		    task, err);
	}
	shown->classes = task->classes;
	shown->n_classes = task->n_classes;
	shown->classes_declared = p->declared != NULL || task->columns != NULL;
	shown->rows = run->rows;
	shown->p = run->p;
	shown->o = run->o;
	shown->further = run->further;
	shown->table = p;
	return status;
}

/* Finish N runs, all those of one task. */
static enum mc_status
finish_task(struct mc_predictions *p, struct mc_predictions_run *const *runs,
    size_t n, int32_t *class_of, struct mc_err *err)
{
	struct mc_predictions_task *task = &p->tasks[runs[0]->task];
	size_t n_labels = mc_names_count(p->labels), c, k, label;
	enum mc_status status;

	status = choose_classes(p, runs, n, task, err);
	if (status != MC_OK)
		return status;
	for (label = 0; label < n_labels; label++)
		class_of[label] = -1;
	for (k = 0; k < task->n_classes; k++) {
		label = mc_names_find(p->labels, task->classes[k]);
		if (label != MC_NO_NAME)
			class_of[label] = (int32_t)k;
	}
	for (c = 0; c < n && status == MC_OK; c++)
		status = finish_run(p, runs[c], class_of, task, err);
	return status;
}

enum mc_status
mc_predictions_classify(struct mc_predictions *p, struct mc_err *err)
{
	int32_t *class_of = mc_xcalloc(mc_names_count(p->labels),
	    sizeof(*class_of));
	enum mc_status status = MC_OK;
	size_t c, end;

	for (c = 0; c < p->n_runs && status == MC_OK; c = end) {
		for (end = c + 1; end < p->n_runs &&
		    p->runs[end]->task == p->runs[c]->task; end++)
			;
		status = finish_task(p, p->runs + c, end - c, class_of, err);
	}
	free(class_of);
	return status;
}
