/* page.c - write a report as one page of HTML. */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/bidi.h"
#include "base/hash.h"
#include "base/num.h"
#include "report/format.h"
#include "report/markup.h"
#include "report/page.h"

struct file {
	char *name, *what;
	char sha256[MC_SHA256_HEX];
	size_t n;
	struct mc_buf base64;
};

struct mc_page {
	char *title;
	struct mc_buf contents;	/* items of the list of sections */
	struct mc_buf body;
	bool in_section;
	struct file *files;
	size_t n_files, files_cap;
};

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

/* Append <TAG>TEXT</TAG> to the body. */
static void
put_element(struct mc_page *p, const char *tag, const char *text)
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
	put_element(p, "p", text);
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
			put_element(p, "p", paragraph);
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
mc_page_list(struct mc_page *p, const char *const *items, size_t n)
{
	size_t i;

	mc_buf_puts(&p->body, "<ul>\n");
	for (i = 0; i < n; i++)
		put_element(p, "li", items[i]);
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
	put_element(p, "dt", name);
	put_element(p, "dd", value);
}

void
mc_page_facts_end(struct mc_page *p)
{
	mc_buf_puts(&p->body, "</dl>\n");
}

/* --- Tables ---------------------------------------------------------------- */

static void
put_head(const struct mc_grid *g, struct mc_buf *text)
{
	size_t c;

	mc_buf_puts(text, "<thead>\n<tr>\n");
	for (c = 0; c < g->n_columns; c++) {
		mc_buf_puts(text, g->columns[c].is_number ?
		    "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">");
		mc_markup_text(g->columns[c].heading, text);
		mc_markup_marks(g->columns[c].marks, "", text);
		mc_buf_puts(text, "</th>\n");
	}
	mc_buf_puts(text, "</tr>\n</thead>\n");
}

#define LONG	40	/* bytes; a longer text may be broken into lines */

static void
put_cell(const struct mc_grid_column *column, const struct mc_grid_cell *cell,
    struct mc_buf *text)
{
	mc_buf_puts(text, column->is_number ? "<td class=\"num\">" :
	    cell->text != NULL && strlen(cell->text) > LONG ?
	    "<th scope=\"row\" class=\"words\">" : "<th scope=\"row\">");
	mc_buf_puts(text, cell->bold ? "<b>" : "");
	if (cell->text != NULL)
		mc_markup_text(cell->text, text);
	mc_buf_puts(text, cell->bold ? "</b>" : "");
	if (cell->lower != NULL)
		mc_buf_printf(text, " <span>[%s, %s]</span>", cell->lower,
		    cell->upper);
	mc_markup_marks(cell->marks, "", text);
	mc_buf_puts(text, column->is_number ? "</td>\n" : "</th>\n");
}

/* Sorting needs one body, in which no cell spans others. */
static void
put_lines(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i, c;

	mc_buf_puts(text, "<tbody>\n");
	for (i = 0; i < g->n_lines; i++) {
		mc_buf_puts(text, i > 0 && g->lines[i].above != MC_NO_RULE ?
		    "<tr class=\"rule\">\n" : "<tr>\n");
		for (c = 0; c < g->n_columns; c++)
			put_cell(&g->columns[c], &g->lines[i].cells[c], text);
		mc_buf_puts(text, "</tr>\n");
	}
	mc_buf_puts(text, "</tbody>\n");
}

/* Below the box, so that they are read without scrolling it. */
static void
put_sentences(const struct mc_grid *g, struct mc_buf *text)
{
	size_t i;

	if (g->n_sentences == 0)
		return;
	mc_buf_puts(text, "<div class=\"notes\">\n<p>");
	for (i = 0; i < g->n_sentences; i++) {
		const struct mc_grid_sentence *s = &g->sentences[i];

		mc_buf_puts(text, i == 0 ? "" : s->marks != NULL ?
		    "</p>\n<p>" : "\n");
		mc_markup_marks(s->marks, " ", text);
		mc_markup_text(s->text, text);
	}
	mc_buf_puts(text, "</p>\n</div>\n");
}

/* A box that can be scrolled, with a keyboard also. */
static void
begin_box(const char *id, struct mc_buf *text)
{
	mc_buf_printf(text, "<div class=\"box\" role=\"region\" "
	    "tabindex=\"0\" aria-labelledby=\"%s-caption\">\n", id);
}

static void
put_caption(const char *caption, const char *id, struct mc_buf *text)
{
	mc_buf_printf(text, "<caption id=\"%s-caption\"><span>", id);
	mc_markup_text(caption, text);
	mc_buf_puts(text, "</span></caption>\n");
}

void
mc_page_grid(struct mc_page *p, const struct mc_grid *g, const char *id)
{
	begin_box(id, &p->body);
	mc_buf_printf(&p->body, "<table id=\"%s\">\n", id);
	put_caption(g->caption, id, &p->body);
	put_head(g, &p->body);
	put_lines(g, &p->body);
	mc_buf_puts(&p->body, "</table>\n</div>\n");
	put_sentences(g, &p->body);
}

/* --- Files ----------------------------------------------------------------- */

/* Append the name of F as text. */
static void
put_name(const struct file *f, struct mc_buf *text)
{
	char *name = mc_bidi_isolate(f->name);

	mc_markup_text(name, text);
	free(name);
}

/* Say that F is WHAT also. */
static void
add_what(struct file *f, const char *what)
{
	char *both;

	if (strstr(f->what, what) != NULL)
		return;
	both = mc_xasprintf("%s; %s", f->what, what);
	free(f->what);
	f->what = both;
}

size_t
mc_page_file(struct mc_page *p, const char *name, const char *what,
    const void *bytes, size_t n)
{
	char *shown = mc_bidi_plain(name);
	char sha256[MC_SHA256_HEX];
	struct file *f;
	size_t i;

	mc_sha256_bytes(bytes, n, sha256);
	for (i = 0; i < p->n_files; i++) {
		if (strcmp(p->files[i].sha256, sha256) == 0 &&
		    strcmp(p->files[i].name, shown) == 0) {
			add_what(&p->files[i], what);
			free(shown);
			return i;
		}
	}
	p->files = mc_xgrow(p->files, p->n_files, &p->files_cap,
	    sizeof(*p->files));
	f = &p->files[p->n_files];
	memset(f, 0, sizeof(*f));
	f->name = shown;
	f->what = mc_xstrdup(what);
	f->n = n;
	memcpy(f->sha256, sha256, sizeof(sha256));
	mc_base64(bytes, n, &f->base64);
	return p->n_files++;
}

void
mc_page_download(struct mc_page *p, size_t file)
{
	mc_buf_printf(&p->body, "<p class=\"quiet\">Data: "
	    "<a class=\"use\" href=\"#file-%zu\">", file + 1);
	put_name(&p->files[file], &p->body);
	mc_buf_puts(&p->body, "</a></p>\n");
}

static void
put_file(const struct file *f, size_t number, struct mc_buf *text)
{
	mc_buf_printf(text, "<tr id=\"file-%zu\">\n<th scope=\"row\">"
	    "<a download=\"", number);
	mc_markup_value(f->name, text);
	mc_buf_puts(text, "\" href=\"data:text/tab-separated-values;"
	    "charset=utf-8;base64,");
	mc_buf_add(text, f->base64.data, f->base64.len);
	mc_buf_puts(text, "\">");
	put_name(f, text);
	mc_buf_puts(text, "</a></th>\n<td>");
	mc_markup_text(f->what, text);
	mc_buf_printf(text, "</td>\n<td class=\"num\">%zu</td>\n"
	    "<td class=\"digest\">%s</td>\n</tr>\n", f->n, f->sha256);
}

void
mc_page_files(struct mc_page *p)
{
	struct mc_buf *text = &p->body;
	size_t i;

	begin_box("files", text);
	mc_buf_puts(text, "<table id=\"files\">\n");
	put_caption("Files in this report", "files",
	    text);
	mc_buf_puts(text, "<thead>\n<tr>\n<th scope=\"col\">File</th>\n"
	    "<th scope=\"col\">Content</th>\n"
	    "<th scope=\"col\" class=\"num\">Bytes</th>\n"
	    "<th scope=\"col\">SHA-256</th>\n</tr>\n</thead>\n<tbody>\n");
	for (i = 0; i < p->n_files; i++)
		put_file(&p->files[i], i + 1, text);
	mc_buf_puts(text, "</tbody>\n</table>\n</div>\n");
}

/* --- Pictures --------------------------------------------------------------- */

void
mc_page_picture(struct mc_page *p, const char *id, enum mc_page_image kind,
    const void *bytes, size_t n, const char *alt, const char *caption,
    const char *notes)
{
	static const char *const types[] = { "svg+xml", "png", "jpeg" };
	struct mc_buf *text = &p->body;

	mc_buf_printf(text, "<figure id=\"%s\">\n", id);
	begin_box(id, text);
	mc_buf_puts(text, "<img alt=\"");
	mc_markup_value(alt, text);
	mc_buf_printf(text, "\" src=\"data:image/%s;base64,", types[kind]);
	mc_base64(bytes, n, text);
	mc_buf_printf(text, "\">\n</div>\n<figcaption>\n"
	    "<p id=\"%s-caption\">", id);
	mc_markup_text(caption, text);
	mc_buf_puts(text, "</p>\n");
	if (*notes != '\0')
		put_element(p, "p", notes);
	mc_buf_puts(text, "</figcaption>\n</figure>\n");
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
