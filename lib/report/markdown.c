/* markdown.c - print a grid as a table of GitHub's Markdown. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/format.h"

/*
 * Whether the character AT of the text S would make a link of it, as GitHub
 * does of http://x.org and www.x.org.
 */
static bool
makes_link(const char *s, const char *at)
{
	return (at[0] == ':' && at[1] == '/') ||
	    (at[0] == '.' && at - s >= 3 && strncasecmp(at - 3, "www", 3) == 0);
}

/* Append S so that Markdown prints it as it is. */
static void
put_text(const char *s, struct mc_buf *text)
{
	const char *all = s;

	for (; *s != '\0'; s++) {
		if (strchr("\\`*_[]<>|~$&", *s) != NULL || makes_link(all, s))
			mc_buf_puts(text, "\\");
		else if (*s == '@')	/* an address, whatever is escaped */
			mc_buf_puts(text, "<!-- -->");
		mc_buf_add(text, (unsigned char)*s < ' ' ? " " : s, 1);
	}
}

/* Append S of a number: its brackets and signs mean nothing to Markdown. */
static void
put_number(const struct mc_grid_cell *cell, struct mc_buf *text)
{
	const char *bold = cell->bold ? "**" : "";

	mc_buf_printf(text, "%s%s%s", bold,
	    cell->text != NULL ? cell->text : "", bold);
	if (cell->lower != NULL)
		mc_buf_printf(text, " [%s, %s]", cell->lower, cell->upper);
}

static void
put_marks(const char *marks, struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "<sup>%s</sup>", marks);
}

static void
put_head(const struct mc_grid *g, struct mc_buf *text)
{
	size_t c;

	for (c = 0; c < g->n_columns; c++) {
		char *heading = mc_grid_heading(g, c);

		mc_buf_puts(text, "| ");
		put_text(heading, text);
		free(heading);
		put_marks(g->columns[c].marks, text);
		mc_buf_puts(text, " ");
	}
	mc_buf_puts(text, "|\n");
	for (c = 0; c < g->n_columns; c++)
		mc_buf_puts(text, g->columns[c].is_number ? "| ---: " :
		    "| :--- ");
	mc_buf_puts(text, "|\n");
}

static void
put_line(const struct mc_grid *g, size_t line, struct mc_buf *text)
{
	size_t c;

	for (c = 0; c < g->n_columns; c++) {
		const struct mc_grid_cell *cell = &g->lines[line].cells[c];

		mc_buf_puts(text, "| ");
		if (g->columns[c].is_number)
			put_number(cell, text);
		else if (!cell->repeats && cell->text != NULL)
			put_text(cell->text, text);
		put_marks(cell->marks, text);
		mc_buf_puts(text, " ");
	}
	mc_buf_puts(text, "|\n");
}

/* Sentences without a letter are a paragraph, and the others a list. */
static void
put_sentences(const struct mc_grid *g, struct mc_buf *text)
{
	bool in_list = false;
	size_t i;

	for (i = 0; i < g->n_sentences; i++) {
		const struct mc_grid_sentence *s = &g->sentences[i];

		if (s->marks != NULL) {
			mc_buf_puts(text, in_list ? "- " : "\n- ");
			put_marks(s->marks, text);
			mc_buf_puts(text, " ");
			in_list = true;
		}
		/* A sentence must not begin a list or a heading. */
		mc_buf_puts(text, strchr("#+-=", *s->text) ? "\\" : "");
		put_text(s->text, text);
		mc_buf_puts(text, "\n");
	}
	mc_buf_puts(text, "\n" MC_RESEARCH_USE "\n");
}

static void
put_table(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i;

	mc_buf_puts(text, text->len > 0 ? "\n" : "");
	if (g->caption != NULL) {
		mc_buf_puts(text, "**");
		put_text(g->caption, text);
		mc_buf_puts(text, "**\n\n");
	}
	put_head(g, text);
	for (i = 0; i < g->n_lines; i++)
		put_line(g, i, text);
	mc_buf_puts(text, "\n");
	put_sentences(g, text);
}

const struct mc_format mc_format_markdown = {
	.has_bold = true, .table = put_table
};
