/* index_join.c - give each image the fields of its rows in the metadata. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/index_internal.h"

/* The name of the one-hot column that is 1 in the row AT. */
static enum mc_status
read_one_hot(const struct metadata *m, const struct index_row *at,
    const char **label, struct mc_err *err)
{
	enum mc_status status;
	size_t i, ones = 0;
	double v;

	*label = "";
	for (i = 0; i < m->hots; i++) {
		status = mc_table_f64(at->t, at->row, (size_t)m->hot[i], 0, 1,
		    &v, err);
		if (status != MC_OK)
			return status;
		if (v != 0) {
			*label = mc_table_column(at->t, (size_t)m->hot[i]);
			ones += v == 1 ? 1 : 2;
		}
	}
	if (ones != 1)
		return mc_err_at(err, MC_EDATA, mc_table_name(at->t),
		    mc_table_line(at->t, at->row),
		    "not exactly one of the columns of --one-hot is 1");
	return MC_OK;
}

static void
replace(char **text, const char *with)
{
	free(*text);
	*text = mc_xstrdup(with);
}

/* Put what the row AT of M says into the fields of IMAGE. */
static enum mc_status
take_row(struct index_image *image, const struct metadata *m,
    const struct index_row *at, struct mc_err *err)
{
	enum mc_status status;
	const char *text, *split;

	if (m->label >= 0)
		replace(&image->text[LABEL], mc_table_get(at->t, at->row,
		    (size_t)m->label));
	if (m->hots > 0) {
		status = read_one_hot(m, at, &text, err);
		if (status != MC_OK)
			return status;
		replace(&image->text[LABEL], text);
	}
	if (m->group >= 0)
		replace(&image->text[GROUP], mc_table_get(at->t, at->row,
		    (size_t)m->group));
	if (m->split >= 0) {
		text = mc_table_get(at->t, at->row, (size_t)m->split);
		split = mc_index_split_name(text, strlen(text));
		replace(&image->text[SPLIT], split != NULL ? split : text);
	}
	return MC_OK;
}

/* Say that what passes through is changed where no TSV can hold it. */
static void
warn_unfit(const struct mc_index *x, size_t at)
{
	const struct metadata *m = &x->meta[at];
	const struct index_row *row, *first = NULL;
	size_t n = 0, column = 0, i, c;

	for (i = x->n; i-- > 0;) {
		row = &x->image[i].row[at];
		for (c = m->n_passed; c-- > 0;) {
			if (mc_tsv_field_ok(mc_table_get(row->t, row->row,
			    m->passed[c])))
				continue;
			n++;
			first = row;
			column = m->passed[c];
		}
	}
	if (n > 0)
		mc_say(x->o->warn, "%s:%lld: column \"%s\": a TAB, a line "
		    "break or bytes that are not UTF-8 (%zu such field%s): "
		    "replaced by blanks or \"?\"", mc_table_name(first->t),
		    (long long)mc_table_line(first->t, first->row),
		    mc_table_column(first->t, column), n, MC_PLURAL(n));
}

static enum mc_status
join(struct mc_index *x, size_t at, struct mc_err *err)
{
	const struct metadata *m = &x->meta[at];
	enum mc_status status = mc_index_match(x, at, err);
	size_t i;

	for (i = 0; i < x->n && status == MC_OK; i++)
		status = take_row(&x->image[i], m, &x->image[i].row[at], err);
	if (status == MC_OK && (m->finding.n > 0 || (x->o->multilabel &&
	    m->label >= 0)))
		status = mc_index_findings(x, at, err);
	if (status == MC_OK)
		warn_unfit(x, at);
	return status;
}

/* Empty the fields that tables are to fill: what is left out before has none. */
static void
clear_fields(const struct mc_index_options *o, struct index_image *image)
{
	if (mc_index_is_labelled(o))
		replace(&image->text[LABEL], "");
	if (o->group_column != NULL)
		replace(&image->text[GROUP], "");
}

enum mc_status
mc_index_join(struct mc_index *x, struct mc_err *err)
{
	enum mc_status status = mc_index_read_metadata(x, err);
	size_t i;
	int by_group;

	for (i = 0; i < x->n_left; i++)
		clear_fields(x->o, &x->left[i]->image);
	for (i = 0; i < x->n && status == MC_OK; i++) {
		clear_fields(x->o, &x->image[i]);
		x->image[i].row = mc_xcalloc(x->n_meta,
		    sizeof(*x->image[i].row));
	}
	/* The groups that the first tables give are the keys of the others. */
	for (by_group = 0; by_group < 2; by_group++) {
		for (i = 0; i < x->n_meta && status == MC_OK; i++) {
			if (x->meta[i].by_group == (by_group != 0))
				status = join(x, i, err);
		}
	}
	return status;
}
