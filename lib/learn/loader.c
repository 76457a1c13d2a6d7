/* loader.c - load an image tar in batches. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "learn/loader.h"

/* An image of the batch on its way from bytes to pixels. */
struct slot {
	struct mc_buf fields;	/* of its row, each NUL-terminated */
	struct mc_buf bytes;
	enum mc_status status;
	struct mc_err err;
};

struct mc_loader {
	struct mc_images *images;
	struct mc_loader_options o;
	int id, bits;		/* the columns; -1: no such one */
	struct slot *slot;	/* o.batch */
	size_t filled;		/* slots that were read */
	size_t *good;		/* the slots that could be decoded, */
	size_t n;		/* and their number */
	unsigned char *rgb;
	float *normalized;
	size_t size;		/* bytes a crop, and floats */
	bool ended;
	int64_t taken, unwanted, bad;
};

struct mc_loader *
mc_loader_alloc(struct mc_images *images,
    const struct mc_loader_options *options)
{
	struct mc_loader *l = mc_xcalloc(1, sizeof(*l));
	size_t side = (size_t)options->preprocess->crop;

	l->images = images;
	l->o = *options;
	l->id = mc_images_find(images, "id");
	l->bits = mc_images_find(images, "bits");
	l->slot = mc_xcalloc(l->o.batch, sizeof(*l->slot));
	l->good = mc_xcalloc(l->o.batch, sizeof(*l->good));
	l->size = side * side * 3;
	l->rgb = mc_xreallocarray(NULL, l->o.batch, l->size);
	l->normalized = mc_xreallocarray(NULL, l->o.batch * l->size,
	    sizeof(*l->normalized));
	return l;
}

void
mc_loader_free(struct mc_loader *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->o.batch; i++) {
		mc_buf_free(&l->slot[i].fields);
		mc_buf_free(&l->slot[i].bytes);
	}
	free(l->slot);
	free(l->good);
	free(l->rgb);
	free(l->normalized);
	free(l);
}

static const char *
field(const struct slot *s, int column)
{
	const char *p = s->fields.data;

	while (column-- > 0)
		p += strlen(p) + 1;
	return p;
}

/* Copy the row and the bytes on which the images stand into slot S. */
static void
fill(struct mc_loader *l, struct slot *s)
{
	size_t c, n;
	const void *bytes = mc_images_bytes(l->images, &n);

	s->fields.len = s->bytes.len = 0;
	for (c = 0; c < mc_images_columns(l->images); c++) {
		const char *text = mc_images_get(l->images, c);

		mc_buf_add(&s->fields, text, strlen(text) + 1);
	}
	mc_buf_add(&s->bytes, bytes, n);
}

/* Read rows until the batch is full or the stream ends. */
static enum mc_status
read_batch(struct mc_loader *l, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	bool wanted;

	l->filled = 0;
	while (l->filled < l->o.batch) {
		status = mc_images_next(l->images, err);
		if (status != MC_OK)
			break;
		l->taken++;
		wanted = true;
		if (l->o.want != NULL)
			status = l->o.want(l->images, &wanted, l->o.arg, err);
		if (status != MC_OK)
			break;
		if (wanted)
			fill(l, &l->slot[l->filled++]);
		else
			l->unwanted++;
	}
	if (status == MC_END) {
		l->ended = true;
		status = MC_OK;
	}
	return status;
}

static void
decode(void *loader, size_t i)
{
	struct mc_loader *l = loader;
	struct slot *s = &l->slot[i];
	const struct mc_preprocess *pre = l->o.preprocess;
	struct mc_image_facts facts;
	struct mc_image image;
	int bits;

	s->status = mc_image_parse_bits(l->bits < 0 ? "" : field(s, l->bits),
	    &bits, field(s, l->id), &s->err);
	if (s->status == MC_OK)
		s->status = mc_image_decode_bits(&image, &facts, s->bytes.data,
		    s->bytes.len, bits, field(s, l->id), &s->err);
	if (s->status != MC_OK)
		return;
	mc_resize_crop(&image, pre->resize, pre->crop, pre->filter,
	    l->rgb + i * l->size);
	mc_image_free(&image);
}

/* Move the crops of the good slots together and report the bad ones. */
static enum mc_status
sort_out(struct mc_loader *l, struct mc_err *err)
{
	size_t i;

	l->n = 0;
	for (i = 0; i < l->filled; i++) {
		struct slot *s = &l->slot[i];

		if (s->status == MC_OK) {
			if (l->n < i)
				memcpy(l->rgb + l->n * l->size,
				    l->rgb + i * l->size, l->size);
			l->good[l->n++] = i;
			continue;
		}
		if (l->o.bad == NULL)
			return mc_err_set(err, s->status, "%s: %s (--skip-bad "
			    "leaves such images out)",
			    mc_images_name(l->images), s->err.text);
		l->o.bad(field(s, l->id), s->err.text, l->o.arg);
		l->bad++;
	}
	return MC_OK;
}

enum mc_status
mc_loader_next(struct mc_loader *l, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	for (l->n = 0; status == MC_OK && l->n == 0;) {
		if (l->ended)
			return MC_END;
		status = read_batch(l, err);
		if (status == MC_OK) {
			mc_parallel(l->filled, l->o.threads, decode, l);
			status = sort_out(l, err);
		}
	}
	return status;
}

size_t
mc_loader_count(const struct mc_loader *l)
{
	return l->n;
}

const char *
mc_loader_get(const struct mc_loader *l, size_t i, int column)
{
	return column < 0 ? "" : field(&l->slot[l->good[i]], column);
}

const unsigned char *
mc_loader_rgb(const struct mc_loader *l)
{
	return l->rgb;
}

void
mc_loader_sha256(const struct mc_loader *l, size_t i, char hex[MC_SHA256_HEX])
{
	const struct mc_buf *bytes = &l->slot[l->good[i]].bytes;

	mc_sha256_bytes(bytes->data, bytes->len, hex);
}

enum mc_status
mc_loader_not_finite(const struct mc_loader *l, size_t i, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: id \"%s\": the network's output "
	    "is not finite: its weights are too large",
	    mc_images_name(l->images), mc_loader_get(l, i, l->id));
}

enum mc_status
mc_loader_check_finite(const struct mc_loader *l, const float *values,
    size_t n, struct mc_err *err)
{
	size_t i;

	for (i = 0; i < l->n * n; i++) {
		if (!isfinite(values[i]))
			return mc_loader_not_finite(l, i / n, err);
	}
	return MC_OK;
}

struct mc_tensor *
mc_loader_tensor(struct mc_loader *l, struct mc_torch *t)
{
	const struct mc_preprocess *pre = l->o.preprocess;
	const int64_t shape[] = { (int64_t)l->n, 3, pre->crop, pre->crop };
	size_t i;

	for (i = 0; i < l->n; i++)
		mc_preprocess_normalize(pre, l->rgb + i * l->size,
		    l->normalized + i * l->size);
	return mc_from_f32(t, l->normalized, l->n * l->size, shape, 4);
}

int64_t
mc_loader_taken(const struct mc_loader *l)
{
	return l->taken;
}

int64_t
mc_loader_unwanted(const struct mc_loader *l)
{
	return l->unwanted;
}

int64_t
mc_loader_bad(const struct mc_loader *l)
{
	return l->bad;
}
