/* model.c - fuzz lib/stream/model.c and lib/table/keyvalue.c (fuzz.h). */
#include "config.h"

#include "fuzz.h"
#include "stream/model.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_buf tar = { 0 };
	struct mc_model model;
	struct mc_err err;

	fuzz_make_tar(&tar, bytes, n);
	if (mc_model_read(&model, fuzz_file(tar.data, tar.len), &err) ==
	    MC_OK)
		mc_model_clear(&model);
	mc_buf_free(&tar);
	return 0;
}
