/*
 * limit.h - define the option of the programs that decode images.
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

#endif
