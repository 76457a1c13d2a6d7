/*
 * maps.h - write the maps of images and their overlays as a tar, and read them.
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
#include "base/mem.h"
#include "table/schemas.h"

/* --- Writing --------------------------------------------------------------- */

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

/* --- Reading --------------------------------------------------------------- */

/* A member of more bytes than this is refused. */
#define MC_MAPS_MAX	((size_t)1 << 30)

/*
 * Read the maps tar at PATH, a file, from first to last, and its table into *ROWS,
 * structs mc_maps_row, to be freed with mc_rows_free.  MC_EDATA: it is no
 * maps tar, is damaged, or has another number of maps than its end says; then *ROWS
 * is NULL.
 */
enum mc_status	mc_maps_read(struct mc_rows **rows, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Call EACH with ARG, and with the number I of an overlay and its BYTES, for those
 * of the N members NAMES, no two alike, that the maps tar at PATH has, which mc_maps_read has read.
 * MC_EDATA: it lacks one.
 */
enum mc_status	mc_maps_overlays(const char *path, const char *const *names,
		    size_t n, enum mc_status (*each)(size_t i,
		    const struct mc_buf *bytes, void *arg, struct mc_err *err),
		    void *arg, struct mc_err *err) MC_MUST_CHECK;

#endif
