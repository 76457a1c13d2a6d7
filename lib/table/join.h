/*
 * join.h - look up further columns in another table by a key.
 *
 * TSV or CSV, whatever the file's name (csv.h): what is known of images or
 * patients (sex, age, scanner) and does not stand in the table at hand.
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
/* The column of the table at hand. */
const char	*mc_join_key(const struct mc_join *j);

/*
 * The index of the column NAME into *COLUMN, or -1.  The key itself is none
 * where it has the same name in both tables.  It is an error, with the place,
 * that the column cannot be used (mc_table_check), or that rows of one key
 * differ in it; rows that agree in what is asked for are one.
 */
enum mc_status	 mc_join_bind(const struct mc_join *j, const char *name,
		    int *column, struct mc_err *err) MC_MUST_CHECK;
/* The names of all columns with ", " between; the caller frees them. */
char		*mc_join_columns(const struct mc_join *j);

/* The first row whose key is VALUE, or MC_NO_NAME (base/names.h). */
size_t		 mc_join_row(const struct mc_join *j, const char *value);
const char	*mc_join_get(const struct mc_join *j, size_t row, int column);

#endif
