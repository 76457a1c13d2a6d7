/*
 * pixels.c - a driver for tests/image: what lib/image makes of files.
 *
 *	pixels rgb FILE...			decoded pixels
 *	pixels bits BITS FILE...		the same, of 16-bit samples
 *	pixels crop PREPROCESSING FILE...	resized and cropped pixels
 *	pixels float PREPROCESSING FILE...	float32 planes, as in memory
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
