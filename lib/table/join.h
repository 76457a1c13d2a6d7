/*
 * join.h - look up further columns in another table by a key.
 *
 * The other table is TSV or CSV, whatever its name (csv.h).  It has what is
 * known of images or patients (sex, age, scanner) beyond the table at hand.
 */
#ifndef MC_JOIN_H
#define MC_JOIN_H

#include <stddef.h>

#include "base/err.h"

struct mc_join;

/*
 * Read PATH.  KEY is "COLUMN" or "COLUMN=COLUMN OF PATH": the column of the
 * table at hand whose values are looked up, and the column of PATH that holds
 * them (the name is cut at the first "=").  No row may lack the latter.  *J is
 * freed with mc_join_free; it is NULL on error.
 */
enum mc_status	 mc_join_read(struct mc_join **j, const char *path,
		    const char *key, struct mc_err *err) MC_MUST_CHECK;
void		 mc_join_free(struct mc_join *j);

const char	*mc_join_name(const struct mc_join *j);
/* Return what the user should know of how PATH was read; NULL: nothing. */
const char	*mc_join_note(const struct mc_join *j);
/* Return the column of the table at hand. */
const char	*mc_join_key(const struct mc_join *j);

/*
 * Set *COLUMN to the index of the column NAME, or to -1 if there is none.  The
 * key is no further column if it has the same name in both tables.  Returns
 * MC_EDATA, with the place, if the column cannot be used (mc_table_check) or if
 * rows with the same key differ in it; rows that agree in it are one.
 */
enum mc_status	 mc_join_bind(const struct mc_join *j, const char *name,
		    int *column, struct mc_err *err) MC_MUST_CHECK;
/* Return what mc_table_say_columns says of NAME; the caller frees it. */
char		*mc_join_columns(const struct mc_join *j, const char *name);

/* Return the first row whose key is VALUE, or MC_NO_NAME (base/names.h). */
size_t		 mc_join_row(const struct mc_join *j, const char *value);
/* Return the first key that is another spelling of VALUE, or NULL. */
const char	*mc_join_like(const struct mc_join *j, const char *value);
const char	*mc_join_get(const struct mc_join *j, size_t row, int column);

#endif
