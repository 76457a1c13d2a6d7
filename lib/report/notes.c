/* notes.c - say below a figure how its numbers were made. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/notes.h"
#include "stats/curve.h"

struct remark {
	char *text;		/* of the first row that has it */
	bool differs;		/* others have other numbers in it */
	bool of_curve;		/* it is about a curve, not about a row */
	size_t n;		/* rows or curves that have it */
};

struct mc_notes {
	const char *row;
	bool without_intervals, without_bands;
	struct mc_buf advice;
	size_t n_rows, n_curves;	/* that were asked for remarks */
	size_t n_said, said_cap;
	char **said;
	size_t n_remarks, remarks_cap;
	struct remark *remarks;
};

struct mc_notes *
mc_notes_alloc(void)
{
	struct mc_notes *n = mc_xcalloc(1, sizeof(*n));

	n->row = "row";
	return n;
}

void
mc_notes_free(struct mc_notes *n)
{
	size_t i;

	if (n == NULL)
		return;
	for (i = 0; i < n->n_said; i++)
		free(n->said[i]);
	for (i = 0; i < n->n_remarks; i++)
		free(n->remarks[i].text);
	free(n->said);
	free(n->remarks);
	mc_buf_free(&n->advice);
	free(n);
}

void
mc_notes_say(struct mc_notes *n, const char *fmt, ...)
{
	va_list ap;
	char *text;
	size_t i;

	va_start(ap, fmt);
	text = mc_xvasprintf(fmt, ap);
	va_end(ap);
	for (i = 0; i < n->n_said && strcmp(n->said[i], text) != 0; i++)
		;
	if (i < n->n_said) {
		free(text);
		return;
	}
	n->said = mc_xgrow(n->said, n->n_said, &n->said_cap, sizeof(*n->said));
	n->said[n->n_said++] = text;
}

void
mc_notes_facts(struct mc_notes *n, const struct mc_facts *f)
{
	struct mc_grid *g = mc_grid_alloc(NULL, NULL);
	size_t i;

	mc_facts_say(f, g);
	for (i = 0; i < g->n_sentences; i++)
		mc_notes_say(n, "%s", g->sentences[i].text);
	mc_grid_free(g);
}

void
mc_notes_rows_are(struct mc_notes *n, const char *row)
{
	n->row = row;
}

/* Whether two remarks are the same but for their numbers. */
static bool
alike(const char *a, const char *b)
{
	for (;;) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			a += strspn(a, "0123456789.");
			b += strspn(b, "0123456789.");
		}
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

/* Whether REMARK is about an interval, its band, or what is resampled. */
static bool
is_of_interval(const char *remark)
{
	static const char *const words[] = {
		"interval", "replicate", "band", "independent"
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strstr(remark, words[i]) != NULL)
			return true;
	}
	return false;
}

static void
add_remark(struct mc_notes *n, const char *text, size_t len, bool is_first)
{
	char *copy = mc_xstrndup(text, len);
	bool of_curve = is_first && !mc_curve_remark_is_of_point(copy);
	size_t i;

	if ((n->without_intervals && is_of_interval(copy)) ||
	    (n->without_bands && (strstr(copy, "band") != NULL ||
	    strstr(copy, "interval of a bin") != NULL))) {
		free(copy);
		return;
	}
	for (i = 0; i < n->n_remarks; i++) {
		struct remark *r = &n->remarks[i];

		if (!alike(r->text, copy) || r->of_curve != of_curve)
			continue;
		r->differs = r->differs || strcmp(r->text, copy) != 0;
		r->n++;
		free(copy);
		return;
	}
	n->remarks = mc_xgrow(n->remarks, n->n_remarks, &n->remarks_cap,
	    sizeof(*n->remarks));
	n->remarks[n->n_remarks++] = (struct remark){ copy, false, of_curve,
	    1 };
}

/* Add the remarks of NOTE, of the first point of a curve if IS_FIRST. */
static void
add_remarks(struct mc_notes *n, const char *note, bool is_first)
{
	n->n_rows++;
	n->n_curves += is_first;
	while (*note != '\0') {
		const char *end = strstr(note, "; ");
		size_t len = end != NULL ? (size_t)(end - note) : strlen(note);

		add_remark(n, note, len, is_first);
		note += len + (end != NULL ? 2 : 0);
	}
}

void
mc_notes_remark(struct mc_notes *n, const char *note)
{
	add_remarks(n, note, false);
}

void
mc_notes_remark_curve(struct mc_notes *n, const char *note)
{
	add_remarks(n, note, true);
}

void
mc_notes_without_intervals(struct mc_notes *n)
{
	n->without_intervals = true;
}

void
mc_notes_without_bands(struct mc_notes *n)
{
	n->without_bands = true;
}

void
mc_notes_advise(struct mc_notes *n, const char *what)
{
	mc_buf_printf(&n->advice, "%s\n", what);
}

const char *
mc_notes_advice(const struct mc_notes *n)
{
	return n->advice.len > 0 ? n->advice.data : "";
}

/* REMARK with a capital, behind a parenthesis where it begins with one; p has none;
   and of how many rows or curves it is. */
static char *
remark_sentence(const struct mc_notes *n, const struct remark *r)
{
	size_t all = r->of_curve ? n->n_curves : n->n_rows;
	size_t at = *r->text == '(';
	struct mc_buf text = { 0 };

	mc_buf_puts(&text, r->text);
	if (strncmp(r->text, "p ", 2) != 0)
		text.data[at] = (char)toupper((unsigned char)text.data[at]);
	if (r->n < all || r->differs)
		mc_buf_printf(&text, " (%zu of %zu %s%s%s)", r->n, all,
		    r->of_curve ? "curve" : n->row, MC_PLURAL(all),
		    r->differs ? "; the numbers are those of the first" : "");
	mc_buf_puts(&text, ".");
	return text.data;
}

char *
mc_notes_sentence(const struct mc_notes *n, size_t i)
{
	if (i < n->n_said)
		return mc_xstrdup(n->said[i]);
	i -= n->n_said;
	return i < n->n_remarks ? remark_sentence(n, &n->remarks[i]) : NULL;
}

void
mc_notes_text(const struct mc_notes *n, struct mc_buf *text)
{
	char *sentence;
	size_t i;

	mc_buf_puts(text, "");
	for (i = 0; (sentence = mc_notes_sentence(n, i)) != NULL; i++) {
		mc_buf_printf(text, "%s%s", text->len > 0 ? " " : "",
		    sentence);
		free(sentence);
	}
}
