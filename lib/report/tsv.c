/*
 * tsv.c - print a grid as TSV, for spreadsheets.
 *
 * Every number has a field of its own, with an ASCII sign, so that it is read
 * as one: the limits of the intervals of a column and the letters of its notes
 * are columns behind it, where it has any.  What is missing is empty.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/format.h"

static void
put_text(const char *s, struct mc_buf *text)
{
	for (; s != NULL && *s != '\0'; s++) {
		if (strncmp(s, MC_MINUS, 3) == 0) {
			mc_buf_puts(text, "-");
			s += 2;
		} else {
			mc_buf_add(text, (unsigned char)*s < ' ' ? " " : s, 1);
		}
	}
}

/* The letters of a heading or a sentence, if it has any. */
static void
put_marks(const char *marks, const char *before, const char *after,
    struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "%s(%s)%s", before, marks, after);
}

static void
put_heading(const struct mc_grid *g, size_t c, struct mc_buf *text)
{
	const struct mc_grid_column *column = &g->columns[c];
	char *heading = mc_grid_heading(g, c);

	mc_buf_puts(text, c > 0 ? "\t" : "");
	put_text(heading, text);
	put_marks(column->marks, " ", "", text);
	if (g->columns[c].has_intervals) {
		mc_buf_puts(text, "\t");
		put_text(heading, text);
		mc_buf_puts(text, " lower\t");
		put_text(heading, text);
		mc_buf_puts(text, " upper");
	}
	if (g->columns[c].widest != NULL) {
		mc_buf_puts(text, "\t");
		put_text(heading, text);
		mc_buf_puts(text, " notes");
	}
	free(heading);
}

static void
put_cell(const struct mc_grid *g, size_t line, size_t c, struct mc_buf *text)
{
	const struct mc_grid_cell *cell = &g->lines[line].cells[c];
	bool missing = cell->text != NULL && g->columns[c].is_number &&
	    strcmp(cell->text, MC_MISSING) == 0;

	mc_buf_puts(text, c > 0 ? "\t" : "");
	put_text(missing ? NULL : cell->text, text);
	if (g->columns[c].has_intervals) {
		mc_buf_puts(text, "\t");
		put_text(cell->lower, text);
		mc_buf_puts(text, "\t");
		put_text(cell->upper, text);
	}
	if (g->columns[c].widest != NULL) {
		mc_buf_puts(text, "\t");
		put_text(cell->marks, text);
	}
}

static void
put_table(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i, c;

	/* An empty line ends the table before. */
	mc_buf_puts(text, text->len > 0 ? "\n" : "");
	for (c = 0; c < g->n_columns; c++)
		put_heading(g, c, text);
	mc_buf_puts(text, "\n");
	for (i = 0; i < g->n_lines; i++) {
		for (c = 0; c < g->n_columns; c++)
			put_cell(g, i, c, text);
		mc_buf_puts(text, "\n");
	}
	mc_buf_puts(text, "\n");
	if (g->caption != NULL) {
		put_text(g->caption, text);
		mc_buf_puts(text, "\n");
	}
	for (i = 0; i < g->n_sentences; i++) {
		put_marks(g->sentences[i].marks, "", " ", text);
		put_text(g->sentences[i].text, text);
		mc_buf_puts(text, "\n");
	}
	mc_buf_puts(text, MC_RESEARCH_USE "\n");
}

const struct mc_format mc_format_tsv = {
	.is_data = true,
	.table = put_table
};
