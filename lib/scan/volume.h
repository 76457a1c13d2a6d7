/*
 * volume.h - read a volume of a NIfTI file, and cut slices out of it.
 *
 * A slice is shown as radiologists look at it: with C the canonical array
 * (nifti.h), the picture is C[:, :, k][::-1, ::-1].T in numpy's notation, and
 * likewise for the other axes.  The front (in coronal and sagittal slices, the
 * top) is up; the patient's right (in sagittal slices, the front) is on the left.
 */
#ifndef MC_VOLUME_H
#define MC_VOLUME_H

#include "scan/nifti.h"

/* One volume in memory. */
struct mc_volume {
	struct mc_nifti nifti;	/* whose volume it is */
	void *voxels;		/* in the file's order, this machine's bytes */
	int64_t n;
};

/*
 * Read volume NUMBER, from 0, of the file that N describes into *V, which takes
 * over N, also after an error, and is ended with mc_volume_clear.  MC_EDATA:
 * there is no such volume, the file ends before its end, or its compression is
 * damaged.
 */
enum mc_status	 mc_volume_read(struct mc_volume *v, struct mc_nifti *n,
		    int64_t number, struct mc_err *err) MC_MUST_CHECK;
void		 mc_volume_clear(struct mc_volume *v);

/*
 * The LOW-th and HIGH-th percentile, 0 to 100, of the voxels of V that are
 * neither 0 nor infinite nor NAN; both are 0 where there is none.  The definition
 * is numpy.percentile's, "linear".
 */
void		 mc_volume_percentiles(const struct mc_volume *v, double low,
		    double high, double range[2]);

/* The width and height of a slice across AXIS. */
void		 mc_slice_size(const struct mc_nifti *n, enum mc_axis axis,
		    int64_t *width, int64_t *height);

/*
 * The grey levels of slice INDEX, from 0, across AXIS, rows from the top, into
 * LEVELS: 0 up to range[0], 255 from range[1] on, linear and rounded between.
 * What is NAN, and all where both limits are 0, is 0.  STRIDE is the distance of
 * two levels: 3 fills one channel of RGB.
 */
void		 mc_slice_levels(const struct mc_volume *v, enum mc_axis axis,
		    int64_t index, const double range[2], unsigned char *levels,
		    size_t stride);

/* How many voxels of slice INDEX across AXIS are neither 0 nor NAN. */
int64_t		 mc_slice_marked(const struct mc_volume *v, enum mc_axis axis,
		    int64_t index);

#endif
