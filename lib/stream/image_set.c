/*
 * image_set.c - write one image tar, or shards.
 *
 * A tar begins with its manifest, and which rows a shard holds is known when it
 * is full.  So its images wait in a temporary file, one shard's at a time.
 */
#include "config.h"

#include <sys/resource.h>

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "stream/image_set.h"
#include "stream/images.h"

#define BLOCK 512
#define FIXED 4096		/* of a tar: headers, __end__, its end */

/* An image that waits for its shard. */
struct waiting {
	const char *ext;	/* NULL: the row has none */
	size_t n;
};

struct mc_image_set {
	const struct mc_table *manifest;
	const char *path;
	struct mc_shard_limit limit;
	char set[MC_SHA256_HEX];

	struct mc_out **out;		/* one per tar, so far */
	size_t n_out, out_cap;
	struct mc_images_writer *w;	/* of the tar; NULL: there are shards */

	/* The shard that is being filled. */
	FILE *spool;
	struct waiting *waiting;
	size_t n_waiting, waiting_cap;
	size_t row;			/* its first */
	int64_t images, manifest_bytes, image_bytes;
};

enum mc_status
mc_shard_limit_parse(struct mc_shard_limit *limit, const char *text,
    struct mc_err *err)
{
	static const char units[] = "KMG";
	size_t n = strlen(text);
	const char *unit = n > 1 ? strchr(units, text[n - 1]) : NULL;
	char *number = mc_xstrndup(text, unit != NULL ? n - 1 : n);
	struct mc_err why;
	enum mc_status status;
	int64_t value;

	*limit = (struct mc_shard_limit){ 0 };
	status = mc_parse_i64(number, 1, (int64_t)1 << 32, &value, &why);
	free(number);
	if (status != MC_OK)
		return mc_err_set(err, MC_EDATA, "\"%s\" is not a number of "
		    "images, nor a size such as 500M or 1G", text);
	if (unit == NULL)
		limit->images = value;
	else
		limit->bytes = value << (10 * (unit - units + 1));
	return MC_OK;
}

char *
mc_shard_name(const char *pattern, size_t i)
{
	const char *percent = strchr(pattern, '%'), *d;
	int width = 0;

	if (percent == NULL || strchr(percent + 1, '%') != NULL)
		return NULL;
	d = percent + 1;
	if (d[0] == '0' && d[1] >= '1' && d[1] <= '9') {
		width = d[1] - '0';
		d += 2;
	}
	if (*d != 'd')
		return NULL;
	return mc_xasprintf("%.*s%0*zu%s", (int)(percent - pattern), pattern,
	    width, i, d + 1);
}

/* Open the next file to write to. */
static enum mc_status
open_out(struct mc_image_set *s, const char *path, struct mc_err *err)
{
	s->out = mc_xgrow(s->out, s->n_out, &s->out_cap, sizeof(*s->out));
	return mc_out_open(&s->out[s->n_out++], path, err);
}

static struct mc_out *
last_out(const struct mc_image_set *s)
{
	return s->out[s->n_out - 1];
}

/* Each temporary holds a descriptor; ask for as many as there can be. */
static void
allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	/* Where it is refused, the next file that cannot be opened says so. */
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* The digest that names the set. */
static enum mc_status
name_set(struct mc_image_set *s, struct mc_err *err)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	FILE *f = mc_spool_open(err);
	enum mc_status status = f != NULL ? MC_OK : MC_EIO;
	char bytes[BUFSIZ];
	size_t n;

	if (f != NULL) {
		mc_table_write(s->manifest, f);
		status = mc_spool_rewind(f, err);
	}
	while (status == MC_OK && (n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		mc_sha256_add(digest, bytes, n);
	if (status == MC_OK && ferror(f))
		status = mc_err_errno(err, "temporary file");
	if (f != NULL)
		fclose(f);
	mc_sha256_hex(digest, s->set);
	return status;
}

/* How many bytes row ROW is of a manifest, with its line feed. */
static int64_t
row_bytes(const struct mc_table *t, size_t row)
{
	size_t n = mc_table_columns(t), c, bytes = n;

	for (c = 0; c < n; c++)
		bytes += strlen(mc_table_get(t, row, c));
	return (int64_t)bytes;
}

static enum mc_status
begin_shard(struct mc_image_set *s, struct mc_err *err)
{
	size_t n = mc_table_columns(s->manifest), c;

	s->row += s->n_waiting;
	s->n_waiting = 0;
	s->images = s->image_bytes = 0;
	s->manifest_bytes = FIXED + (int64_t)n;
	for (c = 0; c < n; c++)
		s->manifest_bytes +=
		    (int64_t)strlen(mc_table_column(s->manifest, c));
	if (s->spool != NULL)
		fclose(s->spool);
	s->spool = mc_spool_open(err);
	return s->spool != NULL ? MC_OK : MC_EIO;
}

enum mc_status
mc_image_set_create(struct mc_image_set **result, const char *path,
    const struct mc_shard_limit *limit, const struct mc_table *manifest,
    struct mc_err *err)
{
	struct mc_image_set *s = mc_xcalloc(1, sizeof(*s));
	enum mc_status status;

	s->manifest = manifest;
	s->path = path;
	s->limit = *limit;
	if (limit->images == 0 && limit->bytes == 0) {
		status = open_out(s, path, err);
		if (status == MC_OK)
			status = mc_images_create(&s->w,
			    mc_out_file(last_out(s)), mc_out_name(last_out(s)),
			    manifest, err);
	} else {
		allow_descriptors();
		status = name_set(s, err);
		if (status == MC_OK)
			status = begin_shard(s, err);
	}
	if (status != MC_OK) {
		mc_image_set_abandon(s);
		s = NULL;
	}
	*result = s;
	return status;
}

/* The rows of the manifest that are in the present shard. */
static enum mc_status
shard_manifest(const struct mc_image_set *s, struct mc_table **t,
    struct mc_err *err)
{
	size_t n = mc_table_columns(s->manifest), i, c;
	const char **text = mc_xreallocarray(NULL, n, sizeof(*text));
	enum mc_status status;

	for (c = 0; c < n; c++)
		text[c] = mc_table_column(s->manifest, c);
	status = mc_table_alloc(t, mc_table_name(s->manifest), text, n, err);
	for (i = 0; i < s->n_waiting && status == MC_OK; i++) {
		for (c = 0; c < n; c++)
			text[c] = mc_table_get(s->manifest, s->row + i, c);
		status = mc_table_add(*t, text, err);
	}
	free(text);
	return status;
}

/* Copy the images that wait into the tar W. */
static enum mc_status
copy_images(struct mc_image_set *s, struct mc_images_writer *w,
    struct mc_err *err)
{
	enum mc_status status = mc_spool_rewind(s->spool, err);
	struct mc_buf bytes = { 0 };
	size_t i;

	for (i = 0; i < s->n_waiting && status == MC_OK; i++) {
		const struct waiting *image = &s->waiting[i];

		if (image->ext == NULL) {
			mc_images_skip(w);
			continue;
		}
		bytes.len = 0;
		if (fread(mc_buf_room(&bytes, image->n), 1, image->n,
		    s->spool) != image->n)
			status = mc_err_errno(err, "temporary file");
		else
			status = mc_images_add(w, image->ext, bytes.data,
			    image->n, err);
	}
	mc_buf_free(&bytes);
	return status;
}

/* Write the shard that is being filled; it is the last one, or not. */
static enum mc_status
write_shard(struct mc_image_set *s, bool last, struct mc_err *err)
{
	char *path = mc_shard_name(s->path, s->n_out);
	struct mc_images_writer *w = NULL;
	struct mc_table *t = NULL;
	enum mc_status status = MC_OK;

	if (s->n_out == MC_SHARDS_MAX)
		status = mc_err_set(err, MC_EDATA, "%s: more than %d shards: "
		    "make them larger", path, MC_SHARDS_MAX);
	if (status == MC_OK)
		status = open_out(s, path, err);
	if (status == MC_OK)
		status = shard_manifest(s, &t, err);
	if (status == MC_OK)
		status = mc_images_create(&w, mc_out_file(last_out(s)), path,
		    t, err);
	if (status == MC_OK) {
		mc_images_number(w, s->set, s->n_out - 1,
		    last ? s->n_out : 0);
		status = copy_images(s, w, err);
	}
	if (status == MC_OK) {
		status = mc_images_finish(w, err);
		w = NULL;
	}
	if (status == MC_OK)
		status = mc_out_settle(last_out(s), err);
	mc_images_abandon(w);
	mc_table_free(t);
	free(path);
	return status;
}

/* Make room for an image of N bytes: begin a shard if this one is full. */
static enum mc_status
make_room(struct mc_image_set *s, int64_t n, struct mc_err *err)
{
	int64_t row = row_bytes(s->manifest, s->row + s->n_waiting);
	bool full = s->limit.images > 0 ? s->images == s->limit.images :
	    s->images > 0 && s->manifest_bytes + s->image_bytes + row + n >
	    s->limit.bytes;
	enum mc_status status = MC_OK;

	if (full)
		status = write_shard(s, false, err);
	if (full && status == MC_OK)
		status = begin_shard(s, err);
	s->manifest_bytes += row;
	s->image_bytes += n;
	return status;
}

/* Note the next row. */
static void
wait_for_shard(struct mc_image_set *s, const char *ext, size_t n)
{
	s->waiting = mc_xgrow(s->waiting, s->n_waiting, &s->waiting_cap,
	    sizeof(*s->waiting));
	s->waiting[s->n_waiting++] = (struct waiting){ ext, n };
}

enum mc_status
mc_image_set_add(struct mc_image_set *s, const char *ext, const void *bytes,
    size_t n, struct mc_err *err)
{
	enum mc_status status;

	if (s->w != NULL)
		return mc_images_add(s->w, ext, bytes, n, err);
	status = make_room(s, BLOCK + (int64_t)((n + BLOCK - 1) / BLOCK *
	    BLOCK), err);
	if (status != MC_OK)
		return status;
	/* Whether it was written is asked when the spool is rewound. */
	fwrite(bytes, 1, n, s->spool);
	wait_for_shard(s, ext, n);
	s->images++;
	return MC_OK;
}

void
mc_image_set_skip(struct mc_image_set *s)
{
	if (s->w != NULL) {
		mc_images_skip(s->w);
		return;
	}
	s->manifest_bytes += 2 * row_bytes(s->manifest, s->row +
	    s->n_waiting);
	wait_for_shard(s, NULL, 0);
}

static void
free_set(struct mc_image_set *s)
{
	mc_images_abandon(s->w);
	if (s->spool != NULL)
		fclose(s->spool);
	free(s->out);
	free(s->waiting);
	free(s);
}

enum mc_status
mc_image_set_commit(struct mc_image_set *s, struct mc_out *other,
    size_t *shards, struct mc_err *err)
{
	enum mc_status status;

	*shards = 0;
	if (s->w != NULL) {
		status = mc_images_finish(s->w, err);
		s->w = NULL;
	} else {
		status = write_shard(s, true, err);
		*shards = s->n_out;
	}
	if (status != MC_OK) {
		mc_out_abandon(other);
		mc_image_set_abandon(s);
		return status;
	}
	/* The other one first: it is complete once the images have names. */
	s->out = mc_xgrow(s->out, s->n_out, &s->out_cap, sizeof(*s->out));
	memmove(s->out + 1, s->out, s->n_out * sizeof(*s->out));
	s->out[0] = other;
	status = mc_out_commit_all(s->out, s->n_out + 1, err);
	free_set(s);
	return status;
}

void
mc_image_set_abandon(struct mc_image_set *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n_out; i++)
		mc_out_abandon(s->out[i]);
	free_set(s);
}
