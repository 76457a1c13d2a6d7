/* division_near.c - find images that look alike in two parts of a division. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "study/division_internal.h"
#include "table/schemas.h"

#define BITS 64
#define DIGITS 16

/* Two images, by their rows; the first id is before the second in byte order. */
struct pair {
	uint32_t a, b;
	int distance;
};

/* The rows with a hash, and the pairs found. */
struct near {
	const struct mc_division *s;
	int most;		/* the distance of a pair at most */
	uint64_t *hash;		/* of each row */
	uint32_t *row;		/* the rows that have one */
	size_t n;
	bool *first;		/* of each row: no row before it has its hash and
				   is in its split and fold */
	size_t unlisted;	/* pairs of which neither is the first */
	struct mc_units splits, folds;
	struct pair *pairs;
	size_t n_pairs, room;
};

/* --- Reading -------------------------------------------------------------- */

static enum mc_status
read_hash(const char *text, uint64_t *hash)
{
	char *end;

	if (strlen(text) != DIGITS ||
	    strspn(text, "0123456789abcdef") != DIGITS)
		return MC_EDATA;
	*hash = strtoull(text, &end, 16);
	return MC_OK;
}

static enum mc_status
read_hashes(struct near *t, struct mc_err *err)
{
	static const char *const column = "phash";
	const struct mc_division *s = t->s;
	const char *text, *name = mc_table_name(s->t);
	size_t row;
	int place;

	if (mc_table_bind(s->t, &column, 1, false, &place, err) != MC_OK)
		return MC_EDATA;
	if (place < 0)
		return mc_err_at(err, MC_EDATA, name, 1, "no column "
		    "\"phash\": mc-phash adds it");
	for (row = 0; row < s->rows; row++) {
		text = div_field(s, row, place);
		if (*text == '\0')
			continue;
		if (read_hash(text, &t->hash[row]) != MC_OK)
			return mc_err_at(err, MC_EDATA, name,
			    mc_table_line(s->t, row), "column \"phash\": "
			    "\"%s\" is not %d lower-case hexadecimal digits, "
			    "as mc-phash writes them", text, DIGITS);
		t->row[t->n++] = (uint32_t)row;
	}
	if (t->n < s->rows)
		mc_say(s->o->warn, "%s: column \"phash\" is empty in %zu of "
		    "%zu rows: these images are not compared", name,
		    s->rows - t->n, s->rows);
	return MC_OK;
}

/*
 * Mark the first row of each hash, split and fold.  Only pairs with such a row are
 * listed: each image that has a likeness is in one, and the pairs of n equal images
 * are fewer than n for each two splits and folds.
 */
static void
mark_first(struct near *t)
{
	struct mc_names *seen = mc_names_alloc();
	size_t i, known;
	char *key;

	for (i = 0; i < t->n; i++) {
		uint32_t row = t->row[i];

		key = mc_xasprintf("%" PRIx64 " %zu %zu", t->hash[row],
		    (size_t)t->splits.of_row[row],
		    (size_t)t->folds.of_row[row]);
		known = mc_names_count(seen);
		t->first[row] = mc_names_copy(seen, key) == known;
		free(key);
	}
	mc_names_free(seen);
}

/* --- Searching ------------------------------------------------------------ */

/* Where the first bit of band I of BANDS is; the bands are about equally wide. */
static int
band_start(int i, int bands)
{
	return i * BITS / bands;
}

/* The bits of band I of HASH. */
static uint64_t
band_of(uint64_t hash, int i, int bands)
{
	int start = band_start(i, bands);
	int width = band_start(i + 1, bands) - start;

	hash >>= start;
	return width == BITS ? hash : hash & ((UINT64_C(1) << width) - 1);
}

struct key {
	uint64_t band;
	uint32_t row;
};

static int
compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->band != y->band)
		return x->band < y->band ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* The bits of X that are 1: sums of 2, 4 and 8 bits, then of the 8 bytes. */
static int
count_bits(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (int)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* Whether a band before number BAND is the same in both: it has seen the pair. */
static bool
seen_before(uint64_t x, uint64_t y, int band, int bands)
{
	int i;

	for (i = 0; i < band; i++) {
		if (band_of(x ^ y, i, bands) == 0)
			return true;
	}
	return false;
}

/* Keep the rows A and B if they are alike, and in two splits or folds. */
static void
try_pair(struct near *t, uint32_t a, uint32_t b, int band)
{
	const struct mc_division *s = t->s;
	uint64_t differ = t->hash[a] ^ t->hash[b];
	bool ordered;

	if (count_bits(differ) > t->most ||
	    (t->splits.of_row[a] == t->splits.of_row[b] &&
	    t->folds.of_row[a] == t->folds.of_row[b]) ||
	    seen_before(t->hash[a], t->hash[b], band, t->most + 1))
		return;
	if (!t->first[a] && !t->first[b]) {
		t->unlisted++;
		return;
	}
	if (t->n_pairs == t->room) {
		t->room = t->room * 2 + 64;
		t->pairs = mc_xreallocarray(t->pairs, t->room,
		    sizeof(*t->pairs));
	}
	ordered = strcmp(div_field(s, a, s->m.id),
	    div_field(s, b, s->m.id)) < 0;
	t->pairs[t->n_pairs++] = (struct pair){ ordered ? a : b,
	    ordered ? b : a, count_bits(differ) };
}

/*
 * Hashes that differ in d bits agree in one of d + 1 bands: try all pairs that
 * agree in a band.
 */
static void
find_pairs(struct near *t)
{
	struct key *keys = mc_xreallocarray(NULL, t->n + 1, sizeof(*keys));
	int band, bands = t->most + 1;
	size_t i, j;

	for (band = 0; band < bands; band++) {
		for (i = 0; i < t->n; i++)
			keys[i] = (struct key){ band_of(t->hash[t->row[i]],
			    band, bands), t->row[i] };
		qsort(keys, t->n, sizeof(*keys), compare_keys);
		for (i = 0; i < t->n; i++) {
			for (j = i + 1; j < t->n &&
			    keys[j].band == keys[i].band; j++)
				try_pair(t, keys[i].row, keys[j].row, band);
		}
	}
	free(keys);
}

/* --- Writing -------------------------------------------------------------- */

static int
compare_pairs(const void *a, const void *b, void *near)
{
	const struct mc_division *s = ((const struct near *)near)->s;
	const struct pair *x = a, *y = b;
	int c = x->distance - y->distance;

	if (c == 0)
		c = strcmp(div_field(s, x->a, s->m.id),
		    div_field(s, y->a, s->m.id));
	return c != 0 ? c : strcmp(div_field(s, x->b, s->m.id),
	    div_field(s, y->b, s->m.id));
}

static void
write_pairs(struct near *t, FILE *f)
{
	const struct mc_manifest *m = &t->s->m;
	size_t i;

	if (t->n_pairs > 0)
		qsort_r(t->pairs, t->n_pairs, sizeof(*t->pairs),
		    compare_pairs, t);
	mc_rows_write_header(f, &mc_pairs_schema);
	for (i = 0; i < t->n_pairs; i++) {
		const struct pair *p = &t->pairs[i];
		struct mc_pairs_row row = {
			.distance = p->distance,
			.id_a = mc_manifest_get(m, p->a, m->id),
			.id_b = mc_manifest_get(m, p->b, m->id),
			.split_a = mc_manifest_get(m, p->a, m->split),
			.split_b = mc_manifest_get(m, p->b, m->split),
			.fold_a = mc_manifest_get(m, p->a, m->fold),
			.fold_b = mc_manifest_get(m, p->b, m->fold),
			.label_a = mc_manifest_get(m, p->a, m->label),
			.label_b = mc_manifest_get(m, p->b, m->label),
			.group_a = mc_manifest_get(m, p->a, m->group),
			.group_b = mc_manifest_get(m, p->b, m->group)
		};

		mc_rows_write(f, &mc_pairs_schema, &row);
	}
}

/* Refuse a manifest of one part: that it has no pairs would say nothing. */
static enum mc_status
check_divided(const struct near *t, struct mc_err *err)
{
	size_t i;

	for (i = 1; i < t->s->rows; i++) {
		if (t->splits.of_row[i] != t->splits.of_row[0] ||
		    t->folds.of_row[i] != t->folds.of_row[0])
			return MC_OK;
	}
	mc_err_set(err, MC_EDATA, "%s: all images are in one split and one "
	    "fold, so --near has nothing to compare: divide the manifest with "
	    "mc-split first", mc_table_name(t->s->t));
	return MC_EDATA;
}

enum mc_status
div_near(const struct mc_division *s, FILE *f, struct mc_err *err)
{
	struct near t = { .s = s, .most = (int)s->o->near };
	enum mc_status status;

	t.hash = mc_xcalloc(s->rows, sizeof(*t.hash));
	t.row = mc_xcalloc(s->rows, sizeof(*t.row));
	t.first = mc_xcalloc(s->rows, sizeof(*t.first));
	mc_units_of_texts(&t.splits, &s->m, s->m.split);
	mc_units_of_texts(&t.folds, &s->m, s->m.fold);
	status = check_divided(&t, err);
	if (status == MC_OK)
		status = read_hashes(&t, err);
	if (status == MC_OK) {
		mark_first(&t);
		find_pairs(&t);
		write_pairs(&t, f);
		mc_say(t.n_pairs > 0 ? s->o->warn : s->o->detail, "%s: %zu "
		    "pair%s of images that look alike (distance %d at most) "
		    "%s in two splits or folds", mc_table_name(s->t),
		    t.n_pairs, MC_PLURAL(t.n_pairs), t.most,
		    t.n_pairs == 1 ? "is" : "are");
		if (t.unlisted > 0)
			mc_say(s->o->warn, "%s: %zu further pairs are not "
			    "listed: of images with one hash in a split and "
			    "fold, the first stands for the others",
			    mc_table_name(s->t), t.unlisted);
	}
	free(t.hash);
	free(t.row);
	free(t.first);
	free(t.splits.of_row);
	free(t.folds.of_row);
	free(t.pairs);
	return status;
}
