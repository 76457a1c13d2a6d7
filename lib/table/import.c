/* import.c - import predictions made elsewhere. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/softmax.h"
#include "base/spelling.h"
#include "table/import_internal.h"
#include "table/probability.h"

struct import {
	const struct mc_import *how;
	struct mc_import_input in;
	size_t *label;		/* classes, by row */
	size_t *predicted;	/* likewise, or NULL */
	size_t *ranked;		/* likewise, by row and column, or NULL */
	double *p;		/* by row and class; NULL: there are none */
	double *o;		/* likewise, log odds; NULL: not of logits, or p
				   tells the order */
	int decimals;		/* the most that a p has, or enough of them */
};

/* --- Classes -------------------------------------------------------------- */

static enum mc_status
no_class(const struct import *x, struct mc_field c, struct mc_err *err)
{
	const char *text = mc_field_text(c);
	char *list;

	if (*text == '\0')
		return mc_field_wrong(c, err, "empty: leave such rows out");
	if (mc_import_is_list(text))
		return mc_import_list_wrong(c, err);
	list = mc_import_classes(&x->in);
	mc_field_wrong(c, err, "\"%s\" is not one of the classes: %s", text,
	    list);
	free(list);
	return MC_EDATA;
}

/* A column of classes, or several: N fields, and what they may be. */
struct coded {
	size_t n;
	struct mc_field *fields;
	size_t **classes;	/* where they go, unless n is 0 */
	size_t name, number;	/* the first that is no name, that is no number,
				   N: each is one */
	size_t neither;		/* that is neither */
	size_t differs;		/* that is another class as a name than as a
				   number */
};

static void
see_readings(const struct import *x, struct coded *c)
{
	size_t i;

	c->name = c->number = c->neither = c->differs = c->n;
	for (i = c->n; i-- > 0;) {
		const char *text = mc_field_text(c->fields[i]);
		size_t name = mc_names_find(x->in.classes, text);
		size_t number = mc_import_class(&x->in, text);

		if (name == MC_NO_NAME)
			c->name = i;
		if (number == MC_NO_NAME)
			c->number = i;
		if (name == MC_NO_NAME && number == MC_NO_NAME)
			c->neither = i;
		else if (name != number)
			c->differs = i;
	}
}

/* Whether all of C may be names, and may be numbers of other classes. */
static bool
is_ambiguous(const struct coded *c)
{
	return c->name == c->n && c->number == c->n && c->differs < c->n;
}

static enum mc_status
ambiguous(const struct import *x, struct mc_field c, struct mc_err *err)
{
	const char *text = mc_field_text(c);
	const char *scores = x->how->scores;
	bool needed = x->how->positive != NULL || x->how->ranked != NULL ||
	    (scores != NULL && strchr(scores, '*') == NULL);

	return mc_field_wrong(c, err, "\"%s\" is a class by name, and by number "
	    "from 0 it is class \"%s\": if it is a name, %s; if it is a number, "
	    "call the classes otherwise in --classes, as in c1,c2", text,
	    mc_names_at(x->in.classes, mc_import_class(&x->in, text)),
	    needed ? "write words for names in the file" :
	    "leave out --classes");
}

/*
 * The classes of N columns, all by name or all by number where a column may be
 * either: as those columns are that can be only one of them.
 */
static enum mc_status
name_columns(const struct import *x, struct coded *columns, size_t n,
    struct mc_err *err)
{
	bool names = x->in.by_name, numbers = x->in.by_number;
	size_t j, i;

	for (j = 0; j < n; j++) {
		struct coded *c = &columns[j];

		see_readings(x, c);
		if (c->name < c->n && c->number < c->n)
			return no_class(x, c->fields[c->neither < c->n ?
			    c->neither : c->name], err);
		names |= c->number < c->n;
		numbers |= c->name < c->n;
	}
	for (j = 0; j < n; j++) {
		struct coded *c = &columns[j];
		bool by_name = is_ambiguous(c) ? names : c->name == c->n;

		if (c->n == 0)
			continue;	/* there is no such column */
		if (is_ambiguous(c) && names == numbers)
			return ambiguous(x, c->fields[c->differs], err);
		*c->classes = mc_xcalloc(c->n, sizeof(**c->classes));
		for (i = 0; i < c->n; i++) {
			const char *text = mc_field_text(c->fields[i]);

			(*c->classes)[i] = by_name ?
			    mc_names_find(x->in.classes, text) :
			    mc_import_class(&x->in, text);
		}
	}
	return MC_OK;
}

/* --- Classes that nobody declared ----------------------------------------- */

static void
add_classes_seen(struct import *x, const struct coded *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		const char *text = mc_field_text(c->fields[i]);

		if (*text != '\0' && !mc_import_is_list(text))
			mc_names_add(x->in.classes, text);
	}
}

/* The first field of N columns whose text is that of class K. */
static struct mc_field
find_class(const struct import *x, const struct coded *columns, size_t n,
    size_t k)
{
	const char *name = mc_names_at(x->in.classes, k);
	size_t j, i;

	for (j = 0; j < n; j++) {
		for (i = 0; i < columns[j].n; i++) {
			if (strcmp(mc_field_text(columns[j].fields[i]),
			    name) == 0)
				return columns[j].fields[i];
		}
	}
	return columns[0].fields[0];
}

static enum mc_status
check_spellings(const struct import *x, const struct coded *columns, size_t n,
    struct mc_err *err)
{
	size_t k = mc_names_count(x->in.classes), a, b, i;
	const char **name = mc_xcalloc(k, sizeof(*name));
	bool numbers = true, found;
	struct mc_field first;

	for (i = 0; i < k; i++)
		name[i] = mc_names_at(x->in.classes, i);
	found = mc_two_spellings(name, k, &a, &b);
	for (i = 0; i < k; i++)
		numbers = numbers && mc_parse_f64(name[i], 0, 1e6,
		    &(double){ 0 }, NULL) == MC_OK;
	if (!found) {
		free(name);
		return MC_OK;
	}
	first = find_class(x, columns, n, a);
	mc_field_wrong(find_class(x, columns, n, b), err, "\"%s\" and \"%s\" "
	    "(column \"%s\", line %lld) are two spellings of one class: write "
	    "one of them%s", name[b], name[a],
	    mc_table_column(first.t, first.column),
	    (long long)mc_table_line(first.t, first.row), numbers ?
	    ", or let numbers from 0 count those of --classes" : "");
	free(name);
	return MC_EDATA;
}

/* Some prediction must be a label: else their codings differ. */
static enum mc_status
check_overlap(const struct coded *label, const struct coded *predicted,
    struct mc_err *err)
{
	struct mc_names *labels = mc_names_alloc();
	size_t i;

	for (i = 0; i < label->n; i++)
		mc_names_add(labels, mc_field_text(label->fields[i]));
	for (i = 0; i < predicted->n; i++) {
		if (mc_names_find(labels, mc_field_text(
		    predicted->fields[i])) != MC_NO_NAME)
			break;
	}
	mc_names_free(labels);
	if (i < predicted->n || i == 0)
		return MC_OK;
	return mc_field_wrong(predicted->fields[0], err, "\"%s\", and no "
	    "prediction is a label, such as \"%s\": if these are numbers, give "
	    "their names in order with --classes; if all are wrong, give all "
	    "classes with it", mc_field_text(predicted->fields[0]),
	    mc_field_text(label->fields[0]));
}

/* --- The columns of classes ----------------------------------------------- */

static struct coded
coded_columns(size_t n, size_t **classes)
{
	return (struct coded){ .n = n, .classes = classes,
	    .fields = mc_xcalloc(n, sizeof(struct mc_field)) };
}

/* The labels, the predictions and the ranked classes, as far as there are. */
static enum mc_status
name_classes(struct import *x, struct mc_err *err)
{
	size_t n = x->in.n_rows, k = x->how->ranked != NULL ?
	    mc_names_count(x->in.classes) : 0, i, j;
	bool said = x->how->predicted != NULL;
	struct coded columns[] = { coded_columns(n, &x->label),
	    coded_columns(said ? n : 0, &x->predicted),
	    coded_columns(n * k, &x->ranked) };
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++) {
		const struct mc_import_row *r = &x->in.rows[i];

		columns[0].fields[i] = mc_import_wanted(&x->in, r,
		    MC_IMPORT_LABEL);
		if (said)
			columns[1].fields[i] = (struct mc_field){ r->file->t,
			    r->row, (size_t)r->file->predicted };
		for (j = 0; j < k; j++)
			columns[2].fields[i * k + j] = (struct mc_field){
			    r->file->t, r->row, r->file->ranked.column[j] };
	}
	if (x->how->scores == NULL && x->how->classes == NULL) {
		add_classes_seen(x, &columns[0]);
		add_classes_seen(x, &columns[1]);
		status = check_spellings(x, columns, 2, err);
	}
	if (status == MC_OK)
		status = name_columns(x, columns, 3, err);
	if (status == MC_OK && x->how->scores == NULL &&
	    x->how->classes == NULL)
		status = check_overlap(&columns[0], &columns[1], err);
	for (i = 0; i < 3; i++)
		free(columns[i].fields);
	return status;
}

/* --- Probabilities -------------------------------------------------------- */

/* The scores of row I into P, by class, or the only one into P[0]. */
static enum mc_status
read_scores(struct import *x, size_t i, double *p, struct mc_err *err)
{
	const struct mc_import_row *r = &x->in.rows[i];
	const struct mc_column_list *scores = &r->file->scores;
	size_t n = scores->n, j, k;
	enum mc_status status;

	for (k = 0; k < n; k++)
		p[k] = NAN;
	for (j = 0; j < n; j++) {
		k = x->ranked != NULL ? x->ranked[i * n + j] : j;
		if (!isnan(p[k]))
			return mc_field_wrong(mc_import_whole(r), err,
			    "class \"%s\" is "
			    "given twice", mc_names_at(x->in.classes, k));
		status = mc_import_score((struct mc_field){ r->file->t,
		    r->row, scores->column[j] }, &p[k], &x->decimals, err);
		if (status != MC_OK)
			return status;
	}
	return MC_OK;
}

/* From the score of --positive in P[0] to both classes' in P. */
static void
complete_pair(const struct import *x, double *p)
{
	size_t positive = mc_names_find(x->in.classes, x->how->positive);
	double score = p[0];

	p[positive] = score;
	p[1 - positive] = x->how->logits ? 0 : fmax(1 - score, 0);
}

/* Say where the numbers P of row I are no probabilities. */
static enum mc_status
check_p(const struct import *x, size_t i, const double *p, struct mc_err *err)
{
	const struct mc_import_row *r = &x->in.rows[i];
	const struct mc_column_list *scores = &r->file->scores;
	size_t n = scores->n, j, bad;
	struct mc_err why;

	if (mc_check_probabilities(p, n, x->decimals, "give --logit", &bad,
	    &why) == MC_OK)
		return MC_OK;
	if (bad == n)
		return mc_field_wrong(mc_import_whole(r), err, "%s", why.text);
	for (j = 0; j < n && x->ranked != NULL; j++) {
		if (x->ranked[i * n + j] == bad)
			break;
	}
	return mc_field_wrong((struct mc_field){ r->file->t, r->row,
	    scores->column[x->ranked != NULL ? j : bad] }, err, "%s",
	    why.text);
}

/* Read the scores of all rows into x->p, and of logits also x->o. */
static enum mc_status
read_all(struct import *x, struct mc_err *err)
{
	size_t n = mc_names_count(x->in.classes), i;
	enum mc_status status = MC_OK;

	x->p = mc_xcalloc(x->in.n_rows, n * sizeof(*x->p));
	if (x->how->logits)
		x->o = mc_xcalloc(x->in.n_rows, n * sizeof(*x->o));
	for (i = 0; i < x->in.n_rows && status == MC_OK; i++)
		status = read_scores(x, i, x->p + i * n, err);
	for (i = 0; i < x->in.n_rows && status == MC_OK; i++) {
		double *p = x->p + i * n;

		if (!x->how->logits)
			status = check_p(x, i, p, err);
		if (x->how->positive != NULL)
			complete_pair(x, p);
		if (!x->how->logits)
			continue;
		mc_log_odds(p, n, x->o + i * n);
		mc_softmax_f64(p, n);
	}
	if (status == MC_OK && x->o != NULL &&
	    !mc_ties_hide_order(x->p, x->o, x->in.n_rows, n)) {
		free(x->o);
		x->o = NULL;
	}
	return status;
}

/* The class predicted in row I, whose probabilities are P or NULL. */
static enum mc_status
choose_predicted(const struct import *x, size_t i, const double *p,
    size_t *class, struct mc_err *err)
{
	const struct mc_import_row *r = &x->in.rows[i];
	size_t best;

	if (x->predicted != NULL)
		*class = x->predicted[i];
	if (p == NULL)
		return MC_OK;
	best = mc_argmax(p, mc_names_count(x->in.classes));
	if (x->predicted == NULL)
		*class = best;
	if (p[*class] < p[best])
		return mc_field_wrong((struct mc_field){ r->file->t, r->row,
		    (size_t)r->file->predicted }, err, "\"%s\", but \"%s\" is "
		    "more probable: leave out --predicted, or the "
		    "probabilities", mc_names_at(x->in.classes, *class),
		    mc_names_at(x->in.classes, best));
	return MC_OK;
}

/* --- The table ------------------------------------------------------------ */

static enum mc_status
add_row(const struct import *x, size_t i, const struct mc_import_scores *scores,
    struct mc_table *t, struct mc_err *err)
{
	struct mc_import_output row = { .of = &x->in.rows[i],
	    .task = x->how->constant[MC_KEY_TASK],
	    .label = mc_names_at(x->in.classes, x->label[i]) };
	enum mc_status status;
	size_t class = 0;

	if (x->p != NULL)
		row.p = x->p + i * scores->n;
	if (x->o != NULL)
		row.o = x->o + i * scores->n;
	status = choose_predicted(x, i, row.p, &class, err);
	if (status != MC_OK)
		return status;
	row.predicted = mc_names_at(x->in.classes, class);
	return mc_import_table_add(t, &x->in, scores, &row, err);
}

static enum mc_status
make_table(const struct import *x, struct mc_table **t, struct mc_err *err)
{
	size_t n = mc_names_count(x->in.classes), i;
	const char **class = mc_xcalloc(n, sizeof(*class));
	const struct mc_import_scores scores = { .classes = class,
	    .n = x->p != NULL ? n : 0, .odds = x->o != NULL };
	enum mc_status status;

	for (i = 0; i < n; i++)
		class[i] = mc_names_at(x->in.classes, i);
	status = mc_import_table(t, &x->in, &scores, err);
	for (i = 0; i < x->in.n_rows && status == MC_OK; i++)
		status = add_row(x, i, &scores, *t, err);
	free(class);
	return status;
}

static enum mc_status
read_classes(struct import *x, struct mc_table **t, struct mc_err *err)
{
	enum mc_status status = name_classes(x, err);

	if (status == MC_OK && x->how->scores != NULL)
		status = read_all(x, err);
	if (status == MC_OK)
		status = make_table(x, t, err);
	free(x->label);
	free(x->predicted);
	free(x->ranked);
	free(x->p);
	free(x->o);
	return status;
}

enum mc_status
mc_import_read(struct mc_table **t, char *const *paths, size_t n,
    const struct mc_import *how, struct mc_err *err)
{
	struct import x = { .how = how };
	enum mc_status status;

	*t = NULL;
	status = mc_import_open(&x.in, paths, n, how, err);
	if (status == MC_OK)
		status = mc_import_rows(&x.in, err);
	if (status == MC_OK)
		status = how->multilabel ?
		    mc_import_findings(t, &x.in, err) :
		    read_classes(&x, t, err);
	mc_import_close(&x.in);
	if (status != MC_OK) {
		mc_table_free(*t);
		*t = NULL;
	}
	return status;
}
