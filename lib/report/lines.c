/* lines.c - tell the lines of a table apart by their keys. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/lines.h"
#include "stats/remarks.h"

void
mc_lines_init(struct mc_lines *l, const char *const *headings, size_t n,
    size_t n_said_once)
{
	*l = (struct mc_lines){ .n = n, .headings = headings,
	    .n_said_once = n_said_once };
	l->shown = mc_xcalloc(n, sizeof(*l->shown));
}

void
mc_lines_clear(struct mc_lines *l)
{
	size_t i;

	for (i = 0; i < l->n_kept; i++)
		free(l->kept[i]);
	free(l->kept);
	free(l->text);
	free(l->shown);
}

const char **
mc_lines_add(struct mc_lines *l)
{
	l->text = mc_xgrow(l->text, l->n_lines, &l->cap,
	    l->n * sizeof(*l->text));
	return l->text + l->n_lines++ * l->n;
}

const char *
mc_lines_keep(struct mc_lines *l, char *text)
{
	l->kept = mc_xgrow(l->kept, l->n_kept, &l->kept_cap, sizeof(*l->kept));
	return l->kept[l->n_kept++] = text;
}

const char *
mc_lines_task(struct mc_lines *l, const char *task, const char *note)
{
	if (!mc_remarks_are_of_mean(note))
		return task;
	return mc_lines_keep(l, *task == '\0' ?
	    mc_xstrdup("mean over findings") :
	    mc_xasprintf("%s (mean over findings)", task));
}

const char *
mc_lines_text(const struct mc_lines *l, size_t line, size_t key)
{
	return l->text[line * l->n + key];
}

/* Whether lines A and B have the same KEY. */
static bool
same(const struct mc_lines *l, size_t a, size_t b, size_t key)
{
	return strcmp(mc_lines_text(l, a, key),
	    mc_lines_text(l, b, key)) == 0;
}

bool
mc_lines_differ(const struct mc_lines *l, size_t line, size_t n)
{
	size_t k;

	for (k = 0; k < n && same(l, line, line - 1, k); k++)
		;
	return k < n;
}

const char *
mc_lines_only(const struct mc_lines *l, size_t key)
{
	const char *only = "";
	size_t i;

	for (i = 0; i < l->n_lines; i++) {
		const char *value = mc_lines_text(l, i, key);

		if (*only == '\0')
			only = value;
		else if (*value != '\0' && strcmp(value, only) != 0)
			return NULL;
	}
	return only;
}

bool
mc_lines_is_constant(const struct mc_lines *l, size_t key)
{
	size_t i;

	for (i = 1; i < l->n_lines; i++) {
		if (!same(l, 0, i, key))
			return false;
	}
	return true;
}

static bool
differ_only_in(const struct mc_lines *l, size_t a, size_t b, size_t key)
{
	size_t k;

	for (k = 0; k < l->n; k++) {
		if (same(l, a, b, k) == (k == key))
			return false;
	}
	return true;
}

bool
mc_lines_decides(const struct mc_lines *l, size_t key)
{
	size_t i, j;

	for (i = 0; i < l->n_lines; i++) {
		for (j = 0; j < i; j++) {
			if (differ_only_in(l, i, j, key))
				return true;
		}
	}
	return false;
}

void
mc_lines_add_columns(const struct mc_lines *l, struct mc_grid *g)
{
	size_t k;

	for (k = 0; k < l->n; k++) {
		if (l->shown[k])
			mc_grid_add_column(g, l->headings[k], false);
	}
}

struct mc_grid_cell *
mc_lines_fill(const struct mc_lines *l, size_t line,
    struct mc_grid_cell *cells)
{
	bool repeats = line > 0;
	size_t k;

	for (k = 0; k < l->n; k++) {
		repeats = repeats && k < l->n_said_once &&
		    same(l, line, line - 1, k);
		if (!l->shown[k])
			continue;
		cells->text = mc_xstrdup(mc_lines_text(l, line, k));
		cells->repeats = repeats;
		cells++;
	}
	return cells;
}

/* --- The order of names --------------------------------------------------- */

/* A copy of TEXT in which A to Z are small letters. */
static char *
without_case(const char *text)
{
	char *copy = mc_xstrdup(text), *c;

	for (c = copy; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	return copy;
}

int
mc_lines_compare_names(const char *a, const char *b)
{
	char *x = without_case(a), *y = without_case(b);
	int c = strverscmp(x, y);

	free(x);
	free(y);
	return c != 0 ? c : strcmp(a, b);
}

/* Compare the texts of N and M bytes that two tasks begin with. */
static int
compare_beginnings(const char *a, size_t n, const char *b, size_t m)
{
	char *x = mc_xstrndup(a, n), *y = mc_xstrndup(b, m);
	int c = n == 0 || m == 0 ? (n == 0) - (m == 0) :
	    mc_lines_compare_names(x, y);

	free(x);
	free(y);
	return c;
}

int
mc_lines_compare_tasks(const char *a, const char *b)
{
	const char *x = strrchr(a, ':'), *y = strrchr(b, ':');
	int c = compare_beginnings(a, x != NULL ? (size_t)(x - a) : strlen(a),
	    b, y != NULL ? (size_t)(y - b) : strlen(b));

	if (c == 0)
		c = (x == NULL) - (y == NULL);
	return c != 0 ? c : mc_lines_compare_names(a, b);
}
