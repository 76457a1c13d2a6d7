/*
 * grey_levels.h - compare how the grey levels of images were made.
 *
 * The files of scanners hold values of more than 8 bits, of which mc-pack makes
 * grey levels.  The manifest's column grey_levels says how:
 *
 *	window:40,400		of DICOM, by mc-pack --window; also window:auto,
 *				window:bits and window:file
 *	depth:16		of DICOM, all values, by --depth 16
 *	percentiles:1,99	of NIfTI, by --percentiles
 *
 * It is empty for other images.  Numbers are compared by value: 40.0 is 40.  A field
 * of another form is one of a column that the user has for something else, and is
 * treated as empty.
 */
#ifndef MC_GREY_LEVELS_H
#define MC_GREY_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define MC_GREY_COLUMN "grey_levels"

/* The value of a set in which some images have no value, and others have. */
#define MC_GREY_NONE "none"

/* The values of several images.  Starts as { 0 }. */
struct mc_grey {
	char **value;		/* distinct, in byte order */
	size_t n;
	bool none;		/* an image has no value */
};

/* Whether FIELD says how grey levels were made. */
bool		 mc_grey_is(const char *field);

/* Add FIELD; what mc_grey_is refuses is no value. */
void		 mc_grey_add(struct mc_grey *g, const char *field);
void		 mc_grey_clear(struct mc_grey *g);

/* Whether G has the value FIELD. */
bool		 mc_grey_has(const struct mc_grey *g, const char *field);

/*
 * The first value of G that is another one than FIELD for files of the same kind,
 * DICOM or NIfTI; NULL: there is none.
 */
const char	*mc_grey_other(const struct mc_grey *g, const char *field);

/* Append the values of G with ", " between them. */
void		 mc_grey_print(const struct mc_grey *g, struct mc_buf *text);

/* Append the option of mc-pack that makes VALUE, such as "--window=40,400". */
void		 mc_grey_option(const char *value, struct mc_buf *text);

#endif
