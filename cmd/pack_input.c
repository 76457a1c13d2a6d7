/* pack_input.c - read the files of a manifest, or the images of tars. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/place.h"
#include "pack_input.h"
#include "sources.h"
#include "tool.h"

/* --- Tars --------------------------------------------------------------------- */

/* Whether PATH is no table: every tar has a NUL in its first header. */
static bool
is_tar(const char *path)
{
	char head[512];
	struct mc_err err;
	FILE *f = mc_file_open(path, &err);
	size_t n;

	if (f == NULL)
		return false;
	n = fread(head, 1, sizeof(head), f);
	fclose(f);
	return memchr(head, '\0', n) != NULL;
}

static enum mc_status
open_tars(struct pack_input *in, struct mc_err *err)
{
	enum mc_status status = mc_images_open_all(&in->images, in->tars,
	    in->n_tars, err);

	if (status == MC_OK && mc_images_about(in->images) != NULL)
		status = mc_err_set(err, MC_EDATA, "%s: has features, and no "
		    "images: give the image tar", mc_images_name(in->images));
	if (status == MC_OK && in->mixes)
		mc_images_mix(in->images);
	in->next = 0;
	return status;
}

/* Note what must be known of the present image, a file of a scanner in a shard. */
static enum mc_status
look_at(struct pack_input *in, struct mc_err *err)
{
	const void *bytes;
	size_t n;

	bytes = mc_images_bytes(in->images, &n);
	in->known = mc_xgrow(in->known, in->n_known, &in->known_cap,
	    sizeof(*in->known));
	return pack_scan_look_at(&in->known[in->n_known++], bytes, n,
	    mc_images_name(in->images), in->scan, err);
}

/* Make a table of the rows of the tars, which are open. */
static enum mc_status
read_rows(struct pack_input *in, struct mc_table **t, struct mc_err *err)
{
	size_t n = mc_images_columns(in->images), c;
	const char **text = mc_xreallocarray(NULL, n, sizeof(*text));
	enum mc_status status;

	for (c = 0; c < n; c++)
		text[c] = mc_images_column(in->images, c);
	status = mc_table_alloc(t, mc_images_name(in->images), text, n, err);
	while (status == MC_OK &&
	    (status = mc_images_next(in->images, err)) == MC_OK) {
		for (c = 0; c < n; c++)
			text[c] = mc_images_get(in->images, c);
		status = look_at(in, err);
		if (status == MC_OK)
			status = mc_table_add(*t, text, err);
	}
	free(text);
	return status == MC_END ? MC_OK : status;
}

/* Read the tars once, for their rows. */
static enum mc_status
read_tars(struct pack_input *in, struct mc_err *err)
{
	enum mc_status status = open_tars(in, err);
	struct mc_table *t = NULL;

	if (status == MC_OK)
		status = read_rows(in, &t, err);
	if (status == MC_OK) {
		in->n_missed = mc_images_skipped(in->images);
		in->missing = mc_images_missing(in->images);
		in->unlabelled = mc_images_unlabelled(in->images);
		status = mc_manifest_take(&in->m, t, 0, err);
	} else {
		mc_table_free(t);
	}
	mc_images_close(in->images);
	in->images = NULL;
	return status;
}

/* Go to row ROW, and copy its image. */
static enum mc_status
read_image(struct pack_input *in, struct pack_image *image, size_t row,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	const void *bytes;
	size_t n;

	while (status == MC_OK && in->next <= row) {
		status = mc_images_next(in->images, err);
		in->next++;
	}
	if (status == MC_END || (status == MC_OK && strcmp(mc_manifest_get(
	    &in->m, row, in->m.id), mc_images_get(in->images, (size_t)
	    mc_images_find(in->images, "id"))) != 0))
		return mc_err_set(err, MC_EDATA, "%s: changed while it was "
		    "read", mc_images_name(in->images));
	if (status != MC_OK)
		return status;
	bytes = mc_images_bytes(in->images, &n);
	image->bytes.len = 0;
	mc_buf_add(&image->bytes, bytes, n);
	image->read = true;
	image->path = mc_xasprintf("%s: id \"%s\"", mc_images_name(in->images),
	    mc_manifest_get(&in->m, row, in->m.id));
	return MC_OK;
}

/* --- Both --------------------------------------------------------------------- */

enum mc_status
pack_input_open(struct pack_input *in, const char *const *operands, size_t n,
    struct mc_err *err)
{
	size_t i;

	if (n < 2 && (n == 0 || strcmp(operands[0], "-") == 0 ||
	    !is_tar(operands[0])))
		return mc_manifest_read(&in->m, n > 0 ? operands[0] : NULL,
		    MC_NEED_PATH, err);
	for (i = 0; i < n; i++) {
		if (strcmp(operands[i], "-") == 0)
			return mc_err_set(err, MC_EUSAGE, "standard input: tars "
			    "are read twice, and so from files only");
		if (access(operands[i], F_OK) == 0 && !is_tar(operands[i]))
			return mc_err_set(err, MC_EUSAGE, "%s: not a tar: give "
			    "several tars, or one manifest", operands[i]);
	}
	in->tars = operands;
	in->n_tars = n;
	return read_tars(in, err);
}

void
pack_input_clear(struct pack_input *in)
{
	mc_manifest_clear(&in->m);
	mc_images_close(in->images);
	free(in->known);
	free(in->missing);
	free(in->unlabelled);
}

void
pack_input_declare(const struct pack_input *in, const size_t *row, size_t n)
{
	char *path;
	size_t i;

	for (i = 0; i < n && in->n_tars == 0; i++) {
		path = sources_join(in->base, mc_manifest_get(&in->m, row[i],
		    in->m.path));
		sources_declare(path);
		free(path);
	}
}

/* What is asked of the rows before their images are read. */
struct look {
	const struct pack_input *in;
	const size_t *row;
	struct mc_packed_row *known;
	struct mc_err **failed;	/* of each row; NULL: none */
};

static void
look(void *arg, size_t i)
{
	const struct look *l = arg;
	struct mc_err err;
	const struct mc_manifest *m = &l->in->m;
	char *path = sources_join(l->in->base, mc_manifest_get(m, l->row[i],
	    m->path));

	if (mc_slice_is(path)) {
		l->known[i].converted = true;	/* to PNG */
		l->known[i].grey_levels = l->in->scan->slice;
	} else if (pack_scan_look(&l->known[i], path, l->in->scan, &err) !=
	    MC_OK) {
		l->failed[i] = mc_xmalloc(sizeof(err));
		*l->failed[i] = err;
	}
	free(path);
}

enum mc_status
pack_input_look(struct mc_packed_row **known, const struct pack_input *in,
    const size_t *row, size_t n, int threads, struct mc_err *err)
{
	struct look l = { in, row, mc_xcalloc(n, sizeof(*l.known)),
	    mc_xcalloc(n, sizeof(*l.failed)) };
	enum mc_status status = MC_OK;
	size_t i;

	if (in->n_tars == 0)
		mc_parallel(n, threads, look, &l);
	for (i = 0; i < n; i++) {
		if (in->n_tars > 0)
			l.known[i] = in->known[row[i]];
		if (status == MC_OK && l.failed[i] != NULL)
			status = pack_input_wrong(in, row[i],
			    l.failed[i]->status, l.failed[i]->text, err);
		free(l.failed[i]);
	}
	free(l.failed);
	*known = l.known;
	return status;
}

enum mc_status
pack_input_fill(struct pack_input *in, struct pack_image *images,
    const size_t *row, size_t n, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i;

	if (in->n_tars > 0 && in->images == NULL)
		status = open_tars(in, err);
	for (i = 0; i < n && status == MC_OK; i++) {
		struct pack_image *image = &images[i];
		const char *path = mc_manifest_get(&in->m, row[i], in->m.path);

		image->bits = in->bits != NULL ? in->bits :
		    mc_manifest_get(&in->m, row[i], in->m.bits);
		image->sha256 = mc_manifest_get(&in->m, row[i], in->m.sha256);
		image->volumes = in->volumes;
		free(image->path);
		image->path = NULL;
		if (in->n_tars > 0)
			status = read_image(in, image, row[i], err);
		else if (*path == '\0')
			status = pack_input_wrong(in, row[i], MC_EDATA,
			    "column \"path\": empty", err);
		else
			image->path = sources_join(in->base, path);
	}
	return status;
}

enum mc_status
pack_input_wrong(const struct pack_input *in, size_t row,
    enum mc_status status, const char *why, struct mc_err *err)
{
	if (in->n_tars > 0)
		return mc_err_set(err, status, "%s", why);
	return mc_err_at(err, status, mc_table_name(in->m.table),
	    mc_table_line(in->m.table, row), "%s", why);
}

void
pack_input_refuse(const char *const *operands, size_t n, const char *shard)
{
	struct mc_place ours, theirs;
	size_t i;

	mc_place_find(&ours, shard);
	for (i = 0; i < n; i++) {
		mc_place_find(&theirs, operands[i]);
		if (mc_place_same(&ours, &theirs))
			tool_usage("%s: is an input, and a shard would "
			    "replace it: use another name", shard);
		mc_place_clear(&theirs);
	}
	mc_place_clear(&ours);
}
