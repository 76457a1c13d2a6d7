/*
 * html.c - print a grid as a table of HTML.
 *
 * The markup is also well-formed XML.  A cell that the lines below it repeat
 * spans them, as far as the next rule, which begins a body of the table.
 */
#include "config.h"

#include "report/format.h"
#include "report/markup.h"

/* The headings of line LEVEL, of which each is above a group of columns; the
   first line has those of columns without a group also. */
static void
put_above(const struct mc_grid *g, size_t level, struct mc_buf *text)
{
	size_t c, end;

	for (c = 0; c < g->n_columns; c = end) {
		bool has_group = g->columns[c].above != NULL;

		end = mc_grid_group_end(g, level, c);
		if (has_group)
			mc_buf_printf(text, "<th scope=\"colgroup\" "
			    "colspan=\"%zu\">", end - c);
		else if (level == 0)
			mc_buf_printf(text, "<th scope=\"col\" rowspan=\"%zu\">",
			    g->n_above + 1);
		else
			continue;
		mc_markup_text(has_group ? g->columns[c].above[level] :
		    g->columns[c].heading, text);
		mc_markup_marks(has_group ? NULL : g->columns[c].marks, "",
		    text);
		mc_buf_puts(text, "</th>\n");
	}
}

static void
put_head(const struct mc_grid *g, struct mc_buf *text)
{
	size_t level, c;

	mc_buf_puts(text, "<thead>\n<tr>\n");
	for (level = 0; level < g->n_above; level++) {
		put_above(g, level, text);
		mc_buf_puts(text, "</tr>\n<tr>\n");
	}
	for (c = 0; c < g->n_columns; c++) {
		if (g->n_above > 0 && g->columns[c].above == NULL)
			continue;
		mc_buf_puts(text, "<th scope=\"col\">");
		mc_markup_text(g->columns[c].heading, text);
		mc_markup_marks(g->columns[c].marks, "", text);
		mc_buf_puts(text, "</th>\n");
	}
	mc_buf_puts(text, "</tr>\n</thead>\n");
}

/* Whether the cell at LINE and C is part of the one above it. */
static bool
is_spanned(const struct mc_grid *g, size_t line, size_t c)
{
	return g->lines[line].above != MC_RULE && line > 0 &&
	    g->lines[line].cells[c].repeats;
}

static void
put_key(const struct mc_grid *g, size_t line, size_t c, struct mc_buf *text)
{
	const struct mc_grid_cell *cell = &g->lines[line].cells[c];
	size_t end = line + 1;

	if (is_spanned(g, line, c))
		return;
	while (end < g->n_lines && is_spanned(g, end, c))
		end++;
	mc_buf_puts(text, "<th scope=\"row\"");
	if (end - line > 1)
		mc_buf_printf(text, " rowspan=\"%zu\"", end - line);
	mc_buf_puts(text, ">");
	if (cell->text != NULL)
		mc_markup_text(cell->text, text);
	mc_buf_puts(text, "</th>\n");
}

static void
put_number(const struct mc_grid_cell *cell, struct mc_buf *text)
{
	mc_buf_puts(text, cell->bold ? "<td><b>" : "<td>");
	if (cell->text != NULL)
		mc_markup_text(cell->text, text);
	mc_buf_puts(text, cell->bold ? "</b>" : "");
	if (cell->lower != NULL)
		mc_buf_printf(text, " [%s, %s]", cell->lower, cell->upper);
	mc_markup_marks(cell->marks, "", text);
	mc_buf_puts(text, "</td>\n");
}

static void
put_lines(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i, c;

	mc_buf_puts(text, "<tbody>\n");
	for (i = 0; i < g->n_lines; i++) {
		if (g->lines[i].above == MC_RULE)
			mc_buf_puts(text, "</tbody>\n<tbody>\n");
		mc_buf_puts(text, "<tr>\n");
		for (c = 0; c < g->n_columns; c++) {
			if (g->columns[c].is_number)
				put_number(&g->lines[i].cells[c], text);
			else
				put_key(g, i, c, text);
		}
		mc_buf_puts(text, "</tr>\n");
	}
	mc_buf_puts(text, "</tbody>\n");
}

/* What is said below is in the table, so that it is copied along. */
static void
put_sentences(const struct mc_grid *g, struct mc_buf *text)
{
	mc_buf_printf(text, "<tfoot>\n<tr>\n<td colspan=\"%zu\">\n<p>",
	    g->n_columns);
	mc_markup_sentences(g, text);
	mc_buf_puts(text, "</p>\n<p>" MC_RESEARCH_USE "</p>\n"
	    "</td>\n</tr>\n</tfoot>\n");
}

static void
put_table(const struct mc_grid *g, struct mc_buf *text)
{
	mc_buf_puts(text, "<table");
	if (g->label != NULL)
		mc_buf_printf(text, " id=\"%s\"", g->label);
	mc_buf_puts(text, ">\n");
	if (g->caption != NULL) {
		mc_buf_puts(text, "<caption>");
		mc_markup_text(g->caption, text);
		mc_buf_puts(text, "</caption>\n");
	}
	put_head(g, text);
	put_lines(g, text);
	put_sentences(g, text);
	mc_buf_puts(text, "</table>\n");
}

/* The look of booktabs: rules above, below and between, no boxes. */
static const char style[] =
    "body { font-family: serif; margin: 2em; }\n"
    "table { border-collapse: collapse; margin: 0 auto 2em; }\n"
    "caption { padding-bottom: 0.5em; }\n"
    "th, td { padding: 0.2em 0.6em; vertical-align: baseline; }\n"
    "th { font-weight: normal; text-align: left; }\n"
    "th, tbody td { white-space: nowrap; }\n"
    "thead { border-top: 2px solid; border-bottom: 1px solid; }\n"
    "thead th { text-align: center; }\n"
    "thead th[rowspan] { vertical-align: bottom; }\n"
    "th[scope=colgroup] { border-bottom: 1px solid; }\n"
    "tbody { border-bottom: 1px solid; }\n"
    "tbody td { text-align: right; }\n"
    "sup { line-height: 0; }\n"
    "tfoot { border-top: 2px solid; font-size: 80%; }\n"
    "tfoot p { margin: 0.3em 0; }\n";

static void
begin(bool is_page, const char *title, struct mc_buf *text)
{
	if (!is_page)
		return;
	mc_buf_puts(text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\" />\n<title>");
	mc_markup_value(title != NULL ? title : "Results", text);
	mc_buf_printf(text, "</title>\n<style>\n%s</style>\n</head>\n<body>\n",
	    style);
}

static void
end(bool is_page, struct mc_buf *text)
{
	mc_buf_puts(text, is_page ? "</body>\n</html>\n" : "");
}

const struct mc_format mc_format_html = {
	.has_bold = true, .has_labels = true, .has_pages = true,
	.table = put_table, .begin = begin, .end = end
};
