/*
 * column_list.h - find the columns that a list or a pattern names.
 */
#ifndef MC_COLUMN_LIST_H
#define MC_COLUMN_LIST_H

#include <stddef.h>

#include "base/err.h"
#include "table/tsv.h"

/* Starts as { 0 }; end it with mc_column_list_clear. */
struct mc_column_list {
	size_t n;
	size_t *column;
	char **name;		/* what * stands for, or the column's name */
};

/*
 * Find the columns of T that TEXT names.  TEXT is a pattern with one *, which
 * stands for one character or more, and then the columns come in the file's
 * order, without the N at EXCEPT, of which -1 is none; or names separated by
 * commas, in that order.  MC_EDATA: no such column, or one that cannot be used
 * (mc_table_check); MC_EUSAGE: a name that is given twice.
 */
enum mc_status	 mc_column_list_find(struct mc_column_list *list,
		    const struct mc_table *t, const char *text,
		    const int *except, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_column_list_clear(struct mc_column_list *list);

/*
 * Set the error that nothing in T, nor in META unless that is NULL, is called
 * NAME, or matches it.  Returns MC_EDATA.
 */
enum mc_status	 mc_no_column(const struct mc_table *t,
		    const struct mc_table *meta, const char *name,
		    struct mc_err *err);

#endif
