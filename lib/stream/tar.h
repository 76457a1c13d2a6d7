/*
 * tar.h - read and write tar archives whose end is checked, on libarchive.
 *
 * Written: ustar, with pax headers where a name is too long or a size too large
 * for it; times 0, owner 0, mode 0644; no padding behind the two zero blocks:
 * equal members give equal bytes.  The names given are ASCII, so that no locale
 * matters.  Read: regular
 * members with harmless names, from first to last; a tar that ends without its
 * two zero blocks was cut and is an error, although libarchive reports such a
 * cut between members as a clean end.
 */
#ifndef MC_TAR_H
#define MC_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"

/* --- Writing --------------------------------------------------------------- */

struct mc_tar_writer;

/* Write to F, which stays the caller's.  NAME is for messages. */
enum mc_status	mc_tar_create(struct mc_tar_writer **w, FILE *f,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/*
 * Add MEMBER with its N BYTES, or with all that SPOOL holds; the bytes are
 * added to DIGEST too, unless that is NULL.
 */
enum mc_status	mc_tar_add(struct mc_tar_writer *w, const char *member,
		    const void *bytes, size_t n, struct mc_sha256 *digest,
		    struct mc_err *err) MC_MUST_CHECK;
enum mc_status	mc_tar_add_spool(struct mc_tar_writer *w, const char *member,
		    FILE *spool, struct mc_sha256 *digest, struct mc_err *err)
		    MC_MUST_CHECK;

/* Write the end and free W, in every case. */
enum mc_status	mc_tar_finish(struct mc_tar_writer *w, struct mc_err *err)
		    MC_MUST_CHECK;
/* Free W without ending the archive; NULL is allowed. */
void		mc_tar_abandon(struct mc_tar_writer *w);

/* --- Reading --------------------------------------------------------------- */

/* A member of more bytes than this is refused. */
#define MC_TAR_MAX_MEMBER	((int64_t)1 << 40)

struct mc_tar_reader;

/* Open PATH; NULL or "-" is standard input. */
enum mc_status	mc_tar_open(struct mc_tar_reader **r, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
void		mc_tar_close(struct mc_tar_reader *r);

/* The name of the input, for messages. */
const char	*mc_tar_name(const struct mc_tar_reader *r);

/*
 * Go to the next regular member.  *MEMBER lives until the next call.  Folders
 * are passed over; links, devices, absolute names and names with ".." are
 * errors.  MC_END after the last member, when the end was whole and no other
 * archive is behind it.
 */
enum mc_status	mc_tar_next(struct mc_tar_reader *r, const char **member,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Whether MEMBER holds no data by WebDataset's rule: its name, or that of the
 * folder at its root, is __x__.
 */
bool		 mc_tar_is_special(const char *member);

/* The size of the present member in bytes. */
int64_t		mc_tar_size(const struct mc_tar_reader *r);

/*
 * Read the next N bytes of the present member into BYTES; MC_EDATA if it has
 * fewer, or the archive was cut.
 */
enum mc_status	mc_tar_read_part(struct mc_tar_reader *r, void *bytes,
		    size_t n, struct mc_err *err) MC_MUST_CHECK;

/*
 * The whole present member into BYTES, which is emptied first; a member of
 * more than MAX bytes is an error.  Once a member.
 */
enum mc_status	mc_tar_read(struct mc_tar_reader *r, size_t max,
		    struct mc_buf *bytes, struct mc_err *err) MC_MUST_CHECK;

/*
 * The same, of any size, to SPOOL, which then stands at its start, and added to
 * DIGEST.
 */
enum mc_status	mc_tar_read_spool(struct mc_tar_reader *r, FILE *spool,
		    struct mc_sha256 *digest, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
