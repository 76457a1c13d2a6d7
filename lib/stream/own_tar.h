/*
 * own_tar.h - read an image tar that mc-pack wrote: its manifest and its members
 * in step.
 *
 * images.h has the format.  Memory holds one image and the ids that have none.
 */
#ifndef MC_OWN_TAR_H
#define MC_OWN_TAR_H

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "stream/shard_list.h"
#include "stream/spooled_manifest.h"
#include "stream/tar.h"

/* What __end__ says under "format". */
#define MC_IMAGES_FORMAT "1"

/* The member's name for ID and the extension EXT ("jpg"); to be freed. */
char		*mc_member_name(const char *id, const char *ext);

struct mc_own_tar;

/*
 * Read TAR, which stands on its first member, __manifest__.  What __end__ says
 * of its place in a set of shards is added to SHARDS.  Both are borrowed.  *O is
 * NULL on error; mc_own_close ends it, and takes NULL.
 */
enum mc_status	 mc_own_open(struct mc_own_tar **o, struct mc_tar_reader *tar,
		    struct mc_shard_list *shards, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_own_close(struct mc_own_tar *o);

/* The manifest, at the row of the present image, and the SHA-256 of its bytes. */
struct mc_spooled *mc_own_manifest(const struct mc_own_tar *o);
const char	*mc_own_manifest_sha256(const struct mc_own_tar *o);

/*
 * Go to the next image, whose bytes are put into IMAGE.  MC_END only if the tar
 * was whole: its __end__ there, the count, the skipped ids and the digest right.
 */
enum mc_status	 mc_own_next(struct mc_own_tar *o, struct mc_buf *image,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The SHA-256 of the file that the present image was made of, or else of the
 * image's own bytes, if its row has either; "": it has none.
 */
const char	*mc_own_sha256(const struct mc_own_tar *o);

/*
 * The next of the ids without an image whose rows were passed over, each once;
 * NULL: no more up to the present row.
 */
const char	*mc_own_missed(struct mc_own_tar *o);

#endif
