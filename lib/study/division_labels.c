/* division_labels.c - the classes or findings that a division stratifies by. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study/division_internal.h"

#define MOST_SAID 5		/* lines on classes */

const char **
div_texts(const struct mc_division *s, int column)
{
	const char **text = mc_xreallocarray(NULL, s->rows, sizeof(*text));
	size_t row;

	for (row = 0; row < s->rows; row++)
		text[row] = div_field(s, row, column);
	return text;
}

/* Labels that hold several findings are not classes. */
static enum mc_status
check_joined(const struct mc_division *s, const char *const *text,
    struct mc_err *err)
{
	const char *example;
	size_t n = mc_labels_joined(text, s->rows, &example);

	if (n == 0)
		return MC_OK;
	if (s->o->check)
		return mc_err_set(err, MC_EDATA, "%s: %zu label%s hold%s "
		    "\"|\", such as \"%s\": give --multilabel to count each "
		    "finding, or --stratify none to count the images",
		    mc_table_name(s->t), n, MC_PLURAL(n),
		    n == 1 ? "s" : "", example);
	mc_say(s->o->warn, "%s: %zu label%s hold%s \"|\", such as \"%s\": each "
	    "is treated as a class of its own; give --multilabel to stratify "
	    "by each finding", mc_table_name(s->t), n, MC_PLURAL(n),
	    n == 1 ? "s" : "", example);
	return MC_OK;
}

/* The labels of several columns. */
static enum mc_status
read_columns(struct mc_division *s, struct mc_err *err)
{
	size_t n = s->n_strata, i;
	const char ***text = mc_xcalloc(n, sizeof(*text));
	const char **name = mc_xcalloc(n, sizeof(*name));
	enum mc_status status = MC_OK;

	for (i = 0; i < n; i++) {
		text[i] = div_texts(s, s->strata[i]);
		name[i] = mc_table_column(s->t, (size_t)s->strata[i]);
		if (status == MC_OK)
			status = check_joined(s, text[i], err);
	}
	if (status == MC_OK)
		mc_labels_of_columns(&s->labels, text, name, n, s->rows);
	for (i = 0; i < n; i++)
		free(text[i]);
	free(text);
	free(name);
	return status;
}

enum mc_status
div_read_labels(struct mc_division *s, struct mc_err *err)
{
	enum mc_status status;
	struct mc_findings *f;
	const char **text;

	if (s->o->multilabel && s->stratify >= 0) {
		status = mc_findings_read(&f, &s->m, s->stratify,
		    s->o->no_finding, err);
		if (status == MC_OK) {
			mc_findings_say_unused(f, mc_table_name(s->t),
			    s->o->warn);
			mc_labels_of_findings(&s->labels, f, s->rows);
		}
		mc_findings_free(f);
		return status;
	}
	if (s->n_strata > 1)
		return read_columns(s, err);
	text = div_texts(s, s->stratify);
	status = check_joined(s, text, err);
	if (status == MC_OK)
		mc_labels_of_texts(&s->labels, text, s->rows);
	free(text);
	return status;
}

/* Refuse a column to stratify by that is empty in some rows. */
static enum mc_status
check_filled(const struct mc_division *s, int column, struct mc_err *err)
{
	size_t empty = div_empty(s, column), row = 0;

	if (empty == 0)
		return MC_OK;
	while (*div_field(s, row, column) != '\0')
		row++;
	return mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, row), "column \"%s\": empty (%zu such row%s): "
	    "fill it, or give --stratify none",
	    mc_table_column(s->t, (size_t)column), empty,
	    MC_PLURAL(empty));
}

enum mc_status
div_check_labels(struct mc_division *s, struct mc_err *err)
{
	const char *column = s->o->stratify != NULL ? s->o->stratify : "label";
	enum mc_status status = MC_OK;
	size_t i;

	if (s->n_strata == 0 && div_empty(s, s->stratify) == s->rows) {
		mc_say(s->o->warn, s->stratify < 0 ? "%s: no column \"%s\": "
		    "nothing is stratified" : "%s: column \"%s\" is empty: "
		    "nothing is stratified", mc_table_name(s->t), column);
		s->stratify = -1;
		return MC_OK;
	}
	if (s->n_strata == 0)
		return check_filled(s, s->stratify, err);
	for (i = 0; i < s->n_strata && status == MC_OK; i++)
		status = check_filled(s, s->strata[i], err);
	return status;
}

/* How many units have rows of CLASS that are in a part. */
static size_t
units_of_class(const struct mc_division *s, const uint32_t *part, size_t class)
{
	bool *seen = mc_xcalloc(s->units.n, sizeof(*seen));
	size_t row, i, n = 0;

	for (row = 0; row < s->rows; row++) {
		uint32_t unit = s->units.of_row[row];

		for (i = s->labels.first[row]; i < s->labels.first[row + 1];
		    i++) {
			if (s->labels.of[i] != class || part[row] == NO_PART ||
			    seen[unit])
				continue;
			seen[unit] = true;
			n++;
		}
	}
	free(seen);
	return n;
}

/* The parts in which IMAGES is 0, by NAMES or from 1; the caller frees it. */
static char *
list_empty(const size_t *images, size_t parts, const char *const *names)
{
	struct mc_buf list = { 0 };
	size_t p;

	for (p = 0; p < parts; p++) {
		if (images[p] > 0)
			continue;
		if (list.len > 0)
			mc_buf_puts(&list, ", ");
		if (names != NULL)
			mc_buf_puts(&list, names[p]);
		else
			mc_buf_printf(&list, "%zu", p + 1);
	}
	return list.data;
}

/*
 * The images of each class in each of the parts: an array of classes x parts,
 * to be freed.
 */
static size_t *
count_images(const struct mc_division *s, const uint32_t *part,
    const struct div_parts *p)
{
	const struct mc_labels *l = &s->labels;
	size_t classes = mc_names_count(l->names), row, i, c;
	size_t *images = mc_xcalloc(classes * p->n, sizeof(*images));

	for (row = 0; row < s->rows; row++) {
		for (i = l->first[row]; i < l->first[row + 1] &&
		    part[row] != NO_PART; i++)
			images[l->of[i] * p->n + part[row]]++;
	}
	for (c = 0; c < classes * p->n && p->nested; c++) {
		if (c % p->n > 0)
			images[c] += images[c - 1];
	}
	return images;
}

void
div_warn_classes(const struct mc_division *s, const uint32_t *part,
    const struct div_parts *p)
{
	const struct mc_labels *l = &s->labels;
	size_t classes = mc_names_count(l->names), c, n, said = 0;
	size_t *images = count_images(s, part, p);
	const char *what = s->o->multilabel ? "finding" : "class";
	char *empty;

	for (c = 0; c < classes && s->stratify >= 0; c++) {
		empty = list_empty(images + c * p->n, p->n, p->names);
		if (empty == NULL)
			continue;
		n = units_of_class(s, part, c);
		if (n > 0 && said++ < MOST_SAID)
			mc_say(s->o->warn, "%s: %s \"%s\" has %zu group%s, and "
			    "none in %s %s", mc_table_name(s->t), what,
			    mc_names_at(l->names, c), n, MC_PLURAL(n),
			    p->kind, empty);
		free(empty);
	}
	if (said > MOST_SAID)
		mc_say(s->o->warn, "%s: %zu more %s missing in a %s",
		    mc_table_name(s->t), said - MOST_SAID,
		    said > MOST_SAID + 1 ? s->o->multilabel ? "findings are" :
		    "classes are" : s->o->multilabel ? "finding is" :
		    "class is", p->kind);
	free(images);
}
