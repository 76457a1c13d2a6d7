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

/* The end of the isolate that S begins with; NULL: none, or another is in it. */
static const char *
isolate_end(const char *s)
{
	const size_t n = strlen(MC_ISOLATE);
	const char *end;

	if (strncmp(s, MC_ISOLATE, n) != 0)
		return NULL;
	end = strstr(s + n, MC_ISOLATE_END);
	s = strstr(s + n, MC_ISOLATE);
	return s != NULL && s < end ? NULL : end;
}

void
mc_markup_text(const char *s, struct mc_buf *text)
{
	const char *end = NULL, *found;

	while (*s != '\0') {
		if (s == end) {
			mc_buf_puts(text, "</bdi>");
			s += strlen(MC_ISOLATE_END);
			end = NULL;
		} else if ((found = isolate_end(s)) != NULL) {
			mc_buf_puts(text, "<bdi>");
			s += strlen(MC_ISOLATE);
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
