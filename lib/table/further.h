/*
 * further.h - find further columns, such as sex or age, in a table or its join.
 */
#ifndef MC_FURTHER_H
#define MC_FURTHER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "table/join.h"
#include "table/tsv.h"

/* Starts as { 0 }; the members are for reading. */
struct mc_further {
	char *const *names;
	size_t n;
	int *own, *joined;	/* where each column is: in the table at hand or
				   in the join; -1: not there */
	struct mc_join *join;	/* NULL: none */
	int key;		/* the table's column that is looked up */
	size_t unmatched;	/* rows whose key is not in the join */
	char *first_unmatched;	/* the first of them, for the message */
	char *remedy;		/* what to do about it, or NULL */
};

/*
 * Open the join at the path JOIN by KEY (join.h; NULL: "id"), unless JOIN is
 * NULL, for the columns NAMES, which end with a NULL and must outlive F; NULL:
 * none.  F is ended with mc_further_clear, even after an error.  Refused: what
 * mc_join_read and mc_join_bind refuse.
 */
enum mc_status	 mc_further_open(struct mc_further *f, char *const *names,
		    const char *join, const char *key, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_further_clear(struct mc_further *f);

/*
 * Find the columns, and the key, in a table with the header of T.  Refused, with
 * the place: a column that is both there and in the join, or in neither; no key.
 */
enum mc_status	 mc_further_bind(struct mc_further *f,
		    const struct mc_table *t, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Return the join's row for KEY, the key of the row in LINE of the file NAME; 0
 * without a join.  MC_NO_NAME: there is none, and mc_further_check says so.
 */
size_t		 mc_further_row(struct mc_further *f, const char *key,
		    const char *name, int64_t line);

/* Refuse rows whose key was not in the join. */
enum mc_status	 mc_further_check(const struct mc_further *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
