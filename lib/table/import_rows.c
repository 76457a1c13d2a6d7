/* import_rows.c - the rows of an import: their ids, scores and output. */
#include "config.h"

#include <float.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "base/num.h"
#include "table/import_internal.h"
#include "table/probability.h"

/* --- Ids ------------------------------------------------------------------ */

struct mc_field
mc_import_wanted(const struct mc_import_input *in,
    const struct mc_import_row *r, size_t w)
{
	if (in->joined[w] >= 0)
		return (struct mc_field){ in->meta, r->meta,
		    (size_t)in->joined[w] };
	return (struct mc_field){ r->file->t, r->row,
	    (size_t)r->file->wanted[w] };
}

struct mc_field
mc_import_whole(const struct mc_import_row *r)
{
	return (struct mc_field){ r->file->t, r->row, MC_WHOLE_ROW };
}

/* Find the id of each row, and its row of the metadata. */
static enum mc_status
add_rows(struct mc_import_input *in, struct mc_err *err)
{
	struct mc_import_row *r = in->rows = mc_xcalloc(in->n_rows,
	    sizeof(*r));
	const struct mc_import_row *first = NULL;
	size_t missed = 0, i, row;
	const char *like;
	char *remedy;
	enum mc_status status;

	for (i = 0; i < in->n_files; i++) {
		const struct mc_import_file *f = &in->files[i];

		for (row = 0; row < mc_table_rows(f->t); row++, r++) {
			struct mc_field c = { f->t, row, (size_t)f->key };

			r->file = f;
			r->row = row;
			r->id = mc_import_id(mc_field_text(c), in->how->strip);
			if (*r->id == '\0')
				return mc_field_wrong(c, err, "empty");
			if (in->meta != NULL)
				r->meta = mc_names_find(in->meta_ids, r->id);
			if (r->meta == MC_NO_NAME && missed++ == 0)
				first = r;
		}
	}
	if (missed == 0)
		return MC_OK;
	like = mc_spelling_like(in->meta_ids, first->id);
	remedy = like != NULL ? mc_xasprintf(": \"%s\" there is another "
	    "spelling: write one of them in both files", like) :
	    mc_xstrdup(in->how->strip ? "" : ": --strip takes folders and "
	    "extensions off");
	status = mc_field_wrong(mc_import_whole(first), err, "id \"%s\": no "
	    "row for it in %s (%zu such row%s)%s", first->id,
	    mc_table_name(in->meta), missed, MC_PLURAL(missed), remedy);
	free(remedy);
	return status;
}

/* No two rows may agree in the id and in the key columns passed on. */
static enum mc_status
check_unique(struct mc_import_input *in, struct mc_err *err)
{
	struct mc_names *keys = mc_names_alloc();
	enum mc_status status = MC_OK;
	size_t i, w, first;

	for (i = 0; i < in->n_rows && status == MC_OK; i++) {
		struct mc_buf key = { 0 };
		const struct mc_import_row *other;

		mc_buf_puts(&key, in->rows[i].id);
		for (w = MC_IMPORT_FURTHER; w < in->n_wanted; w++) {
			if (mc_key_find(in->wanted[w]) < MC_KEYS)
				mc_buf_printf(&key, "\t%s", mc_field_text(
				    mc_import_wanted(in, &in->rows[i], w)));
		}
		in->rows[i].key = key.data;
		first = mc_names_add(keys, key.data);
		other = &in->rows[first];
		if (first != i)
			status = mc_field_wrong(mc_import_whole(&in->rows[i]), err,
			    "duplicate key: id \"%s\" is also at %s:%lld",
			    in->rows[i].id,
			    mc_table_name(other->file->t), (long long)
			    mc_table_line(other->file->t, other->row));
	}
	mc_names_free(keys);
	return status;
}

static enum mc_status
check_groups(const struct mc_import_input *in, struct mc_err *err)
{
	struct mc_field first = { 0 }, c;
	size_t n = 0, i;

	for (i = 0; i < in->n_rows && in->how->group != NULL; i++) {
		c = mc_import_wanted(in, &in->rows[i], MC_IMPORT_GROUP);
		if (*mc_field_text(c) == '\0' && n++ == 0)
			first = c;
	}
	if (n > 0 && n < in->n_rows)
		return mc_field_wrong(first, err, "empty, but not in every "
		    "row: name the patient of every image (its id, where "
		    "nothing else belongs to it), or leave out --group");
	return MC_OK;
}

enum mc_status
mc_import_rows(struct mc_import_input *in, struct mc_err *err)
{
	enum mc_status status = add_rows(in, err);

	if (status == MC_OK)
		status = check_unique(in, err);
	return status != MC_OK ? status : check_groups(in, err);
}

/* --- Scores --------------------------------------------------------------- */

bool
mc_import_is_list(const char *text)
{
	return *text == '[';
}

enum mc_status
mc_import_list_wrong(struct mc_field c, struct mc_err *err)
{
	return mc_field_wrong(c, err, "a list in one field, \"%.40s\": write a "
	    "column for each class (timm's inference.py: --topk 0 "
	    "--results-separate-col)", mc_field_text(c));
}

enum mc_status
mc_import_score(struct mc_field c, double *v, int *decimals,
    struct mc_err *err)
{
	const char *text = mc_field_text(c);
	struct mc_err why;
	int n;

	if (mc_import_is_list(text))
		return mc_import_list_wrong(c, err);
	if (mc_parse_f64(text, -DBL_MAX, DBL_MAX, v, &why) != MC_OK)
		return mc_field_wrong(c, err, "%s", why.text);
	if (*decimals < MC_ENOUGH_DECIMALS) {
		n = mc_decimals(text);
		*decimals = n > *decimals ? n : *decimals;
	}
	return MC_OK;
}

/* --- The table ------------------------------------------------------------ */

/* The most columns that the table can have. */
static size_t
count_columns(const struct mc_import_input *in,
    const struct mc_import_scores *scores)
{
	return MC_KEYS + 4 + in->n_wanted + 2 * scores->n;
}

/* Whether the last of the N NAMES, the further columns, are new ones. */
static enum mc_status
check_further(const struct mc_import_input *in, const char *const *names,
    size_t n, struct mc_err *err)
{
	size_t further = n - (in->n_wanted - MC_IMPORT_FURTHER), i;
	struct mc_names *seen = mc_names_alloc();
	enum mc_status status = MC_OK;

	for (i = 0; i < n && status == MC_OK; i++) {
		if (mc_names_add(seen, names[i]) != i ||
		    (i >= further && (strncmp(names[i], "p:", 2) == 0 ||
		    strncmp(names[i], "o:", 2) == 0)))
			status = mc_err_set(err, MC_EUSAGE, "--columns: the "
			    "output has a column \"%s\" of its own", names[i]);
	}
	mc_names_free(seen);
	return status;
}

/* Whether the table has the key column K. */
static bool
has_key(const struct mc_import_input *in, size_t k)
{
	return in->how->constant[k] != NULL ||
	    (k == MC_KEY_TASK && in->how->multilabel);
}

enum mc_status
mc_import_table(struct mc_table **t, const struct mc_import_input *in,
    const struct mc_import_scores *scores, struct mc_err *err)
{
	const char **name = mc_xcalloc(count_columns(in, scores),
	    sizeof(*name));
	size_t n_scores = scores->odds ? 2 * scores->n : scores->n, n = 0, k;
	char **score = mc_xcalloc(n_scores + 1, sizeof(*score));
	enum mc_status status;

	for (k = 0; k < MC_KEYS; k++) {
		if (has_key(in, k))
			name[n++] = mc_key_names[k];
	}
	name[n++] = "id";
	if (in->how->group != NULL)
		name[n++] = "group";
	name[n++] = "label";
	name[n++] = "predicted";
	for (k = 0; k < n_scores; k++)
		name[n++] = score[k] = mc_xasprintf("%s:%s",
		    k < scores->n ? "p" : "o", scores->classes[k % scores->n]);
	for (k = MC_IMPORT_FURTHER; k < in->n_wanted; k++)
		name[n++] = in->wanted[k];
	status = check_further(in, name, n, err);
	if (status == MC_OK)
		status = mc_table_alloc(t, "the output", name, n, err);
	for (k = 0; k < n_scores; k++)
		free(score[k]);
	free(score);
	free(name);
	return status;
}

enum mc_status
mc_import_table_add(struct mc_table *t, const struct mc_import_input *in,
    const struct mc_import_scores *scores, const struct mc_import_output *row,
    struct mc_err *err)
{
	const struct mc_import_row *r = row->of;
	const char **text = mc_xcalloc(count_columns(in, scores),
	    sizeof(*text));
	char (*number)[MC_NUM_SIZE] = mc_xcalloc(2 * scores->n + 1,
	    sizeof(*number));
	enum mc_status status;
	size_t n = 0, k;

	for (k = 0; k < MC_KEYS; k++) {
		if (has_key(in, k))
			text[n++] = k == MC_KEY_TASK ? row->task :
			    in->how->constant[k];
	}
	text[n++] = r->id;
	if (in->how->group != NULL)
		text[n++] = mc_field_text(mc_import_wanted(in, r,
		    MC_IMPORT_GROUP));
	text[n++] = row->label;
	text[n++] = row->predicted;
	for (k = 0; k < scores->n; k++)
		text[n++] = mc_format_f64(number[k], row->p[k]);
	for (k = 0; k < scores->n && scores->odds; k++)
		text[n++] = mc_format_f64(number[scores->n + k], row->o[k]);
	for (k = MC_IMPORT_FURTHER; k < in->n_wanted; k++)
		text[n++] = mc_field_text(mc_import_wanted(in, r, k));
	status = mc_table_add(t, text, err);
	free(number);
	free(text);
	return status;
}
