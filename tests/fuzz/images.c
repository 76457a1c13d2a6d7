/*
 * images.c - fuzz lib/stream/images.c, own_tar.c, shard.c, features.c,
 * shard_list.c: the members of a tar (fuzz.h).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stream/images.h"

static void
read_row(struct mc_images *im)
{
	const void *image;
	size_t size, i;

	image = mc_images_bytes(im, &size);
	fuzz_read(image, mc_images_dim(im) > 0 ?
	    mc_images_dim(im) * sizeof(float) : size);
	for (i = 0; i < mc_images_columns(im); i++)
		fuzz_read(mc_images_get(im, i), strlen(mc_images_get(im, i)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_buf tar = { 0 };
	struct mc_images *im;
	enum mc_status status;
	struct mc_err err;

	fuzz_make_tar(&tar, bytes, n);
	if (mc_images_open(&im, fuzz_file(tar.data, tar.len), &err) == MC_OK) {
		while ((status = mc_images_next(im, &err)) == MC_OK)
			read_row(im);
		if (status == MC_END)
			free(mc_images_missing(im));
		mc_images_close(im);
	}
	mc_buf_free(&tar);
	return 0;
}
