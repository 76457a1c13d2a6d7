/*
 * zip.h - locate the members of a zip archive.
 *
 * torch.save stores its members without compression, so that an array can be
 * used in place in a mapped file; libarchive does not tell at which offset it
 * is.  This reads the central directory, zip64 included, and members that are
 * stored, or that deflate has compressed, as other programs write them again.
 */
#ifndef MC_ZIP_H
#define MC_ZIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct mc_zip;

/*
 * How many bytes of compressed members may come to lie in memory, where 16 times
 * the archive's size are fewer.
 */
#define MC_ZIP_INFLATED (64 << 20)

/*
 * Read the directory of the archive in the N BYTES at FILE, which stay the
 * caller's and must outlive *ZIP; NAME, for messages, must also.
 */
enum mc_status	 mc_zip_open(struct mc_zip **zip, const unsigned char *file,
		    size_t n, const char *name, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_zip_free(struct mc_zip *zip);

/*
 * Return the folder of the member LEAF as "folder/", or "" if it is in none;
 * the caller frees it.  NULL: there is no such member.
 */
char		*mc_zip_folder(const struct mc_zip *zip, const char *leaf);

/*
 * Point *DATA to the *N bytes of the member PATH, inside the archive, or, if it
 * is compressed, in memory of ZIP: see mc_zip_take.  Returns MC_END if there is
 * no such member, and MC_EDATA if it is damaged (CRC-32), encrypted, not
 * compressed by deflate, or beyond MC_ZIP_INFLATED.
 */
enum mc_status	 mc_zip_member(struct mc_zip *zip, const char *path,
		    const unsigned char **data, size_t *n, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Give away the memory of a member that mc_zip_member has inflated: from now on
 * the caller's, who frees it.  NULL: there is no more.  ZIP may be NULL.
 */
void		*mc_zip_take(struct mc_zip *zip);

/*
 * Check the CRC-32 of all members, also of those that deflate has compressed.
 * MC_EDATA: one is damaged, encrypted, or compressed in another way.
 */
enum mc_status	 mc_zip_check(struct mc_zip *zip, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
