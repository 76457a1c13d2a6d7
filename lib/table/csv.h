/*
 * csv.h - read a CSV file of any common dialect as a table.
 *
 * For the metadata that come with images, and for predictions made elsewhere.
 * Everything inside mctools is TSV; nothing writes CSV.
 */
#ifndef MC_CSV_H
#define MC_CSV_H

#include <stdbool.h>

#include "base/err.h"
#include "table/tsv.h"

/*
 * Read all of PATH (NULL or "-": standard input) into *T, which the caller
 * frees with mc_table_free and which is NULL on error.
 *
 * The delimiter is the one of comma, semicolon and TAB that cuts the rows at
 * hand into as many fields as the header, at least two; of several, the one that
 * cuts them into most, and of those TAB before semicolon before comma.  With
 * comma or semicolon, quotes are as RFC 4180 has them; with TAB there is no
 * quoting.  Lines end in LF, CR LF or CR, the last one perhaps in nothing; a
 * byte order mark is passed over, and so is Excel's first line sep=C, which sets
 * the delimiter C.  Blanks around a field belong to it.  With semicolons,
 * decimal commas are read as points (decimal_comma.h).  A column without a name,
 * such as the index that pandas writes, is called unnamedN, where N is its place
 * from 1.
 *
 * *T is a foreign table (tsv.h): what nobody asks for is not checked.  Refused,
 * with file and line: no header, a row of another width, a blank line, a quote
 * that is not closed or stands within a field, and NUL.
 */
enum mc_status	mc_csv_read(struct mc_table **t, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/* The same, or as below where HEADLESS; the column KEY (NULL: none) names files or
   patients, so its commas are left as they are: 1,5 of 1,5.png. */
enum mc_status	mc_csv_read_keyed(struct mc_table **t, const char *path,
		    bool headless, const char *key, struct mc_err *err)
		    MC_MUST_CHECK;

/* The same where the first line is a row; the columns are called 1, 2, ... */
enum mc_status	mc_csv_read_headless(struct mc_table **t, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
