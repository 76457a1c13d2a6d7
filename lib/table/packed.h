/*
 * packed.h - make the manifest of an image tar from that of the files.
 */
#ifndef MC_PACKED_H
#define MC_PACKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "table/manifest.h"

/* What is known of one row before its image is read. */
struct mc_packed_row {
	bool converted;		/* a scanner's file, of which PNG is made */
	int bits;		/* that its samples have, kept as they are; 0:
				   the levels of a window are packed */
	double slope, intercept;	/* then: of the values of samples */
	const char *grey_levels;	/* how they are made of it (grey_levels.h);
					   NULL: the row says */
};

/* What is done to the files of a manifest. */
struct mc_packing {
	const char *bits;	/* how all 16-bit samples are decoded; NULL: as
				   the rows say */
	bool converted;		/* the images are no longer the files' bytes */
	const struct mc_packed_row *row;	/* one per row; NULL: nothing */
};

/*
 * Make the table *T of the N rows ROW of M, with the columns of M and
 *
 *	bits		in each row the bits of P, unless NULL; MC_EDATA where M
 *			has that column
 *	value_slope, value_intercept
 *			where samples are kept: value = slope * sample +
 *			intercept; such rows also have their bits; empty where
 *			the images are converted
 *	grey_levels	how those of the images of scanners are made; MC_EDATA
 *			where M has such a column for something else
 *	source_sha256	if the images are converted and M has sha256: the
 *			digest of the file that the image was made of, which
 *			moves there from sha256; a row that has one already
 *			keeps it, and one that is not converted has none
 *
 * The caller frees *T, which is NULL on error.
 */
enum mc_status	mc_packed_table(struct mc_table **t,
		    const struct mc_manifest *m, const size_t *row, size_t n,
		    const struct mc_packing *p, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
