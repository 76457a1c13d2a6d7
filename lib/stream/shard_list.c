/* shard_list.c - find the shards of a set that were not read. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/part.h"
#include "stream/shard_list.h"

/* So many numbers are named. */
#define NAMED 5

struct mc_shard_mark {
	char set[MC_SHA256_HEX];
	int64_t first;		/* the number of the first shard */
	int64_t shard;
	int64_t shards;		/* 0: that is not known, as it is not the last */
	char *name;
};

static void
add(struct mc_shard_list *list, struct mc_shard_mark mark, const char *name)
{
	mark.name = mc_xstrdup(name);
	list->mark = mc_xgrow(list->mark, list->n, &list->cap,
	    sizeof(*list->mark));
	list->mark[list->n++] = mark;
}

void
mc_shard_list_add(struct mc_shard_list *list, const char *name,
    const struct mc_keyvalue *end)
{
	const char *set = mc_keyvalue_get(end, "set", 0);
	const char *shard = mc_keyvalue_get(end, "shard", 0);
	const char *shards = mc_keyvalue_get(end, "shards", 0);
	struct mc_shard_mark mark = { .shards = 0 };
	struct mc_err why;

	if (set == NULL || shard == NULL || mc_parse_i64(shard, 0, INT32_MAX,
	    &mark.shard, &why) != MC_OK || (shards != NULL && mc_parse_i64(
	    shards, 1, INT32_MAX, &mark.shards, &why) != MC_OK))
		return;
	snprintf(mark.set, sizeof(mark.set), "%s", set);
	add(list, mark, name);
}

void
mc_shard_list_add_part(struct mc_shard_list *list, const char *name,
    const struct mc_keyvalue *about)
{
	const char *text = mc_keyvalue_get(about, "shard", 0);
	struct mc_shard_mark mark = { .first = 1 };
	struct mc_err why;

	if (text == NULL || mc_part_parse(text, &mark.shard, &mark.shards,
	    &why) != MC_OK)
		return;
	snprintf(mark.set, sizeof(mark.set), "of %lld",
	    (long long)mark.shards);
	add(list, mark, name);
}

void
mc_shard_list_clear(struct mc_shard_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->mark[i].name);
	free(list->mark);
	*list = (struct mc_shard_list){ 0 };
}

static int
compare(const void *a, const void *b)
{
	const struct mc_shard_mark *x = a, *y = b;
	int order = strcmp(x->set, y->set);

	return order != 0 ? order : (x->shard > y->shard) -
	    (x->shard < y->shard);
}

/* Name the shards NEXT to END - 1, the first few; *MISSING counts all. */
static void
name_range(struct mc_buf *list, int64_t next, int64_t end, int64_t *missing)
{
	for (; next < end; next++) {
		if ((*missing)++ < NAMED)
			mc_buf_printf(list, "%s%lld", *missing > 1 ? ", " : "",
			    (long long)next);
	}
}

/* Name the shards of the set of the N marks at M that are not there. */
static void
name_missing(struct mc_buf *text, const struct mc_shard_mark *m, size_t n)
{
	int64_t shards = m[n - 1].shards, next = m[0].first, missing = 0;
	struct mc_buf list = { 0 };
	size_t i;

	for (i = 0; i < n; next = m[i++].shard + 1)
		name_range(&list, next, m[i].shard, &missing);
	if (shards > 0)
		name_range(&list, next, m[0].first + shards, &missing);
	if (missing > NAMED)
		mc_buf_printf(&list, " and %lld more",
		    (long long)missing - NAMED);
	if (shards == 0)
		mc_buf_printf(&list, "%s%lld and later", missing > 0 ?
		    ", " : "", (long long)m[n - 1].shard + 1);
	if (list.len > 0)
		mc_buf_printf(text, "%sthe set of %s has further %s, which "
		    "were not read: %s", text->len > 0 ? "; " : "", m[0].name,
		    m[0].first > 0 ? "parts" : "shards", list.data);
	mc_buf_free(&list);
}

char *
mc_shard_list_missing(struct mc_shard_list *list)
{
	struct mc_buf text = { 0 };
	size_t start, end;

	if (list->n > 0)
		qsort(list->mark, list->n, sizeof(*list->mark), compare);
	for (start = 0; start < list->n; start = end) {
		for (end = start + 1; end < list->n && strcmp(
		    list->mark[start].set, list->mark[end].set) == 0; end++)
			;
		name_missing(&text, list->mark + start, end - start);
	}
	return text.data;
}
