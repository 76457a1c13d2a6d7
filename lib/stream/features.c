/* features.c - write and read features tars. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/num.h"
#include "base/out.h"
#include "stream/end_member.h"
#include "stream/features.h"
#include "stream/npy.h"
#include "table/tsv.h"

#define FORMAT "1"

/* More features per image are refused. */
#define MAX_DIM ((int64_t)1 << 24)

static const char npy_member[] = "features.npy";
static const char digest_column[] = "image_sha256";

/* --- Writing --------------------------------------------------------------- */

struct mc_features_writer {
	size_t n_columns, dim;
	int64_t rows;
	FILE *manifest, *npy;	/* temporary files, as the members will be */
};

enum mc_status
mc_features_create(struct mc_features_writer **result,
    const char *const *columns, size_t n_columns, size_t dim,
    struct mc_err *err)
{
	struct mc_features_writer *w;
	unsigned char header[MC_NPY_HEADER] = { 0 };
	size_t c;

	*result = NULL;
	for (c = 0; c < n_columns; c++) {
		if (strcmp(columns[c], digest_column) == 0)
			return mc_err_set(err, MC_EDATA, "the manifest has a "
			    "column \"%s\" already: rename it", digest_column);
	}
	w = mc_xcalloc(1, sizeof(*w));
	w->n_columns = n_columns;
	w->dim = dim;
	w->manifest = mc_spool_open(err);
	w->npy = w->manifest == NULL ? NULL : mc_spool_open(err);
	if (w->npy == NULL) {
		mc_features_abandon(w);
		return MC_EIO;
	}
	for (c = 0; c < n_columns; c++)
		fprintf(w->manifest, "%s\t", columns[c]);
	fprintf(w->manifest, "%s\n", digest_column);
	/* The place of what mc_features_finish knows. */
	fwrite(header, 1, sizeof(header), w->npy);
	*result = w;
	return MC_OK;
}

enum mc_status
mc_features_add(struct mc_features_writer *w, const char *const *fields,
    const char *sha256, const float *features, struct mc_err *err)
{
	size_t c;

	for (c = 0; c < w->n_columns; c++)
		fprintf(w->manifest, "%s\t", fields[c]);
	fprintf(w->manifest, "%s\n", sha256);
	fwrite(features, sizeof(*features), w->dim, w->npy);
	w->rows++;
	if (ferror(w->manifest) || ferror(w->npy))
		return mc_err_errno(err, "temporary file (set TMPDIR to where "
		    "there is room)");
	return MC_OK;
}

/* Put the header before the values, whose number is now known. */
static enum mc_status
write_npy_header(struct mc_features_writer *w, struct mc_err *err)
{
	unsigned char header[MC_NPY_HEADER];
	enum mc_status status = mc_spool_rewind(w->npy, err);

	mc_npy_header(header, w->rows, (int64_t)w->dim);
	if (status == MC_OK)
		fwrite(header, 1, sizeof(header), w->npy);
	return status;
}

static enum mc_status
write_members(struct mc_features_writer *w, struct mc_tar_writer *tar,
    struct mc_keyvalue *about, struct mc_err *err)
{
	struct mc_keyvalue *end = mc_keyvalue_alloc();
	struct mc_sha256 *digest = mc_sha256_alloc();
	struct mc_buf text = { 0 };
	enum mc_status status;

	mc_keyvalue_print(about, &text);
	status = mc_tar_add(tar, MC_FEATURES_MEMBER, text.data, text.len,
	    digest, err);
	if (status == MC_OK)
		status = mc_tar_add_spool(tar, MC_MANIFEST_MEMBER, w->manifest,
		    digest, err);
	if (status == MC_OK)
		status = mc_tar_add_spool(tar, npy_member, w->npy, digest,
		    err);
	mc_keyvalue_add_integer(end, "images", w->rows);
	if (status == MC_OK)
		status = mc_end_write(tar, end, FORMAT, digest, err);
	else
		mc_sha256_free(digest);
	mc_keyvalue_free(end);
	mc_buf_free(&text);
	return status;
}

enum mc_status
mc_features_finish(struct mc_features_writer *w, FILE *f, const char *name,
    struct mc_keyvalue *about, struct mc_err *err)
{
	struct mc_tar_writer *tar = NULL;
	enum mc_status status = write_npy_header(w, err);

	mc_keyvalue_add(about, "format", FORMAT);
	mc_keyvalue_add(about, "dim", "%zu", w->dim);
	if (status == MC_OK)
		status = mc_tar_create(&tar, f, name, err);
	if (status == MC_OK)
		status = write_members(w, tar, about, err);
	if (status == MC_OK)
		status = mc_tar_finish(tar, err);
	else
		mc_tar_abandon(tar);
	mc_features_abandon(w);
	return status;
}

void
mc_features_abandon(struct mc_features_writer *w)
{
	if (w == NULL)
		return;
	if (w->manifest != NULL)
		fclose(w->manifest);
	if (w->npy != NULL)
		fclose(w->npy);
	free(w);
}

/* --- Reading --------------------------------------------------------------- */

struct mc_features {
	struct mc_tar_reader *tar;
	struct mc_keyvalue *about;
	struct mc_spooled *manifest;
	size_t digests;			/* the column */
	int file_digests;		/* the column "sha256"; -1: none */
	size_t dim;
	int64_t rows;
	struct mc_sha256 *digest;
};

/* Read the present member, __features__. */
static enum mc_status
read_about(struct mc_features *x, struct mc_err *err)
{
	struct mc_buf text = { 0 };
	enum mc_status status = mc_tar_read(x->tar, 1 << 20, &text, err);
	const char *format;

	if (status == MC_OK) {
		mc_sha256_add(x->digest, text.data, text.len);
		status = mc_keyvalue_read(&x->about, text.data, text.len,
		    mc_tar_name(x->tar), MC_FEATURES_MEMBER, NULL, err);
	}
	mc_buf_free(&text);
	if (status != MC_OK)
		return status;
	format = mc_keyvalue_get(x->about, "format", 0);
	if (format == NULL || strcmp(format, FORMAT) != 0)
		return mc_err_set(err, MC_EDATA, "%s: features of format %s; "
		    "this version of mctools reads format " FORMAT ": run "
		    "mc-embed again", mc_tar_name(x->tar), format != NULL ?
		    format : "unknown");
	return MC_OK;
}

/* Go to the member NAME, which must be the next one. */
static enum mc_status
go_to(struct mc_features *x, const char *name, struct mc_err *err)
{
	const char *member;
	enum mc_status status = mc_tar_next(x->tar, &member, err);

	if (status == MC_END)
		return mc_end_missing(x->tar, err);
	if (status == MC_OK && strcmp(member, name) != 0)
		return mc_err_set(err, MC_EDATA, "%s: member \"%s\" where \"%s\" "
		    "belongs", mc_tar_name(x->tar), member, name);
	return status;
}

/* Read the present member, __manifest__. */
static enum mc_status
read_manifest(struct mc_features *x, struct mc_err *err)
{
	enum mc_status status = mc_spooled_open(&x->manifest, x->tar,
	    x->digest, err);

	if (status != MC_OK)
		return status;
	x->digests = mc_spooled_columns(x->manifest) - 1;
	x->file_digests = mc_spooled_find(x->manifest, "sha256");
	return strcmp(mc_spooled_column(x->manifest, x->digests),
	    digest_column) == 0 ? MC_OK : mc_err_set(err, MC_EDATA, "%s: "
	    MC_MANIFEST_MEMBER ": the last column is not \"%s\"",
	    mc_tar_name(x->tar), digest_column);
}

/* Read N bytes of the present member. */
static enum mc_status
read_part(struct mc_features *x, void *bytes, size_t n, struct mc_err *err)
{
	enum mc_status status = mc_tar_read_part(x->tar, bytes, n, err);

	if (status == MC_OK)
		mc_sha256_add(x->digest, bytes, n);
	return status;
}

/* Read the header of the present member, features.npy; its length in all. */
static enum mc_status
read_header(struct mc_features *x, size_t *length, int64_t *rows, int64_t *dim,
    struct mc_err *err)
{
	unsigned char start[MC_NPY_START];
	enum mc_status status = read_part(x, start, sizeof(start), err);
	size_t before = 0;
	struct mc_err why;
	char *text;

	if (status != MC_OK)
		return status;
	status = mc_npy_start(start, &before, length, &why);
	if (status == MC_OK) {
		text = mc_xcalloc(*length + 1, 1);
		status = read_part(x, text, *length, err);
		if (status != MC_OK) {
			free(text);
			return status;
		}
		status = mc_npy_shape(text + before, rows, dim, &why);
		free(text);
		*length += sizeof(start);
	}
	return status == MC_OK ? MC_OK : mc_err_set(err, MC_EDATA,
	    "%s: %s: %s", mc_tar_name(x->tar), npy_member, why.text);
}

/* Compare the array's shape with all else that is said of it. */
static enum mc_status
check_shape(const struct mc_features *x, size_t header, int64_t rows,
    int64_t dim, struct mc_err *err)
{
	const char *tar = mc_tar_name(x->tar);
	const char *said = mc_keyvalue_get(x->about, "dim", 0);
	char number[MC_NUM_SIZE];
	int64_t size;

	snprintf(number, sizeof(number), "%lld", (long long)dim);
	if (dim > MAX_DIM)
		return mc_err_set(err, MC_EDATA, "%s: %lld features per image, "
		    "more than the limit of %lld", tar, (long long)dim,
		    (long long)MAX_DIM);
	if (said == NULL || strcmp(said, number) != 0)
		return mc_err_set(err, MC_EDATA, "%s: %s has %s columns, and "
		    MC_FEATURES_MEMBER " says dim %s", tar, npy_member, number,
		    said != NULL ? said : "nowhere");
	if (rows != x->rows)
		return mc_err_set(err, MC_EDATA, "%s: %s has %lld row%s, "
		    "the manifest %lld", tar, npy_member, (long long)rows,
		    MC_PLURAL(rows), (long long)x->rows);
	size = mc_tar_size(x->tar) - (int64_t)header;
	if (size % (dim * 4) != 0 || size / (dim * 4) != rows)
		return mc_err_set(err, MC_EDATA, "%s: %s: %lld bytes of values "
		    "are not %lld x %lld in float32", tar, npy_member,
		    (long long)size, (long long)rows, (long long)dim);
	return MC_OK;
}

/* Read the present member, features.npy, up to the first row. */
static enum mc_status
start_values(struct mc_features *x, struct mc_err *err)
{
	int64_t rows = 0, dim = 0;
	size_t header = 0;
	enum mc_status status = read_header(x, &header, &rows, &dim, err);

	x->rows = mc_spooled_rows(x->manifest);
	x->dim = (size_t)dim;
	return status != MC_OK ? status :
	    check_shape(x, header, rows, dim, err);
}

enum mc_status
mc_features_open(struct mc_features **result, struct mc_tar_reader *tar,
    struct mc_err *err)
{
	struct mc_features *x = mc_xcalloc(1, sizeof(*x));
	enum mc_status status;

	x->tar = tar;
	x->digest = mc_sha256_alloc();
	status = read_about(x, err);
	if (status == MC_OK)
		status = go_to(x, MC_MANIFEST_MEMBER, err);
	if (status == MC_OK)
		status = read_manifest(x, err);
	if (status == MC_OK)
		status = go_to(x, npy_member, err);
	if (status == MC_OK)
		status = start_values(x, err);
	if (status != MC_OK) {
		mc_features_close(x);
		x = NULL;
	}
	*result = x;
	return status;
}

void
mc_features_close(struct mc_features *x)
{
	if (x == NULL)
		return;
	mc_keyvalue_free(x->about);
	mc_spooled_close(x->manifest);
	mc_sha256_free(x->digest);
	free(x);
}

const struct mc_keyvalue *
mc_features_about(const struct mc_features *x)
{
	return x->about;
}

size_t
mc_features_dim(const struct mc_features *x)
{
	return x->dim;
}

struct mc_spooled *
mc_features_manifest(struct mc_features *x)
{
	return x->manifest;
}

/* The keys that do not say what the numbers are. */
static const char *const of_run[] = { "batch", "device", "images_bad",
    "libraries", "lc_weights", "manifest_sha256", "shard", "split", "threads",
    "version", "weights", NULL };

/* What can change the last digits. */
static const char *const of_machine[] = { "device", "libraries", NULL };

static bool
is_in(const char *const *list, const char *key)
{
	while (*list != NULL && strcmp(*list, key) != 0)
		list++;
	return *list != NULL;
}

/* Check that what A says of the numbers is also what B says. */
static enum mc_status
check_keys(const struct mc_keyvalue *a, const struct mc_keyvalue *b,
    bool swapped, struct mc_err *err)
{
	const char *key, *value, *other;
	size_t i;

	for (i = 0; mc_keyvalue_at(a, i, &key, &value); i++) {
		if (is_in(of_run, key))
			continue;
		other = mc_keyvalue_get(b, key, 0);
		if (other == NULL)
			return mc_err_set(err, MC_EDATA, "%s is %s in one of "
			    "them alone", key, value);
		if (strcmp(other, value) != 0)
			return mc_err_set(err, MC_EDATA, "%s is %s, not %s",
			    key, swapped ? value : other, swapped ? other :
			    value);
	}
	return MC_OK;
}

enum mc_status
mc_features_alike(const struct mc_keyvalue *a, const struct mc_keyvalue *b,
    struct mc_err *err)
{
	enum mc_status status = check_keys(a, b, false, err);

	return status == MC_OK ? check_keys(b, a, true, err) : status;
}

char *
mc_features_uneven(const struct mc_keyvalue *a, const struct mc_keyvalue *b)
{
	const char *const *key;

	for (key = of_machine; *key != NULL; key++) {
		const char *x = mc_keyvalue_get(a, *key, 0);
		const char *y = mc_keyvalue_get(b, *key, 0);

		if (x != NULL && y != NULL && strcmp(x, y) != 0)
			return mc_xasprintf("%s %s and %s", *key, x, y);
	}
	return NULL;
}

const char *
mc_features_sha256(const struct mc_features *x)
{
	return mc_spooled_get(x->manifest, x->digests);
}

/* Read what is behind the last row. */
static enum mc_status
read_end(struct mc_features *x, struct mc_err *err)
{
	enum mc_status status = go_to(x, MC_END_MEMBER, err);
	struct mc_keyvalue *end = NULL;
	char images[MC_NUM_SIZE];

	if (status == MC_OK)
		status = mc_end_read(x->tar, &end, err);
	if (status != MC_OK)
		return status;
	status = mc_end_check(x->tar, end, x->digest, err);
	x->digest = NULL;
	snprintf(images, sizeof(images), "%lld", (long long)x->rows);
	if (status == MC_OK && !mc_end_says(end, "images", images))
		status = mc_err_set(err, MC_EDATA, "%s: has features of %s "
		    "image%s, but its end says otherwise",
		    mc_tar_name(x->tar), images, MC_PLURAL(x->rows));
	mc_keyvalue_free(end);
	return status != MC_OK ? status : MC_END;
}

/* Check the digest of the present row, by which seen images are known. */
static enum mc_status
check_digest(const struct mc_features *x, struct mc_err *err)
{
	const char *sha256 = mc_features_sha256(x);
	const char *file = x->file_digests < 0 ? "" :
	    mc_spooled_get(x->manifest, (size_t)x->file_digests);

	if (strlen(sha256) != MC_SHA256_HEX - 1 ||
	    strspn(sha256, "0123456789abcdef") != MC_SHA256_HEX - 1)
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": %s \"%s\" is "
		    "not a SHA-256", mc_tar_name(x->tar),
		    mc_spooled_id(x->manifest), digest_column, sha256);
	if (*file != '\0' && strcasecmp(file, sha256) != 0)
		return mc_err_set(err, MC_EDATA, "%s: id \"%s\": %s is not the "
		    "manifest's sha256: run mc-embed again",
		    mc_tar_name(x->tar), mc_spooled_id(x->manifest),
		    digest_column);
	return MC_OK;
}

/* Check the present row, whose features are at VALUES. */
static enum mc_status
check_row(const struct mc_features *x, const float *values, struct mc_err *err)
{
	size_t i = 0;

	while (i < x->dim && isfinite(values[i]))
		i++;
	return i == x->dim ? check_digest(x, err) : mc_err_set(err, MC_EDATA,
	    "%s: id \"%s\": feature %zu is not finite", mc_tar_name(x->tar),
	    mc_spooled_id(x->manifest), i);
}

enum mc_status
mc_features_next(struct mc_features *x, struct mc_buf *values,
    struct mc_err *err)
{
	size_t n = x->dim * sizeof(float);
	enum mc_status status = mc_spooled_next(x->manifest, err);

	if (status == MC_END)
		return read_end(x, err);
	if (status != MC_OK)
		return status;
	values->len = 0;
	status = read_part(x, mc_buf_room(values, n), n, err);
	values->len = n;
	return status != MC_OK ? status :
	    check_row(x, (const float *)(const void *)values->data, err);
}
