/* row_filter.c - select rows of a manifest. */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "table/row_filter.h"

/* The values of a column that are selected. */
struct wanted {
	struct mc_names *names;	/* NULL: all */
	char **item;		/* what mc_split_commas made; NULL */
	bool *found;		/* of each name, whether a row has it */
	int column;
};

static void
clear_wanted(struct wanted *w)
{
	mc_names_free(w->names);
	free(w->item);
	free(w->found);
}

static bool
is_wanted(struct wanted *w, const struct mc_manifest *m, size_t row)
{
	size_t i;

	if (w->names == NULL)
		return true;
	i = mc_names_find(w->names, mc_manifest_get(m, row, w->column));
	if (i == MC_NO_NAME)
		return false;
	w->found[i] = true;
	return true;
}

/* Read LIST, of values of the column NAME. */
static enum mc_status
read_list(struct wanted *w, const char *list, const struct mc_manifest *m,
    int column, const char *name, struct mc_err *err)
{
	size_t n, i;

	if (list == NULL)
		return MC_OK;
	if (column < 0)
		return mc_err_at(err, MC_EDATA, mc_table_name(m->table), 1,
		    "no column \"%s\" to select rows by", name);
	w->column = column;
	w->names = mc_names_alloc();
	n = mc_split_commas(list, &w->item);
	for (i = 0; i < n; i++)
		mc_names_add(w->names, w->item[i]);
	w->found = mc_xcalloc(n + 1, sizeof(*w->found));
	return MC_OK;
}

static enum mc_status
add_id(struct wanted *w, const struct mc_tsv *t, const char *id,
    struct mc_err *err)
{
	size_t n = mc_names_count(w->names);

	if (*id == '\0')
		return mc_err_at(err, MC_EDATA, mc_tsv_name(t), mc_tsv_line(t),
		    "an empty id");
	return mc_names_copy(w->names, id) == n ? MC_OK : mc_err_at(err,
	    MC_EDATA, mc_tsv_name(t), mc_tsv_line(t), "the id \"%s\" is given "
	    "twice", id);
}

/* Read the file PATH of ids. */
static enum mc_status
read_ids(struct wanted *w, const char *path, const struct mc_manifest *m,
    struct mc_err *err)
{
	struct mc_tsv *t = NULL;
	enum mc_status status;
	int column;

	if (path == NULL)
		return MC_OK;
	w->column = m->id;
	w->names = mc_names_alloc();
	status = mc_tsv_open(&t, path, err);
	if (status != MC_OK)
		return status;
	column = mc_tsv_find(t, "id");
	if (column < 0 && mc_tsv_columns(t) > 1)
		status = mc_err_at(err, MC_EDATA, mc_tsv_name(t), 1,
		    "no column \"id\"");
	else if (column < 0)
		status = add_id(w, t, mc_tsv_column(t, 0), err);
	while (status == MC_OK && (status = mc_tsv_next(t, err)) == MC_OK)
		status = add_id(w, t, mc_tsv_get(t, column < 0 ? 0 :
		    (size_t)column), err);
	mc_tsv_close(t);
	w->found = mc_xcalloc(mc_names_count(w->names) + 1,
	    sizeof(*w->found));
	return status == MC_END ? MC_OK : status;
}

/* Check that each of the values that W selects is in a row. */
static enum mc_status
check_found(const struct wanted *w, const struct mc_manifest *m,
    const char *name, struct mc_err *err)
{
	size_t n = w->names != NULL ? mc_names_count(w->names) : 0, i;

	for (i = 0; i < n && w->found[i]; i++)
		;
	return i == n ? MC_OK : mc_err_set(err, MC_EDATA, "%s: no row has the "
	    "%s \"%s\"", mc_table_name(m->table), name, mc_names_at(w->names,
	    i));
}

static void
count_unknown(struct mc_selected *s, const struct wanted *ids)
{
	size_t i;

	s->ids = ids->names != NULL ? mc_names_count(ids->names) : 0;
	for (i = 0; i < s->ids; i++) {
		if (!ids->found[i] && s->unknown++ == 0)
			s->first = mc_xstrdup(mc_names_at(ids->names, i));
	}
}

enum mc_status
mc_filter_rows(struct mc_selected *s, const struct mc_manifest *m,
    const struct mc_row_filter *f, struct mc_err *err)
{
	struct wanted split = { 0 }, label = { 0 }, ids = { 0 };
	size_t rows = mc_table_rows(m->table), row;
	enum mc_status status;

	*s = (struct mc_selected){ 0 };
	s->row = mc_xcalloc(rows + 1, sizeof(*s->row));
	status = read_list(&split, f->split, m, m->split, "split", err);
	if (status == MC_OK)
		status = read_list(&label, f->label, m, m->label, "label",
		    err);
	if (status == MC_OK)
		status = read_ids(&ids, f->ids, m, err);
	for (row = 0; row < rows && status == MC_OK; row++) {
		/* All three are asked, each to find what is in no row. */
		bool a = is_wanted(&split, m, row);
		bool b = is_wanted(&label, m, row);
		bool c = is_wanted(&ids, m, row);

		if (a && b && c)
			s->row[s->n++] = row;
	}
	if (status == MC_OK)
		status = check_found(&split, m, "split", err);
	if (status == MC_OK)
		status = check_found(&label, m, "label", err);
	if (status == MC_OK && s->n == 0)
		status = mc_err_set(err, MC_EDATA, "%s: of its %zu row%s, none "
		    "is selected", mc_table_name(m->table), rows,
		    MC_PLURAL(rows));
	if (status == MC_OK)
		count_unknown(s, &ids);
	clear_wanted(&split);
	clear_wanted(&label);
	clear_wanted(&ids);
	return status;
}

void
mc_selected_clear(struct mc_selected *s)
{
	free(s->row);
	free(s->first);
	*s = (struct mc_selected){ 0 };
}
