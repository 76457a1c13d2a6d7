/*
 * json.c - fuzz lib/weights/facts.c and shards.c: what lies beside weights.  The
 * files are written into the present folder.
 */
#include "config.h"

#include "fuzz.h"
#include "weights/facts.h"
#include "weights/parts.h"
#include "weights/statedict.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const files[][2] = {
		{ "model.safetensors", "config.json" },
		{ "open_clip_model.safetensors", "open_clip_config.json" }
	};
	static const char index[] = "model.safetensors.index.json";
	struct mc_excerpt all = { NULL, NULL, NULL };
	struct mc_statedict *sd;
	struct mc_err err;
	size_t i;

	for (i = 0; i < 2; i++) {
		struct mc_facts facts = { 0 };

		fuzz_write(files[i][1], bytes, n);
		mc_facts_read(&facts, files[i][0]);
		mc_facts_clear(&facts);
	}
	fuzz_write(index, bytes, n);
	if (mc_statedict_open(&sd, index, &all, &err) == MC_OK)
		mc_statedict_free(sd);
	return 0;
}
