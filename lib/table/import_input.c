/* import_input.c - open the files of an import and find their columns. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "table/csv.h"
#include "table/import_internal.h"

/* --- Cells --------------------------------------------------------------- */

const char *
mc_field_text(struct mc_field c)
{
	return mc_table_get(c.t, c.row, c.column);
}

enum mc_status
mc_field_wrong(struct mc_field c, struct mc_err *err,
    const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mc_xvasprintf(fmt, ap);
	va_end(ap);
	if (c.column == MC_WHOLE_ROW)
		mc_err_at(err, MC_EDATA, mc_table_name(c.t),
		    mc_table_line(c.t, c.row), "%s", text);
	else
		mc_err_at(err, MC_EDATA, mc_table_name(c.t),
		    mc_table_line(c.t, c.row), "column \"%s\": %s",
		    mc_table_column(c.t, c.column), text);
	free(text);
	return MC_EDATA;
}

/* --- Tables --------------------------------------------------------------- */

char *
mc_import_id(const char *text, bool strip)
{
	const char *slash = strrchr(text, '/'), *base, *extension;

	if (!strip)
		return mc_xstrdup(text);
	base = slash != NULL ? slash + 1 : text;
	extension = mc_kind_extension(base);
	return extension == NULL ? mc_xstrdup(base) :
	    mc_xstrndup(base, (size_t)(extension - base));
}

static enum mc_status
read_files(struct mc_import_input *in, char *const *paths, struct mc_err *err)
{
	enum mc_status status;
	size_t i;

	for (i = 0; i < in->n_files; i++) {
		struct mc_table **t = &in->files[i].t;

		status = in->how->headless ?
		    mc_csv_read_headless(t, paths[i], err) :
		    mc_csv_read(t, paths[i], err);
		if (status != MC_OK)
			return status;
		if (mc_table_rows(*t) == 0)
			return mc_err_at(err, MC_EDATA, mc_table_name(*t), 0,
			    "a header, but no rows");
		if (mc_table_note(*t) != NULL)
			mc_say(in->how->warn, "%s", mc_table_note(*t));
		in->n_rows += mc_table_rows(*t);
	}
	return MC_OK;
}

static enum mc_status
read_metadata(struct mc_import_input *in, struct mc_err *err)
{
	enum mc_status status;
	size_t row, first;
	int key;

	status = mc_csv_read_keyed(&in->meta, in->how->join, false,
	    in->how->join_key, err);
	if (status == MC_OK && mc_table_note(in->meta) != NULL)
		mc_say(in->how->warn, "%s", mc_table_note(in->meta));
	if (status == MC_OK)
		status = mc_table_bind(in->meta, &in->how->join_key, 1, 1, &key,
		    err);
	if (status != MC_OK)
		return status;
	in->meta_id = mc_xcalloc(mc_table_rows(in->meta) + 1,
	    sizeof(*in->meta_id));
	for (row = 0; row < mc_table_rows(in->meta); row++) {
		struct mc_field c = { in->meta, row, (size_t)key };

		in->meta_id[row] = mc_import_id(mc_field_text(c),
		    in->how->strip);
		if (*in->meta_id[row] == '\0')
			return mc_field_wrong(c, err, "empty");
		first = mc_names_add(in->meta_ids, in->meta_id[row]);
		if (first != row)
			return mc_field_wrong(c, err, "\"%s\" is also in "
			    "line %lld: keep one row per key", in->meta_id[row],
			    (long long)mc_table_line(in->meta, first));
	}
	return MC_OK;
}

static enum mc_status
find_column(const struct mc_import_file *f, const char *name, int *column,
    struct mc_err *err)
{
	*column = name == NULL ? -1 : mc_table_find(f->t, name);
	if (*column >= 0)
		return mc_table_check(f->t, (size_t)*column, err);
	return name == NULL ? MC_OK : mc_no_column(f->t, NULL, name, err);
}

/* Find what is wanted in F or in the metadata. */
static enum mc_status
bind_wanted(struct mc_import_input *in, struct mc_import_file *f,
    struct mc_err *err)
{
	enum mc_status status;
	size_t w;

	f->wanted = mc_xcalloc(in->n_wanted, sizeof(*f->wanted));
	for (w = 0; w < in->n_wanted; w++) {
		const char *name = in->wanted[w];

		f->wanted[w] = in->joined[w] = -1;
		if (name == NULL)
			continue;
		f->wanted[w] = mc_table_find(f->t, name);
		if (in->meta != NULL)
			in->joined[w] = mc_table_find(in->meta, name);
		if (f->wanted[w] < 0 && in->joined[w] < 0)
			return mc_no_column(f->t, in->meta, name, err);
		if (f->wanted[w] >= 0 && in->joined[w] >= 0)
			return mc_err_at(err, MC_EDATA, mc_table_name(f->t), 1,
			    "column \"%s\" is also in %s: rename one "
			    "of them", name, mc_table_name(in->meta));
		status = f->wanted[w] >= 0 ?
		    mc_table_check(f->t, (size_t)f->wanted[w], err) :
		    mc_table_check(in->meta, (size_t)in->joined[w], err);
		if (status != MC_OK)
			return status;
	}
	return MC_OK;
}

/* --- Lists of columns ----------------------------------------------------- */

static enum mc_status
find_list(const struct mc_import_input *in, const struct mc_import_file *f,
    const char *text, struct mc_column_list *list, struct mc_err *err)
{
	size_t n = in->n_wanted;
	int *except = mc_xreallocarray(NULL, n + 2, sizeof(*except));
	enum mc_status status;

	memcpy(except, f->wanted, n * sizeof(*except));
	except[n] = f->key;
	except[n + 1] = f->predicted;
	status = mc_column_list_find(list, f->t, text, except, n + 2, err);
	free(except);
	return status;
}

/*
 * timm writes index_0, label_0 and prob_0 for the most probable class, index_1,
 * ... for the next: there prob_* are no classes, and must not pass for such.
 */
static enum mc_status
check_no_ranks(const struct mc_import_file *f, struct mc_err *err)
{
	static const char *const beside[] = { "index_", "label_" };
	size_t i;

	for (i = 0; i < 2; i++) {
		char *name = mc_xasprintf("%s%s", beside[i], f->scores.name[0]);
		int column = mc_table_find(f->t, name);

		free(name);
		if (column >= 0 && (size_t)column != f->scores.column[0])
			return mc_err_at(err, MC_EDATA, mc_table_name(f->t), 1,
			    "column \"%s\" beside \"%s\": these are in order "
			    "of probability, not of class: give --ranked "
			    "'%s*', or list the columns if they are classes",
			    mc_table_column(f->t, (size_t)column),
			    mc_table_column(f->t, f->scores.column[0]),
			    beside[i]);
	}
	return MC_OK;
}

static enum mc_status
find_scores(const struct mc_import_input *in, struct mc_import_file *f,
    struct mc_err *err)
{
	const struct mc_import *how = in->how;
	enum mc_status status;
	size_t i;

	if (how->scores == NULL)
		return MC_OK;
	status = find_list(in, f, how->scores, &f->scores, err);
	if (status != MC_OK)
		return status;
	if (how->ranked == NULL)
		return strchr(how->scores, '*') == NULL ? MC_OK :
		    check_no_ranks(f, err);
	status = find_list(in, f, how->ranked, &f->ranked, err);
	if (status != MC_OK)
		return status;
	if (f->ranked.n != f->scores.n)
		return mc_err_at(err, MC_EDATA, mc_table_name(f->t), 1,
		    "%zu columns \"%s\", but %zu \"%s\"", f->ranked.n,
		    how->ranked, f->scores.n, how->scores);
	for (i = 0; i < f->ranked.n && strchr(how->scores, '*') != NULL &&
	    strchr(how->ranked, '*') != NULL; i++) {
		if (strcmp(f->ranked.name[i], f->scores.name[i]) != 0)
			return mc_err_at(err, MC_EDATA, mc_table_name(f->t), 1,
			    "columns \"%s\" and \"%s\" are not a pair",
			    mc_table_column(f->t, f->ranked.column[i]),
			    mc_table_column(f->t, f->scores.column[i]));
	}
	return MC_OK;
}

/* --- Classes -------------------------------------------------------------- */

size_t
mc_import_class(const struct mc_import_input *in, const char *text)
{
	double v, n = (double)mc_names_count(in->classes);

	if (in->how->classes == NULL ||
	    mc_parse_f64(text, 0, n - 1, &v, NULL) != MC_OK || v != floor(v))
		return MC_NO_NAME;
	return (size_t)v;
}

char *
mc_import_classes(const struct mc_import_input *in)
{
	struct mc_buf text = { 0 };
	size_t k;

	for (k = 0; k < mc_names_count(in->classes); k++)
		mc_buf_printf(&text, "%s%s", k > 0 ? ", " : "",
		    mc_names_at(in->classes, k));
	return text.data;
}

static enum mc_status
declare_classes(struct mc_import_input *in, struct mc_err *err)
{
	char *const *name;

	for (name = in->how->classes; *name != NULL; name++) {
		if (**name == '\0')
			return mc_err_set(err, MC_EUSAGE,
			    "--classes: an empty name");
		if (mc_names_find(in->classes, *name) != MC_NO_NAME)
			return mc_err_set(err, MC_EUSAGE,
			    "--classes: \"%s\" is given twice", *name);
		mc_names_add(in->classes, *name);
	}
	if (in->how->positive != NULL && mc_names_count(in->classes) != 2)
		return mc_err_set(err, MC_EUSAGE,
		    "--positive is for two classes, not %zu",
		    mc_names_count(in->classes));
	if (in->how->positive != NULL &&
	    mc_names_find(in->classes, in->how->positive) == MC_NO_NAME)
		return mc_err_set(err, MC_EUSAGE,
		    "--positive: \"%s\" is not one of --classes",
		    in->how->positive);
	return MC_OK;
}

/* As many scores as classes, or one with --positive. */
static enum mc_status
check_count(const struct mc_import_input *in, const struct mc_import_file *f,
    struct mc_err *err)
{
	const char *name = mc_table_name(f->t);
	size_t n = f->scores.n, k = mc_names_count(in->classes);

	if (in->how->positive != NULL)
		return n == 1 ? MC_OK : mc_err_at(err, MC_EDATA, name, 1,
		    "%zu columns of scores, but --positive is for one", n);
	if (in->how->multilabel)
		return n == k ? MC_OK : mc_err_at(err, MC_EDATA, name, 1,
		    "%zu column%s of scores, but %zu finding%s: give a column "
		    "for each finding of --classes", n, MC_PLURAL(n), k,
		    MC_PLURAL(k));
	if (n == 1 && in->how->ranked == NULL)
		return mc_err_at(err, MC_EDATA, name, 1, "column \"%s\": the "
		    "only one: give a column for each class, or name its class "
		    "with --positive",
		    mc_table_column(f->t, f->scores.column[0]));
	if (n < k)
		return mc_err_at(err, MC_EDATA, name, 1, "scores of %zu "
		    "class%s out of %zu: a top-k list that was cut: write all "
		    "(timm's inference.py: --topk 0 --results-separate-col)",
		    n, n == 1 ? "" : "es", k);
	if (n > k)
		return mc_err_at(err, MC_EDATA, name, 1,
		    "%zu columns of scores, but %zu classes", n, k);
	return MC_OK;
}

/* What the pattern found at I is one class by name, another by number. */
static enum mc_status
ambiguous(const struct mc_import_input *in, const struct mc_import_file *f,
    size_t i, struct mc_err *err)
{
	const char *name = f->scores.name[i];

	return mc_err_at(err, MC_EDATA, mc_table_name(f->t), 1, "column \"%s\": "
	    "\"%s\" is a class by name, and by number from 0 it is class \"%s\": "
	    "if it is a name, leave out --classes; if it is a number, call the "
	    "classes otherwise in --classes, as in c1,c2",
	    mc_table_column(f->t, f->scores.column[i]), name,
	    mc_names_at(in->classes, mc_import_class(in, name)));
}

/* Whether NAME begins or ends with CLASS, apart from what is next to it. */
static bool
contains(const char *name, const char *class)
{
	size_t n = strlen(name), k = strlen(class);

	if (n < k)
		return false;
	if (strncasecmp(name, class, k) == 0 &&
	    (n == k || !isalnum((unsigned char)name[k])))
		return true;
	return strcasecmp(name + n - k, class) == 0 &&
	    (n == k || !isalnum((unsigned char)name[n - k - 1]));
}

/* No column listed at the place of one class may be called after another. */
static enum mc_status
check_places(const struct mc_import_input *in, const struct mc_import_file *f,
    struct mc_err *err)
{
	size_t n = f->scores.n, i, k;

	for (i = 0; i < n; i++) {
		const char *name = f->scores.name[i];
		const char *own = mc_names_at(in->classes, i);

		for (k = 0; k < n && !contains(name, own); k++) {
			if (contains(name, mc_names_at(in->classes, k)))
				return mc_err_at(err, MC_EDATA,
				    mc_table_name(f->t), 1, "column \"%s\": "
				    "listed at the place of class \"%s\" of "
				    "--classes, but called after \"%s\": list "
				    "the columns in the order of --classes",
				    name, own, mc_names_at(in->classes, k));
		}
	}
	return MC_OK;
}

/*
 * The class of each column of scores, into CLASS: by their names, by numbers
 * that a pattern found, or by their places in a list.
 */
static enum mc_status
name_scores(struct mc_import_input *in, const struct mc_import_file *f,
    size_t *class, struct mc_err *err)
{
	size_t n = f->scores.n, named = 0, numbered = 0, missing = 0, i;
	size_t differs = n;
	bool pattern = strchr(in->how->scores, '*') != NULL;
	char *text;

	for (i = 0; i < n; i++) {
		const char *name = f->scores.name[i];

		class[i] = mc_names_find(in->classes, name);
		if (class[i] != MC_NO_NAME)
			named++;
		else
			missing = i;
		numbered += mc_import_class(in, name) != MC_NO_NAME;
		if (mc_import_class(in, name) != class[i])
			differs = i;
	}
	if (pattern && named == n && numbered == n && differs < n)
		return ambiguous(in, f, differs, err);
	in->by_name |= pattern && numbered < n;
	in->by_number |= pattern && named < n;
	if (named == n)
		return MC_OK;
	if (pattern ? numbered < n : named > 0) {
		text = mc_import_classes(in);
		mc_err_at(err, MC_EDATA, mc_table_name(f->t), 1,
		    "column \"%s\": \"%s\" is not one of the classes: %s",
		    mc_table_column(f->t, f->scores.column[missing]),
		    f->scores.name[missing], text);
		free(text);
		return MC_EDATA;
	}
	for (i = 0; i < n; i++)
		class[i] = pattern ?
		    mc_import_class(in, f->scores.name[i]) : i;
	return pattern ? MC_OK : check_places(in, f, err);
}

/* Put F's columns of scores into the order of the classes. */
static enum mc_status
order_scores(struct mc_import_input *in, struct mc_import_file *f,
    struct mc_err *err)
{
	size_t n = f->scores.n, i;
	size_t *class, *column;
	enum mc_status status;

	status = check_count(in, f, err);
	if (status != MC_OK || in->how->positive != NULL ||
	    in->how->ranked != NULL)
		return status;
	class = mc_xcalloc(n, sizeof(*class));
	column = mc_xreallocarray(NULL, n, sizeof(*column));
	for (i = 0; i < n; i++)
		column[i] = MC_NO_NAME;
	status = name_scores(in, f, class, err);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (column[class[i]] != MC_NO_NAME)
			status = mc_err_at(err, MC_EDATA, mc_table_name(f->t),
			    1, "columns \"%s\" and \"%s\" are of the same class",
			    mc_table_column(f->t, column[class[i]]),
			    mc_table_column(f->t, f->scores.column[i]));
		column[class[i]] = f->scores.column[i];
	}
	free(f->scores.column);
	f->scores.column = column;
	free(class);
	return status;
}

static enum mc_status
bind_files(struct mc_import_input *in, struct mc_err *err)
{
	const struct mc_import *how = in->how;
	enum mc_status status = MC_OK;
	size_t i, k;

	if (how->classes != NULL)
		status = declare_classes(in, err);
	for (i = 0; i < in->n_files && status == MC_OK; i++) {
		struct mc_import_file *f = &in->files[i];

		status = bind_wanted(in, f, err);
		if (status == MC_OK)
			status = find_column(f, how->key, &f->key, err);
		if (status == MC_OK)
			status = find_column(f, how->predicted, &f->predicted,
			    err);
		if (status == MC_OK)
			status = find_scores(in, f, err);
		for (k = 0; k < f->scores.n && i == 0 && how->classes == NULL;
		    k++)
			mc_names_add(in->classes, f->scores.name[k]);
		if (status == MC_OK && how->scores != NULL)
			status = order_scores(in, f, err);
	}
	return status;
}

/* --- All of it ------------------------------------------------------------ */

static void
list_wanted(struct mc_import_input *in)
{
	char *const *further = in->how->columns;
	size_t n = 0, i;

	while (further != NULL && further[n] != NULL)
		n++;
	in->n_wanted = MC_IMPORT_FURTHER + n;
	in->wanted = mc_xcalloc(in->n_wanted, sizeof(*in->wanted));
	in->joined = mc_xcalloc(in->n_wanted, sizeof(*in->joined));
	in->wanted[MC_IMPORT_LABEL] = in->how->label;
	in->wanted[MC_IMPORT_GROUP] = in->how->group;
	for (i = 0; i < n; i++)
		in->wanted[MC_IMPORT_FURTHER + i] = further[i];
}

enum mc_status
mc_import_open(struct mc_import_input *in, char *const *paths, size_t n,
    const struct mc_import *how, struct mc_err *err)
{
	enum mc_status status;

	in->how = how;
	in->n_files = n;
	in->files = mc_xcalloc(n, sizeof(*in->files));
	in->meta_ids = mc_names_alloc();
	in->classes = mc_names_alloc();
	list_wanted(in);
	status = read_files(in, paths, err);
	if (status == MC_OK && how->join != NULL)
		status = read_metadata(in, err);
	if (status == MC_OK)
		status = bind_files(in, err);
	return status;
}

void
mc_import_close(struct mc_import_input *in)
{
	size_t i;

	for (i = 0; i < in->n_files; i++) {
		mc_table_free(in->files[i].t);
		free(in->files[i].wanted);
		mc_column_list_clear(&in->files[i].scores);
		mc_column_list_clear(&in->files[i].ranked);
	}
	for (i = 0; in->rows != NULL && i < in->n_rows; i++) {
		free(in->rows[i].id);
		free(in->rows[i].key);
	}
	for (i = 0; in->meta_id != NULL && i < mc_table_rows(in->meta); i++)
		free(in->meta_id[i]);
	mc_names_free(in->meta_ids);
	mc_names_free(in->classes);
	mc_table_free(in->meta);
	free(in->files);
	free(in->rows);
	free(in->meta_id);
	free(in->wanted);
	free(in->joined);
}
