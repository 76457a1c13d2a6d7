/*
 * page.h - a LaTeX document, and tables that are divided into pages.
 */
#ifndef MC_PAGE_H
#define MC_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* What a user says about a table. */
struct mc_table_style {
	const char *metrics;	/* which: "accuracy,f1:macro,..."; NULL: see
				   mc_columns_choose */
	const char *caption;	/* NULL: none */
	const char *label;	/* NULL: none */
	const char *unit, *units;	/* what a group of images is, one and
				   many: "patient", "patients"; NULL: "group",
				   "groups" */
};

/*
 * A table of at least one line, as functions that append LaTeX to TEXT; each is
 * handed TABLE.
 */
struct mc_page_table {
	const void *table;
	size_t n_lines;
	/* The columns of tabular, "{...}", a rule and the headings. */
	void (*header)(const void *table, struct mc_buf *text);
	/* One line; the first of a page repeats what the one above has said. */
	void (*line)(const void *table, size_t line, bool page_begins,
	    struct mc_buf *text);
	/* Whether a part that had better stay on one page begins there. */
	bool (*begins)(const void *table, size_t line);
	/* What stands below the last page, in small print. */
	void (*below)(const void *table, struct mc_buf *text);
};

/*
 * Append T with its caption and label.  It needs the packages booktabs and
 * graphicx, is shrunk to the line's width where it is wider, and divided where
 * it has more than 40 lines: where a part begins, if there is such a place.
 */
void	mc_page_table(const struct mc_page_table *t,
	    const struct mc_table_style *style, struct mc_buf *text);

/* What stands around the tables: a whole document, else what \input takes. */
void	mc_page_begin(bool standalone, struct mc_buf *text);
void	mc_page_end(bool standalone, struct mc_buf *text);

#endif
