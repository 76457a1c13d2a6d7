/*
 * images.c - the image tar.
 *
 * Reading goes through one interface over two sources of rows: our own
 * __manifest__, spooled to an unlinked file and walked in step with the
 * members, and a foreign WebDataset shard (shard.h).  Memory holds one image at
 * a time.
 */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/num.h"
#include "base/out.h"
#include "stream/images.h"
#include "stream/shard.h"
#include "table/keyvalue.h"

#define FORMAT "1"

static const char manifest_member[] = "__manifest__";
static const char end_member[] = "__end__";

/*
 * A slash stays one only between two other characters, so that no name is
 * absolute or empty in the middle.
 */
char *
mc_member_name(const char *id, const char *ext)
{
	struct mc_buf name = { 0 };
	const char *c;

	for (c = id; *c != '\0'; c++) {
		bool plain = (*c >= 'A' && *c <= 'Z') || *c == '_' ||
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

/* --- Writing --------------------------------------------------------------- */

struct mc_images_writer {
	struct mc_tar_writer *tar;
	const struct mc_table *manifest;
	size_t id;			/* the column */
	size_t row;			/* the next */
	size_t written;
	struct mc_sha256 *digest;
	struct mc_keyvalue *end;
};

enum mc_status
mc_images_create(struct mc_images_writer **result, FILE *f, const char *name,
    const struct mc_table *manifest, struct mc_err *err)
{
	struct mc_images_writer *w = NULL;
	enum mc_status status;
	FILE *spool = NULL;
	int id = mc_table_find(manifest, "id");

	*result = NULL;
	if (id < 0)
		return mc_err_at(err, MC_EDATA, mc_table_name(manifest), 1,
		    "no column \"id\"");
	w = mc_xcalloc(1, sizeof(*w));
	w->manifest = manifest;
	w->id = (size_t)id;
	w->digest = mc_sha256_alloc();
	w->end = mc_keyvalue_alloc();
	status = mc_tar_create(&w->tar, f, name, err);
	if (status == MC_OK && (spool = mc_spool_open(err)) == NULL)
		status = MC_EIO;
	if (status == MC_OK) {
		mc_table_write(manifest, spool);
		status = mc_tar_add_spool(w->tar, manifest_member, spool,
		    w->digest, err);
	}
	if (spool != NULL)
		fclose(spool);
	if (status != MC_OK)
		mc_images_abandon(w);
	else
		*result = w;
	return status;
}

enum mc_status
mc_images_add(struct mc_images_writer *w, const char *ext, const void *bytes,
    size_t n, struct mc_err *err)
{
	char *member = mc_member_name(mc_table_get(w->manifest, w->row, w->id),
	    ext);
	enum mc_status status;

	status = mc_tar_add(w->tar, member, bytes, n, w->digest, err);
	free(member);
	w->row++;
	w->written++;
	return status;
}

void
mc_images_skip(struct mc_images_writer *w)
{
	mc_keyvalue_add(w->end, "skipped", "%s",
	    mc_table_get(w->manifest, w->row, w->id));
	w->row++;
}

enum mc_status
mc_images_finish(struct mc_images_writer *w, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	char hex[MC_SHA256_HEX];
	enum mc_status status;

	mc_sha256_hex(w->digest, hex);
	w->digest = NULL;
	mc_keyvalue_add(w->end, "format", FORMAT);
	mc_keyvalue_add(w->end, "images", "%zu", w->written);
	mc_keyvalue_add(w->end, "sha256", "%s", hex);
	mc_keyvalue_print(w->end, &text);
	status = mc_tar_add(w->tar, end_member, text.data, text.len, NULL,
	    err);
	if (status == MC_OK) {
		status = mc_tar_finish(w->tar, err);
		w->tar = NULL;
	}
	mc_buf_free(&text);
	mc_images_abandon(w);
	return status;
}

void
mc_images_abandon(struct mc_images_writer *w)
{
	if (w == NULL)
		return;
	mc_tar_abandon(w->tar);
	mc_sha256_free(w->digest);
	mc_keyvalue_free(w->end);
	free(w);
}

/* --- Reading --------------------------------------------------------------- */

struct mc_images {
	struct mc_tar_reader *tar;
	struct mc_buf bytes;		/* of the present image */
	int64_t seen;			/* images so far */

	/* Our own: the rows come from the spooled manifest. */
	struct mc_tsv *manifest;	/* NULL: a foreign shard */
	FILE *spool;
	int id, file_sha256;		/* the columns; -1: no such one */
	int64_t rows;
	bool *filled;			/* which columns are not empty */
	struct mc_sha256 *digest;
	char sha256[MC_SHA256_HEX];	/* of the manifest */
	struct mc_buf missed;		/* ids without image, NUL-terminated */
	int64_t n_missed;

	struct mc_shard *shard;		/* a foreign one; NULL: our own */
};

static const char *const foreign_columns[] = { "id", "label" };

static bool
is_special(const char *member)
{
	size_t n = strlen(member);

	return n > 4 && strncmp(member, "__", 2) == 0 &&
	    strcmp(member + n - 2, "__") == 0;
}

static enum mc_status
count_rows(struct mc_images *im, const char *name, struct mc_err *err)
{
	size_t columns = mc_tsv_columns(im->manifest), c;
	enum mc_status status;

	im->filled = mc_xcalloc(columns, sizeof(*im->filled));
	while ((status = mc_tsv_next(im->manifest, err)) == MC_OK) {
		im->rows++;
		for (c = 0; c < columns; c++)
			im->filled[c] |= *mc_tsv_get(im->manifest, c) != '\0';
	}
	mc_tsv_close(im->manifest);
	im->manifest = NULL;
	if (status == MC_END)
		status = mc_spool_rewind(im->spool, err);
	if (status == MC_OK)
		status = mc_tsv_from_stream(&im->manifest, im->spool, name,
		    err);
	return status;
}

/* Take the present member, __manifest__, as the source of rows. */
static enum mc_status
start_own(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status;
	char *name = mc_xasprintf("%s: %s", mc_tar_name(im->tar),
	    manifest_member);

	im->digest = mc_sha256_alloc();
	im->spool = mc_spool_open(err);
	status = im->spool == NULL ? MC_EIO :
	    mc_tar_read_spool(im->tar, im->spool, im->digest, err);
	if (status != MC_OK)
		goto out;
	mc_sha256_hex(mc_sha256_copy(im->digest), im->sha256);
	status = mc_tsv_from_stream(&im->manifest, im->spool, name, err);
	if (status != MC_OK)
		goto out;
	im->id = mc_tsv_find(im->manifest, "id");
	im->file_sha256 = mc_tsv_find(im->manifest, "sha256");
	if (im->id < 0)
		status = mc_err_at(err, MC_EDATA, name, 1, "no column \"id\"");
	else
		status = count_rows(im, name, err);
out:
	free(name);
	return status;
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
	if (status == MC_OK && strcmp(member, manifest_member) == 0)
		status = start_own(im, err);
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
	mc_tar_close(im->tar);
	mc_tsv_close(im->manifest);
	if (im->spool != NULL)
		fclose(im->spool);
	mc_sha256_free(im->digest);
	mc_buf_free(&im->bytes);
	free(im->filled);
	mc_buf_free(&im->missed);
	free(im);
}

const char *
mc_images_name(const struct mc_images *im)
{
	return mc_tar_name(im->tar);
}

size_t
mc_images_columns(const struct mc_images *im)
{
	return im->manifest != NULL ? mc_tsv_columns(im->manifest) : 2;
}

const char *
mc_images_column(const struct mc_images *im, size_t column)
{
	return im->manifest != NULL ? mc_tsv_column(im->manifest, column) :
	    foreign_columns[column];
}

int
mc_images_find(const struct mc_images *im, const char *name)
{
	if (im->manifest != NULL)
		return mc_tsv_find(im->manifest, name);
	return strcmp(name, "id") == 0 ? 0 : strcmp(name, "label") == 0 ? 1 :
	    -1;
}

bool
mc_images_empty(const struct mc_images *im, size_t column)
{
	return im->filled != NULL && !im->filled[column];
}

const char *
mc_images_get(const struct mc_images *im, size_t column)
{
	if (im->manifest != NULL)
		return mc_tsv_get(im->manifest, column);
	return column == 0 ? mc_shard_key(im->shard) :
	    mc_shard_label(im->shard);
}

const void *
mc_images_bytes(const struct mc_images *im, size_t *n)
{
	*n = im->bytes.len;
	return im->bytes.data;
}

int64_t
mc_images_rows(const struct mc_images *im)
{
	return im->manifest != NULL ? im->rows : -1;
}

int64_t
mc_images_skipped(const struct mc_images *im)
{
	return im->n_missed;
}

const char *
mc_images_manifest_sha256(const struct mc_images *im)
{
	return im->sha256;
}

/* Note that the manifest's present row has no image. */
static void
miss_row(struct mc_images *im)
{
	const char *id = mc_tsv_get(im->manifest, (size_t)im->id);

	mc_buf_add(&im->missed, id, strlen(id) + 1);
	im->n_missed++;
}

/* Whether END says VALUE under KEY. */
static bool
says(const struct mc_keyvalue *end, const char *key, const char *value)
{
	const char *found = mc_keyvalue_get(end, key, 0);

	return found != NULL && strcmp(found, value) == 0;
}

/* Hold what was read against what __end__ says. */
static enum mc_status
compare_end(struct mc_images *im, const struct mc_keyvalue *end,
    struct mc_err *err)
{
	const char *tar = mc_tar_name(im->tar), *skipped, *id;
	char hex[MC_SHA256_HEX], count[32];
	size_t i;

	mc_sha256_hex(im->digest, hex);
	im->digest = NULL;
	snprintf(count, sizeof(count), "%lld", (long long)im->seen);
	if (!says(end, "format", FORMAT))
		return mc_err_set(err, MC_EDATA, "%s: its format is not " FORMAT
		    ", which this version reads: pack it again", tar);
	id = im->missed.data;
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
	if (!says(end, "images", count))
		return mc_err_set(err, MC_EDATA,
		    "%s: holds %s images, but its end says otherwise", tar,
		    count);
	if (!says(end, "sha256", hex))
		return mc_err_set(err, MC_EDATA, "%s: damaged: its content "
		    "does not match the digest at its end", tar);
	return MC_OK;
}

/* At __end__: the rows that are left have no image; see that all is whole. */
static enum mc_status
end_own(struct mc_images *im, struct mc_err *err)
{
	struct mc_keyvalue *end = NULL;
	enum mc_status status;
	const char *member;

	while ((status = mc_tsv_next(im->manifest, err)) == MC_OK)
		miss_row(im);
	if (status == MC_END)
		status = mc_tar_read(im->tar, SIZE_MAX / 4, &im->bytes, err);
	if (status == MC_OK)
		status = mc_keyvalue_read(&end, im->bytes.data, im->bytes.len,
		    end_member, err);
	if (status == MC_OK)
		status = compare_end(im, end, err);
	if (status == MC_OK)
		status = mc_tar_next(im->tar, &member, err);
	if (status == MC_OK)
		status = mc_err_set(err, MC_EDATA, "%s: member \"%s\" "
		    "after %s", mc_tar_name(im->tar), member, end_member);
	mc_keyvalue_free(end);
	return status;
}

/* Whether MEMBER is the image of the row that the manifest stands on. */
static bool
names_row(const struct mc_images *im, const char *member)
{
	char *name = mc_member_name(mc_tsv_get(im->manifest, (size_t)im->id),
	    "");
	size_t n = strlen(name);
	bool same = strncmp(member, name, n) == 0 &&
	    strchr(member + n, '/') == NULL && member[n] != '\0';

	free(name);
	return same;
}

/* Whether the present image is the file that its row describes. */
static bool
fits_row(const struct mc_images *im)
{
	const char *want = im->file_sha256 < 0 ? "" :
	    mc_tsv_get(im->manifest, (size_t)im->file_sha256);
	char sha256[MC_SHA256_HEX];

	if (*want == '\0')
		return true;
	mc_sha256_bytes(im->bytes.data, im->bytes.len, sha256);
	return strcasecmp(sha256, want) == 0;
}

static enum mc_status
next_own(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status;
	const char *member;

	do {
		status = mc_tar_next(im->tar, &member, err);
		if (status == MC_END)
			return mc_err_set(err, MC_EDATA, "%s: ends without its "
			    "%s member: was it cut?", mc_tar_name(im->tar),
			    end_member);
		if (status != MC_OK)
			return status;
		if (strcmp(member, end_member) == 0)
			return end_own(im, err);
	} while (is_special(member));
	for (;;) {
		status = mc_tsv_next(im->manifest, err);
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
	status = mc_tar_read(im->tar, MC_MAX_IMAGE_BYTES, &im->bytes, err);
	if (status == MC_OK && !fits_row(im))
		status = mc_err_set(err, MC_EDATA, "%s: the image of \"%s\" "
		    "does not match the manifest's sha256: pack it again",
		    mc_tar_name(im->tar), mc_tsv_get(im->manifest,
		    (size_t)im->id));
	if (status == MC_OK)
		mc_sha256_add(im->digest, im->bytes.data, im->bytes.len);
	im->seen++;
	return status;
}

enum mc_status
mc_images_next(struct mc_images *im, struct mc_err *err)
{
	enum mc_status status = im->manifest != NULL ? next_own(im, err) :
	    mc_shard_next(im->shard, &im->bytes, err);

	if (status == MC_OK && im->shard != NULL)
		im->seen++;
	if (status == MC_END && im->seen == 0 && im->n_missed == 0)
		return mc_err_set(err, MC_EDATA, "%s: contains no image",
		    mc_tar_name(im->tar));
	return status;
}
