/*
 * pack_input.h - read what mc-pack packs: the files of a manifest, or the images
 * of image tars and WebDataset shards.
 */
#ifndef PACK_INPUT_H
#define PACK_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "stream/images.h"
#include "table/manifest.h"
#include "pack_image.h"
#include "pack_scan.h"

/* Starts as { 0 } with the first five set; end it with pack_input_clear. */
struct pack_input {
	const char *base;	/* of relative paths; NULL: the current folder */
	const char *bits;	/* of all images; NULL: as the rows say */
	const struct pack_scan *scan;	/* what is made of scanners' files */
	bool mixes;		/* tars may differ in how their grey levels were
				   made */
	struct mc_volumes *volumes;	/* what slices are drawn of; the
					   caller's */
	struct mc_manifest m;	/* all rows */

	/* Of tars; else 0. */
	const char *const *tars;
	size_t n_tars;
	struct mc_images *images;	/* NULL: not yet open */
	size_t next;		/* the row that is read next */
	struct mc_packed_row *known;	/* what is known of each row */
	size_t n_known, known_cap;
	int64_t n_missed;	/* rows without image, which m does not have */
	char *missing;		/* shards that were not given; NULL: none */
	char *unlabelled;	/* images whose label is not read; NULL: none */
};

/*
 * Read the manifest of the N OPERANDS, which must outlive IN: a table, for N = 0
 * standard input; or tars, which are read to their ends, and so checked.
 * MC_EUSAGE: several operands of which one is no tar.
 */
enum mc_status	pack_input_open(struct pack_input *in,
		    const char *const *operands, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
void		pack_input_clear(struct pack_input *in);

/* End with a usage error where the file of one of the N rows ROW is an output. */
void		pack_input_declare(const struct pack_input *in,
		    const size_t *row, size_t n);

/*
 * Find what must be known of the N rows ROW before their images are read (see
 * pack_scan_look): *KNOWN, to be freed also after an error, which is MC_EMACHINE.
 */
enum mc_status	pack_input_look(struct mc_packed_row **known,
		    const struct pack_input *in, const size_t *row, size_t n,
		    int threads, struct mc_err *err) MC_MUST_CHECK;

/* End with a usage error where SHARD, which is there, is one of the inputs. */
void		pack_input_refuse(const char *const *operands, size_t n,
		    const char *shard);

/*
 * Make the N IMAGES ready for pack_image: those of the rows ROW, which ascend
 * from one call to the next.
 */
enum mc_status	pack_input_fill(struct pack_input *in,
		    struct pack_image *images, const size_t *row, size_t n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Set the error that the image of row ROW is wrong: WHY, behind the place.
 * Returns STATUS.
 */
enum mc_status	pack_input_wrong(const struct pack_input *in, size_t row,
		    enum mc_status status, const char *why,
		    struct mc_err *err);

#endif
