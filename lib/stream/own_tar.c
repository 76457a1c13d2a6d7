/* own_tar.c - read an image tar that mc-pack wrote. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "stream/end_member.h"
#include "stream/own_tar.h"
#include "table/keyvalue.h"

struct mc_own_tar {
	struct mc_tar_reader *tar;
	struct mc_shard_list *shards;
	struct mc_spooled *manifest;
	struct mc_sha256 *digest;	/* of the members so far */
	char sha256[MC_SHA256_HEX];	/* of the manifest */
	int file_sha256, source_sha256;	/* columns; -1: none */
	char image_sha256[MC_SHA256_HEX];	/* of the present image's file */
	int64_t seen;			/* images so far */
	struct mc_buf missed;		/* ids without image, NUL-terminated */
	size_t n_missed, told;		/* how many, and bytes told of them */
};

/*
 * A slash stays one only between two other characters, so that no name is
 * absolute or empty in the middle.
 */
char *
mc_member_name(const char *id, const char *ext)
{
	bool special = strchr(id, '/') != NULL && mc_tar_is_special(id);
	struct mc_buf name = { 0 };
	const char *c;

	for (c = id; *c != '\0'; c++) {
		bool plain = (*c >= 'A' && *c <= 'Z') ||
		    (*c == '_' && !(special && c == id)) ||
		    (*c >= 'a' && *c <= 'z') || *c == '-' ||
		    (*c >= '0' && *c <= '9') ||
		    (*c == '/' && c > id && c[-1] != '/' && c[1] != '\0');

		if (plain)
			mc_buf_add(&name, c, 1);
		else
			mc_buf_printf(&name, "%%%02X", (unsigned char)*c);
	}
	mc_buf_printf(&name, ".%s", ext);
	return name.data;
}

enum mc_status
mc_own_open(struct mc_own_tar **result, struct mc_tar_reader *tar,
    struct mc_shard_list *shards, struct mc_err *err)
{
	struct mc_own_tar *o = mc_xcalloc(1, sizeof(*o));
	enum mc_status status;

	*result = NULL;
	o->tar = tar;
	o->shards = shards;
	o->digest = mc_sha256_alloc();
	status = mc_spooled_open(&o->manifest, tar, o->digest, err);
	if (status != MC_OK) {
		mc_own_close(o);
		return status;
	}
	mc_sha256_hex(mc_sha256_copy(o->digest), o->sha256);
	o->file_sha256 = mc_spooled_find(o->manifest, "sha256");
	o->source_sha256 = mc_spooled_find(o->manifest, "source_sha256");
	*result = o;
	return MC_OK;
}

void
mc_own_close(struct mc_own_tar *o)
{
	if (o == NULL)
		return;
	mc_spooled_close(o->manifest);
	mc_sha256_free(o->digest);
	mc_buf_free(&o->missed);
	free(o);
}

struct mc_spooled *
mc_own_manifest(const struct mc_own_tar *o)
{
	return o->manifest;
}

const char *
mc_own_manifest_sha256(const struct mc_own_tar *o)
{
	return o->sha256;
}

const char *
mc_own_sha256(const struct mc_own_tar *o)
{
	return o->image_sha256;
}

/* --- Rows without an image -------------------------------------------------- */

/* Note that the manifest's present row has no image. */
static void
miss_row(struct mc_own_tar *o)
{
	const char *id = mc_spooled_id(o->manifest);

	mc_buf_add(&o->missed, id, strlen(id) + 1);
	o->n_missed++;
}

const char *
mc_own_missed(struct mc_own_tar *o)
{
	const char *id;

	if (o->told == o->missed.len)
		return NULL;
	id = o->missed.data + o->told;
	o->told += strlen(id) + 1;
	return id;
}

/* --- Members ---------------------------------------------------------------- */

/* Check that the ids without image are those that __end__ names. */
static enum mc_status
check_skipped(const struct mc_own_tar *o, const struct mc_keyvalue *end,
    struct mc_err *err)
{
	const char *tar = mc_tar_name(o->tar), *skipped;
	const char *id = o->missed.data;
	size_t i;

	for (i = 0; i < o->n_missed; i++, id += strlen(id) + 1) {
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
compare_end(struct mc_own_tar *o, const struct mc_keyvalue *end,
    struct mc_err *err)
{
	const char *tar = mc_tar_name(o->tar);
	struct mc_sha256 *digest = o->digest;
	enum mc_status status;
	char count[32];

	if (!mc_end_says(end, "format", MC_IMAGES_FORMAT))
		return mc_err_set(err, MC_EDATA, "%s: its format is not "
		    MC_IMAGES_FORMAT ", which this version reads: pack it "
		    "again", tar);
	status = check_skipped(o, end, err);
	if (status != MC_OK)
		return status;
	snprintf(count, sizeof(count), "%lld", (long long)o->seen);
	if (!mc_end_says(end, "images", count))
		return mc_err_set(err, MC_EDATA,
		    "%s: holds %s image%s, but its end says otherwise", tar,
		    count, MC_PLURAL(o->seen));
	mc_shard_list_add(o->shards, tar, end);
	o->digest = NULL;
	return mc_end_check(o->tar, end, digest, err);
}

/* At __end__: the rows that are left have no image; see that all is whole. */
static enum mc_status
end_own(struct mc_own_tar *o, struct mc_err *err)
{
	struct mc_keyvalue *end = NULL;
	enum mc_status status;

	while ((status = mc_spooled_next(o->manifest, err)) == MC_OK)
		miss_row(o);
	if (status == MC_END)
		status = mc_end_read(o->tar, &end, err);
	if (status == MC_OK)
		status = compare_end(o, end, err);
	mc_keyvalue_free(end);
	return status == MC_OK ? MC_END : status;
}

/* Whether MEMBER is the image of the row that the manifest stands on. */
static bool
names_row(const struct mc_own_tar *o, const char *member)
{
	char *name = mc_member_name(mc_spooled_id(o->manifest), "");
	size_t n = strlen(name);
	bool same = strncmp(member, name, n) == 0 &&
	    strchr(member + n, '/') == NULL && member[n] != '\0';

	free(name);
	return same;
}

/* The present row's field in COLUMN; "" where there is no such column. */
static const char *
field(const struct mc_own_tar *o, int column)
{
	return column < 0 ? "" : mc_spooled_get(o->manifest, (size_t)column);
}

/*
 * Note the digest of the present image, or that of the file it was made of,
 * where its row has one; check what can be checked.
 */
static enum mc_status
check_digests(struct mc_own_tar *o, const struct mc_buf *image,
    struct mc_err *err)
{
	const char *want = field(o, o->file_sha256);
	const char *source = field(o, o->source_sha256);
	size_t i;

	o->image_sha256[0] = '\0';
	if (*want != '\0')
		mc_sha256_bytes(image->data, image->len, o->image_sha256);
	if (strcasecmp(o->image_sha256, want) != 0)
		return mc_err_set(err, MC_EDATA, "%s: the image of \"%s\" "
		    "does not match the manifest's sha256: pack it again",
		    mc_tar_name(o->tar), mc_spooled_id(o->manifest));
	if (*source == '\0')
		return MC_OK;
	if (strlen(source) != MC_SHA256_HEX - 1 || strspn(source,
	    "0123456789abcdefABCDEF") != MC_SHA256_HEX - 1)
		return mc_err_set(err, MC_EDATA, "%s: the image of \"%s\": "
		    "source_sha256: \"%s\" is not a SHA-256",
		    mc_tar_name(o->tar), mc_spooled_id(o->manifest), source);
	for (i = 0; i < MC_SHA256_HEX; i++)
		o->image_sha256[i] = source[i] >= 'A' && source[i] <= 'F' ?
		    (char)(source[i] - 'A' + 'a') : source[i];
	return MC_OK;
}

enum mc_status
mc_own_next(struct mc_own_tar *o, struct mc_buf *image, struct mc_err *err)
{
	enum mc_status status;
	const char *member;

	do {
		status = mc_tar_next(o->tar, &member, err);
		if (status == MC_END)
			return mc_end_missing(o->tar, err);
		if (status != MC_OK)
			return status;
		if (strcmp(member, MC_END_MEMBER) == 0)
			return end_own(o, err);
	} while (mc_tar_is_special(member));
	for (;;) {
		status = mc_spooled_next(o->manifest, err);
		if (status == MC_END)
			return mc_err_set(err, MC_EDATA, "%s: member \"%s\" "
			    "is not in the manifest, or not in its order",
			    mc_tar_name(o->tar), member);
		if (status != MC_OK)
			return status;
		if (names_row(o, member))
			break;
		miss_row(o);
	}
	status = mc_tar_read(o->tar, mc_max_image_bytes(), image, err);
	if (status == MC_OK)
		status = check_digests(o, image, err);
	if (status != MC_OK)
		return status;
	mc_sha256_add(o->digest, image->data, image->len);
	o->seen++;
	return MC_OK;
}
