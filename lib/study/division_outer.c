/* division_outer.c - take the training part of an outer fold. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "study/division_internal.h"

/* How many rows are in the fold, in the split test, and in neither. */
struct rows {
	size_t fold, test, train;
};

/* Add the rows that train on all folds but FOLD to T, and count all rows. */
static enum mc_status
take_rows(const struct mc_division *s, const char *fold, struct mc_table *t,
    struct rows *n, struct mc_err *err)
{
	size_t columns = mc_table_columns(s->t), row, c;
	const char **text = mc_xcalloc(columns, sizeof(*text));
	char number[MC_NUM_SIZE];
	enum mc_status status = MC_OK;

	for (row = 0; row < s->rows && status == MC_OK; row++) {
		if (strcmp(div_field(s, row, s->m.split), "test") == 0) {
			n->test++;
			continue;
		}
		if (strcmp(mc_key_number(div_field(s, row, s->m.fold),
		    number), fold) == 0) {
			n->fold++;
			continue;
		}
		n->train++;
		if (*div_field(s, row, s->m.fold) == '\0')
			status = mc_err_at(err, MC_EDATA, mc_table_name(s->t),
			    mc_table_line(s->t, row), "column \"fold\": empty, "
			    "and the split is not test: give all other rows a "
			    "fold (mc-split --folds)");
		for (c = 0; c < columns; c++)
			text[c] = mc_table_get(s->t, row, c);
		if (status == MC_OK)
			status = mc_table_add_foreign(t, text,
			    mc_table_line(s->t, row), err);
	}
	free(text);
	return status;
}

/* A table without rows that has the name and the columns of T. */
static struct mc_table *
like(const struct mc_table *t)
{
	size_t n = mc_table_columns(t), c;
	const char **name = mc_xcalloc(n, sizeof(*name));
	struct mc_table *x;

	for (c = 0; c < n; c++)
		name[c] = mc_table_column(t, c);
	x = mc_table_foreign(mc_table_name(t), name, n);
	free(name);
	return x;
}

enum mc_status
div_outer(struct mc_division *s, struct mc_err *err)
{
	char fold[MC_NUM_SIZE];
	struct mc_table *t = like(s->t);
	struct mc_manifest m = { 0 };
	struct rows n = { 0 };
	enum mc_status status = div_check_column(s, s->m.fold, "a model would "
	    "be trained on one and tested on the other: make the folds again "
	    "(mc-split --folds)", err);

	snprintf(fold, sizeof(fold), "%lld", (long long)s->o->outer);
	if (status == MC_OK)
		status = take_rows(s, fold, t, &n, err);
	if (status == MC_OK && n.fold == 0)
		status = mc_err_set(err, MC_EDATA, "%s: --outer %s: no row "
		    "outside the test split has this fold",
		    mc_table_name(s->t), fold);
	if (status == MC_OK && n.train == 0)
		status = mc_err_set(err, MC_EDATA, "%s: --outer %s: all rows "
		    "outside the test split have this fold: none is left to "
		    "divide", mc_table_name(s->t), fold);
	if (status != MC_OK) {
		mc_table_free(t);
		return status;
	}
	if ((status = mc_manifest_take(&m, t, 0, err)) != MC_OK)
		return status;
	mc_say(s->o->detail, "left out: %zu row%s of fold %s, %zu of the split "
	    "test", n.fold, MC_PLURAL(n.fold), fold, n.test);
	mc_manifest_clear(&s->m);
	s->m = m;
	s->t = m.table;
	s->rows = n.train;
	return MC_OK;
}
