/*
 * nifti.h - read the headers of NIfTI files.
 *
 * .nii, .nii.gz and pairs of .hdr and .img, NIfTI-1 and NIfTI-2, are read with
 * niftilib; where mctools is built without it, mc_nifti_open returns MC_EDATA and
 * says so.
 *
 * Voxels are addressed in the closest canonical order, as by nibabel's
 * as_closest_canonical: axis 0 runs to the patient's right, axis 1 to the front
 * and axis 2 upward.  The file's affine says which of its own axes these are: the
 * sform, else the qform.  In a file without either, the axes are taken to run to
 * the left, to the front and upward, as nibabel does.
 */
#ifndef MC_NIFTI_H
#define MC_NIFTI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The axis that a slice is perpendicular to, by its canonical number. */
enum mc_axis { MC_SAGITTAL, MC_CORONAL, MC_AXIAL, MC_AXES };

/* Signed and unsigned integers and real numbers, and their bits. */
enum mc_voxel {
	MC_I8, MC_U8, MC_I16, MC_U16, MC_I32, MC_U32, MC_I64, MC_U64, MC_F32,
	MC_F64
};

/* What the header of a file says. */
struct mc_nifti {
	char *path;		/* as it was given */
	char *data;		/* the file of the voxels: PATH, or the .img of
				   a pair */
	int64_t size[MC_AXES];	/* in canonical order, each at least 1 */
	int64_t volumes;	/* at least 1 */
	double grid[MC_AXES][4];	/* the affine from voxels in canonical
					   order to mm: x, y and z */
	/* The rest is for volume.c. */
	int64_t stored[MC_AXES];	/* size, in the file's order */
	int from[MC_AXES];		/* the file's axis of each */
	bool flipped[MC_AXES];		/* whether that runs the other way */
	enum mc_voxel voxel;
	int bytes;			/* of a voxel */
	bool swapped;			/* the other byte order */
	int64_t offset;			/* of the first voxel in data */
	double slope, intercept;	/* of the values */
};

/*
 * Read the header of the file PATH into *N, which mc_nifti_clear ends, also after
 * an error.  Of a pair PATH is the .hdr.  Threads may do so at the same time.
 * MC_EDATA: not NIfTI, or damaged; complex, RGB, 128-bit or binary voxels; more
 * than four dimensions, or fewer than two; too many voxels; an affine without
 * three directions; a data file that is too short, where it is not compressed.
 * MC_EIO, MC_EMACHINE: a file that cannot be read.
 */
enum mc_status	 mc_nifti_open(struct mc_nifti *n, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
void		 mc_nifti_clear(struct mc_nifti *n);

/*
 * How far the grids of A and B lie apart, in mm: the largest distance between two
 * voxels of the same indices.  INFINITY: their sizes differ.
 */
double		 mc_nifti_distance(const struct mc_nifti *a,
		    const struct mc_nifti *b);

/*
 * Whether voxels of A and B of the same indices are the same place of the body:
 * they lie apart by at most half the shortest edge of a voxel of either.
 */
bool		 mc_nifti_same_grid(const struct mc_nifti *a,
		    const struct mc_nifti *b);

/* Grids that lie less apart, in mm, differ by the rounding of their headers. */
#define MC_NIFTI_ROUNDING 1e-3

/* The name of AXIS: "sagittal", "coronal" or "axial". */
const char	*mc_axis_name(enum mc_axis axis);

/* The axis called NAME, of N bytes; MC_AXES: none is. */
enum mc_axis	 mc_axis_of(const char *name, size_t n);

#endif
