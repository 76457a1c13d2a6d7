/*
 * images.c - read the rows of image tars, features tars and shards, also with a
 * manifest in the place of theirs.
 *
 * tar_series.c goes from tar to tar; image_tar.c reads one of them.
 */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stream/given_manifest.h"
#include "stream/image_tar.h"
#include "stream/images.h"
#include "stream/tar_series.h"

struct mc_images {
	struct mc_series *series;
	bool narrow;			/* the tars are a part of several */
	int64_t skipped;		/* rows without image */

	struct mc_given *given;		/* NULL: the manifest is the tar's */
	int64_t left;			/* images whose id it does not have */
};

/* The present tar. */
static const struct mc_image_tar *
tar(const struct mc_images *im)
{
	return mc_series_tar(im->series);
}

enum mc_status
mc_images_open_all(struct mc_images **result, const char *const *paths,
    size_t n, struct mc_err *err)
{
	struct mc_images *im = mc_xcalloc(1, sizeof(*im));
	enum mc_status status = mc_series_open(&im->series, paths, n, err);

	*result = NULL;
	if (status != MC_OK) {
		mc_images_close(im);
		return status;
	}
	*result = im;
	return MC_OK;
}

enum mc_status
mc_images_open(struct mc_images **im, const char *path, struct mc_err *err)
{
	return mc_images_open_all(im, &path, path != NULL, err);
}

void
mc_images_close(struct mc_images *im)
{
	if (im == NULL)
		return;
	mc_series_close(im->series);
	mc_given_close(im->given);
	free(im);
}

void
mc_images_narrow(struct mc_images *im, size_t first, size_t n)
{
	im->narrow = true;
	mc_series_narrow(im->series, first, n);
}

void
mc_images_mix(struct mc_images *im)
{
	mc_series_mix(im->series);
}

const char *
mc_images_name(const struct mc_images *im)
{
	return mc_series_name(im->series);
}

const struct mc_keyvalue *
mc_images_about(const struct mc_images *im)
{
	return mc_image_tar_about(tar(im));
}

size_t
mc_images_dim(const struct mc_images *im)
{
	return mc_image_tar_dim(tar(im));
}

const char *
mc_images_manifest_name(const struct mc_images *im)
{
	return im->given != NULL ? mc_given_name(im->given) :
	    mc_images_name(im);
}

/* --- Columns ---------------------------------------------------------------- */

/* Which of the tar's own columns COLUMN is; -1: it is the given manifest's. */
static int
to_own(const struct mc_images *im, size_t column)
{
	return im->given != NULL ? mc_given_own(im->given, column) :
	    (int)column;
}

size_t
mc_images_columns(const struct mc_images *im)
{
	return im->given != NULL ? mc_given_columns(im->given) :
	    mc_image_tar_columns(tar(im));
}

const char *
mc_images_column(const struct mc_images *im, size_t column)
{
	return im->given != NULL ? mc_given_column(im->given, column) :
	    mc_image_tar_column(tar(im), column);
}

int
mc_images_find(const struct mc_images *im, const char *name)
{
	size_t i;

	for (i = 0; i < mc_images_columns(im); i++) {
		if (strcmp(mc_images_column(im, i), name) == 0)
			return (int)i;
	}
	return -1;
}

bool
mc_images_empty(const struct mc_images *im, size_t column)
{
	int own = to_own(im, column);

	return own < 0 ? mc_given_empty(im->given, column) :
	    mc_image_tar_empty(tar(im), (size_t)own);
}

const char *
mc_images_get(const struct mc_images *im, size_t column)
{
	int own = to_own(im, column);

	return own < 0 ? mc_given_get(im->given, column) :
	    mc_image_tar_get(tar(im), (size_t)own);
}

/* --- What is known of all --------------------------------------------------- */

const void *
mc_images_bytes(const struct mc_images *im, size_t *n)
{
	return mc_image_tar_bytes(tar(im), n);
}

void
mc_images_sha256(const struct mc_images *im, char hex[MC_SHA256_HEX])
{
	mc_image_tar_digest(tar(im), hex);
}

int64_t
mc_images_rows(const struct mc_images *im)
{
	return mc_series_is_several(im->series) ? -1 :
	    mc_image_tar_rows(tar(im));
}

int64_t
mc_images_skipped(const struct mc_images *im)
{
	return im->skipped + mc_series_bad(im->series);
}

const char *
mc_images_manifest_sha256(const struct mc_images *im)
{
	return im->given != NULL ? mc_given_digest(im->given) :
	    mc_series_sha256(im->series);
}

char *
mc_images_missing(struct mc_images *im)
{
	return mc_series_missing(im->series);
}

char *
mc_images_uneven(struct mc_images *im)
{
	return mc_series_uneven(im->series);
}

char *
mc_images_unlabelled(const struct mc_images *im)
{
	return im->given != NULL ? NULL : mc_series_unlabelled(im->series);
}

char *
mc_images_not_there(const struct mc_images *im)
{
	const char *id;
	size_t n = im->given != NULL && !im->narrow ?
	    mc_given_missing(im->given, &id) : 0;

	return n == 0 ? NULL : mc_xasprintf("%s: %zu of %zu ids are not in "
	    "%s, such as \"%s\"", mc_given_name(im->given), n,
	    mc_given_rows(im->given), mc_images_name(im), id);
}

int64_t
mc_images_left(const struct mc_images *im)
{
	return im->left;
}

/* --- A manifest in the place of the tar's ----------------------------------- */

enum mc_status
mc_images_give(struct mc_images *im, const char *path, struct mc_err *err)
{
	size_t n = mc_image_tar_columns(tar(im)), c;
	const char **own = mc_xcalloc(n, sizeof(*own));
	enum mc_status status;

	for (c = 0; c < n; c++)
		own[c] = mc_image_tar_column(tar(im), c);
	status = mc_given_open(&im->given, path, own, n, err);
	free(own);
	return status;
}

/* Whether the image is the one of which the given manifest's row speaks. */
static enum mc_status
check_given(const struct mc_images *im, struct mc_err *err)
{
	const char *want = mc_given_sha256(im->given);
	char hex[MC_SHA256_HEX];

	if (*want == '\0')
		return MC_OK;
	mc_images_sha256(im, hex);
	return strcasecmp(hex, want) == 0 ? MC_OK : mc_err_set(err, MC_EDATA,
	    "%s: the image of \"%s\" has another sha256 in %s: they are not "
	    "of the same images", mc_images_name(im), mc_image_tar_id(tar(im)),
	    mc_given_name(im->given));
}

/* Go to the next row; count the rows without image that are wanted. */
static enum mc_status
next_row(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status = mc_series_next(im->series, err);
	const char *id;

	while ((id = mc_series_missed(im->series)) != NULL) {
		if (im->given == NULL || mc_given_find(im->given, id))
			im->skipped++;
	}
	return status;
}

enum mc_status
mc_images_next(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status;
	const char *id;

	for (;;) {
		status = next_row(im, err);
		if (status != MC_OK || im->given == NULL)
			break;
		if (mc_given_find(im->given, mc_image_tar_id(tar(im))))
			return check_given(im, err);
		im->left++;
	}
	if (status == MC_END && im->given != NULL && !im->narrow &&
	    mc_given_missing(im->given, &id) == mc_given_rows(im->given))
		return mc_err_set(err, MC_EDATA, "%s: none of its ids is in "
		    "%s, such as \"%s\"", mc_given_name(im->given),
		    mc_images_name(im), id);
	return status;
}
