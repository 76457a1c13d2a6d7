/*
 * given.c - fuzz lib/stream/given_manifest.c, and images.c with a manifest in the
 * place of a tar's own: a manifest and, behind a line "--", the members of a tar
 * (fuzz.h).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stream/given_manifest.h"
#include "stream/images.h"

/* Read the manifest PATH for the tar IM, row by row. */
static void
read_manifest(const char *path, const struct mc_images *im)
{
	size_t n = mc_images_columns(im), i;
	const char **own = mc_xcalloc(n + 1, sizeof(*own)), *id;
	struct mc_given *g;
	struct mc_err err;

	for (i = 0; i < n; i++)
		own[i] = mc_images_column(im, i);
	if (mc_given_open(&g, path, own, n, &err) == MC_OK) {
		FUZZ_MUST(mc_given_missing(g, &id) == mc_given_rows(g));
		if (id != NULL)
			FUZZ_MUST(mc_given_find(g, id) &&
			    mc_given_missing(g, &id) == mc_given_rows(g) - 1);
		for (i = 0; i < mc_given_columns(g); i++) {
			FUZZ_MUST(mc_given_own(g, i) < (int)n);
			if (mc_given_own(g, i) >= 0)
				FUZZ_MUST(strcmp(own[mc_given_own(g, i)],
				    mc_given_column(g, i)) == 0);
			else if (!mc_given_empty(g, i))
				fuzz_read(mc_given_get(g, i),
				    strlen(mc_given_get(g, i)));
		}
	}
	mc_given_close(g);
	free(own);
}

/* Read the images that the manifest PATH has. */
static void
read_images(struct mc_images *im, const char *path)
{
	enum mc_status status;
	struct mc_err err;
	size_t i;

	if (mc_images_give(im, path, &err) != MC_OK)
		return;
	while ((status = mc_images_next(im, &err)) == MC_OK) {
		for (i = 0; i < mc_images_columns(im); i++)
			fuzz_read(mc_images_get(im, i),
			    strlen(mc_images_get(im, i)));
	}
	if (status == MC_END) {
		FUZZ_MUST(mc_images_left(im) >= 0);
		free(mc_images_not_there(im));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *manifest, *members;
	struct mc_buf tar = { 0 };
	struct mc_images *im;
	struct mc_err err;
	const char *path;

	fuzz_two_texts(bytes, n, &manifest, &members);
	fuzz_make_tar(&tar, (const uint8_t *)members, strlen(members));
	path = fuzz_other_file(manifest, strlen(manifest));
	if (mc_images_open(&im, fuzz_file(tar.data, tar.len), &err) == MC_OK) {
		read_manifest(path, im);
		read_images(im, path);
	}
	mc_images_close(im);
	mc_buf_free(&tar);
	free(manifest);
	free(members);
	return 0;
}
