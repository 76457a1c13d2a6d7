/*
 * kind.h - recognise the kind of a file by its first bytes and its name.
 *
 * One table for all: which files an index takes, which members of a tar are
 * images, and what a message says of a file that is none.
 */
#ifndef MC_KIND_H
#define MC_KIND_H

#include <stdbool.h>
#include <stddef.h>

/* So many bytes from a file's start are enough for mc_kind_of. */
#define MC_KIND_HEAD 352

struct mc_kind {
	const char *name;	/* "JPEG", "DICOM", "an HTML page" */
	const char *extension;	/* "jpg", "png", "gif", "pnm": a kind that
				   mctools reads; NULL: it does not */
	bool image;		/* it holds pictures, readable or not */
	const char *advice;	/* what to do about one that is not readable */
	bool scan;		/* where it is built in, mc-index, mc-pack and
				   mc-phash read it (lib/scan), and PNG is made of
				   it */
	bool volume;		/* its slices are pictures (scan/slices.h) */
};

/*
 * The kind of the file that begins with the N BYTES; NULL where no known kind
 * begins so.  Two kinds may begin alike: DICOM leaves its first 128 bytes to
 * others, so a DICOM file that begins as a TIFF is DICOM (PS3.10, 7.1).  NAME,
 * or NULL, decides where the bytes do not: old DICOM files have no signature,
 * and gzip hides that of .nii.gz.
 */
const struct mc_kind	*mc_kind_of(const void *bytes, size_t n,
			    const char *name);

/*
 * Where in NAME the extension of an image begins, at its dot; NULL: it has
 * none.  Upper and lower case count as one, and .nii.gz as one extension.
 */
const char		*mc_kind_extension(const char *name);

#endif
