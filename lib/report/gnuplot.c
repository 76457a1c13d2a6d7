/* gnuplot.c - have gnuplot draw a script. */
#include "config.h"

#include <sys/wait.h>

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "report/child.h"
#include "report/glyphs.h"
#include "report/gnuplot.h"

#define MISSING "gnuplot: not found in $PATH: install it (Debian: apt " \
    "install gnuplot-nox), or give mc-plot --script and draw the figure where it is"

/* --- What became of it ---------------------------------------------------- */

/*
 * The line of gnuplot's complaint that says what is wrong: behind "line N: ",
 * below an echo of the command; else its first line.
 */
static char *
complaint(const struct mc_buf *said)
{
	const char *s = said->data, *line;

	for (line = s; line != NULL; line = strchr(line, '\n')) {
		line += strspn(line, "\n \t");
		if (strncmp(line, "line ", 5) == 0 &&
		    isdigit((unsigned char)line[5]) &&
		    strchr(line, ':') != NULL) {
			line = strchr(line, ':') + 1;
			s = line + strspn(line, " ");
			break;
		}
	}
	s += strspn(s, "\n \t");
	return mc_xstrndup(s, strcspn(s, "\n"));
}

/* What became of gnuplot, which has ended with the STATUS of waitpid. */
static enum mc_status
judge(int status, const struct mc_buf *figure, const struct mc_buf *said,
    struct mc_err *err)
{
	char *why;

	if (WIFSIGNALED(status))
		return mc_err_set(err, MC_EIO, "gnuplot: ended by signal %d "
		    "(%s): no figure was drawn", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == 127)
		return mc_err_set(err, MC_EIO, MISSING);
	if (WEXITSTATUS(status) == 0 && figure->len > 0)
		return MC_OK;
	why = complaint(said);
	mc_err_set(err, MC_EIO, "gnuplot: %s: mc-plot --script shows what it was told",
	    *why != '\0' ? why : WEXITSTATUS(status) != 0 ?
	    "failed without a word" : "drew nothing");
	free(why);
	return MC_EIO;
}

/* --- What it has written -------------------------------------------------- */

/* The first place of WORD within the first N bytes of B, or NULL. */
static char *
find(const struct mc_buf *b, const char *word)
{
	size_t n = strlen(word), i;

	for (i = 0; i + n <= b->len; i++) {
		if (memcmp(b->data + i, word, n) == 0)
			return b->data + i;
	}
	return NULL;
}

/* Replace the N bytes at AT by TEXT. */
static void
replace(struct mc_buf *b, size_t at, size_t n, const void *text, size_t len)
{
	struct mc_buf made = { 0 };

	mc_buf_add(&made, b->data, at);
	mc_buf_add(&made, text, len);
	mc_buf_add(&made, b->data + at + n, b->len - at - n);
	mc_buf_free(b);
	*b = made;
}

/*
 * gnuplot names a bold face font-family="Helvetica:Bold", which no browser knows:
 * say it as SVG does.  Where there is no such font, any without serifs will do.
 */
static void
name_fonts(struct mc_buf *svg)
{
	static const char before[] = "font-family=\"", bold[] = ":Bold";
	const char *s = svg->data, *at;
	struct mc_buf made = { 0 };
	size_t n;

	while ((at = strstr(s, before)) != NULL) {
		at += sizeof(before) - 1;
		mc_buf_add(&made, s, (size_t)(at - s));
		n = strcspn(at, ":\"");
		mc_buf_add(&made, at, n);
		mc_buf_puts(&made, ", sans-serif");
		if (strncmp(at + n, bold, sizeof(bold) - 1) == 0) {
			mc_buf_puts(&made, "\" font-weight=\"bold");
			n += sizeof(bold) - 1;
		}
		s = at + n;
	}
	mc_buf_puts(&made, s);
	mc_buf_free(svg);
	*svg = made;
}

/* width="244" height="250" are pixels; that many points are meant. */
static void
finish_svg(struct mc_buf *svg)
{
	static const char *const names[] = { " width=\"", " height=\"" };
	size_t i;

	for (i = 0; i < 2; i++) {
		char *at = find(svg, names[i]);

		if (at == NULL)
			continue;
		at += strlen(names[i]);
		at += strspn(at, "0123456789.");
		if (*at == '"')
			replace(svg, (size_t)(at - svg->data), 0, "pt", 2);
	}
	name_fonts(svg);
}

/* The digits of (D:20261127085446Z). */
static void
finish_pdf(struct mc_buf *pdf)
{
	static const char date[] = "20000101000000";
	static const char name[] = "/CreationDate (D:";
	char *at = find(pdf, name);
	size_t n;

	if (at == NULL)
		return;
	at += sizeof(name) - 1;
	n = strspn(at, "0123456789");
	memcpy(at, date, n < sizeof(date) - 1 ? n : sizeof(date) - 1);
}

static void
put_32(unsigned char *to, unsigned long v)
{
	to[0] = (unsigned char)(v >> 24);
	to[1] = (unsigned char)(v >> 16);
	to[2] = (unsigned char)(v >> 8);
	to[3] = (unsigned char)v;
}

/* A chunk pHYs behind the signature and IHDR (PNG, section 11.3.5.3). */
static void
finish_png(struct mc_buf *png, int64_t dpi)
{
	unsigned char chunk[4 + 4 + 9 + 4] = { 0, 0, 0, 9, 'p', 'H', 'Y', 's' };
	const size_t at = 8 + 4 + 4 + 13 + 4;
	unsigned long metre = (unsigned long)lround((double)dpi / 0.0254);

	if (png->len < at || memcmp(png->data + 12, "IHDR", 4) != 0 ||
	    find(png, "pHYs") != NULL)
		return;
	put_32(chunk + 8, metre);
	put_32(chunk + 12, metre);
	chunk[16] = 1;		/* per metre */
	put_32(chunk + 17, crc32(crc32(0, NULL, 0), chunk + 4, 13));
	replace(png, at, 0, chunk, sizeof(chunk));
}

/* Drop the form feed with which gnuplot begins a page of text. */
static void
finish_text(struct mc_buf *text)
{
	if (text->len > 0 && *text->data == '\f')
		replace(text, 0, 1, NULL, 0);
}

/* --- All of it ------------------------------------------------------------ */

enum mc_status
mc_gnuplot_run(const struct mc_buf *script, enum mc_plot_format format,
    int64_t dpi, struct mc_buf *figure, struct mc_buf *remarks,
    struct mc_err *err)
{
	char program[] = "gnuplot", defaults[] = "-d";
	char *const argv[] = { program, defaults, NULL };
	enum mc_status status = MC_OK;
	int ended;

	if (format == MC_PLOT_PNG || format == MC_PLOT_PDF)
		status = mc_glyphs_check(script, err);
	if (status == MC_OK)
		status = mc_child_run(argv, script, figure, remarks, &ended,
		    err);
	if (status == MC_OK)
		status = judge(ended, figure, remarks, err);
	if (status != MC_OK)
		return status;
	if (format == MC_PLOT_SVG)
		finish_svg(figure);
	else if (format == MC_PLOT_PDF)
		finish_pdf(figure);
	else if (format == MC_PLOT_PNG)
		finish_png(figure, dpi);
	else
		finish_text(figure);
	return MC_OK;
}
