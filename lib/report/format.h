/*
 * format.h - print a grid in a format: LaTeX, HTML, Markdown, TSV.
 *
 * A format is one file, with its functions, and one row of the array in
 * format.c.
 */
#ifndef MC_FORMAT_H
#define MC_FORMAT_H

#include <stdbool.h>

#include "report/grid.h"

#define MC_RESEARCH_USE "For research use only."

struct mc_format {
	const char *name;	/* as --format takes it */
	bool has_labels;	/* a table has a name that others refer to */
	bool has_pages;		/* what it prints can be a whole document */
	/* Append a finished table to TEXT. */
	void (*table)(const struct mc_grid *g, struct mc_buf *text);
	/*
	 * Append what stands around all tables, of a whole document or of a
	 * part of one; TITLE may be NULL.  NULL: nothing does.
	 */
	void (*begin)(bool is_page, const char *title, struct mc_buf *text);
	void (*end)(bool is_page, struct mc_buf *text);
};

/* Ends in NULL; the first is the default. */
extern const struct mc_format *const mc_formats[];

extern const struct mc_format mc_format_latex;
extern const struct mc_format mc_format_markdown;
extern const struct mc_format mc_format_html;
extern const struct mc_format mc_format_tsv;

#endif
