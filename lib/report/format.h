/*
 * format.h - print a grid in a format: LaTeX, HTML, Markdown, TSV.
 *
 * A format is one file, which defines a struct mc_format, and a row here.
 */
#ifndef MC_FORMAT_H
#define MC_FORMAT_H

#include <stdbool.h>

#include "report/grid.h"

#define MC_RESEARCH_USE "For research use only."

struct mc_format {
	bool has_bold;
	bool is_data;		/* programs read it: names are as in the tables,
				   unless a user names them */
	bool has_labels;	/* a table has a name that others refer to */
	bool has_pages;		/* what it prints can be a whole document */
	/* Append a finished table to TEXT. */
	void (*table)(const struct mc_grid *g, struct mc_buf *text);
	/*
	 * Append what is around all tables, of a whole document or of a
	 * part of one; TITLE may be NULL.  NULL: nothing does.
	 */
	void (*begin)(bool is_page, const char *title, struct mc_buf *text);
	void (*end)(bool is_page, struct mc_buf *text);
};

/* All formats, by their names; latex is mc_format_latex in latex.c. */
#define MC_FORMATS(X) \
	X(latex) \
	X(markdown) \
	X(html) \
	X(tsv)

#define MC_FORMAT_DECLARED(name) extern const struct mc_format mc_format_##name;
MC_FORMATS(MC_FORMAT_DECLARED)

/* In that order; both end in NULL. */
extern const struct mc_format *const mc_formats[];
extern const char *const mc_format_names[];

#endif
