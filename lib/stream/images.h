/*
 * images.h - read and write image tars: a manifest and its encoded images.
 *
 *	__manifest__			the manifest, a TSV
 *	chest/person12_virus_43.jpeg	a member a row, in the same order
 *	...
 *	__end__				format, images, skipped ids, digest
 *
 * A member is named by the row's id, percent-encoded to [A-Za-z0-9_/-], and the
 * extension of its kind.  Rows whose id __end__ names as skipped have no
 * member.  An image whose row has a sha256 has it.  The digest is the SHA-256 of all that stands before __end__:
 *
 *	tar -xOf images.tar --exclude=__end__ | sha256sum
 *
 * Members named __*__ are skipped by WebDataset readers, so the tar is a
 * WebDataset shard too; a foreign shard (key.jpg, key.cls; see shard.h) is read
 * as a manifest of the columns id and label.
 */
#ifndef MC_IMAGES_H
#define MC_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stream/tar.h"
#include "table/tsv.h"

/* The member's name for ID and the extension EXT ("jpg"); to be freed. */
char		*mc_member_name(const char *id, const char *ext);

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

/* Write __end__ and free W, in every case. */
enum mc_status	 mc_images_finish(struct mc_images_writer *w,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_images_abandon(struct mc_images_writer *w);

/* --- Reading --------------------------------------------------------------- */

struct mc_images;

/* Open PATH (NULL or "-": standard input) and read its manifest's header. */
enum mc_status	 mc_images_open(struct mc_images **im, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_images_close(struct mc_images *im);

/* The name of the input, for messages. */
const char	*mc_images_name(const struct mc_images *im);

/* The manifest's columns: how many, their names, the index of a name or -1. */
size_t		 mc_images_columns(const struct mc_images *im);
const char	*mc_images_column(const struct mc_images *im, size_t column);
int		 mc_images_find(const struct mc_images *im, const char *name);

/* Whether a column is empty in every row; false where that is not known. */
bool		 mc_images_empty(const struct mc_images *im, size_t column);

/*
 * Go to the next row that has an image.  MC_END only when the stream was
 * whole: its __end__ there, the count, the skipped ids and the digest right.
 */
enum mc_status	 mc_images_next(struct mc_images *im, struct mc_err *err)
		    MC_MUST_CHECK;

/* The present row's field and encoded image; they live until the next call. */
const char	*mc_images_get(const struct mc_images *im, size_t column);
const void	*mc_images_bytes(const struct mc_images *im, size_t *n);

/*
 * How many rows the manifest has, or -1 where that is not known beforehand;
 * how many rows so far had no image; the SHA-256 of the manifest ("" for a
 * foreign shard).
 */
int64_t		 mc_images_rows(const struct mc_images *im);
int64_t		 mc_images_skipped(const struct mc_images *im);
const char	*mc_images_manifest_sha256(const struct mc_images *im);

#endif
