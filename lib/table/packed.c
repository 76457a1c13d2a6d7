/* packed.c - make the manifest of an image tar. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/grey_levels.h"
#include "table/packed.h"

/* The columns of the new table, and a row of it. */
struct layout {
	const char **text;
	size_t old, n;		/* columns of the manifest; all */
	/* Where they are; -1: left as it is. */
	int bits, sha256, source, slope, intercept, grey;
};

/* The column NAME, new if the manifest has none. */
static int
column(struct layout *l, const struct mc_manifest *m, const char *name)
{
	int found = mc_table_find(m->table, name);

	if (found >= 0)
		return found;
	l->text[l->n] = name;
	return (int)l->n++;
}

static struct layout
lay_out(const struct mc_manifest *m, size_t n, const struct mc_packing *p)
{
	struct layout l = { NULL, mc_table_columns(m->table), 0, -1, -1, -1,
	    -1, -1, -1 };
	bool converted = p->converted, kept = false, made = false;
	size_t c, i;

	l.text = mc_xreallocarray(NULL, l.old + 5, sizeof(*l.text));
	for (c = 0; c < l.old; c++)
		l.text[c] = mc_table_column(m->table, c);
	l.n = l.old;
	for (i = 0; p->row != NULL && i < n; i++) {
		converted = converted || p->row[i].converted;
		kept = kept || p->row[i].bits > 0;
		made = made || p->row[i].grey_levels != NULL;
	}
	if (p->bits != NULL || kept)
		l.bits = column(&l, m, "bits");
	if (kept) {
		l.slope = column(&l, m, "value_slope");
		l.intercept = column(&l, m, "value_intercept");
	}
	if (p->converted) {
		l.slope = mc_table_find(m->table, "value_slope");
		l.intercept = mc_table_find(m->table, "value_intercept");
	}
	if (made)
		l.grey = column(&l, m, MC_GREY_COLUMN);
	if (converted && m->sha256 >= 0) {
		l.sha256 = m->sha256;
		l.source = column(&l, m, "source_sha256");
	}
	return l;
}

static enum mc_status
add_row(struct mc_table *t, struct layout *l, const struct mc_manifest *m,
    size_t row, const struct mc_packing *p, const struct mc_packed_row *how,
    struct mc_err *err)
{
	char bits[MC_NUM_SIZE], slope[MC_NUM_SIZE], intercept[MC_NUM_SIZE];
	size_t c;

	for (c = 0; c < l->n; c++)
		l->text[c] = c < l->old ? mc_table_get(m->table, row, c) : "";
	if (p->bits != NULL)
		l->text[l->bits] = p->bits;
	/* The samples of 16 bits whose values they are become 8-bit ones. */
	if (p->converted && l->slope >= 0)
		l->text[l->slope] = "";
	if (p->converted && l->intercept >= 0)
		l->text[l->intercept] = "";
	if (how->bits > 0) {
		l->text[l->bits] = mc_format_f64(bits, how->bits);
		l->text[l->slope] = mc_format_f64(slope, how->slope);
		l->text[l->intercept] = mc_format_f64(intercept,
		    how->intercept);
	}
	if (how->grey_levels != NULL)
		l->text[l->grey] = how->grey_levels;
	if (l->sha256 >= 0 && (p->converted || how->converted)) {
		if (l->text[l->source][0] == '\0')
			l->text[l->source] = l->text[l->sha256];
		l->text[l->sha256] = "";
	}
	return mc_table_add(t, l->text, err);
}

/* Check that a column grey_levels of M, which L changes, is no other one. */
static enum mc_status
check_grey(const struct layout *l, const struct mc_manifest *m,
    const size_t *row, size_t n, struct mc_err *err)
{
	size_t i;

	for (i = 0; l->grey >= 0 && (size_t)l->grey < l->old && i < n; i++) {
		const char *field = mc_table_get(m->table, row[i],
		    (size_t)l->grey);

		if (*field != '\0' && !mc_grey_is(field))
			return mc_err_at(err, MC_EDATA, mc_table_name(m->table),
			    mc_table_line(m->table, row[i]), "column \""
			    MC_GREY_COLUMN "\": \"%s\", but mc-pack writes "
			    "there how grey levels are made: rename the column",
			    field);
	}
	return MC_OK;
}

enum mc_status
mc_packed_table(struct mc_table **result, const struct mc_manifest *m,
    const size_t *row, size_t n, const struct mc_packing *p,
    struct mc_err *err)
{
	static const struct mc_packed_row none;
	struct mc_table *t = NULL;
	enum mc_status status;
	struct layout l;
	size_t i;

	*result = NULL;
	if (p->bits != NULL && m->bits >= 0)
		return mc_err_at(err, MC_EDATA, mc_table_name(m->table), 1,
		    "a column \"bits\" already: leave out --bits or the "
		    "column");
	l = lay_out(m, n, p);
	status = check_grey(&l, m, row, n, err);
	if (status == MC_OK)
		status = mc_table_alloc(&t, mc_table_name(m->table), l.text,
		    l.n, err);
	for (i = 0; i < n && status == MC_OK; i++)
		status = add_row(t, &l, m, row[i], p, p->row != NULL ?
		    &p->row[i] : &none, err);
	free(l.text);
	if (status == MC_OK)
		*result = t;
	else
		mc_table_free(t);
	return status;
}
