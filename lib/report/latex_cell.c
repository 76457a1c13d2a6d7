/*
 * latex_cell.c - print the cells of a grid as LaTeX, their points aligned.
 *
 * A number is padded by the room of the digits that it lacks, since a column of
 * siunitx holds no intervals and marks.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/latex_cell.h"
#include "report/latex_text.h"

/* The shape of S; all 0 where it is no number: a count and a share, a dash. */
static struct latex_shape
shape_of(const char *s)
{
	static const char digits[] = "0123456789";
	struct latex_shape x = { 0, 0, false };

	if (s == NULL)
		return x;
	x.minus = strncmp(s, MC_MINUS, strlen(MC_MINUS)) == 0;
	s += x.minus ? strlen(MC_MINUS) : *s == '<';
	x.whole = strspn(s, digits);
	s += x.whole;
	if (*s == '.') {
		x.decimals = strspn(s + 1, digits);
		s += 1 + x.decimals;
	}
	return *s == '\0' && x.whole > 0 ? x : (struct latex_shape){ 0, 0, false };
}

static void
widen(struct latex_shape *most, const char *s)
{
	struct latex_shape x = shape_of(s);

	most->whole = x.whole > most->whole ? x.whole : most->whole;
	most->decimals = x.decimals > most->decimals ? x.decimals :
	    most->decimals;
	most->minus = most->minus || x.minus;
}

struct latex_widths
latex_measure(const struct mc_grid *g, size_t column)
{
	struct latex_widths w = { .bold = false };
	size_t i;

	for (i = 0; i < g->n_lines; i++) {
		const struct mc_grid_cell *cell = &g->lines[i].cells[column];

		w.bold = w.bold || cell->bold;
		widen(&w.text, cell->text);
		widen(&w.lower, cell->lower);
		widen(&w.upper, cell->upper);
	}
	return w;
}

static void
put_zeros(size_t n, struct mc_buf *text)
{
	while (n-- > 0)
		mc_buf_puts(text, "0");
}

/* Append the room by which MOST begins before the number S. */
static void
pad_left(const char *s, const struct latex_shape *most, struct mc_buf *text)
{
	struct latex_shape x = shape_of(s);

	if (x.whole == 0 || (x.whole >= most->whole && x.minus >= most->minus))
		return;
	mc_buf_puts(text, "\\hphantom{");
	mc_buf_puts(text, most->minus && !x.minus ? "$-$" : "");
	put_zeros(most->whole - x.whole, text);
	mc_buf_puts(text, "}");
}

/* Append the room by which MOST ends behind the number S. */
static void
pad_right(const char *s, const struct latex_shape *most, struct mc_buf *text)
{
	struct latex_shape x = shape_of(s);

	if (x.whole == 0 || x.decimals >= most->decimals)
		return;
	mc_buf_puts(text, "\\hphantom{");
	mc_buf_puts(text, x.decimals == 0 ? "." : "");
	put_zeros(most->decimals - x.decimals, text);
	mc_buf_puts(text, "}");
}

static void
put_widest(const struct latex_shape *most, struct mc_buf *text)
{
	mc_buf_puts(text, most->minus ? "$-$" : "");
	put_zeros(most->whole, text);
	mc_buf_puts(text, most->decimals > 0 ? "." : "");
	put_zeros(most->decimals, text);
}

/* Append the room of an interval, behind a number without one and its marks. */
static void
pad_interval(const struct latex_widths *w, struct mc_buf *text)
{
	mc_buf_puts(text, " \\hphantom{[");
	put_widest(&w->lower, text);
	mc_buf_puts(text, ", ");
	put_widest(&w->upper, text);
	mc_buf_puts(text, "]}");
}

/* Append the interval of CELL, whose brackets are no arguments. */
static void
put_interval(const struct mc_grid_cell *cell, const struct latex_widths *w,
    struct mc_buf *text)
{
	pad_left(cell->lower, &w->lower, text);
	mc_buf_puts(text, "[");
	latex_number(cell->lower, text);
	mc_buf_puts(text, ",");
	pad_right(cell->lower, &w->lower, text);
	mc_buf_puts(text, " ");
	pad_left(cell->upper, &w->upper, text);
	latex_number(cell->upper, text);
	mc_buf_puts(text, "]");
	pad_right(cell->upper, &w->upper, text);
}

/* Append marks that take no room. */
static void
put_number_marks(const char *marks, struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "\\rlap{\\textsuperscript{%s}}", marks);
}

/*
 * Append the room of a column's marks: as wide as the widest can be (no letter is
 * wider than m), so that numbers stay aligned and no mark runs into the next
 * column.
 */
static void
pad_marks(const char *widest, struct mc_buf *text)
{
	if (widest == NULL)
		return;
	mc_buf_puts(text, "\\hphantom{\\textsuperscript{");
	for (; *widest != '\0'; widest++)
		mc_buf_puts(text, *widest == ',' ? "," : "m");
	mc_buf_puts(text, "}}");
}

/*
 * Append the number S, bold or not.  Bold digits are wider: beside bold numbers,
 * what is behind the point of others takes the room that it would have in bold.
 */
static void
put_estimate(const char *s, bool bold, const struct latex_widths *w,
    struct mc_buf *text)
{
	struct latex_shape x = shape_of(s);
	size_t whole = strlen(s) - x.decimals - 1;

	if (bold) {
		mc_buf_puts(text, "\\textbf{");
		latex_number(s, text);
		mc_buf_puts(text, "}");
	} else if (w->bold && x.decimals > 0) {
		char *before = mc_xstrndup(s, whole);

		latex_number(before, text);
		mc_buf_printf(text, "\\rlap{%s}\\hphantom{\\textbf{%s}}",
		    s + whole, s + whole);
		free(before);
	} else
		latex_number(s, text);
}

void
latex_cell(const struct mc_grid_column *column, const struct mc_grid_cell *cell,
    const struct latex_widths *w, bool page_begins, struct mc_buf *text)
{
	const char *s = cell->text != NULL ? cell->text : "";

	if (!column->is_number) {
		latex_text(cell->repeats && !page_begins ? "" : s, text);
		return;
	}
	put_estimate(s, cell->bold, w, text);
	pad_right(s, &w->text, text);
	if (column->is_apart)
		mc_buf_puts(text, " & ");
	else if (cell->lower != NULL)
		mc_buf_puts(text, " ");
	if (cell->lower != NULL)
		put_interval(cell, w, text);
	else if (column->is_apart && column->has_intervals)
		latex_number(MC_MISSING, text);
	put_number_marks(cell->marks, text);
	if (cell->lower == NULL && column->has_intervals && !column->is_apart)
		pad_interval(w, text);
	pad_marks(column->widest, text);
}
