/*
 * features.h - write and read features tars.
 *
 *	__features__	keys and values: the network, its weights, preprocessing
 *	__manifest__	the manifest's rows that have features
 *	features.npy	float32, images x features, in the order of the rows
 *	__end__		format, images, digest
 *
 * Features that were computed once serve any number of trainings and
 * predictions.  The keys come first, so that a reader can refuse a stream
 * before it has read it.  The manifest has all columns of the image tar's and,
 * as its last one, image_sha256: the digest of each image's bytes.  That column
 * is not one of those that a reader shows, so that what is made of features has
 * the columns of what is made of the images.
 */
#ifndef MC_FEATURES_H
#define MC_FEATURES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/spooled_manifest.h"
#include "stream/tar.h"
#include "table/keyvalue.h"

#define MC_FEATURES_MEMBER	"__features__"

/* --- Writing --------------------------------------------------------------- */

struct mc_features_writer;

/*
 * Begin with the N_COLUMNS names at COLUMNS, those of the image tar's manifest,
 * and DIM features per image.  Rows wait in temporary files, since their number
 * comes before them in the tar.  MC_EDATA: a column image_sha256.  *W is NULL
 * on error.
 */
enum mc_status	 mc_features_create(struct mc_features_writer **w,
		    const char *const *columns, size_t n_columns, size_t dim,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Add an image: the fields of its row, the digest of its bytes and its
 * features, which are finite.
 */
enum mc_status	 mc_features_add(struct mc_features_writer *w,
		    const char *const *fields, const char *sha256,
		    const float *features, struct mc_err *err) MC_MUST_CHECK;

/*
 * Write the tar to F, which stays the caller's and is called NAME, and free W
 * in every case.  The keys format and dim are added to ABOUT.
 */
enum mc_status	 mc_features_finish(struct mc_features_writer *w, FILE *f,
		    const char *name, struct mc_keyvalue *about,
		    struct mc_err *err) MC_MUST_CHECK;
/* Free W without writing; NULL is allowed. */
void		 mc_features_abandon(struct mc_features_writer *w);

/* --- Reading (mc_images_open calls these) ---------------------------------- */

struct mc_features;

/*
 * Read TAR, borrowed, which is at its first member, __features__, up to the
 * first row.  MC_EDATA: another format, values that are not float32 in C order,
 * another number of rows than the manifest's.  *X is NULL on error;
 * mc_features_close ends it, and takes NULL.
 */
enum mc_status	 mc_features_open(struct mc_features **x,
		    struct mc_tar_reader *tar, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_features_close(struct mc_features *x);

/* The keys, and the features per image. */
const struct mc_keyvalue *mc_features_about(const struct mc_features *x);
size_t		 mc_features_dim(const struct mc_features *x);

/* The manifest with image_sha256, at the present row. */
struct mc_spooled *mc_features_manifest(struct mc_features *x);

/*
 * Check that the features of B were computed as those of A, the keys of two
 * features tars: by all keys but those that say of which images, how many at a time, and on
 * what machine.  MC_EDATA: KEY is X, not Y.
 */
enum mc_status	 mc_features_alike(const struct mc_keyvalue *a,
		    const struct mc_keyvalue *b, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Say on which different devices or with which libraries A and B were computed,
 * to be freed; NULL: on and with the same.
 */
char		*mc_features_uneven(const struct mc_keyvalue *a,
		    const struct mc_keyvalue *b);

/* The present row's digest. */
const char	*mc_features_sha256(const struct mc_features *x);

/*
 * Go to the next row, whose features are put into VALUES.  MC_END only if the
 * stream was whole.
 */
enum mc_status	 mc_features_next(struct mc_features *x, struct mc_buf *values,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
