/* montage_rows.c - read random images, and versions of training images. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "montage.h"
#include "tool.h"

/* --- Rows of the tar ------------------------------------------------------ */

/* The columns of the conditions, which the caller frees. */
static enum mc_status
bind_only(const struct mc_images *im, const struct only *only, size_t n,
    int **columns, struct mc_err *err)
{
	size_t i;

	*columns = mc_xcalloc(n + 1, sizeof(**columns));
	for (i = 0; i < n; i++) {
		(*columns)[i] = mc_images_find(im, only[i].column);
		if ((*columns)[i] < 0)
			return mc_err_set(err, MC_EDATA, "%s: has no column "
			    "\"%s\", which --only names", mc_images_manifest_name(im),
			    only[i].column);
	}
	return MC_OK;
}

/* Whether the present row is as ONLY says. */
static bool
is_meant(const struct mc_images *im, struct only *only, size_t n,
    const int *columns)
{
	bool meant = true;
	size_t i;

	for (i = 0; i < n; i++)
		meant &= only_is(&only[i], montage_get(im, columns[i]));
	return meant;
}

/* Whether image A is to be shown before B, both of one label. */
static bool
is_before(uint64_t order, const char *id, const struct montage_image *b)
{
	if (order != b->order)
		return order < b->order;
	return strcmp(id, b->id) < 0;
}

/*
 * The place for a further image of PART: a new one or, where the part has MOST
 * images, that of its last one; NULL: all of them come before it.
 */
static struct montage_image *
place_for(struct montage_gallery *g, size_t part, size_t most, uint64_t order,
    const char *id)
{
	struct montage_image *last = NULL;
	size_t n = 0, i;

	for (i = 0; i < g->n; i++) {
		if (g->image[i].part != part)
			continue;
		n++;
		if (last == NULL || !is_before(g->image[i].order,
		    g->image[i].id, last))
			last = &g->image[i];
	}
	if (n < most)
		return montage_add(g);
	if (!is_before(order, id, last))
		return NULL;
	montage_image_clear(last);
	return last;
}

static enum mc_status
draw_row(struct montage_gallery *g, struct mc_images *im,
    const struct montage_columns *c, struct mc_case_number number, uint64_t seed,
    struct mc_err *err)
{
	size_t before = mc_names_count(g->labels);
	size_t part = mc_names_copy(g->labels, number.per_class ?
	    montage_get(im, c->label) : "");
	uint64_t order = mc_case_order(seed, montage_get(im, c->id));
	struct montage_image *image;
	enum mc_status status;

	if (part == before) {
		g->counts = mc_xreallocarray(g->counts, before + 1,
		    sizeof(*g->counts));
		g->counts[part] = 0;
	}
	g->counts[part]++;
	image = place_for(g, part, number.n, order, montage_get(im, c->id));
	if (image == NULL)
		return MC_OK;
	status = montage_check_most(g, g->n, err);
	if (status == MC_OK)
		status = montage_take(g, im, c, image, err);
	image->order = order;
	image->part = part;
	return status;
}

static int
compare_images(const void *a, const void *b)
{
	const struct montage_image *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return is_before(x->order, x->id, y) ? -1 : 1;
}

/* Sort the images by label, in byte order, and by their order. */
static void
sort_images(struct montage_gallery *g)
{
	size_t labels = mc_names_count(g->labels), i;
	uint32_t *number = mc_names_renumber(g->labels);
	size_t *counts = mc_xcalloc(labels, sizeof(*counts));

	for (i = 0; i < labels; i++)
		counts[number[i]] = g->counts[i];
	for (i = 0; i < g->n; i++)
		g->image[i].part = number[g->image[i].part];
	qsort(g->image, g->n, sizeof(*g->image), compare_images);
	free(number);
	free(g->counts);
	g->counts = counts;
}

static enum mc_status
check_any(const struct montage_gallery *g, const struct mc_images *im,
    const struct only *only, size_t n_only, struct mc_err *err)
{
	if (g->n > 0)
		return MC_OK;
	if (n_only > 0)
		return only_none(only, n_only,
		    mc_images_manifest_name(im), "image", err);
	return mc_err_set(err, MC_EDATA, "%s: has no images",
	    mc_images_name(im));
}

/* Check the number of images, where it is known before they are read. */
static enum mc_status
check_number(const struct montage_gallery *g, const struct mc_images *im,
    size_t n_only, struct mc_case_number number, struct mc_err *err)
{
	int64_t rows = mc_images_rows(im);

	if (number.per_class || n_only > 0 || rows < 0)
		return MC_OK;
	return montage_check_most(g, number.n < (size_t)rows ? number.n :
	    (size_t)rows, err);
}

enum mc_status
montage_read_random(struct montage_gallery *g, struct mc_images *im,
    struct only *only, size_t n_only, struct mc_case_number number,
    uint64_t seed, struct mc_err *err)
{
	struct montage_columns c = montage_columns(im);
	int *columns;
	enum mc_status status = bind_only(im, only, n_only, &columns, err);
	int64_t rows = 0;

	g->labels = mc_names_alloc();
	if (status == MC_OK && number.per_class && c.label < 0)
		status = mc_err_set(err, MC_EDATA, "%s: has no column "
		    "\"label\": give --count", mc_images_manifest_name(im));
	if (status == MC_OK)
		status = check_number(g, im, n_only, number, err);
	while (status == MC_OK && (status = mc_images_next(im, err)) ==
	    MC_OK) {
		tool_progress("read", ++rows, mc_images_rows(im));
		if (is_meant(im, only, n_only, columns))
			status = draw_row(g, im, &c, number, seed, err);
	}
	free(columns);
	if (status == MC_END)
		status = check_any(g, im, only, n_only, err);
	if (status == MC_OK)
		sort_images(g);
	return status;
}

/* --- Versions of training images ------------------------------------------ */

/* Add the present row, if its image is among the first COUNT. */
static enum mc_status
take_version(struct montage_gallery *g, struct mc_images *im,
    const struct montage_columns *c, size_t count, struct mc_err *err)
{
	size_t part = mc_names_copy(g->labels, montage_get(im, c->image));
	struct montage_image *image;
	enum mc_status status;

	if (part >= count)
		return MC_OK;
	image = montage_add(g);
	status = montage_check_most(g, g->n, err);
	if (status == MC_OK)
		status = montage_take(g, im, c, image, err);
	image->part = part;
	return status;
}

enum mc_status
montage_read_versions(struct montage_gallery *g, struct mc_images *im,
    struct only *only, size_t n_only, size_t count,
    struct mc_err *err)
{
	struct montage_columns c = montage_columns(im);
	int *columns;
	enum mc_status status = bind_only(im, only, n_only, &columns, err);

	g->labels = mc_names_alloc();
	if (status == MC_OK && (c.image < 0 || c.epoch < 0))
		status = mc_err_set(err, MC_EDATA, "%s: has no columns image "
		    "and epoch: give the tar that mc-train "
		    "--augment-preview writes", mc_images_manifest_name(im));
	while (status == MC_OK && (status = mc_images_next(im, err)) ==
	    MC_OK) {
		if (is_meant(im, only, n_only, columns))
			status = take_version(g, im, &c, count, err);
	}
	free(columns);
	return status == MC_END ? check_any(g, im, only, n_only, err) : status;
}
