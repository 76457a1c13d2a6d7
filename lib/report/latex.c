/*
 * latex.c - print a grid as a table of LaTeX.
 *
 * It needs the packages booktabs and graphicx, is shrunk to the line's width
 * where it is wider, turned where that would make it too small to read, and
 * divided where it has more than a page of lines or columns.  The
 * decimal points of estimates and of limits are aligned by the room of the digits
 * that a number lacks, since a column of siunitx holds no intervals and marks.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/format.h"

#define LINES_PER_PAGE 40

/* In points, for a line of 170 mm and a page of 257 mm, as of --standalone. */
#define LINE_WIDTH	483
#define PAGE_HEIGHT	716
#define MOST_SHRUNK	0.7	/* 10 points to 7 */
#define COLUMN_SEP	12

/* --- Text ----------------------------------------------------------------- */

/* One character and what prints it. */
struct sign {
	uint32_t code;
	const char *latex;
};

/* By rising code. */
static const struct sign signs[] = {
	{ '\t', " " }, { '\n', " " }, { '\r', " " },
	{ '#', "\\#" }, { '$', "\\$" }, { '%', "\\%" }, { '&', "\\&" },
	/* This and the bracket would be read as arguments of a line break. */
	{ '*', "{*}" },
	{ '<', "\\textless{}" }, { '>', "\\textgreater{}" },
	{ '[', "{[}" },
	{ '\\', "\\textbackslash{}" }, { '^', "\\textasciicircum{}" },
	{ '_', "\\_" }, { '`', "\\textasciigrave{}" }, { '{', "\\{" },
	{ '|', "\\textbar{}" }, { '}', "\\}" }, { '~', "\\textasciitilde{}" },
	{ 0xA0, "~" }, { 0xA7, "\\S{}" }, { 0xB0, "\\textdegree{}" },
	{ 0xB1, "\\ensuremath{\\pm}" }, { 0xB2, "\\textsuperscript{2}" },
	{ 0xB3, "\\textsuperscript{3}" }, { 0xB5, "\\ensuremath{\\mu}" },
	{ 0xB7, "\\ensuremath{\\cdot}" }, { 0xD7, "\\ensuremath{\\times}" },
	{ 0xF7, "\\ensuremath{\\div}" },
	{ 0x393, "\\ensuremath{\\Gamma}" }, { 0x394, "\\ensuremath{\\Delta}" },
	{ 0x398, "\\ensuremath{\\Theta}" }, { 0x39B, "\\ensuremath{\\Lambda}" },
	{ 0x3A0, "\\ensuremath{\\Pi}" }, { 0x3A3, "\\ensuremath{\\Sigma}" },
	{ 0x3A6, "\\ensuremath{\\Phi}" }, { 0x3A8, "\\ensuremath{\\Psi}" },
	{ 0x3A9, "\\ensuremath{\\Omega}" },
	{ 0x3B1, "\\ensuremath{\\alpha}" }, { 0x3B2, "\\ensuremath{\\beta}" },
	{ 0x3B3, "\\ensuremath{\\gamma}" }, { 0x3B4, "\\ensuremath{\\delta}" },
	{ 0x3B5, "\\ensuremath{\\varepsilon}" },
	{ 0x3B6, "\\ensuremath{\\zeta}" }, { 0x3B7, "\\ensuremath{\\eta}" },
	{ 0x3B8, "\\ensuremath{\\theta}" }, { 0x3B9, "\\ensuremath{\\iota}" },
	{ 0x3BA, "\\ensuremath{\\kappa}" }, { 0x3BB, "\\ensuremath{\\lambda}" },
	{ 0x3BC, "\\ensuremath{\\mu}" }, { 0x3BD, "\\ensuremath{\\nu}" },
	{ 0x3BE, "\\ensuremath{\\xi}" }, { 0x3BF, "o" },
	{ 0x3C0, "\\ensuremath{\\pi}" }, { 0x3C1, "\\ensuremath{\\rho}" },
	{ 0x3C2, "\\ensuremath{\\varsigma}" },
	{ 0x3C3, "\\ensuremath{\\sigma}" }, { 0x3C4, "\\ensuremath{\\tau}" },
	{ 0x3C5, "\\ensuremath{\\upsilon}" },
	{ 0x3C6, "\\ensuremath{\\varphi}" }, { 0x3C7, "\\ensuremath{\\chi}" },
	{ 0x3C8, "\\ensuremath{\\psi}" }, { 0x3C9, "\\ensuremath{\\omega}" },
	{ 0x2013, "--" }, { 0x2014, "---" }, { 0x2018, "`" }, { 0x2019, "'" },
	{ 0x201C, "``" }, { 0x201D, "''" }, { 0x2026, "\\ldots{}" },
	/* The isolates of base/bidi.h: LaTeX has no order but the text's. */
	{ 0x2068, "" }, { 0x2069, "" },
	{ 0x2192, "\\ensuremath{\\rightarrow}" },
	{ 0x2212, "$-$" }, { 0x2248, "\\ensuremath{\\approx}" },
	{ 0x2264, "\\ensuremath{\\leq}" }, { 0x2265, "\\ensuremath{\\geq}" },
};

/*
 * Letters that LaTeX's kernel composes in its default encoding (OT1): Latin-1
 * and Latin Extended-A without those that need a glyph of T1 (eth, thorn, the
 * ogoneks, barred and long letters).
 */
static const struct {
	uint32_t first, last;
} letters[] = {
	{ 0xC0, 0xCF }, { 0xD1, 0xD6 }, { 0xD8, 0xDD }, { 0xDF, 0xEF },
	{ 0xF1, 0xF6 }, { 0xF8, 0xFD }, { 0xFF, 0x103 }, { 0x106, 0x10F },
	{ 0x112, 0x117 }, { 0x11A, 0x125 }, { 0x128, 0x12D }, { 0x130, 0x131 },
	{ 0x134, 0x137 }, { 0x139, 0x13E }, { 0x141, 0x148 }, { 0x14C, 0x165 },
	{ 0x168, 0x171 }, { 0x174, 0x17E },
};

/* The character at *TEXT, which is valid UTF-8; moves *TEXT past it. */
static uint32_t
next_character(const char **text)
{
	const unsigned char *s = (const unsigned char *)*text;
	int more = s[0] >= 0xF0 ? 3 : s[0] >= 0xE0 ? 2 : s[0] >= 0xC0 ? 1 : 0;
	uint32_t code = more == 0 ? s[0] : s[0] & (0x3Fu >> more);
	int i;

	for (i = 1; i <= more && (s[i] & 0xC0) == 0x80; i++)
		code = code << 6 | (s[i] & 0x3F);
	*text += i;
	return code;
}

static const char *
find_sign(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (signs[i].code == code)
			return signs[i].latex;
	}
	return NULL;
}

static bool
is_letter(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		if (code >= letters[i].first && code <= letters[i].last)
			return true;
	}
	return false;
}

/*
 * Append TEXT so that pdflatex prints it as it is: special characters are
 * escaped, European letters, Greek and common signs are kept, straight double
 * quotes become curved ones, and a character that pdflatex's own fonts lack is
 * shown as [U+4E2D], never an error.
 */
static void
put_text(const char *s, struct mc_buf *text)
{
	uint32_t before = ' ';

	while (*s != '\0') {
		const char *start = s;
		uint32_t code = next_character(&s);
		const char *sign = find_sign(code);

		if (sign != NULL)
			mc_buf_puts(text, sign);
		else if (code == '"')
			mc_buf_puts(text, before == ' ' || before == '(' ?
			    "``" : "''");
		else if (code == '-' && before == '-')
			mc_buf_puts(text, "{}-");	/* no ligature */
		else if ((code >= ' ' && code < 0x7F) || is_letter(code))
			mc_buf_add(text, start, (size_t)(s - start));
		else
			mc_buf_printf(text, "{[}U+%04X]", (unsigned)code);
		before = code;
	}
}

/* Append a number. */
static void
put_number(const char *s, struct mc_buf *text)
{
	while (*s != '\0') {
		const char *start = s;
		uint32_t code = next_character(&s);

		if (code == '<')
			mc_buf_puts(text, "$<$");
		else if (code >= 0x7F && find_sign(code) != NULL)
			mc_buf_puts(text, find_sign(code));
		else
			mc_buf_add(text, start, (size_t)(s - start));
	}
}

/* --- Alignment ------------------------------------------------------------ */

/* The digits of a number before and behind its point, and its sign. */
struct shape {
	size_t whole, decimals;
	bool minus;
};

/* The widest numbers of a column, to which others are padded. */
struct widths {
	struct shape text, lower, upper;
	bool bold;		/* some number is bold */
};

/* The shape of S; all 0 where it is no number: a count and a share, a dash. */
static struct shape
shape_of(const char *s)
{
	static const char digits[] = "0123456789";
	struct shape x = { 0, 0, false };

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
	return *s == '\0' && x.whole > 0 ? x : (struct shape){ 0, 0, false };
}

static void
widen(struct shape *most, const char *s)
{
	struct shape x = shape_of(s);

	most->whole = x.whole > most->whole ? x.whole : most->whole;
	most->decimals = x.decimals > most->decimals ? x.decimals :
	    most->decimals;
	most->minus = most->minus || x.minus;
}

static struct widths
measure(const struct mc_grid *g, size_t column)
{
	struct widths w = { .bold = false };
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
pad_left(const char *s, const struct shape *most, struct mc_buf *text)
{
	struct shape x = shape_of(s);

	if (x.whole == 0 || (x.whole >= most->whole && x.minus >= most->minus))
		return;
	mc_buf_puts(text, "\\hphantom{");
	mc_buf_puts(text, most->minus && !x.minus ? "$-$" : "");
	put_zeros(most->whole - x.whole, text);
	mc_buf_puts(text, "}");
}

/* Append the room by which MOST ends behind the number S. */
static void
pad_right(const char *s, const struct shape *most, struct mc_buf *text)
{
	struct shape x = shape_of(s);

	if (x.whole == 0 || x.decimals >= most->decimals)
		return;
	mc_buf_puts(text, "\\hphantom{");
	mc_buf_puts(text, x.decimals == 0 ? "." : "");
	put_zeros(most->decimals - x.decimals, text);
	mc_buf_puts(text, "}");
}

static void
put_widest(const struct shape *most, struct mc_buf *text)
{
	mc_buf_puts(text, most->minus ? "$-$" : "");
	put_zeros(most->whole, text);
	mc_buf_puts(text, most->decimals > 0 ? "." : "");
	put_zeros(most->decimals, text);
}

/* Append the room of an interval, behind a number without one and its marks. */
static void
pad_interval(const struct widths *w, struct mc_buf *text)
{
	mc_buf_puts(text, " \\hphantom{[");
	put_widest(&w->lower, text);
	mc_buf_puts(text, ", ");
	put_widest(&w->upper, text);
	mc_buf_puts(text, "]}");
}

/* Append the interval of CELL, whose brackets are no arguments. */
static void
put_interval(const struct mc_grid_cell *cell, const struct widths *w,
    struct mc_buf *text)
{
	pad_left(cell->lower, &w->lower, text);
	mc_buf_puts(text, "[");
	put_number(cell->lower, text);
	mc_buf_puts(text, ",");
	pad_right(cell->lower, &w->lower, text);
	mc_buf_puts(text, " ");
	pad_left(cell->upper, &w->upper, text);
	put_number(cell->upper, text);
	mc_buf_puts(text, "]");
	pad_right(cell->upper, &w->upper, text);
}

static void
put_marks(const char *marks, const char *after, struct mc_buf *text)
{
	if (marks != NULL)
		mc_buf_printf(text, "\\textsuperscript{%s}%s", marks, after);
}

/* --- Lines ---------------------------------------------------------------- */

/* Columns that are printed together: the first, which say what a line is, and
   some of the others. */
struct part {
	size_t keys;		/* how many the first are */
	size_t from, to;	/* the others */
	bool turned;
	size_t lines;		/* of a page */
};

/* The column of PART behind C; TO where it is the last. */
static size_t
next_column(const struct part *part, size_t c)
{
	return c + 1 == part->keys ? part->from : c + 1;
}

static size_t
first_column(const struct part *part)
{
	return part->keys > 0 ? 0 : part->from;
}

/* How many columns of tabular those of PART before column END are. */
static size_t
count_columns(const struct mc_grid *g, const struct part *part, size_t end)
{
	size_t n = 0, c;

	for (c = first_column(part); c < end; c = next_column(part, c))
		n += 1 + g->columns[c].is_apart;
	return n;
}

/* Append line LEVEL of the headings above, and rules below its groups. */
static void
put_above(const struct mc_grid *g, const struct part *part, size_t level,
    struct mc_buf *text)
{
	struct mc_buf rules = { 0 };
	size_t c, end;

	for (c = first_column(part); c < part->to;
	    c = end == part->keys ? part->from : end) {
		size_t first = count_columns(g, part, c) + 1, last;

		end = mc_grid_group_end(g, level, c);
		end = end < part->to ? end : part->to;
		last = count_columns(g, part, end);
		mc_buf_puts(text, first > 1 ? " & " : "");
		if (g->columns[c].above == NULL)
			continue;
		mc_buf_printf(text, "\\multicolumn{%zu}{c}{", last - first + 1);
		put_text(g->columns[c].above[level], text);
		mc_buf_puts(text, "}");
		mc_buf_printf(&rules, "\\cmidrule(lr){%zu-%zu}", first, last);
	}
	mc_buf_printf(text, " \\\\\n%s\n", rules.data);
	mc_buf_free(&rules);
}

/* Append the headings of the columns. */
static void
put_headings(const struct mc_grid *g, const struct part *part,
    struct mc_buf *text)
{
	size_t c;

	for (c = first_column(part); c < part->to; c = next_column(part, c)) {
		const struct mc_grid_column *column = &g->columns[c];

		mc_buf_puts(text, c > first_column(part) ? " & " : "");
		if (column->is_number)
			mc_buf_printf(text, "\\multicolumn{%d}{c}{",
			    column->is_apart ? 2 : 1);
		put_text(column->heading, text);
		put_marks(column->marks, "", text);
		mc_buf_puts(text, column->is_number ? "}" : "");
	}
}

/* The columns of tabular, a rule and the headings. */
static void
put_head(const struct mc_grid *g, const struct part *part,
    struct mc_buf *text)
{
	size_t c, level;

	mc_buf_puts(text, "{@{}");
	for (c = first_column(part); c < part->to; c = next_column(part, c))
		mc_buf_puts(text, !g->columns[c].is_number ? "l" :
		    g->columns[c].is_apart ? "r@{ }r" : "r");
	mc_buf_puts(text, "@{}}\n\\toprule\n");
	for (level = 0; level < g->n_above; level++)
		put_above(g, part, level, text);
	put_headings(g, part, text);
	mc_buf_puts(text, " \\\\\n\\midrule\n");
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
put_estimate(const char *s, bool bold, const struct widths *w,
    struct mc_buf *text)
{
	struct shape x = shape_of(s);
	size_t whole = strlen(s) - x.decimals - 1;

	if (bold) {
		mc_buf_puts(text, "\\textbf{");
		put_number(s, text);
		mc_buf_puts(text, "}");
	} else if (w->bold && x.decimals > 0) {
		char *before = mc_xstrndup(s, whole);

		put_number(before, text);
		mc_buf_printf(text, "\\rlap{%s}\\hphantom{\\textbf{%s}}",
		    s + whole, s + whole);
		free(before);
	} else
		put_number(s, text);
}

/* The first line of a page says also what the line above has said. */
static void
put_cell(const struct mc_grid_column *column, const struct mc_grid_cell *cell,
    const struct widths *w, bool page_begins, struct mc_buf *text)
{
	const char *s = cell->text != NULL ? cell->text : "";

	if (!column->is_number) {
		put_text(cell->repeats && !page_begins ? "" : s, text);
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
		put_number(MC_MISSING, text);
	put_number_marks(cell->marks, text);
	if (cell->lower == NULL && column->has_intervals && !column->is_apart)
		pad_interval(w, text);
	pad_marks(column->widest, text);
}

/* --- Widths --------------------------------------------------------------- */

/* About how wide S is in 10-point Computer Modern, in points. */
static double
width_of(const char *s)
{
	double sum = 0;

	for (; s != NULL && *s != '\0'; s++) {
		if (strchr(" .,:;'|!()[]-/ijlt", *s) != NULL)
			sum += 3;
		else if (((unsigned char)*s & 0xC0) != 0x80)
			sum += strchr("mwMW%", *s) != NULL ? 8 :
			    *s >= 'A' && *s <= 'Z' ? 7 : 5;
	}
	return sum;
}

static double
width_of_cell(const struct mc_grid_cell *cell)
{
	double sum = width_of(cell->text) + width_of(cell->marks) * 0.7;

	if (cell->lower != NULL)
		sum += width_of(cell->lower) + width_of(cell->upper) +
		    width_of(" [, ]");
	return sum;
}

/* About how wide column C is, with the room before it, in points. */
static double
width_of_column(const struct mc_grid *g, size_t c)
{
	double most = width_of(g->columns[c].heading);
	size_t i;

	for (i = 0; i < g->n_lines; i++) {
		double own = width_of_cell(&g->lines[i].cells[c]);

		most = own > most ? own : most;
	}
	return most + COLUMN_SEP;
}

static double
width_of_columns(const struct mc_grid *g, size_t from, size_t to)
{
	double sum = 0;

	for (; from < to; from++)
		sum += width_of_column(g, from);
	return sum;
}

/* --- Parts ---------------------------------------------------------------- */

/* The end of as many groups of line LEVEL, or columns where it is the last, as
   have ROOM from column FROM on; FROM where not even one has. */
static size_t
groups_end(const struct mc_grid *g, size_t level, size_t from, double room)
{
	size_t end = from, next;

	for (; end < g->n_columns; end = next) {
		next = level < g->n_above ? mc_grid_group_end(g, level, end) :
		    end + 1;
		if (width_of_columns(g, from, next) > room)
			break;
	}
	return end;
}

/* Where the part ends that begins with column FROM: with a group of columns, the
   outermost that fits, and behind one column at least. */
static size_t
part_end(const struct mc_grid *g, size_t from, double room)
{
	size_t end = from, level;

	for (level = 0; level <= g->n_above && end == from; level++)
		end = groups_end(g, level, from, room);
	return end > from || end == g->n_columns ? end : from + 1;
}

/*
 * The part that begins with column FROM.  It is turned where its lines would else
 * be shrunk too much.  A page that is turned has room for fewer lines, but for
 * more where these are shrunk.
 */
static struct part
plan_part(const struct mc_grid *g, size_t from)
{
	struct part p = { .from = from, .lines = LINES_PER_PAGE };
	double keys, width;

	while (p.keys < g->n_columns && !g->columns[p.keys].is_number)
		p.keys++;
	p.from = from > p.keys ? from : p.keys;
	keys = width_of_columns(g, 0, p.keys);
	p.to = part_end(g, p.from, PAGE_HEIGHT / MOST_SHRUNK - keys);
	width = keys + width_of_columns(g, p.from, p.to);
	p.turned = width * MOST_SHRUNK > LINE_WIDTH;
	if (p.turned)
		p.lines = (size_t)(LINES_PER_PAGE * 0.65 *
		    (width > PAGE_HEIGHT ? width / PAGE_HEIGHT : 1));
	return p;
}

/* --- Pages ---------------------------------------------------------------- */

/*
 * Where the page ends that begins with line FROM: before the last rule or space
 * that fits, or full where there is none.
 */
static size_t
page_end(const struct mc_grid *g, const struct part *p, size_t from)
{
	size_t end = from + p->lines, i;

	if (end >= g->n_lines)
		return g->n_lines;
	for (i = end; i > from; i--) {
		if (g->lines[i].above != MC_NO_RULE)
			return i;
	}
	return end;
}

static void
put_caption(const struct mc_grid *g, bool continued, struct mc_buf *text)
{
	if (g->caption != NULL) {
		mc_buf_puts(text, continued ?
		    "\\addtocounter{table}{-1}\\caption{" : "\\caption{");
		put_text(g->caption, text);
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
		put_text(g->sentences[i].text, text);
		mc_buf_puts(text, "\n");
	}
	mc_buf_puts(text, "\\par\n" MC_RESEARCH_USE "}\n");
}

static void
put_page(const struct mc_grid *g, const struct part *p,
    const struct widths *w, size_t from, size_t to, struct mc_buf *text)
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
		for (c = first_column(p); c < p->to; c = next_column(p, c)) {
			mc_buf_puts(text, c > first_column(p) ? " & " : "");
			put_cell(&g->columns[c], &g->lines[i].cells[c], &w[c],
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
	struct widths *w = mc_xcalloc(g->n_columns, sizeof(*w));
	struct part p = { .to = 0 };
	size_t from, to, c;

	for (c = 0; c < g->n_columns; c++)
		w[c] = measure(g, c);
	do {
		p = plan_part(g, p.to);
		for (from = 0; from < g->n_lines; from = to) {
			to = page_end(g, &p, from);
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
