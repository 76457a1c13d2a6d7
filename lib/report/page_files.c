/* page_files.c - pictures, and files to download, on the page of a report. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/bidi.h"
#include "report/markup.h"
#include "report/page_internal.h"

/* --- Files ----------------------------------------------------------------- */

/* Append the name of F as text. */
static void
put_name(const struct page_file *f, struct mc_buf *text)
{
	char *name = mc_bidi_isolate_file(f->name);

	mc_markup_text(name, text);
	free(name);
}

/* Say that F is WHAT also. */
static void
add_what(struct page_file *f, const char *what)
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
	struct page_file *f;
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
put_file(const struct page_file *f, size_t number, struct mc_buf *text)
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

	page_begin_box(p, "files");
	mc_buf_puts(text, "<table id=\"files\">\n");
	page_put_caption(p, "Files in this report", "files");
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
	page_begin_box(p, id);
	mc_buf_puts(text, "<img alt=\"");
	mc_markup_value(alt, text);
	mc_buf_printf(text, "\" src=\"data:image/%s;base64,", types[kind]);
	mc_base64(bytes, n, text);
	mc_buf_printf(text, "\">\n</div>\n<figcaption>\n"
	    "<p id=\"%s-caption\">", id);
	mc_markup_text(caption, text);
	mc_buf_puts(text, "</p>\n");
	if (*notes != '\0')
		page_put_element(p, "p", notes);
	mc_buf_puts(text, "</figcaption>\n</figure>\n");
}
