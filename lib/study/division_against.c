/* division_against.c - check that two manifests have no image in common. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "study/division_internal.h"

/* A manifest, and the column by which it is compared. */
struct side {
	const struct mc_manifest *m;
	int column, source;	/* source: source_sha256, or -1 */
};

/* What two manifests are compared by. */
enum by { BY_GROUP, BY_BYTES, BY_ID };

struct pair {
	const struct mc_division *s;
	struct side own, other;
	enum by by;
	const char *what;	/* what it means if the two have the same text */
};

/* The digest of the file that the image of ROW is, or was made of; "". */
static const char *
digest_of(const struct side *side, size_t row)
{
	const char *digest = mc_manifest_get(side->m, row, side->m->sha256);

	return *digest != '\0' ? digest : mc_manifest_get(side->m, row,
	    side->source);
}

/*
 * What ROW is compared by: numbers in one spelling, digests in small letters.
 * The caller frees it.
 */
static char *
key_of(const struct pair *p, const struct side *side, size_t row)
{
	char number[MC_NUM_SIZE], *key;
	size_t i;

	key = mc_xstrdup(p->by == BY_BYTES ? digest_of(side, row) :
	    mc_plain_number(mc_manifest_get(side->m, row, side->column),
	    number));
	for (i = 0; p->by == BY_BYTES && key[i] != '\0'; i++)
		key[i] = (char)tolower((unsigned char)key[i]);
	return key;
}

/* The rows of the other manifest by what they are compared by. */
static struct mc_names *
read_keys(const struct pair *p, size_t **row)
{
	size_t rows = mc_table_rows(p->other.m->table), i, n, known;
	struct mc_names *keys = mc_names_alloc();

	*row = mc_xcalloc(rows, sizeof(**row));
	for (i = 0; i < rows; i++) {
		char *key = key_of(p, &p->other, i);

		known = mc_names_count(keys);
		n = *key == '\0' ? known : mc_names_copy(keys, key);
		if (*key != '\0' && n == known)
			(*row)[n] = i;
		free(key);
	}
	return keys;
}

/* The cases that were found: how many, and the rows of the first. */
struct cases {
	size_t n, own, other;
};

/* Note that ROW has what the OTHER manifest's row has; each is a detail. */
static void
add_case(const struct pair *p, struct cases *c, size_t row, size_t other)
{
	const struct mc_division *s = p->s;

	if (c->n++ == 0) {
		c->own = row;
		c->other = other;
	}
	mc_say(s->o->detail, "%s:%lld: %s \"%s\" is also in %s:%lld",
	    mc_table_name(s->t), (long long)mc_table_line(s->t, row), p->what,
	    div_field(s, row, p->own.column),
	    mc_table_name(p->other.m->table),
	    (long long)mc_table_line(p->other.m->table, other));
}

/* Find what is in both manifests. */
static struct cases
find_cases(const struct pair *p)
{
	struct mc_names *keys, *seen = mc_names_alloc();
	struct cases c = { 0 };
	size_t *place, row, at;

	keys = read_keys(p, &place);
	for (row = 0; row < p->s->rows; row++) {
		char *key = key_of(p, &p->own, row);
		size_t known = mc_names_count(seen);

		at = *key == '\0' ? MC_NO_NAME : mc_names_find(keys, key);
		/* Two digests were compared; without one, the ids are. */
		if (at != MC_NO_NAME && p->by == BY_ID &&
		    *digest_of(&p->own, row) != '\0' &&
		    *digest_of(&p->other, place[at]) != '\0')
			at = MC_NO_NAME;
		if (at != MC_NO_NAME && mc_names_copy(seen, key) == known)
			add_case(p, &c, row, place[at]);
		free(key);
	}
	mc_names_free(keys);
	mc_names_free(seen);
	free(place);
	return c;
}

/* Refuse what is in both manifests. */
static enum mc_status
check(const struct pair *p, struct mc_err *err)
{
	const struct mc_division *s = p->s;
	struct cases c = find_cases(p);
	char *line;

	if (c.n == 0)
		return MC_OK;
	line = mc_xasprintf("%s \"%s\" is also in %s:%lld (%zu such case%s): "
	    "remove it from one of the two", p->what, div_field(s, c.own,
	    p->own.column), mc_table_name(p->other.m->table),
	    (long long)mc_table_line(p->other.m->table, c.other), c.n,
	    MC_PLURAL(c.n));
	mc_err_at(err, MC_EDATA, mc_table_name(s->t),
	    mc_table_line(s->t, c.own), "%s", line);
	free(line);
	return MC_EDATA;
}

/* Compare the images: by their bytes, else by their ids. */
static enum mc_status
check_images(struct pair *p, struct mc_err *err)
{
	enum mc_status status;

	p->own.column = p->s->m.id;
	p->other.column = p->other.m->id;
	p->by = BY_BYTES;
	p->what = "image with the bytes of";
	if ((status = check(p, err)) != MC_OK)
		return status;
	p->by = BY_ID;
	p->what = "image";
	return check(p, err);
}

enum mc_status
div_against(const struct mc_division *s, struct mc_err *err)
{
	struct mc_manifest other;
	enum mc_status status = mc_manifest_read(&other, s->o->against, 0, err);
	struct pair p = { .s = s, .by = BY_GROUP, .what = "group",
	    .own = { &s->m, s->columns.group, -1 } };

	if (status != MC_OK)
		return status;
	p.own.source = mc_table_find(s->t, "source_sha256");
	p.other = (struct side){ &other, other.group,
	    mc_table_find(other.table, "source_sha256") };
	if (s->o->group != NULL) {
		p.what = s->o->group;
		status = mc_table_bind(other.table, &s->o->group, 1, 1,
		    &p.other.column, err);
	}
	if (p.own.column < 0 || p.other.column < 0)
		mc_say(s->o->warn, "%s: no column \"group\": only images are "
		    "compared, not patients", mc_table_name(p.own.column < 0 ?
		    s->t : other.table));
	else if (status == MC_OK)
		status = check(&p, err);
	if (status == MC_OK)
		status = check_images(&p, err);
	mc_manifest_clear(&other);
	return status;
}
