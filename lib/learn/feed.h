/*
 * feed.h - feed images to a network in batches of tensors.
 *
 * A feed walks through images in one of two ways: once through an image tar,
 * from its first row to its last; or, as often as wanted and in any order,
 * through images that are kept (struct mc_kept).  Several threads decode,
 * resize, crop and normalise them, and with options.ahead they do so while the
 * network computes.  The batches are the same bytes whatever the number of
 * threads.  A features tar has features in the place of images: they are given
 * out as they are.
 *
 *	while ((status = mc_feed_next(feed, err)) == MC_OK) {
 *		mc_scope_open(t);
 *		y = mc_backbone_forward(b, mc_feed_tensor(feed, t));
 *		...
 *		mc_scope_close(t, NULL);
 *	}
 *	if (status == MC_END)
 *		there are no more
 */
#ifndef MC_FEED_H
#define MC_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/records.h"
#include "image/augment.h"
#include "image/preprocess.h"
#include "learn/tta.h"
#include "stream/images.h"
#include "torch/shim.h"

struct mc_feed;

struct mc_feed_options {
	/* Borrowed; not used for features, and may then be NULL. */
	const struct mc_preprocess *preprocess;
	size_t batch;		/* images per batch, at least 1 */
	int threads;		/* that decode, at least 1 */
	/*
	 * Batches to decode while the caller works with another.  0 suits a
	 * network on the CPU, which needs all of it; 2 a network on a GPU.
	 * Unless it is 0, pixels go to the device as bytes and are normalised
	 * there; the values are the same.
	 */
	size_t ahead;
	/* Whether mc_feed_sha256 and mc_feed_resized are wanted. */
	bool digests, resized;
	/* Of an image tar: the views of each image, borrowed; NULL: one. */
	const struct mc_tta *tta;
	/*
	 * Whether the row on which IMAGES stands is wanted; the others are
	 * never decoded.  An error may be returned instead.  NULL: all.
	 */
	enum mc_status (*want)(const struct mc_images *images, bool *wanted,
	    void *arg, struct mc_err *err);
	/*
	 * Called, by mc_feed_next, for each image that cannot be decoded, which
	 * is then left out.  NULL: it is an error.
	 */
	void (*bad)(const char *id, const char *why, void *arg);
	void *arg;
};

/* In what form an image is kept, from the smallest to the fastest. */
enum mc_keep {
	MC_KEEP_ENCODED,	/* the bytes of its file */
	MC_KEEP_RESIZED,	/* resized: width x height x 3 bytes, R G B */
	MC_KEEP_PIXELS,		/* the crop: crop x crop x 3 bytes, R G B */
	MC_KEEP_FEATURES	/* of a frozen backbone: dim floats */
};

/* Images that were read once and are kept. */
struct mc_kept {
	enum mc_keep form;
	size_t dim;			/* of MC_KEEP_FEATURES; else 0 */
	struct mc_records *records;	/* one per image */
	/* MC_KEEP_ENCODED: bits of a 16-bit sample; see mc_image_decode_bits */
	signed char *bits;
	int *width;		/* MC_KEEP_RESIZED: in pixels */
};

/*
 * How the images of a pass are augmented: each by mc_augment_draw with the seed
 * mc_stream_hash(SEED, "augment", EPOCH, its KEY).
 */
struct mc_augmentation {
	const struct mc_augment *words;
	uint64_t seed;
	int64_t epoch;
	const uint64_t *key;		/* of each image, in the pass's order */
};

/* A pass over IMAGES, borrowed.  The options are copied. */
struct mc_feed	*mc_feed_images(struct mc_images *images,
		    const struct mc_feed_options *options);

/*
 * Passes over images in KEPT, borrowed.  Of the options, digests, resized, want
 * and bad are not used.  mc_feed_start begins each pass.
 */
struct mc_feed	*mc_feed_kept(const struct mc_kept *kept,
		    const struct mc_feed_options *options);
void		 mc_feed_free(struct mc_feed *f);

/*
 * Begin a pass over the N images INDEX of what is kept, in this order, augmented
 * by HOW, or as they are if HOW is NULL.  INDEX, and what HOW points to, must
 * live until the pass ends.  Words that cut from the resized image need
 * MC_KEEP_ENCODED or MC_KEEP_RESIZED.
 */
void		 mc_feed_start(struct mc_feed *f, const size_t *index,
		    size_t n, const struct mc_augmentation *how);

/*
 * Go to the next batch: MC_OK with at least one image; MC_END when there are no
 * more, of a tar only if it was whole; or an error.
 */
enum mc_status	 mc_feed_next(struct mc_feed *f, struct mc_err *err)
		    MC_MUST_CHECK;

/* --- The present batch ------------------------------------------------------ */

/* How many images it has. */
size_t		 mc_feed_count(const struct mc_feed *f);

/*
 * The batch as a temporary of T, float32: n x 3 x crop x crop, normalised, or
 * n x dim for features, of a tar or kept.
 */
struct mc_tensor *mc_feed_tensor(const struct mc_feed *f, struct mc_torch *t);

/* The same of view V of each image, from 0 (options.tta). */
struct mc_tensor *mc_feed_view(const struct mc_feed *f, struct mc_torch *t,
		    size_t v);

/*
 * Of image I: its crop, crop x crop x 3 bytes, R G B; of an image tar also the
 * resized image.
 */
const unsigned char *mc_feed_pixels(const struct mc_feed *f, size_t i);
const struct mc_image *mc_feed_resized(const struct mc_feed *f, size_t i);

/* The index of image I in what is kept. */
size_t		 mc_feed_index(const struct mc_feed *f, size_t i);

/*
 * Of image I of a tar: its field in a column of the manifest ("" if COLUMN is
 * -1), the bytes of its file (or its features: dim floats), the SHA-256 of its
 * file, and the bits of a 16-bit sample.
 */
const char	*mc_feed_get(const struct mc_feed *f, size_t i, int column);
const void	*mc_feed_bytes(const struct mc_feed *f, size_t i, size_t *n);
const char	*mc_feed_sha256(const struct mc_feed *f, size_t i);
int		 mc_feed_bits(const struct mc_feed *f, size_t i);

/*
 * Whether the N values of each image of the batch, at VALUES, are finite; if
 * not, MC_EDATA with the id of the first such image, which
 * mc_feed_not_finite sets for image I.
 */
enum mc_status	 mc_feed_check_finite(const struct mc_feed *f,
		    const float *values, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 mc_feed_not_finite(const struct mc_feed *f, size_t i,
		    struct mc_err *err);

/* --- A pass over a tar, so far ---------------------------------------------- */

/* Rows read, rows not wanted, images left out as bad. */
int64_t		 mc_feed_taken(const struct mc_feed *f);
int64_t		 mc_feed_unwanted(const struct mc_feed *f);
int64_t		 mc_feed_bad(const struct mc_feed *f);

#endif
