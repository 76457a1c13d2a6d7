/* markup.c - write texts into HTML. */
#include "config.h"

#include "report/markup.h"

void
mc_markup_text(const char *s, struct mc_buf *text)
{
	for (; *s != '\0'; s++) {
		if (*s == '&')
			mc_buf_puts(text, "&amp;");
		else if (*s == '<')
			mc_buf_puts(text, "&lt;");
		else if (*s == '>')
			mc_buf_puts(text, "&gt;");
		else if (*s == '"')
			mc_buf_puts(text, "&quot;");
		else
			mc_buf_add(text, (unsigned char)*s < ' ' ||
			    *s == 0x7F ? " " : s, 1);
	}
}

void
mc_markup_marks(const char *marks, const char *after, struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "<sup>%s</sup>%s", marks, after);
}
