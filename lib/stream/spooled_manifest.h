/*
 * spooled_manifest.h - read the manifest of a tar row by row.
 *
 * The member __manifest__ is copied to an unlinked temporary file, so that its
 * rows can be counted before the members that they describe are read, and
 * memory does not grow with their number.
 */
#ifndef MC_SPOOLED_MANIFEST_H
#define MC_SPOOLED_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "stream/tar.h"

#define MC_MANIFEST_MEMBER "__manifest__"

struct mc_spooled;

/*
 * Copy the present member of TAR, add its bytes to DIGEST, and read it once.
 * *M is NULL on error; mc_spooled_close ends it, and takes NULL.
 */
enum mc_status	 mc_spooled_open(struct mc_spooled **m,
		    struct mc_tar_reader *tar, struct mc_sha256 *digest,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_spooled_close(struct mc_spooled *m);

/* Go to the next row: MC_OK, MC_END after the last, or an error. */
enum mc_status	 mc_spooled_next(struct mc_spooled *m, struct mc_err *err)
		    MC_MUST_CHECK;

/* The columns: how many, their names, the index of a name or -1. */
size_t		 mc_spooled_columns(const struct mc_spooled *m);
const char	*mc_spooled_column(const struct mc_spooled *m, size_t column);
int		 mc_spooled_find(const struct mc_spooled *m, const char *name);

/* A field of the present row, until the next; its field in the column id. */
const char	*mc_spooled_get(const struct mc_spooled *m, size_t column);
const char	*mc_spooled_id(const struct mc_spooled *m);

/* How many rows there are; whether a column is empty in all of them. */
int64_t		 mc_spooled_rows(const struct mc_spooled *m);
bool		 mc_spooled_empty(const struct mc_spooled *m, size_t column);

#endif
