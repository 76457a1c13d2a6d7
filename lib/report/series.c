/* series.c - tell the panels and lines of a figure apart. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/series.h"
#include "table/keys.h"

struct table {
	const struct mc_series_key *keys;
	size_t n_keys, n;
	const char **texts;	/* [row * n_keys + key] */
};

void
mc_series_keys(struct mc_series_key *keys, bool (*of_line)(size_t k))
{
	size_t k;

	for (k = 0; k < MC_KEYS; k++)
		keys[k] = (struct mc_series_key){ (mc_keys[k].flags &
		    MC_KEY_NUMBER) != 0 ? mc_keys[k].heading : NULL,
		    of_line != NULL && of_line(k), false };
}

bool
mc_series_is_of_arm(size_t k)
{
	return (mc_keys[k].flags & MC_KEY_OF_ARM) != 0 || k == MC_KEY_FOLD;
}

static const char *
text_at(const struct table *t, size_t row, size_t key)
{
	return t->texts[row * t->n_keys + key];
}

/* Whether rows A and B have the same texts under all keys that are IN. */
static bool
same(const struct table *t, const bool *in, size_t a, size_t b)
{
	size_t k;

	for (k = 0; k < t->n_keys; k++) {
		if (in[k] && text_at(t, a, k) != text_at(t, b, k) &&
		    strcmp(text_at(t, a, k), text_at(t, b, k)) != 0)
			return false;
	}
	return true;
}

/*
 * Number the rows by their texts under the keys that are IN, in the order in
 * which they come; returns how many there are.  FIRST, with room for a row
 * each, has the first row of each number.
 */
static size_t
number(const struct table *t, const bool *in, size_t *of, size_t *first)
{
	size_t n = 0, row, i;

	for (row = 0; row < t->n; row++) {
		/* Most rows are like the one above. */
		i = row > 0 && same(t, in, row, row - 1) ? of[row - 1] : 0;
		while (i < n && !same(t, in, row, first[i]))
			i++;
		if (i == n)
			first[n++] = row;
		of[row] = i;
	}
	return n;
}

/* Of the keys that are IN, keep those that tell the N numbers apart. */
static void
keep_telling(const struct table *t, const bool *in, size_t n, bool *kept)
{
	size_t *of = mc_xcalloc(t->n + 1, sizeof(*of));
	size_t *first = mc_xcalloc(t->n + 1, sizeof(*first));
	size_t told = 1, k, with;

	memset(kept, 0, t->n_keys * sizeof(*kept));
	for (k = 0; k < t->n_keys && told < n; k++) {
		if (!in[k])
			continue;
		kept[k] = true;
		with = number(t, kept, of, first);
		if (with > told)
			told = with;
		else
			kept[k] = false;
	}
	free(of);
	free(first);
}

/* The name of ROW by the keys that are IN. */
static char *
name_of(const struct table *t, const bool *in, size_t row)
{
	struct mc_buf name = { 0 };
	size_t k;

	mc_buf_puts(&name, "");
	for (k = 0; k < t->n_keys; k++) {
		const char *heading = t->keys[k].heading;
		const char *text = text_at(t, row, k);

		if (!in[k] || *text == '\0')
			continue;
		mc_buf_puts(&name, name.len > 0 ? ", " : "");
		if (heading != NULL)
			mc_buf_printf(&name, "%c%s ",
			    tolower((unsigned char)*heading), heading + 1);
		mc_buf_puts(&name, text);
	}
	return name.data;
}

/* The first text of ROW under the keys that are IN, which are all alike. */
static char *
only_name(const struct table *t, const bool *in, size_t row)
{
	size_t k;

	for (k = 0; k < t->n_keys; k++) {
		if (in[k] && *text_at(t, row, k) != '\0')
			return mc_xstrdup(text_at(t, row, k));
	}
	return mc_xstrdup("");
}

/* Number the rows by the keys that are IN, and name the numbers. */
static size_t
number_and_name(const struct table *t, const bool *in, size_t **of,
    char ***names)
{
	size_t *first = mc_xcalloc(t->n + 1, sizeof(*first));
	bool *kept = mc_xcalloc(t->n_keys, sizeof(*kept));
	size_t n, i;

	*of = mc_xcalloc(t->n + 1, sizeof(**of));
	n = number(t, in, *of, first);
	keep_telling(t, in, n, kept);
	*names = mc_xcalloc(n + 1, sizeof(**names));
	for (i = 0; i < n; i++) {
		(*names)[i] = n > 1 ? name_of(t, kept, first[i]) :
		    only_name(t, in, first[i]);
		if (n > 1 && *(*names)[i] == '\0') {
			free((*names)[i]);
			(*names)[i] = mc_xstrdup("all");
		}
	}
	free(first);
	free(kept);
	return n;
}

/* Whether KEY has several texts. */
static bool
varies(const struct table *t, size_t key)
{
	size_t row;

	for (row = 1; row < t->n; row++) {
		if (strcmp(text_at(t, 0, key), text_at(t, row, key)) != 0)
			return true;
	}
	return false;
}

void
mc_series_make(struct mc_series *s, const struct mc_series_key *keys,
    size_t n_keys, size_t n, const char *(*text)(const void *arg, size_t row,
    size_t key), const void *arg)
{
	struct table t = { keys, n_keys, n, mc_xcalloc(n * n_keys + 1,
	    sizeof(*t.texts)) };
	bool *of_line = mc_xcalloc(n_keys, sizeof(*of_line));
	bool *of_panel = mc_xcalloc(n_keys, sizeof(*of_panel));
	bool several = false;
	size_t i, k;

	for (i = 0; i < n * n_keys; i++)
		t.texts[i] = text(arg, i / n_keys, i % n_keys);
	for (k = 0; k < n_keys; k++) {
		of_line[k] = keys[k].of_line;
		several = several || (of_line[k] && varies(&t, k));
	}
	for (k = 0; k < n_keys && !several; k++) {
		if (keys[k].if_alone && varies(&t, k)) {
			memset(of_line, 0, n_keys * sizeof(*of_line));
			of_line[k] = several = true;
		}
	}
	for (k = 0; k < n_keys; k++)
		of_panel[k] = !of_line[k] && !keys[k].of_line;
	s->n_panels = number_and_name(&t, of_panel, &s->panel, &s->panels);
	s->n_lines = number_and_name(&t, of_line, &s->line, &s->lines);
	free(of_line);
	free(of_panel);
	free(t.texts);
}

void
mc_series_clear(struct mc_series *s)
{
	size_t i;

	for (i = 0; i < s->n_panels; i++)
		free(s->panels[i]);
	for (i = 0; i < s->n_lines; i++)
		free(s->lines[i]);
	free(s->panels);
	free(s->lines);
	free(s->panel);
	free(s->line);
}
