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
#include "base/workers.h"
#include "learn/feed.h"

/* An image on its way from bytes to a tensor. */
struct item {
	const char *tar;		/* its name */
	struct mc_buf fields;		/* of its row, each NUL-terminated */
	struct mc_buf bytes;
	char sha256[MC_SHA256_HEX];
	size_t index;			/* in what is kept */
	int bits;
	enum mc_status status;
	struct mc_err err;
};

struct batch {
	struct item *item;
	size_t filled;		/* items to prepare */
	size_t *good;		/* those that could be prepared, */
	size_t n;		/* and their number */
	unsigned char *pixels;	/* of each item that is decoded */
	float *values;		/* of each item */
	enum mc_status status;	/* MC_OK, or why there is no such batch */
	struct mc_err err;
};

struct mc_feed {
	struct mc_feed_options o;
	struct mc_images *images;		/* or NULL, and: */
	const struct mc_kept *kept;
	const size_t *order;			/* of the pass over kept */
	size_t n_order, n_begun;
	int id, bits;		/* columns; -1: no such one */
	enum mc_keep form;	/* of the images that the feed walks through */
	size_t n_values;	/* floats of an image, or bytes of its crop */
	struct batch *ring;
	size_t n_ring;
	size_t begun, taken;	/* batches begun, and given out */
	bool ended;		/* no batch is to be begun */
	struct mc_workers *workers;
	int64_t rows, unwanted, bad;
};

/* --- Preparing an item, on any thread --------------------------------------- */

static enum mc_status
decode(struct item *s, const void *bytes, size_t n, const char *name,
    const struct mc_preprocess *pre, unsigned char *pixels)
{
	struct mc_image_facts facts;
	struct mc_image image;
	enum mc_status status;

	status = mc_image_decode_bits(&image, &facts, bytes, n, s->bits, name,
	    &s->err);
	if (status != MC_OK)
		return status;
	mc_resize_crop(&image, pre->resize, pre->crop, pre->filter, pixels);
	mc_image_free(&image);
	return MC_OK;
}

static const char *
field(const struct item *s, int column)
{
	const char *p = s->fields.data;

	while (column-- > 0)
		p += strlen(p) + 1;
	return p;
}

/* Prepare an image of the tar. */
static enum mc_status
prepare_row(const struct mc_feed *f, struct item *s, unsigned char *pixels)
{
	enum mc_status status;

	status = mc_image_parse_bits(f->bits < 0 ? "" : field(s, f->bits),
	    &s->bits, field(s, f->id), &s->err);
	return status != MC_OK ? status : decode(s, s->bytes.data,
	    s->bytes.len, field(s, f->id), f->o.preprocess, pixels);
}

/* Prepare an image that is kept as its file's bytes. */
static enum mc_status
prepare_encoded(const struct mc_feed *f, struct item *s, unsigned char *pixels)
{
	const struct mc_kept *kept = f->kept;

	s->bits = kept->bits[s->index];
	return decode(s, mc_records_at(kept->records, s->index),
	    mc_records_size(kept->records, s->index), "temporary file",
	    f->o.preprocess, pixels);
}

/* Prepare the piece of work NUMBER. */
static void
prepare(void *feed, size_t number)
{
	struct mc_feed *f = feed;
	struct batch *b = &f->ring[number / f->o.batch % f->n_ring];
	size_t i = number % f->o.batch;
	struct item *s = &b->item[i];
	float *values = b->values + i * f->n_values;
	const unsigned char *pixels = NULL;

	if (i >= b->filled)
		return;
	s->status = MC_OK;
	if (f->form == MC_KEEP_FEATURES) {
		memcpy(values, f->kept == NULL ? s->bytes.data :
		    mc_records_at(f->kept->records, s->index),
		    f->n_values * sizeof(*values));
		return;
	}
	if (f->form == MC_KEEP_PIXELS) {
		pixels = mc_records_at(f->kept->records, s->index);
	} else {
		unsigned char *decoded = b->pixels + i * f->n_values;

		s->status = f->kept != NULL ? prepare_encoded(f, s, decoded) :
		    prepare_row(f, s, decoded);
		pixels = decoded;
	}
	if (s->status == MC_OK)
		mc_preprocess_normalize(f->o.preprocess, pixels, values);
}

/* --- Batches ---------------------------------------------------------------- */

static struct mc_feed *
feed_alloc(const struct mc_feed_options *options, enum mc_keep form,
    size_t n_values)
{
	struct mc_feed *f = mc_xcalloc(1, sizeof(*f));
	size_t i, n = options->batch;

	f->o = *options;
	f->id = f->bits = -1;
	f->form = form;
	f->n_values = n_values;
	f->n_ring = options->ahead + 1;
	f->ring = mc_xcalloc(f->n_ring, sizeof(*f->ring));
	for (i = 0; i < f->n_ring; i++) {
		struct batch *b = &f->ring[i];

		b->item = mc_xcalloc(n, sizeof(*b->item));
		b->good = mc_xcalloc(n, sizeof(*b->good));
		if (form == MC_KEEP_ENCODED)
			b->pixels = mc_xreallocarray(NULL, n, n_values);
		b->values = mc_xreallocarray(NULL, n * n_values,
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
		}
		free(b->item);
		free(b->good);
		free(b->pixels);
		free(b->values);
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
	while (b->filled < f->o.batch && f->n_begun < f->n_order)
		b->item[b->filled++].index = f->order[f->n_begun++];
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

/* Sort the good items of B from the bad, which are reported. */
static enum mc_status
sort_out(struct mc_feed *f, struct batch *b, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < b->filled; i++) {
		struct item *s = &b->item[i];

		if (s->status == MC_OK) {
			if (b->n < i)
				memmove(b->values + b->n * f->n_values,
				    b->values + i * f->n_values,
				    f->n_values * sizeof(*b->values));
			b->good[b->n++] = i;
			continue;
		}
		if (f->images == NULL)
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
mc_feed_start(struct mc_feed *f, const size_t *index, size_t n)
{
	/* What an earlier pass has begun and not given out is dropped. */
	mc_workers_wait(f->workers, f->begun * f->o.batch);
	f->taken = f->begun;
	f->order = index;
	f->n_order = n;
	f->n_begun = 0;
	f->ended = false;
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
	const struct batch *b = present(f);
	int64_t shape[4] = { (int64_t)b->n, (int64_t)f->n_values };
	int ndim = 2;

	if (f->form != MC_KEEP_FEATURES) {
		shape[1] = 3;
		shape[2] = shape[3] = f->o.preprocess->crop;
		ndim = 4;
	}
	return mc_from_f32(t, b->values, b->n * f->n_values, shape, ndim);
}

const unsigned char *
mc_feed_pixels(const struct mc_feed *f, size_t i)
{
	const struct batch *b = present(f);

	return b->pixels + b->good[i] * f->n_values;
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
