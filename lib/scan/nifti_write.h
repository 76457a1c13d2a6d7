/*
 * nifti_write.h - write a volume as NIfTI-1, compressed with gzip.
 *
 * The header is written here, so a build without niftilib writes it too.  The
 * affine is the sform, with the code 1 (scanner coordinates), and its voxel
 * sizes are pixdim; there is no qform.
 */
#ifndef MC_NIFTI_WRITE_H
#define MC_NIFTI_WRITE_H

#include <stdint.h>

#include "base/err.h"

/*
 * Write VOXELS, of which there are size[0] x size[1] x size[2], the first axis
 * fastest, to the new file PATH, called .nii.gz.  AFFINE makes millimetres to
 * the right, front and top of indices.  Each size is from 1 to 32767.  The same
 * arguments give the same bytes as long as zlib stays the same.  MC_EIO: PATH
 * cannot be written; what was written of it is left.
 */
enum mc_status	 mc_nifti_write(const char *path, const int size[3],
		    const double affine[3][4], const int16_t *voxels,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
