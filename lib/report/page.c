/* page.c - a LaTeX document, and tables that are divided into pages. */
#include "config.h"

#include "report/latex.h"
#include "report/page.h"

#define LINES_PER_PAGE 40

/*
 * Where the page ends that begins with line FROM: before the last part that
 * would not fit, or full where a part is longer than a page.
 */
static size_t
page_end(const struct mc_page_table *t, size_t from)
{
	size_t end = from + LINES_PER_PAGE, i;

	if (end >= t->n_lines)
		return t->n_lines;
	for (i = end; i > from; i--) {
		if (t->begins(t->table, i))
			return i;
	}
	return end;
}

static void
write_caption(const struct mc_table_style *style, bool continued,
    struct mc_buf *text)
{
	if (style->caption != NULL) {
		mc_buf_puts(text, continued ?
		    "\\addtocounter{table}{-1}\\caption{" : "\\caption{");
		mc_latex_escape(text, style->caption);
		mc_buf_puts(text, continued ? " (continued)}\n" : "}\n");
	}
	if (style->label != NULL && !continued)
		mc_buf_printf(text, "\\label{%s}\n", style->label);
	mc_buf_puts(text, style->caption != NULL ? "\\medskip\n" : "");
}

static void
write_page(const struct mc_page_table *t, const struct mc_table_style *style,
    size_t from, size_t to, struct mc_buf *text)
{
	size_t i;

	mc_buf_puts(text, "\\begin{table}[htbp]\n\\centering\n");
	write_caption(style, from > 0, text);
	mc_buf_puts(text, "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth"
	    "\\else\\width\\fi}{!}{%\n\\begin{tabular}");
	t->header(t->table, text);
	mc_buf_puts(text, "\\midrule\n");
	for (i = from; i < to; i++)
		t->line(t->table, i, i == from, text);
	mc_buf_puts(text, "\\bottomrule\n\\end{tabular}}\n");
	if (to == t->n_lines) {
		mc_buf_puts(text, "\\par\\medskip\n\\parbox{\\linewidth}"
		    "{\\footnotesize \\raggedright\n");
		t->below(t->table, text);
		mc_buf_puts(text, "\\par\nFor research use only.}\n");
	}
	mc_buf_puts(text, "\\end{table}\n");
}

void
mc_page_table(const struct mc_page_table *t,
    const struct mc_table_style *style, struct mc_buf *text)
{
	size_t from, to;

	for (from = 0; from < t->n_lines; from = to) {
		to = page_end(t, from);
		write_page(t, style, from, to, text);
	}
}

void
mc_page_begin(bool standalone, struct mc_buf *text)
{
	if (standalone)
		mc_buf_puts(text, "\\documentclass[a4paper]{article}\n"
		    "\\usepackage[margin=20mm]{geometry}\n"
		    "\\usepackage{booktabs}\n\\usepackage{graphicx}\n"
		    "\\pagestyle{empty}\n\\begin{document}\n");
	else
		mc_buf_puts(text, "% For research use only.  Needs "
		    "\\usepackage{booktabs} and \\usepackage{graphicx}.\n");
}

void
mc_page_end(bool standalone, struct mc_buf *text)
{
	if (standalone)
		mc_buf_puts(text, "\\end{document}\n");
}
