/*
 * loader.h - load an image tar in batches, decoded, resized and cropped.
 *
 * One pass from first to last; the images of a batch are decoded on several
 * threads, in the memory of one batch.
 */
#ifndef MC_LOADER_H
#define MC_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "image/preprocess.h"
#include "stream/images.h"
#include "torch/shim.h"

struct mc_loader;

struct mc_loader_options {
	const struct mc_preprocess *preprocess;	/* borrowed */
	size_t batch;		/* images per batch, at least 1 */
	int threads;		/* that decode */
	/*
	 * Whether the row that IMAGES stands on is wanted; those that are not
	 * are never decoded.  An error may be returned instead.  NULL: all.
	 */
	enum mc_status (*want)(const struct mc_images *images, bool *wanted,
	    void *arg, struct mc_err *err);
	/*
	 * Called for an image that cannot be decoded, which is then left out.
	 * NULL: it is an error.
	 */
	void (*bad)(const char *id, const char *why, void *arg);
	void *arg;
};

/* A pass over IMAGES, which stays the caller's.  The options are copied. */
struct mc_loader *mc_loader_alloc(struct mc_images *images,
		    const struct mc_loader_options *options);
void		 mc_loader_free(struct mc_loader *l);

/*
 * Load the next batch: MC_OK with at least one image, MC_END when the stream
 * has ended whole, or an error.
 */
enum mc_status	 mc_loader_next(struct mc_loader *l, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The present batch: its n images; the field of image I in a column of the
 * manifest ("" where COLUMN is -1); the crops, n x crop x crop x 3 bytes.
 */
size_t		 mc_loader_count(const struct mc_loader *l);
const char	*mc_loader_get(const struct mc_loader *l, size_t i,
		    int column);
const unsigned char *mc_loader_rgb(const struct mc_loader *l);

/* The SHA-256 of the bytes of image I of the batch, as in the tar. */
void		 mc_loader_sha256(const struct mc_loader *l, size_t i,
		    char hex[MC_SHA256_HEX]);

/*
 * Whether the N values of each image of the batch, at VALUES, are finite; else
 * MC_EDATA with the first image's id, as mc_loader_not_finite sets it for
 * image I.
 */
enum mc_status	 mc_loader_check_finite(const struct mc_loader *l,
		    const float *values, size_t n, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 mc_loader_not_finite(const struct mc_loader *l, size_t i,
		    struct mc_err *err);

/* The crops normalised: n x 3 x crop x crop, float32, a temporary of T. */
struct mc_tensor *mc_loader_tensor(struct mc_loader *l, struct mc_torch *t);

/* So far: rows taken from the tar, rows not wanted, images left out as bad. */
int64_t		 mc_loader_taken(const struct mc_loader *l);
int64_t		 mc_loader_unwanted(const struct mc_loader *l);
int64_t		 mc_loader_bad(const struct mc_loader *l);

#endif
