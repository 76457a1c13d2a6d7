/*
 * end_member.h - write and check __end__, the last member of a tar.
 *
 * Every tar that mctools writes ends with it.  It has keys and values: format,
 * sha256 (the digest of the content of all members before it), and those of its
 * kind of tar.
 */
#ifndef MC_END_MEMBER_H
#define MC_END_MEMBER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/hash.h"
#include "stream/tar.h"
#include "table/keyvalue.h"

#define MC_END_MEMBER "__end__"

/*
 * Write END as the last member of W, with FORMAT and DIGEST added to it.  END
 * stays the caller's; DIGEST is freed.
 */
enum mc_status	mc_end_write(struct mc_tar_writer *w, struct mc_keyvalue *end,
		    const char *format, struct mc_sha256 *digest,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Read the present member of R, which is __end__, into *END, the caller's to
 * free, and check that no member follows.  *END is NULL on error.
 */
enum mc_status	mc_end_read(struct mc_tar_reader *r, struct mc_keyvalue **end,
		    struct mc_err *err) MC_MUST_CHECK;

/* Return whether END has VALUE under KEY. */
bool		mc_end_says(const struct mc_keyvalue *end, const char *key,
		    const char *value);

/*
 * Check the content read from R: MC_EDATA if END does not have DIGEST, which is
 * freed.
 */
enum mc_status	mc_end_check(const struct mc_tar_reader *r,
		    const struct mc_keyvalue *end, struct mc_sha256 *digest,
		    struct mc_err *err) MC_MUST_CHECK;

/* MC_EDATA: the tar R has no __end__. */
enum mc_status	mc_end_missing(const struct mc_tar_reader *r,
		    struct mc_err *err);

#endif
