/* images_write.c - write image tars. */
#include "config.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/out.h"
#include "stream/end_member.h"
#include "stream/images.h"
#include "stream/own_tar.h"
#include "stream/spooled_manifest.h"

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
		status = mc_tar_add_spool(w->tar, MC_MANIFEST_MEMBER, spool,
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

void
mc_images_number(struct mc_images_writer *w, const char *set, size_t shard,
    size_t shards)
{
	mc_keyvalue_add(w->end, "set", "%s", set);
	mc_keyvalue_add(w->end, "shard", "%zu", shard);
	if (shards > 0)
		mc_keyvalue_add(w->end, "shards", "%zu", shards);
}

enum mc_status
mc_images_finish(struct mc_images_writer *w, struct mc_err *err)
{
	enum mc_status status;

	mc_keyvalue_add(w->end, "images", "%zu", w->written);
	status = mc_end_write(w->tar, w->end, MC_IMAGES_FORMAT, w->digest,
	    err);
	w->digest = NULL;
	if (status == MC_OK) {
		status = mc_tar_finish(w->tar, err);
		w->tar = NULL;
	}
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
