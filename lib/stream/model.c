/* model.c - read and write model tars. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/out.h"
#include "stream/end_member.h"
#include "stream/model.h"
#include "stream/tar.h"

#define FORMAT "2"
#define BACKBONE "backbone.safetensors"
#define ADAPTER "adapter_model.safetensors"
#define HEAD "head.safetensors"
#define MODULE "module.pt"

/* Of the members that are read into memory. */
#define MAX_MEMBER ((size_t)1 << 30)

static enum mc_status
add(struct mc_tar_writer *w, struct mc_sha256 *digest, const char *member,
    const struct mc_buf *bytes, struct mc_err *err)
{
	return mc_tar_add(w, member, bytes->data, bytes->len, digest, err);
}

enum mc_status
mc_model_write(FILE *f, const char *name, const struct mc_model *m,
    struct mc_err *err)
{
	struct mc_keyvalue *end = mc_keyvalue_alloc();
	struct mc_sha256 *digest = mc_sha256_alloc();
	struct mc_buf about_text = { 0 };
	struct mc_tar_writer *w = NULL;
	enum mc_status status;

	mc_keyvalue_add(m->about, "format", FORMAT);
	mc_keyvalue_print(m->about, &about_text);
	status = mc_tar_create(&w, f, name, err);
	if (status == MC_OK)
		status = add(w, digest, "__model__", &about_text, err);
	if (status == MC_OK)
		status = add(w, digest, "images.tsv", &m->images, err);
	if (status == MC_OK)
		status = add(w, digest, "log.tsv", &m->log, err);
	if (status == MC_OK)
		status = mc_tar_add_spool(w, HEAD, m->head, digest, err);
	if (status == MC_OK && m->backbone != NULL)
		status = mc_tar_add_spool(w, BACKBONE, m->backbone, digest,
		    err);
	if (status == MC_OK && m->adapter != NULL)
		status = mc_tar_add_spool(w, ADAPTER, m->adapter, digest, err);
	if (status == MC_OK && m->module != NULL)
		status = mc_tar_add_spool(w, MODULE, m->module, digest, err);
	if (status == MC_OK)
		status = mc_end_write(w, end, FORMAT, digest, err);
	else
		mc_sha256_free(digest);
	if (status == MC_OK)
		status = mc_tar_finish(w, err);
	else
		mc_tar_abandon(w);
	mc_buf_free(&about_text);
	mc_keyvalue_free(end);
	return status;
}

/* Take the present MEMBER of R into *SPOOL, which is made. */
static enum mc_status
take_spool(FILE **spool, struct mc_tar_reader *r, const char *member,
    struct mc_sha256 *digest, struct mc_err *err)
{
	if (*spool != NULL)
		return mc_err_set(err, MC_EDATA, "%s: two members are named "
		    "\"%s\"", mc_tar_name(r), member);
	*spool = mc_spool_open(err);
	return *spool == NULL ? MC_EIO :
	    mc_tar_read_spool(r, *spool, digest, err);
}

/* Where the large MEMBER of a model goes; NULL: it is none of these. */
static FILE **
spool_of(struct mc_model *m, const char *member)
{
	if (strcmp(member, BACKBONE) == 0)
		return &m->backbone;
	if (strcmp(member, ADAPTER) == 0)
		return &m->adapter;
	if (strcmp(member, MODULE) == 0)
		return &m->module;
	return strcmp(member, HEAD) == 0 ? &m->head : NULL;
}

/* Read the present member of R for its digest alone. */
static enum mc_status
pass_over(struct mc_tar_reader *r, struct mc_sha256 *digest,
    struct mc_err *err)
{
	const size_t most = 1 << 20;
	int64_t left = mc_tar_size(r);
	enum mc_status status = MC_OK;
	char *bytes = mc_xmalloc(most);

	while (left > 0 && status == MC_OK) {
		size_t n = left < (int64_t)most ? (size_t)left : most;

		status = mc_tar_read_part(r, bytes, n, err);
		if (status == MC_OK)
			mc_sha256_add(digest, bytes, n);
		left -= (int64_t)n;
	}
	free(bytes);
	return status;
}

/*
 * Take the present MEMBER of R, the first being __model__, into M; TEXTS: only if
 * it is small.
 */
static enum mc_status
take(struct mc_model *m, struct mc_tar_reader *r, const char *member,
    bool texts, struct mc_sha256 *digest, struct mc_err *err)
{
	static const char *const repeats[] = { "class", "class_weight",
	    "finding", "grey_levels", NULL };
	struct mc_buf other = { 0 }, *to = &other;
	enum mc_status status;

	if (spool_of(m, member) != NULL)
		return texts ? pass_over(r, digest, err) :
		    take_spool(spool_of(m, member), r, member, digest, err);
	if (strcmp(member, "images.tsv") == 0)
		to = &m->images;
	else if (strcmp(member, "log.tsv") == 0)
		to = &m->log;
	status = mc_tar_read(r, MAX_MEMBER, to, err);
	if (status == MC_OK)
		mc_sha256_add(digest, to->data, to->len);
	if (status == MC_OK && m->about == NULL)
		status = mc_keyvalue_read(&m->about, other.data, other.len,
		    mc_tar_name(r), "__model__", repeats, err);
	mc_buf_free(&other);
	return status;
}

/* The first member must be __model__, of the format that we read. */
static enum mc_status
check_format(const struct mc_model *m, const char *name, struct mc_err *err)
{
	const char *format;

	if (m->about == NULL)
		return mc_err_set(err, MC_EDATA, "%s: not a model tar: its "
		    "first member is not __model__", name);
	format = mc_keyvalue_get(m->about, "format", 0);
	if (format == NULL || strcmp(format, FORMAT) != 0)
		return mc_err_set(err, MC_EDATA, "%s: of format %s; this "
		    "version of mctools reads format " FORMAT
		    ": train again, or use the version that wrote it", name,
		    format != NULL ? format : "unknown");
	return MC_OK;
}

static enum mc_status
read_model(struct mc_model *m, const char *path, bool texts,
    struct mc_err *err)
{
	struct mc_sha256 *digest = mc_sha256_alloc();
	struct mc_keyvalue *end = NULL;
	struct mc_tar_reader *r = NULL;
	enum mc_status status;
	const char *member;

	memset(m, 0, sizeof(*m));
	status = mc_tar_open(&r, path, err);
	while (status == MC_OK) {
		status = mc_tar_next(r, &member, err);
		if (status != MC_OK || (m->about != NULL &&
		    strcmp(member, MC_END_MEMBER) == 0))
			break;
		if (m->about != NULL || strcmp(member, "__model__") == 0)
			status = take(m, r, member, texts, digest, err);
		if (status == MC_OK)
			status = check_format(m, mc_tar_name(r), err);
	}
	if (status == MC_END)
		status = mc_end_missing(r, err);
	else if (status == MC_OK)
		status = mc_end_read(r, &end, err);
	if (status == MC_OK)
		status = mc_end_check(r, end, digest, err);
	else
		mc_sha256_free(digest);
	if (status == MC_OK && m->head == NULL && !texts)
		status = mc_err_set(err, MC_EDATA, "%s: no " HEAD,
		    mc_tar_name(r));
	mc_keyvalue_free(end);
	mc_tar_close(r);
	if (status != MC_OK)
		mc_model_clear(m);
	return status;
}

enum mc_status
mc_model_read(struct mc_model *m, const char *path, struct mc_err *err)
{
	return read_model(m, path, false, err);
}

enum mc_status
mc_model_read_texts(struct mc_model *m, const char *path, struct mc_err *err)
{
	return read_model(m, path, true, err);
}

void
mc_model_clear(struct mc_model *m)
{
	mc_keyvalue_free(m->about);
	mc_buf_free(&m->images);
	mc_buf_free(&m->log);
	if (m->head != NULL)
		fclose(m->head);
	if (m->backbone != NULL)
		fclose(m->backbone);
	if (m->adapter != NULL)
		fclose(m->adapter);
	if (m->module != NULL)
		fclose(m->module);
	memset(m, 0, sizeof(*m));
}
