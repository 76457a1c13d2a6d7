/*
 * flow.h - count what a study left out, step by step: the flow diagram of a
 * paper (CONSORT, STARD) as a table.
 */
#ifndef MC_FLOW_H
#define MC_FLOW_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "table/population.h"

/*
 * Read the N tables of what was left out at PATHS, in the order of the programs
 * that wrote them, and write the flow table to F: a row of what was found, and
 * one for each program and reason, in the order of their first rows.  A reason
 * that left out images and other files has a row for each.
 *
 * What remains in the end is the images of P that no table has by id or path,
 * since the manifest of an image tar keeps the rows of images that were skipped;
 * what was found is these and the rows of the tables, but for files that are no
 * images: they are 0 images, and count in files alone.  A row counts a group when
 * it leaves out that group's last image; the group is that of P where P has the
 * image, and that of the row otherwise.  Without groups in P they are not
 * counted, and an image without a group belongs to none.  Where P has units,
 * these are its groups.
 *
 * Files are counted in the same way, by the column path: slices and frames of one
 * file are several images, but one file, and a slice of three channels has three
 * files.  Without the column path in P only those that are no images are counted,
 * and a row without a path, of an image that P does not have, counts no file.
 *
 * MC_EDATA: a table without a column reason, an empty reason, a row without id
 * and path, a row of several images, or an image that is left out twice.
 */
enum mc_status	 mc_flow_write(FILE *f, const struct mc_population *p,
		    char *const *paths, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
