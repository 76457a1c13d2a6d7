/*
 * feed.c - feed images to a network.
 *
 * Batches form a ring.  The caller's thread fills a batch with what is to be
 * prepared: rows of the tar, or indices of what is kept.  The workers then
 * prepare each item in memory of its own.  Item I of the Kth batch is piece
 * K * batch + I of their work.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/workers.h"
#include "learn/feed.h"

/* An image on its way from bytes to a tensor. */
struct item {
	const char *tar;		/* its name */
	struct mc_buf fields;		/* of its row, each NUL-terminated */
	struct mc_buf bytes;
	char sha256[MC_SHA256_HEX];
	size_t index;			/* in what is kept */
	size_t place;			/* in the pass over it */
	struct mc_image resized;	/* of one that is decoded, or its crop */
	int bits;
	enum mc_status status;
	struct mc_err err;
};

struct batch {
	struct item *item;
	size_t filled;		/* items to prepare */
	size_t *good;		/* those that could be prepared, */
	size_t n;		/* and their number */
	/* Of one view of all items after another: */
	unsigned char *pixels;	/* of each item's crop */
	float *values;		/* of each item; NULL: the device makes them */
	const unsigned char **crops;	/* where it does: of the good items */
	enum mc_status status;	/* MC_OK, or why there is no such batch */
	struct mc_err err;
};

struct mc_feed {
	struct mc_feed_options o;
	struct mc_images *images;		/* or NULL, and: */
	const struct mc_kept *kept;
	const size_t *order;			/* of the pass over kept */
	size_t n_order, n_begun;
	bool augments;				/* the present pass, by: */
	struct mc_augmentation how;
	int id, bits;		/* columns; -1: no such one */
	enum mc_keep form;	/* of the images that the feed walks through */
	size_t n_values;	/* floats of an image, or bytes of its crop */
	size_t n_views;
	struct batch *ring;
	size_t n_ring;
	size_t begun, taken;	/* batches begun, and given out */
	bool ended;		/* no batch is to be begun */
	struct mc_workers *workers;
	int64_t rows, unwanted, bad;
};

/* --- Preparing an item, on any thread --------------------------------------- */

/*
 * Decode S into its resized image, or, where no more is needed, the centre crop
 * of that.
 */
static enum mc_status
decode(const struct mc_feed *f, struct item *s, const void *bytes, size_t n,
    const char *name)
{
	const struct mc_preprocess *pre = f->o.preprocess;
	struct mc_image_facts facts;
	struct mc_image image;
	enum mc_status status;

	mc_image_free(&s->resized);
	status = mc_image_decode_bits(&image, &facts, bytes, n, s->bits, name,
	    &s->err);
	if (status != MC_OK)
		return status;
	if (f->o.resized || (f->augments && mc_augment_crops(f->how.words)) ||
	    (f->o.tta != NULL && mc_augment_crops(&f->o.tta->words))) {
		status = mc_resize(&s->resized, &image, pre->resize,
		    pre->filter, name, &s->err);
	} else {
		s->resized = (struct mc_image){ pre->crop, pre->crop,
		    mc_xmalloc(mc_preprocess_size(pre)) };
		mc_resize_crop(&image, pre->resize, pre->crop, pre->filter,
		    s->resized.rgb);
	}
	mc_image_free(&image);
	return status;
}

static const char *
field(const struct item *s, int column)
{
	const char *p = s->fields.data;

	while (column-- > 0)
		p += strlen(p) + 1;
	return p;
}

/* Decode an image of the tar. */
static enum mc_status
decode_row(const struct mc_feed *f, struct item *s)
{
	enum mc_status status;

	status = mc_image_parse_bits(f->bits < 0 ? "" : field(s, f->bits),
	    &s->bits, field(s, f->id), &s->err);
	return status != MC_OK ? status : decode(f, s, s->bytes.data,
	    s->bytes.len, field(s, f->id));
}

/* Decode an image that is kept as its file's bytes. */
static enum mc_status
decode_kept(const struct mc_feed *f, struct item *s)
{
	const struct mc_kept *kept = f->kept;

	s->bits = kept->bits[s->index];
	return decode(f, s, mc_records_at(kept->records, s->index),
	    mc_records_size(kept->records, s->index), "temporary file");
}

/* The pixels that are kept of an image, whole or its crop; not to be freed. */
static struct mc_image
kept_pixels(const struct mc_feed *f, const struct item *s)
{
	const struct mc_kept *kept = f->kept;
	size_t n = mc_records_size(kept->records, s->index);
	int width = f->form == MC_KEEP_RESIZED ? kept->width[s->index] :
	    f->o.preprocess->crop;

	return (struct mc_image){ width, (int)(n / 3 / (size_t)width),
	    (unsigned char *)mc_records_at(kept->records, s->index) };
}

/* Make the crop of view V of IN, which is resized, or such a crop already. */
static void
make_crop(const struct mc_feed *f, const struct item *s,
    const struct mc_image *in, size_t v, unsigned char *pixels)
{
	const struct mc_augmentation *how = &f->how;
	int crop = f->o.preprocess->crop;
	struct mc_augment_draw draw;

	if (f->augments) {
		mc_augment_draw(how->words, in->width, in->height, crop,
		    mc_stream_hash(how->seed, "augment", (uint64_t)how->epoch,
		    how->key[s->place]), &draw);
	} else if (f->o.tta != NULL) {
		const char *id = field(s, f->id);

		mc_tta_draw(f->o.tta, (int)v, mc_fnv1a64(id, strlen(id)),
		    in->width, in->height, crop, &draw);
	} else {
		mc_center_crop(in, crop, pixels);
		return;
	}
	mc_augment_apply(&draw, f->o.preprocess, in, pixels);
}

/* Make the pixels, and the values, of all views of IN, item I of B. */
static void
make_views(const struct mc_feed *f, struct batch *b, size_t i,
    const struct mc_image *in)
{
	size_t v, at;

	for (v = 0; v < f->n_views; v++) {
		at = (v * f->o.batch + i) * f->n_values;
		make_crop(f, &b->item[i], in, v, b->pixels + at);
		if (b->values != NULL)
			mc_preprocess_normalize(f->o.preprocess,
			    b->pixels + at, b->values + at);
	}
}

/* Prepare the piece of work NUMBER. */
static void
prepare(void *feed, size_t number)
{
	struct mc_feed *f = feed;
	struct batch *b = &f->ring[number / f->o.batch % f->n_ring];
	size_t i = number % f->o.batch;
	struct item *s = &b->item[i];
	struct mc_image kept;

	if (i >= b->filled)
		return;
	s->status = MC_OK;
	if (f->form == MC_KEEP_FEATURES) {
		memcpy(b->values + i * f->n_values, f->kept == NULL ?
		    s->bytes.data : mc_records_at(f->kept->records, s->index),
		    f->n_values * sizeof(*b->values));
	} else if (f->form != MC_KEEP_ENCODED) {
		kept = kept_pixels(f, s);
		make_views(f, b, i, &kept);
	} else {
		s->status = f->kept != NULL ? decode_kept(f, s) :
		    decode_row(f, s);
		if (s->status == MC_OK)
			make_views(f, b, i, &s->resized);
	}
}

/* --- Batches ---------------------------------------------------------------- */

static struct mc_feed *
feed_alloc(const struct mc_feed_options *options, enum mc_keep form,
    size_t n_values)
{
	struct mc_feed *f = mc_xcalloc(1, sizeof(*f));
	size_t i, n = options->batch, all;

	f->o = *options;
	f->id = f->bits = -1;
	f->form = form;
	f->n_values = n_values;
	f->n_views = options->tta != NULL ? (size_t)options->tta->views : 1;
	all = n * f->n_views;
	f->n_ring = options->ahead + 1;
	f->ring = mc_xcalloc(f->n_ring, sizeof(*f->ring));
	for (i = 0; i < f->n_ring; i++) {
		struct batch *b = &f->ring[i];

		b->item = mc_xcalloc(n, sizeof(*b->item));
		b->good = mc_xcalloc(n, sizeof(*b->good));
		if (form != MC_KEEP_FEATURES)
			b->pixels = mc_xreallocarray(NULL, all, n_values);
		if (form != MC_KEEP_FEATURES && options->ahead > 0)
			b->crops = mc_xcalloc(all, sizeof(*b->crops));
		else
			b->values = mc_xreallocarray(NULL, all * n_values,
			    sizeof(*b->values));
	}
	/* Where nothing is done ahead, the caller's thread is one of them. */
	f->workers = mc_workers_alloc(options->threads - (options->ahead == 0),
	    prepare, f);
	return f;
}

struct mc_feed *
mc_feed_images(struct mc_images *images,
    const struct mc_feed_options *options)
{
	size_t dim = mc_images_dim(images);
	struct mc_feed *f = dim > 0 ?
	    feed_alloc(options, MC_KEEP_FEATURES, dim) :
	    feed_alloc(options, MC_KEEP_ENCODED,
	    mc_preprocess_size(options->preprocess));

	f->images = images;
	f->id = mc_images_find(images, "id");
	f->bits = mc_images_find(images, "bits");
	return f;
}

struct mc_feed *
mc_feed_kept(const struct mc_kept *kept,
    const struct mc_feed_options *options)
{
	struct mc_feed *f = feed_alloc(options, kept->form,
	    kept->form == MC_KEEP_FEATURES ? kept->dim :
	    mc_preprocess_size(options->preprocess));

	f->kept = kept;
	f->ended = true;
	return f;
}

void
mc_feed_free(struct mc_feed *f)
{
	size_t i, k;

	if (f == NULL)
		return;
	mc_workers_free(f->workers);
	for (i = 0; i < f->n_ring; i++) {
		struct batch *b = &f->ring[i];

		for (k = 0; k < f->o.batch; k++) {
			mc_buf_free(&b->item[k].fields);
			mc_buf_free(&b->item[k].bytes);
			mc_image_free(&b->item[k].resized);
		}
		free(b->item);
		free(b->good);
		free(b->pixels);
		free(b->values);
		free(b->crops);
	}
	free(f->ring);
	free(f);
}

/* Copy the row on which the images stand, and its bytes, into S. */
static void
copy_row(const struct mc_feed *f, struct item *s)
{
	size_t c, n;
	const void *bytes = mc_images_bytes(f->images, &n);

	s->tar = mc_images_name(f->images);
	s->fields.len = s->bytes.len = 0;
	for (c = 0; c < mc_images_columns(f->images); c++) {
		const char *text = mc_images_get(f->images, c);

		mc_buf_add(&s->fields, text, strlen(text) + 1);
	}
	mc_buf_add(&s->bytes, bytes, n);
	if (f->o.digests)
		mc_images_sha256(f->images, s->sha256);
}

/* Read rows into B until it is full or the tar ends. */
static enum mc_status
read_rows(struct mc_feed *f, struct batch *b)
{
	enum mc_status status = MC_OK;
	bool wanted;

	while (b->filled < f->o.batch) {
		status = mc_images_next(f->images, &b->err);
		if (status != MC_OK)
			return status;
		f->rows++;
		wanted = true;
		if (f->o.want != NULL)
			status = f->o.want(f->images, &wanted, f->o.arg,
			    &b->err);
		if (status != MC_OK)
			return status;
		if (wanted)
			copy_row(f, &b->item[b->filled++]);
		else
			f->unwanted++;
	}
	return MC_OK;
}

/* Note the next images of the order in B. */
static enum mc_status
take_indices(struct mc_feed *f, struct batch *b)
{
	while (b->filled < f->o.batch && f->n_begun < f->n_order) {
		struct item *s = &b->item[b->filled++];

		s->place = f->n_begun++;
		s->index = f->order[s->place];
	}
	return f->n_begun < f->n_order ? MC_OK : MC_END;
}

/* Begin one batch, to be prepared. */
static void
begin_batch(struct mc_feed *f)
{
	struct batch *b = &f->ring[f->begun % f->n_ring];

	b->filled = b->n = 0;
	b->status = f->images != NULL ? read_rows(f, b) : take_indices(f, b);
	f->ended = b->status != MC_OK;
	if (b->status == MC_END && b->filled > 0)
		b->status = MC_OK;
	if (b->status != MC_OK)
		b->filled = 0;
	f->begun++;
	mc_workers_add(f->workers, f->o.batch);
}

/* Put the crops or values of item I of B behind those of the good ones. */
static void
keep_item(const struct mc_feed *f, struct batch *b, size_t i)
{
	size_t v;

	for (v = 0; v < f->n_views; v++) {
		size_t from = (v * f->o.batch + i) * f->n_values;
		size_t to = (v * f->o.batch + b->n) * f->n_values;

		if (b->crops != NULL)
			b->crops[v * f->o.batch + b->n] = b->pixels + from;
		else if (to < from)
			memcpy(b->values + to, b->values + from,
			    f->n_values * sizeof(*b->values));
	}
	b->good[b->n++] = i;
}

/* Sort the good items of B from the bad, which are reported. */
static enum mc_status
sort_out(struct mc_feed *f, struct batch *b, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < b->filled; i++) {
		struct item *s = &b->item[i];

		if (s->status == MC_OK) {
			keep_item(f, b, i);
			continue;
		}
		if (f->images == NULL || s->status == MC_EMACHINE)
			return mc_err_set(err, s->status, "%s", s->err.text);
		if (f->o.bad == NULL)
			return mc_err_set(err, s->status, "%s: %s (--skip-bad "
			    "leaves such images out)", s->tar, s->err.text);
		f->o.bad(field(s, f->id), s->err.text, f->o.arg);
		f->bad++;
	}
	return MC_OK;
}

void
mc_feed_start(struct mc_feed *f, const size_t *index, size_t n,
    const struct mc_augmentation *how)
{
	/* What an earlier pass has begun and not given out is dropped. */
	mc_workers_wait(f->workers, f->begun * f->o.batch);
	f->taken = f->begun;
	f->order = index;
	f->n_order = n;
	f->n_begun = 0;
	f->ended = false;
	f->augments = how != NULL;
	if (how != NULL)
		f->how = *how;
}

enum mc_status
mc_feed_next(struct mc_feed *f, struct mc_err *err)
{
	enum mc_status status;
	struct batch *b;

	do {
		while (!f->ended && f->begun - f->taken < f->n_ring)
			begin_batch(f);
		if (f->begun == f->taken)
			return MC_END;
		b = &f->ring[f->taken % f->n_ring];
		mc_workers_wait(f->workers, (f->taken + 1) * f->o.batch);
		f->taken++;
		status = b->status;
		if (status == MC_OK)
			status = sort_out(f, b, err);
		else if (status != MC_END)
			*err = b->err;
	} while (status == MC_OK && b->n == 0);
	return status;
}

/* --- The present batch ------------------------------------------------------ */

static const struct batch *
present(const struct mc_feed *f)
{
	return &f->ring[(f->taken - 1) % f->n_ring];
}

static const struct item *
good_item(const struct mc_feed *f, size_t i)
{
	const struct batch *b = present(f);

	return &b->item[b->good[i]];
}

size_t
mc_feed_count(const struct mc_feed *f)
{
	return present(f)->n;
}

struct mc_tensor *
mc_feed_tensor(const struct mc_feed *f, struct mc_torch *t)
{
	return mc_feed_view(f, t, 0);
}

struct mc_tensor *
mc_feed_view(const struct mc_feed *f, struct mc_torch *t, size_t v)
{
	const struct batch *b = present(f);
	int64_t shape[4] = { (int64_t)b->n, (int64_t)f->n_values };
	int ndim = 2;

	if (b->crops != NULL)
		return mc_from_rgb(t, b->crops + v * f->o.batch, b->n,
		    f->o.preprocess->crop, f->o.preprocess->mean,
		    f->o.preprocess->std);
	if (f->form != MC_KEEP_FEATURES) {
		shape[1] = 3;
		shape[2] = shape[3] = f->o.preprocess->crop;
		ndim = 4;
	}
	return mc_from_f32(t, b->values + v * f->o.batch * f->n_values,
	    b->n * f->n_values, shape, ndim);
}

const unsigned char *
mc_feed_pixels(const struct mc_feed *f, size_t i)
{
	const struct batch *b = present(f);

	return b->pixels + b->good[i] * f->n_values;
}

const struct mc_image *
mc_feed_resized(const struct mc_feed *f, size_t i)
{
	return &good_item(f, i)->resized;
}

size_t
mc_feed_index(const struct mc_feed *f, size_t i)
{
	return good_item(f, i)->index;
}

const char *
mc_feed_get(const struct mc_feed *f, size_t i, int column)
{
	return column < 0 ? "" : field(good_item(f, i), column);
}

const void *
mc_feed_bytes(const struct mc_feed *f, size_t i, size_t *n)
{
	const struct item *s = good_item(f, i);

	*n = s->bytes.len;
	return s->bytes.data;
}

const char *
mc_feed_sha256(const struct mc_feed *f, size_t i)
{
	return good_item(f, i)->sha256;
}

int
mc_feed_bits(const struct mc_feed *f, size_t i)
{
	return good_item(f, i)->bits;
}

enum mc_status
mc_feed_not_finite(const struct mc_feed *f, size_t i, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: id \"%s\": the network's output "
	    "is not finite: its weights are too large", good_item(f, i)->tar,
	    mc_feed_get(f, i, f->id));
}

enum mc_status
mc_feed_check_finite(const struct mc_feed *f, const float *values, size_t n,
    struct mc_err *err)
{
	size_t i;

	for (i = 0; i < mc_feed_count(f) * n; i++) {
		if (!isfinite(values[i]))
			return mc_feed_not_finite(f, i / n, err);
	}
	return MC_OK;
}

int64_t
mc_feed_taken(const struct mc_feed *f)
{
	return f->rows;
}

int64_t
mc_feed_unwanted(const struct mc_feed *f)
{
	return f->unwanted;
}

int64_t
mc_feed_bad(const struct mc_feed *f)
{
	return f->bad;
}
