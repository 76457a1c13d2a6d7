/* markup.c - write texts into HTML. */
#include "config.h"

#include <string.h>

#include "base/bidi.h"
#include "report/markup.h"

static void
put_character(char c, struct mc_buf *text)
{
	if (c == '&')
		mc_buf_puts(text, "&amp;");
	else if (c == '<')
		mc_buf_puts(text, "&lt;");
	else if (c == '>')
		mc_buf_puts(text, "&gt;");
	else if (c == '"')
		mc_buf_puts(text, "&quot;");
	else
		mc_buf_add(text, (unsigned char)c < ' ' || c == 0x7F ? " " :
		    &c, 1);
}

void
mc_markup_value(const char *s, struct mc_buf *text)
{
	for (; *s != '\0'; s++)
		put_character(*s, text);
}

/* The characters that begin an isolate, of one length, and their elements. */
static const struct {
	const char *begin, *element;
} isolates[] = {
	{ MC_ISOLATE, "<bdi>" },
	{ MC_ISOLATE_FILE, "<bdi dir=\"ltr\">" },
};
#define N_ISOLATES	(sizeof(isolates) / sizeof(isolates[0]))

/* The isolate that S begins with; N_ISOLATES: none. */
static size_t
isolate_at(const char *s)
{
	size_t k = 0;

	while (k < N_ISOLATES && strncmp(s, isolates[k].begin,
	    strlen(isolates[k].begin)) != 0)
		k++;
	return k;
}

/* The end of the isolate that S begins with; NULL: it has none, or another is in
   it. */
static const char *
isolate_end(const char *s)
{
	const char *end = strstr(s, MC_ISOLATE_END), *at;

	for (at = s + 1; end != NULL && at < end; at++) {
		if (isolate_at(at) < N_ISOLATES)
			return NULL;
	}
	return end;
}

void
mc_markup_text(const char *s, struct mc_buf *text)
{
	const char *end = NULL, *found;
	size_t k;

	while (*s != '\0') {
		if (s == end) {
			mc_buf_puts(text, "</bdi>");
			s += strlen(MC_ISOLATE_END);
			end = NULL;
		} else if ((k = isolate_at(s)) < N_ISOLATES &&
		    (found = isolate_end(s)) != NULL) {
			mc_buf_puts(text, isolates[k].element);
			s += strlen(isolates[k].begin);
			end = found;
		} else {
			put_character(*s++, text);
		}
	}
}

void
mc_markup_marks(const char *marks, const char *after, struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "<sup>%s</sup>%s", marks, after);
}

void
mc_markup_sentences(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i;

	for (i = 0; i < g->n_sentences; i++) {
		const struct mc_grid_sentence *s = &g->sentences[i];

		mc_buf_puts(text, i == 0 ? "" : s->marks != NULL ?
		    "</p>\n<p>" : "\n");
		mc_markup_marks(s->marks, " ", text);
		mc_markup_text(s->text, text);
	}
}
