/* division_sites.c - make a fold of each value of a column. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/spelling.h"
#include "study/division_internal.h"

#define MOST_VALUES 1000

/*
 * Number the values of COLUMN in the rows that are not kept, in byte order, into
 * FOLD; NO_PART in rows that are.  NAMES receives the values; 1.0 is 1.
 */
static enum mc_status
number_values(const struct mc_division *s, int column, struct mc_names *names,
    uint32_t *fold, struct mc_err *err)
{
	char plain[MC_NUM_SIZE];
	uint32_t *number;
	size_t row;

	for (row = 0; row < s->rows; row++) {
		const char *text = div_field(s, row, column);

		fold[row] = NO_PART;
		if (s->kept[row])
			continue;
		if (*text == '\0')
			return mc_err_at(err, MC_EDATA, mc_table_name(s->t),
			    mc_table_line(s->t, row), "column \"%s\": empty: "
			    "fill it, or keep such rows (--keep)",
			    s->o->leave_out);
		fold[row] = (uint32_t)mc_names_copy(names,
		    mc_plain_number(text, plain));
	}
	number = mc_names_renumber(names);
	for (row = 0; row < s->rows; row++) {
		if (fold[row] != NO_PART)
			fold[row] = number[fold[row]];
	}
	free(number);
	return MC_OK;
}

/* Two spellings of a site would be trained on and tested on. */
static void
warn_of_spellings(const struct mc_division *s, const struct mc_names *names)
{
	size_t n = mc_names_count(names), i, a, b;
	const char **text = mc_xcalloc(n, sizeof(*text));

	for (i = 0; i < n; i++)
		text[i] = mc_names_at(names, i);
	if (mc_two_spellings(text, n, &a, &b))
		mc_say(s->o->warn, "%s: column \"%s\": \"%s\" and \"%s\" are "
		    "two spellings of one value, and two folds: write one of "
		    "them", mc_table_name(s->t), s->o->leave_out, text[a],
		    text[b]);
	free(text);
}

static void
say_folds(const struct mc_division *s, const struct mc_names *names)
{
	size_t n = mc_names_count(names), i, row;
	size_t *images = mc_xcalloc(n, sizeof(*images));

	for (row = 0; row < s->rows; row++) {
		if (s->fold[row] != NO_PART)
			images[s->fold[row]]++;
	}
	for (i = 0; i < n; i++)
		mc_say(s->o->detail, "fold %zu: %s \"%s\", %zu image%s", i + 1,
		    s->o->leave_out, mc_names_at(names, i), images[i],
		    MC_PLURAL(images[i]));
	free(images);
}

enum mc_status
div_leave_out(struct mc_division *s, struct mc_err *err)
{
	struct mc_names *names = mc_names_alloc();
	struct div_parts named = { .kind = "fold" };
	enum mc_status status;
	int column;
	size_t n;

	s->fold = mc_xreallocarray(NULL, s->rows, sizeof(*s->fold));
	status = mc_table_bind(s->t, &s->o->leave_out, 1, 1, &column, err);
	if (status == MC_OK)
		status = number_values(s, column, names, s->fold, err);
	named.n = n = mc_names_count(names);
	if (status == MC_OK && (n < 2 || n > MOST_VALUES))
		status = mc_err_set(err, MC_EDATA, "%s: --leave-out: column "
		    "\"%s\" has %zu value%s: it must have 2 to %d",
		    mc_table_name(s->t), s->o->leave_out, n,
		    MC_PLURAL(n), MOST_VALUES);
	if (status == MC_OK)
		status = div_apart(s, s->fold, column, "one of them would be "
		    "trained on and tested on: remove the rows of one side",
		    err);
	if (status == MC_OK) {
		warn_of_spellings(s, names);
		say_folds(s, names);
		div_warn_classes(s, s->fold, &named);
	}
	mc_names_free(names);
	return status;
}
