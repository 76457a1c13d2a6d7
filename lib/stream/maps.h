/*
 * maps.h - write the maps of images and their overlays as a tar.
 *
 *	__maps__	format
 *	ID.CLASS.npy	a map: float32, rows x columns
 *	ID.CLASS.png	the map as colours over the image
 *	maps.tsv	the maps table: a row per map
 *	__end__		format, maps, digest
 *
 * ID is written as in an image tar, and CLASS likewise, but with its slashes
 * encoded, so that no two pairs have the same name; without a class the names are
 * ID.npy and ID.png.
 */
#ifndef MC_MAPS_H
#define MC_MAPS_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "table/schemas.h"

struct mc_maps_writer;

/* Write to F, which stays the caller's and is called NAME. */
enum mc_status	mc_maps_create(struct mc_maps_writer **w, FILE *f,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

/*
 * Add the map ROW, whose VALUES are rows x columns, and its overlay, N bytes at
 * PNG.  The members min, max, map and overlay of ROW are set, and those last
 * two live until the next call.
 */
enum mc_status	mc_maps_add(struct mc_maps_writer *w, struct mc_maps_row *row,
		    const float *values, const void *png, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/* Write what follows the maps, and free W, in every case. */
enum mc_status	mc_maps_finish(struct mc_maps_writer *w, struct mc_err *err)
		    MC_MUST_CHECK;
/* Free W without an end; NULL is allowed. */
void		mc_maps_abandon(struct mc_maps_writer *w);

#endif
