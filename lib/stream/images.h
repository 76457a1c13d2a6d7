/*
 * images.h - read and write image tars: a manifest and its encoded images.
 *
 *	__manifest__			the manifest, a TSV
 *	chest/person12_virus_43.jpeg	one member per row, in the same order
 *	...
 *	__end__				format, images, skipped ids, digest
 *
 * A member is named by the row's id, percent-encoded to [A-Za-z0-9_/-], and the
 * extension of its kind.  WebDataset readers skip a member __x__ and a folder
 * __x__, so the id __x__/1 becomes %5F_x__/1.  Rows whose id __end__ names as skipped have no
 * member.  An image whose row has a sha256 has that digest; one that was
 * converted has none, and the row's source_sha256 is the digest of the file that
 * it was made of.  The digest in __end__ is the SHA-256 of all members before
 * it:
 *
 *	tar -xOf images.tar --exclude=__end__ | sha256sum
 *
 * So the tar is also a WebDataset shard, whose samples have a key and an image;
 * labels are in the manifest.  Two other kinds of tar are read in the same way: a foreign shard
 * (key.jpg, key.cls; see shard.h), as a manifest of the columns id and label,
 * and a features tar (features.h), which has features in the place of images.
 */
#ifndef MC_IMAGES_H
#define MC_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "stream/tar.h"
#include "table/keyvalue.h"
#include "table/tsv.h"

/* --- Writing --------------------------------------------------------------- */

struct mc_images_writer;

/* Write to F, which stays the caller's, and begin with MANIFEST, borrowed. */
enum mc_status	 mc_images_create(struct mc_images_writer **w, FILE *f,
		    const char *name, const struct mc_table *manifest,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The image of the next row: N BYTES of the kind EXT; or: that row has none.
 * One of the two for each row, in order.
 */
enum mc_status	 mc_images_add(struct mc_images_writer *w, const char *ext,
		    const void *bytes, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_images_skip(struct mc_images_writer *w);

/*
 * Say that this tar is shard number SHARD of the set that is called SET; SHARDS
 * is how many there are, or 0 unless it is the last (see image_set.h).
 */
void		 mc_images_number(struct mc_images_writer *w, const char *set,
		    size_t shard, size_t shards);

/* Write __end__ and free W, in every case. */
enum mc_status	 mc_images_finish(struct mc_images_writer *w,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_images_abandon(struct mc_images_writer *w);

/* --- Reading --------------------------------------------------------------- */

struct mc_images;

/*
 * Open PATH (NULL or "-": standard input) and read up to the first image, or
 * the first image's features.
 */
enum mc_status	 mc_images_open(struct mc_images **im, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_images_close(struct mc_images *im);

/*
 * Open the N tars PATHS, which must outlive IM, to be read one after another
 * as if they were one; for N = 0 standard input.  All must be there, have the same
 * columns and each image an id of its own; and none may hold features, or all,
 * computed in the same way (mc_features_alike).
 */
enum mc_status	 mc_images_open_all(struct mc_images **im,
		    const char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Read only the N tars from number FIRST on, a part of them.  Until mc_images_next
 * is called, IM stands on the first tar of all.  Nothing is missed in a part:
 * neither shards, nor the ids of a manifest given, which may be in other parts.
 */
void		 mc_images_narrow(struct mc_images *im, size_t first, size_t n);

/*
 * Let images be read whose grey levels were made in another way than those of the
 * tars before theirs (table/grey_levels.h); mc_images_next refuses them otherwise.
 */
void		 mc_images_mix(struct mc_images *im);

/*
 * Let the manifest PATH (NULL or "-": standard input) take the place of that of
 * IM, of which no row has been read: its columns are those of given_manifest.h,
 * and images whose id it does not have are left out.  MC_EDATA from
 * mc_images_next: an image whose sha256 there is another, or that none of its
 * ids was in the tars.
 */
enum mc_status	 mc_images_give(struct mc_images *im, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The name of the present tar for messages; after the last one, of all.  It
 * lives as long as IM.
 */
const char	*mc_images_name(const struct mc_images *im);

/* The name of what has the columns: the manifest given, or the present tar. */
const char	*mc_images_manifest_name(const struct mc_images *im);

/* Return the keys of a features tar, and the features per image; or NULL, 0. */
const struct mc_keyvalue *mc_images_about(const struct mc_images *im);
size_t		 mc_images_dim(const struct mc_images *im);

/* The manifest's columns: how many, their names, the index of a name or -1. */
size_t		 mc_images_columns(const struct mc_images *im);
const char	*mc_images_column(const struct mc_images *im, size_t column);
int		 mc_images_find(const struct mc_images *im, const char *name);

/*
 * Whether a column is empty in every row of the present tar; false where that
 * is not known.
 */
bool		 mc_images_empty(const struct mc_images *im, size_t column);

/*
 * Go to the next row that has an image.  MC_END only when the stream was
 * whole: its __end__ there, the count, the skipped ids and the digest right.
 */
enum mc_status	 mc_images_next(struct mc_images *im, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The present row's field, and its encoded image or its features (dim floats);
 * they live until the next call.  The digest is that of the encoded image, or,
 * where the row says so, of the file that it was made of: it stays the same
 * however an image is packed.
 */
const char	*mc_images_get(const struct mc_images *im, size_t column);
const void	*mc_images_bytes(const struct mc_images *im, size_t *n);
void		 mc_images_sha256(const struct mc_images *im,
		    char hex[MC_SHA256_HEX]);

/*
 * After the last row: one line, to be freed, about the shards that are missing
 * from the sets of shards that were read; NULL: none is.
 */
char		*mc_images_missing(struct mc_images *im);

/*
 * After the last row: one line, to be freed, where features were computed on
 * several machines, so that their last digits may differ; NULL: they were not.
 */
char		*mc_images_uneven(struct mc_images *im);

/*
 * After the last row: one line, to be freed, about the images of shards of other
 * programs whose label is in no member that is read as one; NULL: there is none,
 * or a manifest was given.
 */
char		*mc_images_unlabelled(const struct mc_images *im);

/*
 * After the last row: one line, to be freed, about the ids of the manifest given
 * that were in no tar; NULL: none was missing.  How many images were left out
 * since their ids were not in that manifest.
 */
char		*mc_images_not_there(const struct mc_images *im);
int64_t		 mc_images_left(const struct mc_images *im);

/*
 * How many rows the manifest has, or -1 if that is not known beforehand; how
 * many images so far were bad and left out, of features all of them; after
 * the last row, the SHA-256 of the manifest given or, without one, of the image
 * tar's, or of several tars that of these digests, one per line ("" if one is a
 * foreign shard).
 */
int64_t		 mc_images_rows(const struct mc_images *im);
int64_t		 mc_images_skipped(const struct mc_images *im);
const char	*mc_images_manifest_sha256(const struct mc_images *im);

#endif
