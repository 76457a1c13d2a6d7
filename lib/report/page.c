/* page.c - write a report as one page of HTML: texts, and the whole. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/bidi.h"
#include "base/num.h"
#include "report/format.h"
#include "report/markup.h"
#include "report/page_internal.h"

struct mc_page *
mc_page_alloc(const char *title)
{
	struct mc_page *p = mc_xcalloc(1, sizeof(*p));

	p->title = mc_xstrdup(title);
	return p;
}

void
mc_page_free(struct mc_page *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->n_files; i++) {
		free(p->files[i].name);
		free(p->files[i].what);
		mc_buf_free(&p->files[i].base64);
	}
	free(p->files);
	free(p->title);
	mc_buf_free(&p->contents);
	mc_buf_free(&p->body);
	free(p);
}

struct mc_buf *
mc_page_body(struct mc_page *p)
{
	return &p->body;
}

/* --- Sections and paragraphs ----------------------------------------------- */

void
page_put_element(struct mc_page *p, const char *tag, const char *text)
{
	mc_buf_printf(&p->body, "<%s>", tag);
	mc_markup_text(text, &p->body);
	mc_buf_printf(&p->body, "</%s>\n", tag);
}

void
mc_page_section(struct mc_page *p, const char *id, const char *heading)
{
	mc_buf_printf(&p->contents, "<li><a href=\"#%s\">", id);
	mc_markup_text(heading, &p->contents);
	mc_buf_puts(&p->contents, "</a></li>\n");
	mc_buf_puts(&p->body, p->in_section ? "</section>\n" : "");
	mc_buf_printf(&p->body, "<section aria-labelledby=\"%s\">\n"
	    "<h2 id=\"%s\">", id, id);
	mc_markup_text(heading, &p->body);
	mc_buf_puts(&p->body, "</h2>\n");
	p->in_section = true;
}

void
mc_page_part(struct mc_page *p, const char *id, const char *heading)
{
	mc_buf_printf(&p->body, "<h3 id=\"%s\">", id);
	mc_markup_text(heading, &p->body);
	mc_buf_puts(&p->body, "</h3>\n");
}

void
mc_page_say(struct mc_page *p, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mc_xvasprintf(fmt, ap);
	va_end(ap);
	page_put_element(p, "p", text);
	free(text);
}

/* The length of the first line of S, with its newline. */
static size_t
line_length(const char *s)
{
	size_t n = strcspn(s, "\n");

	return s[n] == '\n' ? n + 1 : n;
}

static bool
is_blank(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && isspace((unsigned char)s[i]); i++)
		;
	return i == n;
}

void
mc_page_text(struct mc_page *p, const char *text)
{
	while (*text != '\0') {
		size_t n = 0, next = line_length(text);
		char *paragraph;

		while (next > 0 && !is_blank(text + n, next)) {
			n += next;
			next = line_length(text + n);
		}
		if (n > 0) {
			paragraph = mc_xstrndup(text, n -
			    (text[n - 1] == '\n'));
			page_put_element(p, "p", paragraph);
			free(paragraph);
		}
		text += n + next;
	}
}

/* Append LINE with its TABs, and without the carriage return at its end. */
static void
put_code_line(const char *line, size_t n, struct mc_buf *text)
{
	char *own = mc_xstrndup(line, n - (n > 0 && line[n - 1] == '\r'));
	char *plain = mc_bidi_plain(own), **fields;
	size_t n_fields = mc_split_at(plain, '\t', &fields), i;

	for (i = 0; i < n_fields; i++) {
		mc_buf_puts(text, i > 0 ? "\t" : "");
		mc_markup_text(fields[i], text);
	}
	mc_buf_puts(text, "\n");
	free(fields);
	free(plain);
	free(own);
}

void
mc_page_code(struct mc_page *p, const char *text)
{
	mc_buf_puts(&p->body, "<pre><code>");
	while (*text != '\0') {
		size_t n = line_length(text);

		put_code_line(text, n - (text[n - 1] == '\n'), &p->body);
		text += n;
	}
	mc_buf_puts(&p->body, "</code></pre>\n");
}

void
mc_page_fold_begin(struct mc_page *p, const char *summary)
{
	mc_buf_puts(&p->body, "<details>\n");
	page_put_element(p, "summary", summary);
}

void
mc_page_fold_end(struct mc_page *p)
{
	mc_buf_puts(&p->body, "</details>\n");
}

void
mc_page_list(struct mc_page *p, const char *const *items, size_t n)
{
	size_t i;

	mc_buf_puts(&p->body, "<ul>\n");
	for (i = 0; i < n; i++)
		page_put_element(p, "li", items[i]);
	mc_buf_puts(&p->body, "</ul>\n");
}

void
mc_page_facts_begin(struct mc_page *p)
{
	mc_buf_puts(&p->body, "<dl>\n");
}

void
mc_page_fact(struct mc_page *p, const char *name, const char *value)
{
	page_put_element(p, "dt", name);
	page_put_element(p, "dd", value);
}

void
mc_page_facts_end(struct mc_page *p)
{
	mc_buf_puts(&p->body, "</dl>\n");
}

/* --- The page ---------------------------------------------------------------- */

static void
join(const char *const *lines, struct mc_buf *text)
{
	mc_buf_puts(text, "\n");
	for (; *lines != NULL; lines++)
		mc_buf_printf(text, "%s\n", *lines);
}

/* Append the source 'sha256-...' that lets TEXT pass the policy. */
static void
put_source(const struct mc_buf *text, struct mc_buf *to)
{
	unsigned char digest[MC_SHA256_HEX / 2];
	char hex[MC_SHA256_HEX];
	unsigned byte;
	size_t i;

	mc_sha256_bytes(text->data, text->len, hex);
	for (i = 0; i < sizeof(digest); i++) {
		sscanf(hex + 2 * i, "%2x", &byte);
		digest[i] = (unsigned char)byte;
	}
	mc_buf_puts(to, "'sha256-");
	mc_base64(digest, sizeof(digest), to);
	mc_buf_puts(to, "'");
}

static void
put_document_head(const char *title, const struct mc_buf *style,
    const struct mc_buf *script, struct mc_buf *text)
{
	mc_buf_puts(text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; img-src data:; style-src ");
	put_source(style, text);
	mc_buf_puts(text, "; script-src ");
	put_source(script, text);
	mc_buf_puts(text, "; base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n<title>");
	mc_markup_value(title, text);
	mc_buf_printf(text, "</title>\n<style>%s</style>\n</head>\n",
	    style->data);
}

void
mc_page_write(struct mc_page *p, const char *foot, struct mc_buf *text)
{
	struct mc_buf style = { 0 }, script = { 0 };

	join(mc_page_style, &style);
	join(mc_page_script, &script);
	put_document_head(p->title, &style, &script, text);
	mc_buf_puts(text, "<body>\n<a class=\"skip\" href=\"#content\">"
	    "Skip to the content</a>\n<header>\n<h1>");
	mc_markup_text(p->title, text);
	mc_buf_puts(text, "</h1>\n<p class=\"quiet\">" MC_RESEARCH_USE "</p>\n"
	    "</header>\n<nav aria-label=\"Sections\">\n<ol>\n");
	mc_buf_add(text, p->contents.data, p->contents.len);
	mc_buf_puts(text, "</ol>\n</nav>\n<main id=\"content\" "
	    "tabindex=\"-1\">\n");
	mc_buf_add(text, p->body.data, p->body.len);
	mc_buf_puts(text, p->in_section ? "</section>\n" : "");
	mc_buf_puts(text, "</main>\n");
	if (foot != NULL) {
		mc_buf_puts(text, "<footer>\n<p>");
		mc_markup_text(foot, text);
		mc_buf_puts(text, "</p>\n</footer>\n");
	}
	mc_buf_printf(text, "<script>%s</script>\n</body>\n</html>\n",
	    script.data);
	mc_buf_free(&style);
	mc_buf_free(&script);
}
