/*
 * shard.h - read WebDataset shards: samples assembled from members of a tar.
 *
 * The rules are webdataset's own (its tariterators.base_plus_ext and
 * group_by_keys): a member's key is its path up to the first dot of its last
 * component, what follows that dot is the name of a field, in lower case, and
 * the members of one key stand together and are one sample.  Members named
 * __*__, those whose last component begins with a dot, and those without a dot
 * are passed over.
 *
 * Of a sample this reader takes one image and one label.  The image is the
 * member that begins as one (base/kind.h) or whose last extension is one's:
 * a.jpg, a.input.png, a.img.  The label is, of those that there are, the first
 * of: cls, class, index, inx (a line of text), json, jsn (a number, a string,
 * or the member "label" of an object), txt, text (a line of text), by the last
 * extension.  What webdataset would yield and this reader cannot give, two
 * images, no image, a label that is not a line, is an error that names the
 * member.
 */
#ifndef MC_SHARD_H
#define MC_SHARD_H

#include "base/err.h"
#include "stream/tar.h"

struct mc_shard;

/*
 * Read TAR, borrowed, which stands on its first member MEMBER.  *S is NULL on
 * error; mc_shard_close ends it, and takes NULL.
 */
enum mc_status	 mc_shard_open(struct mc_shard **s, struct mc_tar_reader *tar,
		    const char *member, struct mc_err *err) MC_MUST_CHECK;
void		 mc_shard_close(struct mc_shard *s);

/* Go to the next sample, whose image is put into IMAGE; MC_END: no more. */
enum mc_status	 mc_shard_next(struct mc_shard *s, struct mc_buf *image,
		    struct mc_err *err) MC_MUST_CHECK;

/* The present sample's key and label ("": it has none), until the next call. */
const char	*mc_shard_key(const struct mc_shard *s);
const char	*mc_shard_label(const struct mc_shard *s);

/*
 * How many samples so far have no label although they have another member than
 * the image, such as a.cls.gz, or JSON without "label"; *MEMBER is that of the
 * first, NULL where there is none, and lives as long as S.
 */
size_t		 mc_shard_unlabelled(const struct mc_shard *s,
		    const char **member);

#endif
