/*
 * image_tar.h - read one tar of images, of any of three kinds.
 *
 * It is an image tar (own_tar.h), a features tar (features.h), which has features
 * in the place of images, or a shard of another program (shard.h), which is read
 * as if it had a manifest of the columns id and label.
 */
#ifndef MC_IMAGE_TAR_H
#define MC_IMAGE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "stream/shard_list.h"
#include "table/keyvalue.h"

struct mc_image_tar;

/*
 * Open PATH (NULL or "-": standard input) and read up to its first image.  A
 * shard of mc-pack is added to SHARDS, borrowed, when its end is reached, a part
 * of mc-embed --shard at once.  *T is NULL on error; mc_image_tar_close ends it, and takes NULL.  MC_EDATA also where
 * PATH is another tar of mctools, such as a model.
 */
enum mc_status	 mc_image_tar_open(struct mc_image_tar **t, const char *path,
		    struct mc_shard_list *shards, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_image_tar_close(struct mc_image_tar *t);

/* --- The tar --------------------------------------------------------------- */

/* Its name for messages; whether it is a shard of another program. */
const char	*mc_image_tar_name(const struct mc_image_tar *t);
bool		 mc_image_tar_is_foreign(const struct mc_image_tar *t);

/* Of such a shard what mc_shard_unlabelled says of it so far; else 0. */
size_t		 mc_image_tar_unlabelled(const struct mc_image_tar *t,
		    const char **member);

/*
 * Of a features tar its keys, the features per image, and how many images were
 * left out when they were computed; else NULL, 0 and 0.
 */
const struct mc_keyvalue *mc_image_tar_about(const struct mc_image_tar *t);
size_t		 mc_image_tar_dim(const struct mc_image_tar *t);
int64_t		 mc_image_tar_bad(const struct mc_image_tar *t);

/* The SHA-256 of the manifest from which it was made, or "". */
const char	*mc_image_tar_sha256(const struct mc_image_tar *t);

/*
 * The columns: how many, their names, the index of a name or -1, and whether a
 * column is empty in all rows (false where that is not known, as of a part without
 * rows).  How many rows
 * there are; -1: that is not known.
 */
size_t		 mc_image_tar_columns(const struct mc_image_tar *t);
const char	*mc_image_tar_column(const struct mc_image_tar *t,
		    size_t column);
int		 mc_image_tar_find(const struct mc_image_tar *t,
		    const char *name);
bool		 mc_image_tar_empty(const struct mc_image_tar *t,
		    size_t column);
int64_t		 mc_image_tar_rows(const struct mc_image_tar *t);

/* --- Its images ------------------------------------------------------------ */

/*
 * Go to the next row that has an image.  MC_END only if the tar was whole;
 * MC_EDATA also at the end of a tar that has no row, unless it is a part of
 * mc-embed --shard.
 */
enum mc_status	 mc_image_tar_next(struct mc_image_tar *t, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The next of the ids without an image whose rows were passed over, each once;
 * NULL: no more up to the present row.
 */
const char	*mc_image_tar_missed(struct mc_image_tar *t);

/* The present row's field, its id, and its N bytes, until the next call. */
const char	*mc_image_tar_get(const struct mc_image_tar *t, size_t column);
const char	*mc_image_tar_id(const struct mc_image_tar *t);
const void	*mc_image_tar_bytes(const struct mc_image_tar *t, size_t *n);

/* The SHA-256 of the image's bytes, or of the file that it was made of. */
void		 mc_image_tar_digest(const struct mc_image_tar *t,
		    char hex[MC_SHA256_HEX]);

#endif
