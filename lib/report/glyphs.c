/* glyphs.c - look whether a font is installed that has a character. */
#include "config.h"

#include <sys/wait.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "report/child.h"
#include "report/glyphs.h"
#include "report/typeset.h"

/* A character: its code, and where it stands in the text. */
struct character {
	unsigned code;
	const char *at;
	size_t n;
};

static int
compare_codes(const void *va, const void *vb)
{
	const struct character *a = va, *b = vb;

	return (a->code > b->code) - (a->code < b->code);
}

/* The characters of TEXT that are not ASCII, each once; returns their number. */
static size_t
find_characters(const struct mc_buf *text, struct character **characters)
{
	struct character *found = NULL;
	size_t n = 0, cap = 0, at, length, i, kept = 0;

	for (at = 0; at < text->len; at += length) {
		const char *s = text->data + at;

		length = mc_printable(s);
		length = length > 0 ? length : 1;
		if ((unsigned char)*s < 0x80 || mc_printable(s) == 0 ||
		    mc_text_is_unseen(mc_text_code(s)))
			continue;
		found = mc_xgrow(found, n, &cap, sizeof(*found));
		found[n++] = (struct character){ mc_text_code(s), s, length };
	}
	if (n > 0)
		qsort(found, n, sizeof(*found), compare_codes);
	for (i = 0; i < n; i++) {
		if (kept == 0 || found[kept - 1].code != found[i].code)
			found[kept++] = found[i];
	}
	*characters = found;
	return kept;
}

/* Set *HAS to whether a font has all N characters at C; true also where there is
   no fc-list, or it fails. */
static enum mc_status
ask(const struct character *c, size_t n, bool *has, struct mc_err *err)
{
	char program[] = "fc-list", what[] = "family";
	struct mc_buf pattern = { 0 }, fonts = { 0 }, said = { 0 };
	const struct mc_buf nothing = { 0 };
	char *argv[] = { program, NULL, what, NULL };
	enum mc_status status;
	int ended;
	size_t i;

	mc_buf_puts(&pattern, ":charset=");
	for (i = 0; i < n; i++)
		mc_buf_printf(&pattern, "%s%x", i > 0 ? " " : "", c[i].code);
	argv[1] = pattern.data;
	status = mc_child_run(argv, &nothing, &fonts, &said, &ended, err);
	*has = status != MC_OK || !WIFEXITED(ended) ||
	    WEXITSTATUS(ended) != 0 || fonts.len > 0;
	mc_buf_free(&pattern);
	mc_buf_free(&fonts);
	mc_buf_free(&said);
	return status;
}

enum mc_status
mc_glyphs_check(const struct mc_buf *text, struct mc_err *err)
{
	struct character *c;
	size_t n = find_characters(text, &c), i;
	enum mc_status status = MC_OK;
	bool has = true;

	/* Most often one font has them all. */
	if (n > 0)
		status = ask(c, n, &has, err);
	for (i = 0; i < n && status == MC_OK && !has; i++) {
		status = ask(&c[i], 1, &has, err);
		if (status == MC_OK && !has)
			status = mc_err_set(err, MC_EDATA, "no font is "
			    "installed that has \"%.*s\" (U+%04X), and gnuplot "
			    "would spoil the figure: install one (fc-list "
			    "\":charset=%x\" lists them), give another name "
			    "with --names, or draw SVG", (int)c[i].n, c[i].at,
			    c[i].code, c[i].code);
		has = false;
	}
	free(c);
	return status;
}
