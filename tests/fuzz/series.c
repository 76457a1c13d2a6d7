/*
 * series.c - fuzz lib/stream/tar_series.c and shard_list.c: the members of two
 * tars (fuzz.h), with a line "--" between them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stream/tar_series.h"

static void
read_all(struct mc_series *s)
{
	enum mc_status status;
	const char *missed;
	struct mc_err err;
	size_t i;

	while ((status = mc_series_next(s, &err)) == MC_OK) {
		const struct mc_image_tar *t = mc_series_tar(s);

		for (i = 0; i < mc_image_tar_columns(t); i++)
			fuzz_read(mc_image_tar_get(t, i),
			    strlen(mc_image_tar_get(t, i)));
		while ((missed = mc_series_missed(s)) != NULL)
			fuzz_read(missed, strlen(missed));
		fuzz_read(mc_series_name(s), strlen(mc_series_name(s)));
	}
	if (status != MC_END)
		return;
	FUZZ_MUST(strlen(mc_series_sha256(s)) % 64 == 0);
	free(mc_series_missing(s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_buf one = { 0 }, other = { 0 };
	const char *paths[2];
	struct mc_series *s;
	struct mc_err err;
	char *a, *b;

	fuzz_two_texts(bytes, n, &a, &b);
	fuzz_make_tar(&one, (const uint8_t *)a, strlen(a));
	fuzz_make_tar(&other, (const uint8_t *)b, strlen(b));
	paths[0] = fuzz_file(one.data, one.len);
	paths[1] = fuzz_other_file(other.data, other.len);
	if (mc_series_open(&s, paths, 2, &err) == MC_OK)
		read_all(s);
	mc_series_close(s);
	mc_buf_free(&one);
	mc_buf_free(&other);
	free(a);
	free(b);
	return 0;
}
