/*
 * only.h - --only COLUMN=VALUE: choose rows by what stands in a column.
 */
#ifndef MC_ONLY_H
#define MC_ONLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/names.h"

/* A column and the value that a row must have there. */
struct only {
	char *column;
	const char *value;
	struct mc_names *there;	/* the values seen in the column, or some */
	bool found;		/* a row with VALUE was seen */
};

/*
 * Read the N TEXTS of the option, "COLUMN=VALUE", which must live as long, or
 * end the program.  OF_RUNS: the columns must be key columns.
 */
struct only	*only_parse(const char *const *texts, size_t n, bool of_runs);
void		 only_free(struct only *only, size_t n);

/*
 * Whether VALUE, which stands in its column, is what ONLY says: numbers are
 * compared as numbers.
 */
bool		 only_is(struct only *only, const char *value);

/*
 * MC_EDATA: no row of WHERE, each a WHAT ("run"), was as the N conditions ONLY
 * say; which value is missing, and which ones there are.
 */
enum mc_status	 only_none(const struct only *only, size_t n,
		    const char *where, const char *what, struct mc_err *err);

#endif
