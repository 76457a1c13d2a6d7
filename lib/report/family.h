/*
 * family.h - say for which tests a p-value is adjusted.
 */
#ifndef MC_FAMILY_H
#define MC_FAMILY_H

#include <stdbool.h>

#include "base/mem.h"
#include "table/schemas.h"

/* Whether ROW has a p-value that is adjusted for several tests. */
bool	mc_family_is_adjusted(const struct mc_differences_row *row);

/* Whether ROW has such a p-value, but for one test: it is p itself. */
bool	mc_family_is_one(const struct mc_differences_row *row);

/*
 * Append for which tests the p-value of ROW is adjusted, if at all: "p adjusted
 * for 11 tests (Holm)", "p not adjusted (one test)"; nothing where it has none.
 */
void	mc_family_say(const struct mc_differences_row *row,
	    struct mc_buf *text);

#endif
