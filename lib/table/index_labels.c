/* index_labels.c - rename labels, merge them, and choose among them. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "table/csv.h"
#include "table/index_internal.h"

/* The distinct labels of an index. */
struct labels {
	struct mc_names *names;
	size_t n;
	size_t *count;		/* the images of each */
	char **to;		/* what each becomes; NULL: as it is */
	bool *found;		/* whether it was named */
};

static void
start(struct labels *l, const struct mc_index *x)
{
	size_t i;

	*l = (struct labels){ .names = mc_names_alloc() };
	l->count = mc_xcalloc(x->n, sizeof(*l->count));
	for (i = 0; i < x->n; i++)
		l->count[mc_names_copy(l->names, x->image[i].text[LABEL])]++;
	l->n = mc_names_count(l->names);
	l->to = mc_xcalloc(l->n, sizeof(*l->to));
	l->found = mc_xcalloc(l->n, sizeof(*l->found));
}

static void
end(struct labels *l)
{
	size_t k;

	for (k = 0; k < l->n; k++)
		free(l->to[k]);
	mc_names_free(l->names);
	free(l->count);
	free(l->to);
	free(l->found);
}

/* Give the images their new labels. */
static void
apply(const struct labels *l, struct mc_index *x)
{
	char **text;
	size_t i, k;

	for (i = 0; i < x->n; i++) {
		text = &x->image[i].text[LABEL];
		k = mc_names_find(l->names, *text);
		if (l->to[k] == NULL)
			continue;
		free(*text);
		*text = mc_xstrdup(l->to[k]);
	}
}

/* Whether A and B are the same text, or the same number. */
static bool
same(const char *a, const char *b)
{
	double x, y;

	if (strcmp(a, b) == 0)
		return true;
	return mc_parse_f64(a, -DBL_MAX, DBL_MAX, &x, NULL) == MC_OK &&
	    mc_parse_f64(b, -DBL_MAX, DBL_MAX, &y, NULL) == MC_OK && x == y;
}

/*
 * Mark the labels that are NAME; a number may be written in two ways.  Returns
 * how many there are.  TO, or NULL, is what they become.
 */
static size_t
mark(struct labels *l, const char *name, const char *to)
{
	size_t k, n = 0;

	for (k = 0; k < l->n; k++) {
		if (!same(mc_names_at(l->names, k), name))
			continue;
		n++;
		l->found[k] = true;
		if (to != NULL && l->to[k] == NULL)
			l->to[k] = mc_xstrdup(to);
	}
	return n;
}

/* Add the labels, or those that are not found, with their images to TEXT. */
static void
list(const struct labels *l, bool all, struct mc_buf *text)
{
	size_t *order = mc_names_sorted(l->names), i, k, n = 0;

	for (i = 0; i < l->n; i++) {
		k = order[i];
		if (all || !l->found[k])
			mc_buf_printf(text, "%s\"%s\" %zu", n++ > 0 ? ", " :
			    "", mc_names_at(l->names, k), l->count[k]);
	}
	free(order);
}

/* OPTION names NAME, which is no label. */
static enum mc_status
no_label(const struct labels *l, const char *option, const char *name,
    struct mc_err *err)
{
	struct mc_buf there = { 0 };

	list(l, true, &there);
	mc_err_set(err, MC_EDATA, "%s: no image has the label \"%s\"; labels "
	    "are: %s", option, name, there.data);
	mc_buf_free(&there);
	return MC_EDATA;
}

/* --- --rename ------------------------------------------------------------- */

enum { OLD, NEW, COLUMNS };

/* Take row ROW of T: the label that it names becomes its name. */
static enum mc_status
rename_row(struct labels *l, const struct mc_table *t, const int *column,
    size_t row, const struct mc_index *x, struct mc_err *err)
{
	const char *old = mc_table_get(t, row, (size_t)column[OLD]);
	const char *new = mc_table_get(t, row, (size_t)column[NEW]);
	size_t i;

	if (*new == '\0')
		return mc_err_at(err, MC_EDATA, mc_table_name(t),
		    mc_table_line(t, row), "column \"name\" is empty: to leave "
		    "images out, give --classes");
	for (i = 0; i < row; i++) {
		if (same(mc_table_get(t, i, (size_t)column[OLD]), old))
			return mc_err_at(err, MC_EDATA, mc_table_name(t),
			    mc_table_line(t, row), "the label \"%s\" is also "
			    "in line %lld", old,
			    (long long)mc_table_line(t, i));
	}
	if (mark(l, old, new) == 0)
		mc_say(x->o->warn, "%s:%lld: no image has the label \"%s\"",
		    mc_table_name(t), (long long)mc_table_line(t, row), old);
	return MC_OK;
}

/* No image may go without a word: those with other labels keep them. */
static enum mc_status
check_renamed(const struct labels *l, const struct mc_table *t,
    const struct mc_index *x, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_buf rest = { 0 };
	size_t k, found = 0;

	for (k = 0; k < l->n; k++)
		found += l->found[k];
	list(l, false, &rest);
	if (found == 0)
		status = mc_err_set(err, MC_EDATA, "%s: column \"label\" has "
		    "none of the labels: %s", mc_table_name(t), rest.data);
	else if (found < l->n)
		mc_say(x->o->warn, "%s: no name for some labels, which stay: "
		    "%s", mc_table_name(t), rest.data);
	mc_buf_free(&rest);
	return status;
}

static enum mc_status
rename_labels(struct mc_index *x, struct mc_err *err)
{
	static const char *const names[COLUMNS] = { "label", "name" };
	int column[COLUMNS];
	struct mc_table *t;
	struct labels l;
	enum mc_status status = mc_csv_read(&t, x->o->rename, err);
	size_t row;

	if (status != MC_OK)
		return status;
	if (mc_table_note(t) != NULL)
		mc_say(x->o->warn, "%s", mc_table_note(t));
	start(&l, x);
	status = mc_table_bind(t, names, COLUMNS, COLUMNS, column, err);
	for (row = 0; status == MC_OK && row < mc_table_rows(t); row++)
		status = rename_row(&l, t, column, row, x, err);
	if (status == MC_OK)
		status = check_renamed(&l, t, x, err);
	if (status == MC_OK)
		apply(&l, x);
	end(&l);
	mc_table_free(t);
	return status;
}

/* --- --merge -------------------------------------------------------------- */

/* Whether ITEM I is also before I, or its label becomes TO, and not NEW. */
static bool
is_twice(char *const *item, size_t i, const char *to, const char *new)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (strcmp(item[j], item[i]) == 0)
			return true;
	}
	return strcmp(to, new) != 0;
}

/*
 * The N labels at ITEM become NEW, which no other may be called.  Two spellings
 * of a number may both be there: 1=1,1.0.
 */
static enum mc_status
merge_items(struct labels *l, const char *new, char *const *item, size_t n,
    struct mc_err *err)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < l->n; k++) {
			if (l->to[k] != NULL &&
			    same(mc_names_at(l->names, k), item[i]) &&
			    is_twice(item, i, l->to[k], new))
				return mc_err_set(err, MC_EUSAGE, "--merge: "
				    "\"%s\" is given twice", item[i]);
		}
		if (mark(l, item[i], new) == 0)
			return no_label(l, "--merge", item[i], err);
	}
	return MC_OK;
}

/* NEW is for all labels that no list names: REST, which is "NEW=*". */
static enum mc_status
merge_rest(struct labels *l, const char *rest, struct mc_err *err)
{
	size_t n = strlen(rest) - strlen("=*"), k, found = 0;

	for (k = 0; k < l->n; k++) {
		if (l->to[k] != NULL || *mc_names_at(l->names, k) == '\0')
			continue;
		l->to[k] = mc_xstrndup(rest, n);
		found++;
	}
	return found > 0 ? MC_OK : mc_err_set(err, MC_EDATA, "--merge %s: no "
	    "other label is left", rest);
}

/* A label that is not merged must not be called like one that was made. */
static enum mc_status
check_merged(const struct labels *l, struct mc_err *err)
{
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		for (k = 0; k < l->n && l->to[i] == NULL; k++) {
			if (l->to[k] != NULL && strcmp(l->to[k],
			    mc_names_at(l->names, i)) == 0)
				return mc_err_set(err, MC_EUSAGE, "--merge: "
				    "%zu images have the label \"%s\" already: "
				    "give it another name, or list it also: "
				    "%s=%s,...", l->count[i], l->to[k],
				    l->to[k], l->to[k]);
		}
	}
	return MC_OK;
}

static enum mc_status
merge_labels(struct mc_index *x, struct mc_err *err)
{
	const char *const *merge = x->o->merge, *equals, *rest = NULL;
	enum mc_status status = MC_OK;
	struct labels l;
	char **item, *new;
	size_t n;

	start(&l, x);
	for (; *merge != NULL && status == MC_OK; merge++) {
		equals = strchr(*merge, '=');
		if (equals == NULL || equals == *merge) {
			status = mc_err_set(err, MC_EUSAGE, "--merge %s: give "
			    "NEW=OLD,OLD, or NEW=* for all others", *merge);
			break;
		}
		if (strcmp(equals, "=*") == 0) {
			if (rest != NULL)
				status = mc_err_set(err, MC_EUSAGE, "--merge: "
				    "%s and %s: only one of them can be for "
				    "all others", rest, *merge);
			rest = *merge;
			continue;
		}
		new = mc_xstrndup(*merge, (size_t)(equals - *merge));
		n = mc_split_commas(equals + 1, &item);
		status = merge_items(&l, new, item, n, err);
		free(item);
		free(new);
	}
	if (status == MC_OK && rest != NULL)
		status = merge_rest(&l, rest, err);
	if (status == MC_OK)
		status = check_merged(&l, err);
	if (status == MC_OK)
		apply(&l, x);
	end(&l);
	return status;
}

/* --- --classes ------------------------------------------------------------ */

/* Leave out the images whose label is not marked, with a word. */
static void
leave_out(struct mc_index *x, const struct labels *l)
{
	struct mc_buf rest = { 0 };
	size_t i, k, n = 0;

	for (i = 0; i < x->n; i++) {
		k = mc_names_find(l->names, x->image[i].text[LABEL]);
		x->image[i].left_out = !l->found[k];
		n += !l->found[k];
	}
	list(l, false, &rest);
	if (n > 0)
		mc_say(x->o->warn, "%zu of %zu images left out by --classes: "
		    "%s", n, x->n, rest.data);
	mc_buf_free(&rest);
	mc_index_leave_out(x, "class not in --classes");
}

/* The labels that are not marked are none of the preset's classes. */
static enum mc_status
check_declared(const struct mc_index *x, const struct labels *l,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_buf rest = { 0 };

	list(l, false, &rest);
	if (rest.len > 0)
		status = mc_err_set(err, MC_EDATA, "%s: not the classes of "
		    "--preset %s, which are %s: rename them (--rename), or "
		    "say which to keep (--classes)", rest.data, x->o->preset,
		    x->o->declared);
	mc_buf_free(&rest);
	return status;
}

/* Mark the labels that TEXT, "!LIST", does not name, in place of those it does. */
static enum mc_status
invert(struct labels *l, const char *text, struct mc_err *err)
{
	size_t k, left = 0;

	for (k = 0; k < l->n; k++)
		left += l->found[k] = !l->found[k];
	return left > 0 ? MC_OK : mc_err_set(err, MC_EDATA, "--classes %s: no "
	    "image is left", text);
}

/* Keep the classes of --classes; those of a preset are only checked. */
static enum mc_status
choose_labels(struct mc_index *x, struct mc_err *err)
{
	bool chosen = x->o->classes != NULL;
	const char *text = chosen ? x->o->classes : x->o->declared;
	bool all_but = chosen && *text == '!';
	enum mc_status status = MC_OK;
	struct labels l;
	char **item;
	size_t n, i;

	start(&l, x);
	n = mc_split_commas(text + all_but, &item);
	for (i = 0; i < n && status == MC_OK; i++) {
		if (mark(&l, item[i], NULL) == 0 && chosen)
			status = no_label(&l, "--classes", item[i], err);
	}
	if (status == MC_OK && all_but)
		status = invert(&l, text, err);
	if (status == MC_OK && !chosen)
		status = check_declared(x, &l, err);
	else if (status == MC_OK)
		leave_out(x, &l);
	free(item);
	end(&l);
	return status;
}

/* Warn of labels that mc-train will refuse, unless they are findings. */
static void
warn_of_spellings(const struct mc_index *x)
{
	struct labels l;
	const char **text;
	size_t k, n = 0, a, b;

	if (x->o->multilabel || x->o->findings != NULL)
		return;
	start(&l, x);
	text = mc_xcalloc(l.n, sizeof(*text));
	for (k = 0; k < l.n; k++) {
		if (*mc_names_at(l.names, k) != '\0')
			text[n++] = mc_names_at(l.names, k);
	}
	if (mc_two_spellings(text, n, &a, &b))
		mc_say(x->o->warn, "the labels \"%s\" and \"%s\" are two "
		    "spellings of one class, which mc-train refuses: join them "
		    "with --merge \"%s=%s,%s\"", text[a], text[b], text[a],
		    text[a], text[b]);
	free(text);
	end(&l);
}

enum mc_status
mc_index_change_labels(struct mc_index *x, struct mc_err *err)
{
	const struct mc_index_options *o = x->o;
	enum mc_status status = MC_OK;

	if (o->rename != NULL)
		status = rename_labels(x, err);
	if (status == MC_OK && o->merge != NULL)
		status = merge_labels(x, err);
	if (status == MC_OK && (o->classes != NULL || (o->declared != NULL &&
	    o->merge == NULL && o->rename == NULL)))
		status = choose_labels(x, err);
	if (status == MC_OK)
		warn_of_spellings(x);
	return status;
}
