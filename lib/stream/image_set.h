/*
 * image_set.h - write the images of a manifest to one image tar, or to shards.
 *
 * A shard is an image tar that holds some consecutive rows of the manifest and
 * can be read alone.  Its __end__ also has
 *
 *	set	the SHA-256 of the whole manifest, the same in all shards
 *	shard	its number, from 0, as in its name
 *	shards	how many there are; in the last one only
 *
 * so that a reader of several notices which ones are missing.  Shards get their
 * names, from the first to the last, when all of them are complete.  A process
 * that is killed meanwhile leaves new shards beside old ones, or a set without
 * its last; packing again completes it.
 */
#ifndef MC_IMAGE_SET_H
#define MC_IMAGE_SET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/out.h"
#include "table/tsv.h"

/* So many shards at most: each holds a descriptor until the end. */
#define MC_SHARDS_MAX 5000

/* How large a shard may be; both 0: there are no shards. */
struct mc_shard_limit {
	int64_t images;		/* images, or 0 */
	int64_t bytes;		/* of the tar, or 0; one image may be more */
};

/*
 * Read TEXT: a number of images, or a size, a number followed by K, M or G, of
 * 1024, 1024^2, 1024^3 bytes.  MC_EDATA: it is neither.
 */
enum mc_status	mc_shard_limit_parse(struct mc_shard_limit *limit,
		    const char *text, struct mc_err *err) MC_MUST_CHECK;

/*
 * The name of shard I by PATTERN, to be freed: one %d, or %0Nd, stands for the
 * number.  NULL: PATTERN is not of this kind.
 */
char		*mc_shard_name(const char *pattern, size_t i);

struct mc_image_set;

/*
 * Write to PATH (NULL: standard output) or, with a LIMIT, to shards whose names
 * the pattern PATH makes.  MANIFEST, borrowed, has one row per image.
 */
enum mc_status	mc_image_set_create(struct mc_image_set **s,
		    const char *path, const struct mc_shard_limit *limit,
		    const struct mc_table *manifest, struct mc_err *err)
		    MC_MUST_CHECK;

/* As mc_images_add and mc_images_skip: one of the two for each row, in order. */
enum mc_status	mc_image_set_add(struct mc_image_set *s, const char *ext,
		    const void *bytes, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		mc_image_set_skip(struct mc_image_set *s);

/*
 * Complete all files, and OTHER, which may be NULL, with them; then give them
 * their names.  *SHARDS is how many shards there are.  Frees S and OTHER in
 * every case; on error no output is left.
 */
enum mc_status	mc_image_set_commit(struct mc_image_set *s,
		    struct mc_out *other, size_t *shards, struct mc_err *err)
		    MC_MUST_CHECK;
void		mc_image_set_abandon(struct mc_image_set *s);

#endif
