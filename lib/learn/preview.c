/* preview.c - show what augmentation makes of training images. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "image/encode.h"
#include "learn/preview.h"
#include "stream/images.h"

struct preview {
	const struct mc_dataset *d;
	const struct mc_preprocess *pre;
	size_t n;			/* images */
	size_t size;			/* bytes of one */
	unsigned char *rgb;		/* n x epochs, from 0, x size */
};

#define VERSIONS (MC_PREVIEW_EPOCHS + 1)

/* The pixels of each image in each epoch. */
static enum mc_status
make_pixels(struct preview *p, const struct mc_recipe *r, int threads,
    struct mc_err *err)
{
	const struct mc_feed_options o = { .preprocess = p->pre,
	    .batch = p->n, .threads = threads };
	uint64_t *key = mc_xcalloc(p->n, sizeof(*key));
	struct mc_augmentation how = { &r->augment, r->seed, 0, key };
	struct mc_feed *feed = mc_feed_kept(&p->d->kept, &o);
	enum mc_status status = MC_OK;
	size_t i;

	for (i = 0; i < p->n; i++)
		key[i] = p->d->key[p->d->train[i]];
	p->rgb = mc_xreallocarray(NULL, p->n * VERSIONS, p->size);
	for (; how.epoch < VERSIONS && status == MC_OK; how.epoch++) {
		mc_feed_start(feed, p->d->train, p->n, how.epoch > 0 ? &how :
		    NULL);
		status = mc_feed_next(feed, err);
		for (i = 0; i < p->n && status == MC_OK; i++)
			memcpy(p->rgb + (i * VERSIONS + (size_t)how.epoch) *
			    p->size, mc_feed_pixels(feed, i), p->size);
	}
	mc_feed_free(feed);
	free(key);
	return status;
}

static enum mc_status
make_manifest(const struct preview *p, struct mc_table **t, const char *name,
    struct mc_err *err)
{
	static const char *const columns[] = { "id", "image", "epoch",
	    "label" };
	enum mc_status status = mc_table_alloc(t, name, columns, 4, err);
	size_t i;

	for (i = 0; i < p->n * VERSIONS && status == MC_OK; i++) {
		const char *image = p->d->train_id[i / VERSIONS];
		char epoch[2] = { (char)('0' + i % VERSIONS), '\0' };
		char *id = mc_xasprintf("%s-%s", image, epoch);
		const char *fields[] = { id, image, epoch, p->d->texts[
		    p->d->text[p->d->train[i / VERSIONS]]] };

		status = mc_table_add(*t, fields, err);
		free(id);
	}
	return status;
}

static enum mc_status
write_images(const struct preview *p, struct mc_images_writer *w,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	unsigned char *png;
	size_t i, n;

	for (i = 0; i < p->n * VERSIONS && status == MC_OK; i++) {
		const struct mc_image image = { p->pre->crop, p->pre->crop,
		    p->rgb + i * p->size };

		status = mc_image_encode_png(&image, &png, &n, err);
		if (status == MC_OK)
			status = mc_images_add(w, "png", png, n, err);
		free(png);
	}
	return status;
}

enum mc_status
mc_preview_write(const struct mc_dataset *d, const struct mc_preprocess *pre,
    const struct mc_recipe *r, int threads, FILE *f, const char *name,
    struct mc_err *err)
{
	struct preview p = { .d = d, .pre = pre,
	    .n = d->n_train < MC_PREVIEW_IMAGES ? d->n_train :
	    MC_PREVIEW_IMAGES, .size = mc_preprocess_size(pre) };
	struct mc_images_writer *w = NULL;
	struct mc_table *manifest = NULL;
	enum mc_status status = make_pixels(&p, r, threads, err);

	if (status == MC_OK)
		status = make_manifest(&p, &manifest, name, err);
	if (status == MC_OK)
		status = mc_images_create(&w, f, name, manifest, err);
	if (status == MC_OK)
		status = write_images(&p, w, err);
	if (status == MC_OK)
		status = mc_images_finish(w, err);
	else if (w != NULL)
		mc_images_abandon(w);
	mc_table_free(manifest);
	free(p.rgb);
	return status;
}
