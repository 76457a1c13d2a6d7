/* montage_pictures.c - scale images, and read those that a table names. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/spelling.h"
#include "image/resize.h"
#include "montage.h"
#include "table/tsv.h"
#include "tool.h"

#define MOST_BYTES	(2.0 * 1024 * 1024 * 1024)

struct montage_columns
montage_columns(const struct mc_images *im)
{
	return (struct montage_columns){ mc_images_find(im, "id"),
	    mc_images_find(im, "label"), mc_images_find(im, "group"),
	    mc_images_find(im, "split"), mc_images_find(im, "fold"),
	    mc_images_find(im, "bits"), mc_images_find(im, "image"),
	    mc_images_find(im, "epoch"), mc_images_find(im, "sha256"),
	    mc_images_find(im, "source_sha256") };
}

const char *
montage_get(const struct mc_images *im, int column)
{
	return column < 0 ? "" : mc_images_get(im, (size_t)column);
}

/* --- One image ------------------------------------------------------------ */

void
montage_image_clear(struct montage_image *image)
{
	int i;

	free(image->id);
	free(image->label);
	free(image->group);
	free(image->split);
	free(image->fold);
	free(image->image);
	free(image->epoch);
	free(image->sha256);
	for (i = 0; i < MONTAGE_SIZES; i++)
		mc_image_free(&image->picture[i]);
	montage_map_clear(&image->map);
	memset(image, 0, sizeof(*image));
}

void
montage_gallery_clear(struct montage_gallery *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		montage_image_clear(&g->image[i]);
	free(g->image);
	mc_names_free(g->ids);
	mc_names_free(g->labels);
	free(g->counts);
	memset(g, 0, sizeof(*g));
}

void
montage_scale(const struct montage_gallery *g, struct mc_image *whole,
    struct mc_image *pictures)
{
	int width, height, i;

	for (i = 0; i < g->n_sizes; i++) {
		mc_sheet_fit(g->tile[i], whole->width, whole->height, &width,
		    &height);
		mc_resize_to(&pictures[i], whole, width, height, MC_BICUBIC);
	}
	mc_image_free(whole);
}

/* Decode the present image of IM, and scale it. */
static enum mc_status
take_picture(const struct montage_gallery *g, struct mc_images *im,
    const struct montage_columns *c, struct mc_image *pictures,
    struct mc_err *err)
{
	struct mc_image_facts facts;
	struct mc_image whole = { 0 };
	size_t n;
	const void *bytes = mc_images_bytes(im, &n);
	char *name = mc_xasprintf("%s: %s", mc_images_name(im),
	    montage_get(im, c->id));
	int bits = 0;
	enum mc_status status = mc_image_parse_bits(montage_get(im, c->bits), &bits,
	    name, err);

	if (status == MC_OK)
		status = mc_image_decode_bits(&whole, &facts, bytes, n, bits,
		    name, err);
	if (status == MC_OK)
		montage_scale(g, &whole, pictures);
	free(name);
	return status;
}

/* The present row's texts, and its picture. */
enum mc_status
montage_take(const struct montage_gallery *g, struct mc_images *im,
    const struct montage_columns *c, struct montage_image *image,
    struct mc_err *err)
{
	*image = (struct montage_image){ .id = mc_xstrdup(montage_get(im, c->id)),
	    .label = mc_xstrdup(montage_get(im, c->label)),
	    .group = mc_xstrdup(montage_get(im, c->group)),
	    .split = mc_xstrdup(montage_get(im, c->split)),
	    .fold = mc_xstrdup(montage_get(im, c->fold)),
	    .image = mc_xstrdup(montage_get(im, c->image)),
	    .epoch = mc_xstrdup(montage_get(im, c->epoch)) };
	return take_picture(g, im, c, image->picture, err);
}

struct montage_image *
montage_add(struct montage_gallery *g)
{
	g->image = mc_xgrow(g->image, g->n, &g->cap, sizeof(*g->image));
	g->image[g->n] = (struct montage_image){ 0 };
	return &g->image[g->n++];
}

/* Whether all pictures may be in memory, be they square. */
enum mc_status
montage_check_most(const struct montage_gallery *g, size_t n,
    struct mc_err *err)
{
	double each = 0;
	int i;

	for (i = 0; i < g->n_sizes; i++)
		each += (g->maps ? 2 : 1) * 3.0 * g->tile[i] * g->tile[i];
	if (each * (double)n > MOST_BYTES)
		return mc_err_set(err, MC_EUSAGE, "%zu images of %d pixels "
		    "would be shown%s, which may need more than 2 GiB of memory: "
		    "show fewer, or smaller ones", n, g->tile[0],
		    g->maps ? " with their maps" : "");
	return n <= MONTAGE_MOST ? MC_OK : mc_err_set(err, MC_EUSAGE,
	    "more than %d images would be shown: give a smaller --count or "
	    "--per-class", MONTAGE_MOST);
}

/* --- Images that are wanted ----------------------------------------------- */

size_t
montage_want(struct montage_gallery *g, const char *id, const char *label)
{
	size_t i;

	if (g->ids == NULL)
		g->ids = mc_names_alloc();
	i = mc_names_copy(g->ids, id);
	if (i == g->n) {
		montage_add(g);
		if (label != NULL)
			g->image[i].label = mc_xstrdup(label);
	}
	return i;
}

/* Note whether the label of the image that was WANTED is another in the tar. */
static void
compare_labels(struct montage_image *image, const char *wanted)
{
	char a[MC_NUM_SIZE], b[MC_NUM_SIZE];

	image->relabelled = wanted != NULL && *image->label != '\0' &&
	    strcmp(mc_plain_number(wanted, a),
	    mc_plain_number(image->label, b)) != 0;
}

/*
 * Note whether the present image of IM is not the one that was WANTED: neither has
 * it that digest nor was it made of an image with it.
 */
static void
compare_digests(struct montage_image *image, const struct mc_images *im,
    const struct montage_columns *c, const char *wanted)
{
	const char *own = montage_get(im, c->sha256);
	const char *source = montage_get(im, c->source_sha256);

	image->changed = wanted != NULL && (*own != '\0' || *source != '\0') &&
	    strcmp(own, wanted) != 0 && strcmp(source, wanted) != 0;
}

/* Note the DIGEST of image ID, if it is wanted. */
static void
want_digest(struct montage_gallery *g, const char *id, const char *digest)
{
	size_t i = mc_names_find(g->ids, id);

	if (i == MC_NO_NAME || *digest == '\0')
		return;
	free(g->image[i].sha256);
	g->image[i].sha256 = mc_xstrdup(digest);
}

enum mc_status
montage_want_digests(struct montage_gallery *g, const char *path,
    struct mc_err *err)
{
	struct mc_tsv *t = NULL;
	enum mc_status status = mc_tsv_open(&t, path, err);
	int id = status == MC_OK ? mc_tsv_find(t, "id") : -1;
	int digest = status == MC_OK ? mc_tsv_find(t, "sha256") : -1;

	while (status == MC_OK && digest >= 0 && g->ids != NULL) {
		status = mc_tsv_next(t, err);
		if (status == MC_OK)
			want_digest(g, mc_tsv_get(t, (size_t)id),
			    mc_tsv_get(t, (size_t)digest));
	}
	mc_tsv_close(t);
	return status == MC_END ? MC_OK : status;
}

static enum mc_status
check_found(const struct montage_gallery *g, const struct mc_images *im,
    const char *where, struct mc_err *err)
{
	size_t missing = 0, i, first = 0;

	for (i = g->n; i-- > 0; ) {
		if (g->image[i].id == NULL) {
			missing++;
			first = i;
		}
	}
	return missing == 0 ? MC_OK : mc_err_set(err, MC_EDATA, "%s: lacks "
	    "%zu of the %zu images to be shown, such as \"%s\" of %s: give the "
	    "images from which the table was made", mc_images_name(im),
	    missing, g->n, mc_names_at(g->ids, first), where);
}

enum mc_status
montage_read_wanted(struct montage_gallery *g, struct mc_images *im,
    const char *where, struct mc_err *err)
{
	struct montage_columns c = montage_columns(im);
	enum mc_status status = montage_check_most(g, g->n, err);
	int64_t rows = 0;
	char *wanted, *digest;
	size_t i;

	if (g->ids == NULL)
		g->ids = mc_names_alloc();
	while (status == MC_OK && (status = mc_images_next(im, err)) ==
	    MC_OK) {
		tool_progress("read", ++rows, mc_images_rows(im));
		i = mc_names_find(g->ids, montage_get(im, c.id));
		if (i == MC_NO_NAME)
			continue;
		wanted = g->image[i].label;
		digest = g->image[i].sha256;
		status = montage_take(g, im, &c, &g->image[i], err);
		compare_labels(&g->image[i], wanted);
		compare_digests(&g->image[i], im, &c, digest);
		free(wanted);
		free(digest);
	}
	return status == MC_END ? check_found(g, im, where, err) : status;
}
