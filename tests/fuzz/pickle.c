/* pickle.c - fuzz lib/weights/pickle.c. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "weights/pickle.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mc_pickle pickle;
	struct mc_pickle_value *value;
	struct mc_err err;
	char maker[64];
	size_t used;

	memset(&pickle, 0, sizeof(pickle));
	if (mc_pickle_read(&pickle, bytes, n, "input", &value, &used, &err) ==
	    MC_OK) {
		if (value->kind == MC_PICKLE_OPAQUE ||
		    value->kind == MC_PICKLE_GLOBAL)
			mc_pickle_maker(value, maker, sizeof(maker));
		if (value->kind == MC_PICKLE_DICT)
			(void)mc_pickle_get(value, "state_dict");
		(void)mc_pickle_storage_in(value);
		FUZZ_MUST(used <= n);
	}
	mc_pickle_free(&pickle);
	return 0;
}
