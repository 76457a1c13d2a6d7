/* latex_text.c - print text and numbers as LaTeX. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>

#include "report/latex_text.h"

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

void
latex_text(const char *s, struct mc_buf *text)
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

void
latex_number(const char *s, struct mc_buf *text)
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
