/* page_grid.c - tables on the page of a report. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "report/markup.h"
#include "report/page_internal.h"

static void
put_head(const struct mc_grid *g, struct mc_buf *text)
{
	size_t c;

	mc_buf_puts(text, "<thead>\n<tr>\n");
	for (c = 0; c < g->n_columns; c++) {
		mc_buf_puts(text, g->columns[c].is_number ?
		    "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
		mc_markup_text(g->columns[c].heading, text);
		mc_markup_marks(g->columns[c].marks, "", text);
		mc_buf_puts(text, "</th>\n");
	}
	mc_buf_puts(text, "</tr>\n</thead>\n");
}

#define LONG	20	/* bytes; a longer text may be broken into lines */

/* Append S, in which lines may be broken behind marks that join the parts of the
   names of files and options, but not within a number. */
static void
put_long(const char *s, struct mc_buf *text)
{
	struct mc_buf markup = { 0 };
	bool in_tag = false;
	size_t i;

	mc_markup_text(s, &markup);
	for (i = 0; i < markup.len; i++) {
		in_tag = in_tag ? markup.data[i] != '>' :
		    markup.data[i] == '<';
		mc_buf_add(text, markup.data + i, 1);
		if (!in_tag && i + 1 < markup.len &&
		    strchr("_./,:", markup.data[i]) != NULL &&
		    !isdigit((unsigned char)markup.data[i + 1]) &&
		    markup.data[i + 1] != ' ')
			mc_buf_puts(text, "<wbr>");
	}
	mc_buf_free(&markup);
}

static void
put_cell(const struct mc_grid_column *column, const struct mc_grid_cell *cell,
    struct mc_buf *text)
{
	bool is_long = !column->is_number && cell->text != NULL &&
	    strlen(cell->text) > LONG;

	mc_buf_puts(text, column->is_number ? "<td class=\"num\">" : is_long ?
	    "<th scope=\"row\" class=\"words\">" : "<th scope=\"row\">");
	mc_buf_puts(text, cell->bold ? "<b>" : "");
	if (is_long)
		put_long(cell->text, text);
	else if (cell->text != NULL)
		mc_markup_text(cell->text, text);
	mc_buf_puts(text, cell->bold ? "</b>" : "");
	if (cell->lower != NULL)
		mc_buf_printf(text, " <span>[%s, %s]</span>", cell->lower,
		    cell->upper);
	mc_markup_marks(cell->marks, "", text);
	mc_buf_puts(text, column->is_number ? "</td>\n" : "</th>\n");
}

/* Sorting needs one body, in which no cell spans others. */
static void
put_lines(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i, c;

	mc_buf_puts(text, "<tbody>\n");
	for (i = 0; i < g->n_lines; i++) {
		mc_buf_puts(text, i > 0 && g->lines[i].above != MC_NO_RULE ?
		    "<tr class=\"rule\">\n" : "<tr>\n");
		for (c = 0; c < g->n_columns; c++)
			put_cell(&g->columns[c], &g->lines[i].cells[c], text);
		mc_buf_puts(text, "</tr>\n");
	}
	mc_buf_puts(text, "</tbody>\n");
}

/* Below the box, so that they are read without scrolling it. */
static void
put_sentences(const struct mc_grid *g, struct mc_buf *text)
{
	if (g->n_sentences == 0)
		return;
	mc_buf_puts(text, "<div class=\"notes\">\n<p>");
	mc_markup_sentences(g, text);
	mc_buf_puts(text, "</p>\n</div>\n");
}

void
page_begin_box(struct mc_page *p, const char *id)
{
	mc_buf_printf(&p->body, "<div class=\"box\" role=\"region\" "
	    "tabindex=\"0\" aria-labelledby=\"%s-caption\">\n", id);
}

void
page_put_caption(struct mc_page *p, const char *caption, const char *id)
{
	mc_buf_printf(&p->body, "<caption id=\"%s-caption\"><span>", id);
	mc_markup_text(caption, &p->body);
	mc_buf_puts(&p->body, "</span></caption>\n");
}

void
mc_page_grid(struct mc_page *p, const struct mc_grid *g, const char *id)
{
	page_begin_box(p, id);
	mc_buf_printf(&p->body, "<table id=\"%s\">\n", id);
	page_put_caption(p, g->caption, id);
	put_head(g, &p->body);
	put_lines(g, &p->body);
	mc_buf_puts(&p->body, "</table>\n</div>\n");
	put_sentences(g, &p->body);
}
