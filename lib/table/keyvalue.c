/* keyvalue.c - small tables of two columns. */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "table/keyvalue.h"

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

const char *
mc_keyvalue_get(const struct mc_keyvalue *kv, const char *key, size_t i)
{
	size_t k;

	for (k = 0; k < kv->n; k++) {
		if (strcmp(kv->pair[k].key, key) == 0 && i-- == 0)
			return kv->pair[k].value;
	}
	return NULL;
}

void
mc_keyvalue_write(const struct mc_keyvalue *kv, FILE *f)
{
	const char *fields[2] = { "key", "value" };
	size_t i;

	mc_tsv_write(f, fields, 2);
	for (i = 0; i < kv->n; i++) {
		fields[0] = kv->pair[i].key;
		fields[1] = kv->pair[i].value;
		mc_tsv_write(f, fields, 2);
	}
}

enum mc_status
mc_keyvalue_read(struct mc_keyvalue **result, const void *bytes, size_t n,
    const char *name, struct mc_err *err)
{
	struct mc_keyvalue *kv;
	struct mc_tsv *t = NULL;
	enum mc_status status;
	int key, value;
	FILE *f;

	*result = NULL;
	if (n == 0)
		return mc_err_set(err, MC_EDATA, "%s: empty", name);
	kv = mc_keyvalue_alloc();
	f = fmemopen((void *)bytes, n, "rb");
	if (f == NULL)
		status = mc_err_errno(err, "%s", name);
	else
		status = mc_tsv_from_stream(&t, f, name, err);
	if (status != MC_OK)
		goto out;
	key = mc_tsv_find(t, "key");
	value = mc_tsv_find(t, "value");
	if (key < 0 || value < 0) {
		status = mc_err_at(err, MC_EDATA, name, 1,
		    "columns \"key\" and \"value\" are wanted");
		goto out;
	}
	while ((status = mc_tsv_next(t, err)) == MC_OK)
		insert(kv, mc_xstrdup(mc_tsv_get(t, (size_t)key)),
		    mc_xstrdup(mc_tsv_get(t, (size_t)value)));
	if (status == MC_END) {
		*result = kv;
		kv = NULL;
		status = MC_OK;
	}
out:
	mc_tsv_close(t);
	if (f != NULL)
		fclose(f);
	mc_keyvalue_free(kv);
	return status;
}
