/* image_tar.c - read one tar of images, of any of three kinds. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "stream/features.h"
#include "stream/image_tar.h"
#include "stream/own_tar.h"
#include "stream/shard.h"
#include "stream/spooled_manifest.h"
#include "stream/tar.h"

struct mc_image_tar {
	struct mc_tar_reader *tar;

	/* One of these. */
	struct mc_own_tar *own;
	struct mc_features *features;
	struct mc_shard *shard;

	struct mc_spooled *manifest;	/* the first two's; NULL: a shard */
	size_t columns;
	int64_t bad;			/* of features */
	bool any;			/* there was an image */
	struct mc_buf bytes;		/* of the present image, or features */
};

static const char *const foreign_columns[] = { "id", "label" };

/* The tars of mctools that have no images, by their first members. */
static const struct {
	const char *member, *what;
} others[] = {
	{ "__model__", "a model tar of mc-train" },
	{ "__checkpoint__", "a checkpoint of mc-train" },
	{ "__maps__", "a tar of maps of mc-explain" },
};

/* Check that a tar T whose first member is MEMBER may have images. */
static enum mc_status
check_kind(const struct mc_image_tar *t, const char *member,
    struct mc_err *err)
{
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(member, others[i].member) == 0)
			return mc_err_set(err, MC_EDATA, "%s: is %s: give the "
			    "image tar", mc_tar_name(t->tar), others[i].what);
	}
	return MC_OK;
}

/* The present member, __manifest__, is an image tar's first. */
static enum mc_status
start_own(struct mc_image_tar *t, struct mc_shard_list *shards,
    struct mc_err *err)
{
	enum mc_status status = mc_own_open(&t->own, t->tar, shards, err);

	if (status != MC_OK)
		return status;
	t->manifest = mc_own_manifest(t->own);
	t->columns = mc_spooled_columns(t->manifest);
	return MC_OK;
}

/* The present member, __features__, is a features tar's first. */
static enum mc_status
start_features(struct mc_image_tar *t, struct mc_shard_list *shards,
    struct mc_err *err)
{
	enum mc_status status = mc_features_open(&t->features, t->tar, err);
	const char *bad;
	struct mc_err why;

	if (status != MC_OK)
		return status;
	t->manifest = mc_features_manifest(t->features);
	t->columns = mc_spooled_columns(t->manifest) - 1;
	mc_shard_list_add_part(shards, mc_tar_name(t->tar),
	    mc_image_tar_about(t));
	bad = mc_keyvalue_get(mc_image_tar_about(t), "images_bad", 0);
	if (bad == NULL || mc_parse_i64(bad, 0, INT64_MAX, &t->bad,
	    &why) == MC_OK)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: " MC_FEATURES_MEMBER
	    ": images_bad: %s", mc_tar_name(t->tar), why.text);
}

enum mc_status
mc_image_tar_open(struct mc_image_tar **result, const char *path,
    struct mc_shard_list *shards, struct mc_err *err)
{
	struct mc_image_tar *t = mc_xcalloc(1, sizeof(*t));
	enum mc_status status;
	const char *member;

	*result = NULL;
	status = mc_tar_open(&t->tar, path, err);
	if (status == MC_OK)
		status = mc_tar_next(t->tar, &member, err);
	if (status == MC_END)
		status = mc_err_set(err, MC_EDATA, "%s: a tar without members",
		    mc_tar_name(t->tar));
	if (status == MC_OK)
		status = check_kind(t, member, err);
	if (status == MC_OK && strcmp(member, MC_MANIFEST_MEMBER) == 0)
		status = start_own(t, shards, err);
	else if (status == MC_OK && strcmp(member, MC_FEATURES_MEMBER) == 0)
		status = start_features(t, shards, err);
	else if (status == MC_OK)
		status = mc_shard_open(&t->shard, t->tar, member, err);
	if (status != MC_OK)
		mc_image_tar_close(t);
	else
		*result = t;
	return status;
}

void
mc_image_tar_close(struct mc_image_tar *t)
{
	if (t == NULL)
		return;
	mc_own_close(t->own);
	mc_features_close(t->features);
	mc_shard_close(t->shard);
	mc_tar_close(t->tar);
	mc_buf_free(&t->bytes);
	free(t);
}

/* --- The tar ---------------------------------------------------------------- */

const char *
mc_image_tar_name(const struct mc_image_tar *t)
{
	return mc_tar_name(t->tar);
}

bool
mc_image_tar_is_foreign(const struct mc_image_tar *t)
{
	return t->shard != NULL;
}

size_t
mc_image_tar_unlabelled(const struct mc_image_tar *t, const char **member)
{
	*member = NULL;
	return t->shard != NULL ? mc_shard_unlabelled(t->shard, member) : 0;
}

const struct mc_keyvalue *
mc_image_tar_about(const struct mc_image_tar *t)
{
	return t->features != NULL ? mc_features_about(t->features) : NULL;
}

size_t
mc_image_tar_dim(const struct mc_image_tar *t)
{
	return t->features != NULL ? mc_features_dim(t->features) : 0;
}

int64_t
mc_image_tar_bad(const struct mc_image_tar *t)
{
	return t->bad;
}

const char *
mc_image_tar_sha256(const struct mc_image_tar *t)
{
	const char *recorded = NULL;

	if (t->own != NULL)
		return mc_own_manifest_sha256(t->own);
	if (t->features != NULL)
		recorded = mc_keyvalue_get(mc_image_tar_about(t),
		    "manifest_sha256", 0);
	return recorded != NULL ? recorded : "";
}

size_t
mc_image_tar_columns(const struct mc_image_tar *t)
{
	return t->manifest != NULL ? t->columns : 2;
}

const char *
mc_image_tar_column(const struct mc_image_tar *t, size_t column)
{
	return t->manifest != NULL ? mc_spooled_column(t->manifest, column) :
	    foreign_columns[column];
}

int
mc_image_tar_find(const struct mc_image_tar *t, const char *name)
{
	size_t i, n = mc_image_tar_columns(t);

	for (i = 0; i < n; i++) {
		if (strcmp(mc_image_tar_column(t, i), name) == 0)
			return (int)i;
	}
	return -1;
}

/* Whether it is a part of several features tars, which may be empty. */
static bool
is_part(const struct mc_image_tar *t)
{
	return t->features != NULL && mc_keyvalue_get(mc_image_tar_about(t),
	    "shard", 0) != NULL;
}

bool
mc_image_tar_empty(const struct mc_image_tar *t, size_t column)
{
	if (is_part(t) && mc_image_tar_rows(t) == 0)
		return false;
	return t->manifest != NULL && mc_spooled_empty(t->manifest, column);
}

int64_t
mc_image_tar_rows(const struct mc_image_tar *t)
{
	return t->manifest != NULL ? mc_spooled_rows(t->manifest) : -1;
}

/* --- Its images ------------------------------------------------------------- */

enum mc_status
mc_image_tar_next(struct mc_image_tar *t, struct mc_err *err)
{
	enum mc_status status;

	if (t->features != NULL)
		status = mc_features_next(t->features, &t->bytes, err);
	else if (t->shard != NULL)
		status = mc_shard_next(t->shard, &t->bytes, err);
	else
		status = mc_own_next(t->own, &t->bytes, err);
	t->any |= status == MC_OK;
	if (status == MC_END && !t->any && t->bad == 0 && !is_part(t) &&
	    mc_image_tar_rows(t) <= 0)
		return mc_err_set(err, MC_EDATA, "%s: contains no image",
		    mc_tar_name(t->tar));
	return status;
}

const char *
mc_image_tar_missed(struct mc_image_tar *t)
{
	return t->own != NULL ? mc_own_missed(t->own) : NULL;
}

const char *
mc_image_tar_get(const struct mc_image_tar *t, size_t column)
{
	if (t->manifest != NULL)
		return mc_spooled_get(t->manifest, column);
	return column == 0 ? mc_shard_key(t->shard) :
	    mc_shard_label(t->shard);
}

const char *
mc_image_tar_id(const struct mc_image_tar *t)
{
	return t->manifest != NULL ? mc_spooled_id(t->manifest) :
	    mc_shard_key(t->shard);
}

const void *
mc_image_tar_bytes(const struct mc_image_tar *t, size_t *n)
{
	*n = t->bytes.len;
	return t->bytes.data;
}

void
mc_image_tar_digest(const struct mc_image_tar *t, char hex[MC_SHA256_HEX])
{
	const char *recorded = t->features != NULL ?
	    mc_features_sha256(t->features) : t->own != NULL ?
	    mc_own_sha256(t->own) : "";

	if (*recorded != '\0')
		memcpy(hex, recorded, MC_SHA256_HEX);
	else
		mc_sha256_bytes(t->bytes.data, t->bytes.len, hex);
}
