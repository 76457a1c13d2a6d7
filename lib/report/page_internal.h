/*
 * page_internal.h - what the files of page.h share.
 *
 * page.c writes texts and the whole page, page_grid.c tables, page_files.c pictures
 * and the files to download; page_look.c has style and script.
 */
#ifndef MC_PAGE_INTERNAL_H
#define MC_PAGE_INTERNAL_H

#include <stdbool.h>

#include "base/hash.h"
#include "report/page.h"

/* A file to download. */
struct page_file {
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
	struct page_file *files;
	size_t n_files, files_cap;
};

/* Append <TAG>TEXT</TAG> and a newline to the body of P. */
void	page_put_element(struct mc_page *p, const char *tag, const char *text);

/* Begin a box that can be scrolled, with a keyboard also, which ID-caption names. */
void	page_begin_box(struct mc_page *p, const char *id);

/* Append the caption of the table ID. */
void	page_put_caption(struct mc_page *p, const char *caption, const char *id);

#endif
