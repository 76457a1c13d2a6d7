/*
 * decimal_comma.h - read numbers with a decimal comma, as Excel writes them where
 * that is the custom: 3,5 for 3.5.
 */
#ifndef MC_DECIMAL_COMMA_H
#define MC_DECIMAL_COMMA_H

#include <stdbool.h>

#include "table/tsv.h"

/* Whether TEXT is a number with a decimal comma: 3,5 or -0,25E-3. */
bool	mc_decimal_comma(const char *text);

/*
 * Put points for decimal commas in the columns of T, a foreign table, that hold
 * such numbers, but not in the column KEY (NULL: none).  A column is left as it
 * is, since its commas may separate, where its name holds one, as in size[w,h],
 * or a field of digits has two, or a point.  Note in T what was changed, and what
 * was left because of a field (mc_table_note).
 */
void	mc_decimal_commas_read(struct mc_table *t, const char *key);

#endif
