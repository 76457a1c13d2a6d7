/* further.c - find further columns in a table or its join. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/names.h"
#include "table/further.h"

enum mc_status
mc_further_open(struct mc_further *f, char *const *names, const char *join,
    const char *key, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t c;

	f->names = names;
	while (names != NULL && names[f->n] != NULL)
		f->n++;
	f->own = mc_xcalloc(f->n, sizeof(*f->own));
	f->joined = mc_xcalloc(f->n, sizeof(*f->joined));
	if (join != NULL)
		status = mc_join_read(&f->join, join, key != NULL ? key : "id",
		    err);
	for (c = 0; c < f->n && status == MC_OK; c++) {
		f->joined[c] = -1;
		if (f->join != NULL)
			status = mc_join_bind(f->join, names[c], &f->joined[c],
			    err);
	}
	return status;
}

void
mc_further_clear(struct mc_further *f)
{
	mc_join_free(f->join);
	free(f->own);
	free(f->joined);
	free(f->first_unmatched);
	free(f->remedy);
}

/* The column NAME is neither in T nor in the join. */
static enum mc_status
no_column(const struct mc_further *f, const struct mc_table *t,
    const char *name, struct mc_err *err)
{
	enum mc_status status;
	struct mc_err why;
	char *there;
	int none;

	status = mc_table_bind(t, &name, 1, 1, &none, &why);
	if (f->join == NULL)
		return mc_err_set(err, status, "%s", why.text);
	there = mc_join_columns(f->join, name);
	mc_err_set(err, status, "%s; in %s: %s", why.text,
	    mc_join_name(f->join), there);
	free(there);
	return status;
}

enum mc_status
mc_further_bind(struct mc_further *f, const struct mc_table *t,
    struct mc_err *err)
{
	const char *key;
	size_t c;

	for (c = 0; c < f->n; c++) {
		f->own[c] = mc_table_find(t, f->names[c]);
		if (f->own[c] < 0 && f->joined[c] < 0)
			return no_column(f, t, f->names[c], err);
		if (f->own[c] >= 0 && f->joined[c] >= 0)
			return mc_err_at(err, MC_EDATA, mc_table_name(t), 1,
			    "column \"%s\" is also in %s: rename one of the "
			    "two", f->names[c], mc_join_name(f->join));
	}
	if (f->join == NULL)
		return MC_OK;
	key = mc_join_key(f->join);
	return mc_table_bind(t, &key, 1, 1, &f->key, err);
}

size_t
mc_further_row(struct mc_further *f, const char *key, const char *name,
    int64_t line)
{
	size_t row = f->join == NULL ? 0 : mc_join_row(f->join, key);
	const char *like;

	if (row != MC_NO_NAME)
		return row;
	if (f->unmatched++ == 0)
		f->first_unmatched = mc_xasprintf(
		    "%s:%lld: column \"%s\": \"%s\"", name, (long long)line,
		    mc_join_key(f->join), key);
	like = f->unmatched == 1 ? mc_join_like(f->join, key) : NULL;
	if (like != NULL)
		f->remedy = mc_xasprintf(": \"%s\" there is another spelling: "
		    "write one of them in both files", like);
	return row;
}

enum mc_status
mc_further_check(const struct mc_further *f, struct mc_err *err)
{
	if (f->unmatched == 0)
		return MC_OK;
	return mc_err_set(err, MC_EDATA,
	    "%s is not in %s; rows without their key there: %zu%s",
	    f->first_unmatched, mc_join_name(f->join), f->unmatched,
	    f->remedy != NULL ? f->remedy : "");
}
