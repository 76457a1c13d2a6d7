/*
 * index_findings.c - read the findings of images from a table of metadata.
 *
 * Either one column per finding, 1, 0, -1 or empty, or one column that holds
 * all: joined by |, or as Python prints a list.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/findings.h"
#include "table/index_internal.h"

static void
add_finding(struct mc_buf *label, const char *name, size_t n)
{
	if (label->len > 0)
		mc_buf_puts(label, "|");
	mc_buf_add(label, name, n);
}

/* --- One column per finding ----------------------------------------------- */

/* Read what COLUMN says in the row AT: 1, 0 or -1. */
static enum mc_status
read_entry(const struct index_row *at, size_t column, int *entry,
    struct mc_err *err)
{
	const char *text = mc_table_get(at->t, at->row, column);
	enum mc_status status;
	double v = 0;

	if (*text != '\0') {
		status = mc_table_f64(at->t, at->row, column, -1, 1, &v,
		    err);
		if (status != MC_OK)
			return status;
	}
	*entry = v < 0 ? -1 : v > 0;
	if (v == *entry)
		return MC_OK;
	return mc_err_at(err, MC_EDATA, mc_table_name(at->t),
	    mc_table_line(at->t, at->row), "column \"%s\": \"%s\" is not 1 (yes), 0 "
	    "(no), -1 (uncertain) or empty (no)",
	    mc_table_column(at->t, column), text);
}

/* Add the findings of the row AT to LABEL.  *BARE: no column has an entry. */
static enum mc_status
read_columns(const struct metadata *m, const struct index_row *at,
    struct mc_buf *label, bool *bare, struct mc_err *err)
{
	const struct mc_column_list *list = &m->finding;
	enum mc_status status;
	size_t i;
	int entry;

	*bare = true;
	for (i = 0; i < list->n; i++) {
		status = read_entry(at, list->column[i], &entry, err);
		if (status != MC_OK)
			return status;
		if (*mc_table_get(at->t, at->row, list->column[i]) != '\0')
			*bare = false;
		if (entry == 0)
			continue;
		add_finding(label, list->name[i], strlen(list->name[i]));
		if (entry < 0)
			mc_buf_puts(label, "?");
	}
	return MC_OK;
}

/* --- One column of all ---------------------------------------------------- */

/* Add the item of N bytes at TEXT without the blanks around it, once. */
static void
add_item(struct mc_buf *label, const char *text, size_t n)
{
	const char *at = label->data;

	for (; n > 0 && *text == ' '; n--)
		text++;
	while (n > 0 && text[n - 1] == ' ')
		n--;
	while (label->len > 0 && at != NULL) {
		size_t k = strcspn(at, "|");

		if (k == n && memcmp(at, text, n) == 0)
			return;
		at = at[k] == '|' ? at + k + 1 : NULL;
	}
	if (n > 0)
		add_finding(label, text, n);
}

/*
 * Add the items of a list as Python prints it: ['a', "b's"].  Returns whether
 * TEXT is one.
 */
static bool
read_list(const char *text, struct mc_buf *label)
{
	const char *end;

	if (*text++ != '[')
		return false;
	while (*text != ']') {
		if (*text != '\'' && *text != '"')
			return false;
		end = strchr(text + 1, *text);
		if (end == NULL)
			return false;
		add_item(label, text + 1, (size_t)(end - text) - 1);
		text = end + 1;
		if (*text == ',')
			text += 1 + strspn(text + 1, " ");
		else if (*text != ']')
			return false;
	}
	return text[1] == '\0';
}

/* Add what the label column of the row AT holds.  *BARE: an empty list. */
static enum mc_status
read_label(const struct metadata *m, const struct index_row *at,
    struct mc_buf *label, bool *bare, struct mc_err *err)
{
	const char *text = mc_table_get(at->t, at->row,
	    (size_t)m->label);

	*bare = false;
	if (*text != '[') {
		mc_buf_puts(label, text);
		return MC_OK;
	}
	if (!read_list(text, label))
		return mc_err_at(err, MC_EDATA, mc_table_name(at->t),
		    mc_table_line(at->t, at->row), "column \"%s\": \"%s\" is not a "
		    "list as Python prints it: ['a', 'b']",
		    mc_table_column(at->t, (size_t)m->label), text);
	*bare = label->len == 0;
	return MC_OK;
}

/* --- All images ----------------------------------------------------------- */

/* Find the label of IMAGE; no finding at all is the word for it. */
static enum mc_status
find_label(const struct mc_index *x, size_t at, struct index_image *image,
    bool *bare, struct mc_err *err)
{
	const struct metadata *m = &x->meta[at];
	const struct index_row *row = &image->row[at];
	struct mc_buf label = { 0 };
	bool by_column = m->finding.n > 0;
	enum mc_status status;

	mc_buf_puts(&label, "");
	status = by_column ? read_columns(m, row, &label, bare, err) :
	    read_label(m, row, &label, bare, err);
	if (label.len == 0 && (by_column || *bare))
		mc_buf_puts(&label, x->o->no_finding != NULL ?
		    x->o->no_finding : MC_NO_FINDING);
	free(image->text[LABEL]);
	image->text[LABEL] = label.data;
	return status;
}

enum mc_status
mc_index_findings(struct mc_index *x, size_t at, struct mc_err *err)
{
	struct mc_findings *f = mc_findings_alloc(x->o->no_finding);
	const struct index_row *row, *bare = NULL;
	enum mc_status status = MC_OK;
	size_t bares = 0, i;
	bool is_bare;

	for (i = 0; i < x->n && status == MC_OK; i++) {
		row = &x->image[i].row[at];
		status = find_label(x, at, &x->image[i], &is_bare, err);
		if (status == MC_OK)
			status = mc_findings_add(f, x->image[i].text[LABEL],
			    mc_table_name(row->t),
			    mc_table_line(row->t, row->row), err);
		if (status == MC_OK && is_bare && bares++ == 0)
			bare = row;
	}
	if (status == MC_OK)
		status = mc_findings_end(f, mc_table_name(x->meta[at].t[0]),
		    err);
	if (status == MC_OK && bares > 0)
		mc_say(x->o->warn, "%s:%lld: no finding has an entry (%zu such "
		    "row%s): read as \"%s\"", mc_table_name(bare->t),
		    (long long)mc_table_line(bare->t, bare->row), bares,
		    MC_PLURAL(bares), mc_findings_none(f));
	if (status == MC_OK)
		mc_findings_say_unused(f, mc_table_name(x->meta[at].t[0]),
		    x->o->warn);
	mc_findings_free(f);
	return status;
}
