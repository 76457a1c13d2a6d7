/* index_meta.c - read the tables of metadata and find their columns. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "table/csv.h"
#include "table/index_internal.h"

/* --- Tables --------------------------------------------------------------- */

/* What KEY says: the column into *COLUMN, and whether it names the group. */
static enum mc_status
read_key(const char *key, const char **column, bool *by_group,
    struct mc_err *err)
{
	const char *equals = strchr(key, '=');
	size_t n = equals != NULL ? (size_t)(equals - key) : strlen(key);

	*column = equals != NULL ? equals + 1 : key;
	*by_group = n == 5 && strncmp(key, "group", 5) == 0;
	if (equals != NULL && !*by_group &&
	    (n != 2 || strncmp(key, "id", 2) != 0))
		return mc_err_set(err, MC_EUSAGE, "--key %s: give COLUMN or "
		    "id=COLUMN, which names the image, or group=COLUMN, which "
		    "names the patient", key);
	return MC_OK;
}

/* Whether T has the columns of the tables of M, in the same order. */
static bool
has_header_of(const struct mc_table *t, const struct metadata *m)
{
	size_t n = mc_table_columns(t), c;

	if (mc_table_columns(m->t[0]) != n)
		return false;
	for (c = 0; c < n; c++) {
		if (strcmp(mc_table_column(t, c),
		    mc_table_column(m->t[0], c)) != 0)
			return false;
	}
	return true;
}

/* The element of x->meta that a table such as T belongs to; a new one. */
static struct metadata *
place(struct mc_index *x, const struct mc_table *t, int key, bool by_group)
{
	struct metadata *m;
	size_t i;

	for (i = 0; i < x->n_meta; i++) {
		m = &x->meta[i];
		if (m->by_group == by_group && m->key == key &&
		    has_header_of(t, m))
			return m;
	}
	x->meta = mc_xgrow(x->meta, x->n_meta, &x->meta_cap, sizeof(*x->meta));
	m = &x->meta[x->n_meta++];
	*m = (struct metadata){ .by_group = by_group, .key = key, .label = -1,
	    .group = -1, .split = -1 };
	return m;
}

static enum mc_status
read_table(struct mc_index *x, const char *path, const char *key,
    struct mc_err *err)
{
	const char *name;
	enum mc_status status;
	struct mc_table *t;
	struct metadata *m;
	bool by_group;
	int column;

	status = read_key(key, &name, &by_group, err);
	if (status == MC_OK)
		status = mc_csv_read_keyed(&t, path, x->o->headless, name,
		    err);
	if (status != MC_OK)
		return status;
	if (mc_table_note(t) != NULL)
		mc_say(x->o->warn, "%s", mc_table_note(t));
	status = mc_table_bind(t, &name, 1, 1, &column, err);
	if (status != MC_OK) {
		mc_table_free(t);
		return status;
	}
	m = place(x, t, column, by_group);
	m->t = mc_xreallocarray(m->t, m->n + 1, sizeof(*m->t));
	m->t[m->n++] = t;
	return MC_OK;
}

/* --- The columns that options name ---------------------------------------- */

/* The first tables with a column NAME, which can be used in each of them. */
static enum mc_status
find_tables(const struct mc_index *x, const char *name, struct metadata **m,
    int *column, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i, k;

	for (i = 0; i < x->n_meta; i++) {
		*m = &x->meta[i];
		*column = mc_table_find((*m)->t[0], name);
		for (k = 0; *column >= 0 && k < (*m)->n && status == MC_OK; k++)
			status = mc_table_check((*m)->t[k], (size_t)*column,
			    err);
		if (*column >= 0)
			return status;
	}
	return mc_no_column(x->meta[0].t[0], x->n_meta > 1 ? x->meta[1].t[0] :
	    NULL, name, err);
}

/* Set MEMBER, an int of the tables that have the column NAME, or NULL. */
static enum mc_status
find_column(const struct mc_index *x, const char *name, size_t member,
    struct mc_err *err)
{
	enum mc_status status;
	struct metadata *m;
	int column;

	if (name == NULL)
		return MC_OK;
	status = find_tables(x, name, &m, &column, err);
	if (status != MC_OK)
		return status;
	if (m->by_group && member == offsetof(struct metadata, group))
		return mc_err_set(err, MC_EUSAGE, "--group-column %s: %s is "
		    "joined by the group, so another table or --group must "
		    "give it", name, mc_table_name(m->t[0]));
	*(int *)(void *)((char *)m + member) = column;
	return MC_OK;
}

static enum mc_status
find_one_hot(const struct mc_index *x, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct metadata *m;
	char **item;
	int column;
	size_t n, i;

	if (x->o->one_hot == NULL)
		return MC_OK;
	n = mc_split_commas(x->o->one_hot, &item);
	status = find_tables(x, item[0], &m, &column, err);
	if (status == MC_OK) {
		m->hots = n;
		m->hot = mc_xcalloc(n, sizeof(*m->hot));
	}
	for (i = 0; status == MC_OK && i < m->n; i++)
		status = mc_table_bind(m->t[i], (const char *const *)item, n,
		    n, m->hot, err);
	free(item);
	return status;
}

/* The findings are in the first tables that have what --findings names. */
static enum mc_status
find_findings(const struct mc_index *x, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	struct mc_err other;
	struct metadata *m = NULL;
	size_t i, k;

	if (x->o->findings == NULL)
		return MC_OK;
	for (i = 0; i < x->n_meta; i++) {
		m = &x->meta[i];
		const int except[] = { m->key, m->group, m->split };

		status = mc_column_list_find(&m->finding, m->t[0],
		    x->o->findings, except, 3, i == 0 ? err : &other);
		if (status == MC_OK)
			break;
		mc_column_list_clear(&m->finding);
	}
	for (k = 0; status == MC_OK && k < m->finding.n * m->n; k++)
		status = mc_table_check(m->t[k % m->n],
		    m->finding.column[k / m->n], err);
	return status;
}

/* --- The columns that pass through ---------------------------------------- */

/* Whether ITEM, a name or a pattern with one *, is for the column NAME. */
static bool
is_meant(const char *item, const char *name)
{
	const char *star = strchr(item, '*');
	size_t before, after, n = strlen(name);

	if (star == NULL)
		return strcmp(item, name) == 0;
	before = (size_t)(star - item);
	after = strlen(star + 1);
	return n >= before + after && strncmp(name, item, before) == 0 &&
	    strcmp(name + n - after, star + 1) == 0;
}

/* Whether one of the N items at ITEM is for the column NAME. */
static bool
is_listed(char *const *item, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_meant(item[i], name))
			return true;
	}
	return false;
}

/* Each item must be for a column; one of --columns for one that can pass. */
static enum mc_status
check_items(const struct mc_index *x, char *const *item, size_t n,
    struct mc_err *err)
{
	size_t i, k, c, found;

	for (i = 0; i < n; i++) {
		found = 0;
		for (k = 0; k < x->n_meta; k++) {
			for (c = 0; c < mc_table_columns(x->meta[k].t[0]); c++)
				found += is_meant(item[i],
				    mc_table_column(x->meta[k].t[0], c));
		}
		if (found == 0)
			return mc_no_column(x->meta[0].t[0], x->n_meta > 1 ?
			    x->meta[1].t[0] : NULL, item[i], err);
		if (x->o->columns != NULL && mc_index_is_own(x, item[i]))
			return mc_err_set(err, MC_EUSAGE, "--columns: the "
			    "manifest has a column \"%s\" of its own: rename "
			    "that of the table", item[i]);
	}
	return MC_OK;
}

static void
warn_left_out(const struct mc_index *x, const struct metadata *m,
    const struct mc_buf *list, const char *why)
{
	if (list->len > 0)
		mc_say(x->o->warn, "%s: left out, since %s: %s",
		    mc_table_name(m->t[0]), why, list->data);
}

/* Whether a column NAME of tables before M passes. */
static bool
has_passed(const struct mc_index *x, const struct metadata *m,
    const char *name)
{
	const struct metadata *other;
	size_t i;

	for (other = x->meta; other < m; other++) {
		for (i = 0; i < other->n_passed; i++) {
			if (strcmp(mc_table_column(other->t[0],
			    other->passed[i]), name) == 0)
				return true;
		}
	}
	return false;
}

/*
 * Those of M that pass: all, or what the N items say, but those that are called
 * like one of the manifest's, which may have been asked for, or like another.
 */
static void
choose_passed(struct mc_index *x, struct metadata *m, char *const *item,
    size_t n_items)
{
	struct mc_buf taken = { 0 }, repeated = { 0 }, hidden = { 0 }, *list;
	size_t n = mc_table_columns(m->t[0]), i;

	m->passed = mc_xcalloc(n, sizeof(*m->passed));
	for (i = 0; i < n; i++) {
		const char *name = mc_table_column(m->t[0], i);
		bool second = mc_table_repeats(m->t[0], i) ||
		    has_passed(x, m, name);
		int c = (int)i;

		if (n_items > 0 && is_listed(item, n_items, name) !=
		    (x->o->columns != NULL))
			continue;
		if (c == m->key && m->by_group && mc_index_hides_patients(x)) {
			mc_buf_puts(&hidden, name);
			continue;
		}
		if (!mc_index_is_own(x, name) && !second) {
			m->passed[m->n_passed++] = i;
			continue;
		}
		if (c == m->key || c == m->label || c == m->group ||
		    c == m->split)
			continue;
		list = second ? &repeated : &taken;
		mc_buf_printf(list, "%s%s", list->len > 0 ? ", " : "", name);
	}
	warn_left_out(x, m, &taken, "the manifest has such columns (see "
	    "--label, --group-column, --split-column)");
	warn_left_out(x, m, &repeated, "the name is used twice");
	warn_left_out(x, m, &hidden, "patients are hashed (see --keep-ids)");
	mc_buf_free(&taken);
	mc_buf_free(&hidden);
	mc_buf_free(&repeated);
}

static enum mc_status
find_passed(struct mc_index *x, struct mc_err *err)
{
	const char *text = x->o->columns != NULL ? x->o->columns : x->o->drop;
	enum mc_status status;
	char **item = NULL;
	size_t n = 0, i;

	if (text != NULL)
		n = mc_split_commas(text, &item);
	status = check_items(x, item, n, err);
	for (i = 0; i < x->n_meta && status == MC_OK; i++)
		choose_passed(x, &x->meta[i], item, n);
	free(item);
	return status;
}

/* --- All ------------------------------------------------------------------ */

enum mc_status
mc_index_read_metadata(struct mc_index *x, struct mc_err *err)
{
	const char *const *join = x->o->join, *const *key = x->o->key;
	enum mc_status status = MC_OK;

	for (; *join != NULL && status == MC_OK; join++) {
		status = read_table(x, *join, *key, err);
		key += key[1] != NULL;
	}
	if (status == MC_OK)
		status = find_column(x, x->o->label,
		    offsetof(struct metadata, label), err);
	if (status == MC_OK)
		status = find_column(x, x->o->group_column,
		    offsetof(struct metadata, group), err);
	if (status == MC_OK)
		status = find_column(x, x->o->split,
		    offsetof(struct metadata, split), err);
	if (status == MC_OK)
		status = find_one_hot(x, err);
	if (status == MC_OK)
		status = find_findings(x, err);
	return status == MC_OK ? find_passed(x, err) : status;
}

void
mc_index_free_metadata(struct mc_index *x)
{
	size_t i, k;

	for (i = 0; i < x->n_meta; i++) {
		struct metadata *m = &x->meta[i];

		for (k = 0; k < m->n; k++)
			mc_table_free(m->t[k]);
		free(m->t);
		free(m->hot);
		mc_column_list_clear(&m->finding);
		free(m->passed);
	}
	free(x->meta);
}
