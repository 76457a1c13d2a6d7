/* packed.c - make the manifest of an image tar. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "table/packed.h"

/* The columns of the new table, and a row of it. */
struct layout {
	const char **text;
	size_t old, n;		/* columns of the manifest; all */
	int bits, sha256, source;	/* where they are; -1: left as it is */
};

static struct layout
lay_out(const struct mc_manifest *m, const struct mc_packing *p)
{
	struct layout l = { NULL, mc_table_columns(m->table), 0, -1, -1, -1 };
	size_t c;

	l.text = mc_xreallocarray(NULL, l.old + 2, sizeof(*l.text));
	for (c = 0; c < l.old; c++)
		l.text[c] = mc_table_column(m->table, c);
	l.n = l.old;
	if (p->bits != NULL) {
		l.bits = (int)l.n;
		l.text[l.n++] = "bits";
	}
	if (!p->converted || m->sha256 < 0)
		return l;
	l.sha256 = m->sha256;
	l.source = mc_table_find(m->table, "source_sha256");
	if (l.source < 0) {
		l.source = (int)l.n;
		l.text[l.n++] = "source_sha256";
	}
	return l;
}

static enum mc_status
add_row(struct mc_table *t, struct layout *l, const struct mc_manifest *m,
    size_t row, const char *bits, struct mc_err *err)
{
	size_t c;

	for (c = 0; c < l->n; c++)
		l->text[c] = c < l->old ? mc_table_get(m->table, row, c) : "";
	if (l->bits >= 0)
		l->text[l->bits] = bits;
	if (l->sha256 >= 0) {
		if (l->text[l->source][0] == '\0')
			l->text[l->source] = l->text[l->sha256];
		l->text[l->sha256] = "";
	}
	return mc_table_add(t, l->text, err);
}

enum mc_status
mc_packed_table(struct mc_table **result, const struct mc_manifest *m,
    const size_t *row, size_t n, const struct mc_packing *p,
    struct mc_err *err)
{
	struct mc_table *t = NULL;
	enum mc_status status;
	struct layout l;
	size_t i;

	*result = NULL;
	if (p->bits != NULL && m->bits >= 0)
		return mc_err_at(err, MC_EDATA, mc_table_name(m->table), 1,
		    "a column \"bits\" already: leave out --bits or the "
		    "column");
	l = lay_out(m, p);
	status = mc_table_alloc(&t, mc_table_name(m->table), l.text, l.n, err);
	for (i = 0; i < n && status == MC_OK; i++)
		status = add_row(t, &l, m, row[i], p->bits, err);
	free(l.text);
	if (status == MC_OK)
		*result = t;
	else
		mc_table_free(t);
	return status;
}
