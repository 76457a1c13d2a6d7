/*
 * model.c - fuzz lib/stream/model.c, lib/table/keyvalue.c and lib/learn/seen.c: the
 * members of a model tar (fuzz.h).
 */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "learn/seen.h"
#include "stream/model.h"

/* What is printed of a list is read again as the same. */
static void
read_images(const struct mc_buf *text)
{
	struct mc_buf printed = { 0 }, again = { 0 };
	struct mc_seen *s;
	struct mc_err err;

	if (mc_seen_read(&s, text, "x", &err) != MC_OK)
		return;
	mc_seen_print(s, &printed);
	mc_seen_free(s);
	FUZZ_MUST(mc_seen_read(&s, &printed, "x", &err) == MC_OK);
	mc_seen_print(s, &again);
	FUZZ_MUST(strcmp(printed.data, again.data) == 0);
	mc_seen_free(s);
	mc_buf_free(&printed);
	mc_buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_buf tar = { 0 };
	struct mc_model model;
	struct mc_err err;

	fuzz_make_tar(&tar, bytes, n);
	if (mc_model_read(&model, fuzz_file(tar.data, tar.len), &err) ==
	    MC_OK) {
		read_images(&model.images);
		mc_model_clear(&model);
	}
	mc_buf_free(&tar);
	return 0;
}
