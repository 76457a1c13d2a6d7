/*
 * page.h - write a report as one page of HTML that needs no other file.
 *
 * The page has a list of its sections, and in these paragraphs, lists of facts,
 * tables that a reader can sort, pictures, and files to download.  Style and
 * script are within it, pictures and files are data: URIs, and a Content Security
 * Policy forbids all else, the network above all.  Equal calls give equal bytes.
 *
 * All texts are plain UTF-8; they are copied, and escaped.  An ID is what links
 * within the page point to: letters, digits and hyphens, given once.
 */
#ifndef MC_PAGE_H
#define MC_PAGE_H

#include <stddef.h>

#include "base/mem.h"
#include "report/grid.h"

struct mc_page;

/* An empty page; free it with mc_page_free. */
struct mc_page	*mc_page_alloc(const char *title);
void		 mc_page_free(struct mc_page *p);

/* Begin a section, which ends the one before; it is in the list of sections. */
void		 mc_page_section(struct mc_page *p, const char *id,
		    const char *heading);

/* Begin a part of the present section, which ends the part before. */
void		 mc_page_part(struct mc_page *p, const char *id,
		    const char *heading);

/* A paragraph. */
void		 mc_page_say(struct mc_page *p, const char *fmt, ...)
		    MC_PRINTF(2, 3);

/* The paragraphs of TEXT, which empty lines divide. */
void		 mc_page_text(struct mc_page *p, const char *text);

/*
 * TEXT as it stands, with its TABs, in a type of one width: commands.  Characters
 * that would change the direction of what is behind them become blanks (bidi.h).
 */
void		 mc_page_code(struct mc_page *p, const char *text);

/* What is between them is unfolded by a click on SUMMARY, and in print. */
void		 mc_page_fold_begin(struct mc_page *p, const char *summary);
void		 mc_page_fold_end(struct mc_page *p);

/* A list of N items. */
void		 mc_page_list(struct mc_page *p, const char *const *items,
		    size_t n);

/* A list of facts: begin, any number of names and values, end. */
void		 mc_page_facts_begin(struct mc_page *p);
void		 mc_page_fact(struct mc_page *p, const char *name,
		    const char *value);
void		 mc_page_facts_end(struct mc_page *p);

/*
 * The finished grid G as a table with a caption, which it must have, and what it
 * says below.  The reader sorts it by the heading of a column: numbers as numbers.
 */
void		 mc_page_grid(struct mc_page *p, const struct mc_grid *g,
		    const char *id);

/*
 * Take the N BYTES of a file that the report is made from, NAME without folders;
 * WHAT it is in words.  Returns its number.  A file with the same name and the same
 * bytes is taken once, and is said to be all that it is.
 */
size_t		 mc_page_file(struct mc_page *p, const char *name,
		    const char *what, const void *bytes, size_t n);

/* A paragraph with the link that downloads FILE. */
void		 mc_page_download(struct mc_page *p, size_t file);

/* A table of all files, with size and SHA-256; the links above lead here. */
void		 mc_page_files(struct mc_page *p);

/* How a picture is encoded. */
enum mc_page_image { MC_PAGE_SVG, MC_PAGE_PNG, MC_PAGE_JPEG };

/*
 * The N BYTES of a picture.  ALT says in words what it shows, CAPTION is below it,
 * and so are NOTES, which may be "".
 */
void		 mc_page_picture(struct mc_page *p, const char *id,
		    enum mc_page_image kind, const void *bytes, size_t n,
		    const char *alt, const char *caption, const char *notes);

/* Where markup goes that the functions above do not write. */
struct mc_buf	*mc_page_body(struct mc_page *p);

/* Append the whole page to TEXT; FOOT, one line at its end, may be NULL. */
void		 mc_page_write(struct mc_page *p, const char *foot,
		    struct mc_buf *text);

/* Style and script (page_look.c): lines, which end in NULL. */
extern const char *const mc_page_style[], *const mc_page_script[];

#endif
