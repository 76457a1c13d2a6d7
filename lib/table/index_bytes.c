/* index_bytes.c - read the files of an index: their digests and sizes. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/dimensions.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/workers.h"
#include "table/index_internal.h"

/* Progress is shown after so many files. */
#define STEP 64

/* What the workers share: each writes to its own images alone. */
struct reading {
	struct mc_index *x;
	struct mc_err **failed;	/* of each image; NULL: none */
};

/* Read image I; the size of a file whose header is damaged stays 0. */
static enum mc_status
read_image(struct index_image *image, struct mc_err *err)
{
	const char *path = image->file->path;
	FILE *f = mc_file_open(path, err);

	if (f == NULL)
		return err->status;
	if (!mc_image_dimensions(f, &image->width, &image->height))
		image->width = image->height = 0;
	fclose(f);
	image->text[SHA256] = mc_xmalloc(MC_SHA256_HEX);
	return mc_sha256_file(path, image->text[SHA256], err);
}

/* Give the slice I its size, and the first of its volume the digest. */
static enum mc_status
read_slice(const struct mc_index *x, size_t i, struct mc_err *err)
{
	struct index_image *image = &x->image[i];
	int64_t width, height;

	mc_slice_size(&image->volume->volume, x->choice.axis, &width, &height);
	image->width = (uint32_t)width;
	image->height = (uint32_t)height;
	if (image->volume->first != i)
		return MC_OK;
	image->text[SHA256] = mc_xmalloc(MC_SHA256_HEX);
	return mc_index_digest_slices(image->volume, image->text[SHA256], err);
}

/* Note the first row of each volume. */
static void
find_first(struct mc_index *x)
{
	size_t i;

	for (i = x->n; i-- > 0;) {
		if (x->image[i].volume != NULL)
			x->image[i].volume->first = i;
	}
}

/* Give each slice the digest of the first of its volume. */
static void
copy_digests(struct mc_index *x)
{
	struct index_image *image;
	size_t i;

	for (i = 0; i < x->n; i++) {
		image = &x->image[i];
		if (image->volume != NULL && image->volume->first != i)
			image->text[SHA256] = mc_xstrdup(
			    x->image[image->volume->first].text[SHA256]);
	}
}

static void
work(void *arg, size_t i)
{
	struct reading *r = arg;
	enum mc_status status;
	struct mc_err err;

	status = r->x->image[i].volume != NULL ? read_slice(r->x, i, &err) :
	    read_image(&r->x->image[i], &err);
	if (status == MC_OK)
		return;
	r->failed[i] = mc_xmalloc(sizeof(err));
	*r->failed[i] = err;
}

enum mc_status
mc_index_read_files(struct mc_index *x, struct mc_err *err)
{
	struct reading r = { x, mc_xcalloc(x->n, sizeof(*r.failed)) };
	struct mc_workers *w;
	enum mc_status status = MC_OK;
	size_t i, end;

	find_first(x);
	w = mc_workers_alloc(mc_cpus() - 1, work, &r);
	mc_workers_add(w, x->n);
	for (i = 0; i < x->n && status == MC_OK; i = end) {
		end = i + STEP < x->n ? i + STEP : x->n;
		mc_workers_wait(w, end);
		x->o->progress((int64_t)end, (int64_t)x->n);
		for (; i < end && status == MC_OK; i++) {
			if (r.failed[i] != NULL) {
				*err = *r.failed[i];
				status = err->status;
			}
		}
	}
	mc_workers_free(w);
	for (i = 0; i < x->n; i++)
		free(r.failed[i]);
	free(r.failed);
	if (status == MC_OK)
		copy_digests(x);
	return status;
}

/* --- Equal files ---------------------------------------------------------- */

/* Equal files, and in these the same frame or slice, are next to each other. */
static int
compare_pictures(const struct index_image *x, const struct index_image *y)
{
	int order = strcmp(x->text[SHA256], y->text[SHA256]);

	if (order == 0)
		order = (x->frame > y->frame) - (x->frame < y->frame);
	return order != 0 ? order : (x->slice > y->slice) -
	    (x->slice < y->slice);
}

static int
compare_digests(const void *a, const void *b)
{
	const struct index_image *x = *(struct index_image *const *)a;
	const struct index_image *y = *(struct index_image *const *)b;
	int order = compare_pictures(x, y);

	return order != 0 ? order : strcmp(x->text[ID], y->text[ID]);
}

/*
 * Of the N equal files at COPY, the first whose label differs from that of the
 * first, or NULL.
 */
static const struct index_image *
other_label(struct index_image *const *copy, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (strcmp(copy[0]->text[LABEL], copy[i]->text[LABEL]) != 0)
			return copy[i];
	}
	return NULL;
}

void
mc_index_warn_copies(const struct mc_index *x)
{
	struct index_image **sorted = mc_xcalloc(x->n, sizeof(*sorted));
	const struct index_image *a = NULL, *b = NULL, *other;
	size_t i, end, n = 0;

	for (i = 0; i < x->n; i++)
		sorted[i] = &x->image[i];
	qsort(sorted, x->n, sizeof(*sorted), compare_digests);
	for (i = 0; i < x->n; i = end) {
		for (end = i + 1; end < x->n &&
		    compare_pictures(sorted[i], sorted[end]) == 0; end++)
			;
		other = other_label(sorted + i, end - i);
		if (other == NULL)
			continue;
		n++;
		if (a == NULL || strcmp(sorted[i]->text[ID], a->text[ID]) < 0) {
			a = sorted[i];
			b = other;
		}
	}
	if (n > 0)
		mc_say(x->o->warn, "identical files with different labels (%zu "
		    "such set%s): %s is \"%s\", but %s is \"%s\": correct or "
		    "exclude them", n, MC_PLURAL(n), a->file->path,
		    a->text[LABEL], b->file->path, b->text[LABEL]);
	free(sorted);
}
