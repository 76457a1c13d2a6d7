/*
 * folder.h - list the images in a folder.
 *
 * A download holds more than images, and sometimes the images twice.  What is
 * left out is listed with its reason, so that a program can say so.
 */
#ifndef MC_FOLDER_H
#define MC_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/kind.h"

enum mc_skip {
	MC_SKIP_HIDDEN,		/* called .* or __MACOSX: a file, or a folder
				   with all that is in it */
	MC_SKIP_EXCLUDED,	/* not in include, or in exclude (see below) */
	MC_SKIP_MASK,		/* a volume that mask matches (see below) */
	MC_SKIP_COPY,		/* a file of a nested second copy (see below) */
	MC_SKIP_UNREADABLE,	/* an image of a kind that mctools cannot
				   read */
	MC_SKIP_FALSE_IMAGE,	/* called an image, but its bytes are none */
	MC_SKIP_LOOP,		/* a link to a folder that contains it */
	MC_SKIP_SPECIAL,	/* a pipe, a socket or a device */
	MC_SKIP_TABLE,		/* a table of mc-index --join */
	MC_SKIP_VOXELS,		/* the .img of a .hdr: set by mc-index */
	MC_SKIP_OTHER		/* any other file */
};

struct mc_image_file {
	char *path;		/* the folder, '/', where it lies in there */
	size_t relative;	/* offset in path: behind the folder */
	size_t base;		/* offset in path: the last component */
	size_t end;		/* offset in path: of the extension's dot, or
				   the length where there is none */
	bool scan;		/* it is a scanner's: lib/scan reads it */
	bool volume;		/* it is NIfTI: scan/nifti.h reads it */
};

struct mc_skipped_file {
	char *path;
	size_t relative;	/* as above */
	enum mc_skip why;
	const struct mc_kind *kind;	/* NULL: not known */
};

struct mc_folder {
	/* Which files to take, for the caller to set; NULL: all and none. */
	const char *const *include, *const *exclude;
	bool volumes;		/* take NIfTI volumes too, */
	const char *const *mask;	/* but for these; NULL: none */
	bool several;		/* mc_folder_scan is called several times */
	struct mc_image_file *image;
	size_t n, cap;
	struct mc_skipped_file *skipped;	/* all that was left out */
	size_t n_skipped, skipped_cap;
	char *copy;		/* the first folder that is a second copy */
};

/*
 * Add the images in DIR and below to FOLDER, which starts as { 0 } and is ended
 * with mc_folder_free, even after an error.  Links are followed.  Each folder's
 * entries come in the order of the bytes of their names.
 *
 * An image is a file of a kind that mctools reads (base/kind.h, scan/scan.h),
 * whatever its name.  Its path must be fit for a TSV, else MC_EDATA.  Nothing
 * is lost in silence: a folder or a file that cannot be read is MC_EIO, a link
 * that leads nowhere MC_EDATA, and all else that is left out is in
 * FOLDER->skipped.
 *
 * INCLUDE, EXCLUDE and MASK are globs that end in NULL (glob.h).  What the first
 * two leave out is not opened.  INCLUDE leaves out no mask.
 *
 * A folder within DIR is a second copy of DIR if it holds a folder for each of
 * the other folders in DIR and these are at least two, or one and it is called
 * as DIR is: such is chest_xray/chest_xray.
 */
enum mc_status	 mc_folder_scan(struct mc_folder *folder, const char *dir,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * What MASK is matched with for the file PATH of FOLDER: the path in DIR, which
 * begins at RELATIVE, with the name of DIR before it where SEVERAL is set.
 */
const char	*mc_folder_mask_path(const struct mc_folder *folder,
		    const char *path, size_t relative);

/* Whether the include of FOLDER, if any, matches the path RELATIVE in DIR. */
bool		 mc_folder_includes(const struct mc_folder *folder,
		    const char *relative);

void		 mc_folder_free(struct mc_folder *folder);

#endif
