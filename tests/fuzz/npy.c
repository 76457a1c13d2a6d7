/* npy.c - fuzz lib/stream/npy.c. */
#include "config.h"

#include <stdlib.h>

#include "fuzz.h"
#include "stream/npy.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	unsigned char header[MC_NPY_HEADER];
	size_t before, length;
	int64_t rows, dim, again[2];
	struct mc_err err;
	char *text;

	if (n < MC_NPY_START ||
	    mc_npy_start(bytes, &before, &length, &err) != MC_OK ||
	    before > n - MC_NPY_START)
		return 0;
	n -= MC_NPY_START + before;
	text = fuzz_text(bytes + MC_NPY_START + before, n);
	if (mc_npy_shape(text, &rows, &dim, &err) == MC_OK &&
	    rows <= (int64_t)1 << 40 && dim <= (int64_t)1 << 40) {
		FUZZ_MUST(rows >= 0 && dim > 0);
		mc_npy_header(header, rows, dim);
		free(text);
		text = fuzz_text(header + MC_NPY_START,
		    MC_NPY_HEADER - MC_NPY_START);
		FUZZ_MUST(mc_npy_shape(text, &again[0], &again[1], &err) ==
		    MC_OK && again[0] == rows && again[1] == dim);
	}
	free(text);
	return 0;
}
