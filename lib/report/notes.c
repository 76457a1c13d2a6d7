/* notes.c - say below a figure how its numbers were made. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/notes.h"
#include "stats/curve.h"
#include "stats/remarks.h"

struct remark {
	/* Rows may have other numbers in it: these have the least and the greatest. */
	char *least, *most;
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
	for (i = 0; i < n->n_remarks; i++) {
		free(n->remarks[i].least);
		free(n->remarks[i].most);
	}
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

/* Whether A and B, behind BEFORE, begin with numbers, and the lengths of these.  A
   negative number, or one within a word, is a word; a caller leaves out names. */
static bool
are_numbers(char before, const char *a, const char *b, size_t *len_a,
    size_t *len_b)
{
	*len_a = strspn(a, "0123456789.");
	*len_b = strspn(b, "0123456789.");
	return isdigit((unsigned char)*a) && isdigit((unsigned char)*b) &&
	    !isalnum((unsigned char)before) && strchr("-_.", before) == NULL;
}

/* Whether two remarks are the same but for their numbers. */
static bool
alike(const char *a, const char *b)
{
	bool in_name = false;
	char before = ' ';
	size_t n, m;

	for (;;) {
		if (!in_name && are_numbers(before, a, b, &n, &m)) {
			a += n;
			b += m;
		}
		in_name ^= *a == '"';
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		before = *a++;
		b++;
	}
}

/* What A and B, which are alike, have in common, with WRITE's text for each two
   numbers; to be freed. */
static char *
merge(const char *a, const char *b, void write(struct mc_buf *text,
    const char *a, size_t n, const char *b, size_t m))
{
	struct mc_buf text = { 0 };
	bool in_name = false;
	char before = ' ';
	size_t n, m;

	mc_buf_puts(&text, "");
	while (*a != '\0') {
		if (!in_name && are_numbers(before, a, b, &n, &m))
			write(&text, a, n, b, m);
		else
			mc_buf_add(&text, a, n = m = 1);
		in_name ^= *a == '"';
		a += n;
		b += m;
		before = a[-1];
	}
	return text.data;
}

static void
write_least(struct mc_buf *text, const char *a, size_t n, const char *b,
    size_t m)
{
	bool first = strtod(a, NULL) <= strtod(b, NULL);

	mc_buf_add(text, first ? a : b, first ? n : m);
}

static void
write_most(struct mc_buf *text, const char *a, size_t n, const char *b,
    size_t m)
{
	bool first = strtod(a, NULL) >= strtod(b, NULL);

	mc_buf_add(text, first ? a : b, first ? n : m);
}

static void
write_range(struct mc_buf *text, const char *a, size_t n, const char *b,
    size_t m)
{
	mc_buf_add(text, a, n);
	if (n == m && memcmp(a, b, n) == 0)
		return;
	mc_buf_puts(text, " to ");
	mc_buf_add(text, b, m);
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
		if (mc_remark_has(remark, words[i]))
			return true;
	}
	return false;
}

/* Count TEXT, which is alike, in R. */
static void
include(struct remark *r, const char *text)
{
	char *least = merge(r->least, text, write_least);
	char *most = merge(r->most, text, write_most);

	free(r->least);
	free(r->most);
	r->least = least;
	r->most = most;
	r->n++;
}

static void
add_remark(struct mc_notes *n, const char *text, size_t len, bool is_first)
{
	char *copy = mc_xstrndup(text, len);
	bool of_curve = is_first && !mc_curve_remark_is_of_point(copy);
	size_t i;

	if ((n->without_intervals && is_of_interval(copy)) ||
	    (n->without_bands && (mc_remark_has(copy, "band") ||
	    mc_remark_has(copy, "interval of a bin")))) {
		free(copy);
		return;
	}
	for (i = 0; i < n->n_remarks; i++) {
		struct remark *r = &n->remarks[i];

		if (!alike(r->least, copy) || r->of_curve != of_curve)
			continue;
		include(r, copy);
		free(copy);
		return;
	}
	n->remarks = mc_xgrow(n->remarks, n->n_remarks, &n->remarks_cap,
	    sizeof(*n->remarks));
	n->remarks[n->n_remarks++] = (struct remark){ copy,
	    mc_xstrdup(copy), of_curve, 1 };
}

/* Add the remarks of NOTE, of the first point of a curve if IS_FIRST. */
static void
add_remarks(struct mc_notes *n, const char *note, bool is_first)
{
	n->n_rows++;
	n->n_curves += is_first;
	while (*note != '\0') {
		size_t len = mc_remark_length(note);

		add_remark(n, note, len, is_first);
		note += len + (note[len] != '\0' ? 2 : 0);
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
	char *remark = merge(r->least, r->most, write_range);
	size_t at = *remark == '(';
	struct mc_buf text = { 0 };

	mc_buf_puts(&text, remark);
	if (strncmp(remark, "p ", 2) != 0)
		text.data[at] = (char)toupper((unsigned char)text.data[at]);
	if (r->n < all)
		mc_buf_printf(&text, " (%zu of %zu %s%s)", r->n, all,
		    r->of_curve ? "curve" : n->row, MC_PLURAL(all));
	mc_buf_puts(&text, ".");
	free(remark);
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
