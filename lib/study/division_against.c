/* division_against.c - check that two manifests have no image in common. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "study/division_internal.h"

/* Two manifests, the one at hand and another, and a column of each. */
struct pair {
	const struct mc_division *s;
	const struct mc_manifest *other;
	int own, others;
	const char *what;	/* what it means if the two have the same text */
};

/* The rows of the other manifest by their texts in its column. */
static struct mc_names *
read_texts(const struct pair *p, size_t **row)
{
	size_t rows = mc_table_rows(p->other->table), i, n, known;
	struct mc_names *texts = mc_names_alloc();

	*row = mc_xcalloc(rows, sizeof(**row));
	for (i = 0; i < rows; i++) {
		const char *text = mc_manifest_get(p->other, i, p->others);

		known = mc_names_count(texts);
		n = *text == '\0' ? known : mc_names_add(texts, text);
		if (*text != '\0' && n == known)
			(*row)[n] = i;
	}
	return texts;
}

/* Refuse a text that is in both columns: each such row is a detail. */
static enum mc_status
check(const struct pair *p, struct mc_err *err)
{
	const struct mc_division *s = p->s;
	const char *name = mc_table_name(p->other->table);
	struct mc_names *texts, *seen;
	size_t *place, row, first = 0, n = 0, at = 0, other;
	char *line;

	texts = read_texts(p, &place);
	seen = mc_names_alloc();
	for (row = 0; row < s->rows; row++) {
		const char *text = div_field(s, row, p->own);
		size_t known = mc_names_count(seen);

		other = *text == '\0' ? MC_NO_NAME : mc_names_find(texts, text);
		if (other == MC_NO_NAME || mc_names_add(seen, text) != known)
			continue;
		if (n++ == 0) {
			first = row;
			at = place[other];
		}
		mc_say(s->o->detail, "%s:%lld: %s \"%s\" is also in %s:%lld",
		    mc_table_name(s->t), (long long)mc_table_line(s->t, row),
		    p->what, div_field(s, row, p->own == s->m.sha256 ?
		    s->m.id : p->own), name, (long long)mc_table_line(
		    p->other->table, place[other]));
	}
	mc_names_free(texts);
	mc_names_free(seen);
	free(place);
	if (n == 0)
		return MC_OK;
	line = mc_xasprintf("%s \"%s\" is also in %s:%lld (%zu such case%s): "
	    "remove it from one of the two", p->what, div_field(s, first,
	    p->own == s->m.sha256 ? s->m.id : p->own), name,
	    (long long)mc_table_line(p->other->table, at), n, MC_PLURAL(n));
	mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, first), "%s", line);
	free(line);
	return MC_EDATA;
}

enum mc_status
div_against(const struct mc_division *s, struct mc_err *err)
{
	struct mc_manifest other;
	enum mc_status status = mc_manifest_read(&other, s->o->against, 0, err);
	struct pair p = { .s = s, .other = &other };
	bool bytes;

	if (status != MC_OK)
		return status;
	bytes = s->m.sha256 >= 0 && other.sha256 >= 0;
	p.own = s->columns.group;
	p.what = s->o->group != NULL ? s->o->group : "group";
	p.others = other.group;
	if (s->o->group != NULL)
		status = mc_table_bind(other.table, &s->o->group, 1, 1,
		    &p.others, err);
	if (p.own < 0 || p.others < 0)
		mc_say(s->o->warn, "%s: no column \"group\": only images are "
		    "compared, not patients", mc_table_name(p.own < 0 ? s->t :
		    other.table));
	else if (status == MC_OK)
		status = check(&p, err);
	p.own = bytes ? s->m.sha256 : s->m.id;
	p.others = bytes ? other.sha256 : other.id;
	p.what = bytes ? "image with the bytes of" : "image";
	if (status == MC_OK)
		status = check(&p, err);
	mc_manifest_clear(&other);
	return status;
}
