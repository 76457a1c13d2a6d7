/* montage_pictures.c - read the images that mc-montage shows, and scale them. */
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

/* The columns of a tar; -1: there is no such one. */
struct columns {
	int id, label, group, split, fold, bits, image, epoch;
	int sha256, source_sha256;
};

static struct columns
find_columns(const struct mc_images *im)
{
	return (struct columns){ mc_images_find(im, "id"),
	    mc_images_find(im, "label"), mc_images_find(im, "group"),
	    mc_images_find(im, "split"), mc_images_find(im, "fold"),
	    mc_images_find(im, "bits"), mc_images_find(im, "image"),
	    mc_images_find(im, "epoch"), mc_images_find(im, "sha256"),
	    mc_images_find(im, "source_sha256") };
}

static const char *
get(const struct mc_images *im, int column)
{
	return column < 0 ? "" : mc_images_get(im, (size_t)column);
}

/* --- One image ------------------------------------------------------------ */

static void
clear_image(struct montage_image *image)
{
	free(image->id);
	free(image->label);
	free(image->group);
	free(image->split);
	free(image->fold);
	free(image->image);
	free(image->epoch);
	free(image->sha256);
	mc_image_free(&image->picture);
	memset(image, 0, sizeof(*image));
}

void
montage_gallery_clear(struct montage_gallery *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		clear_image(&g->image[i]);
	free(g->image);
	mc_names_free(g->ids);
	mc_names_free(g->labels);
	free(g->counts);
	free(g->example);
	free(g->changed_id);
	memset(g, 0, sizeof(*g));
}

/* Decode the present image of IM, and scale it to the tile. */
static enum mc_status
take_picture(const struct montage_gallery *g, struct mc_images *im,
    const struct columns *c, struct mc_image *picture, struct mc_err *err)
{
	struct mc_image_facts facts;
	struct mc_image whole = { 0 };
	size_t n;
	const void *bytes = mc_images_bytes(im, &n);
	char *name = mc_xasprintf("%s: %s", mc_images_name(im), get(im, c->id));
	int bits = 0, width, height;
	enum mc_status status = mc_image_parse_bits(get(im, c->bits), &bits,
	    name, err);

	if (status == MC_OK)
		status = mc_image_decode_bits(&whole, &facts, bytes, n, bits,
		    name, err);
	if (status == MC_OK) {
		mc_sheet_fit(g->tile, whole.width, whole.height, &width,
		    &height);
		mc_resize_to(picture, &whole, width, height, MC_BICUBIC);
	}
	mc_image_free(&whole);
	free(name);
	return status;
}

/* The present row's texts, and its picture. */
static enum mc_status
take_row(const struct montage_gallery *g, struct mc_images *im,
    const struct columns *c, struct montage_image *image, struct mc_err *err)
{
	*image = (struct montage_image){ .id = mc_xstrdup(get(im, c->id)),
	    .label = mc_xstrdup(get(im, c->label)),
	    .group = mc_xstrdup(get(im, c->group)),
	    .split = mc_xstrdup(get(im, c->split)),
	    .fold = mc_xstrdup(get(im, c->fold)),
	    .image = mc_xstrdup(get(im, c->image)),
	    .epoch = mc_xstrdup(get(im, c->epoch)) };
	return take_picture(g, im, c, &image->picture, err);
}

static struct montage_image *
add_image(struct montage_gallery *g)
{
	g->image = mc_xgrow(g->image, g->n, &g->cap, sizeof(*g->image));
	g->image[g->n] = (struct montage_image){ 0 };
	return &g->image[g->n++];
}

/* Whether all pictures may be in memory, be they square. */
static enum mc_status
check_most(const struct montage_gallery *g, struct mc_err *err)
{
	double each = 3.0 * g->tile * g->tile;

	if (each * (double)g->n > MOST_BYTES)
		return mc_err_set(err, MC_EUSAGE, "%zu images of %d pixels "
		    "would be shown, which may need more than 2 GiB of memory: "
		    "show fewer, or smaller ones", g->n, g->tile);
	return g->n <= MONTAGE_MOST ? MC_OK : mc_err_set(err, MC_EUSAGE,
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
		add_image(g);
		if (label != NULL)
			g->image[i].label = mc_xstrdup(label);
	}
	return i;
}

/* Note that the label of the image that was WANTED is another in the tar. */
static void
compare_labels(struct montage_gallery *g, const struct montage_image *image,
    const char *wanted)
{
	char a[MC_NUM_SIZE], b[MC_NUM_SIZE];

	if (wanted == NULL || *image->label == '\0' ||
	    strcmp(mc_plain_number(wanted, a),
	    mc_plain_number(image->label, b)) == 0)
		return;
	if (g->relabelled++ == 0)
		g->example = mc_xstrdup(image->id);
}

/*
 * Note that the present image of IM is not the one that was WANTED: neither has
 * it that digest nor was it made of an image with it.
 */
static void
compare_digests(struct montage_gallery *g, const struct mc_images *im,
    const struct columns *c, const char *wanted)
{
	const char *own = get(im, c->sha256);
	const char *source = get(im, c->source_sha256);

	if (wanted == NULL || (*own == '\0' && *source == '\0') ||
	    strcmp(own, wanted) == 0 || strcmp(source, wanted) == 0)
		return;
	if (g->changed++ == 0)
		g->changed_id = mc_xstrdup(get(im, c->id));
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
	struct columns c = find_columns(im);
	enum mc_status status = check_most(g, err);
	int64_t rows = 0;
	char *wanted, *digest;
	size_t i;

	if (g->ids == NULL)
		g->ids = mc_names_alloc();
	while (status == MC_OK && (status = mc_images_next(im, err)) ==
	    MC_OK) {
		tool_progress("read", ++rows, mc_images_rows(im));
		i = mc_names_find(g->ids, get(im, c.id));
		if (i == MC_NO_NAME)
			continue;
		wanted = g->image[i].label;
		digest = g->image[i].sha256;
		status = take_row(g, im, &c, &g->image[i], err);
		compare_labels(g, &g->image[i], wanted);
		compare_digests(g, im, &c, digest);
		free(wanted);
		free(digest);
	}
	return status == MC_END ? check_found(g, im, where, err) : status;
}

/* --- Rows of the tar ------------------------------------------------------ */

/* The columns of the conditions, which the caller frees. */
static enum mc_status
bind_only(const struct mc_images *im, const struct montage_only *only, size_t n,
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
is_meant(const struct mc_images *im, struct montage_only *only, size_t n,
    const int *columns)
{
	bool meant = true;
	size_t i;

	for (i = 0; i < n; i++)
		meant &= montage_only_is(&only[i], get(im, columns[i]));
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
		return add_image(g);
	if (!is_before(order, id, last))
		return NULL;
	clear_image(last);
	return last;
}

static enum mc_status
draw_row(struct montage_gallery *g, struct mc_images *im,
    const struct columns *c, struct mc_case_number number, uint64_t seed,
    struct mc_err *err)
{
	size_t before = mc_names_count(g->labels);
	size_t part = mc_names_copy(g->labels, number.per_class ?
	    get(im, c->label) : "");
	uint64_t order = mc_case_order(seed, get(im, c->id));
	struct montage_image *image;
	enum mc_status status;

	if (part == before) {
		g->counts = mc_xreallocarray(g->counts, before + 1,
		    sizeof(*g->counts));
		g->counts[part] = 0;
	}
	g->counts[part]++;
	image = place_for(g, part, number.n, order, get(im, c->id));
	if (image == NULL)
		return MC_OK;
	status = take_row(g, im, c, image, err);
	image->order = order;
	image->part = part;
	return status == MC_OK ? check_most(g, err) : status;
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
    const struct montage_only *only, size_t n_only, struct mc_err *err)
{
	if (g->n > 0)
		return MC_OK;
	if (n_only > 0)
		return montage_only_none(only, n_only,
		    mc_images_manifest_name(im), "image", err);
	return mc_err_set(err, MC_EDATA, "%s: has no images",
	    mc_images_name(im));
}

enum mc_status
montage_read_random(struct montage_gallery *g, struct mc_images *im,
    struct montage_only *only, size_t n_only, struct mc_case_number number,
    uint64_t seed, struct mc_err *err)
{
	struct columns c = find_columns(im);
	int *columns;
	enum mc_status status = bind_only(im, only, n_only, &columns, err);
	int64_t rows = 0;

	g->labels = mc_names_alloc();
	if (status == MC_OK && number.per_class && c.label < 0)
		status = mc_err_set(err, MC_EDATA, "%s: has no column "
		    "\"label\": give --count", mc_images_manifest_name(im));
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
    const struct columns *c, size_t count, struct mc_err *err)
{
	size_t part = mc_names_copy(g->labels, get(im, c->image));
	struct montage_image *image;
	enum mc_status status;

	if (part >= count)
		return MC_OK;
	image = add_image(g);
	status = take_row(g, im, c, image, err);
	image->part = part;
	return status == MC_OK ? check_most(g, err) : status;
}

enum mc_status
montage_read_versions(struct montage_gallery *g, struct mc_images *im,
    struct montage_only *only, size_t n_only, size_t count,
    struct mc_err *err)
{
	struct columns c = find_columns(im);
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
