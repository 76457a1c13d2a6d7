/*
 * pack_image.h - read, check and convert one image of mc-pack, and count what a
 * user should know of all.
 */
#ifndef PACK_IMAGE_H
#define PACK_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "image/recode.h"
#include "scan/slices.h"

/* One image on its way into the tar.  Starts as { 0 }. */
struct pack_image {
	/* Set by the caller. */
	char *path;		/* the address of the image (scan/address.h or
				   scan/slices.h), or the name of what has
				   been read */
	struct mc_volumes *volumes;	/* what slices are drawn of */
	const char *sha256;	/* that the file must have; "": not known */
	const char *bits;	/* that its samples hold, as the manifest says */
	bool read;		/* bytes hold the image: read no file */
	struct mc_buf bytes;

	/* Set by pack_image. */
	char *file;		/* of the address, and its frame; 0: none */
	int64_t frame;
	bool flat;		/* its levels use little of the stored bits */
	bool stark;		/* black and white alone (mc_picture.flat) */
	bool changed;		/* the file has another digest */
	bool lost;		/* nothing is at a path that is relative */
	struct mc_image_facts facts;
	const char *extension;
	enum mc_status status;
	struct mc_err err;
};

struct pack_scan;

/*
 * Read the file unless it is read, check its digest, convert it as HOW says; a
 * scanner's file as SCAN says first.  Threads may do this for different images at
 * the same time.
 */
void	pack_image(struct pack_image *image, const struct pack_scan *scan,
	    const struct mc_recode *how);
void	pack_image_clear(struct pack_image *image);

/*
 * Why IMAGE was not packed, to be freed: its error without the name in front and
 * without details, so that equal causes have equal words.
 */
char	*pack_cause(const struct pack_image *image);

/* What a user should know of the images that were packed.  Starts as { 0 }. */
struct pack_tally {
	size_t packed, bad;
	size_t paged;		/* of several pages or frames */
	size_t flat;		/* without a window, of few of their levels */
	size_t stark;		/* of volumes of which percentiles are equal */
	size_t wide, dark;	/* of 16 bits; those that use few of them */
	int used;		/* the bits that the dark ones use at most */
	char *first_paged, *first_dark, *first_flat, *first_stark;	/* their
				   paths */
};

/* Count an image that was packed. */
void	pack_count(struct pack_tally *t, const struct pack_image *image);

/* Warn of what there is to know. */
void	pack_tell(const struct pack_tally *t);
void	pack_tally_clear(struct pack_tally *t);

#endif
