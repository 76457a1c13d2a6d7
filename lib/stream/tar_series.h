/*
 * tar_series.h - read several tars of images one after another as if they were
 * one.
 *
 * All must have the same columns and each image an id of its own.  How grey
 * levels were made may not differ between tars (table/grey_levels.h).  Either
 * none holds features, or all do, which then were computed in the same way.
 */
#ifndef MC_TAR_SERIES_H
#define MC_TAR_SERIES_H

#include <stddef.h>

#include "base/err.h"
#include "stream/image_tar.h"

struct mc_series;

/*
 * See that the N tars PATHS, which must outlive S, are there, and open the first;
 * for N = 0 standard input.  *S is NULL on error; mc_series_close ends it, and
 * takes NULL.
 */
enum mc_status	 mc_series_open(struct mc_series **s,
		    const char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_series_close(struct mc_series *s);

/*
 * Read only the tars FIRST to FIRST + N - 1 of those opened, of which no row has
 * been read.  Until the first one is, the present tar stays the first of all: the
 * columns of each part are compared with its, and what is asked of the first tar
 * has the same answer in each.
 */
void		 mc_series_narrow(struct mc_series *s, size_t first, size_t n);

/* Let tars be read whose grey levels were made in another way. */
void		 mc_series_mix(struct mc_series *s);

/* The present tar; after the end the last one.  Whether there are several. */
struct mc_image_tar *mc_series_tar(const struct mc_series *s);
bool		 mc_series_is_several(const struct mc_series *s);

/* The name of the present tar, or after the end of all; as long as S. */
const char	*mc_series_name(const struct mc_series *s);

/*
 * Go to the next row that has an image, in this tar or a later one.  MC_END only
 * if all were whole; MC_EDATA also where a tar does not fit those before it.
 */
enum mc_status	 mc_series_next(struct mc_series *s, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The next of the ids without an image that the last mc_series_next passed over;
 * NULL: no more.
 */
const char	*mc_series_missed(struct mc_series *s);

/* How many images were left out when the features read so far were computed. */
int64_t		 mc_series_bad(const struct mc_series *s);

/*
 * After the end: the SHA-256 of the manifest, or of several that of their
 * digests, one per line; "": one is a shard of another program.  And one line, to
 * be freed, about the shards that are missing, or NULL; of a part NULL always.
 */
const char	*mc_series_sha256(const struct mc_series *s);
char		*mc_series_missing(struct mc_series *s);

/*
 * After the end: one line, to be freed, where features were computed on several
 * devices or with several versions of the libraries; NULL: they were not.
 */
char		*mc_series_uneven(const struct mc_series *s);

/*
 * After the end: one line, to be freed, about the images of shards of another
 * program that have no label, but a member in which one may be; NULL: none has.
 */
char		*mc_series_unlabelled(const struct mc_series *s);

#endif
