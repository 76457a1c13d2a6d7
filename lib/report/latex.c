/*
 * latex.c - print a grid as a table of LaTeX.
 *
 * It needs the packages booktabs and graphicx, is shrunk to the line's width where
 * it is wider, turned where that would make it too small to read, and divided where
 * it has more than a page of lines or columns.
 */
#include "config.h"

#include <stdlib.h>

#include "report/format.h"
#include "report/latex_cell.h"
#include "report/latex_parts.h"
#include "report/latex_text.h"

static void
put_marks(const char *marks, const char *after, struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "\\textsuperscript{%s}%s", marks, after);
}

/* --- Headings ------------------------------------------------------------- */

/* How many columns of tabular those of PART before column END are. */
static size_t
count_columns(const struct mc_grid *g, const struct latex_part *part, size_t end)
{
	size_t n = 0, c;

	for (c = latex_part_first(part); c < end; c = latex_part_next(part, c))
		n += 1 + g->columns[c].is_apart;
	return n;
}

/* Append line LEVEL of the headings above, and rules below its groups. */
static void
put_above(const struct mc_grid *g, const struct latex_part *part, size_t level,
    struct mc_buf *text)
{
	struct mc_buf rules = { 0 };
	size_t c, end;

	for (c = latex_part_first(part); c < part->to;
	    c = end == part->keys ? part->from : end) {
		size_t first = count_columns(g, part, c) + 1, last;

		end = mc_grid_group_end(g, level, c);
		end = end < part->to ? end : part->to;
		last = count_columns(g, part, end);
		mc_buf_puts(text, first > 1 ? " & " : "");
		if (g->columns[c].above == NULL)
			continue;
		mc_buf_printf(text, "\\multicolumn{%zu}{c}{", last - first + 1);
		latex_text(g->columns[c].above[level], text);
		mc_buf_puts(text, "}");
		mc_buf_printf(&rules, "\\cmidrule(lr){%zu-%zu}", first, last);
	}
	mc_buf_printf(text, " \\\\\n%s\n", rules.data);
	mc_buf_free(&rules);
}

/* Append the headings of the columns. */
static void
put_headings(const struct mc_grid *g, const struct latex_part *part,
    struct mc_buf *text)
{
	size_t c;

	for (c = latex_part_first(part); c < part->to;
	    c = latex_part_next(part, c)) {
		const struct mc_grid_column *column = &g->columns[c];

		mc_buf_puts(text, c > latex_part_first(part) ? " & " : "");
		if (column->is_number)
			mc_buf_printf(text, "\\multicolumn{%d}{c}{",
			    column->is_apart ? 2 : 1);
		latex_text(column->heading, text);
		put_marks(column->marks, "", text);
		mc_buf_puts(text, column->is_number ? "}" : "");
	}
}

/* The columns of tabular, a rule and the headings. */
static void
put_head(const struct mc_grid *g, const struct latex_part *part,
    struct mc_buf *text)
{
	size_t c, level;

	mc_buf_puts(text, "{@{}");
	for (c = latex_part_first(part); c < part->to; c = latex_part_next(part, c))
		mc_buf_puts(text, !g->columns[c].is_number ? "l" :
		    g->columns[c].is_apart ? "r@{ }r" : "r");
	mc_buf_puts(text, "@{}}\n\\toprule\n");
	for (level = 0; level < g->n_above; level++)
		put_above(g, part, level, text);
	put_headings(g, part, text);
	mc_buf_puts(text, " \\\\\n\\midrule\n");
}

/* --- Pages ---------------------------------------------------------------- */

static void
put_caption(const struct mc_grid *g, bool continued, struct mc_buf *text)
{
	if (g->caption != NULL) {
		mc_buf_puts(text, continued ?
		    "\\addtocounter{table}{-1}\\caption{" : "\\caption{");
		latex_text(g->caption, text);
		mc_buf_puts(text, continued ? " (continued)}\n" : "}\n");
	}
	if (g->label != NULL && !continued)
		mc_buf_printf(text, "\\label{%s}\n", g->label);
	mc_buf_puts(text, g->caption != NULL ? "\\medskip\n" : "");
}

static void
put_sentences(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i;

	mc_buf_puts(text, "\\par\\medskip\n\\parbox{\\linewidth}"
	    "{\\footnotesize \\raggedright\n");
	for (i = 0; i < g->n_sentences; i++) {
		put_marks(g->sentences[i].marks, "~", text);
		latex_text(g->sentences[i].text, text);
		mc_buf_puts(text, "\n");
	}
	mc_buf_puts(text, "\\par\n" MC_RESEARCH_USE "}\n");
}

static void
put_page(const struct mc_grid *g, const struct latex_part *p,
    const struct latex_widths *w, size_t from, size_t to, struct mc_buf *text)
{
	bool begins = from == 0 && p->from == p->keys;
	size_t i, c;

	mc_buf_printf(text, "\\begin{table}[%s]\n\\centering\n", p->turned ?
	    "p" : "htbp");
	mc_buf_puts(text, p->turned ? "\\rotatebox{90}{\\begin{minipage}"
	    "{0.98\\textheight}\n\\centering\n" : "");
	put_caption(g, !begins, text);
	mc_buf_puts(text, "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth"
	    "\\else\\width\\fi}{!}{%\n\\begin{tabular}");
	put_head(g, p, text);
	for (i = from; i < to; i++) {
		if (i > from && g->lines[i].above != MC_NO_RULE)
			mc_buf_puts(text, g->lines[i].above == MC_RULE ?
			    "\\midrule\n" : "\\addlinespace\n");
		for (c = latex_part_first(p); c < p->to; c = latex_part_next(p, c)) {
			mc_buf_puts(text, c > latex_part_first(p) ? " & " : "");
			latex_cell(&g->columns[c], &g->lines[i].cells[c], &w[c],
			    i == from, text);
		}
		mc_buf_puts(text, " \\\\\n");
	}
	mc_buf_puts(text, "\\bottomrule\n\\end{tabular}}\n");
	if (to == g->n_lines && p->to == g->n_columns)
		put_sentences(g, text);
	mc_buf_puts(text, p->turned ? "\\end{minipage}}\n" : "");
	mc_buf_puts(text, "\\end{table}\n");
}

static void
put_table(const struct mc_grid *g, struct mc_buf *text)
{
	struct latex_widths *w = mc_xcalloc(g->n_columns, sizeof(*w));
	struct latex_part p = { .to = 0 };
	size_t from, to, c;

	for (c = 0; c < g->n_columns; c++)
		w[c] = latex_measure(g, c);
	do {
		p = latex_part_plan(g, p.to);
		for (from = 0; from < g->n_lines; from = to) {
			to = latex_page_end(g, &p, from);
			put_page(g, &p, w, from, to, text);
		}
	} while (p.to < g->n_columns);
	free(w);
}

/* --- Documents ------------------------------------------------------------ */

static void
begin(bool is_page, const char *title, struct mc_buf *text)
{
	(void)title;
	if (is_page)
		mc_buf_puts(text, "\\documentclass[a4paper]{article}\n"
		    "\\usepackage[margin=20mm]{geometry}\n"
		    "\\usepackage{booktabs}\n\\usepackage{graphicx}\n"
		    "\\pagestyle{empty}\n\\begin{document}\n");
	else
		mc_buf_puts(text, "% " MC_RESEARCH_USE "  Needs "
		    "\\usepackage{booktabs} and \\usepackage{graphicx}.\n");
}

static void
end(bool is_page, struct mc_buf *text)
{
	mc_buf_puts(text, is_page ? "\\end{document}\n" : "");
}

const struct mc_format mc_format_latex = {
	.has_bold = true, .has_labels = true, .has_pages = true,
	.table = put_table, .begin = begin, .end = end
};
