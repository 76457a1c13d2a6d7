/*
 * folder.h - which images lie in a folder.
 *
 * A download holds more than images, and sometimes the images twice.  What is
 * no image is left out and counted by its reason, so that a program can say so.
 */
#ifndef MC_FOLDER_H
#define MC_FOLDER_H

#include <stddef.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mc_skip {
	MC_SKIP_HIDDEN,		/* a file called .*, or below such a folder, or
				   below __MACOSX */
	MC_SKIP_COPY,		/* a file of a nested second copy (see below) */
	MC_SKIP_FALSE_IMAGE,	/* called an image, but its bytes are none */
	MC_SKIP_LOOP,		/* a link to a folder that it lies in */
	MC_SKIP_OTHER,		/* any other file */
	MC_SKIPS
};

struct mc_image_file {
	char *path;		/* the folder, '/', where it lies in there */
	size_t relative;	/* offset in path: behind the folder */
	size_t base;		/* offset in path: the last component */
	size_t end;		/* offset in path: of the extension's dot, or
				   the length where there is none */
};

struct mc_folder {
	struct mc_image_file *image;	/* in no order */
	size_t n, cap;
	size_t skipped[MC_SKIPS];
	char *first_skipped[MC_SKIPS];	/* its path; for MC_SKIP_COPY the
					   nested folder's */
};

/*
 * Add the images in DIR and below to FOLDER, which starts as { 0 } and is ended
 * with mc_folder_free, after an error too.  Links are followed.
 *
 * An image is a file whose first bytes are those of JPEG, PNG, TIFF, WebP,
 * DICOM or NIfTI, or one called .dcm or .nii.gz that is not empty.  A name must
 * be fit for a TSV, else MC_EDATA; so is an image's name on a link that leads
 * nowhere.  What cannot be read is MC_EIO.
 *
 * A folder within DIR is a second copy of DIR if it holds a folder for each of
 * the other folders in DIR and these are at least two, or one and it is called
 * as DIR is: such is chest_xray/chest_xray.
 */
enum mc_status	mc_folder_scan(struct mc_folder *folder, const char *dir,
		    struct mc_err *err) MC_MUST_CHECK;

void		mc_folder_free(struct mc_folder *folder);

/*
 * Where in NAME the extension of an image begins, at its dot; NULL: it has none
 * of .nii.gz, .jpg, .jpeg, .jpe, .png, .tif, .tiff, .webp, .dcm, .nii, .bmp and
 * .gif, in upper or lower case.
 */
const char	*mc_image_extension(const char *name);

#ifdef __cplusplus
}
#endif

#endif
