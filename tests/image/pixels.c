/*
 * pixels.c - a driver for tests/image: what lib/image makes of files.
 *
 *	pixels rgb FILE...			decoded pixels
 *	pixels bits BITS FILE...		the same, of 16-bit samples
 *	pixels crop PREPROCESSING FILE...	resized and cropped pixels
 *	pixels float PREPROCESSING FILE...	float32 planes, as in memory
 *	pixels augment LIST N PREPROCESSING FILE...	N times: the draw, the pixels
 *	pixels draws LIST WIDTH HEIGHT CROP N	N draws, a line each
 *	pixels shard TAR			id, label and SHA-256 a row
 *
 * For each file one line, "ok WIDTH HEIGHT" or "error MESSAGE", and behind the
 * former the raw data.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/augment.h"
#include "image/decode.h"
#include "image/preprocess.h"
#include "stream/images.h"

/* The whole file, in a block of exactly its size. */
static void *
read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	void *bytes;
	long size;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0) {
		perror(path);
		exit(1);
	}
	rewind(f);
	*n = (size_t)size;
	bytes = mc_xmalloc(*n);
	if (fread(bytes, 1, *n, f) != *n) {
		perror(path);
		exit(1);
	}
	fclose(f);
	return bytes;
}

static void
show(const struct mc_image *image, const char *mode,
    const struct mc_preprocess *pre)
{
	size_t n = mc_preprocess_size(pre);
	size_t crop = (size_t)pre->crop;
	unsigned char *rgb = mc_xmalloc(n);
	float *out = mc_xreallocarray(NULL, n, sizeof(*out));

	printf("ok %d %d\n", image->width, image->height);
	if (strcmp(mode, "rgb") == 0 || strcmp(mode, "bits") == 0) {
		fwrite(image->rgb, 3, (size_t)image->width *
		    (size_t)image->height, stdout);
	} else if (strcmp(mode, "crop") == 0) {
		mc_resize_crop(image, pre->resize, pre->crop, pre->filter, rgb);
		fwrite(rgb, 3, crop * crop, stdout);
	} else {
		mc_preprocess_image(pre, image, out);
		fwrite(out, sizeof(*out), n, stdout);
	}
	free(rgb);
	free(out);
}

static void
show_box(const char *name, const struct mc_box *box)
{
	printf(" %s=%d,%d,%d,%d", name, box->left, box->top, box->width,
	    box->height);
}

static void
show_draw(const struct mc_augment_draw *d)
{
	printf("flip=%d vflip=%d angle=%.17g jitter=%d,%d,%d "
	    "factor=%.17g,%.17g,%.17g", d->flip, d->vflip, d->angle,
	    d->jitter[0], d->jitter[1], d->jitter[2], d->factor[0],
	    d->factor[1], d->factor[2]);
	printf(" trivial=%d,%.17g", d->trivial.operation, d->trivial.magnitude);
	if (d->crops)
		show_box("crop", &d->crop);
	if (d->erases)
		show_box("erase", &d->erase);
	putchar('\n');
}

/* A file: for each of N seeds its draw, and what becomes of it. */
static enum mc_status
show_augmented(const struct mc_augment *a, uint64_t count,
    const struct mc_preprocess *pre, const char *path, struct mc_err *err)
{
	size_t n;
	void *bytes = read_file(path, &n);
	unsigned char *rgb = mc_xmalloc(mc_preprocess_size(pre));
	struct mc_image image = { 0 }, resized = { 0 };
	enum mc_status status = mc_image_decode(&image, bytes, n, path, err);
	struct mc_augment_draw draw;
	uint64_t seed;

	if (status == MC_OK)
		status = mc_resize(&resized, &image, pre->resize, pre->filter,
		    path, err);
	for (seed = 0; seed < count && status == MC_OK; seed++) {
		mc_augment_draw(a, resized.width, resized.height, pre->crop,
		    seed, &draw);
		mc_augment_apply(&draw, pre, &resized, rgb);
		show_draw(&draw);
		fwrite(rgb, 1, mc_preprocess_size(pre), stdout);
	}
	mc_image_free(&image);
	mc_image_free(&resized);
	free(rgb);
	free(bytes);
	return status;
}

static int
augment(int argc, char **argv)
{
	struct mc_preprocess pre;
	struct mc_augment a;
	struct mc_err err;
	enum mc_status status = mc_image_init(&err);
	int i;

	if (status == MC_OK)
		status = mc_augment_parse(&a, argv[2], &err);
	if (status == MC_OK)
		status = mc_preprocess_parse(&pre, argv[4], &err);
	for (i = 5; i < argc && status == MC_OK; i++)
		status = show_augmented(&a, strtoull(argv[3], NULL, 10), &pre,
		    argv[i], &err);
	if (status != MC_OK)
		fprintf(stderr, "pixels: %s\n", err.text);
	return status != MC_OK;
}

static int
draws(char **argv)
{
	struct mc_augment_draw d;
	struct mc_augment a;
	struct mc_err err;
	int i;

	if (mc_augment_parse(&a, argv[2], &err) != MC_OK) {
		fprintf(stderr, "pixels: %s\n", err.text);
		return 1;
	}
	for (i = 0; i < atoi(argv[6]); i++) {
		mc_augment_draw(&a, atoi(argv[3]), atoi(argv[4]),
		    atoi(argv[5]), (uint64_t)i, &d);
		show_draw(&d);
	}
	return 0;
}

/* The rows of an image tar or a shard, then how it ends. */
static int
show_rows(const char *path)
{
	struct mc_images *im;
	struct mc_err err;
	char sha256[MC_SHA256_HEX];
	enum mc_status status = mc_images_open(&im, path, &err);
	const void *bytes;
	size_t n;

	while (status == MC_OK && (status = mc_images_next(im, &err)) == MC_OK) {
		bytes = mc_images_bytes(im, &n);
		mc_sha256_bytes(bytes, n, sha256);
		printf("%s\t%s\t%s\n", mc_images_get(im, 0),
		    mc_images_get(im, 1), sha256);
	}
	puts(status == MC_END ? "end" : err.text);
	mc_images_close(im);
	return 0;
}

int
main(int argc, char **argv)
{
	struct mc_preprocess pre = mc_preprocess_imagenet;
	struct mc_err err = { MC_OK, "" };
	struct mc_image_facts facts;
	struct mc_image image;
	int bits = 16;
	bool plain = argc > 1 && strcmp(argv[1], "rgb") == 0;
	void *bytes;
	size_t n;
	int i;

	if (argc == 3 && strcmp(argv[1], "shard") == 0)
		return show_rows(argv[2]);
	if (argc > 5 && strcmp(argv[1], "augment") == 0)
		return augment(argc, argv);
	if (argc == 7 && strcmp(argv[1], "draws") == 0)
		return draws(argv);
	if (argc < 3 || mc_image_init(&err) != MC_OK ||
	    (strcmp(argv[1], "bits") == 0 ?
	    mc_image_parse_bits(argv[2], &bits, "bits", &err) != MC_OK :
	    !plain && mc_preprocess_parse(&pre, argv[2], &err) != MC_OK)) {
		fprintf(stderr, "pixels: %s\n", err.text);
		return 2;
	}
	for (i = plain ? 2 : 3; i < argc; i++) {
		bytes = read_file(argv[i], &n);
		if (mc_image_decode_bits(&image, &facts, bytes, n, bits,
		    argv[i], &err) == MC_OK)
			show(&image, argv[1], &pre);
		else
			printf("error %s\n", err.text);
		mc_image_free(&image);
		free(bytes);
	}
	mc_image_shutdown();
	return ferror(stdout) || fclose(stdout) != 0;
}
