/* index_columns.c - columns that are made of the names of files. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/index_internal.h"

bool
mc_index_is_own(const struct mc_index *x, const char *name)
{
	size_t i;

	for (i = 0; i < OWN; i++) {
		if (strcmp(mc_index_own[i], name) == 0)
			return true;
	}
	for (i = 0; i < x->n_columns; i++) {
		if (strcmp(x->column[i].name, name) == 0)
			return true;
	}
	return strcmp(name, "fold") == 0 || strcmp(name, "unit") == 0 ||
	    (x->o->mask != NULL && strcmp(name, MC_MASK_SHARE) == 0);
}

static enum mc_status
add_column(struct mc_index *x, const char *text, struct mc_err *err)
{
	const char *equals = strchr(text, '=');
	struct index_column *c = &x->column[x->n_columns];
	char *name, why[256];
	int failed;

	if (equals == NULL || equals == text)
		return mc_err_set(err, MC_EUSAGE, "--from-name: \"%s\": give "
		    "COLUMN=REGEX, such as sequence='(t1ce|t1|t2|flair)'",
		    text);
	name = mc_xstrndup(text, (size_t)(equals - text));
	if (!mc_tsv_field_ok(name) || mc_index_is_own(x, name)) {
		mc_err_set(err, MC_EUSAGE, "--from-name: \"%s\": %s: choose "
		    "another name", name, mc_tsv_field_ok(name) ?
		    "the manifest has this column" : "no name of a column");
		free(name);
		return MC_EUSAGE;
	}
	c->name = name;
	x->n_columns++;
	failed = regcomp(&c->re, equals + 1, REG_EXTENDED);
	if (failed != 0) {
		regerror(failed, &c->re, why, sizeof(why));
		x->n_columns--;
		free(name);
		return mc_err_set(err, MC_EUSAGE, "--from-name: \"%s\" is not "
		    "a POSIX extended regular expression: %s", equals + 1, why);
	}
	return MC_OK;
}

enum mc_status
mc_index_choose_columns(struct mc_index *x, struct mc_err *err)
{
	const char *const *text = x->o->from_name;
	enum mc_status status = MC_OK;
	size_t n = 0;

	while (text != NULL && text[n] != NULL)
		n++;
	x->column = mc_xcalloc(n, sizeof(*x->column));
	for (; n > 0 && status == MC_OK && *text != NULL; text++)
		status = add_column(x, *text, err);
	return status;
}

void
mc_index_free_columns(struct mc_index *x)
{
	size_t i;

	for (i = 0; i < x->n_columns; i++) {
		free(x->column[i].name);
		regfree(&x->column[i].re);
	}
	free(x->column);
}

char *
mc_index_from_name(const struct index_column *c,
    const struct index_image *image)
{
	const char *name = image->file->path + image->file->base;
	regmatch_t m[2], *part = c->re.re_nsub > 0 ? &m[1] : &m[0];

	if (regexec(&c->re, name, 2, m, 0) != 0 || part->rm_so == part->rm_eo)
		return NULL;
	return mc_xstrndup(name + part->rm_so,
	    (size_t)(part->rm_eo - part->rm_so));
}

/* See that the expression of C matches each name. */
static enum mc_status
check_column(const struct mc_index *x, const struct index_column *c,
    struct mc_err *err)
{
	size_t i, n = 0, first = 0;
	char *text;

	for (i = x->n; i-- > 0;) {
		text = mc_index_from_name(c, &x->image[i]);
		if (text == NULL) {
			first = i;
			n++;
		}
		free(text);
	}
	if (n == 0)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: --from-name %s matches nothing in "
	    "the file's name (%zu such image%s): give it an alternative for "
	    "such names, or leave them out (--exclude)",
	    x->image[first].file->path, c->name, n, MC_PLURAL(n));
}

enum mc_status
mc_index_check_columns(const struct mc_index *x, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < x->n_columns && status == MC_OK; i++)
		status = check_column(x, &x->column[i], err);
	return status;
}

void
mc_index_write_columns(const struct mc_index *x,
    const struct index_image *image, FILE *f)
{
	char *text;
	size_t i;

	for (i = 0; i < x->n_columns; i++) {
		text = image != NULL ? mc_index_from_name(&x->column[i],
		    image) : mc_xstrdup(x->column[i].name);
		fprintf(f, "\t%s", text);
		free(text);
	}
}
