/*
 * records.h - keep records in an unlinked temporary file.
 *
 * What an epoch walks through (pixels, features) is computed once and kept
 * here: memory does not grow with the number of images, since the pages are
 * the file's, and the system keeps as many of them as it has room for.
 */
#ifndef MC_RECORDS_H
#define MC_RECORDS_H

#include <stddef.h>

#include "base/err.h"

struct mc_records;

/*
 * Records of SIZE bytes, or, for 0, each of a size of its own, in $TMPDIR.
 * NULL on error.  Free with the second.
 */
struct mc_records *mc_records_alloc(size_t size, struct mc_err *err);
void		 mc_records_free(struct mc_records *r);

/*
 * Append N records that lie one after the other at BYTES; or one of N bytes,
 * where each has a size of its own.
 */
enum mc_status	 mc_records_add(struct mc_records *r, const void *bytes,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;

/* No more comes: make them readable.  Once, after the last add. */
enum mc_status	 mc_records_map(struct mc_records *r, struct mc_err *err)
		    MC_MUST_CHECK;

size_t		 mc_records_count(const struct mc_records *r);

/* Record I, which lives as long as R, and its size in bytes. */
const void	*mc_records_at(const struct mc_records *r, size_t i);
size_t		 mc_records_size(const struct mc_records *r, size_t i);

#endif
