/*
 * images.c - read image tars, features tars and WebDataset shards.
 *
 * Of an image tar the manifest and the members are walked in step; features.c
 * and shard.c read the others.  Memory holds one image at a time.
 */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/names.h"
#include "base/num.h"
#include "stream/end_member.h"
#include "stream/features.h"
#include "stream/given_manifest.h"
#include "stream/images.h"
#include "stream/shard.h"
#include "stream/shard_list.h"
#include "stream/spooled_manifest.h"
#include "table/grey_levels.h"

struct mc_images {
	struct mc_tar_reader *tar;
	struct mc_buf bytes;		/* of the present image, or features */
	int64_t seen;			/* images so far */

	/* An image tar's, or that of the features; NULL: a foreign shard. */
	struct mc_spooled *manifest;
	size_t columns;
	int64_t n_missed;		/* rows without image */

	/* An image tar. */
	char sha256[MC_SHA256_HEX];	/* of the manifest */
	int file_sha256, source_sha256;	/* columns; -1: none */
	char image_sha256[MC_SHA256_HEX];	/* of the present image's file;
						   "": of bytes */
	struct mc_sha256 *digest;
	struct mc_buf missed;		/* ids without image, NUL-terminated */

	struct mc_features *features;	/* NULL: no features tar */
	struct mc_shard *shard;		/* NULL: no foreign shard */

	struct mc_shard_list shards;	/* that have been read */
	struct mc_names *ids;		/* of all tars; NULL: a shard's keys */
	struct series *series;		/* NULL: this is the only tar */

	struct mc_given *given;		/* NULL: the manifest is the tar's */
	int64_t left;			/* images whose id it does not have */
	int64_t left_bad;		/* rows without image, likewise */
};

/* Several tars that are read one after another. */
struct series {
	const char *const *path;
	size_t n, opened;
	char **name;			/* of each that was opened */
	char *all;			/* the name of all; NULL: not at the end */
	struct mc_buf digests;		/* of the manifests read, one per line */
	char sha256[MC_SHA256_HEX];	/* of those */
	bool foreign;			/* a shard among them: no digest */
	int64_t n_missed;		/* rows without image, in those */
	struct mc_grey before, present;	/* grey levels of the tars before this,
					   and of this one */
	bool mixes;			/* other grey levels are let through */
};

static const char *const foreign_columns[] = { "id", "label" };

/* The present member, __manifest__, is an image tar's first. */
static enum mc_status
start_own(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status;

	im->digest = mc_sha256_alloc();
	status = mc_spooled_open(&im->manifest, im->tar, im->digest, err);
	if (status != MC_OK)
		return status;
	mc_sha256_hex(mc_sha256_copy(im->digest), im->sha256);
	im->columns = mc_spooled_columns(im->manifest);
	im->file_sha256 = mc_spooled_find(im->manifest, "sha256");
	im->source_sha256 = mc_spooled_find(im->manifest, "source_sha256");
	return MC_OK;
}

/* The present member, __features__, is a features tar's first. */
static enum mc_status
start_features(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status = mc_features_open(&im->features, im->tar, err);
	const char *bad;
	struct mc_err why;

	if (status != MC_OK)
		return status;
	im->manifest = mc_features_manifest(im->features);
	im->columns = mc_spooled_columns(im->manifest) - 1;
	bad = mc_keyvalue_get(mc_images_about(im), "images_bad", 0);
	if (bad == NULL || mc_parse_i64(bad, 0, INT64_MAX, &im->n_missed,
	    &why) == MC_OK)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: " MC_FEATURES_MEMBER
	    ": images_bad: %s", mc_tar_name(im->tar), why.text);
}

static void
free_series(struct series *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->opened; i++)
		free(s->name[i]);
	free(s->name);
	free(s->all);
	mc_buf_free(&s->digests);
	mc_grey_clear(&s->before);
	mc_grey_clear(&s->present);
	free(s);
}

enum mc_status
mc_images_open(struct mc_images **result, const char *path, struct mc_err *err)
{
	struct mc_images *im = mc_xcalloc(1, sizeof(*im));
	enum mc_status status;
	const char *member;

	*result = NULL;
	status = mc_tar_open(&im->tar, path, err);
	if (status == MC_OK)
		status = mc_tar_next(im->tar, &member, err);
	if (status == MC_END)
		status = mc_err_set(err, MC_EDATA, "%s: a tar without members",
		    mc_tar_name(im->tar));
	if (status == MC_OK && strcmp(member, MC_MANIFEST_MEMBER) == 0)
		status = start_own(im, err);
	else if (status == MC_OK && strcmp(member, MC_FEATURES_MEMBER) == 0)
		status = start_features(im, err);
	else if (status == MC_OK)
		status = mc_shard_open(&im->shard, im->tar, member, err);
	if (status != MC_OK)
		mc_images_close(im);
	else
		*result = im;
	return status;
}

void
mc_images_close(struct mc_images *im)
{
	if (im == NULL)
		return;
	mc_shard_close(im->shard);
	if (im->features == NULL)
		mc_spooled_close(im->manifest);
	mc_features_close(im->features);
	mc_tar_close(im->tar);
	mc_names_free(im->ids);
	mc_shard_list_clear(&im->shards);
	mc_given_close(im->given);
	free_series(im->series);
	mc_sha256_free(im->digest);
	mc_buf_free(&im->bytes);
	mc_buf_free(&im->missed);
	free(im);
}

const char *
mc_images_name(const struct mc_images *im)
{
	const struct series *s = im->series;

	if (s == NULL)
		return mc_tar_name(im->tar);
	return s->all != NULL ? s->all : s->name[s->opened - 1];
}

const struct mc_keyvalue *
mc_images_about(const struct mc_images *im)
{
	return im->features != NULL ? mc_features_about(im->features) : NULL;
}

size_t
mc_images_dim(const struct mc_images *im)
{
	return im->features != NULL ? mc_features_dim(im->features) : 0;
}

const char *
mc_images_manifest_name(const struct mc_images *im)
{
	return im->given != NULL ? mc_given_name(im->given) :
	    mc_images_name(im);
}

/* --- Columns ---------------------------------------------------------------- */

/* The tar's own columns: how many, and their names. */
static size_t
own_columns(const struct mc_images *im)
{
	return im->manifest != NULL ? im->columns : 2;
}

static const char *
own_column(const struct mc_images *im, size_t column)
{
	return im->manifest != NULL ? mc_spooled_column(im->manifest, column) :
	    foreign_columns[column];
}

static const char *
own_get(const struct mc_images *im, size_t column)
{
	if (im->manifest != NULL)
		return mc_spooled_get(im->manifest, column);
	return column == 0 ? mc_shard_key(im->shard) :
	    mc_shard_label(im->shard);
}

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
	    own_columns(im);
}

const char *
mc_images_column(const struct mc_images *im, size_t column)
{
	return im->given != NULL ? mc_given_column(im->given, column) :
	    own_column(im, column);
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

	if (own < 0)
		return mc_given_empty(im->given, column);
	return im->manifest != NULL && mc_spooled_empty(im->manifest,
	    (size_t)own);
}

const char *
mc_images_get(const struct mc_images *im, size_t column)
{
	int own = to_own(im, column);

	return own < 0 ? mc_given_get(im->given, column) :
	    own_get(im, (size_t)own);
}

/* --- What is known of all --------------------------------------------------- */

const void *
mc_images_bytes(const struct mc_images *im, size_t *n)
{
	*n = im->bytes.len;
	return im->bytes.data;
}

void
mc_images_sha256(const struct mc_images *im, char hex[MC_SHA256_HEX])
{
	if (im->features != NULL)
		memcpy(hex, mc_features_sha256(im->features), MC_SHA256_HEX);
	else if (im->image_sha256[0] != '\0')
		memcpy(hex, im->image_sha256, MC_SHA256_HEX);
	else
		mc_sha256_bytes(im->bytes.data, im->bytes.len, hex);
}

int64_t
mc_images_rows(const struct mc_images *im)
{
	return im->series == NULL && im->manifest != NULL ?
	    mc_spooled_rows(im->manifest) : -1;
}

int64_t
mc_images_skipped(const struct mc_images *im)
{
	return im->n_missed - im->left_bad +
	    (im->series != NULL ? im->series->n_missed : 0);
}

const char *
mc_images_manifest_sha256(const struct mc_images *im)
{
	const char *recorded;

	if (im->given != NULL)
		return mc_given_digest(im->given);
	if (im->series != NULL)
		return im->series->sha256;
	if (im->features == NULL)
		return im->sha256;
	recorded = mc_keyvalue_get(mc_images_about(im), "manifest_sha256", 0);
	return recorded != NULL ? recorded : "";
}

char *
mc_images_missing(struct mc_images *im)
{
	return mc_shard_list_missing(&im->shards);
}

char *
mc_images_not_there(const struct mc_images *im)
{
	const char *id;
	size_t n = im->given != NULL ? mc_given_missing(im->given, &id) : 0;

	return n == 0 ? NULL : mc_xasprintf("%s: %zu of %zu ids are not in "
	    "%s, such as \"%s\"", mc_given_name(im->given), n,
	    mc_given_rows(im->given), mc_images_name(im), id);
}

int64_t
mc_images_left(const struct mc_images *im)
{
	return im->left;
}

/* --- An image tar ----------------------------------------------------------- */

/* Note that the manifest's present row has no image. */
static void
miss_row(struct mc_images *im)
{
	const char *id = mc_spooled_id(im->manifest);

	mc_buf_add(&im->missed, id, strlen(id) + 1);
	im->n_missed++;
	if (im->given != NULL && !mc_given_find(im->given, id))
		im->left_bad++;
}

/* Check that the ids without image are those that __end__ names. */
static enum mc_status
check_skipped(const struct mc_images *im, const struct mc_keyvalue *end,
    struct mc_err *err)
{
	const char *tar = mc_tar_name(im->tar), *skipped;
	const char *id = im->missed.data;
	size_t i;

	for (i = 0; i < (size_t)im->n_missed; i++, id += strlen(id) + 1) {
		skipped = mc_keyvalue_get(end, "skipped", i);
		if (skipped == NULL || strcmp(skipped, id) != 0)
			return mc_err_set(err, MC_EDATA,
			    "%s: no image for the id \"%s\"", tar, id);
	}
	skipped = mc_keyvalue_get(end, "skipped", i);
	if (skipped != NULL)
		return mc_err_set(err, MC_EDATA, "%s: the skipped id \"%s\" "
		    "is not in the manifest, or has an image", tar, skipped);
	return MC_OK;
}

/* Compare what was read with what __end__ says. */
static enum mc_status
compare_end(struct mc_images *im, const struct mc_keyvalue *end,
    struct mc_err *err)
{
	const char *tar = mc_tar_name(im->tar);
	struct mc_sha256 *digest = im->digest;
	enum mc_status status;
	char count[32];

	if (!mc_end_says(end, "format", MC_IMAGES_FORMAT))
		return mc_err_set(err, MC_EDATA, "%s: its format is not "
		    MC_IMAGES_FORMAT ", which this version reads: pack it "
		    "again", tar);
	status = check_skipped(im, end, err);
	if (status != MC_OK)
		return status;
	snprintf(count, sizeof(count), "%lld", (long long)im->seen);
	if (!mc_end_says(end, "images", count))
		return mc_err_set(err, MC_EDATA,
		    "%s: holds %s image%s, but its end says otherwise", tar,
		    count, MC_PLURAL(im->seen));
	mc_shard_list_add(&im->shards, tar, end);
	im->digest = NULL;
	return mc_end_check(im->tar, end, digest, err);
}

/* At __end__: the rows that are left have no image; see that all is whole. */
static enum mc_status
end_own(struct mc_images *im, struct mc_err *err)
{
	struct mc_keyvalue *end = NULL;
	enum mc_status status;

	while ((status = mc_spooled_next(im->manifest, err)) == MC_OK)
		miss_row(im);
	if (status == MC_END)
		status = mc_end_read(im->tar, &end, err);
	if (status == MC_OK)
		status = compare_end(im, end, err);
	mc_keyvalue_free(end);
	return status == MC_OK ? MC_END : status;
}

/* Whether MEMBER is the image of the row that the manifest stands on. */
static bool
names_row(const struct mc_images *im, const char *member)
{
	char *name = mc_member_name(mc_spooled_id(im->manifest), "");
	size_t n = strlen(name);
	bool same = strncmp(member, name, n) == 0 &&
	    strchr(member + n, '/') == NULL && member[n] != '\0';

	free(name);
	return same;
}

/* The present row's field in COLUMN; "" where there is no such column. */
static const char *
field(const struct mc_images *im, int column)
{
	return column < 0 ? "" : mc_spooled_get(im->manifest, (size_t)column);
}

/*
 * Note the digest of the present image, or that of the file it was made of,
 * where its row has one; check what can be checked.
 */
static enum mc_status
check_digests(struct mc_images *im, struct mc_err *err)
{
	const char *want = field(im, im->file_sha256);
	const char *source = field(im, im->source_sha256);
	size_t i;

	im->image_sha256[0] = '\0';
	if (*want != '\0')
		mc_sha256_bytes(im->bytes.data, im->bytes.len,
		    im->image_sha256);
	if (strcasecmp(im->image_sha256, want) != 0)
		return mc_err_set(err, MC_EDATA, "%s: the image of \"%s\" "
		    "does not match the manifest's sha256: pack it again",
		    mc_tar_name(im->tar), mc_spooled_id(im->manifest));
	if (*source == '\0')
		return MC_OK;
	if (strlen(source) != MC_SHA256_HEX - 1 || strspn(source,
	    "0123456789abcdefABCDEF") != MC_SHA256_HEX - 1)
		return mc_err_set(err, MC_EDATA, "%s: the image of \"%s\": "
		    "source_sha256: \"%s\" is not a SHA-256",
		    mc_tar_name(im->tar), mc_spooled_id(im->manifest), source);
	for (i = 0; i < MC_SHA256_HEX; i++)
		im->image_sha256[i] = source[i] >= 'A' && source[i] <= 'F' ?
		    (char)(source[i] - 'A' + 'a') : source[i];
	return MC_OK;
}

static enum mc_status
next_own(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status;
	const char *member;

	do {
		status = mc_tar_next(im->tar, &member, err);
		if (status == MC_END)
			return mc_end_missing(im->tar, err);
		if (status != MC_OK)
			return status;
		if (strcmp(member, MC_END_MEMBER) == 0)
			return end_own(im, err);
	} while (mc_tar_is_special(member));
	for (;;) {
		status = mc_spooled_next(im->manifest, err);
		if (status == MC_END)
			return mc_err_set(err, MC_EDATA, "%s: member \"%s\" "
			    "is not in the manifest, or not in its order",
			    mc_tar_name(im->tar), member);
		if (status != MC_OK)
			return status;
		if (names_row(im, member))
			break;
		miss_row(im);
	}
	status = mc_tar_read(im->tar, mc_max_image_bytes(), &im->bytes, err);
	if (status == MC_OK)
		status = check_digests(im, err);
	if (status == MC_OK)
		mc_sha256_add(im->digest, im->bytes.data, im->bytes.len);
	return status;
}

static enum mc_status
next_of_tar(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status;

	if (im->features != NULL)
		status = mc_features_next(im->features, &im->bytes, err);
	else if (im->shard != NULL)
		status = mc_shard_next(im->shard, &im->bytes, err);
	else
		status = next_own(im, err);
	if (status == MC_OK)
		im->seen++;
	if (status == MC_END && im->seen == 0 && im->n_missed == 0)
		return mc_err_set(err, MC_EDATA, "%s: contains no image",
		    mc_tar_name(im->tar));
	return status;
}

/* --- Several tars ----------------------------------------------------------- */

/* Whether NEXT can be read after IM. */
static enum mc_status
check_alike(const struct mc_images *im, const struct mc_images *next,
    struct mc_err *err)
{
	size_t n = own_columns(im), c;

	if (im->features != NULL || next->features != NULL)
		return mc_err_set(err, MC_EDATA, "%s: features are read from "
		    "one tar: give mc-embed all image tars at once",
		    mc_tar_name(next->tar));
	for (c = 0; c < n && c < own_columns(next); c++) {
		if (strcmp(own_column(im, c), own_column(next, c)) != 0)
			break;
	}
	if (c == n && n == own_columns(next))
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: its columns are not those of %s",
	    mc_tar_name(next->tar), im->series->name[0]);
}

/* The present tar was whole: go to the next one. */
static enum mc_status
open_next(struct mc_images *im, struct mc_err *err)
{
	struct series *s = im->series;
	struct mc_images *next, old;
	enum mc_status status;

	status = mc_images_open(&next, s->path[s->opened], err);
	if (status != MC_OK)
		return status;
	status = check_alike(im, next, err);
	if (status != MC_OK) {
		mc_images_close(next);
		return status;
	}
	s->name[s->opened++] = mc_xstrdup(mc_tar_name(next->tar));
	old = *im;
	*im = *next;
	*next = old;
	next->series = NULL;
	im->series = s;
	im->ids = next->ids;
	next->ids = NULL;
	im->shards = next->shards;
	next->shards = (struct mc_shard_list){ 0 };
	im->given = next->given;
	next->given = NULL;
	im->left = next->left;
	im->left_bad = next->left_bad;
	mc_images_close(next);
	return MC_OK;
}

/* Add up what the present tar, which has ended, was. */
static void
end_tar(struct mc_images *im)
{
	struct series *s = im->series;
	size_t i;

	mc_buf_printf(&s->digests, "%s\n", im->sha256);
	for (i = 0; i < s->present.n; i++)
		mc_grey_add(&s->before, s->present.value[i]);
	s->foreign |= im->shard != NULL;
	s->n_missed += im->n_missed;
	im->n_missed = 0;
	if (s->opened < s->n)
		return;
	if (!s->foreign)
		mc_sha256_bytes(s->digests.data, s->digests.len, s->sha256);
	s->all = mc_xasprintf("%s and %zu more", s->name[0], s->n - 1);
}

/* See that all tars are there, before the first is read. */
static enum mc_status
find_all(const char *const *paths, size_t n, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(paths[i], "-") != 0 && access(paths[i], F_OK) != 0)
			return mc_err_errno(err, "%s", paths[i]);
	}
	return MC_OK;
}

enum mc_status
mc_images_open_all(struct mc_images **im, const char *const *paths, size_t n,
    struct mc_err *err)
{
	enum mc_status status = find_all(paths, n, err);
	struct series *s;

	*im = NULL;
	if (status == MC_OK)
		status = mc_images_open(im, n > 0 ? paths[0] : NULL, err);
	if (status != MC_OK)
		return status;
	/* A shard finds a key that occurs again itself. */
	if (n > 1 || (*im)->shard == NULL)
		(*im)->ids = mc_names_alloc();
	if (n < 2)
		return MC_OK;
	s = (*im)->series = mc_xcalloc(1, sizeof(*s));
	s->path = paths;
	s->n = n;
	s->name = mc_xcalloc(n, sizeof(*s->name));
	s->name[s->opened++] = mc_xstrdup(mc_tar_name((*im)->tar));
	return MC_OK;
}

static const char *
present_id(const struct mc_images *im)
{
	return im->shard != NULL ? mc_shard_key(im->shard) :
	    mc_spooled_id(im->manifest);
}

/* An id names one image, in one tar and in several. */
static enum mc_status
check_id(struct mc_images *im, struct mc_err *err)
{
	size_t n = mc_names_count(im->ids);
	const char *id = present_id(im);

	return mc_names_copy(im->ids, id) == n ? MC_OK : mc_err_set(err, MC_EDATA,
	    "%s: the id \"%s\" was read before: each image needs an id of its "
	    "own", mc_tar_name(im->tar), id);
}

/*
 * Compare how the grey levels of the present image were made with those of the
 * tars before it.
 */
static enum mc_status
check_grey(struct mc_images *im, struct mc_err *err)
{
	struct series *s = im->series;
	int column = im->manifest == NULL ? -1 :
	    mc_spooled_find(im->manifest, MC_GREY_COLUMN);
	const char *field = column < 0 ? "" :
	    mc_spooled_get(im->manifest, (size_t)column), *other;
	struct mc_buf option = { 0 };

	if (!mc_grey_is(field))
		return MC_OK;
	mc_grey_add(&s->present, field);
	other = s->mixes || mc_grey_has(&s->before, field) ? NULL :
	    mc_grey_other(&s->before, field);
	if (other == NULL)
		return MC_OK;
	mc_grey_option(other, &option);
	mc_err_set(err, MC_EDATA, "%s: id \"%s\": its grey levels are made by "
	    "%s, those of a tar before it by %s: pack this tar with mc-pack %s, "
	    "or give --allow-other-levels", mc_tar_name(im->tar),
	    mc_spooled_id(im->manifest), field, other, option.data);
	mc_buf_free(&option);
	return MC_EDATA;
}

void
mc_images_mix(struct mc_images *im)
{
	if (im->series != NULL)
		im->series->mixes = true;
}

static enum mc_status
next_row(struct mc_images *im, struct mc_err *err)
{
	struct series *s = im->series;
	enum mc_status status;

	if (s != NULL && s->all != NULL)
		return MC_END;
	while ((status = next_of_tar(im, err)) == MC_END && s != NULL) {
		end_tar(im);
		if (s->opened == s->n)
			break;
		status = open_next(im, err);
		if (status != MC_OK)
			break;
	}
	if (status == MC_OK && s != NULL)
		status = check_grey(im, err);
	return status == MC_OK && im->ids != NULL ? check_id(im, err) : status;
}

/* --- A manifest in the place of the tar's ----------------------------------- */

enum mc_status
mc_images_give(struct mc_images *im, const char *path, struct mc_err *err)
{
	size_t n = own_columns(im), c;
	const char **own = mc_xcalloc(n, sizeof(*own));
	enum mc_status status;

	for (c = 0; c < n; c++)
		own[c] = own_column(im, c);
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
	    "of the same images", mc_images_name(im), present_id(im),
	    mc_given_name(im->given));
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
		if (mc_given_find(im->given, present_id(im)))
			return check_given(im, err);
		im->left++;
	}
	if (status == MC_END && im->given != NULL &&
	    mc_given_missing(im->given, &id) == mc_given_rows(im->given))
		return mc_err_set(err, MC_EDATA, "%s: none of its ids is in "
		    "%s, such as \"%s\"", mc_given_name(im->given),
		    mc_images_name(im), id);
	return status;
}
