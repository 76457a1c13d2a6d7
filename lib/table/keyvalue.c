/* keyvalue.c - read and write tables of keys and values. */
#include "config.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "table/keyvalue.h"
#include "table/tsv.h"

struct pair {
	char *key, *value;
};

struct mc_keyvalue {
	struct pair *pair;	/* sorted by key */
	size_t n, cap;
};

struct mc_keyvalue *
mc_keyvalue_alloc(void)
{
	return mc_xcalloc(1, sizeof(struct mc_keyvalue));
}

void
mc_keyvalue_free(struct mc_keyvalue *kv)
{
	size_t i;

	if (kv == NULL)
		return;
	for (i = 0; i < kv->n; i++) {
		free(kv->pair[i].key);
		free(kv->pair[i].value);
	}
	free(kv->pair);
	free(kv);
}

/* Put the pair behind all whose key is not larger; takes both texts. */
static void
insert(struct mc_keyvalue *kv, char *key, char *value)
{
	size_t i;

	kv->pair = mc_xgrow(kv->pair, kv->n, &kv->cap, sizeof(*kv->pair));
	for (i = kv->n; i > 0 && strcmp(kv->pair[i - 1].key, key) > 0; i--)
		kv->pair[i] = kv->pair[i - 1];
	kv->pair[i].key = key;
	kv->pair[i].value = value;
	kv->n++;
}

void
mc_keyvalue_add(struct mc_keyvalue *kv, const char *key, const char *fmt, ...)
{
	va_list ap;
	char *value;

	va_start(ap, fmt);
	value = mc_xvasprintf(fmt, ap);
	va_end(ap);
	insert(kv, mc_xstrdup(key), value);
}

void
mc_keyvalue_add_integer(struct mc_keyvalue *kv, const char *key,
    int64_t value)
{
	mc_keyvalue_add(kv, key, "%lld", (long long)value);
}

void
mc_keyvalue_add_real(struct mc_keyvalue *kv, const char *key, double value)
{
	char number[MC_NUM_SIZE];

	mc_keyvalue_add(kv, key, "%s", mc_format_f64(number, value));
}

const char *
mc_keyvalue_get(const struct mc_keyvalue *kv, const char *key, size_t i)
{
	size_t low = 0, high = kv->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(kv->pair[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (i >= kv->n - low || strcmp(kv->pair[low + i].key, key) != 0)
		return NULL;
	return kv->pair[low + i].value;
}

bool
mc_keyvalue_at(const struct mc_keyvalue *kv, size_t i, const char **key,
    const char **value)
{
	*key = i < kv->n ? kv->pair[i].key : NULL;
	*value = i < kv->n ? kv->pair[i].value : NULL;
	return i < kv->n;
}

void
mc_keyvalue_print(const struct mc_keyvalue *kv, struct mc_buf *text)
{
	size_t i;

	mc_buf_puts(text, "key\tvalue\n");
	for (i = 0; i < kv->n; i++) {
		mc_buf_puts(text, kv->pair[i].key);
		mc_buf_puts(text, "\t");
		mc_buf_puts(text, kv->pair[i].value);
		mc_buf_puts(text, "\n");
	}
}

static bool
may_repeat(const char *key, const char *const *repeats)
{
	for (; repeats != NULL && *repeats != NULL; repeats++) {
		if (strcmp(key, *repeats) == 0)
			return true;
	}
	return false;
}

/* Add the pairs of T, called NAME, up to its end, to KV. */
static enum mc_status
read_pairs(struct mc_keyvalue *kv, struct mc_tsv *t, const char *name,
    const char *const *repeats, struct mc_err *err)
{
	int column = mc_tsv_find(t, "key"), value = mc_tsv_find(t, "value");
	enum mc_status status;
	const char *key;

	if (column < 0 || value < 0)
		return mc_err_at(err, MC_EDATA, name, 1,
		    "columns \"key\" and \"value\" are needed");
	while ((status = mc_tsv_next(t, err)) == MC_OK) {
		key = mc_tsv_get(t, (size_t)column);
		if (mc_keyvalue_get(kv, key, 0) != NULL &&
		    !may_repeat(key, repeats))
			return mc_err_at(err, MC_EDATA, name, mc_tsv_line(t),
			    "the key \"%s\" is given twice", key);
		insert(kv, mc_xstrdup(key),
		    mc_xstrdup(mc_tsv_get(t, (size_t)value)));
	}
	return status == MC_END ? MC_OK : status;
}

enum mc_status
mc_keyvalue_read(struct mc_keyvalue **result, const void *bytes, size_t n,
    const char *file, const char *member, const char *const *repeats,
    struct mc_err *err)
{
	struct mc_keyvalue *kv = NULL;
	char *name = mc_xasprintf("%s: %s", file, member);
	struct mc_tsv *t = NULL;
	enum mc_status status;
	FILE *f = NULL;

	*result = NULL;
	if (n == 0) {
		status = mc_err_set(err, MC_EDATA, "%s: empty", name);
		goto out;
	}
	kv = mc_keyvalue_alloc();
	f = fmemopen((void *)bytes, n, "rb");
	if (f == NULL)
		status = mc_err_errno(err, "%s", name);
	else
		status = mc_tsv_from_stream(&t, f, name, err);
	if (status == MC_OK)
		status = read_pairs(kv, t, name, repeats, err);
	if (status == MC_OK) {
		*result = kv;
		kv = NULL;
	}
out:
	mc_tsv_close(t);
	if (f != NULL)
		fclose(f);
	mc_keyvalue_free(kv);
	free(name);
	return status;
}
