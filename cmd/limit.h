/*
 * limit.h - define the options of the programs that decode images and volumes.
 */
#ifndef MC_LIMIT_H
#define MC_LIMIT_H

#include "base/limits.h"
#include "base/opt.h"

/*
 * An entry of an option table for the member PIXELS, an int64_t, of the struct O,
 * which mc_max_pixels_set takes; 0 where it is not given.
 */
#define LIMIT_PIXELS(o, pixels) \
	{ "max-pixels", 0, "N", "decode images of at most N pixels (default: " \
	    "178956970)", MC_INTEGER, offsetof(o, pixels), 1, MC_PIXELS_TOP, \
	    NULL }

/* The same for VOXELS, which mc_max_voxels_set takes. */
#define LIMIT_VOXELS(o, voxels) \
	{ "max-voxels", 0, "N", "read NIfTI volumes of at most N voxels " \
	    "(default: 268435456)", MC_INTEGER, offsetof(o, voxels), 1, \
	    MC_VOXELS_TOP, NULL }

#endif
