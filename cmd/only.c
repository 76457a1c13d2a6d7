/* only.c - choose the rows that --only means. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "only.h"
#include "table/keys.h"
#include "tool.h"

#define MOST_NAMED	10	/* values in a message */

/* Read "COLUMN=VALUE". */
static void
parse(struct only *only, const char *text, bool of_runs)
{
	const char *equals = strchr(text, '=');

	if (equals == NULL || equals == text)
		tool_usage("--only: \"%s\" is not COLUMN=VALUE", text);
	only->column = mc_xstrndup(text, (size_t)(equals - text));
	only->value = equals + 1;
	only->there = mc_names_alloc();
	if (of_runs && mc_key_find(only->column) == MC_KEYS)
		tool_usage("--only: \"%s\" is not a column that tells runs "
		    "apart, as arm, train_seed, fold and split are",
		    only->column);
}

struct only *
only_parse(const char *const *texts, size_t n, bool of_runs)
{
	struct only *only = mc_xcalloc(n + 1, sizeof(*only));
	size_t i, k;

	for (i = 0; i < n; i++) {
		parse(&only[i], texts[i], of_runs);
		for (k = 0; k < i; k++) {
			if (strcmp(only[k].column, only[i].column) == 0)
				tool_usage("--only: column \"%s\" is given "
				    "twice, and a row has one value",
				    only[i].column);
		}
	}
	return only;
}

void
only_free(struct only *only, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(only[i].column);
		mc_names_free(only[i].there);
	}
	free(only);
}

/* Note that VALUE is there; of very many the first are enough. */
static void
note_value(struct only *only, const char *value)
{
	if (mc_names_count(only->there) <= MOST_NAMED)
		mc_names_copy(only->there, value);
}

bool
only_is(struct only *only, const char *value)
{
	char a[MC_NUM_SIZE], b[MC_NUM_SIZE];
	enum mc_key key = mc_key_find(only->column);
	bool number = key < MC_KEYS && (mc_keys[key].flags &
	    MC_KEY_NUMBER) != 0;
	bool same;

	note_value(only, value);
	same = number ? strcmp(mc_key_number(value, a),
	    mc_key_number(only->value, b)) == 0 : strcmp(
	    mc_plain_number(value, a), mc_plain_number(only->value, b)) == 0;
	only->found |= same;
	return same;
}

/* Append the values that are in the column of ONLY, in byte order. */
static void
put_values(const struct only *only, struct mc_buf *text)
{
	size_t n = mc_names_count(only->there), i;
	size_t *order = mc_names_sorted(only->there);

	for (i = 0; i < n && i < MOST_NAMED; i++)
		mc_buf_printf(text, "%s\"%s\"", i > 0 ? ", " : "",
		    mc_names_at(only->there, order[i]));
	if (n > MOST_NAMED)
		mc_buf_puts(text, " and others");
	free(order);
}

enum mc_status
only_none(const struct only *only, size_t n, const char *where,
    const char *what, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (only[i].found)
			continue;
		put_values(&only[i], &text);
		mc_err_set(err, MC_EDATA, "%s: --only %s=%s: no %s has this "
		    "value; column \"%s\" has %s", where, only[i].column,
		    only[i].value, what, only[i].column, text.data);
		mc_buf_free(&text);
		return MC_EDATA;
	}
	return mc_err_set(err, MC_EDATA, "%s: each value of --only is there, "
	    "but no %s has all %zu of them", where, what, n);
}
