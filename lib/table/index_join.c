/* index_join.c - join a table of metadata to the images of an index. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "table/csv.h"
#include "table/index_internal.h"

/* The index of the column NAME of the metadata; -1 where NAME is NULL. */
static enum mc_status
find_column(const struct metadata *m, const char *name, int *column,
    struct mc_err *err)
{
	*column = -1;
	if (name == NULL)
		return MC_OK;
	return mc_table_bind(m->t, &name, 1, 1, column, err);
}

static enum mc_status
find_one_hot(struct metadata *m, const char *list, struct mc_err *err)
{
	enum mc_status status;
	char **item;

	m->hots = mc_split_commas(list, &item);
	m->hot = mc_xcalloc(m->hots, sizeof(*m->hot));
	status = mc_table_bind(m->t, (const char *const *)item, m->hots,
	    m->hots, m->hot, err);
	free(item);
	return status;
}

static enum mc_status
find_findings(struct metadata *m, const char *list, struct mc_err *err)
{
	const int except[] = { m->key, m->group, m->split };

	return mc_column_list_find(&m->finding, m->t, list, except, 3, err);
}

static bool
is_own(const char *name)
{
	size_t i;

	for (i = 0; i < OWN; i++) {
		if (strcmp(mc_index_own[i], name) == 0)
			return true;
	}
	return strcmp(name, "fold") == 0 || strcmp(name, "unit") == 0;
}

static void
warn_left_out(const struct mc_index *x, const struct mc_buf *list,
    const char *why)
{
	if (list->len > 0)
		mc_say(x->o->warn, "%s: left out, since %s: %s",
		    mc_table_name(x->meta.t), why, list->data);
}

/*
 * All columns pass through, but those that are called like one of the
 * manifest's, which may have been asked for, or like another.
 */
static void
choose_passed(struct mc_index *x)
{
	struct metadata *m = &x->meta;
	struct mc_buf taken = { 0 }, repeated = { 0 }, *list;
	size_t n = mc_table_columns(m->t), i;

	m->passed = mc_xcalloc(n, sizeof(*m->passed));
	for (i = 0; i < n; i++) {
		const char *name = mc_table_column(m->t, i);
		int c = (int)i;

		if (!is_own(name) && !mc_table_repeats(m->t, i)) {
			m->passed[m->n_passed++] = i;
			continue;
		}
		if (c == m->key || c == m->label || c == m->group ||
		    c == m->split)
			continue;
		list = is_own(name) ? &taken : &repeated;
		mc_buf_printf(list, "%s%s", list->len > 0 ? ", " : "", name);
	}
	warn_left_out(x, &taken, "the manifest has such columns (see --label, "
	    "--group-column, --split-column)");
	warn_left_out(x, &repeated, "the name is used twice");
	mc_buf_free(&taken);
	mc_buf_free(&repeated);
}

static enum mc_status
read_metadata(struct mc_index *x, struct mc_err *err)
{
	const struct mc_index_options *o = x->o;
	struct metadata *m = &x->meta;
	enum mc_status status;

	status = mc_csv_read(&m->t, o->join, err);
	if (status == MC_OK)
		status = find_column(m, o->key, &m->key, err);
	if (status == MC_OK)
		status = find_column(m, o->label, &m->label, err);
	if (status == MC_OK)
		status = find_column(m, o->group_column, &m->group, err);
	if (status == MC_OK)
		status = find_column(m, o->split, &m->split, err);
	if (status == MC_OK && o->one_hot != NULL)
		status = find_one_hot(m, o->one_hot, err);
	if (status == MC_OK && o->findings != NULL)
		status = find_findings(m, o->findings, err);
	if (status == MC_OK)
		choose_passed(x);
	return status;
}

/* The keys of the metadata, and what an image's folder is called. */
struct keys {
	struct mc_names *whole;	/* as they are, numbered as the rows */
	struct mc_names *bare;	/* without "./" and an image's extension */
	size_t *row;		/* of each bare key; NO_ROW: of several rows */
	char *dir, *dir_name;	/* a DIR, and its last component */
};

/* TEXT without "./" before it and an image's extension behind it. */
static char *
bare_key(const char *text)
{
	const char *base, *extension;

	while (strncmp(text, "./", 2) == 0)
		text += 2;
	base = strrchr(text, '/');
	extension = mc_kind_extension(base != NULL ? base + 1 : text);
	return mc_xstrndup(text, extension != NULL ?
	    (size_t)(extension - text) : strlen(text));
}

static enum mc_status
number_keys(const struct metadata *m, struct keys *keys, struct mc_err *err)
{
	size_t rows = mc_table_rows(m->t), row, first, known;
	char *bare;

	keys->whole = mc_names_alloc();
	keys->bare = mc_names_alloc();
	keys->row = mc_xcalloc(rows, sizeof(*keys->row));
	for (row = 0; row < rows; row++) {
		const char *key = mc_table_get(m->t, row, (size_t)m->key);

		first = mc_names_add(keys->whole, key);
		if (first != row || *key == '\0')
			return mc_err_at(err, MC_EDATA, mc_table_name(m->t),
			    mc_table_line(m->t, row), *key == '\0' ?
			    "the key is empty" : "the key \"%s\" is also in "
			    "line %lld: keep one row per key", key,
			    (long long)mc_table_line(m->t, first));
		known = mc_names_count(keys->bare);
		bare = bare_key(key);
		first = mc_names_copy(keys->bare, bare);
		free(bare);
		keys->row[first] = first == known ? row : NO_ROW;
	}
	return MC_OK;
}

static void
free_keys(struct keys *keys)
{
	mc_names_free(keys->whole);
	mc_names_free(keys->bare);
	free(keys->row);
	free(keys->dir);
	free(keys->dir_name);
}

/* Remember the folder of F: its name is that of what "." and links lead to. */
static void
enter_dir(struct keys *keys, const struct mc_image_file *f)
{
	size_t n = f->relative - 1;
	char *real, *base;

	if (keys->dir != NULL && strlen(keys->dir) == n &&
	    strncmp(keys->dir, f->path, n) == 0)
		return;
	free(keys->dir);
	free(keys->dir_name);
	keys->dir = mc_xstrndup(f->path, n);
	real = realpath(n > 0 ? keys->dir : "/", NULL);
	base = real == NULL ? NULL : strrchr(real, '/');
	keys->dir_name = mc_xstrdup(base != NULL ? base + 1 : keys->dir);
	free(real);
}

/*
 * The row for IMAGE: by its id, its path in DIR, that behind DIR's name, its
 * file's name, or by these without the extension, which the keys may have too.
 */
static size_t
find_row(const struct index_image *image, struct keys *keys)
{
	const struct mc_image_file *f = image->file;
	const char *below = f->path + f->relative;
	const char *names[] = { image->text[ID], below, f->path + f->base,
	    NULL };
	char *behind, *bare[3];
	size_t row = MC_NO_NAME, i, n;

	enter_dir(keys, f);
	names[3] = behind = mc_xasprintf("%s/%s", keys->dir_name, below);
	for (i = 0; i < 4 && row == MC_NO_NAME; i++)
		row = mc_names_find(keys->whole, names[i]);
	bare[0] = mc_xstrndup(below, f->end - f->relative);
	bare[1] = mc_xstrndup(behind, strlen(behind) - strlen(f->path +
	    f->end));
	bare[2] = mc_xstrndup(f->path + f->base, f->end - f->base);
	for (i = 0; i < 3; i++) {
		n = row != MC_NO_NAME ? MC_NO_NAME :
		    mc_names_find(keys->bare, bare[i]);
		if (n != MC_NO_NAME && keys->row[n] != NO_ROW)
			row = keys->row[n];
		free(bare[i]);
	}
	free(behind);
	return row == MC_NO_NAME ? NO_ROW : row;
}

/* IMAGE, and MISSED images, have no row; OWNER says which rows have one. */
static enum mc_status
no_row(const struct mc_index *x, struct keys *keys,
    const struct index_image *image, size_t missed,
    struct index_image *const *owner, struct mc_err *err)
{
	const struct mc_image_file *f = image->file;
	const struct metadata *m = &x->meta;
	size_t rows = mc_table_rows(m->t), row, shown = 0;
	struct mc_buf there = { 0 };

	for (row = 0; row < rows && shown < 3; row++) {
		if (owner[row] == NULL)
			mc_buf_printf(&there, "%s\"%s\"", shown++ > 0 ? ", " :
			    ": its keys include ", mc_table_get(m->t, row,
			    (size_t)m->key));
	}
	enter_dir(keys, f);
	mc_err_set(err, MC_EDATA, "%s: no row for it in %s (%zu such image%s): "
	    "column \"%s\" has none of \"%s\", \"%s/%s\" and \"%s\", with or "
	    "without extension%s", f->path, mc_table_name(m->t), missed,
	    missed == 1 ? "" : "s", mc_table_column(m->t, (size_t)m->key),
	    f->path + f->relative, keys->dir_name, f->path + f->relative,
	    f->path + f->base, there.len > 0 ? there.data :
	    ": every row has another image");
	mc_buf_free(&there);
	return MC_EDATA;
}

/* Find the row of each image; no row may serve two. */
static enum mc_status
match_rows(struct mc_index *x, struct keys *keys, struct mc_err *err)
{
	size_t rows = mc_table_rows(x->meta.t), i, missed = 0, first = 0;
	struct index_image **owner = mc_xcalloc(rows,
	    sizeof(struct index_image *));
	const char *name = mc_table_name(x->meta.t);
	enum mc_status status = MC_OK;

	for (i = 0; i < x->n && status == MC_OK; i++) {
		struct index_image *image = &x->image[i];

		image->row = find_row(image, keys);
		if (image->row == NO_ROW)
			first = missed++ == 0 ? i : first;
		else if (owner[image->row] != NULL)
			status = mc_err_at(err, MC_EDATA, name,
			    mc_table_line(x->meta.t, image->row), "this row "
			    "is for %s and for %s: use the id as key",
			    owner[image->row]->file->path, image->file->path);
		else
			owner[image->row] = image;
	}
	if (status == MC_OK && missed > 0)
		status = no_row(x, keys, &x->image[first], missed, owner, err);
	for (i = rows, missed = 0; i-- > 0;) {
		if (owner[i] == NULL) {
			missed++;
			first = i;
		}
	}
	if (status == MC_OK && missed > 0)
		mc_say(x->o->warn,
		    "%s:%lld: no image for this row (%zu such row%s)",
		    name, (long long)mc_table_line(x->meta.t, first), missed,
		    missed == 1 ? "" : "s");
	free(owner);
	return status;
}

/* The name of the one-hot column that is 1 in ROW. */
static enum mc_status
read_one_hot(const struct metadata *m, size_t row, const char **label,
    struct mc_err *err)
{
	enum mc_status status;
	size_t i, ones = 0;
	double v;

	*label = "";
	for (i = 0; i < m->hots; i++) {
		status = mc_table_f64(m->t, row, (size_t)m->hot[i], 0, 1, &v,
		    err);
		if (status != MC_OK)
			return status;
		if (v != 0) {
			*label = mc_table_column(m->t, (size_t)m->hot[i]);
			ones += v == 1 ? 1 : 2;
		}
	}
	if (ones != 1)
		return mc_err_at(err, MC_EDATA, mc_table_name(m->t),
		    mc_table_line(m->t, row),
		    "not exactly one of the columns of --one-hot is 1");
	return MC_OK;
}

static void
replace(char **text, const char *with)
{
	free(*text);
	*text = mc_xstrdup(with);
}

/* Put what the metadata say of IMAGE into its fields. */
static enum mc_status
take_row(struct index_image *image, const struct metadata *m,
    struct mc_err *err)
{
	enum mc_status status;
	const char *text, *split;

	if (m->label >= 0)
		replace(&image->text[LABEL], mc_table_get(m->t, image->row,
		    (size_t)m->label));
	if (m->hots > 0) {
		status = read_one_hot(m, image->row, &text, err);
		if (status != MC_OK)
			return status;
		replace(&image->text[LABEL], text);
	}
	if (m->group >= 0)
		replace(&image->text[GROUP], mc_table_get(m->t, image->row,
		    (size_t)m->group));
	if (m->split >= 0) {
		text = mc_table_get(m->t, image->row, (size_t)m->split);
		split = mc_index_split_name(text, strlen(text));
		replace(&image->text[SPLIT], split != NULL ? split : text);
	}
	return MC_OK;
}

/* Say that what passes through is changed where no TSV can hold it. */
static void
warn_unfit(const struct mc_index *x)
{
	const struct metadata *m = &x->meta;
	size_t n = 0, row = 0, column = 0, i, c;

	for (i = x->n; i-- > 0;) {
		for (c = m->n_passed; c-- > 0;) {
			if (mc_tsv_field_ok(mc_table_get(m->t,
			    x->image[i].row, m->passed[c])))
				continue;
			n++;
			row = x->image[i].row;
			column = m->passed[c];
		}
	}
	if (n > 0)
		mc_say(x->o->warn, "%s:%lld: column \"%s\": a TAB, a line "
		    "break or bytes that are not UTF-8 (%zu such field%s): "
		    "replaced by blanks or \"?\"", mc_table_name(m->t),
		    (long long)mc_table_line(m->t, row),
		    mc_table_column(m->t, column), n, n == 1 ? "" : "s");
}

enum mc_status
mc_index_join(struct mc_index *x, struct mc_err *err)
{
	struct keys keys = { 0 };
	enum mc_status status;
	size_t i;

	status = read_metadata(x, err);
	if (status == MC_OK)
		status = number_keys(&x->meta, &keys, err);
	if (status == MC_OK)
		status = match_rows(x, &keys, err);
	for (i = 0; i < x->n && status == MC_OK; i++)
		status = take_row(&x->image[i], &x->meta, err);
	if (status == MC_OK && (x->o->multilabel || x->o->findings != NULL))
		status = mc_index_findings(x, err);
	if (status == MC_OK)
		warn_unfit(x);
	free_keys(&keys);
	return status;
}
