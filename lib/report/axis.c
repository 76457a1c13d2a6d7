/* axis.c - put results into lines, or into columns. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/axis.h"
#include "report/printed.h"

/* A result, or one that stands for a line, while they are sorted. */
struct item {
	const struct mc_axis *axis;
	size_t result;		/* its number */
	size_t at;		/* its line or column by name */
	const struct mc_metrics_row *first;	/* of its rows, as they lie */
	const struct mc_metrics_row *first_of[MC_LAYOUT_KEYS];	/* of all that
						   have the same key */
	const struct mc_result *leading;	/* in the first column, or NULL */
};

static const struct mc_result *
result_of(const struct item *i)
{
	return &i->axis->set->results[i->result];
}

static size_t *
place_of(const struct mc_axis *a, struct mc_result *r)
{
	return a->is_columns ? &r->column : &r->line;
}

const char *
mc_axis_text(const struct mc_axis *a, size_t at, size_t i)
{
	return a->set->results[a->first[at]].text[a->keys.key[i]];
}

/* --- By name -------------------------------------------------------------- */

static int
compare_names(const struct item *a, const struct item *b)
{
	const struct mc_axis_keys *keys = &a->axis->keys;
	size_t k;
	int c = 0;

	for (k = 0; k < keys->n && c == 0; k++)
		c = mc_result_compare(result_of(a), result_of(b),
		    keys->key[k]);
	return c;
}

static int
compare_items(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;
	int c = compare_names(a, b);

	return c != 0 ? c : (a->result > b->result) - (a->result < b->result);
}

void
mc_axis_init(struct mc_axis *a, struct mc_result_set *s,
    const struct mc_axis_keys *keys, bool is_columns)
{
	struct item *items = mc_xcalloc(s->n, sizeof(*items));
	size_t i;

	*a = (struct mc_axis){ .set = s, .is_columns = is_columns,
	    .keys = *keys };
	a->first = mc_xcalloc(s->n, sizeof(*a->first));
	for (i = 0; i < s->n; i++)
		items[i] = (struct item){ .axis = a, .result = i };
	if (s->n > 0)
		qsort(items, s->n, sizeof(*items), compare_items);
	for (i = 0; i < s->n; i++) {
		if (i == 0 || compare_names(&items[i - 1], &items[i]) != 0)
			a->first[a->n++] = items[i].result;
		*place_of(a, &s->results[items[i].result]) = a->n - 1;
	}
	free(items);
}

void
mc_axis_clear(struct mc_axis *a)
{
	free(a->first);
}

/* --- In another order ------------------------------------------------------ */

/* Where KEY of an item is in the file of names; the last where it is not. */
static size_t
rank_of(const struct item *i, size_t key)
{
	const struct mc_result *r = result_of(i);

	return mc_printed_rank(i->axis->set->style->names, mc_layout_name(key),
	    key == MC_KEY_TASK ? r->row->key[key] : r->text[key]);
}

/* Key by key: those that have a rank come first. */
static int
compare_ranks(const struct item *a, const struct item *b)
{
	const struct mc_axis_keys *keys = &a->axis->keys;
	size_t k, x, y;
	int c = 0;

	for (k = 0; k < keys->n && c == 0; k++) {
		x = rank_of(a, keys->key[k]);
		y = rank_of(b, keys->key[k]);
		c = x != y ? (x < y ? -1 : 1) : mc_result_compare(
		    result_of(a), result_of(b), keys->key[k]);
	}
	return c;
}

/* Lines that compete are together, the best of the first column first. */
static int
compare_merits(const struct item *a, const struct item *b)
{
	const struct mc_result_set *s = a->axis->set;
	const struct mc_axis_keys *keys = &a->axis->keys;
	double x, y;
	size_t k;
	int c = 0;

	if (a->axis->is_columns)
		return 0;
	for (k = 0; k < keys->n && c == 0; k++) {
		if (!mc_layout_is_of_arm(keys->key[k]))
			c = mc_result_compare(result_of(a), result_of(b),
			    keys->key[k]);
	}
	if (c != 0)
		return c;
	x = a->leading != NULL ? mc_result_merit(s, a->leading) : NAN;
	y = b->leading != NULL ? mc_result_merit(s, b->leading) : NAN;
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x < y) - (x > y);
}

/*
 * Lines come in the order of their first rows, but are together where their
 * first key is the same; columns come key by key.
 */
static int
compare_given(const struct item *a, const struct item *b)
{
	const struct mc_axis_keys *keys = &a->axis->keys;
	size_t n = a->axis->is_columns ? keys->n : keys->n > 0, k;
	int c = 0;

	for (k = 0; k < n && c == 0; k++) {
		if (keys->key[k] == MC_LAYOUT_METRIC)
			c = mc_result_compare(result_of(a), result_of(b),
			    MC_LAYOUT_METRIC);
		else if (a->first_of[k] != b->first_of[k])
			c = a->first_of[k] < b->first_of[k] ? -1 : 1;
	}
	if (c == 0 && !a->axis->is_columns && a->first != b->first)
		c = a->first < b->first ? -1 : 1;
	return c;
}

static int
compare_places(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;
	enum mc_line_order order = a->axis->set->style->order;
	int c = order == MC_ORDER_NAMES ? compare_ranks(a, b) :
	    order == MC_ORDER_ESTIMATE ? compare_merits(a, b) :
	    compare_given(a, b);

	return c != 0 ? c : (a->at > b->at) - (a->at < b->at);
}

/* Find the first rows of each item, and of those that share a key with it. */
static void
find_firsts(struct item *items, size_t n)
{
	const struct mc_axis *a = items[0].axis;
	size_t i, j, k;

	for (i = 0; i < a->set->n; i++) {
		struct mc_result *r = &a->set->results[i];
		struct item *item = &items[*place_of(a, r)];

		if (item->first == NULL || r->row < item->first)
			item->first = r->row;
		if (!a->is_columns && r->column == 0)
			item->leading = r;
	}
	for (i = 0; i < n; i++) {
		for (k = 0; k < a->keys.n; k++) {
			items[i].first_of[k] = items[i].first;
			for (j = 0; j < n; j++) {
				if (strcmp(mc_axis_text(a, i, k),
				    mc_axis_text(a, j, k)) == 0 &&
				    items[j].first < items[i].first_of[k])
					items[i].first_of[k] = items[j].first;
			}
		}
	}
}

void
mc_axis_order(struct mc_axis *a)
{
	struct item *items;
	size_t *to, i;

	if (a->set->style->order == MC_ORDER_NAME || a->n == 0)
		return;
	items = mc_xcalloc(a->n, sizeof(*items));
	to = mc_xcalloc(a->n, sizeof(*to));
	for (i = 0; i < a->n; i++)
		items[i] = (struct item){ .axis = a, .result = a->first[i],
		    .at = i };
	find_firsts(items, a->n);
	qsort(items, a->n, sizeof(*items), compare_places);
	for (i = 0; i < a->n; i++) {
		a->first[i] = items[i].result;
		to[items[i].at] = i;
	}
	for (i = 0; i < a->set->n; i++) {
		size_t *at = place_of(a, &a->set->results[i]);

		*at = to[*at];
	}
	free(to);
	free(items);
}
