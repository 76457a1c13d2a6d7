/* typeset.c - measure texts, break them into lines, quote them for gnuplot. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "report/typeset.h"

/* DejaVu Sans to Helvetica, of running text. */
#define WIDER		1.125

/* Of ASCII from the blank on, in thousandths of an em: Helvetica's AFM file. */
static const short widths[] = {
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,
	278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278,
	584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
	500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
	667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556,
	278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
	278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584
};

/* The code of the character of N bytes at S, which is UTF-8. */
static unsigned
code_at(const char *s, size_t n)
{
	static const unsigned char first[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	unsigned code = (unsigned char)*s & first[n];
	size_t i;

	for (i = 1; i < n; i++)
		code = code << 6 | ((unsigned char)s[i] & 0x3F);
	return code;
}

/* How many columns a terminal gives to CODE. */
static size_t
columns_of(unsigned code)
{
	if ((code >= 0x300 && code < 0x370) ||	/* combining marks */
	    mc_text_is_unseen(code))
		return 0;
	return (code >= 0x1100 && code < 0x1160) ||
	    (code >= 0x2E80 && code < 0xD7A4) ||
	    (code >= 0xF900 && code < 0xFB00) ||
	    (code >= 0xFE30 && code < 0xFE70) ||
	    (code >= 0xFF00 && code < 0xFF61) || code >= 0x1F300 ? 2 : 1;
}

/* The next character of *S, whose place *S leaves; a blank for a bad byte. */
static unsigned
next_code(const char **s)
{
	size_t n = mc_printable(*s);
	unsigned code = n == 0 ? ' ' : code_at(*s, n);

	*s += n == 0 ? 1 : n;
	return code;
}

bool
mc_text_is_unseen(unsigned code)
{
	return (code >= 0x200B && code < 0x2010) ||
	    (code >= 0x202A && code < 0x202F) ||
	    (code >= 0x2060 && code < 0x2070);
}

unsigned
mc_text_code(const char *text)
{
	return next_code(&text);
}

double
mc_text_ems(const char *text)
{
	double sum = 0;

	while (*text != '\0') {
		unsigned code = next_code(&text);

		if (code >= ' ' && code - ' ' < sizeof(widths) /
		    sizeof(*widths))
			sum += widths[code - ' '];
		else
			sum += 600 * (double)columns_of(code);
	}
	return sum / 1000 * WIDER;
}

size_t
mc_text_columns(const char *text)
{
	size_t n = 0;

	while (*text != '\0')
		n += columns_of(next_code(&text));
	return n;
}

char *
mc_text_seen(const char *text)
{
	struct mc_buf seen = { 0 };

	mc_buf_puts(&seen, "");
	while (*text != '\0') {
		const char *next = text;

		if (!mc_text_is_unseen(next_code(&next)))
			mc_buf_add(&seen, text, (size_t)(next - text));
		text = next;
	}
	return seen.data;
}

void
mc_text_quote(const char *text, struct mc_buf *script)
{
	/* gnuplot takes two at the beginning for an empty string. */
	for (; *text == '\''; text++)
		mc_buf_puts(script, "\"'\".");
	mc_buf_puts(script, "'");
	while (*text != '\0') {
		size_t n = mc_printable(text);

		if (n == 0)
			mc_buf_puts(script, " ");
		else if (*text == '\'')
			mc_buf_puts(script, "''");
		else
			mc_buf_add(script, text, n);
		text += n == 0 ? 1 : n;
	}
	mc_buf_puts(script, "'");
}

/* Whether the first N bytes of TEXT fit. */
static int
fits(const char *text, size_t n, double width,
    double (*measure)(const char *text, void *arg), void *arg)
{
	char *line = mc_xstrndup(text, n);
	int fit = measure(line, arg) <= width;

	free(line);
	return fit;
}

size_t
mc_text_break(const char *text, double width,
    double (*measure)(const char *text, void *arg), void *arg)
{
	size_t n = 0, next, step, joint = 0;

	/* Word by word. */
	for (;;) {
		next = n + strspn(text + n, " ");
		next += strcspn(text + next, " ");
		if (!fits(text, next, width, measure, arg))
			break;
		n = next;
		if (text[n] == '\0')
			return n;
	}
	if (n > 0)
		return n;
	/* Within the first one. */
	for (;;) {
		step = mc_printable(text + n);
		step = step == 0 ? 1 : step;
		if (n > 0 && !fits(text, n + step, width, measure, arg))
			return joint > 0 ? joint : n;
		if (strchr("_-/.,:;+=)", text[n]) != NULL)
			joint = n + step;
		n += step;
		if (text[n] == '\0')
			return n;
	}
}
